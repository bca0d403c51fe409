"""Markup to plain text, a line a block: what the line model is trained on is made with it."""

from __future__ import annotations

from typing import Any

_BLOCKS = frozenset(
    "address article aside blockquote body br button center dd details dialog div dl dt fieldset figcaption figure "  # noqa: SIM905
    "footer form h1 h2 h3 h4 h5 h6 header hr label legend li main menu nav ol option p pre section select summary "
    "table tbody td textarea tfoot th thead tr ul".split()
)
SILENT = frozenset(
    "script style noscript template head title svg iframe object canvas audio video".split()  # noqa: SIM905
)


def parsed(html: str) -> Any:
    """A page's root element."""
    from lxml import html as markup

    return markup.fromstring(
        html.encode("utf-8"), parser=markup.HTMLParser(encoding="utf-8", remove_comments=True)
    )


def _lines_of(element: Any, out: list[list[str]], *, nodes: bool) -> None:
    if not isinstance(element.tag, str) or element.tag in SILENT:
        return
    block = nodes or element.tag in _BLOCKS
    if block:
        out.append([])
    if element.text:
        out[-1].append(element.text)
    for child in element:
        _lines_of(child, out, nodes=nodes)
        if nodes or (isinstance(child.tag, str) and child.tag in _BLOCKS):
            out.append([])
        if child.tail:
            out[-1].append(child.tail)


def block_text(element: Any, *, nodes: bool = False) -> str:
    """The text of an element, a line a block (a line a text node with ``nodes``)."""
    out: list[list[str]] = [[]]
    _lines_of(element, out, nodes=nodes)
    return "\n".join(line for parts in out if (line := " ".join("".join(parts).split())))
