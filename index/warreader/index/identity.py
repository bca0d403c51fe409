"""When two articles are versions of one: the same address, and much the same words."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_AKIN = 0.3
"""Share of five-word runs that makes two texts from one address versions of one article."""


_FOREIGN = 0.03
"""The same share, under which nothing tells a text to be what another became."""
_SAYING = 60
"""Words from which a text can be told to be another article."""


def akin(one: str, other: str) -> bool:
    """Whether two texts have enough runs of five words in common to be versions of one article."""
    return _shared(one, other) >= _AKIN


def replaces(one: str, other: str) -> bool:
    """Whether a text may be a version of the one that was in its place: not where they are plainly two articles."""
    short = min(len(text.split()) for text in (one, other)) < _SAYING
    return short or _shared(one, other) >= _FOREIGN


def _shared(one: str, other: str) -> float:
    """The share of the shorter text's runs of five words that the other has too."""
    runs, others = (
        set(zip(*(words[at:] for at in range(5)), strict=False))
        for words in (re.findall(r"\w+", text.lower()) for text in (one, other))
    )
    least = min(len(runs), len(others))
    return len(runs & others) / least if least else 0.0


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
