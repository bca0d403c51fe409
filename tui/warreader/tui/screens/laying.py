"""A version of a quotation laid over the one it is compared with: what is struck, what is new, in one line of text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from warreader.index.api import Piece, PieceKind
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import plain_inline

Part = tuple[str, str]
"""Text and its style."""

_WHOLE = 18
"""Words that stand the same in both are shown whole up to this many, where only differences are shown."""
_AROUND = 6
"""Else so many of them on either side."""

_GONE = (PieceKind.DROPPED, PieceKind.LEFT)
_HEAD = re.compile(r"^[^\w]*")
_GAP = re.compile(r"\s{2,}")
_TAIL = re.compile(r"[^\w]*$")


def changes(pieces: Sequence[Piece]) -> str:
    """What became of the words, counted: "5 cut, 2 added"."""
    counts = dict.fromkeys(("cut", "added", "changed", "moved"), 0)
    for piece in pieces:
        old, new = len(piece.old.split()), len(piece.new.split())
        if piece.kind is PieceKind.DROPPED:
            counts["cut"] += old
        elif piece.kind is PieceKind.ADDED:
            counts["added"] += new
        elif piece.kind is PieceKind.CHANGED:
            counts["changed"] += max(old, new)
        elif piece.kind is PieceKind.MOVED:
            counts["moved"] += new
    told = [f"{count} {name}" for name, count in counts.items() if count]
    return ", ".join(told) if told else "word for word"


def kept_words(pieces: Sequence[Piece]) -> int:
    """How many words stand in both."""
    kept = (PieceKind.SAME, PieceKind.MOVED)
    return sum(len(piece.new.split()) for piece in pieces if piece.kind in kept)


def laid_over(
    pieces: Sequence[Piece], theme: ReaderTheme, *, brief: bool = False, marked: bool = False
) -> list[str | Part]:
    """What a version says, with what it left out struck where it stood.

    The punctuation is the version's own: what was left out at the end of its words stands before the mark that closes
    them, what was left out at their beginning after the one that opens them.

    Args:
        pieces: how the version lies over the one it is compared with.
        theme: for colours.
        brief: leave out the middle of what is the same.
        marked: without colours: ``[-struck-]`` and ``{+added+}`` say it in letters, for terminals that can't strike.
    """
    laying = _Laying(theme, marked=marked)
    begun, at = 0, 0
    while at < len(pieces):
        piece, after = pieces[at], pieces[at + 1] if at + 1 < len(pieces) else None
        new = in_one_line(piece.new)[begun:]
        begun = 0
        if piece.kind is PieceKind.SAME:
            at += laying.same(piece, new, after, brief=brief)
        else:
            begun = laying.other(piece, new, after, first=at == 0)
        at += 1
    return laying.parts


class _Laying:
    """Writes the parts."""

    def __init__(self, theme: ReaderTheme, *, marked: bool) -> None:
        self.parts: list[str | Part] = []
        self._theme = theme
        self._marked = marked

    def same(self, piece: Piece, new: str, after: Piece | None, *, brief: bool) -> bool:
        """Lay what stands in both; whether what comes after was laid with it, before the mark that closes it."""
        text = _shortened(new) if brief else new
        ends = _cut(_TAIL, new), _cut(_TAIL, in_one_line(piece.old))
        if after is None or after.kind not in _GONE or ends[0].strip() == ends[1].strip():
            self.say(text)
            return False
        self.say(text[: len(text) - len(ends[0])])
        gone = ends[1] + in_one_line(after.old)
        self.strike(_TAIL.sub("", gone) if ends[0].strip() else gone.rstrip())
        self.say(ends[0])
        return True

    def other(self, piece: Piece, new: str, after: Piece | None, *, first: bool) -> int:
        """Lay what differs; how much of what comes after was said before it, the mark that opens that."""
        old, begun = in_one_line(piece.old), 0
        if piece.kind is PieceKind.ASIDE:
            # Nobody's words that are compared: the other paper's are of no use here.
            self.parts += [(new, "dim")] if new else []
            return begun
        if first and after is not None and not new and (opening := _cut(_HEAD, in_one_line(after.new))):
            self.say(opening)
            begun, old = len(opening), _HEAD.sub("", old)
        elif (opening := _cut(_HEAD, new)) and _cut(_HEAD, old):
            # Both begin with a mark: the version's own, which is no difference.
            if not first:
                self.part()
            self.say(opening)
            old, new, first = _HEAD.sub("", old), new[len(opening) :], True
        if piece.kind not in (PieceKind.ADDED, PieceKind.MOVED):
            if not first:
                self.part()
            self.strike(old.rstrip())
            self.say(old[len(old.rstrip()) :] or " ")
        if new:
            self.add(new.rstrip(), moved=piece.kind is PieceKind.MOVED)
            self.say(new[len(new.rstrip()) :])
        return begun

    def say(self, text: str) -> None:
        """Words that stand in both."""
        self.parts.append(text)

    def part(self) -> None:
        """What follows stands apart from what goes before: "pay for it," and what another outlet left out."""
        if self.parts and not text_of(self.parts[-1])[-1:].isspace():
            self.say(" ")

    def strike(self, text: str) -> None:
        """Words that were left out."""
        self.parts.append((f"[-{text}-]" if self._marked else text, f"strike {self._theme.error}"))

    def add(self, text: str, *, moved: bool) -> None:
        """Words that came in, or stand here now."""
        style = f"italic underline {self._theme.accent}" if moved else f"underline {self._theme.success}"
        self.parts.append((f"{{+{text}+}}" if self._marked else text, style))


def text_of(part: str | Part) -> str:
    """A part without its style."""
    return part if isinstance(part, str) else part[0]


def in_one_line(text: str) -> str:
    """Words on one line: saved pages have lines and many spaces between two paragraphs of a quotation."""
    return _GAP.sub(" ", plain_inline(text))


def _cut(pattern: re.Pattern[str], text: str) -> str:
    found = pattern.search(text)
    return found[0] if found else ""


def _shortened(text: str) -> str:
    """A long stretch with its middle left out."""
    words = text.split(" ")
    if len(words) <= _WHOLE:
        return text
    return " ".join([*words[:_AROUND], "[…]", *words[-_AROUND:]])
