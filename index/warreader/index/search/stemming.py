"""The Porter2 stemmer, each of its steps taken only where a word ends as it wants.

The steps are Whoosh's, and so are the stems; most words end in nothing that most steps
look for, and telling that at once makes it twice as fast. Every new word of a library is
stemmed once.
"""

from __future__ import annotations

from whoosh.lang import porter2 as steps

_STEP_1B = tuple(steps.s1b_suffixes)
_STEP_2 = tuple(suffix for suffix, _, _ in steps.s2_triples)
_STEP_3 = tuple(suffix for suffix, _, _ in steps.s3_triples)
_STEP_4 = (*steps.s4_delete_list, "sion", "tion")


def porter2(word: str) -> str:
    """What ``whoosh.lang.porter2.stem`` makes of a word of small letters ``a`` to ``z``, three at least."""
    if (exception := steps.exceptional_forms.get(word)) is not None:
        return str(exception)
    if "y" in word:
        word = steps.capitalize_consonant_ys(word)
    r1 = steps.get_r1(word)
    behind = steps.r_exp.match(word, r1)
    r2 = behind.start(1) if behind else len(word)
    if word.endswith(("s", "ied")):
        word = steps.step_1a(word)
    if word in steps.exceptional_early_exit_post_1a:
        return word
    if word.endswith(_STEP_1B):
        word = steps.step_1b(word, r1)
    if word.endswith(("y", "Y")):
        word = steps.step_1c(word)
    if word.endswith(_STEP_2):
        word = steps.step_2(word, r1)
    if word.endswith(_STEP_3):
        word = steps.step_3(word, r1, r2)
    if word.endswith(_STEP_4):
        word = steps.step_4(word, r2)
    if word.endswith(("e", "l")):
        word = steps.step_5(word, r1, r2)
    return word.replace("Y", "y")
