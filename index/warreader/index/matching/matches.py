"""The matches of a library: each article is compared with all others once, when it is derived.

Both directions are looked at together, the article's quotations in the others' texts and the others' quotations in
its text, so nothing stored for another article is ever computed again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from sqlite3 import Connection
from threading import local
from typing import TYPE_CHECKING

from warreader.index.article import (
    Article,
    LineKind,
    Match,
    MatchKind,
    MatchMember,
    Quotation,
    QuotationKind,
    Scope,
    Span,
)
from warreader.index.matching.candidates import (
    LEAST_RARITY,
    LEAST_RARITY_INDIRECT,
    promising,
    quoted_there,
    ranked,
    shared_fingerprints,
    within,
)
from warreader.index.matching.clusters import Cluster, Link, Links, Spot, clusters
from warreader.index.matching.comparing import LEAST_INDIRECT, LEAST_WORDS, Place, Quoted, Side, places
from warreader.index.matching.sides import Sides, day, quoted_in
from warreader.index.matching.within import fragments
from warreader.index.matching.wording import fingerprints, read
from warreader.index.quotations.quotations import Quotations
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.matching.comparison import Comparison

_ID = re.compile(r"(?P<scope>cross|intra):(?P<article>.*):(?P<start>\d+)-(?P<end>\d+)", re.DOTALL)
_SCOPES = (Scope.CROSS, Scope.INTRA)


class Matches:
    """Matches in one library; a :class:`warreader.index.derive.Stage`. Derive quotations first.

    Args:
        database: the library's database; quotations are read from it.
    """

    name = "matches"
    version = 1
    feeds: tuple[str, ...] = ()

    def __init__(self, database: Database) -> None:
        self._database = database
        self._quotations = Quotations(database)
        self._local = local()

    def derive(self, article: Article) -> None:
        """Replace the article's fingerprints and all matches it has part in."""
        with self._database.transaction() as connection:
            for table in ("words", "gram"):
                connection.execute(f"DELETE FROM {table} WHERE article = ?", (article.key,))
            connection.execute("DELETE FROM pair WHERE one = ? OR two = ?", (article.key, article.key))
            if not article.latest:
                return
            wording = read(article.text, article.lines)
            connection.execute("INSERT INTO words VALUES (?, ?, ?)", (article.key, *wording.pack()))
            side = Side(wording, quoted_in(connection, article.key, wording), day(article.meta.date))
            grams = list(fingerprints(wording, [quoted.words for quoted in side.quotations]))
            connection.executemany(
                "INSERT OR IGNORE INTO gram VALUES (?, ?, ?, ?)",
                ((value, article.key, position, int(quoted)) for value, position, quoted in grams),
            )
            sides = self._sides().fresh(connection, article.key)
            _across(connection, article.key, side, grams, sides)
            headlines = [Span(n.start, n.end) for n in article.lines if n.kind is LineKind.HEADLINE]
            for place in fragments(wording, side.quotations, headlines):
                _store(connection, article.key, article.key, place)

    def _sides(self) -> Sides:
        """This thread's memory of articles compared with."""
        sides: Sides | None = getattr(self._local, "sides", None)
        if sides is None:
            sides = self._local.sides = Sides()
        return sides

    def of(self, article_id: str, scope: Scope | None = None) -> list[Match]:
        """The matches an article has part in, in the order of its text; both scopes unless one is asked for."""
        row = self._database.connection.execute(
            "SELECT key FROM article WHERE id = ?", (article_id,)
        ).fetchone()
        if row is None:
            return []
        found = [match for one in _scopes(scope) for match in self._read([row[0]], one)]

        def place(match: Match) -> tuple[int, str]:
            return min(m.start for m in match.members if m.article == article_id), match.id

        return sorted(found, key=place)

    def all(self, scope: Scope | None = None) -> Iterator[Match]:
        """Every match of the library, each once, in the order in which its first article was added."""
        rows = self._database.connection.execute("SELECT DISTINCT one FROM pair ORDER BY one").fetchall()
        for one in _scopes(scope):
            yield from self._read([row[0] for row in rows], one)

    def get(self, match_id: str) -> Match | None:
        """The match with this id, or ``None``."""
        parts = _ID.fullmatch(match_id)
        if parts is None:
            return None
        found = self.of(parts["article"], Scope(parts["scope"]))
        return next((match for match in found if match.id == match_id), None)

    def counts(self, article_id: str) -> dict[str, int]:
        """Quotation id -> number of other articles in which it stands, for the article's matched quotations."""
        others: dict[str, set[str]] = {}
        matches = self.of(article_id, Scope.CROSS)
        for quotation in self._quotations.of(article_id) if matches else ():
            for match in matches:
                if _holds(match, quotation):
                    elsewhere = {member.article for member in match.members} - {article_id}
                    others.setdefault(quotation.id, set()).update(elsewhere)
        return {quotation: len(articles) for quotation, articles in others.items()}

    def for_quotation(self, quotation_id: str) -> list[Match]:
        """The matches in which a quotation, or part of it, has a place."""
        quotation = self._quotations.get(quotation_id)
        if quotation is None:
            return []
        return [match for match in self.of(quotation.article) if _holds(match, quotation)]

    def compare(self, match: Match | str, against: int = 0) -> Comparison | None:
        """The variants of a match side by side; ``None`` where there is no such match (any more).

        Args:
            match: the match, or its id.
            against: number of the member that the others are laid over; by default the earliest.

        Raises:
            IndexError: there is no such member.
        """
        from warreader.index.matching.comparison import compare

        found = self.get(match) if isinstance(match, str) else match
        return None if found is None else compare(self._database, found, against)

    def _read(self, keys: Iterable[int], scope: Scope) -> Iterator[Match]:
        known: dict[int, Links] = {}
        articles: dict[int, _Shown] = {}
        links_of = partial(_links_of, self._database.connection, scope, known)
        for cluster in clusters(keys, links_of):
            match = self._match(cluster, scope, articles)
            if match is not None:
                yield match

    def _match(self, cluster: Cluster, scope: Scope, articles: dict[int, _Shown]) -> Match | None:
        members: list[tuple[str, MatchMember]] = []
        for spot in cluster.spots:
            shown = articles.get(spot.article) or self._shown(spot.article)
            if shown is None:
                continue  # Taken away by another process since the pairs were read.
            articles[spot.article] = shown
            members.append((shown.date, shown.member(spot)))
        if len(members) < 2:
            return None
        members.sort(key=lambda item: (item[0] or "~", item[1].article, item[1].start))
        first = members[0][1]
        return Match(
            id=f"{scope.value}:{first.article}:{first.start}-{first.end}",
            kind=cluster.kind,
            score=cluster.score,
            scope=scope,
            members=tuple(member for _, member in members),
        )

    def _shown(self, key: int) -> _Shown | None:
        row = self._database.connection.execute(
            "SELECT id, date, text FROM article WHERE key = ?", (key,)
        ).fetchone()
        return None if row is None else _Shown(row[0], row[1] or "", row[2], self._quotations.of(row[0]))


