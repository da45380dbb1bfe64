#!/usr/bin/env bash
# pyrosm 0.25.0 and GDAL's OSM driver (in pyogrio 0.13.0, PyPI): a pbf whose ways carry their places is empty.
#
# Seen: osmium writes a map with the feature LocationsOnWays (as `osmium add-locations-to-ways` does by
# default): untagged nodes are left out, each way holds its own coordinates, and the header requires that
# feature. pyosmium reads all 202 ways back. pyrosm finds no edges and returns None with a warning; GDAL's
# layer `lines` has 0 rows and says nothing. Right is 202 ways, or a refusal that names the feature, which
# stands in the header as one that a reader must know.
source "$(dirname "$0")/support/python.sh"
install osmium==4.3.2 pyrosm==0.25.0 pyogrio==0.13.0
python - 2>/dev/null <<'PY' || { echo "the behaviour has changed"; exit 1; }
import sys, warnings
import osmium, pyogrio, pyrosm
from one_street import *

class Copy(osmium.SimpleHandler):
    def __init__(self, writer):
        super().__init__()
        self.writer = writer
    def way(self, way):
        self.writer.add_way(way)

class Count(osmium.SimpleHandler):
    ways = 0
    def way(self, way):
        self.ways += all(node.location.valid() for node in way.nodes)

street("plain.osm.pbf")
writer = osmium.SimpleWriter(osmium.io.File("placed.osm.pbf", "pbf,locations_on_ways=true"))
Copy(writer).apply_file("plain.osm.pbf", locations=True)
writer.close()
count = Count()
count.apply_file("placed.osm.pbf")
warnings.simplefilter("ignore")
def seen(path):
    edges = pyrosm.OSM(path).get_network("walking")
    return (0 if edges is None else len(edges)), len(pyogrio.read_dataframe(path, layer="lines"))
plain, placed = seen("plain.osm.pbf"), seen("placed.osm.pbf")
print("pyosmium", count.ways, "ways; pyrosm and GDAL", pyogrio.__gdal_version_string__, "plain", plain, "placed", placed)
sys.exit(not (count.ways == 202 and plain == (202, 202) and placed == (0, 0)))
PY
