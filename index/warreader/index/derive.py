"""What is derived from stored text: which stages are due for which articles, and running them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

from warreader.index.article import Article, Progress
from warreader.index.pace import Pace
from warreader.index.storage import Database


class Stage(Protocol):
    """One kind of derived data. A higher ``version`` has every article derived again.

    ``feeds`` names the stages that build on what this one derives of an article.
    """

    name: str
    version: int
    feeds: tuple[str, ...]

    def derive(self, article: Article) -> None:
        """Replace what is stored for this article. Runs inside the caller's transaction."""


class Derivation:
    """Runs stages in order over the articles that are due, one transaction an article and stage."""

    def __init__(self, database: Database, stages: Iterable[Stage], load: Callable[[int], Article]) -> None:
        self._database = database
        self._stages = tuple(stages)
        self._load = load

    def due(self, stage: Stage) -> list[int]:
        """Keys of the articles for which this stage is missing or of another version, oldest first."""
        rows = self._database.connection.execute(
            "SELECT key FROM article WHERE NOT EXISTS (SELECT 1 FROM derived"
            " WHERE stage = ? AND article = key AND version = ?) ORDER BY key",
            (stage.name, stage.version),
        )
        return [int(row[0]) for row in rows]

    def all_due(self) -> list[tuple[Stage, int]]:
        """The stages that are due, each with for how many articles."""
        counted = [(stage, len(self.due(stage))) for stage in self._stages]
        return [(stage, due) for stage, due in counted if due]

    @property
    def behind(self) -> bool:
        """Whether any stage is due for any article."""
        return bool(self.all_due())

    def run(self, progress: Callable[[Progress], None]) -> None:
        """Bring every stage up to date. Killed at any point, it goes on where it was when run again."""
        for stage in self._stages:
            due = self.due(stage)
            pace = Pace(len(due))
            for done, key in enumerate(due):
                article = self._load(key)
                rate, left = pace.at(done, done)
                progress(Progress(stage.name, done, len(due), article.id, rate=rate, left=left))
                with self._database.transaction() as connection:
                    stage.derive(article)
                    connection.execute(
                        "INSERT OR REPLACE INTO derived (stage, article, version) VALUES (?, ?, ?)",
                        (stage.name, key, stage.version),
                    )
                    # What builds on this is out of date now.
                    connection.executemany(
                        "DELETE FROM derived WHERE stage = ? AND article = ?",
                        [(name, key) for name in stage.feeds],
                    )
            if due:
                progress(Progress(stage.name, len(due), len(due)))
