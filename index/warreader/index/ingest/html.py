"""Saved web pages: the article in the page, what its markup tells of its lines, and who wrote it where and when."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from html import unescape
from typing import TYPE_CHECKING

from warreader.index.article import KEPT, Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import charsets, live_blogs, markup, notices, outlets, page_metadata, plain
from warreader.index.ingest.left_out import left_out
from warreader.index.ingest.markup import Block
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

if TYPE_CHECKING:
    from lxml.html import HtmlElement

MOST_ELEMENTS = 40_000
"""Elements of a page above which its lines are taken as they come: picking out the article would take too long."""

_EXPORTED = re.compile(
    rb"Document [A-Z0-9]{6,20}(?:19|20)\d{6}[a-z0-9]{6,14}\s*<|>\s*End of Document\s*<|"
    rb">\s*\d{1,4} of \d{1,4} DOCUMENTS?\s*<"
)
"""By which an export of a news archive is known; see :mod:`warreader.index.ingest.exports`."""
_PARAGRAPH = 150
"""Characters from which a line that was picked is body; among shorter ones are invitations to read more and the like.
Chosen with tests/benchmarks/extraction.py on two corpora; anything from 100 to 250 does as well."""
_LEAST = 12
"""Letters and digits from which there is something to read."""

_FRAMES = re.compile(r"<frameset\b", re.IGNORECASE)
_SCRIPT = re.compile(r"<script\b", re.IGNORECASE)
_WINDOW = re.compile(r"<title\b[^>]*>([^<]{1,500})<", re.IGNORECASE)
_HEAD = 20_000
"""Code points of a page among which its window's title stands."""
_NO_TEXT = frozenset([*map(chr, (*range(9), 11, *range(14, 32))), "\ufffd"])
# trafilatura's names for what HTML calls otherwise.
_HTML_NAMES = {
    "item": "li",
    "list": "ul",
    "row": "tr",
    "cell": "td",
    "lb": "br",
    "quote": "blockquote",
    "head": "h2",
}
_SENTENCE_ENDS = frozenset(".!?…。！？")
_OUTSIDE = {"figcaption": LineKind.CAPTION, "nav": LineKind.FURNITURE, "footer": LineKind.FURNITURE}
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_TOLD = re.compile(r"\w{5,}")
"""Words by which a headline and a title are known to be of one thing."""
_LONGEST_HEADING = 300
_LEAD = 6
"""Lines at the top of the extracted ones among which headline, standfirst and byline stand."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """The article of a page.

    Args:
        text: a paragraph, heading, list item, caption or row of a table a line; normalised.
        kinds: for each line of ``text.split("\\n")`` its kind where markup tells it, else ``None``.
        meta: what the page states.
    """

    text: str
    kinds: tuple[LineKind | None, ...]
    meta: Metadata


@dataclass(slots=True)
class _Line:
    text: str
    kind: LineKind | None = None


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """The whole file is one page."""
    del options
    yield source.piece("html", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The article of a page.

    Raises:
        InputError: there is none in it.
    """
    if _EXPORTED.search(piece.data):
        # Of many articles in one page picking would leave one.
        text = plain.normalise(flatten(charsets.decode(piece.data)))
        yield Raw(plain.printable_id(piece.stem) or "article", text)
        return
    page = extract(piece.data, url=piece.hints.url)
    yield Raw(plain.printable_id(piece.stem) or "article", page.text, page.meta, kinds=page.kinds)


def extract(data: bytes | str, *, url: str | None = None, charset: str | None = None) -> Extracted:
    """The article of a page.

    Args:
        data: the page.
        url: where it was fetched from, if known.
        charset: the encoding stated from outside, by HTTP or MIME, if any.

    Raises:
        InputError: no article's text is in it, or it is too long to be a page.
    """
    quiet()
    saved = charsets.decode(data, charset) if isinstance(data, bytes) else data
    head = saved[:5000]
    if sum(character in _NO_TEXT for character in head) * 10 > len(head):
        raise InputError("not a web page but data of another kind; check what was saved under this name")
    page = markup.readable(saved)
    tree = markup.tree(page)
    # trafilatura looks at each element many times, at what it stands in too.
    pickable = tree is not None and sum(1 for _ in tree.iter()) <= MOST_ELEMENTS
    if tree is None:
        tree = markup.tree(page, deep=True)
    if tree is None:
        lines = [_loose(block) for block in markup.struck_out(page)]
        _require_article(lines, saved, None)
        return _extracted(lines, Metadata(url=url))
    shown = markup.blocks(tree)
    found = page_metadata.read(tree, saved, url, guess=pickable, shown=shown)
    lines = _body(tree, shown, found.body, pickable=pickable)
    _require_article(lines, saved, found.meta.title)
    return _extracted(_with_lead(_with_captions(lines, shown), shown, found), found.meta)


