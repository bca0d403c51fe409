"""What stands around a capitalised name, and what it says of its kind."""

from __future__ import annotations

import re

from warreader.index.article import Label
from warreader.index.entities.candidates import INITIALS
from warreader.index.entities.lexicon import Entry, american
from warreader.index.entities.spans import ARABIC
from warreader.index.entities.surroundings import SPACES, Surroundings

Vote = tuple[Label, float]

_QUARTERS = frozenset({"North", "South", "East", "West", "Central"})
_SLAVIC_PERSON = re.compile(
    r"\w{2,}(?:enko|[sc]ky[iy]?|skiy|skyi|chuk|yuk|ovych|evych|ovich|evich|shvili|dze|yan|[oe]v[a]?|iev|ieva|ina)"
)
_FORMS_OF_ADDRESS = frozenset({"Mr", "Mrs", "Ms", "Miss", "Dr", "Mr.", "Mrs.", "Ms.", "Dr."})
_CALLED_BY_INITIALS = frozenset(
    {
        *(
            "missile",
            "missiles",
            "rocket",
            "rockets",
            "munition",
            "munitions",
            "launcher",
            "launchers",
            "howitzer",
        ),
        *("howitzers", "interceptors"),
    }
)
_ABOUT_ARMS = frozenset(
    {
        "treaty",
        "talks",
        "agreement",
        "deal",
        "crisis",
        "forces",
        "unit",
        "units",
        "brigade",
        "site",
        "sites",
        "fire",
    }
)
_BEHIND_NAMES = frozenset(
    {"JR", "SR", "KC", "QC", "MP", "MSP", "TD", "MD", "DO", "JD", "RN", "OBE", "MBE", "CBE"}
)
_PLACE_END = re.compile(
    r"\w{2,}(?:[io]vka|ivske|ovskoye|[sz]k|hrad|grad|pil|pol|burg|bad|stan|shire|ville|vtsi|rivka|yanka|iivka)"
)


