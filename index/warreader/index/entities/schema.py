"""Tables of entities and their mentions in ``library.sqlite``.

``entity.match`` is what tells that two names mean one entity (the id of a
listed one, a spelling-insensitive key of any other), ``surname`` the folded
last name of a person known by a full name. ``entity_name`` holds every form an
entity can be asked for by, and each word of it, folded.
"""

SCHEMA = """
CREATE TABLE entity (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    label TEXT NOT NULL,
    match TEXT NOT NULL UNIQUE,
    surname TEXT
);
CREATE INDEX entity_surname ON entity(surname);
CREATE TABLE entity_name (
    folded TEXT NOT NULL,
    entity INTEGER NOT NULL REFERENCES entity(key) ON DELETE CASCADE,
    PRIMARY KEY (folded, entity)
) WITHOUT ROWID;
CREATE INDEX entity_name_entity ON entity_name(entity);
CREATE TABLE mention (
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL,
    form TEXT NOT NULL,
    label TEXT NOT NULL,
    entity INTEGER NOT NULL REFERENCES entity(key),
    reason TEXT NOT NULL,
    PRIMARY KEY (article, start, end)
) WITHOUT ROWID;
CREATE INDEX mention_entity ON mention(entity, article);
"""

COUNTS = ""
"""Third version of the file."""