def flatten(fragment: str, *, shown: bool = False) -> str:
    """The words of a piece of HTML, a line each of its :func:`pieces`."""
    return "\n".join(block.text for block in pieces(fragment, shown=shown))


def pieces(fragment: str, *, shown: bool = False) -> list[Block]:
    """The words of a piece of HTML: a paragraph, heading, list item or row of a table a line, nothing left out.

    What a browser doesn't show (scripts, styles) is dropped; entities are decoded.

    Args:
        fragment: the markup.
        shown: whether elements whose own style hides them are dropped too. No script will ever show them in a
            mail, where they are what lists of messages show beside the subject.

    Raises:
        InputError: it is too long.
    """
    page = markup.readable(fragment)
    tree = markup.tree(page) if "<" in page or "&" in page else None
    if shown and tree is not None:
        markup.drop_hidden(tree)
    return markup.struck_out(page) if tree is None else markup.blocks(tree)


def _body(tree: HtmlElement, shown: Sequence[Block], stated: str | None, *, pickable: bool) -> list[_Line]:
    """The article's lines: picked, else as JSON-LD states them, else all lines of the page, to be judged."""
    lines = _picked(tree, shown) if pickable else []
    if pickable and (posts := live_blogs.posts(tree)):
        lines = _of_posts(posts, lines, shown)
    if stated and sum(len(line.text) for line in lines) * 2 < len(stated):
        lines = [_told(line) for line in flatten(stated).split("\n") if line]
    return lines or [_loose(block) for block in shown]


@cache
def quiet() -> None:
    """Keep what libraries have to say about a page from whoever reads it."""
    for name in ("trafilatura", "htmldate", "courlan", "charset_normalizer"):
        logging.getLogger(name).addHandler(logging.NullHandler())


def _picked(tree: HtmlElement, shown: Sequence[Block]) -> list[_Line]:
    """The article's lines as trafilatura picks them from the page; none where it finds none."""
    from trafilatura import bare_extraction

    try:
        document = bare_extraction(tree, fast=True, include_comments=False, include_tables=True)
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError, AssertionError):
        return []
    if document is None or isinstance(document, dict):
        return []
    for element in document.body.iter():
        element.tag = _HTML_NAMES.get(element.tag, element.tag)
    picked = [block.text for block in markup.blocks(document.body)]
    lines = _completed(tree, picked)
    # Its last resort is all the page's words in one paragraph: the page's own lines say more.
    heap = len(picked) == 1 == len(lines) and all(block.text != picked[0] for block in shown)
    return [] if heap else lines


def _of_posts(posts: list[HtmlElement], picked: list[_Line], shown: Sequence[Block]) -> list[_Line]:
    """The lines of a live blog: all of its posts, after what was picked of what the page shows above them."""
    blocks = [block for post in posts for block in markup.blocks(post)]
    headings, times = live_blogs.headings(posts), live_blogs.times(posts)
    own = {block.text for block in blocks}
    first = next((number for number, block in enumerate(shown) if block.text in own), 0)
    above = {block.text for block in shown[:first]}
    lines = [line for line in picked if line.text in above]
    for block in blocks:
        kind = _OUTSIDE.get(block.tag) or _told(block.text).kind
        if block.text in times:
            kind = LineKind.BYLINE
        elif block.text in headings:
            kind = LineKind.BODY
        lines.append(_Line(block.text, kind))
    return lines


def _completed(tree: HtmlElement, picked: list[str]) -> list[_Line]:
    """The picked lines, with those that the picking left out."""
    missing, instead = left_out(tree, picked)
    if instead:
        return [_told(line) for _, line in missing]
    lines = [_told(line) for line in picked]
    for after, line in reversed(missing):
        lines.insert(after, _told(line))
    return lines


def _told(line: str) -> _Line:
    """A line of an article: what is long is its text, what is short may yet be anything."""
    return _Line(line, LineKind.BODY if len(line) >= _PARAGRAPH else None)


def _loose(block: Block) -> _Line:
    """A line of a page from which no article could be picked: long menus run on without an end."""
    ends = block.text.rstrip("\"'”’»)]")[-1:] in _SENTENCE_ENDS
    return _Line(block.text, _OUTSIDE.get(block.tag) or (_told(block.text).kind if ends else None))


def _require_article(lines: Sequence[_Line], saved: str, title: str | None) -> None:
    """Whether there is something to read; if not, why.

    Args:
        title: what the page calls its article.

    Raises:
        InputError: there is not.
    """
    kept = [line.text for line in lines if line.kind in (None, *KEPT)]
    window = _WINDOW.search(saved, 0, _HEAD)
    titles = [title or "", plain.normalise(unescape(window[1])).strip() if window else ""]
    own = [line for line in kept if line not in titles] or kept
    notice = notices.notice(own, titles)
    if len(outlets.bare_words(" ".join(kept)[:200])) >= _LEAST and not notice:
        return
    if _FRAMES.search(saved):
        remedy = "it is made of frames: save the page that is in the frame"
    elif notice:
        remedy = f"it holds but {notice}: open it in a browser, and save it when the article is shown"
    elif _SCRIPT.search(saved):
        remedy = "a script loads it: open it in a browser, and save it when the article is shown"
    else:
        remedy = "save it again, whole"
    raise InputError(f"no article text in this page; {remedy}")


