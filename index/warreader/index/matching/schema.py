"""Tables of fingerprints and matches in ``library.sqlite``.

``wording`` keeps an article's kept words as numbers and where they stand, so that comparing with it needs no
second reading. ``gram`` is the inverted index of fingerprints. ``pair`` holds each place that a quotation shares
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

# ``wording.words`` is an array of 32-bit word numbers, ``places`` where each word stands, ``quoted`` the article's
# quotations as code points and word ranges: see ``wording.py``. ``prints`` holds the article's fingerprints until
# they are in ``gram``, then nothing. A ``gram`` has no index by article, which would be as large as itself: what an
# article leaves behind in it when it goes is found by its words, which ``unprinted`` keeps until then.
#
# ``cluster`` and ``cluster_place`` are what the pairs come to, counted, for questions about the whole library.
# ``unclustered`` lists the articles whose pairs changed since, ``broken_cluster`` the clusters that lost a place.
FINGERPRINTS = """
DROP TABLE words;
DROP TABLE gram;
DROP TABLE pair;
CREATE TABLE wording (
    article INTEGER PRIMARY KEY REFERENCES article(key) ON DELETE CASCADE,
    words BLOB NOT NULL,
    places BLOB NOT NULL,
    quoted BLOB NOT NULL,
    prints BLOB
);
CREATE INDEX wording_pending ON wording(article) WHERE prints NOTNULL;
CREATE TABLE unprinted (article INTEGER NOT NULL, words BLOB NOT NULL);
CREATE TRIGGER wording_gone AFTER DELETE ON wording WHEN OLD.prints IS NULL BEGIN
    INSERT INTO unprinted VALUES (OLD.article, OLD.words);
END;
CREATE TABLE gram (
    hash INTEGER NOT NULL,
    article INTEGER NOT NULL,
    place INTEGER NOT NULL,
    PRIMARY KEY (hash, article, place)
) WITHOUT ROWID;
CREATE TABLE pair (
    one INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    one_start INTEGER NOT NULL, one_end INTEGER NOT NULL,
    two INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    two_start INTEGER NOT NULL, two_end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    tier TEXT NOT NULL,
    score REAL NOT NULL,
    words INTEGER NOT NULL,
    PRIMARY KEY (one, one_start, one_end, two, two_start, two_end)
) WITHOUT ROWID;
CREATE INDEX pair_two ON pair(two);
CREATE TABLE cluster (
    key INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    score REAL NOT NULL,
    articles INTEGER NOT NULL,
    reports INTEGER NOT NULL,
    outlets INTEGER NOT NULL
);
CREATE INDEX cluster_repeated ON cluster(reports DESC, articles DESC, key);
CREATE TABLE cluster_place (
    article INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL,
    cluster INTEGER NOT NULL REFERENCES cluster(key) ON DELETE CASCADE,
    quotation INTEGER,
    PRIMARY KEY (article, start, end, cluster)
) WITHOUT ROWID;
CREATE INDEX cluster_place_cluster ON cluster_place(cluster);
CREATE TABLE unclustered (article INTEGER PRIMARY KEY);
CREATE TABLE broken_cluster (cluster INTEGER PRIMARY KEY);
CREATE TRIGGER cluster_place_gone AFTER DELETE ON cluster_place BEGIN
    INSERT OR IGNORE INTO broken_cluster VALUES (OLD.cluster);
END;
"""
"""Third version of the file."""

# Which places changed, and whether a pair went or only came, is noted by the tables themselves, so that nothing that
# writes pairs can forget it. An article's outlet decides whether a passage is one outlet's own, and one that comes back
# may have places that the reader joined. (In a trigger, OR IGNORE would yield to what the statement that set it off
# says of conflicts.)
CHANGES = """
CREATE TABLE unclustered_place (
    article INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL,
    lost INTEGER NOT NULL,
    PRIMARY KEY (article, start, end)
) WITHOUT ROWID;
DROP INDEX IF EXISTS cluster_repeated;
CREATE INDEX cluster_repeated ON cluster(reports DESC, articles DESC, score DESC, key);
CREATE TRIGGER pair_new AFTER INSERT ON pair WHEN NEW.tier = 'sure' AND NEW.one <> NEW.two BEGIN
    INSERT INTO unclustered_place VALUES (NEW.one, NEW.one_start, NEW.one_end, 0) ON CONFLICT DO NOTHING;
    INSERT INTO unclustered_place VALUES (NEW.two, NEW.two_start, NEW.two_end, 0) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER pair_gone AFTER DELETE ON pair WHEN OLD.tier = 'sure' AND OLD.one <> OLD.two BEGIN
    INSERT INTO unclustered_place VALUES (OLD.one, OLD.one_start, OLD.one_end, 1) ON CONFLICT DO UPDATE SET lost = 1;
    INSERT INTO unclustered_place VALUES (OLD.two, OLD.two_start, OLD.two_end, 1) ON CONFLICT DO UPDATE SET lost = 1;
