"""The reader's annotations: making, changing, deleting, undoing and finding them."""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from warreader.index.annotations import codes, store
from warreader.index.annotations.anchoring import unanchored
from warreader.index.annotations.code_book import CodeBook, inherited
from warreader.index.annotations.history import History
from warreader.index.annotations.listing import Listing
from warreader.index.annotations.model import (
    MATCH,
    Annotation,
    Change,
    Revision,
    Tag,
    describe,
    select,
    tag_key,
    tag_names,
)
from warreader.index.annotations.schema import ANNOTATION_MIGRATIONS
from warreader.index.article import Span
from warreader.index.errors import NotFoundError
from warreader.index.gestures import merge
from warreader.index.stamps import later_than, now
from warreader.index.storage import Database
from warreader.index.text import storable, without_controls


class Annotations:
    """The annotations in ``annotations.sqlite``, which nothing else writes.

    Each write is one transaction, on disk when the method returns: a process killed at
    any moment loses no gesture that was acknowledged. Several threads and processes
    may use one file; a writer waits for another's transaction. Undo and redo concern the
    store, not the process: the latest gesture is taken back, whoever made it.

    The reader's corrections and rulings live in the same file and in the same line of gestures; see
    :class:`warreader.index.corrections.corrections.Corrections` and :mod:`warreader.index.rulings`.

    Args:
        path: the file; made if absent.
        corrected: told of which articles (ids) corrections changed, by an undo as well.
        ruled: told of which kinds rulings changed, by an undo as well.
        read_only: write nothing.

    Raises:
        LibraryError: the file is no database of ours, damaged, or of a newer version.
    """

    def __init__(
        self,
        path: Path,
        corrected: Callable[[Collection[str]], object] | None = None,
        ruled: Callable[[Collection[str]], object] | None = None,
        *,
        read_only: bool = False,
    ) -> None:
        # With less in memory, a gesture of thousands spills, and the list of all notes reads pages over and over.
        self._database = Database(
            path,
            ANNOTATION_MIGRATIONS,
            durable=True,
            backup=True,
            cache_kilobytes=32_768,
            read_only=read_only,
        )
        self._history = History(self._database, corrected, ruled)
        self.book = CodeBook(self._database, self._history)
        self.listing = Listing(self._database)

    def close(self) -> None:
        """Close the file; nothing is lost without it."""
        self._database.close()

    @property
    def who(self) -> str | None:
        """The name that changes are recorded under in the history."""
        return self._history.who

    @who.setter
    def who(self, name: str | None) -> None:
        self._history.who = None if name is None else storable(name)

    @property
    def database(self) -> Database:
        """The file, for the corrections."""
        return self._database

    @property
    def line_of_gestures(self) -> History:
        """What writes and remembers, for the corrections."""
        return self._history

    # Writing. A write raises LibraryBusyError or LibraryError where the file can't be written.

    def add(
        self,
        article: str,
        text: str,
        start: int | None,
        end: int | None,
        note: str = "",
        tags: Iterable[str] = (),
        creator: str | None = None,
        about: str | None = None,
    ) -> Annotation:
        """Annotate a span of an article, or the article as a whole.

        Args:
            article: id of the article.
            text: its stored text, from which the quote and its context are cut.
            start: code point offset of the span, ``None`` for the whole article.
            end: offset just past the span, ``None`` for the whole article.
            about: :data:`.model.MATCH` where it concerns the words of the span wherever they stand,
                :data:`.model.ENTITY` and an id where it concerns an entity.

        Raises:
            ValueError: the span is empty or out of the text, or a tag is no tag name.
        """
        if about == MATCH and start is None:
            raise ValueError("a note on words wherever they stand needs their span")
        if not article:
            raise ValueError("an annotation needs the id of its article")
        at = select(text, start, end)
        made = now()
        annotation = Annotation(
            id=uuid.uuid4().urn,
            article=article,
            start=at.start,
            end=at.end,
            exact=at.exact,
            prefix=at.prefix,
            suffix=at.suffix,
            note=_as_written(note),
            tags=tag_names(tags),
            created=made,
            modified=made,
            creator=None if creator is None else storable(creator),
            about=about,
        )
        return self._history.put(f"added {describe(annotation)}", None, annotation)

    def update(
        self,
        annotation_id: str,
        *,
        note: str | None = None,
        tags: Iterable[str] | None = None,
        text: str | None = None,
        start: int | None = None,
        end: int | None = None,
    ) -> Annotation:
        """Change an annotation's note, tags or boundaries; ``None`` leaves a part as it is.

        New boundaries need ``start``, ``end`` and the article's stored ``text``.
        What changes nothing is no gesture.

        Raises:
            NotFoundError: there is no such annotation.
            ValueError: the span is empty or out of the text, or a tag is no tag name.
        """
        moved = start is not None or end is not None
        if moved and text is None:
            raise ValueError("new boundaries need the article's text")
        wanted = None if tags is None else tag_names(tags)
        at = select(text, start, end) if moved and text is not None else None
        with self._history.writing() as connection:
            before = self._need(connection, annotation_id)
            after = before
            if note is not None:
                after = replace(after, note=_as_written(note))
            if wanted is not None and tuple(map(tag_key, wanted)) != tuple(map(tag_key, before.tags)):
                after = replace(after, tags=wanted)
            if at is not None:
                after = replace(
                    after, start=at.start, end=at.end, exact=at.exact, prefix=at.prefix, suffix=at.suffix
                )
            if after == before:
                return before
            after = replace(after, modified=later_than(before.modified))
            return self._history.put(f"changed {describe(after)}", before, after)

    def delete(self, annotation_id: str) -> None:
        """Delete an annotation; undo brings it back as it was.

        Raises:
            NotFoundError: there is no such annotation.
        """
        with self._history.writing() as connection:
            annotation = self._need(connection, annotation_id)
            self._history.remove(f"deleted {describe(annotation)}", annotation)

    @contextmanager
    def gesture(self, words: str) -> Iterator[None]:
        """Make all writes inside one gesture: stored together or not at all, undone by one undo.

        The file stays locked meanwhile: don't wait for the reader inside.

        Args:
            words: what is done, in the past, as in "deleted 3 annotations".
        """
        with self._history.gesture(words):
            yield

    def undo(self) -> Change | None:
        """Take back the latest gesture not yet undone, across restarts; ``None`` where there is none."""
        return self._history.undo()

    def redo(self) -> Change | None:
        """Bring back what the last undo took back; ``None`` where nothing is, or a new gesture came after."""
        return self._history.redo()

    def merge(
        self, incoming: Iterable[Annotation], here: Callable[[str], bool] = lambda _: False
    ) -> tuple[int, int, int]:
        """Take in annotations made elsewhere, as one gesture; see :func:`warreader.index.gestures.merge`.

        Args:
            here: whether an article is in this library. One that is replaces one that isn't, with no change else.

        Returns:
            How many were added, unchanged, updated.
        """

        def found(one: Annotation, held: Annotation) -> bool:
            return one.article != held.article and here(one.article) and not here(held.article)

        return merge(self._history, "annotation", incoming, store.find, _same, _dated, found)

    # Reading.

    def get(self, annotation_id: str) -> Annotation:
        """The annotation with this id.

        Raises:
            NotFoundError: there is none.
        """
        return self._need(self._database.connection, annotation_id)

    def of(self, article_id: str) -> list[Annotation]:
        """An article's annotations in order of start, those of the article as a whole first."""
        return self.all(article=article_id)

    def all(
        self,
        tag: str | None = None,
        text: str | None = None,
        article: str | None = None,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Annotation]:
        """Annotations by article and start.

        Args:
            tag: only those with this tag or one below it; with a trailing ``*`` one that begins so.
            text: only those with all these words, or parts of words, in note or quote, in any case.
            article: only this article's.
            limit: at most so many.
            offset: so many passed over first.
        """
        connection = self._database.connection
        where, values = store.condition(connection, tag=tag, text=text, article=article)
        return store.fetch(connection, where, values, limit=limit, offset=offset)

    def count(self, tag: str | None = None, text: str | None = None, article: str | None = None) -> int:
        """How many :meth:`all` would find without a limit."""
        connection = self._database.connection
        where, values = store.condition(connection, tag=tag, text=text, article=article)
        return int(connection.execute(f"SELECT count(*) FROM annotation a {where}", values).fetchone()[0])

    def at(self, article_id: str, offset: int) -> list[Annotation]:
        """Annotations whose span holds this code point, innermost first; none of the article as a whole."""
        return store.fetch(
            self._database.connection,
            "WHERE a.article = ? AND a.start <= ? AND a.end > ?",
            (article_id, offset, offset),
            order="ORDER BY a.end - a.start, a.start DESC, a.created DESC, a.id",
        )

    def tags(self) -> list[Tag]:
        """Tags in use, most used first."""
        connection = self._database.connection
        rows = connection.execute(
            "SELECT name, count(*) AS count FROM tag JOIN annotation_tag ON tag = tag.key"
            " GROUP BY tag.key ORDER BY count DESC, last_used DESC, folded"
        )
        chosen = codes.colours(connection)
        return [Tag(row["name"], row["count"], inherited(row["name"], chosen)) for row in rows]

    def recent_tags(self, n: int = 9) -> list[str]:
        """Names of the tags last used, latest first, at most ``n``."""
        # Of those used at one moment the ones used most.
        rows = self._database.connection.execute(
            "SELECT name FROM tag t WHERE EXISTS (SELECT 1 FROM annotation_tag WHERE tag = t.key)"
            " ORDER BY last_used DESC, (SELECT count(*) FROM annotation_tag WHERE tag = t.key) DESC LIMIT ?",
            (max(0, n),),
        )
        return [str(row[0]) for row in rows]

    def knows(self, name: str) -> bool:
        """Whether a tag is in use, or in the code book."""
        row = self._database.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM tag JOIN annotation_tag ON tag = tag.key WHERE folded = ?1)"
            " OR EXISTS (SELECT 1 FROM code WHERE folded = ?1)",
            (tag_key(name),),
        ).fetchone()
        return bool(row[0])

    def history(self, annotation_id: str) -> list[Revision]:
        """Every step of an annotation's history, undos included, oldest first; empty for an unknown id."""
        return self._history.of(annotation_id)

    # For search: article ids with the spans to light up, none for an annotation of the article as a whole.

    def tagged(self, value: str) -> dict[str, list[Span]]:
        """Where a tag was given, itself or one below it; with a trailing ``*`` any that begins so."""
        where, values = store.condition(self._database.connection, tag=value)
        return self._places(where, values)

    def noted(self, value: str) -> dict[str, list[Span]]:
        """Where a note has these words one after another; with a trailing ``*`` the last may go on."""
        if value.strip() == "*":
            return self._places("WHERE a.note <> ''", ())
        words = store.note_words(value)
        if not words:
            return {}
        # The stored column narrows it down; only what is left is read word by word.
        where, values = store.condition(self._database.connection, text=" ".join(words))
        return self._places(f"{where} AND a.note <> ''", values, lambda note: store.has_phrase(note, value))

    def anywhere(self) -> dict[str, list[Span]]:
        """Where all annotations stand."""
        return self._places("", ())

    def _places(
        self, where: str, values: tuple[object, ...], fits: Callable[[str], bool] | None = None
    ) -> dict[str, list[Span]]:
        rows = self._database.connection.cursor()
        rows.row_factory = None
        note = "NULL" if fits is None else "a.note"
        rows.execute(f"SELECT a.article, a.start, a.end, {note} FROM annotation a {where}", values)
        places: dict[str, list[Span]] = {}
        for article, start, end, text in rows:
            if fits is None or fits(text):
                spans = places.setdefault(article, [])
                if start is not None:
                    spans.append(Span(start, end))
        return places

    def annotated(self) -> set[str]:
        """Ids of the articles with annotations."""
        rows = self._database.connection.execute("SELECT DISTINCT article FROM annotation")
        return {str(row[0]) for row in rows}

    def generation(self) -> int:
        """A number that changes with every change by any process; cheap enough to ask every second."""
        return int(self._database.connection.execute("SELECT value FROM generation").fetchone()[0])

    def check(self, texts: Callable[[str], str | None]) -> list[str]:
        """What is wrong with the file or with any anchor, empty when all is well; nothing is changed.

        Args:
            texts: an article's stored text by its id, ``None`` where there is no such article.
        """
        problems = [f"{self._database.path}: {problem}" for problem in self._database.problems()]
        try:
            annotations = self.all()
        except sqlite3.DatabaseError as error:
            return [
                *problems,
                f"{self._database.path}: annotations can't be read ({error}); restore a backup",
            ]
        article, text = None, None
        for annotation in annotations:
            if annotation.article != article:
                article, text = annotation.article, texts(annotation.article)
            if (problem := unanchored(annotation, text)) is not None:
                problems.append(f"annotation {annotation.id}: {problem}")
        return problems

    def _need(self, connection: sqlite3.Connection, annotation_id: str) -> Annotation:
        found = store.find(connection, annotation_id)
        if found is None:
            raise NotFoundError(
                f"no annotation {annotation_id!r}; list them with: warreader export annotations"
            )
        return found


def _dated(annotation: Annotation, moment: str) -> Annotation:
    """The same annotation as made, and changed, no later than then."""
    return replace(annotation, created=min(annotation.created, moment), modified=moment)


def _same(one: Annotation, other: Annotation) -> bool:
    """Whether two annotations say the same, whenever modified and however their tags are spelled."""
    keys = tuple(map(tag_key, one.tags)) == tuple(map(tag_key, other.tags))
    return keys and replace(one, tags=(), modified="") == replace(other, tags=(), modified="")


def _as_written(note: str) -> str:
    """A note as it is stored: what steers a terminal is in no note that anybody wrote."""
    return without_controls(storable(note))
