"""What a query that is being typed may go on with: fields and their values, names, words of the index, queries."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

import numpy as np

from warreader.index.counting import many
from warreader.index.entities.names import fold_name
from warreader.index.search.analyzer import terms
from warreader.index.search.catalogue import Catalogues
from warreader.index.search.facets import Facets, TagsOf
from warreader.index.search.fields import ENTITY_FIELDS
from warreader.index.search.query import FIELDS, STATES
from warreader.index.storage import Database
from warreader.index.text import fold, fold_marks

MOST = 8
"""So many are offered."""

_NAMES = 3
_WORDS = 4
_QUERIES = 2
_LEAST = 2
_HIGHEST = "\U0010ffff"
_FIELD_OF = {label.value: field for field, labels in ENTITY_FIELDS.items() for label in labels}
# The piece of a query before the cursor: sign, field, what is quoted or not.
_PIECE = re.compile(r"(?:^|(?<=[\s(]))-?(?:(?P<field>[^\W\d_]+):)?=?(?P<quote>\")?(?P<value>[^\"()\s]*)\Z")
_QUOTED = re.compile(r"(?:^|(?<=[\s(]))-?(?:(?P<field>[^\W\d_]+):)?=?\"(?P<value>[^\"]*)\Z")


class Kind(StrEnum):
    """What is offered."""

    FIELD = "field"
    VALUE = "value"
    NAME = "name"
    WORD = "word"
    QUERY = "query"


@dataclass(frozen=True, slots=True)
class Completion:
    """``text`` in place of what stands in the query from ``start`` to ``end``; ``detail`` says what it is."""

    text: str
    start: int
    end: int
    kind: Kind
    detail: str = ""

    def into(self, query: str) -> tuple[str, int]:
        """The query with it, and where the cursor stands then."""
        # One space after it; after a field's name comes its value.
        space = "" if self.kind is Kind.FIELD or query[self.end : self.end + 1] == " " else " "
        return f"{query[: self.start]}{self.text}{space}{query[self.end :]}", self.start + len(
            self.text
        ) + 1 * (self.kind is not Kind.FIELD)


@dataclass(frozen=True, slots=True)
class _Piece:
    """What is being typed: after which field, quoted or not, and which part of the query it is."""

    field: str
    value: str
    start: int
    end: int
    quoted: bool


class Completer:
    """Completes queries over one library. Used from several threads.

    Args:
        database: ``library.sqlite``.
        catalogues: its articles.
        facets: says how a query asks for an outlet.
        words: words of the index that begin so, the commonest first.
        tags: the reader's tags.
        recent: queries asked before that begin so, the latest first.
    """

    def __init__(
        self,
        database: Database,
        catalogues: Catalogues,
        facets: Facets,
        words: Callable[[str, int], Sequence[str]],
        tags: TagsOf | None,
        recent: Callable[[int, str], Sequence[str]],
    ) -> None:
        self._database = database
        self._catalogues = catalogues
        self._facets = facets
        self._words = words
        self._tags = tags
        self._recent = recent

    def at(self, query: str, cursor: int, most: int = MOST) -> list[Completion]:
        """What may stand where the cursor is, the likeliest first; nothing inside a word.

        Args:
            cursor: code points before it.
        """
        if query[cursor : cursor + 1].strip(" )"):
            return []
        piece = _piece(query[:cursor])
        if piece is None:
            return []
        found = self._fielded(piece) if piece.field else self._free(piece, query)
        unlike = {query[piece.start : piece.end].casefold(): None}
        offered = []
        for one in found:
            if one.text.casefold() not in unlike:
                unlike[one.text.casefold()] = None
                offered.append(one)
            if len(offered) == most:
                break
        return offered

    # values of fields

    def _fielded(self, piece: _Piece) -> Iterator[Completion]:
        if piece.field == "is":
            values: Iterable[tuple[str, str]] = ((f"is:{state}", "") for state in STATES)
            values = (pair for pair in values if pair[0].startswith(f"is:{piece.value.lower()}"))
        elif piece.field == "outlet":
            values = self._outlets(piece.value)
        elif piece.field == "date":
            values = self._dates(piece.value)
        elif piece.field == "tag":
            values = self._tagged(piece.value)
        elif piece.field in ENTITY_FIELDS:
            values = self._named(piece.value, piece.field)
        elif piece.field == "said":
            values = self._speakers(piece.value)
        else:
            values = ()
        return (Completion(text, piece.start, piece.end, Kind.VALUE, told) for text, told in values)

    def _outlets(self, value: str) -> Iterator[tuple[str, str]]:
        catalogue = self._catalogues.now()
        counts = np.bincount(catalogue.outlets[catalogue.outlets >= 0], minlength=len(catalogue.outlet_names))
        names = catalogue.outlet_names
        for at in np.argsort(-counts, kind="stable").tolist() if names else ():
            if _begins(names[at], value):
                yield self._facets.clause_of(names[at], names), many(int(counts[at]), "article")

    def _dates(self, value: str) -> Iterator[tuple[str, str]]:
        first, dots, last = value.rpartition("..")
        stated = self._catalogues.now().stated
        months = stated[stated > 0]
        parts = months // 100 if len(last) < 4 else months[months % 100 > 0]
        found, counts = np.unique(parts, return_counts=True)
        for part, count in reversed(list(zip(found.tolist(), counts.tolist(), strict=True))):
            text = str(part) if len(last) < 4 else f"{part // 100}-{part % 100:02}"
            if text.startswith(last):
                yield f"date:{first}{dots}{text}", many(count, "article")

    def _tagged(self, value: str) -> Iterator[tuple[str, str]]:
        held = self._tags() if self._tags is not None else {}
        for tag in sorted(held, key=lambda tag: (-len(held[tag]), tag)):
            if _begins(tag, value):
                yield f'tag:"{tag.replace(chr(34), " ")}"', many(len(held[tag]), "article")

    def _named(self, value: str, field: str) -> Iterator[tuple[str, str]]:
        labels = [label.value for label in ENTITY_FIELDS[field]]
        for name, _, articles in self._entities(value, labels, MOST):
            yield f'{field}:"{_quotable(name)}"', many(articles, "article")

    def _speakers(self, value: str) -> Iterator[tuple[str, str]]:
        said = " AND EXISTS (SELECT 1 FROM quotation WHERE quotation.entity = entity.key)"
        for name, _, articles in self._entities(value, list(_FIELD_OF), MOST, said):
            yield f'said:"{_quotable(name)}"', f"named in {articles:,}"

    def _entities(
        self, value: str, labels: Sequence[str], most: int, where: str = ""
    ) -> list[tuple[str, str, int]]:
        """Name, label, articles of the entities that go by a name that begins so, or has a word that does."""
        folded = fold_name(value)
        named = ""
        values: tuple[object, ...] = ()
        if folded:
            named = " AND key IN (SELECT entity FROM entity_name WHERE folded >= ? AND folded < ?)"
            values = (folded, folded + _HIGHEST)
        rows = self._database.connection.execute(
            "SELECT name, label, articles FROM entity WHERE label IN (SELECT value FROM json_each(?))"
            f" AND articles > 0{named}{where} ORDER BY articles DESC, name LIMIT ?",
            (json.dumps(labels), *values, most),
        )
        return [(str(row[0]), str(row[1]), int(row[2])) for row in rows]

    # plain words

    def _free(self, piece: _Piece, query: str) -> Iterator[Completion]:
        value = piece.value
        if piece.quoted:
            yield from self._in_phrase(piece)
            return
        if not value:
            return
        fields = [f"{field}:" for field in sorted(FIELDS) if field.startswith(value.lower())]
        shown = (Completion(field, piece.start, piece.end, Kind.FIELD) for field in fields)
        if len(value) >= 3:
            yield from shown
        if len(value) >= _LEAST:
            # Among words a name is offered by its own words only: "russia" is not the BBC for its Russian service.
            named = self._entities(value, list(_FIELD_OF), MOST)
            for name, label, articles in [one for one in named if _begins(one[0], value)][:_NAMES]:
                text = f'{_FIELD_OF[label]}:"{_quotable(name)}"'
                yield Completion(text, piece.start, piece.end, Kind.NAME, many(articles, "article"))
            yield from self._worded(piece.value, piece.start, piece.end)
        if piece.end == len(query) >= _LEAST:
            asked = self._recent(_QUERIES + 1, query)
            whole = (one for one in asked if one.strip() != query.strip())
            for text in islice(whole, _QUERIES):
                yield Completion(text, 0, len(query), Kind.QUERY, "asked before")
        if len(value) < 3:
            yield from shown

    def _in_phrase(self, piece: _Piece) -> Iterator[Completion]:
        last = piece.value.rpartition(" ")[2]
        if len(last) >= _LEAST:
            yield from self._worded(last, piece.end - len(last), piece.end)

    def _worded(self, value: str, start: int, end: int) -> Iterator[Completion]:
        found = terms(value)
        if len(found) != 1 or not value[-1].isalnum():
            return
        for form in found[0].forms[:1]:
            for word in self._words(form, _WORDS + 1):
                if word != form:
                    yield Completion(word, start, end, Kind.WORD)


def _piece(before: str) -> _Piece | None:
    folded = fold_marks(before)
    quoted = folded.count('"') % 2 == 1
    match = (_QUOTED if quoted else _PIECE).search(folded)
    if match is None:
        return None
    start = match.start()
    # The minus stays; so does the sign of an exact value, which a value brings along.
    start += before[start : start + 1] == "-"
    field = (match["field"] or "").lower()
    if field and field not in FIELDS:
        return None
    value = before[match.start("value") :]
    return _Piece(field, value, start if field else match.start("value"), len(before), quoted)


def _begins(name: str, value: str) -> bool:
    """Whether the name, or a word of it, begins so."""
    folded, wanted = fold(name), fold(value)
    return folded.startswith(wanted) or f" {wanted}" in folded


def _quotable(name: str) -> str:
    return " ".join(name.replace('"', " ").split())
