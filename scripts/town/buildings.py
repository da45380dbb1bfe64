"""Where buildings stand: slots beside the streets, and the homes that fill them."""

import math

from town import plan
from town.dice import Dice

# How homes are built: (tag, metres long, people at least, at most, share of the slots built on).
BUILDS = {
    "flats": ("apartments", 24, 12, 34, 0.75),
    "terrace": ("residential", 27, 6, 20, 0.85),
    "close": ("house", 12, 2, 5, 1.0),
    "house": ("house", 12, 2, 5, 0.7),
    "farm": ("house", 14, 2, 6, 0.12),
}
SET_BACK_M = 15
DEPTH_M = 9


class Slot:
    """A plot beside a street: its centre on the map and the directions along the street and away from it."""

    def __init__(self, edge, along_m, side):
        (ax, ay), (bx, by) = plan.bend(*edge["a"]), plan.bend(*edge["b"])
        length = math.hypot(bx - ax, by - ay)
        self.edge = edge
        self.along = ((bx - ax) / length, (by - ay) / length)
        self.away = (-self.along[1] * side, self.along[0] * side)
        self.start = (ax + self.along[0] * along_m, ay + self.along[1] * along_m)
        (px, py), (qx, qy), share = edge["a"], edge["b"], along_m / length
        flat = math.hypot(qx - px, qy - py)
        self.on_plan = (px + (qx - px) * share - (qy - py) / flat * side * SET_BACK_M,
                        py + (qy - py) * share + (qx - px) / flat * side * SET_BACK_M)
        self.zone = zone_of(self.on_plan)

    def point(self, along, away):
        """A point of the map, metres along the street from the slot's middle and away from the carriageway."""
        return (self.start[0] + self.along[0] * along + self.away[0] * away,
                self.start[1] + self.along[1] * along + self.away[1] * away)

    def footprint(self, length, depth=DEPTH_M):
        """The corners of a building on the slot."""
        near, far = SET_BACK_M - depth / 2, SET_BACK_M + depth / 2
        return [self.point(*corner) for corner in
                ((-length / 2, near), (length / 2, near), (length / 2, far), (-length / 2, far))]


def zone_of(point):
    """The number of the neighbourhood that a place of the plan lies in."""
    for number, (_, x0, y0, x1, y1, _, _) in enumerate(plan.NEIGHBOURHOODS):
        if x0 <= point[0] < x1 and y0 <= point[1] < y1:
            return number
    raise ValueError(f"no neighbourhood at {point}")


def slots(streets):
    """All slots, those inside a green cell left out."""
    found = []
    for edge in streets.edges:
        if edge["homes"] is None:
            continue
        (ax, ay), (bx, by) = plan.bend(*edge["a"]), plan.bend(*edge["b"])
        length = math.hypot(bx - ax, by - ay)
        first, spacing = {"close": (66, 18), "house": (25, 22), "farm": (25, 30)}.get(edge["homes"], (24 + 14, 37))
        last = length - (4 if edge["homes"] == "close" else first)
        count = int((last - first) // spacing) + 1 if last >= first else 0
        for side in (-1, 1):
            for number in range(count):
                slot = Slot(edge, first + number * spacing, side)
                if not any(x0 < slot.on_plan[0] < x1 and y0 < slot.on_plan[1] < y1 for x0, y0, x1, y1 in streets.green):
                    found.append(slot)
    return found


def homes(data, plane, free):
    """Builds homes on free slots; tells (zone, map point, people) of each."""
    dice = Dice(plan.SEED, "homes")
    built = []
    for slot in free:
        tag, length, fewest, most, share = BUILDS[slot.edge["homes"]]
        if dice.share() >= share:
            continue
        ring(data, plane, slot.footprint(length), {"building": tag})
        built.append((slot.zone, slot.point(0, SET_BACK_M), dice.between(fewest, most)))
    return built


def ring(data, plane, corners, tags, tagged=None):
    """A closed way through points of the map; `tagged` gives tags to the nodes of some corners."""
    refs = [data.node(*plane.lonlat(*corner), (tagged or {}).get(n)) for n, corner in enumerate(corners)]
    return data.way([*refs, refs[0]], tags)
