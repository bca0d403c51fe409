"""Tables of entities and their mentions in ``library.sqlite``.

``entity.match`` is what tells that two names mean one entity (the id of a
listed one, a spelling-insensitive key of any other), ``surname`` the folded
last name of a person known by a full name. ``entity_name`` holds every form an
entity can be asked for by, and each word of it, folded.

What the pane shows of a whole library is counted as mentions come and go, by triggers, so that one article
more costs what that article holds: ``named`` has a row for each entity an article names, ``entity_form`` one for each
form of an entity, ``entity.articles`` and ``entity.mentions`` the sums. Only the latest version of an article
counts (``named.counted``).

``mention`` is what is shown. Where the reader ruled otherwise, ``mention_ruled`` keeps what was found
automatically (with ``shown`` 0 the mention is not shown at all), and ``entity.auto_name`` and ``auto_label``
what an entity was called before it was renamed, so that a ruling taken back restores it.
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

# What an insert, a delete and a move of a mention do; a move is both. Of an article that is deleted nothing can
# be asked any more when what hangs on it goes, so its mentions go first.
_INTO = """
    INSERT INTO named (entity, article, mentions, counted)
        VALUES (NEW.entity, NEW.article, 1, (SELECT latest FROM article WHERE key = NEW.article))
        ON CONFLICT DO UPDATE SET mentions = mentions + 1;
    INSERT INTO entity_form (entity, form, mentions)
        SELECT NEW.entity, NEW.form, latest FROM article WHERE key = NEW.article
        ON CONFLICT DO UPDATE SET mentions = mentions + excluded.mentions;
"""
_OUT = """
    UPDATE named SET mentions = mentions - 1 WHERE entity = OLD.entity AND article = OLD.article;
    DELETE FROM named WHERE entity = OLD.entity AND article = OLD.article AND mentions = 0;
    UPDATE entity_form SET mentions = mentions - (SELECT latest FROM article WHERE key = OLD.article)
        WHERE entity = OLD.entity AND form = OLD.form;
    DELETE FROM entity_form WHERE entity = OLD.entity AND form = OLD.form AND mentions = 0
        AND NOT EXISTS (SELECT 1 FROM mention WHERE entity = OLD.entity AND form = OLD.form);
"""

COUNTS = f"""
ALTER TABLE entity ADD COLUMN articles INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entity ADD COLUMN mentions INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entity ADD COLUMN auto_name TEXT;
ALTER TABLE entity ADD COLUMN auto_label TEXT;
CREATE TABLE named (
    entity INTEGER NOT NULL REFERENCES entity(key) ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    mentions INTEGER NOT NULL,
    counted INTEGER NOT NULL,
    PRIMARY KEY (entity, article)
) WITHOUT ROWID;
CREATE TABLE entity_form (
    entity INTEGER NOT NULL REFERENCES entity(key) ON DELETE CASCADE,
    form TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    PRIMARY KEY (entity, form)
) WITHOUT ROWID;
CREATE TABLE mention_ruled (
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL,
    form TEXT NOT NULL,
    label TEXT NOT NULL,
    entity INTEGER NOT NULL REFERENCES entity(key),
    reason TEXT NOT NULL,
    shown INTEGER NOT NULL,
    PRIMARY KEY (article, start, end)
) WITHOUT ROWID;
CREATE INDEX mention_ruled_entity ON mention_ruled(entity);
INSERT INTO named SELECT entity, article, count(*), latest FROM mention JOIN article ON article.key = article
    GROUP BY entity, article;
INSERT INTO entity_form SELECT entity, form, sum(latest) FROM mention JOIN article ON article.key = article
    GROUP BY entity, form;
UPDATE entity SET (articles, mentions) = (SELECT coalesce(sum(counted), 0), coalesce(sum(counted * mentions), 0)
    FROM named WHERE named.entity = entity.key);
CREATE INDEX named_article ON named(article, entity, mentions);
CREATE INDEX entity_listed ON entity(label, mentions DESC, name, key) WHERE articles > 0;
CREATE TRIGGER mention_in AFTER INSERT ON mention BEGIN {_INTO} END;
CREATE TRIGGER mention_out AFTER DELETE ON mention BEGIN {_OUT} END;
CREATE TRIGGER mention_moved AFTER UPDATE OF entity, form, article ON mention BEGIN {_OUT} {_INTO} END;
CREATE TRIGGER article_out BEFORE DELETE ON article BEGIN DELETE FROM mention WHERE article = OLD.key; END;
CREATE TRIGGER article_superseded_named AFTER UPDATE OF latest ON article WHEN OLD.latest <> NEW.latest BEGIN
    UPDATE named SET counted = NEW.latest WHERE article = NEW.key;
    INSERT INTO entity_form (entity, form, mentions)
        SELECT entity, form, count(*) * (NEW.latest - OLD.latest) FROM mention WHERE article = NEW.key
        GROUP BY entity, form
        ON CONFLICT DO UPDATE SET mentions = mentions + excluded.mentions;
END;
CREATE TRIGGER named_in AFTER INSERT ON named WHEN NEW.counted BEGIN
    UPDATE entity SET articles = articles + 1, mentions = mentions + NEW.mentions WHERE key = NEW.entity;
END;
CREATE TRIGGER named_out AFTER DELETE ON named WHEN OLD.counted BEGIN
    UPDATE entity SET articles = articles - 1, mentions = mentions - OLD.mentions WHERE key = OLD.entity;
END;
CREATE TRIGGER named_changed AFTER UPDATE OF mentions, counted ON named BEGIN
    UPDATE entity SET articles = articles + NEW.counted - OLD.counted,
        mentions = mentions + NEW.counted * NEW.mentions - OLD.counted * OLD.mentions WHERE key = NEW.entity;
END;
"""
"""Third version of the file."""

MODEL = """
CREATE TABLE model_said (
    text BLOB PRIMARY KEY,
    model TEXT NOT NULL,
    said TEXT NOT NULL
) WITHOUT ROWID;
"""
"""What a model marks in a text, by the text's hash: JSON lists of start, end, label."""
