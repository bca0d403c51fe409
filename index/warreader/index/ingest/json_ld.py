"""The article that a page describes in JSON-LD (https://schema.org/Article), as publishers really write it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = dict[str, Any]

_LONGEST = 2_000_000
_DEEPEST = 6
_ARTICLE = re.compile(r"Article$|BlogPosting$|^Report|LiveBlog", re.IGNORECASE)
_OUTLET = re.compile(r"^(?:NewsMediaOrganization|WebSite|Organization)$", re.IGNORECASE)
_AROUND = re.compile(
    r"^\s*+(?:<!--|//\s*+<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}?\*/)+|"
    r"(?<!;)(?<!-->)(?<!\]\]>)(?:-->|//\s*+\]\]>|\]\]>|;)++\s*+$"
)
_LAST_COMMA = re.compile(r",(\s*[}\]])")
_PAIR = re.compile(
    r'"(@type|headline|datePublished|dateCreated|articleBody|inLanguage|description)"\s*:\s*\[?\s*"((?:[^"\\]|\\.)*+)"'
)
_MARKUP = re.compile(r"<[^<>]{1,200}>")


@dataclass(frozen=True, slots=True)
class Described:
    """What JSON-LD says of a page.

    Args:
        article: the article's own node, empty where there is none.
        outlets: names of the organisations and sites described.
        by_id: all nodes by their ``@id``: others refer to them.
    """

    article: Node = field(default_factory=dict)
    outlets: tuple[str, ...] = ()
    by_id: dict[str, Node] = field(default_factory=dict)

    def text(self, name: str) -> str | None:
        """A property's words."""
        return text_of(self.article.get(name))

    def named(self, *names: str) -> Iterator[tuple[str, str]]:
        """Names and types of the people and organisations in these properties of the article."""
        for name in names:
            yield from self._named(self.article.get(name), 0)

    def _named(self, value: Any, depth: int) -> Iterator[tuple[str, str]]:
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            for one in value[:50]:
                yield from self._named(one, depth + 1)
        elif isinstance(value, dict):
            if isinstance(value.get("name"), list | dict):
                yield from self._named(value["name"], depth + 1)
            elif name := text_of(value.get("name")) or _joined(value):
                yield name, str(value.get("@type") or "")
            elif isinstance(at := value.get("@id"), str) and (node := self.by_id.get(at)) not in (
                None,
                value,
            ):
                yield from self._named(node, depth + 1)
        elif name := text_of(value):
            yield name, ""


def read(tree: HtmlElement, title: str | None = None) -> Described:
    """What the page's JSON-LD says.

    Args:
        tree: the page.
        title: the page's title: of several articles described, the one that bears it is the page's own.
    """
    nodes: list[Node] = []
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text and len(script.text) < _LONGEST:
            nodes += _nodes(_loaded(script.text), 0)
    by_id = {node["@id"]: node for node in reversed(nodes) if isinstance(node.get("@id"), str)}
    articles = [node for node in nodes if _is(node, _ARTICLE) and (node.get("headline") or node.get("name"))]
    outlets = [text_of(node.get("name")) for node in nodes if _is(node, _OUTLET)]
    return Described(_own(articles, title), tuple(filter(None, outlets)), by_id)


def text_of(value: Any) -> str | None:
    """A value as words on one line: the first of several, without markup and entities."""
    for _ in range(_DEEPEST):
        if isinstance(value, list):
            value = value[0] if value else None
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("url")
    if not isinstance(value, str):
        return None
    return " ".join(_MARKUP.sub(" ", unescape(unescape(value))).split()) or None


def _loaded(text: str) -> Any:
    text = _AROUND.sub("", text.strip())
    for attempt in (text, _LAST_COMMA.sub(r"\1", text), unescape(text)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    # Broken beyond what a parser takes: what can be read off it pair by pair.
    found: Node = {}
    for name, value in _PAIR.findall(text):
        try:
            found.setdefault(name, json.loads(f'"{value}"', strict=False))
        except ValueError:
            continue
    return found


def _nodes(value: Any, depth: int) -> Iterator[Node]:
    """The nodes that describe the page itself: those at the top, not those they refer to."""
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for one in value[:1000]:
            yield from _nodes(one, depth + 1)
    elif isinstance(value, dict):
        yield value
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            if isinstance(value.get(name), dict | list):
                yield from _nodes(value[name], depth + 1)


def _is(node: Node, kinds: re.Pattern[str]) -> bool:
    stated = node.get("@type")
    for one in stated if isinstance(stated, list) else [stated]:
        if isinstance(one, str) and kinds.search(one.rpartition("/")[2]):
            return True
    return False


def _own(articles: list[Node], title: str | None) -> Node:
    for node in articles:
        headline = text_of(node.get("headline")) or text_of(node.get("name")) or ""
        if title and len(headline) > 10 and (title.startswith(headline) or headline.startswith(title)):
            return node
    return articles[0] if articles else {}


def _joined(node: Node) -> str | None:
    parts = [text_of(node.get(name)) for name in ("givenName", "additionalName", "familyName")]
    return " ".join(part for part in parts if part) or None
