"""Writing mentions: what was found in an article, what the reader rules on it, and what that changes elsewhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from warreader.index.article import Article, Label
from warreader.index.entities.lone import ONLY, LoneNames
from warreader.index.entities.names import LONE, fold_name, slug
from warreader.index.entities.rulebook import Reference, Rulebook, identity_of

if TYPE_CHECKING:
    from warreader.index.entities.resolver import Identity, Resolved

_ROWS = """
SELECT m.article, m.start, m.end, m.form, m.label, m.entity, m.reason,
    r.label AS auto_label, r.entity AS auto_entity, r.reason AS auto_reason
FROM mention m LEFT JOIN mention_ruled r USING (article, start, end) WHERE m.{where}
UNION ALL
SELECT r.article, r.start, r.end, r.form, m.label, m.entity, m.reason, r.label, r.entity, r.reason
FROM mention_ruled r LEFT JOIN mention m USING (article, start, end) WHERE r.{where} AND {further}
"""
BY_ARTICLE = _ROWS.format(where="article = :key", further="NOT r.shown")
"""The mentions of an article, as they are shown and as they were found."""
BY_ENTITY = _ROWS.format(where="entity = :key", further="(m.entity IS NULL OR m.entity <> r.entity)")
"""The mentions that name an entity, as shown or as found."""


class Says(NamedTuple):
    """What a mention says: its kind, what it names, why."""

    label: str
    entity: int
    reason: str


class Move(NamedTuple):
    """A mention that named ``before`` names ``after`` now, or nothing any more."""

    article: int
    start: int
    end: int
    before: int
    after: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """A mention: as found (``auto``), and as it is stored to be shown, if it is; ``ruled``: the two are kept apart."""

    article: int
    start: int
    end: int
    form: str
    auto: Says
    shown: Says | None
    ruled: bool

    @property
    def place(self) -> tuple[int, int, int]:
        """Article and offsets."""
        return self.article, self.start, self.end


def rows(connection: sqlite3.Connection, query: str, key: int) -> Iterator[Row]:
    """The mentions that :data:`BY_ARTICLE` or :data:`BY_ENTITY` gives."""
    for row in connection.execute(query, {"key": key}).fetchall():
        article, start, end, form, label, entity, reason, auto_label, auto_entity, auto_reason = row
        shown = None if entity is None else Says(label, entity, reason)
        ruled = auto_entity is not None
        auto = Says(auto_label, auto_entity, auto_reason) if ruled else shown
        assert auto is not None, "a mention neither shown nor ruled"
        yield Row(article, start, end, form, auto, shown, ruled)


class Writer:
    """Writes within the caller's transaction.

    Args:
        connection: of ``library.sqlite``.
        book: the reader's rulings.
    """

    def __init__(self, connection: sqlite3.Connection, book: Rulebook) -> None:
        self.connection = connection
        self.book = book
        self.lone = LoneNames(connection)
        self.touched: set[int] = set()
        self.relabelled: set[int] = set()
        """Articles in which a mention is of another kind than it was, or none any more."""
        self.moves: list[Move] = []
        self._matches: dict[int, str] = {}
        self._ids: dict[int, str] = {}
        self._fates: dict[int, tuple[int, str | None, str | None]] = {}
        self._new_persons: set[int] = set()
        self._suspects: set[int] = set()

    # one article

    def derive(self, article: Article, resolved: Iterable[Resolved]) -> None:
        """Replace an article's mentions by what was found."""
        self._ids[article.key] = article.id
        stored = {row.place: row for row in rows(self.connection, BY_ARTICLE, article.key)}
        found: dict[tuple[int, int, int], Row] = {}
        # What an earlier analysis of this very article left must not decide what its lone names mean.
        fresh: set[int] = set()
        for one in resolved:
            start, end = one.found.start, one.found.end
            entity, reason = self._entity(one, article.key, fresh)
            fresh.add(entity)
            auto = Says(one.found.label.value, entity, reason)
            place = (article.key, start, end)
            held = stored.get(place)
            if held is not None and held.form != article.text[start:end]:
                self._drop(held)
                held = None
            shown, ruled = (held.shown, held.ruled) if held else (None, False)
            found[place] = Row(*place, article.text[start:end], auto, shown, ruled)
        for gone in stored.keys() - found.keys():
            row = stored[gone]
            self._drop(row)
        self._name(found.values())
        self.settle(found.values(), found_anew=True)
        self._settle_lone(fresh | self._new_persons)
        self.finish()

    def _drop(self, row: Row) -> None:
        for table in ("mention", "mention_ruled"):
            self.connection.execute(
                f"DELETE FROM {table} WHERE article = ? AND start = ? AND end = ?", row.place
            )
        self._suspects.update(says.entity for says in (row.auto, row.shown) if says)

    def _entity(self, one: Resolved, article: int, fresh: set[int]) -> tuple[int, str]:
        identity = one.identity
        if identity.lone:
            meant = self.lone.meant(identity.match.removeprefix(LONE), article, fresh)
            if meant is not None:
                return meant
        return self._of(identity), one.reason

    def _of(self, identity: Identity) -> int:
        """The row of an entity, made where there is none."""
        row = self.connection.execute("SELECT key FROM entity WHERE match = ?", (identity.match,)).fetchone()
        return int(row[0]) if row else self._insert(identity)

    def _insert(self, identity: Identity) -> int:
        wanted = identity.id or f"{identity.prefix}:{slug(identity.name) or 'unnamed'}"
        free, number = wanted, 1
        while self.connection.execute("SELECT 1 FROM entity WHERE id = ?", (free,)).fetchone():
            number += 1
            free = f"{wanted}_{number}"
        key = self.connection.execute(
            "INSERT INTO entity (id, name, label, match, surname) VALUES (?, ?, ?, ?, ?)",
            (free, identity.name, identity.label.value, identity.match, identity.surname),
        ).lastrowid
        assert key is not None
        self._names(key, (identity.name, *(_listed(identity.id) if identity.id else ())))
        self._matches[key] = identity.match
        self.call(key)
        if identity.surname:
            self._new_persons.add(key)
        self._suspects.add(key)
        return key

    def _name(self, found: Iterable[Row]) -> None:
        """Have entities go by the forms found, where these are new."""
        for entity, form in {(row.auto.entity, row.form) for row in found}:
            known = self.connection.execute(
                "SELECT 1 FROM entity_form WHERE entity = ? AND form = ?", (entity, form)
            ).fetchone()
            if known is None:
                self._names(entity, (form,))

    def _names(self, entity: int, forms: Iterable[str]) -> None:
        self.connection.executemany(
            "INSERT OR IGNORE INTO entity_name (folded, entity) VALUES (?, ?)",
            [(name, entity) for name in sorted(_found_by(forms))],
        )

    def _unname(self, entity: int, name: str) -> None:
        """An entity goes by a name no more, unless the articles, or lists, call it so."""
        row = self.connection.execute(
            "SELECT id, name, coalesce(auto_name, name) FROM entity WHERE key = ?", (entity,)
        ).fetchone()
        forms = self.connection.execute("SELECT form FROM entity_form WHERE entity = ?", (entity,))
        left = _found_by((row[1], row[2], *(str(one[0]) for one in forms), *_listed(row[0])))
        self.connection.executemany(
            "DELETE FROM entity_name WHERE folded = ? AND entity = ?",
            [(folded, entity) for folded in _found_by((name,)) - left],
        )

    def _settle_lone(self, persons: Collection[int]) -> None:
        """Have last names that stand alone in earlier articles mean who is now the only one to have them; or nobody in
        particular, where these persons are no longer alone.

        Args:
            persons: whom the article names, by whatever name.
        """
        for key, surname in self.lone.surnames(persons):
            if key in self._new_persons:
                self._part(surname)
            self._join(surname)
        self._new_persons.clear()

    def _join(self, surname: str) -> None:
        if (lone := self.lone.entity(surname)) is not None and (meant := self.lone.meant(surname)):
            self._move(lone, *meant)

    def _part(self, surname: str) -> None:
        """Have last names that stand alone mean nobody in particular, where there was only one to have them so far."""
        from warreader.index.entities.resolver import Identity

        before = self.lone.bearers(surname, without=self._new_persons)
        if len(before) == 1 and (form := self.lone.joined(before[0][0])) is not None:
            lone = Identity(f"{LONE}{surname}", form, Label.PERSON, lone=True)
            self._move(before[0][0], self._of(lone), "name", ONLY)

    def _move(self, before: int, after: int, reason: str, joined: str = "") -> None:
        """Have mentions that name one entity name another, those that do so for a reason that begins so."""
        found = rows(self.connection, BY_ENTITY, before)
        moved = [
            replace(row, auto=Says(row.auto.label, after, reason))
            for row in found
            if row.auto.entity == before and row.auto.reason.startswith(joined)
        ]
        self._name(moved)
        self.settle(moved, found_anew=True)

    # the reader's rulings

    def settle(self, found: Iterable[Row], *, found_anew: bool = False) -> None:
        """Store mentions as they are to be shown.

        Args:
            found_anew: what they say by themselves may differ from what is kept of that.
        """
        for row in found:
            wanted = row.auto if self.book.empty else self._ruled(row)
            apart = wanted != row.auto
            if wanted == row.shown and apart == row.ruled and not (found_anew and apart):
                continue
            self._show(row, wanted)
            self._keep(row, wanted, apart=apart)
            self.touched.add(row.article)
            if (wanted and wanted.label) != (row.shown and row.shown.label):
                self.relabelled.add(row.article)
            self._suspects.update(says.entity for says in (row.auto, row.shown, wanted) if says)

    def _show(self, row: Row, wanted: Says | None) -> None:
        if wanted == row.shown:
            return
        if row.shown is not None and (wanted is None or wanted.entity != row.shown.entity):
            self.moves.append(Move(*row.place, row.shown.entity, wanted.entity if wanted else None))
        if wanted is None:
            self.connection.execute(
                "DELETE FROM mention WHERE article = ? AND start = ? AND end = ?", row.place
            )
        elif row.shown is None:
            self.connection.execute(
                "INSERT INTO mention (article, start, end, form, label, entity, reason) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row.place, row.form, *wanted),
            )
        else:
            moved = (
                "label = ?, entity = ?, reason = ?"
                if wanted.entity != row.shown.entity
                else "label = ?, reason = ?"
            )
            values = wanted if wanted.entity != row.shown.entity else (wanted.label, wanted.reason)
            self.connection.execute(
                f"UPDATE mention SET {moved} WHERE article = ? AND start = ? AND end = ?",
                (*values, *row.place),
            )

    def _keep(self, row: Row, wanted: Says | None, *, apart: bool) -> None:
        if apart:
            self.connection.execute(
                "INSERT OR REPLACE INTO mention_ruled (article, start, end, form, label, entity, reason, shown)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (*row.place, row.form, *row.auto, int(wanted is not None)),
            )
        elif row.ruled:
            self.connection.execute(
                "DELETE FROM mention_ruled WHERE article = ? AND start = ? AND end = ?", row.place
            )

    def _ruled(self, row: Row) -> Says | None:
        match = self._match_of(row.auto.entity)
        rule = self.book.rule(self._id_of(row.article), row.start, row.form, match)
        if rule is None:
            return self._joined(row.auto)
        if rule.entity is None:
            return None
        key = self.key_of(rule.entity)
        where = "" if rule.article is None else " in this article" if rule.start is None else " here"
        did = "set it apart as" if rule.verb == "split" else "said it is"
        return self._joined(Says(self._label_of(key), key, f"you {did} {rule.entity['name']}{where}"))

    def _joined(self, says: Says) -> Says:
        """What a mention says once entities are joined and kinds set as the reader ruled."""
        if says.entity not in self._fates:
            key = says.entity
            if (into := self.book.joined(self._match_of(key))) is not None:
                key = self.key_of(into)
            label = self.book.labels.get(self._match_of(key))
            moved = key != says.entity
            reason = f"you joined {self._name_of(says.entity)} to {self._name_of(key)}" if moved else None
            self._fates[says.entity] = (
                key,
                label.value if label else self._label_of(key) if moved else None,
                reason,
            )
        key, kind, reason = self._fates[says.entity]
        if reason is None and kind is not None:
            reason = f"{says.reason}; you set the kind"
        return Says(kind or says.label, key, reason or says.reason)

    def key_of(self, reference: Reference) -> int:
        """The row of the entity that a reference means, made where there is none."""
        known = list(self.book.matches(reference))
        found = self.connection.execute(
            f"SELECT key FROM entity WHERE match IN ({','.join('?' * len(known))}) ORDER BY mentions DESC, key",
            known,
        ).fetchone()
        return int(found[0]) if found else self._insert(identity_of(reference))

    def call(self, key: int) -> None:
        """Give an entity the name and kind that the reader gave it, or back its own."""
        match = self._match_of(key)
        row = self.connection.execute(
            "SELECT name, label, coalesce(auto_name, name), coalesce(auto_label, label) FROM entity WHERE key = ?",
            (key,),
        ).fetchone()
        name = self.book.names.get(match, row[2])
        label = self.book.labels[match].value if match in self.book.labels else row[3]
        if (name, label) != (row[0], row[1]):
            self.connection.execute(
                "UPDATE entity SET name = ?, label = ?, auto_name = ?, auto_label = ? WHERE key = ?",
                (name, label, row[2] if name != row[2] else None, row[3] if label != row[3] else None, key),
            )
            self._names(key, (name,))
            if row[0] not in (row[2], name):
                self._unname(key, row[0])

    def _match_of(self, key: int) -> str:
        if key not in self._matches:
            row = self.connection.execute("SELECT match FROM entity WHERE key = ?", (key,)).fetchone()
            self._matches[key] = str(row[0])
        return self._matches[key]

    def _id_of(self, article: int) -> str:
        if article not in self._ids:
            row = self.connection.execute("SELECT id FROM article WHERE key = ?", (article,)).fetchone()
            self._ids[article] = str(row[0])
        return self._ids[article]

    def _name_of(self, key: int) -> str:
        row = self.connection.execute(
            "SELECT coalesce(auto_name, name) FROM entity WHERE key = ?", (key,)
        ).fetchone()
        return str(row[0])

    def _label_of(self, key: int) -> str:
        return str(self.connection.execute("SELECT label FROM entity WHERE key = ?", (key,)).fetchone()[0])

    def finish(self) -> None:
        """Have quotations name whom their speakers are now, and remove entities that nothing names any more."""
        while self._suspects or self.moves:
            _speakers(self.connection, self.moves)
            self.moves.clear()
            suspects, self._suspects = self._suspects, set()
            named = self.lone.surnames(suspects)
            self.connection.executemany(
                "DELETE FROM entity WHERE key = ? AND NOT EXISTS (SELECT 1 FROM mention WHERE entity = ?)"
                " AND NOT EXISTS (SELECT 1 FROM mention_ruled r WHERE r.entity = ?)",
                [(key, key, key) for key in suspects],
            )
            # Of two of one last name the other is the only one now.
            for surname in {surname for _, surname in set(named) - set(self.lone.surnames(suspects))}:
                self._join(surname)


