"""Whether a quote still stands where its annotation says, and where it stands in another text.

An anchor is a place and a quote with its context (W3C Web Annotation: TextPositionSelector
and TextQuoteSelector). In a text that was changed the quote decides. It is found only word
for word: marks, dashes and white space may be written otherwise, words and figures may
not, because "30 killed" is not a variant of "80 killed".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import copy
from functools import cached_property
from itertools import islice, takewhile

from warreader.index.annotations.model import CONTEXT, Annotation
from warreader.index.article import Span
from warreader.index.counting import many
from warreader.index.text import excerpt, fold_marks, words

_LONG = 20
"""A quote of so many code points, white space aside, needs context on one side only."""

_NEAR = 12
"""Code points of context, white space aside, that must agree on a side."""

_MOST = 1000
"""Places looked at; a quote that stands oftener is found only with all its context."""


def unanchored(annotation: Annotation, text: str | None) -> str | None:
    """What is wrong with an annotation's anchor in its article's stored text, or ``None``.

    Args:
        text: the stored text; ``None`` where the article is not in the library.
    """
    name = f"article {annotation.article!r}"
    if text is None:
        return f"its {name} is not in this library"
    span = annotation.span
    if span is None:
        return None
    if span.end > len(text):
        return f"{span.start}-{span.end} lies past the end of {name}, {many(len(text), 'character')} long"
    if span.of(text) != annotation.exact:
        return f"“{excerpt(annotation.exact)}” does not stand at {span.start}-{span.end} of {name}"
    return None


class Anchoring:
    """Finds the places of many annotations in one text."""

    def __init__(self, text: str) -> None:
        self._text = text

    def place(self, annotation: Annotation, made_on: Anchoring | None = None) -> Span | None:
        """Where an annotation's quote stands in this text, another version of its article's.

        A place counts if it has the quote's words and as much of its context as tells it from a
        lookalike: more than every other place has; a long quote some of it on one side, a short
        one on both. Where the text it was made on is known, a long quote that stands only once in
        both needs none and a short one some on one side, and a place that is rather another one
        of that text does not count.

        Args:
            made_on: the text on which it was made, where that is known.

        Returns:
            The span, or ``None``: the quote is not there, or not certainly, or the
            annotation is of the article as a whole.
        """
        span = annotation.span
        if span is None or not annotation.exact.strip():
            return None
        quote, bare = _Quote(annotation), self._bare
        around = Span(span.start - len(annotation.prefix), span.end + len(annotation.suffix))
        whole = annotation.prefix + annotation.exact + annotation.suffix
        unmoved = around.start >= 0 and around.of(self._text) == whole
        if unmoved and (made_on is None or len(bare.surrounded(quote)) == 1):
            return span
        places = bare.surrounded(quote)
        if len(places) != 1:
            places = bare.places(quote)
        if not places:
            return None
        agreements = sorted(((sum(bare.agreement(quote, place)), place) for place in places), reverse=True)
        best, place = agreements[0]
        # Equal surroundings mean that nothing tells the places apart.
        if len(agreements) > 1 and agreements[1][0] == best:
            return None
        rivals = [] if made_on is None else made_on._rivals(quote, span)
        if any(sum(bare.agreement(rival, place)) >= best for rival in rivals):
            return None
        alone = made_on is not None and not rivals and len(places) == 1
        return bare.span(place) if self._certain(quote, place, alone=alone) else None

    def _certain(self, quote: _Quote, place: Span, *, alone: bool) -> bool:
        """Whether enough of a quote's context stands around a place.

        Args:
            alone: the quote stood nowhere else in the text it was made on, nor does it here.
        """
        long = len(quote.exact) >= _LONG
        if alone and long:
            return True
        before, after = self._bare.agreement(quote, place)
        # At an end of its text a quote has no context; then the other side decides.
        sides = [
            agreed >= min(_NEAR, len(context))
            for agreed, context in ((before, quote.prefix), (after, quote.suffix))
            if context
        ]
        return not sides or (any(sides) if alone or long else all(sides))

    def _rivals(self, quote: _Quote, own: Span) -> list[_Quote]:
        """The other places of the quote in this text, each with its own context."""
        found = []
        for place in self._bare.places(quote):
            at = self._bare.span(place)
            if at.start < own.end and own.start < at.end:
                continue
            before = self._text[max(0, at.start - CONTEXT) : at.start]
            found.append(quote.elsewhere(before, self._text[at.end : at.end + CONTEXT]))
        return found

    @cached_property
    def _bare(self) -> _Bare:
        return _Bare(self._text)


class _Quote:
    """A quote and its context without white space and with marks folded."""

    def elsewhere(self, before: str, after: str) -> _Quote:
        """The same quote in another context."""
        other = copy(self)
        other.prefix, other.suffix = ("".join(fold_marks(part).split()) for part in (before, after))
        return other

    def __init__(self, annotation: Annotation) -> None:
        self.exact, self.prefix, self.suffix = (
            "".join(fold_marks(part).split())
            for part in (annotation.exact, annotation.prefix, annotation.suffix)
        )
        self.words = _words(fold_marks(annotation.exact))
        whole = annotation.prefix + annotation.exact + annotation.suffix
        start = len(annotation.prefix)
        self.edges = _edges(fold_marks(whole), Span(start, start + len(annotation.exact)))


class _Bare:
    """A text without white space and with marks folded, whose offsets lead back to the text's."""

    def __init__(self, text: str) -> None:
        self._text = fold_marks(text)
        self._offsets = [offset for offset, char in enumerate(text) if not char.isspace()]
        self._bare = "".join(self._text.split())

    def span(self, place: Span) -> Span:
        """The place in the text itself."""
        return Span(self._offsets[place.start], self._offsets[place.end - 1] + 1)

    def surrounded(self, quote: _Quote) -> list[Span]:
        """The first two places where the quote stands with all its context."""
        found = islice(_finds(self._bare, quote.prefix + quote.exact + quote.suffix), 2)
        return [
            span for at in found if self._stands(quote, span := self._place(quote, at + len(quote.prefix)))
        ]

    def places(self, quote: _Quote) -> list[Span]:
        """Where the quote stands; nothing if it does too often."""
        found = list(islice(_finds(self._bare, quote.exact), _MOST + 1))
        if len(found) > _MOST:
            return []
        return [span for at in found if self._stands(quote, span := self._place(quote, at))]

    @staticmethod
    def _place(quote: _Quote, at: int) -> Span:
        return Span(at, at + len(quote.exact))

    def _stands(self, quote: _Quote, place: Span) -> bool:
        span = self.span(place)
        return _edges(self._text, span) == quote.edges and _words(span.of(self._text)) == quote.words

    def agreement(self, quote: _Quote, place: Span) -> tuple[int, int]:
        """How many code points before and after the place are those of the quote's context."""
        before = self._bare[max(0, place.start - len(quote.prefix)) : place.start]
        after = self._bare[place.end : place.end + len(quote.suffix)]
        return _common(reversed(before), reversed(quote.prefix)), _common(after, quote.suffix)


def _finds(text: str, sought: str) -> Iterator[int]:
    at = text.find(sought)
    while at >= 0:
        yield at
        at = text.find(sought, at + 1)


def _words(text: str) -> list[str]:
    return [span.of(text) for span in words(text)]


def _edges(text: str, span: Span) -> tuple[str, str]:
    """What of a word or figure cut by the span's start and end lies outside it, as far as context goes."""
    start, end = span.start, span.end
    while span.start - start < CONTEXT and _joined(text, start):
        start -= 1
    while end - span.end < CONTEXT and _joined(text, end):
        end += 1
    return text[start : span.start], text[span.end : end]


def _joined(text: str, at: int) -> bool:
    """Whether a word or figure goes on across this offset: "art" in "party", "300" in "1,300"."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if before.isalnum() and after.isalnum():
        return True
    point_before = before in ".," and text[max(0, at - 2) : at - 1].isdigit() and after.isdigit()
    point_after = after in ".," and before.isdigit() and text[at + 1 : at + 2].isdigit()
    return point_before or point_after


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
