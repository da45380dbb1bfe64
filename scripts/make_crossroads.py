#!/usr/bin/env python3
"""Makes the data files of fixtures/crossroads, whose every number is worked out by hand in its README.md.

Everything is laid out in metres about the crossing (x east, y north). The expected-*.csv files, the project file and
the README are written by people, not by this script.
"""

import sys
from pathlib import Path

from fixture_files import csv_bytes, geojson_bytes, write_or_check
from osm_pbf import OsmData
from plane import Plane

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "crossroads"
PLANE = Plane(0.0, 52.0)

STREETS = {
    "West Street": [(0, 0), (-600, 0), (-1800, 0), (-3000, 0), (-4400, 0)],
    "East Street": [(0, 0), (1000, 0), (2000, 0)],
    "North Street": [(0, 0), (0, 800)],
    "South Street": [(0, 0), (0, -600)],
}
PLACES = {
    "library": (1601, -10, {"amenity": "library", "name": "East Library"}),
    "pub": (-9, -202, {"amenity": "pub", "name": "The Cross Keys"}),
    "gp": (402, 13, {"amenity": "doctors", "name": "Cross Surgery"}),
}
JOBS = {"jobs_east": (1520, -7, 400), "jobs_west": (-4222, 13, 300)}
ORIGINS = {"W1": (-1201, 14, 300), "N1": (12, 503, 100), "N2": (-16, 703, 200), "E1": (1498, 17, 250),
           "H1": (0, -2600, 50)}
AREAS = [
    ("E01990901", "West", 300, (-4400, -300, -300, 300)),
    ("E01990902", "North", 300, (-300, -300, 300, 900)),
    ("E01990903", "East", 250, (300, -300, 2000, 300)),
    ("E01990904", "Holm", 50, (-300, -2900, 300, -2300)),
]
STOPS = {"V": ("Mill", -4200, 3), "P": ("Westend Green", -1000, 3), "Q": ("The Cross", 60, 3),
         "R": ("East Library", 1564, 3)}
EASTBOUND = [("P", 0, 0), ("Q", 180, 194), ("R", 434, 434)]
WESTBOUND = [("Q", 0, 0), ("P", 180, 180), ("V", 660, 660)]
TRIPS = [
    ("E0809", "WD", 0, EASTBOUND, "08:09:00"),
    ("E0859", "WD", 0, EASTBOUND, "08:59:00"),
    ("E2405", "WD", 0, EASTBOUND, "24:05:30"),
    ("W0837", "WD", 1, WESTBOUND, "08:37:00"),
    ("E1008", "SA", 0, EASTBOUND, "10:08:00"),
]
OA_LOOKUP = [("E00990901", "E01990901"), ("E00990902", "E01990901"), ("E00990903", "E01990902"),
             ("E00990904", "E01990903"), ("E00990905", "E01990904")]
# All premises, then the matched ones by download speed: 0<2, 2<5, 5<10, 10<30, 30<300, >=300; then >=100, gigabit,
# below the USO, with NGA, decent from FWA.
COVERAGE = {
    "E00990901": (100, (0, 1, 3, 4, 42, 48), 60, 40, 2, 94, 4),
    "E00990902": (60, (2, 4, 9, 15, 30, 0), 0, 0, 10, 34, 20),
    "E00990903": (80, (0, 0, 0, 0, 16, 64), 80, 60, 0, 80, 0),
    "E00990904": (50, (0, 0, 2, 8, 15, 25), 30, 20, 1, 45, 6),
    "E00990905": (20, (4, 5, 4, 2, 5, 0), 0, 0, 12, 6, 2),
}


def osm():
    data = OsmData()
    at = {}
    for points in STREETS.values():
        for point in points:
            if point not in at:
                at[point] = data.node(*PLANE.lonlat(*point))
    for x, y, tags in PLACES.values():
        data.node(*PLANE.lonlat(x, y), tags)
    for name, points in STREETS.items():
        data.way([at[point] for point in points], {"highway": "residential", "name": name})
    return data.encode("lastmile make_crossroads.py")


