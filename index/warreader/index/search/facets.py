"""What the articles that answer a query have in common, counted over all of them: outlets, months, names, tags."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from warreader.index.errors import LibraryError
from warreader.index.search.analyzer import terms
from warreader.index.search.arrays import Array
from warreader.index.search.catalogue import Catalogue, Catalogues, change_count
from warreader.index.search.fields import ENTITY_FIELDS
from warreader.index.search.segment import stretches
from warreader.index.storage import Database

MOST = 10
"""Values of a facet that are told at first."""

FEW = 150
"""Of so few articles the names are counted by SQLite; of more, by arrays."""

MONTHS = 24
"""Dates over more months than this are counted by year."""

_PART = 20_000
_PATIENCE = 20
"""Arrays that are out of date serve on for so many times the seconds that making them took."""

TagsOf = Callable[[], Mapping[str, Collection[str]]]
"""Ids of the articles that have each of the reader's tags."""


_DENSE = 6
"""One article of so many is many."""

_COMMON = 64
"""What one article of so many names is very common: as bits it takes little more room than listed, and no time."""

_LEAST = 1 << 12
"""Among fewer articles nothing is so common that it matters."""


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value: as it is shown, as a query says it, and how many of the articles have it."""

    name: str
    clause: str
    articles: int


@dataclass(frozen=True, slots=True)
class Facet:
    """The values of one field, most articles first (dates: the latest first), and how many there are in all."""

    field: str
    values: tuple[FacetValue, ...]
    total: int


@dataclass(slots=True)
class _Named:
    """The entities that several articles name, by number, and for each article which: ``named`` from ``starts`` on.

    ``totals`` counts the articles of each entity, ``starts`` is by the article's key and has one more at its end.
    Few entities are named by very many articles, and these are most of all that is named: of each of those there
    is a bit for every article, a row of ``bits``; ``common`` has their numbers. ``named`` is without them.
    ``of`` has the numbers of those that each field is for.
    """

    number: int
    entities: Array
    labels: Array
    totals: Array
    starts: Array
    named: Array
    common: Array
    bits: Array
    of: dict[str, Array]
    expires: float

    def count(self, keys: Array) -> Array:
        """How many of these articles name each of the entities."""
        found = self._listed(keys := keys[keys < len(self.starts) - 1])
        these = np.zeros(64 * self.bits.shape[1], np.bool_)
        these[keys] = True
        both = np.bitwise_and(self.bits, np.packbits(these).view(np.uint64))
        found[self.common] = np.bitwise_count(both).sum(axis=1, dtype=np.intp)
        return found

    def _listed(self, keys: Array) -> Array:
        """The same of those that ``named`` has."""
        if 2 * len(keys) > len(self.starts):
            # The others are fewer.
            others = np.ones(len(self.starts) - 1, np.bool_)
            others[keys] = False
            found: Array = self.totals - self._listed(others.nonzero()[0])
            return found
        if _DENSE * len(keys) > len(self.starts):
            # Read as it lies there; from as many on, going from place to place takes longer.
            these = np.zeros(len(self.starts) - 1, np.bool_)
            these[keys] = True
            naming = self.named[np.repeat(these, np.diff(self.starts))]
        else:
            starts = self.starts[keys]
            naming = self.named[stretches(starts, self.starts[keys + 1] - starts)]
        return np.bincount(naming, minlength=len(self.entities))


class Facets:
    """Counts facets of one library. Used from several threads.

    Args:
        database: ``library.sqlite``.
        catalogues: its articles.
        tags: the reader's tags.
    """

    def __init__(self, database: Database, catalogues: Catalogues, tags: TagsOf | None = None) -> None:
        self._database = database
        self._catalogues = catalogues
        self._tags = tags
        self._lock = threading.Lock()
        self._named: _Named | None = None
        # The outlets as last asked about, as they are spelled, and what a query says for them.
        self._spelled: tuple[Sequence[str], list[str], dict[str, str]] = ((), [], {})

    def of(
        self,
        keys: Array,
        most: int = MOST,
        only: str | None = None,
        *,
        missed: Callable[[Exception], object] | None = None,
    ) -> tuple[Facet, ...]:
        """The facets of these articles; a facet without values is left out.

        Args:
            keys: of the articles, each once.
            most: values of each facet.
            only: the one facet that is wanted, by its field.
            missed: told why where the tags can't be had; the others are counted all the same.

        Raises:
            LibraryError: the tags can't be had, and ``missed`` is not there to be told.
        """
        catalogue = self._catalogues.now()
        places = catalogue.at(keys)
        found: list[Facet] = []
        if only in (None, "outlet"):
            found.append(self._outlets(catalogue, places, most))
        if only in (None, "date"):
            found.append(_dates(catalogue, places, most))
        wanted = [field for field in ENTITY_FIELDS if only in (None, field)]
        if wanted:
            found += self._names(keys, wanted, most)
        if only in (None, "tag") and self._tags is not None:
            try:
                found.append(_tags(self._tags(), catalogue, places, most))
            except (LibraryError, sqlite3.Error) as error:
                if missed is None:
                    raise
                missed(error)
        return tuple(facet for facet in found if facet.values)

    def entities(self, keys: Array) -> dict[int, int]:
        """How many of these articles name each entity (by its key); those of one article only, of few alone."""
        found, _, counts = self._counted(keys)
        return dict(zip(found.tolist(), counts.tolist(), strict=True))

    # outlets and dates

    def _outlets(self, catalogue: Catalogue, places: Array, most: int) -> Facet:
        codes = catalogue.outlets[places]
        counts = np.bincount(codes[codes >= 0], minlength=1)
        names = catalogue.outlet_names
        best = _best(counts, most)
        values = [FacetValue(names[at], self.clause_of(names[at], names), int(counts[at])) for at in best]
        return Facet("outlet", tuple(values), int((counts > 0).sum()))

    def clause_of(self, outlet: str, others: Sequence[str]) -> str:
        """What a query says for this outlet alone: the whole name where others' hold its words too."""
        if self._spelled[0] is not others:
            self._spelled = (others, [_spelled(other) for other in others], {})
        _, spelled, known = self._spelled
        if (clause := known.get(outlet)) is None:
            own = _spelled(outlet)
            ambiguous = not own.strip() or sum(own in other for other in spelled) > 1
            clause = known[outlet] = f'outlet:{"=" if ambiguous else ""}"{_quotable(outlet)}"'
        return clause

    # names

    def _names(self, keys: Array, fields: Collection[str], most: int) -> list[Facet]:
        chosen: dict[str, tuple[list[tuple[int, int]], int]] = {}
        for field, (entities, counts) in self._counted_of(keys, fields).items():
            best = [(int(counts[at]), int(entities[at])) for at in _best(counts, most)]
            chosen[field] = (best, int(np.count_nonzero(counts)))
        wanted = [entity for found, _ in chosen.values() for _, entity in found]
        names = dict(
            self._database.connection.execute(
                "SELECT key, name FROM entity WHERE key IN (SELECT value FROM json_each(?))",
                (json.dumps(wanted),),
            ).fetchall()
        )
        return [
            Facet(
                field,
                tuple(
                    FacetValue(names[entity], f'{field}:"{_quotable(names[entity])}"', count)
                    for count, entity in found
                    if entity in names
                ),
                total,
            )
            for field, (found, total) in chosen.items()
        ]

    def _counted_of(self, keys: Array, fields: Collection[str]) -> dict[str, tuple[Array, Array]]:
        """The entities of each field by key, and how many of the articles name each, 0 some of them."""
        if len(keys) <= FEW:
            entities, labels, counts = self._counted(keys)
            held = {field: _OF[field][labels].nonzero()[0] for field in fields}
        else:
            named = self._arrays()
            entities, counts, held = named.entities, named.count(keys), named.of
        return {field: (entities.take(held[field]), counts.take(held[field])) for field in fields}

    def _counted(self, keys: Array) -> tuple[Array, Array, Array]:
        """Persons, places, organisations and units by key, their labels, and how many of the articles name each."""
        if len(keys) <= FEW:
            rows = self._database.connection.execute(
                "SELECT entity.key, label, naming FROM (SELECT entity AS one, count(*) AS naming FROM named"
                " WHERE article IN (SELECT value FROM json_each(?)) GROUP BY entity)"
                " JOIN entity ON entity.key = one",
                (json.dumps(keys.tolist()),),
            )
            found = [(row[0], _LABELS.index(row[1]), row[2]) for row in rows if row[1] in _LABELS]
            columns = np.array(found, np.int64).reshape(-1, 3)
            return columns[:, 0], columns[:, 1], columns[:, 2]
        named = self._arrays()
        counts = named.count(keys)
        there = np.flatnonzero(counts)
        return named.entities[there], named.labels[there], counts[there]

    def _arrays(self) -> _Named:
        with self._lock:
            number = change_count(self._database, "mention")
            known = self._named
            if known is not None and (known.number == number or time.monotonic() < known.expires):
                return known
            began = time.monotonic()
            self._named = made = self._read(number)
            ended = time.monotonic()
            made.expires = ended + _PATIENCE * (ended - began)
            return made

    def _read(self, number: int) -> _Named:
        """Read all mentions, some at a time: the screen has its turn in between."""
        connection = self._database.connection
        keys, labels = connection.execute(
            "SELECT coalesce(group_concat(one), ''), coalesce(group_concat(number), '') FROM"
            " (SELECT entity.key AS one, label.key AS number FROM entity JOIN json_each(?) AS label"
            "  ON label.value = entity.label ORDER BY entity.key)",
            (json.dumps(_LABELS),),
        ).fetchone()
        found = np.column_stack((_numbers(keys), _numbers(labels)))
        # All at one place from the beginning: of many pieces the memory would not be given back.
        room = connection.execute("SELECT count(*) FROM named").fetchone()[0]
        places, articles = np.empty(room, np.int32), np.empty(room, np.int32)
        last = -1
        end = 0
        while True:
            # Whole articles at a time: ``last`` is the last one read.
            row = connection.execute(
                "SELECT group_concat(entity), group_concat(article), max(article) FROM"
                " (SELECT entity, article FROM named WHERE article > ? AND article <= ("
                "   SELECT coalesce(min(article), 9e18) FROM (SELECT article FROM named WHERE article > ?"
                "   ORDER BY article LIMIT 1 OFFSET ?)) ORDER BY article, entity)",
                (last, last, _PART),
            ).fetchone()
            if row[0] is None:
                break
            last = int(row[2])
            entities, naming = _numbers(row[0]), _numbers(row[1])
            at = np.searchsorted(found[:, 0], entities)
            at[at == len(found)] = 0
            known = found[at, 0] == entities if len(found) else np.zeros(len(entities), np.bool_)
            at, naming = at[known][: room - end], naming[known][: room - end]
            places[end : end + len(at)], articles[end : end + len(at)] = at, naming
            end += len(at)
        return _grouped(number, found, places[:end], articles[:end])


