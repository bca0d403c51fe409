"""The words around a capitalised name: which stand there, and how they hang on it."""

from __future__ import annotations

from collections.abc import Sequence

from warreader.index.article import Label
from warreader.index.entities.lexicon import Lexicon
from warreader.index.entities.tokens import Token

ASSUMED = frozenset({"callsign", "nicknamed", "nickname", "codenamed", "pseudonym"})
"""What goes before a name that somebody has taken on, which may be any word."""
SPACES = (" ", "\u00a0")
MARKS = ('"', "'")
"""All marks, as lines are read with marks folded."""


class Surroundings:
    """What stands around the tokens from ``at`` to ``end`` of a line.

    Args:
        tokens: the line's.
        known: the lists that tell of the words around.
    """

    def __init__(self, tokens: Sequence[Token], known: Lexicon, at: int, end: int) -> None:
        self.tokens, self.names, self.lists, self.at, self.end = tokens, known.names, known.words, at, end

    def _in_marks(self) -> bool:
        """Whether it stands in marks by itself: a song, a ship."""
        tokens, after = self.tokens, self.end
        if after >= len(tokens) or tokens[after - 1].possessive:
            return False
        return tokens[self.at].gap[-1:] in MARKS and tokens[after].gap.lstrip(",.")[:1] in MARKS

    def _goes_on(self) -> bool:
        """Whether a word in small letters is joined to it: Oscar-winning."""
        after = self.end
        return (
            after < len(self.tokens) and self.tokens[after].gap == "-" and self.tokens[after].word.islower()
        )

    def _left_over(self) -> bool:
        """Whether a capitalised word that is no title goes right before it: what is left of a longer name."""
        if self.at == 0 or self.tokens[self.at].gap not in SPACES:
            return False
        before, lists = self.tokens[self.at - 1], self.lists
        word = before.word
        if not before.cap or before.possessive or word in lists["honorifics"] or word in lists["given_names"]:
            return False
        entry = self.names.get(word)
        return word.lower() not in lists["common"] and (entry is None or entry.label is not Label.NORP)

    def _owns_or_acts(self) -> bool:
        """Whether an 's follows, or what has the form of a verb: Clarke's claim, Clarke likens."""
        return self.tokens[self.end - 1].possessive or (
            (after := self._after()).islower() and after.endswith(("s", "ed"))
        )

    def _word(self, at: int) -> str:
        return self.tokens[at].word if at >= 0 else ""

    def _before(self) -> str:
        if self.at == 0 or any(c in ".!?;:()" for c in self.tokens[self.at].gap.replace(". ", "", 1)):
            return ""
        token, gap = self.tokens[self.at - 1], self.tokens[self.at].gap
        # A full stop after a word in small letters ends a sentence, after another it may be that of "Gen.".
        if token.possessive or "," in gap or ("." in gap and token.word.islower()):
            return ""
        return token.word

    def _assumed(self, before: str) -> bool:
        """Whether what somebody has taken on goes before: callsign Owl, call sign was Owl, nom de guerre Owl."""
        at = self.at - 1
        if before in ("is", "was", "of"):
            at -= 1
            before = self._word(at)
        return before in ASSUMED or (self._word(at - 1), before) in (("call", "sign"), ("de", "guerre"))

    def _after(self) -> str:
        if self.end >= len(self.tokens) or self.tokens[self.end].gap not in SPACES:
            return ""
        return "" if self.tokens[self.end - 1].possessive else self.tokens[self.end].word

    def _apposed_before(self) -> bool:
        """A role and a comma before: "the justice minister, Tzipi Livni"."""
        return (
            self.at > 0
            and self.tokens[self.at].gap == ", "
            and self._word(self.at - 1) in self.lists["person_before"]
        )

    def _apposed_after(self) -> bool:
        """A comma and a role after: ", a spokesman for", ", the Palestinian observer"."""
        tokens, end = self.tokens, self.end
        if (
            end + 1 >= len(tokens)
            or tokens[end].gap != ", "
            or tokens[end].word not in ("a", "an", "the", "his", "her", "who", "whose")
        ):
            return False
        if tokens[end].word in ("who", "whose"):
            return True
        for token in tokens[end + 1 : end + 5]:
            if token.gap not in ("-", *SPACES):
                return False
            if token.word in self.lists["person_before"]:
                return True
        return False

    def _apposed_body(self) -> bool:
        """A comma and the kind of body after: ", a Chinese company"; or "its" after the verb: "said its users"."""
        tokens, end, kinds = self.tokens, self.end, self.lists["org_kinds"]
        if end + 1 >= len(tokens):
            return False
        if self._speaks():
            return tokens[end + 1].word == "its" and tokens[end + 1].gap in SPACES
        if tokens[end].gap != ", " or tokens[end].word not in ("a", "an", "the"):
            return False
        for token in tokens[end + 1 : end + 6]:
            if token.gap not in ("-", *SPACES):
                return False
            if token.word in kinds:
                return True
        return False

    def _after_nickname(self) -> bool:
        """Whether a first name and another in marks go before: Michael "Mick" Clarke."""
        tokens, at = self.tokens, self.at
        return (
            at >= 2
            and tokens[at].gap[:1] in MARKS
            and tokens[at].gap[1:] in SPACES
            and tokens[at - 1].gap[-1:] in MARKS
            and tokens[at - 2].word in self.lists["given_names"]
        )

    def _aged(self) -> bool:
        """An age between commas after: ", 14,"."""
        tokens, end = self.tokens, self.end
        if end + 1 > len(tokens) - 1 or tokens[end].gap != ", ":
            return False
        return (
            tokens[end].word.isdigit()
            and len(tokens[end].word) <= 2
            and tokens[end + 1].gap[:1] in (",", ".")
        )

    def _beside_place(self) -> bool:
        """A listed place comes next, after a comma or "and"; or goes before with "and" between."""
        tokens, at, end = self.tokens, self.at, self.end
        if end < len(tokens) and tokens[end].gap == ", " and self._is_place(end):
            return True
        if (
            end + 1 < len(tokens)
            and tokens[end].word == "and"
            and tokens[end].gap == " "
            and self._is_place(end + 1)
        ):
            return True
        return (
            at >= 2 and tokens[at - 1].word == "and" and tokens[at - 1].gap == " " and self._is_place(at - 2)
        )

    def _is_place(self, at: int) -> bool:
        entry = self.names.get(self.tokens[at].word)
        return entry is not None and not entry.doubtful and entry.label in (Label.GPE, Label.LOC)

    def _speaks(self) -> bool:
        if self.end >= len(self.tokens):
            return False
        after = self.tokens[self.end]
        return after.word in self.lists["speech"] and after.gap in (" ", "\u00a0", ", ")
