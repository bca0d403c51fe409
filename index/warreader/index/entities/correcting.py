"""The reader's corrections of names: rename, change kind, join, set apart, pin, ignore.

Each is a ruling (see :mod:`warreader.index.rulings`), one gesture of the reader's, in force when the method
returns and for whatever is added later; undo takes it back. They name entities by name and kind, as found
automatically, so that they can be shared and outlive a new analysis.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from warreader.index.article import Label
from warreader.index.entities.names import fold_name
from warreader.index.entities.writing import BY_ARTICLE, BY_ENTITY, rows
from warreader.index.errors import NotFoundError
from warreader.index.storage import Database
from warreader.index.text import excerpt, storable

if TYPE_CHECKING:
    import sqlite3

    from warreader.index.annotations.annotations import Annotations
    from warreader.index.rulings.model import Ruling
    from warreader.index.rulings.rulings import Rulings

_ON_FORMS = ("pin", "split", "ignore")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a name, and where it is meant.

    Args:
        form: as written; case, accents and a leading article do not matter.
        article: id of the article in which alone it is meant; ``None``: everywhere, in what is added later too.
        start: code point offset of the one mention meant; with ``article`` only.
        of: id of the entity that it must name to be meant; ``None``: any.
    """

    form: str
    article: str | None = None
    start: int | None = None
    of: str | None = None