def _with_captions(lines: list[_Line], shown: Sequence[Block]) -> list[_Line]:
    """The lines with the captions of their pictures, each where the page shows it."""
    captions = {block.text for block in shown if block.tag == "figcaption"}
    if sum(line.text in captions for line in lines) * 3 > len(lines):
        # A page that calls its whole text so.
        return lines
    at = {line.text: number for number, line in enumerate(lines) if line.text not in captions}
    for line in lines:
        if line.text in captions:
            line.kind = LineKind.CAPTION
    last = max((number for number, block in enumerate(shown) if block.text in at), default=-1)
    before: dict[int, list[_Line]] = {}
    held = {line.text for line in lines}
    anchor, heading = -1, False
    for block in shown[: last + 1]:
        heading = heading or block.tag == "h1"
        anchor = at.get(block.text, anchor)
        if block.tag == "figcaption" and block.text not in held and (heading or anchor >= 0):
            held.add(block.text)
            before.setdefault(anchor + 1, []).append(_Line(block.text, LineKind.CAPTION))
    merged: list[_Line] = []
    for number, line in enumerate(lines):
        merged += before.get(number, ())
        merged.append(line)
    return merged


def _with_lead(lines: list[_Line], shown: Sequence[Block], found: page_metadata.Page) -> list[_Line]:
    """The lines with headline, standfirst and byline: told among the first ones, else put where they belong."""
    above = _above(lines, shown)
    at = 0
    for kind, text in (
        (LineKind.HEADLINE, found.meta.title),
        (LineKind.HEADLINE, _second_headline(lines, shown, found.meta)),
        (LineKind.STANDFIRST, _standfirst(above, found)),
        (LineKind.BYLINE, _byline(above, found.meta.author)),
    ):
        if text is None:
            continue
        held = next(
            (number for number, line in enumerate(lines[: at + _LEAD]) if _same(line.text, text)), None
        )
        if held is None:
            lines.insert(at, _Line(text, kind))
            at += 1
        else:
            lines[held].kind = kind
            at = max(at, held + 1)
    return lines


def _second_headline(lines: Sequence[_Line], shown: Sequence[Block], meta: Metadata) -> str | None:
    """The headline that the page shows, where it was left out and the title that it states is another one.

    It is the only one of its rank, above the text, and says something of what the title says: others are sites' names.
    """
    headings = [block.text for block in shown if block.tag == "h1"]
    if meta.title is None or len(headings) != 1:
        return None
    (heading,) = headings
    own, told = (set(_TOLD.findall(text.casefold())) for text in (heading, meta.title))
    plain, title = outlets.bare_words(heading), outlets.bare_words(meta.title)
    new = title not in plain and plain not in title and plain != outlets.bare_words(meta.outlet or "")
    is_one = len(heading.split()) > 2 and own & told and len(heading) <= _LONGEST_HEADING
    held = is_one and new and any(plain in outlets.bare_words(line.text) for line in lines)
    return heading if is_one and new and not held else None


def _above(lines: Sequence[_Line], shown: Sequence[Block]) -> list[Block]:
    """What the page shows between its headline and the first two lines of the article."""
    first = {line.text for line in lines[:_LEAD] if len(line.text) > 80}
    start = next((number + 1 for number, block in enumerate(shown) if block.tag == "h1"), None)
    if start is None:
        return []
    end = next(
        (number for number, block in enumerate(shown) if number >= start and block.text in first), None
    )
    return list(shown[start : (end or start) + 1])


def _standfirst(above: Sequence[Block], found: page_metadata.Page) -> str | None:
    for block in above[:-1]:
        if 20 <= len(block.text) <= 600 and (
            block.tag == "standfirst"
            or any(_same(block.text, description) for description in found.descriptions)
        ):
            return block.text
    return None


def _byline(above: Sequence[Block], author: str | None) -> str | None:
    for block in above:
        if (
            block.tag == "byline"
            and len(block.text) <= 150
            and author
            and author.split(", ")[0] in block.text
        ):
            return block.text
    return None


def _same(one: str, other: str) -> bool:
    near = min(len(one), len(other)) * 2 > max(len(one), len(other))
    return near and outlets.bare_words(one) == outlets.bare_words(other)


def _extracted(lines: Sequence[_Line], meta: Metadata) -> Extracted:
    text = "\n".join(line.text for line in lines)
    language = page_metadata.language_of(meta.language, text)
    return Extracted(text, tuple(line.kind for line in lines), replace(meta, language=language))
