"""Where the names of bodies, units and places end that are told by a head word: "Ministry of ...", "... Brigade"."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from warreader.index.article import Label
from warreader.index.entities.lexicon import Lexicon
from warreader.index.entities.tokens import Token


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


PARTICLES = _words("al bin bint ibn van von de der den da di du del la le el ben abu dos ter y ould e ul")
ARABIC = ("al-", "el-", "ad-", "ar-", "as-", "ash-", "an-", "at-", "az-", "ul-", "bin-")
NATURAL = _words(
    "River Sea Street Square Airport Airfield Bridge Island Islands Peninsula Base Bay Strait Straits "
    "Mountain Mountains Valley Lake Avenue Road Ocean Gulf Coast Desert Canal Crossing Corridor "
    "Hills Heights Park Highway "
    "Border Delta Forest Reservoir Camp Plant Station Factory Dam Port Rivers Beach Boulevard Plaza "
    "Shoal Reef Atoll Prison Stadium Castle Palace Cathedral Mosque Monastery Cemetery Tower Zoo Mall Mount Cape"
)
_SITES = _words(
    "Airport Airfield Base Plant Station Depot Arsenal Shipyard Refinery Terminal Yard Range Barracks Camp"
)
_SORTS = _words(
    "International National Regional Municipal Memorial Intercontinental Air Force Army Naval Navy Marine Corps "
    "Military Space Ammunition Munitions Oil Petroleum Gas Power Nuclear Thermal Hydroelectric Missile Test Training "
    "Tank Assembly "
    "Chemical Joint Logistics Reserve Rail Freight Bus Cargo"
)
"""What goes before such a head and tells its sort; some head a body's name elsewhere: Dover Air Force | Base."""
_HEIGHTS = ("Mount", "Fort", "Lake")
"""Words after which a place's own name stands alone."""
_UNIT_HEADS = _words("Brigade Battalion Regiment Squadron Platoon Legion Flotilla Fleet Sich")
_UNIT_HEADS_LOW = _words("brigade battalion regiment squadron")
_ON_SUBJECTS = _words("Committee Commission Council Subcommittee Conference Forum Institute Center Centre")
_BEFORE_X = _words("on to via and platform")
_OF_COURTS = _words("Court Judge Attorney Attorneys Courts")
"""After "District": a court's, and no place's."""
_GAPS = (" ", "\u00a0", " & ", "\u00a0\u00a0", "  ")
LONGEST_NAME = 9
"""Words: no name has more."""
_LONGEST_INTRODUCED = 11


