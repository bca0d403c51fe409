"""Entities and mentions of a library: deriving them article by article, and asking for them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.article import Article, Entity, Label, Mention
from warreader.index.derive import SplitStage
from warreader.index.entities.keys import Keys
from warreader.index.entities.listing import EntityLists
from warreader.index.entities.names import fold_name, strip_honorific
from warreader.index.entities.own_names import OwnNames, fingerprint, read
from warreader.index.entities.pivots import Pivots
from warreader.index.folders import config_folder
from warreader.index.moments import moment
from warreader.index.storage import Database
from warreader.index.text import legible

if TYPE_CHECKING:
    from warreader.index.entities.recogniser import Recogniser
    from warreader.index.entities.resolver import Resolved
    from warreader.index.entities.rulebook import Rulebook
    from warreader.index.rulings.following import Following
    from warreader.index.rulings.rulings import Rulings

_HIGHEST = "\U0010ffff"
_ORDER = {label: at for at, label in enumerate(Label)}
_MENTION = (
    "SELECT article.id AS article, start, end, form, mention.label AS label, entity.id AS entity, reason"
    " FROM mention JOIN article ON article.key = mention.article JOIN entity ON entity.key = mention.entity"
)


def own_folders(library: Path) -> tuple[Path, Path]:
    """Where users keep lists of names: with the library, and with their settings for all libraries."""
    return library / "names", config_folder() / "names"


class Entities(SplitStage):
    """The library's entities; a :class:`warreader.index.derive.SplitStage`.

    A lone last name joins the one person of the library who has it and whom enough articles name in full, whichever
    article came first; where a second such person turns up, it names nobody in particular again. See :mod:`.lone`.
    """

    name = "entities"
    code = 23
    """Of the recogniser and its lists; :attr:`version` counts the users' lists in."""
    feeds: tuple[str, ...] = ("quotations", "fingerprints", "matches")

    def __init__(self, database: Database, rulings: Callable[[], Rulings] | None = None) -> None:
        self._database = database
        self._lists = EntityLists(database)
        self._rulings = rulings
        self._folders = own_folders(database.path.parent)
        self._recogniser: Recogniser | None = None
        self.version = -1
        self.renew()
        self._book: tuple[str, Rulebook] | None = None

    def renew(self) -> None:
        """Go by the users' lists of names as they are now."""
        version = self.code + (fingerprint(self._folders) << 16)
        if version != self.version:
            self.version, self._recogniser = version, None

    def prepare(self, article: Article, context: object) -> list[Resolved]:  # noqa: ARG002
        """The mentions in an article's text and what they name, whatever else the library holds."""
        # Reading a library needs none of this: an app that only asks starts without it.
        from warreader.index.entities.lexicon import lexicon, with_own
        from warreader.index.entities.model_reading import said_of
        from warreader.index.entities.recogniser import Recogniser
        from warreader.index.entities.resolver import resolve

        if self._recogniser is None:
            own = read(self._folders).names
            self._recogniser = Recogniser(with_own(lexicon(), own) if own else None)
        said = said_of(self._database, article.text)
        text = legible(article.text)
        found = self._recogniser.recognise(text, article.lines, said, article.meta.language)
        return resolve(article.text, found, self._recogniser.lexicon)

    def own_names(self) -> OwnNames:
        """The users' lists as they are now, and what is wrong with them."""
        return read(self._folders)

    def store(self, article: Article, prepared: Iterable[Resolved]) -> None:
        """Replace the mentions of one article, and join them with those of others."""
        from warreader.index.entities.writing import Writer

        with self._database.transaction() as connection:
            Writer(connection, self._rulebook(thorough=True)).derive(article, prepared)

    # the reader's rulings

    def _rulebook(self, *, thorough: bool) -> Rulebook:
        """The rulings as they stand. Thorough: names are worked out anew, as keys may differ in this version."""
        from warreader.index.entities.rulebook import Rulebook, compiled

        if self._rulings is None:
            return Rulebook()
        state = f"{self._rulings().state('entity')} {thorough}"
        if self._book is None or self._book[0] != state:
            rulings = self._rulings().of("entity")
            self._book = (state, compiled(rulings, Keys(self._database, thorough=thorough).of))
        return self._book[1]

    @property
    def _following(self) -> Following:
        from warreader.index.rulings.following import Following

        assert self._rulings is not None, "no rulings to follow"
        return Following(self._database, self._rulings(), "entity")

    @property
    def rulings_due(self) -> bool:
        """Whether the reader's rulings changed since they were put into force."""
        return self._rulings is not None and self._following.due

    def follow(self) -> int:
        """Have what is shown agree with the reader's rulings, where they changed; says in how many articles.

        It touches what these rulings are about and no more. Doing it twice does nothing.
        """
        if not self.rulings_due:
            return 0
        from warreader.index.entities.following import follow

        following = self._following
        with self._database.transaction() as connection:
            # Asked for within the transaction: what is ruled after this is news to the next.
            self._book = None
            news = following.news()
            touched = follow(connection, news.changed, self._rulebook(thorough=False))
            following.note(connection, news)
        return len(touched)

    # asking

    @property
    def lists(self) -> EntityLists:
        """Lists for a pane: of the library, of a set of articles, of what is typed."""
        return self._lists

    @property
    def pivots(self) -> Pivots:
        """From one entity onwards: its articles, companions, months, sayings, and why its names are one."""
        return Pivots(self._database)

    def everywhere(self, article_id: str) -> dict[str, int]:
        """By id of each entity that an article names in how many articles of the library it is named."""
        rows = self._database.connection.execute(
            "SELECT id, articles FROM entity WHERE key IN (SELECT entity FROM named"
            " WHERE article = (SELECT key FROM article WHERE id = ?))",
            (article_id,),
        )
        # A version that a newer one replaced counts itself alone.
        return {str(row[0]): max(1, int(row[1])) for row in rows}

    def mentions(self, article_id: str) -> list[Mention]:
        """The mentions of an article, in order."""
        return self._mentions("WHERE article.id = ? ORDER BY start", (article_id,))

    def places(self, entity_id: str) -> list[Mention]:
        """All mentions of an entity: by date of article (unknown last), article id, place."""
        return self._mentions(
            f"WHERE entity.id = ? ORDER BY {moment('article.date')} NULLS LAST, article.id, start",
            (entity_id,),
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
        return self._select(where, values) if article_id is None else self._of_article(where, values)

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

    def _select(self, where: list[str], values: list[str]) -> list[Entity]:
        """Entities of the library with their counts, as they are kept."""
        condition = " AND ".join(["entity.articles > 0", *where])
        connection = self._database.connection
        rows = connection.execute(
            f"SELECT key, id, name, label, articles, mentions FROM entity WHERE {condition}", values
        ).fetchall()
        forms = connection.execute(
            "SELECT entity, form FROM entity_form JOIN entity ON key = entity"
            f" WHERE {condition} AND entity_form.mentions > 0 ORDER BY entity_form.mentions DESC, form",
            values,
        )
        return _listed(rows, forms)

    def _of_article(self, where: list[str], values: list[str]) -> list[Entity]:
        source = f"FROM mention JOIN entity ON entity.key = mention.entity WHERE {' AND '.join(where)}"
        connection = self._database.connection
        rows = connection.execute(
            "SELECT entity.key, entity.id, name, entity.label, 1 AS articles, COUNT(*) AS mentions"
            f" {source} GROUP BY entity.key",
            values,
        ).fetchall()
        forms = connection.execute(
            f"SELECT mention.entity, form {source} GROUP BY mention.entity, form ORDER BY COUNT(*) DESC, form",
            values,
        )
        return _listed(rows, forms)


def _listed(rows: Iterable[sqlite3.Row], forms: Iterable[sqlite3.Row]) -> list[Entity]:
    aliases: dict[int, list[str]] = {}
    for key, form in forms:
        aliases.setdefault(key, []).append(form)
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
    return sorted(found, key=lambda entity: (_ORDER[entity.label], -entity.mentions, entity.name, entity.id))
