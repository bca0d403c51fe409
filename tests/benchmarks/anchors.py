"""Whether notes find their words again in altered texts, the truth being known.

Usage: python tests/benchmarks/anchors.py PATH... [--annotations N] [--seed N]

PATH are JSON lines with a ``text`` field. Spans of one word to some sentences are drawn from the
texts; each text is then altered: words changed, lines added, taken away and moved, sentences taken
away or doubled, paragraphs reflowed, marks and dashes written otherwise. The program alters piece by
piece and so knows where each code point went. For each kind of alteration it prints how many quotes
are still there word for word, how many of those were found, and how many were put in a wrong place.
"""

from __future__ import annotations

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import articles

from warreader.index.annotations.anchoring import Anchoring
from warreader.index.annotations.model import Annotation, select
from warreader.index.article import Span

Piece = tuple[str, int | None]
"""A code point of the altered text and the offset it had, ``None`` if it is new."""

_WORD = re.compile(r"\w+")


def pieces(text: str) -> list[Piece]:
    """A text as pieces."""
    return [(char, at) for at, char in enumerate(text)]


def new(text: str) -> list[Piece]:
    """Text that was not there before."""
    return [(char, None) for char in text]


def words_changed(text: str, draw: random.Random) -> list[Piece]:
    """Every thirtieth word or figure becomes another."""
    found, at = [], 0
    for word in _WORD.finditer(text):
        if draw.random() < 1 / 30:
            other = str(draw.randint(2, 99)) if word[0].isdigit() else draw.choice(_WORD.findall(text))
            if other != word[0]:
                found += pieces(text)[at : word.start()] + new(other)
                at = word.end()
    return found + pieces(text)[at:]


def _lines(text: str) -> list[list[Piece]]:
    lines, all_pieces, at = [], pieces(text), 0
    for line in text.splitlines(keepends=True):
        lines.append(all_pieces[at : at + len(line)])
        at += len(line)
    return lines


def lines_added(text: str, draw: random.Random) -> list[Piece]:
    """New lines, made of the text's own words, between its lines."""
    found: list[Piece] = []
    for line in _lines(text):
        found += line
        if draw.random() < 0.2:
            found += new(" ".join(draw.choices(text.split(), k=12)) + "\n")
    return found


def lines_doubled(text: str, draw: random.Random) -> list[Piece]:
    """Lines said twice: lookalikes of what is annotated."""
    found: list[Piece] = []
    for line in _lines(text):
        found += line
        if draw.random() < 0.2:
            found += line
    return found


