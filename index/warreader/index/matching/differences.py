"""Two wordings of one statement laid over each other: what is the same, dropped, added, changed, moved."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from rapidfuzz.distance import LCSseq

from warreader.index.article import Span
from warreader.index.matching.rarity import rarity
from warreader.index.text import fold, words

COMMON = 2.5
"""Rarity (nats) below which a word may stand in both by chance; words that moved must have as much together."""

CHANCE = 2
"""Common words in a row that may be equal by chance between two changes."""

LEAST_MOVED = 3
"""Words in a row that count as moved; fewer are dropped here and added there."""

MOST_BLOCKS = 24
"""Changed stretches of each side among which moved words are looked for."""

_CLOSED = re.compile(r"[^\s“‘«„\"'][\"”’»“][.,]?\s+$")
_OPENED = re.compile(r"[\"“‘«„]\w")
"""What stands before a paper's own words between two stretches in marks, and what after them."""


class PieceKind(StrEnum):
    """What became of a stretch: ``MOVED`` stands where it went to, ``LEFT`` where it was.

    ``ASIDE`` are words of a paper's own between two stretches in marks ("…," she added. "…"), in one of the two only.
    """

    SAME = "same"
    DROPPED = "dropped"
    ADDED = "added"
    CHANGED = "changed"
    MOVED = "moved"
    LEFT = "left"
    ASIDE = "aside"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of both texts, one of them empty where it stands in the other only.

    The ``old`` of all pieces joined are the old text, the ``new`` the new one, to the code point.
    """

    kind: PieceKind
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class _Block:
    """Ranges of words, ends exclusive."""

    kind: PieceKind
    old: tuple[int, int]
    new: tuple[int, int]


def difference(old: str, new: str) -> tuple[Piece, ...]:
    """The words of ``new`` against those of ``old``; case, punctuation and the form of marks don't count."""
    before, after = _Words(old), _Words(new)
    if not before.folded or not after.folded:
        return _whole(old, new, same=not before.folded and not after.folded)
    blocks = _without_chance(_blocks(before.folded, after.folded), before.folded)
    blocks = _with_moved(blocks, before.folded, after.folded)
    return tuple(Piece(b.kind, before.text(*b.old), after.text(*b.new)) for b in blocks)


