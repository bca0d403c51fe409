"""How alike two statements are in meaning, by a sentence model, where one is installed.

Any model of the sentence-transformers family will do that was exported for ONNX and takes the mean of its words'
vectors, as all-MiniLM-L6-v2 and its multilingual kin do (Reimers and Gurevych 2019, Sentence-BERT).
"""

from __future__ import annotations

import importlib.util
import os
import threading
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warreader.index.errors import WarreaderError
from warreader.index.folders import data_folder

ENVIRONMENT = "WARREADER_SENTENCES"
"""Names another folder with a model, or ``off``."""

FILES = ("model.onnx", "tokenizer.json")
"""What a model's folder holds."""

_WORDS = 128
"""Pieces of words of a statement that are read: the models were trained on no more."""

_KEPT = 4096
"""Statements whose vectors are kept."""

Likeness = Callable[[str, str], float]
"""The cosine of two statements' vectors: 1 for the same, about 0 for what has nothing in common."""


class MeaningError(WarreaderError):
    """The model is there, but can't be used."""


def folder() -> Path:
    """Where the model is looked for."""
    named = os.environ.get(ENVIRONMENT, "")
    return Path(named).expanduser() if named else data_folder() / "models" / "sentences"


def remedy() -> str:
    """How to get what is missing, in one line."""
    install = "" if _installed() else 'pip install "warreader[sentences]" and '
    return f"{install}put {' and '.join(FILES)} of all-MiniLM-L6-v2 into {folder()}"


def off() -> bool:
    """Whether no model is wanted."""
    return os.environ.get(ENVIRONMENT) == "off"


def _installed() -> bool:
    return all(importlib.util.find_spec(name) is not None for name in ("onnxruntime", "tokenizers"))


def likeness() -> Likeness | None:
    """Tells how alike two statements are; ``None`` where no model is installed, or none is wanted.

    Raises:
        MeaningError: its files are there, but not those of such a model.
    """
    if off() or not _installed() or not all((folder() / name).is_file() for name in FILES):
        return None
    return _model(folder()).likeness


@cache
def _model(path: Path) -> _Model:
    return _Model(path)


class _Model:
    """A model in memory. May be asked by several threads."""

    def __init__(self, path: Path) -> None:
        # Half a second and a hundred megabytes: only who asks for statements in other words pays for it.
        import onnxruntime
        import tokenizers

        try:
            self._session = onnxruntime.InferenceSession(
                str(path / FILES[0]), providers=["CPUExecutionProvider"]
            )
            self._tokenizer = tokenizers.Tokenizer.from_file(str(path / FILES[1]))
            self._tokenizer.no_padding()
            self._tokenizer.enable_truncation(_WORDS)
            self._inputs = [one.name for one in self._session.get_inputs()]
            self._making = threading.Lock()
            self._vector = lru_cache(_KEPT)(self._made)
            self._vector("a")
        # The libraries raise classes of their own for files that are not theirs, and the bare one.
        except Exception as error:
            raise MeaningError(
                f"{path}: no sentence model that can be used ({_told(error)});"
                f" {remedy()}, or set {ENVIRONMENT}=off"
            ) from error

    def likeness(self, one: str, two: str) -> float:
        """The cosine of the vectors of two statements."""
        with self._making:
            return float(self._vector(one) @ self._vector(two))

    def _made(self, text: str) -> NDArray[np.float32]:
        read = self._tokenizer.encode(text)
        ids = np.array([read.ids], np.int64)
        given: dict[str, Any] = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        of_words = self._session.run(None, {name: given[name] for name in self._inputs})[0][0]
        # Of no word at all the vector is none.
        mean: NDArray[np.float32] = np.asarray(of_words, np.float32).sum(axis=0) / max(1, ids.size)
        return mean / max(float(np.linalg.norm(mean)), 1e-9)


def _told(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:120] if lines else type(error).__name__
