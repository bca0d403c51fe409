"""Annotating many places at one gesture: all that have the same words, all articles that answer a search."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from warreader.index.annotations.model import tag_key
from warreader.index.article import Line, LineKind, Span
from warreader.index.counting import many
from warreader.index.text import excerpt

if TYPE_CHECKING:
    from warreader.index.annotations.annotations import Annotations
    from warreader.index.library import Library


class _Stopped(Exception):
    """Ends a gesture, so that none of it is stored."""


def places_of(words: str, text: str, lines: Sequence[Line] = ()) -> list[Span]:
    """Where the same words stand in a text, none within another, code points.

    They are found letter for letter, and only whole: where they begin or end with a letter or
    digit, no other may stand next to it.

    Args:
        lines: the text's lines; furniture is left out.
    """
    found: list[Span] = []
    furniture = [line for line in lines if line.kind is LineKind.FURNITURE]
    at = text.find(words) if words.strip() else -1
    while at >= 0:
        span = Span(at, at + len(words))
        if _whole(text, span) and not any(
            line.start < span.end and span.start < line.end for line in furniture
        ):
            found.append(span)
            at = text.find(words, span.end)
        else:
            at = text.find(words, at + 1)
    return found


def _whole(text: str, span: Span) -> bool:
    before, after = text[span.start - 1 : span.start], text[span.end : span.end + 1]
    return not (
        (before.isalnum() and text[span.start].isalnum())
        or (after.isalnum() and text[span.end - 1].isalnum())
    )


def everywhere(
    library: Library, words: str, stop: Callable[[], bool] = lambda: False
) -> Iterator[tuple[str, str, list[Span]]]:
    """Id, text and places of every article, in its latest version, that has the same words."""
    for article in library.articles.with_words(words):
        if stop():
            return
        if spans := places_of(words, article.text, article.lines):
            yield article.id, article.text, spans


def mark_all(
    store: Annotations,
    places: Iterable[tuple[str, str, Sequence[Span]]],
    tags: Sequence[str] = (),
    creator: str | None = None,
    told: Callable[[int, int], bool] = lambda _done, _of: True,
) -> int:
    """Mark places as one gesture, passing over those that are marked so already.

    Args:
        places: id and stored text of an article, and spans in it.
        told: is called after each article with how many places are done, and of how many; when it says false,
            nothing is marked.

    Returns:
        How many annotations were made.
    """
    wanted = {tag_key(tag) for tag in tags}
    # Before the file is locked: finding the places may take long.
    found = [(article, text, list(spans)) for article, text, spans in places]
    count = sum(len(spans) for _, _, spans in found)
    first = next((spans[0].of(text) for _, text, spans in found if spans), "")
    made = done = 0
    with contextlib.suppress(_Stopped), store.gesture(f"marked {many(count, 'place')} of “{excerpt(first)}”"):
        for article, text, spans in found:
            held = {one.span: {tag_key(tag) for tag in one.tags} for one in store.of(article)}
            for span in spans:
                if span not in held or not wanted <= held[span]:
                    store.add(article, text, span.start, span.end, tags=tags, creator=creator)
                    made += 1
            done += len(spans)
            if not told(done, count):
                made = 0
                raise _Stopped
    return made


def tag_articles(store: Annotations, articles: Iterable[str], tag: str, creator: str | None = None) -> int:
    """Give articles a tag, each as a whole, as one gesture; those that have it so are passed over.

    Args:
        articles: their ids.

    Returns:
        How many were tagged.
    """
    wanted = tag_key(tag)
    ids = list(articles)
    made = 0
    with store.gesture(f"tagged {many(len(ids), 'article')} “{excerpt(tag)}”"):
        for article in ids:
            held = (one for one in store.of(article) if one.span is None and one.about is None)
            if not any(wanted in map(tag_key, one.tags) for one in held):
                store.add(article, "", None, None, tags=(tag,), creator=creator)
                made += 1
    return made
