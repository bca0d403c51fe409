"""The Porter2 stemmer, each of its steps taken only where a word ends as it wants.

The steps are Whoosh's, and so are the stems; most words end in nothing that most steps
look for, and telling that at once makes it several times as fast. Every new word of a
library is stemmed once.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from whoosh.lang import porter2 as steps

_Rule = TypeVar("_Rule")


def _by_ending(rules: Iterable[tuple[str, _Rule]]) -> dict[str, tuple[tuple[str, _Rule], ...]]:
    """The rules of a step, each with its suffix, by their suffixes' last two letters; in their order."""
    found: dict[str, tuple[tuple[str, _Rule], ...]] = {}
    for suffix, rule in rules:
        found[suffix[-2:]] = (*found.get(suffix[-2:], ()), (suffix, rule))
    return found


_VOWELS = frozenset("aeiouy")
_NOT_SHORT = frozenset("aeiouywxY")
_DOUBLES = frozenset(steps.doubles)
_STEP_1B = ("ed", "ing", "edly", "ingly")
_STEP_2 = _by_ending((suffix, (new, tuple(before))) for suffix, new, before in steps.s2_triples)
_STEP_3 = _by_ending((suffix, (new, in_r2)) for suffix, new, in_r2 in steps.s3_triples)
# Of these "ion" goes, and the letter before stays.
_STEP_4 = _by_ending(
    [(suffix, suffix) for suffix in steps.s4_delete_list] + [("sion", "ion"), ("tion", "ion")]
)


def porter2(word: str) -> str:
    """What ``whoosh.lang.porter2.stem`` makes of a word of small letters ``a`` to ``z``, three at least."""
    if (exception := steps.exceptional_forms.get(word)) is not None:
        return str(exception)
    if "y" in word:
        word = steps.capitalize_consonant_ys(word)
    whole = word
    if word[-1] == "s" or word.endswith("ied"):
        word = steps.step_1a(word)
    if word in steps.exceptional_early_exit_post_1a:
        return word
    if word.endswith(_STEP_1B):
        word = _step_1b(word, whole)
    if word[-1] in "yY":
        word = steps.step_1c(word)
    if (rules := _STEP_2.get(word[-2:])) is not None:
        word = _step_2(word, whole, rules)
    if (rules_3 := _STEP_3.get(word[-2:])) is not None:
        word = _step_3(word, whole, rules_3)
    if (rules_4 := _STEP_4.get(word[-2:])) is not None:
        word = _step_4(word, whole, rules_4)
    if word[-1] == "e" or word.endswith("ll"):
        word = _step_5(word, whole)
    return word.replace("Y", "y")


def _r1(whole: str) -> int:
    return int(steps.get_r1(whole))


def _r2(whole: str) -> int:
    behind = steps.r_exp.match(whole, _r1(whole))
    return behind.start(1) if behind else len(whole)


def _is_short(word: str) -> bool:
    """Whether a word ends in a short syllable."""
    if len(word) == 2:
        return word[0] in _VOWELS and word[1] not in _VOWELS
    ends = word[-3:]
    return len(ends) == 3 and ends[0] not in _VOWELS and ends[1] in _VOWELS and ends[2] not in _NOT_SHORT


def _step_1b(word: str, whole: str) -> str:
    if word.endswith(("eed", "eedly")):
        return str(steps.step_1b(word, _r1(whole)))
    left = word[: -next(len(suffix) for suffix in _STEP_1B if word.endswith(suffix))]
    if _VOWELS.isdisjoint(left):
        return word
    if left.endswith(("at", "bl", "iz")):
        return left + "e"
    if left[-2:] in _DOUBLES:
        return left[:-1]
    return left + "e" if _is_short(left) and _r1(left) == len(left) else left


def _step_2(word: str, whole: str, rules: Iterable[tuple[str, tuple[str, tuple[str, ...]]]]) -> str:
    for suffix, (new, before) in rules:
        if word.endswith(suffix):
            left = word[: -len(suffix)]
            there = len(left) >= _r1(whole) and (not before or left.endswith(before))
            return left + new if there else word
    return word


def _step_3(word: str, whole: str, rules: Iterable[tuple[str, tuple[str, bool]]]) -> str:
    for suffix, (new, in_r2) in rules:
        if word.endswith(suffix):
            left = word[: -len(suffix)]
            there = len(left) >= (_r2(whole) if in_r2 else _r1(whole))
            return left + new if there else word
    return word


def _step_4(word: str, whole: str, rules: Iterable[tuple[str, str]]) -> str:
    for suffix, gone in rules:
        if word.endswith(suffix):
            left = word[: -len(gone)]
            return left if len(left) >= _r2(whole) else word
    return word


def _step_5(word: str, whole: str) -> str:
    left = word[:-1]
    if len(left) >= _r2(whole):
        return left
    return left if word[-1] == "e" and len(left) >= _r1(whole) and not _is_short(left) else word
