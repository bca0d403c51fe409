"""A model's reading of the library: article by article in the background, kept by text and model."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Sequence
from hashlib import blake2b

from warreader.index.article import Article, Progress
from warreader.index.entities.merging import Said
from warreader.index.entities.model import ModelProcess, chosen, identity
from warreader.index.errors import ModelError
from warreader.index.pace import Pace
from warreader.index.storage import Database

STAGE = "model"
_CHUNK = 16
"""Articles after which what was read shows."""


def said_of(database: Database, text: str) -> list[Said]:
    """What a model marked in this text; nothing where none has read it."""
    row = database.connection.execute("SELECT said FROM model_said WHERE text = ?", (_key(text),)).fetchone()
    return [Said(*mark) for mark in json.loads(row[0])] if row else []


def _key(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


class ModelReading:
    """Has a model read what it hasn't, so that names are derived again with its word.

    Args:
        database: the library's.
        load: reads an article by its key.
    """

    def __init__(self, database: Database, load: Callable[[int], Article]) -> None:
        self._database, self._load = database, load

    @property
    def due(self) -> int:
        """How many articles wait for the model; 0 where there is none."""
        name = chosen()
        return len(self._due(_version(name))) if name else 0

    @property
    def waits(self) -> bool:
        """Whether a model has something to read; one that was asked for and is missing has not."""
        try:
            return self.due > 0
        except ModelError:
            return False

    def run(self, progress: Callable[[Progress], None], then: Callable[[], object]) -> None:
        """Read all that is due; ``then`` is called after every few articles, to bring names up to date.

        Raises:
            ModelError: the model that was asked for is missing, or failed.
        """
        name = chosen()
        if not name:
            return
        due = self._due(_version(name))
        pace = Pace(len(due))
        with ModelProcess(name) as process:
            for first in range(0, len(due), _CHUNK):
                articles = [self._load(key) for key in due[first : first + _CHUNK]]
                rate, left = pace.at(first, first)
                progress(Progress(STAGE, first, len(due), articles[0].id, rate=rate, left=left))
                self._read(articles, process, identity(name))
                then()
        if due:
            progress(Progress(STAGE, len(due), len(due)))

    def _due(self, version: int) -> list[int]:
        """The latest article first: it is the likeliest to be open."""
        rows = self._database.connection.execute(
            "SELECT key FROM article WHERE NOT EXISTS (SELECT 1 FROM derived"
            " WHERE stage = ? AND article = key AND version = ?) ORDER BY key DESC",
            (STAGE, version),
        )
        return [int(row[0]) for row in rows]

    def _read(self, articles: Sequence[Article], process: ModelProcess, model: str) -> None:
        known = {
            bytes(row[0]): row[1]
            for article in articles
            for row in self._database.connection.execute(
                "SELECT text, model FROM model_said WHERE text = ?", (_key(article.text),)
            )
        }
        # English is what these pipelines know; a text of unknown language is taken for English.
        new = [
            a for a in articles if known.get(_key(a.text)) != model and a.meta.language in (None, "", "en")
        ]
        said = process.read([article.text for article in new]) if new else []
        with self._database.transaction() as connection:
            for article, marks in zip(new, said, strict=True):
                connection.execute(
                    "INSERT OR REPLACE INTO model_said (text, model, said) VALUES (?, ?, ?)",
                    (_key(article.text), model, json.dumps(marks)),
                )
            connection.executemany(
                "INSERT OR REPLACE INTO derived (stage, article, version) VALUES (?, ?, ?)",
                [(STAGE, article.key, _version(process.name)) for article in articles],
            )
            connection.executemany(
                "DELETE FROM derived WHERE stage = 'entities' AND article = ?",
                [(article.key,) for article, marks in zip(new, said, strict=True) if marks],
            )


def _version(name: str) -> int:
    return zlib.crc32(identity(name).encode("utf-8"))
