"""The tokens of a line, and where its sentences end."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from warreader.index.article import Line, Span
from warreader.index.text import sentences

_TOKEN = re.compile(
    # Most words, which the rest finds as well, at twice the time.
    r"[A-Za-z]++(?=[ ,])|"
    # What only a capital or a digit begins is tried there alone.
    r"(?=[A-Z\d])(?:(?:Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Capt|Maj|Adm|St|Jr|Sr)\.(?=\s)"
    # Jan. 1; Lee (D-Calif.) and Clarke, R-Ind., said.
    r"|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|No)\.(?=\s\d)|[A-Z]-[A-Z][a-z]{2,6}\.(?=[,)])"
    r"|(?:[A-Z]\.){2,}|[A-Z]\.(?=\s[A-Z])|\d{1,3}(?:,\d{3})++(?![^\W_]))"
    r"|[^\W_]+(?:(?:['’ʼ&‑-]|\.(?!(?<=[^\W_]{2}\.)[A-Z][A-Za-z\s]))[^\W_]+)*|[^\w\s]"
)

_ABROAD = re.compile(
    r"(?:[A-Z]\.){2,}|[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ]\.(?=\s?[A-ZÀ-ÖØ-ÞА-ЯЁІЇЄҐ])|(?:MM|Mme|Mlle|Dr|St|Prof)\.(?=\s)"
    r"|[^\W_]+(?:(?:['’ʼ&‑-]|[*:](?=innen\b)|\.)[^\W_]+)*|[^\w\s]"
)
"""What words are in other languages than English: initials of all alphabets, Expert:innen."""

_ELIDED = re.compile(
    r"(?:[A-Z]\.){2,}|(?:MM?|Mme|Mlle|Dr|St)\.(?=\s)|(?:l|d|qu|n|s|j|m|c|t|jusqu|lorsqu|puisqu)['’](?=[^\W_])"
    r"|[^\W_]+(?:(?:['’ʼ&]|[-‑](?!(?:t[-‑])?(?:ils?|elles?|on|je|nous|vous|t)\b)|\.)[^\W_]+)*|[^\w\s]",
    re.IGNORECASE,
)
"""French: what is elided is a word, and so is the pronoun after its verb: l'armée, a-t-il."""

_GLUED = re.compile(
    r"[.!?](?=[\"“‘«]?[A-Z][A-Za-z\s])(?<=[^\W_]{2}.)|[”’»](?=[“‘«]?[A-Z][A-Za-z\s])(?<=[.!?].)"
)
_DATELINE = re.compile(
    r"\s*(?:[A-Z][A-Z.]+(?:[ ,]{1,2}[A-Z][A-Za-z.]+){0,4}+(?: ?\([A-Z][A-Za-z ]{1,30}+\))?"
    r"|[A-Z]\w+(?:[ ,]{1,2}[A-Z]\w+){0,3}+ ?\([A-Z][A-Za-z ]{1,30}+\)) ?(?:[—–]|--| - )\s*(?=[\w“\"‘])"
)
"""Where and by whom a report was written, before its first sentence: KYIV (Reuters) - , CNN —."""

_LINKED = re.compile(r"\bRelated (?:article|video|content|card|live[ -]story)(?![a-z])")
"""What a link to another article begins with that a page has run into the text."""

_AFTER_LINK = re.compile(
    r"(?<=[a-z\d’'”] )(?=(?:The|An?|In|On|At|But|And|He|She|They|It|His|Her|Our|Their|This|That|These|Those|During"
    r"|After|Before|As|While|When|If|For|Since|We|I|There|Some|Many|Most|Now|Yet|So)\b)"
)
"""Where, in lower-case words of such a link's title, the text goes on."""

_CREDIT = re.compile(
    r"/ ?(?:Getty(?: Images)?|Reuters|REUTERS|AFP|AP|EPA|CNN|Sputnik|Anadolu|Shutterstock|Ukrinform)(?= [A-Z“\"])"
)
"""Where the line that names who took a picture ends: Ann Lee/Getty Images The army said."""

REMEMBERED = 50_000
"""Words remembered before all are forgotten: memory stays within bounds on any text."""

LINK = 200
"""Code points that a link's title may have."""

_TITLE = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Prof|Gov|Sen|Rep|Gen|Col|Lt|Sgt|Capt|Maj|Adm|St|Jr|Sr)$")
_HEAD = re.compile(r"[\"“‘'«»„(\[]*+\s?[^\W\d_]")
_TAIL = re.compile(r"[^\w\s\"”“’'»«」』‘]?\s?[\"”“’'»«」』‘]+$")
_FOLD_APOSTROPHE = str.maketrans("’ʼ", "''")


