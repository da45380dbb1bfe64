#!/usr/bin/env bash
# ferrobus 0.2.1 (PyPI): a trip that overtakes another of its pattern is not found.
#
# Seen: on one route the trip of 08:00 stops long at B and is at C at 08:50; the trip of 08:05 is at C at
# 08:20. Asked at 07:50 from A to C ferrobus tells 3601 s (the 08:50); right is 1800 s (the 08:20).
# The route-based search boards the first trip that can be caught and never looks at a later one, which is
# sound only where no trip overtakes another; GTFS does not promise that, and real feeds break it.
source "$(dirname "$0")/support/python.sh"
install ferrobus==0.2.1 osmium==4.3.2
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import datetime, sys
import ferrobus
from one_street import *

street("street.osm.pbf")
slow = "t,08:00:00,08:00:00,A,1\nt,08:10:00,08:10:00,B,2\nt,08:50:00,08:50:00,C,3\n"
fast = "u,08:05:00,08:05:00,A,1\nu,08:08:00,08:08:00,B,2\nu,08:20:00,08:20:00,C,3\n"

def a_to_c(trips, calls):
    feed("gtfs", trips="route_id,service_id,trip_id\n" + trips, stop_times=CALLS + "\n" + calls)
    model = ferrobus.create_transit_model("street.osm.pbf", ["gtfs"], datetime.date(2026, 3, 10))
    points = [ferrobus.create_transit_point(LAT, lon(m), model, 1200, 10) for m in (1000, 9000)]
    return ferrobus.travel_time_matrix(model, points, 7 * 3600 + 50 * 60, 4)[0][1]

both, alone = a_to_c("r,s,t\nr,s,u\n", slow + fast), a_to_c("r,s,u\n", fast)
print("ferrobus 0.2.1: with the slow trip", both, "s; with the fast one alone", alone, "s: more service, longer time")
sys.exit(not (both == 3601 and alone == 1801))
PY
