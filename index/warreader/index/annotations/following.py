"""Annotations follow an article through its versions.

An annotation stays stored on the version on which it was made; nothing moves behind the
reader's back. Where another version is shown, it is shown where its quote stands there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warreader.index.annotations.anchoring import Anchoring
from warreader.index.annotations.model import Annotation
from warreader.index.article import Span

if TYPE_CHECKING:
    from warreader.index.library import Library

# How the id of a further version is made of the first one's: warreader.index.articles.
_VERSION = re.compile(r"-[0-9a-f]{8}(?:-\d+)?\Z")


@dataclass(frozen=True, slots=True)
class Carried:
    """An annotation as one version of its article shows it.

    Args:
        annotation: as stored, with offsets into the version on which it was made.
        span: where it stands in the version shown, code points; ``None`` for one of the article
            as a whole, and for an orphan.
        orphan: its quote doesn't stand in the version shown, or not certainly.
    """

    annotation: Annotation
    span: Span | None
    orphan: bool

    @property
    def made_on(self) -> str:
        """Id of the version on which it was made."""
        return self.annotation.article


def carried(annotations: Iterable[Annotation], article_id: str, text: str) -> list[Carried]:
    """Where annotations made on any version of an article stand in one of them.

    Args:
        annotations: those made on the version shown and on others.
        article_id: id of the version shown.
        text: its stored text.

    Returns:
        Every annotation once: those of the article as a whole, then by place, then the orphans.
    """
    anchoring = Anchoring(text)
    found = []
    for annotation in annotations:
        own = annotation.article == article_id
        span = annotation.span if own else anchoring.place(annotation)
        found.append(Carried(annotation, span, annotation.span is not None and span is None))
    return sorted(found, key=_order)


def _order(one: Carried) -> tuple[bool, int, int, str, str]:
    start, end = (one.span.start, one.span.end) if one.span is not None else (-1, -1)
    return one.orphan, start, end, one.annotation.created, one.annotation.id


def kin(versions: Iterable[str], annotated: Iterable[str]) -> set[str]:
    """Which of the ids of annotated articles name versions of an article that are gone from the library.

    Args:
        versions: ids of the article's versions that are there.
        annotated: ids of annotated articles that are in the library no more.
    """
    stems = {name for version in versions for name in (version, _VERSION.sub("", version))}
    return {name for name in annotated if name in stems or _VERSION.sub("", name) in stems}


def annotations_of(library: Library, article_id: str) -> list[Carried]:
    """All annotations of an article, whichever of its versions they were made on, as this one shows them.

    Annotations made on a version that was deleted since are among them.

    Raises:
        NotFoundError: there is no such article.
    """
    article = library.articles.get(article_id)
    versions = {version.id for version in library.articles.versions(article_id)} | {article.id}
    gone = [
        name
        for name in library.annotations.annotated() - versions
        if kin(versions, (name,)) and library.articles.key(name) is None
    ]
    made = [note for name in sorted({*versions, *gone}) for note in library.annotations.of(name)]
    return carried(made, article.id, article.text)
