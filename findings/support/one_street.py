"""A made-up street of 10 km with stops A, B and C at 1, 5 and 9 km, for the findings.

Everything is written by public packages (osmium for the map); nothing of lastmile is used.
"""
import math
import os
import shutil

import osmium
from osmium.osm.mutable import Node, Way

LAT, LON = 51.5, -1.0
DEGREES_A_METRE = 1 / (111_320 * math.cos(math.radians(LAT)))
ALL_YEAR = (
    "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "s,1,1,1,1,1,1,1,20260101,20261231\n"
)
CALLS = "trip_id,arrival_time,departure_time,stop_id,stop_sequence"


def lon(metres):
    """The longitude of the point so many metres along the street."""
    return LON + metres * DEGREES_A_METRE


def street(path, side_streets=True):
    """Writes the street as a pbf: a node each 50 m, each with a short side street if wanted."""
    writer = osmium.SimpleWriter(path, overwrite=True)
    along = range(0, 10_001, 50)
    main = list(range(1, len(along) + 1))
    for node, metres in zip(main, along):
        writer.add_node(Node(id=node, location=(lon(metres), LAT), version=1))
    if side_streets:
        for node, metres in zip(main, along):
            writer.add_node(Node(id=1000 + node, location=(lon(metres), LAT + 0.0003), version=1))
    road = {"highway": "residential"}
    writer.add_way(Way(id=1, nodes=main, tags=road, version=1))
    if side_streets:
        for node in main:
            writer.add_way(Way(id=1 + node, nodes=[node, 1000 + node], tags=road, version=1))
    writer.close()


def feed(folder, **tables):
    """Writes a feed of one route; `tables` replaces or adds tables by name."""
    stops = "".join(f"{name},{name},{LAT},{lon(m)}\n" for name, m in (("A", 1000), ("B", 5000), ("C", 9000)))
    default = {
        "agency": "agency_id,agency_name,agency_url,agency_timezone\na,A,http://example.org,Europe/London\n",
        "routes": "route_id,agency_id,route_short_name,route_long_name,route_type\nr,a,1,One,3\n",
        "stops": "stop_id,stop_name,stop_lat,stop_lon\n" + stops,
        "calendar": ALL_YEAR,
        "trips": "route_id,service_id,trip_id\nr,s,t\n",
    }
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    for name, text in {**default, **tables}.items():
        with open(os.path.join(folder, name + ".txt"), "w") as file:
            file.write(text)
    return folder
