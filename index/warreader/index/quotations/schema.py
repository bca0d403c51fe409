"""Table of quotations in ``library.sqlite``."""

SCHEMA = """
CREATE TABLE quotation (
    key INTEGER PRIMARY KEY,
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    cue_start INTEGER, cue_end INTEGER,
    speaker_start INTEGER, speaker_end INTEGER,
    entity INTEGER REFERENCES entity(key) ON DELETE SET NULL,
    inferred INTEGER NOT NULL DEFAULT 0,
    segments TEXT NOT NULL,
    UNIQUE (article, start, end, kind)
);
CREATE INDEX quotation_entity ON quotation(entity);
"""

# ``named`` is the speaker as the reader wrote it, where the article doesn't name them; ``ruled``: the reader set
# something right. ``spoken`` holds the stems of a quotation's words and of its speaker's, under the quotation's
# key. The stems are made in Python and only split here, at spaces: hence all else is part of a word.
SPEECH = """
ALTER TABLE quotation ADD COLUMN named TEXT;
ALTER TABLE quotation ADD COLUMN ruled INTEGER NOT NULL DEFAULT 0;
CREATE VIRTUAL TABLE spoken USING fts5(
    words, speaker, tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Co Cf'"
);
CREATE TRIGGER quotation_gone AFTER DELETE ON quotation BEGIN
    DELETE FROM spoken WHERE rowid = old.key;
END;
"""
"""Third version of the file."""
