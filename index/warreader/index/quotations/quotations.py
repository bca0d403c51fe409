"""The stored quotations of a library: derived once an article, asked by article, id and speaker."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from warreader.index.article import Article, Cue, Label, Mention, Quotation, QuotationKind, Span, Speaker
from warreader.index.derive import SplitStage
from warreader.index.moments import moment
from warreader.index.quotations.ruled import Ruled, apply
from warreader.index.storage import Database
from warreader.index.text import legible, with_marks

if TYPE_CHECKING:
    from warreader.index.quotations.extraction import Extracted
    from warreader.index.quotations.spoken import Asked, Tally
    from warreader.index.rulings.model import Ruling
    from warreader.index.rulings.rulings import Rulings

_COLUMNS = """
SELECT q.*, a.id AS article_id, e.id AS entity_id, e.name AS entity_name
FROM quotation q JOIN article a ON a.key = q.article LEFT JOIN entity e ON e.key = q.entity
"""
# Articles are read as a list has them, newest first, until there are enough quotations.
_BY_ARTICLE = _COLUMNS.replace("quotation q JOIN article a ON", "article a CROSS JOIN quotation q ON")
_ORDER = " ORDER BY q.article, q.start, q.end DESC, q.kind"
_ID = re.compile(r"(?P<article>.*):(?P<start>\d+)-(?P<end>\d+)(?P<indirect>:indirect)?", re.DOTALL)


class Quotations(SplitStage):
    """Quotations in one library; a :class:`warreader.index.derive.SplitStage`.

    Args:
        database: the library's database; entities and mentions are read from it.
        rulings: gives the reader's rulings, which outrank what is found; where articles are only prepared,
            none are needed.
    """

    name = "quotations"
    version = 32
    goes_by: tuple[str, ...] = ("mention",)
    feeds: tuple[str, ...] = ("fingerprints", "matches")

    def __init__(self, database: Database, rulings: Callable[[], Rulings] | None = None) -> None:
        self._database = database
        self._rulings = rulings
        self._ruled: tuple[str, dict[str, list[Ruling]]] | None = None

    def prepare(self, article: Article, context: object) -> list[Extracted]:  # noqa: ARG002
        """The quotations in an article's text, by its stored mentions."""
        rows = self._database.connection.execute(
            "SELECT m.start, m.end, m.form, m.label, m.reason, e.id FROM mention m"
            " JOIN entity e ON e.key = m.entity WHERE m.article = ? ORDER BY m.start",
            (article.key,),
        ).fetchall()
        mentions = [Mention(article.id, r[0], r[1], r[2], Label(r[3]), r[5], r[4]) for r in rows]
        # Reading needs none of it: an app that only asks starts without.
        from warreader.index.quotations.extraction import extract

        text = legible(article.text)
        found = extract(text, article.lines, mentions, article.meta.language)
        return found if text is article.text else [_whole(one, article.text, text) for one in found]

    def store(self, article: Article, prepared: Iterable[Extracted]) -> None:
        """Replace what is stored for this article."""
        from warreader.index.quotations import spoken

        with self._database.transaction() as connection:
            rows = connection.execute(
                "SELECT id, key FROM entity WHERE key IN (SELECT entity FROM mention WHERE article = ?)",
                (article.key,),
            )
            keys = {str(row[0]): int(row[1]) for row in rows}
            ruled = apply(connection, article.key, article.text, prepared, self._rulings_on(article.id))
            connection.execute("DELETE FROM quotation WHERE article = ?", (article.key,))
            connection.executemany(
                "INSERT OR IGNORE INTO quotation (article, start, end, kind, cue_start, cue_end, speaker_start,"
                " speaker_end, entity, inferred, segments, named, ruled) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
                (_row(article.key, one, keys) for one in ruled),
            )
            spoken.index(connection, article.key, article.text)

    def _rulings_on(self, article_id: str) -> Sequence[Ruling]:
        """The reader's rulings on this article's quotations."""
        if self._rulings is None:
            return ()
        rulings = self._rulings()
        state = rulings.state("quotation")
        if self._ruled is None or self._ruled[0] != state:
            by_article: dict[str, list[Ruling]] = {}
            for ruling in rulings.of("quotation"):
                by_article.setdefault(ruling.article or "", []).append(ruling)
            self._ruled = state, by_article
        return self._ruled[1].get(article_id, ())

    def follow(self, load: Callable[[int], Article]) -> None:
        """Have the stored quotations agree with the reader's rulings, where these changed.

        Args:
            load: reads an article by its key.
        """
        from warreader.index.rulings.following import Following

        if self._rulings is None:
            return
        following = Following(self._database, self._rulings(), "quotation")
        if not following.due:
            return
        news = following.news()
        ids = {ruling.article for pair in news.changed for ruling in pair if ruling is not None}
        with self._database.transaction() as connection:
            for article_id in sorted(filter(None, ids)):
                # What was not derived yet will be, with all rulings.
                row = connection.execute(
                    "SELECT key FROM article JOIN derived ON derived.article = key AND stage = ? WHERE id = ?",
                    (self.name, article_id),
                ).fetchone()
                if row is not None:
                    self.derive(load(row[0]))
                    connection.executemany(
                        "DELETE FROM derived WHERE stage = ? AND article = ?",
                        [(stage, row[0]) for stage in self.feeds],
                    )
            following.note(connection, news)

    def of(self, article_id: str) -> list[Quotation]:
        """The article's quotations in the order of the text; none for an unknown id."""
        return list(self._read(_COLUMNS + "WHERE a.id = ?" + _ORDER, (article_id,)))

    def get(self, quotation_id: str) -> Quotation | None:
        """The quotation with this id, or ``None``."""
        match = _ID.fullmatch(quotation_id)
        # Longer numbers than SQLite holds name nothing.
        if match is None or max(len(match["start"]), len(match["end"])) > 18:
            return None
        rows = self._read(
            _COLUMNS + "WHERE a.id = ? AND q.start = ? AND q.end = ?" + _ORDER,
            (match["article"], int(match["start"]), int(match["end"])),
        )
        return next((row for row in rows if row.id == quotation_id), None)

    def all(self) -> Iterator[Quotation]:
        """Every quotation of the library, article by article."""
        return self._read(_COLUMNS + _ORDER, ())

    def find(self, asked: Asked, *, limit: int = 200, offset: int = 0) -> list[Quotation]:
        """The quotations meant, those of the newest articles first; undated ones last.

        Args:
            asked: by words, speaker, outlet, month, kind.
            limit: how many at most, after ``offset`` of them.
        """
        condition, values = asked.condition()
        order = f" ORDER BY {moment('a.date')} DESC, q.article, q.start, q.end DESC LIMIT ? OFFSET ?"
        columns = _COLUMNS if asked.few else _BY_ARTICLE
        return list(self._read(f"{columns} WHERE {condition} {order}", [*values, limit, offset]))

    def count(self, asked: Asked) -> int:
        """How many quotations :meth:`find` would find without a limit."""
        from warreader.index.quotations import spoken

        return spoken.counted(self._database.connection, asked)

    def speakers(self, asked: Asked, *, limit: int = 200) -> list[Tally]:
        """Who is quoted most among the quotations meant."""
        return self._tallies("speaker", asked, limit)

    def outlets(self, asked: Asked, *, limit: int = 200) -> list[Tally]:
        """Which outlets carry most of them."""
        return self._tallies("outlet", asked, limit)

    def months(self, asked: Asked, *, limit: int = 1200) -> list[Tally]:
        """How many of them each month has, in order of time."""
        return self._tallies("month", asked, limit)

    def tallied(self, by: str, asked: Asked) -> int:
        """How many a ``speaker``, ``outlet`` or ``month`` could be listed of without a limit."""
        from warreader.index.quotations import spoken

        return spoken.tallied(self._database.connection, by, asked)

    def _tallies(self, by: str, asked: Asked, limit: int) -> list[Tally]:
        from warreader.index.quotations import spoken

        return spoken.tallies(self._database.connection, by, asked, limit)

    def _read(self, sql: str, values: Iterable[str | int]) -> Iterator[Quotation]:
        """The rows as quotations; words are cut here because SQLite's ``substr`` ends at a NUL."""
        connection = self._database.connection
        key, text = -1, ""
        for row in connection.execute(sql, tuple(values)).fetchall():
            if row["article"] != key:
                key = row["article"]
                text = connection.execute("SELECT text FROM article WHERE key = ?", (key,)).fetchone()[0]
            yield _quotation(row, text)


