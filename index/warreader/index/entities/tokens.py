"""Words of a line, cut the way names are written."""

from __future__ import annotations

import re
from dataclasses import dataclass

from warreader.index.entities.lexicon import Lexicon
from warreader.index.text import fold_marks

_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,4}|U\.[SNK](?![\w.])|[A-Z]\.(?= ?[A-Z])|"
    r"(?:St|Ala|Ariz|Calif|Colo|Conn|Fla|Ill|Ind|Ky|La|Mass|Md|Mich|Minn|Nev|Okla|Tenn|Wis)\.(?= )"
    r"|[A-Z]{1,3}&[A-Z]{1,3}(?!\w)"
    r"|[^\W_]+(?:(?:-(?![A-Z]\.[A-Z])(?: ?(?=[A-Z]))?|'(?![sS](?!\w))|(?<=\b[ODL])  '(?=[A-Z]))[^\W_]+)*"
)
"""A mark that was read in a wrong encoding has two spaces before it: O  'Brien."""
_PARTS = re.compile(r"(?:[Aa]l|[Ee]l)-[A-Z][^\s-]*|[^\s-]+")
"""Parts of a hyphened word; an Arabic article belongs to what follows."""
_GLUED = re.compile(r"[^\W\d_]{3,}?[^\W\d_A-Z](?=[A-Z])")
"""What may be a word that the next one was glued to, as pages lose a space: PresidentKamala."""
_RUN_ON = (
    "called",
    "said",
    "says",
    "told",
    "announced",
    "warned",
    "added",
    "wrote",
    "tweeted",
    "claimed",
    "vowed",
    "urged",
)
"""Verbs of saying that a page may have glued to a name: Clarkesaid."""
_TAILS = (
    "himself", "herself", "itself", "themselves", "which", "whose", "where", "while", "after", "before", "during",
    "between", "against", "under", "over", "from", "with", "into", "through", "amid", "and", "but", "for", "was", "has",
    "had", "will", "would", "could", "who", "that", "the", "in", "on", "to", "of", "by", "at", "is", "as",
)  # fmt: skip
"""Small words that a page may have glued to a name whose link ended there: Hezbollahin, Putinhimself."""
_SURE_TAIL = 4
"""Letters: a shorter tail may as well be the end of a family name (Bernard, Bernardin)."""
_LONG_VERB, _LONGEST_VERB = 6, 9
"""Letters of a verb in its past that a listed name, and any name, may have been glued to."""
_DASH = re.compile("[\u2012-\u2015](?= )")
"""A dash, where :func:`fold_marks` would make it the hyphen of a broken word."""
_LONGEST = 60
"""Code points: no name's word is longer."""


@dataclass(slots=True)
class Token:
    """A word: where it stands, its form with straight marks, and how it hangs on what comes before.

    ``gap`` is the text between it and the word before; ``possessive`` says that an 's follows.
    """

    start: int
    end: int
    word: str
    gap: str
    possessive: bool = False

    @property
    def cap(self) -> bool:
        """Whether it starts with a capital, an Arabic article before it set aside ("al-Qaeda")."""
        word = self.word
        return word[0].isupper() or (word[2:3] == "-" and word[:2] in ("al", "el") and word[3:4].isupper())


def tokenise(text: str, start: int, end: int, lexicon: Lexicon) -> list[Token]:
    """The words of ``text[start:end]``; a hyphened word that holds a known name is cut at its hyphens."""
    line = fold_marks(_DASH.sub("|", text[start:end]))
    tokens: list[Token] = []
    last = 0
    for match in _TOKEN.finditer(line):
        first, after = match.span()
        word = match.group()
        if (
            word in ("s", "S")
            and first
            and line[first - 1 : first] in ("'", " ")
            and _is_possessive(line, first, tokens, start)
        ):
            tokens[-1].possessive = True
            last = after
            continue
        gap = line[last:first] if first - last < 8 else line[last : last + 4] + line[first - 4 : first]
        long = len(word) > _LONGEST
        if "-" in word and not long and (pieces := _pieces(word, lexicon)):
            for offset, piece in pieces:
                begin = start + first + offset
                tokens.append(Token(begin, begin + len(piece), piece, gap if not offset else "-"))
        elif word.islower():
            # Most words; nothing is glued to them.
            if not long:
                tokens.append(Token(start + first, start + after, word, gap))
        elif not long and len(word) > 6 and (cut := _glued(word, lexicon)):
            begin = start + first
            tokens.append(Token(begin, begin + cut, word[:cut], gap))
            tokens.append(Token(begin + cut, start + after, word[cut:], ""))
        elif not long:
            tokens.append(Token(start + first, start + after, word.replace("  '", "'"), gap))
        last = after
    return tokens


