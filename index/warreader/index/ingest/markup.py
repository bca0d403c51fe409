"""HTML as a tree and as lines: what the readers of pages, mails, chapters and feeds share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING

from warreader.index.errors import InputError

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LARGEST = 5_000_000
"""Characters of markup, without scripts and pictures, above which nothing is a page to be read."""

_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Pictures and typefaces, written into the page by what saved it whole.
_DATA_URI = re.compile(r"""data:[\w/+.;=-]{0,100},[^"'()<>\s]{100,}""")
# Attributes by the thousand are compared each with each by the parser; names and values as browsers tell them apart.
_ATTRIBUTE = r"""[\s/]*+(?:=[^\s=>/]*+|[^\s=>/]++)(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?)?"""
# Every tag is passed as a whole, however few it has: begun again at each sign in it, this would be quadratic.
_TAGGED = re.compile(rf"<([a-zA-Z][^\s/>]*+)((?:{_ATTRIBUTE})*+)")
_ATTRIBUTES = re.compile(_ATTRIBUTE)
_OVERLOADED = 200
"""Attributes from which on a tag goes without any."""
_INTERNAL_SUBSET = re.compile(r"<!doctype\s[^<>\[]{0,500}\[", re.IGNORECASE)
_WORDLESS = re.compile(r"<!--|<(script|style|svg)\b([^<>]*)>", re.IGNORECASE)
_CLOSING = {
    "": re.compile("-->"),
    **{name: re.compile(f"</{name}\\s*>", re.IGNORECASE) for name in ("script", "style", "svg")},
}
_TAG = re.compile(r"<(?:/?([a-zA-Z][\w:-]*)|[!?])[^<>]*>")


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


SILENT = _words(
    "script style template noscript head title svg math iframe object embed applet audio video canvas map select "
    "datalist textarea button input dialog"
)
"""Elements that say nothing to a reader of the article."""

_BLOCKS = _words(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer "
    "form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre search section summary "
    "table tbody tfoot thead tr caption ul br"
)
_TELLING = _words("figcaption nav footer h1 h2 h3 h4 h5 h6 li tr pre")
_INHERITED = _words("figcaption standfirst byline nav footer")
_ROLES = {
    "figcaption": re.compile(
        r"(?:^|[\s_-])(?:caption|captions?-?text|figcaption|photo-?credit|image-?credit)(?:$|[\s_-])"
    ),
    "standfirst": re.compile(
        r"(?:^|[\s_-])(?:standfirst|sub-?title|sub-?head(?:line|ing)?|dek|deck|article-lead)(?:$|[\s_])"
    ),
    "byline": re.compile(
        r"(?:^|[\s_-])(?:byline|author-name|article-author|authors?|credits?-author)(?:$|[\s_])"
    ),
}
_HIDES = re.compile(
    r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|!|$))",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    "[^\\s\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2060-\u206f\u3164\ufeff\uffa0]"
)
"""Anything but white space and the signs without a width that newsletters fill their previews with."""
_CELL = "\x1f"
_BULLET = "• "


@dataclass(frozen=True, slots=True)
class Block:
    """A line of a page.

    Args:
        tag: what it stands in: ``h1`` to ``h6``, ``li``, ``tr``, ``pre``, ``figcaption``, ``nav``, ``footer``; or what
            the class of the element it stands in calls it: ``figcaption``, ``standfirst``, ``byline``; or ``""``.
    """

    text: str
    tag: str = ""


def readable(markup: str) -> str:
    """The markup without what holds no words (scripts, styles, drawings) and what a parser chokes on.

    Raises:
        InputError: what is left is longer than :data:`LARGEST`.
    """
    markup = _UNREADABLE.sub("", markup)
    if "data:" in markup:
        markup = _DATA_URI.sub("data:,", markup)
    if (subset := _INTERNAL_SUBSET.search(markup, 0, 2000)) and (end := markup.find("]>", subset.end())) >= 0:
        markup = markup[: subset.start()] + markup[end + 2 :]
    markup = _TAGGED.sub(_relieved, wordless_cut(markup))
    if len(markup) > LARGEST:
        raise InputError(
            f"more than {LARGEST // 10**6} million characters of markup; split it into its articles"
        )
    return markup


def _relieved(tag: re.Match[str]) -> str:
    # Two signs an attribute are the least there are.
    long = tag.end() - tag.start() >= 2 * _OVERLOADED
    return f"<{tag[1]}" if long and len(_ATTRIBUTES.findall(tag[2])) >= _OVERLOADED else tag[0]


