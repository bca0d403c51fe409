"""PDF: its paragraphs, one a line, with running heads and page numbers labelled as furniture.

PDFium reads it, not pypdf: on the same files it needed a tenth of the time, and it says
where every character stands, from which columns, indents and gaps are seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import outlets, pdf_lines, pdf_paragraphs, plain, properties
from warreader.index.ingest.pdf_lines import HYPHEN, Line
from warreader.index.ingest.pdf_paragraphs import UNSPACED, Paragraph
from warreader.index.ingest.pieces import Options, Piece, Raw, Source

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_HANGUL = re.compile("[\uac00-\ud7a3]")
_ADDRESS = re.compile(
    r"https?://[^\s/<>…]+/[^\s<>…]+(?=$|\s+(?:page )?\d{1,4}(?:\s*(?:/|of)\s*\d{1,4})?$)", re.IGNORECASE
)
_KIND_OF_PAPER = re.compile(
    r"\W*(?:(?:for immediate release|(?:press|news|media) (?:release|statement|advisory|alert|note|briefing)|"
    r"press|statement|report|comunicado de prensa|communiqué(?: de presse)?|pressemitteilung|"
    r"пресс-релиз|прес-реліз)\W*)+",
    re.IGNORECASE,
)
"""What is set large at the head of a paper and is not its title."""


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
    paragraphs = pdf_paragraphs.joined([line for line in document.lines if line.text])
    if not any(not paragraph.furniture for paragraph in paragraphs):
        raise InputError(
            "no text in this PDF, it may be a scan; run OCR on it first, for instance with: ocrmypdf"
        )
    _refuse_unknown(document.lines)
    words = _vocabulary(document.lines)
    texts = [plain.normalise(_joined(paragraph, words)) for paragraph in paragraphs]
    kinds: list[LineKind | None] = [
        LineKind.FURNITURE if paragraph.furniture else None for paragraph in paragraphs
    ]
    url = _printed_url(document.lines)
    stated = _stated_title(document.stated.get("Title", ""), texts)
    at = _told_headline(stated, texts, kinds)
    if at is None:
        at = _headline(paragraphs, texts)
    if at is not None:
        kinds[at] = LineKind.HEADLINE
    told = at is not None and (stated is None or stated.startswith(texts[at]))
    meta = Metadata(
        title=texts[at] if told and at is not None else stated,
        outlet=_hung_outlet(stated, url),
        author=_stated_author(document.stated.get("Author", ""), texts),
        url=url,
    )
    yield Raw(plain.printable_id(piece.stem) or "document", "\n".join(texts), meta, kinds=tuple(kinds))


def _vocabulary(lines: Sequence[Line]) -> Counter[str]:
    """How often each word is written whole, in lower case."""
    found: Counter[str] = Counter()
    broken = False
    for line in lines:
        words = [word.lower() for word in _WORD.findall(line.text)]
        going_on = line.text.endswith(HYPHEN)
        found.update(words[int(broken) : len(words) - going_on])
        broken = going_on
    return found


def _joined(paragraph: Paragraph, words: Counter[str]) -> str:
    text = ""
    for line in paragraph.lines:
        if text.endswith(HYPHEN):
            text = _unhyphenated(text[:-1], line.text, words)
        elif text and not _runs_on(text, line.text, words):
            text = f"{text} {line.text}"
        else:
            text += line.text
    return text.replace(HYPHEN, "-")


def _runs_on(before: str, after: str, words: Counter[str]) -> bool:
    """Whether no blank is lost where a line ends: in Chinese and Japanese, and within Korean words."""
    if UNSPACED.match(before[-1]) and UNSPACED.match(after):
        return True
    if not (_HANGUL.match(before[-1]) and _HANGUL.match(after)):
        return False
    head, tail = _WORD.findall(before[-30:])[-1:], _WORD.match(after)
    return bool(head and tail and words[head[0] + tail[0]])


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
    title = properties.title(stated)
    if title is None:
        return None
    said = set(_WORD.findall(" ".join(texts[:40]).lower()))
    own = set(_WORD.findall(title.lower()))
    return title if own and len(own & said) >= 0.5 * len(own) else None


def _told_headline(stated: str | None, texts: Sequence[str], kinds: Sequence[LineKind | None]) -> int | None:
    """Which paragraph says what the file states as its title, be it with an outlet's name hung on it."""
    if stated is None:
        return None
    heads = {stated, *(stated[: match.start()] for match in outlets.SEPARATOR.finditer(stated))}
    plain_heads = {bare for head in heads if len(bare := outlets.bare_words(head)) > 10}
    found = (
        at
        for at, text in enumerate(texts)
        if kinds[at] is not LineKind.FURNITURE
        and len(text) <= properties.LONGEST_TITLE
        and outlets.bare_words(text) in plain_heads
    )
    return next(found, None)


def _hung_outlet(stated: str | None, url: str | None) -> str | None:
    """The outlet whose name a browser's window had behind the title, if the address printed bears it out."""
    if stated is None or url is None:
        return None
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return outlets.hung(stated, host)


def _refuse_unknown(lines: Sequence[Line]) -> None:
    """Raise if for too many signs the file doesn't tell what letters they are."""
    words = "".join(line.text for line in lines if not line.furniture)
    if words.count(chr(pdf_lines.UNKNOWN)) > 0.3 * sum(not letter.isspace() for letter in words):
        raise InputError(
            "this PDF doesn't tell which letters its signs are; run OCR on it first, for instance with: "
            "ocrmypdf --force-ocr"
        )


def _stated_author(stated: str, texts: Sequence[str]) -> str | None:
    """The author whom the file states, if its text names them too: mostly it is who typed it."""
    author = properties.author(stated)
    if author is None or len(author) < 4:
        return None
    words = {word.lower() for word in _WORD.findall(author)}
    near = [*texts[:40], *texts[-10:]]
    return author if words and any(words <= set(_WORD.findall(text.lower())) for text in near) else None


def _headline(paragraphs: Sequence[Paragraph], texts: Sequence[str]) -> int | None:
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
        and 3 <= len(texts[number]) <= properties.LONGEST_TITLE
        and any(letter.isalpha() for letter in texts[number])
        and not (_KIND_OF_PAPER.fullmatch(texts[number]) or "@" in texts[number])
    ]
    largest = max(first, key=lambda number: (round(paragraphs[number].size, 1), -number), default=None)
    return largest if largest is not None and paragraphs[largest].size > 1.25 * body else None


def _printed_url(lines: Sequence[Line]) -> str | None:
    """The address that a browser printed at the foot or head of the pages, where it is whole."""
    found = (_ADDRESS.search(line.text) for line in lines if line.furniture and not line.turn)
    return next((match.group() for match in found if match and not match.group().endswith("...")), None)
