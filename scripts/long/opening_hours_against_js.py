#!/usr/bin/env python3
"""Holds every `opening_hours` value of OSM extracts against opening_hours.js, and sorts the differences into classes.

usage: opening_hours_against_js.py [--list] EXTRACT.osm.pbf...
Needs node and npm (opening_hours 3.15.0 and its package are fetched into a temporary folder), cargo, and Python's `osmium`.
The dates are a week, three public holidays and the two solstices; a value's place is the first element that has it.
docs/opening-hours.md has what this said of the extracts the project is tested with.
"""
import collections, os, re, subprocess, sys, tempfile

import osmium

HERE = os.path.dirname(os.path.abspath(__file__))
DATES = [f"2026-03-{day:02}" for day in range(9, 16)] + ["2026-01-01", "2026-04-06", "2026-08-31", "2026-12-21", "2026-06-23"]
JS = "opening_hours@3.15.0"
# Where a place lies, for opening_hours.js: it asks for the names that Nominatim gives.
BRAZIL, WALES, ENGLAND = ("America/Sao_Paulo", "br", "Rio Grande do Sul"), ("Europe/London", "gb", "Wales"), ("Europe/London", "gb", "England")


def where(lon, lat):
    if lat < 0:
        return BRAZIL
    return WALES if lon < -2.65 else ENGLAND


def values(paths):
    """Each value with its number of elements and the place of the first."""
    found = {}
    for path in paths:
        for thing in osmium.FileProcessor(path).with_locations():
            hours = thing.tags.get("opening_hours")
            if hours is None:
                continue
            if thing.is_node():
                at = (thing.location.lon, thing.location.lat)
            else:
                known = [n.location for n in getattr(thing, "nodes", []) if n.location.valid()]
                at = (known[0].lon, known[0].lat) if known else None
            count, first = found.get(hours, (0, None))
            found[hours] = (count + 1, first or at)
    default = next(at for _, at in found.values() if at)
    return {hours: (count, at or default) for hours, (count, at) in found.items()}


def ask(command, lines, **more):
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, text=True, check=True, **more)
    answers = done.stdout.splitlines()
    assert len(answers) == len(lines), (len(answers), len(lines))
    return answers


def minutes(told):
    """The state of each minute of the day."""
    day = []
    for span in told.split(", "):
        h, m, k, n, state = re.fullmatch(r"(\d+):(\d+)-(\d+):(\d+) (\w+)", span).groups()
        day += [state] * (int(k) * 60 + int(n) - int(h) * 60 - int(m))
    return day


def differs(ours, theirs):
    """The states that meet where two days differ for more than five minutes, as the sun's moments do."""
    met = collections.Counter(pair for pair in zip(minutes(ours), minutes(theirs)) if pair[0] != pair[1])
    return sorted(pair for pair, n in met.items() if n > 5)


def class_of(hours, ours, theirs):
    """A name for a difference, by what is in the text and which states meet."""
    if ours == "?" and theirs == "?":
        return "neither understands it"
    if ours == "?":
        return "not understood here; read with a warning there"
    if theirs == "?":
        return "refused there, read here"
    pairs = differs(ours, theirs)
    if not pairs:
        return "same"
    text = re.sub(r'"[^"]*"', '""', hours)
    if "PH" in text and all(pair[0] == "unknown" for pair in pairs):
        return "`PH`, the nation's holidays are not known here"
    if "PH" in text:
        return "`PH`, which days are holidays"
    if re.search(r"\d\+", text):
        return "open end"
    if all(pair == ("unknown", "closed") for pair in pairs):
        return "a span past midnight, and a later rule for the next day: unknown here, closed there"
    return " and ".join(f"{ours} here, {theirs} there" for ours, theirs in pairs)


def main():
    listing = "--list" in sys.argv
    paths = [arg for arg in sys.argv[1:] if arg != "--list"]
    found = values(paths)
    cases = [(date, hours, count, at) for hours, (count, at) in sorted(found.items()) for date in DATES]
    lines = lambda names: ["\t".join([date, where(*at)[0], str(at[0]), str(at[1])] + (list(where(*at)[1:]) if names else []) + [" ".join(hours.split())]) for date, hours, _, at in cases]
    command = os.environ.get("OPENING_HOURS", "").split() or ["cargo", "run", "--quiet", "--release", "--example", "opening_hours"]
    ours = ask(command, lines(False), cwd=os.path.join(HERE, "..", ".."))
    theirs = [None] * len(cases)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "install", "--silent", "--prefix", folder, JS], check=True)
        for zone in sorted({where(*at)[0] for *_, at in cases}):
            mine = [at for at, case in enumerate(cases) if where(*case[3])[0] == zone]
            all_lines = lines(True)
            told = ask(["node", os.path.join(HERE, "opening_hours.mjs"), folder], [all_lines[at] for at in mine], env={**os.environ, "TZ": zone})
            for at, answer in zip(mine, told):
                theirs[at] = answer
    classes = collections.defaultdict(lambda: [set(), 0, []])
    whole = collections.defaultdict(set)
    for (date, hours, count, _), our, their in zip(cases, ours, theirs):
        name = class_of(hours, our, their)
        whole[hours].add(name)
        of = classes[name]
        of[0].add(hours)
        of[1] += 1
        of[2].append((date, hours, our, their))
    print(f"{len(found)} values of {sum(count for count, _ in found.values())} elements on {len(DATES)} dates; "
          f"{sum(names == {'same'} for names in whole.values())} values the same on all\n")
    print("| difference | values | elements | values × dates |\n|---|---:|---:|---:|")
    for name, (texts, days, _) in sorted(classes.items(), key=lambda item: -item[1][1]):
        print(f"| {name} | {len(texts)} | {sum(found[text][0] for text in texts)} | {days} |")
    if listing:
        for name, (*_, examples) in sorted(classes.items()):
            if name != "same":
                print(f"\n{name}")
                seen = set()
                for date, hours, our, their in examples:
                    if hours not in seen:
                        seen.add(hours)
                        print(f"  {date}  {hours}\n    here:  {our}\n    there: {their}")


if __name__ == "__main__":
    main()
