#!/usr/bin/env bash
# ferrobus 0.2.1 (PyPI): the night bus of the day before is not there after midnight.
#
# Seen: a bus runs every day at 24:30 (GTFS: half past midnight of the day that follows). Asked at 00:20
# on a day in the middle of its calendar, ferrobus tells 88201 s, the bus of the next night; right is
# 1800 s: the trip of the service day before leaves in ten minutes.
source "$(dirname "$0")/support/python.sh"
install ferrobus==0.2.1 osmium==4.3.2
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import datetime, sys
import ferrobus
from one_street import *

street("street.osm.pbf")
feed("gtfs", stop_times=CALLS + "\nt,24:30:00,24:30:00,A,1\nt,24:50:00,24:50:00,C,2\n")
model = ferrobus.create_transit_model("street.osm.pbf", ["gtfs"], datetime.date(2026, 3, 10))
points = [ferrobus.create_transit_point(LAT, lon(m), model, 1200, 10) for m in (1000, 9000)]
told = ferrobus.travel_time_matrix(model, points, 20 * 60, 4)[0][1]
print("ferrobus 0.2.1: at 00:20 the bus of 24:30 arrives after", told, "s; right is 1800")
sys.exit(told != 88201)
PY
