"""JSON that holds articles otherwise than in a list of a name that is known, and what it says above its list."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from warreader.index.article import Metadata
from warreader.index.ingest import fields

_FEED = "https://jsonfeed.org/version/"
_LISTS = ("items", "messages")
_CHANNELS = frozenset({"public_channel", "private_channel", "public_supergroup", "private_supergroup"})
_DEEPEST = 3


def unfolded(data: bytes) -> list[bytes]:
    """The articles in an object that is none itself, each as JSON; none where none are found.

    Found are articles by their ids, lists of articles under any name, and tables as pandas writes them: each column
    by itself, or names and rows apart.

    Args:
        data: the object.
    """
    try:
        value = json.loads(data, strict=False)
    except (ValueError, RecursionError):
        return []
    if not isinstance(value, dict) or fields.text_of(fields.named(value)) is not None:
        return []
    return [json.dumps(article, ensure_ascii=False).encode() for article in _found(value, 0)]


def _found(value: Mapping[str, Any], depth: int) -> list[Any]:
    table = list(_table(value))
    if table:
        return table
    inner = list(value.values())
    if len(inner) > 1 and all(isinstance(one, dict) for one in inner):
        articles = [one for one in inner if _is_article(one)]
        if 2 * len(articles) > len(inner):
            return articles
    for one in inner:
        if isinstance(one, list) and one and isinstance(one[0], dict) and _is_article(one[0]):
            return [item for item in one if isinstance(item, dict)]
    if depth < _DEEPEST:
        for one in inner:
            if isinstance(one, dict) and (articles := _found(one, depth + 1)):
                return articles
    return []


def _is_article(value: Mapping[str, Any]) -> bool:
    record = fields.named(value)
    return fields.text_of(record) is not None


def _table(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The rows of a table in one of pandas' forms (``orient="columns"`` and ``"split"``)."""
    names, rows = value.get("columns"), value.get("data")
    if isinstance(names, list) and isinstance(rows, list):
        for row in rows:
            if isinstance(row, list):
                yield dict(zip(map(str, names), row, strict=False))
        return
    columns = {name: column for name, column in value.items() if isinstance(column, dict)}
    texts = next(
        (
            column
            for name, column in columns.items()
            if fields.plain_name(name) in fields.NAMES["text"]
            and any(isinstance(v, str) for v in column.values())
        ),
        None,
    )
    if texts is not None and all(isinstance(cell, str | None) for cell in texts.values()):
        for key in texts:
            yield {name: column.get(key) for name, column in columns.items()}


def shared(head: bytes) -> Metadata:
    """What a feed (https://www.jsonfeed.org/version/1.1/) or an exported Telegram channel says above its list.

    Args:
        head: the file's beginning.
    """
    text = head.decode("utf-8", "ignore").removeprefix("\ufeff")
    for name in _LISTS:
        before, found, _ = text.partition(f'"{name}"')
        if not found:
            continue
        try:
            stated = json.loads(before.rstrip().rstrip(",") + "}")
        except ValueError:
            continue
        if not isinstance(stated, dict):
            continue
        if str(stated.get("version", "")).startswith(_FEED):
            return Metadata(
                outlet=fields.single(stated.get("title")), language=fields.single(stated.get("language"))
            )
        if name == "messages" and stated.get("type") in _CHANNELS:
            return Metadata(outlet=fields.single(stated.get("name")))
    return Metadata()


def is_wordless(data: bytes) -> bool:
    """Whether an item of an exported Telegram channel is a picture without words, or tells of the channel itself."""
    if b'"date_unixtime"' not in data and b'"type": "service"' not in data:
        return False
    try:
        item = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(item, dict) and (item.get("type") == "service" or item.get("text") in ("", []))
