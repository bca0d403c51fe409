"""Search against other engines: one corpus, the same documents and queries, each engine in turn.

    python tests/benchmarks/search.py CORPUS.jsonl[.xz|.gz|.bz2] [--articles N] [--queries N]
        [--engines ours,tantivy,fts5,whoosh] [--keep FOLDER]

With more ``--articles`` than the corpus has, further ones are made of its paragraphs, drawn at random
with a fixed seed. With ``--keep``, the library and the indexes made are kept there and used again.
Every engine runs in a process of its own. Times are CPU time. Query words are drawn from the corpus.
Facets need names: runs of capitalised words stand for what the recogniser would find, up to so many an article.
Printed: for each engine what building, opening, querying cost, and ours as a ratio of the others.

``pip install tantivy`` for tantivy; whoosh is stock Whoosh, slow: not among the engines unless named.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from corpus import articles
from search_engines import ENGINES, Asked

from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database

_NAME = re.compile(r"(?<![.!?] )\b[A-Z][a-z]+(?: [A-Z][a-z]+){0,2}")
_NAMES = 20

_POOL = 20_000
"""Articles of which further ones are made: what is kept in memory."""

KINDS = ("rare", "common", "AND", "OR", "phrase", "prefix", "fuzzy", "field", "dates")


def enlarged(path: Path, most: int | None) -> Iterator[dict[str, Any]]:
    """The corpus's articles, then others with a title, outlet and date of one and paragraphs of many."""
    pool: list[dict[str, Any]] = []
    count = 0
    for article in islice(articles(path), most):
        count += 1
        if len(pool) < _POOL:
            pool.append(article)
        yield article
    draw = random.Random(11)
    while most is not None and count < most:
        count += 1
        one = draw.choice(pool)
        paragraphs = []
        for _ in range(one["text"].count("\n\n") + 1):
            paragraphs.append(draw.choice(draw.choice(pool)["text"].split("\n\n")))
        yield {**one, "id": f"made-{count}", "text": "\n\n".join(paragraphs)}


def store(library: Path, given: Iterable[dict[str, Any]], source: str) -> None:
    """Store the articles, every line a body line."""
    database = Database(library, LIBRARY_MIGRATIONS)
    with database.transaction() as connection:
        for number, article in enumerate(given):
            text = article["text"].replace("\r\n", "\n")
            connection.execute(
                "INSERT INTO article"
                " (id, source, text, kinds, length, digest, added, title, outlet, author, date)"
                " VALUES (?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?)",
                (
                    f"{number}-{article.get('id', '')}",
                    source,
                    text,
                    "b" * (text.count("\n") + 1),
                    len(text),
                    sha256(text.encode()).digest(),
                    *(article.get(name) for name in ("title", "outlet", "author", "date")),
                ),
            )
    database.close()


def name(library: Path) -> None:
    """Store runs of capitalised words as names of the articles."""
    database = Database(library, LIBRARY_MIGRATIONS)
    entities: dict[str, int] = {}
    labels = ("PERSON", "GPE", "ORG", "UNIT")
    with database.transaction() as connection:
        if connection.execute("SELECT 1 FROM named").fetchone():
            return
        rows = connection.execute("SELECT key, text FROM article").fetchall()
        for key, text in rows:
            found = Counter(_NAME.findall(text)).most_common(_NAMES)
            for one, _ in found:
                if one not in entities:
                    entities[one] = len(entities) + 1
                    label = labels[len(one) % len(labels)]
                    connection.execute(
                        "INSERT INTO entity (key, id, name, label, match) VALUES (?, ?, ?, ?, ?)",
                        (entities[one], f"e{entities[one]}", one, label, f"e{entities[one]}"),
                    )
            connection.executemany(
                "INSERT INTO named (entity, article, mentions, counted) VALUES (?, ?, ?, 1)",
                [(entities[one], key, count) for one, count in found],
            )
    database.close()


def queries(library: Path, count: int) -> list[Asked]:
    """``count`` queries of each kind, drawn from the texts."""
    database = Database(library, LIBRARY_MIGRATIONS)
    texts = [
        row[0]
        for row in database.connection.execute(
            "SELECT text FROM article WHERE key % (SELECT count(*) / 500 + 1 FROM article) = 0"
        )
    ]
    dates = [
        row[0][:10]
        for row in database.connection.execute(
            "SELECT date FROM article WHERE length(date) >= 10 ORDER BY date"
        )
    ]
    database.close()
    draw = random.Random(7)
    words = Counter(
        word.lower() for text in texts for word in text.split() if word.isascii() and word.isalpha()
    )
    ranked = [word for word, _ in words.most_common() if len(word) > 1]
    common, rare = ranked[30:600], [word for word in ranked[600:8000] if len(word) > 3]
    split = [text.split() for text in texts if len(text.split()) > 40]

    def pair() -> tuple[str, str]:
        while True:
            text = draw.choice(split)
            at = draw.randrange(len(text) - 1)
            one, other = text[at].lower(), text[at + 1].lower()
            if all(word.isascii() and word.isalpha() for word in (one, other)):
                return one, other

    def period() -> tuple[str, str]:
        first, last = sorted(draw.sample(range(len(dates)), 2)) if len(dates) > 1 else (0, 0)
        return (dates[first], dates[last]) if dates else ("2000-01-01", "2030-01-01")

    made = []
    for number in range(count):
        mixed = draw.choice(common if number % 2 else rare)
        made += [
            Asked("rare", (draw.choice(rare),)),
            Asked("common", (draw.choice(common),)),
            Asked("AND", (draw.choice(common), mixed)),
            Asked("OR", (draw.choice(common), mixed)),
            Asked("phrase", pair()),
            Asked("prefix", (draw.choice(rare)[: 3 + number % 3],)),
            Asked("fuzzy", (draw.choice(rare),)),
            Asked("field", (mixed,)),
            Asked("dates", (mixed,), period()),
        ]
    return made


