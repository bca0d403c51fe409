"""How often a line is rightly kept or set aside.

    python tests/benchmarks/lines.py gold GOLD.json [TEXT_FOLDER] [-v]
    python tests/benchmarks/lines.py pages BENCHMARK_DIR [--more COLLECTION]... [--by page|site] [--folds 5]
        [--articles ARTICLES.jsonl] [--plain] [--judges both] [--jobs 2]
    python tests/benchmarks/lines.py speed ARTICLES.jsonl [--against OLDER_LINES.py]
    python tests/benchmarks/lines.py aside ARTICLES.jsonl [--show 100]

``gold`` takes {"docs": {id: {"file", "lines": [{"n", "class", "keep"}]}}}; texts are looked for in TEXT_FOLDER, by
default the folder ``seeds`` beside that of the gold file. ``pages`` takes a benchmark of HTML pages with gold bodies
(see warreader.index.ingest.train_pages): a model is trained on all folds but one and judges the pages of that one, in
every rendering, for patterns alone, the model alone and both; renderings marked "=" are stored outputs of other
extractors, never trained on. --more names further collections whose pages are trained on, but for the sites (or pages)
of that fold; with --plain no extractor's output is trained on at all, as if all of them were unknown. ``speed`` prints
CPU time an article, and its ratio to an older module's. ``aside`` counts the lines of articles that are set aside, and
shows some.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from zlib import crc32

from warreader.index.article import KEPT, Line, LineKind
from warreader.index.ingest.line_features import BITS, look
from warreader.index.ingest.line_model import LineModel
from warreader.index.ingest.line_units import units
from warreader.index.ingest.lines import classify, classify_with
from warreader.index.ingest.train_fit import fit
from warreader.index.ingest.train_lines import training_set
from warreader.index.ingest.train_pages import Labelled, rendered

PATTERNS = LineModel({}, [0] * BITS, [0] * BITS)
"""A model that knows nothing: what is left are the patterns and the rules of place."""


def measure(gold: dict[str, Any], folder: Path, *, show: bool = False) -> dict[str, int]:
    """Counts of lines that are not blank by verdict: right, wrong, and of those ``lost`` and ``let_in``."""
    counts = {"right": 0, "lost": 0, "let_in": 0}
    for name, doc in gold["docs"].items():
        text = (folder / doc["file"]).read_bytes().decode("utf-8")
        for line, truth in zip(classify(text), doc["lines"], strict=True):
            if truth["keep"] is None:
                continue
            verdict = "right" if line.kept == truth["keep"] else "lost" if truth["keep"] else "let_in"
            counts[verdict] += 1
            if show and (verdict != "right" or (truth["class"] == "title") != (line.kind == "headline")):
                print(
                    f"{name}:{truth['n']} {truth['class']} -> {line.kind}: {text[line.start : line.end][:90]}"
                )
    return counts


def model_alone(model: LineModel, text: str) -> list[bool]:
    """Whether the model keeps each line, no pattern or rule having a say; blank lines are kept."""
    lines = text.split("\n")
    kept = [True] * len(lines)
    found = units([line.strip() for line in lines])
    scores = model.scores(look(found.lines, model.words, gaps=found.gaps))
    for first, last, score in zip(found.places, found.lasts, scores, strict=True):
        kept[first : last + 1] = [score > 0] * (last + 1 - first)
    return kept


def _judges(model: LineModel) -> dict[str, Callable[[str], Sequence[bool]]]:
    return {
        "patterns": lambda text: [line.kept for line in classify_with(PATTERNS, text)],
        "model": lambda text: model_alone(model, text),
        "both": lambda text: [line.kept for line in classify_with(model, text)],
    }


Counts = dict[str, Counter[str]]


def cross_validated(
    texts: Sequence[Labelled],
    further: Sequence[Labelled],
    folds: int,
    by: Callable[[Labelled], str],
    judges: Collection[str] = ("patterns", "model", "both"),
) -> dict[str, Counts]:
    """Counts per rendering and judge: lines, words, and of those the right ones and the lost ones.

    Args:
        texts: what is judged, all of it once; where its way is none of "=", the other folds are trained on too.
        further: what is trained on beside it, but for what shares a fold's sites, or pages.
        folds: how many.
        by: what must not be both trained on and judged.
        judges: which of the three.
    """
    found: dict[str, Counts] = defaultdict(lambda: defaultdict(Counter))
    for fold in range(folds):
        judged = [text for text in texts if crc32(by(text).encode()) % folds == fold]
        held = set(map(by, judged))
        trained = [
            text for text in (*texts, *further) if by(text) not in held and not text.way.startswith("=")
        ]
        for name, judge in _judges(fit(trained)).items():
            if name in judges:
                for text in judged:
                    found[text.way][name].update(_counted(text, judge(text.text)))
    return found


PLAIN = frozenset({"page", "region", "nodes", "inscriptis", "markdown", "worn", "leftovers"})
"""Ways in which no extractor has a say."""


def _pages(given: argparse.Namespace) -> None:
    texts = list(rendered(given.path, jobs=given.jobs))
    further = training_set(given.more, given.articles, jobs=given.jobs)
    if given.plain:
        further = [text for text in further if text.way in PLAIN]
        # The pages' own renderings are judged, and those that may be trained on are so under another name.
        further += [text for text in texts if text.way in PLAIN]
        texts = [
            replace(text, way=f"={text.way.removeprefix('=')}") for text in texts if text.way not in PLAIN
        ]
    judges = given.judges or ["patterns", "model", "both"]
    _print_pages(cross_validated(texts, further, given.folds, lambda text: getattr(text, given.by), judges))


def _counted(text: Labelled, kept: Sequence[bool]) -> Counter[str]:
    counts = Counter[str]()
    for line, kind, keeps in zip(text.text.split("\n"), text.kinds, kept, strict=True):
        if kind is None:
            continue
        words = len(line.split())
        right = keeps == (kind in KEPT)
        counts.update(lines=1, words=words, right=right, right_words=words * right)
        counts.update(gold=kind in KEPT, lost=kind in KEPT and not keeps)
    counts.update(pages=1, page_share=round(1e6 * counts["right"] / max(1, counts["lines"])))
    return counts


def _print_pages(found: dict[str, Counts]) -> None:
    print(f"{'rendering':20} {'lines':>6} {'judge':9} right lines, mean of pages, words, body lost (percent)")
    for way, judges in found.items():
        for name, c in judges.items():
            print(
                f"{way:20} {c['lines']:6} {name:9} {100 * c['right'] / c['lines']:5.1f} "
                f"{c['page_share'] / 1e4 / c['pages']:5.1f} {100 * c['right_words'] / c['words']:5.1f} "
                f"{100 * c['lost'] / max(1, c['gold']):5.1f}"
            )


def _texts(file: Path, most: int = 1000) -> list[str]:
    with file.open(encoding="utf-8") as stream:
        return [json.loads(line)["text"] for line in islice(stream, most)]


def _milliseconds(judge: Callable[[str], Iterable[Line]], texts: Sequence[str]) -> float:
    begin = time.process_time()
    for text in texts:
        judge(text)
    return 1000 * (time.process_time() - begin) / len(texts)


def _speed(file: Path, against: Path | None) -> None:
    texts = _texts(file)
    classify(texts[0])
    older = None
    if against is not None:
        spec = importlib.util.spec_from_file_location("older_lines", against)
        assert spec is not None and spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules["older_lines"] = module
        spec.loader.exec_module(module)
        older = module.classify
    best = min(_milliseconds(classify, texts) for _ in range(5))
    print(f"{len(texts)} articles of {sum(map(len, texts)) / len(texts):.0f} characters: {best:.3f} ms each")
    if older is not None:
        before = min(_milliseconds(older, texts) for _ in range(2))
        print(f"{before:.3f} ms before: {before / best:.1f} times as much")


def _aside(file: Path, show: int) -> None:
    counts, found = Counter[LineKind](), []
    for text in _texts(file):
        for line in classify(text):
            if words := text[line.start : line.end].strip():
                counts[line.kind] += 1
                if not line.kept:
                    found.append(f"{line.kind:9} {words[:140]}")
    print(dict(counts))
    print("\n".join(random.Random(0).sample(found, min(show, len(found)))))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["gold", "pages", "speed", "aside"])
    parser.add_argument("path", type=Path)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("-v", "--verbose", action="store_true")
    parser.add_argument("--by", choices=["page", "site"], default="site")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--articles", type=Path, help="clean articles that every fold is trained on too")
    parser.add_argument(
        "--more", type=Path, action="append", default=[], help="a further collection to train on"
    )
    parser.add_argument("--plain", action="store_true", help="train on no extractor's output")
    parser.add_argument("--judges", action="append", choices=["patterns", "model", "both"])
    parser.add_argument("--jobs", type=int, default=1, help="processes that render pages")
    parser.add_argument("--against", type=Path, help="an older lines.py")
    parser.add_argument("--show", type=int, default=0)
    given = parser.parse_args()
    if given.what == "gold":
        folder = given.folder or given.path.parent.parent / "seeds"
        counts = measure(json.loads(given.path.read_text("utf-8")), folder, show=given.verbose)
        total = sum(counts.values())
        print(f"lines {total}, right {100 * counts['right'] / total:.1f} %, lost {counts['lost']}, "
              f"let in {counts['let_in']}")  # fmt: skip
    elif given.what == "pages":
        _pages(given)
    elif given.what == "speed":
        _speed(given.path, given.against)
    else:
        _aside(given.path, given.show)


if __name__ == "__main__":
    main()
