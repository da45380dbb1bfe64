#!/usr/bin/env bash
# ferrobus 0.2.1 (PyPI): pickup_type 1 (no pickup) is boarded all the same.
#
# Seen: the only bus of the day may not be boarded at A (pickup_type 1: it only sets down there). Asked at
# 07:50 from A to C ferrobus tells 1801 s by that bus; right is the walk of 8 km, 95 minutes.
# Express coaches and trains that only set down in a town carry this field, so their towns look better served.
source "$(dirname "$0")/support/python.sh"
install ferrobus==0.2.1 osmium==4.3.2
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import datetime, sys
import ferrobus
from one_street import *

street("street.osm.pbf")
feed("gtfs", stop_times=CALLS + ",pickup_type,drop_off_type\n"
     "t,08:00:00,08:00:00,A,1,1,0\nt,08:10:00,08:10:00,B,2,0,0\nt,08:20:00,08:20:00,C,3,0,0\n")
model = ferrobus.create_transit_model("street.osm.pbf", ["gtfs"], datetime.date(2026, 3, 10))
points = [ferrobus.create_transit_point(LAT, lon(m), model, 10_000, 10) for m in (1000, 9000)]
told = ferrobus.travel_time_matrix(model, points, 7 * 3600 + 50 * 60, 4)[0][1]
print("ferrobus 0.2.1: told", told, "s by a bus that nobody may board; right is the walk of 8 km")
sys.exit(told != 1801)
PY
