"""Texts that are written as HTML in the fields of records and feeds."""

from __future__ import annotations

import re
from html import unescape

from warreader.index.article import LineKind, Metadata
from warreader.index.ingest.pieces import filled

_PAGE = re.compile(r"\s*(?:<!doctype\s+html|<html\b)", re.IGNORECASE)
_TAG_FIRST = re.compile(r"\s*<[a-z][a-z0-9]*\b[^<>]*>", re.IGNORECASE)
_BREAK = re.compile(
    r"<(?:p|br|div|h[1-6]|ul|ol|li|blockquote|figure|section|article|table)\b[^<>]*>", re.IGNORECASE
)
_INLINE = re.compile(r"<(a|b|i|em|strong|span|u)\b[^<>]*>[^<]*</\1>", re.IGNORECASE)
_ESCAPED = re.compile(r"&lt;(?:p|div|br)\b[^<>\n]{0,300}?&gt;", re.IGNORECASE)

Lined = tuple[str, tuple[LineKind | None, ...] | None]
"""A text, and the kinds of its lines where markup tells them."""
Flat = tuple[str, tuple[LineKind | None, ...] | None, Metadata]
"""A text, the kinds of its lines where markup tells them, and what is known of it."""


def without_markup(text: str, meta: Metadata, *, exact: bool) -> Flat:
    """The text without markup, where it plainly is markup; else as it is.

    Args:
        text: as a record holds it.
        meta: what the record states; filled in from a whole page.
        exact: the field is called ``text``: then it is markup only if it begins and goes on as such.
    """
    if not exact and "<" not in text and "&lt;" in text and _ESCAPED.search(text):
        text = unescape(text)
    if "<" not in text:
        return text, None, meta
    if _PAGE.match(text):
        from warreader.index.ingest import html

        page = html.extract(text, url=meta.url)
        return page.text, page.kinds, filled(meta, page.meta)
    breaks = _BREAK.search(text) is not None
    if exact:
        plainly = breaks and "</" in text and _TAG_FIRST.match(text) is not None
    else:
        plainly = breaks or _INLINE.search(text) is not None
    return (*lined(text), meta) if plainly else (text, None, meta)


def lines(fragment: str) -> str:
    """A fragment of HTML as text, a paragraph a line; its own line ends count where no markup makes any."""
    return lined(fragment)[0]


def lined(fragment: str) -> Lined:
    """The same with the kinds of its lines, where markup calls one a caption."""
    from warreader.index.ingest import html

    blocks = html.pieces(fragment if _BREAK.search(fragment) else fragment.replace("\n", "<br>"))
    kinds = tuple(LineKind.CAPTION if block.tag == "figcaption" else None for block in blocks)
    return "\n".join(block.text for block in blocks), kinds if any(kinds) else None
