"""The line model: how likely each line of a text belongs to the article, by weights that were trained elsewhere.

Two steps, both sums of whole numbers in hundredths of log-odds: a weight for each bit of the
line alone, then small decision trees over what that gave for the line, its neighbours, the lines
that look like it and the page (stacked, so that a line profits from what was thought of others).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from warreader.index.ingest.line_features import BITS, Look
from warreader.index.ingest.line_patterns import Said
from warreader.index.ingest.line_surroundings import AMID, SURE, Surroundings

FILE = Path(__file__).with_name("line_model.json")

Tree = tuple[int, int, "Tree | int", "Tree | int"]
"""Place in the row, threshold, what to do up to it, what above it: a further tree, or a weight."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """Weights, as :mod:`warreader.index.ingest.train_lines` makes them.

    Args:
        words: the number of the bit of each telling word; ``^word`` is a line's first.
        alone: a weight for each bit: is the line kept?
        caption: a weight for each bit: if not kept, is it a caption?
        trees: over rows of :class:`~warreader.index.ingest.line_surroundings.Surroundings`.
        base: what the trees' weights are added to.
        among: the sum of base and trees for a row's numbers.
    """

    words: dict[str, int]
    alone: list[int]
    caption: list[int]
    trees: Sequence[Tree] = ()
    base: int = 0
    among: Callable[..., int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "among", _compiled(self.trees, self.base))

    def scores(
        self, seen: Look, known: Sequence[bool | None] = (), certain: Collection[Said] = ()
    ) -> list[int]:
        """How likely each line is kept, in hundredths of log-odds.

        Args:
            seen: the lines, looked at with this model's words.
            known: of each line whether it is kept, where that is known.
            certain: what patterns need say for the second step to be left out.
        """
        return self.all_scores([(seen, known, certain)])[0]

    def all_scores(
        self, texts: Sequence[tuple[Look, Sequence[bool | None], Collection[Said]]]
    ) -> list[list[int]]:
        """:meth:`scores` for several texts. The trees are much code, so they are asked for all of them in a row."""
        rows: list[tuple[list[int], int, list[int]]] = []
        found = []
        for seen, known, certain in texts:
            scores = self.alone_scores(seen, known)
            place = Surroundings(seen, scores)
            found.append(scores)
            rows += [
                (scores, at, place.row(at))
                for at, bits in enumerate(seen.bits)
                if bits and seen.said[at] not in certain
            ]
        for scores, at, row in rows:
            scores[at] = self.among(*row)
        return found

    def alone_scores(self, seen: Look, known: Sequence[bool | None] = ()) -> list[int]:
        """The first step: each line by itself, known ones at plus or minus :data:`SURE`."""
        weight = self.alone.__getitem__
        scores = [max(-SURE, min(SURE, sum(map(weight, bits)))) if bits else AMID for bits in seen.bits]
        for at, kept in enumerate(known):
            if kept is not None:
                scores[at] = SURE if kept else -SURE
        return scores

    def is_caption(self, bits: Sequence[int]) -> bool:
        """Whether a line that isn't kept is a caption rather than furniture."""
        return sum(map(self.caption.__getitem__, bits)) > 0


@cache
def load() -> LineModel:
    """The model that is shipped."""
    return read(FILE)


def read(file: Path) -> LineModel:
    """A model as :func:`warreader.index.ingest.train_lines.save` wrote it."""
    data = json.loads(file.read_text("utf-8"))
    return LineModel(
        {word: at for at, word in enumerate(data["words"], BITS)},
        data["alone"],
        data["caption"],
        [_tree(tree) for tree in data["trees"]],
        data["base"],
    )


def _tree(node: Any) -> Any:
    return node if isinstance(node, int) else (node[0], node[1], _tree(node[2]), _tree(node[3]))


_FIRST, _TOLD = 50, 200
"""Trees that are asked first, and the score from which on the others, each of which says less, are not.

Of 25,000 lines none got another kind by it."""


def _compiled(trees: Sequence[Tree], base: int) -> Callable[..., int]:
    """The trees as one Python expression over a row's numbers: walking them node by node takes three times as long."""
    first, rest = (
        "".join(f" + {_expression(tree)}" for tree in part) for part in (trees[:_FIRST], trees[_FIRST:])
    )
    names = ", ".join([*(f"r{at:d}" for at in range(_width(trees))), "*_"])
    told = f"told if not {-_TOLD:d} < (told := {base:d}{first}) < {_TOLD:d} else told{rest}"
    made: Callable[..., int] = eval(f"lambda {names}: {told}", {"__builtins__": {}})
    return made


def _width(nodes: Iterable[Tree | int]) -> int:
    """How many numbers of a row the trees ask for, the last one's place and one."""
    return max((max(node[0] + 1, _width(node[2:])) for node in nodes if not isinstance(node, int)), default=0)


def _expression(node: Tree | int) -> str:
    # Only whole numbers ever get into the source, whatever was in the file.
    if isinstance(node, int):
        return f"{node:d}"
    at, most, below, above = node
    return f"({_expression(below)} if r{at:d} <= {most:d} else {_expression(above)})"
