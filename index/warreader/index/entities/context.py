"""What stands around a capitalised name, and what it says of its kind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from warreader.index.article import Label, LineKind
from warreader.index.entities.lexicon import Entry, Lexicon
from warreader.index.entities.tokens import Token


class Context:
    """What stands around a candidate and what it says of its kind."""

    def __init__(
        self, tokens: Sequence[Token], lists: Mapping[str, frozenset[str]], at: int, end: int
    ) -> None:
        self.tokens, self.lists, self.at, self.end = tokens, lists, at, end

    def votes(self, words: tuple[str, ...], entry: Entry | None) -> tuple[tuple[Label, float], ...]:
        """Labels with weights; weights below 1 are habits of the language, not evidence."""
        found: list[tuple[Label, float]] = []
        lists = self.lists
        before = self._before()
        if words[0] in lists["given_names"] and (len(words) > 1 or entry is None):
            found.append((Label.PERSON, 3.0 if len(words) > 1 else 1.5))
        if (before in self.lists["honorifics"] and before not in ("Former",)) or before.lower() in lists[
            "person_before"
        ]:
            found.append((Label.PERSON, 3.0))
        if self._speaks():
            found.append((Label.PERSON, 1.5))
        if entry is not None:
            found.append((Label.GPE, 1.0))
        if before in lists["place_before"]:
            found.append((Label.GPE, 2.0 if before in ("in", "near", "outside", "at") else 1.0))
        if self._after() in lists["place_after"]:
            found.append((Label.GPE, 2.0))
        if len(words) == 1:
            found += self._single(words[0], before)
        elif len(words) <= 4:
            found.append((Label.PERSON, 1.2))
        else:
            found.append((Label.ORG, 1.2))
        return tuple(found)

    def _single(self, word: str, before: str) -> list[tuple[Label, float]]:
        if word.isupper() and 2 <= len(word) <= 6:
            return [(Label.ORG, 2.5)]
        if (
            any(c.isupper() for c in word[1:])
            and any(c.islower() for c in word)
            and not word.startswith(("Mc", "Mac", "O'", "De"))
        ):
            return [(Label.ORG, 2.0)]
        if before in ("the", "The"):
            return [] if word in self.lists["place_heads"] else [(Label.ORG, 0.8)]
        if before == "on":
            return [(Label.ORG, 0.7)]
        return [(Label.PERSON, 0.5)]

    def _before(self) -> str:
        if self.at == 0 or any(c in ".!?;:()" for c in self.tokens[self.at].gap.replace(". ", "", 1)):
            return ""
        token = self.tokens[self.at - 1]
        return "" if token.possessive or "," in self.tokens[self.at].gap else token.word

    def _after(self) -> str:
        if self.end >= len(self.tokens) or self.tokens[self.end].gap not in (" ", "\u00a0"):
            return ""
        return self.tokens[self.end].word

    def _speaks(self) -> bool:
        if self.end >= len(self.tokens):
            return False
        after = self.tokens[self.end]
        return after.word in self.lists["speech"] and after.gap in (" ", "\u00a0", ", ")


def is_heading(tokens: list[Token], kind: LineKind, sentence: bool, known: Lexicon) -> bool:
    """Whether most words are capitalised, as in a headline: capitals then say nothing."""
    long = [token for token in tokens if len(token.word) >= 4 and token.word[0].isalpha()]
    if len(long) < (3 if kind is LineKind.HEADLINE else 5):
        return False
    plain = [token for token in long if token.word not in known.names]
    share = sum(token.cap for token in plain) / max(1, len(plain))
    # A sentence that lists names is no heading.
    return share > (0.6 if kind is LineKind.HEADLINE or not sentence else 0.9)
