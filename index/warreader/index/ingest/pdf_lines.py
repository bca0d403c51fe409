"""The lines on the pages of a PDF: their words, where they stand and how large they are set, by PDFium.

A small PDF can be made to take all memory or to be drawn for days, and C code can't be
broken off. So it is read in a process of its own (``python -m`` of this module), which may
take only so much memory and time; it costs about a tenth of a second a document.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from math import hypot, pi
from typing import Any

from warreader.index.errors import InputError
from warreader.index.ingest import right_to_left

MOST_PAGES = 5000
LONGEST_SECONDS = 45
MOST_MEMORY = 2 * 1024**3
"""Bytes of address space, where the system can limit it."""

_MOST_CHARACTERS = 20_000_000
"""Of the whole document."""

UNKNOWN = 0xFFFD
"""The code point for a sign of which the file doesn't tell what letter it is."""
HYPHEN = "\x02"
"""What PDFium gives for a hyphen at which a word was broken between lines."""

_LETTER_HEIGHT = 1.15
"""From descender to ascender, as a multiple of a font's size: what most fonts have."""
_BLANKS = frozenset({2, 9, 10, 13})
_NO_SIGNS = frozenset({2, 32})
"""Blanks, and PDFium's own hyphen."""
_NARROWEST = 1.0
"""Points: what is narrower than that shows nothing."""
_BOLD = 600
"""The weight from which letters are heavy, as CSS counts."""
_MARGIN = 3
"""Lines at the head and at the foot of a page among which running heads and page numbers stand."""

_DIGITS = re.compile(r"\d+")
_BROKEN = re.compile(r"(?<=[^\W\d_])[-\u2010\xad]$")
"""A hyphen at a line's end, where PDFium itself makes none of it."""
_RIGHT_TO_LEFT = re.compile(f"[{right_to_left.LETTERS}]")
_ALEFS = frozenset("\u0622\u0623\u0625\u0627")
_LAM = "\u0644"
_PAGE_NUMBER = re.compile(
    r"[\W_]*+(?:(?:page|seite|стр\.?|страница|сторінка|p\.)\s*+)?(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*+(?:/|of|von|из|з)\s*+\d{1,4})?[\W_]*+",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:https?|file)://\S+(?:\s+\d{1,4}/\d{1,4})?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d.*"
)
"""What browsers print at the foot and head of a page."""


@dataclass(slots=True)
class Line:
    """A line of a page; lengths in points, from the page's lower left corner, as if it stood upright.

    ``text`` ends in :data:`HYPHEN` where its last word goes on in the next line; ``size`` is about the
    height from descender to ascender; ``turn`` is by how many quarters the line was turned. On a page
    written from right to left, ``left`` is where lines begin.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    size: float
    bold: bool = False
    furniture: bool = False
    turn: int = 0


@dataclass(frozen=True, slots=True)
class Document:
    """A PDF's lines in reading order, and what it states of itself."""

    lines: list[Line]
    stated: dict[str, str]
    pages: int


def read(data: bytes) -> Document:
    """The lines of all pages.

    Raises:
        InputError: it needs a password, is damaged or too long, takes too much time or memory,
            or PDFium isn't installed.
    """
    path = os.pathsep.join(entry for entry in sys.path if entry)
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-m", "warreader.index.ingest.pdf_lines"],
            input=data,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            env={**os.environ, "PYTHONPATH": path},
            check=True,
        )
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        reason = f"took longer than {LONGEST_SECONDS} seconds to read; print it to a new PDF, or split it"
        raise InputError(reason) from error
    except (subprocess.CalledProcessError, ValueError) as error:
        raise InputError("reading it ended the reader; the file is damaged, or made to do harm") from error
    if "error" in found:
        raise InputError(found["error"])
    return Document([Line(**line) for line in found["lines"]], found["stated"], found["pages"])


