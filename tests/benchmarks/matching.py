"""Figures for matching. ARTICLES are any, as JSON lines with ``id title outlet date text``, plain or ``.xz``.

``python tests/benchmarks/matching.py gold GOLD.json LINES.json SEEDS_DIR``
    What gold wants, forbids, and all else.
``python tests/benchmarks/matching.py build ARTICLES FOLDER [--most N] [--jobs N] [--without-names]``
    A library with everything derived, and what each stage took; the other commands read it. A folder that has one
    already is brought up to date. Names cost most and change no match; without them no speaker is resolved.
``python tests/benchmarks/matching.py recall FOLDER SHARED``
    How many of the verbatim quotations of six words and more that SHARED lists are found. Articles that print the
    same text are looked for too.
``python tests/benchmarks/matching.py speed FOLDER [--sample N]``
    CPU milliseconds to fingerprint, enter and match one more article: each of a sample is taken out and put back.
``python tests/benchmarks/matching.py brute FOLDER [--sample N]``
    The matching of a sample against ``rapidfuzz.partial_ratio`` of its quotations with every article, extrapolated.
``python tests/benchmarks/matching.py draw FOLDER [--sample N] [--seed N] [--possible]``
    Pairs of places drawn at random, to be read.
``python tests/benchmarks/matching.py ask FOLDER``
    Milliseconds that questions of the compare screen and about the whole library take.
``python tests/benchmarks/matching.py cluster [--places N] [--links N]``
    CPU milliseconds to keep one cluster of many places as it should be: one more, one less, one that is derived anew,
    one that a version replaces, and what the reader rules. Its pairs are made up, in the shape in which they
    are found: each article is paired with the first ones that have the words.
"""

from __future__ import annotations

import argparse
import itertools
import json
import lzma
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from quotations import load

from warreader.index.article import (
    Article,
    Line,
    LineKind,
    Match,
    MatchMember,
    Mention,
    Metadata,
    Progress,
    Span,
)
from warreader.index.articles import Articles, Incoming
from warreader.index.derive import Derivation, Stage
from warreader.index.library import Library
from warreader.index.matching.fingerprinting import Fingerprints
from warreader.index.matching.kept import Kept
from warreader.index.matching.matches import Matches
from warreader.index.quotations.quotations import Quotations
from warreader.index.rulings.model import Ruling
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


def gold(options: argparse.Namespace) -> None:
    """Matches on the seeds against gold."""
    wanted = json.loads(options.gold.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library.sqlite", LIBRARY_MIGRATIONS)
        quotations, prints, matches = Quotations(database), Fingerprints(database), Matches(database)
        for article_id, (text, article_lines, mentions) in load(options.lines, options.seeds).items():
            article = store(database, article_id, text, article_lines, Metadata())
            store_mentions(database, article, mentions)
            for stage in (quotations, prints, matches):
                stage.derive(article)
        found = list(matches.all())
        suggested = [
            (quotation.article, quotation.span, one.place)
            for quotation in quotations.all()
            for one in matches.suggestions(quotation.id)
        ]
        for row in wanted["matches"] + [
            {**n, "expect": "negative", "scope": ""} for n in wanted["negatives"]
        ]:
            hits = [match for match in found if sum(lies_in(match, m) for m in row["members"]) > 1]
            told = ",".join(sorted({f"{match.scope.value} {match.tier.value}" for match in hits}))
            pairs = [pair for pair in suggested if _suggests(pair, row["members"])]
            told = f"found {told}" if hits else "suggested" if pairs else "-"
            print(f"{row['id']:5} {row['expect']:9} {row['scope']:6} {told}")
        print(f"{len(suggested)} suggestions for {len(list(quotations.all()))} quotations")
        for match in found:
            print(f"\n{match.id} {match.kind} {match.score}")
            for m in match.members:
                print(f"    {m.article} {m.start}-{m.end} {m.speaker!r} {m.text[:100]!r}")
        database.close()


def _suggests(pair: tuple[str, Span, MatchMember], members: Sequence[dict[str, Any]]) -> bool:
    """Whether a suggestion joins two different members of a gold row."""
    article, span, place = pair

    def touched(name: str, where: Span) -> set[int]:
        spans = ((n, m["article"], Span(m["start"], m["end"])) for n, m in enumerate(members))
        return {n for n, held, own in spans if held == name and own.overlaps(where)}

    one, two = touched(article, span), touched(place.article, place.span)
    return bool(one and two) and len(one | two) > 1


def build(options: argparse.Namespace) -> None:
    """A library of the articles, everything derived."""
    with Library(options.folder) as library:
        known = set(_ids(library))
        with library._database.transaction():
            for row in itertools.islice(rows(options.articles), options.most):
                if row["id"] not in known:
                    meta = Metadata(title=row["title"], outlet=row["outlet"], date=row["date"] or None)
                    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(row["text"])]
                    store(library._database, row["id"], row["text"], lines, meta)
        stages: list[Stage] = [
            library.stories,
            *([] if options.without_names else [library.entities]),
            library.quotations,
            Fingerprints(library._database),
            library.matches,
        ]
        begun, total = time.perf_counter(), 0.0
        for stage in stages:
            started = (time.perf_counter(), _cpu())
            last = [0.0]

            def progress(step: Progress, last: list[float] = last) -> None:
                if step.done == step.total or time.monotonic() - last[0] > 30:
                    last[0] = time.monotonic()
                    print(f"    {step.stage} {step.done} of {step.total}", flush=True)

            Derivation(library._database, [stage], library.articles.by_key).run(progress, jobs=options.jobs)
            spent = _cpu() - started[1]
            total += spent
            wall = time.perf_counter() - started[0]
            print(
                f"{stage.name}: {wall:.1f} s, {spent:.1f} s of CPU in all processes, {_peaks()}", flush=True
            )
        print(f"all: {time.perf_counter() - begun:.1f} s, {total:.1f} s of CPU")
        size = (options.folder / "library.sqlite").stat().st_size
        print(f"{size / 1e6:.0f} MB on disk")


