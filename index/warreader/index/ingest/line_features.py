"""What is counted of a line: what the line model weighs.

Each is looked at alone here, as a list of the numbers of its bits: its length, how it begins
and ends, how many of its words are function words, capitalised or telling ("newsletter",
"getty"), after Kohlschütter et al., "Boilerplate Detection using Shallow Text Features" (WSDM
2010). How it stands among its neighbours comes after: :mod:`line_surroundings`.

Most lines of most articles are long prose among long prose; those are told by a few
calls into C and not counted further.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import compress, islice, pairwise

from warreader.index.ingest.line_patterns import LOOKED_AT, Said, said
from warreader.index.ingest.line_stops import STOP_WORDS
from warreader.index.text import fold_marks

_LENGTHS = (4, 8, 15, 25, 40, 60, 80, 110, 150, 200, 300, 450, 700)
_COARSE = (0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3)
_WORD_COUNTS = (1, 2, 3, 4, 6, 9, 13, 19, 29)
_SHARES = (0.001, 0.1, 0.2, 0.3, 0.4, 0.5)
_CASES = (0.001, 0.2, 0.4, 0.6, 0.75, 0.9)

_CLOSING = "\"'”’»)]*」』）》】"
_OPENING = "\"“”'‘’«„「『《"
_ENDS = {
    **dict.fromkeys(".。।॥۔։", 1),
    **dict.fromkeys("!！", 2),
    **dict.fromkeys("?？؟", 3),
    "…": 4,
    **dict.fromkeys(":：", 5),
    **dict.fromkeys(",;，、；،؛", 6),
    **dict.fromkeys("-–—", 7),
    **dict.fromkeys("|>»›→/+", 8),
}
_LETTER, _DIGIT, _CLOSED, _OTHER = 9, 10, 11, 12
_USUAL_CASE = 0.85
"""Share of words in small letters that sentences have, taken for those in scripts that have no capitals."""
_CREDITED = 50
"""Code points at the end of a line in which a story's last sentence may be followed by who supplied it."""
_SENTENCE_BEFORE_CREDIT = (". — ", ". – ", ". - ", ". (", "” — ", '" — ', "” (", '" (')
_AROUND_WORDS = "0123456789.,;:!?\"'()[]{}<>|/*#&+=–—-…•·»›→®™"
_MARKS = (
    "|",
    "@",
    "http",
    "www.",
    "©",
    "/",
    "#",
    "[",
    "…",
    "(",
    '"',
    "'",
    ":",
    ",",
    " - ",
    "&",
    "$",
    ">",
    "»",
)
_SYLLABLES = re.compile("[\uac00-\ud7a3]")
_SIGNS = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")
_DENSE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3]")
_SAYS_MORE, _MORE = 1.8, 2.4
"""About how many letters of an alphabet say what a sign of Korean, or of Chinese and Japanese, says, as
translations go. On saved pages anything from 1.5 to 3 does about as well."""
_UNSPACED = 1.9
"""From what density on a text is taken for one without blanks between its words."""
_WORD = 6
"""Letters a word, with the blank behind it, where words can't be told apart."""
_DIGITS = re.compile(r"\d+")
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b")

# Where each group of bits begins.
LENGTH = 0
END = LENGTH + 14
LENGTH_END = END + 13
FIRST = LENGTH_END + 4 * 13
WORDS = FIRST + 4 * 8
STOPS = WORDS + 10
CASE = STOPS + 4 * 8
DIGITS = CASE + 4 * 7
MARKS = DIGITS + 5
SAID = MARKS + len(_MARKS)
REPEATED = SAID + len(Said)
BITS = REPEATED + 1
"""How many bits there are beside those of words."""


def end_of(line: str) -> int:
    """How a line ends: 1 to 4 a sentence (who supplied it may follow), 5 to 7 an opening mark, else 8 and more."""
    tail = line[-6:].rstrip(_CLOSING)
    if not tail:
        return _CLOSED
    if (found := _ENDS.get(tail[-1])) is not None:
        return found
    if len(line) >= _CREDITED and any(map(line[-_CREDITED:].__contains__, _SENTENCE_BEFORE_CREDIT)):
        return 1
    if line[-1] in _CLOSING:
        return _CLOSED
    return _LETTER if tail[-1].isalpha() else _DIGIT if tail[-1].isdigit() else _OTHER


def _first_of(line: str) -> int:
    first = line[0]
    if first.isalpha():
        return 1 if first.islower() else 0
    if first.isdigit():
        return 2
    if first in _OPENING:
        return 3
    return 4 if first in "-–—•*·∙▪●‣" else 5 if first in "([{" else 6 if first in "@#" else 7


