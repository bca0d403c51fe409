"""What was said across a library, by words: a full-text index of the quotations' own words and speakers.

Words are folded and stemmed as search does it, and stored in order with SQLite's FTS5, a row a quotation. So
``quote:`` and ``said:`` need not read any article's text, whatever the library's size.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice, product

from warreader.index.article import QuotationKind
from warreader.index.search.analyzer import key, terms


@dataclass(frozen=True, slots=True)
class Asked:
    """Which quotations of a library are meant; what is empty is not asked.

    Args:
        words: stand in the quotation one after another.
        called: all stand in the speaker's words in the text.
        entities: ids of whom the speaker may be.
        outlet: the article's, as stored.
        month: the article's, ``2022-03``, or a year.
        articles: keys of the articles as a JSON list, as :attr:`.search.Answer.json` gives them.
        kinds: kinds of quotations; words set apart with nobody saying them are not among them unless named.
    """

    words: str = ""
    called: str = ""
    entities: tuple[str, ...] = ()
    outlet: str = ""
    month: str = ""
    articles: str = ""
    kinds: tuple[QuotationKind, ...] = (QuotationKind.DIRECT, QuotationKind.MIXED, QuotationKind.INDIRECT)

    @property
    def few(self) -> bool:
        """Whether words, speakers or articles are asked for, that few quotations have."""
        return bool(self.words or self.called or self.entities or self.articles)

    def condition(self) -> tuple[str, list[str]]:
        """As SQL over ``quotation q``, ``article a`` and ``entity e``, with its values. Older versions of an
        article are left out.
        """
        parts = ["a.latest", f"q.kind IN ({','.join('?' * len(self.kinds))})"]
        values = [kind.value for kind in self.kinds]
        for given, asked in ((self.words, holds(self.words)), (self.called, called(self.called))):
            if given:
                # What holds no word stands in no quotation.
                parts.append("q.key IN (SELECT rowid FROM spoken WHERE spoken MATCH ?)" if asked else "0")
                values += [asked] if asked else []
        if self.entities:
            parts.append("q.entity IN (SELECT key FROM entity WHERE id IN (SELECT value FROM json_each(?)))")
            values.append(json.dumps(self.entities))
        if self.outlet:
            parts.append("a.outlet = ?")
            values.append(self.outlet)
        if self.month:
            parts.append("a.date >= ? AND a.date < ?")
            # A colon follows the digits.
            values += [self.month, self.month + ":"]
        if self.articles:
            parts.append("q.article IN (SELECT value FROM json_each(?))")
            values.append(self.articles)
        return " AND ".join(parts), values


@dataclass(frozen=True, slots=True)
class Tally:
    """How many quotations a speaker, an outlet or a month has, in how many articles. ``id`` is an entity's id, an
    outlet's name, or a month such as ``2022-03``; ``name`` is what to show.
    """

    id: str
    name: str
    quotations: int
    articles: int


MOST_SPELLINGS = 32
"""Ways to spell a phrase that are asked for at most."""


def index(connection: sqlite3.Connection, article: int, text: str) -> None:
    """Index an article's stored quotations anew. Those that were deleted have gone by themselves.

    Args:
        connection: of ``library.sqlite``, in a transaction.
        article: the article's row.
        text: its stored text.
    """
    rows = connection.execute(
        "SELECT key, start, end, speaker_start, speaker_end, named FROM quotation WHERE article = ?",
        (article,),
    ).fetchall()
    connection.executemany(
        "INSERT OR REPLACE INTO spoken (rowid, words, speaker) VALUES (?, ?, ?)",
        [
            (
                row["key"],
                " ".join(key(text[row["start"] : row["end"]])),
                " ".join(key(row["named"] or text[row["speaker_start"] or 0 : row["speaker_end"] or 0])),
            )
            for row in rows
        ],
    )


def holds(value: str) -> str | None:
    """What to ask ``spoken`` for quotations that hold these words one after another; ``None`` for no words."""
    spellings = [term.stems for term in terms(value)]
    if not spellings:
        return None
    phrases = islice(product(*spellings), MOST_SPELLINGS)
    return "words : (" + " OR ".join(_quoted(" ".join(phrase)) for phrase in phrases) + ")"


def called(value: str) -> str | None:
    """What to ask for quotations whose speaker's words in the text hold all of these; ``None`` for no words."""
    words: Sequence[str] = key(value)
    return "speaker : (" + " AND ".join(_quoted(word) for word in words) + ")" if words else None