def lines_moved(text: str, draw: random.Random) -> list[Piece]:
    """Some lines elsewhere, some gone."""
    lines = _lines(text)
    for _ in range(max(1, len(lines) // 8)):
        line = lines.pop(draw.randrange(len(lines)))
        if draw.random() < 0.5 or not lines:
            lines.insert(draw.randrange(len(lines) + 1), line)
    return [piece for line in lines for piece in line]


def reflowed(text: str, draw: random.Random) -> list[Piece]:
    """White space of another kind: lines broken anew at another width."""
    found: list[Piece] = []
    width, column = draw.randint(40, 100), 0
    for char, at in pieces(text):
        if char == " " and column >= width:
            found.append(("\n", at))
            column = 0
        elif char == "\n" and draw.random() < 0.5:
            found += [("\n", at), ("\n", None)]
            column = 0
        else:
            found.append((char, at))
            column += 1
    return found


def rewritten(text: str, _: random.Random) -> list[Piece]:
    """Quotation marks, apostrophes and dashes of another house style."""
    other = {"“": '"', "”": '"', "‘": "'", "’": "'", "–": "—", "'": "’"}
    return [(other.get(char, char), at) for char, at in pieces(text)]


def all_at_once(text: str, draw: random.Random) -> list[Piece]:
    """Words changed, lines doubled and added, reflowed, rewritten, one after the other."""
    found = pieces(text)
    for alter in (words_changed, lines_doubled, lines_added, reflowed, rewritten):
        step = alter("".join(char for char, _ in found), draw)
        found = [(char, None if at is None else found[at][1]) for char, at in step]
    return found


ALTERATIONS: tuple[Callable[[str, random.Random], list[Piece]], ...] = (
    words_changed,
    lines_added,
    lines_doubled,
    lines_moved,
    reflowed,
    rewritten,
    all_at_once,
)


@dataclass
class Tally:
    """Of one kind of alteration."""

    there: int = 0
    found: int = 0
    orphaned: int = 0
    wrong: int = 0


def annotation(text: str, draw: random.Random) -> Annotation | None:
    """One on one to sixty words, from a word's start to a word's end."""
    words = list(_WORD.finditer(text))
    if len(words) < 80:
        return None
    first = draw.randrange(len(words) - 60)
    last = first + min(int(draw.expovariate(1 / 10)), 59)
    at = select(text, words[first].start(), words[last].end())
    stamp = "2022-03-01T09:30:00.000000Z"
    return Annotation("urn:x", "a", at.start, at.end, at.exact, at.prefix, at.suffix, "", (), stamp, stamp)


def judge(one: Annotation, altered: list[Piece], put: Span | None, tally: Tally) -> None:
    """Compare where it was put with where its code points went.

    A line said twice carries its code points twice. Where the quote stands whole in two places with
    nothing to tell them apart, either is right, and so is neither.
    """
    wanted = [
        at for at in range(one.start or 0, one.end or 0) if not one.exact[at - (one.start or 0)].isspace()
    ]
    dense = [(place, at) for place, (char, at) in enumerate(altered) if not char.isspace()]
    origins = [at for _, at in dense]
    right = []
    for number, at in enumerate(origins):
        if at == wanted[0] and origins[number : number + len(wanted)] == wanted:
            right.append((dense[number][0], dense[number + len(wanted) - 1][0] + 1))
    if len(right) == 1:
        tally.there += 1
    if put is None:
        tally.orphaned += 1
    elif (put.start, put.end) in right:
        tally.found += len(right) == 1
    else:
        tally.wrong += 1


def altered_texts(
    paths: list[Path], wanted: int, draw: random.Random
) -> Iterator[tuple[str, list[Annotation], Callable[[str, random.Random], list[Piece]]]]:
    """Texts with twenty annotations each and an alteration."""
    made = 0
    found = (article["text"] for path in paths for article in articles(path))
    for number, text in enumerate(found):
        if made >= wanted:
            return
        drawn = [one for _ in range(20) if (one := annotation(text, draw)) is not None]
        if drawn:
            made += len(drawn)
            yield text, drawn, ALTERATIONS[number % len(ALTERATIONS)]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    parser.add_argument("--annotations", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    draw = random.Random(options.seed)
    tallies: dict[str, Tally] = {}
    counts: Counter[str] = Counter()
    spent = 0.0
    for text, drawn, alter in altered_texts(options.paths, options.annotations, draw):
        altered = alter(text, draw)
        tally = tallies.setdefault(alter.__name__, Tally())
        began = time.process_time()
        anchoring, made_on = Anchoring("".join(char for char, _ in altered)), Anchoring(text)
        spent += time.process_time() - began
        for one in drawn:
            counts["all"] += 1
            began = time.process_time()
            put = anchoring.place(one, made_on)
            spent += time.process_time() - began
            judge(one, altered, put, tally)
    print(f"{'':<16}{'still there':>12}{'found':>8}{'share':>9}{'orphans':>9}{'wrong':>7}")
    rows = [*tallies.items()]
    total = Tally(
        *(sum(getattr(t, f) for t in tallies.values()) for f in ("there", "found", "orphaned", "wrong"))
    )
    for name, tally in [*rows, ("together", total)]:
        share = tally.found / tally.there if tally.there else 1.0
        print(f"{name:<16}{tally.there:>12}{tally.found:>8}{share:>9.1%}{tally.orphaned:>9}{tally.wrong:>7}")
    print(f"{counts['all']} annotations, {1e6 * spent / max(1, counts['all']):.0f} µs each")


if __name__ == "__main__":
    main()
