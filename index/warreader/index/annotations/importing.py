"""Reading annotations from outside: JSON lines, and W3C Web Annotation as :mod:`.export` writes it.

Reading changes nothing: it gives either all annotations of a file, for
:meth:`.annotations.Annotations.merge`, or the first thing wrong and its place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import unquote

from warreader.index.annotations.export import ABOUT_URN, ARTICLE_URN, IDENTIFIER, SUBJECT
from warreader.index.annotations.model import Annotation
from warreader.index.annotations.records import from_json, from_record
from warreader.index.errors import InputError

_MARK = "\ufeff"


def read_jsonl(lines: Iterable[str]) -> list[Annotation]:
    """The annotations of JSON lines; empty lines are passed over.

    Raises:
        InputError: a line holds no annotation; ``place`` is its number, from 1.
    """
    annotations = []
    for number, line in enumerate(lines, 1):
        stripped = line.removeprefix(_MARK).strip() if number == 1 else line.strip()
        if not stripped:
            continue
        try:
            annotations.append(from_json(stripped))
        except ValueError as error:
            raise InputError(str(error), f"line {number}") from error
    return annotations


def read_w3c_item(item: object) -> Annotation:
    """One annotation as :mod:`.export` writes it.

    Raises:
        ValueError: it is none.
    """
    return from_record(_record(item))


TOO_DEEP = "nested too deep; take it out and import the rest"


def items(text: str) -> Iterator[tuple[str, object]]:
    """The objects of a page, of a collection's first page, of a list or of JSON lines, each with its place in words.

    Raises:
        InputError: it is none of these; ``place`` is the line.
    """
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError) as error:
        yield from _line_items(text, deep=isinstance(error, RecursionError))
        return
    if isinstance(whole, dict) and isinstance(whole.get("first"), dict):
        whole = whole["first"]
    held = whole.get("items") if isinstance(whole, dict) and "items" in whole else whole
    for number, item in enumerate(held if isinstance(held, list) else [held], 1):
        yield f"item {number}", item


def addresses(text: str) -> dict[str, str]:
    """The addresses that annotations of ours tell of their articles, by the articles' ids."""
    found: dict[str, str] = {}
    for _, item in items(text.removeprefix(_MARK)):
        if not isinstance(item, dict):
            continue
        article, address = item.get("article"), item.get("url")
        if isinstance(target := item.get("target"), dict):
            source = target.get("source", target)
            article, address = _article(source), source.get("id") if isinstance(source, dict) else None
        if isinstance(article, str) and isinstance(address, str) and not address.startswith(ARTICLE_URN):
            found[article] = address
    return found


def _line_items(text: str, *, deep: bool) -> Iterator[tuple[str, object]]:
    # What is nested too deep may go over many lines, none of which is JSON by itself.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                item = json.loads(line)
            except (ValueError, RecursionError) as error:
                if deep or isinstance(error, RecursionError):
                    raise InputError(TOO_DEEP, f"line {number}") from error
                detail = f" ({error.msg})" if isinstance(error, json.JSONDecodeError) else ""
                raise InputError(f"not JSON{detail}", f"line {number}") from error
            yield f"line {number}", item


def _record(item: object) -> dict[str, object]:
    """The fields of our own records that a W3C annotation holds."""
    if not isinstance(item, dict) or item.get("type") != "Annotation":
        raise ValueError("not an object of type Annotation")
    target = item.get("target")
    if not isinstance(target, dict):
        raise ValueError("target is not an object; only annotations with a described target can be read")
    record: dict[str, object] = {name: item.get(name) for name in ("id", "created", "modified")}
    record["article"] = _article(target.get("source", target))
    if "selector" in target:
        record |= _selectors(target["selector"])
    creator = item.get("creator")
    record["creator"] = creator.get("name") if isinstance(creator, dict) else creator
    subject = item.get(SUBJECT)
    if isinstance(subject, str) and subject.startswith(ABOUT_URN):
        record["about"] = unquote(subject.removeprefix(ABOUT_URN))
    return record | _bodies(item.get("body", []))


def _article(source: object) -> object:
    if isinstance(source, dict):
        identifier = source.get(IDENTIFIER)
        return identifier if identifier is not None else _article(source.get("id"))
    if isinstance(source, str) and source.startswith(ARTICLE_URN):
        return unquote(source.removeprefix(ARTICLE_URN))
    return source


def _selectors(selectors: object) -> dict[str, object]:
    found: dict[str, object] = {}
    for selector in selectors if isinstance(selectors, list) else [selectors]:
        if not isinstance(selector, dict):
            raise ValueError("a selector is not an object")
        if selector.get("type") == "TextPositionSelector":
            found |= {name: selector.get(name) for name in ("start", "end")}
        elif selector.get("type") == "TextQuoteSelector":
            found |= {name: selector.get(name, "") for name in ("exact", "prefix", "suffix")}
    if "start" not in found or "exact" not in found:
        raise ValueError("a target needs both a TextPositionSelector and a TextQuoteSelector")
    return found


def _bodies(bodies: object) -> dict[str, object]:
    notes: list[str] = []
    tags: list[str] = []
    for body in bodies if isinstance(bodies, list) else [bodies]:
        value = body.get("value") if isinstance(body, dict) else None
        if not isinstance(body, dict) or body.get("type") != "TextualBody" or not isinstance(value, str):
            raise ValueError("a body is not a TextualBody with a value")
        (tags if body.get("purpose") == "tagging" else notes).append(value)
    return {"note": "\n\n".join(notes), "tags": tags}