def with_asides(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The pieces of two quotations, where what one paper says itself between two stretches in marks is told as such."""
    found = list(pieces)
    for at, (before, piece, after) in enumerate(zip(pieces, pieces[1:], pieces[2:], strict=False), 1):
        added = piece.kind is PieceKind.ADDED and _CLOSED.search(before.new) and _OPENED.match(after.new)
        dropped = piece.kind is PieceKind.DROPPED and _CLOSED.search(before.old) and _OPENED.match(after.old)
        if added or dropped:
            found[at] = replace(piece, kind=PieceKind.ASIDE)
    return tuple(found)


def _whole(old: str, new: str, *, same: bool) -> tuple[Piece, ...]:
    """Two texts, one of them without words, as one piece."""
    if not old and not new:
        return ()
    if same:
        return (Piece(PieceKind.SAME, old, new),)
    if old and new:
        return (Piece(PieceKind.CHANGED, old, new),)
    return (Piece(PieceKind.DROPPED if old else PieceKind.ADDED, old, new),)


class _Words:
    """A text cut before each word but the first, so that no code point is lost; marks that open belong to the word."""

    def __init__(self, text: str) -> None:
        spans = list(words(text))
        self._text = text
        between = pairwise(spans)
        self._cuts = [0, *(_begin(text, *both) for both in between), len(text)] if spans else [0]
        self.folded = [fold(span.of(text)) for span in spans]

    def text(self, start: int, end: int) -> str:
        """The text of a range of words, with what stands after each."""
        return self._text[self._cuts[start] : self._cuts[end]] if start < end else ""


def _begin(text: str, before: Span, word: Span) -> int:
    """Where a word begins that follows another: after the last space between them, if there is one."""
    spaces = [at for at in range(before.end, word.start) if text[at].isspace()]
    return spaces[-1] + 1 if spaces else word.start


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    blocks = []
    i = j = 0
    for op in LCSseq.opcodes(old, new):
        if op.tag != "equal":
            continue
        blocks += _changed((i, op.src_start), (j, op.dest_start))
        i, j = op.src_end, op.dest_end
        blocks.append(_Block(PieceKind.SAME, (op.src_start, i), (op.dest_start, j)))
    return blocks + _changed((i, len(old)), (j, len(new)))


def _changed(old: tuple[int, int], new: tuple[int, int]) -> list[_Block]:
    gone, come = old[1] > old[0], new[1] > new[0]
    if gone and come:
        return [_Block(PieceKind.CHANGED, old, new)]
    if gone:
        return [_Block(PieceKind.DROPPED, old, new)]
    return [_Block(PieceKind.ADDED, old, new)] if come else []


def _without_chance(blocks: list[_Block], old: Sequence[str]) -> list[_Block]:
    """An "of the" left standing between two changes is part of them."""
    merged: list[_Block] = []
    for at, block in enumerate(blocks):
        inside = 0 < at < len(blocks) - 1
        if block.kind is PieceKind.SAME and inside and _by_chance(block, blocks[at - 1], blocks[at + 1], old):
            block = replace(block, kind=PieceKind.CHANGED)
        if merged and block.kind is not PieceKind.SAME and merged[-1].kind is not PieceKind.SAME:
            merged[-1:] = _changed((merged[-1].old[0], block.old[1]), (merged[-1].new[0], block.new[1]))
        else:
            merged.append(block)
    return merged


def _by_chance(block: _Block, before: _Block, after: _Block, old: Sequence[str]) -> bool:
    length = block.old[1] - block.old[0]
    if length > CHANCE or any(rarity(word) >= COMMON for word in old[slice(*block.old)]):
        return False
    both = before.kind is PieceKind.CHANGED and after.kind is PieceKind.CHANGED
    return both and _size(before) + _size(after) > 2 * length


def _size(block: _Block) -> int:
    return max(block.old[1] - block.old[0], block.new[1] - block.new[0])


def _with_moved(blocks: list[_Block], old: Sequence[str], new: Sequence[str]) -> list[_Block]:
    """Runs that left one changed stretch and stand in another are told as moved, not as dropped and added."""
    gone = [at for at, b in enumerate(blocks) if b.kind in (PieceKind.DROPPED, PieceKind.CHANGED)]
    come = [at for at, b in enumerate(blocks) if b.kind in (PieceKind.ADDED, PieceKind.CHANGED)]
    left: dict[int, tuple[int, int]] = {}
    moved: dict[int, tuple[int, int]] = {}
    for source in gone[:MOST_BLOCKS]:
        for target in come[:MOST_BLOCKS]:
            if source == target or target in moved or source in left:
                continue
            run = _longest_run(old, blocks[source].old, new, blocks[target].new)
            if run is not None:
                left[source], moved[target] = run
    found: list[_Block] = []
    for at, block in enumerate(blocks):
        found += _split(block, left.get(at), moved.get(at)) if at in left or at in moved else [block]
    return found


def _split(block: _Block, left: tuple[int, int] | None, moved: tuple[int, int] | None) -> Iterable[_Block]:
    """A changed stretch cut around the words that left it and those that came to it."""
    (i, i_end), (j, j_end) = block.old, block.new
    # What stands before the run on either side belongs together, and so does what stands after.
    away = left or (i, i)
    here = moved or (j, j)
    yield from _changed((i, away[0]), (j, here[0]))
    if left:
        yield _Block(PieceKind.LEFT, away, (here[0], here[0]))
    if moved:
        yield _Block(PieceKind.MOVED, (away[1], away[1]), here)
    yield from _changed((away[1], i_end), (here[1], j_end))


def _longest_run(
    old: Sequence[str], here: tuple[int, int], new: Sequence[str], there: tuple[int, int]
) -> tuple[tuple[int, int], tuple[int, int]] | None:
    """The longest run of equal words of two ranges, where it is long and telling enough to be the same."""
    best = 0
    at = (0, 0)
    ends: dict[int, int] = {}
    places: dict[str, list[int]] = {}
    for j in range(*there):
        places.setdefault(new[j], []).append(j)
    for i in range(*here):
        ends, before = {}, ends
        for j in places.get(old[i], ()):
            length = ends[j] = before.get(j - 1, 0) + 1
            if length > best:
                best, at = length, (i + 1, j + 1)
    i, j = at
    if best < LEAST_MOVED or sum(rarity(word) for word in old[i - best : i]) < COMMON:
        return None
    return (i - best, i), (j - best, j)