def _ids(library: Library) -> list[str]:
    return [row[0] for row in library._database.connection.execute("SELECT id FROM article")]


def _cpu() -> float:
    """Seconds of CPU of this process and those it ended."""
    import resource

    return sum(
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def _peaks() -> str:
    """The most memory that was resident so far: in this process, and in the largest of those it ended."""
    import resource

    kilobytes = 1 if sys.platform != "darwin" else 1 / 1024
    own, others = (
        resource.getrusage(who).ru_maxrss * kilobytes / 1000
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return f"{own:.0f} MB resident at most here, {others:.0f} in another"


def recall(options: argparse.Namespace) -> None:
    """Shared verbatim quotations of six words and more that are in the library twice, and those found."""
    with Library(options.folder, create=False) as library:
        loaded = set(_ids(library))
        pairs = hits = quotes = whole = possible = 0
        for row in rows(options.shared):
            places = [{**p, "article": p["id"]} for p in row["occurrences"] if p["id"] in loaded]
            if len(row["quote"].split()) < 6 or len(places) < 2:
                continue
            quotes += 1
            got = 0
            for first, second in itertools.pairwise(places):
                found = [m for m in library.matches.of(first["article"]) if lies_in(m, first)]
                tiers = {m.tier.value for m in found if lies_in(m, second)}
                same = first["article"] == second["article"]
                got += bool(tiers) or same
                possible += tiers == {"possible"}
            pairs += len(places) - 1
            hits += got
            whole += got == len(places) - 1
            if got < len(places) - 1:
                print(f"  missed {len(places) - 1 - got} of {len(places) - 1}: {row['quote'][:110]}")
        print(f"shared quotations of six words and more: {whole} of {quotes} whole,", end=" ")
        print(f"{hits} of {pairs} neighbouring pairs ({possible} of them as possible only)")


def speed(options: argparse.Namespace) -> None:
    """One more article: what it takes to fingerprint it, to enter it and to match it."""
    with Library(options.folder, create=False) as library:
        database = library._database
        prints, matches = Fingerprints(database), library.matches
        keys = [
            int(r[0]) for r in database.connection.execute("SELECT article FROM wording ORDER BY article")
        ]
        chosen = random.Random(options.seed).sample(keys, min(options.sample + 10, len(keys)))
        steps: list[tuple[float, ...]] = []
        for key in chosen:
            article = library.articles.by_key(key)
            with database.transaction() as connection:
                connection.execute("DELETE FROM wording WHERE article = ?", (key,))
                for table in ("pair", "worn_pair"):
                    connection.execute(f"DELETE FROM {table} WHERE one = ? OR two = ?", (key, key))
            matches.begin([])
            matches.finish()
            at = [time.process_time()]
            prints.derive(article)
            at.append(time.process_time())
            context = matches.begin([key])
            at.append(time.process_time())
            made = matches.prepare(article, context)
            at.append(time.process_time())
            matches.store(article, made)
            at.append(time.process_time())
            matches.finish()
            steps.append(tuple(b - a for a, b in itertools.pairwise([*at, time.process_time()])))
        steps = steps[10:]
        print(f"one more article among {len(keys)}, CPU milliseconds, {len(steps)} articles:")
        for name, values in zip(
            ("words and fingerprints", "entering", "candidates and alignment", "storing", "clusters"),
            zip(*steps, strict=True),
            strict=True,
        ):
            _tell(name, values)
        _tell("words to alignment", [sum(step[:3]) for step in steps])
        _tell("all", [sum(step) for step in steps])


def _tell(name: str, seconds: Sequence[float]) -> None:
    ordered = sorted(value * 1000 for value in seconds)
    p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    print(f"    {name:25} p50 {statistics.median(ordered):6.1f}  p95 {p95:6.1f}  worst {ordered[-1]:6.1f}")


def brute(options: argparse.Namespace) -> None:
    """Matching against laying every quotation over every article."""
    from rapidfuzz import fuzz

    with Library(options.folder, create=False) as library:
        connection = library._database.connection
        keys = [int(r[0]) for r in connection.execute("SELECT article FROM wording ORDER BY article")]
        draw = random.Random(options.seed)
        texts = [library.articles.by_key(key).text.lower() for key in draw.sample(keys, min(200, len(keys)))]
        asked = draw.sample(keys, min(options.sample, len(keys)))
        begun, quotations = time.process_time(), 0
        for key in asked:
            for quotation in library.quotations.of(library.articles.by_key(key).id):
                if len(quotation.text.split()) >= 5:
                    quotations += 1
                    for text in texts:
                        fuzz.partial_ratio(quotation.text.lower(), text, score_cutoff=80)
        # Each pair of articles in both directions is what every quotation with every article comes to.
        one = (time.process_time() - begun) / len(asked) / len(texts)
        context = library.matches.begin([])
        begun = time.process_time()
        for key in asked:
            library.matches.prepare(library.articles.by_key(key), context)
        own = (time.process_time() - begun) / len(asked)
        whole = one * len(keys)
        print(f"{len(asked)} articles with {quotations} quotations against {len(texts)} of {len(keys)}:")
        print(
            f"    partial_ratio {whole:.2f} s an article with all, {whole * len(keys) / 3600:.1f} h for all"
        )
        print(f"    matching {own * 1000:.1f} ms an article with all, {own * len(keys) / 60:.1f} min for all")
        print(f"    {whole / own:.0f} times")


def draw(options: argparse.Namespace) -> None:
    """Pairs to read."""
    tier = "possible" if options.possible else "sure"
    with Library(options.folder, create=False) as library:
        connection = library._database.connection
        found = connection.execute(
            "SELECT * FROM pair WHERE one <> two AND tier = ? ORDER BY one, one_start, two, two_start",
            (tier,),
        ).fetchall()
        print(f"{len(found)} pairs across articles are {tier}")
        for number, row in enumerate(
            random.Random(options.seed).sample(found, min(options.sample, len(found))), 1
        ):
            print(f"\n{number}. {row['kind']}, {row['words']} words, score {row['score']}")
            for side in ("one", "two"):
                article = library.articles.by_key(row[side])
                start, end = row[f"{side}_start"], row[f"{side}_end"]
                around = article.text[max(0, start - 70) : start], article.text[end : end + 70]
                told = f"{around[0]}[[{article.text[start:end]}]]{around[1]}".replace("\n", " / ")
                print(f"    {article.meta.outlet} {article.meta.date} {article.id}: {told}")


def ask(options: argparse.Namespace) -> None:
    """Questions of the screens."""
    with Library(options.folder, create=False) as library:
        connection = library._database.connection
        big = connection.execute(
            "SELECT article.id FROM"
            " (SELECT key FROM cluster WHERE articles <= 60 ORDER BY articles DESC LIMIT 20) AS big"
            " JOIN cluster_place ON cluster = big.key JOIN article ON article.key = article GROUP BY big.key"
        ).fetchall()
        spent: dict[str, list[float]] = {}

        def timed(name: str, work: Any) -> Any:
            begun = time.process_time()
            result = work()
            spent.setdefault(name, []).append(time.process_time() - begun)
            return result

        for row in big:
            found = timed("matches of an article", lambda row=row: library.matches.of(row["id"]))
            match = max(found, key=lambda match: len(match.members))
            print(f"    {len(match.members)} members")
            timed("match by id", lambda match=match: library.matches.get(match.id))
            timed("compare", lambda match=match: library.matches.compare(match))
        timed("most repeated", library.matches.repeated)
        timed("most repeated of a month", lambda: library.matches.repeated(month="2024-09"))
        timed("speakers", library.matches.speakers)
        timed("articles that share most", library.matches.alike)
        for name, values in spent.items():
            _tell(name, values)


def cluster(options: argparse.Namespace) -> None:
    """Changes of one large cluster."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "library.sqlite", LIBRARY_MIGRATIONS)
        connection, kept, draw = database.connection, Kept(database), random.Random(7)

        def article(key: int) -> None:
            connection.execute(
                "INSERT INTO article (key, id, outlet, source, text, length, digest, added)"
                " VALUES (?, ?, ?, '', ?, 100, x'', '')",
                (key, str(key), f"Outlet {key % 20}", "x" * 100),
            )

        def paired(key: int, others: Sequence[int]) -> None:
            connection.executemany(
                "INSERT INTO pair VALUES (?, 10, 60, ?, 20, 70, 'truncated', 'sure', ?, 9)",
                [(other, key, draw.randint(20, 30)) for other in others],
            )

        with database.transaction():
            for key in range(options.places):
                article(key)
                paired(key, range(min(key, options.links)))
        kept.refresh()
        last = options.places

        def measured(name: str, work: Any, times: int = 5) -> None:
            spent = []
            for turn in range(times):
                begun = time.process_time()
                with database.transaction():
                    work(turn)
                kept.refresh()
                spent.append(time.process_time() - begun)
            _tell(name, spent)

        def one_more(turn: int) -> None:
            article(last + turn)
            paired(last + turn, range(20))

        def gone(key: int) -> None:
            connection.execute("DELETE FROM article WHERE key = ?", (key,))

        def anew(key: int) -> None:
            connection.execute("DELETE FROM pair WHERE two = ?", (key,))
            paired(key, range(20))

        def version(turn: int) -> None:
            connection.execute("DELETE FROM pair WHERE two = ?", (last - 101 - turn,))
            one_more(turn + 100)

        def ruled(verb: str, turn: int, *, made: bool = True) -> None:
            places = [
                {"article": str(key), "start": at, "end": at + 50, "exact": "x" * 50}
                for key, at in ((turn, 10), (last - 200 - turn, 20))
            ]
            if verb == "join":
                places[1] = {"article": str(alone + turn), "start": 0, "end": 50, "exact": "x" * 50}
            ruling = Ruling("match", verb, {"places": places}, f"{turn}")
            if made:
                connection.execute(
                    "INSERT INTO ruling_in_force (id, kind, verb, data, modified) VALUES (?, 'match', ?, ?, ?)",
                    (ruling.id, verb, json.dumps(ruling.data), ruling.modified),
                )
            else:
                connection.execute("DELETE FROM ruling_in_force WHERE id = ?", (ruling.id,))
            kept.follow(connection, [(None, ruling) if made else (ruling, None)])

        alone = 2 * last
        with database.transaction():
            for turn in range(5):
                article(alone + turn)

        print(f"a cluster of {options.places} places, each linked with {options.links}, CPU milliseconds:")
        measured("one more", one_more)
        measured("one less", lambda turn: gone(last - 1 - turn))
        measured("one less that many have", lambda turn: gone(turn + 20))
        measured("derived anew", lambda turn: anew(last - 50 - turn))
        measured("a new version", version)
        measured("two joined", lambda turn: ruled("join", turn), 3)
        measured("joined no more", lambda turn: ruled("join", 2 - turn, made=False), 3)
        measured("a pair rejected", lambda turn: ruled("reject", turn))
        measured("another taken back", lambda turn: ruled("reject", 4 - turn, made=False), 4)
        measured("the only one taken back", lambda _: ruled("reject", 0, made=False), 1)
        database.close()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(required=True)

    def command(name: str, work: Any, *paths: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name)
        added.set_defaults(work=work)
        for path in paths:
            added.add_argument(path, type=Path)
        return added

    command("gold", gold, "gold", "lines", "seeds")
    building = command("build", build, "articles", "folder")
    building.add_argument("--most", type=int)
    building.add_argument("--jobs", type=int, default=2)
    building.add_argument("--without-names", action="store_true")
    command("recall", recall, "folder", "shared")
    for name, work, many in (("speed", speed, 200), ("brute", brute, 20), ("draw", draw, 100)):
        added = command(name, work, "folder")
        added.add_argument("--sample", type=int, default=many)
        added.add_argument("--seed", type=int, default=7)
        if name == "draw":
            added.add_argument("--possible", action="store_true")
    command("ask", ask, "folder")
    clustering = command("cluster", cluster)
    clustering.add_argument("--places", type=int, default=5000)
    clustering.add_argument("--links", type=int, default=60)
    options = parser.parse_args()
    options.work(options)


if __name__ == "__main__":
    main()
