"""What is derived from stored text: which stages are due for which articles, and running them."""

from __future__ import annotations

import sqlite3
import time
import zlib
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from warreader.index.article import Article, Failure, Progress
from warreader.index.memory import give_back
from warreader.index.pace import Pace
from warreader.index.storage import Database

TRANSACTION_SECONDS = 0.15
"""Work of many articles is stored together until it took so long: other writers wait no longer than that."""

_VERSION = "version of "
"""What the settings begin with that tell the version of each stage that was last run."""

MANY = 300
"""Articles from which on other processes are started for a stage."""


Basis = tuple[int, ...]
"""Another one where something of what a stage goes by was changed."""


@dataclass(frozen=True, slots=True)
class Made:
    """What was prepared of an article, or :class:`Broken`, and on what basis."""

    what: Any
    basis: Basis


@dataclass(frozen=True, slots=True)
class Broken:
    """In place of what was prepared of an article: why nothing could be."""

    reason: str

    @classmethod
    def by(cls, error: Exception) -> Broken:
        """What an error comes to, in a few words."""
        return cls(f"{type(error).__name__}: {' '.join(str(error).split())[:200]}")


class Stage(Protocol):
    """One kind of derived data. A higher ``version`` has every article derived again.

    ``feeds`` names the stages that build on what this one derives of an article.
    """

    name: str
    version: int
    feeds: tuple[str, ...]

    def derive(self, article: Article) -> None:
        """Replace what is stored for this article. Runs inside the caller's transaction."""


class SplitStage(ABC):
    """A :class:`Stage` of which the costly part only reads, so that many articles can be prepared at once.

    Other processes make one of their own from the database alone: ``type(stage)(database)``. ``goes_by`` names what
    it reads besides the article itself, as the library counts its changes; or ``"quotation"``, the article's own.
    """

    name: str
    version: int
    feeds: tuple[str, ...] = ()
    goes_by: tuple[str, ...] = ()

    def renew(self) -> None:  # noqa: B027 - most stages go by what is stored alone
        """Take up what the version counts in besides the code, as it is now; called before a run, not in it."""

    def begin(self, due: Sequence[int]) -> Any:  # noqa: ARG002
        """Make ready for these articles (keys, ascending); what is returned goes, pickled, to :meth:`prepare`."""
        return None

    @abstractmethod
    def prepare(self, article: Article, context: Any) -> Any:
        """The work for one article, as something that can be pickled. Reads the database, writes nothing."""

    @abstractmethod
    def store(self, article: Article, prepared: Any) -> None:
        """Replace what is stored for this article. Runs inside the caller's transaction."""

    def finish(self) -> None:  # noqa: B027 - most stages leave nothing
        """Do what is left to be done once the articles are stored; after a killed run, the next does."""

    def derive(self, article: Article) -> None:
        """Replace what is stored for one article."""
        self.store(article, self.prepare(article, self.begin([article.key])))
        self.finish()


