"""brat standoff (https://brat.nlplab.org/standoff.html): a ``.txt`` and an ``.ann`` file for each article.

Positions are code points into the ``.txt``, which is the stored text. A type's name can hold letters,
digits, ``-`` and ``_`` only, so tags are written so; ``annotation.conf`` lists them as a tree.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from warreader.index.annotations.model import Annotation, tag_key

_HIGHLIGHT = "Highlight"
_UNFIT = re.compile(r"[^\w-]+")
_FILE = re.compile(r"[^\w.-]+")


class _Types:
    """The names of types by tag, each once."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}

    def of(self, tag: str) -> str:
        """The type of a tag."""
        key = tag_key(tag)
        if key not in self._names:
            name = _UNFIT.sub("_", tag.replace("/", "-")).strip("_-") or "Tag"
            taken, number, free = {one.casefold() for one in self._names.values()}, 1, name
            while free.casefold() in taken or free == _HIGHLIGHT:
                number += 1
                free = f"{name}_{number}"
            self._names[key] = free
        return self._names[key]

    def listed(self) -> list[str]:
        """All of them in alphabetical order."""
        return sorted(self._names.values(), key=str.casefold)


def write_brat(target: Path, annotations: Iterable[Annotation], text_of: Callable[[str], str | None]) -> None:
    """Write the annotated articles with their annotations, zipped.

    Annotations whose article is gone are left out: their words stand nowhere.

    Args:
        target: the file.
        text_of: an article's stored text by its id, ``None`` where it is gone.
    """
    by_article: dict[str, list[Annotation]] = {}
    for annotation in annotations:
        by_article.setdefault(annotation.article, []).append(annotation)
    types, names = _Types(), set[str]()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for article, made in by_article.items():
            if (text := text_of(article)) is None:
                continue
            name = _free(_FILE.sub("_", article)[:100].strip(".") or "article", names)
            archive.writestr(f"{name}.txt", text.encode("utf-8", "replace"))
            archive.writestr(f"{name}.ann", "".join(f"{line}\n" for line in standoff(made, text, types)))
        archive.writestr("annotation.conf", "\n".join(_conf(types)) + "\n")


def _free(name: str, names: set[str]) -> str:
    free, number = name, 1
    while free.casefold() in names:
        number += 1
        free = f"{name}_{number}"
    names.add(free.casefold())
    return free


def standoff(annotations: Iterable[Annotation], text: str, types: _Types | None = None) -> Iterator[str]:
    """The lines of an ``.ann`` file: a text-bound annotation for each tag, notes after what they are on.

    A note on the article as a whole is one on its first line.
    """
    types = types or _Types()
    bounds = notes = 0
    for one in annotations:
        stretches = _stretches(text, one.start or 0, len(text) if one.end is None else one.end)
        if one.span is None:
            stretches = stretches[:1]
        if not stretches:
            continue
        first = bounds + 1
        for tag in one.tags or (None,):
            bounds += 1
            kind = _HIGHLIGHT if tag is None else types.of(tag)
            places = ";".join(f"{start} {end}" for start, end in stretches)
            words = " ".join(text[start:end] for start, end in stretches)
            yield f"T{bounds}\t{kind} {places}\t{words}"
        if one.note:
            notes += 1
            yield f"#{notes}\tAnnotatorNotes T{first}\t{' '.join(one.note.split())}"


# What any reader of lines may take for a line's end.
_LINE = re.compile("[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")


def _stretches(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """A span without line ends, which brat's spans can't hold: a discontinuous one where it has some."""
    return [(found.start(), found.end()) for found in _LINE.finditer(text, start, end) if found[0].strip()]


def _conf(types: _Types) -> Iterator[str]:
    yield "[entities]"
    yield _HIGHLIGHT
    yield from types.listed()
    yield "[relations]"
    yield "[events]"
    yield "[attributes]"
