"""PDF: its paragraphs, one a line, with running heads and page numbers labelled as furniture.

PDFium reads it, not pypdf: on the same files it needed a tenth of the time, and it says
where every character stands, from which columns, indents and gaps are seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import pdf_lines, plain
from warreader.index.ingest.pdf_lines import HYPHEN, Line
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_BULLET = re.compile(r"[•●▪◦‣∙–—*-]\s|\(?\d{1,2}[.)]\s")
_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ADDRESS = re.compile(r"https?://[^\s…]+(?=\s|$)")
_PROGRAM_TITLE = re.compile(
    r"microsoft word\b.*|untitled.*|unknown|document\d*|slide \d+|print(?:ing)?|\W*"
    r"|.*\.(?:docx?|odt|indd|qxp|pdf|tex|rtf|dvi)|[\w-]*\d{4,}[\w-]*|about:blank|https?://\S+",
    re.IGNORECASE,
)
_PROGRAM_AUTHOR = re.compile(
    r"\W*|\W?(?:admin\w*|anonymous|user|owner|unknown|author|windows.*|microsoft.*|root)\d*\W?", re.I
)
_LONGEST_TITLE = 250


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """One document, one piece."""
    del options
    yield source.piece("pdf", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The document's text.

    Its dates are those of the file, not of a publication: none is taken.

    Raises:
        InputError: it needs a password, is damaged or too long, or holds no text, as scans do.
    """
    document = pdf_lines.read(piece.data)
    paragraphs = _paragraphs([line for line in document.lines if line.text])
    if not any(not paragraph.furniture for paragraph in paragraphs):
        raise InputError(
            "no text in this PDF, it may be a scan; run OCR on it first, for instance with: ocrmypdf"
        )
    words = _vocabulary(document.lines)
    texts = [plain.normalise(_joined(paragraph, words)) for paragraph in paragraphs]
    kinds: list[LineKind | None] = [
        LineKind.FURNITURE if paragraph.furniture else None for paragraph in paragraphs
    ]
    title = _stated_title(document.stated.get("Title", ""), texts)
    if (at := _headline(paragraphs, texts)) is not None:
        kinds[at] = LineKind.HEADLINE
        title = title or texts[at]
    author = " ".join(document.stated.get("Author", "").split())
    meta = Metadata(
        title=title,
        author=None if _PROGRAM_AUTHOR.fullmatch(author) else author,
        url=_printed_url(document.lines),
    )
    yield Raw(plain.printable_id(piece.stem) or "document", "\n".join(texts), meta, kinds=tuple(kinds))


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line] = field(default_factory=list)
    furniture: bool = False

    @property
    def size(self) -> float:
        return median(line.size for line in self.lines)

    @property
    def last(self) -> Line:
        """The last line but for raised numbers and the like."""
        first = self.lines[0].size
        return next(line for line in reversed(self.lines) if line.size >= 0.8 * first)


def _paragraphs(lines: Sequence[Line]) -> list[_Paragraph]:
    """Lines joined to paragraphs. Furniture that interrupts one comes after it."""
    columns = _Columns(lines)
    found: list[_Paragraph] = []
    waiting: list[_Paragraph] = []
    current: _Paragraph | None = None
    for line in lines:
        if line.furniture:
            waiting.append(_Paragraph([line], furniture=True))
        elif current is not None and (
            _in_row(current.lines[-1], line) or columns.goes_on(current.last, line)
        ):
            current.lines.append(line)
        else:
            found += ([current] if current else []) + waiting
            waiting = []
            current = _Paragraph([line])
    return found + ([current] if current else []) + waiting


def _in_row(line: Line, following: Line) -> bool:
    """Whether the second stands right behind the first, as a raised number or a table's next cell does."""
    shared = min(line.top, following.top) - max(line.bottom, following.bottom)
    beside = following.left >= line.right - 0.2 * line.size
    return line.page == following.page and beside and shared > 0.3 * min(line.size, following.size)


