"""Tables of copies of stories in ``library.sqlite``.

``story`` holds the marks of each article as a JSON array, and how many there are; ``story_mark`` is the
inverted index through which an article finds others like it. It goes with ``story``, so that it needs
no second index to be emptied by. ``story_pair`` holds what two articles were found to share, ``one``
having the lower key: the share of each one's words that stands in the other, and that of the shorter
one's first third (``head``). What of it makes a copy, and which copies make a story, is judged when it
is read, as outlets and dates stand then.
"""

SCHEMA = """
CREATE TABLE story (
    article INTEGER PRIMARY KEY REFERENCES article(key) ON DELETE CASCADE,
    size INTEGER NOT NULL,
    marks TEXT NOT NULL
);
CREATE TABLE story_mark (
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) WITHOUT ROWID;
CREATE TRIGGER story_unmarked AFTER DELETE ON story BEGIN
    DELETE FROM story_mark
    WHERE hash IN (SELECT value FROM json_each(OLD.marks)) AND article = OLD.article;
END;
CREATE TABLE story_pair (
    one INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    two INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    one_share REAL NOT NULL,
    two_share REAL NOT NULL,
    head REAL NOT NULL,
    PRIMARY KEY (one, two)
) WITHOUT ROWID;
CREATE INDEX story_pair_two ON story_pair(two);
"""
