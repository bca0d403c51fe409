"""Index files and their seal: what Whoosh stores is opened only where this user wrote it for this library.

A Whoosh index holds pickles, so opening a hostile one runs code. Each commit is
therefore sealed: before a table of contents appears under its name, the hashes of
it and of all segment files are stored beside it under a keyed digest.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

FORMAT = 1
"""Version of what the index files hold; an index of another version is not opened."""

NAME = "MAIN"
_TOC = re.compile(rf"_{NAME}_(\d+)\.toc\Z")
_OURS = re.compile(rf"_?{NAME}[_.].*|{NAME}WRITELOCK|OWNER_\d+(?:\.new)?|.*\.tmp\Z")
_PASSING = re.compile(rf"OWNER_\d+(?:\.new)?\Z|_{NAME}_\d+\.toc\.")


class Damaged(Exception):
    """The index is missing, incomplete, of another version, or not sealed by this user for this library."""


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
        # Segment files never change once written, so each is hashed once, if nobody touched it.
        self._hashes: dict[tuple[str, int, int, int], str] = {}

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

    def stamp(self, generation: int) -> tuple[int, ...]:
        """What tells this commit from one of the same number in an index built anew."""
        try:
            stat = (self.directory / f"_{NAME}_{generation}.toc").stat()
        except OSError:
            return (generation,)
        return (generation, stat.st_mtime_ns, stat.st_ino, stat.st_size)

    def verified(self, generation: int) -> frozenset[str]:
        """Names of the files that are as they were sealed in this commit, its table of contents among them.

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
            _sync(self.directory / name)
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

    def _hash(self, name: str) -> str:
        path = self.directory / name
        if path.is_symlink():
            raise Damaged(f"{name} is not a plain file")
        stat = path.stat()
        mark = (name, stat.st_size, stat.st_mtime_ns, stat.st_ino)
        if (known := self._hashes.get(mark)) is None:
            with path.open("rb") as file:
                known = self._hashes[mark] = hashlib.file_digest(file, "blake2b").hexdigest()
        return known


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