_LABELS = sorted({label.value for labels in ENTITY_FIELDS.values() for label in labels})
_OF = {
    field: np.isin(np.arange(len(_LABELS)), [_LABELS.index(label) for label in labels])
    for field, labels in ENTITY_FIELDS.items()
}


def _grouped(number: int, found: Array, places: Array, articles: Array) -> _Named:
    """Of the entities those that several articles name.

    Args:
        found: keys and labels of entities.
        places: for each time that an article names an entity its place among these, in order of article.
        articles: the article's key.
    """
    totals = np.bincount(places, minlength=len(found))
    kept = totals > 1
    size = int(articles.max(initial=-1)) + 1
    common = kept & (totals * _COMMON >= max(size, _LEAST))
    listed = (kept & ~common)[places]
    numbers = (np.cumsum(kept) - 1).astype(np.int32)
    starts = np.append(0, np.cumsum(np.bincount(articles[listed], minlength=size))).astype(np.int32)
    bits = np.zeros((int(common.sum()), -(-size // 64)), np.uint64)
    rows = (np.cumsum(common) - 1)[places]
    order = np.argsort(rows[(often := common[places])], kind="stable")
    theirs = np.split(articles[often][order], np.cumsum(totals[common])[:-1])
    for row, naming in zip(bits, theirs, strict=False):
        these = np.zeros(64 * bits.shape[1], np.bool_)
        these[naming] = True
        row[:] = np.packbits(these).view(np.uint64)
    return _Named(
        number,
        found[kept, 0],
        found[kept, 1],
        totals[kept],
        starts,
        numbers[places[listed]],
        numbers[common],
        bits,
        {field: held[found[kept, 1]].nonzero()[0] for field, held in _OF.items()},
        0.0,
    )


def _dates(catalogue: Catalogue, places: Array, most: int) -> Facet:
    months, codes = catalogue.months
    counts = np.bincount(codes[places], minlength=len(months))
    there = counts.nonzero()[0]
    values, counts = months[there], counts[there]
    values, counts = values[values > 0], counts[values > 0]
    # A date of which no month is known counts by its year only.
    by_year = len(values) > MONTHS or bool((values % 100 == 0).any())
    if by_year:
        values, which = np.unique(values // 100, return_inverse=True)
        counts = np.bincount(which, counts, len(values)).astype(np.int64)
    names = [str(value) if by_year else f"{value // 100}-{value % 100:02}" for value in values.tolist()]
    found = [FacetValue(n, f"date:{n}", c) for n, c in zip(names, counts.tolist(), strict=True)]
    return Facet("date", tuple(found[::-1][:most]), len(found))


def _tags(tags: Mapping[str, Collection[str]], catalogue: Catalogue, places: Array, most: int) -> Facet:
    ids = {catalogue.ids[place] for place in places.tolist()} if tags else ()
    counts = Counter({tag: sum(held in ids for held in articles) for tag, articles in tags.items()})
    found = sorted((pair for pair in counts.items() if pair[1]), key=lambda pair: (-pair[1], pair[0]))
    values = [FacetValue(tag, f'tag:"{_quotable(tag)}"', count) for tag, count in found[:most]]
    return Facet("tag", tuple(values), len(found))


def _best(counts: Array, most: int) -> list[int]:
    if len(counts) > 4 * most:
        least = np.partition(counts, len(counts) - most)[len(counts) - most]
        at = np.flatnonzero(counts >= max(least, 1))
    else:
        at = np.flatnonzero(counts)
    order = np.lexsort((at, -counts[at]))[:most]
    found: list[int] = at[order].tolist()
    return found


def _spelled(name: str) -> str:
    """The words of a name as a phrase is looked for in it."""
    return f" {' '.join(term.forms[0] for term in terms(name))} "


def _quotable(name: str) -> str:
    return " ".join(name.replace('"', " ").split())


def _numbers(text: str) -> Array:
    return np.fromstring(text, np.int64, sep=",")
