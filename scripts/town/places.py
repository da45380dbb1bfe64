"""The places people go to: areas in the blocks first, then buildings and points beside the streets."""

from town import plan
from town.buildings import ring
from town.dice import Dice

# Blocks given to areas: district -> (parks, schools, supermarkets).
AREAS = {
    "centre": (1, 0, 1), "riverside": (1, 0, 1), "northfield": (5, 2, 1), "southfield": (4, 3, 2),
    "westgate": (3, 2, 1), "eastgate": (3, 2, 1), "southbrook": (3, 2, 1), "northmoor": (2, 1, 0), "oxley": (1, 1, 0),
}
POOR_ZONES = {n for n, zone in enumerate(plan.NEIGHBOURHOODS) if zone[0][:11] in ("Wenbury 006", "Wenbury 007")
              or zone[0].startswith("Oxley")}

# (count, form, kept out of the poorly served zones, tags; the name's % becomes a street or a saint)
SPREAD = [
    (11, "building", False, {"amenity": "community_centre", "name": "% Community Centre"}),
    (2, "node", False, {"amenity": "community_centre", "community_centre": "village_hall", "name": "% Hall"}),
    (2, "building", False, {"building": "church_hall", "amenity": "social_centre", "name": "% Church Hall"}),
    (19, "node", True, {"amenity": "pub", "name": "The % Arms"}),
    (2, "building", True, {"amenity": "pub;restaurant", "name": "The % Inn"}),
    (23, "building", False, {"amenity": "place_of_worship", "religion": "christian", "building": "church",
                             "name": "St %'s Church"}),
    (2, "node", True, {"amenity": "place_of_worship", "religion": "muslim", "name": "% Road Mosque"}),
    (3, "building", True, {"amenity": "library", "building": "public", "name": "% Library"}),
    (1, "node", True, {"amenity": "library", "name": "% Library"}),
    (16, "node", False, {"leisure": "playground"}),
    (22, "node", True, {"amenity": "cafe", "name": "% Café"}),
    (2, "node", True, {"amenity": "fast_food;cafe", "name": "% Kitchen"}),
    (6, "node", True, {"amenity": "doctors", "name": "% Surgery"}),
    (3, "building", True, {"amenity": "doctors", "healthcare": "doctor", "name": "% Medical Practice"}),
    (1, "node", True, {"healthcare": "doctor", "name": "% Family Practice"}),
    (10, "node", True, {"amenity": "pharmacy", "healthcare": "pharmacy", "name": "% Pharmacy"}),
    (8, "node", True, {"amenity": "post_office", "name": "% Post Office"}),
    (22, "node", False, {"shop": "convenience", "name": "% Stores"}),
    (4, "node", True, {"shop": "bakery", "name": "% Bakery"}),
    (3, "node", True, {"shop": "greengrocer", "name": "% Greens"}),
    (10, "node", True, {"amenity": "restaurant", "name": "% Restaurant"}),
    (9, "node", True, {"amenity": "fast_food", "name": "% Fish Bar"}),
    (6, "node", True, {"amenity": "dentist", "healthcare": "dentist", "name": "% Dental Care"}),
    (4, "node", True, {"amenity": "bank", "name": "% Bank"}),
    (6, "building", False, {"amenity": "kindergarten", "name": "% Nursery"}),
    (3, "building", True, {"leisure": "sports_centre", "name": "% Leisure Centre"}),
    (3, "node", True, {"amenity": "social_facility", "social_facility": "food_bank", "name": "% Food Bank"}),
    (1, "building", True, {"amenity": "townhall", "name": "% Town Hall"}),
    (1, "building", True, {"amenity": "theatre", "name": "% Theatre"}),
    (1, "building", True, {"amenity": "arts_centre", "name": "% Arts Centre"}),
    (1, "building", True, {"amenity": "cinema", "name": "% Cinema"}),
    (3, "node", True, {"office": "employment_agency", "name": "% Jobs"}),
    # Places that are gone: none of these may count.
    (14, "node", False, {"shop": "vacant"}),
    (4, "node", False, {"disused:amenity": "pub", "name": "The % Arms"}),
    (2, "node", False, {"disused:amenity": "library", "was:name": "% Library"}),
    (2, "building", False, {"amenity": "disused", "name": "% Institute"}),
    (1, "node", False, {"abandoned:amenity": "doctors"}),
]
SAINTS = """Aidan Alban Anne Barnabas Bede Chad Clement Cuthbert Edmund Faith George Giles Helen Hilda James Jude
Lawrence Luke Margaret Mark Mary Michael Nicholas Oswald Paul Peter Philip Swithun Thomas Wilfrid""".split()


