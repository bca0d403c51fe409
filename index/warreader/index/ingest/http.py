"""HTTP answers: what they say of their content, and the content as it was before it was packed for the way."""

from __future__ import annotations

import codecs
import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message

from warreader.index.errors import InputError
from warreader.index.ingest import charsets, formats
from warreader.index.ingest.pieces import MAX_BYTES

_SUFFIXES = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "multipart/related": ".mhtml",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/rss+xml": ".rss",
    "application/atom+xml": ".rss",
    "application/rdf+xml": ".rss",
    "application/epub+zip": ".epub",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/json": ".json",
    "application/feed+json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/jsonl": ".jsonl",
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "message/rfc822": ".eml",
    "application/mbox": ".mbox",
    "application/warc": ".warc",
    "application/zip": ".zip",
    "application/x-tar": ".tar",
}
_SAYS_NOTHING = frozenset({"", "application/octet-stream", "binary/octet-stream", "application/download"})
_PACKED = frozenset({"application/gzip", "application/x-gzip", "application/x-bzip2", "application/x-xz"})
_TEXTS = frozenset({".html", ".txt", ".md", ".csv", ".tsv", ".rss"})
_MARKED = frozenset({".pdf", ".zip", ".docx", ".epub", ".rtf", ".gz", ".bz2", ".xz"})
"""What is known by its first bytes."""
_XML = frozenset({"text/xml", "application/xml"})
_STATUS = re.compile(r"[0-9]{1,3}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer's status, header fields (names in lower case) and body as it was sent."""

    status: int
    fields: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def kind(self) -> str:
        """The media type in lower case, without parameters; empty where none is stated."""
        return self.fields.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that the header names, where it is one that texts are in."""
        message: Message[str, str] = Message()
        message["content-type"] = self.fields.get("content-type", "")
        try:
            return charsets.known(message.get_content_charset())
        except (LookupError, ValueError):
            return None


def answer(block: bytes) -> Answer:
    """An answer as it came over the wire.

    Raises:
        InputError: it is none.
    """
    head, gap, body = block.partition(b"\r\n\r\n")
    if not gap or b"\n\n" in head:
        head, gap, body = block.partition(b"\n\n")
    lines = head.decode("latin-1").splitlines()
    status = lines[0].split(maxsplit=2) if lines else []
    if len(status) < 2 or not status[0].startswith("HTTP/") or not _STATUS.fullmatch(status[1]):
        raise InputError("not an HTTP answer; the crawl is damaged here")
    fields: dict[str, str] = {}
    for line in lines[1:]:
        name, colon, value = line.partition(":")
        if colon:
            fields.setdefault(name.strip().lower(), value.strip())
    return Answer(int(status[1]), fields, body)


def content(answer: Answer) -> bytes:
    """The body without its transfer and content encodings.

    Crawlers often store the body unpacked and keep the header fields that say otherwise: what does
    not look packed is taken as it is. A body that is cut off gives what is there.

    Raises:
        InputError: it is longer than :data:`MAX_BYTES`, or packed in a way that can't be undone here.
    """
    data = answer.body
    if "chunked" in answer.fields.get("transfer-encoding", "").lower():
        data = _joined(data)
    for coding in reversed(answer.fields.get("content-encoding", "").lower().split(",")):
        coding = coding.strip()
        if coding in ("gzip", "x-gzip"):
            data = _inflated(data, 31) if data.startswith(b"\x1f\x8b") else data
        elif coding == "deflate":
            data = _inflated(data, 15 if data[:1] == b"\x78" else -15)
        elif coding == "br":
            data = _unbrotlied(data)
        elif coding not in ("", "identity", "utf-8", "none"):
            raise InputError(
                f"packed as {coding[:20]!r}, which isn't read; save the page in a browser instead"
            )
    if len(data) > MAX_BYTES:
        raise InputError(f"longer than {MAX_BYTES // 2**20} MB; split it into its articles")
    return data


def _joined(data: bytes) -> bytes:
    chunks: list[bytes] = []
    at = 0
    while found := _CHUNK_SIZE.match(data, at):
        size = int(found[1], 16)
        chunks.append(data[found.end() : found.end() + size])
        at = found.end() + size
        at += 2 if data[at : at + 2] == b"\r\n" else 0
        if not size:
            break
    return b"".join(chunks) if chunks else data


def _inflated(data: bytes, window: int) -> bytes:
    unpacker = zlib.decompressobj(window)
    parts: list[bytes] = []
    size = 0
    try:
        while data and not unpacker.eof and size <= MAX_BYTES:
            parts.append(unpacker.decompress(data, 1024 * 1024))
            size += len(parts[-1])
            data = unpacker.unconsumed_tail
    except zlib.error as error:
        if not size:
            raise InputError("its packed content is damaged; save the page in a browser instead") from error
    return b"".join(parts)


def _unbrotlied(data: bytes) -> bytes:
    if data.lstrip()[:1] == b"<":
        return data
    try:
        import brotli
    except ImportError as error:
        raise InputError('packed with Brotli, which needs brotli: pip install "warreader[brotli]"') from error
    try:
        return bytes(brotli.Decompressor().process(data, output_buffer_limit=MAX_BYTES + 1))
    except (brotli.error, TypeError) as error:
        raise InputError("its packed content is damaged; save the page in a browser instead") from error


def suffix(answer: Answer, name: str, head: Callable[[], bytes]) -> str:
    """What the content is: by its stated type, else its name, else its first bytes; empty where it's nothing read.

    Args:
        name: the last part of the address's path.
        head: gives the content's first bytes; called only where nothing else says what it is.
    """
    kind = answer.kind
    by_name = formats.suffix_of(name)
    stated = _SUFFIXES.get(kind) or (".json" if kind.endswith("+json") else None)
    if stated in _TEXTS or stated in _MARKED:
        # Much is sent under another's type, above all a page that says why there is no such file.
        sniffed = formats.sniff(head())
        if sniffed in _MARKED if stated in _TEXTS else sniffed == ".html":
            return sniffed
    if stated is not None:
        # Servers call much "plain text" or "zip" whose name says more.
        vague = stated in (".txt", ".json", ".zip")
        return by_name if vague and by_name in formats.SPLITTERS else stated
    if kind in _XML:
        sniffed = formats.sniff(head())
        return sniffed if sniffed in (".html", ".rss") else ".xml"
    if kind in _SAYS_NOTHING or kind in _PACKED:
        return by_name if by_name in formats.SPLITTERS else formats.sniff(head())
    return ""


def utf8(answer: Answer, data: bytes) -> bytes:
    """Text as UTF-8 with a byte order mark where the header names its charset rightly, else as it is."""
    charset = answer.charset
    if charset is None or data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        return data
    if charset != "utf-8" and _is_utf8(data):
        # Servers name one charset for all they hold; no other's words make UTF-8 by chance.
        return codecs.BOM_UTF8 + data
    try:
        return codecs.BOM_UTF8 + data.decode(charset).encode("utf-8", "replace")
    except (LookupError, ValueError):
        return data


def _is_utf8(data: bytes) -> bool:
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
