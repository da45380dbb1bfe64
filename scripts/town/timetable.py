"""The timetable of Wenbury before and after the cut, as the files of two GTFS feeds."""

import datetime
import math

from fixture_files import csv_bytes
from town import plan
from town.routes import BUS_STATION, RAIL, ROUTES, STATIONS

FIRST_DAY, LAST_DAY = datetime.date(2026, 1, 5), datetime.date(2026, 12, 20)
SUNDAY_SERVICE = ["2026-04-03", "2026-04-06", "2026-05-04", "2026-05-25", "2026-08-31"]
SCHOOL_TERMS = [("2026-01-05", "2026-02-13"), ("2026-02-23", "2026-03-27"), ("2026-04-13", "2026-05-22"),
                ("2026-06-01", "2026-07-21"), ("2026-09-01", "2026-10-23"), ("2026-11-02", "2026-12-18")]
STOP_SPACING_M, SHARED_SPACING_M = 340, 220
KERB_M = 4


class Timetable:
    """Stops are placed on the way; `trips` and `calls` are the rows of both feeds before anything is cut."""

    def __init__(self, streets):
        self.streets, self.plane = streets, streets.plane
        self.stops, self.sites, self.shapes = [], {}, []
        self.trips, self.calls, self.frequencies = [], {}, []
        self._stations()
        self._bus_station()
        for route, (_, via, options, services) in ROUTES.items():
            self._route(route, via, options, services)
        self._railway()

    def feed(self, after):
        """The files of a feed. `after`: with the cuts made, and all else as before."""
        trips, calls = self.trips, self.calls
        if after:
            trips = [trip for trip in trips if not _withdrawn(trip)]
            calls = {trip["id"]: _shortened(trip, calls[trip["id"]]) for trip in trips}
        rows = [[trip["id"], *call] for trip in trips for call in calls[trip["id"]]]
        routes = [route for route in self._routes() if not (after and route[0] == "7")]
        return {
            "agency.txt": csv_bytes(
                ["agency_id", "agency_name", "agency_url", "agency_timezone", "agency_lang"],
                [["WB", "Wenbury Buses", "https://wenbury.example/buses", "Europe/London", "en"],
                 ["AR", "Aldminster Railway", "https://wenbury.example/rail", "Europe/London", "en"]]),
            "stops.txt": csv_bytes(
                ["stop_id", "stop_code", "stop_name", "stop_lat", "stop_lon", "location_type", "parent_station",
                 "platform_code"], self.stops),
            "routes.txt": csv_bytes(
                ["route_id", "agency_id", "route_short_name", "route_long_name", "route_type"], routes),
            "trips.txt": csv_bytes(
                ["route_id", "service_id", "trip_id", "trip_headsign", "direction_id", "block_id", "shape_id"],
                [[t["route"], t["service"], t["id"], t["headsign"], t["direction"], t["block"], t["shape"]]
                 for t in trips]),
            "stop_times.txt": csv_bytes(
                ["trip_id", "arrival_time", "departure_time", "stop_id", "stop_sequence", "pickup_type",
                 "drop_off_type", "shape_dist_traveled", "timepoint"], rows),
            "calendar.txt": _calendar(),
            "calendar_dates.txt": _calendar_dates(),
            "frequencies.txt": csv_bytes(["trip_id", "start_time", "end_time", "headway_secs", "exact_times"],
                                         self.frequencies),
            "transfers.txt": csv_bytes(
                ["from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time"],
                [["BSA", "BSD", 2, 90], ["BSD", "BSA", 2, 90], ["WNB1", "WNB2", 2, 240], ["WNB2", "WNB1", 2, 240]]),
            "shapes.txt": csv_bytes(
                ["shape_id", "shape_pt_lat", "shape_pt_lon", "shape_pt_sequence", "shape_dist_traveled"], self.shapes),
            "feed_info.txt": csv_bytes(
                ["feed_publisher_name", "feed_publisher_url", "feed_lang", "feed_start_date", "feed_end_date",
                 "feed_version"],
                [["Wenbury Buses", "https://wenbury.example/buses", "en", "20260105", "20261220", "2026"]]),
        }

    def _stop(self, stop_id, name, at, kind="", parent="", platform=""):
        lon, lat = self.plane.lonlat(*at)
        code = "" if kind == "1" else f"wen{len(self.stops):04}"
        self.stops.append([stop_id, code, name, f"{lat:.6f}", f"{lon:.6f}", kind, parent, platform])

    def _stations(self):
        for prefix, name, place, _ in STATIONS:
            x, y = plan.bend(*place)
            self._stop(prefix, name, (x, y), "1")
            self._stop(prefix + "1", name, (x + 4, y), "0", prefix, "1")
            self._stop(prefix + "2", name, (x - 4, y), "0", prefix, "2")

    def _bus_station(self):
        (ax, ay), (bx, by) = plan.bend(*BUS_STATION), plan.bend(BUS_STATION[0] + 100, BUS_STATION[1])
        length = math.hypot(bx - ax, by - ay)
        ux, uy = (bx - ax) / length, (by - ay) / length
        self._stop("BS", "Wenbury Bus Station", (ax + ux * 30 - uy * 12, ay + uy * 30 + ux * 12), "1")
        for number, bay in enumerate("ABCD"):
            along = 8 + 14 * number
            self._stop("BS" + bay, "Wenbury Bus Station", (ax + ux * along - uy * 5, ay + uy * along + ux * 5), "0",
                       "BS", bay)

    def _route(self, route, via, options, services):
        path = self.streets.drive(via)
        there = self._calls(path, options)
        self._shape(f"{route}o", path)
        back = None
        if any(times[1] for times in services.values()):
            back = self._calls(path[::-1], options)
            self._shape(f"{route}i", path[::-1])
        for service, (out, home) in services.items():
            for number, minute in enumerate(out):
                self._trip(route, service, 0, minute, there, options, first=number == 0)
            for minute in home or []:
                self._trip(route, service, 1, minute, back, options)

    def _calls(self, path, options):
        """(stop, metres on, seconds on, timepoint) along a drive: a stop beside the street every few hundred metres."""
        calls, metres, last = [], 0.0, -math.inf
        bay = options.get("bay")
        pieces = list(zip(path, path[1:]))
        if bay and path[0] == BUS_STATION:
            calls.append(("BS" + bay, 0.0))
            last = 0.0
        for number, (a, b) in enumerate(pieces):
            length = _distance(a, b)
            middle = metres + length / 2
            if bay and a == BUS_STATION and 0 < number:
                calls.append(("BS" + bay, metres))
                last = metres
            wanted = SHARED_SPACING_M if (a, b) in self.sites else STOP_SPACING_M
            ends = number in (0, len(pieces) - 1) and not (bay and BUS_STATION in (a, b))
            if length >= 55 and BUS_STATION not in (a, b) and (middle - last >= wanted or ends):
                calls.append((self._site(a, b), middle))
                last = middle
            metres += length
        if bay and path[-1] == BUS_STATION:
            calls.append(("BS" + bay, metres))
        return _timed(calls)

    def _site(self, a, b):
        """The stop beside the street from a to b, on the left of who drives there."""
        if (a, b) not in self.sites:
            (ax, ay), (bx, by) = plan.bend(*a), plan.bend(*b)
            length = math.hypot(bx - ax, by - ay)
            ux, uy = (bx - ax) / length, (by - ay) / length
            stop_id = f"W{len(self.sites) + 1:03}"
            name = self.streets.roads[a][b][1]["name"]
            self._stop(stop_id, name, ((ax + bx) / 2 - uy * KERB_M, (ay + by) / 2 + ux * KERB_M))
            self.sites[a, b] = stop_id
        return self.sites[a, b]

    def _shape(self, shape_id, path):
        metres = 0.0
        for number, point in enumerate(path):
            metres += _distance(path[number - 1], point) if number else 0.0
            lon, lat = self.streets.lonlat(point)
            self.shapes.append([shape_id, f"{lat:.6f}", f"{lon:.6f}", number + 1, round(metres)])

    def _trip(self, route, service, direction, minute, calls, options, first=False):
        trip_id = f"{route}-{service}-{'oi'[direction]}-{minute // 60:02}{minute % 60:02}"
        start, rows = minute * 60, []
        if first and options.get("short"):
            calls = calls[len(calls) // 2:]
            start -= calls[0][2]
        for number, (stop, metres, seconds, timed) in enumerate(calls):
            edge = number in (0, len(calls) - 1)
            clock = "" if options.get("blank") and not (timed or edge) else _clock(start + seconds)
            on, off = _rules(options, number, len(calls))
            distance = "" if options.get("blank") == "line" else round(metres)
            rows.append([clock, clock, stop, number + 1, on, off, distance, int(timed or edge)])
        block = ""
        if options.get("via") and direction == 0 or route == "6" and direction == 0:
            # Line 5 comes in and goes on as line 6, which leaves the same bay 12 minutes after line 5 began.
            block = f"56-{service}-{minute - (12 if route == '6' else 0)}"
        headsign = ROUTES[route][0].split(" - ")[0 if direction else -1]
        self.trips.append({"id": trip_id, "route": route, "service": service, "direction": direction, "block": block,
                           "headsign": headsign, "shape": f"{route}{'oi'[direction]}", "minute": minute})
        self.calls[trip_id] = rows
        if "headway_s" in options:
            self.frequencies.append([trip_id, options["from"] + ":00", options["until"] + ":00",
                                     options["headway_s"], 1])

    def _railway(self):
        for service, directions in RAIL.items():
            for direction, minutes in enumerate(directions):
                for minute in minutes:
                    trip_id = f"R-{service}-{'oi'[direction]}-{minute // 60:02}{minute % 60:02}"
                    stations = STATIONS[::-1] if direction else STATIONS
                    rows = []
                    for number, (prefix, _, _, on) in enumerate(stations):
                        time = _clock(60 * (minute + (STATIONS[-1][3] - on if direction else on)))
                        rows.append([time, time, f"{prefix}{direction + 1}", number + 1, "", "", "", 1])
                    self.trips.append({"id": trip_id, "route": "R", "service": service, "direction": direction,
                                       "block": "", "headsign": stations[-1][1], "shape": "", "minute": minute})
                    self.calls[trip_id] = rows

    def _routes(self):
        buses = [[route, "WB", route, line[0], 3] for route, line in ROUTES.items()]
        return [*buses, ["R", "AR", "", "Aldminster Line", 2]]


def _withdrawn(trip):
    """The cut: line 1 loses its evenings and Sundays, line 7 goes, line 2 runs half as often."""
    evening = trip["minute"] >= 19 * 60 or trip["service"] == "SU"
    half = trip["route"] == "2" and trip["service"] == "WD" and trip["minute"] < 19 * 60 + 30
    first = 6 * 60 + (35 if trip["direction"] else 5)
    return (trip["route"] == "1" and evening or trip["route"] == "7"
            or half and (trip["minute"] - first) % 30 != 0)


def _shortened(trip, rows):
    """Line 8 turns at its fifth stop from the bus station instead of going on to Southbrook; the way back begins at
    the next stop that has a time."""
    if trip["route"] != "8":
        return rows
    if trip["direction"] == 0:
        return rows[:6]
    return rows[next(n for n in range(len(rows) - 6, len(rows)) if rows[n][0]):]


def _timed(calls):
    """Adds the running time: 18 km/h in the centre, 22 outside, 25 on long pieces; each fifth stop is a timepoint."""
    out, seconds = [], 0.0
    for number, (stop, metres) in enumerate(calls):
        if number:
            step = metres - calls[number - 1][1]
            speed = 25 if step > 500 else 18 if metres < 900 else 22
            seconds += step / speed * 3.6
        timed = number % 5 == 0 or number == len(calls) - 1
        if timed:
            seconds = math.ceil(seconds / 60) * 60
        out.append((stop, metres, round(seconds), timed))
    return out


def _rules(options, number, count):
    """pickup_type and drop_off_type of a call."""
    if options.get("flyer"):
        return (0, 1) if number < 2 else (1, 0)
    if options.get("driver") and 0 < number < count - 1:
        return 0, 3
    return (2, 2) if options.get("phone") == number else ("", "")


def _calendar():
    days = "monday tuesday wednesday thursday friday saturday sunday".split()
    return csv_bytes(["service_id", *days, "start_date", "end_date"],
                     [["WD", 1, 1, 1, 1, 1, 0, 0, "20260105", "20261220"],
                      ["SA", 0, 0, 0, 0, 0, 1, 0, "20260105", "20261220"],
                      ["SU", 0, 0, 0, 0, 0, 0, 1, "20260105", "20261220"]])


def _calendar_dates():
    rows = []
    for day in SUNDAY_SERVICE:
        rows += [["WD", day.replace("-", ""), 2], ["SU", day.replace("-", ""), 1]]
    # Christmas lies behind the feed's last day: the row changes nothing and is there as operators leave it there.
    rows.append(["WD", "20261225", 2])
    for first, last in SCHOOL_TERMS:
        day = datetime.date.fromisoformat(first)
        while day <= datetime.date.fromisoformat(last):
            if day.weekday() < 5 and day.isoformat() not in SUNDAY_SERVICE:
                rows.append(["SCH", day.strftime("%Y%m%d"), 1])
            day += datetime.timedelta(days=1)
    return csv_bytes(["service_id", "date", "exception_type"], rows)


def _distance(a, b):
    (ax, ay), (bx, by) = plan.bend(*a), plan.bend(*b)
    return math.hypot(bx - ax, by - ay)


def _clock(seconds):
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
