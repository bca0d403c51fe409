"""From the tree of a query to a Whoosh query over one snapshot of the index."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice, product
from typing import TYPE_CHECKING

from warreader.index.search import clauses, engine
from warreader.index.search.analyzer import Term, terms
from warreader.index.search.lighting import alike
from warreader.index.search.query import All, Any, Dates, How, Node, Not, Sourced, Words

if TYPE_CHECKING:
    from whoosh.query import Query

_SCORED = 64
"""A prefix with more forms than this scores all its articles alike: ranking by rarity would mislead."""

_SPELLINGS = 64
"""So many ways to spell a phrase are tried."""

_NAMES = frozenset({"outlet", "author"})
PARTIAL = 0.5
"""Weight of a word found by prefix or with other letters, beside the word itself."""


class Compiler:
    """Compiles queries.

    Args:
        snapshot: the index as it is opened.
        sourced: keys of the articles that a library field answers.
    """

    def __init__(self, snapshot: engine.Snapshot, sourced: Callable[[Sourced], set[int]]) -> None:
        self._snapshot = snapshot
        self._sourced = sourced

    def compile(self, node: Node) -> Query:
        """The Whoosh query of a tree."""
        match node:
            case Words():
                return self._words(node)
            case Dates(first, last):
                return clauses.Union("date", self._snapshot.within("date", first, last), 0.0)
            case Sourced():
                return clauses.Documents(self._snapshot, self._sourced(node).__contains__)
            case Any(children):
                return clauses.any_of([self.compile(child) for child in dict.fromkeys(children)])
            case All(children):
                return self._all(children)
            case Not():
                return self._all((node,))

    def _all(self, children: tuple[Node, ...]) -> Query:
        children = tuple(dict.fromkeys(children))
        wanted = [self.compile(child) for child in children if not isinstance(child, Not)]
        unwanted = [self.compile(child.child) for child in children if isinstance(child, Not)]
        base = clauses.all_of(wanted) if wanted else clauses.Documents(self._snapshot, lambda _: True)
        return clauses.but_not(base, clauses.any_of(unwanted)) if unwanted else base

    def _words(self, words: Words) -> Query:
        found = terms(words.text)
        if words.how is How.PHRASE and len(found) > 1:
            return self._phrase(words, found)
        word = found[0]
        if words.how is How.PREFIX:
            return self._forms(words.field, self._expanded(words.field, word), 1.0)
        queries = self._word(words.field, word)
        if words.how is How.FUZZY:
            forms = {form for wanted in word.forms for form in alike(wanted, self._forms_of(words.field))}
            queries.append(self._forms(words.field, sorted(forms - set(word.forms)), PARTIAL))
        elif words.typing and len(word.forms[0]) > 1:
            others = [form for form in self._expanded(words.field, word) if form not in word.forms]
            queries.append(self._forms(words.field, others, PARTIAL))
        return clauses.any_of(queries)

    def _word(self, field: str, word: Term) -> list[Query]:
        if field in _NAMES:
            return [clauses.term(field, form) for form in word.forms]
        if field:
            return [clauses.term(field, stem, engine.BOOSTS[field]) for stem in word.stems]
        return [
            *(
                clauses.term(name, stem, engine.BOOSTS[name])
                for name in ("text", "title")
                for stem in word.stems
            ),
            *(clauses.term("form", form, engine.EXACT) for form in word.forms),
        ]

    def _forms_of(self, field: str) -> Iterable[str]:
        if field in _NAMES:
            return [name.decode() for name in self._snapshot.within(field, "", "")]
        return self._snapshot.lexicon()

    def _expanded(self, field: str, word: Term) -> list[str]:
        if field in _NAMES:
            return [name.decode() for form in word.forms for name in self._snapshot.within(field, form, form)]
        return [name for form in word.forms for name in self._snapshot.expand(form)]

    def _forms(self, field: str, forms: list[str], weight: float) -> Query:
        """Any of the forms; titles hold stems only, so there the stems of the forms."""
        name = field or "form"
        if field == "title":
            forms = sorted({stem for form in forms for term in terms(form) for stem in term.stems})
        if len(forms) <= _SCORED:
            return clauses.any_of([clauses.term(name, form, weight) for form in forms])
        return clauses.Union(name, [form.encode() for form in forms], weight)

    def _phrase(self, words: Words, found: list[Term]) -> Query:
        places = [term.forms if words.field in _NAMES else term.stems for term in found]
        if words.typing:
            places[-1] = self._endings(words.field, found[-1])
        spellings = list(islice(product(*places), _SPELLINGS))
        fields = (words.field,) if words.field else ("text", "title")
        return clauses.any_of(
            [
                clauses.phrase(field, spelling, engine.BOOSTS[field])
                for field in fields
                for spelling in spellings
            ]
        )

    def _endings(self, field: str, word: Term) -> tuple[str, ...]:
        if field in _NAMES:
            return tuple(dict.fromkeys((*word.forms, *self._expanded(field, word))))
        stems = [stem for form in self._expanded(field, word) for term in terms(form) for stem in term.stems]
        return tuple(dict.fromkeys((*word.stems, *stems)))