def measure(name: str, folder: Path, count: int) -> dict[str, Any]:
    """Run one engine in this process."""
    library, index = folder / "library.sqlite", folder / f"index-{name}"
    notes = folder / f"built-{name}.json"
    engine = ENGINES[name](library, index)
    if not notes.is_file():
        before, began = _spent(), time.perf_counter()
        engine.build()
        took, wall = _spent() - before, time.perf_counter() - began
        size = sum(path.stat().st_size for path in index.rglob("*")) if index.exists() else engine.size()  # type: ignore[attr-defined]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        notes.write_text(json.dumps({"build": took, "wall": wall, "size": size / 1e6, "peak": peak}))
        # Anew, so that memory is that of a reader.
        return _child(folder, name, count)
    asked = queries(library, count)
    empty = _memory()
    began = time.process_time()
    engine.open()
    told = json.loads(notes.read_text()) | {"open": (time.process_time() - began) * 1000}
    for way in ("find", "show", "all"):
        for again in ("", " again"):
            times: dict[str, list[float]] = {}
            for query in asked:
                started = time.process_time()
                try:
                    getattr(engine, way)(query)
                except NotImplementedError:
                    continue
                times.setdefault(query.kind, []).append((time.process_time() - started) * 1000)
            told[way + again] = times
    memory = _memory()
    told["memory"] = {part: memory[part] - empty[part] for part in memory}
    return dict(told)


def _child(folder: Path, name: str, count: int) -> dict[str, Any]:
    command = [sys.executable, __file__, "--engine", name, "--keep", str(folder), "--queries", str(count)]
    run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(run.stdout.splitlines()[-1]))


def _spent() -> float:
    """CPU seconds of this process and those it waited for."""
    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _memory() -> dict[str, float]:
    """Resident MB, and those of them that no file backs (Linux)."""
    status = Path("/proc/self/status")
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines()) if status.exists() else {}
    return {part: int(lines[part].split()[0]) / 1024 for part in ("VmRSS", "RssAnon") if part in lines}


def at(times: dict[str, list[float]], percent: int, kind: str = "") -> float:
    """A percentile of the times of one kind, or of all."""
    every = sorted(one for name, taken in times.items() if kind in ("", name) for one in taken)
    return every[min(len(every) * percent // 100, len(every) - 1)] if every else float("nan")


def report(found: dict[str, dict[str, Any]], articles: int) -> None:
    """Print all, and ours as a ratio of the others."""
    names = list(found)
    print(f"{articles:,} articles; CPU time. The first engine's figures, and its ratio to the others'\n")
    print(
        f"{'':32}" + "".join(f"{name:>12}" for name in names) + "".join(f"{'/' + n:>10}" for n in names[1:])
    )

    def line(what: str, values: list[float]) -> None:
        ratios = [values[0] / value if value else float("nan") for value in values[1:]]
        print(f"{what:32}" + "".join(f"{v:12.2f}" for v in values) + "".join(f"{r:10.2f}" for r in ratios))

    line("build, ms an article", [found[name]["build"] * 1000 / articles for name in names])
    line("build, wall seconds", [found[name]["wall"] for name in names])
    line("build, peak MB of memory", [found[name]["peak"] for name in names])
    line("index MB", [found[name]["size"] for name in names])
    line("open and first query, ms", [found[name]["open"] for name in names])
    line("resident MB, after all queries", [found[name]["memory"].get("VmRSS", 0) for name in names])
    line("of these in no file", [found[name]["memory"].get("RssAnon", 0) for name in names])
    ways = {
        "find": "",
        "find again": ", again",
        "show": ", with snippets",
        "show again": ", snippets, again",
        "all": ", snippets and facets",
        "all again": ", snippets, facets, again",
    }
    for way, said in ways.items():
        print()
        for percent in (50, 95):
            line(f"p{percent} of all{said}", [at(found[name][way], percent) for name in names])
        if "snippets" not in said:
            for kind in KINDS:
                for percent in (50, 95):
                    line(f"  {kind} p{percent}", [at(found[name][way], percent, kind) for name in names])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path, nargs="?")
    parser.add_argument("--articles", type=int)
    parser.add_argument("--queries", type=int, default=25, help="of each of the nine kinds")
    parser.add_argument("--engines", default="ours,tantivy,fts5")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--engine", help=argparse.SUPPRESS)  # what a child runs
    options = parser.parse_args()
    if options.engine:
        print(json.dumps(measure(options.engine, options.keep, options.queries)))
        return
    if options.corpus is None:
        parser.error("name a corpus")
    folder = options.keep or Path(tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not (folder / "library.sqlite").is_file():
            new = folder / "new.sqlite"
            store(new, enlarged(options.corpus, options.articles), options.corpus.name)
            new.replace(folder / "library.sqlite")
        name(folder / "library.sqlite")
        database = Database(folder / "library.sqlite", LIBRARY_MIGRATIONS)
        count = database.connection.execute("SELECT count(*) FROM article").fetchone()[0]
        database.close()
        report({name: _child(folder, name, options.queries) for name in options.engines.split(",")}, count)
    finally:
        if options.keep is None:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
