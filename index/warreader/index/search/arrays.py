"""Arrays in one file: written once from beginning to end, then read in place.

The file ends with a table of its arrays and a checksum of each of its pages (XXH3, 64 bits:
https://xxhash.com). Whoever knows the digest of that end (:func:`fingerprint`) has the rest
checked: each page when it is first read, so opening reads little, and damage is never served.
Checksums find damage. Who may write into the folder could forge them, and gain wrong numbers by it,
which lead nowhere outside the file.
"""

from __future__ import annotations

import json
import mmap
import os
from collections.abc import Collection, Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from struct import Struct
from typing import IO, Any

import numpy as np
import numpy.typing as npt
from xxhash import xxh3_64, xxh3_64_digest

Array = npt.NDArray[Any]

PAGE = 1 << 13
_SUM = 8
_END = Struct("<QQ")  # where the checksums begin, and how many bytes they are
_ALIGNED = 8
_LARGEST_END = 1 << 26
_UNKNOWN, _SOUND, _HELD = range(3)  # a page: not read yet; as it was written; and in memory
_KEPT = 1 << 25
"""Bytes of a file read in place that stay part of this process's memory, about."""
_SHORT = 2 if hasattr(os, "pread") else 0
"""So few pages are copied rather than read in place."""
_AROUND = 1 << 16
"""As many bytes as a system maps at once about what is read, where it has them in its memory."""


class Damaged(Exception):
    """Index files are missing, incomplete, of another version, or not as they were written."""


class ArrayWriter:
    """Writes arrays, and at last the table that finds them again."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._at = 0
        self._page = xxh3_64()
        self._sums = bytearray()
        self._table: dict[str, tuple[int, str, int]] = {}
        self._written: IO[bytes] | None = None

    def put(self, *parts: Array) -> int:
        """Write an array, or several of a kind as one; returns where it begins, in bytes."""
        start = self._at
        for part in parts:
            self._write(_bytes(part))
        self._align()
        return start

    def name(self, name: str, array: Array) -> None:
        """Write an array that is found by name."""
        self._table[name] = (self.put(array), array.dtype.str, array.size)

    def name_parts(self, name: str, kind: np.dtype[Any], parts: Iterable[Array]) -> None:
        """Write an array of this kind that is found by name, its parts as they come."""
        start, size = self._at, 0
        for part in parts:
            self._write(_bytes(part.astype(kind, copy=False)))
            size += part.size
        self._align()
        self._table[name] = (start, kind.str, size)

    def read(self, starts: Array, sizes: Array) -> bytes:
        """Pieces of what was written, by the bytes where they begin and their sizes, one after another.

        They are not read in place: what lies about them would count as this process's memory.
        """
        self._file.flush()
        if self._written is None:
            self._written = Path(self._file.name).open("rb", buffering=0)  # noqa: SIM115 - closed with the other
        found = []
        for start, size in zip(starts.tolist(), sizes.tolist(), strict=True):
            self._written.seek(start)
            found.append(self._written.read(size))
        return b"".join(found)

    def close(self, facts: Mapping[str, Any]) -> None:
        """Write the table and what else is to be known of the file."""
        start = self._at
        if start % PAGE:
            self._end_page()
        table = json.dumps({"arrays": self._table, "facts": facts}).encode()
        self._file.write(bytes(self._sums) + table + _END.pack(start, len(self._sums)))
        self._file.close()
        if self._written is not None:
            self._written.close()

    def _align(self) -> None:
        self._write(memoryview(bytes(-self._at % _ALIGNED)))

    def _write(self, data: memoryview) -> None:
        self._file.write(data)
        while data:
            piece = data[: PAGE - self._at % PAGE]
            self._page.update(piece)
            self._at += len(piece)
            if not self._at % PAGE:
                self._end_page()
            data = data[len(piece) :]

    def _end_page(self) -> None:
        self._sums += self._page.digest()
        self._page = xxh3_64()


class ArrayFile:
    """A file of arrays, read in place, or where ``mapped`` is false in pieces, without checking them.

    Raises:
        Damaged: it can't be one.
    """

    def __init__(self, path: Path, *, mapped: bool = True) -> None:
        self.path = path
        self._file = path.open("rb")
        end, self._pages_end = _read_end(self._file)
        start, sums = _END.unpack(end[-_END.size :])
        try:
            table = json.loads(end[sums : -_END.size])
            self.facts: dict[str, Any] = table["facts"]
            self._table: dict[str, tuple[int, str, int]] = table["arrays"]
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged(f"{path.name} has no table") from error
        self._sums = end[:sums]
        self._state = bytearray(sums // _SUM)
        self._map = mmap.mmap(self._file.fileno(), 0, access=mmap.ACCESS_READ) if mapped else None
        self._memory = None if self._map is None else memoryview(self._map)[:start]
        self._taken = 0
        self._known: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        """An array by name."""
        if (known := self._known.get(name)) is None:
            start, kind, count = self._table[name]
            known = self._known[name] = self.part(start, np.dtype(kind), count)
        return known

    def lazy(self, name: str) -> Any:
        """An array by name, to be taken an element or a stretch at a time; in memory only if it is read in place."""
        return _Stored(self, *self._table[name]) if self._memory is None else self[name].data

    def __contains__(self, name: str) -> bool:
        return name in self._table

    def part(self, start: int, kind: np.dtype[Any], count: int) -> Array:
        """``count`` numbers from the byte ``start``."""
        if not count:
            return np.empty(0, kind)
        end = start + count * kind.itemsize
        if self._memory is None:
            self._file.seek(start)
            return np.frombuffer(self._file.read(end - start), kind)
        first, last = start // PAGE, (end - 1) // PAGE + 1
        if last - first <= _SHORT and self._state.count(_HELD, first, last) < last - first:
            return self._copied(start, kind, count, first, last)
        self._take(first, last)
        return np.frombuffer(self._memory, kind, count, start)

    def _copied(self, start: int, kind: np.dtype[Any], count: int, first: int, last: int) -> Array:
        """The same, copied: it is sooner done than having a page or two in place, and counts for less."""
        if self._state.count(_SOUND, first, last) == last - first:
            data = os.pread(self._file.fileno(), count * kind.itemsize, start)
            if len(data) < count * kind.itemsize:
                raise self._damaged()
            return np.frombuffer(data, kind)
        at, sums = first * PAGE, self._sums
        data = os.pread(self._file.fileno(), min(last * PAGE, self._pages_end) - at, at)
        for page in range(first, last):
            held = data[(page - first) * PAGE : (page - first + 1) * PAGE] if last - first > 1 else data
            if xxh3_64_digest(held) != sums[page * _SUM : (page + 1) * _SUM]:
                raise self._damaged()
            if self._state[page] == _UNKNOWN:
                self._state[page] = _SOUND
        return np.frombuffer(data, kind, count, start - at)

    def stretch(self, name: str, at: int, count: int) -> Array:
        """Some numbers of an array by name, that follow one another: only these are read."""
        start, kind, _ = self._table[name]
        return self.part(start + at * np.dtype(kind).itemsize, np.dtype(kind), count)

    def check(self) -> None:
        """Read all pages.

        Raises:
            Damaged: one is not as it was written.
        """
        self._file.seek(0)
        for page in range(len(self._state)):
            room = min(PAGE, self._pages_end - page * PAGE)
            self._compare(page, self._file.read(room))

    def close(self) -> None:
        """Close the file; arrays read in place stay good."""
        self._file.close()

    def _take(self, first: int, last: int) -> None:
        """Have the pages from one to another checked, and count them as this process's."""
        fresh = last - first - self._state.count(_HELD, first, last)
        if not fresh:
            return
        assert self._memory is not None
        state, memory, sums = self._state, self._memory, self._sums
        for page in range(first, last):
            if state[page] == _UNKNOWN:
                start = page * PAGE
                if xxh3_64_digest(memory[start : start + PAGE]) != sums[page * _SUM : (page + 1) * _SUM]:
                    raise self._damaged()
            state[page] = _HELD
        self._taken += max(fresh * PAGE, _AROUND)
        if self._taken > _KEPT and hasattr(mmap, "MADV_DONTNEED"):
            self._leave()

    def _leave(self) -> None:
        """Give back all pages: mostly they stay in the system's memory, but count no longer as this process's."""
        assert self._map is not None
        self._map.madvise(mmap.MADV_DONTNEED)
        self._state = self._state.replace(bytes((_HELD,)), bytes((_SOUND,)))
        self._taken = 0

    def _compare(self, page: int, data: bytes | memoryview) -> None:
        if xxh3_64_digest(data) != self._sums[page * _SUM : (page + 1) * _SUM]:
            raise self._damaged()

    def _damaged(self) -> Damaged:
        return Damaged(f"{self.path.name} is not as it was written")


