"""Search over a library: bringing the index up to date, answering queries, lighting an article."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from warreader.index.article import Line, Progress, SearchHit, SearchResult, Snippet, Span, lines_of
from warreader.index.errors import NotFoundError
from warreader.index.search import lexis
from warreader.index.search.analyzer import terms, tokens
from warreader.index.search.answering import Answering, Asked, Found
from warreader.index.search.arrays import Array, as_keys
from warreader.index.search.blaming import Blame, blame
from warreader.index.search.catalogue import Catalogues, Order
from warreader.index.search.completion import Completer
from warreader.index.search.designations import spellings, together
from warreader.index.search.facets import Facets, TagsOf
from warreader.index.search.fields import FieldSource, library_sources
from warreader.index.search.indexing import Indexing
from warreader.index.search.lighting import light, merged
from warreader.index.search.names import Find, Names
from warreader.index.search.parsing import parse
from warreader.index.search.query import How, Node, Parsed, Sourced, Words, leaves
from warreader.index.search.saved import Searches
from warreader.index.search.snippets import snippets as make_snippets
from warreader.index.search.widening import Also, widened
from warreader.index.storage import Database
from warreader.index.text import storable

BEGINNING = 2500
"""Snippets are looked for in so many code points first: readers of news want them early, and soon."""

LONGEST = 4000
"""Queries are read up to this many code points."""

_WORD_SHARE = 20
"""What so many times as many articles have as a beginning than as a word was meant as a beginning: of news ``put`` and
``tank`` are words, ``rus`` and ``pres`` none, though some article has each.
"""

_NO_KEYS = as_keys(())
_BRIEF = "key, id, title, outlet, date"
_COLUMNS = "key, id, title, outlet, author, date, text, kinds, digest"


@dataclass(frozen=True, slots=True)
class Answer:
    """All articles that answer a query: what facets, further orders and other panes go by.

    ``keys`` are the articles' keys in ``library.sqlite``, best first; those of older versions only if asked for.
    ``problem`` is as in :class:`~warreader.index.article.SearchResult`.
    """

    query: str
    keys: Array
    understood: str = ""
    problem: str | None = None

    def __len__(self) -> int:
        return len(self.keys)

    @property
    def json(self) -> str:
        """The keys as SQL takes them: ``article IN (SELECT value FROM json_each(?))``."""
        return json.dumps(self.keys.tolist())


class Search:
    """The search index of one library. Safe to use from several threads and beside a writing process.

    Args:
        directory: where the index lives; everything in it can be rebuilt from ``database``.
        database: ``library.sqlite``.
        fields: sources of further fields (``tag``, ``note``, ``is:annotated``) or in place of
            the library's own, by field; states of ``is:`` under their whole name.
        find: knows entities by aliases that stand in no article.
        secret: the user's half of the key that seals the index; from the user's state folder if absent.
        tags: the reader's tags, as a facet.
        jobs: processes at most that build the index; a few if absent.
    """

    def __init__(
        self,
        directory: Path,
        database: Database,
        fields: Mapping[str, FieldSource] | None = None,
        *,
        find: Find | None = None,
        secret: bytes | None = None,
        tags: TagsOf | None = None,
        jobs: int | None = None,
    ) -> None:
        self.directory = directory
        self._database = database
        self._indexing = Indexing(directory, database, secret, jobs)
        self._catalogues = Catalogues(database)
        self.facets = Facets(database, self._catalogues, tags)
        self.searches = Searches(database, self.matching)
        self.completer = Completer(
            database, self._catalogues, self.facets, self._begun, tags, self.searches.recent
        )
        self.names = Names(database, find)
        sources = {**library_sources(database, self.names), **(fields or {})}
        self._answering = Answering(directory, self._indexing, self._catalogues, sources)
        # Of one commit: each letter typed asks anew.
        self._spelt: tuple[object, dict[str, tuple[str, ...]]] = None, {}

    def due(self) -> int:
        """How many articles the index has yet to take in."""
        return self._indexing.due()

    def update(
        self,
        progress: Callable[[Progress], None] | None = None,
        *,
        settle: bool = True,
        alone: bool = False,
    ) -> int:
        """Take in what is new or changed, take out what was deleted; returns how many articles were indexed.

        Killed at any point, it goes on when run again. An index that is missing,
        damaged or was not made by this user for this library is built anew.

        Args:
            settle: merge what is there into a few segments at the end; without, as while more
                articles come, only where there are very many.
            alone: start no other processes.

        Raises:
            LibraryBusyError: another process is writing the index and doesn't end.
        """
        return self._indexing.update(progress, settle=settle, alone=alone)

    def rebuild(self, progress: Callable[[Progress], None] | None = None) -> int:
        """Build the index anew from ``library.sqlite``; returns how many articles were indexed."""
        return self._indexing.rebuild(progress)

    def check(self) -> list[str]:
        """What is wrong with the index; all of it :meth:`rebuild` or :meth:`update` mends.

        What it has yet to take in is not wrong: :meth:`due` counts it.
        """
        return self._indexing.check()

    # -- reading ---------------------------------------------------------------

    def search(
        self,
        query: str,
        limit: int = 50,
        as_you_type: bool = False,
        snippets: bool = True,
        order: Order = Order.RELEVANCE,
    ) -> SearchResult:
        """The articles that answer the query, best first.

        Words and phrases rank by BM25F; a query of other fields alone lists the newest
        first, each with score 1. Nothing in a query raises: what could not be read is
        told in ``problem``.

        Args:
            limit: how many hits to return at most; ``total`` counts all.
            as_you_type: the last word is found as a prefix too, unless a space follows it.
            snippets: whether hits carry snippets.
            order: of all articles that answer, not just of those returned.
        """
        parsed = _parse(query, as_you_type)
        asked = Asked(query, parsed.problem, parsed.problem_at)
        if parsed.node is None:
            return SearchResult(query, (), 0, "", parsed.problem, parsed.problem_at)
        node, also = self._widened(parsed)
        found = self._answering.found(node, max(0, limit), asked, order)
        meant = self._meant(parsed, query) if found.total <= lexis.RARE else None
        hits = self._hits(found, asked.used or node, snippets)
        told = [(one.name, one.others) for one in also]
        why = Blame() if found.total or asked.problem else blame(parsed.node, partial(self._count, parsed))
        return SearchResult(
            query,
            hits,
            found.total,
            parsed.understood,
            asked.problem,
            asked.problem_at,
            tuple(told),
            meant,
            unfinished=as_you_type and parsed.understood != _parse(query, typing=False).understood,
            lacking=why.lacking,
            without=why.without,
        )

    def _count(self, parsed: Parsed, part: Node) -> int:
        """How many articles answer a part of a query."""
        node, _ = self._widened(replace(parsed, node=part))
        return len(self._answering.matching(node, Asked("")))

    def best(self, query: str, limit: int = 50) -> tuple[list[tuple[int, float]], int]:
        """Keys and scores of the articles that answer the query, best first, and how many do in all."""
        parsed = _parse(query, typing=False)
        if parsed.node is None:
            return [], 0
        keys, scores, total = self._answering.found(parsed.node, limit, Asked(query))
        return list(zip(keys.tolist(), scores.tolist(), strict=True)), total

    def answer(self, query: str, as_you_type: bool = False, order: Order = Order.RELEVANCE) -> Answer:
        """All articles that answer the query, without looking into any of them.

        This is the query as a scope: what another pane is to be limited to. Nothing in a query raises.

        Args:
            as_you_type: as for :meth:`search`.
            order: as for :meth:`search`.
        """
        parsed = _parse(query, as_you_type)
        asked = Asked(query, parsed.problem, parsed.problem_at)
        keys = _NO_KEYS
        if parsed.node is not None:
            node, _ = self._widened(parsed)
            keys = self._answering.found(node, None, asked, order).keys
        return Answer(query, keys, parsed.understood, asked.problem)

    def matching(self, query: str, as_you_type: bool = False) -> Array:
        """Keys of all articles that answer the query, in no particular order: what facets are counted over.

        Args:
            as_you_type: as for :meth:`search`.
        """
        parsed = _parse(query, as_you_type)
        if parsed.node is None:
            return _NO_KEYS
        node, _ = self._widened(parsed)
        return self._answering.matching(node, Asked(query))

    def settled(self, query: str, chosen: str | None = None) -> str:
        """The query as one that is no longer being typed: what is a beginning rather than a word gets its ``*``.

        Args:
            query: as typed.
            chosen: id of an article that was chosen from what the query found; what it has only the beginning of was
                meant as one.
        """
        query = _clean(query)
        typed, plain = parse(query, typing=True), parse(query)
        begun = _begun_form(query, plain)
        if typed.node == plain.node or begun is None:
            return query.rstrip()
        few, many = self.matching(query), self.matching(query, as_you_type=True)
        if chosen is not None:
            row = self._database.connection.execute(
                "SELECT key FROM article WHERE id = ?", (_clean(chosen),)
            ).fetchone()
            if row is not None and row[0] in many:
                return query if row[0] in few else begun
        return begun if len(few) * _WORD_SHARE < len(many) else query

    def _begun(self, prefix: str, most: int) -> list[str]:
        """Words of the index that begin so, the commonest first."""
        with self._answering.opened() as snapshot:
            return lexis.begun(snapshot, prefix, most) if snapshot is not None else []

    def ids(self, keys: Array) -> list[str]:
        """Ids of articles by their keys, in the same order; of those that are gone there is none."""
        return self._catalogues.now().ids_of(keys)

    def spans(self, query: str, article_id: str, as_you_type: bool = False) -> list[Span]:
        """All places in one article that answer the query, in order, none overlapping.

        Args:
            as_you_type: as for :meth:`search`.

        Raises:
            NotFoundError: there is no such article.
        """
        row = self._database.connection.execute(
            "SELECT key, text FROM article WHERE id = ?", (_clean(article_id),)
        ).fetchone()
        if row is None:
            raise NotFoundError(f"{article_id}: there is no such article; see: warreader export articles")
        parsed = _parse(query, as_you_type)
        if parsed.node is None:
            return []
        node, _ = self._widened(parsed)
        lines = _lines(self._database, row["key"])
        return merged(light(node, row["text"], lines, self._lit_by(row["key"])))

    def _widened(self, parsed: Parsed) -> tuple[Node, tuple[Also, ...]]:
        assert parsed.node is not None
        return widened(parsed.node, parsed.words, self._other_names, self._spellings)

    def _spellings(self, word: str) -> tuple[str, ...]:
        """Other ways to write a designation that some article has."""
        apart = " " in word
        if not (others := together(word) if apart else spellings(word)):
            return ()
        with self._answering.opened() as snapshot:
            if snapshot is None:
                return ()
            if self._spelt[0] != snapshot.stamp:
                self._spelt = snapshot.stamp, {}
            if (known := self._spelt[1].get(word)) is None:
                known = tuple(other for other in others if self._is_held(other))
                if apart and known == others[:1] and known[0].replace("-", " ") == word.replace("-", " "):
                    known = ()
                self._spelt[1][word] = known
        return known

    def _is_held(self, words: str) -> bool:
        return len(self._answering.matching(Words(words, How.PHRASE), Asked(words))) > 0

    def _other_names(self, name: str) -> list[str]:
        """Other names that some article holds, those that most hold first."""
        if not (others := self.names.others(name)):
            return []
        with self._answering.opened() as snapshot:
            if snapshot is None:
                return []
            held = [
                (min((lexis.holding_term(snapshot, t) for t in terms(other)), default=0), other)
                for other in others
            ]
        return [other for count, other in sorted(held, key=lambda pair: (-pair[0], pair[1])) if count]

    def _meant(self, parsed: Parsed, query: str) -> str | None:
        """The query with words in place of those that are probably slips; ``None`` if there are none."""
        with self._answering.opened() as snapshot:
            if snapshot is None:
                return None
            better = query
            for start, end, words in reversed(parsed.words):
                if words.how not in (How.WORD, How.PHRASE):
                    continue
                for token in reversed(list(tokens(query[start:end]))):
                    word = query[start + token.start : start + token.end]
                    if (other := lexis.meant(snapshot, word, self.names.known)) is not None:
                        better = better[: start + token.start] + other + better[start + token.end :]
        # What is offered has no faults of its own; what was left open is closed.
        closed = (f"{better}{end}" for end in ("", '"', ")", '")'))
        return next((one for one in closed if parse(one).problem is None), None) if better != query else None

    def _hits(self, found: Found, node: Node, snippets: bool) -> tuple[SearchHit, ...]:
        rows = {
            row["key"]: row
            for row in self._database.connection.execute(
                f"SELECT {_COLUMNS if snippets else _BRIEF} FROM article"
                " WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(found.keys.tolist()),),
            )
        }
        hits = []
        for key, score in zip(found.keys.tolist(), found.scores.tolist(), strict=True):
            # An article deleted since the index was written is no hit.
            if (row := rows.get(key)) is None:
                continue
            shown: tuple[Snippet, ...] = ()
            if snippets:
                shown = self._shown(node, key, row["text"], row["kinds"])
            hits.append(
                SearchHit(
                    row["id"],
                    row["title"] or row["id"],
                    row["outlet"],
                    row["date"],
                    round(score, 4),
                    shown,
                    key,
                )
            )
        return tuple(hits)

    def _shown(self, node: Node, key: int, text: str, kinds: str) -> tuple[Snippet, ...]:
        """Snippets, from the beginning of a long article where that answers the whole query."""
        lines = lines_of(text, kinds)
        return make_snippets(text, lines, light(node, text, lines, self._lit_by(key), enough=BEGINNING))

    def _lit_by(self, key: int) -> Callable[[Sourced], Sequence[Span]]:
        return lambda leaf: self._answering.spans(leaf, key)


def _parse(query: str, typing: bool) -> Parsed:
    query = _clean(query)
    parsed = parse(query[:LONGEST], typing=typing)
    if len(query) > LONGEST and parsed.problem is None:
        return Parsed(parsed.node, f"only the first {LONGEST} characters of the query are read", LONGEST)
    return parsed


def _begun_form(query: str, parsed: Parsed) -> str | None:
    """The query with its last word, or that of its last phrase, as a beginning; ``None`` where that can't be said."""
    last = parsed.words[-1] if parsed.words else None
    if last is not None and last.words.how is How.PHRASE and last.end == len(query):
        return f'{query[: last.start]}"{last.words.text}*"'
    ends = parsed.node is not None and leaves(parsed.node)[-1]
    is_word = isinstance(ends, Words) and ends.how is How.WORD
    return f"{query}*" if is_word and query[-1:].isalnum() else None


def _clean(text: str) -> str:
    """The text without lone surrogates, which no database takes; as long as before."""
    return storable(text)


def _lines(database: Database, key: int) -> tuple[Line, ...]:
    row = database.connection.execute("SELECT text, kinds FROM article WHERE key = ?", (key,)).fetchone()
    return lines_of(row[0], row[1]) if row else ()
