"""Index files and their seal: what Whoosh stores is opened only where this user wrote it for this library.

Whoosh's table of contents holds pickles, so opening a hostile one runs code. Each commit
is therefore sealed: before a table of contents appears under its name, digests of it and
of the ends of all segments, which hold checksums of their pages, are stored beside it under
a keyed digest.
"""

from __future__ import annotations

import hmac
import json
import os
import re
import time
from collections.abc import Collection, Iterable
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from warreader.index.search.arrays import ArrayFile, Damaged, fingerprint
from warreader.index.search.segment import Fields

FORMAT = 8
"""Version of what the index files hold; an index of another version is not opened."""

NAME = "MAIN"
_TOC = re.compile(rf"_{NAME}_(\d+)\.toc\Z")
_OURS = re.compile(rf"_?{NAME}[_.].*|{NAME}WRITELOCK|OWNER_\d+(?:\.new)?|.*\.tmp\Z")
_TICK = 2 * 10**9  # nanoseconds; coarse file systems keep seconds
_Mark = tuple[str, int, int, int]
_PASSING = re.compile(rf"OWNER_\d+(?:\.new)?\Z|_{NAME}_\d+\.toc\.")


class Sealed(FileStorage):  # type: ignore[misc]
    """Index files, written durably and sealed with a key.

    Args:
        directory: the index folder.
        key: the secret; without it no seal can be made.
    """

    def __init__(self, directory: Path, key: bytes) -> None:
        super().__init__(str(directory))
        self.directory = directory
        self._key = key
        # Segments never change once written, so each is read once, if nobody touched it.
        self._hashes: dict[_Mark, str] = {}
        self._synced: set[_Mark] = set()
        self._sound: set[_Mark] = set()
        self._fields: dict[_Mark, Fields] = {}
        self._newest: tuple[tuple[int, int], tuple[int, ...]] | None = None

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename. A table of contents is sealed and synced before it appears, so that it never is unsealed."""
        found = _TOC.match(newname)
        if found is not None:
            self._seal(int(found[1]), oldname)
        super().rename_file(oldname, newname, safe=safe)
        if found is not None:
            _sync(self.directory)
            for path in self.directory.iterdir():
                # Seals of former commits, and what killed writers left.
                if _PASSING.match(path.name) and path.name != f"OWNER_{found[1]}":
                    path.unlink(missing_ok=True)

    def generation(self) -> int:
        """The newest commit, or -1."""
        return max((int(found[1]) for name in self.list() if (found := _TOC.match(name))), default=-1)

    def newest(self) -> tuple[int, ...]:
        """The stamp of the newest commit. While nothing in the folder comes or goes, that is looked for once."""
        try:
            stat = self.directory.stat()
        except OSError:
            return (-1,)
        now = (stat.st_mtime_ns, stat.st_ino)
        if self._newest is None or self._newest[0] != now:
            found = self.stamp(self.generation())
            # What comes in the same tick of the clock leaves the time as it is.
            if time.time_ns() - stat.st_mtime_ns < _TICK:
                return found
            self._newest = now, found
        return self._newest[1]

    def stamp(self, generation: int) -> tuple[int, ...]:
        """What tells this commit from one of the same number in an index built anew."""
        try:
            stat = (self.directory / f"_{NAME}_{generation}.toc").stat()
        except OSError:
            return (generation,)
        return (generation, stat.st_mtime_ns, stat.st_ino, stat.st_size)

    def verified(self, generation: int) -> frozenset[str]:
        """Names of the files that are those sealed in this commit, its table of contents among them.

        What their pages hold is checked when they are read.

        Raises:
            Damaged: there is no seal, it is not ours, or a sealed file differs.
            FileNotFoundError: a file vanished, as when a writer commits meanwhile.
        """
        toc = f"_{NAME}_{generation}.toc"
        seal = self._read_seal(generation)
        if seal["toc"] != self._hash(toc):
            raise Damaged("the table of contents is not the one that was sealed")
        names = {toc}
        for name, digest in seal["files"].items():
            if Path(self._fpath(name)).is_file():
                if self._hash(name) != digest:
                    raise Damaged(f"{name} is not as it was written")
                names.add(name)
        return frozenset(names)

    def _read_seal(self, generation: int) -> dict[str, Any]:
        path = self.directory / f"OWNER_{generation}"
        try:
            if path.is_symlink() or path.stat().st_size > 1 << 22:
                raise Damaged("its seal is not a plain file")
            seal = json.loads(path.read_bytes())
            body, mac = seal["body"], bytes.fromhex(seal["mac"])
        except FileNotFoundError as error:
            raise Damaged("it bears no seal") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged("its seal can't be read") from error
        if not hmac.compare_digest(self._mac(body), mac):
            raise Damaged("it was not made by this user for this library")
        if body["format"] != FORMAT:
            raise Damaged("it is of another version")
        return dict(body)

    def _seal(self, generation: int, toc: str) -> None:
        segments = sorted(
            name for name in self.list() if name.startswith(f"{NAME}_") and name.endswith(".seg")
        )
        for name in (*segments, toc):
            if (mark := self._mark(name)) not in self._synced:
                _sync(self.directory / name)
                self._synced.add(mark)
        body = {
            "format": FORMAT,
            "toc": self._hash(toc),
            "files": {name: self._hash(name) for name in segments},
        }
        path = self.directory / f"OWNER_{generation}"
        new = path.with_name(f"{path.name}.new")
        new.write_text(json.dumps({"body": body, "mac": self._mac(body).hex()}), encoding="utf-8")
        _sync(new)
        new.replace(path)

    def _mac(self, body: object) -> bytes:
        shown = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        return hmac.digest(self._key, shown, "sha256")

    def fields(self, name: str) -> Fields:
        """A segment's fields, for reading in place."""
        mark = self._mark(name)
        if (known := self._fields.get(mark)) is None:
            known = self._fields[mark] = Fields(ArrayFile(self.directory / name))
        return known

    def check(self, names: Iterable[str]) -> None:
        """Read all of the segments among these files that were not read since they were last touched.

        Raises:
            Damaged: one differs from what was written.
        """
        for name in names:
            if name.endswith(".seg") and (mark := self._mark(name)) not in self._sound:
                with closing(ArrayFile(self.directory / name, mapped=False)) as file:
                    file.check()
                self._sound.add(mark)

    def keep(self, names: Collection[str]) -> None:
        """Forget what is known of other files than these."""
        for known in (self._hashes, self._fields):
            for mark in [mark for mark in known if mark[0] not in names]:
                del known[mark]
        self._synced = {mark for mark in self._synced if mark[0] in names}
        self._sound = {mark for mark in self._sound if mark[0] in names}

    def shut(self) -> None:
        """Close the files read so far; what was read in place of them stays good."""
        for fields in self._fields.values():
            fields.file.close()
        self._fields.clear()

    def _hash(self, name: str) -> str:
        mark = self._mark(name)
        if (known := self._hashes.get(mark)) is None:
            path = self.directory / name
            if name.endswith(".seg"):
                known = fingerprint(path)
            else:
                known = sha256(path.read_bytes()).hexdigest()
            self._hashes[mark] = known
        return known

    def _mark(self, name: str) -> _Mark:
        path = self.directory / name
        if path.is_symlink():
            raise Damaged(f"{name} is not a plain file")
        stat = path.stat()
        return name, stat.st_size, stat.st_mtime_ns, stat.st_ino


def _sync(path: Path) -> None:
    """Have the file or folder on disk before going on."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return  # Some systems don't open folders; their renames are then as durable as they make them.
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def discard(directory: Path) -> None:
    """Delete the index files in the folder; nothing else in it is touched, no link is followed."""
    if directory.is_symlink():
        directory.unlink()
    directory.mkdir(parents=True, exist_ok=True)
    for path in directory.iterdir():
        if not _OURS.match(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            for inner in path.iterdir():
                if inner.is_symlink() or not inner.is_dir():
                    inner.unlink(missing_ok=True)
            path.rmdir()
        else:
            path.unlink(missing_ok=True)
