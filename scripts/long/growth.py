#!/usr/bin/env python3
"""Prints tables of what scripts/long/country.sh measured, and how each figure grows from the smallest fraction to the largest.

usage: growth.py MEASURED
A row of MEASURED is a fraction, a tab, `make`, `check` or `run`, a tab and what measure.py printed; or a fraction,
`count`, what is counted and its number. An exponent of 1 is in proportion to the country's size.
"""
import json
import math
import sys

LEAST_SECONDS = 0.5


def read(path):
    """(fractions, counts by what and fraction, figures by row's name and fraction)"""
    counts, figures = {}, {}
    with open(path, encoding="utf-8") as rows:
        for row in rows:
            fraction, what, *cells = row.rstrip("\n").split("\t")
            fraction = float(fraction)
            if what == "count":
                counts.setdefault(cells[0], {})[fraction] = int(cells[1])
                continue
            told = json.loads(cells[0])
            named = {f"`{what}`, CPU s": told["seconds"], f"`{what}`, peak MB": told["peak_mb"]}
            if what == "run":
                named |= {f"… {stage}, CPU s": used for stage, used in told["stages"].items()}
            for name, figure in named.items():
                figures.setdefault(name, {})[fraction] = figure
    fractions = sorted({fraction for by in figures.values() for fraction in by})
    return fractions, counts, figures


def exponent(by, fractions):
    """Of the growth between the smallest and the largest fraction; blank where the smallest is too little to tell."""
    first, last = by.get(fractions[0]), by.get(fractions[-1])
    if first is None or last is None or first < LEAST_SECONDS or len(fractions) < 2:
        return ""
    return f"{math.log(last / first) / math.log(fractions[-1] / fractions[0]):.2f}"


def table(title, rows, fractions):
    print(f"| {title} | " + " | ".join(f"{100 * fraction:g} %" for fraction in fractions) + " | exponent |")
    print("|---|" + "---:|" * (len(fractions) + 1))
    for name, by in rows.items():
        cells = ["" if fraction not in by else f"{by[fraction]:,}" for fraction in fractions]
        print(f"| {name} | " + " | ".join(cells) + f" | {exponent(by, fractions)} |")
    print()


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    fractions, counts, figures = read(sys.argv[1])
    if not fractions:
        sys.exit(f"{sys.argv[1]} has no figures")
    table("what there is", counts, fractions)
    table("what it takes", figures, fractions)


if __name__ == "__main__":
    main()
