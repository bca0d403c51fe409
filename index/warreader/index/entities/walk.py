"""Reading the names of one line, from left to right."""

from __future__ import annotations

from warreader.index.article import Label, Line
from warreader.index.entities import patterns
from warreader.index.entities.candidates import Candidate, Reading
from warreader.index.entities.context import Context, is_heading
from warreader.index.entities.lexicon import Entry, Lexicon
from warreader.index.entities.tokens import tokenise


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_PARTICLES = _words("al bin bint ibn van von de der den da di du del la le el ben abu dos ter y")
_ARABIC = ("al-", "el-", "ad-", "ar-", "as-", "ash-", "an-", "at-", "az-")
_NATURAL = _words(
    "River Sea Street Square Airport Airfield Bridge Island Islands Peninsula Base Bay Strait Straits "
    "Mountain Mountains Valley Lake Avenue Road Ocean Gulf Coast Desert Canal Crossing Corridor "
    "Hills Heights Park Highway "
    "Border Delta Forest Reservoir Camp Plant Station Factory Dam Port Rivers Beach Boulevard Plaza "
    "Prison Stadium Castle Palace Cathedral Mosque Monastery Cemetery Tower Mount Cape"
)
_SENTENCE_BREAK = frozenset('.!?:"“”•()[]|—*;…')
_LONGEST_NAME = 9
"""Words: no name has more."""


