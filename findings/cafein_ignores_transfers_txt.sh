#!/usr/bin/env bash
# cafein 0.29.0 (PyPI): transfers.txt changes nothing; what it forbids is done.
#
# Seen: a bus comes to B at 08:10, another leaves B2, 100 m away, at 08:16 and is at C at 08:26. Asked at
# 07:50 from A to C: 2160 s without transfers.txt; and the same 2160 s with a row from B to B2 that forbids
# the transfer (type 3), and with one that asks for 20 minutes (type 2, min_transfer_time 1200).
# Right is: not by these two buses, both times. So a change that an operator rules out looks possible.
source "$(dirname "$0")/support/python.sh"
install cafein==0.29.0 osmium==4.3.2
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import datetime, sys
from cafein import TransportNetwork
from one_street import *

street("street.osm.pbf")
STOPS = "stop_id,stop_name,stop_lat,stop_lon\n" + "".join(
    f"{name},{name},{LAT},{lon(m)}\n" for name, m in (("A", 1000), ("B", 5000), ("B2", 5100), ("C", 9000)))
CALLS_OF_TWO = (CALLS + "\nt,08:00:00,08:00:00,A,1\nt,08:10:00,08:10:00,B,2\n"
                "u,08:16:00,08:16:00,B2,1\nu,08:26:00,08:26:00,C,2\n")

def a_to_c(**transfers):
    folder = feed("gtfs", stops=STOPS, trips="route_id,service_id,trip_id\nr,s,t\nr2,s,u\n",
                  routes="route_id,agency_id,route_short_name,route_long_name,route_type\nr,a,1,One,3\nr2,a,2,Two,3\n",
                  stop_times=CALLS_OF_TWO, **transfers)
    network = TransportNetwork.from_gtfs([folder], osm_pbf="street.osm.pbf")
    return network.travel_times_from_stop("A", datetime.datetime(2026, 3, 10, 7, 50)).get("C")

HEAD = "from_stop_id,to_stop_id,transfer_type,min_transfer_time\n"
told = a_to_c(), a_to_c(transfers=HEAD + "B,B2,3,\n"), a_to_c(transfers=HEAD + "B,B2,2,1200\n")
print("cafein 0.29.0: without, forbidden, 20 minutes at least:", *told, "s")
sys.exit(told != (2160, 2160, 2160))
PY