class Places:
    """Adds the places to the map; `listed` keeps (kind, zone, map point, name) for the registers."""

    def __init__(self, data, plane, streets):
        self.data, self.plane, self.streets = data, plane, streets
        self.dice = Dice(plan.SEED, "places")
        self.listed = []
        self.count = 0
        self.named = set()

    def areas(self):
        """Parks, schools, supermarkets, the hospital and the college, each in a block of its own."""
        for district, (parks, schools, shops) in AREAS.items():
            cells = iter(self.dice.shuffled(self.streets.cells[district]))
            for number in range(parks):
                self._park(next(cells), with_pond=district == "northfield" and number == 0)
            for number in range(schools):
                self._school(next(cells), footway=number % 2 == 0)
            for _ in range(shops):
                self._supermarket(next(cells))
            if district == "southfield":
                self._site(next(cells), {"amenity": "hospital", "healthcare": "hospital", "emergency": "yes",
                                         "name": "Wenbury General Hospital"})
            if district == "westgate":
                self._site(next(cells), {"amenity": "college", "name": "Wenbury College"})
            if district in ("northfield", "southbrook"):
                self._ground(next(cells), {"leisure": "recreation_ground", "name": f"{district.title()} Rec"})
            if district in ("eastgate", "southfield"):
                self._ground(next(cells), {"landuse": "allotments"})

    def beside_streets(self, slots):
        """Points and buildings on slots; tells the slots that are left."""
        queue = self.dice.shuffled(slots)
        self._fixed(queue)
        for count, form, kept_out, tags in SPREAD:
            for _ in range(count):
                # Half of what keeps out of the poor zones is in the centre.
                centre = kept_out and self.dice.share() < 0.4
                slot = next(s for s in queue if (not kept_out or s.zone not in POOR_ZONES)
                            and (not centre or s.zone < 4) and s.edge["homes"] != "farm")
                queue.remove(slot)
                self._place(slot, form, tags)
        taken = set(map(id, queue))
        return [slot for slot in slots if id(slot) in taken]

    def _fixed(self, queue):
        """What the estate and the village have."""
        oxley = len(plan.NEIGHBOURHOODS) - 1
        estate = [n for n, zone in enumerate(plan.NEIGHBOURHOODS) if zone[0].startswith("Wenbury 007")]
        for zone, form, tags in [
            (oxley, "building", {"amenity": "community_centre", "community_centre": "village_hall",
                                 "name": "Oxley Village Hall"}),
            (oxley, "node", {"amenity": "pub", "name": "The Plough"}),
            (oxley, "building", {"amenity": "place_of_worship", "religion": "christian", "building": "church",
                                 "name": "St Mary's, Oxley"}),
            (oxley, "node", {"disused:amenity": "post_office", "name": "Oxley Post Office"}),
            (estate[0], "building", {"amenity": "community_centre", "name": "Northmoor Community Centre"}),
            (estate[0], "node", {"amenity": "pharmacy", "name": "Northmoor Pharmacy"}),
            (estate[1], "node", {"shop": "convenience", "name": "Northmoor Stores"}),
            (estate[1], "node", {"disused:amenity": "pub", "name": "The Moorhen"}),
        ]:
            slot = next(s for s in queue if s.zone == zone and s.edge["homes"] != "farm")
            queue.remove(slot)
            self._place(slot, form, tags, named=True)

    def _place(self, slot, form, tags, named=False):
        tags = dict(tags)
        if not named:
            word = self._name(tags.get("name", ""), SAINTS if tags.get("building") == "church" else plan.STREET_FIRST)
            tags = {key: value.replace("%", word) for key, value in tags.items()}
        self.count += 1
        if form == "node":
            at = slot.point(0, 9)
            self.data.node(*self.plane.lonlat(*at), tags)
        else:
            at = slot.point(0, 15)
            ring(self.data, self.plane, slot.footprint(18, 12), {"building": "yes"} | tags)
        kind = tags.get("amenity", "").split(";")[0]
        self.listed.append((kind, slot.zone, at, tags.get("name", "")))

    def _name(self, pattern, words=plan.STREET_FIRST):
        """A word for the name, never the same twice for things of one kind."""
        word = next(w for w in self.dice.shuffled(words) if (pattern, w) not in self.named)
        self.named.add((pattern, word))
        return word

    def _block(self, cell, inset):
        x0, y0, x1, y1 = cell
        self.streets.green.append(cell)
        self.count += 1
        return [(x0 + inset, y0 + inset), (x1 - inset, y0 + inset), (x1 - inset, y1 - inset), (x0 + inset, y1 - inset)]

    def _nodes(self, points, tagged=None):
        return [self.data.node(*self.streets.lonlat(p), (tagged or {}).get(n)) for n, p in enumerate(points)]

    def _park(self, cell, with_pond):
        """A park with a path from corner to corner, whose nodes it shares where the path meets the edge."""
        refs = self._nodes(self._block(cell, 14))
        x0, y0, x1, y1 = cell
        middle = self.data.node(*self.streets.lonlat((x0 + (x1 - x0) / 2, y0 + (y1 - y0) / 2)))
        tags = {"leisure": "park", "name": f"{self._name('Park')} Park"}
        if with_pond:
            outer = self.data.way([*refs, refs[0]], {})
            centre = (x0 * 0.3 + x1 * 0.7, y0 * 0.7 + y1 * 0.3)
            corners = ((-14, -9), (14, -9), (14, 9), (-14, 9))
            pond = self._nodes([(centre[0] + dx, centre[1] + dy) for dx, dy in corners])
            inner = self.data.way([*pond, pond[0]], {"natural": "water"})
            self.data.relation([("way", outer, "outer"), ("way", inner, "inner")], {"type": "multipolygon"} | tags)
        else:
            self.data.way([*refs, refs[0]], tags)
        path = [refs[0], middle, refs[2]]
        ends = [self.streets.nodes.get((x0, y0)), self.streets.nodes.get((x1, y1))]
        path = ([ends[0]] if ends[0] else []) + path + ([ends[1]] if ends[1] else [])
        self.data.way(path, {"highway": "footway"})

    def _school(self, cell, footway):
        points = self._block(cell, 25)
        if footway:
            refs = self._nodes(points, {0: {"entrance": "main"}})
            self.data.way([self.streets.nodes[cell[0], cell[1]], refs[0]], {"highway": "footway"})
        else:
            gate = ((points[0][0] + points[1][0]) / 2, points[0][1])
            refs = self._nodes([points[0], gate, *points[1:]], {1: {"entrance": "yes"}})
        name = f"{self._name('Primary School')} Primary School"
        self.data.way([*refs, refs[0]], {"amenity": "school", "name": name})

    def _supermarket(self, cell):
        points = self._block(cell, 30)
        refs = self._nodes(points, {0: {"entrance": "main"}, 2: {"entrance": "service"}})
        self.data.way([self.streets.nodes[cell[0], cell[1]], refs[0]], {"highway": "footway"})
        self.data.way([*refs, refs[0]], {"shop": "supermarket", "building": "retail",
                                         "name": f"{self._name('Foods')} Foods"})

    def _site(self, cell, tags):
        points = self._block(cell, 20)
        refs = self._nodes(points, {0: {"entrance": "main"}})
        self.data.way([self.streets.nodes[cell[0], cell[1]], refs[0]], {"highway": "service"})
        self.data.way([*refs, refs[0]], tags)

    def _ground(self, cell, tags):
        refs = self._nodes(self._block(cell, 20))
        self.data.way([*refs, refs[0]], tags)
