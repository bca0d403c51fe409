"""Annotations follow an article through its versions.

An annotation stays stored on the version on which it was made; nothing moves behind the
reader's back. Where another version is shown, it is shown where its quote stands there.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warreader.index.annotations.anchoring import Anchoring
from warreader.index.annotations.model import MATCH, Annotation
from warreader.index.article import Span

if TYPE_CHECKING:
    from warreader.index.library import Library

# How the id of a further version is made of the first one's: warreader.index.articles. Many ids end in a day.
_VERSION = re.compile(r"-([0-9a-f]{8})(?:-\d+)?\Z")
_DAY = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")


@dataclass(frozen=True, slots=True)
class Carried:
    """An annotation as one version of its article shows it.

    Args:
        annotation: as stored, with offsets into the version on which it was made.
        span: where it stands in the version shown, code points; ``None`` for one of the article
            as a whole, and for an orphan.
        orphan: its quote doesn't stand in the version shown, or not certainly.
        shared: it was made on the same words in another article.
    """

    annotation: Annotation
    span: Span | None
    orphan: bool
    shared: bool = False

    @property
    def made_on(self) -> str:
        """Id of the version on which it was made."""
        return self.annotation.article


def carried(
    annotations: Iterable[Annotation],
    article_id: str,
    text: str,
    texts: Callable[[str], str | None] = lambda _: None,
) -> list[Carried]:
    """Where annotations made on any version of an article stand in one of them.

    Args:
        annotations: those made on the version shown and on others.
        article_id: id of the version shown.
        text: its stored text.
        texts: the stored text of another version by its id, ``None`` where it is gone.

    Returns:
        Every annotation once: those of the article as a whole, then by place, then the orphans.
    """
    anchoring = Anchoring(text)
    origins: dict[str, Anchoring | None] = {}
    found = []
    for annotation in annotations:
        own = annotation.article == article_id and stands(annotation, text)
        if not own and annotation.article not in origins:
            known = texts(annotation.article) if annotation.article != article_id else None
            origins[annotation.article] = None if known is None else Anchoring(known)
        span = annotation.span if own else anchoring.place(annotation, origins[annotation.article])
        found.append(Carried(annotation, span, annotation.span is not None and span is None))
    return sorted(found, key=_order)


def stands(annotation: Annotation, text: str) -> bool:
    """Whether an annotation's quote stands where it says; true for one of the article as a whole."""
    return annotation.span is None or annotation.span.of(text) == annotation.exact


def _order(one: Carried) -> tuple[bool, int, int, str, str]:
    start, end = (one.span.start, one.span.end) if one.span is not None else (-1, -1)
    return one.orphan, start, end, one.annotation.created, one.annotation.id


def kin(versions: Mapping[str, str], annotated: Iterable[str]) -> set[str]:
    """Which of the ids of annotated articles name versions of an article that are gone from the library.

    What an id ends in is the mark of a version only where it is that of a text; of a text that is gone it is
    taken for one where it goes on an id that is, or was, this article's, and is no day.

    Args:
        versions: the article's versions that are there: their texts by their ids.
        annotated: ids of annotated articles that are in the library no more.
    """
    stems = set(versions)
    for name, text in versions.items():
        ended = _VERSION.search(name)
        if ended and ended[1] == hashlib.sha256(text.encode()).hexdigest()[:8]:
            stems.add(name[: ended.start()])

    def is_one(name: str) -> bool:
        ended = _VERSION.search(name)
        return name in stems or bool(
            ended and name[: ended.start()] in stems and not _DAY.fullmatch(ended[1])
        )

    return set(filter(is_one, annotated))


def annotations_of(library: Library, article_id: str) -> list[Carried]:
    """All annotations of an article, whichever of its versions they were made on, as this one shows them.

    Annotations made on a version that was deleted since are among them.

    Raises:
        NotFoundError: there is no such article.
    """
    article = library.articles.get(article_id)
    others = [version.id for version in library.articles.versions(article_id) if version.id != article.id]
    versions = {article.id: article.text} | {name: library.articles.text(name) or "" for name in others}
    gone = [
        name
        for name in kin(versions, library.annotations.annotated() - versions.keys())
        if library.articles.key(name) is None
    ]
    made = [note for name in sorted({*versions, *gone}) for note in library.annotations.of(name)]
    own = {note.id for note in made}
    shared = [one for one in _shared(library, article_id) if one.annotation.id not in own]
    return sorted([*carried(made, article.id, article.text, library.articles.text), *shared], key=_order)


def _shared(library: Library, article_id: str) -> Iterator[Carried]:
    """Annotations of words wherever they stand, made in other articles, at this one's place of those words."""
    notes: dict[str, list[Annotation]] = {}
    for note in library.annotations.listing.about(MATCH):
        notes.setdefault(note.article, []).append(note)
    if not notes:
        return
    seen: set[str] = set()
    for match in library.matches.of(article_id):
        here = next((member for member in match.members if member.article == article_id), None)
        for member in match.members if here is not None else ():
            for note in notes.get(member.article, ()):
                if note.span is not None and note.span.overlaps(member.span) and note.id not in seen:
                    seen.add(note.id)
                    yield Carried(note, here.span if here else None, orphan=False, shared=True)
