"""From metres on a flat map to degrees: the inverse transverse Mercator about a centre, scale 1, WGS 84.

The series is J. P. Snyder's (Map Projections: A Working Manual, USGS Professional Paper 1395, 1987, eqs. 8-17 to 8-18)
cut after the fourth power, which within 10 km of the centre is good to a tenth of a millimetre.
"""

import math

SEMI_MAJOR_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
E2 = FLATTENING * (2 - FLATTENING)


class Plane:
    """A flat map whose (0, 0) lies at a point of the globe; x runs east, y north, both in metres."""

    def __init__(self, lon, lat):
        self.lon, self.lat = lon, math.radians(lat)

    def lonlat(self, x, y):
        """Degrees, rounded to the 1e-7 that OpenStreetMap keeps."""
        foot = self.lat + y / _meridian_radius(self.lat)
        for _ in range(4):
            # The meridian's radius hardly changes over a few kilometres: Simpson's rule gives the arc.
            middle = (self.lat + foot) / 2
            radii = _meridian_radius(self.lat), _meridian_radius(middle), _meridian_radius(foot)
            foot = self.lat + y / ((radii[0] + 4 * radii[1] + radii[2]) / 6)
        m, n, t2 = _meridian_radius(foot), _normal_radius(foot), math.tan(foot) ** 2
        c = E2 / (1 - E2) * math.cos(foot) ** 2
        d = x / n
        lat = foot - n * math.tan(foot) / m * (d**2 / 2 - (5 + 3 * t2 + 10 * c) * d**4 / 24)
        lon = (d - (1 + 2 * t2 + c) * d**3 / 6) / math.cos(foot)
        return round(self.lon + math.degrees(lon), 7), round(math.degrees(lat), 7)


def _meridian_radius(lat):
    return SEMI_MAJOR_M * (1 - E2) / (1 - E2 * math.sin(lat) ** 2) ** 1.5


def _normal_radius(lat):
    return SEMI_MAJOR_M / math.sqrt(1 - E2 * math.sin(lat) ** 2)
