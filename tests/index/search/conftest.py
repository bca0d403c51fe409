"""A library database with the seed articles, and what the tests put in beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, cast

import pytest

from warreader.index.article import Line, LineKind, lettered
from warreader.index.entities.names import fold_name
from warreader.index.quotations import spoken
from warreader.index.quotations.sources import quotation_sources
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.search.search import Search
from warreader.index.storage import Database
from warreader.index.text import line_spans

SEEDS = Path(__file__).parents[3] / "seeds"
SECRET = b"s" * 32


class Shelf:
    """A library database under test and the search over it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = Database(folder / "library.sqlite", LIBRARY_MIGRATIONS)
        self.search = self.open()

    def open(self, **options: object) -> Search:
        """Another search over the same folder, as another process has it."""
        said = quotation_sources(
            self.database, lambda name, exact: self.search.names.keys(name, None, exact=exact)
        )
        fields = {**said, **cast(dict[str, Any], options.pop("fields", {}))}
        return Search(self.folder / "search", self.database, fields, secret=SECRET, **options)  # type: ignore[arg-type]

    def add(self, id: str, text: str, kinds: dict[int, LineKind] | None = None, **meta: str) -> int:
        """Store an article; ``kinds`` gives the lines, by number, that are not body."""
        lettered_kinds = lettered(
            Line(line.start, line.end, (kinds or {}).get(number, LineKind.BODY))
            for number, line in enumerate(line_spans(text))
        )
        with self.database.transaction() as connection:
            names = ", ".join(meta)
            cursor = connection.execute(
                "INSERT INTO article (id, source, text, kinds, length, digest, added"
                f"{', ' + names if names else ''}) VALUES (?, ?, ?, ?, ?, ?, ?{', ?' * len(meta)})",
                (
                    id,
                    f"{id}.txt",
                    text,
                    lettered_kinds,
                    len(text),
                    sha256(text.encode()).digest(),
                    "2024-01-01",
                    *meta.values(),
                ),
            )
            return int(cursor.lastrowid or 0)

    def entity(self, id: str, name: str, label: str) -> int:
        with self.database.transaction() as connection:
            cursor = connection.execute(
                "INSERT INTO entity (id, name, label, match) VALUES (?, ?, ?, ?)", (id, name, label, id)
            )
        self.named(int(cursor.lastrowid or 0), name)
        return int(cursor.lastrowid or 0)

    def named(self, entity: int, name: str) -> None:
        """The entity goes by this name, too."""
        folded = fold_name(name)
        with self.database.transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO entity_name (folded, entity) VALUES (?, ?)",
                [(form, entity) for form in (folded, *folded.split())],
            )

    def mention(self, article: int, start: int, form: str, entity: int, label: str) -> None:
        self.named(entity, form)
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT INTO mention (article, start, end, form, label, entity, reason) VALUES (?, ?, ?, ?, ?, ?, '')",
                (article, start, start + len(form), form, label, entity),
            )

    def quotation(
        self,
        article: int,
        start: int,
        end: int,
        speaker: tuple[int, int] | None = None,
        entity: int | None = None,
    ) -> None:
        with self.database.transaction() as connection:
            connection.execute(
                "INSERT INTO quotation (article, start, end, kind, speaker_start, speaker_end, entity, segments)"
                " VALUES (?, ?, ?, 'direct', ?, ?, ?, '[]')",
                (article, start, end, *(speaker or (None, None)), entity),
            )
            text = connection.execute("SELECT text FROM article WHERE key = ?", (article,)).fetchone()[0]
            spoken.index(connection, article, text)

    def found(self, query: str, **options: Any) -> list[str]:
        """Ids that answer, best first; the index is brought up to date before."""
        self.search.update()
        return [hit.id for hit in self.search.search(query, **options).hits]

    def lit(self, query: str, id: str) -> list[str]:
        """The words lit in an article."""
        row = self.database.connection.execute("SELECT text FROM article WHERE id = ?", (id,)).fetchone()
        return [span.of(row[0]) for span in self.search.spans(query, id)]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def seeds(shelf: Shelf) -> Shelf:
    for path in sorted(SEEDS.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        shelf.add(path.stem, text, {0: LineKind.HEADLINE}, title=text.partition("\n")[0])
    shelf.search.update()
    return shelf


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Shelf]:
    """Makes a shelf where a test needs more than one."""
    return lambda: Shelf(tmp_path_factory.mktemp("library"))
