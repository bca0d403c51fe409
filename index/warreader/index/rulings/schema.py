"""The table in ``library.sqlite`` of the rulings that what is derived there agrees with."""

SCHEMA = """
CREATE TABLE ruling_in_force (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    verb TEXT NOT NULL,
    data TEXT NOT NULL,
    modified TEXT NOT NULL,
    creator TEXT
) WITHOUT ROWID;
CREATE INDEX ruling_in_force_kind ON ruling_in_force(kind);
"""
