#!/usr/bin/env python3
"""Turns links between the repository's root and docs/ into links within the book.

mdBook runs it as a preprocessor (book.toml). A page of the root, such as METHODOLOGY.md, is a chapter
of the book through a page of docs/ that includes it. So `../METHODOLOGY.md` becomes `methodology.md`,
and in an included page `docs/speed.md` becomes `speed.md`. Links to files that are no chapter, such as
scripts, keep their words and lose their link.
"""
import json
import re
import sys

ROOT_PAGES = ["METHODOLOGY", "ARCHITECTURE", "CONTRIBUTING", "SECURITY", "CHANGELOG"]
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)\s]+)\)")


def turned(target):
    """Where a link of the repository leads in the book; None where the book has no such page."""
    if re.match(r"[a-z]+:|#", target):
        return target
    path, _, anchor = target.partition("#")
    path = path.removeprefix("../").removeprefix("docs/")
    name = path.removesuffix(".md")
    if name in ROOT_PAGES:
        path = name.lower() + ".md"
    elif "/" in path or name == "SUMMARY" or not path.endswith((".md", ".svg")):
        return None
    return path + ("#" + anchor if anchor else "")


def turn(match):
    picture, words, target = match.groups()
    target = turned(target)
    return f"{picture}[{words}]({target})" if target else words


def walk(items):
    for item in items:
        chapter = item.get("Chapter") if isinstance(item, dict) else None
        if chapter:
            chapter["content"] = LINK.sub(turn, chapter["content"])
            walk(chapter["sub_items"])


if len(sys.argv) > 1 and sys.argv[1] == "supports":
    sys.exit(0)
_, book = json.load(sys.stdin)
walk(book.get("items") or book.get("sections") or [])
json.dump(book, sys.stdout)