def _is_possessive(line: str, at: int, tokens: list[Token], start: int) -> bool:
    return bool(tokens) and line[tokens[-1].end - start : at].strip(" ") == "'"


def _pieces(word: str, lexicon: Lexicon) -> list[tuple[int, str]]:
    """Offsets and parts of a hyphened word that is to be cut; empty where it stays whole."""
    whole = word.replace("- ", "-")
    if whole in lexicon.names:
        return []
    parts = [(match.start(), match.group()) for match in _PARTS.finditer(word)]
    if len(parts) == 1 or parts[0][1] in ("Re", "Co", "Un", "Self", "Semi", "Multi", "Over", "Under"):
        return []
    known = any((entry := lexicon.names.get(part)) is not None and not entry.doubtful for _, part in parts)
    if known and not (len(parts) == 2 and parts[0][1].lower() in ("ben", "bin", "abu")):
        return parts
    if (
        parts[0][1][-1:].isalpha()
        and parts[0][1] != parts[0][1].lower()
        and parts[-1][1][0].islower()
        and len(parts[-1][1]) > 2
    ):
        return parts
    if parts[0][1] in ("R", "D", "I", "pro", "anti", "ex", "non", "mid", "post", "pre", "co"):
        return parts
    return []


def _glued(word: str, lexicon: Lexicon) -> int:
    """Where a word ends that another was glued to; 0 where it is one word. One of both has to be a name or a title."""
    if word in lexicon.names:
        return 0
    lists = lexicon.words
    if word.endswith(_RUN_ON) and word[0].isupper() and word.lower() not in lists["plain"]:
        for verb in _RUN_ON:
            left = word.removesuffix(verb)
            if left != word and (_named(left, lexicon) or left in lists["family"]):
                return len(left)
    if word.endswith("ed") and word[0].isupper() and (cut := _run_on(word, lexicon)):
        return cut
    if word[0].isupper() and word.endswith(_TAILS) and (cut := _tailed(word, lexicon)):
        return cut
    match = None if word[1:].islower() else _GLUED.match(word)
    while match is not None:
        left, right = word[: match.end()], word[match.end() :]
        titled = left in lists["honorifics"] or left in lists["offices"]
        beside = _named(left, lexicon) or left in lists["family"] or left.lower() in lists["common"]
        beside = beside or (left.islower() and left in lists["plain"])
        listed = lexicon.names.get(right)
        sure = listed is not None and not listed.doubtful and len(right) > 5
        if sure or (titled and right.istitle()) or (beside and _named(right, lexicon)):
            return match.end()
        match = _GLUED.match(word, match.end())
    return 0


def _run_on(word: str, lexicon: Lexicon) -> int:
    """Where a family name ends that a verb was glued to: Hawleyintroduced; 0 where the word is, or may be, one."""
    lists = lexicon.words
    if word.lower() in lists["plain"] or word in lists["family"] or word in lists["given_names"]:
        return 0
    for at in range(len(word) - _LONG_VERB, _SURE_TAIL - 1, -1):
        left, verb = word[:at], word[at:]
        if verb not in lists["plain"]:
            continue
        # Many a name falls into two by chance, but none whose end is as long a verb.
        known = left in lists["family"] or _named(left, lexicon)
        ordinary = left.lower() in lists["plain"] or left.lower() in lists["common"]
        if known or (len(verb) >= _LONGEST_VERB and not ordinary and left[1:].islower()):
            return at
    return 0


def _tailed(word: str, lexicon: Lexicon) -> int:
    """Where the name ends that a small word was glued to; 0 where the word is, or may be, one of its own."""
    lists = lexicon.words
    if word.lower() in lists["plain"] or word in lists["family"] or word in lists["given_names"]:
        return 0
    for tail in _TAILS:
        left = word.removesuffix(tail)
        if left == word or len(left) < _SURE_TAIL or left.isupper():
            continue
        entry = lexicon.names.get(left)
        if entry is not None and not entry.doubtful:
            return len(left)
        listed = left in lists["family"] or left in lists["given_names"]
        if listed and len(left) > _SURE_TAIL and len(tail) >= _SURE_TAIL:
            return len(left)
    return 0


def _named(word: str, lexicon: Lexicon) -> bool:
    entry = lexicon.names.get(word)
    return word in lexicon.words["given_names"] or (entry is not None and not entry.doubtful)
