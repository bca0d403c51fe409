"""The process that holds a spaCy pipeline: ``python -m warreader.index.entities.model_process NAME``.

Reads a JSON list of texts a line, answers ``{"said": [[[start, end, label], ...], ...]}`` a line, code points into
each text; ``{"error": "..."}`` where it can't. Only what finds names is loaded of the pipeline.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from typing import Any

from warreader.index.entities.model import BATCH

_WANTED = frozenset({"tok2vec", "transformer", "ner", "entity_ruler", "span_ruler", "sentencizer"})
_PARTS = (
    "tagger", "parser", "senter", "attribute_ruler", "lemmatizer", "morphologizer", "textcat", "textcat_multilabel",
)  # fmt: skip


def load(name: str) -> Any:
    """The pipeline, without the parts that cost time and find no names."""
    import spacy

    pipeline = spacy.load(name, exclude=list(_PARTS))
    for part in pipeline.pipe_names:
        if part not in _WANTED:
            pipeline.remove_pipe(part)
    return pipeline


def main(name: str) -> int:
    """Answer until standard input ends."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    try:
        pipeline = load(name)
    except Exception as error:
        # Whatever spaCy, or a pipeline's own code, raises: the asker is told in one line.
        print(json.dumps({"error": " ".join(str(error).split())[:200]}), flush=True)
        return 1
    for line in sys.stdin:
        said = [
            [(mark.start_char, mark.end_char, mark.label_) for mark in doc.ents]
            for doc in pipeline.pipe(json.loads(line), batch_size=BATCH)
        ]
        print(json.dumps({"said": said}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
