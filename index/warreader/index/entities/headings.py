"""Lines in which most words are capitalised, as headlines are written."""

from __future__ import annotations

from warreader.index.article import LineKind
from warreader.index.entities.lexicon import Lexicon
from warreader.index.entities.tokens import Token


def is_heading(tokens: list[Token], kind: LineKind, sentence: bool, known: Lexicon) -> bool:
    """Whether most words are capitalised, as in a headline: capitals then say nothing."""
    long = [token for token in tokens if len(token.word) >= 4 and token.word[0].isalpha()]
    if len(long) < (3 if kind is LineKind.HEADLINE else 5):
        return False
    plain = [token for token in long if token.word not in known.names]
    share = sum(token.cap for token in plain) / max(1, len(plain))
    # A sentence that lists names is no heading.
    return share > (0.6 if kind is LineKind.HEADLINE or not sentence else 0.9)
