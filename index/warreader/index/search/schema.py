"""Tables in ``library.sqlite`` of what the reader searched for and wants kept; third version of the file.

``change_count`` tells whether what is kept in memory of articles and mentions still holds: it counts every
change of them, in the change's own transaction. ``saved_search.seen`` is the highest article key there was
when its results were last looked at: what came since is new.
"""

SCHEMA = """
CREATE TABLE change_count (what TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO change_count VALUES ('article', 0), ('mention', 0);
CREATE TRIGGER article_came AFTER INSERT ON article BEGIN
    UPDATE change_count SET number = number + 1 WHERE what = 'article';
END;
CREATE TRIGGER article_changed AFTER UPDATE OF id, title, outlet, date, latest ON article BEGIN
    UPDATE change_count SET number = number + 1 WHERE what = 'article';
END;
CREATE TRIGGER article_went AFTER DELETE ON article BEGIN
    UPDATE change_count SET number = number + 1 WHERE what = 'article';
END;
CREATE TRIGGER mention_came AFTER INSERT ON mention BEGIN
    UPDATE change_count SET number = number + 1 WHERE what = 'mention';
END;
CREATE TRIGGER mention_changed AFTER UPDATE OF entity ON mention BEGIN
    UPDATE change_count SET number = number + 1 WHERE what = 'mention';
END;
CREATE TRIGGER mention_went AFTER DELETE ON mention BEGIN
    UPDATE change_count SET number = number + 1 WHERE what = 'mention';
END;
CREATE TABLE query_history (
    key INTEGER PRIMARY KEY AUTOINCREMENT,
    query TEXT NOT NULL UNIQUE,
    at TEXT NOT NULL
);
CREATE TABLE saved_search (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    query TEXT NOT NULL,
    created TEXT NOT NULL,
    seen INTEGER NOT NULL
);
"""