class Token(NamedTuple):
    """A word, a punctuation mark, or a whole segment in quotation marks (``quoted``)."""

    start: int
    end: int
    low: str
    word: bool
    quoted: bool
    capital: bool


_new = tuple.__new__


class _Words(dict[str, tuple[str, bool, bool, bool]]):
    """What tokens are beside their place, remembered: in lower case, a word, not quoted, begun with a capital."""

    def __missing__(self, word: str) -> tuple[str, bool, bool, bool]:
        if len(self) >= REMEMBERED:
            self.clear()
        found = self[word] = self._read(word)
        return found

    @staticmethod
    def _read(word: str) -> tuple[str, bool, bool, bool]:
        is_word = word[0].isalnum()
        low = word.lower().translate(_FOLD_APOSTROPHE).rstrip(".") if is_word else word
        return low, is_word, False, word[0].isupper()


class _WordsAbroad(_Words):
    """The same in other languages, where an initial keeps its stop: "И." is no "и"."""

    @staticmethod
    def _read(word: str) -> tuple[str, bool, bool, bool]:
        found = _Words._read(word)
        return (word.lower(), *found[1:]) if len(word) == 2 and word[1] == "." else found


_ENGLISH, _FOREIGN = _Words(), _WordsAbroad()


def tokens_of(text: str, line: Line, quoted: Sequence[Span], language: str = "en") -> list[Token]:
    """The tokens of a line; ``quoted`` are its segments in marks, in order, each of which is one token."""
    pattern = _TOKEN if language == "en" else _ELIDED if language == "fr" else _ABROAD
    known = _ENGLISH if language == "en" else _FOREIGN
    tokens: list[Token] = []
    at = line.start
    for span in [*quoted, Span(line.end, line.end)]:
        # As Token(...) does, at a third of the cost: this is the innermost of loops.
        found = pattern.finditer(text, at, max(at, span.start))
        tokens += [_new(Token, match.span() + known[match[0]]) for match in found]
        if span.start < span.end:
            tokens.append(Token(span.start, span.end, "", False, True, False))
        at = max(at, span.end)
    return tokens


def sentence_bounds(text: str, line: Line, quoted: Sequence[Span]) -> list[int]:
    """Where sentences end; a quoted segment is one piece: only its last mark can end a sentence, and one that
    opens with a capital can begin one. Where a page's text has lost the space after a stop ("on Monday.The
    army"), the stop ends a sentence all the same.
    """
    parts: list[str] = []
    at = line.start
    for span in quoted:
        tail = _TAIL.search(text, max(span.start, span.end - 4), span.end)
        inner = tail.start() if tail else span.end
        head = _HEAD.match(text, span.start, inner)
        begin = head.end() if head else span.start
        # Whatever opens and closes it, „so“ or « so », are marks to what splits sentences.
        opening = "“" * (begin - span.start - 1) + text[begin - 1] if head else ""
        closing = tail.group()[0] + "”" * (len(tail.group()) - 1) if tail else ""
        parts += [text[at : span.start], opening, "x" * (inner - begin), closing]
        at = span.end
    parts.append(text[at : line.end])
    masked = "".join(parts)
    ends = {span.end + line.start for span in sentences(masked)}
    glued = {
        match.end() + line.start for match in _GLUED.finditer(masked) if not _titled(masked, match.start())
    }
    if "/" in masked:
        glued.update(match.end() + line.start for match in _CREDIT.finditer(masked))
    if "Related " in masked:
        glued.update(at + line.start for at in _links(masked))
    # A paper's notice of its rights, run into its last sentence.
    glued.update(at + line.start for at, sign in enumerate(masked) if sign == "©")
    dateline = _DATELINE.match(masked)
    if dateline is not None:
        glued.add(dateline.end() + line.start)
    return [*sorted((ends | glued) - {max(ends, default=0)}), line.end + 1]


def _links(text: str) -> Iterator[int]:
    """Where links to other articles begin in a line, and where the text goes on after their titles."""
    for link in _LINKED.finditer(text):
        yield link.start()
        yield link.end()
        on = _AFTER_LINK.search(text, link.end(), link.end() + LINK)
        if on is not None:
            yield on.start()


def _titled(text: str, stop: int) -> bool:
    """Whether a stop ends a title before a name: Mr.Clarke."""
    return _TITLE.search(text, max(0, stop - 6), stop) is not None
