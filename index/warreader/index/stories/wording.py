"""An article's own wording as copies of a story are told by: runs of five words.

What an outlet changes in a text it takes over doesn't count: headline and byline, marks,
dashes, case and white space. What any two articles on one event have in common doesn't
either: words in quotation marks are left out of what is compared.

Candidates are found through *marks*: hashed runs whose first word is sampled by its own
hash alone, so that two texts sample the same runs wherever these stand (Manber, "Finding
Similar Files in a Large File System", USENIX 1994). Stories are cut from the bottom, so the
first words are sampled densely.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Sequence
from itertools import islice

from warreader.index.article import Line, LineKind
from warreader.index.text import fold_marks

RUN = 5
"""Words in a run."""

HEAD = 120
"""Words of the beginning, which are sampled densely."""

MARKED = 4_000
"""Code points of an article that are looked at for marks: stories are cut from the bottom."""

COMPARED = 300_000
"""Code points of an article that are compared."""

_HEAD, _REST = 2, 4
"""Levels (see :class:`_Levels`) from which on a run is a mark, in the beginning and beyond."""

_SHORTEST = 6
"""Letters of a word that a mark can begin with."""

_UNSPACED = 25
"""Code points to each white space that no script has which sets words apart."""

_LEAST_OWN = 30
"""Runs outside quotation marks that are enough to tell a text by."""

_READ = (LineKind.STANDFIRST, LineKind.BODY)
_WORD = re.compile(r"\w+")
_APOSTROPHES = "'’‘ʼ`"
# A quotation that goes on in the next paragraph isn't closed in this one.
_QUOTED = re.compile(r'"[^"\n]*+(?:"|$)', re.MULTILINE)
_MEMORY = 1 << 14


class _Levels(dict[str, int]):
    """How readily a run that begins with a token is sampled: one word in ``2 ** level`` has the level or more.

    A word's letters alone decide, so that the same runs are sampled in every text. Short words,
    too frequent for that, have level 0.
    """

    def __missing__(self, token: str) -> int:
        if len(self) >= _MEMORY:
            self.clear()
        word = _WORD.search(token)
        level = 0
        if word is not None and len(word[0]) >= _SHORTEST:
            value = zlib.crc32(word[0].encode("utf-8", "surrogatepass"))
            level = (value & -value).bit_length() - 1 if value else 32
        self[token] = level
        return level


_levels = _Levels()


def plain(text: str, lines: Sequence[Line], most: int = COMPARED) -> str:
    """What is compared of an article: its standfirst and body in small letters, without apostrophes.

    Args:
        most: code points after which no more is read.
    """
    kept = []
    length = 0
    for line in lines:
        if line.kind in _READ:
            kept.append(text[line.start : min(line.end, line.start + most)])
            length += line.end - line.start
            if length >= most:
                break
    body = "\n".join(kept).lower()
    # Not text.fold: translating every code point would take longer than all the rest.
    for apostrophe in _APOSTROPHES:
        body = body.replace(apostrophe, "")
    return body


def marks(body: str) -> set[int]:
    """The marks of the beginning of a text from :func:`plain`."""
    body = body[:MARKED]
    tokens = body.split()
    if len(tokens) * _UNSPACED < len(body):
        # A script without spaces: what stands between its stops has to do for words.
        tokens = _WORD.findall(body)
    levels = _levels
    # Most tokens are short: their length is asked for sooner than their level.
    sampled = [at for at, token in enumerate(tokens) if len(token) >= _SHORTEST and levels[token] >= _HEAD]
    places = [at for at in sampled if at < HEAD or levels[tokens[at]] >= _REST]
    found = set()
    for at in places:
        # Some tokens, such as dashes, hold no word.
        run = _WORD.findall(" ".join(tokens[at : at + RUN + 3]))[:RUN]
        if len(run) == RUN:
            found.add(zlib.crc32(" ".join(run).encode("utf-8", "surrogatepass")))
    return found


Run = tuple[str, ...]


class Wording:
    """All runs of a text from :func:`plain`, and in order those of the outlet's own words."""

    def __init__(self, body: str) -> None:
        whole = list(_runs(body))
        own = [run for part in _QUOTED.split(fold_marks(body)) for run in _runs(part)]
        self.all = frozenset(whole)
        self.own = own if len(own) >= _LEAST_OWN else whole


def _runs(text: str) -> Iterator[Run]:
    words = _WORD.findall(text)
    return zip(*(islice(words, at, None) for at in range(RUN)), strict=False)


def shared(one: Wording, two: Wording) -> tuple[float, float, float]:
    """The share of each one's runs that the other has, and that of the shorter one's first third.

    Of the shorter one as little counts as shared as of its own words: two articles may
    quote the same speech at length and be written by two people.
    """
    if len(one.all) > len(two.all):
        back, share, head = shared(two, one)
        return share, back, head
    if not one.own:
        return 0.0, 0.0, 0.0
    common = len(one.all & two.all)
    found = [run in two.all for run in one.own]
    beginning = found[: max(_LEAST_OWN, len(found) // 3)]
    share = min(common / len(one.all), sum(found) / len(found))
    return share, min(share, common / len(two.all)), sum(beginning) / len(beginning)