class Derivation:
    """Runs stages in order over the articles that are due, many in a transaction.

    Args:
        database: the library's database.
        stages: in the order in which one builds on the other.
        load: reads an article by its key.
        wanted: the key of an article to go before all others, asked between transactions.
        ahead: the stages that are worth doing for one article before the others have come so far.
    """

    def __init__(
        self,
        database: Database,
        stages: Iterable[Stage],
        load: Callable[[int], Article],
        *,
        wanted: Callable[[], int | None] = lambda: None,
        ahead: Sequence[Stage] = (),
    ) -> None:
        self._database = database
        self._stages = tuple(stages)
        self._load = load
        self._wanted = wanted
        self._ahead = ahead
        self._served: set[tuple[Stage, int]] = set()
        self._running = False
        for stage in self._stages:
            self._renew(stage)
        self._noted = self._versions()

    def due(self, stage: Stage) -> list[int]:
        """Keys of the articles for which this stage is missing or of another version, oldest first."""
        self._renew(stage)
        rows = self._database.connection.execute(
            "SELECT key FROM article WHERE NOT EXISTS (SELECT 1 FROM derived"
            " WHERE stage = ? AND article = key AND version = ?) ORDER BY key",
            (stage.name, stage.version),
        )
        return [int(row[0]) for row in rows]

    def waits(self, key: int) -> set[str]:
        """The names of the stages that are due for one article."""
        rows = self._database.connection.execute(
            "SELECT stage, version FROM derived WHERE article = ?", (key,)
        ).fetchall()
        done = {(row[0], row[1]) for row in rows}
        versions = self._versions()
        return {
            stage.name for stage in self._stages if (stage.name, self._meant(stage, versions)) not in done
        }

    def _meant(self, stage: Stage, versions: Mapping[str, int]) -> int:
        """The version that articles are brought to: another process's, where one has derived since."""
        noted = versions.get(stage.name)
        return stage.version if noted is None or noted == self._noted.get(stage.name) else noted

    def _versions(self) -> dict[str, int]:
        """The version of each stage that was last run, by whatever process."""
        rows = self._database.connection.execute(
            "SELECT name, value FROM setting WHERE name >= ? AND name < ?", (_VERSION, _VERSION + "~")
        )
        return {row[0].removeprefix(_VERSION): int(row[1]) for row in rows}

    def _note(self) -> None:
        """Tell other processes to which versions articles are brought."""
        held = self._versions()
        if changed := [stage for stage in self._stages if held.get(stage.name) != stage.version]:
            with self._database.transaction() as connection:
                connection.executemany(
                    "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
                    [(f"{_VERSION}{stage.name}", str(stage.version)) for stage in changed],
                )

    def _renew(self, stage: Stage) -> None:
        # What is being derived is so by one version to the end.
        if isinstance(stage, SplitStage) and not self._running:
            stage.renew()

    def all_due(self) -> list[tuple[Stage, int]]:
        """The stages that are due, each with for how many articles."""
        counted = [(stage, len(self.due(stage))) for stage in self._stages]
        return [(stage, due) for stage, due in counted if due]

    @property
    def behind(self) -> bool:
        """Whether any stage is due for any article."""
        return bool(self.all_due())

    def run(self, progress: Callable[[Progress], None], *, jobs: int = 1) -> list[Failure]:
        """Bring every stage up to date. Killed at any point, it goes on where it was when run again.

        An article that a stage can't deal with keeps none of the others waiting; the next run tries it again.

        Args:
            progress: told of every article; what it raises ends the run.
            jobs: processes at most that prepare articles where there are many; one stores what they made.

        Returns:
            The articles that a stage could not deal with.
        """
        for stage in self._stages:
            self._renew(stage)
        self._note()
        self._running = True
        try:
            return self._run(progress, jobs)
        finally:
            self._running = False

    def _run(self, progress: Callable[[Progress], None], jobs: int) -> list[Failure]:
        failures: list[Failure] = []
        self._served.clear()
        for stage in self._stages:
            due = self.due(stage)
            if isinstance(stage, SplitStage):
                context = stage.begin(due)
                failures += self._store(
                    stage, due, self._prepared(stage, due, context, jobs), progress, context
                )
                stage.finish()
            else:
                failures += self._store(stage, due, ((self._load(key), None) for key in due), progress)
            if len(due) >= MANY:
                # The next stage needs room of its own.
                give_back()
        return failures

    def _prepared(
        self, stage: SplitStage, due: Sequence[int], context: Any, jobs: int
    ) -> Iterator[tuple[Article, Made | None]]:
        """Each article with what was prepared of it, in order."""
        if jobs > 1 and len(due) >= MANY:
            # Most runs are small and start without.
            from warreader.index.pool import prepared

            for key, made in prepared(type(stage), self._database.path, context, due, jobs):
                # A process that died leaves its articles to this one.
                yield self._made(stage, key, context) if made is None else (self._load(key), made)
            return
        for key in due:
            yield self._made(stage, key, context)

    def _made(self, stage: SplitStage, key: int, context: Any) -> tuple[Article, Made]:
        return prepare(self._database, stage, key, self._load, context)

    def _store(
        self,
        stage: Stage,
        due: Sequence[int],
        prepared: Iterable[tuple[Article, Made | None]],
        progress: Callable[[Progress], None],
        context: Any = None,
    ) -> list[Failure]:
        pace = Pace(len(due))
        waiting = iter(prepared)
        failures: list[Failure] = []
        done = 0
        while done < len(due):
            self._serve()
            # What can be prepared is so before the transaction is open.
            batch = list(_for_a_while(waiting)) if isinstance(stage, SplitStage) else []
            with self._database.transaction():
                for article, made in batch or _for_a_while(waiting):
                    rate, left = pace.at(done, done)
                    progress(Progress(stage.name, done, len(due), article.id, rate=rate, left=left))
                    if (stage, article.key) in self._served:
                        broken = None
                    else:
                        broken = self._store_one(stage, article, made, context)
                    if broken is not None:
                        reason = (
                            f"its {stage.name} could not be worked out ({broken.reason}); please report it"
                        )
                        failures.append(Failure(article.source, article.id, reason))
                    done += 1
        if due:
            progress(Progress(stage.name, len(due), len(due)))
        return failures

    def _serve(self) -> None:
        """Do the article that somebody looks at; one that a stage can't deal with is told of in its turn."""
        if (key := self._wanted()) is None:
            return
        waiting = self.waits(key)
        for stage in self._ahead:
            if stage.name not in waiting:
                continue
            article, made, context = self._load(key), None, None
            if isinstance(stage, SplitStage):
                context = stage.begin([key])
                article, made = self._made(stage, key, context)
            with self._database.transaction():
                if self._store_one(stage, article, made, context) is not None:
                    return
            self._served.add((stage, key))

    def _store_one(self, stage: Stage, article: Article, made: Made | None, context: Any) -> Broken | None:
        """Store what was prepared of an article, all of it or nothing."""
        connection = self._database.connection
        if isinstance(stage, SplitStage):
            # The reader may have set something right since; from here on nobody can.
            if made is None or made.basis != basis_of(self._database, stage, article.key):
                article, made = self._made(stage, article.key, context)
            if isinstance(made.what, Broken):
                return made.what
        connection.execute("SAVEPOINT one_article")
        try:
            if isinstance(stage, SplitStage):
                assert made is not None
                stage.store(article, made.what)
            else:
                stage.derive(article)
            self._mark(stage, article.key)
        except sqlite3.Error:
            # The file, not the article.
            raise
        except Exception as error:
            connection.execute("ROLLBACK TO one_article")
            connection.execute("RELEASE one_article")
            return Broken.by(error)
        connection.execute("RELEASE one_article")
        return None

    def _mark(self, stage: Stage, key: int) -> None:
        connection = self._database.connection
        connection.execute(
            "INSERT OR REPLACE INTO derived (stage, article, version) VALUES (?, ?, ?)",
            (stage.name, key, stage.version),
        )
        # What builds on this is out of date now.
        connection.executemany(
            "DELETE FROM derived WHERE stage = ? AND article = ?", [(name, key) for name in stage.feeds]
        )


