"""Which entities go by a name, and under which other names they go."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable
from itertools import groupby

from warreader.index.article import Entity, Label
from warreader.index.entities.cases import CYRILLIC
from warreader.index.entities.names import fold_name
from warreader.index.search.analyzer import key, terms
from warreader.index.search.catalogue import change_count
from warreader.index.storage import Database

Find = Callable[[str, Collection[Label]], Collection[Entity]]
"""Entities that go by a name, known aliases included."""

NAMED = frozenset({Label.PERSON, Label.GPE, Label.LOC, Label.ORG, Label.UNIT})
"""Kinds of entity whose other names are looked for beside the one asked for."""

LEAST_LETTERS = 3
"""Of so few letters and fewer, names are words of other meanings too often ("us")."""

CLEARLY = 3
"""So many times as often as any other must an entity be named for a name to be taken as its own."""

_HIGHEST = "\U0010ffff"
_SURE = 4
_KEPT = 2000


class Names:
    """Looks up entities by name. Used from several threads.

    Args:
        database: ``library.sqlite``.
        find: knows entities by names that stand in no article.
    """

    def __init__(self, database: Database, find: Find | None = None) -> None:
        self._database = database
        self._find = find
        self._number = -1
        self._known: dict[object, set[int]] = {}
        self._others: dict[str, list[str]] = {}

    def keys(self, value: str, labels: Collection[Label] | None, *, exact: bool = False) -> set[int]:
        """Rows of the entities of these labels (``None``: any) that go by the name.

        An entity does if all words of the name, however they end, stand in one of its forms.

        Args:
            exact: only those of which it is a whole form, unless there are none.
        """
        self._look()
        asked = (value, None if labels is None else frozenset(labels), exact)
        known = self._known
        if (found := known.get(asked)) is None:
            found = known[asked] = self._looked_up(value, labels, exact=exact)
        return found

    def _look(self) -> None:
        """Forget what was found before mentions changed."""
        number = change_count(self._database, "mention")
        if self._number != number or max(len(self._known), len(self._others)) > _KEPT:
            self._number, self._known, self._others = number, {}, {}

    def _looked_up(self, value: str, labels: Collection[Label] | None, *, exact: bool) -> set[int]:
        if exact and (whole := self._labelled(self.whole(value), labels)):
            return whole
        found = self._labelled(self._worded(value) | self._formed(value), labels)
        if self._find is not None:
            ids = [entity.id for entity in self._find(value, labels if labels is not None else tuple(Label))]
            rows = self._database.connection.execute(
                "SELECT key FROM entity WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
            )
            found.update(int(row[0]) for row in rows)
        return found

    def _labelled(self, entities: Iterable[int], labels: Collection[Label] | None) -> set[int]:
        entities = set(entities)
        if labels is None or not entities:
            return entities
        rows = self._database.connection.execute(
            "SELECT key FROM entity WHERE key IN (SELECT value FROM json_each(?))"
            " AND label IN (SELECT value FROM json_each(?))",
            (json.dumps(list(entities)), json.dumps([label.value for label in labels])),
        )
        return {int(row[0]) for row in rows}

    def _formed(self, value: str) -> set[int]:
        rows = self._database.connection.execute(
            "SELECT entity FROM entity_name WHERE folded = ?", (fold_name(value),)
        )
        return {int(row[0]) for row in rows}.union(self._in_cyrillic(value))

    def _in_cyrillic(self, value: str) -> set[int]:
        """Those that are called so in Cyrillic letters, as perhaps no article does: Київ."""
        if not CYRILLIC.search(value):
            return set()
        # It comes with the lists.
        from warreader.index.entities.listed_abroad import identity_of, in_latin

        rows = self._database.connection.execute(
            "SELECT key FROM entity WHERE id = ? UNION"
            " SELECT entity FROM entity_name WHERE folded IN (SELECT value FROM json_each(?))",
            (identity_of(value), json.dumps(in_latin(value))),
        )
        return {int(row[0]) for row in rows}

    def _worded(self, value: str) -> set[int]:
        """Entities one of whose forms has all words of the value, however they end."""
        # Names are stored folded, which is more than words are: so is what is looked for among them.
        value = fold_name(value)
        wanted = frozenset(key(value))
        held: set[int] | None = None
        for term in terms(value):
            found = {entity for form in term.forms for entity in self._with_word(form, term.stems)}
            held = found if held is None else held & found
            if not held:
                return set()
        if held is None or len(wanted) < 2:
            return held or set()
        return {entity for entity, forms in self._forms(held) if any(wanted <= {*key(f)} for f in forms)}

    def _with_word(self, form: str, stems: Collection[str]) -> set[int]:
        # Words of one stem have their beginning in common.
        begin = form if len(form) <= _SURE else form[: max(_SURE, len(form) - 4)]
        rows = self._database.connection.execute(
            "SELECT folded, entity FROM entity_name WHERE folded >= ? AND folded < ? AND instr(folded, ' ') = 0",
            (begin, begin + _HIGHEST),
        )
        return {int(row[1]) for row in rows if not set(stems).isdisjoint(key(row[0]))}

    def _forms(self, entities: Collection[int]) -> list[tuple[int, list[str]]]:
        """All names of these entities, single words of their names among them."""
        rows = self._database.connection.execute(
            "SELECT entity, folded FROM entity_name WHERE entity IN (SELECT value FROM json_each(?))"
            " ORDER BY entity, folded",
            (json.dumps(list(entities)),),
        ).fetchall()
        return [
            (entity, [str(row[1]) for row in group])
            for entity, group in groupby(rows, lambda row: int(row[0]))
        ]

    # whole names

    def whole(self, value: str) -> set[int]:
        """Entities that the value names as a whole: it is no mere part of a longer name of theirs."""
        folded = fold_name(value)
        if not folded:
            return set()
        return {
            entity
            for entity, forms in self._forms(self._formed(value))
            if folded in self._whole_forms(entity, [folded], forms)
        }

    def _whole_forms(self, entity: int, wanted: Iterable[str], forms: Collection[str]) -> set[str]:
        """Those of the wanted names that are no mere words of other names of the entity."""
        parts = {word for form in forms if " " in form for word in form.split()}
        whole = {form for form in wanted if form not in parts}
        if len(whole) == len(list(wanted)):
            return whole
        # What is part of a longer name counts too where the entity is called so, or articles call it so.
        rows = self._database.connection.execute(
            "SELECT name FROM entity WHERE key = ? UNION SELECT form FROM entity_form WHERE entity = ?",
            (entity, entity),
        )
        called = {fold_name(row[0]) for row in rows}
        return whole | {form for form in wanted if form in called}

    def known(self, word: str) -> bool:
        """Whether the word stands in the name of some entity."""
        return bool(self._formed(word))

    def meant(self, value: str) -> int | None:
        """The entity that the name stands for in this library, if it clearly is one."""
        if len(fold_name(value)) < LEAST_LETTERS and not value.isupper():
            return None
        found = self._labelled(self.whole(value), NAMED)
        counts = sorted(((self._mentions(entity), entity) for entity in found), reverse=True)
        if not counts or not counts[0][0] or (len(counts) > 1 and counts[0][0] < CLEARLY * counts[1][0]):
            return None
        return counts[0][1]

    def _mentions(self, entity: int) -> int:
        row = self._database.connection.execute(
            "SELECT mentions FROM entity WHERE key = ?", (entity,)
        ).fetchone()
        return int(row[0]) if row is not None else 0

    def others(self, value: str) -> list[str]:
        """Further names, folded, under which what is clearly meant by this one goes.

        None of them holds the name itself, is a part of a longer one, is too short to mean but this, or
        is rather another entity's.
        """
        self._look()
        if (known := self._others.get(value)) is None:
            known = self._others[value] = self._other_names(value)
        return known

    def _other_names(self, value: str) -> list[str]:
        entity = self.meant(value)
        if entity is None:
            return []
        own = set(key(fold_name(value)))
        forms = self._forms([entity])[0][1]
        # A person's given name is no other name for the family name, but another part of one name.
        whole = [{*key(form)} for form in forms] if self._labelled([entity], {Label.PERSON}) else []
        wanted = []
        for form in forms:
            words = set(key(form))
            if any(own | words <= one for one in whole):
                continue
            if words and not own <= words and not words <= own and _is_telling(form):
                wanted.append(form)
        found = []
        for form in sorted(self._whole_forms(entity, wanted, forms)):
            if self.meant(form) in (entity, None) and self._labelled(self.whole(form), NAMED) <= {entity}:
                found.append(form if form.isascii() else self._written(entity, form))
        return found

    def _written(self, entity: int, folded: str) -> str:
        """A folded name of the entity as articles write it: folding takes the breve off й, search does not."""
        rows = self._database.connection.execute("SELECT form FROM entity_form WHERE entity = ?", (entity,))
        return next((str(row[0]) for row in rows if fold_name(row[0]) == folded), folded)


def _is_telling(name: str) -> bool:
    """Whether the name, and its first word, is long enough to mean hardly anything else."""
    return sum(map(str.isalpha, name.split()[0])) >= LEAST_LETTERS