class Context(Surroundings):
    """What stands around a candidate and what it says of its kind."""

    def votes(self, words: tuple[str, ...], entry: Entry | None) -> tuple[Vote, ...]:
        """Labels with weights; weights below 1 are habits of the language, not evidence."""
        lists = self.lists
        before = self._before()
        if len(words) == 1 and entry is None and self._arms(words[0], before):
            return ((Label.WEAPON, 2.5),)
        found = self._person(words, before, entry)
        found += self._place(before, entry)
        after = self._after()
        if after in lists["person_after"] and len(words) == 1:
            found.append((Label.PERSON, 1.5))
        if after in lists["org_after"] or before in lists["org_kinds"]:
            found.append((Label.ORG, 1.5))
        elif len(words) == 1 and entry is None and not self._is_ordinary(words[0]):
            found += self._led(after)
        if self._apposed_body():
            found.append((Label.ORG, 2.5))
        if before in ("for", "at", "of", "with") and self._word(self.at - 2) in lists["org_before"]:
            found.append((Label.ORG, 2.5 if before == "at" else 1.2))
        if len(words) == 1:
            if words[0] in lists["org_heads"]:
                # In Parliament, at the Treasury: a body, not where it sits.
                found = [(Label.ORG if label is Label.GPE else label, weight) for label, weight in found]
            found += self._single(words[0], before, entry)
            found = self._weighed_alone(words[0], before, entry, found)
        else:
            found += self._several(words, entry)
        return tuple(found)

    def _arms(self, word: str, before: str) -> bool:
        """Whether the kind of a weapon follows or goes before that is called so: missiles known as GMLRS."""
        arms = self.lists["arms"]
        if (
            before == "as"
            and self._word(self.at - 2) in ("known", "called")
            and self._word(self.at - 3) in arms
        ):
            return True
        if not word.isupper():
            return self._before_arms()
        # Whose bombs or jets they are, a body's initials may tell; a weapon's own are before missiles.
        tokens, end = self.tokens, self.end
        if self._after() not in _CALLED_BY_INITIALS or "." in word:
            return False
        return end + 1 == len(tokens) or tokens[end + 1].word not in _ABOUT_ARMS

    def _before_arms(self) -> bool:
        """Whether the kind of a weapon follows that is called so: Marder armoured vehicles; not Clarke's vehicle."""
        tokens, at = self.tokens, self.end
        arms, of_arms = self.lists["arms"], self.lists["of_arms"]
        if tokens[at - 1].possessive or tokens[at - 1].word.lower() in of_arms:
            return False
        while at < len(tokens) and tokens[at].gap in SPACES and tokens[at].word in of_arms:
            at += 1
        if at == len(tokens) or tokens[at].gap not in SPACES:
            return False
        word = tokens[at].word
        # Of vehicles most are none.
        return word in arms or (word in ("vehicle", "vehicles") and at > self.end)

    def _weighed_alone(self, word: str, before: str, entry: Entry | None, found: list[Vote]) -> list[Vote]:
        """The same with what speaks against a lone word's being a person."""
        lists = self.lists
        if self._is_ordinary(word) and not self._calls_by_name(word, before):
            # Grammar said, General Command, the Lords, who, Road to Change: what somebody is called, or some place no
            # list has, is no word of the language.
            nothing = (Label.PERSON,) if entry is not None else (Label.PERSON, Label.GPE)
            return [vote for vote in found if vote[0] not in nothing]
        against = 0.0
        if before.lower() in ("the", "a", "an") and self._after() not in lists["person_after"]:
            against += 0.9
        if self._in_marks() and not self._assumed(before):
            against += 1.0
        if self._goes_on():
            against += 1.5 if word in lists["given_names"] else 0.5
        if self._left_over() and word not in lists["family"] and not _SLAVIC_PERSON.fullmatch(word):
            against += 1.0
        return [*found, (Label.PERSON, -against)] if against else found

    def _calls_by_name(self, word: str, before: str) -> bool:
        """Whether what goes before makes even an ordinary word a name: Ms Song, Minister Gallant, callsign Positive."""
        if before in _FORMS_OF_ADDRESS or self._assumed(before):
            return True
        lists = self.lists
        if word in lists["org_heads"] or word in lists["org_left"]:
            return False
        titled = before in lists["honorifics"] and before not in lists["offices"] and before != "General"
        return before in ("said", "says") or (titled and word not in lists["place_heads"])

    def _is_ordinary(self, word: str) -> bool:
        """Whether a word is one of the language, or heads the name of a body, and nobody's name."""
        lists = self.lists
        if word in lists["family"] or word in lists["given_names"]:
            return False
        return (
            word in lists["org_heads"]
            or word in lists["org_left"]
            or word in lists["place_heads"]
            or american(word.lower()) in lists["plain"]
        )

    def _led(self, after: str) -> list[Vote]:
        """Whether it has a head that only a body has: Fifa president, Adidas's chief executive; or a place: mayor."""
        roles = self.lists["org_roles"]
        if after:
            return [(Label.ORG, 1.5)] if after in roles else []
        at = self.end
        if not self.tokens[at - 1].possessive:
            return []
        while (
            at < len(self.tokens) and at < self.end + 3 and self.tokens[at].gap.rsplit("'s", 1)[-1] in SPACES
        ):
            word = self.tokens[at].word
            if word in roles:
                return [(Label.ORG, 2.0)]
            if word in ("mayor", "governor"):
                return [(Label.GPE, 2.0)]
            at += 1
        return []

    def _person(self, words: tuple[str, ...], before: str, entry: Entry | None) -> list[Vote]:
        lists, found = self.lists, []
        if words[0] in lists["given_names"] and (len(words) > 1 or entry is None):
            sure = len(words) > 1 and words[-1].lower() not in lists["plain"]
            found.append((Label.PERSON, 3.0 if sure else 1.5))
        titled = before in lists["honorifics"] and before != "Former"
        if titled or before.lower() in lists["person_before"] or self._assumed(before):
            found.append((Label.PERSON, 3.0))
        elif self._apposed_before() or self._apposed_after():
            found.append((Label.PERSON, 2.0))
        if self._speaks():
            found.append((Label.PERSON, 1.5))
        if self._aged():
            found.append((Label.PERSON, 3.0))
        if self._after_nickname():
            found.append((Label.PERSON, 2.0))
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
            if self._is_shouted(word, before) or self._is_state_code(word):
                return []
            return [(Label.ORG, INITIALS)] if entry is None else [(Label.GPE, 1.5)]
        if (
            any(c.isupper() for c in word[1:])
            and any(c.islower() for c in word)
            and not word.startswith(("Mc", "Mac", "O'", "De", "Al", "El", "Fitz", "Van", "La", "Di"))
            and "-" not in word
        ):
            return [(Label.ORG, 2.0)]
        if word.lower() in self.lists["plain"]:
            return []
        if before.lower() in ("the", "a", "an"):
            if word in self.lists["place_heads"] or self._may_be_called(word):
                return []
            if before.lower() == "the":
                return [(Label.ORG, 0.8)]
        if before == "on":
            return [(Label.ORG, 0.7)]
        if word in self.lists["family"] or _SLAVIC_PERSON.fullmatch(word):
            return [(Label.PERSON, 0.9)]
        if _PLACE_END.fullmatch(word):
            return [(Label.PERSON, 0.5), (Label.GPE, 0.8)]
        # Whom somebody is with, or by whom something is done, is a person rather than not.
        return [(Label.PERSON, 0.75 if before in ("with", "by") or self._owns_or_acts() else 0.5)]

    def _by_last(self, words: tuple[str, ...], entry: Entry | None) -> list[Vote] | None:
        """What the last of several words tells: Aberdeen North, Houston Rockets, Edwards AFB, Concordia Forum."""
        lists, last = self.lists, words[-1]
        first = self.names.get(words[0])
        if first is not None and first.label is Label.GPE and entry in (None, first):
            called = words[0] in lists["given_names"]
            if last in _QUARTERS and not called:
                return [(Label.GPE, 3.1)]
            if last.endswith("s") and last.lower() in lists["plain"]:
                if self._before() in ("the", "The"):
                    return [(Label.ORG, 5.0)]
                if not called:
                    return [(Label.ORG, 3.1)]
        if len(last) == 1 and words[0].lower() in lists["plain"]:
            return []
        if 2 <= len(last) <= 4 and last.isupper() and last.isalpha() and not self._is_named(last):
            if last in lists["not_names"] or all(word.isupper() for word in words):
                return []
            if any(american(word.lower()) not in lists["plain"] for word in words[:-1] if not word.isupper()):
                return [(Label.ORG, 3.1)]
        return [(Label.ORG, 3.1)] if last in lists["org_heads"] or last in lists["org_left"] else None

    def _is_shouted(self, word: str, before: str) -> bool:
        """Whether capitals only stress an ordinary word: they have to DIE."""
        return len(word) > 3 and word.lower() in self.lists["plain"] and before not in ("the", "The")

    def _is_state_code(self, word: str) -> bool:
        """Whether two letters tell the state of a town, or of who sits for it: Flint, MI; (D-CA)."""
        return word in self.lists["state_codes"] and self.tokens[self.at].gap in (", ", "-", " - ")

    def _several(self, words: tuple[str, ...], entry: Entry | None) -> list[Vote]:
        lists = self.lists
        if words[-1] in ("Jr", "Sr", "Jr.", "Sr.", "II", "III") or (
            words[0][1:2] == "." and len(words[0]) == 2
        ):
            return [(Label.PERSON, 2.5)]
        joined = any("&" in word for word in words)
        if (
            len(words) > 4
            or joined
            or any(token.gap == " & " for token in self.tokens[self.at + 1 : self.end])
        ):
            return [(Label.ORG, 2.0)]
        if words[0] in lists["place_first"]:
            return [(Label.GPE, 3.0)]
        if (told := self._by_last(words, entry)) is not None:
            return told
        head = words[0]
        if len(head) > 2 and head.isupper() and head.isalpha() and head.title() not in lists["given_names"]:
            # Initials of three letters are a body's; people are called by two: JD Vance.
            others = [word for word in words[1:] if word not in ("Jr", "Sr")]
            if others and not all(word.isupper() for word in others):
                return [(Label.ORG, 2.0)]
        plain = [american(word.lower()) in lists["plain"] for word in words]
        if all(plain):
            return [(Label.ORG, 1.4)]
        if (
            self._before().lower() == "the"
            and words[0] not in lists["given_names"]
            and not self._may_be_last(words)
        ):
            # The Grand Palais: of people one says so only where more follows, the Clarke family.
            return [(Label.ORG, 1.0)]
        if plain[-1] and words[-1] not in lists["family"]:
            return [(Label.ORG, 1.0), (Label.PERSON, 0.6)]
        if any(word.startswith(ARABIC) or word in lists["family"] for word in words[1:]):
            return [(Label.PERSON, 1.8)]
        if plain[0] and not self._may_be_last(words):
            return [(Label.ORG, 0.9), (Label.PERSON, 0.8)]
        return [(Label.PERSON, 0.8 if plain[0] else 1.2)]

    def _may_be_last(self, words: tuple[str, ...]) -> bool:
        """Whether the last word is, or is built as, somebody's: Tip O'Neill, Presidents Xi Jinping, Generals Kelly."""
        last, lists = words[-1], self.lists
        if (
            last in lists["given_names"]
            or _SLAVIC_PERSON.fullmatch(last)
            or last.startswith(("O'", "Mc", "Mac"))
        ):
            return True
        return words[0].removesuffix("s") in lists["honorifics"]

    def _is_named(self, word: str) -> bool:
        """Whether capitals are how a last name is written, or what is written behind one: KC, XIV."""
        return word in _BEHIND_NAMES or not word.strip("IVX") or word.title() in self.lists["family"]

    def _may_be_called(self, word: str) -> bool:
        """Whether a word is a person's name, or several's: the Clintons."""
        listed = self.names.get(word.removesuffix("s"))
        return (listed is not None and listed.label is Label.PERSON) or any(
            form in self.lists[name]
            for form in (word, word.removesuffix("s"))
            for name in ("family", "given_names")
        )