def prepare(
    database: Database, stage: SplitStage, key: int, load: Callable[[int], Article], context: Any
) -> tuple[Article, Made]:
    """An article, and what a stage prepares of it."""
    # Before all that is read: what changes while that is being done counts as changed.
    basis = basis_of(database, stage, key)
    article = load(key)
    try:
        return article, Made(stage.prepare(article, context), basis)
    except sqlite3.Error:
        raise
    except Exception as error:
        return article, Made(Broken.by(error), basis)


def basis_of(database: Database, stage: SplitStage, key: int) -> Basis:
    """What a stage goes by for an article, as it is now."""
    connection = database.connection
    corrected = connection.execute(
        "SELECT kinds, coalesce(language, '') FROM article WHERE key = ?", (key,)
    ).fetchone()
    counted = [
        _quotations(connection, key)
        if what == "quotation"
        else connection.execute("SELECT number FROM change_count WHERE what = ?", (what,)).fetchone()[0]
        for what in stage.goes_by
    ]
    return (zlib.crc32("|".join(corrected or ()).encode()), *counted)


def _quotations(connection: sqlite3.Connection, key: int) -> int:
    """Another number where an article's quotations are others, or somebody else's."""
    rows = connection.execute(
        "SELECT start, end, kind, entity FROM quotation WHERE article = ? ORDER BY start, end, kind", (key,)
    )
    return zlib.crc32(repr([tuple(row) for row in rows]).encode())


def _for_a_while(items: Iterator[tuple[Article, Made | None]]) -> Iterator[tuple[Article, Made | None]]:
    """Some of the items, one at least: as many as come within the time of a transaction."""
    end = time.monotonic() + TRANSACTION_SECONDS
    for item in items:
        yield item
        if time.monotonic() >= end:
            return
