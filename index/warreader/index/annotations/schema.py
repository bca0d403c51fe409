"""The tables of ``annotations.sqlite``: one script a version, never edited once released.

``annotation``, ``tag``, ``annotation_tag``, ``code``, ``correction`` and ``ruling`` hold what is; ``gesture`` and
``history`` hold how it came about, and are only ever added to, save for a
gesture's state. Nothing here refers to ``library.sqlite`` but by article id,
so the reader's work outlives a corpus that is deleted and ingested anew.
"""

from __future__ import annotations

_FIRST = """
CREATE TABLE annotation (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    article TEXT NOT NULL,
    start INTEGER, end INTEGER,
    exact TEXT NOT NULL, prefix TEXT NOT NULL, suffix TEXT NOT NULL,
    note TEXT NOT NULL,
    created TEXT NOT NULL, modified TEXT NOT NULL,
    creator TEXT,
    sought TEXT NOT NULL,
    CHECK ((start IS NULL) = (end IS NULL)),
    CHECK (start IS NULL OR (start >= 0 AND start < end))
);
CREATE INDEX annotation_place ON annotation(article, start, end);
CREATE TABLE tag (
    key INTEGER PRIMARY KEY,
    folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    color INTEGER,
    last_used TEXT NOT NULL
);
CREATE TABLE annotation_tag (
    annotation INTEGER NOT NULL REFERENCES annotation(key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    tag INTEGER NOT NULL REFERENCES tag(key),
    PRIMARY KEY (annotation, position)
) WITHOUT ROWID;
CREATE INDEX annotation_tag_tag ON annotation_tag(tag);
CREATE TABLE gesture (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    words TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('done', 'undone', 'dropped'))
);
CREATE INDEX gesture_state ON gesture(state, key);
CREATE TABLE history (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    gesture INTEGER NOT NULL REFERENCES gesture(key),
    action TEXT NOT NULL CHECK (action IN ('do', 'undo', 'redo')),
    at TEXT NOT NULL,
    annotation TEXT NOT NULL,
    before TEXT,
    after TEXT
);
CREATE INDEX history_gesture ON history(gesture, action);
CREATE INDEX history_annotation ON history(annotation);
CREATE TABLE generation (value INTEGER NOT NULL);
INSERT INTO generation VALUES (0);
"""

# A line's correction holds the line and how many equal ones stand before it; ``start`` is for showing. In the
# history, ``annotation`` is the id of what ``subject`` says it is.
_CORRECTIONS = """
CREATE TABLE correction (
    id TEXT PRIMARY KEY,
    article TEXT NOT NULL,
    field TEXT NOT NULL,
    value TEXT,
    was TEXT,
    modified TEXT NOT NULL,
    line TEXT,
    ordinal INTEGER NOT NULL,
    start INTEGER
);
CREATE INDEX correction_article ON correction(article);
CREATE TABLE correction_state (name TEXT NOT NULL);
INSERT INTO correction_state VALUES ('');
ALTER TABLE history ADD COLUMN subject TEXT NOT NULL DEFAULT 'annotation';
"""

# What the reader ruled on names, quotations and matches; ``data`` is JSON. A kind's state has another name after
# every change.
_RULINGS = """
CREATE TABLE ruling (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    verb TEXT NOT NULL,
    data TEXT NOT NULL,
    modified TEXT NOT NULL,
    creator TEXT
);
CREATE INDEX ruling_kind ON ruling(kind);
CREATE TABLE ruling_state (kind TEXT PRIMARY KEY, name TEXT NOT NULL) WITHOUT ROWID;
"""

# The code book: what is said of a tag, whether or not anything has it. ``annotation_listed`` holds all that
# the list of notes orders and filters by, so that it never reads past the annotations themselves.
_CODE_BOOK = """
CREATE TABLE code (
    id TEXT PRIMARY KEY,
    folded TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    color INTEGER,
    description TEXT NOT NULL,
    modified TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO code (id, folded, name, color, description, modified)
    SELECT 'urn:tag:' || lower(hex(randomblob(16))), folded, name, color, '', last_used
    FROM tag WHERE color NOTNULL;
UPDATE tag SET color = NULL;
ALTER TABLE annotation ADD COLUMN about TEXT;
CREATE INDEX annotation_about ON annotation(about) WHERE about NOTNULL;
CREATE INDEX annotation_listed ON annotation(article, start, end, created, id, sought);
ALTER TABLE history ADD COLUMN who TEXT;
"""

ANNOTATION_MIGRATIONS: tuple[str, ...] = (_FIRST, _CORRECTIONS, _RULINGS + _CODE_BOOK)
