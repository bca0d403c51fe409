"""Plain text and Markdown, and what every reader needs to make stored text, ids and dates of what it finds."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import detection, fields, formats, heads
from warreader.index.ingest.dates import iso_date as iso_date
from warreader.index.ingest.pieces import Options, Piece, Raw, Source, addresses_in, filled

_LONGEST_ID = 1000
"""Code points of a stated id that is kept whole: room for a url."""

_LONGEST_FRONT = 65_536
"""Code points of front matter that are looked at."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_MARK = "\ufeff"
# Control bytes that no text uses: a file with many of them is no text, whatever its name.
_CONTROL = bytes(set(range(32)) - {9, 10, 12, 13, 27})
# UTF-32 first: its mark begins with that of UTF-16.
_MARKED = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_FRONT = re.compile(
    r"(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n(?:[ \t]*\n)*|\Z)", re.DOTALL | re.MULTILINE
)
_HEADING = re.compile(r"#\s+([^\n]{1,500}?)\s*#*")
_PICTURE = re.compile(r"!\[([^\[\]\n]{0,1000})\]\([^()\n]{0,2000}\)")
_SIGNED = re.compile(r"[*_]{1,3}[Bb]y [^\n*_]{2,150}[*_]{1,3}")
_RARELY = 500
_PAIRED, _FEW_PAIRS = 2_000, 20
"""Bytes from the beginning by which UTF-16 without a mark is told, and pairs of them that say too little."""
_NEAR_TOP = 3
"""Lines among the first of which the title's heading stands."""


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """A text file: one article, unless it holds records under a text's name.

    Raises:
        InputError: it is a list of addresses: one that the user named has been followed before.
    """
    data = source.read()
    if not options.form and addresses_in(data):
        raise InputError(
            "addresses alone, which are fetched only if you name the file itself, not its folder"
        )
    suffix = None if options.form else _records_in(data)
    if suffix and (splitter := formats.splitter(suffix)):
        yield from splitter(source, options)
    else:
        yield source.piece("plain", data)


def _records_in(data: bytes) -> str | None:
    """As what a text is to be read that is articles as JSON, a list or one a line, or a table of them."""
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start[:1] in (b"{", b"["):
        for suffix, part in ((".jsonl", start.partition(b"\n")[0]), (".json", start)):
            try:
                value = json.loads(part)
            except (ValueError, RecursionError):
                continue
            record = next(iter(value), None) if isinstance(value, list) else value
            if isinstance(record, dict) and fields.text_of(fields.named(record)) is not None:
                return suffix
        return None
    return ".csv" if formats.is_table(data[:_LONGEST_FRONT]) else None


def split_markdown(source: Source, options: Options) -> Iterator[Piece]:  # noqa: ARG001
    """A Markdown file: one article, perhaps under front matter."""
    yield source.piece("markdown", source.read())


def parse(piece: Piece) -> Iterator[Raw]:
    """The article in a text file, its id the file's name without suffix; fields above the text are its metadata."""
    text = _read(piece)
    yield _raw(piece, text, *stated(text))


def parse_markdown(piece: Piece) -> Iterator[Raw]:
    """The article in a Markdown file. Front matter is its metadata, not text; the marks in the text stay."""
    text, meta = _front(_read(piece))
    lines = text.split("\n")
    above, kinds = stated(text)
    meta = filled(meta, above)
    for at, line in enumerate(lines):
        if picture := _PICTURE.fullmatch(line.strip()):
            kinds[at] = LineKind.CAPTION if len(picture[1].split()) > 2 else LineKind.FURNITURE
        elif _SIGNED.fullmatch(line.strip()):
            kinds[at] = LineKind.BYLINE
    headed = any(kind is LineKind.HEADLINE and _HEADING.fullmatch(lines[at]) for at, kind in kinds.items())
    written = [at for at, line in enumerate(lines) if line.strip() and at not in kinds][:_NEAR_TOP]
    if headed:
        written = []
    for at in written:
        under = lines[at + 1].strip() if at + 1 < len(lines) else ""
        heading = _HEADING.fullmatch(lines[at].strip())
        if heading or (len(under) > 2 and set(under) == {"="}):
            title = (heading[1] if heading else lines[at]).strip().strip("*_").strip()
            meta = filled(meta, Metadata(title=title or None))
            kinds[at] = LineKind.HEADLINE
            if not heading:
                kinds[at + 1] = LineKind.FURNITURE
            break
    yield _raw(piece, text, meta, kinds)


def stated(text: str, *, paragraphs: bool = False) -> tuple[Metadata, dict[int, LineKind]]:
    """What the fields above and below a text state, and of their lines, by number, what each is.

    Args:
        text: stored text.
        paragraphs: whether each of its lines is a paragraph.
    """
    head = heads.above(text[:_LONGEST_FRONT].split("\n"), paragraphs=paragraphs)
    meta, kinds = (head.meta, head.kinds) if head else (Metadata(), {})
    tail = text[-_LONGEST_FRONT:].split("\n")
    if foot := heads.below(tail):
        first = text.count("\n") + 1 - len(tail)
        meta = filled(meta, foot.meta)
        kinds = {first + at: kind for at, kind in foot.kinds.items()} | kinds
    return meta, kinds


def _read(piece: Piece) -> str:
    return normalise(decode(piece.data))


