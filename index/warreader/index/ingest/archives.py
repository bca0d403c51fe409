"""Archives and compressed files: their members are read where they lie, nothing is unpacked to disk."""

from __future__ import annotations

import os
import re
import shutil
import stat
import struct
import tarfile
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import IO, BinaryIO, cast

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import detection, formats, pieces, unpacking
from warreader.index.ingest.pieces import Options, Piece, Source
from warreader.index.ingest.replayed import Replayed
from warreader.index.ingest.unpacking import (
    BROKEN,
    DAMAGED,
    ENCRYPTED,
    Budget,
    Opener,
    Readable,
    TooMuch,
    budget_of,
    counter,
    unpacked,
)

_LONGEST_NAME = 500
_LONGEST_PATH = 4096
"""Code points at the end of a member's path that are looked at: what can be unpacked has no longer one."""
_MOST_KINDS = 50
"""Kinds of files that are not read and are counted, each, to be told."""
_LONGEST_HEAD = 1024 * 1024
"""Bytes of what a tar file says of a member: names, links, times, maps of holes."""
_GONE = "can't be read twice in this archive; unpack the archive first"
_BYTE = re.compile("[\udc80-\udcff]")


@dataclass(slots=True)
class _Contents:
    """The members of an archive as far as they have been seen."""

    source: Source
    options: Options
    budget: Budget
    given: bool = False
    unknown: dict[str, int] = field(default_factory=dict)

    def member(self, name: str, size: int, how: Callable[[], Readable]) -> Iterator[Piece | Failure]:
        """What is in a member, if it is a file that can be read and that was meant to be seen."""
        self.budget.member()
        parts = _parts(name[-_LONGEST_PATH:])
        if not parts or any(part.startswith(".") or part == "__MACOSX" for part in parts):
            return
        suffix = formats.suffix_of(parts[-1])
        if suffix not in formats.SPLITTERS:
            if suffix in self.unknown or len(self.unknown) < _MOST_KINDS:
                self.unknown[suffix] = self.unknown.get(suffix, 0) + 1
            return
        shown = "/".join(parts)[-_LONGEST_NAME:]
        inner = replace(
            self.source,
            name=f"{self.source.name}/{shown}",
            origin=f"{self.source.origin}/{shown}",
            suffix=suffix,
            open=Opener(how, self.budget),
            size=size,
            depth=self.source.depth + 1,
        )
        for item in _split(inner, self.options):
            self.given = True
            yield item

    def check(self) -> None:
        """Say so where nothing was found."""
        if self.given:
            return
        if not self.budget.members:
            raise InputError("an empty archive, nothing to read in it")
        kinds = ", ".join(
            f"{count} {_clean(suffix) or 'without suffix'}" for suffix, count in self.unknown.items()
        )
        raise InputError(
            f"no articles in it{f', only {kinds[:200]}' if kinds else ''}; known files are {formats.KNOWN}"
        )


def _split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """The pieces of a member; what can't be read of it is a failure, and the archive is read on."""
    found = formats.splitter(source.suffix)
    if found is None:
        return
    try:
        yield from found(source, options)
    except TooMuch:
        raise
    except InputError as error:
        yield Failure(source.name, error.place, error.reason)
    except OSError as error:
        yield Failure(
            source.name, None, f"can't be read ({error.strerror or error}); unpack the archive first"
        )


def _at(items: Iterable[Piece | Failure], place: Callable[[], int]) -> Iterator[Piece | Failure]:
    """The items, with how much of the archive itself has been read."""
    for item in items:
        yield replace(item, at=place()) if isinstance(item, Piece) else item


def _parts(name: str) -> list[str]:
    """A member's path, fit to be shown: whatever leads out of the archive is left out."""
    parts = name.replace("\\", "/").split("/")
    return [_clean(part) for part in parts if part not in ("", ".", "..")]


def _clean(part: str) -> str:
    """Bytes that are no UTF-8 are shown by their numbers, signs that can't be shown as U+FFFD."""
    shown = _BYTE.sub(lambda match: f"\\x{ord(match[0]) - 0xDC00:02x}", part)
    return "".join(c if c.isprintable() else "\ufffd" for c in shown)


# -- zip