END;
CREATE TRIGGER pair_changed AFTER UPDATE ON pair
    WHEN (OLD.tier = 'sure' OR NEW.tier = 'sure') AND NEW.one <> NEW.two BEGIN
    INSERT INTO unclustered_place VALUES (NEW.one, NEW.one_start, NEW.one_end, 1) ON CONFLICT DO UPDATE SET lost = 1;
    INSERT INTO unclustered_place VALUES (NEW.two, NEW.two_start, NEW.two_end, 1) ON CONFLICT DO UPDATE SET lost = 1;
END;
CREATE TRIGGER outlet_changed AFTER UPDATE OF outlet ON article WHEN OLD.outlet IS NOT NEW.outlet BEGIN
    INSERT INTO unclustered VALUES (NEW.key) ON CONFLICT DO NOTHING;
END;
CREATE TRIGGER ruled_article_back AFTER INSERT ON article
    WHEN EXISTS (SELECT 1 FROM ruling_in_force WHERE kind = 'match') BEGIN
    INSERT INTO unclustered VALUES (NEW.key) ON CONFLICT DO NOTHING;
END;
"""
"""Fourth version of the file."""

# A row of ``gram`` is a fingerprint with all who have it: key of the article and place, 32 bits each. What it is made
# from is read anew.
HOLDERS = """
DROP TRIGGER wording_gone;
DELETE FROM wording;
DROP TABLE unprinted;
CREATE TABLE unprinted (article INTEGER NOT NULL, words BLOB NOT NULL, quoted BLOB NOT NULL);
CREATE TRIGGER wording_gone AFTER DELETE ON wording WHEN OLD.prints IS NULL BEGIN
    INSERT INTO unprinted VALUES (OLD.article, OLD.words, OLD.quoted);
END;
DROP TABLE gram;
CREATE TABLE gram (hash INTEGER PRIMARY KEY, held BLOB NOT NULL);
"""
"""Fifth version of the file."""

# Fingerprints wait beside their words until there are many to merge. ``stamp`` is a number drawn for what was derived
# of the article; 0 or less: some of its fingerprints may be in the index already.
WAITING = """
ALTER TABLE wording ADD COLUMN stamp INTEGER NOT NULL DEFAULT 0;
DROP INDEX wording_pending;
CREATE INDEX wording_waiting ON wording(article, stamp) WHERE prints NOTNULL;
DROP TRIGGER wording_gone;
CREATE TRIGGER wording_gone AFTER DELETE ON wording WHEN OLD.prints IS NULL OR OLD.stamp <= 0 BEGIN
    INSERT INTO unprinted VALUES (OLD.article, OLD.words, OLD.quoted);
END;
"""
"""Sixth version of the file."""

# ``gram_bits`` tells by bits which fingerprints ``gram`` may hold, and which of them in a quotation: see
# ``presence.py``. The version of part 0 is another one whenever any changed.
PRESENCE = """
CREATE TABLE gram_bits (
    part INTEGER PRIMARY KEY, version INTEGER NOT NULL, held BLOB NOT NULL, quoted BLOB NOT NULL
);
"""
"""Seventh version of the file."""

# What is read of an article's words is another, so all is read anew: sooner than taking article by article out.
ANEW = """
DELETE FROM wording;
DELETE FROM unprinted;
DROP TABLE gram;
CREATE TABLE gram (hash INTEGER PRIMARY KEY, held BLOB NOT NULL);
DELETE FROM gram_bits;
"""
"""Eighth version of the file."""

# Pairs that changed are noted as such, where places were: what went is then looked for from its ends, and what came is
# entered without a look at all else that its places are linked with. ``came`` is 1 where the pair is there now and was
# not, or was another; ``kind`` and ``score`` are the most of what went, if something did.
CHANGED_PAIRS = """
INSERT OR IGNORE INTO unclustered SELECT DISTINCT article FROM unclustered_place;
DROP TRIGGER pair_new;
DROP TRIGGER pair_gone;
DROP TRIGGER pair_changed;
DROP TABLE unclustered_place;
CREATE TABLE changed_pair (
    one INTEGER NOT NULL, one_start INTEGER NOT NULL, one_end INTEGER NOT NULL,
    two INTEGER NOT NULL, two_start INTEGER NOT NULL, two_end INTEGER NOT NULL,
    came INTEGER NOT NULL,
    kind TEXT,
    score REAL,
    PRIMARY KEY (one, one_start, one_end, two, two_start, two_end)
) WITHOUT ROWID;
CREATE INDEX changed_pair_gone ON changed_pair(one) WHERE kind NOTNULL;
CREATE TRIGGER pair_new AFTER INSERT ON pair WHEN NEW.tier = 'sure' AND NEW.one <> NEW.two BEGIN
    INSERT INTO changed_pair
        VALUES (NEW.one, NEW.one_start, NEW.one_end, NEW.two, NEW.two_start, NEW.two_end, 1, NULL, NULL)
        ON CONFLICT DO UPDATE SET came = 1;