def traces(value: str) -> list[list[str]]:
    """For each word the beginnings, in small letters, of which one stands in a text that holds it.

    Words with letters beyond ASCII are left out: how a text spells those is known to :func:`holds` alone.
    """
    # An army is stemmed to "armi", and an apostrophe has many forms.
    begun = [
        [re.split("[^a-z0-9]", stem)[0] if stem.isascii() else "" for stem in term.stems]
        for term in terms(value)
    ]
    found = [[stem[: max(3, len(stem) - 1)] for stem in stems] for stems in begun]
    return [stems for stems in found if all(stems)]


def articles(connection: sqlite3.Connection, asked: str) -> set[int]:
    """The articles (rows) of which a quotation answers what is asked."""
    rows = connection.execute(
        "SELECT DISTINCT article FROM quotation WHERE key IN (SELECT rowid FROM spoken WHERE spoken MATCH ?)",
        (asked,),
    )
    return {int(row[0]) for row in rows}


def rows(connection: sqlite3.Connection, asked: str, article: int) -> set[int]:
    """The article's quotations (rows) that answer what is asked."""
    first, last = connection.execute(
        "SELECT min(key), max(key) FROM quotation WHERE article = ?", (article,)
    ).fetchone()
    if first is None:
        return set()
    # An article's quotations were stored together: few of other articles are among these.
    found = connection.execute(
        "SELECT rowid FROM spoken WHERE spoken MATCH ? AND rowid BETWEEN ? AND ?", (asked, first, last)
    )
    return {int(row[0]) for row in found}


_FROM = "FROM quotation q JOIN article a ON a.key = q.article LEFT JOIN entity e ON e.key = q.entity"
_BY = {
    "speaker": ("e.id", "e.name"),
    "outlet": ("a.outlet", "a.outlet"),
    "month": ("substr(a.date, 1, 7)", "substr(a.date, 1, 7)"),
}


def tallies(connection: sqlite3.Connection, by: str, asked: Asked, limit: int) -> list[Tally]:
    """Quotations counted by ``speaker``, ``outlet`` or ``month``: the most first, months in order of time.

    Those whose speaker is no known entity, or whose article states no outlet or date, are not counted.
    """
    number, name = _BY[by]
    condition, values = asked.condition()
    rows = connection.execute(
        f"SELECT {number} AS id, min({name}), count(*) AS quotations, count(DISTINCT q.article) {_FROM}"
        f" WHERE {condition} AND {number} NOTNULL GROUP BY 1"
        f" ORDER BY {'1' if by == 'month' else 'quotations DESC, 2'} LIMIT ?",
        (*values, limit),
    )
    return [Tally(*row) for row in rows]


def tallied(connection: sqlite3.Connection, by: str, asked: Asked) -> int:
    """How many :func:`tallies` has without a limit."""
    condition, values = asked.condition()
    row = connection.execute(f"SELECT count(DISTINCT {_BY[by][0]}) {_FROM} WHERE {condition}", values)
    return int(row.fetchone()[0])


def counted(connection: sqlite3.Connection, asked: Asked) -> int:
    """How many quotations are meant."""
    condition, values = asked.condition()
    return int(connection.execute(f"SELECT count(*) {_FROM} WHERE {condition}", values).fetchone()[0])


def _quoted(words: str) -> str:
    return '"' + words.replace('"', '""') + '"'
