"""How often title, outlet, authors, date and address are right: python tests/benchmarks/page_metadata.py COLLECTION

Ours and trafilatura's alone, on the same pages in one run. Gold depends on the collection:

* A checkout of Fundus (see news_pages.py): what parsers written by hand for each outlet take from its pages, checked
  by its maintainers. Which of a page's titles is right (the heading or the one for other places) is each parser's own
  choice, mostly og:title: where the two differ, neither answer is wrong. Outlets' names are Fundus' own ("Associated
  Press News" for "AP News"), so a name counts where one contains the other.
* Any other folder of pages: each page's own JSON-LD, which is then taken out of the page before either reads it. That
  shows how well the rest of a page is read (meta elements, what is visible), as on pages that have no JSON-LD; it does
  not show how well JSON-LD is read, nor whether what it says is true.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from unicodedata import combining, normalize
from urllib.parse import unquote, urlsplit

sys.path.insert(0, str(Path(__file__).parent))

from news_pages import Page, opened, pages

from warreader.index.article import Metadata
from warreader.index.ingest import charsets, html, markup, page_metadata
from warreader.index.ingest.outlets import bare_words

_JSON_LD = re.compile(rb"<script\b[^<>]*ld\+json[^<>]*>(.*?)</script\s*>", re.IGNORECASE | re.DOTALL)


def ours(page: Page) -> Metadata:
    """As this program reads it."""
    saved = charsets.decode(page.data)
    readable = markup.readable(saved)
    tree = markup.tree(readable)
    if tree is None:
        tree = markup.tree(readable, deep=True)
    return Metadata() if tree is None else page_metadata.read(tree, saved).meta


def alone(page: Page) -> Metadata:
    """As trafilatura reads it."""
    from trafilatura import extract_metadata

    found = extract_metadata(charsets.decode(page.data), extensive=False)
    authors = ", ".join((found.author or "").split("; ")) or None
    return Metadata(found.title, found.sitename, authors, found.date, found.url, found.language)


def masked(held: Iterator[Page]) -> Iterator[Page]:
    """Pages without their JSON-LD, which is their gold."""
    for page in held:
        for match in _JSON_LD.finditer(page.data):
            try:
                stated = json.loads(match[1], strict=False)
            except ValueError:
                continue
            nodes = stated.get("@graph", [stated]) if isinstance(stated, dict) else stated
            node = next((one for one in nodes if isinstance(one, dict) and one.get("headline")), None)
            if node is None:
                continue
            publisher = node.get("publisher")
            yield replace(
                page,
                data=_JSON_LD.sub(b"", page.data),
                title=str(node["headline"]),
                date=_stated_date(node.get("datePublished")),
                outlet=publisher.get("name") if isinstance(publisher, dict) else None,
            )
            break


def _stated_date(value: object) -> str | None:
    try:
        return str(datetime.fromisoformat(str(value)))
    except ValueError:
        return None


def _same_day(gold: str, found: str) -> bool:
    """Whether it is the day, in the zone of either statement or in UTC."""
    wanted, given = datetime.fromisoformat(gold), datetime.fromisoformat(found)
    days = {moment.date() for moment in _zones(wanted)}
    return date.fromisoformat(found[:10]) in days or any(moment.date() in days for moment in _zones(given))


def _zones(moment: datetime) -> list[datetime]:
    return [moment] if moment.tzinfo is None else [moment, moment.astimezone(UTC)]


def _same_minute(gold: str, found: str) -> bool:
    wanted, given = datetime.fromisoformat(gold), datetime.fromisoformat(found)
    if len(found) <= 10 or wanted.tzinfo is None or given.tzinfo is None:
        return False
    return abs((wanted - given).total_seconds()) < 60


def _same_outlet(gold: str, found: str) -> bool:
    one, other = (bare_words(_unaccented(re.sub(r"\(.*?\)", "", name))) for name in (gold, found))
    return one == other or (min(len(one), len(other)) > 3 and (one in other or other in one))


def _unaccented(name: str) -> str:
    return "".join(character for character in normalize("NFKD", name) if not combining(character))


def _same_address(gold: str, found: str) -> bool:
    return _place(gold) == _place(found)


def _place(address: str) -> tuple[str, str]:
    parts = urlsplit(address)
    return (parts.hostname or "").removeprefix("www."), unquote(parts.path).rstrip("/")


def _is_name(_: str, found: str) -> bool:
    return re.fullmatch(r"(?:[\w-]+\.)+[a-z]{2,}", found, re.IGNORECASE) is None


def _same_people(gold: str, found: str) -> bool:
    return set(map(bare_words, gold.split(", "))) == set(map(bare_words, found.split(", ")))


FIELDS: dict[
    str, tuple[Callable[[Page], str | None], Callable[[Metadata], str | None], Callable[[str, str], bool]]
] = {
    "title": (
        lambda page: page.title,
        lambda meta: meta.title,
        lambda gold, found: bare_words(gold) == bare_words(found),
    ),
    "outlet": (lambda page: page.outlet, lambda meta: meta.outlet, _same_outlet),
    "outlet is a name, not a domain": (lambda page: page.outlet, lambda meta: meta.outlet, _is_name),
    "authors, all of them": (lambda page: ", ".join(page.authors), lambda meta: meta.author, _same_people),
    "date, the day": (lambda page: page.date, lambda meta: meta.date, _same_day),
    "date, the minute": (lambda page: page.date, lambda meta: meta.date, _same_minute),
    "url": (lambda page: page.url, lambda meta: meta.url, _same_address),
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description="what a page states about its article, ours and trafilatura's alone"
    )
    parser.add_argument("collection", type=Path)
    path = parser.parse_args().collection
    with opened(path) as folder:
        held = list(pages(folder))
    if not any(page.title for page in held):
        held = list(masked(iter(held)))
        print(f"{path.name}: {len(held)} pages with JSON-LD, which is gold and hidden from both")
    else:
        print(f"{path.name}: {len(held)} pages")
    found: dict[str, list[Metadata]] = {}
    html.quiet()
    for name, way in (("trafilatura alone", alone), ("ours", ours)):
        way(held[0])
        start = time.process_time()
        found[name] = [way(page) for page in held]
        print(f"  {name:18} {1000 * (time.process_time() - start) / len(held):.1f} ms CPU a page")
    for field, (gold_of, value_of, same) in FIELDS.items():
        right = {
            name: [
                (value := value_of(meta)) is not None and same(gold, value)
                for page, meta in zip(held, metas, strict=True)
                if (gold := gold_of(page))
            ]
            for name, metas in found.items()
        }
        pairs = list(zip(right["trafilatura alone"], right["ours"], strict=True))
        if pairs:
            print(
                f"  {field:32} of {len(pairs)}: trafilatura {sum(a for a, _ in pairs) / len(pairs):.3f}, ours"
                f" {sum(b for _, b in pairs) / len(pairs):.3f} (right alone: {sum(a and not b for a, b in pairs)},"
                f" {sum(b and not a for a, b in pairs)})"
            )


if __name__ == "__main__":
    main()