def _raw(piece: Piece, text: str, meta: Metadata, kinds: Mapping[int, LineKind]) -> Raw:
    if not text.strip():
        raise InputError("an empty file, nothing to read in it")
    told = tuple(map(kinds.get, range(text.count("\n") + 1))) if kinds else None
    return Raw(printable_id(piece.stem) or "article", text, meta, piece.place, kinds=told)


def _front(text: str) -> tuple[str, Metadata]:
    """A text without its front matter (YAML, TOML), and what that states; as it is where there is none."""
    match = _FRONT.match(text, 0, _LONGEST_FRONT) if text.startswith(("---", "+++")) else None
    if match is None:
        return text, Metadata()
    stated = _toml(match[2]) if match[1] == "+++" else _yaml(match[2])
    if isinstance(stated, dict):
        return text[match.end() :], fields.metadata(fields.named(stated))
    # What people write by hand is often neither: then a line is a field.
    head = heads.above(match[2].split("\n"))
    return (text[match.end() :], head.meta) if head else (text, Metadata())


def _yaml(front: str) -> Any:
    import yaml

    try:
        # All scalars as strings: dates and numbers as they were written.
        return yaml.load(front, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError):
        return None


def _toml(front: str) -> dict[str, Any] | None:
    try:
        stated = tomllib.loads(front)
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    return {name: v.isoformat() if isinstance(v, date) else v for name, v in stated.items()}


def normalise(text: str) -> str:
    """Stored text: ``\\n`` line ends; lone surrogates, which no UTF-8 can hold, one for one as U+FFFD."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        # Ten times as fast as looking for what is hardly ever there.
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATE.sub("\ufffd", text)
    return text


def decode(data: bytes) -> str:
    """Decode a text: by its byte order mark, as UTF-8, or in the encoding that makes words of it.

    A few bytes gone wrong don't make UTF-8 another encoding; they become U+FFFD.

    Raises:
        InputError: it is binary, or no encoding fits; names the byte, counted from 0.
    """
    if marked := encoding_by_mark(data):
        try:
            return data.decode(marked)
        except UnicodeDecodeError as error:
            reason = f"not valid {marked.upper()}; save it again as UTF-8"
            raise InputError(reason, place=f"byte {error.start}") from error
    if is_binary(data):
        raise InputError("a binary file, not text; save the article as text first")
    try:
        # The mark is taken off afterwards, so that the byte named counts from the file's first.
        return data.decode("utf-8").removeprefix(_MARK)
    except UnicodeDecodeError as error:
        name = encoding(data)
        if name is None:
            raise InputError(
                "not valid UTF-8, nor any encoding known here; convert it, for instance with: "
                "iconv -f WINDOWS-1252 -t UTF-8",
                place=f"byte {error.start}",
            ) from error
    return data.decode(name, "replace").removeprefix(_MARK)


def is_binary(data: bytes) -> bool:
    """Whether these bytes hold too many control characters to be text in any encoding of bytes."""
    return len(data.translate(None, _CONTROL)) < 0.9 * len(data)


def encoding_by_mark(data: bytes) -> str | None:
    """UTF-16 or UTF-32, where the data begins with its byte order mark; UTF-16 also where every other byte is zero."""
    marked = next((name for mark, name in _MARKED if data.startswith(mark)), None)
    if marked or b"\0" not in data[:_PAIRED]:
        return marked
    # Letters of Latin script and blanks have a byte that is zero, before or behind the other; no other text has any.
    pairs = len(data[:_PAIRED]) // 2
    first, second = data[: 2 * pairs : 2][:pairs].count(0), data[1 : 2 * pairs : 2][:pairs].count(0)
    for name, zeros, others in (("utf-16-le", second, first), ("utf-16-be", first, second)):
        if pairs > _FEW_PAIRS and zeros > 0.5 * pairs and not others:
            return name
    return None


def encoding(data: bytes) -> str | None:
    """Python's name for the encoding of a text or of its beginning, byte order marks left out of account.

    Returns:
        ``"utf-8"`` also where a few bytes of it are wrong; ``None`` where no encoding fits.
    """
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        # Each character beyond ASCII takes at least one byte more: what is UTF-8 has many that came out right.
        beyond = len(data) - len(text)
        if wrong * 10 < beyond:
            return "utf-8"
        # English has hardly a character beyond ASCII: some bytes gone wrong among very many are just that.
        return detection.guess(data) or ("utf-8" if wrong * _RARELY < len(data) else None)
    return "utf-8"


def kept_id(stated: str) -> str:
    """A stated id, kept as it is unless it could not be shown or typed; then told apart by its digest."""
    if stated.isprintable() and len(stated) <= _LONGEST_ID:
        return stated
    digest = hashlib.sha256(stated.encode("utf-8", "surrogatepass")).hexdigest()
    return f"{printable_id(stated)}-{digest[:12]}"


def made_id(stem: str, meta: Metadata, text: str) -> str:
    """The id of an article that states none: its source's name, and what stays the same however often it is read."""
    digest = hashlib.sha256("\0".join((meta.url or "", meta.outlet or "", text)).encode()).hexdigest()
    return f"{printable_id(stem) or 'article'}-{digest[:12]}"


def printable_id(name: str) -> str:
    """A name fit for an id: no white space or control characters at the ends or inside."""
    return "".join(c if c.isprintable() else "-" for c in _SURROGATE.sub("\ufffd", name).strip()).replace(
        " ", "_"
    )[:200]
