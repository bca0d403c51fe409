"""Entities and mentions of a library: deriving them article by article, and asking for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from warreader.index.article import Article, Entity, Label, Mention
from warreader.index.derive import SplitStage
from warreader.index.entities.lexicon import lexicon, place_forms
from warreader.index.entities.names import fold_name, slug, strip_honorific
from warreader.index.storage import Database

if TYPE_CHECKING:
    from warreader.index.entities.recogniser import Recogniser
    from warreader.index.entities.resolver import Identity, Resolved

_SHORTEST_LONE = 4
"""Letters: a shorter lone name ("Li") is shared by too many to be joined across articles."""
_HIGHEST = "\U0010ffff"
_ORDER = {label: at for at, label in enumerate(Label)}
_MENTION = (
    "SELECT article.id AS article, start, end, form, mention.label AS label, entity.id AS entity, reason"
    " FROM mention JOIN article ON article.key = mention.article JOIN entity ON entity.key = mention.entity"
)


class Entities(SplitStage):
    """The library's entities; a :class:`warreader.index.derive.SplitStage`.

    A lone last name joins the one person of the library who has it, whichever
    article came first. Where a second such person turns up later, what was
    joined stays as its ``reason`` says, and further lone names stay alone.
    """

    name = "entities"
    version = 1
    feeds: tuple[str, ...] = ("quotations", "matches")

    def __init__(self, database: Database) -> None:
        self._database = database
        self._recogniser: Recogniser | None = None

    def prepare(self, article: Article, context: object) -> list[Resolved]:  # noqa: ARG002
        """The mentions in an article's text and what they name, whatever else the library holds."""
        # Reading a library needs none of this: an app that only asks starts without it.
        from warreader.index.entities.recogniser import Recogniser
        from warreader.index.entities.resolver import resolve

        if self._recogniser is None:
            self._recogniser = Recogniser()
        return resolve(article.text, self._recogniser.recognise(article.text, article.lines))

    def store(self, article: Article, prepared: Iterable[Resolved]) -> None:
        """Replace the mentions of one article, and join them with those of others."""
        with self._database.transaction() as connection:
            writer = _Writer(connection)
            before = writer.entities_of(article.key)
            connection.execute("DELETE FROM mention WHERE article = ?", (article.key,))
            for one in prepared:
                writer.store(article, one)
            writer.join_lone()
            writer.remove_unused(before)

    def prune(self) -> int:
        """Remove entities left without a mention, as after an article was deleted; says how many."""
        with self._database.transaction() as connection:
            return connection.execute(
                "DELETE FROM entity WHERE NOT EXISTS (SELECT 1 FROM mention WHERE mention.entity = entity.key)"
            ).rowcount

    def mentions(self, article_id: str) -> list[Mention]:
        """The mentions of an article, in order."""
        return self._mentions("WHERE article.id = ? ORDER BY start", (article_id,))

    def places(self, entity_id: str) -> list[Mention]:
        """All mentions of an entity: by date of article (unknown last), article id, place."""
        return self._mentions(
            "WHERE entity.id = ? ORDER BY article.date IS NULL, article.date, article.id, start", (entity_id,)
        )

    def entities(
        self, article_id: str | None = None, label: Label | None = None, prefix: str | None = None
    ) -> list[Entity]:
        """The entities of an article or of the library, by kind, the most mentioned first.

        Args:
            article_id: only that article's; counts are then of that article.
            label: only of that kind.
            prefix: only those with a name, or a word of a name, that starts so (case and accents do not matter).
        """
        where: list[str] = []
        values: list[str] = []
        if article_id is not None:
            where.append("mention.article = (SELECT key FROM article WHERE id = ?)")
            values.append(article_id)
        if label is not None:
            where.append("entity.label = ?")
            values.append(label.value)
        if prefix:
            folded = fold_name(prefix)
            where.append("entity.key IN (SELECT entity FROM entity_name WHERE folded >= ? AND folded < ?)")
            values += [folded, folded + _HIGHEST]
        return self._select(where, values, all_versions=article_id is not None)

    def get(self, entity_id: str) -> Entity | None:
        """The entity, with counts over the library, or ``None``."""
        return next(iter(self._select(["entity.id = ?"], [entity_id])), None)

    def find(self, name: str, labels: Collection[Label] = ()) -> list[Entity]:
        """Entities that a name may mean, most mentioned first within each kind.

        A name fits if a form of the entity's name folds to it, or a word of
        one; listed forms count even where no article uses them (Kiev, Kyiv).

        Args:
            name: as typed; case, accents and a leading honorific do not matter.
            labels: kinds to look among; all if empty.
        """
        folded = fold_name(" ".join(name.split()))
        bare = strip_honorific(folded)
        if not folded:
            return []
        where = ["entity.key IN (SELECT entity FROM entity_name WHERE folded IN (?, ?))"]
        values = [folded, bare]
        if labels:
            where.append(f"entity.label IN ({','.join('?' * len(labels))})")
            values += [label.value for label in labels]
        return self._select(where, values)

    def _mentions(self, tail: str, values: tuple[str, ...]) -> list[Mention]:
        rows = self._database.connection.execute(f"{_MENTION} {tail}", values)
        return [
            Mention(
                r["article"], r["start"], r["end"], r["form"], Label(r["label"]), r["entity"], r["reason"]
            )
            for r in rows
        ]

    def _select(self, where: list[str], values: list[str], *, all_versions: bool = False) -> list[Entity]:
        if not all_versions:
            where = [*where, "mention.article NOT IN (SELECT key FROM article WHERE latest = 0)"]
        condition = f"WHERE {' AND '.join(where)}" if where else ""
        source = f"FROM mention JOIN entity ON entity.key = mention.entity {condition}"
        connection = self._database.connection
        aliases: dict[int, list[str]] = {}
        for row in connection.execute(
            f"SELECT mention.entity AS key, form {source} GROUP BY mention.entity, form ORDER BY COUNT(*) DESC, form",
            values,
        ):
            aliases.setdefault(row["key"], []).append(row["form"])
        rows = connection.execute(
            "SELECT entity.key AS key, entity.id AS id, name, entity.label AS label, COUNT(*) AS mentions,"
            f" COUNT(DISTINCT mention.article) AS articles {source} GROUP BY entity.key",
            values,
        )
        found = [
            Entity(
                r["id"],
                r["name"],
                Label(r["label"]),
                tuple(aliases.get(r["key"], ())),
                r["articles"],
                r["mentions"],
            )
            for r in rows
        ]
        return sorted(
            found, key=lambda entity: (_ORDER[entity.label], -entity.mentions, entity.name, entity.id)
        )


