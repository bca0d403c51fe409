"""English function words: prose has them, lists of headlines and menus hardly."""

from __future__ import annotations

_WORDS = (
    "a about after also an and are as at be been before but by can could for from had has have he her his "
    "i if in into is it its more no not of on or our over said she should so than that the their then "
    "there these they this those to was we were what when which while who will with would you "
)

STOP_WORDS = frozenset(_WORDS.split())
