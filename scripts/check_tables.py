#!/usr/bin/env python3
"""Reads a result's Parquet and GeoPackage with the programs that analysts use, and holds them to the CSV.

    python3 scripts/check_tables.py RESULT

What of GeoPandas, PyArrow and DuckDB is there is used; with none of them the exit code is 77. What is wrong stands on the
standard error, with exit code 1.
"""

import csv
import json
import os
import sys

WRONG, USED = [], []


def expect(holds, what):
    if not holds:
        WRONG.append(what)


def import_or_none(name):
    try:
        module = __import__(name)
    except ImportError:
        print(f"SKIPPED: no {name} in this Python", file=sys.stderr)
        return None
    USED.append(name)
    return module


def rows_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def same(cell, value):
    """Whether a cell of the CSV and a value say the same; an empty cell is a null."""
    if value is None or value != value:
        return cell == ""
    if isinstance(value, bool):
        return cell == str(value).lower()
    if isinstance(value, (int, float)):
        return cell != "" and float(cell) == float(value)
    return cell.lstrip("'") == str(value).lstrip("'")


def hold_to_csv(what, rows, columns):
    """`columns` is name → list of values."""
    for name in rows[0]:
        expect(name in columns, f"{what}: no column {name}")
        for row, value in zip(rows, columns.get(name, [])):
            expect(same(row[name], value), f"{what}: {name} of {row['id']} is {value!r}, not {row[name]!r}")


def main():
    folder = sys.argv[1]
    path = os.path.join(folder, "neighbourhoods.parquet")
    rows = rows_of(os.path.join(folder, "neighbourhoods.csv"))
    arrow = import_or_none("pyarrow")
    if arrow:
        import pyarrow.parquet as parquet

        table = parquet.read_table(path)
        geo = json.loads(table.schema.metadata[b"geo"])
        expect(geo["version"] == "1.1.0" and geo["primary_column"] == "geometry", f"pyarrow: {geo}")
        expect(geo["columns"]["geometry"]["encoding"] == "WKB", f"pyarrow: {geo}")
        columns = {name: table.column(name).to_pylist() for name in table.column_names}
        hold_to_csv("pyarrow", rows, columns)
    duckdb = import_or_none("duckdb")
    if duckdb:
        found = duckdb.sql(f"SELECT count(*), sum(population) FROM read_parquet('{path}')").fetchall()[0]
        people = sum(float(row["population"]) for row in rows if row["population"])
        expect(found[0] == len(rows), f"duckdb: {found[0]} rows")
        expect(abs((found[1] or 0) - people) < 1e-6 * max(people, 1), f"duckdb: {found[1]} people, not {people}")
    geopandas = import_or_none("geopandas")
    if geopandas:
        areas = geopandas.read_parquet(path) if arrow else None
        layer = geopandas.read_file(os.path.join(folder, "lastmile.gpkg"), layer="neighbourhoods")
        for what, frame in (("geopandas, Parquet", areas), ("geopandas, GeoPackage", layer)):
            if frame is None:
                continue
            expect(len(frame) == len(rows), f"{what}: {len(frame)} rows")
            expect(frame.crs is not None and frame.crs.is_geographic, f"{what}: {frame.crs}")
            expect(frame.geometry.is_valid.all(), f"{what}: invalid shapes")
            ids = [row["id"] for row in rows]
            expect(list(frame["id"]) == ids, f"{what}: other ids")
        if areas is not None:
            expect(areas.geometry.geom_equals(layer.geometry).all(), "Parquet and GeoPackage differ in shapes")
    for what in WRONG[:20]:
        print(what, file=sys.stderr)
    print(f"{len(rows)} neighbourhoods, read with {', '.join(USED) or 'nothing'}")
    sys.exit(1 if WRONG else 0 if USED else 77)


main()
