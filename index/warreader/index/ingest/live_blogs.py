"""Live blogs: pages of many short posts, each in an ``article`` of its own, with its time and mostly a heading.

Rules that look for one container find the first post, or some, without headings and times. Here all posts are
found, and told from what else stands in many ``article`` elements: teasers, whose headings lead to other pages,
and comments.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from warreader.index.ingest import markup
from warreader.index.ingest.left_out import Paragraph, paragraphs, stands_apart

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LEAST = 3
"""Posts from which a page is a live blog."""
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def posts(tree: HtmlElement) -> list[HtmlElement]:
    """The posts of a live blog, as the page shows them; none where the page is none.

    Most of the prose of the page stands in them, and at least three of them say when they were written.
    """
    streams: defaultdict[tuple[object, ...], list[HtmlElement]] = defaultdict(list)
    apart: dict[HtmlElement, bool] = {}
    for element in tree.iter("article"):
        stream = _stream(element, apart)
        if next(element.iterdescendants("article"), None) is None and stream is not None:
            streams[stream].append(element)
    candidates = [stream for stream in streams.values() if len(stream) >= _LEAST]
    if not candidates:
        return []
    prose = paragraphs(tree)
    held: defaultdict[HtmlElement, list[Paragraph]] = defaultdict(list)
    for paragraph in prose:
        if (post := _post_of(paragraph.parent)) is not None:
            held[post].append(paragraph)
    found = max(candidates, key=lambda stream: sum(_size(held[post]) for post in stream))
    told = [post for post in found if held[post] and not _leads_elsewhere(post)]
    timed = sum(next(post.iter("time"), None) is not None for post in told)
    enough = timed >= _LEAST and len(told) * 2 > len(found)
    most = 2 * sum(_size(held[post]) for post in told) > _size(prose)
    return [post for post in found if not _leads_elsewhere(post)] if enough and most else []


def times(posts: list[HtmlElement]) -> frozenset[str]:
    """The lines of posts that say when they were written."""
    said = (" ".join(time.text_content().split()) for post in posts for time in post.iter("time"))
    return frozenset(filter(None, said))


def headings(posts: list[HtmlElement]) -> frozenset[str]:
    """The lines of posts that are their headings."""
    return frozenset(block.text for post in posts for block in markup.blocks(post) if block.tag in _HEADINGS)


def _stream(post: HtmlElement, apart: dict[HtmlElement, bool]) -> tuple[object, ...] | None:
    """What posts of one stream have in common: the element they stand in, each in an item of its own or not."""
    parent = post.getparent()
    if parent is None or stands_apart(post, apart):
        return None
    above = parent.getparent()
    single = post.getnext() is None and post.getprevious() is None
    alone = single and above is not None and parent.tag not in {"body", "main"}
    return (above, parent.tag) if alone else (parent, None)


def _post_of(element: HtmlElement) -> HtmlElement | None:
    if element.tag == "article":
        return element
    return next(element.iterancestors("article"), None)


def _size(prose: list[Paragraph]) -> int:
    return sum(paragraph.size for paragraph in prose)


def _leads_elsewhere(post: HtmlElement) -> bool:
    """Whether a heading of it is a link to another page, as of a teaser; ``#`` leads to the post itself."""
    for heading in post.iter(*_HEADINGS):
        links = [*heading.iter("a"), *heading.iterancestors("a")]
        if any("#" not in (link.get("href") or "#") for link in links):
            return True
    return False