def _listed(entity_id: str) -> tuple[str, ...]:
    """The names that lists have of an entity, by its id."""
    from warreader.index.entities.lexicon import lexicon, place_forms

    return (*lexicon().forms.get(entity_id, ()), *place_forms().get(entity_id, ()))


def _found_by(forms: Iterable[str]) -> set[str]:
    """What an entity of these names is looked up by: each, folded, and each word of them."""
    folded = {fold_name(form) for form in forms}
    return {name for whole in folded for name in (whole, *whole.split()) if name}


def _speakers(connection: sqlite3.Connection, moves: Sequence[Move]) -> None:
    """Have quotations name the entity that their speaker is now."""
    together: dict[tuple[int, int], list[Move]] = {}
    for move in moves:
        together.setdefault((move.article, move.before), []).append(move)
    for (article, before), moved in together.items():
        left = connection.execute(
            "SELECT 1 FROM mention WHERE article = ? AND entity = ? LIMIT 1", (article, before)
        ).fetchone()
        if left is None and len({move.after for move in moved}) == 1:
            # "He" goes with the name that it stands for.
            changed = connection.execute(
                "UPDATE quotation SET entity = ? WHERE article = ? AND entity = ?",
                (moved[0].after, article, before),
            ).rowcount
        else:
            changed = connection.executemany(
                "UPDATE quotation SET entity = ? WHERE article = ? AND entity = ?"
                " AND speaker_start <= ? AND ? <= speaker_end",
                [(move.after, article, before, move.start, move.end) for move in moved],
            ).rowcount
            # Whom "he" stands for of the two that were one is decided anew. It goes by no name of its own.
            connection.execute(
                "DELETE FROM derived WHERE stage = 'quotations' AND article = :article AND EXISTS"
                " (SELECT 1 FROM quotation q WHERE q.article = :article AND q.entity = :before AND NOT q.ruled"
                " AND NOT EXISTS (SELECT 1 FROM mention m WHERE m.article = :article"
                " AND m.start < q.speaker_end AND m.end > q.speaker_start))",
                {"article": article, "before": before},
            )
        if changed:
            # Whether others' words are theirs goes by who speaks, too.
            connection.execute("DELETE FROM derived WHERE stage = 'matches' AND article = ?", (article,))