class _Stored:
    """An array in a file that is not in memory."""

    def __init__(self, file: ArrayFile, start: int, kind: str, count: int) -> None:
        self._file, self._start, self._kind, self._count = file, start, np.dtype(kind), count

    def __getitem__(self, at: int | slice) -> Any:
        if isinstance(at, slice):
            start, end, _ = at.indices(self._count)
            return self._file.part(self._start + start * self._kind.itemsize, self._kind, end - start)
        return self[at : at + 1][0].item()


def fingerprint(path: Path) -> str:
    """What tells this file from any other: a digest of its end, which holds checksums of the rest.

    Raises:
        Damaged: it is no file of arrays.
    """
    with path.open("rb") as file:
        return sha256(_read_end(file)[0]).hexdigest()


def _read_end(file: IO[bytes]) -> tuple[bytes, int]:
    """The end of the file, from the checksums on, and where it begins."""
    size = file.seek(0, 2)
    if size >= _END.size:
        file.seek(size - _END.size)
        start, sums = _END.unpack(file.read(_END.size))
        pages = -(-start // PAGE)
        if start <= size - _END.size - sums and size - start < _LARGEST_END and sums == pages * _SUM:
            file.seek(start)
            return file.read(), start
    raise Damaged("a segment is cut short")


def _bytes(array: Array) -> memoryview:
    return np.ascontiguousarray(array).data.cast("B")


def as_keys(keys: Collection[int]) -> Array:
    """Keys of articles as an array."""
    return np.fromiter(keys, np.int64, len(keys))
