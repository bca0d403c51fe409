"""From the tree of a query to a Whoosh query over one snapshot of the index."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from itertools import islice, product
from operator import itemgetter
from typing import TYPE_CHECKING

from warreader.index.search import clauses
from warreader.index.search.analyzer import Term, terms
from warreader.index.search.codec import FORM
from warreader.index.search.engine import BOOSTS, EXACT, Snapshot
from warreader.index.search.lighting import alike, fuzzy_limit
from warreader.index.search.query import All, Any, Dates, How, Node, Not, Sourced, Words, leaves
from warreader.index.search.segment import LEDE

if TYPE_CHECKING:
    from whoosh.query import Query

_SPELLINGS = 64
"""So many ways to spell a phrase are tried."""

MOST_READ = 4_000_000
"""So much may be read for the beginnings of words in one query: articles, once for each word they hold."""

MOST_PLACES = 2_000_000
"""So many places may be looked at for the phrases of one query, those where the rarest word of each stands."""

_NAMES = frozenset({"outlet", "author"})
_FOLLOWING = frozenset({How.PHRASE, How.EXACT})
PARTIAL = 0.5
"""Weight of a word found by prefix or with other letters, beside the word itself."""


class Compiler:
    """Compiles queries.

    Args:
        snapshot: the index as it is opened.
        sourced: keys of the articles that a library field answers.
        left_out: told which words are left out, as they begin too many or stand, as a phrase, in too many places.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        sourced: Callable[[Sourced], set[int]],
        left_out: Callable[[Words], None] = lambda _: None,
    ) -> None:
        self._snapshot = snapshot
        self._sourced = sourced
        self._left_out = left_out
        self._room = MOST_READ
        self._begun: set[tuple[str, str]] = set()
        self._too_common: frozenset[Words] = frozenset()
        self.used: Node | None = None
        """What was compiled: the tree without what is left out."""

    def compile(self, node: Node) -> Query:
        """The Whoosh query of a tree."""
        phrases = _phrases_of(node, negated=True)
        if len(phrases) > 1:
            self._too_common = self._over(phrases, _phrases_of(node, negated=False))
        self.used = self._bounded(node)
        return clauses.any_of([]) if self.used is None else self._compiled(self.used)

    def _bounded(self, node: Node) -> Node | None:
        """The tree without words that begin too many and phrases that stand in too many places, after the first."""
        match node:
            case Words(how=How.PREFIX):
                return node if self._affords(node) else None
            case Words() if node in self._too_common:
                self._left_out(node)
                return None
            case Not(child):
                bounded = self._bounded(child)
                return None if bounded is None else Not(bounded)
            case All(children) | Any(children):
                kept = tuple(each for child in children if (each := self._bounded(child)) is not None)
                return type(node)(kept) if kept else None
            case _:
                return node

    def _affords(self, words: Words) -> bool:
        fields = (words.field,) if words.field else ("text", "title")
        begun = {(field, form) for field in fields for form in terms(words.text)[0].forms} - self._begun
        cost = sum(self._snapshot.beginning(field, form) for field, form in begun)
        if cost and cost > self._room and self._begun:
            self._left_out(words)
            return False
        self._begun |= begun
        self._room -= cost
        return True

    def _over(self, phrases: Collection[Words], wanted: Collection[Words]) -> frozenset[Words]:
        """The commonest of several phrases, where all of them stand in too many places.

        Never the rarest, nor the rarest of those that are wanted: without it, all that lack the others would be found.
        """
        costs = sorted([(cost, words) for words in phrases if (cost := self._cost(words))], key=itemgetter(0))
        room, over = MOST_PLACES, []
        least = next((words for _, words in costs if words in wanted), None)
        for number, (cost, words) in enumerate(costs):
            room -= cost
            if number and room < 0 and words is not least:
                over.append(words)
        return frozenset(over)

    def _cost(self, words: Words) -> int:
        """The places that are looked at for a phrase; none for one word."""
        found = terms(words.text)
        if len(found) < 2:
            return 0
        fields = (words.field,) if words.field else ("text", "title")
        phrases = [each for field in fields for each in self._phrases(words, field, found)]
        return sum(self._snapshot.places(each) for each in phrases if isinstance(each, clauses.Phrase))

    def _compiled(self, node: Node) -> Query:
        match node:
            case Words():
                return self._words(node)
            case Dates(first, last):
                return clauses.Dates(max(clauses.day(first), 1), clauses.day(last or "9999", end=True))
            case Sourced():
                return clauses.Keys(self._sourced(node))
            case Any(children):
                return clauses.any_of([self._compiled(child) for child in dict.fromkeys(children)])
            case All(children):
                return self._all(children)
            case Not():
                return self._all((node,))

    def _all(self, children: tuple[Node, ...]) -> Query:
        children = tuple(dict.fromkeys(children))
        wanted = [self._compiled(child) for child in children if not isinstance(child, Not)]
        unwanted = [self._compiled(child.child) for child in children if isinstance(child, Not)]
        base = clauses.all_of(wanted) if wanted else clauses.Keys(None)
        return clauses.but_not(base, clauses.any_of(unwanted)) if unwanted else base

    def _words(self, words: Words) -> Query:
        found = terms(words.text)
        phrase = words.how in _FOLLOWING
        fields: tuple[str, ...] = (words.field,) if words.field else ("text", "title")
        if words.how is How.WORD and not words.field:
            if len(found[0].forms) == len(found[0].stems) == 1 and not words.typing:
                return _plain(found[0], words.weight)
            fields = (*fields, LEDE)
        if phrase and len(found) > 1:
            return clauses.any_of([query for field in fields for query in self._phrases(words, field, found)])
        return clauses.any_of([query for field in fields for query in self._word(words, field, found[0])])

    def _word(self, words: Words, field: str, word: Term) -> list[Query]:
        boost = BOOSTS[field] * words.weight
        if words.how is How.EXACT:
            return [clauses.term(field + FORM, form, boost) for form in word.forms]
        if words.how is How.PREFIX:
            return [_prefixed(field, form, boost) for form in word.forms]
        if field == LEDE:
            return [clauses.term(field, stem, boost) for stem in word.stems]
        if field in _NAMES:
            queries = [clauses.term(field + FORM, form, boost) for form in word.forms]
        else:
            queries = [clauses.term(field, stem, boost) for stem in word.stems]
            queries += [clauses.term(field + FORM, form, boost * EXACT) for form in word.forms]
        if words.how is How.FUZZY:
            others = {
                other
                for form in word.forms
                for other in alike(form, self._snapshot.near(field, form, fuzzy_limit(form)))
            } - set(word.forms)
            queries.append(clauses.Forms(field + FORM, sorted(others), boost * PARTIAL))
        elif words.typing and len(word.forms[0]) > 1:
            queries += [_prefixed(field, form, boost * PARTIAL, without=word.forms) for form in word.forms]
        return queries

    def _phrases(self, words: Words, field: str, found: list[Term]) -> Iterable[Query]:
        places: list[list[clauses.Word]] = [
            [clauses.term(field + FORM, form) for form in term.forms]
            if field in _NAMES or words.how is How.EXACT
            else [clauses.term(field, stem) for stem in term.stems]
            for term in found
        ]
        if words.typing:
            last = found[-1].forms
            if len(last[0]) == 1 and last[0].islower():
                # Too many words begin so, and one of more letters is likely to come.
                del places[-1]
            else:
                places[-1] = places[-1] + [_prefixed(field, form, 1.0) for form in last]
        boost = BOOSTS[field] * words.weight
        return [
            clauses.phrase(spelling, boost * PARTIAL if isinstance(spelling[-1], clauses.Forms) else boost)
            for spelling in islice(product(*places), _SPELLINGS)
        ]


def _phrases_of(node: Node, *, negated: bool) -> dict[Words, None]:
    found = leaves(node, negated=negated)
    return {each: None for each in found if isinstance(each, Words) and each.how in _FOLLOWING}


def _plain(word: Term, weight: float) -> Query:
    boosts = {field: (BOOSTS[field] * weight, BOOSTS[field] * weight * EXACT) for field in ("text", "title")}
    return clauses.Plain(word.forms[0], word.stems[0], boosts, BOOSTS[LEDE] * weight)


def _prefixed(field: str, form: str, boost: float, without: Iterable[str] = ()) -> clauses.Forms:
    return clauses.Forms(field + FORM, boost=boost, prefix=form, without=without)
