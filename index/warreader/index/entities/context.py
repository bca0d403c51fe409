"""What stands around a capitalised name, and what it says of its kind."""

from __future__ import annotations

import re
from collections.abc import Sequence

from warreader.index.article import Label, LineKind
from warreader.index.entities.lexicon import Entry, Lexicon
from warreader.index.entities.spans import ARABIC
from warreader.index.entities.tokens import Token

Vote = tuple[Label, float]

_SPACES = (" ", "\u00a0")
_SLAVIC_PERSON = re.compile(
    r"\w{2,}(?:enko|[sc]ky[iy]?|skiy|skyi|chuk|yuk|ovych|evych|ovich|evich|shvili|dze|yan|[oe]v[a]?|iev|ieva|ina)"
)
_PLACE_END = re.compile(
    r"\w{2,}(?:[io]vka|ivske|ovskoye|[sz]k|hrad|grad|pil|pol|burg|bad|stan|shire|ville|vtsi|rivka|yanka|iivka)"
)


class Context:
    """What stands around a candidate and what it says of its kind."""

    def __init__(self, tokens: Sequence[Token], known: Lexicon, at: int, end: int) -> None:
        self.tokens, self.names, self.lists, self.at, self.end = tokens, known.names, known.words, at, end

    def votes(self, words: tuple[str, ...], entry: Entry | None) -> tuple[Vote, ...]:
        """Labels with weights; weights below 1 are habits of the language, not evidence."""
        lists = self.lists
        before = self._before()
        found = self._person(words, before, entry)
        found += self._place(before, entry)
        after = self._after()
        if after in lists["person_after"] and len(words) == 1:
            found.append((Label.PERSON, 1.5))
        if after in lists["org_after"] or before in lists["org_kinds"]:
            found.append((Label.ORG, 1.5))
        if before in ("for", "at", "of", "with") and self._word(self.at - 2) in lists["org_before"]:
            found.append((Label.ORG, 2.5 if before == "at" else 1.2))
        if len(words) == 1:
            if words[0] in lists["org_heads"]:
                # In Parliament, at the Treasury: a body, not where it sits.
                found = [(Label.ORG if label is Label.GPE else label, weight) for label, weight in found]
            found += self._single(words[0], before, entry)
        else:
            found += self._several(words)
        return tuple(found)

    def _person(self, words: tuple[str, ...], before: str, entry: Entry | None) -> list[Vote]:
        lists, found = self.lists, []
        if words[0] in lists["given_names"] and (len(words) > 1 or entry is None):
            sure = len(words) > 1 and words[-1].lower() not in lists["plain"]
            found.append((Label.PERSON, 3.0 if sure else 1.5))
        if (before in lists["honorifics"] and before != "Former") or before.lower() in lists["person_before"]:
            found.append((Label.PERSON, 3.0))
        elif self._apposed_before() or self._apposed_after():
            found.append((Label.PERSON, 2.0))
        if self._speaks():
            found.append((Label.PERSON, 1.5))
        if self._aged():
            found.append((Label.PERSON, 3.0))
        return found

    def _place(self, before: str, entry: Entry | None) -> list[Vote]:
        lists, found = self.lists, []
        if entry is not None:
            found.append((Label.GPE, 1.0))
        if before in lists["place_before"] and not (
            before == "to" and self._word(self.at - 2) == "according"
        ):
            found.append((Label.GPE, 2.0 if before in ("in", "near", "outside", "at") else 1.0))
        elif before in lists["place_kinds"]:
            found.append((Label.GPE, 2.0))
        elif before == "of" and self._word(self.at - 2) in lists["place_kinds"]:
            found.append((Label.GPE, 5.0))
        if self._after() in lists["place_after"]:
            found.append((Label.GPE, 2.0))
        if self._after() in lists["natural_after"]:
            found.append((Label.LOC, 3.0))
        plain = self.end - self.at == 1 and self.tokens[self.at].word.lower() in lists["plain"]
        if self.end - self.at < 3 and not plain and self._beside_place():
            found.append((Label.GPE, 1.5 if self.end - self.at == 1 else 1.0))
        return found

    def _single(self, word: str, before: str, entry: Entry | None) -> list[Vote]:
        if word.isupper() and 2 <= len(word) <= 6:
            return [(Label.ORG, 2.5)] if entry is None else [(Label.GPE, 1.5)]
        if (
            any(c.isupper() for c in word[1:])
            and any(c.islower() for c in word)
            and not word.startswith(("Mc", "Mac", "O'", "De", "Al", "El", "Fitz", "Van", "La", "Di"))
            and "-" not in word
        ):
            return [(Label.ORG, 2.0)]
        if word.lower() in self.lists["plain"]:
            return []
        if before in ("the", "The"):
            return [] if word in self.lists["place_heads"] else [(Label.ORG, 0.8)]
        if before == "on":
            return [(Label.ORG, 0.7)]
        if word in self.lists["family"] or _SLAVIC_PERSON.fullmatch(word):
            return [(Label.PERSON, 0.9)]
        if _PLACE_END.fullmatch(word):
            return [(Label.PERSON, 0.5), (Label.GPE, 0.8)]
        # Whom somebody is with, or by whom something is done, is a person rather than not.
        return [(Label.PERSON, 0.75 if before in ("with", "by") or self._owns_or_acts() else 0.5)]

    def _several(self, words: tuple[str, ...]) -> list[Vote]:
        lists = self.lists
        if words[-1] in ("Jr", "Sr", "Jr.", "Sr.", "II", "III") or (
            words[0][1:2] == "." and len(words[0]) == 2
        ):
            return [(Label.PERSON, 2.5)]
        if len(words) > 4 or any(token.gap == " & " for token in self.tokens[self.at + 1 : self.end]):
            return [(Label.ORG, 2.0)]
        if words[0] in lists["place_first"]:
            return [(Label.GPE, 3.0)]
        head = words[0]
        if len(head) > 2 and head.isupper() and head.isalpha() and head.title() not in lists["given_names"]:
            # Initials of three letters are a body's; people are called by two: JD Vance.
            others = [word for word in words[1:] if word not in ("Jr", "Sr")]
            if others and not all(word.isupper() for word in others):
                return [(Label.ORG, 2.0)]
        plain = [word.lower() in lists["plain"] for word in words]
        if all(plain):
            return [(Label.ORG, 1.4)]
        if plain[-1] and words[-1] not in lists["family"]:
            return [(Label.ORG, 1.0), (Label.PERSON, 0.6)]
        if any(word.startswith(ARABIC) or word in lists["family"] for word in words[1:]):
            return [(Label.PERSON, 1.8)]
        return [(Label.PERSON, 0.8 if plain[0] else 1.2)]

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
        token = self.tokens[self.at - 1]
        return "" if token.possessive or "," in self.tokens[self.at].gap else token.word

    def _after(self) -> str:
        if self.end >= len(self.tokens) or self.tokens[self.end].gap not in _SPACES:
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
            if token.gap not in ("-", *_SPACES):
                return False
            if token.word in self.lists["person_before"]:
                return True
        return False

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


def is_heading(tokens: list[Token], kind: LineKind, sentence: bool, known: Lexicon) -> bool:
    """Whether most words are capitalised, as in a headline: capitals then say nothing."""
    long = [token for token in tokens if len(token.word) >= 4 and token.word[0].isalpha()]
    if len(long) < (3 if kind is LineKind.HEADLINE else 5):
        return False
    plain = [token for token in long if token.word not in known.names]
    share = sum(token.cap for token in plain) / max(1, len(plain))
    # A sentence that lists names is no heading.
    return share > (0.6 if kind is LineKind.HEADLINE or not sentence else 0.9)
