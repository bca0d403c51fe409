"""The reader's rulings on names, put so that a mention's can be looked up: form by form, entity by entity.

Entities are told apart by their ``match`` keys, which derivation makes; rulings name them by name and label, from
which the key is worked out as for a name found in a text. A ruling on a single mention goes before one on a form in
its article, that before one on the form everywhere; of equals the later one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from warreader.index.article import Label
from warreader.index.entities.names import fold_name
from warreader.index.rulings.model import Ruling

if TYPE_CHECKING:
    from warreader.index.entities.resolver import Identity

Reference = Mapping[str, Any]
"""An entity as rulings name it: ``name``, ``label``, and ``match`` or ``own``."""


def own_match(reference: Reference) -> str:
    """The key of an entity that the reader made, by setting a form apart."""
    return f"own {str(reference['label']).lower()} {fold_name(reference['name'])}"


def identity_of(reference: Reference) -> Identity:
    """What a reference means, worked out as for a name that stands alone in a text. Loads the lexicon."""
    from warreader.index.entities.recogniser import Found
    from warreader.index.entities.resolver import Identity, resolve

    name, label = reference["name"], Label(reference["label"])
    if reference.get("own"):
        words = fold_name(name).split()
        surname = words[-1] if label is Label.PERSON and len(words) > 1 else None
        return Identity(own_match(reference), name, label, surname=surname)
    return resolve(name, [Found(0, len(name), label)])[0].identity


@dataclass(frozen=True, slots=True)
class FormRule:
    """What is ruled on a form: ``ignore``, or that it names ``entity`` (``pin``, ``split``)."""

    verb: str
    entity: Reference | None
    article: str | None
    start: int | None
    of: frozenset[str] | None
    """Keys of the entities of which alone it is ruled; ``None``: of all."""

    def fits(self, article: str, start: int, match: str) -> bool:
        """Whether it is about a mention."""
        return (
            self.article in (None, article)
            and self.start in (None, start)
            and (self.of is None or match in self.of)
        )


@dataclass(slots=True)
class Rulebook:
    """Rulings on entities by what they are about. The keys are those of :func:`own_match` and of the resolver."""

    forms: dict[str, list[FormRule]] = field(default_factory=dict)
    merges: dict[str, Reference] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    labels: dict[str, Label] = field(default_factory=dict)
    matches: Callable[[Reference], frozenset[str]] = lambda _: frozenset()

    @property
    def empty(self) -> bool:
        """Whether nothing is ruled that says what a mention names."""
        return not (self.forms or self.merges or self.labels)

    def rule(self, article: str, start: int, form: str, match: str) -> FormRule | None:
        """The ruling on a mention's form, or ``None``."""
        rules = self.forms.get(fold_name(form), ()) if self.forms else ()
        return next((rule for rule in rules if rule.fits(article, start, match)), None)

    def joined(self, match: str) -> Reference | None:
        """The entity that the one with this key was joined to, through all joins; ``None``: to none."""
        reference = None
        while (further := self.merges.get(match)) is not None:
            reference, match = further, self._next(further)
        return reference

    def join(self, match: str, into: Reference) -> None:
        """Join an entity to another. Where that led back here, the later ruling is the one that stands."""
        at = self._next(into)
        while at in self.merges:
            before, at = at, self._next(self.merges[at])
            if at == match:
                del self.merges[before]
                break
        if self._next(into) != match:
            self.merges[match] = into

    def _next(self, reference: Reference) -> str:
        keys = sorted(self.matches(reference))
        return next((key for key in keys if key in self.merges), keys[0])


def compiled(rulings: Iterable[Ruling], matches: Callable[[Reference], frozenset[str]]) -> Rulebook:
    """The rulebook of rulings, given in the order in which they were made.

    Args:
        matches: gives the keys that a reference may stand for.
    """
    book = Rulebook(matches=matches)
    for ruling in rulings:
        data = ruling.data
        if ruling.verb in ("pin", "split", "ignore"):
            rule = FormRule(
                ruling.verb,
                data.get("entity"),
                data.get("article"),
                data.get("start"),
                matches(data["of"]) if "of" in data else None,
            )
            book.forms.setdefault(fold_name(data["form"]), []).insert(0, rule)
            continue
        for match in matches(data["entity"]):
            if ruling.verb == "merge":
                book.join(match, data["into"])
            elif ruling.verb == "rename":
                book.names[match] = data["name"]
            elif ruling.verb == "kind":
                book.labels[match] = Label(data["label"])
    for rules in book.forms.values():
        rules.sort(key=lambda rule: (rule.start is None, rule.article is None, rule.of is None))
    return book
