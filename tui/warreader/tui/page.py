"""What the panes show about one article, fetched at one go off the event loop; and what is lit across articles."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING

from warreader.index.api import (
    Article,
    Entity,
    Library,
    LineKind,
    Match,
    Mention,
    Quotation,
    QuotationKind,
    Scope,
    Snippet,
    Span,
    Summary,
)
from warreader.tui.reading.layers import Layer, Painted

if TYPE_CHECKING:
    from warreader.index.api import Story


@dataclass(frozen=True, slots=True)
class Page:
    """An article with all that is derived from it.

    ``counts`` is quotation id to other articles it stands in, ``retold`` to places that may be it in other words.
    """

    article: Article
    mentions: Sequence[Mention]
    entities: Sequence[Entity]
    quotations: Sequence[Quotation]
    matches: Sequence[Match]
    counts: dict[str, int]
    everywhere: dict[str, int]
    """Entity id to the number of articles in the library that name it."""
    versions: Sequence[Summary] = ()
    """All versions of the article, oldest first, itself included."""
    story: Story | None = None
    retold: dict[str, int] = field(default_factory=dict)
    entity_layer: Layer = field(default_factory=Layer)
    quotation_layer: Layer = field(default_factory=Layer)
    """What is painted over the text."""
    whole: bool = True
    """Whether what is derived was fetched: of a long article the text comes first."""

    def quotation_at(self, offset: int) -> Quotation | None:
        """The innermost quotation around an offset."""
        found = [q for q in self.quotations if q.start <= offset < q.end]
        return min(found, key=lambda q: q.end - q.start, default=None)

    def mention_at(self, offset: int) -> Mention | None:
        """The mention around an offset."""
        return next((m for m in self.mentions if m.start <= offset < m.end), None)

    def matches_at(self, span: Span) -> list[Match]:
        """Matches with other articles that overlap a span, the closest fit first."""
        found = []
        for match in self.matches:
            shared = [
                min(m.end, span.end) - max(m.start, span.start)
                for m in match.members
                if m.article == self.article.id
            ]
            if match.scope is Scope.CROSS and max(shared, default=0) > 0:
                found.append((max(shared), match))
        return [match for _, match in sorted(found, key=lambda pair: -pair[0])]


def load(library: Library, article_id: str) -> Page:
    """Fetch an article's page.

    Raises:
        NotFoundError: there is no such article.
    """
    matches = library.matches.of(article_id)
    mentions, quotations = library.entities.mentions(article_id), library.quotations.of(article_id)
    return Page(
        article=library.articles.get(article_id),
        mentions=mentions,
        entities=library.entities.entities(article_id),
        quotations=quotations,
        matches=matches,
        counts=library.matches.counts(article_id, matches),
        retold=library.matches.retold(article_id, matches),
        everywhere=library.entities.everywhere(article_id),
        versions=library.articles.versions(article_id),
        story=library.stories.of(article_id),
        entity_layer=Layer(Painted(m.start, m.end, f"entity.{m.label.value}") for m in mentions),
        quotation_layer=_painted(quotations, _matched(matches, article_id)),
    )


def text_alone(article: Article) -> Page:
    """A page without what is derived, which is still to be fetched."""
    return Page(
        article, mentions=(), entities=(), quotations=(), matches=(), counts={}, everywhere={}, whole=False
    )


def _matched(matches: Sequence[Match], article_id: str) -> list[Span]:
    """Spans of an article whose words stand in another one too: in order, none overlaps another."""
    found = sorted(
        (member.start, member.end)
        for match in matches
        if match.scope is Scope.CROSS
        for member in match.members
        if member.article == article_id
    )
    joined: list[Span] = []
    for start, end in found:
        if joined and start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(end, joined[-1].end))
        else:
            joined.append(Span(start, end))
    return joined


def _painted(quotations: Sequence[Quotation], matched: Sequence[Span]) -> Layer:
    ends = [span.end for span in matched]

    def style(quotation: Quotation, span: Span) -> str:
        at = bisect_right(ends, span.start)
        if at < len(matched) and matched[at].overlaps(span):
            return "quotation.matched"
        return "quotation.indirect" if quotation.kind is QuotationKind.INDIRECT else "quotation"

    return Layer(
        Painted(span.start, span.end, style(quotation, span))
        for quotation in quotations
        for span in quotation.segments or (quotation.span,)
    )


@dataclass
class Lit:
    """Places to step through with ``n`` and ``N``: the hits of a search, an entity's mentions, a match.

    ``order`` names the articles in the order to go through them; ``find`` gives
    the places in one of them, asked once each.
    """

    title: str
    order: Sequence[str]
    find: Callable[[str], Sequence[Span]]
    _known: dict[str, list[Span]] = field(default_factory=dict)
    _layers: dict[str, Layer] = field(default_factory=dict)
    bare: set[str] = field(default_factory=set)
    """The articles of the order in which no place was found: what found them is no word of their text."""

    def grow(self, order: Sequence[str]) -> None:
        """Further articles have come into the order."""
        self.order = order
        self._known = {article_id: spans for article_id, spans in self._known.items() if spans}

    def spans(self, article_id: str) -> list[Span]:
        """The places in one article, in order."""
        if article_id not in self._known:
            ordered = article_id in self.order
            spans = self.find(article_id) if ordered else ()
            if ordered and not spans:
                self.bare.add(article_id)
            self._known[article_id] = sorted(spans, key=attrgetter("start", "end"))
            self._layers[article_id] = Layer(Painted(span.start, span.end, "hit") for span in spans)
        return self._known[article_id]

    def known(self, article_id: str) -> list[Span]:
        """The places in an article if they were asked for already."""
        return self._known.get(article_id, [])

    def step(self, article_id: str, offset: int, *, forward: bool) -> Span | None:
        """The next place after (or before) an offset in one article."""
        spans = self.known(article_id)
        if forward:
            at = bisect_right(spans, offset, key=attrgetter("start"))
            return spans[at] if at < len(spans) else None
        at = bisect_left(spans, offset, key=attrgetter("start"))
        return next((spans[place] for place in range(at - 1, -1, -1) if spans[place].end <= offset), None)

    def place(self, article_id: str, span: Span) -> int | None:
        """Which of the places in an article a span is, from 0."""
        spans = self.known(article_id)
        at = bisect_left(spans, (span.start, span.end), key=attrgetter("start", "end"))
        return at if at < len(spans) and spans[at] == span else None

    def layer(self, article_id: str) -> Layer:
        """The places in an article as they are painted, if they were asked for already."""
        return self._layers.get(article_id) or Layer()

    def beyond(self, article_id: str, *, forward: bool) -> str | None:
        """The next (or previous) other article, round the end; ``None`` where there is no other."""
        others = list(self.order)
        if article_id not in others:
            return others[0] if others else None
        if len(others) < 2:
            return None
        return others[(others.index(article_id) + (1 if forward else -1)) % len(others)]


def lit_entity(library: Library, entity_id: str, name: str) -> Lit:
    """All mentions of an entity, article by article. May read much: one that every second article names."""
    pivots = library.entities.pivots
    return Lit(name, pivots.articles(entity_id), lambda article_id: pivots.spans(entity_id, article_id))


def lit_matches(matches: Sequence[Match], articles: Sequence[str] | None = None) -> Lit:
    """All members of matches, or those in these articles."""
    places: dict[str, list[Span]] = {article_id: [] for article_id in articles or ()}
    for match in matches:
        for member in match.members:
            if articles is None or member.article in articles:
                places.setdefault(member.article, []).append(member.span)
    return Lit("the same words", list(places), lambda article_id: places.get(article_id, []))


def snippets_of(library: Library, query: str, article_id: str) -> tuple[Snippet, ...]:
    """The stretches of one article that show how it answers a query that is being typed.

    They stand below its title: what the text has besides comes before its headline.
    """
    spans = library.search.spans(query, article_id, as_you_type=True)
    return _stretches(library.articles.get(article_id), spans)


def best_place(article: Article, spans: Sequence[Span]) -> Span | None:
    """The lit place that a result's row shows: where most of what was sought stands, a phrase before a lone word."""
    if not spans:
        return None
    shown = max(_stretches(article, spans), key=lambda stretch: words_lit(stretch, stretch.hits))
    best = max(shown.hits, key=lambda hit: len(hit.of(article.text).split()))
    # A stretch may begin within what is lit.
    return next(span for span in spans if span.overlaps(best))


def words_lit(stretch: Snippet, hits: Iterable[Span]) -> int:
    """How many different words of what was sought are among these hits of a stretch."""
    texts = [stretch.text[hit.start - stretch.start : hit.end - stretch.start] for hit in hits]
    return len({word for text in texts for word in text.casefold().split()})


def _stretches(article: Article, spans: Sequence[Span]) -> tuple[Snippet, ...]:
    from warreader.index.api import LitSpan, snippets

    starts = [line.start for line in article.lines]
    spans = [
        span
        for span in spans
        if article.lines[bisect_right(starts, span.start) - 1].kind is not LineKind.HEADLINE
    ] or spans
    # What is written alike answers the same word.
    numbers: dict[str, int] = {}
    lit = []
    for span in spans:
        number = numbers.setdefault(span.of(article.text).casefold(), len(numbers))
        lit.append(LitSpan(span.start, span.end, number))
    return snippets(article.text, article.lines, lit)