def main() -> None:
    """Read a PDF on standard input and write its lines to standard output as JSON."""
    _limit_memory()
    try:
        found: dict[str, object] = asdict(read_here(sys.stdin.buffer.read()))
    except InputError as error:
        found = {"error": error.reason}
    sys.stdout.write(json.dumps(found))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read_here(data: bytes) -> Document:
    """As :func:`read`, in this process: for tests and for who has limited it already."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower():
            raise InputError(
                "needs a password; save it without one, for instance by printing it to PDF"
            ) from error
        raise InputError(
            "a damaged PDF, or none; open it in a PDF reader and save or print it anew"
        ) from error
    with document:
        pages = len(document)
        if pages > MOST_PAGES:
            raise InputError(f"more than {MOST_PAGES} pages; split it")
        lines: list[Line] = []
        left = _MOST_CHARACTERS
        for number in range(pages):
            try:
                found = _page_lines(document, number, left)
            except pdfium.PdfiumError:
                # One page that is damaged doesn't lose the others.
                continue
            left -= sum(len(line.text) for line in found)
            lines.extend(found)
        _label(lines, pages)
        try:
            stated = {str(key): str(value) for key, value in document.get_metadata_dict().items()}
        except (pdfium.PdfiumError, UnicodeDecodeError):
            stated = {}
    return Document(lines, stated, pages)


def _page_lines(document: Any, number: int, limit: int) -> list[Line]:
    from pypdfium2 import raw

    page = document[number]
    text_page = page.get_textpage()
    handle = text_page.raw
    try:
        count = raw.FPDFText_CountChars(handle)
        if count > limit:
            raise InputError(f"more than {_MOST_CHARACTERS} characters; split it")

        found = list(_lines_of(_characters(handle, count), number, _Look(handle)))
    finally:
        text_page.close()
        page.close()
    return _straight(found)


class _Look:
    """How a page's characters are set, by their number."""

    def __init__(self, handle: Any) -> None:
        from pypdfium2 import raw

        self._handle, self._raw = handle, raw

    def turn(self, index: int) -> int:
        """By how many quarters."""
        return round(float(self._raw.FPDFText_GetCharAngle(self._handle, index)) * 2 / pi) % 4

    def size(self, index: int) -> float:
        """The font's size in points, 0 where it isn't known."""
        from ctypes import byref

        matrix = self._raw.FS_MATRIX()
        if not self._raw.FPDFText_GetMatrix(self._handle, index, byref(matrix)):
            return 0.0
        return float(self._raw.FPDFText_GetFontSize(self._handle, index)) * hypot(matrix.c, matrix.d)

    def bold(self, index: int) -> bool:
        """Whether it is said to be set in heavy letters."""
        return int(self._raw.FPDFText_GetFontWeight(self._handle, index)) >= _BOLD


_Box = tuple[float, float, float, float]
"""Left, right, bottom, top."""


def _characters(handle: Any, count: int) -> Iterator[tuple[int, int, _Box]]:
    """The characters of a page in order: their number, code point and box."""
    from ctypes import byref

    from pypdfium2 import raw

    box = raw.FS_RECTF()
    surrogate = 0
    for index in range(count):
        code = raw.FPDFText_GetUnicode(handle, index)
        # Where characters are given in two halves.
        if 0xD800 <= code < 0xDC00:
            surrogate = code
            continue
        if 0xDC00 <= code < 0xE000:
            code = 0x10000 + ((surrogate - 0xD800) << 10) + (code - 0xDC00) if surrogate else 0xFFFD
        surrogate = 0
        if code == 0xFFFE:
            code = ord(HYPHEN)  # so PDFium has it in its text
        # A sign whose letter the file doesn't tell is a letter all the same.
        unknown = (code < 32 and code not in _BLANKS) or code == 0xFFFF or code > 0x10FFFF
        # Ends of lines and PDFium's own hyphen have no box.
        if code in (2, 10, 13) or raw.FPDFText_GetLooseCharBox(handle, index, byref(box)):
            if unknown and box.right - box.left < _NARROWEST:
                continue
            yield index, UNKNOWN if unknown else code, (box.left, box.right, box.bottom, box.top)


