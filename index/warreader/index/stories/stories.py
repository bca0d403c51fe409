"""The stories of a library: articles that print, in the main, the same text, found as they come in."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from warreader.index.article import Article, lines_of
from warreader.index.moments import moment
from warreader.index.storage import Database
from warreader.index.stories.grouping import LEAST_SHARE, Pair, Printed, day_of, groups, least_share
from warreader.index.stories.wording import MARKED, Wording, marks, plain, shared
from warreader.index.text import storable

HOLDERS = 60
"""Articles that a mark is kept of: a text that so many have is found through any of them."""

LEAST_MARKS = 2
"""Marks that articles must share to be compared."""

COMPARED = 6
"""Articles that one is compared with at most, those that share most marks first."""

SAMPLED = 0.12
"""Share of its marks from which on an article is compared; marks of what isn't a beginning are few."""

SAMPLED_STRICT = 0.5
"""The same where nearly all of the text must be shared: see :func:`.grouping.least_share`."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An article as one of a story's. ``share`` (0 to 1) is that of the words it has in common with the
    copy it is likest to, of the shorter one's."""

    article: str
    outlet: str | None
    title: str
    date: str | None
    share: float


@dataclass(frozen=True, slots=True)
class Story:
    """Articles that print, in the main, the same text, in order of date (unknown last)."""

    id: str
    members: tuple[Copy, ...]

    @property
    def outlets(self) -> int:
        """How many outlets print it, those that aren't known left out."""
        return len({copy.outlet.casefold() for copy in self.members if copy.outlet})


