"""The tables of ``library.sqlite``: one script a version, never edited once released."""

from __future__ import annotations

from warreader.index.entities.schema import SCHEMA as ENTITIES
from warreader.index.matching.schema import SCHEMA as MATCHING
from warreader.index.quotations.schema import SCHEMA as QUOTATIONS

_CORE = """
CREATE TABLE article (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT, outlet TEXT, author TEXT, date TEXT, url TEXT, language TEXT,
    source TEXT NOT NULL,
    text TEXT NOT NULL,
    length INTEGER NOT NULL,
    digest BLOB NOT NULL,
    added TEXT NOT NULL,
    version_of INTEGER REFERENCES article(key) ON DELETE SET NULL
);
CREATE INDEX article_digest ON article(digest);
CREATE INDEX article_source ON article(source);
CREATE TABLE line (
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, kind TEXT NOT NULL,
    PRIMARY KEY (article, start)
) WITHOUT ROWID;
CREATE TABLE derived (
    stage TEXT NOT NULL,
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    PRIMARY KEY (stage, article)
) WITHOUT ROWID;
CREATE TABLE reading (
    article INTEGER PRIMARY KEY REFERENCES article(key) ON DELETE CASCADE,
    read INTEGER NOT NULL DEFAULT 0,
    starred INTEGER NOT NULL DEFAULT 0,
    position INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

LIBRARY_MIGRATIONS: tuple[str, ...] = (_CORE + ENTITIES + QUOTATIONS + MATCHING,)