def gtfs():
    days = "monday tuesday wednesday thursday friday saturday sunday".split()
    return {
        "agency.txt": csv_bytes(["agency_id", "agency_name", "agency_url", "agency_timezone"],
                                [["X", "Crossroads Bus", "https://example.org", "Europe/London"]]),
        "stops.txt": csv_bytes(["stop_id", "stop_name", "stop_lat", "stop_lon"],
                               [[key, name, *_degrees(x, y)[::-1]] for key, (name, x, y) in STOPS.items()]),
        "routes.txt": csv_bytes(["route_id", "agency_id", "route_short_name", "route_long_name", "route_type"],
                                [["1", "X", "1", "West to East", 3]]),
        "calendar.txt": csv_bytes(["service_id", *days, "start_date", "end_date"],
                                  [["WD", 1, 1, 1, 1, 1, 0, 0, 20260105, 20261220],
                                   ["SA", 0, 0, 0, 0, 0, 1, 0, 20260105, 20261220]]),
        "trips.txt": csv_bytes(["route_id", "service_id", "trip_id", "direction_id"],
                               [["1", service, trip, direction] for trip, service, direction, _, _ in TRIPS]),
        "stop_times.txt": csv_bytes(
            ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence"],
            [[trip, _clock(start, arrive), _clock(start, depart), stop, number]
             for trip, _, _, calls, start in TRIPS for number, (stop, arrive, depart) in enumerate(calls, 1)]),
        "feed_info.txt": csv_bytes(
            ["feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date",
             "feed_version"],
            [["Crossroads Bus", "https://example.org", "en", 20260105, 20261220, "1"]]),
    }


def broadband():
    bands = ["0<2", "2<5", "5<10", "10<30", "30<300", ">=300"]
    measures = (["SFBB availability", "UFBB (100Mbit/s) availability", "UFBB availability", "Gigabit availability"]
                + [f"unable to receive {speed}Mbit/s" for speed in (2, 5, 10, 30)]
                + ["below the USO", "with NGA", "able to receive decent broadband from FWA"]
                + [f"with {band}Mbit/s download speed" for band in bands])
    header = ["output_area", "All Premises", "All Matched Premises"]
    header += [f"{m} (% premises)" if m.endswith("availability") else f"% of premises {m}" for m in measures]
    header += [f"Number of premises {'with ' + m if m.endswith('availability') else m}" for m in measures]
    rows = []
    for area, (premises, by_speed, over_100, gigabit, below_uso, nga, fwa) in COVERAGE.items():
        counts = [sum(by_speed[4:]), over_100, by_speed[5], gigabit,
                  *(sum(by_speed[:n]) for n in (1, 2, 3, 4)), below_uso, nga, fwa, *by_speed]
        shares = [f"{100 * count / premises:.1f}" for count in counts]
        rows.append([area, premises, sum(by_speed), *shares, *counts])
    return csv_bytes(header, rows)


def neighbourhoods():
    features = []
    for code, name, population, (x0, y0, x1, y1) in AREAS:
        ring = [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)]
        geometry = {"type": "Polygon", "coordinates": [[list(PLANE.lonlat(x, y)) for x, y in ring]]}
        features.append(({"LSOA21CD": code, "LSOA21NM": name, "population": population}, geometry))
    return geojson_bytes(features)


def _degrees(x, y):
    return [f"{degree:.7f}" for degree in PLANE.lonlat(x, y)]


def _clock(start, offset):
    hours, minutes, seconds = map(int, start.split(":"))
    time = hours * 3600 + minutes * 60 + seconds + offset
    return f"{time // 3600:02}:{time // 60 % 60:02}:{time % 60:02}"


def main():
    destinations = [(key, *_degrees(x, y)) for key, (x, y, _) in {**PLACES, **JOBS}.items()]
    files = {
        "crossroads.osm.pbf": osm(),
        "neighbourhoods.geojson": neighbourhoods(),
        "origins.csv": csv_bytes(["id", "lon", "lat", "population"],
                                 [[key, *_degrees(x, y), weight] for key, (x, y, weight) in ORIGINS.items()]),
        "destinations.csv": csv_bytes(["id", "lon", "lat"], destinations),
        "jobs.csv": csv_bytes(["id", "lon", "lat", "jobs"],
                              [[key, *_degrees(x, y), jobs] for key, (x, y, jobs) in JOBS.items()]),
        "oa-lookup.csv": csv_bytes(["OA21CD", "LSOA21CD"], OA_LOOKUP),
        "202501_fixed_oa_coverage_r01.csv": broadband(),
    }
    files |= {f"gtfs/{name}": content for name, content in gtfs().items()}
    return write_or_check(FOLDER, files)


if __name__ == "__main__":
    sys.exit(main())
