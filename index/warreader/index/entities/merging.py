"""What a trained model says of an article's names, weighed with what the lists and the context say.

In order of trust: forms (dates, units, numbers); a model's span that strictly
contains a listed name and adds a capitalised word; listed names and names told
by their head; then the kind that most of what was said of a form in the article
speaks for, the model having a voice at each place.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from warreader.index.article import Label, Line
from warreader.index.entities.candidates import Candidate, Reading
from warreader.index.entities.lexicon import Lexicon
from warreader.index.text import fold_marks


class Said(NamedTuple):
    """A span a model marks: code points into the text, and the model's own label."""

    start: int
    end: int
    label: str


_LABELS = {
    "PERSON": Label.PERSON, "PER": Label.PERSON, "GPE": Label.GPE, "LOC": Label.LOC, "FAC": Label.LOC,
    "ORG": Label.ORG, "NORP": Label.NORP, "EVENT": Label.EVENT, "UNIT": Label.UNIT,
}  # fmt: skip
_VOICE = 1.0
"""Weight of one mark, beside those of :mod:`context`."""
_FAINT = 0.7
"""Weight where the model marks the name in other bounds."""
_LEADING = re.compile(r"(?:the|a|an) |[\"'(\[]+ ?", re.IGNORECASE)
_TRAILING = re.compile(r"(?<![\"')\],;: ])(?<!'s)(?:'s|[\"')\],;: ])++$")
_WORD = re.compile(r"([^\W\d_]+)\.? +")
_SMALL = frozenset(
    {
        "of",
        "for",
        "the",
        "and",
        "in",
        "on",
        "de",
        "la",
        "al",
        "bin",
        "ibn",
        "von",
        "van",
        "der",
        "den",
        "du",
        "el",
    }
)
"""Words in lower case that a name may hold."""
_CAPITALISED = re.compile(r"\b[A-Z][\w'-]+")
_WHOLE = frozenset({Label.ORG, Label.LOC, Label.EVENT, Label.PERSON})
"""Kinds whose longer span a model is believed."""


def merge(run: Reading, said: Iterable[Said], lines: Sequence[Line], known: Lexicon) -> None:
    """Weigh a model's spans into a reading that is not yet decided."""
    # Where most words are capitalised a model is at a loss, as much as we are.
    kept = [line for line in lines if line.kept and line.start not in run.headings]
    honorifics = known.words["honorifics"]
    for start, end, label in trimmed(run.text, said, kept):
        while (
            label is Label.PERSON and (title := _WORD.match(run.text, start, end)) and title[1] in honorifics
        ):
            start = title.end()
        if label is None:
            _doubt(run, start, end)
        elif not _extends(run, start, end, label, known):
            _vote(run, start, end, label, known)


def trimmed(text: str, said: Iterable[Said], lines: Sequence[Line]) -> list[tuple[int, int, Label | None]]:
    """The spans inside kept lines, without articles, marks and possessive endings."""
    found = []
    for start, end, name in sorted(said):
        line = next((line for line in lines if line.start < end and start < line.end), None)
        if line is None:
            continue
        start, end = max(start, line.start), min(end, line.end)
        inside = fold_marks(text[start:end])
        while leading := _LEADING.match(inside):
            start, inside = start + leading.end(), inside[leading.end() :]
        if trailing := _TRAILING.search(inside):
            end -= len(inside) - trailing.start()
            inside = inside[: trailing.start()]
        if inside and (inside[0].isupper() or inside.startswith(("al-", "el-"))):
            found.append((start, end, _LABELS.get(name)))
    return found


def _doubt(run: Reading, start: int, end: int) -> None:
    """What is a work, a law or a product to the model is less of a name of ours."""
    for candidate in run.candidates:
        if (candidate.start, candidate.end) == (start, end):
            candidate.votes = tuple((label, weight * 0.5) for label, weight in candidate.votes)


def _extends(run: Reading, start: int, end: int, label: Label, known: Lexicon) -> bool:
    """Whether the span strictly holds listed names and adds a capitalised word; then it takes their place."""
    inner = [
        found for found in run.found if start <= found.start and found.end <= end and found.label in _NAMES
    ]
    if label not in _WHOLE or not inner or any((f.start, f.end) == (start, end) for f in inner):
        return False
    if any(found.start < end and start < found.end and found not in inner for found in run.found):
        return False
    text = fold_marks(run.text)
    rest = text[start:end]
    for found in inner:
        rest = rest[: found.start - start] + " " * (found.end - found.start) + rest[found.end - start :]
    added = _CAPITALISED.findall(rest)
    if not added or not _one_name(text[start:end], known):
        return False
    if any(word in known.words["honorifics"] for word in added):
        return False
    if label is Label.PERSON and (any(f.label is not Label.PERSON for f in inner) or inner[0].start != start):
        return False
    if label is not Label.PERSON and any(f.label is Label.PERSON for f in inner):
        return False
    for found in inner:
        run.found.remove(found)
        run.taken[found.start : found.end] = b"\0" * (found.end - found.start)
    run.candidates = [c for c in run.candidates if c.end <= start or end <= c.start]
    return run.take(start, end, label)


_NAMES = frozenset({Label.PERSON, Label.GPE, Label.LOC, Label.ORG, Label.NORP, Label.UNIT, Label.EVENT})


def _one_name(name: str, known: Lexicon) -> bool:
    """Whether the words may be one name: nobody's, nothing twice, no plain word that opens a sentence."""
    words = name.split()
    lists = known.words
    if "/" in name or any(not (word[0].isupper() or word in _SMALL or word[:3] == "al-") for word in words):
        return False
    return (
        "'s" not in name
        and len(set(words)) == len(words)
        and words[0].lower() not in lists["common"]
        and words[0] not in lists["not_names"]
        and words[-1] not in lists["treaty_heads"]
        and not (len(words) == 1 and words[0].lower() in lists["plain"])
        and not (len(words) > 1 and name.isupper() and any(word.lower() in lists["plain"] for word in words))
        and "_".join(words[:2]) not in lists["passed_over"]
    )


def _vote(run: Reading, start: int, end: int, label: Label, known: Lexicon) -> None:
    """A voice for the candidate that stands there, or for a new one where nothing was seen."""
    if any(run.taken[start:end]):
        return
    over = [c for c in run.candidates if c.start < end and start < c.end]
    if len(over) == 1 and (over[0].start, over[0].end) == (start, end):
        over[0].votes += ((label, _VOICE),)
        over[0].heading = False
    elif not _one_name(fold_marks(run.text[start:end]), known):
        return
    elif not over:
        words = tuple(fold_marks(run.text[start:end]).split())
        if label is Label.ORG and run.text[start:end].isupper():
            return
        run.candidates.append(Candidate(start, end, words, ((label, _VOICE),), False, False))
    elif all(start <= c.start and c.end <= end for c in over):
        # The model's span holds ours and more: one name.
        words = tuple(fold_marks(run.text[start:end]).split())
        run.candidates = [c for c in run.candidates if c not in over]
        run.candidates.append(Candidate(start, end, words, ((label, _VOICE),), False, False))
    elif len(over) == 1:
        over[0].votes += ((label, _FAINT),)