PROSE = 80
"""Code points from which a line that ends a sentence is taken for prose, if the lines beside it are prose too."""
_LONG = 100
"""Code points from which one neighbour that is prose is enough: such lines are hardly ever anything else."""
_MOST = 25_000
"""Lines of one text that are counted; whatever follows is left as it is."""
_SAYING = 600
"""Code points of the longest line that patterns judge: a whole article may be one line with an advertisement."""
_READ = 2_500
"""Code points of the prose that lines are compared with."""
_PROSE = 100
"""What prose shares with itself, in hundredths."""
# Beginnings are left out, so that a capital makes no difference and the text need not be lowered.
_TELLING = (
    "ewsletter", "ubscri", "ookies", "nbox", "ign up", "lick here", "ights reserved", "rivacy", "erms of", "opyright",
    "©", "http", "www.", "etty", "hoto", "ollow us", "dvertis", "aption", "ggregat", "ead more", "rademark",
    "our email", "REUTERS", "@", "[#", "iews expressed", "AFP", "ponsor", "ownload",
    "ontributed to this", "produced without",
)  # fmt: skip
_EDGE = 36
_ENGLISH = (" the ", " of ", " and ", " to ")


@dataclass(slots=True)
class Look:
    """The lines of a text that are not blank, and what was counted of each.

    ``plain`` is long prose without a suspicious word; ``bits`` is empty for such a line amid others,
    of which nothing more is counted. ``shared`` is how many of a line's telling words, in hundredths,
    stand in the text's plain prose too: a teaser of another story shares few. ``gaps`` is how many lines
    further down than the one before each stands in the text: 1, more where blank lines are between.
    """

    lines: list[str]
    ends: list[int]
    plain: list[bool]
    said: list[Said]
    bits: list[list[int]]
    sizes: list[int]
    shared: list[int]
    gaps: Sequence[int]


def look(
    lines: Sequence[str], words: Mapping[str, int], skip: Sequence[bool] = (), gaps: Sequence[int] = ()
) -> Look:
    """Count what is to be counted of each line alone.

    Args:
        lines: without white space at their ends, none empty.
        words: the number of the bit of each telling word.
        skip: lines of which nothing need be counted.
        gaps: see :class:`Look`; none are known to be blank where it is left out.
    """
    ends = [end_of(line) for line in lines]
    dense = _density(lines)
    plain = _plain_prose(lines, ends, dense)
    count = len(lines)
    found = Look(
        list(lines), ends, plain, [Said.NOTHING] * count, [[]] * count, [0] * count, [_PROSE] * count,
        gaps or [1] * count,
    )  # fmt: skip
    least, long = round(60 / dense), round(_LONG / dense)
    good = [1 <= end <= 4 and len(line) >= least for line, end in zip(lines, ends, strict=True)]
    good.append(True)
    wanted = [
        at
        for at, prose in enumerate(plain)
        if not (prose and good[at - 1] + good[at + 1] >= (1 if len(lines[at]) >= long else 2))
        and not (skip and skip[at])
    ]
    del wanted[_MOST:]
    if wanted:
        english, caseless = _is_english(lines), not _has_case(lines)
        counts = Counter([lines[at] for at in wanted])
        prose = _words_of_prose(lines, plain, dense)
        for at in wanted:
            _count(found, at, words, prose, english, counts[lines[at]] > 1, caseless, dense)
    return found


