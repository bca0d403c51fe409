"""The table in ``library.sqlite`` that tells which articles stand there as the reader corrected them.

``held`` is a JSON object: for each column of ``article`` that was corrected, its value as ingested and
as written. A column that is found to be neither was ingested anew, and is corrected anew. Corrections
themselves are the reader's work and live in ``annotations.sqlite``.
"""

SCHEMA = """
CREATE TABLE corrected (
    article INTEGER PRIMARY KEY REFERENCES article(key) ON DELETE CASCADE,
    held TEXT NOT NULL
);
"""
