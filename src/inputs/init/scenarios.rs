//! Examples of scenarios, one of each kind of change.

/// What stands at the end of a proposed project file, with a `# ` before each line.
pub(super) const EXAMPLES: &str = "\
# What if? `lastmile compare` holds each scenario against the data as it is. Take away the `# ` of what you need.
# [scenarios.next_year]
# gtfs = [\"next-year.zip\"]            # another timetable, on its own dates of the same weekdays
# [scenarios.evening]
# label = \"Nothing after seven\"
# modifications = [
#   # Which trips: route (its name; with operator where several have it), route_id, pattern (first > last stop), headsign, stop, direction,
#   # trip, feed; after, before, between, days.
#   { cut = { route = \"1\", after = \"19:00\" } },
#   { cut = { pattern = \"Station > Hospital\", days = \"sat,sun\" } },
#   { cut = { headsign = \"Hospital\", between = \"09:00-12:00\" } },
#   { withdraw = { operator = \"Bloggs\" } },
#   { thin = { route = \"2\", every = 2 } },                                       # each second trip stays
#   { headway = { route = \"3\", minutes = 20, between = \"09:00-16:00\" } },      # one each 20 min
#   { shorten = { route = \"4\", to = \"Market Place\" } },                        # the trips end there
#   { skip = { route = \"5\", stops = \"Mill Lane; High Street\" } },              # they pass by
#   { slow = { route = \"6\", factor = 1.2 } },                                    # a fifth more time; `speed` for less
#   { speed = { route = \"6\", factor = 1.2, before = \"07:00\" } },
#   { reroute = { pattern = \"Station > Hospital\", from = \"Mill Lane\", to = \"High Street\", via = [\"-1.91 52.21\"], minutes = [4, 3] } },
#   { add_stop = { route = \"1\", stop = \"-1.91 52.21\", behind = \"Mill Lane\", dwell = 20, adds = 1 } },
#   { move_stop = { stop = \"Mill Lane\", to = \"-1.91 52.21\" } },
#   { add_route = { name = \"Shuttle\", stops = \"Station; -1.91 52.21; Hospital\", headway = 30, between = \"07:00-19:00\" } },
#   { add_route = { line = \"-1.90 52.20; -1.91 52.21; -1.93 52.21\", spacing = 400, headway = 15, speed = 18 } },
#   # Places, streets and broadband.
#   { close = { category = \"library\", place = \"Old Library\" } },              # or near = \"LON LAT\", or all = true
#   { open = { category = \"library\", at = \"-1.91 52.21\" } },
#   { close_street = { name = \"Mill Bridge\", near = \"-1.9 52.2\" } },           # or way = ids, area or line = a GeoJSON file
#   { add_path = { line = \"-1.90 52.20; -1.91 52.21\", snap = 25 } },            # or line = a GeoJSON file
#   { add_broadband = { speed = \"gigabit\", code = \"E01000001\", share = 80 } },  # of premises, per cent
#   { remove_broadband = { speed = \"superfast\", code = \"E01000001\" } },
# ]

";
