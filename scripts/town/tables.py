"""The areas of Wenbury and the tables about them: people, jobs, deprivation, broadband, postcodes."""

from fixture_files import csv_bytes, geojson_bytes
from town import plan
from town.dice import Dice

FIRST_LSOA, FIRST_OA = 1990001, 990001
BANDS = ["0<2", "2<5", "5<10", "10<30", "30<300", ">=300"]
MEASURES = (["SFBB availability", "UFBB (100Mbit/s) availability", "UFBB availability", "Gigabit availability"]
            + [f"unable to receive {speed}Mbit/s" for speed in (2, 5, 10, 30)]
            + ["below the USO", "with NGA", "able to receive decent broadband from FWA"]
            + [f"with {band}Mbit/s download speed" for band in BANDS])
# The share of premises in each speed band where broadband is poorest and where it is best.
POOREST, BEST = (0.03, 0.06, 0.12, 0.29, 0.42, 0.08), (0.0, 0.0, 0.0, 0.01, 0.06, 0.93)


def lsoa(zone):
    """The code of a neighbourhood."""
    return f"E0{FIRST_LSOA + zone}"


class OutputArea:
    """Some of a neighbourhood's homes, given as (zone, map point, people)."""

    def __init__(self, number, homes):
        self.code = f"E00{FIRST_OA + number}"
        self.zone, self.homes = homes[0][0], homes
        self.people = sum(people for _, _, people in homes)
        self.premises = max(len(homes), round(self.people / 2.3))

    def centroid(self):
        """The home nearest to the people's mean place: a population-weighted centroid that lies where someone lives."""
        x = sum(p[0] * people for _, p, people in self.homes) / self.people
        y = sum(p[1] * people for _, p, people in self.homes) / self.people
        return min((p for _, p, _ in self.homes), key=lambda p: ((p[0] - x) ** 2 + (p[1] - y) ** 2, p))


def output_areas(homes):
    """Four or five to a neighbourhood, cut by halving along the longer side."""
    out = []
    for zone in range(len(plan.NEIGHBOURHOODS)):
        inside = [home for home in homes if home[0] == zone]
        for part in _parts(inside, 5 if sum(h[2] for h in inside) > 1000 else 4):
            out.append(OutputArea(len(out), part))
    return out


def _parts(homes, count):
    if count == 1:
        return [homes]
    spans = [max(p[axis] for _, p, _ in homes) - min(p[axis] for _, p, _ in homes) for axis in (0, 1)]
    axis = spans.index(max(spans))
    ordered = sorted(homes, key=lambda home: (home[1][axis], home[1][1 - axis]))
    cut = len(ordered) * (count // 2) // count
    return _parts(ordered[:cut], count // 2) + _parts(ordered[cut:], count - count // 2)


def neighbourhoods(plane, people):
    """The polygons; neighbours share every vertex of their common border, one each 100 m of the plan."""
    features = []
    for zone, (name, x0, y0, x1, y1, _, _) in enumerate(plan.NEIGHBOURHOODS):
        ring = ([(x, y0) for x in range(x0, x1, 100)] + [(x1, y) for y in range(y0, y1, 100)]
                + [(x, y1) for x in range(x1, x0, -100)] + [(x0, y) for y in range(y1, y0, -100)] + [(x0, y0)])
        coordinates = [[round(degree, 6) for degree in plane.lonlat(*plan.bend(*p))] for p in ring]
        features.append(({"LSOA21CD": lsoa(zone), "LSOA21NM": name, "population": people[zone]},
                         {"type": "Polygon", "coordinates": [coordinates]}))
    return geojson_bytes(features)


def broadband_by_area(areas):
    """The columns of Ofcom's output area file of 2024 and 2025."""
    dice = Dice(plan.SEED, "broadband")
    header = ["output_area", "All Premises", "All Matched Premises", *_percent_columns()]
    header += [f"Number of premises {'with ' + m if m.endswith('availability') else m}" for m in MEASURES]
    rows = []
    for area in areas:
        matched = area.premises - (1 if dice.share() < 0.2 else 0)
        counts = _counts(dice, matched, plan.NEIGHBOURHOODS[area.zone][5])
        shares = [f"{100 * count / area.premises:.1f}" for count in counts]
        rows.append([area.code, area.premises, matched, *shares, *counts])
    return csv_bytes(header, rows)


def broadband_by_postcode(postcodes):
    """The columns of Ofcom's postcode files of 2023 to 2025: percentages alone."""
    dice = Dice(plan.SEED, "postcode broadband")
    rows = []
    for code, zone, _, premises in postcodes:
        counts = _counts(dice, premises, plan.NEIGHBOURHOODS[zone][5])
        rows.append([code.replace(" ", ""), code, "WN", *(f"{100 * count / premises:.1f}" for count in counts)])
    return csv_bytes(["postcode", "postcode_space", "postcode area", *_percent_columns()], rows)


def _percent_columns():
    return [f"{m} (% premises)" if m.endswith("availability") else f"% of premises {m}" for m in MEASURES]


def _counts(dice, premises, quality):
    """How many premises each measure holds for, in the order of MEASURES; the bands add up to all matched premises."""
    bands = [0] * 6
    for _ in range(premises):
        mark, band = dice.share(), 0
        shares = [low + (high - low) * quality for low, high in zip(POOREST, BEST)]
        while band < 5 and mark >= shares[band]:
            mark -= shares[band]
            band += 1
        bands[band] += 1
    below = [sum(bands[:n]) for n in (1, 2, 3, 4)]
    fixed_wireless = below[2] // 3
    superfast = sum(bands[4:])
    return [superfast, bands[5] + bands[4] // 3, bands[5], bands[5] * 9 // 10, *below, below[2] - fixed_wireless,
            superfast + bands[3] // 2, fixed_wireless + superfast // 10, *bands]


def postcodes(areas):
    """(postcode, zone, map point, premises) for every dozen homes. The districts WN91 to WN99 are invented."""
    out = []
    for area in areas:
        for start in range(0, len(area.homes), 9):
            homes = area.homes[start:start + 9]
            number = len(out)
            letters = "ABDEFGHJLN"
            code = (f"WN{91 + number // 400} {1 + number // 50 % 8}"
                    f"{letters[number // 5 % 10]}{letters[number % 5 * 2]}")
            premises = max(1, round(sum(people for _, _, people in homes) / 2.3))
            out.append((code, area.zone, homes[0][1], premises))
    return out


def jobs():
    """Jobs by neighbourhood: most in the centre, some at the edges of the town, few on the estate."""
    dice = Dice(plan.SEED, "jobs")
    weight = {"001": 1500, "002": 250, "003": 350, "004": 500, "005": 300, "006": 60, "007": 70, "008": 200}
    rows = []
    for zone, place in enumerate(plan.NEIGHBOURHOODS):
        typical = weight[place[0][8:11]] if place[0].startswith("Wenbury") else 120
        rows.append([lsoa(zone), typical * dice.between(70, 130) // 500 * 5])
    return csv_bytes(["LSOA21CD", "jobs"], rows)


def deprivation():
    """A score, and the rank and decile it might have among England's 33,755 areas."""
    dice = Dice(plan.SEED, "deprivation")
    rows = []
    for zone, place in enumerate(plan.NEIGHBOURHOODS):
        score = 6 + 50 * place[6] + dice.share() * 6
        rank = max(1, min(33755, round(33755 * (1 - score / 64)) + dice.between(0, 99)))
        rows.append([lsoa(zone), f"{score:.3f}", rank, 1 + (rank - 1) * 10 // 33755])
    return csv_bytes(["LSOA21CD", "score", "rank", "decile"], rows)