def wordless_cut(markup: str, *, keep: str = "+json") -> str:
    """The markup without comments, scripts (but those whose tag holds ``keep``), styles and drawings.

    What is opened and never closed stays, so that the time is in proportion to the length.
    """
    parts: list[str] = []
    start = 0
    unclosed: set[str] = set()
    while opening := _WORDLESS.search(markup, start):
        name = (opening[1] or "").lower()
        # "<!-->" is a whole comment.
        inside = opening.end() if name else opening.end() - 2
        closing = None if name in unclosed else _CLOSING[name].search(markup, inside)
        if closing is None:
            unclosed.add(name)
        end = closing.end() if closing else opening.end()
        stays = closing is None or (name == "script" and keep and keep in opening[2])
        parts.append(markup[start : end if stays else opening.start()])
        start = end
    parts.append(markup[start:])
    return "".join(parts)


def tree(markup: str, *, deep: bool = False) -> HtmlElement | None:
    """The parsed page, or ``None`` where there is nothing in it, or where it is nested too deeply to be held whole.

    Args:
        markup: as :func:`readable` gives it.
        deep: whether nesting up to 2,047 elements, else 255, is followed.
    """
    from lxml import etree, html

    if not markup.strip():
        return None
    # Nothing is fetched: no DTD, no schema, no image.
    parser = html.HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
        no_network=True,
        huge_tree=deep,
    )
    try:
        root = html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    whole = all(entry.type != etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log)
    return root if whole else None


def drop_hidden(root: HtmlElement) -> None:
    """Take out the elements that hide themselves by their ``style`` or ``hidden``."""
    for element in list(root.iter()):
        if isinstance(element.tag, str) and element.getparent() is not None:
            style = element.get("style")
            if element.get("hidden") is not None or (style and _HIDES.search(style)):
                element.drop_tree()


def blocks(root: HtmlElement) -> list[Block]:
    """The lines that a page shows, top to bottom: a paragraph, heading, list item or row of a table each.

    White space is folded; an item of a list begins with a bullet, cells are parted by " | ".
    """
    lines: list[Block] = []
    text: list[str] = []
    tags = [""]

    def flush() -> None:
        if text:
            _append(lines, "".join(text), tags[-1])
            text.clear()

    # By hand, not by recursion: nesting is as deep as whoever made the page likes.
    waiting: list[tuple[HtmlElement, str]] = [(root, "")]
    while waiting:
        element, leaving = waiting.pop()
        tag = element.tag if isinstance(element.tag, str) else "script"
        if leaving:
            if tag in _BLOCKS:
                flush()
            if leaving != tag:
                tags.pop()
        elif tag not in SILENT:
            # The bullet of an item waits for its first paragraph.
            if tag in _BLOCKS and "".join(text).strip() != _BULLET.strip():
                flush()
            role = _role(element, tag)
            if role:
                tags.append(tags[-1] if tags[-1] in _INHERITED else role)
            if tag == "li":
                text.append(_BULLET)
            if element.text:
                text.append(_folded(element.text, tags[-1]))
            waiting.append((element, tag + ">" if role else tag))
            waiting.extend((child, "") for child in reversed(element))
            continue
        if tag in {"td", "th"}:
            text.append(_CELL)
        if element.tail and element is not root:
            text.append(_folded(element.tail, tags[-1]))
    flush()
    return lines


def _role(element: HtmlElement, tag: str) -> str | None:
    if tag in _TELLING:
        return tag
    if tag in _BLOCKS and (names := element.get("class")):
        names = names.lower()
        return next((role for role, pattern in _ROLES.items() if pattern.search(names)), None)
    return None


def struck_out(markup: str) -> list[Block]:
    """The lines of a page nested too deeply for a tree, with its tags struck out one by one."""
    words = _TAG.sub(_struck, wordless_cut(markup, keep=""))
    lines: list[Block] = []
    for line in words.split("\n"):
        _append(lines, unescape(line).replace("\n", " "), "")
    return lines


def _struck(match: re.Match[str]) -> str:
    tag = (match[1] or "").lower()
    if tag in {"td", "th"}:
        return _CELL
    if tag == "li":
        return "\n" + _BULLET if match[0][1] != "/" else "\n"
    return "\n" if tag in _BLOCKS else ""


def _folded(text: str, tag: str) -> str:
    return text if tag == "pre" else text.replace("\n", " ")


def _append(lines: list[Block], text: str, tag: str) -> None:
    for line in text.split("\n") if tag == "pre" else (text,):
        cells = [" ".join(cell.split()) for cell in line.split(_CELL)]
        whole = " | ".join(cell for cell in cells if cell)
        if whole and whole != _BULLET.strip() and (whole.isascii() or _SHOWN.search(whole)):
            lines.append(Block(whole if whole.isprintable() else _UNREADABLE.sub("", whole), tag))
