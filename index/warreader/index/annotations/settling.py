"""Where annotations from outside belong in this library: their articles, and the places of their quotes.

Another library may hold the same article under another id, since it was added from another file. It is known by its
address, failing that by the words that were marked in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING

from warreader.index.annotations.anchoring import Anchoring
from warreader.index.annotations.foreign import Foreign
from warreader.index.annotations.model import CONTEXT, Annotation, select
from warreader.index.annotations.table import Row
from warreader.index.article import Span
from warreader.index.errors import NotFoundError
from warreader.index.stamps import now

if TYPE_CHECKING:
    from warreader.index.library import Library

_TELLING = 40
"""Code points of a quote from which on an article is known by it."""
_TRIED, _LOOKED_AT = 3, 8
"""Quotes by which an article is looked for, and articles that are looked at for each."""


@dataclass(slots=True)
class Settled:
    """Annotations with their articles and places.

    Args:
        missing: how many were left out, by the address that no article was taken from.
        waiting: how many are kept though their articles are not here.
    """

    annotations: list[Annotation] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    waiting: int = 0


def settle(
    found: Iterable[Annotation | Foreign | Row], library: Library, addresses: Mapping[str, str]
) -> Settled:
    """Give each annotation its article and place.

    Args:
        addresses: those of articles, by their ids in the library that the annotations come from.
    """
    return _Settling(library, addresses).all(found)


class _Settling:
    """The work of one file."""

    def __init__(self, library: Library, addresses: Mapping[str, str]) -> None:
        self._library = library
        self._addresses = addresses
        self._anchorings: dict[str, tuple[str, Anchoring]] = {}

    def all(self, found: Iterable[Annotation | Foreign | Row]) -> Settled:
        done = Settled()
        elsewhere: defaultdict[str, list[Annotation]] = defaultdict(list)
        for one in found:
            if isinstance(one, Foreign):
                self._foreign(one, done)
                continue
            annotation = self._of_row(one) if isinstance(one, Row) else one
            if self._library.articles.key(annotation.article) is None:
                elsewhere[annotation.article].append(annotation)
            else:
                done.annotations.append(annotation)
        for article, notes in elsewhere.items():
            home = self._home(article, notes)
            done.waiting += len(notes) if home is None else 0
            done.annotations += notes if home is None else [self._moved(note, home) for note in notes]
        return done

    def _foreign(self, one: Foreign, done: Settled) -> None:
        article = self._library.articles.at_address(one.source)
        if article is None:
            done.missing[one.source] += 1
        else:
            done.annotations.append(_placed(one, article, self._dated(one), *self._text(article)))

    def _dated(self, one: Foreign) -> tuple[str, str]:
        """When it was made and last changed; where the file doesn't tell, when it was first taken in."""
        if one.created is not None:
            return one.created, one.modified or one.created
        held = self._held(one.id)
        if held is None:
            moment = now()
            return moment, one.modified or moment
        return held.created, one.modified or held.modified

    def _held(self, annotation_id: str) -> Annotation | None:
        try:
            return self._library.annotations.get(annotation_id)
        except NotFoundError:
            return None

    def _text(self, article: str) -> tuple[str, Anchoring]:
        if article not in self._anchorings:
            text = self._library.articles.text(article) or ""
            self._anchorings[article] = text, Anchoring(text)
        return self._anchorings[article]

    def _home(self, article: str, notes: Sequence[Annotation]) -> str | None:
        """The article here that another library calls so; ``None`` for none, or for several alike."""
        address = self._addresses.get(article)
        if address and (known := self._library.articles.at_address(address)) is not None:
            return known
        telling = sorted({one.exact for one in notes if len(one.exact) >= _TELLING}, key=len)[-_TRIED:]
        having = {
            other.id
            for quote in telling
            for other in islice(self._library.articles.with_words(quote), _LOOKED_AT)
        }
        held: Counter[str] = Counter()
        for other in having:
            anchoring = self._text(other)[1]
            held[other] = sum(anchoring.place(one) is not None for one in notes)
        # Teasers and agencies' words stand in many articles: of two that have as much of it, none is guessed.
        best = held.most_common(2)
        return best[0][0] if best and best[0][1] and (len(best) == 1 or best[0][1] > best[1][1]) else None

    def _moved(self, one: Annotation, article: str) -> Annotation:
        """It in the article here; with its quote as it was where that doesn't stand in it."""
        text, anchoring = self._text(article)
        span = anchoring.place(one)
        if span is None:
            return replace(one, article=article)
        return _at(replace(one, article=article), text, span)

    def _of_row(self, row: Row) -> Annotation:
        """The annotation of a row: ours with what the row says now, where we hold it."""
        held = self._held(row.id)
        if held is None:
            return self._new(row)
        said = replace(held, note=row.note, tags=row.tags)
        if said == held:
            return held
        # A spreadsheet changes words and not the moment of the change.
        late = row.modified is None or row.modified >= held.modified
        return replace(said, modified=now() if late else row.modified or held.created)

    def _new(self, row: Row) -> Annotation:
        moment = now()
        created = row.created or row.modified or moment
        made = Annotation(
            row.id, row.article, None, None, "", "", "", row.note, row.tags,
            created, row.modified or created, row.creator, row.about,
        )  # fmt: skip
        if not row.exact or row.start is None:
            return made
        text = self._library.articles.text(row.article) or ""
        end = row.start + len(row.exact)
        if text[row.start : end] != row.exact:
            return replace(made, start=row.start, end=end, exact=row.exact)
        return _at(made, text, Span(row.start, end))


def _placed(
    one: Foreign, article: str, moments: tuple[str, str], text: str, anchoring: Anchoring
) -> Annotation:
    made = Annotation(
        one.id, article, None, None, "", "", "", one.note, one.tags, *moments, one.creator
    )  # fmt: skip
    if not one.exact:
        return made
    start = one.start or 0
    as_told = replace(
        made,
        start=start,
        end=start + len(one.exact),
        exact=one.exact,
        prefix=one.prefix[-CONTEXT:],
        suffix=one.suffix[:CONTEXT],
    )
    span = anchoring.place(as_told)
    if span is None:
        return as_told
    return _at(made, text, span)


def _at(one: Annotation, text: str, span: Span) -> Annotation:
    """It on a span of a text, with the words there and around."""
    at = select(text, span.start, span.end)
    return replace(one, start=at.start, end=at.end, exact=at.exact, prefix=at.prefix, suffix=at.suffix)
