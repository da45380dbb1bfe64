#!/usr/bin/env bash
# gtfs-realtime-bindings 1.0.0 (PyPI, protobuf 3.20.3): a trip that was DELETED is read as SCHEDULED.
#
# Seen: a TripUpdate whose trip has schedule_relationship DELETED (7, which the
# reference added later), written by version 3.0.0. Version 1.0.0 knows no value 7: the field is not there for it
# (HasField is false) and its default is SCHEDULED (0). No error, no warning.
# Archives of realtime are read for years with the bindings of the day they were begun with, so vehicles
# that were taken out count as having run. Who reads proto2 enums must ask for the raw number too.
source "$(dirname "$0")/support/python.sh"
install gtfs-realtime-bindings==3.0.0
python - <<'PY'
from google.transit import gtfs_realtime_pb2 as pb
message = pb.FeedMessage()
message.header.gtfs_realtime_version = "2.0"
entity = message.entity.add()
entity.id = "1"
entity.trip_update.trip.trip_id = "t"
entity.trip_update.trip.schedule_relationship = pb.TripDescriptor.DELETED
open("update.pb", "wb").write(message.SerializeToString())
PY
install gtfs-realtime-bindings==1.0.0 protobuf==3.20.3
python - <<'PY' || { echo "the behaviour has changed"; exit 1; }
import sys
from google.transit import gtfs_realtime_pb2 as pb
message = pb.FeedMessage()
message.ParseFromString(open("update.pb", "rb").read())
trip = message.entity[0].trip_update.trip
name = pb.TripDescriptor.ScheduleRelationship.Name(trip.schedule_relationship)
print("gtfs-realtime-bindings 1.0.0: DELETED is read as", name, "- field present:", trip.HasField("schedule_relationship"))
sys.exit(not (name == "SCHEDULED" and not trip.HasField("schedule_relationship")))
PY
