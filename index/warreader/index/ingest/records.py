"""Records: an article each, whatever their fields are called. Their files: :mod:`json_files`, :mod:`tables`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, BinaryIO

from warreader.index.errors import InputError
from warreader.index.ingest import fields, fragments, pieces, plain
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

MARK = b"\xef\xbb\xbf"
EMPTY = "an empty file, nothing to read in it"
_COMMAS = re.compile(r'("(?:[^"\\]++|\\.)*+")|,(\s*[}\]])|,\s*\Z', re.DOTALL)
"""Strings, and the commas outside of them that nothing follows."""
_FORGIVING = json.JSONDecoder(strict=False)
_KINDS = {
    bool: "true or false",
    type(None): "null",
    list: "a list without texts",
    dict: "an object without one",
}


def parse(piece: Piece) -> Iterator[Raw]:
    """The article in a record: its text as the record holds it, but for markup and line ends."""
    try:
        value = _loaded(piece.data)
        yield article(value, piece)
    except RecursionError as error:
        raise InputError("not JSON (too deep); each article must be one JSON object") from error


def article(value: Mapping[str, Any], piece: Piece) -> Raw:
    """The article that a record's fields state.

    Args:
        value: the record.
        piece: where it was read, for the id and the mapping.

    Raises:
        InputError: it holds no text.
    """
    record = fields.named(value, piece.mapping)
    found = fields.text_of(record)
    if found is None:
        raise InputError(_no_text(value, piece.mapping))
    name, stated = found
    meta = fields.metadata(record)
    if meta.author and meta.author == piece.hints.outlet:
        # A channel signs its own posts.
        meta = replace(meta, author=None)
    text, kinds, meta = fragments.without_markup(
        stated, meta, exact=name == "text" and "text" not in piece.mapping
    )
    text = plain.normalise(text)
    if not text.strip():
        raise InputError(f'its "{name}" is empty')
    given = fields.stated_id(record)
    if given is None:
        return Raw(plain.made_id(piece.stem, meta, text), text, meta, piece.place, kinds=kinds)
    return Raw(plain.kept_id(given), text, meta, piece.place, stated_id=True, kinds=kinds)


def _loaded(data: bytes) -> dict[str, Any]:
    try:
        value = _parsed(data.removeprefix(MARK).decode())
    except UnicodeDecodeError as error:
        encoding = plain.encoding(data)
        if encoding is None:
            raise InputError(
                f"not valid UTF-8 at byte {error.start} of it; convert the file to UTF-8"
            ) from error
        return _loaded(data.removeprefix(MARK).decode(encoding, "replace").encode())
    except (ValueError, RecursionError) as error:
        told = str(getattr(error, "msg", "a number too long")).removesuffix(" at")
        detail = "too deep" if isinstance(error, RecursionError) else told
        raise InputError(f"not JSON ({detail}); each article must be one JSON object") from error
    if not isinstance(value, dict):
        raise InputError('not a JSON object; each article must look like {"text": "..."}')
    return value


def _parsed(data: str) -> Any:
    """JSON; forgiven are control characters in strings, and commas before a closing bracket or at the end."""
    try:
        return _FORGIVING.decode(data)
    except ValueError:
        plain = _COMMAS.sub(lambda match: match[1] or match[2] or "", data)
        if plain == data:
            raise
        return _FORGIVING.decode(plain)


def _no_text(value: Mapping[str, Any], mapping: Mapping[str, str]) -> str:
    wanted = mapping.get("text", "text")
    if (held := value.get(wanted, "")) != "" and not isinstance(held, str):
        kind = _KINDS.get(type(held), "a number")
        return f'its "{wanted}" is {kind}, not a text; name the right field with: --map text=FIELD'
    names = listed(list(value))
    return (
        f'no field "{wanted}" that holds a text; its fields are: {names}; '
        "name the right one with: --map text=FIELD"
    )


def listed(names: list[str]) -> str:
    """Names of fields for a message, the first of many."""
    shown = ["".join(c if c.isprintable() else "\ufffd" for c in name[:40]) for name in names[:15]]
    more = [f"and {len(names) - 15} more"] if len(names) > 15 else []
    return ", ".join([name or '""' for name in shown] + more) or "none"


def too_long() -> str:
    """What is said of a record that is longer than is read."""
    return f"longer than {pieces.MAX_BYTES // 2**20} MB; split it"


def piece(source: Source, options: Options, data: bytes, place: str | None, at: int) -> Piece:
    """A record of this source; ``data`` is its JSON, ``at`` the bytes of the source read up to its end."""
    return Piece(
        "record", data, source.name, place, source.origin, source.stem, source.hints, at, options.mapping
    )


def peeked(stream: BinaryIO, size: int) -> bytes:
    """The first bytes; a stream that is unpacked on the way may give fewer at a time."""
    head = b""
    while len(head) < size and (more := stream.read(size - len(head))):
        head += more
    return head
