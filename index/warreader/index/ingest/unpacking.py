"""Bytes on their way out of archives and compressed files: counted against what is sane, damage told in words."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from warreader.index.errors import InputError
from warreader.index.ingest.pieces import Source

DEEPEST = 3
"""Archives within one another that are opened."""

MOST_MEMBERS = 500_000
"""Files in an archive."""

MOST_TIMES = 200
"""How many times its own size an archive may unpack to; texts are compressed to a tenth, rarely to a fiftieth."""

ALWAYS = 512 * 1024 * 1024
"""Bytes that an archive may unpack to, however small it is."""

REPLAYED = 4 * 1024 * 1024
"""Bytes of a member's beginning that can be read again, where the archive is read as a stream."""

_BUFFER = 65_536
MANY = f"more than {MOST_MEMBERS} files in it; unpack it and add the folder"
DAMAGED = (
    zlib.error,
    zipfile.BadZipFile,
    lzma.LZMAError,
    tarfile.TarError,
    EOFError,
    struct.error,
    ValueError,
)
ENCRYPTED = "encrypted; unpack it with its password first"
BROKEN = "damaged or cut off here; get it again, whole"


class TooMuch(InputError):
    """A limit of the outermost archive is exceeded: nothing in it is read any further."""


class Readable(Protocol):
    """What bytes are read from."""

    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass(slots=True)
class Budget:
    """What an archive with all that lies in it may still unpack to; ``packed`` is its own size in bytes."""

    packed: int
    unpacked: int = 0
    members: int = 0

    def pack(self, count: int) -> None:
        """So much was read of an archive whose size was not known."""
        self.packed += count

    def unpack(self, count: int) -> None:
        """So much came out of it."""
        self.unpacked += count
        if self.unpacked > max(ALWAYS, MOST_TIMES * self.packed):
            raise TooMuch(
                f"unpacks to more than {self.unpacked // 2**20} MB, far more than its size; "
                "unpack it by hand if it can be trusted"
            )

    def member(self) -> None:
        """One more file."""
        self.members += 1
        if self.members > MOST_MEMBERS:
            raise TooMuch(MANY)


class Stream(io.RawIOBase):
    """Bytes as they are unpacked, counted; damage is told as such."""

    def __init__(self, inner: Readable, count: Callable[[int], None]) -> None:
        self._inner = inner
        self._count = count

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        with _told():
            data = self._inner.read(len(buffer))
        self._count(len(data))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
        super().close()


@contextmanager
def _told() -> Iterator[None]:
    """What the libraries raise, as what a user can do about it."""
    try:
        yield
    except DAMAGED as error:
        raise InputError(BROKEN) from error
    except NotImplementedError as error:
        raise InputError("packed in a way that is not known here; unpack it first") from error
    except RuntimeError as error:
        raise InputError(ENCRYPTED) from error
    except OSError as error:
        # gzip and bz2 say so of damaged data; the disk's own errors bear a number.
        if error.errno:
            raise
        raise InputError(BROKEN) from error


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens a member; an archive in it shares the budget of the one around it."""

    how: Callable[[], Readable]
    budget: Budget

    def __call__(self) -> BinaryIO:
        with _told():
            return io.BufferedReader(Stream(self.how(), self.budget.unpack), _BUFFER)


def budget_of(source: Source) -> Budget:
    """The budget of an archive: that of the one around it where it lies in one.

    Raises:
        InputError: it lies in too many.
    """
    if source.depth >= DEEPEST:
        raise InputError(f"lies in {DEEPEST} archives, one in another; unpack the outer ones first")
    return source.open.budget if isinstance(source.open, Opener) else Budget(source.size or 0)


def unpacked(stream: BinaryIO, count: Callable[[int], None]) -> Readable:
    """What a file holds, by its first bytes, whatever it is called; the file itself where it isn't compressed.

    Args:
        stream: the file.
        count: told how many bytes are read of it.
    """
    packed = io.BufferedReader(Stream(stream, count), _BUFFER)
    begin = packed.peek(6)
    if begin.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=packed)
    if begin.startswith(b"BZh"):
        return bz2.BZ2File(packed)
    if begin.startswith((b"\xfd7zXZ", b"\x5d\x00\x00")):
        return lzma.LZMAFile(packed)
    return packed


def counter(source: Source, budget: Budget) -> Callable[[int], None]:
    """What is to be told how much is read of a compressed file."""
    return budget.pack if source.size is None and not source.depth else _uncounted


def _uncounted(_: int) -> None:
    """For bytes that were counted before."""
