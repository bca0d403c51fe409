"""Reading a corpus for a benchmark."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any


def articles(path: Path) -> Iterator[dict[str, Any]]:
    """The articles of a JSON-lines file (compressed or not) that have text."""
    opener: Any = {".xz": lzma.open, ".gz": gzip.open, ".bz2": bz2.open}.get(path.suffix, open)
    stream: IO[str]
    with opener(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            article = json.loads(line)
            if isinstance(article.get("text"), str) and article["text"].strip():
                yield article
