"""Which format is read by what, and what a format is called. The readers are loaded when first needed."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import cast

from warreader.index.ingest.pieces import Parser, Splitter

_HERE = "warreader.index.ingest"

SPLITTERS: dict[str, str] = {
    ".txt": "plain",
    ".text": "plain",
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".mhtml": "mhtml",
    ".mht": "mhtml",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".eml": "eml",
    ".emlx": "eml",
    ".mbox": "mbox",
    ".warc": "warc",
    ".pdf": "pdf",
    ".docx": "docx",
    ".rtf": "rtf",
    ".epub": "epub",
    ".rss": "feed",
    ".atom": "feed",
    ".rdf": "feed",
    ".xml": "feed",
    ".zip": "zip",
    ".tar": "tar",
    ".tgz": "tar",
    ".tar.gz": "tar",
    ".tar.bz2": "tar",
    ".tar.xz": "tar",
    ".tbz2": "tar",
    ".txz": "tar",
    ".warc.gz": "warc",
    ".wet": "warc",
    ".wet.gz": "warc",
    ".gz": "compressed",
    ".bz2": "compressed",
    ".xz": "compressed",
    "http:": "web",
}
"""Format by suffix of a file's name."""

_SPLIT: dict[str, str] = {
    "plain": "plain:split",
    "markdown": "plain:split_markdown",
    "html": "html:split",
    "mhtml": "mhtml:split",
    "jsonl": "json_files:split_jsonl",
    "json": "json_files:split_json",
    "csv": "tables:split_csv",
    "eml": "mail:split_eml",
    "mbox": "mail:split_mbox",
    "warc": "warc:split",
    "pdf": "pdf:split",
    "docx": "docx:split",
    "rtf": "rtf:split",
    "epub": "epub:split",
    "feed": "feeds:split",
    "zip": "archives:split_zip",
    "tar": "archives:split_tar",
    "compressed": "archives:split_compressed",
    "web": "web:split",
}

PARSERS: dict[str, str] = {
    "plain": "plain:parse",
    "markdown": "plain:parse_markdown",
    "html": "html:parse",
    "mhtml": "mhtml:parse",
    "record": "records:parse",
    "mail": "mail:parse",
    "pdf": "pdf:parse",
    "docx": "docx:parse",
    "rtf": "rtf:parse",
    "epub": "epub:parse",
    "feed": "feeds:parse",
}
"""Where the parser of a piece's form is."""

KNOWN = (
    ".txt, .md, .html, .mhtml, .jsonl, .json, .csv, .eml, .mbox, .warc, .pdf, .docx, .rtf, .epub, .rss, .zip, "
    ".tar.gz"
)


@cache
def splitter(suffix: str) -> Splitter | None:
    """What splits files that end so, or ``None``."""
    form = SPLITTERS.get(suffix)
    return None if form is None else cast(Splitter, _load(_SPLIT[form]))


@cache
def parser(form: str) -> Parser:
    """What parses pieces of this form."""
    return cast(Parser, _load(PARSERS[form]))


def _load(where: str) -> object:
    module, _, name = where.partition(":")
    return getattr(import_module(f"{_HERE}.{module}"), name)


def suffix_of(name: str) -> str:
    """A name's suffix in lower case, the compound ones whole (``.tar.gz``); empty where it has none."""
    parts = Path(name.lower()).suffixes[-2:]
    both = "".join(parts)
    return both if both in SPLITTERS else (parts[-1] if parts else "")


def sniff(head: bytes) -> str:
    """The suffix that fits a file's first bytes (a few thousand), ``.txt`` where nothing else does."""
    for magic, suffix in _MAGIC:
        if head.startswith(magic):
            return suffix
    if head.startswith(b"PK\x03\x04"):
        return next((suffix for first, suffix in _PACKED if head.startswith(first, 30)), ".zip")
    if head[257:262] == b"ustar":
        return ".tar"
    if _MBOX.match(head):
        return ".mbox"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    # JSON lines are read as such under this name too.
    if _JSON.match(start):
        return ".json"
    if start.startswith(b"<"):
        return _sniff_markup(start)
    if _is_mail(start):
        # A mail with pictures in its text is multipart/related too, but was under way.
        sent = b"\nreceived:" in start or b"\nto:" in start or start.startswith(b"received:")
        return ".mhtml" if b"multipart/related" in start and not sent else ".eml"
    return ".csv" if is_table(head) else ".txt"