class _Columns:
    """Where the columns' edges are and how far apart lines stand, from which paragraphs are told."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._by_page: dict[int, list[Line]] = {}
        for line in lines:
            if not line.furniture:
                self._by_page.setdefault(line.page, []).append(line)
        self._edges: dict[tuple[int, int], tuple[float, float]] = {}
        self._leading = {page: self._usual_leading(found) for page, found in self._by_page.items()}

    @staticmethod
    def _usual_leading(lines: Sequence[Line]) -> float:
        steps = Counter(
            round(before.bottom - line.bottom, 0)
            for before, line in pairwise(lines)
            if 0 < before.bottom - line.bottom < 4 * before.size
        )
        return max(steps, key=lambda step: (steps[step], -step), default=0.0)

    def _edges_of(self, line: Line) -> tuple[float, float]:
        """The left and right edge of the column in which a line stands."""
        step = 4 * max(line.size, 1.0)
        key = (line.page, round(line.left / step))
        if key not in self._edges:
            near = [other for other in self._by_page[line.page] if abs(other.left - line.left) <= step]
            self._edges[key] = (min(o.left for o in near), max(o.right for o in near))
        return self._edges[key]

    def goes_on(self, line: Line, following: Line) -> bool:
        """Whether the second line belongs to the paragraph of the first."""
        if abs(line.size - following.size) > 0.12 * max(line.size, following.size):
            return False
        if line.text.endswith(HYPHEN):
            return True
        ends = _SENTENCE_END.search(line.text) is not None
        small = following.text[:1].islower()
        if _BULLET.match(following.text) and (ends or self._leaves_room(line, following)):
            return False
        step = line.bottom - following.bottom
        if line.page != following.page or step <= 0:
            # Into the next column or page, where neither gap nor place tells anything.
            return small or not (ends or self._leaves_room(line, following))
        if step > 1.45 * max(self._leading[line.page], 0.9 * line.size):
            return False
        if small and not ends:
            return True
        indent = following.left - self._edges_of(following)[0]
        indented = indent > 0.7 * following.size and following.left - line.left > 0.5 * following.size
        return not indented and not self._leaves_room(line, following)

    def _leaves_room(self, line: Line, following: Line) -> bool:
        """Whether the next line's first word would have fitted: then the line was ended on purpose."""
        first = following.text.split(" ", 1)[0]
        width = (following.right - following.left) / max(len(following.text), 1) * (len(first) + 1)
        return self._edges_of(line)[1] - line.right > 1.3 * width


def _vocabulary(lines: Sequence[Line]) -> Counter[str]:
    """How often each word is written whole, in lower case."""
    found: Counter[str] = Counter()
    for line in lines:
        words = [word.lower() for word in _WORD.findall(line.text)]
        found.update(words[:-1] if line.text.endswith(HYPHEN) else words)
    return found


def _joined(paragraph: _Paragraph, words: Counter[str]) -> str:
    text = ""
    for line in paragraph.lines:
        if text.endswith(HYPHEN):
            text = _unhyphenated(text[:-1], line.text, words)
        else:
            text = f"{text} {line.text}" if text else line.text
    return text.replace(HYPHEN, "-")


def _unhyphenated(before: str, after: str, words: Counter[str]) -> str:
    """The two parts of a broken word joined, without its hyphen unless that belongs to the word."""
    head = re.search(r"[^\W\d_]*$", before)
    tail = re.match(r"[^\W\d_]*", after)
    first, second = (head[0] if head else "").lower(), (tail[0] if tail else "").lower()
    whole, hyphenated = words[first + second], words[f"{first}-{second}"]
    if whole or hyphenated:
        keep = hyphenated > whole
    else:
        keep = (
            not after[:1].islower() or not first or bool(words[first] and words[second] and len(second) > 3)
        )
    return f"{before}-{after}" if keep else before + after


def _stated_title(stated: str, texts: Sequence[str]) -> str | None:
    """The title that the file states, unless a program put it there."""
    title = " ".join(stated.split())
    if _PROGRAM_TITLE.fullmatch(title) or len(title) > _LONGEST_TITLE:
        return None
    said = set(_WORD.findall(" ".join(texts[:40]).lower()))
    own = set(_WORD.findall(title.lower()))
    return title if own and len(own & said) >= 0.5 * len(own) else None


def _headline(paragraphs: Sequence[_Paragraph], texts: Sequence[str]) -> int | None:
    """Which paragraph of the first page is set largest, and clearly larger than the body."""
    sizes: Counter[float] = Counter()
    for paragraph, text in zip(paragraphs, texts, strict=True):
        sizes[round(paragraph.size, 1)] += len(text)
    body = sizes.most_common(1)[0][0]
    first = [
        number
        for number, paragraph in enumerate(paragraphs)
        if paragraph.lines[0].page == paragraphs[0].lines[0].page
        and not paragraph.furniture
        and 3 <= len(texts[number]) <= _LONGEST_TITLE
        and any(letter.isalpha() for letter in texts[number])
    ]
    largest = max(first, key=lambda number: (round(paragraphs[number].size, 1), -number), default=None)
    return largest if largest is not None and paragraphs[largest].size > 1.25 * body else None


def _printed_url(lines: Sequence[Line]) -> str | None:
    """The address that a browser printed at the foot of the pages, where it is whole."""
    found = (_ADDRESS.search(line.text) for line in lines if line.furniture)
    return next((match.group() for match in found if match and not match.group().endswith("...")), None)
