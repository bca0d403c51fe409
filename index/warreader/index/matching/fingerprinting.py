"""The stage that reads an article's words and fingerprints, and the matches within it."""

from __future__ import annotations

from dataclasses import dataclass
from random import getrandbits
from sqlite3 import Connection

import numpy as np

from warreader.index.article import Article, LineKind, QuotationKind, Span
from warreader.index.derive import SplitStage
from warreader.index.matching.comparing import Place
from warreader.index.matching.fingerprints import fingerprints
from warreader.index.matching.pairing import store_pairs
from warreader.index.matching.within import fragments
from warreader.index.matching.wording import Quoted, Wording, pack_places, pack_quoted, rarities, read
from warreader.index.storage import Database

STAMP_BITS = 62
"""Bits of the number that tells what was derived of an article from what was before."""

_SCHEME = 12
"""Code points within which a quotation that is an address says so."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What an article's words come to, as it is stored, and the matches within it."""

    words: bytes
    places: bytes
    quoted: bytes
    prints: bytes
    inner: tuple[Place, ...]


class Fingerprints(SplitStage):
    """Words and fingerprints of one library's articles. Derive quotations first.

    Args:
        database: the library's database; quotations are read from it.
    """

    name = "fingerprints"
    version = 4
    goes_by: tuple[str, ...] = ("quotation",)
    feeds: tuple[str, ...] = ("matches",)

    def __init__(self, database: Database) -> None:
        self._database = database

    def prepare(self, article: Article, context: object) -> _Read | None:  # noqa: ARG002
        """The article's words; ``None`` for a superseded version, which matches nothing."""
        if not article.latest:
            return None
        wording = read(article.text, article.lines)
        quoted = _quoted_in(self._database.connection, article, wording)
        numbers = wording.numbers()
        flags = np.frombuffer(wording.flags, np.uint8)
        prints = fingerprints(numbers, flags, rarities(numbers.tolist()), quoted)
        headlines = [Span(n.start, n.end) for n in article.lines if n.kind is LineKind.HEADLINE]
        inner = tuple(fragments(wording, quoted, headlines))
        words = numbers.astype("<u4").tobytes()
        return _Read(words, pack_places(wording), pack_quoted(quoted), prints.pack(), inner)

    def store(self, article: Article, prepared: _Read | None) -> None:
        """Replace the article's words and the matches within it; its fingerprints wait to be merged into the index."""
        with self._database.transaction() as connection:
            connection.execute("DELETE FROM wording WHERE article = ?", (article.key,))
            inner = prepared.inner if prepared else ()
            store_pairs(connection, article.key, ((article.key, article.key, p) for p in inner), within=True)
            if prepared is None:
                return
            connection.execute(
                "INSERT INTO wording VALUES (?, ?, ?, ?, ?, ?)",
                (
                    article.key,
                    prepared.words,
                    prepared.places,
                    prepared.quoted,
                    prepared.prints,
                    getrandbits(STAMP_BITS) + 1,
                ),
            )


def _quoted_in(connection: Connection, article: Article, wording: Wording) -> list[Quoted]:
    """The stored quotations of an article, as ranges of its words; addresses in marks are none."""
    rows = connection.execute(
        "SELECT start, end, kind FROM quotation WHERE article = ? ORDER BY start, end, kind", (article.key,)
    )
    return [
        Quoted(
            Span(row[0], row[1]),
            Span(*wording.within(row[0], row[1])),
            row[2] == QuotationKind.INDIRECT.value,
        )
        for row in rows
        if "://" not in article.text[row[0] : row[0] + _SCHEME]
    ]
