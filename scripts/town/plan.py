"""The plan of Wenbury: which districts, main roads and neighbourhoods there are, in metres about the market square.

The plan is drawn on a straight grid and then bent by `bend`, so that no street is quite straight but everything that
meets on the plan still meets on the map.
"""

import math

SEED = 20260310
CENTRE = (-1.9, 52.2)

RIVER_X = 1500
RAIL_X = -900
BYPASS_X = -1900


def bend(x, y):
    """A point of the plan on the map."""
    return (x + 38 * math.sin(y / 420 + 0.6) + 14 * math.sin((x + y) / 190),
            y + 34 * math.sin(x / 390 + 1.1) + 12 * math.sin((x - y) / 210))


def steps(first, last, step):
    return list(range(first, last + 1, step))


# name: (xs, ys, share of the streets left out, how homes are built: house, terrace or flats)
DISTRICTS = {
    "centre": (steps(-600, 600, 100), steps(-500, 500, 100), 0.08, "flats"),
    "riverside": (steps(750, 1350, 150), steps(-450, 450, 150), 0.15, "terrace"),
    "northfield": (steps(-600, 1200, 150), steps(650, 1850, 150), 0.2, "terrace"),
    "southfield": (steps(-600, 1200, 150), steps(-1850, -650, 150), 0.2, "terrace"),
    "westgate": (steps(-1800, -1050, 150), steps(-750, 750, 150), 0.2, "terrace"),
    "eastgate": (steps(1700, 2600, 150), steps(-600, 600, 150), 0.2, "terrace"),
    "southbrook": (steps(1800, 2850, 150), steps(-2550, -1650, 150), 0.25, "terrace"),
    "northmoor": (steps(2400, 3200, 160), steps(2900, 3620, 144), 0.3, "terrace"),
    "oxley": (steps(-6200, -5750, 150), steps(250, 700, 150), 0.2, "house"),
}

# (name, highway, points, more tags). Points that lie in a district's grid are its crossings.
MAIN_ROADS = [
    ("North Road", "secondary", [(0, 500), (0, 650)], {}),
    ("Mill Lane", "residential", [(300, 500), (300, 650)], {}),
    ("Priory Street", "residential", [(-300, 500), (-300, 650)], {}),
    ("South Road", "secondary", [(0, -500), (0, -650)], {}),
    ("Tanner Street", "residential", [(300, -500), (300, -650)], {}),
    ("East Street", "secondary", [(600, 0), (750, 0)], {}),
    ("Wharf Street", "residential", [(600, 300), (750, 300)], {}),
    ("Cooper Street", "residential", [(600, -300), (750, -300)], {}),
    ("East Street", "secondary", [(1350, 0), (1450, 0)], {}),
    ("Town Bridge", "secondary", [(1450, 0), (1550, 0)], {"bridge": "yes", "layer": "1"}),
    ("East Street", "secondary", [(1550, 0), (1700, 0)], {}),
    ("West Road", "secondary", [(-600, 0), (-850, 0)], {}),
    ("West Road", "secondary", [(-850, 0), (-950, 0)], {"bridge": "yes", "layer": "1"}),
    ("West Road", "secondary", [(-950, 0), (-1050, 0)], {}),
    ("Crossing Lane", "unclassified", [(-600, -300), (-900, -300), (-1050, -300)], {}),
    ("Southbrook Road", "tertiary", [(1200, -1550), (1450, -1550)], {}),
    ("Mill Bridge", "tertiary", [(1450, -1550), (1550, -1550)], {"bridge": "yes", "layer": "1"}),
    ("Southbrook Road", "tertiary", [(1550, -1550), (1800, -1650)], {}),
    ("Brook Lane", "unclassified", [(2000, -600), (2020, -1100), (2100, -1650)], {"sidewalk": "no"}),
    ("Northmoor Road", "tertiary", [(2000, 600), (2060, 1200), (2180, 2000), (2300, 2600), (2400, 2900)],
     {"sidewalk": "no"}),
    ("Oxley Road", "tertiary",
     [(-1800, 0), (-2100, 20), (-2700, 60), (-3600, 200), (-4600, 330), (-5200, 380), (-5750, 400)],
     {"sidewalk": "no", "maxspeed": "60 mph"}),
    ("Aldminster Road", "trunk", [(0, -1850), (20, -2400), (0, -2950)], {"ref": "A4990", "sidewalk": "no"}),
]