class _Writer:
    """Writes one article's mentions, and what they change elsewhere."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        self.new_persons: list[tuple[int, str, str]] = []

    def entities_of(self, article: int) -> list[int]:
        rows = self.connection.execute("SELECT DISTINCT entity FROM mention WHERE article = ?", (article,))
        return [int(row[0]) for row in rows]

    def store(self, article: Article, one: Resolved) -> None:
        """Store one mention and, where new, its entity."""
        form = article.text[one.found.start : one.found.end]
        entity, reason = self._entity(one)
        self._names(entity, (form,))
        self.connection.execute(
            "INSERT OR REPLACE INTO mention (article, start, end, form, label, entity, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (article.key, one.found.start, one.found.end, form, one.found.label.value, entity, reason),
        )

    def _entity(self, one: Resolved) -> tuple[int, str]:
        identity = one.identity
        if identity.lone and (only := self._only_person(identity.match.removeprefix("person lone "))):
            return only[0], f"last name that only {only[1]} has in this library"
        row = self.connection.execute("SELECT key FROM entity WHERE match = ?", (identity.match,)).fetchone()
        return (int(row[0]) if row else self._insert(identity)), one.reason

    def _only_person(self, surname: str) -> tuple[int, str] | None:
        if len(surname) < _SHORTEST_LONE:
            return None
        rows = self.connection.execute(
            "SELECT key, name FROM entity WHERE surname = ?"
            " AND EXISTS (SELECT 1 FROM mention WHERE mention.entity = entity.key) LIMIT 2",
            (surname,),
        ).fetchall()
        return (int(rows[0]["key"]), str(rows[0]["name"])) if len(rows) == 1 else None

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
        listed = (
            (*lexicon().forms.get(identity.id, ()), *place_forms().get(identity.id, ()))
            if identity.id
            else ()
        )
        self._names(key, (identity.name, *listed))
        if identity.surname:
            self.new_persons.append((key, identity.name, identity.surname))
        return key

    def _names(self, entity: int, forms: Iterable[str]) -> None:
        folded = {fold_name(form) for form in forms}
        words = {word for name in folded for word in name.split()}
        self.connection.executemany(
            "INSERT OR IGNORE INTO entity_name (folded, entity) VALUES (?, ?)",
            [(name, entity) for name in sorted(folded | words) if name],
        )

    def join_lone(self) -> None:
        """Have earlier lone last names join a person who is now the only one to have them."""
        for key, name, surname in self.new_persons:
            lone = self.connection.execute(
                "SELECT key FROM entity WHERE match = ?", (f"person lone {surname}",)
            ).fetchone()
            only = self._only_person(surname)
            if lone is None or only is None or only[0] != key:
                continue
            self.connection.execute(
                "UPDATE mention SET entity = ?, reason = ? WHERE entity = ?",
                (key, f"last name that only {name} has in this library", lone[0]),
            )
            self.connection.execute("UPDATE quotation SET entity = ? WHERE entity = ?", (key, lone[0]))
            self.remove_unused([int(lone[0])])

    def remove_unused(self, entities: Iterable[int]) -> None:
        """Remove those of the entities that no mention names any more."""
        self.connection.executemany(
            "DELETE FROM entity WHERE key = ? AND NOT EXISTS (SELECT 1 FROM mention WHERE entity = ?)",
            [(key, key) for key in entities],
        )