class Spans:
    """Reads on from the first word of a name over the words of one line."""

    def __init__(self, known: Lexicon, tokens: Sequence[Token], taken: bytearray) -> None:
        self.lexicon, self.words, self.tokens, self.taken = known, known.words, tokens, taken
        self.honorifics, self.offices = known.words["honorifics"], known.words["offices"]
        self._acronyms = [
            at
            for at in range(1, len(tokens))
            if tokens[at].gap.endswith("(") and tokens[at].word.isupper() and 2 <= len(tokens[at].word) <= 8
        ]

    def run_end(self, at: int) -> int:
        """Where the sequence of capitalised words ends that starts here."""
        tokens = self.tokens
        end = at + 1
        while end < len(tokens) and end - at < LONGEST_NAME:
            token = tokens[end]
            if tokens[end - 1].possessive or token.gap not in _GAPS:
                break
            if not token.cap and not token.word.startswith(ARABIC) and not self._leads_on(end):
                break
            if self.taken[token.start]:
                break
            end += 1
        while end - 1 > at and tokens[end - 1].word in PARTICLES:
            end -= 1
        return end

    def _leads_on(self, at: int) -> bool:
        """Whether a particle, or two, go before a capitalised word: bin Salman, van der Berg."""
        tokens = self.tokens
        for ahead in (at + 1, at + 2):
            if tokens[ahead - 1].word not in PARTICLES or ahead >= len(tokens) or tokens[ahead].gap != " ":
                return False
            if tokens[ahead].cap:
                return True
        return False

    def introduced(self, at: int) -> int | None:
        """Where a name ends whose initials follow in parentheses ("Defence for Children Palestine (DCIP)")."""
        for acronym in self._acronyms:
            if not at + 1 < acronym <= at + _LONGEST_INTRODUCED:
                continue
            words = self.tokens[at:acronym]
            if any(token.gap not in _GAPS for token in words[1:]) or any(t.possessive for t in words):
                continue
            if not words[-1].cap or not all(
                t.cap or t.word in ("of", "for", "the", "and", "in", "on", "to", "de") for t in words
            ):
                continue
            if _abbreviates(self.tokens[acronym].word, [token.word for token in words]):
                return acronym
        return None

    def organisation(self, at: int, end: int, initial: bool) -> int | None:
        """Where a body named by its last or first word ends ("Kharkiv City Council", "Ministry of ...")."""
        heads, left = self.words["org_heads"], self.words["org_left"]
        first = self.tokens[at].word
        if (
            initial
            and first.lower() in self.words["common"]
            and first not in left
            and first not in self.offices
        ):
            return None
        if first in self.honorifics and first not in self.offices:
            return None
        last = next((k for k in range(end - 1, at, -1) if self.tokens[k].word in heads), None)
        if last is not None and any(self.blocks(k, at) for k in range(at, last)):
            last = None
        if last is None and first in left:
            return self.left_headed(at, end)
        if last is None:
            return None
        if self.tokens[last].word in left and last + 1 == end:
            return self.left_headed(last, end) or last + 1
        return last + 1

    def unit(self, at: int, end: int) -> int | None:
        """Where a unit with a name of its own ends ("Golani Brigade", "Kraken regiment")."""
        last = next((k for k in range(end - 1, at, -1) if self.tokens[k].word in _UNIT_HEADS), None)
        if last is not None and not any(self.blocks(k, at) for k in range(at, last)):
            return last + 1
        if end < len(self.tokens) and end == at + 1 and self.tokens[end].gap == " ":
            entry = self.lexicon.names.get(self.tokens[at].word)
            named = entry is None or entry.label in (Label.UNIT, Label.PERSON)
            plain = self.tokens[at].word.lower() in self.words["plain"] or self.tokens[at].possessive
            if self.tokens[end].word in _UNIT_HEADS_LOW and named and not plain:
                return end + 1
        return None

    def blocks(self, at: int, start: int) -> bool:
        """Whether a name with a head can't go on over this word: a title, a day, a listed person."""
        word = self.tokens[at].word
        if word in self.words["weekdays_and_months"]:
            return True
        if word in self.honorifics and word not in self.offices and word not in self.words["org_heads"]:
            # The General of a General Hospital is nobody.
            after = self.tokens[at + 1].word if at + 1 < len(self.tokens) else ""
            return not (word == "General" and at > start and after in self.words["org_heads"])
        entry = self.lexicon.names.get(word)
        return entry is not None and entry.label is Label.PERSON and at > start

    def left_headed(self, at: int, end: int) -> int | None:
        """Where "Ministry of Foreign Affairs of China" ends, given its head."""
        tokens = self.tokens
        last: int | None = None
        k = end
        while k < len(tokens) and k - at < 2 * LONGEST_NAME:
            word = tokens[k].word
            if tokens[k].gap not in (" ", "\u00a0") or tokens[k - 1].possessive:
                break
            leads = word in ("of", "for") or (last is not None and word == "and")
            if not (leads or (word == "on" and last is None and self._deals_with(at, k + 1))):
                break
            ahead = k + 1
            if ahead < len(tokens) and tokens[ahead].word == "the":
                ahead += 1
            if ahead >= len(tokens) or not tokens[ahead].cap or tokens[ahead].gap not in (" ", "\u00a0"):
                break
            if word == "and" and self.lexicon.names.get(tokens[ahead].word) is not None:
                break
            k = self.run_end(ahead)
            last = k
        return last

    def _deals_with(self, at: int, subject: int) -> bool:
        """Whether a body's subject follows its head and "on" ("Committee on Education"), and no day or place."""
        if subject >= len(self.tokens) or self.tokens[at].word not in _ON_SUBJECTS:
            return False
        word = self.tokens[subject].word
        return word.lower() in self.words["plain"] and word not in self.words["weekdays_and_months"]

    def place(self, at: int, end: int, initial: bool) -> tuple[int, Label] | None:
        """Where a place named by its last or first word ends, and its kind."""
        first = self.tokens[at].word
        if first in self.words["place_left"] and end == at + 1:
            last = self.left_headed(at, end)
            natural = first in NATURAL or first in ("Sea", "Gulf", "Strait")
            return (last, Label.LOC if natural else Label.GPE) if last else None
        if (first.lower() in self.words["common"] and initial) or first in self.honorifics:
            return None
        if first in _HEIGHTS and end == at + 2:
            return end, Label.LOC
        last = next((k for k in range(at + 1, end) if self.tokens[k].word in self.words["place_heads"]), None)
        if last is None or last - at > 3 or any(self.blocks(k, at) for k in range(at, last)):
            return None
        if self.tokens[last].word == "District" and (
            first in self.words["not_names"] or (last + 1 < end and self.tokens[last + 1].word in _OF_COURTS)
        ):
            return None
        if (entry := self.lexicon.names.get(first)) is not None and entry.label is Label.NORP:
            return None
        if last - at > 1 and " ".join(t.word for t in self.tokens[at + 1 : last + 1]) in self.lexicon.names:
            return None
        return last + 1, Label.LOC if self.tokens[last].word in NATURAL else Label.GPE

    def site(self, at: int, end: int, initial: bool) -> int | None:
        """Where a place ends whose name goes on to a head behind its sort: Dover Air Force Base, Ann Lee International
        Airport. It is neither the body, the town nor the person that its first words would be.
        """
        tokens = self.tokens
        head = next((k for k in range(end - 1, at + 1, -1) if self._is_site(k)), None)
        if head is None:
            return None
        named = head - 1
        while named > at and tokens[named].word in _SORTS:
            named -= 1
        first = tokens[at].word
        if (initial and first.lower() in self.words["common"]) or tokens[named].word in _SORTS:
            return None
        if head + 1 < end and tokens[head + 1].word in self.words["org_heads"]:
            return None
        entry = self.lexicon.names.get(first)
        if entry is not None and (entry.label is Label.NORP or first.isupper()):
            # American Air Force bases are many.
            return None
        barred = (self.honorifics, self.offices, self.words["weekdays_and_months"])
        if any(tokens[k].word in words for k in range(at, named + 1) for words in barred):
            return None
        return head + 1

    def _is_site(self, at: int) -> bool:
        return self.tokens[at].word in _SITES and self.tokens[at - 1].word in _SORTS

    def sort(self, at: int, end: int) -> Label:
        """Whether a name is a weapon's and no body's: Guided Multiple Launch Rocket System."""
        words = [token.word.lower() for token in self.tokens[at:end]]
        arms = self.words["arms"]
        system = words[-1] in ("system", "systems") and not arms.isdisjoint(words)
        return Label.WEAPON if system or words[-1] in arms else Label.ORG

    def ends_in_x(self, at: int) -> bool:
        """Whether a letter with a stop is what a sentence ends in: it said on X. Clarke denied it."""
        return self.tokens[at].word == "X." and at > 0 and self.tokens[at - 1].word in _BEFORE_X

    def plainly_named(self, after: int, end: int) -> bool:
        """Whether capitalised plain words follow a state's or people's name ("Turkmen Mountain Operation Room")."""
        if end - after < 2:
            return False
        rest = [token.word for token in self.tokens[after:end]]
        if any(f"{one} {other}" in self.lexicon.names for one, other in pairwise(rest)):
            return False
        if any(word in self.honorifics or word in self.words["weekdays_and_months"] for word in rest):
            return False
        lists = self.words
        return all(
            word not in lists["not_bodies"]
            and (
                word.lower() in lists["plain"]
                or word.lower() in lists["common"]
                or word in lists["org_heads"]
                or word in lists["place_heads"]
            )
            for word in rest
        )


def _abbreviates(acronym: str, words: Sequence[str]) -> bool:
    """Whether the letters are initials of the words, in order, those of the long words all among them."""
    initials = [part[0].upper() for word in words for part in word.split("-") if part]
    if initials[0] != acronym[0]:
        return False
    at = lost = 0
    for letter in acronym:
        here = next((k for k in range(at, len(initials)) if initials[k] == letter), None)
        if here is None:
            lost += 1
        else:
            at = here + 1
    if lost > (len(acronym) >= 4):
        return False
    return len(acronym) * 2 >= sum(word[0].isupper() for word in words)
