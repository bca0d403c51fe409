"""From one entity onwards: where it is named, with whom, how often when, what it says, and why it is one."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from warreader.index.article import Entity, Label, Span
from warreader.index.entities.listing import HeldRoll, Listed
from warreader.index.moments import moment
from warreader.index.storage import Database

_FIELDS = {
    Label.PERSON: "person",
    Label.GPE: "place",
    Label.LOC: "place",
    Label.ORG: "org",
    Label.UNIT: "unit",
}


@dataclass(frozen=True, slots=True)
class Joined:
    """A form of an entity's name, how it came to be joined to it, and how often so."""

    form: str
    reason: str
    mentions: int


@dataclass(frozen=True, slots=True)
class Saying:
    """Where an entity is quoted: the article, and the quotation's offsets in its text."""

    article: str
    title: str | None
    outlet: str | None
    date: str | None
    span: Span


def query_for(entity: Entity | Listed) -> str:
    """The search for the articles that name an entity."""
    name = f'"{entity.name.replace(chr(34), " ").strip()}"'
    field = _FIELDS.get(entity.label)
    return name if field is None else f"{field}:{name}"


class Pivots:
    """Answers about one entity, by its id; an unknown one has none of anything.

    Some read what may be a great deal, an entity that every second article names: call off the event loop.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def articles(self, entity_id: str) -> list[str]:
        """Ids of the articles that name it, by date, unknown last; older versions too."""
        rows = self._database.connection.execute(
            "SELECT article.id FROM named JOIN article ON article.key = named.article"
            " WHERE entity = (SELECT key FROM entity WHERE id = ?)"
            f" ORDER BY {moment()} NULLS LAST, article.id",
            (entity_id,),
        )
        return [str(row[0]) for row in rows]

    def spans(self, entity_id: str, article_id: str) -> list[Span]:
        """Where an article names it."""
        rows = self._database.connection.execute(
            "SELECT start, end FROM mention WHERE article = (SELECT key FROM article WHERE id = ?)"
            " AND entity = (SELECT key FROM entity WHERE id = ?) ORDER BY start",
            (article_id, entity_id),
        )
        return [Span(int(row[0]), int(row[1])) for row in rows]

    def forms(self, entity_id: str, article_id: str | None = None) -> list[tuple[str, int]]:
        """The names under which it appears with how often, most often first; in one article, or in all."""
        if article_id is None:
            query = (
                "SELECT form, mentions FROM entity_form WHERE entity = (SELECT key FROM entity WHERE id = ?)"
                " AND mentions > 0 ORDER BY mentions DESC, form"
            )
            rows = self._database.connection.execute(query, (entity_id,))
        else:
            query = (
                "SELECT form, count(*) FROM mention WHERE article = (SELECT key FROM article WHERE id = ?)"
                " AND entity = (SELECT key FROM entity WHERE id = ?) GROUP BY form ORDER BY 2 DESC, form"
            )
            rows = self._database.connection.execute(query, (article_id, entity_id))
        return _spaced(rows)

    def joins(self, entity_id: str) -> list[Joined]:
        """Each name under which it appears with the reason why that is taken for it; most often first."""
        rows = self._database.connection.execute(
            "SELECT form, reason, count(*) FROM mention WHERE entity = (SELECT key FROM entity WHERE id = ?)"
            " GROUP BY form, reason ORDER BY 3 DESC, form, reason",
            (entity_id,),
        )
        counts: Counter[tuple[str, str]] = Counter()
        for form, reason, mentions in rows:
            counts[" ".join(form.split()), reason] += mentions
        return [Joined(form, reason, mentions) for (form, reason), mentions in counts.most_common()]

    def months(self, entity_id: str) -> list[tuple[str, int]]:
        """In how many articles it is named by month (``2022-03``), from the first to the last, none left out."""
        rows = self._database.connection.execute(
            "SELECT substr(date, 1, 7), count(*) FROM named JOIN article ON article.key = named.article"
            " WHERE entity = (SELECT key FROM entity WHERE id = ?) AND counted AND length(date) >= 7"
            " GROUP BY 1 ORDER BY 1",
            (entity_id,),
        ).fetchall()
        found = {str(row[0]): int(row[1]) for row in rows if _is_month(str(row[0]))}
        return [(month, found.get(month, 0)) for month in _months(min(found), max(found))] if found else []

    def together(self, entity_id: str, limit: int = 500) -> HeldRoll:
        """Those named in the same articles; the counts are of these articles."""
        rows = self._database.connection.execute(
            "SELECT id, name, label, n.shared, n.shared FROM (SELECT other.entity, count(*) AS shared"
            " FROM named one JOIN named other ON other.article = one.article AND other.entity <> one.entity"
            " WHERE one.entity = (SELECT key FROM entity WHERE id = ?) AND one.counted"
            " GROUP BY other.entity ORDER BY 2 DESC LIMIT ?) n JOIN entity ON key = n.entity"
            " WHERE label NOT IN ('DATE', 'NUMBER') ORDER BY n.shared DESC, name, key",
            (entity_id, limit),
        )
        return HeldRoll([tuple(row) for row in rows])

    def sayings(self, entity_id: str) -> list[Saying]:
        """Where it is quoted, the latest first."""
        rows = self._database.connection.execute(
            "SELECT article.id, title, outlet, date, start, end FROM quotation"
            " JOIN article ON article.key = quotation.article"
            " WHERE entity = (SELECT key FROM entity WHERE id = ?) AND latest"
            f" ORDER BY {moment()} DESC, article.id, start",
            (entity_id,),
        )
        return [Saying(row[0], row[1], row[2], row[3], Span(row[4], row[5])) for row in rows]


def _spaced(rows: Iterable[sqlite3.Row]) -> list[tuple[str, int]]:
    """Forms with their counts; what differs but in its spaces, as where a line ends in it, is one."""
    counts: Counter[str] = Counter()
    for form, mentions in rows:
        counts[" ".join(form.split())] += mentions
    return counts.most_common()


def _is_month(text: str) -> bool:
    year, dash, month = text.partition("-")
    return dash == "-" and year.isdigit() and len(year) == 4 and month.isdigit() and 1 <= int(month) <= 12


def _months(first: str, last: str) -> Sequence[str]:
    start, end = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (first, last))
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, end + 1)]
