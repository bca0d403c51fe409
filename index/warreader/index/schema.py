"""The tables of ``library.sqlite``: one script a version, never edited once released."""

from __future__ import annotations

from warreader.index.corrections.schema import SCHEMA as CORRECTIONS
from warreader.index.entities.schema import COUNTS as ENTITY_COUNTS
from warreader.index.entities.schema import MODEL
from warreader.index.entities.schema import SCHEMA as ENTITIES
from warreader.index.matching.schema import (
    ANEW,
    CHANGED_PAIRS,
    CHANGES,
    DAYS,
    FINGERPRINTS,
    HOLDERS,
    PRESENCE,
    TOLD_ANEW,
    WAITING,
    WEAR,
)
from warreader.index.matching.schema import SCHEMA as MATCHING
from warreader.index.moments import LISTED
from warreader.index.quotations.schema import SCHEMA as QUOTATIONS
from warreader.index.quotations.schema import SPEECH
from warreader.index.rulings.schema import SCHEMA as RULINGS
from warreader.index.search.schema import SCHEMA as SEARCHES
from warreader.index.stories.schema import SCHEMA as STORIES

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

# Line kinds become one letter a line beside the text, where they were a row each; an article's
# address, as compared, tells its versions; ``latest`` is 1 for the newest of them. ``article_listed``
# holds all that a list shows, so that listing never reads past the texts. ``input`` remembers how far
# each file was read, ``input_failure`` which of its pieces could not be.
_INGEST = """
ALTER TABLE article ADD COLUMN agency TEXT;
ALTER TABLE article ADD COLUMN address TEXT;
ALTER TABLE article ADD COLUMN latest INTEGER NOT NULL DEFAULT 1;
ALTER TABLE article ADD COLUMN kinds TEXT NOT NULL DEFAULT '';
UPDATE article SET address = url;
UPDATE article SET latest = key = (SELECT max(other.key) FROM article AS other
    WHERE coalesce(other.version_of, other.key) = coalesce(article.version_of, article.key));
UPDATE article SET kinds = (SELECT group_concat(letter, '') FROM (SELECT CASE kind
    WHEN 'headline' THEN 'h' WHEN 'standfirst' THEN 's' WHEN 'byline' THEN 'y'
    WHEN 'caption' THEN 'c' WHEN 'furniture' THEN 'f' ELSE 'b' END AS letter
    FROM line WHERE line.article = article.key ORDER BY start));
DROP TABLE line;
CREATE INDEX article_address ON article(address) WHERE address NOTNULL;
CREATE INDEX article_version ON article(version_of) WHERE version_of NOTNULL;
CREATE INDEX article_superseded ON article(key) WHERE latest = 0;
CREATE INDEX article_listed ON article(date, id, title, outlet, length, version_of, latest);
CREATE TABLE input (
    origin TEXT PRIMARY KEY,
    stamp TEXT NOT NULL,
    taken INTEGER NOT NULL DEFAULT 0,
    finished INTEGER NOT NULL DEFAULT 0,
    articles INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE input_failure (
    origin TEXT NOT NULL REFERENCES input(origin) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    PRIMARY KEY (origin, number)
) WITHOUT ROWID;
"""

# What an entity is called, and of which kind it is, is kept in memory with the mentions: a change of it counts as
# one of theirs. Due anew is what was not made so after a correction, or lost sight of its quotation.
_FOLLOWED = """
CREATE TRIGGER entity_changed AFTER UPDATE OF name, label ON entity
    WHEN OLD.name IS NOT NEW.name OR OLD.label IS NOT NEW.label BEGIN
    UPDATE change_count SET number = number + 1 WHERE what = 'mention';
END;
DELETE FROM derived WHERE stage = 'matches' AND article IN (
    SELECT article FROM corrected WHERE json_type(held, '$.outlet') NOTNULL);
DELETE FROM derived WHERE stage IN ('entities', 'quotations', 'fingerprints', 'matches') AND article IN (
    SELECT article FROM corrected WHERE json_type(held, '$.language') NOTNULL);
INSERT OR IGNORE INTO unclustered SELECT article FROM corrected;
INSERT OR IGNORE INTO unclustered SELECT DISTINCT article FROM cluster_place AS place
    WHERE quotation NOTNULL AND NOT EXISTS (SELECT 1 FROM quotation AS held
        WHERE held.key = place.quotation AND held.article = place.article);
"""

LIBRARY_MIGRATIONS: tuple[str, ...] = (
    _CORE + ENTITIES + QUOTATIONS + MATCHING,
    _INGEST + STORIES + CORRECTIONS,
    SEARCHES + ENTITY_COUNTS + MODEL + SPEECH + FINGERPRINTS + RULINGS,
    CHANGES,
    HOLDERS,
    WAITING,
    PRESENCE,
    ANEW,
    CHANGED_PAIRS,
    LISTED,
    _FOLLOWED + WEAR,
    TOLD_ANEW,
    DAYS,
)
