"""A stream that can't be moved in, read again from its beginning as long as no more than that was read of it."""

from __future__ import annotations

import io
from typing import BinaryIO, Protocol, cast

from warreader.index.errors import InputError


class _Readable(Protocol):
    def read(self, size: int, /) -> bytes: ...


class Replayed:
    """A stream whose beginning is kept, so that formats may look at it and begin again.

    Args:
        stream: it is left open, however often it is read.
        keep: bytes that are kept at most.
        gone: what to say when it is to be opened again, and more was read.
    """

    def __init__(self, stream: _Readable, keep: int, gone: str) -> None:
        self._stream = stream
        self._keep = keep
        self._gone = gone
        self._kept = bytearray()
        self._passed = False

    def open(self) -> BinaryIO:
        """The stream from its beginning.

        Raises:
            InputError: that is gone.
        """
        if self._passed:
            raise InputError(self._gone)
        return cast(BinaryIO, io.BufferedReader(_Reading(self)))

    def at(self, position: int, size: int) -> bytes:
        """Up to so many bytes from this offset on: from what is kept, or the stream's next."""
        if position < len(self._kept):
            return bytes(self._kept[position : position + size])
        data = self._stream.read(size) or b""
        if len(self._kept) + len(data) > self._keep:
            self._passed = True
        if not self._passed:
            self._kept += data
        return data


class _Reading(io.RawIOBase):
    """One reading of it."""

    def __init__(self, replayed: Replayed) -> None:
        self._replayed = replayed
        self._at = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._replayed.at(self._at, len(buffer))
        self._at += len(data)
        buffer[: len(data)] = data
        return len(data)