@dataclass(slots=True)
class _Open:
    """A line to which characters are being added; its places are as if it stood upright."""

    turn: int
    left: float
    right: float
    bottom: float
    top: float
    letters: list[right_to_left.Letter] = field(default_factory=list)
    boxes: list[_Box] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)

    def begins_anew(self, box: _Box) -> bool:
        middle = (box[3] + box[2]) / 2
        return not self.bottom <= middle <= self.top and box[0] < self.right

    def add(self, index: int, code: int, box: _Box) -> None:
        letter = chr(code)
        if code not in _NO_SIGNS:
            self.left, self.right = min(self.left, box[0]), max(self.right, box[1])
            if letter == _LAM and self.boxes and box == self.boxes[-1] and self.letters[-1][0] in _ALEFS:
                # Of one sign for both, which PDFium turned round with the other letters.
                self.letters[-1] = (letter + self.letters[-1][0], box[0], box[1])
                return
            if letter >= right_to_left.FIRST and _RIGHT_TO_LEFT.match(letter):
                # Of which each stands at its own height, and all begin to the left of the line's end.
                self.bottom, self.top = min(self.bottom, box[2]), max(self.top, box[3])
            self.boxes.append(box)
            self.numbers.append(index)
        self.letters.append((letter, box[0], box[1]))

    def closed(self, page: int, look: _Look) -> Line:
        text = "".join([letter for letter, _, _ in self.letters])
        if _RIGHT_TO_LEFT.search(text):
            text = right_to_left.read(self.letters) or text
        text = " ".join(text.split(" ")).strip(" \t")
        text = _BROKEN.sub(HYPHEN, text).replace("\xad", "")
        if HYPHEN in text[:-1]:
            text = text[:-1].replace(HYPHEN, "-") + text[-1]
        # One tall sign doesn't make a line a large one.
        bottom, top = (sorted(box[edge] for box in self.boxes)[len(self.boxes) // 2] for edge in (2, 3))
        middle = self.numbers[len(self.numbers) // 2]
        size = look.size(middle) * _LETTER_HEIGHT
        if not 0.5 < size / max(top - bottom, 0.1) < 4:
            size = top - bottom
        return Line(text, page, self.left, self.right, bottom, top, size, look.bold(middle), turn=self.turn)


def _lines_of(characters: Iterable[tuple[int, int, _Box]], number: int, look: _Look) -> Iterator[Line]:
    line: _Open | None = None
    for index, code, place in characters:
        if code in (10, 13):
            # PDFium joins some lines with a space, and those that end in a hyphen.
            if line is not None:
                yield line.closed(number, look)
            line = None
            continue
        blank = code in _NO_SIGNS
        box = _upright(place, line.turn) if line is not None and line.turn else place
        if line is not None and not blank and line.begins_anew(box):
            turn = look.turn(index)
            if turn != line.turn or line.begins_anew(box):
                yield line.closed(number, look)
                line = None
        if line is None:
            if blank:
                continue
            turn = look.turn(index)
            box = _upright(place, turn) if turn else place
            line = _Open(turn, *box)
        line.add(index, code, box)
    if line is not None:
        yield line.closed(number, look)


def _upright(box: _Box, turn: int) -> _Box:
    """Where it would stand if its line were turned back by so many quarters."""
    left, right, bottom, top = box
    if turn == 1:
        return -top, -bottom, left, right
    if turn == 2:
        return -right, -left, -top, -bottom
    return (bottom, top, -right, -left) if turn == 3 else box


def _straight(lines: list[Line]) -> list[Line]:
    """A page's lines seen as most of its text runs; what runs otherwise (in the margin, beside a diagram) comes last.

    Where that is from right to left, left and right are exchanged.
    """
    turns: Counter[int] = Counter()
    for line in lines:
        turns[line.turn] += len(line.text)
    most = max(turns, key=lambda turn: (turns[turn], -turn), default=0)
    other = [line for line in lines if line.turn != most]
    for line in other:
        line.furniture = True
    found = [line for line in lines if line.turn == most]
    if most:
        found = _downwards(found)
    found += other
    letters = sum(map(str.isalpha, "".join(line.text for line in found)))
    if 2 * sum(len(_RIGHT_TO_LEFT.findall(line.text)) for line in found) > letters:
        for line in found:
            line.left, line.right = -line.right, -line.left
    return found


def _downwards(lines: Sequence[Line]) -> list[Line]:
    """Lines with those that stand under one another in order, in which PDFium doesn't put what was turned."""
    columns: list[list[Line]] = []
    for line in lines:
        if columns and abs(line.left - columns[-1][-1].left) <= 4 * line.size:
            columns[-1].append(line)
        else:
            columns.append([line])
    return [line for column in columns for line in sorted(column, key=lambda line: -line.bottom)]


def _label(lines: list[Line], pages: int) -> None:
    """Mark running heads and feet (the same, but for numbers, on several pages at one height) and page numbers."""
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        if line.text and not line.furniture:
            by_page.setdefault(line.page, []).append(line)
    margins: list[list[Line]] = []
    for found in by_page.values():
        found.sort(key=lambda line: -line.top)
        edge = min(_MARGIN, len(found) - 1)
        margins += [found[:edge], found[len(found) - edge :][::-1]]
    shared = Counter(key for key, _ in {(_key(line), line.page) for margin in margins for line in margin})
    for margin in margins:
        outer: Line | None = None
        for line in margin:
            if outer is not None and abs(outer.bottom - line.bottom) > 0.5 * outer.size:
                break
            if shared[_key(line)] >= min(3, max(2, pages)) or _alone(line):
                line.furniture = True
            elif outer is None:
                outer = line


def _alone(line: Line) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text) or _PRINTED.fullmatch(line.text))


def _key(line: Line) -> tuple[str, int]:
    return " ".join(_DIGITS.sub("#", line.text).lower().split()), round(line.bottom / 3)


if __name__ == "__main__":
    main()
