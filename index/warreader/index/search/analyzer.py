"""From text to words as search sees them: forms, stems, positions and offsets.

A *form* is a word as written, with case, accents and typographic variants
folded away; a *stem* is what the index matches on. Folding works on single
words taken out of the text, so the offsets of the text never shift.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

LONGEST = 64
"""Words are told apart by their first so many code points."""

GAP = 8
"""Positions skipped at an empty (or left out) line, so that no phrase runs across it."""

_APOSTROPHES = "'’‘ʼʻ＇"
# Code points that belong to the word they follow: combining marks, signs of Indic and
# South-East Asian scripts, and invisible ones (soft hyphen, joiners, direction marks).
_ATTACHED = (
    "\u00ad\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a"
    "\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff"
    "\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u102b-\u103e\u17b4-\u17d3"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u2069\u20d0-\u20ff\ufe00-\ufe0f"
    "\ufe20-\ufe2f\ufeff"
)
# Scripts written without spaces between words, and Hangul, where particles join the word:
# one code point is one token, and a longer query is a phrase.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\uff66-\uff9f\U00020000-\U0003fffd"
)
# Possessive quantifiers and the bound on initials keep matching linear on hostile text.
_TOKEN = re.compile(
    rf"(?<![^\W_])[^\W\d_](?:\.[^\W\d_]){{1,7}}(?!\w)\.?(?:[{_APOSTROPHES}][sS](?!\w))?"
    rf"|\w[\w{_ATTACHED}]*+(?:[{_APOSTROPHES}]\w[\w{_ATTACHED}]*+)*+"
)
_PIECE = re.compile(rf"[{_UNSPACED}][{_ATTACHED}]*+|[^{_UNSPACED}]++")
_HAS_UNSPACED = re.compile(rf"[{_UNSPACED}]")
_INITIALS = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\.?\Z")

# Letters that Unicode does not decompose but readers type without their stroke.
_PLAIN = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
    | dict.fromkeys(_APOSTROPHES, "'")
)
# Scholarly transliteration writes ž, š, č where the press writes zh, sh, ch.
_CARON = str.maketrans({"ž": "zh", "š": "sh", "č": "ch"})
_NAME_ENDING = re.compile(r"(?<=[bcdfghjklmnpqrstvwxz])(?:y[iyj]|i[iyj])\Z")


class Term(NamedTuple):
    """A word as search knows it: its forms and stems, each the usual one first, then other spellings."""

    forms: tuple[str, ...]
    stems: tuple[str, ...]


class Token(NamedTuple):
    """A word in its place. ``start`` and ``end`` are code points, ``position`` counts words and gaps."""

    start: int
    end: int
    position: int
    term: Term


class _Memory(dict[str, Term]):
    """Terms by the word as written. News repeats its words, so most look-ups end here."""

    limit = 200_000

    def __missing__(self, raw: str) -> Term:
        if len(self) >= self.limit:
            self.clear()
        term = self[raw] = _analyse(raw)
        return term


_memory = _Memory()
_NOTHING = Term((), ())


def tokens(text: str) -> Iterator[Token]:
    r"""The words of the text in order.

    Initials are one word (``U.S.`` is ``us``), a possessive ``'s`` is left out, CJK,
    Hangul and Thai come one code point at a time. A single ``\n`` does not part a
    phrase, an empty line does (:data:`GAP`).
    """
    find = _TOKEN.finditer
    position = offset = 0
    for line in (text.replace("_", " ") if "_" in text else text).split("\n"):
        before = position
        for match in find(line):
            raw = match.group()
            start = offset + match.start()
            if not raw.isascii() and _HAS_UNSPACED.search(raw):
                for piece in _PIECE.finditer(raw):
                    found = piece.group()
                    term = _memory[found[:LONGEST]]
                    if term.forms:
                        yield Token(start + piece.start(), start + piece.end(), position, term)
                        position += 1
                continue
            end = start + len(raw)
            while raw[-1] in "sS" and len(raw) > 2 and raw[-2] in _APOSTROPHES:
                raw, end = raw[:-2], end - 2
            term = _memory[raw[:LONGEST]]
            if term.forms:
                yield Token(start, end, position, term)
                position += 1
        if position == before:
            position += GAP
        offset += len(line) + 1


def terms(text: str) -> list[Term]:
    """The words of a query or a name, in order, without their places."""
    return [token.term for token in tokens(text)]


def key(name: str) -> tuple[str, ...]:
    """What two spellings of one name have in common: the first stems of its words."""
    return tuple(term.stems[0] for term in terms(name))


class Postings(NamedTuple):
    """What the index stores of one text: stems with their positions, forms with their counts."""

    stems: dict[str, list[int]]
    forms: dict[str, int]


def postings(text: str) -> Postings:
    """Positions of stems and counts of forms over the text."""
    stems: dict[str, list[int]] = {}
    seen: dict[Term, int] = {}
    for _, _, position, term in tokens(text):
        seen[term] = seen.get(term, 0) + 1
        for stem in term.stems:
            if (places := stems.get(stem)) is None:
                stems[stem] = [position]
            else:
                places.append(position)
    forms: dict[str, int] = {}
    for term, count in seen.items():
        for form in term.forms:
            forms[form] = forms.get(form, 0) + count
    return Postings(stems, forms)


def _analyse(raw: str) -> Term:
    if _INITIALS.match(raw):
        raw = raw.replace(".", "")
    if raw.isascii():
        forms: tuple[str, ...] = (raw.lower(),)
    else:
        lowered = unicodedata.normalize("NFC", raw.casefold())
        spellings = (_plain(lowered), _plain(lowered.translate(_CARON)))
        forms = tuple(dict.fromkeys(form for form in spellings if form))
    if not forms or not forms[0]:
        return _NOTHING
    return Term(forms, tuple(dict.fromkeys(map(_stem, forms))))


def _plain(word: str) -> str:
    """The word without accents, invisible code points and compatibility variants."""
    letters = (
        letter
        for letter in unicodedata.normalize("NFKD", word)
        if not unicodedata.combining(letter) and unicodedata.category(letter) not in {"Cf", "Zs"}
    )
    folded = unicodedata.normalize("NFC", "".join(letters)).casefold()
    return folded.translate(_PLAIN)[:LONGEST]


def _stem(form: str) -> str:
    """The Porter2 stem of an English word; any other word as it is.

    Endings under which one Slavic name is transliterated (Zelensky, Zelenskyy,
    Zelenskiy, Zelenskyi) become one first: no English word is harmed.
    """
    if len(form) < 3 or not (form.isascii() and form.isalpha()):
        return form
    if len(form) > 5:
        form = _NAME_ENDING.sub("y", form)
    from whoosh.lang.porter2 import stem

    return str(stem(form)) or form
