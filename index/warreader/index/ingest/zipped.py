"""Documents that are zip files of XML parts (.docx, .epub): their parts, read within limits."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from warreader.index import safe_xml
from warreader.index.errors import InputError
from warreader.index.ingest.pieces import MAX_BYTES

if TYPE_CHECKING:
    from lxml.etree import _Element

_MOST_PARTS = 20_000
_LARGEST_PART = 32 * 1024 * 1024
"""Bytes; a tree of XML takes many times as much memory."""


class Parts:
    """The parts of such a document.

    Args:
        data: the whole file.
        kind: what to call it in messages ("a Word document").

    Raises:
        InputError: it is no zip file, or a broken one.
    """

    def __init__(self, data: bytes, kind: str) -> None:
        self._kind = kind
        self._left = 2 * MAX_BYTES  # of all parts
        try:
            self._zip = ZipFile(BytesIO(data))
        except (BadZipFile, ValueError, OSError, NotImplementedError, EOFError) as error:
            raise self.broken() from error
        names = self._zip.namelist()
        if len(names) > _MOST_PARTS:
            raise InputError(f"more than {_MOST_PARTS} parts; no such document needs them, it is left alone")
        self.names = frozenset(names)

    def broken(self) -> InputError:
        """That the document is damaged."""
        return InputError(f"{self._kind} that is damaged or none; open it in its program and save it again")

    def read(self, name: str) -> bytes:
        """A part's bytes.

        Raises:
            InputError: it is missing, encrypted, damaged, or the parts read so far are too large together.
        """
        try:
            with self._zip.open(name) as part:
                data = part.read(min(self._left, _LARGEST_PART) + 1)
        except RuntimeError as error:
            raise InputError(f"{self._kind} with a password; save it without one first") from error
        except (
            KeyError,
            BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            ValueError,
            NotImplementedError,
        ) as error:
            raise self.broken() from error
        self._left -= len(data)
        if self._left < 0 or len(data) > _LARGEST_PART:
            raise InputError(f"unpacks to more than {_LARGEST_PART // 2**20} MB of text; split it")
        return data

    def xml(self, name: str) -> _Element:
        """A part's root element; entities are not expanded, nothing outside is loaded.

        Raises:
            InputError: as :meth:`read`, or it is no XML.
        """
        data = self.read(name)
        try:
            return safe_xml.root(data)
        except InputError as error:
            raise self.broken() from error
