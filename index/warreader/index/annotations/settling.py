"""Where annotations from outside belong in this library: their articles, and the places of their quotes.

Another library may hold the same article under another id, and another article under the same one: ids are made of
the names of files. It is known by its address, failing that by the words that were marked in it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from warreader.index.annotations.anchoring import Anchoring
from warreader.index.annotations.foreign import Foreign
from warreader.index.annotations.model import CONTEXT, Annotation, select, tag_key
from warreader.index.annotations.projects import Source
from warreader.index.annotations.refi import source_guid
from warreader.index.annotations.table import Row
from warreader.index.article import Span
from warreader.index.errors import NotFoundError
from warreader.index.stamps import now

if TYPE_CHECKING:
    from warreader.index.library import Library

_TELLING = 40
"""Code points of a quote from which on an article is known by it."""
_BESIDE = 20
"""Code points before or after a quote from which on an article is known by them."""
_TRIED, _LOOKED_AT = 3, 8
"""Quotes by which an article is looked for, and articles that are looked at for each."""
_LINES = 100
"""Of a text that came along, so many lines, the longest, tell how much of it an article has."""


@dataclass(slots=True)
class Settled:
    """Annotations with their articles and places.

    Args:
        missing: how many were left out, by the address that no article was taken from, or else by the id that
            another article has.
        waiting: how many are kept though their articles are not here.
    """

    annotations: list[Annotation] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    waiting: int = 0


def settle(
    found: Iterable[Annotation | Foreign | Row],
    library: Library,
    addresses: Mapping[str, str],
    sources: Mapping[str, Source] | None = None,
) -> Settled:
    """Give each annotation its article and place.

    Args:
        addresses: those of articles, by their ids in the library that the annotations come from.
        sources: texts that came along, by what annotations call them.
    """
    return _Settling(library, addresses, sources or {}).all(found)


class _Settling:
    """The work of one file."""

    def __init__(self, library: Library, addresses: Mapping[str, str], sources: Mapping[str, Source]) -> None:
        self._library = library
        self._addresses = addresses
        self._sources = sources
        self._articles: dict[str, str | None] = {}
        self._anchorings: dict[str, tuple[str, Anchoring]] = {}

    def all(self, found: Iterable[Annotation | Foreign | Row]) -> Settled:
        done = Settled()
        named: defaultdict[str, list[Annotation]] = defaultdict(list)
        for one in found:
            if isinstance(one, Foreign):
                self._foreign(one, done)
                continue
            annotation = self._of_row(one) if isinstance(one, Row) else one
            named[annotation.article].append(annotation)
        for article, notes in named.items():
            here = self._library.articles.key(article) is not None
            if here and self._is_the_same(article, notes):
                done.annotations += notes
            elif (home := self._home(article, notes)) is not None:
                done.annotations += [self._moved(note, home) for note in notes]
            elif not here:
                done.waiting += len(notes)
                done.annotations += notes
            elif self._is_another(article, notes):
                # Kept under that id they would stand on what another article says.
                done.missing[self._addresses.get(article) or article] += len(notes)
            else:
                done.annotations += notes
        return done

    def _is_the_same(self, article: str, notes: Sequence[Annotation]) -> bool:
        """Whether the article of this id here is the one that notes from elsewhere are on."""
        address = self._addresses.get(article)
        if address and self._library.articles.is_from(article, address):
            return True
        if any((held := self._held(note.id)) is not None and held.article == article for note in notes):
            return True
        if address and self._library.articles.at_address(address) is not None:
            return False
        if not any(note.exact for note in notes):
            return not address
        text, anchoring = self._text(article)
        return any(
            text[note.start or 0 : note.end] == note.exact
            or (len(note.exact) >= _TELLING and anchoring.place(note) is not None)
            # Where it was written anew, what stands before or after may have stayed.
            or any(len(beside) >= _BESIDE and beside in text for beside in (note.prefix, note.suffix))
            for note in notes
            if note.exact
        )

    def _is_another(self, article: str, notes: Sequence[Annotation]) -> bool:
        """Of an article that :meth:`_is_the_same` doesn't take for theirs, whether that is sure."""
        address = self._addresses.get(article, "")
        return any(note.exact for note in notes) or self._library.articles.is_from(article, address) is False

    def _foreign(self, one: Foreign, done: Settled) -> None:
        if one.source not in self._articles:
            source = self._sources.get(one.source)
            at = self._library.articles.at_address
            self._articles[one.source] = at(one.source) if source is None else self._of_source(source)
        article = self._articles[one.source]
        if article is None:
            known = self._sources.get(one.source)
            done.missing[one.source if known is None else known.name] += 1
            return
        if one.exact is None and self._said(article, one):
            return
        held = self._held(one.id)
        made = _placed(one, article, _dated(one, held), *self._text(article))
        # What no other program knows of stays: when exactly it was made, and what else it is about.
        done.annotations.append(made if held is None else replace(made, about=held.about))

    def _of_source(self, source: Source) -> str | None:
        """The article here that a text is: ours, the one from its address, or the only one with most of its words."""
        lines = sorted(
            {line.strip() for line in source.text.split("\n") if len(line.strip()) >= _TELLING}, key=len
        )
        lines = lines[-_LINES:]
        ours = self._ours.get(source.ours) if source.ours else None
        if ours is not None and (
            self._library.articles.is_from(ours, source.address or "")
            or 2 * sum(line in self._text(ours)[0] for line in lines) >= len(lines)
        ):
            return ours
        if source.address and (known := self._library.articles.at_address(source.address)) is not None:
            return known
        having = {
            other.id
            for line in lines[-_TRIED:]
            for other in islice(self._library.articles.with_words(line), _LOOKED_AT)
        }
        held = Counter({other: sum(line in self._text(other)[0] for line in lines) for other in having})
        best = [one for one in held.most_common(2) if 2 * one[1] > len(lines)]
        return best[0][0] if len(best) == 1 or (best and best[0][1] > best[1][1]) else None

    @cached_property
    def _ours(self) -> Mapping[str, str]:
        return {source_guid(article): article for article in self._library.articles.ids(versions=True)}

    def _said(self, article: str, one: Foreign) -> bool:
        """Whether the article's own notes say it already: a project holds all of them in one."""
        if one.source not in self._sources:
            return False
        notes = [own for own in self._library.annotations.of(article) if own.span is None]
        left = one.note
        for own in sorted(notes, key=lambda own: len(own.note), reverse=True):
            left = left.replace(f"{own.entity}: {own.note}" if own.entity else own.note, "")
        tagged = {tag_key(tag) for own in notes for tag in own.tags}
        return not left.strip() and {tag_key(tag) for tag in one.tags} <= tagged

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


def _dated(one: Foreign, held: Annotation | None) -> tuple[str, str]:
    """When it was made and last changed; where the file doesn't tell, when it was first taken in."""
    if held is not None:
        return held.created, one.modified or one.created or held.modified
    created = one.created or now()
    return created, one.modified or created


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
