"""Rows of ``annotations.sqlite``: reading and writing single annotations and their tags.

These functions work inside the caller's transaction and keep no history;
:mod:`warreader.index.annotations.history` does, and everything that writes goes through it.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from warreader.index.annotations.model import Annotation, tag_key, tag_name
from warreader.index.text import fold_marks

# Tags are joined by a line feed, which no tag name can hold.
_COLUMNS = (
    "a.id, a.article, a.start, a.end, a.exact, a.prefix, a.suffix, a.note, a.created, a.modified, a.creator,"
    " (SELECT group_concat(name, char(10)) FROM (SELECT t.name AS name FROM annotation_tag l"
    " JOIN tag t ON t.key = l.tag WHERE l.annotation = a.key ORDER BY l.position)), a.about"
)
_ORDER = "ORDER BY a.article, a.start, a.end, a.created, a.id"
_SINGLY = 20
_WORD = re.compile(r"[^\W_]+")
# From here on lie scripts written without spaces between words (Thai to Khmer, CJK, kana).
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\ua4cf\uf900-\ufaff\U00020000-\U0003ffff]"
)


def sought(text: str) -> str:
    """The text as filters compare it: composed, marks folded, caseless. Not of the same length."""
    return fold_marks(unicodedata.normalize("NFC", text)).casefold()


def fetch(
    connection: sqlite3.Connection,
    where: str = "",
    values: tuple[object, ...] = (),
    *,
    order: str = _ORDER,
    limit: int | None = None,
    offset: int = 0,
) -> list[Annotation]:
    """Annotations (``a`` in ``where``) in one consistent view, by article and start unless told otherwise."""
    rows = connection.cursor()
    # Plain tuples: half the time of named rows over a hundred thousand of them.
    rows.row_factory = None
    # Sorting all rows is faster than looking each of them up in the order of an index.
    every = "" if where or limit is not None else "NOT INDEXED"
    rows.execute(
        f"SELECT {_COLUMNS} FROM annotation a {every} {where} {order} LIMIT ? OFFSET ?",
        (*values, -1 if limit is None else max(0, limit), max(0, offset)),
    )
    return [_annotation(row) for row in rows]


def _annotation(row: tuple[Any, ...]) -> Annotation:
    (
        identifier,
        article,
        start,
        end,
        exact,
        prefix,
        suffix,
        note,
        created,
        modified,
        creator,
        tags,
        about,
    ) = row
    names = tuple(tags.split("\n")) if tags else ()
    return Annotation(
        identifier, article, start, end, exact, prefix, suffix, note, names, created, modified, creator, about
    )


def find(connection: sqlite3.Connection, annotation_id: str) -> Annotation | None:
    """The annotation with this id."""
    found = fetch(connection, "WHERE a.id = ?", (annotation_id,))
    return found[0] if found else None


def put(connection: sqlite3.Connection, annotation: Annotation, *, respell: bool = False) -> Annotation:
    """Store an annotation in place of what its id had.

    Args:
        respell: tags get this annotation's spelling; else a tag in use keeps that of its first use.

    Returns:
        The annotation as stored.
    """
    tags = [_tag(connection, name, annotation.modified, respell) for name in annotation.tags]
    key = connection.execute(
        "INSERT INTO annotation (id, article, start, end, exact, prefix, suffix, note, created, modified,"
        " creator, sought, about) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET article = excluded.article, start = excluded.start,"
        " end = excluded.end, exact = excluded.exact, prefix = excluded.prefix, suffix = excluded.suffix,"
        " note = excluded.note, created = excluded.created, modified = excluded.modified,"
        " creator = excluded.creator, sought = excluded.sought, about = excluded.about RETURNING key",
        (
            annotation.id,
            annotation.article,
            annotation.start,
            annotation.end,
            annotation.exact,
            annotation.prefix,
            annotation.suffix,
            annotation.note,
            annotation.created,
            annotation.modified,
            annotation.creator,
            sought(f"{annotation.note}\n{annotation.exact}"),
            annotation.about,
        ),
    ).fetchone()[0]
    _link(connection, key, tags, annotation.modified)
    return replace(annotation, tags=tuple(name for _, name in tags))


def _tag(connection: sqlite3.Connection, name: str, used: str, respell: bool) -> tuple[int, str]:
    row = connection.execute(
        "SELECT key, name, EXISTS (SELECT 1 FROM annotation_tag WHERE tag = tag.key) AS used"
        " FROM tag WHERE folded = ?",
        (tag_key(name),),
    ).fetchone()
    if row is None:
        made = connection.execute(
            "INSERT INTO tag (folded, name, last_used) VALUES (?, ?, ?)", (tag_key(name), name, used)
        )
        return int(made.lastrowid or 0), name
    # A tag that nothing uses any more takes the spelling of its next use: a typing error can be mended.
    if row["name"] != name and (respell or not row["used"]):
        connection.execute("UPDATE tag SET name = ? WHERE key = ?", (name, row["key"]))
        return int(row["key"]), name
    return int(row["key"]), str(row["name"])


def _link(connection: sqlite3.Connection, key: int, tags: list[tuple[int, str]], used: str) -> None:
    held = connection.execute(
        "SELECT tag FROM annotation_tag WHERE annotation = ? ORDER BY position", (key,)
    ).fetchall()
    before = [int(row[0]) for row in held]
    wanted = [tag for tag, _ in tags]
    if before == wanted:
        return
    connection.execute("DELETE FROM annotation_tag WHERE annotation = ?", (key,))
    connection.executemany(
        "INSERT INTO annotation_tag (annotation, position, tag) VALUES (?, ?, ?)",
        [(key, position, tag) for position, tag in enumerate(wanted)],
    )
    connection.executemany(
        "UPDATE tag SET last_used = max(last_used, ?) WHERE key = ?",
        [(used, tag) for tag in wanted if tag not in before],
    )


def remove(connection: sqlite3.Connection, annotation: Annotation) -> None:
    """Take an annotation and its links to tags out; its tags stay known."""
    connection.execute("DELETE FROM annotation WHERE id = ?", (annotation.id,))


def tag_keys(connection: sqlite3.Connection, value: str) -> list[int]:
    """Rows of the tags a value names: itself and those below it (``crime`` names ``crime/war``).

    With a trailing ``*`` it names all that begin so.
    """
    value = value.strip()
    prefix = value.endswith("*")
    try:
        wanted = tag_key(tag_name(value[:-1] if prefix else value))
    except ValueError:
        if value != "*":
            return []
        wanted = ""
    if value.endswith("/*"):
        wanted += "/"
    rows = connection.execute("SELECT key, folded FROM tag").fetchall()
    return [
        int(row["key"])
        for row in rows
        if row["folded"] == wanted or row["folded"].startswith(wanted if prefix else f"{wanted}/")
    ]


def condition(
    connection: sqlite3.Connection,
    *,
    tag: str | None = None,
    text: str | None = None,
    article: str | None = None,
    articles: Collection[str] | None = None,
) -> tuple[str, tuple[object, ...]]:
    """A ``WHERE`` over ``a`` for a filter, with its values; empty where nothing is filtered."""
    parts: list[str] = []
    values: list[object] = []
    if article is not None:
        parts.append("a.article = ?")
        values.append(article)
    if articles is not None:
        parts.append("a.article IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(articles)))
    # SQLite ends JSON text at a NUL; no word of a query needs one.
    if wanted := list(dict.fromkeys(sought(text or "").replace("\0", " ").split())):
        # Longest first: it is the rarest. The rest of a pasted page is one value, however many words.
        wanted.sort(key=len, reverse=True)
        parts += ["instr(a.sought, ?)"] * len(wanted[:_SINGLY])
        values += wanted[:_SINGLY]
        if wanted[_SINGLY:]:
            parts.append("NOT EXISTS (SELECT 1 FROM json_each(?) WHERE instr(a.sought, value) = 0)")
            values.append(json.dumps(wanted[_SINGLY:]))
    if tag is not None:
        parts.append(
            "a.key IN (SELECT annotation FROM annotation_tag WHERE tag IN (SELECT value FROM json_each(?)))"
        )
        values.append(json.dumps(tag_keys(connection, tag)))
    return (f"WHERE {' AND '.join(parts)}" if parts else ""), tuple(values)


def note_words(text: str) -> list[str]:
    """The words of a note, or of what is asked of notes, as :func:`sought` has them."""
    return _WORD.findall(sought(text))


def has_phrase(note: str, phrase: str) -> bool:
    """Whether a phrase's words stand in a note one after another.

    A word matches whole, the last with a trailing ``*`` as a beginning. In scripts
    without spaces between words a phrase matches anywhere.
    """
    wanted = note_words(phrase)
    if not wanted:
        return False
    before = "" if _UNSPACED.match(wanted[0][0]) else " "
    open_ended = phrase.rstrip().endswith("*") or _UNSPACED.match(wanted[-1][-1])
    return f"{before}{' '.join(wanted)}{'' if open_ended else ' '}" in f" {' '.join(note_words(note))} "
