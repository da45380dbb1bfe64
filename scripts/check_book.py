#!/usr/bin/env python3
"""Says whether every link within a built book leads to a page and an anchor that are there.

    mdbook build && python3 scripts/check_book.py target/book
"""
import html.parser
import pathlib
import sys
import urllib.parse


class Page(html.parser.HTMLParser):
    """The links and the anchors of a page."""

    def __init__(self, path):
        super().__init__()
        self.links, self.anchors = [], set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        if of.get("id"):
            self.anchors.add(of["id"])
        target = of.get("href") if tag == "a" else of.get("src") if tag == "img" else None
        if target:
            self.links.append(target)


book = pathlib.Path(sys.argv[1])
# The page for printing holds all others, and the page of a missing address may lie anywhere.
paths = [path for path in sorted(book.glob("*.html")) if path.name not in ("print.html", "404.html")]
pages = {path.name: Page(path) for path in paths}
links, broken = 0, []
for name, page in pages.items():
    for link in page.links:
        address = urllib.parse.urlsplit(link)
        if address.scheme or address.netloc:
            continue
        links += 1
        target = address.path or name
        anchor = urllib.parse.unquote(address.fragment)
        if not (book / target).exists() or (anchor and target in pages and anchor not in pages[target].anchors):
            broken.append(f"{name}: {link}")
if broken or links < 100:
    sys.exit("\n".join(broken) or f"only {links} links were seen")
print(f"{len(pages)} pages, {links} links, none broken")
