"""From text to words as search sees them: forms, stems, positions and offsets.

A *form* is a word as written, with case, accents and typographic variants
folded away; a *stem* is what the index matches on. Folding works on single
words taken out of the text, so the offsets of the text never shift.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator
from functools import cache, lru_cache
from typing import NamedTuple
from zlib import crc32

LONGEST = 64
"""Words are told apart by their first so many code points."""

GAP = 8
"""Positions skipped at an empty (or left out) line, so that no phrase runs across it."""

_APOSTROPHES = "'’‘ʼʻ＇"
_USUAL = (("_", " "), ("’", "'"), ("‘", "'"), ("“", '"'), ("”", '"'), ("—", "-"), ("–", "-"), ("\u00a0", " "))
# Code points that belong to the word they follow: combining marks, signs of Indic and
# South-East Asian scripts, and invisible ones (soft hyphen, joiners, direction marks).
_ATTACHED = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20d0-\u20ff\u3099\u309a\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufeff"
)
# Scripts written without spaces between words, and Hangul, where particles join the word:
# one code point is one token, and a longer query is a phrase.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003fffd"
)
# Possessive quantifiers and the bound on initials keep matching linear on hostile text.
_WORD = rf"\w++(?:[{_ATTACHED}]++\w*+)*+(?:[{_APOSTROPHES}]\w++(?:[{_ATTACHED}]++\w*+)*+)*+"
WORDS = re.compile(_WORD)
_WORDS_AND_INITIALS = re.compile(
    rf"(?<![^\W_])[^\W\d_](?:\.[^\W\d_]){{1,7}}(?!\w)\.?(?:[{_APOSTROPHES}][sS](?!\w))?|{_WORD}"
)
# No line has initials without this, and few lines have it.
_LONE_LETTER = re.compile(r"\.[^\W\d_](?!\w)")
_SYLLABLE = "[\u1100-\u115f][\u1160-\u11a7][\u11a8-\u11ff]?"  # Hangul taken apart
_PIECE = re.compile(rf"{_SYLLABLE}|[{_UNSPACED}][{_ATTACHED}]*+|[^{_UNSPACED}]++")
# For texts that are split at spaces: a line without words, and one of which not all words are found so.
_EMPTY_LINE, _OTHER_LINE = "\0", "\1"
_SPACES = {code: " " for code in range(2, 128) if not chr(code).isalnum() and chr(code) not in "'\n"}
_NO_WORD = re.compile(r"\n[ ']*(?=\n|\Z)")
# Initials as above, from the first's dot on, which is found quickly; and the letters that only look like one.
_BEHIND_INITIAL = re.compile(r"\.(?<=(?<![^\W_])[^\W\d_]\.)[^\W\d_](?:\.[^\W\d_]){0,6}(?!\w)\.?(?:'s(?!\w))?")
_CLIPPED = re.compile(r"'[^\W\d_]\.[^\W\d_]")
_HAS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\.?\Z")

# Letters that Unicode does not decompose but readers type without their stroke; and what Arabic and Persian
# keyboards write in different ways, with the stroke that only makes a word longer.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | {"\u0640": "", "\u0649": "\u064a", "\u06cc": "\u064a", "\u06a9": "\u0643", "\u0629": "\u0647"}
    | dict.fromkeys(_APOSTROPHES, "'")
)
# Letters of their own, though Unicode decomposes them: in Russian, wars (войны) are not warriors (воины).
_WHOLE = frozenset("йїўѓќ")
# Canonical combining classes of what stands for a sound of its own rather than an accent: voicing marks of
# kana, viramas, vowels and tones of Telugu, Thai, Lao, Tibetan.
_SOUNDS = frozenset({8, 9, 84, 91, 103, 107, 118, 122, 129, 130, 132})
# Scholarly transliteration writes ž, š, č where the press writes zh, sh, ch.
_CARON = str.maketrans({"ž": "zh", "š": "sh", "č": "ch"})
_NAME_ENDING = re.compile(r"(?<=[bcdfghjklmnpqrstvwxz])(?:y[iyj]|i[iyj])\Z")


class Term(NamedTuple):
    """A word as search knows it: its forms and their stems, each the usual one first, then other spellings."""

    forms: tuple[str, ...]
    stems: tuple[str, ...]


class Token(NamedTuple):
    """A word in its place. ``start`` and ``end`` are code points, ``position`` counts words and gaps."""

    start: int
    end: int
    position: int
    term: Term


class _Memory(dict[str, tuple[tuple[int, int, Term], ...]]):
    """The words in a run of letters, with their places in it. News repeats itself, so most look-ups end here."""

    limit = 1 << 14

    def __missing__(self, run: str) -> tuple[tuple[int, int, Term], ...]:
        found = tuple(_pieces(run))
        # What is long hardly comes again.
        if len(run) <= LONGEST:
            if len(self) >= self.limit:
                self.clear()
            self[run] = found
        return found


_memory = _Memory()


def tokens(text: str) -> Iterator[Token]:
    r"""The words of the text in order.

    Initials are one word (``U.S.`` is ``us``), a possessive ``'s`` is left out, CJK,
    Hangul and Thai come one code point at a time. A single ``\n`` does not part a
    phrase, an empty line does (:data:`GAP`).
    """
    position = offset = 0
    for line in (text.replace("_", " ") if "_" in text else text).split("\n"):
        before = position
        for match in finder(line).finditer(line):
            at = offset + match.start()
            for start, end, term in _memory[match.group()]:
                yield Token(at + start, at + end, position, term)
                position += 1
        if position == before:
            position += GAP
        offset += len(line) + 1


def as_read(text: str) -> str:
    """The text in small letters, with plain marks in place of some that mean the same; words are as before.

    For reading it run by run (:func:`finder`, :func:`pieces`): what has no letters beyond ASCII then mostly
    is ASCII, and alike runs are the same. It is as long as the text.
    """
    # Most texts are ASCII without these marks, and then quickly lowered.
    for mark, plain in (("_", " "),) if text.isascii() else _USUAL:
        text = text.replace(mark, plain)
    lowered = text.lower()
    if len(lowered) != len(text):  # İ becomes two, and A.İ would be no initials
        lowered = "".join([low if len(low := letter.lower()) == 1 else letter for letter in text])
    return lowered


def pieces(run: str) -> tuple[tuple[int, int, Term], ...]:
    """The words in a run of letters, with their places in it."""
    return _memory[run]


def terms(text: str) -> list[Term]:
    """The words of a query or a name, in order, without their places."""
    if text.isascii() and text.isalnum():  # as most are
        return [term for _, _, term in _memory[text]]
    return [token.term for token in tokens(text)]


def key(name: str) -> tuple[str, ...]:
    """What two spellings of one name have in common: the first stems of its words."""
    return tuple(term.stems[0] for term in terms(name))


ALTERNATIVE = 1 << 30
"""Marks the code of a further spelling of the word before it, which stands in the same place."""


class Vocabulary(dict[str, int]):
    """Words as numbers, for the index: the code of a run of letters, which nearly always is one form.

    Code 0 is an empty line; ``forms[code]`` is a form, ``checksums[code]`` that of its stem.
    """

    def __init__(self) -> None:
        super().__init__({_EMPTY_LINE: 0})
        self.forms: list[str] = [""]
        self.checksums = array("I", [0])
        self._others: dict[str, int] = {}
        self._several: list[list[int]] = []
        self._others_left: Iterator[str] = iter(())

    def read(self, text: str) -> array[int]:
        """The codes of the words of a text, in the order and with the gaps of :func:`tokens`."""
        # Splitting at spaces, the whole text at once, is several times as quick as looking for words by pattern.
        lowered = as_read(text)
        if _EMPTY_LINE in lowered or _OTHER_LINE in lowered:
            lowered = lowered.replace(_EMPTY_LINE, " ").replace(_OTHER_LINE, " ")
        if not lowered.isascii() or _CLIPPED.search(lowered):
            lines = lowered.split("\n")
            others = [at for at, line in enumerate(lines) if not line.isascii() or _CLIPPED.search(line)]
            self._others_left = iter([lines[at] for at in others])
            for at in others:
                lines[at] = _OTHER_LINE
            lowered = "\n".join(lines)
        lowered = _BEHIND_INITIAL.sub(_without_dots, lowered)
        spaced = _NO_WORD.sub("\n" + _EMPTY_LINE, "\n" + lowered.translate(_SPACES))
        found = list(map(self.__getitem__, spaced.split()))
        codes, start = array("i"), 0
        for several in self._several:
            end = found.index(-1, start)
            codes.fromlist(found[start:end] + several)
            start = end + 1
        self._several.clear()
        codes.fromlist(found[start:] if start else found)
        return codes

    def _by_pattern(self, line: str) -> list[int]:
        """The codes of the words of one line, of which not all are found by spaces."""
        before, self._several = self._several, []
        several = iter(self._several)
        found = [
            each
            for code in map(self.__getitem__, finder(line).findall(line))
            for each in (next(several) if code < 0 else (code,))
        ]
        self._several = before
        return found or [0]

    def __missing__(self, run: str) -> int:
        if run.isascii() and run.isalnum():
            return self._code(run[:LONGEST])
        if run == _OTHER_LINE:
            self._several.append(self._by_pattern(next(self._others_left)))
            return -1
        # Runs that were found by spaces may have quotation marks about them.
        quoted = run[0] == "'" or run[-1] == "'" or "''" in run
        found = WORDS.findall(run) if quoted else (run,)
        words = [term.forms for each in found for _, _, term in _pieces(each)]
        if len(words) == 1 and len(words[0]) == 1:
            code = self._code(words[0][0])
            if len(run) <= LONGEST:
                self[run] = code
            return code
        self._several.append(
            [
                self._code(form) | (place and ALTERNATIVE)
                for forms in words
                for place, form in enumerate(forms)
            ]
        )
        return -1

    def _code(self, form: str) -> int:
        # Plain letters are their own form: nearly all need no second entry.
        known = self if form.isascii() and form.isalnum() else self._others
        if (code := known.get(form)) is None:
            code = known[form] = len(self.forms)
            self.forms.append(form)
            # Not remembered as by :func:`stem`: each comes here once.
            self.checksums.append(checksum(_stemmed(form)))
        return code

    def forget(self, kept: Iterable[int] = ()) -> None:
        """Begin anew: all codes lose their meaning. Forms of these codes are known already, under others."""
        forms = [self.forms[code] for code in kept]
        self.clear()
        self.__init__()  # type: ignore[misc]
        for form in forms:
            self._code(form)


def checksum(text: str) -> int:
    """CRC-32: by those of stems the index finds the forms of a stem."""
    return crc32(text.encode())


def finder(line: str) -> re.Pattern[str]:
    """What finds the runs of letters in this line, each of which nearly always is one word."""
    return _WORDS_AND_INITIALS if _LONE_LETTER.search(line) else WORDS


def runs(read: str) -> set[str]:
    """The runs of letters that :func:`finder` finds in a text (:func:`as_read`), and perhaps letters of initials."""
    if not read.isascii() or _EMPTY_LINE in read or _OTHER_LINE in read or _CLIPPED.search(read):
        return set(finder(read).findall(read))
    # Splitting at spaces is several times as quick.
    found = set(read.translate(_SPACES).split())
    for run in [run for run in found if "'" in run]:
        if run[0] == "'" or run[-1] == "'" or "''" in run:
            found.remove(run)
            found.update(WORDS.findall(run))
    if _LONE_LETTER.search(read):
        found.update(read[match.start() - 1 : match.end()] for match in _BEHIND_INITIAL.finditer(read))
    return found


def opening(letters: str) -> re.Pattern[str]:
    """What finds the runs that begin with these letters where :data:`WORDS` does in what is all ASCII.

    Args:
        letters: one or more of ``[a-z0-9]``. The pattern begins with them, as ``re`` finds that quickly.
    """
    return re.compile(rf"{letters}(?<!\w{letters})(?<!\w'{letters})\w*+(?:'\w++)*+")


def _without_dots(initials: re.Match[str]) -> str:
    return initials.group().removesuffix("'s").replace(".", "") + " "


def _pieces(run: str) -> Iterator[tuple[int, int, Term]]:
    """The words in a run of letters, with their places in it: one, or one a code point in an unspaced script."""
    if not run.isascii() and _HAS_UNSPACED.search(run):
        for piece in _PIECE.finditer(run):
            if (term := _term(piece.group()[:LONGEST])).forms:
                yield piece.start(), piece.end(), term
        return
    end = len(run)
    while end > 2 and run[end - 1] in "sS" and run[end - 2] in _APOSTROPHES:
        end -= 2
    if (term := _term(run[: min(end, LONGEST)])).forms:
        yield 0, end, term


@lru_cache(1 << 12)  # unspaced scripts come by the code point
def _term(raw: str) -> Term:
    if _INITIALS.match(raw):
        raw = raw.replace(".", "")
    if raw.isascii():
        forms: tuple[str, ...] = (raw.lower(),)
    else:
        lowered = unicodedata.normalize("NFC", raw.casefold())
        spellings = (_plain(lowered), _plain(lowered.translate(_CARON)))
        forms = tuple(dict.fromkeys(form for form in spellings if form))
    return Term(forms, tuple(dict.fromkeys(map(stem, forms))))


def _plain(word: str) -> str:
    """The word without accents, invisible code points and compatibility variants; digits are those of ASCII."""
    folded = unicodedata.normalize("NFC", "".join(map(_folded, word))).casefold()
    return folded.translate(_PLAIN)[:LONGEST]


def _folded(letter: str) -> str:
    if letter in _WHOLE:
        return letter
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    return "".join(
        part
        for part in unicodedata.normalize("NFKD", letter)
        if (mark := unicodedata.combining(part)) in _SOUNDS
        or not (mark or unicodedata.category(part) in {"Cf", "Zs"})
    )


@lru_cache(1 << 14)
def stem(form: str) -> str:
    """The Porter2 stem of an English word; any other word as it is.

    Endings under which one Slavic name is transliterated (Zelensky, Zelenskyy,
    Zelenskiy, Zelenskyi) become one first: no English word is harmed.
    """
    return _stemmed(form)


def _stemmed(form: str) -> str:
    if len(form) < 3 or not (form.isascii() and form.isalpha()):
        return form
    if len(form) > 5 and form[-1] in "iyj":
        form = _NAME_ENDING.sub("y", form)
    return _porter2()(form) or form


@cache
def _porter2() -> Callable[[str], str]:
    # Whoosh is imported when the first word is stemmed, and to say so each time takes a tenth of stemming.
    from warreader.index.search.stemming import porter2

    return porter2


def beginning(stem: str) -> str:
    """The letters with which every word begins that has this stem: all but the last, but ``dying`` has ``die``."""
    if len(stem) < 3:
        return stem[:1]
    return stem[:-2] if stem.endswith("ie") else stem[:-1]