class Walk:
    """One line, from left to right."""

    def __init__(self, known: Lexicon, run: Reading, line: Line) -> None:
        self.lexicon = known
        self.run = run
        self.words = known.words
        self.honorifics, self.offices = known.words["honorifics"], known.words["offices"]
        self.tokens = tokenise(run.text, line.start, line.end, known)
        sentence = run.text[line.start : line.end].rstrip("\"'”’)] \u00a0")[-1:] in (".", "?", "!", ":", "…")
        self.heading = is_heading(self.tokens, line.kind, sentence, known)
        for start, end, label in patterns.find(run.text, line.start, line.end):
            run.take(start, end, label)

    def walk(self) -> None:
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            if self.run.taken[token.start]:
                at += 1
            else:
                at = max(at + 1, self._step(at))

    def _step(self, at: int) -> int:
        """Read the name that starts here, if any; returns where to go on."""
        match = self._listed(at)
        if not self._is_cap(at):
            return self._take_listed(at, match) if match else at + 1
        end = self._run_end(at)
        if match and match[0] >= end and not match[1].doubtful:
            return self._take_listed(at, match)
        if any(self.tokens[k].word in self.words["treaty_heads"] for k in range(at + 1, min(end, at + 4))):
            return self._treaty_end(at, end)
        if not self.heading and (organisation := self._organisation(at, end)):
            return self._take(at, organisation, Label.ORG)
        if not self.heading and (place := self._place(at, end)):
            return self._take(at, *place)
        word = self.tokens[at].word
        if match and (match[0] > at + 1 or match[1].label is not Label.GPE) and not match[1].doubtful:
            return self._take_listed(at, match)
        if match and not match[1].doubtful and not self._names_person(at, end):
            return self._take_listed(at, match)
        if self._is_plain(at):
            return at + 1
        if word in self.words["weekdays_and_months"] or word in self.words["not_names"]:
            return at + 1
        return self._candidate(at, end, match[1] if match else None)

    def _treaty_end(self, at: int, end: int) -> int:
        """Past the name of a treaty or law: the place in it ("Geneva Convention") is not meant."""
        last = max(k for k in range(at + 1, end) if self.tokens[k].word in self.words["treaty_heads"])
        match = self._listed(at)
        if match and match[1].label in (Label.PERSON, Label.NORP) and match[0] <= last:
            return self._take_listed(at, match)
        return last + 1

    def _listed(self, at: int) -> tuple[int, Entry] | None:
        """The longest listed name that starts here: the token after it, and its entry."""
        token = self.tokens[at]
        spread = self.lexicon.longest.get(token.word.replace("- ", "-"), 0) or self.lexicon.longest.get(
            token.word.title(), 0
        )
        for end in range(min(len(self.tokens), at + spread + 2), at, -1) if spread > 1 else (at + 1,):
            if end - at > 1 and any(any(c in ".;:!?()" for c in t.gap) for t in self.tokens[at + 1 : end]):
                continue
            name = self._name(at, end)
            entry = self.lexicon.names.get(name)
            if entry is None and name.isupper() and len(name) >= 4:
                entry = self.lexicon.names.get(name.title())
                entry = None if entry is not None and entry.doubtful else entry
            if entry is None and end == at + 1 and at and self.tokens[at - 1].word in ("the", "The"):
                entry = self._after_the(at)
            if entry is not None:
                return end, entry
        return None

    def _after_the(self, at: int) -> Entry | None:
        follows = (
            at + 1 < len(self.tokens) and self._is_cap(at + 1) and self.tokens[at + 1].gap in (" ", "\u00a0")
        )
        return None if follows else self.lexicon.after_the.get(self.tokens[at].word)

    def _name(self, at: int, end: int) -> str:
        """The name the tokens spell: marks straight, single spaces."""
        parts = [self.tokens[at].word.replace("- ", "-")]
        for token, before in zip(self.tokens[at + 1 : end], self.tokens[at : end - 1], strict=True):
            parts.append(
                "'s "
                if before.possessive
                else "-"
                if token.gap == "-"
                else ", "
                if token.gap == ", "
                else " "
            )
            parts.append(token.word)
        return "".join(parts)

    def _is_cap(self, at: int) -> bool:
        return self.tokens[at].cap

    def _run_end(self, at: int) -> int:
        """Where the sequence of capitalised words ends that starts here."""
        end = at + 1
        while end < len(self.tokens) and end - at < _LONGEST_NAME:
            token = self.tokens[end]
            if self.tokens[end - 1].possessive or token.gap not in (
                " ",
                "\u00a0",
                " & ",
                "\u00a0\u00a0",
                "  ",
            ):
                break
            if not token.cap and not token.word.startswith(_ARABIC):
                particle = (
                    token.word in _PARTICLES and end + 1 < len(self.tokens) and self.tokens[end + 1].cap
                )
                if not (particle and self.tokens[end + 1].gap == " "):
                    break
            if self.run.taken[token.start]:
                break
            end += 1
        while end - 1 > at and self.tokens[end - 1].word in _PARTICLES:
            end -= 1
        return end

    def _initial(self, at: int) -> bool:
        """Whether a sentence starts here, so that the capital says nothing."""
        if at == 0:
            return True
        gap = self.tokens[at].gap
        return any(c in _SENTENCE_BREAK for c in gap) and not (
            gap == ". " and len(self.tokens[at - 1].word) == 1
        )

    def _is_plain(self, at: int) -> bool:
        """A common word, capitalised because a sentence starts or as an office ("Foreign Minister")."""
        word = self.tokens[at].word
        if word in self.honorifics or word in self.offices:
            return True
        low = word.lower()
        if low in self.words["common"] and (
            self._initial(at) or self.heading or word.isupper() or not word.islower()
        ):
            return True
        return word.isupper() and len(word) > 5

    def _organisation(self, at: int, end: int) -> int | None:
        """Where a body named by its last or first word ends ("Kharkiv City Council", "Ministry of ...")."""
        heads, left = self.words["org_heads"], self.words["org_left"]
        first = self.tokens[at].word
        if (
            self._initial(at)
            and first.lower() in self.words["common"]
            and first not in left
            and first not in self.offices
        ):
            return None
        if first in self.honorifics and first not in self.offices:
            return None
        last = next((k for k in range(end - 1, at, -1) if self.tokens[k].word in heads), None)
        if last is not None and any(self._blocks(k, at) for k in range(at, last)):
            last = None
        if last is None and first in left:
            return self._left_headed(at, end)
        if last is None:
            return None
        if self.tokens[last].word in left and last + 1 == end:
            return self._left_headed(last, end) or last + 1
        return last + 1

    def _blocks(self, at: int, start: int) -> bool:
        word = self.tokens[at].word
        if word in self.words["weekdays_and_months"]:
            return True
        if word in self.honorifics and word not in self.offices and word not in self.words["org_heads"]:
            return True
        entry = self.lexicon.names.get(word)
        return entry is not None and entry.label is Label.PERSON and at > start

    def _left_headed(self, at: int, end: int) -> int | None:
        """Where "Ministry of Foreign Affairs of China" ends, given its head."""
        last: int | None = None
        k = end
        while k < len(self.tokens) and k - at < 2 * _LONGEST_NAME:
            word = self.tokens[k].word
            if self.tokens[k].gap not in (" ", "\u00a0") or self.tokens[k - 1].possessive:
                break
            if word in ("of", "for") or (last is not None and word in ("and", "in", "to") and word == "and"):
                ahead = k + 1
                if ahead < len(self.tokens) and self.tokens[ahead].word == "the":
                    ahead += 1
                if (
                    ahead >= len(self.tokens)
                    or not self.tokens[ahead].cap
                    or self.tokens[ahead].gap not in (" ", "\u00a0")
                ):
                    break
                if word == "and" and self.lexicon.names.get(self.tokens[ahead].word) is not None:
                    break
                k = self._run_end(ahead)
                last = k
            else:
                break
        return last

    def _place(self, at: int, end: int) -> tuple[int, Label] | None:
        """Where a place named by its last or first word ends, and its kind."""
        first = self.tokens[at].word
        if first in self.words["place_left"] and end == at + 1:
            last = self._left_headed(at, end)
            return (
                (last, Label.LOC if first in _NATURAL or first in ("Sea", "Gulf", "Strait") else Label.GPE)
                if last
                else None
            )
        if (first.lower() in self.words["common"] and self._initial(at)) or first in self.honorifics:
            return None
        last = next((k for k in range(at + 1, end) if self.tokens[k].word in self.words["place_heads"]), None)
        if last is None or last - at > 3 or any(self._blocks(k, at) for k in range(at, last)):
            return None
        if (entry := self.lexicon.names.get(first)) is not None and entry.label is Label.NORP:
            return None
        return last + 1, Label.LOC if self.tokens[last].word in _NATURAL else Label.GPE

    def _names_person(self, at: int, end: int) -> bool:
        """Whether a listed place is somebody's first name here ("Israel Katz")."""
        if end - at < 2 or end - at > 3:
            return False
        after = self.tokens[at + 1].word
        known = self.lexicon.names.get(after)
        if after in self.honorifics or after in self.offices or (known is not None and not known.doubtful):
            return False
        return (
            self.tokens[at].word in self.words["given_names_also_places"]
            and after.lower() not in self.words["common"]
        )

    def _take(self, at: int, end: int, label: Label, entity: str | None = None) -> int:
        start, stop = self.tokens[at].start, self.tokens[end - 1].end
        known = self.lexicon.names.get(self._name(at, end))
        if entity is None and known is not None and not known.doubtful:
            label, entity = known.label, known.id
        self.run.take(start, stop, label, entity)
        return end

    def _take_listed(self, at: int, match: tuple[int, Entry]) -> int:
        end, entry = match
        if entry.doubtful:
            return at + 1
        return self._take(at, end, entry.label, entry.id)

    def _candidate(self, at: int, end: int, entry: Entry | None) -> int:
        """Note the sequence of unlisted capitalised words that starts here."""
        stop = at + 1
        while stop < end and not self._cuts(stop):
            stop += 1
        while stop - 1 > at and self.tokens[stop - 1].word in _PARTICLES:
            stop -= 1
        words = tuple(token.word for token in self.tokens[at:stop])
        votes = Context(self.tokens, self.words, at, stop).votes(words, entry)
        self.run.candidates.append(
            Candidate(
                self.tokens[at].start,
                self.tokens[stop - 1].end,
                words,
                votes,
                self._initial(at),
                self.heading,
                entry,
            )
        )
        return stop

    def _cuts(self, at: int) -> bool:
        """Whether a word inside a capitalised sequence starts another name, or none."""
        word = self.tokens[at].word
        if word in self.honorifics or word in self.offices or word in self.words["weekdays_and_months"]:
            return True
        entry = self.lexicon.names.get(word)
        if entry is not None and not entry.doubtful and entry.label is not Label.PERSON:
            return self.tokens[at - 1].word not in self.words["given_names"]
        return False