def _density(lines: Sequence[str]) -> float:
    """How many letters of an alphabet say what a sign of this text says, by how some ten of its lines begin."""
    sample = "".join([line[:30] for line in lines[:: len(lines) // 10 + 1]])
    if sample.isascii() or not _DENSE.search(sample):
        return 1.0
    signs, syllables = len(_SIGNS.findall(sample)), len(_SYLLABLES.findall(sample))
    return 1 + ((_MORE - 1) * signs + (_SAYS_MORE - 1) * syllables) / len(sample)


def _plain_prose(lines: Sequence[str], ends: Sequence[int], dense: float) -> list[bool]:
    """Which lines end a sentence, are long, and hold no word at either end that makes one suspicious."""
    least = round(PROSE / dense)
    prose = [
        1 <= end <= 4 and len(line) >= least and not line[0].islower()
        for line, end in zip(lines, ends, strict=True)
    ]
    edges = [
        f"{line[:_EDGE]} {line[-_EDGE:]}" if long else "" for line, long in zip(lines, prose, strict=True)
    ]
    text = "\n".join(edges)
    if telling := [words for words in _TELLING if words in text]:
        prose = [
            long and not any(map(edge.__contains__, telling)) for edge, long in zip(edges, prose, strict=True)
        ]
    return prose


def _words_of_prose(lines: Sequence[str], plain: Sequence[bool], dense: float) -> set[str]:
    read, room = [], _READ
    for line in compress(lines, plain):
        read.append(line)
        room -= len(line) + 1
        if room <= 0:
            break
    text = " ".join(read)[:_READ].lower()
    return set(text.split()) if dense < _UNSPACED else {*map("".join, pairwise(text))}


def _shared(words: Sequence[str], prose: set[str]) -> int:
    own = [word for word in words if len(word) > 3 and word not in STOP_WORDS]
    return 100 * sum(map(prose.__contains__, own)) // len(own) if own else -1


def _pairs_shared(looked: str, prose: set[str]) -> int:
    """The same where words can't be told apart: pairs of signs."""
    own = ["".join(pair) for pair in pairwise(looked.lower()) if pair[0].isalpha() and pair[1].isalpha()]
    return 100 * sum(map(prose.__contains__, own)) // len(own) if own else -1


def _is_english(lines: Sequence[str]) -> bool:
    """Whether the first long lines have English function words; without long lines a text is taken for it."""
    sample = "".join([line[:300] for line in lines if len(line) >= 80][:3])
    return sum(map(sample.count, _ENGLISH)) * 150 >= len(sample)


def _has_case(lines: Sequence[str]) -> bool:
    """Whether a text is in a script with capitals, by its first long lines."""
    sample = "".join([line[:80] for line in islice((line for line in lines if len(line) >= 40), 3)])
    return sample.isascii() or 2 * sum(map(str.islower, sample)) >= sum(map(str.isalpha, sample))


def _split(looked: str) -> list[str]:
    return [word for part in looked.lower().split() if (word := part.strip(_AROUND_WORDS))]


def words_of(line: str) -> set[str]:
    """The words of a line that may be telling: in lower case, and the first once more behind "^"."""
    found = _split(_looked_at(line))
    return {*found, "^" + found[0]} if found else set()


def _looked_at(line: str) -> str:
    looked = line if len(line) <= LOOKED_AT else f"{line[: LOOKED_AT // 2]} {line[-LOOKED_AT // 2 :]}"
    return looked if looked.isascii() else fold_marks(looked)


def _of_digits(digits: Sequence[str], looked: str) -> list[int]:
    """What the numbers of a line tell: that there are some, and whether many, years or times of day."""
    bits = [DIGITS]
    if len("".join(digits)) * 4 > len(looked):
        bits.append(DIGITS + 1)
    if any(len(one) == 4 and one[:2] in ("19", "20") for one in digits):
        bits.append(DIGITS + 2)
    if _CLOCK.search(looked):
        bits.append(DIGITS + 3)
    return bits


def _count(
    found: Look,
    at: int,
    words: Mapping[str, int],
    prose: set[str],
    english: bool,
    repeated: bool,
    caseless: bool,
    dense: float,
) -> None:
    line, end = found.lines[at], found.ends[at]
    looked = _looked_at(line)
    lowered = _split(looked)
    count, length = len(lowered), len(line)
    if dense > 1:
        length = int(length * dense)
        if dense >= _UNSPACED:
            count = max(count, int(len(looked) * dense / _WORD))
    digits = _DIGITS.findall(looked)
    kind = Said.NOTHING
    if not found.plain[at] and len(line) <= _SAYING:
        running = (1 <= end <= 4 and count >= 12) or length >= 250
        size = max(count, len(line) // 7)  # of a long line only the ends were split
        kind = said(looked, size, running, lowered, bool(digits))
    if not found.plain[at]:
        found.shared[at] = _shared(lowered, prose) if dense < _UNSPACED else _pairs_shared(looked, prose)
    found.said[at] = kind
    found.sizes[at] = count
    size = bisect(_LENGTHS, length)
    coarse = _COARSE[size]
    cased = sum(map(str.islower, looked.split())) / (count or 1)
    if caseless and 1 <= end <= 4 and count >= 8:
        cased = _USUAL_CASE
    stops = sum(map(STOP_WORDS.__contains__, lowered)) / (count or 1)
    bits = [
        LENGTH + size,
        END + end,
        LENGTH_END + 13 * coarse + end,
        FIRST + 8 * coarse + _first_of(line),
        WORDS + bisect(_WORD_COUNTS, count),
        STOPS + 8 * coarse + (bisect(_SHARES, stops) if english else 7),
        CASE + 7 * coarse + bisect(_CASES, cased),
        SAID + kind,
    ]
    bits += [MARKS + number for number, mark in enumerate(_MARKS) if mark in looked]
    if repeated:
        bits.append(REPEATED)
    if looked.isupper():
        bits.append(DIGITS + 4)
    if digits:
        bits += _of_digits(digits, looked)
    bits += {words[word] for word in lowered if word in words}
    if lowered and (first := "^" + lowered[0]) in words:
        bits.append(words[first])
    found.bits[at] = bits
