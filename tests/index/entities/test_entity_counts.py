"""Counts that are kept as mentions come and go: the same as counting anew."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

from warreader.index.article import Line, LineKind, Metadata
from warreader.index.articles import Incoming
from warreader.index.library import Library
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database, statements
from warreader.index.text import line_spans


def put(library: Library, name: str, text: str, url: str | None = None) -> None:
    lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    meta = Metadata(title=name, url=url)
    library.articles.store(Incoming(name, text, lines, meta, name, stated_id=url is None))
    library.update()


def kept(connection: sqlite3.Connection) -> tuple[dict[str, tuple[int, int]], dict[tuple[str, str], int]]:
    """The counts as kept: by entity of articles and mentions, by entity and form of mentions."""
    entities = connection.execute("SELECT id, articles, mentions FROM entity WHERE articles > 0")
    forms = connection.execute(
        "SELECT id, form, entity_form.mentions FROM entity_form JOIN entity ON entity.key = entity"
        " WHERE entity_form.mentions > 0"
    )
    return {row[0]: (row[1], row[2]) for row in entities}, {(row[0], row[1]): row[2] for row in forms}


def counted(connection: sqlite3.Connection) -> tuple[dict[str, tuple[int, int]], dict[tuple[str, str], int]]:
    """The same, counted anew."""
    rows = connection.execute(
        "SELECT entity.id, mention.article, form FROM mention JOIN entity ON entity.key = entity"
        " JOIN article ON article.key = mention.article WHERE latest"
    ).fetchall()
    mentions = Counter(row[0] for row in rows)
    articles = Counter(entity for entity, _ in {(row[0], row[1]) for row in rows})
    return (
        {one: (articles[one], mentions[one]) for one in mentions},
        dict(Counter((row[0], row[2]) for row in rows)),
    )


def test_counts_are_right_after_seeds_are_added(library: Library) -> None:
    connection = library._database.connection
    assert kept(connection) == counted(connection)
    assert kept(connection)[0]["person:vladimir_putin"][0] == 5


def test_counts_follow_an_article_that_goes(library: Library) -> None:
    with library._database.transaction() as connection:
        connection.execute("DELETE FROM article WHERE key = 2")
    assert kept(library._database.connection) == counted(library._database.connection)


def test_only_the_latest_version_counts(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        text = "Marta Kovac left Kyiv at dawn. She said that the bridge over the river was still standing. "
        put(library, "a", text * 3, "https://example.org/a")
        put(library, "b", text * 3 + "Later she was seen in Poltava.", "https://example.org/a")
        connection = library._database.connection
        latest = [row[0] for row in connection.execute("SELECT latest FROM article ORDER BY key")]
        assert latest == [0, 1]
        assert kept(connection) == counted(connection)
        with library._database.transaction() as writing:
            writing.execute("UPDATE article SET latest = 1 - latest")
        assert kept(connection) == counted(connection)


def test_an_article_analysed_anew_writes_nothing_where_nothing_changed(library: Library) -> None:
    article = library.articles.by_key(1)
    connection = library._database.connection
    before = connection.total_changes
    library.entities.derive(article)
    assert connection.total_changes == before


def test_a_library_of_the_version_before_is_counted_when_it_is_lifted(seeded: Path, tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    Database(path, LIBRARY_MIGRATIONS[:2]).close()
    with sqlite3.connect(path) as connection:
        connection.execute("ATTACH ? AS new", (str(seeded / "library.sqlite"),))
        for table in ("article", "entity", "entity_name", "mention"):
            columns = ", ".join(row[1] for row in connection.execute(f"PRAGMA main.table_info({table})"))
            connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")
    connection.close()
    database = Database(path, LIBRARY_MIGRATIONS)
    assert kept(database.connection) == counted(database.connection)
    assert kept(database.connection)[0]["person:vladimir_putin"][0] == 5
    database.close()


def test_triggers_are_whole_statements() -> None:
    found = [one for script in LIBRARY_MIGRATIONS for one in statements(script)]
    assert all(sqlite3.complete_statement(one) for one in found)
