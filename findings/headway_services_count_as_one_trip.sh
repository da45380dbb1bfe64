#!/usr/bin/env bash
# gtfs-kit 13.0.1 and partridge 1.1.2 (PyPI): a bus every ten minutes all day counts as one trip.
#
# Seen: a feed gives its route in frequencies.txt: one trip every 600 s from 06:00 to 22:00, which is 96
# vehicles. gtfs-kit's statistics of the route tell 1 trip and no headway. partridge's "busiest date" of a
# feed with that route on Tuesdays and two single trips on Mondays is a Monday: 2 beats 96.
# Right is 96 trips and a headway of ten minutes, and a Tuesday. Whoever chooses the date or counts service
# with these libraries takes cities with headway timetables for places without service.
source "$(dirname "$0")/support/python.sh"
install gtfs-kit==13.0.1 partridge==1.1.2 osmium==4.3.2
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import sys
import gtfs_kit, partridge
from one_street import *

def calls(trip): return f"{trip},08:00:00,08:00:00,A,1\n{trip},08:20:00,08:20:00,C,2\n"
EVERY_TEN = "trip_id,start_time,end_time,headway_secs\nt,06:00:00,22:00:00,600\n"
feed("all_days", frequencies=EVERY_TEN, stop_times=CALLS + "\n" + calls("t"))
kit = gtfs_kit.read_feed("all_days", dist_units="km")
stats = kit.compute_route_stats(["20260310"], headway_start_time="08:00:00", headway_end_time="12:00:00")
trips, headway = int(stats.num_trips.iloc[0]), stats.mean_headway.iloc[0]

days = ALL_YEAR.replace("s,1,1,1,1,1,1,1", "tue,0,1,0,0,0,0,0") + "mon,1,0,0,0,0,0,0,20260101,20261231\n"
feed("two_days", calendar=days, frequencies=EVERY_TEN,
     trips="route_id,service_id,trip_id\nr,tue,t\nr,mon,u\nr,mon,v\n",
     stop_times=CALLS + "\n" + calls("t") + calls("u") + calls("v"))
date, _ = partridge.read_busiest_date("two_days")
print("gtfs-kit 13.0.1:", trips, "trip, headway", headway, "- partridge 1.1.2: busiest is a", date.strftime("%A"))
sys.exit(not (trips == 1 and headway != headway and date.strftime("%A") == "Monday"))
PY
