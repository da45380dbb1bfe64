#!/usr/bin/env bash
# ferrobus 0.2.1 (PyPI): stops of two feeds that share an id become one.
#
# Seen: a first feed has stops A (1 km) and B (5 km), a second one, of another operator, has stops that it
# calls A (5 km) and B (9 km) too. GTFS ids are unique within a feed alone. With each feed the ride is
# found; with both, from 1 km to 9 km by a change at 5 km, nothing is found.
# Right is 2100 s. National feeds are published by operator, so small ids such as "1" meet.
source "$(dirname "$0")/support/python.sh"
install ferrobus==0.2.1 osmium==4.3.2
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import datetime, sys
import ferrobus
from one_street import *

street("street.osm.pbf")
HEAD = "stop_id,stop_name,stop_lat,stop_lon\n"
def stops(a, b): return HEAD + f"{a[0]},x,{LAT},{lon(a[1])}\n{b[0]},y,{LAT},{lon(b[1])}\n"
def both(second_a, second_b):
    feed("one", stops=stops(("A", 1000), ("B", 5000)),
         stop_times=CALLS + "\nt,08:00:00,08:00:00,A,1\nt,08:10:00,08:10:00,B,2\n")
    feed("two", stops=stops((second_a, 5000), (second_b, 9000)),
         trips="route_id,service_id,trip_id\nr2,s2,t2\n",
         routes="route_id,agency_id,route_short_name,route_long_name,route_type\nr2,a,2,Two,3\n",
         calendar=ALL_YEAR.replace("\ns,", "\ns2,"),
         stop_times=CALLS + f"\nt2,08:15:00,08:15:00,{second_a},1\nt2,08:25:00,08:25:00,{second_b},2\n")
    model = ferrobus.create_transit_model("street.osm.pbf", ["one", "two"], datetime.date(2026, 3, 10))
    points = [ferrobus.create_transit_point(LAT, lon(m), model, 1200, 10) for m in (1000, 9000)]
    return ferrobus.travel_time_matrix(model, points, 7 * 3600 + 50 * 60, 4)[0][1]

apart, shared = both("C", "D"), both("A", "B")
print("ferrobus 0.2.1: with ids of their own", apart, "s; with shared stop ids", shared)
sys.exit(not (apart == 2101 and shared != apart))
PY
