"""The lines of Wenbury and when they run."""

BUS_STATION = (-100, -200)


def every(first, last, minutes):
    """Departures from first to last ("HH:MM", may pass 24:00), so many minutes apart."""
    start, end = _minutes(first), _minutes(last)
    return list(range(start, end + 1, minutes))


def _minutes(clock):
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


# id: (name of the line, places of the plan it drives through, options, departures by service).
# Departures are (out, back), back is None for a line that comes home by itself (a loop or lollipop).
# Options: bay of the bus station; blank = times at non-timepoints are left blank ("shape": with distances, "line":
# without); `flyer` only picks up in its first two stops and only sets down after them; `driver`: to get off, ask the
# driver; `phone` = the position of the stop at which the bus calls only for those who phoned first; `short` = the first
# departure out begins halfway; `via` = the trip goes on as a trip of that line.
ROUTES = {
    "1": ("Bus Station - Eastgate - Northmoor",
          [BUS_STATION, (750, 0), (1700, 0), (2000, 600), (2400, 2900), (3200, 2900), (3200, 3620), (2400, 3620),
           (2400, 2900), (2000, 600), (1700, 0), (750, 0), BUS_STATION], {"bay": "A"},
          {"WD": (every("06:00", "18:45", 15) + every("19:15", "22:45", 30), None),
           "SA": (every("07:00", "18:40", 20) + every("19:15", "22:45", 30), None),
           "SU": (every("09:15", "21:15", 60), None)}),
    "2": ("Bus Station - Southfield - Southbrook",
          [BUS_STATION, (0, -500), (0, -1550), (1200, -1550), (1800, -1650), (2100, -2100), (2850, -2100)],
          {"bay": "B"},
          {"WD": (every("06:05", "18:50", 15) + every("19:30", "22:30", 60),
                  every("06:35", "19:20", 15) + every("20:00", "23:00", 60)),
           "SA": (every("07:05", "19:05", 30), every("07:35", "19:35", 30)),
           "SU": (every("09:35", "18:35", 60), every("10:05", "19:05", 60))}),
    "3": ("Westgate - Bus Station - Eastgate",
          [(-1800, 0), (-1050, 0), (-600, 0), BUS_STATION, (600, 0), (1700, 0), (2600, 0)], {"bay": "C"},
          {"WD": (every("06:30", "18:50", 20) + every("19:40", "22:40", 60),
                  every("06:40", "19:00", 20) + every("19:50", "22:50", 60)),
           "SA": (every("07:30", "18:30", 30), every("07:40", "18:40", 30)),
           "SU": (every("10:00", "17:00", 60), every("10:10", "17:10", 60))}),
    "4": ("Northfield Circular",
          [BUS_STATION, (0, 0), (0, 500), (0, 1250), (1200, 1250), (1200, 650), (300, 650), (300, 500), (300, 0),
           BUS_STATION], {"bay": "D", "blank": "shape"},
          {"WD": (every("06:40", "18:40", 30), None), "SA": (every("08:40", "17:40", 60), None)}),
    "5": ("Southfield - Bus Station", [(1200, -1850), (600, -1250), (0, -650), (0, -500), BUS_STATION],
          {"bay": "B", "via": "6"},
          {"WD": (every("06:20", "18:50", 30), every("06:50", "19:20", 30)),
           "SA": (every("08:20", "17:50", 30), every("08:50", "18:20", 30)),
           "SU": (every("10:20", "16:20", 120), every("10:50", "16:50", 120))}),
    "6": ("Bus Station - Northfield", [BUS_STATION, (-300, 500), (-300, 650), (-600, 1850)], {"bay": "B"},
          {"WD": (every("06:32", "19:02", 30), every("06:55", "19:25", 30)),
           "SA": (every("08:32", "18:02", 30), every("08:55", "18:25", 30)),
           "SU": (every("10:32", "16:32", 120), every("10:55", "16:55", 120))}),
    "7": ("Westgate - Hospital", [(-1050, 600), (-1050, 0), (-600, 0), (0, -500), (0, -650), (600, -1100)], {},
          {"WD": (every("07:10", "18:10", 60), every("07:40", "18:40", 60)),
           "SA": (every("09:10", "17:10", 120), every("09:40", "17:40", 120))}),
    "8": ("Bus Station - Eastgate - Southbrook Green",
          [BUS_STATION, (750, 0), (1700, 0), (2000, -600), (2100, -1650), (2100, -2550)],
          {"bay": "A", "blank": "line", "phone": 7},
          {"WD": (every("06:50", "18:50", 60), every("07:20", "19:20", 60)),
           "SA": (every("08:50", "17:50", 60), every("09:20", "18:20", 60)),
           "SU": (every("11:50", "15:50", 120), every("12:20", "16:20", 120))}),
    "9": ("Westgate North - Bus Station", [(-1800, 750), (-1350, 150), (-1050, 0), (-600, 0), BUS_STATION],
          {"bay": "C", "short": True},
          {"WD": (every("05:45", "18:15", 30), every("06:15", "18:45", 30)),
           "SA": (every("08:15", "17:15", 60), every("08:45", "17:45", 60))}),
    "N1": ("Night bus to Eastgate and Northmoor",
           [BUS_STATION, (750, 0), (1700, 0), (2000, 600), (2400, 2900), (3200, 2900)],
           {"bay": "A", "driver": True},
           {"WD": ([_minutes("23:25"), _minutes("24:10")], []),
            "SA": ([_minutes("23:25"), _minutes("24:10"), _minutes("25:10")], [])}),
    "S1": ("Southbrook - Wenbury College", [(2850, -2100), (2100, -2100), (1800, -1650), (1200, -1550), (0, -1550),
                                            (0, -500), (-600, 0), (-1050, 0), (-1500, 0)], {},
           {"SCH": ([_minutes("07:52")], [_minutes("15:40")])}),
    "X": ("Town Centre Shuttle", [BUS_STATION, (300, -200), (300, 0), (300, 500), (0, 500), (0, 0), BUS_STATION],
          {"bay": "D", "headway_s": 720, "from": "09:00", "until": "17:00"},
          {"WD": ([_minutes("09:00")], None), "SA": ([_minutes("09:00")], None)}),
    "99": ("Northfield - Hospital Flyer", [(0, 1850), (0, 650), (0, 500), (0, -500), (600, -1100)], {"flyer": True},
           {"WD": (every("07:25", "17:25", 60), [])}),
}

# The railway: (stop prefix, name, distance on from the first in metres, place on the plan, minutes from the first).
STATIONS = [("WNB", "Wenbury", (-900, 200), 0), ("WNS", "Wenbury South Halt", (-900, -1700), 3),
            ("ALD", "Aldminster", (-600, -14000), 15)]
RAIL = {"WD": (every("05:58", "22:58", 60), every("06:22", "23:22", 60)),
        "SA": (every("06:58", "22:58", 60), every("07:22", "23:22", 60)),
        "SU": (every("08:58", "20:58", 120), every("09:22", "21:22", 120))}