class EntityCorrections:
    """Makes rulings on names.

    Writes raise LibraryBusyError or LibraryError where ``annotations.sqlite`` can't be written, NotFoundError where
    an entity isn't there, ValueError where the text given says nothing.
    """

    def __init__(self, database: Database, rulings: Rulings, annotations: Annotations) -> None:
        self._database = database
        self._rulings = rulings
        self._annotations = annotations

    def rename(self, entity_id: str, name: str) -> str:
        """Give an entity another name; what was done, in words."""
        row = self._row(entity_id)
        wanted = _name(name)
        words = f"renamed {excerpt(row['name'])} to {excerpt(wanted)}"
        reference = self._reference(row)
        if wanted == reference["name"]:
            return self._withdraw("rename", reference, words)
        self._rulings.put("entity", "rename", words=words, entity=reference, name=wanted)
        return words

    def set_kind(self, entity_id: str, label: Label) -> str:
        """Say what kind of thing an entity is; what was done, in words."""
        row = self._row(entity_id)
        words = f"{excerpt(row['name'])} is {label.value} now"
        reference = self._reference(row)
        if label.value == reference["label"]:
            return self._withdraw("kind", reference, words)
        self._rulings.put("entity", "kind", words=words, entity=reference, label=label.value)
        return words

    def merge(self, entity_ids: Sequence[str], into: str) -> str:
        """Join entities to one; what was done, in words."""
        target = self._row(into)
        rows = [self._row(one) for one in entity_ids if one != into]
        if not rows:
            raise ValueError("an entity can't be joined to itself")
        names = excerpt(rows[0]["name"]) if len(rows) == 1 else f"{len(rows)} names"
        words = f"joined {names} to {excerpt(target['name'])}"
        with self._annotations.gesture(words):
            for row in rows:
                self._rulings.put(
                    "entity", "merge", words=words, entity=self._reference(row), into=self._reference(target)
                )
        return words

    def pin(self, form: Form, entity_id: str) -> str:
        """Say that a form names this entity; what was done, in words."""
        row = self._row(entity_id)
        words = f"{excerpt(form.form)} is {excerpt(row['name'])}{_where(form)}"
        return self._on_form("pin", form, words, entity=self._reference(row))

    def split(self, form: Form, name: str, label: Label) -> str:
        """Set a form apart as an entity of its own; what was done, in words.

        Args:
            name: of the new entity. The same name and kind always mean the same one of the reader's own entities.
        """
        own = {"name": _name(name), "label": label.value, "own": True}
        return self._on_form("split", form, f"set {excerpt(form.form)} apart{_where(form)}", entity=own)

    def ignore(self, form: Form) -> str:
        """Say that a form names nothing; what was done, in words."""
        return self._on_form("ignore", form, f"ignored {excerpt(form.form)}{_where(form)}")

    def _on_form(self, verb: str, form: Form, words: str, **says: Any) -> str:
        about: dict[str, Any] = {"form": " ".join(storable(form.form).split())}
        if form.article is not None:
            about["article"] = form.article
        if form.start is not None:
            about["start"] = form.start
        abouts = (
            [about]
            if form.of is None
            else [{**about, "of": found} for found in self._found_as(form, form.of)]
        )
        with self._annotations.gesture(words):
            for one in abouts:
                for held in self._rulings.of("entity"):
                    if held.verb in _ON_FORMS and held.verb != verb and _same_form(held, one):
                        self._rulings.remove(held.id, words)
                self._rulings.put("entity", verb, words=words, **one, **says)
        return words

    def _found_as(self, form: Form, entity_id: str) -> list[dict[str, Any]]:
        """What a form that is shown as an entity was found to name: rulings go by that, as it will be found again."""
        connection = self._database.connection
        entity = connection.execute("SELECT key FROM entity WHERE id = ?", (entity_id,)).fetchone()
        folded, found = fold_name(form.form), set()
        if entity is not None and form.article is not None:
            article = connection.execute("SELECT key FROM article WHERE id = ?", (form.article,)).fetchone()
            among = rows(connection, BY_ARTICLE, int(article[0])) if article is not None else iter(())
        else:
            among = rows(connection, BY_ENTITY, int(entity[0]) if entity is not None else -1)
        for row in among:
            shown = row.shown is not None and entity is not None and row.shown.entity == entity[0]
            if shown and form.start in (None, row.start) and fold_name(row.form) == folded:
                found.add(row.auto.entity)
        if not found:
            raise NotFoundError(f"{excerpt(form.form)!r} does not name {entity_id!r} here any more")
        ids = connection.execute(
            f"SELECT id FROM entity WHERE key IN ({','.join('?' * len(found))}) ORDER BY key", sorted(found)
        )
        return [self._reference(self._row(row[0])) for row in ids.fetchall()]

    def _withdraw(self, verb: str, reference: dict[str, Any], words: str) -> str:
        for held in self._rulings.of("entity"):
            named = held.data.get("entity", {})
            if held.verb == verb and all(named.get(k) == reference.get(k) for k in ("name", "label", "own")):
                self._rulings.remove(held.id, words)
        return words

    def _row(self, entity_id: str) -> sqlite3.Row:
        row: sqlite3.Row | None = self._database.connection.execute(
            "SELECT id, name, coalesce(auto_name, name) AS auto_name, coalesce(auto_label, label) AS auto_label, match"
            " FROM entity WHERE id = ?",
            (entity_id,),
        ).fetchone()
        if row is None:
            raise NotFoundError(
                f"no entity {entity_id!r} in this library; list them with: warreader export entities"
            )
        return row

    @staticmethod
    def _reference(row: sqlite3.Row) -> dict[str, Any]:
        reference: dict[str, Any] = {"name": row["auto_name"], "label": row["auto_label"]}
        if str(row["match"]).startswith("own "):
            return {**reference, "own": True}
        return {**reference, "match": row["match"]}


def _same_form(held: Ruling, about: dict[str, Any]) -> bool:
    data = held.data
    return fold_name(data["form"]) == fold_name(about["form"]) and all(
        data.get(name) == about.get(name) for name in ("article", "start", "of")
    )


def _name(name: str) -> str:
    cleaned = " ".join(storable(name).split())
    if not cleaned:
        raise ValueError("a name is missing")
    return cleaned


def _where(form: Form) -> str:
    if form.article is None:
        return " everywhere"
    return " in this article" if form.start is None else " here"
