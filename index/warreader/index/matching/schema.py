"""Tables of fingerprints and matches in ``library.sqlite``.

``words`` keeps an article's kept words and where they stand, so that comparing with it needs no second
reading. ``gram`` is the inverted index of fingerprints. ``pair`` holds each place that a quotation shares
with another place, once; clusters are read from the pairs, so that an article taken away leaves nothing behind.
"""

SCHEMA = """
CREATE TABLE words (
    article INTEGER PRIMARY KEY REFERENCES article(key) ON DELETE CASCADE,
    words BLOB NOT NULL,
    places BLOB NOT NULL
);
CREATE TABLE gram (
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    quoted INTEGER NOT NULL,
    PRIMARY KEY (hash, article, position)
) WITHOUT ROWID;
CREATE INDEX gram_article ON gram(article);
CREATE TABLE pair (
    one INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    one_start INTEGER NOT NULL, one_end INTEGER NOT NULL,
    two INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    two_start INTEGER NOT NULL, two_end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (one, one_start, one_end, two, two_start, two_end)
) WITHOUT ROWID;
CREATE INDEX pair_two ON pair(two);
"""

FINGERPRINTS = ""
"""Third version of the file."""