def quotation_id(article_id: str, start: int, end: int, kind: QuotationKind) -> str:
    """The id users see; an indirect quotation may share its bounds with one in marks."""
    suffix = ":indirect" if kind is QuotationKind.INDIRECT else ""
    return f"{article_id}:{start}-{end}{suffix}"


def _whole(one: Extracted, text: str, read: str) -> Extracted:
    """A quotation found in what was made legible of a text, with the marks as they stand in the text."""
    segments = tuple(with_marks(text, read, span) for span in one.segments)
    bounds = with_marks(text, read, Span(one.start, one.end))
    return replace(one, start=bounds.start, end=bounds.end, segments=segments)


def _row(article: int, one: Ruled, keys: dict[str, int]) -> tuple[int | str | None, ...]:
    item = one.item
    return (
        article,
        item.start,
        item.end,
        item.kind.value,
        item.cue.start if item.cue else None,
        item.cue.end if item.cue else None,
        item.speaker.start if item.speaker else None,
        item.speaker.end if item.speaker else None,
        one.entity or (keys.get(item.entity) if item.entity else None),
        int(item.inferred),
        " ".join(f"{span.start}-{span.end}" for span in item.segments),
        one.named,
        int(one.ruled),
    )


def _quotation(row: sqlite3.Row, text: str) -> Quotation:
    cue = None
    if row["cue_start"] is not None:
        cue = Cue(row["cue_start"], row["cue_end"], text[row["cue_start"] : row["cue_end"]])
    speaker = None
    if row["speaker_start"] is not None:
        start, end = row["speaker_start"], row["speaker_end"]
        speaker = Speaker(start, end, text[start:end], row["entity_id"], row["entity_name"])
    elif row["named"] is not None:
        at = row["start"]
        speaker = Speaker(at, at, row["named"], row["entity_id"], row["entity_name"])
    kind = QuotationKind(row["kind"])
    segments = (piece.split("-") for piece in row["segments"].split())
    return Quotation(
        id=quotation_id(row["article_id"], row["start"], row["end"], kind),
        article=row["article_id"],
        start=row["start"],
        end=row["end"],
        text=text[row["start"] : row["end"]],
        kind=kind,
        cue=cue,
        speaker=speaker,
        segments=tuple(Span(int(start), int(end)) for start, end in segments),
        inferred=bool(row["inferred"]),
        ruled=bool(row["ruled"]),
    )
