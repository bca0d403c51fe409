"""Annotations as Markdown (CommonMark): for reading, pasting and sharing.

Titles, quotes and notes are other people's words: whatever they hold, they come out as
text, never as a heading, link, image, list or HTML of the document.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator

from warreader.index.annotations.export import Citation
from warreader.index.annotations.grouping import Group, grouped
from warreader.index.annotations.model import Annotation

# What has a meaning inside a line; "&" begins an entity, "|" parts a table, "$" and "^" extensions.
_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~&$^]")
# What has a meaning at the start of a line: lists, rules and underlines of headings, definitions.
_LEADING = re.compile(r"^(?:[-+=:]|(\d{1,9})(?=[.)]))")
_BARE_LINK = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp)(?=:)|\bwww(?=\.)|@")
_LINE_END = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Embeddings and overrides of direction would turn round what follows them on the line.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SAFE_URL = re.compile(r"https?://[!#-;=?-\[\]_a-z~A-Z%]+")


def to_markdown(
    annotations: Iterable[Annotation],
    cite: Callable[[str], Citation],
    group: Group = "article",
    called: Callable[[str], str] = str,
) -> str:
    """Annotations under the citation of their article, each with its quote, note and tags.

    Annotations of one article are kept together, articles in the order they first come; or those
    of one tag, each with its citation.

    Args:
        cite: the citation of an article by its id.
        group: what annotations stand together by.
        called: the name of an entity, by its id.
    """
    blocks: list[str] = []
    for name, made in grouped(annotations, group):
        if group == "article":
            blocks += _heading(cite(name))
        else:
            blocks.append(f"## {escape(name) or '(without a tag)'}")
        for annotation in made:
            blocks += _annotation(annotation, called)
            if group == "tag":
                blocks.append(f"— {_cited(cite(annotation.article), title=True)}")
    return "\n\n".join(blocks) + "\n" if blocks else ""


def escape(text: str) -> str:
    """The text on one line, so that Markdown shows it as it is; control characters become U+FFFD."""
    line = " ".join(_visible(_LINE_END.sub(" ", text)).split())
    escaped = _BARE_LINK.sub(_defused, _SPECIAL.sub(r"\\\g<0>", line))
    return _LEADING.sub(lambda found: f"{found[1]}\\" if found[1] else f"\\{found[0]}", escaped)


def _defused(found: re.Match[str]) -> str:
    # Extensions make links of bare addresses; an entity inside the address keeps it text.
    text = found.group()
    return f"{text[:-1]}&#{ord(text[-1])};"


def _visible(text: str) -> str:
    text = _DIRECTION.sub("", text)
    return "".join(
        "\ufffd" if unicodedata.category(c) in ("Cc", "Cs") and not c.isspace() else c for c in text
    )


def _heading(citation: Citation) -> Iterator[str]:
    yield f"## {escape(citation.title) or '(untitled)'}"
    if line := _cited(citation, title=False):
        yield line


def _cited(citation: Citation, *, title: bool) -> str:
    told = (citation.title if title else None, *citation.sources)
    parts = [escape(part) for part in told if part]
    if citation.url:
        safe = _SAFE_URL.fullmatch(citation.url)
        parts.append(f"<{citation.url}>" if safe else escape(citation.url))
    return ", ".join(part for part in parts if part)


def _annotation(annotation: Annotation, called: Callable[[str], str]) -> Iterator[str]:
    if annotation.entity is not None:
        yield f"On {escape(called(annotation.entity))}, wherever named:"
    elif annotation.span is None:
        yield "On the article as a whole:"
    else:
        yield "\n>\n".join(f"> {line}" for line in _lines(annotation.exact)) or ">"
    yield from _lines(annotation.note)
    if annotation.tags:
        yield f"Tags: {', '.join(map(escape, annotation.tags))}"


def _lines(text: str) -> Iterator[str]:
    """Each line of the text as a paragraph of its own; empty ones left out."""
    for line in _LINE_END.split(text):
        if escaped := escape(line):
            yield escaped
