"""When two articles are versions of one: the same address, and much the same words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_AKIN = 0.3
"""Share of five-word runs that makes two texts from one address versions of one article."""


def akin(one: str, other: str) -> bool:
    """Whether two texts have enough runs of five words in common to be versions of one article."""
    runs, others = (
        set(zip(*(words[at:] for at in range(5)), strict=False))
        for words in (re.findall(r"\w+", text.lower()) for text in (one, other))
    )
    if not runs or not others:
        return False
    return len(runs & others) >= _AKIN * min(len(runs), len(others))


_PASSING = re.compile(
    r"(?:utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|ocid|cmpid|at_\w+|ref|ref_src|smid)"
)


def comparable(url: str | None) -> str | None:
    """An address as addresses of one page are alike in it; ``None`` for one that names no page of its own.

    Scheme, ``www.``, mobile hosts, closing slashes, fragments and what only
    tells where a visitor came from are left out.
    """
    if not url:
        return None
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    host = re.sub(r"^(?:www|m|mobile|amp)\.", "", parts.netloc.lower())
    path = re.sub(r"/(?:amp|index\.html?)?/*$", "", parts.path)
    asked = sorted(part for part in parts.query.split("&") if not _PASSING.fullmatch(part.partition("=")[0]))
    query = "&".join(part for part in asked if part)
    if not host or not (path or query):
        return None
    return f"{host}{path}{'?' + query if query else ''}"
