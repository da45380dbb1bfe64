#!/usr/bin/env python3
"""Takes one map out of a report.html and makes it a picture of its own, for the README.

    python3 scripts/report_map.py lastmile-out/report.html library_transit_am_p50_min "Title" > docs/map.svg
"""

import html
import re
import sys
from pathlib import Path

SIZE = "font-family='system-ui, sans-serif' fill='#1d2126'"


def main(report, field, title):
    page = Path(report).read_text(encoding="utf-8")
    outlines = re.findall(r'<path id="(n\d+)" d="([^"]*)"/>', page)
    figure = next(f for f in page.split('<figure class="map">')[1:] if f"<code>{field}</code>" in f)
    sheet = re.search(r'<svg viewBox="(-?\d+) (-?\d+) (\d+) (\d+)"', figure)
    left, top, width, height = map(int, sheet.groups())
    paths = dict(outlines)
    drawn = []
    for fill, uses in re.findall(r'<g fill="([^"]*)">(.*?)</g>', figure, re.S):
        fill = "#d9d6cf" if fill.startswith("url") else fill
        areas = re.findall(r'href="#(n\d+)"><title>(.*?)</title>', uses)
        drawn += [f'<path fill="{fill}" d="{paths[n]}"><title>{name}</title></path>' for n, name in areas]
    bar = re.search(r'<path class="bar" d="([^"]*)"/>\s*<text class="bar-label" x="(\d+)" y="(\d+)">(.*?)</text>', figure)
    keys = re.findall(r'<rect width="24" height="14" fill="([^"]*)"/></svg>(.*?) <span>(\d+)</span>', figure)
    legend = []
    for row, (fill, text, count) in enumerate((k for k in keys if not k[0].startswith("url") or k[2] != "0")):
        fill = "#d9d6cf" if fill.startswith("url") else fill
        y = top + 130 + row * 80
        legend.append(f'<rect x="{width + 60}" y="{y}" width="90" height="54" fill="{fill}" stroke="#6b7178" stroke-width="3"/>'
                      f'<text x="{width + 175}" y="{y + 43}" font-size="46" {SIZE}>{text} ({count})</text>')
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{left - 20} {top - 130} {width + 800} {height + 170}">')
    print(f'<rect x="{left - 20}" y="{top - 130}" width="{width + 800}" height="{height + 170}" fill="#fdfcfa"/>')
    print(f'<text x="{left + 10}" y="{top - 50}" font-size="62" font-weight="600" {SIZE}>{html.escape(title)}</text>')
    print('<g stroke="#6b7178" stroke-width="3" stroke-linejoin="round">', *drawn, "</g>", sep="\n")
    if bar:
        line, x, y, text = bar.groups()
        print(f'<path d="{line}" fill="none" stroke="#5c6570" stroke-width="5"/>')
        print(f'<text x="{x}" y="{y}" font-size="46" {SIZE}>{text}</text>')
    print(*legend, "</svg>", sep="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
