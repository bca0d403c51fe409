"""Which of the names that a page gives is its outlet's: the one that its address bears out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SEPARATOR = re.compile(r"(?<!\s)\s++(?:[|–—•·»«›⁄/:-]|::)\s++|(?:(?<!\s)\s++)?+[|｜]\s*+|(?<=\w): ")
"""What stands between a title and the names hung on it."""

_FEED_SEPARATOR = re.compile(rf"{SEPARATOR.pattern}|(?<!\s)\s++>\s++|(?:(?<!\s)\s++)?+[\"“”]\s*+")
_DOMAIN = re.compile(r"(?:https?://)?(?:[\w-]+\.)+[a-z]{2,}/?", re.IGNORECASE)
_NONE = re.compile(r"https?:|^[@/]|©|copyright|版权", re.IGNORECASE)
_LONGEST = 60
_MARKED = re.compile(r"logo|masthead|brand|site-?(?:name|title)", re.IGNORECASE)
_ADDED = re.compile(
    r"^(?:logo(?: of)?|go to)\b:?\s*|(?:(?<!\W)\W++)?+\b(?:logo|home ?page|home)$", re.IGNORECASE
)
_INITIALS = 4
"""Letters up to which a name is taken for initials."""
_LOOKED_AT = 400
"""Pictures and links among which a logo is looked for: it stands at a page's head."""


def chosen(stated: Sequence[str], window: str | None, host: str, tree: HtmlElement) -> str | None:
    """The likeliest name; ``None`` where none is more than an address.

    Args:
        stated: names the page gives its outlet, the likeliest first.
        window: the title of its window, at whose end outlets put their names.
        host: of its address, without ``www.``; empty if it isn't known.
        tree: the page, whose logo is looked for where only initials are stated, or nothing.
    """
    names = [name for name in stated if not _DOMAIN.fullmatch(name)]
    # Sections, owners and agencies are given out as the outlet too; its own name is mostly in its address.
    labels = _labels(host)
    hung = [tail for tail in _tails(window) if not names or len(tail) > _INITIALS]
    borne_out = (name for name in (*names, *hung) if _agrees(name, labels))
    outlet = next(borne_out, next(iter(names), None))
    if outlet is None:
        return next((name for name in _logos(tree) if _agrees(name, labels)), None)
    if len(outlet) <= _INITIALS and outlet.isupper():
        return next((name for name in _logos(tree) if _initials(name) == bare_words(outlet)), outlet)
    return outlet


def of_feed(title: str, address: str) -> str | None:
    """The outlet in a feed's title ("World news | The Guardian"): the part its address bears out, else the whole."""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    labels = _labels(host)
    parts = [part.strip() for part in _FEED_SEPARATOR.split(title) if may_be(part.strip())]
    named = next((part for part in parts if len(parts) > 1 and _agrees(part, labels)), None)
    return named or title or None


def hung(window: str, host: str) -> str | None:
    """The name at the end of a window's title that its page's address bears out."""
    return next((tail for tail in _tails(window) if _agrees(tail, _labels(host))), None)


def may_be(name: str) -> bool:
    """Whether it has the form of a name rather than of an account, an address or a copyright notice."""
    return 1 < len(name) <= _LONGEST and not _NONE.search(name)


def is_domain(name: str) -> bool:
    """Whether it is a host's name."""
    return _DOMAIN.fullmatch(name) is not None


def bare_words(text: str) -> str:
    """Letters and digits alone, so that titles can be compared however they are dressed."""
    return "".join(character for character in text.casefold() if character.isalnum()).removeprefix("the")


def is_one_of(name: str, names: set[str]) -> bool:
    """Whether a name is one of these, which are bare words, or begins one, or one begins it."""
    plain = bare_words(name)
    if not plain or len(name.split()) > 6:
        return False
    return any(
        plain == other
        or (min(len(plain), len(other)) > 2 and (plain.startswith(other) or other.startswith(plain)))
        for other in names
    )


def _labels(host: str) -> list[str]:
    """The parts of a host's name that may tell an outlet's."""
    return [bare for label in host.split(".")[:-1] if len(bare := bare_words(label)) > 2]


def _agrees(name: str, labels: Sequence[str]) -> bool:
    """Whether the parts of an address hold a name: whole, its words or its initials."""
    if is_one_of(name, set(labels)):
        return True
    words = [bare for word in name.split() if (bare := bare_words(word))]
    if not 2 <= len(words) <= 6:
        return False
    plain, initials = "".join(words), _initials(name)
    return (
        any(len(label) > 4 and label in plain for label in labels)
        or (len(initials) > 2 and any(label.startswith(initials) for label in labels))
        or all(len(word) > 2 and any(label.startswith(word) for label in labels) for word in words)
    )


def _initials(name: str) -> str:
    return "".join(bare[0] for word in name.split() if (bare := bare_words(word)))


def _tails(window: str | None) -> Iterator[str]:
    """What hangs on a window's title, the last first."""
    parts = SEPARATOR.split(window or "")[1:]
    return (tail for part in reversed(parts) if may_be(tail := part.strip()) and not _DOMAIN.fullmatch(tail))


def _logos(tree: HtmlElement) -> Iterator[str]:
    """What pictures and links that are marked as the outlet's say."""
    for element in islice(tree.iter("img", "a", "svg"), _LOOKED_AT):
        near = (element, parent) if (parent := element.getparent()) is not None else (element,)
        marks = " ".join(one.get(key) or "" for one in near for key in ("class", "id", "itemprop", "src"))
        if any(one.get("href") == "/" for one in near) or _MARKED.search(marks):
            told = [element.get(key) for key in ("alt", "aria-label", "title")]
            told += [title.text for title in element.iter("title")]
            for name in (_ADDED.sub("", " ".join(one.split())) for one in told if one):
                if may_be(name) and "_" not in name and not _DOMAIN.fullmatch(name):
                    yield name
