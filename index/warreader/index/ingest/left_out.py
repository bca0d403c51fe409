"""What picking an article out of its page left out: paragraphs that stand in the same way as those that were picked.

Publishers cut an article into several containers, to put advertisements between
them, and rules that look for one container then find but the first part.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from warreader.index.ingest import markup
from warreader.index.ingest.outlets import bare_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_APART = re.compile(
    r"comment|disqus|related|recommend|newsletter|cookie|consent|promo|teaser|pop-?up|modal|caption|disclaimer",
    re.IGNORECASE,
)
_APART_TAGS = frozenset(["aside", "footer", "nav", "figure", "table", "li", *markup.SILENT])
_ASIDE = frozenset(["aside", "footer", "nav"])
_PROSE = 40
"""Characters from which a paragraph is taken for prose."""
_ENDS = 60
"""Characters of a paragraph's beginning and end, by either of which it is known again."""
_SHARE = 0.2
"""Part of the picked text from which a kind of container is taken for the article's own."""
_MISSED = 600
"""Characters of prose in one container that make an article by themselves."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of the page.

    Args:
        lines: its text.
        parent: the element it stands in.
        place: what that is like: its tag, its class and the article it is part of.
    """

    lines: tuple[str, ...]
    parent: HtmlElement
    place: tuple[object, ...]

    @property
    def size(self) -> int:
        """Characters."""
        return sum(map(len, self.lines))


def left_out(tree: HtmlElement, picked: Sequence[str]) -> tuple[list[tuple[int, str]], bool]:
    """The paragraphs of the article that are not among the picked lines.

    Returns:
        Each line with the number of picked lines it comes after; and whether the
        picked lines are something else than the article, which then is these alone.
    """
    prose = paragraphs(tree)
    known = bare_words(" ".join(picked))
    here = [_is_in(paragraph, known) for paragraph in prose]
    total = sum(map(len, picked))
    missing = [one for one, held in zip(prose, here, strict=True) if not held]
    # Where no paragraph at all was picked, it takes less to be more of an article.
    missed = _missed(missing, 2 * total if any(here) else total)
    of_place: Counter[tuple[object, ...]] = Counter()
    for paragraph, held in zip(prose, here, strict=True):
        if held:
            of_place[paragraph.place] += paragraph.size
    at = {line: number for number, line in enumerate(picked, 1)}
    found: list[tuple[int, str]] = []
    after = 0
    for paragraph, held in zip(prose, here, strict=True):
        after = max([after, *(at[line] for line in paragraph.lines if line in at)])
        own = of_place[paragraph.place] >= _SHARE * total > 0 or paragraph.parent is missed
        if own and not held:
            found += [(after, line) for line in paragraph.lines]
    return found, missed is not None and not of_place


def paragraphs(tree: HtmlElement) -> list[Paragraph]:
    """The paragraphs of prose, those of comments, captions and the like left out."""
    found = []
    # Asked of a parent once, not of each paragraph in it.
    places: dict[HtmlElement, tuple[object, ...] | None] = {}
    for element in tree.iter("p"):
        parent = element.getparent()
        if parent is None:
            continue
        if parent not in places:
            places[parent] = _place(parent)
        if (place := places[parent]) is None or _APART.search(element.get("class") or ""):
            continue
        text = element.text_content()
        linked = sum(len(link.text_content()) for link in element.iter("a"))
        if len(text.strip()) >= _PROSE and linked * 2 < len(text):
            lines = tuple(block.text for block in markup.blocks(element))
            found.append(Paragraph(lines, parent, place))
    return found


def _place(parent: HtmlElement) -> tuple[object, ...] | None:
    for element in (parent, *parent.iterancestors()):
        if element.tag == "body":
            break
        if element.tag in _APART_TAGS or _is_apart(element):
            return None
        if element.tag == "article":
            # Around an article anything may stand: what was never closed goes on to the page's end.
            return (parent.tag, parent.get("class"), element)
    return (parent.tag, parent.get("class"), None)


def stands_apart(element: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether it is, or stands in, what is called comments, related articles and the like.

    Args:
        known: what was found so far, filled; so each element is looked at once, however deep what is asked for stands.
    """
    asked: list[HtmlElement] = []
    around: HtmlElement | None = element
    while around is not None and around not in known and around.tag not in {"body", "html"}:
        asked.append(around)
        around = around.getparent()
    apart = around is not None and known.get(around, False)
    for one in reversed(asked):
        apart = apart or one.tag in _ASIDE or _is_apart(one)
        known[one] = apart
    return apart


def _is_apart(element: HtmlElement) -> bool:
    return bool(_APART.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _is_in(paragraph: Paragraph, known: str) -> bool:
    words = bare_words(" ".join(paragraph.lines))
    return words[:_ENDS] in known or words[-_ENDS:] in known


def _missed(missing: Sequence[Paragraph], least: int) -> HtmlElement | None:
    """The container that holds more prose than that, none of which was picked."""
    sizes: Counter[HtmlElement] = Counter()
    count: Counter[HtmlElement] = Counter()
    for paragraph in missing:
        sizes[paragraph.parent] += paragraph.size
        count[paragraph.parent] += 1
    parent, size = next(iter(sizes.most_common(1)), (None, 0))
    return parent if parent is not None and count[parent] >= 4 and size > max(_MISSED, least) else None
