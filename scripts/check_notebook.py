#!/usr/bin/env python3
"""Runs the Python of docs/notebooks.md, as it stands there, on fixtures/town.

    python3 scripts/check_notebook.py LASTMILE FOLDER

LASTMILE is the binary; FOLDER takes what is written. The exit code is 77 where GeoPandas or Matplotlib is not there.
"""

import os
import re
import sys

REPOSITORY = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    binary, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    for name in ("geopandas", "matplotlib"):
        try:
            __import__(name)
        except ImportError:
            print(f"SKIPPED: no {name} in this Python", file=sys.stderr)
            sys.exit(77)
    import matplotlib

    matplotlib.use("Agg")
    with open(os.path.join(REPOSITORY, "docs", "notebooks.md"), encoding="utf-8") as file:
        cells = re.findall(r"^```python\n(.*?)^```", file.read(), re.DOTALL | re.MULTILINE)
    if not cells:
        sys.exit("docs/notebooks.md has no Python")
    os.makedirs(folder, exist_ok=True)
    os.chdir(folder)
    if not os.path.exists("fixtures"):
        os.symlink(os.path.join(REPOSITORY, "fixtures"), "fixtures")
    os.environ["PATH"] = os.path.dirname(binary) + os.pathsep + os.environ["PATH"]
    # One after the other in one world, as a notebook runs them.
    world = {}
    for cell in cells:
        exec(compile(cell, "docs/notebooks.md", "exec"), world)
    for name in ("times.parquet", "accessibility.csv", "map.png"):
        if not os.path.getsize(name):
            sys.exit(f"{name} is empty")
    print(f"{len(cells)} cells ran; {len(world['times'])} travel times")


main()