def split_zip(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """The articles in a zip file's members."""
    contents = _Contents(source, options, budget_of(source))
    with source.open() as raw, closing(_seekable(raw)) as stream:
        counter(source, contents.budget)(_checked_size(stream))
        try:
            archive = zipfile.ZipFile(stream)
        except (*DAMAGED, ValueError, NotImplementedError) as error:
            raise InputError("not a zip file, or a damaged one; get it again, whole") from error
        locked = 0
        with archive:
            for info in archive.infolist():
                # Python's own reader of zip files stumbles over a member without a name.
                if not info.filename or info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                    continue
                if info.flag_bits & 1:
                    locked += 1
                    continue
                items = contents.member(_zip_name(info), info.file_size, partial(archive.open, info))
                yield from _at(items, partial(int, info.header_offset + info.compress_size))
    if locked:
        contents.given = True
        yield Failure(source.name, None, f"{locked} of its files are {ENCRYPTED}")
    contents.check()


def _seekable(stream: BinaryIO) -> IO[bytes]:
    """The stream, or what it holds where one can't go back in it."""
    if stream.seekable():
        return stream
    held = tempfile.SpooledTemporaryFile(max_size=pieces.MAX_BYTES)  # noqa: SIM115
    try:
        shutil.copyfileobj(stream, held)
    except BaseException:
        held.close()
        raise
    held.seek(0)
    return held


def _checked_size(stream: IO[bytes]) -> int:
    """Bytes of a zip file; too many members are refused before their list is read to memory.

    The number stands in the record at the end of the file (APPNOTE.TXT 4.3.14 and 4.3.16).
    """
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 65_536 - 200))
    tail = stream.read()
    stream.seek(0)
    long, short = tail.rfind(b"PK\x06\x06"), tail.rfind(b"PK\x05\x06")
    count = 0
    if long >= 0 and len(tail) >= long + 40:
        (count,) = struct.unpack_from("<Q", tail, long + 32)
    elif short >= 0 and len(tail) >= short + 12:
        (count,) = struct.unpack_from("<H", tail, short + 10)
    if count > unpacking.MOST_MEMBERS:
        raise TooMuch(unpacking.MANY)
    return size


def _zip_name(info: zipfile.ZipInfo) -> str:
    """A member's name; one that isn't marked as UTF-8 is read as what makes words of it."""
    if info.flag_bits & 0x800 or info.filename.isascii():
        return info.filename
    try:
        data = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode(detection.guess(data) or "cp437", "replace")


# -- tar


def split_tar(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """The articles in a tar file's members, compressed or not, read as a stream."""
    contents = _Contents(source, options, budget := budget_of(source))
    with (
        source.open() as stream,
        Opener(lambda: unpacked(stream, counter(source, budget)), budget)() as plain,
    ):
        try:
            heads = _Heads(plain)
            with tarfile.open(fileobj=cast(BinaryIO, heads), mode="r|", encoding="utf-8") as archive:
                while (info := heads.next(archive)) is not None:
                    # The list that it keeps of them is of no use here, and grows.
                    archive.members = []  # type: ignore[attr-defined]
                    yield from _at(_tar_member(contents, archive, info), lambda: _position(stream))
        except (*DAMAGED, ValueError, OverflowError) as error:
            if contents.budget.members:
                raise InputError(BROKEN) from error
            raise InputError("not a tar file, or a damaged one; get it again, whole") from error
    contents.check()


class _Heads:
    """A tar file's bytes. Of what stands between two members, which tarfile keeps in memory, only so much is read."""

    def __init__(self, inner: BinaryIO) -> None:
        self._inner = inner
        # To open the file is to read its first head.
        self._left: int | None = _LONGEST_HEAD

    def read(self, size: int = -1, /) -> bytes:
        """Some bytes.

        Raises:
            TooMuch: a head goes on and on.
        """
        data = self._inner.read(size)
        if self._left is not None:
            self._left -= len(data)
            if self._left < 0:
                raise TooMuch(
                    "the head of a file in it is longer than any; unpack it by hand if it can be trusted"
                )
        return data

    def next(self, archive: tarfile.TarFile) -> tarfile.TarInfo | None:
        """The next member. What is left of the one before is passed over, and kept nowhere."""
        at = 0 if archive.fileobj is None else archive.fileobj.tell()
        self._left = _LONGEST_HEAD + max(0, archive.offset - at)
        try:
            return archive.next()
        finally:
            self._left = None


def _tar_member(
    contents: _Contents, archive: tarfile.TarFile, info: tarfile.TarInfo
) -> Iterator[Piece | Failure]:
    # Links and devices hold no text; a sparse file is longer than what was stored of it.
    if not info.isreg() or info.issparse():
        return
    inner = archive.extractfile(info)
    if inner is not None:
        yield from contents.member(info.name, info.size, Replayed(inner, unpacking.REPLAYED, _GONE).open)


def _position(stream: BinaryIO) -> int:
    try:
        return stream.tell()
    except (OSError, ValueError):
        return 0


# -- single compressed files


def split_compressed(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """The articles in a compressed file: ``news.jsonl.gz`` is read as ``news.jsonl``."""
    budget = budget_of(source)
    name = source.name[: -len(source.suffix)] if source.name.lower().endswith(source.suffix) else source.name
    suffix = formats.suffix_of(name)
    opened: list[BinaryIO] = []

    def unpack() -> Readable:
        opened[:] = [source.open()]
        return unpacked(opened[0], counter(source, budget))

    opener = Opener(unpack, budget)
    if suffix not in formats.SPLITTERS:
        with opener() as stream:
            suffix = formats.sniff(stream.read(4096))
    inner = replace(source, suffix=suffix, open=opener, size=None, depth=source.depth + 1)
    found = formats.splitter(suffix)
    if found is None:
        raise InputError(f"{suffix} files are not read; known are {formats.KNOWN}")
    stem = replace(source, name=name, suffix=suffix).stem
    for item in _at(found(inner, options), lambda: _position(opened[0]) if opened else 0):
        own = isinstance(item, Piece) and item.file == source.name and item.stem == inner.stem
        yield replace(item, stem=stem) if isinstance(item, Piece) and own else item