class Stories:
    """Stories in one library; a :class:`warreader.index.derive.Stage`.

    Only the latest version of an article counts: older ones are no copies of anything.
    """

    name = "stories"
    version = 1
    feeds: tuple[str, ...] = ()

    def __init__(self, database: Database) -> None:
        self._database = database

    def derive(self, article: Article) -> None:
        """Replace the article's marks and find the articles it shares its text with."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM story WHERE article = ?", (article.key,))
            connection.execute("DELETE FROM story_pair WHERE one = ? OR two = ?", (article.key, article.key))
            # Repeated quotations are counted by reports: those that were counted are so anew.
            connection.execute(
                "INSERT INTO unclustered SELECT DISTINCT article FROM cluster_place WHERE article = ?"
                " ON CONFLICT DO NOTHING",
                (article.key,),
            )
            if not article.latest:
                return
            own = marks(plain(article.text, article.lines, MARKED))
            held = _holders(connection, own)
            printed = Printed(article.key, article.meta.outlet, day_of(article.meta.date))
            alike = _alike(connection, printed, len(own), held)
            kept = json.dumps([value for value in own if len(held.get(value, ())) < HOLDERS])
            connection.execute("INSERT INTO story VALUES (?, ?, ?)", (article.key, len(own), kept))
            connection.execute(
                "INSERT INTO story_mark (hash, article) SELECT value, ? FROM json_each(?) ORDER BY value",
                (article.key, kept),
            )
            if alike:
                _compare(connection, article.key, plain(article.text, article.lines), alike)

    def of(self, article_id: str) -> Story | None:
        """The story that an article is a copy of, or ``None``; of a superseded version, that of the latest."""
        connection = self._database.connection
        row = connection.execute(
            "SELECT latest.key FROM article JOIN article AS latest"
            " ON coalesce(latest.version_of, latest.key) = coalesce(article.version_of, article.key)"
            " WHERE article.id = ? AND latest.latest = 1",
            (storable(article_id),),
        ).fetchone()
        if row is None:
            return None
        around = _around(connection, row["key"])
        return next((story for keys, story in _stories(connection, around) if row["key"] in keys), None)

    def all(self) -> list[Story]:
        """All stories with two copies and more, those with most copies first."""
        connection = self._database.connection
        found = [story for _, story in _stories(connection, _pairs(connection))]
        return sorted(found, key=lambda story: (-len(story.members), story.id))

    def groups_among(self, keys: Iterable[int]) -> list[list[int]]:
        """Those of the articles (keys) that print the same text, group by group; an article alone is left out."""
        named = json.dumps(sorted(keys))
        within = "WHERE one IN (SELECT value FROM json_each(?)) AND two IN (SELECT value FROM json_each(?))"
        return list(groups(_pairs(self._database.connection, within, (named, named))))

    def grouped(self) -> dict[int, int]:
        """For every article (key) that has copies, the lowest key among them: what they have in common."""
        return {key: min(keys) for keys in groups(_pairs(self._database.connection)) for key in keys}

    def sizes(self) -> dict[int, tuple[int, int]]:
        """For every article (key) that has copies, how many there are, itself included, and of how many outlets.

        Outlets that aren't known are left out.
        """
        pairs = _pairs(self._database.connection)
        outlets = {printed.key: printed.outlet for pair in pairs for printed in (pair.one, pair.two)}
        sizes = {}
        for keys in groups(pairs):
            known = {name.casefold() for key in keys if (name := outlets[key])}
            sizes.update(dict.fromkeys(keys, (len(keys), len(known))))
        return sizes


def _holders(connection: sqlite3.Connection, own: Iterable[int]) -> dict[int, list[int]]:
    """The articles that have each of the marks."""
    found: dict[int, list[int]] = {}
    for value, article in connection.execute(
        "SELECT hash, article FROM story_mark WHERE hash IN (SELECT value FROM json_each(?))",
        (json.dumps(list(own)),),
    ):
        found.setdefault(value, []).append(article)
    return found


def _alike(
    connection: sqlite3.Connection, own: Printed, size: int, held: Mapping[int, list[int]]
) -> list[sqlite3.Row]:
    """The articles (text and line kinds) worth comparing with: those with most of the marks, best first."""
    counts = Counter(chain.from_iterable(held.values()))
    near = [key for key, count in counts.items() if count >= LEAST_MARKS]
    if not near:
        return []
    rows = connection.execute(
        "SELECT key, outlet, date, size FROM article JOIN story ON story.article = key"
        " WHERE latest = 1 AND key IN (SELECT value FROM json_each(?))",
        (json.dumps(near),),
    )
    shares = []
    for row in rows:
        share = counts[row["key"]] / min(size, row["size"])
        needed = least_share(own, Printed(row["key"], row["outlet"], day_of(row["date"])))
        if share >= (SAMPLED if needed <= LEAST_SHARE else SAMPLED_STRICT):
            shares.append((-share, row["key"]))
    best = [key for _, key in sorted(shares)[:COMPARED]]
    return connection.execute(
        "SELECT key, text, kinds FROM article WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(best),),
    ).fetchall()


def _compare(connection: sqlite3.Connection, own: int, body: str, alike: Iterable[sqlite3.Row]) -> None:
    wording = Wording(body)
    for row in alike:
        other = Wording(plain(row["text"], lines_of(row["text"], row["kinds"])))
        share, back, head = shared(wording, other)
        if max(share, back) >= LEAST_SHARE:
            one, two = sorted(((own, share), (row["key"], back)))
            connection.execute(
                "INSERT OR REPLACE INTO story_pair (one, two, one_share, two_share, head) VALUES (?, ?, ?, ?, ?)",
                (one[0], two[0], round(one[1], 3), round(two[1], 3), round(head, 3)),
            )


def _pairs(connection: sqlite3.Connection, where: str = "", values: tuple[object, ...] = ()) -> list[Pair]:
    """Pairs of latest versions, each article made once however many pairs it is in."""
    found = connection.execute(f"SELECT one, two, one_share, two_share, head FROM story_pair {where}", values)
    # Plain tuples: half the time of named rows over thousands of them.
    found.row_factory = None
    rows = found.fetchall()
    articles = connection.execute(
        "SELECT key, outlet, date FROM article WHERE latest = 1 AND key IN (SELECT value FROM json_each(?))",
        (json.dumps(list({key for row in rows for key in row[:2]})),),
    )
    articles.row_factory = None
    printed = {key: Printed(key, outlet, day_of(date)) for key, outlet, date in articles}
    return [
        Pair(printed[one], printed[two], *shares)
        for one, two, *shares in rows
        if one in printed and two in printed
    ]


def _around(connection: sqlite3.Connection, key: int) -> list[Pair]:
    """All pairs that lead, step by step, to an article."""
    known: dict[tuple[int, int], Pair] = {}
    seen: set[int] = set()
    edge = {key}
    while edge:
        seen |= edge
        named = json.dumps(sorted(edge))
        near = [
            pair
            for side in ("one", "two")
            for pair in _pairs(connection, f"WHERE {side} IN (SELECT value FROM json_each(?))", (named,))
            if pair.copies
        ]
        known |= {(pair.one.key, pair.two.key): pair for pair in near}
        edge = {printed.key for pair in near for printed in (pair.one, pair.two)} - seen
    return list(known.values())


def _stories(connection: sqlite3.Connection, pairs: list[Pair]) -> list[tuple[list[int], Story]]:
    shares: dict[int, float] = {}
    for pair in pairs:
        if pair.copies:
            for printed in (pair.one, pair.two):
                shares[printed.key] = max(pair.share, shares.get(printed.key, 0.0))
    return [(keys, _story(connection, keys, shares)) for keys in groups(pairs)]


def _story(connection: sqlite3.Connection, keys: list[int], shares: dict[int, float]) -> Story:
    rows = connection.execute(
        "SELECT key, id, coalesce(title, id) AS title, outlet, date FROM article"
        f" WHERE key IN (SELECT value FROM json_each(?)) ORDER BY {moment()} NULLS LAST, key",
        (json.dumps(keys),),
    ).fetchall()
    first = min(rows, key=lambda row: int(row["key"]))
    members = (Copy(row["id"], row["outlet"], row["title"], row["date"], shares[row["key"]]) for row in rows)
    return Story(f"story:{first['id']}", tuple(members))
