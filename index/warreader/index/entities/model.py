"""A trained spaCy pipeline as one more voice: which is there, and asking it in a process of its own.

Nothing here imports spaCy but the process (:mod:`model_process`): it takes a
second and a hundred megabytes, and what goes wrong in it ends it alone.
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from warreader.index.entities.merging import Said
from warreader.index.errors import ModelError

DEFAULT = "en_core_web_sm"
ENVIRONMENT = "WARREADER_MODEL"
"""Names another pipeline, a folder with one, or ``off``."""
REMEDY = 'pip install "warreader[nlp]" && python -m spacy download en_core_web_sm-3.8.0 --direct'
BATCH = 6
"""Pieces of text read at once."""
_PIECE = 4000
"""Code points of a piece: longer ones cost memory and gain nothing."""


def chosen() -> str | None:
    """The name of the pipeline to use, or ``None`` where none is wanted or installed.

    Raises:
        ModelError: one was named that is not there.
    """
    named = os.environ.get(ENVIRONMENT, "")
    if named == "off":
        return None
    if _found(named or DEFAULT):
        return named or DEFAULT
    if named:
        raise ModelError(
            f"{ENVIRONMENT}={named}: no such model, or spaCy is missing; get both with: {REMEDY}"
        )
    return None


def _found(name: str) -> bool:
    if importlib.util.find_spec("spacy") is None:
        return False
    if (Path(name) / "meta.json").is_file():
        return True
    return name.isidentifier() and importlib.util.find_spec(name) is not None


def identity(name: str) -> str:
    """Name and version of an installed pipeline: what was read by another is read anew.

    Raises:
        ModelError: a folder was named, and what lies in it is none.
    """
    if (meta := Path(name) / "meta.json").is_file():
        try:
            described = json.loads(meta.read_text("utf-8"))
            return f"{described['lang']}_{described['name']} {described['version']}"
        except (OSError, ValueError, LookupError, TypeError) as error:
            raise ModelError(
                f"{meta}: does not describe a spaCy pipeline; save the pipeline again"
            ) from error
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return name


class ModelProcess:
    """Asks a pipeline in another process; ends it when closed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> ModelProcess:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            assert self._process.stdin
            # One that has died took in only a part of what it was asked.
            with contextlib.suppress(OSError):
                self._process.stdin.close()
            self._process.terminate()
            self._process.wait()

    def read(self, texts: Sequence[str]) -> list[list[Said]]:
        """What the pipeline marks in each text.

        Raises:
            ModelError: it can't be loaded, or ended.
        """
        pieces = [(at, start, piece) for at, text in enumerate(texts) for start, piece in cut(text)]
        said: list[list[Said]] = [[] for _ in texts]
        for first in range(0, len(pieces), BATCH):
            batch = pieces[first : first + BATCH]
            answers = self._ask([piece for _, _, piece in batch])
            for (at, start, _), marks in zip(batch, answers, strict=True):
                said[at] += [Said(start + begin, start + end, label) for begin, end, label in marks]
        return said

    def _ask(self, pieces: list[str]) -> list[list[tuple[int, int, str]]]:
        if self._process is None:
            # Started only once there is something to read.
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "warreader.index.entities.model_process", self.name],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8",
            )  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        try:
            # One that dies says why, whether or not it has taken in what it was asked.
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.write(json.dumps(pieces) + "\n")
                self._process.stdin.flush()
            answer = json.loads(self._process.stdout.readline() or '{"error": "it ended"}')
        except (OSError, ValueError) as error:
            answer = {"error": str(error)}
        if "error" in answer:
            raise ModelError(f"{self.name}: the model failed ({answer['error']}); get it anew with: {REMEDY}")
        return [[(start, end, label) for start, end, label in marks] for marks in answer["said"]]


def cut(text: str) -> Iterator[tuple[int, str]]:
    """Pieces of a text with their starts, cut at line ends, a huge line at a space."""
    start = 0
    while start < len(text):
        end = start + _PIECE
        if end < len(text):
            line = text.rfind("\n", start, end)
            end = line if line > start else max(text.rfind(" ", start, end), start) or end
            end = end if end > start else start + _PIECE
        piece = text[start:end]
        if not piece.isspace():
            yield start, piece
        start = end
