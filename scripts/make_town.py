#!/usr/bin/env python3
"""Makes fixtures/town: Wenbury, an invented English town with everything that lastmile reads.

Run it to write the files, or with --check to see whether those on disk are what it makes. The plan of the town is in
town/plan.py, its bus lines in town/routes.py. README.md and lastmile.toml are written by people.
"""

import sys
from pathlib import Path

from fixture_files import csv_bytes, geojson_bytes, write_or_check
from osm_pbf import OsmData
from plane import Plane
from town import buildings, plan, tables
from town.places import Places
from town.streets import Streets
from town.timetable import Timetable

FOLDER = Path(__file__).resolve().parent.parent / "fixtures" / "town"


def main():
    data, plane = OsmData(), Plane(*plan.CENTRE)
    streets = Streets(data, plane)
    places = Places(data, plane, streets)
    places.areas()
    homes = buildings.homes(data, plane, places.beside_streets(buildings.slots(streets)))
    landuse(data, plane)
    timetable = Timetable(streets)
    areas = tables.output_areas(homes)
    people = [sum(area.people for area in areas if area.zone == zone) for zone in range(len(plan.NEIGHBOURHOODS))]
    codes = tables.postcodes(areas)
    files = {
        "town.osm.pbf": data.encode("lastmile make_town.py"),
        "neighbourhoods.geojson": tables.neighbourhoods(plane, people),
        "population.csv": csv_bytes(["LSOA21CD", "population"],
                                    [[tables.lsoa(zone), count] for zone, count in enumerate(people)]),
        "oa-lookup.csv": csv_bytes(["OA21CD", "LSOA21CD"], [[area.code, tables.lsoa(area.zone)] for area in areas]),
        "origins.csv": csv_bytes(["id", "lon", "lat", "population"],
                                 [[area.code, *degrees(plane, area.centroid()), area.people] for area in areas]),
        "jobs.csv": tables.jobs(),
        "deprivation.csv": tables.deprivation(),
        "202501_fixed_oa_coverage_r01.csv": tables.broadband_by_area(areas),
        "202501_fixed_pc_coverage_r01_WN.csv": tables.broadband_by_postcode(codes),
        "postcodes.csv": csv_bytes(["postcode", "LSOA21CD", "lon", "lat"],
                                   [[code, tables.lsoa(zone), *degrees(plane, at)] for code, zone, at, _ in codes]),
        "libraries.csv": libraries(plane, places, areas),
        "community-hubs.geojson": hubs(plane, places),
    }
    for folder, after in (("gtfs-before", False), ("gtfs-after", True)):
        files |= {f"{folder}/{name}": content for name, content in timetable.feed(after).items()}
    print(f"{len(data.nodes)} nodes, {len(data.ways)} ways, {len(data.relations)} relations; {len(homes)} homes of "
          f"{sum(people)} people in {len(people)} neighbourhoods and {len(areas)} output areas; {places.count} places; "
          f"{len(codes)} postcodes; {len(timetable.trips)} trips, {sum(map(len, timetable.calls.values()))} calls")
    return write_or_check(FOLDER, files)


def landuse(data, plane):
    """Where people live, district by district."""
    for name, (xs, ys, _, _) in plan.DISTRICTS.items():
        corners = ([(x, ys[0] - 40) for x in xs] + [(xs[-1] + 40, y) for y in ys]
                   + [(x, ys[-1] + 40) for x in xs[::-1]] + [(xs[0] - 40, y) for y in ys[::-1]])
        kind = "retail" if name == "centre" else "residential"
        buildings.ring(data, plane, [plan.bend(*c) for c in corners], {"landuse": kind, "name": name.title()})


def libraries(plane, places, areas):
    """The council's register: the libraries on the map, and a new one on the estate that the map does not have."""
    rows = [[f"L{number}", name, *degrees(plane, at)]
            for number, (_, _, at, name) in enumerate((p for p in places.listed if p[0] == "library"), 1)]
    estate = next(area for area in areas if plan.NEIGHBOURHOODS[area.zone][0] == "Wenbury 007A")
    rows.append([f"L{len(rows) + 1}", "Northmoor Library, Community Rooms", *degrees(plane, estate.centroid())])
    return csv_bytes(["id", "name", "lon", "lat"], rows)


def hubs(plane, places):
    """The register of community hubs: every second community centre."""
    centres = [place for place in places.listed if place[0] == "community_centre"][::2]
    return geojson_bytes([({"id": f"H{number}", "name": name},
                           {"type": "Point", "coordinates": list(plane.lonlat(*at))})
                          for number, (_, _, at, name) in enumerate(centres, 1)])


def degrees(plane, point):
    return [f"{degree:.6f}" for degree in plane.lonlat(*point)]


if __name__ == "__main__":
    sys.exit(main())