END;
CREATE TRIGGER pair_gone AFTER DELETE ON pair WHEN OLD.tier = 'sure' AND OLD.one <> OLD.two BEGIN
    INSERT INTO changed_pair
        VALUES (OLD.one, OLD.one_start, OLD.one_end, OLD.two, OLD.two_start, OLD.two_end, 0, OLD.kind, OLD.score)
        ON CONFLICT DO UPDATE SET came = 0, score = max(coalesce(score, 0), excluded.score),
            kind = CASE WHEN kind = 'reworded' OR excluded.kind = 'exact' THEN coalesce(kind, excluded.kind)
                ELSE excluded.kind END;
END;
CREATE TRIGGER pair_changed AFTER UPDATE ON pair BEGIN
    INSERT INTO changed_pair
        SELECT OLD.one, OLD.one_start, OLD.one_end, OLD.two, OLD.two_start, OLD.two_end, 0, OLD.kind, OLD.score
        WHERE OLD.tier = 'sure' AND OLD.one <> OLD.two
        ON CONFLICT DO UPDATE SET came = 0, score = max(coalesce(score, 0), excluded.score),
            kind = CASE WHEN kind = 'reworded' OR excluded.kind = 'exact' THEN coalesce(kind, excluded.kind)
                ELSE excluded.kind END;
    INSERT INTO changed_pair
        SELECT NEW.one, NEW.one_start, NEW.one_end, NEW.two, NEW.two_start, NEW.two_end, 1, NULL, NULL
        WHERE NEW.tier = 'sure' AND NEW.one <> NEW.two
        ON CONFLICT DO UPDATE SET came = 1;
END;
"""
"""Ninth version of the file."""

# ``worn_pair`` are the pairs of which the tier hangs on who else has their words: what it is as such, where all of the
# fingerprints in ``worn_print`` are everywhere (``worn``), and where they stand on so many ``occasions`` (``often``);
# null: no match then. ``wear`` keeps what was found of a fingerprint; null, it is to be found. ``changed_wording``
# lists the articles that came, or went with their words, since.
WEAR = """
CREATE TABLE worn_pair (
    key INTEGER PRIMARY KEY,
    one INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    one_start INTEGER NOT NULL, one_end INTEGER NOT NULL,
    two INTEGER NOT NULL REFERENCES article(key) ON DELETE CASCADE,
    two_start INTEGER NOT NULL, two_end INTEGER NOT NULL,
    kind TEXT NOT NULL,
    score REAL NOT NULL,
    words INTEGER NOT NULL,
    base TEXT NOT NULL,
    worn TEXT,
    often TEXT,
    occasions INTEGER NOT NULL,
    prints BLOB NOT NULL,
    UNIQUE (one, one_start, one_end, two, two_start, two_end)
);
CREATE INDEX worn_pair_two ON worn_pair(two);
CREATE TABLE worn_print (
    hash INTEGER NOT NULL,
    pair INTEGER NOT NULL REFERENCES worn_pair(key) ON DELETE CASCADE,
    PRIMARY KEY (hash, pair)
) WITHOUT ROWID;
CREATE INDEX worn_print_pair ON worn_print(pair);
CREATE TABLE wear (hash INTEGER PRIMARY KEY, state INTEGER);
CREATE INDEX wear_due ON wear(hash) WHERE state IS NULL;
CREATE TABLE changed_wording (article INTEGER NOT NULL, words BLOB);
CREATE TRIGGER wording_new AFTER INSERT ON wording BEGIN
    INSERT INTO changed_wording VALUES (NEW.article, NULL);
END;
CREATE TRIGGER wording_old AFTER DELETE ON wording BEGIN
    INSERT INTO changed_wording VALUES (OLD.article, OLD.words);
END;
CREATE TRIGGER day_or_outlet_changed AFTER UPDATE OF date, outlet ON article
    WHEN OLD.date IS NOT NEW.date OR OLD.outlet IS NOT NEW.outlet BEGIN
    INSERT INTO changed_wording VALUES (NEW.key, NULL);
END;
"""
"""Tenth version of the file."""

TOLD_ANEW = """
UPDATE wear SET state = NULL;
"""
"""Twelfth version of the file: what is found of a fingerprint is more now."""

# Of very many articles the day and the outlet are asked for: read without the texts that stand beside them.
DAYS = """
CREATE INDEX article_day ON article(key, date, outlet);
"""
"""Thirteenth version of the file."""

DATED = "article INDEXED BY article_day"
"""The table of articles for those who want no more of it; by itself SQLite would read it by its key."""
