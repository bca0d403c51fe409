"""Figures for matching.

``python tests/benchmarks/matching.py gold GOLD.json LINES.json SEEDS_DIR``: what gold wants, forbids, and all else.
``python tests/benchmarks/matching.py data ARTICLES.jsonl[.xz] SHARED.jsonl[.xz] [N] [SAMPLE]``: recall of shared
verbatim quotations of six words and more among the articles that hold them, milliseconds an article, and a sample of
reported pairs to read.
"""

from __future__ import annotations

import itertools
import json
import lzma
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quotations import load

from warreader.index.article import Article, Line, LineKind, Match, Mention, Metadata, Scope, Span
from warreader.index.articles import Articles, Incoming
from warreader.index.matching.matches import Matches
from warreader.index.quotations.quotations import Quotations
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.text import line_spans


def store(database: Database, article_id: str, text: str, lines: Sequence[Line], meta: Metadata) -> Article:
    """Put an article into the tables it is derived from."""
    articles = Articles(database)
    _, stored = articles.store(Incoming(article_id, text, tuple(lines), meta, article_id, stated_id=True))
    return articles.get(stored)


def store_mentions(database: Database, article: Article, mentions: Sequence[Mention]) -> None:
    """Put an article's mentions into the tables."""
    with database.transaction() as connection:
        for m in mentions:
            connection.execute(
                "INSERT OR IGNORE INTO entity (id, name, label, match) VALUES (?,?,?,?)",
                (m.entity, m.text, m.label, m.entity),
            )
            connection.execute(
                "INSERT INTO mention SELECT ?, ?, ?, ?, ?, key, '' FROM entity WHERE id = ?",
                (article.key, m.start, m.end, m.text, m.label, m.entity),
            )


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file, plain or ``.xz``."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def lies_in(match: Match, member: dict[str, Any]) -> bool:
    """Whether a match has a place that overlaps a gold member."""
    where = Span(member["start"], member["end"])
    return any(m.article == member["article"] and m.span.overlaps(where) for m in match.members)


def gold(arguments: Sequence[str]) -> None:
    """Matches on the seeds against gold."""
    gold_file, lines, seeds = map(Path, arguments)
    wanted = json.loads(gold_file.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library.sqlite", LIBRARY_MIGRATIONS)
        quotations, matches = Quotations(database), Matches(database)
        for article_id, (text, article_lines, mentions) in load(lines, seeds).items():
            article = store(database, article_id, text, article_lines, Metadata())
            store_mentions(database, article, mentions)
            quotations.derive(article)
            matches.derive(article)
        found = list(matches.all())
        for row in wanted["matches"] + [
            {**n, "expect": "negative", "scope": ""} for n in wanted["negatives"]
        ]:
            hits = [match for match in found if sum(lies_in(match, m) for m in row["members"]) > 1]
            scopes = {match.scope.value for match in hits}
            print(
                f"{row['id']:5} {row['expect']:9} {row['scope']:6} {'found ' + ','.join(scopes) if hits else '-'}"
            )
        for match in found:
            print(f"\n{match.id} {match.kind} {match.score}")
            for m in match.members:
                print(f"    {m.article} {m.start}-{m.end} {m.speaker!r} {m.text[:100]!r}")
        database.close()


def data(arguments: Sequence[str]) -> None:
    """Recall, precision sample and speed on articles from the field."""
    articles_file, shared_file = map(Path, arguments[:2])
    most = int(arguments[2]) if len(arguments) > 2 else 500
    sample = int(arguments[3]) if len(arguments) > 3 else 40
    shared = [row for row in rows(shared_file) if len(row["quote"].split()) >= 6]
    holders = {place["id"] for row in shared for place in row["occurrences"]}
    articles = {row["id"]: row for row in rows(articles_file)}
    order = [*filter(holders.__contains__, articles), *(key for key in articles if key not in holders)][:most]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library.sqlite", LIBRARY_MIGRATIONS)
        quotations, matches = Quotations(database), Matches(database)
        spent: list[tuple[float, float]] = []
        for article_id in order:
            row = articles[article_id]
            meta = Metadata(title=row["title"], outlet=row["outlet"], date=row["date"])
            lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(row["text"])]
            article = store(database, article_id, row["text"], lines, meta)
            begun = time.perf_counter()
            quotations.derive(article)
            halfway = time.perf_counter()
            matches.derive(article)
            spent.append((halfway - begun, time.perf_counter() - halfway))
        last = spent[-100:]
        print(f"{len(spent)} articles; the last 100 took, in ms an article:", end=" ")
        print(f"quotations {sum(a for a, _ in last) * 10:.1f}, matches {sum(b for _, b in last) * 10:.1f}")
        begun = time.perf_counter()
        found = list(matches.all(Scope.CROSS))
        size = database.path.stat().st_size / 1e6
        print(f"{len(found)} matches read in {time.perf_counter() - begun:.2f} s; file {size:.1f} MB")
        _recall(shared, set(order), found)
        _show(found, articles, sample)
        database.close()


def _recall(shared: Sequence[dict[str, Any]], loaded: set[str], found: Sequence[Match]) -> None:
    at: dict[str, list[Match]] = {}
    for match in found:
        for member in match.members:
            at.setdefault(member.article, []).append(match)
    pairs = hits = quotes = whole = 0
    for row in shared:
        places = [{**p, "article": p["id"]} for p in row["occurrences"] if p["id"] in loaded]
        if len(places) < 2:
            continue
        quotes += 1
        got = 0
        for first, second in itertools.pairwise(places):
            pairs += 1
            got += any(lies_in(m, first) and lies_in(m, second) for m in at.get(first["article"], []))
        hits += got
        whole += got == len(places) - 1
        if got < len(places) - 1:
            print("  missed:", row["quote"][:100])
    print(
        f"shared quotations of six words and more: {whole} of {quotes} whole, {hits} of {pairs} neighbouring pairs"
    )


def _show(found: Sequence[Match], articles: dict[str, dict[str, Any]], count: int) -> None:
    for match in random.Random(7).sample(list(found), min(count, len(found))):
        print(f"\n{match.kind} {match.score} ({len(match.members)})")
        for m in match.members[:3]:
            row = articles[m.article]
            print(f"    {row['outlet']} {row['date']} {m.speaker!r}: {m.text[:200]!r}")


if __name__ == "__main__":
    {"gold": gold, "data": data}[sys.argv[1]](sys.argv[2:])
