"""The matches of a library: each article is compared with all others once, when it is derived.

Both directions are looked at together, the article's quotations in the others' texts and the others' quotations in
its text, so nothing stored for another article is ever computed again.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from threading import local
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from warreader.index.article import (
    Article,
    Match,
    MatchMember,
    Quotation,
    QuotationKind,
    Scope,
    Span,
    Tier,
)
from warreader.index.derive import SplitStage
from warreader.index.matching.clustering import Reader
from warreader.index.matching.clusters import Cluster, Spot
from warreader.index.matching.gram_index import GramIndex
from warreader.index.matching.holding import Holding
from warreader.index.matching.kept import Kept
from warreader.index.matching.kept_rows import quote_anew
from warreader.index.matching.pairing import Found, across, store_pairs
from warreader.index.matching.sides import Sides
from warreader.index.matching.worn import Worn
from warreader.index.moments import UNKNOWN, moment
from warreader.index.overlaps import Overlaps
from warreader.index.quotations.quotations import Quotations
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.matching.comparison import Comparison
    from warreader.index.matching.repeated import Alike, Repetitions, SpeakerCount
    from warreader.index.matching.suggestions import Suggestion
    from warreader.index.rulings.rulings import Rulings

_ID = re.compile(r"(?P<name>cross|intra|possible):(?P<article>.*):(?P<start>\d+)-(?P<end>\d+)", re.DOTALL)
_ASKED = ((Scope.CROSS, Tier.SURE), (Scope.CROSS, Tier.POSSIBLE), (Scope.INTRA, Tier.SURE))
"""All that there is: within an article no match is merely possible."""


class Matches(SplitStage):
    """Matches in one library. Derive fingerprints first.

    Args:
        database: the library's database; quotations are read from it.
    """

    goes_by: tuple[str, ...] = ("quotation",)
    name = "matches"
    version = 16

    def __init__(self, database: Database) -> None:
        self._database = database
        self._quotations = Quotations(database)
        self._local = local()

    def begin(self, due: Sequence[int]) -> NDArray[np.int64]:
        """Bring the index up to date; of two articles that are due, the later is compared with the other."""
        self._grams().update()
        # What this thread itself wrote it is told by nobody, and a key of one that went may be another's now.
        changed = self._database.connection.execute("SELECT DISTINCT article FROM changed_wording")
        self._sides().forget(int(row[0]) for row in changed)
        return np.array(due, np.int64)

    def prepare(self, article: Article, context: NDArray[np.int64]) -> list[Found]:
        """The places the article shares with others."""
        connection = self._database.connection
        sides = self._sides().fresh(connection)
        side = sides.get(article.key) if article.latest else None
        later = context[np.searchsorted(context, article.key, "right") :]
        return across(connection, side, later, sides, self._grams()) if side else []

    def store(self, article: Article, prepared: Iterable[Found]) -> None:
        """Replace the pairs the article has part in."""
        with self._database.transaction() as connection:
            store_pairs(connection, article.key, prepared, within=False)
            # Its quotations may have been derived anew, while all pairs stay as they were.
            quote_anew(connection, article.key)

    def finish(self) -> None:
        """Tell anew what hangs on who else has the words, and what is kept for questions about the whole library."""
        Worn(self._database, self._grams()).refresh()
        Kept(self._database).refresh()

    def _grams(self) -> GramIndex:
        """The index, as this thread knows it."""
        grams: GramIndex | None = getattr(self._local, "grams", None)
        if grams is None:
            grams = self._local.grams = GramIndex(self._database)
        return grams

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
        found = [
            match
            for one, tier in _asked(scope)
            for match in self._read([row[0]], one, tier)
            # What the reader kept apart from this article was reached from it all the same.
            if any(member.article == article_id for member in match.members)
        ]

        def place(match: Match) -> tuple[int, str]:
            return min(m.start for m in match.members if m.article == article_id), match.id

        return sorted(found, key=place)

    def all(self, scope: Scope | None = None) -> Iterator[Match]:
        """Every match of the library, each once, in the order in which its first article was added."""
        rows = self._database.connection.execute("SELECT DISTINCT one FROM pair ORDER BY one").fetchall()
        for one, tier in _asked(scope):
            yield from self._read([row[0] for row in rows], one, tier)

    def get(self, match_id: str) -> Match | None:
        """The match with this id, or ``None``."""
        parts = _ID.fullmatch(match_id)
        if parts is None:
            return None
        found = self.of(parts["article"], Scope.INTRA if parts["name"] == Scope.INTRA else Scope.CROSS)
        return next((match for match in found if match.id == match_id), None)

    def counts(self, article_id: str, found: Sequence[Match] | None = None) -> dict[str, int]:
        """Quotation id -> number of other articles in which it stands, for the article's matched quotations.

        Args:
            article_id: of the article.
            found: what :meth:`of` gives for it, where that is known.
        """
        others: dict[str, set[str]] = {}
        found = self.of(article_id, Scope.CROSS) if found is None else found
        matches = [match for match in found if match.tier is Tier.SURE and match.scope is Scope.CROSS]
        holding = Holding(article_id, matches)
        for quotation in self._quotations.of(article_id) if matches else ():
            for match in holding.of(quotation):
                elsewhere = {member.article for member in match.members} - {article_id}
                others.setdefault(quotation.id, set()).update(elsewhere)
        return {quotation: len(articles) for quotation, articles in others.items()}

    def for_quotation(self, quotation_id: str) -> list[Match]:
        """The matches in which a quotation, or part of it, has a place."""
        quotation = self._quotations.get(quotation_id)
        if quotation is None:
            return []
        return Holding(quotation.article, self.of(quotation.article)).of(quotation)

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

    def conflict(self, match: Match) -> tuple[str, ...]:
        """The persons whom articles name as speaker of the very same words, where they name different ones."""
        from warreader.index.matching.comparison import conflict

        return conflict(self._database, match)

    def repeated(
        self,
        *,
        speaker: str | Collection[str] | None = None,
        outlet: str | None = None,
        month: str | None = None,
        words: str = "",
        limit: int = 100,
        offset: int = 0,
    ) -> Repetitions:
        """The most repeated quotations across articles: see :func:`.repeated.repeated`."""
        from warreader.index.matching.repeated import repeated

        return repeated(
            self._database,
            speaker=speaker,
            outlet=outlet,
            month=month,
            words=words,
            limit=limit,
            offset=offset,
        )

    def speakers(self, limit: int = 100) -> list[SpeakerCount]:
        """The entities to which most repeated quotations are given."""
        from warreader.index.matching.repeated import speakers

        return speakers(self._database, limit)

    def alike(
        self,
        article_id: str | None = None,
        *,
        copies: bool = False,
        speaker: str | Collection[str] | None = None,
        outlet: str | None = None,
        month: str | None = None,
        words: str = "",
        limit: int = 100,
    ) -> list[Alike]:
        """Pairs of articles that share most quoted words, "the same story": see :func:`.repeated.alike`."""
        from warreader.index.matching.repeated import alike

        return alike(
            self._database,
            article_id,
            copies=copies,
            speaker=speaker,
            outlet=outlet,
            month=month,
            words=words,
            limit=limit,
        )

    def suggestions(self, quotation_id: str) -> list[Suggestion]:
        """Statements of the same speaker that may be this one in other words; no matches, and never counted as such.

        Raises:
            MeaningError: a sentence model is there that can't be used.
        """
        from warreader.index.matching.meaning import likeness
        from warreader.index.matching.suggestions import suggestions

        matched = (member for match in self.for_quotation(quotation_id) for member in match.members)
        return suggestions(self._database, quotation_id, matched, likeness())

    def more_suggestions(self) -> str | None:
        """How to get the sentence model that finds more of them, in one line; ``None`` where it is, or isn't wanted."""
        from warreader.index.matching import meaning

        return None if meaning.off() or meaning.likeness() is not None else meaning.remedy()

    def retold(self, article_id: str, found: Sequence[Match] | None = None) -> dict[str, int]:
        """Quotation id -> number of places that may be it in other words; apart from :meth:`counts`, never in it.

        Those are counted that are likely and quickly found: see :func:`.suggestions.retold`.

        Args:
            article_id: of the article.
            found: what :meth:`of` gives for it, where that is known.
        """
        from warreader.index.matching.suggestions import retold

        found = self.of(article_id) if found is None else found
        known: dict[str, list[MatchMember]] = {}
        holding = Holding(article_id, found)
        for quotation in self._quotations.of(article_id) if found else ():
            for match in holding.of(quotation):
                known.setdefault(quotation.id, []).extend(match.members)
        return retold(self._database, article_id, known)

    def follow(self, rulings: Rulings) -> None:
        """Have matches agree with the reader's rulings on them, where those changed."""
        from warreader.index.rulings.following import Following

        following = Following(self._database, rulings, "match")
        if not following.due:
            return
        kept = Kept(self._database)
        with self._database.transaction() as connection:
            news = following.news()
            following.note(connection, news)
            kept.follow(connection, news.changed)
        kept.refresh()

    def _read(self, keys: Sequence[int], scope: Scope, tier: Tier) -> Iterator[Match]:
        articles: dict[int, _Shown] = {}
        for cluster in Reader(self._database.connection).clusters(keys, scope, tier):
            match = self._match(cluster, scope, tier, articles)
            if match is not None:
                yield match

    def _match(self, cluster: Cluster, scope: Scope, tier: Tier, articles: dict[int, _Shown]) -> Match | None:
        members: list[tuple[int, MatchMember]] = []
        for spot in cluster.spots:
            shown = articles.get(spot.article) or self._shown(spot.article)
            if shown is None:
                continue  # Taken away by another process since the pairs were read.
            articles[spot.article] = shown
            members.append((shown.moment, shown.member(spot)))
        if len(members) < 2:
            return None
        members.sort(key=lambda item: (item[0], item[1].article, item[1].start))
        first = members[0][1]
        name = scope.value if tier is Tier.SURE else tier.value
        return Match(
            id=f"{name}:{first.article}:{first.start}-{first.end}",
            kind=cluster.kind,
            score=cluster.score,
            scope=scope,
            members=tuple(member for _, member in members),
            tier=tier,
            reason="; ".join(sorted(cluster.reasons)),
        )

    def _shown(self, key: int) -> _Shown | None:
        row = self._database.connection.execute(
            f"SELECT id, coalesce({moment()}, {UNKNOWN}), text FROM article WHERE key = ?", (key,)
        ).fetchone()
        return None if row is None else _Shown(row[0], row[1], row[2], self._quotations.of(row[0]))


class _Shown:
    """What is shown of an article in a match."""

    def __init__(self, article_id: str, moment: int, text: str, quotations: list[Quotation]) -> None:
        self.id, self.moment, self.text, self.quotations = article_id, moment, text, quotations
        self._overlaps = Overlaps((quotation.start, quotation.end) for quotation in quotations)

    def member(self, spot: Spot) -> MatchMember:
        """One place, with the quotation that shares most of it."""
        span = Span(spot.start, spot.end)
        best: Quotation | None = None
        most = (0, False, 0)
        for quotation in map(self.quotations.__getitem__, self._overlaps.of(span.start, span.end)):
            shared = min(quotation.end, span.end) - max(quotation.start, span.start)
            rank = (shared, quotation.kind is not QuotationKind.INDIRECT, -len(quotation.span))
            if rank > most:
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


def _asked(scope: Scope | None) -> list[tuple[Scope, Tier]]:
    return [asked for asked in _ASKED if scope in (None, asked[0])]
