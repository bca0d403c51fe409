"""Titles in quotation marks: of books, films, broadcasts. Nobody says them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.tokens import Token

LONGEST = 12
"""Words a title may have."""

BEFORE = 4
"""Tokens before the marks in which the kind of work is named."""

_WORKS = frozenset(
    [
        *(
            "book",
            "memoir",
            "memoirs",
            "novel",
            "autobiography",
            "biography",
            "bestseller",
            "trilogy",
            "thriller",
        ),
        *(
            "film",
            "movie",
            "documentary",
            "drama",
            "comedy",
            "sitcom",
            "miniseries",
            "blockbuster",
            "musical",
        ),
        *("song", "album", "anthem", "ballad", "hymn", "single", "opera", "ballet", "symphony"),
        *("show", "program", "programme", "broadcast", "series", "podcast", "episode", "newscast", "segment"),
        *("magazine", "newspaper", "journal", "newsletter", "blog", "column", "essay", "poem", "op-ed"),
        *("painting", "exhibition", "game", "titled", "entitled"),
    ]
)
_MAKERS = frozenset(
    ["author", "co-author", "host", "co-host", "hosts", "star", "director", "producer", "editor"]
)
_SMALL = frozenset(
    ["about", "from", "into", "over", "with", "than", "that", "upon", "after", "before", "without"]
)
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


def is_title(inner: str, before: Sequence[Token], after: Sequence[Token]) -> bool:
    """Whether marks hold the title of a work.

    Args:
        inner: the text in the marks, with them.
        before: the tokens of the sentence that stand before the marks.
        after: those that stand after them.
    """
    if not _title_case(inner):
        return False
    signed = len(after) > 1 and after[0].low == "by" and after[1].capital
    return signed or _names_work(before, len(_WORD.findall(inner)))


def _title_case(inner: str) -> bool:
    words = _WORD.findall(inner)
    if not words or len(words) > LONGEST or not words[0][0].isupper():
        return False
    long = [word for word in words if len(word) > 3 and word.lower() not in _SMALL]
    return bool(long) and all(word[0].isupper() for word in long)


def _names_work(before: Sequence[Token], words: int) -> bool:
    near = [token.low for token in before[-BEFORE:] if token.low != ","]
    if not near or near[-1] == ":":
        return False
    owned = near[-1].endswith(("'s", "s'")) and near[-1] not in v.SHORTENED
    shown = words > 1 and (owned or near[-1] in ("on", "in", "tell", "told", "tells", "telling"))
    owner = owned and any(low in ("on", "of") for low in near[:-1])
    maker = near[-1] == "of" and any(low in _MAKERS for low in near)
    return shown or owner or maker or any(low in _WORKS for low in near[-2:])