class _Shown:
    """What is shown of an article in a match."""

    def __init__(self, article_id: str, day: str, text: str, quotations: list[Quotation]) -> None:
        self.id, self.date, self.text, self.quotations = article_id, day, text, quotations

    def member(self, spot: Spot) -> MatchMember:
        """One place, with the quotation that shares most of it."""
        span = Span(spot.start, spot.end)
        best: Quotation | None = None
        most = (0, False, 0)
        for quotation in self.quotations:
            shared = min(quotation.end, span.end) - max(quotation.start, span.start)
            rank = (shared, quotation.kind is not QuotationKind.INDIRECT, -len(quotation.span))
            if shared > 0 and rank > most:
                best, most = quotation, rank
        speaker = best.speaker if best else None
        return MatchMember(
            article=self.id,
            start=span.start,
            end=span.end,
            text=span.of(self.text),
            quotation=best.id if best else None,
            speaker=(speaker.name or speaker.text) if speaker else None,
        )


def _scopes(scope: Scope | None) -> tuple[Scope, ...]:
    return _SCOPES if scope is None else (scope,)


def _holds(match: Match, quotation: Quotation) -> bool:
    """Whether a quotation has a place of its own in a match, or one that takes up half of the shorter."""
    for member in match.members:
        if member.article == quotation.article:
            shared = min(member.end, quotation.end) - max(member.start, quotation.start)
            if shared > 0 and 2 * shared >= min(len(member.span), len(quotation.span)):
                return True
    return False


def _links_of(connection: Connection, scope: Scope, known: dict[int, Links], article: int) -> Links:
    """All pairs of one scope that touch an article, seen from it."""
    if article in known:
        return known[article]
    sign = "=" if scope is Scope.INTRA else "<>"
    links: list[Link] = []
    rows = connection.execute(
        f"SELECT * FROM pair WHERE one = :key AND one {sign} two"
        f" UNION SELECT * FROM pair WHERE two = :key AND one {sign} two",
        {"key": article},
    )
    for row in rows:
        one = Spot(row["one"], row["one_start"], row["one_end"])
        two = Spot(row["two"], row["two_start"], row["two_end"])
        kind, score = MatchKind(row["kind"]), row["score"]
        links += [Link(a, b, kind, score) for a, b in ((one, two), (two, one)) if a.article == article]
    known[article] = Links(links)
    return known[article]


def _across(
    connection: Connection, key: int, side: Side, grams: list[tuple[int, int, bool]], sides: Sides
) -> None:
    """Compare one article with all others, in both directions."""
    shared = shared_fingerprints(connection, key, grams)
    for quoted in filter(_worth_asking, side.quotations):
        for other, hits in ranked(shared, quoted.words):
            there = sides.get(other) if promising(side.wording, hits, _least(quoted)) else None
            for place in places(side, quoted, there, hits) if there else ():
                _store(connection, key, other, place)
    for other, hits in quoted_there(shared).items():
        # The words are the same on both sides: what is too common here is so there.
        if not promising(side.wording, [(own, theirs) for theirs, own in hits]):
            continue
        there = sides.get(other)
        for quoted in filter(_worth_asking, there.quotations if there else ()):
            inside = within(hits, quoted.words)
            if there and inside and promising(there.wording, inside, _least(quoted)):
                for place in places(there, quoted, side, inside):
                    _store(connection, other, key, place)


def _least(quoted: Quoted) -> float:
    return LEAST_RARITY_INDIRECT if quoted.indirect else LEAST_RARITY


def _worth_asking(quoted: Quoted) -> bool:
    return len(quoted.words) >= (LEAST_INDIRECT if quoted.indirect else LEAST_WORDS)


def _store(connection: Connection, own: int, other: int, place: Place) -> None:
    """Each pair once, whichever side found it."""
    one, two = (own, *_bounds(place.own)), (other, *_bounds(place.other))
    if two < one:
        one, two = two, one
    connection.execute(
        "INSERT INTO pair VALUES (?,?,?,?,?,?,?,?) ON CONFLICT DO UPDATE"
        " SET score = max(score, excluded.score), kind = max(kind, excluded.kind)",
        (*one, *two, place.kind.value, place.score),
    )


def _bounds(span: Span) -> tuple[int, int]:
    return span.start, span.end
