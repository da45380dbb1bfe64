"""Writes the files of a fixture, or with --check compares them with those on disk."""

import csv
import io
import json
import sys
from pathlib import Path

import osm_pbf


def csv_bytes(header, rows):
    """A table as the bytes of a CSV file, lines ended by LF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode()


def geojson_bytes(features):
    """A FeatureCollection with a feature to a line. Features are (properties, geometry)."""
    lines = [json.dumps({"type": "Feature", "properties": properties, "geometry": geometry}, separators=(",", ":"))
             for properties, geometry in features]
    head = ('{"type":"FeatureCollection",\n"crs":{"type":"name","properties":'
            '{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},\n"features":[\n')
    return (head + ",\n".join(lines) + "\n]}\n").encode()


def write_or_check(folder, files):
    """Writes each path -> bytes below the folder; with --check tells the differences instead, and their exit code."""
    if "--check" in sys.argv[1:]:
        return _check(folder, files)
    for path, content in sorted(files.items()):
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    print(f"{folder.name}: {len(files)} files, {sum(map(len, files.values())):,} bytes")
    return 0


def _check(folder, files):
    different = [path for path, content in sorted(files.items()) if not _same(folder / path, content)]
    for path in different:
        print(f"{folder.name}/{path}: differs from what this script makes", file=sys.stderr)
    print(f"{folder.name}: {len(files) - len(different)} of {len(files)} files are as made")
    return 1 if different else 0


def _same(target: Path, content):
    if not target.is_file():
        return False
    found = target.read_bytes()
    if target.suffix == ".pbf" and found != content:
        return osm_pbf.payloads(found) == osm_pbf.payloads(content)
    return found == content
