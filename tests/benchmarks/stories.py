"""Figures for copies of stories: ``python tests/benchmarks/stories.py ARTICLES.jsonl[.xz] [SAMPLE [MOST]]``.

Milliseconds and rows an article; precision and recall of what the index finds against all pairs that an
exact inverted index of runs of five words yields (needs numpy); a sample of stories to read.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from warreader.index.article import Article, Line, LineKind, Metadata
from warreader.index.articles import Articles, Incoming
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
from warreader.index.stories.grouping import Pair, Printed, day_of
from warreader.index.stories.stories import Stories, Story
from warreader.index.stories.wording import Wording, plain, shared
from warreader.index.text import line_spans

PARTS = 8
"""The exact index is built in so many parts, to bound its memory."""

COMMON = 300
"""Articles from which on a run of five words proposes nothing to the exact index."""

PROPOSED = 0.25
"""Share of the shorter one's runs from which on the exact index proposes a pair."""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of a JSON lines file, plain or ``.xz``."""
    opener = lzma.open if path.suffix == ".xz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def lines(text: str) -> tuple[Line, ...]:
    """Every line as body: furniture left in makes it no easier."""
    return tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))


def stored(database: Database, articles: Sequence[dict[str, Any]]) -> list[Article]:
    """The articles in the library, in the order given."""
    library, found = Articles(database), []
    with database.transaction():
        for row in articles:
            meta = Metadata(title=row["title"], outlet=row["outlet"], date=row["date"] or None)
            _, name = library.store(
                Incoming(row["id"], row["text"], lines(row["text"]), meta, row["id"], stated_id=True)
            )
            found.append(library.get(name))
    return found


def exact(articles: Sequence[Article]) -> Iterator[tuple[int, int]]:
    """Indices of all pairs that share at least :data:`PROPOSED` of the shorter one's runs."""
    import numpy as np

    hashed = []
    for article in articles:
        own = Wording(plain(article.text, article.lines)).all
        hashed.append(np.fromiter(map(hash, own), dtype=np.int64, count=len(own)))
    sizes = [len(one) for one in hashed]
    codes, counts = [], []
    for part in range(PARTS):
        chosen = [one[(one % PARTS) == part] for one in hashed]
        runs = np.concatenate(chosen)
        owners = np.repeat(np.arange(len(chosen), dtype=np.uint64), [len(one) for one in chosen])
        order = np.argsort(runs, kind="stable")
        runs, owners = runs[order], owners[order]
        starts = np.flatnonzero(np.append(True, runs[1:] != runs[:-1]))
        held = np.diff(np.append(starts, len(runs)))
        found = []
        for size in range(2, COMMON + 1):
            block = owners[starts[held == size][:, None] + np.arange(size)]
            one, two = np.triu_indices(size, 1)
            step = max(1, 5_000_000 // len(one))
            for at in range(0, len(block), step):
                some = block[at : at + step]
                found.append((some[:, one] << np.uint64(32) | some[:, two]).ravel())
        code, count = np.unique(np.concatenate(found), return_counts=True)
        codes.append(code)
        counts.append(count)
    code, where = np.unique(np.concatenate(codes), return_inverse=True)
    count = np.bincount(where, weights=np.concatenate(counts))
    for pair, common in zip(code.tolist(), count.tolist(), strict=True):
        one, two = pair >> 32, pair & 0xFFFFFFFF
        if common >= PROPOSED * min(sizes[one], sizes[two]):
            yield one, two


def gold(articles: Sequence[Article]) -> set[tuple[int, int]]:
    """Keys of all pairs that are copies by what they share, however they were found."""
    found = set()
    for one, two in itertools.starmap(lambda a, b: (articles[a], articles[b]), exact(articles)):
        first, second, head = shared(*(Wording(plain(article.text, article.lines)) for article in (one, two)))
        pair = Pair(printed(one), printed(two), first, second, head)
        if pair.copies:
            found.add((min(one.key, two.key), max(one.key, two.key)))
    return found


def printed(article: Article) -> Printed:
    """Where and when an article appeared."""
    return Printed(article.key, article.meta.outlet, day_of(article.meta.date))


def main(path: Path, sample: int, most: int | None) -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library.sqlite", LIBRARY_MIGRATIONS)
        articles = stored(database, list(itertools.islice(rows(path), most)))
        stories = Stories(database)
        begun = time.process_time()
        for first in range(0, len(articles), 100):
            with database.transaction():
                for article in articles[first : first + 100]:
                    stories.derive(article)
        spent = time.process_time() - begun
        connection = database.connection
        marks = connection.execute("SELECT count(*) FROM story_mark").fetchone()[0]
        print(f"{len(articles)} articles, {spent * 1000 / len(articles):.3f} ms and", end=" ")
        print(f"{marks / len(articles):.1f} rows an article")
        begun = time.process_time()
        sizes = stories.sizes()
        print(f"{len(sizes)} articles in stories, counted in {(time.process_time() - begun) * 1000:.1f} ms")
        begun = time.process_time()
        found = stories.all()
        print(f"{len(found)} stories, read in {(time.process_time() - begun) * 1000:.1f} ms")
        _compare(gold(articles), found, articles)
        _show(found, {article.id: article for article in articles}, sample)
        database.close()


def _compare(wanted: set[tuple[int, int]], found: Sequence[Story], articles: Sequence[Article]) -> None:
    """Pairs in one story against pairs that are copies, and against those that copies of copies make."""
    keys = {article.id: article.key for article in articles}
    titles = {article.key: f"{article.meta.outlet}: {article.title}" for article in articles}
    together = {
        (one, two)
        for story in found
        for one, two in itertools.combinations(sorted(keys[copy.article] for copy in story.members), 2)
    }
    for one, two in sorted(wanted - together):
        print(f"  missed: {titles[one]} | {titles[two]}")
    hit = len(wanted & together)
    print(f"exact: {len(wanted)} pairs; recall {hit / max(1, len(wanted)):.3f},", end=" ")
    print(f"pairs in stories {len(together)}, of them exact pairs {hit / max(1, len(together)):.3f}")


def _show(found: Sequence[Story], articles: dict[str, Article], count: int) -> None:
    for story in random.Random(7).sample(list(found), min(count, len(found))):
        print(f"\n{story.id} ({len(story.members)}, {story.outlets} outlets)")
        for copy in story.members:
            text = articles[copy.article].text
            print(
                f"    {copy.share:.2f} {copy.outlet} {copy.date} {len(text.split())} words: {copy.title[:80]}"
            )
            print(f"         {text[:150]!r}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("path", type=Path, metavar="articles")
    parser.add_argument("sample", type=int, nargs="?", default=40)
    parser.add_argument("most", type=int, nargs="?")
    main(**vars(parser.parse_args()))