# Ways for people on foot and other things that a reader may trip over: (tags, points).
FOOTWAYS = [
    ({"highway": "steps", "name": "Castle Steps", "step_count": "62"}, [(600, -500), (600, -650)]),
    ({"highway": "footway", "foot": "no", "name": "Depot Path"}, [(-300, -500), (-300, -650)]),
    ({"highway": "residential", "name": "Station Approach"}, [(-600, 200), (-880, 200)]),
    ({"highway": "steps", "bridge": "yes", "layer": "1", "name": "Station Footbridge"}, [(-880, 200), (-920, 200)]),
    ({"highway": "footway"}, [(-920, 200), (-1050, 150)]),
    ({"highway": "footway", "name": "Halt Path"}, [(-600, -1700), (-885, -1700)]),
    ({"highway": "service", "access": "private", "name": "The Paddock"}, [(1200, 1700), (1212, 1700), (1330, 1700)]),
    ({"highway": "construction", "construction": "residential", "name": "Orchard Rise"}, [(1200, 1250), (1400, 1250)]),
    ({"highway": "proposed", "proposed": "footway", "name": "Northmoor Footbridge"}, [(1200, 1850), (2240, 2300)]),
    ({"highway": "footway", "designation": "public_footpath", "foot": "designated"},
     [(-1800, -150), (-1870, -150)]),
    ({"highway": "footway", "designation": "public_footpath", "tunnel": "yes", "layer": "-1"},
     [(-1870, -150), (-1930, -150)]),
    ({"highway": "path", "designation": "public_footpath", "surface": "ground"},
     [(-1930, -150), (-2900, -80), (-3900, 20)]),
    ({"highway": "track", "access": "private", "designation": "public_footpath", "name": "Manor Farm Track"},
     [(-3900, 20), (-4900, 120), (-5750, 250)]),
    ({"highway": "track", "access": "private", "name": "Home Farm Track"}, [(-4600, 330), (-4700, 900)]),
    ({"highway": "path", "designation": "public_bridleway", "horse": "designated"},
     [(3200, 2900), (2900, 2200), (2500, 1300), (2450, 600)]),
    ({"highway": "footway", "name": "Reserve Boardwalk"}, [(700, 1960), (800, 1990), (920, 1960)]),
    ({"highway": "motorway_link", "oneway": "yes"}, [(-2100, 20), (-1960, 300), (-1910, 700)]),
]

# Neighbourhoods: (name, x0, y0, x1, y1, broadband from 0 poor to 1 good, deprivation 0 little to 1 much).
NEIGHBOURHOODS = [
    ("Wenbury 001A", -900, 0, 300, 500, 0.9, 0.5), ("Wenbury 001B", 300, 0, 1500, 500, 0.9, 0.4),
    ("Wenbury 001C", -900, -500, 300, 0, 0.9, 0.7), ("Wenbury 001D", 300, -500, 1500, 0, 0.9, 0.6),
    ("Wenbury 002A", -900, 500, 100, 1300, 0.8, 0.3), ("Wenbury 002B", 100, 500, 800, 1300, 0.8, 0.2),
    ("Wenbury 002C", 800, 500, 1500, 1300, 0.8, 0.2), ("Wenbury 002D", -900, 1300, 300, 4200, 0.7, 0.1),
    ("Wenbury 002E", 300, 1300, 1500, 4200, 0.7, 0.2),
    ("Wenbury 003A", -900, -1300, 100, -500, 0.8, 0.6), ("Wenbury 003B", 100, -1300, 800, -500, 0.9, 0.5),
    ("Wenbury 003C", 800, -1300, 1500, -500, 0.8, 0.4), ("Wenbury 003D", -900, -3000, 300, -1300, 0.7, 0.4),
    ("Wenbury 003E", 300, -3000, 1500, -1300, 0.7, 0.5),
    ("Wenbury 004A", -1900, -3000, -900, -300, 0.7, 0.5), ("Wenbury 004B", -1900, -300, -900, 300, 0.8, 0.6),
    ("Wenbury 004C", -1900, 300, -900, 4200, 0.7, 0.4),
    ("Wenbury 005A", 1500, -800, 2200, 0, 0.7, 0.6), ("Wenbury 005B", 2200, -800, 3800, 0, 0.6, 0.5),
    ("Wenbury 005C", 1500, 0, 2200, 800, 0.7, 0.5), ("Wenbury 005D", 2200, 0, 3800, 800, 0.6, 0.5),
    ("Wenbury 006A", 1500, 800, 3800, 2600, 0.3, 0.4),
    ("Wenbury 007A", 1500, 2600, 3800, 3200, 0.2, 0.9), ("Wenbury 007B", 1500, 3200, 3800, 4200, 0.15, 1.0),
    ("Wenbury 008A", 1500, -3000, 2400, -800, 0.6, 0.3), ("Wenbury 008B", 2400, -3000, 3800, -800, 0.6, 0.2),
    ("Oxley 001A", -6800, -3000, -1900, 4200, 0.0, 0.2),
]

STREET_FIRST = """Abbey Acorn Alder Almond Apple Ash Barley Beacon Beech Birch Bramble Brewery Bridge Brook Canal
Castle Cedar Chapel Cherry Church Clover Corn Cross Dale Damson Dean Elder Elm Falcon Fern Field Finch Forge Fox Garden
Granary Grange Green Grove Harvest Hawthorn Hazel Heath Heron Hill Holly Ivy Juniper Kiln King Larch Lark Laurel Lime
Linden Maltings Manor Maple Market Meadow Mill Nettle Oak Orchard Osier Park Pear Pine Plum Poplar Priory Quarry Queen
Raven Robin Rose Rowan Rush School Silver Sorrel Spring Station Swan Tanner Teasel Thistle Thorn Vicarage Walnut Water
Wells Wharf White Willow Windmill Wood Wren Yew""".split()
STREET_LAST = ["Street", "Road", "Lane", "Avenue", "Close", "Drive", "Way", "Terrace", "Gardens", "Crescent"]
