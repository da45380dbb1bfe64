"""A small writer of OpenStreetMap pbf files, standard library only.

The messages are those of https://wiki.openstreetmap.org/wiki/PBF_Format (fileformat.proto and osmformat.proto), encoded
by hand: a field is a varint key (number << 3 | wire type) and its value; sint64 is zigzag; lists of numbers are packed.
Elements are sorted by type, then id, and cut into several blocks, so that a reader that works block by block has
something to do in parallel.
"""

import struct
import zlib

BLOCK_ELEMENTS = 8000
GRANULARITY_NANODEGREES = 100
MEMBER_TYPES = {"node": 0, "way": 1, "relation": 2}


class OsmData:
    """Nodes, ways and relations to be written. Coordinates are degrees, ids are given on adding, from 1."""

    def __init__(self):
        self.nodes = {}
        self.ways = {}
        self.relations = {}

    def node(self, lon, lat, tags=None):
        """Adds a node and tells its id."""
        number = len(self.nodes) + 1
        self.nodes[number] = (round(lon * 1e7), round(lat * 1e7), dict(tags or {}))
        return number

    def way(self, refs, tags):
        """Adds a way and tells its id."""
        number = len(self.ways) + 1
        self.ways[number] = (list(refs), dict(tags))
        return number

    def relation(self, members, tags):
        """Adds a relation of (type, id, role) and tells its id."""
        number = len(self.relations) + 1
        self.relations[number] = (list(members), dict(tags))
        return number

    def encode(self, program, block_elements=BLOCK_ELEMENTS):
        """The bytes of the whole file, with the box of its nodes in the header."""
        out = [_blob(b"OSMHeader", self._header(program))]
        for items, group in ((self.nodes, _dense), (self.ways, _ways), (self.relations, _relations)):
            listed = sorted(items.items())
            for start in range(0, len(listed), block_elements):
                out.append(_blob(b"OSMData", _block(listed[start:start + block_elements], group)))
        return b"".join(out)

    def _header(self, program):
        lons = [n[0] * 100 for n in self.nodes.values()]
        lats = [n[1] * 100 for n in self.nodes.values()]
        box = _sint(1, min(lons)) + _sint(2, max(lons)) + _sint(3, max(lats)) + _sint(4, min(lats))
        return (_bytes(1, box) + _bytes(4, b"OsmSchema-V0.6") + _bytes(4, b"DenseNodes")
                + _bytes(5, b"Sort.Type_then_ID") + _bytes(16, program.encode()))


class _Strings:
    """A block's table of strings; 0 is the empty one, as dense nodes need."""

    def __init__(self):
        self.numbers = {"": 0}

    def of(self, text):
        return self.numbers.setdefault(text, len(self.numbers))

    def encode(self):
        return b"".join(_bytes(1, text.encode()) for text in self.numbers)


def _block(items, group):
    strings = _Strings()
    body = group(items, strings)
    return _bytes(1, strings.encode()) + _bytes(2, body) + _number(17, GRANULARITY_NANODEGREES)


def _dense(items, strings):
    keys_vals = []
    for _, (_, _, tags) in items:
        for key, value in sorted(tags.items()):
            keys_vals += [strings.of(key), strings.of(value)]
        keys_vals.append(0)
    dense = (_bytes(1, _deltas(number for number, _ in items))
             + _bytes(8, _deltas(node[1] for _, node in items))
             + _bytes(9, _deltas(node[0] for _, node in items))
             + _bytes(10, b"".join(map(_varint, keys_vals))))
    return _bytes(2, dense)


def _ways(items, strings):
    return b"".join(
        _bytes(3, _number(1, number) + _tags(tags, strings) + _bytes(8, _deltas(refs)))
        for number, (refs, tags) in items)


def _relations(items, strings):
    out = b""
    for number, (members, tags) in items:
        roles = b"".join(_varint(strings.of(role)) for _, _, role in members)
        types = b"".join(_varint(MEMBER_TYPES[kind]) for kind, _, _ in members)
        out += _bytes(4, _number(1, number) + _tags(tags, strings) + _bytes(8, roles)
                      + _bytes(9, _deltas(ref for _, ref, _ in members)) + _bytes(10, types))
    return out


def _tags(tags, strings):
    pairs = [(strings.of(key), strings.of(value)) for key, value in sorted(tags.items())]
    if not pairs:
        return b""
    return (_bytes(2, b"".join(_varint(key) for key, _ in pairs))
            + _bytes(3, b"".join(_varint(value) for _, value in pairs)))


def _blob(kind, payload):
    blob = _number(2, len(payload)) + _bytes(3, zlib.compress(payload, 9))
    header = _bytes(1, kind) + _number(3, len(blob))
    return struct.pack(">I", len(header)) + header + blob


def _varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def _zigzag(value):
    return value * 2 if value >= 0 else -value * 2 - 1


def _deltas(values):
    out, before = [], 0
    for value in values:
        out.append(_varint(_zigzag(value - before)))
        before = value
    return b"".join(out)


def _number(field, value):
    return _varint(field << 3) + _varint(value)


def _sint(field, value):
    return _varint(field << 3) + _varint(_zigzag(value))


def _bytes(field, value):
    return _varint(field << 3 | 2) + _varint(len(value)) + value


def payloads(data):
    """The (kind, unpacked payload) of each blob of a file written here: what stays equal when zlib itself changes."""
    out, at = [], 0
    while at < len(data):
        header_end = at + 4 + struct.unpack_from(">I", data, at)[0]
        header = _fields(data[at + 4:header_end])
        blob = _fields(data[header_end:header_end + header[3]])
        out.append((header[1], zlib.decompress(blob[3])))
        at = header_end + header[3]
    return out


def _fields(message):
    out, at = {}, 0
    while at < len(message):
        key, at = _read_varint(message, at)
        value, at = _read_varint(message, at)
        if key & 7 == 2:
            value, at = message[at:at + value], at + value
        out[key >> 3] = value
    return out


def _read_varint(message, at):
    value, shift = 0, 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
