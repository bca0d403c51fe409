"""What passes through ingest: from a source, split into pieces, each parsed into raw articles.

Splitting is cheap and streams: whatever the size of a source, only one piece of it
is in memory. Parsing is the costly part; it needs nothing but the piece, so that it
can be done in another process or, in a run that goes on where it was, be left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path, PurePath
from typing import BinaryIO

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError

MAX_BYTES = 64 * 1024 * 1024
"""The longest piece that is read: one text, page, line or message."""
LONGEST_LIST = 1024 * 1024
"""Bytes of a text that is taken for a list of addresses, at most."""

FIELDS = ("id", "text", "title", "outlet", "author", "date", "url", "language", "agency")
"""What a record of an article may state."""


@dataclass(frozen=True, slots=True)
class Options:
    """What the user said about the inputs.

    ``mapping`` leads from our field (``text``, ``title``, ...) to its name in the
    input; ``form`` is a suffix (``.csv``) that overrides the one a name ends in; ``again`` has files read that were
    read already and are as they were, for what was taken out since.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    form: str | None = None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Something with a name that bytes can be read from, from its beginning and as often as asked.

    Args:
        name: as users are told it: ``dump.zip/pages/a.html``.
        origin: as it is stored with the articles: a file's full path, an address.
        suffix: in lower case, with its dot, the compound ones whole: ``.html``, ``.warc.gz``.
        size: bytes, where known.
        hints: what is known of its articles from outside (the address it was fetched from); used
            where the article itself states nothing.
        depth: how many archives it lies in.
    """

    name: str
    origin: str
    suffix: str
    open: Callable[[], BinaryIO]
    size: int | None = None
    hints: Metadata = field(default_factory=Metadata)
    depth: int = 0

    @property
    def stem(self) -> str:
        """The last part of its name, without the suffix."""
        return _stem(self.name, self.suffix)

    def piece(self, form: str, data: bytes, place: str | None = None, at: int = 0) -> Piece:
        """A piece of this source."""
        return Piece(form, data, self.name, place, self.origin, self.stem, self.hints, at)

    def read(self) -> bytes:
        """All of it.

        Raises:
            InputError: it is longer than :data:`MAX_BYTES`.
        """
        with self.open() as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES // 2**20} MB; split it into its articles")
        return data


@lru_cache(1)
def _stem(name: str, suffix: str) -> str:
    # Of one source there may be many thousand pieces.
    last = PurePath(name.replace("\\", "/")).name or name
    return last[: -len(suffix)] if suffix and last.lower().endswith(suffix) else last


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes of one article, or of a small document that holds several (a feed). It can be pickled.

    Args:
        form: which parser it is for, a key of :data:`warreader.index.ingest.formats.PARSERS`.
        file: the source's name, for messages.
        place: where in the source, in words ("line 3"), or ``None``.
        origin: the source's origin.
        stem: what an id is made of where nothing states one.
        at: bytes of the source read when this piece was, for progress.
        mapping: see :class:`Options`.
    """

    form: str
    data: bytes
    file: str
    place: str | None
    origin: str
    stem: str
    hints: Metadata = field(default_factory=Metadata)
    at: int = 0
    mapping: Mapping[str, str] = field(default_factory=dict)

    def failure(self, error: InputError) -> Failure:
        """The error as what is reported of this piece."""
        places = [place for place in (self.place, error.place) if place]
        return Failure(self.file, ", ".join(places) or None, error.reason)


@dataclass(frozen=True, slots=True)
class Raw:
    """An article as its input holds it.

    Args:
        id: stated by the input (``stated_id``) or made of the file's name.
        text: normalised: see :func:`warreader.index.ingest.plain.normalise`.
        meta: what markup and fields state.
        place: where in the source, in words, or ``None``.
        kinds: for each line of ``text.split("\\n")`` its kind where markup tells it, else ``None``.
    """

    id: str
    text: str
    meta: Metadata = field(default_factory=Metadata)
    place: str | None = None
    stated_id: bool = False
    kinds: tuple[LineKind | None, ...] | None = None


Splitter = Callable[[Source, Options], Iterator[Piece | Failure]]
"""Reads a source as a stream. What can't be read of it is yielded as a failure, and the rest follows.

It raises InputError where nothing can be read (any more); the caller names the source.
"""

Parser = Callable[[Piece], Iterator[Raw]]
"""Makes articles of a piece. It raises InputError where the piece can't be read; the caller names it."""


def is_address(name: Path | str) -> bool:
    """Whether what a user named is an address to fetch rather than a path."""
    return isinstance(name, str) and name.lower().startswith(("http://", "https://"))


def addresses_in(data: bytes) -> list[str]:
    """The addresses in a text that holds nothing else, a line each, or notes behind ``#``; else none."""
    if len(data) > LONGEST_LIST or not data.isascii():
        return []
    lines = [line.strip() for line in data.decode("ascii").splitlines()]
    lines = [line for line in lines if line and not line.startswith("#")]
    return lines if all(is_address(line) and not line.split()[1:] for line in lines) else []


def filled(stated: Metadata, *further: Metadata) -> Metadata:
    """The first with its unknowns taken from the others, in turn."""
    for other in further:
        missing = {
            name: value
            for name in Metadata.__slots__
            if not getattr(stated, name) and (value := getattr(other, name))
        }
        if missing:
            stated = replace(stated, **missing)
    return stated
