"""The streets of Wenbury: from the plan to OpenStreetMap ways and a graph that buses can run on."""

import heapq
import math

from town import plan
from town.dice import Dice

BUS_COST = {"secondary": 1.0, "tertiary": 1.0, "primary": 1.0, "trunk": 1.2, "unclassified": 1.2, "residential": 1.3}


class Streets:
    """Nodes are named by their place on the plan; `edges` are the pieces between two nodes."""

    def __init__(self, data, plane):
        self.data, self.plane = data, plane
        self.nodes = {}
        self.edges = []
        self.roads = {}
        self.green = []
        self.cells = {name: [] for name in plan.DISTRICTS}
        self.dice = Dice(plan.SEED, "streets")
        self.names = self._names()
        for name, (xs, ys, left_out, build) in plan.DISTRICTS.items():
            self._district(name, xs, ys, left_out, build)
        for name, highway, points, tags in plan.MAIN_ROADS:
            self.way(points, {"highway": highway, "name": name} | tags, homes=_homes_beside(name, tags))
        for tags, points in plan.FOOTWAYS:
            self.way(points, tags, homes="house" if tags.get("name") == "The Paddock" else None)
        self.tag((1212, 1700), {"barrier": "gate", "access": "private"})
        self._square()
        self._closes()
        self._river_rail_bypass()

    def at(self, point):
        """The node at a place of the plan, made when it is not there yet."""
        if point not in self.nodes:
            self.nodes[point] = self.data.node(*self.lonlat(point))
        return self.nodes[point]

    def tag(self, point, tags):
        """Gives tags to a node that is there."""
        lon, lat, _ = self.data.nodes[self.nodes[point]]
        self.data.nodes[self.nodes[point]] = (lon, lat, tags)

    def lonlat(self, point):
        """Degrees of a place of the plan."""
        return self.plane.lonlat(*plan.bend(*point))

    def way(self, points, tags, homes=None):
        """A way through places of the plan; pieces longer than 160 m are cut so that they can bend."""
        points = _cut(points)
        self.data.way([self.at(p) for p in points], tags)
        highway = tags.get("highway")
        for a, b in zip(points, points[1:]):
            edge = {"a": a, "b": b, "name": tags.get("name", ""), "highway": highway, "homes": homes}
            self.edges.append(edge)
            if highway in BUS_COST and "access" not in tags:
                cost = _length(a, b) * BUS_COST[highway]
                self.roads.setdefault(a, {})[b] = (cost, edge)
                self.roads.setdefault(b, {})[a] = (cost, edge)

    def drive(self, stops):
        """The shortest drive through places of the plan, as the places it passes."""
        path = [stops[0]]
        for goal in stops[1:]:
            path += self._leg(path[-1], goal)
        return path

    def _leg(self, start, goal):
        best, came, queue = {start: 0.0}, {}, [(0.0, start)]
        while queue:
            cost, here = heapq.heappop(queue)
            if here == goal:
                break
            for there, (step, _) in sorted(self.roads[here].items()):
                if cost + step < best.get(there, math.inf):
                    best[there], came[there] = cost + step, here
                    heapq.heappush(queue, (cost + step, there))
        leg = [goal]
        while leg[-1] != start:
            leg.append(came[leg[-1]])
        return leg[-2::-1]

    def _names(self):
        pairs = [f"{first} {last}" for first in plan.STREET_FIRST for last in plan.STREET_LAST]
        taken = {road[0] for road in plan.MAIN_ROADS} | {"High Street", "Market Street"}
        return iter([name for name in self.dice.shuffled(pairs) if name not in taken])

    def _district(self, name, xs, ys, left_out, build):
        lines = [[(x, y) for x in xs] for y in ys] + [[(x, y) for y in ys] for x in xs]
        kept = self._kept(lines, left_out)
        for line in lines:
            title, highway = self._line_name(name, line)
            run = [line[0]]
            for a, b in zip(line, line[1:]):
                if (a, b) in kept or highway != "residential":
                    run.append(b)
                else:
                    self._run(run, title, highway, build)
                    run = [b]
            self._run(run, title, highway, build)
        self.cells[name] = [(x0, y0, x1, y1) for x0, x1 in zip(xs, xs[1:]) for y0, y1 in zip(ys, ys[1:])]

    def _run(self, run, title, highway, build):
        if len(run) < 2:
            return
        tags = {"highway": highway, "name": title}
        if highway != "pedestrian":
            tags["maxspeed"] = "20 mph" if build == "flats" else "30 mph"
        self.way(run, tags, homes=build)

    def _line_name(self, district, line):
        """Names and classes of the lines that are main streets."""
        (x0, y0), (x1, y1) = line[0], line[-1]
        across, along = y0 == y1, x0 == x1
        if district == "centre":
            if across and y0 in (0, 200):
                return ("High Street", "pedestrian") if y0 else ("Market Street", "secondary")
            if along and x0 in (0, -100, 300):
                return {0: "North Street", -100: "Station Street", 300: "Mill Street"}[x0], "secondary"
            if across and y0 == -200:
                return "Bus Station Street", "secondary"
        main = {("northfield", 0): "North Road", ("southfield", 0): "South Road"}
        if along and (district, x0) in main:
            return main[district, x0], "secondary"
        if across and y0 == 0:
            names = {"riverside": "East Street", "westgate": "West Road", "eastgate": "Eastgate Road"}
            return names[district], "secondary"
        if district == "southfield" and across and y0 == -1550:
            return "Southbrook Road", "tertiary"
        if district == "northmoor" and (across and y0 in (2900, 3620) or along and x0 in (2400, 3200)):
            return "Northmoor Ring", "tertiary"
        if district == "southbrook" and (across and y0 == -2100 or along and x0 == 2100):
            return "Southbrook Avenue", "tertiary"
        return next(self.names), "residential"

    def _kept(self, lines, left_out):
        """Streets that stay: a random tree that holds the district together, and most of the others."""
        pieces = [(a, b) for line in lines for a, b in zip(line, line[1:])]
        group = {p: p for piece in pieces for p in piece}

        def root(p):
            while group[p] != p:
                group[p] = group[group[p]]
                p = group[p]
            return p

        kept = set()
        for a, b in self.dice.shuffled(pieces):
            joins = root(a) != root(b)
            group[root(a)] = root(b)
            if joins or self.dice.share() >= left_out:
                kept.add((a, b))
        return kept

    def _square(self):
        ring = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]
        self.data.way([self.at(p) for p in ring], {"highway": "pedestrian", "area": "yes", "name": "Market Square"})
        self.green.append((0, 0, 100, 100))
        self.cells["centre"].remove((0, 0, 100, 100))

    def _closes(self):
        """Culs-de-sac into the blocks of the outer districts."""
        for district, count in [("northmoor", 9), ("southbrook", 6), ("northfield", 8), ("eastgate", 5)]:
            for cell in self.dice.shuffled(self.cells[district])[:count]:
                self.cells[district].remove(cell)
                x0, y0, x1, y1 = cell
                self.way([(x0, y0), ((x0 + x1) // 2, (y0 + y1) // 2)],
                         {"highway": "residential", "name": next(self.names), "noexit": "yes"}, homes="close")

    def _river_rail_bypass(self):
        def along(x, y0=-3000, y1=4200):
            return [(x, y) for y in range(y0, y1 + 1, 120)]

        river = along(plan.RIVER_X, -3010, 4190)
        self.data.way([self.at(p) for p in river], {"waterway": "river", "name": "River Wen"})
        rail = sorted(set(along(plan.RAIL_X, -2990, 4210)) | {(plan.RAIL_X, -300)}, key=lambda p: p[1])
        self.data.way([self.at(p) for p in rail], {"railway": "rail", "name": "Aldminster Line"})
        self.tag((plan.RAIL_X, -300), {"railway": "level_crossing"})
        for x, order in ((plan.BYPASS_X - 10, 1), (plan.BYPASS_X + 10, -1)):
            for y0, y1, bridge in ((-3000, -60, False), (-60, 60, True), (60, 4200, False)):
                tags = {"highway": "motorway", "ref": "M590", "oneway": "yes", "name": "Wenbury By-pass"}
                points = [(x, y0), *((x, y) for y in range(y0 + 80, y1 - 40, 160)), (x, y1)]
                if (x, y0, y1) == (-1910, 60, 4200):
                    points = sorted([*points, (-1910, 700)], key=lambda p: p[1])
                tags |= {"bridge": "yes", "layer": "1"} if bridge else {}
                self.data.way([self.at(p) for p in points[::order]], tags)


def _homes_beside(name, tags):
    if "bridge" in tags:
        return None
    kinds = {"Northmoor Road": "house", "Oxley Road": "farm", "Brook Lane": "house", "Aldminster Road": "house"}
    return kinds.get(name)


def _cut(points):
    """The points with more between those that lie far apart."""
    out = [points[0]]
    for (x0, y0), (x1, y1) in zip(points, points[1:]):
        parts = max(1, math.ceil(math.hypot(x1 - x0, y1 - y0) / 160))
        out += [(round(x0 + (x1 - x0) * k / parts), round(y0 + (y1 - y0) * k / parts)) for k in range(1, parts + 1)]
    return out


def _length(a, b):
    (x0, y0), (x1, y1) = plan.bend(*a), plan.bend(*b)
    return math.hypot(x1 - x0, y1 - y0)