def is_table(head: bytes) -> bool:
    """Whether a file begins with the names of columns, one of texts and another that is known of articles."""
    from warreader.index.ingest.fields import NAMES, plain_name

    first, end, rest = head.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")
    if not end or not rest.strip() or len(first) > _LONGEST_NAMES:
        return False
    line = first.decode("utf-8", "replace").strip()
    for delimiter in ",;\t|":
        # Prose may begin with such words too, but has a blank after its commas.
        if delimiter != "\t" and f"{delimiter} " in line:
            continue
        cells = [cell.strip().strip('"') for cell in line.split(delimiter)]
        names = {plain_name(cell) for cell in cells if 0 < len(cell) <= _LONGEST_NAME}
        known = [ours for ours in ("text", "title", "date", "url", "outlet") if names & set(NAMES[ours])]
        if "text" in known and len(known) > 1 and len(names) == len(cells) and delimiter.encode() in rest:
            return True
    return False


_LONGEST_NAMES, _LONGEST_NAME = 4000, 40
_MAGIC = (
    (b"%PDF-", ".pdf"),
    (b"{\\rtf", ".rtf"),
    (b"\xd0\xcf\x11\xe0", ".docx"),  # an older Word file, of which that reader says so
    (b"\x1f\x8b", ".gz"),
    (b"BZh", ".bz2"),
    (b"\xfd7zXZ\x00", ".xz"),
    (b"WARC/1.", ".warc"),
)
# Documents that are zip files, by the name of the member that comes first.
_PACKED = ((b"mimetypeapplication/epub", ".epub"), (b"[Content_Types].xml", ".docx"))
_JSON = re.compile(rb'\{\s*"|\[\s*\{')
# Prose may begin with "From" too; a mailbox goes on with a sender, a time and a header.
_MBOX = re.compile(rb"From \S+ [^\n]{0,60}\d\d:\d\d[^\n]*\n[!-9;-~]+:")


def _sniff_markup(start: bytes) -> str:
    if any(mark in start for mark in (b"<rss", b"<feed", b"<rdf:rdf")):
        return ".rss"
    if any(mark in start for mark in (b"<!doctype html", b"<html", b"<head>", b"<body")):
        return ".html"
    if start.startswith(b"<?xml"):
        return ".xml"
    return ".html" if any(mark in start for mark in (b"<p>", b"<div", b"<br")) else ".txt"


_MAIL_FIELDS = frozenset(
    b"from to subject date message-id mime-version received delivered-to return-path reply-to arc-seal "
    b"arc-message-signature dkim-signature x-received".split()
)


def _is_mail(start: bytes) -> bool:
    # What servers add comes first and may fill pages; a line that begins with a space goes on with a field.
    return len(_MAIL_FIELDS & {line.partition(b":")[0] for line in start.split(b"\n") if b":" in line}) >= 3


def suffix_in(path: Path) -> str:
    """A file's suffix by its name, or by the folder it lies in: a mail folder's messages are named by none."""
    return (
        ".eml" if path.parent.name in _MAILDIR and _is_maildir(path.parent.parent) else suffix_of(path.name)
    )


_MAILDIR = ("cur", "new")


def _is_maildir(folder: Path) -> bool:
    """Whether a folder is a mailbox with a message a file (https://cr.yp.to/proto/maildir.html)."""
    return all((folder / name).is_dir() for name in (*_MAILDIR, "tmp"))


def files_under(
    folder: Path,
    unread: Callable[[OSError], None] | None = None,
    linked: Callable[[Path], None] = lambda _: None,
) -> Iterator[Path]:
    """Files under a folder, in order of name, without hidden ones; links to folders aren't followed.

    Nor is what browsers put beside a saved page: of ``Port.html`` the folder ``Port_files``. Of a mail folder
    come the messages, and those of the folders within it, whose names begin with a dot.

    Args:
        unread: told of every folder that can't be listed.
        linked: told of every link to a folder.
    """
    for parent, folders, names in os.walk(folder, onerror=unread):
        beside = {f"{Path(name).stem}_files" for name in names if suffix_of(name) in (".html", ".htm")}
        if "cur" in folders and _is_maildir(Path(parent)):
            names.clear()  # a server's own notes
            folders.remove("tmp")  # what is still under way
        folders[:] = sorted(name for name in folders if name not in beside and _shown(Path(parent, name)))
        for path in (Path(parent, name) for name in folders):
            if path.is_symlink():
                linked(path)
        for name in sorted(names):
            if not name.startswith("."):
                yield Path(parent, name)


def _shown(folder: Path) -> bool:
    return folder.name[0] != "." or (_is_maildir(folder) and _is_maildir(folder.parent))
