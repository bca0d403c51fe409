"""What the speech model looks at once more: each token beside what the first look made of its sentence.

The first look knows a token's neighbours and the nearest words that may report; which of them does, where a content
began and how many commas and verbs it has since, it learns only by having told it once. So a second chain, made on
articles that the first one was not made on, weighs that with a few dozen more features (stacking: Cohen, Carvalho
2005, "Stacked Sequential Learning"; Krishnan, Manning 2006, "An Effective Two-Stage Model for Exploiting Non-Local
Dependencies in Named Entity Recognition").
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.kinds import BETWEEN, CUE, LEAD, LEADING, OPEN, OUTSIDE, SOURCE
from warreader.index.quotations.mixing import Mixer, Numbers
from warreader.index.quotations.speech_features import Lexicon, Seen, at_of, distance, held, last_of, next_of

Floats = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]

LIKELY_CUE = 6
"""How likely, by the words in the same surroundings, a word must be part of a cue to be told as the nearest one."""

SURE = 6
"""Steps of how sure the first look is, up and down."""

_NONE = 4
"""Counted since a content began where none has."""


def finite_words(lexicon: Lexicon) -> Numbers:
    """Numbers of the words that a clause has where it has a verb."""
    return np.array([lexicon.number(word) for word in sorted(v.AUXILIARIES | v.FINITE)])


def look_again(
    seen: Seen, finite: Numbers, kinds: Numbers, scores: Floats, wanted: Numbers
) -> npt.NDArray[np.int32]:
    """The features of the tokens wanted, a row a question.

    Args:
        seen: what the first look knows of the article's tokens.
        finite: by :func:`finite_words`.
        kinds: of each token by the first look; ``OUTSIDE`` where it did not look.
        scores: how much it held for each kind, a row a token.
        wanted: the tokens that are looked at.
    """
    told = _Told(seen, finite, kinds)
    mixer = Mixer()
    # The order is part of the model: a column's number salts it.
    _kinds(mixer, seen, told)
    _contents(mixer, seen, told)
    _surely(mixer, seen, told, scores)
    if len(seen.likely):
        _likely(mixer, seen, told)
    return mixer.table(wanted)


class _Told:
    """What the first look made of each token, and what is asked of it more than once.

    Attributes:
        opening: index of the token with which the last content began, itself among them; -1 for none.
        ending: index of the token with which the content at or after a token ends; -1 for none.
        cue: index of the last cue before; ``next_cue`` of the next.
        governing: of a content's tokens the index of its cue; of others of the cue of the last content.
    """

    def __init__(self, seen: Seen, finite: Numbers, kinds: Numbers) -> None:
        first, last, at = seen.first, seen.last, seen.at
        self.kind = kind = kinds
        goes_on = np.concatenate(([False], first[1:] == first[:-1]))
        before = np.concatenate(([0], kind[:-1])) * goes_on
        content = kind >= OPEN
        self.opens = content & ((kind == OPEN) | (kind == LEAD) | (before < OPEN))
        ends = content & np.concatenate((self.opens[1:] | ~content[1:] | ~goes_on[1:], [True]))
        began = np.maximum.accumulate(np.where(self.opens, at, -1))
        self.opening = np.where(began >= first, began, -1)
        comes = np.minimum.accumulate(np.where(ends, at, len(at))[::-1])[::-1]
        self.ending = np.where(comes < last, comes, -1)
        is_cue = kind == CUE
        self.cue, self.next_cue = last_of(is_cue, first), next_of(is_cue, last)
        leads = (kind == LEAD) | (kind == LEADING)
        self.governing = np.where(
            leads,
            _of(self.next_cue, self.ending),
            np.where(self.opening < 0, -1, _of(self.cue, self.opening)),
        )
        self.since_opening = distance(at, self.opening)
        self.to_ending = distance(at, self.ending)
        self.commas = self._since(seen.commas, np.zeros(len(at), dtype=bool))
        verbs = np.isin(seen.word, finite) | (seen.role >= 2)
        self.verbs = self._since(np.cumsum(verbs), verbs)
        self.before, self.after = seen.moved(kind, -1), seen.moved(kind, 1)

    def _since(self, counted: Numbers, own: Flags) -> Numbers:
        """How many were counted since the last content began, 0-3; the word with which it began among them."""
        counts = np.minimum(3, counted - counted[self.opening] + own[self.opening])
        return np.where(self.opening < 0, _NONE, counts)


def _of(values: Numbers, index: Numbers) -> Numbers:
    """The value at each index; -1 where there is none."""
    return np.where(index < 0, -1, values[index])


def _kinds(mixer: Mixer, seen: Seen, told: _Told) -> None:
    """The kinds around, and the cues before and after."""
    kind, before, after = told.kind, told.before, told.after
    near, ahead = distance(seen.at, told.cue), distance(seen.at, told.next_cue)
    cue, next_cue = at_of(seen.word, told.cue), at_of(seen.word, told.next_cue)
    mixer.add(kind, before, after)
    mixer.add(kind, seen.fine, after)
    mixer.add(kind, before, seen.fine)
    mixer.add(kind, seen.moved(seen.word, 1), after)
    mixer.add(kind, cue, seen.word)
    mixer.add(kind, at_of(seen.fine, told.cue), seen.coarse, told.since_opening)
    mixer.add(kind, next_cue, ahead)
    mixer.add(kind, at_of(seen.fine, told.next_cue), seen.coarse)
    mixer.add(kind, cue, near)
    mixer.add(kind * 8 + before, seen.moved(kind, -2), after, seen.moved(kind, 2))
    mixer.add(at_of(seen.role, told.cue), kind, after, told.commas)
    # Whether the sentence has a cue, a source, a content.
    has = sum(
        times * held(flags, seen.first, seen.last).astype(np.int64)
        for times, flags in ((1, kind == CUE), (2, kind == SOURCE), (4, told.opens))
    )
    mixer.add(kind, np.asarray(has))


def _contents(mixer: Mixer, seen: Seen, told: _Told) -> None:
    """What a content has had since it began, and what is left of its sentence."""
    kind, stop, following = told.kind, seen.stop, seen.moved(seen.fine, 1)
    left = np.minimum(3, (seen.last - seen.at) // 4)
    mixer.add(kind, told.commas, stop, following)
    mixer.add(kind, told.commas, left, stop)
    mixer.add(kind, at_of(seen.word, told.opening), told.commas, seen.fine)
    mixer.add(kind, told.verbs, stop, following)
    mixer.add(kind, told.verbs, seen.subordinator, seen.word)
    mixer.add(kind * 8 + told.commas, at_of(seen.fine, told.governing), told.verbs, following)


def _surely(mixer: Mixer, seen: Seen, told: _Told, scores: Floats) -> None:
    """How sure the first look is: of a content, of the kind next to the likeliest, and of all of a content."""
    kind, before, after, at = told.kind, told.before, told.after, seen.at
    other = np.maximum(scores[:, OUTSIDE], scores[:, BETWEEN])
    sure = _steps(scores[:, OPEN:].max(axis=1) - other)
    order = np.argsort(-scores, axis=1, kind="stable")[:, :2]
    second = np.where(order[:, 0] == kind, order[:, 1], order[:, 0])
    ahead = _steps(2 * (scores[at, kind] - scores[at, second]))
    mixer.add(sure, kind)
    mixer.add(sure, kind * 8 + before, after)
    mixer.add(second, ahead, kind)
    mixer.add(second, ahead, before * 8 + kind, after)
    # By the word of its content.
    summed = np.concatenate(([0], np.cumsum(sure - SURE - 1)))
    whole = (summed[told.ending + 1] - summed[told.opening]) // np.maximum(1, told.ending - told.opening + 1)
    within = (kind >= OPEN) & (told.opening >= 0) & (told.ending >= 0)
    whole = np.where(within, np.clip(whole, -4, 5) + SURE, 0)
    edges = np.minimum(3, told.to_ending) + 4 * np.minimum(3, told.since_opening)
    mixer.add(kind, whole, edges)
    # How often a word is a cue elsewhere in the article, and how often it is none.
    cue = (kind == CUE).astype(np.int64)
    _, number = np.unique(seen.word, return_inverse=True)
    cues = np.bincount(number, cue).astype(np.int64)[number]
    none = np.bincount(number)[number] - cues
    elsewhere = 1 + np.minimum(2, cues - cue) + 3 * np.minimum(2, none - 1 + cue)
    mixer.add(np.where(seen.cue >= 1, elsewhere, 0), sure, before)


def _steps(values: Floats) -> Numbers:
    return np.clip(np.round(values), -SURE, SURE).astype(np.int64) + SURE + 1


def _likely(mixer: Mixer, seen: Seen, told: _Told) -> None:
    """What words are likely to do, by the words in the same surroundings; see :data:`.speech_features.LIKELY`."""
    cue, opens, ends, source, leads = seen.likely
    kind, before, after = told.kind, told.before, told.after
    opened = seen.moved(opens, -1)
    mixer.add(cue, kind, after)
    mixer.add(opened, kind, before)
    mixer.add(ends, kind, before)
    mixer.add(source, kind, after)
    mixer.add(at_of(leads, told.cue), kind, distance(seen.at, told.cue), opened)
    mixer.add(at_of(cue, told.next_cue), kind, distance(seen.at, told.next_cue))
    nearest = last_of(cue >= LIKELY_CUE, seen.first)
    mixer.add(at_of(leads, nearest), distance(seen.at, nearest), opened, source)
