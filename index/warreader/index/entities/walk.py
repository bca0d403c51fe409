"""Reading the names of one line, from left to right."""

from __future__ import annotations

import re

from warreader.index.article import Label, Line, LineKind
from warreader.index.entities import patterns
from warreader.index.entities.candidates import Candidate, Reading
from warreader.index.entities.context import Context
from warreader.index.entities.headings import is_heading
from warreader.index.entities.lexicon import Entry, Lexicon
from warreader.index.entities.spans import PARTICLES, Spans
from warreader.index.entities.tokens import tokenise

_SENTENCE_BREAK = frozenset('.!?:"“”•()[]|—*;…')
_TITLES_AND_SURNAMES = frozenset(
    {
        "King",
        "Prince",
        "Pope",
        "Judge",
        "Major",
        "Chief",
        "Bishop",
        "Marshal",
        "Home",
        "Price",
        "May",
        "Deputy",
    }
)
_ARTICLES = frozenset({"The", "A", "An"})
_CONTRACTED = re.compile(
    r"(?:I|You|He|She|It|We|They|That|There|This|These|Who|What|How|Where|Why|When|Here)'(?:ll|d|ve|re|m)",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
_WEAPON = re.compile(
    r"(?:Su|MiG|Tu|Il|Mi|Ka|An|Kh|KAB|FAB|UMPK|AK|AKM|RPG|BTR|BMP|BMD|AIM|AGM|GBU|SPG|ZU|ZSU|MT|UH|AH|CH|MQ|RQ|F|B|A|C|T|S|M|"
    r"KN|DF|PAC|SM|M1A|FPV|Geran|Orlan|Zala|Gerbera|Lancet|Shahed|Mohajer|Ababil|Fateh|Fajr|Badr|Qassam|Iskander|Kalibr)"
    r"-?\d{1,4}[A-Za-z]{0,3}\d?s?"
)
_SHIPS = frozenset({"USS", "HMS", "USNS", "HMCS", "HMAS", "INS", "MV"})
_QUOTED = frozenset((' "', " “", " '", " ‘", "“", '"'))
_TANKS = frozenset(
    {
        *("think", "fuel", "gas", "water", "fish", "septic", "oil", "petrol", "oxygen", "storage", "shark"),
        *("holding", "drunk", "dunk", "propane", "policy"),
    }
)
"""What a tank that is no weapon holds."""
_BARRED = frozenset(".;:!?()")
"""What no listed name runs over."""


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
        if self.heading and line.kind is LineKind.HEADLINE:
            run.headings.add(line.start)
        if place := patterns.dateline(run.text, line.start, line.end):
            entry = known.names.get(run.text[slice(*place)].title())
            run.take(*place, Label.GPE, entry.id if entry and entry.label is Label.GPE else None)
        for start, end, label in patterns.find(run.text, line.start, line.end):
            run.take(start, self._with_name(end) if label is Label.UNIT else end, label)
        self.spans = Spans(known, self.tokens, run.taken)

    def _with_name(self, end: int) -> int:
        """The end of a numbered unit, its own name with it where that is listed ("12th Brigade Azov")."""
        after = next((token for token in self.tokens if token.start >= end), None)
        if after is None or after.gap != " ":
            return end
        entry = self.lexicon.names.get(after.word)
        return after.end if entry is not None and entry.label is Label.UNIT else end

    def walk(self) -> None:
        """Take what is certain, note what is not."""
        tokens, lengths, taken = self.tokens, self.lexicon.lengths, self.run.taken
        at = 0
        while at < len(tokens):
            token = tokens[at]
            if (token.word.islower() and token.word not in lengths) or taken[token.start]:
                at += 1
            elif token.cap:
                at = max(at + 1, self._step(at))
            elif token.word in lengths and (match := self._listed(at)):
                at = self._take_listed(at, match)
            else:
                at += 1

    def _step(self, at: int) -> int:
        """Read the name that starts here, if any; returns where to go on."""
        token = self.tokens[at]
        if token.gap[-1:] in ("@", "#") or _CONTRACTED.fullmatch(token.word):
            return at + 1
        match = self._listed(at)
        if (match is None or match[1].doubtful) and (past := self._no_name(at)):
            return past
        if match is None and (_DIGIT.search(token.word) or token.word in _ARTICLES):
            return self._designation(at)
        end = self.spans.run_end(at)
        if self.tokens[at].word in _SHIPS and end > at + 1:
            return end
        if end > at + 2 and not self.heading and (site := self.spans.site(at, end, self._initial(at))):
            return self._take(at, site, Label.LOC)
        if match and not match[1].doubtful and match[0] < end and (longer := self._longer(at, end, match)):
            return longer
        if match and match[0] >= end and not match[1].doubtful:
            if unit := self.spans.unit(at, end):
                return self._take(at, unit, Label.UNIT)
            return self._take_listed(at, match)
        if (
            not self.heading
            and end > at + 1
            and f"{self.tokens[at].word}_{self.tokens[at + 1].word}" in self.words["passed_over"]
        ):
            return at + 2
        if introduced := self.spans.introduced(at):
            label = self.spans.sort(at, introduced)
            if label is Label.WEAPON:
                self.run.arms.add(self.tokens[introduced].word)
            return self._take(at, introduced, label)
        initial = self._initial(at)
        if end > at + 1 and any(
            self.tokens[k].word in self.words["treaty_heads"] for k in range(at + 1, min(end, at + 4))
        ):
            return self._treaty_end(at, end, match)
        if not self.heading and (headed := self._headed(at, end, initial)):
            return self._take(at, *headed)
        word = self.tokens[at].word
        if match and not match[1].doubtful:
            single = match[0] == at + 1
            of_state = match[1].label in (Label.NORP, Label.GPE) and not self.heading
            if of_state and self.spans.plainly_named(match[0], end):
                return self._take(at, end, Label.ORG)
            if not single or match[1].label is not Label.GPE or not self._names_person(at, end):
                return self._take_listed(at, match)
        if self._is_plain(at, end, initial) and (match is None or not word.isupper()):
            return at + 1
        if word in self.words["weekdays_and_months"] or word in self.words["not_names"]:
            return at + 1
        return self._candidate(at, end, match[1] if match else None, initial)

    def _no_name(self, at: int) -> int | None:
        """Past what only looks like a name: the parties of a lawsuit ("Roe v Wade"), a letter that ends a sentence."""
        tokens = self.tokens
        if at + 1 >= len(tokens):
            return None
        after = tokens[at + 1]
        if after.word in ("v", "vs") and at + 2 < len(tokens) and tokens[at + 2].cap:
            return at + 3
        initial = len(tokens[at].word) == 2 and tokens[at].word[1] == "."
        if initial and (after.word.lower() in self.words["common"] or self.spans.ends_in_x(at)):
            return at + 1
        return None

    def _designation(self, at: int) -> int:
        """Past a word with a number in it, which names a weapon ("Su-57"), or nothing; and past an article."""
        if _WEAPON.fullmatch(self.tokens[at].word):
            return self._take(at, at + 1, Label.WEAPON)
        return at + 1

    def _longer(self, at: int, end: int, match: tuple[int, Entry]) -> int | None:
        """Past a name that starts with a listed one: "Revolutionary Guards Corps", somebody called "Arafat Amer"."""
        after, entry = match
        word = self.tokens[after].word
        if entry.label is Label.PERSON and word in ("Jr", "Sr") and after > at + 1:
            # A son is not his father.
            return self._take(at, after + 1, Label.PERSON)
        if self.heading or self.tokens[after - 1].possessive:
            return None
        if (
            entry.label is Label.ORG
            and word in self.words["org_heads"]
            and word not in self.words["org_left"]
        ):
            return self._take(at, after + 1, Label.ORG)
        plain = word.lower() in self.words["plain"] or word.lower() in self.words["common"]
        if entry.label is not Label.PERSON or after != at + 1 or plain or self._cuts(after, at):
            return None
        if word in self.words["org_heads"] or word in self.words["place_heads"] or not word[0].isupper():
            return None
        known = self.lexicon.names.get(word)
        if (known is not None and not known.doubtful) or word.isupper():
            return None
        return self._take(at, end if end - at <= 3 else after + 1, Label.PERSON)

    def _headed(self, at: int, end: int, initial: bool) -> tuple[int, Label] | None:
        if unit := self.spans.unit(at, end):
            return unit, Label.UNIT
        if organisation := self.spans.organisation(at, end, initial):
            return organisation, self.spans.sort(at, organisation)
        return self.spans.place(at, end, initial)

    def _treaty_end(self, at: int, end: int, match: tuple[int, Entry] | None) -> int:
        """Past the name of a treaty or law: the place in it ("Geneva Convention") is not meant."""
        last = max(k for k in range(at + 1, end) if self.tokens[k].word in self.words["treaty_heads"])
        if match and match[1].label in (Label.PERSON, Label.NORP) and match[0] <= last:
            return self._take_listed(at, match)
        return last + 1

    def _listed(self, at: int) -> tuple[int, Entry] | None:
        """The longest listed name that starts here: the token after it, and its entry."""
        tokens, names = self.tokens, self.lexicon.names
        word = tokens[at].word.replace("- ", "-")
        lengths = self.lexicon.lengths.get(word)
        upper = len(word) > 1 and word.isupper()
        if upper:
            lengths = tuple(
                sorted({*(lengths or ()), *self.lexicon.lengths.get(word.title(), ())}, reverse=True)
            )
        if lengths is None and (acronym := self._acronym(word)) is not None:
            return at + 1, acronym
        for length in lengths or ():
            end = at + length
            if end > len(tokens):
                continue
            if length == 1:
                entry = self._possessive(at) or names.get(word) or self._in_capitals(word, upper)
                if entry is None and at and tokens[at - 1].word in ("the", "The"):
                    entry = self._after_the(at)
            else:
                if any(not _BARRED.isdisjoint(token.gap) for token in tokens[at + 1 : end]):
                    continue
                name = self._name(at, end)
                entry = names.get(name) or self._in_capitals(name, upper)
            if entry is not None:
                return end, entry
        return None

    def _possessive(self, at: int) -> Entry | None:
        """A listed name that ends as a possessive does, Moody's, where the text has it in no other way."""
        token = self.tokens[at]
        entry = self.lexicon.names.get(f"{token.word}'s") if token.possessive else None
        if entry is None or re.search(rf"\b{re.escape(token.word)}\b(?!['’]s)", self.run.text):
            return None
        return entry

    def _acronym(self, word: str) -> Entry | None:
        """A body's initials written as a word is: Unesco."""
        if not 4 <= len(word) <= 8 or not word.istitle():
            return None
        entry = self.lexicon.names.get(word.upper())
        known = (
            word.lower() in self.words["plain"]
            or word in self.words["given_names"]
            or word in self.words["family"]
        )
        return None if known or entry is None or entry.label is not Label.ORG else entry

    def _in_capitals(self, name: str, upper: bool) -> Entry | None:
        if not upper or len(name) < 4 or not name.isupper():
            return None
        entry = self.lexicon.names.get(name.title())
        return entry if entry is None or not entry.doubtful or entry.label is Label.GPE else None

    def _after_the(self, at: int) -> Entry | None:
        follows = (
            at + 1 < len(self.tokens)
            and self.tokens[at + 1].cap
            and self.tokens[at + 1].gap in (" ", "\u00a0")
        )
        return None if follows else self.lexicon.after_the.get(self.tokens[at].word)

    def _name(self, at: int, end: int) -> str:
        """The name the tokens spell: marks straight, single spaces."""
        parts = [self.tokens[at].word.replace("- ", "-")]
        for k in range(at + 1, end):
            token = self.tokens[k]
            gap = token.gap if token.gap in ("-", ", ") else " & " if token.gap == " & " else " "
            parts.append("'s " if self.tokens[k - 1].possessive else gap)
            parts.append(token.word)
        return "".join(parts)

    def _initial(self, at: int) -> bool:
        """Whether a sentence starts here, so that the capital says nothing."""
        if at == 0 or (self.tokens[at - 1].word == "X." and self.spans.ends_in_x(at - 1)):
            return True
        gap = self.tokens[at].gap
        if gap in _QUOTED:
            # Words set in marks within a sentence: whether one starts there, only its own capital could say.
            return self.tokens[at].word.lower() in self.words["common"]
        return not _SENTENCE_BREAK.isdisjoint(gap) and not (
            gap == ". " and len(self.tokens[at - 1].word) == 1
        )

    def _is_plain(self, at: int, end: int, initial: bool) -> bool:
        """A common word, capitalised because a sentence starts or as an office ("Foreign Minister")."""
        word = self.tokens[at].word
        if word in self.honorifics or word in self.offices:
            return True
        low = word.lower()
        if word in self.words["given_names"] and end > at + 1:
            after = self.tokens[at + 1].word
            if after.lower() not in self.words["plain"] and after.lower() not in self.words["common"]:
                return False
        if low in self.words["common"] and (initial or self.heading or word.isupper() or not word.islower()):
            return True
        if initial and end > at + 1 and low in self.words["plain"]:
            return any(self.tokens[k].word.lower() not in self.words["plain"] for k in range(at + 1, end))
        return word.isupper() and len(word) > 5

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
            and after.lower() not in self.words["plain"]
        )

    def _take(self, at: int, end: int, label: Label, entity: str | None = None) -> int:
        start, stop = self.tokens[at].start, self.tokens[end - 1].end
        known = self.lexicon.names.get(self._name(at, end)) if entity is None else None
        if known is not None and not known.doubtful:
            label, entity = known.label, known.id
        self.run.take(start, stop, label, entity)
        return end

    def _take_listed(self, at: int, match: tuple[int, Entry]) -> int:
        end, entry = match
        if entry.doubtful or (
            at and self.tokens[at - 1].word.lower() in _TANKS and entry.id == "weapon:tank"
        ):
            return at + 1
        return self._take(at, end, entry.label, entry.id)

    def _candidate(self, at: int, end: int, entry: Entry | None, initial: bool) -> int:
        """Note the sequence of unlisted capitalised words that starts here."""
        tokens = self.tokens
        stop = at + 1
        while stop < end and not self._cuts(stop, at):
            stop += 1
        if stop < end and not initial and not self.heading and self._of_state(at, stop):
            around = tokens[at].word in self.words["place_first"]
            return self._take(at, stop + 1, Label.GPE if around else Label.ORG)
        while stop - 1 > at and tokens[stop - 1].word in PARTICLES:
            stop -= 1
        at = self._past_title(at, stop)
        words = tuple(token.word for token in tokens[at:stop])
        if (
            len(words) > 1
            and all(w.isupper() for w in words)
            and any(w.lower() in self.words["plain"] for w in words)
        ):
            return stop
        if len(words) > 1 and words[-1] in self.words["feasts"]:
            return stop
        votes = Context(tokens, self.lexicon, at, stop).votes(words, entry)
        self.run.candidates.append(
            Candidate(tokens[at].start, tokens[stop - 1].end, words, votes, initial, self.heading, entry)
        )
        return stop

    def _past_title(self, at: int, stop: int) -> int:
        """Past what goes before somebody's first and last name: Counselor Ann Lee, Cleveland DL Ann Lee."""
        given, plain = self.words["given_names"], self.words["plain"]
        for first in range(at + 1, min(stop - 1, at + 3)):
            before, name = self.tokens[first - 1].word, self.tokens[first:stop]
            post = first > at + 1 and 2 <= len(before) <= 3 and before.isupper() and before.isalpha()
            listed = self.lexicon.names.get(before)
            of_place = listed is not None and listed.label in (Label.GPE, Label.NORP)
            named = before in given or before in self.words["family"]
            if not post and (named or not (of_place or before.lower() in plain)):
                if not (of_place and first == at + 1 and stop - at >= 4):
                    return at
                continue
            if (
                name[0].word in given
                and name[0].word.lower() not in plain
                and name[-1].word.lower() not in plain
            ):
                return first
        return at

    def _of_state(self, at: int, stop: int) -> bool:
        """Whether a state's name after plain words names a body ("Air France", "Statistics Canada")."""
        entry = self.lexicon.names.get(self.tokens[stop].word)
        if entry is None or entry.label is not Label.GPE or entry.doubtful or stop - at > 2:
            return False
        words = [token.word for token in self.tokens[at:stop]]
        return all(
            word.lower() in self.words["plain"] and word.lower() not in self.words["common"] for word in words
        ) and not any(
            word in self.words["honorifics"] or word.lower() in self.words["place_before"] for word in words
        )

    def _cuts(self, at: int, start: int) -> bool:
        """Whether a word inside a capitalised sequence starts another name, or none."""
        word = self.tokens[at].word
        if word in self.honorifics or word in self.offices or word in self.words["weekdays_and_months"]:
            last = at + 1 >= len(self.tokens) or not self.tokens[at + 1].cap or self.tokens[at + 1].gap != " "
            surname = word in _TITLES_AND_SURNAMES and last
            return not (surname and self.tokens[at - 1].word in self.words["given_names"])
        if at - start >= 2 and word == self.tokens[start].word:
            return True
        entry = self.lexicon.names.get(word)
        if entry is not None and not entry.doubtful and entry.label is not Label.PERSON:
            given = self.words["given_names"]
            whose = self.tokens[start if entry.label in (Label.ORG, Label.UNIT) else at - 1].word
            return whose not in given and self.tokens[at - 1].word not in given
        return False
