#!/usr/bin/env bash
# ferrobus 0.2.1 (PyPI): two points 8 km apart along one road are told as 10 km apart.
#
# Seen: a straight residential street of 10 km with a node each 50 m and no junction but its two ends.
# From the point at 1 km to that at 9 km ferrobus tells 7142 s, which is 10,000 m at its 1.4 m/s; right is
# 5714 s. With a short side street at each node it tells 5600 s: 160 pieces of 50 m, each cut to 35 whole
# seconds. So points are moved to the nearest junction or end of a road, however many nodes the road has
# between, the way back is walked too, and many junctions make a walk shorter.
# A stop on the spot of the point is then 714 s (1,000 m) away.
# Whoever compares walking times with it must expect minutes of difference on long roads without junctions.
source "$(dirname "$0")/support/python.sh"
install ferrobus==0.2.1 osmium==4.3.2
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import datetime, sys
import ferrobus
from one_street import *

def walk(side_streets):
    street("street.osm.pbf", side_streets)
    feed("gtfs", stop_times=CALLS + "\nt,03:00:00,03:00:00,A,1\nt,03:10:00,03:10:00,C,2\n")
    model = ferrobus.create_transit_model("street.osm.pbf", ["gtfs"], datetime.date(2026, 3, 10))
    points = [ferrobus.create_transit_point(LAT, lon(m), model, 10_000, 10) for m in (1000, 9000)]
    return ferrobus.travel_time_matrix(model, points, 12 * 3600, 4)[0][1]

without, with_junctions = walk(False), walk(True)
print("ferrobus 0.2.1: 8 km of road without junctions", without, "s; with one each 50 m", with_junctions, "s")
sys.exit(not (without == 7142 and with_junctions == 5600))
PY
