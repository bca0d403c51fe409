"""What facets, orders and lists ask of all articles at once, kept as arrays: a hundred thousand cost megabytes.

SQLite gathers each column into one value, which is read at one go: no Python object is made per row and
the interpreter is free for the screen meanwhile.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from warreader.index.moments import moment
from warreader.index.search.arrays import Array
from warreader.index.storage import Database

_MANY, _SPARSE = 512, 8


class Order(StrEnum):
    """In which order results are listed. Unknown dates and outlets come last, equal ones the newest first."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"
    OUTLET = "outlet"
    TITLE = "title"


# As it is stated, whatever the month elsewhere: 202203, 202200 where only the year is known.
_STATED = "CAST(substr(replace(date, '-', '') || '00', 1, 6) AS INTEGER)"
_COLUMNS = (
    f"SELECT group_concat(key), group_concat(coalesce({moment()}, 0)), group_concat(coalesce({_STATED}, 0)),"
    " json_group_array(id), json_group_array(outlet)"
    " FROM article INDEXED BY article_listed"
)
# Opening marks and dashes say nothing about where a title belongs.
_SORTED = {
    Order.TITLE: "ltrim(coalesce(title, id), ' \"''“”„‘’«»[(–—-') COLLATE NOCASE",
    Order.OUTLET: "outlet IS NULL, outlet COLLATE NOCASE",
}


@dataclass(slots=True)
class Catalogue:
    """All articles of a library in order of key, as they stood at one moment.

    ``moments`` tell when they appeared (:mod:`warreader.index.moments`; 0: unknown), ``stated`` the months that
    they say themselves (202203; 0: unknown), ``outlets`` are numbers into ``outlet_names`` (-1: unknown).
    """

    number: int
    keys: Array
    ids: list[str]
    moments: Array
    stated: Array
    outlets: Array
    outlet_names: list[str]
    _ranks: dict[Order, Array] = field(default_factory=dict)
    _by_key: Array | None = None
    _months: tuple[Array, Array] | None = None

    def at(self, keys: Array) -> Array:
        """The places of articles; those that aren't here (any more) are left out."""
        if not len(self.keys):
            return np.empty(0, np.intp)
        if len(keys) < _MANY or self.keys[-1] > _SPARSE * len(self.keys):
            places = np.searchsorted(self.keys, keys)
            places[places == len(self.keys)] = 0
        else:
            # Many are looked up in a list of all keys sooner.
            if self._by_key is None:
                self._by_key = np.zeros(int(self.keys[-1]) + 1, np.int32)
                self._by_key[self.keys] = np.arange(len(self.keys))
            places = self._by_key[np.minimum(keys, len(self._by_key) - 1)].astype(np.intp)
        found: Array = places[self.keys[places] == keys]
        return found

    @property
    def months(self) -> tuple[Array, Array]:
        """All months (202203; 0 is unknown) in order, and for each article the place of its own among them."""
        if self._months is None:
            months, codes = np.unique(self.stated, return_inverse=True)
            self._months = months, codes.astype(np.int32)
        return self._months

    def ids_of(self, keys: Array) -> list[str]:
        """Ids of articles, in the order of their keys as given."""
        ids = self.ids
        return [ids[place] for place in self.at(keys).tolist()]


def change_count(database: Database, what: str) -> int:
    """How often ``article`` or ``mention`` was changed."""
    row = database.connection.execute("SELECT number FROM change_count WHERE what = ?", (what,)).fetchone()
    return int(row[0])


class Catalogues:
    """The catalogue of one library, made anew when articles have changed. Used from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._latest: Catalogue | None = None
        self._older: tuple[int, frozenset[int]] = (-1, frozenset())

    def older(self) -> frozenset[int]:
        """Keys of the versions that a newer one replaced; the same object while no article changes."""
        number = change_count(self._database, "article")
        if self._older[0] != number:
            rows = self._database.connection.execute("SELECT key FROM article WHERE latest = 0")
            found = frozenset(int(row[0]) for row in rows)
            self._older = number, self._older[1] if found == self._older[1] else found
        return self._older[1]

    def now(self) -> Catalogue:
        """The catalogue as things stand."""
        with self._lock:
            number = change_count(self._database, "article")
            if self._latest is None or self._latest.number != number:
                self._latest = self._made(number)
            return self._latest

    def _made(self, number: int) -> Catalogue:
        columns = self._database.connection.execute(_COLUMNS).fetchone()
        keys, moments, stated = map(_numbers, columns[:3])
        order = np.argsort(keys)  # SQLite would sort all columns, and take three times as long
        ids, named = (np.array(json.loads(column), object)[order].tolist() for column in columns[3:])
        names = list(dict.fromkeys(name for name in named if name is not None))
        codes: dict[str | None, int] = {name: code for code, name in enumerate(names)}
        codes[None] = -1
        return Catalogue(
            number,
            keys[order],
            ids,
            moments[order],
            stated[order],
            np.fromiter(map(codes.__getitem__, named), np.int32, len(named)),
            names,
        )

    def sorted(self, keys: Array, order: Order) -> Array:
        """Keys in an order; those of articles that aren't there any more are left out."""
        catalogue = self.now()
        places = catalogue.at(keys)
        if order is Order.RELEVANCE:
            return catalogue.keys[places]
        moments = catalogue.moments[places]
        if order is Order.OLDEST:
            by = np.lexsort((places, moments, moments == 0))
        elif order is Order.NEWEST:
            by = np.lexsort((places, -moments))
        else:
            by = np.lexsort((places, -moments, self._ranks(catalogue, order)[places]))
        found: Array = catalogue.keys[places[by]]
        return found

    def _ranks(self, catalogue: Catalogue, order: Order) -> Array:
        """Of each article the place that it has in an order; equal ones have the same."""
        with self._lock:
            if (known := catalogue._ranks.get(order)) is None:
                by = _SORTED[order]
                keys, ranks = self._database.connection.execute(
                    "SELECT group_concat(key), group_concat(rank) FROM"
                    f" (SELECT key, dense_rank() OVER (ORDER BY {by}) AS rank FROM article)"
                ).fetchone()
                known = np.zeros(len(catalogue.keys), np.int64)
                sorted_keys = _numbers(keys)
                # Articles may have come or gone since the catalogue was made.
                held = np.isin(sorted_keys, catalogue.keys)
                known[catalogue.at(sorted_keys[held])] = _numbers(ranks)[held]
                catalogue._ranks[order] = known
            return known


def _numbers(text: str | None) -> Array:
    return np.fromstring(text, np.int64, sep=",") if text else np.empty(0, np.int64)
