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
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any

from warreader.index.errors import InputError

MOST_PAGES = 5000
LONGEST_SECONDS = 45
MOST_MEMORY = 2 * 1024**3
"""Bytes of address space, where the system can limit it."""

_MOST_CHARACTERS = 20_000_000
"""Of the whole document."""

HYPHEN = "\x02"
"""What PDFium gives for a hyphen at which a word was broken between lines."""

_MARGIN = 3
"""Lines at the head and at the foot of a page among which running heads and page numbers stand."""

_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:page|seite|стр\.?|страница|сторінка|p\.)?\s*(?:\d{1,4}|[ivxl]{1,6})"
    r"(?:\s*(?:/|of|von|из|з)\s*\d{1,4})?[\W_]*",
    re.IGNORECASE,
)
_PRINTED = re.compile(
    r"(?:https?|file)://\S+(?:\s+\d{1,4}/\d{1,4})?|\d{1,2}[/.]\d{1,2}[/.]\d{2,4},? \d{1,2}:\d\d.*"
)
"""What browsers print at the foot and head of a page."""


@dataclass(slots=True)
class Line:
    """A line of a page; lengths in points, from the page's lower left corner.

    ``text`` ends in :data:`HYPHEN` where its last word goes on in the next line.
    """

    text: str
    page: int
    left: float
    right: float
    bottom: float
    top: float
    furniture: bool = False

    @property
    def size(self) -> float:
        """The height of its letters' boxes, which goes with the font's size."""
        return self.top - self.bottom


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
            [sys.executable, "-m", "warreader.index.ingest.pdf_lines"],
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
                found = list(_page_lines(document, number, left))
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


def _page_lines(document: Any, number: int, limit: int) -> Iterator[Line]:
    from pypdfium2 import raw

    page = document[number]
    text_page = page.get_textpage()
    try:
        count = raw.FPDFText_CountChars(text_page.raw)
        if count > limit:
            raise InputError(f"more than {_MOST_CHARACTERS} characters; split it")
        yield from _lines_of(_characters(text_page.raw, count), number)
    finally:
        text_page.close()
        page.close()


def _characters(handle: Any, count: int) -> Iterator[tuple[int, Any]]:
    """The code points of a page in order, each with its box, which holds until the next is asked for."""
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
        if code in (0, 0xFFFE, 0xFFFF):
            continue
        # Ends of lines and PDFium's own hyphen have no box.
        if code in (2, 10, 13) or raw.FPDFText_GetLooseCharBox(handle, index, byref(box)):
            yield code, box


def _lines_of(characters: Iterable[tuple[int, Any]], number: int) -> Iterator[Line]:
    line: Line | None = None
    letters: list[str] = []
    for code, box in characters:
        # PDFium joins some lines with a space, and those that end in a hyphen.
        anew = line is not None and code not in (2, 32) and _begins_anew(line, box)
        if line is not None and (anew or code in (10, 13)):
            yield _closed(line, letters)
            line, letters = None, []
        if code in (10, 13):
            continue
        if line is None:
            if code in (2, 32):
                continue
            line = Line("", number, box.left, box.right, box.bottom, box.top)
        elif code not in (2, 32):
            line.left, line.right = min(line.left, box.left), max(line.right, box.right)
        letters.append(chr(code))
    if line is not None:
        yield _closed(line, letters)


def _begins_anew(line: Line, box: Any) -> bool:
    middle = (box.top + box.bottom) / 2
    away = middle < line.bottom or middle > line.top
    return away and bool(box.left < line.right)


def _closed(line: Line, letters: list[str]) -> Line:
    line.text = " ".join("".join(letters).replace("\xad", "").split(" ")).strip(" \t")
    if HYPHEN in line.text[:-1]:
        line.text = line.text[:-1].replace(HYPHEN, "-") + line.text[-1]
    return line


def _label(lines: list[Line], pages: int) -> None:
    """Mark running heads and feet (the same, but for numbers, on several pages at one height) and page numbers."""
    by_page: dict[int, list[Line]] = {}
    for line in lines:
        if line.text:
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
