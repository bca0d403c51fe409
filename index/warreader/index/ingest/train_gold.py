"""What a page's gold body says of any line of any rendering of it.

A line is the article's where most of its words stand in the gold body, in its order. What stands
between the headline and the body is judged by the page's own markup: the article's description and what
is marked as a standfirst are one; who wrote it and when (from the metadata, or marked as such) is a
byline. Dates and names elsewhere belong to other articles, or to readers' comments. Only the training
program and the benchmarks use this module.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

from warreader.index.article import LineKind
from warreader.index.ingest.train_blocks import block_text

_CAPTION = re.compile(r"caption|credit|image-?text|photo-?(?:text|desc)", re.IGNORECASE)
_BYLINE = re.compile(
    r"byline|author|dateline|pub(?:lished)?[-_]?date|timestamp|posted-on|date-?time", re.IGNORECASE
)
_STANDFIRST = re.compile(
    r"stand-?first|sub-?(?:title|head)|\bdek\b|[-_]dek\b|\bdeck\b|summary|\blead\b|\bintro|"
    r"article-?(?:desc|abstract)",
    re.IGNORECASE,
)
_LINKED = re.compile(r"\]\[\d+\]|\]\([^)\s]*\)")
"""Where a link leads, in flattened markup."""
_STATED = re.compile(r"(\d{4})-(\d\d)-(\d\d)|/(\d{4})/(\d\d)/(\d\d)/")
_WORDLESS = frozenset(
    "by from on at in and the date published updated posted written reported modified first last".split()  # noqa: SIM905
)
"""Words that say that somebody wrote it, or some day, without saying who or when."""
_CLOCK = re.compile(r"\b\d{1,2} \d\d (?:[ap]m|[ap] m)\b")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()  # noqa: SIM905
_HEAD, _FOOT = 10, 3
"""Lines above the body, where no headline bounds them, and below it, among which a byline may stand."""
_SIGNED = 12
"""Words of the longest byline."""
_RUN = 5
"""Short lines on end that are looked for together."""
_GAP = 400
"""Code points of the body that a rendering may have left out before a short line."""


def plain(text: str) -> str:
    """The words of a text in lower case, a space between; where links lead is left out."""
    return " ".join(re.findall(r"\w+", _LINKED.sub("]", text).lower()))


def shingles(words: str) -> set[str]:
    """Each four words on end of a text that is plain."""
    listed = words.split()
    return {" ".join(listed[at : at + 4]) for at in range(max(1, len(listed) - 3))}


def _squeezed(words: str) -> str:
    return words.replace(" ", "")


def _marked(root: Any, pattern: re.Pattern[str], tags: frozenset[str]) -> set[str]:
    """Texts of the lines inside elements whose tag or class says what they are."""
    found: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        named = " ".join(filter(None, (element.get("class"), element.get("itemprop"), element.get("rel"))))
        if element.tag in tags or pattern.search(named):
            lines = block_text(element).split("\n")
            if sum(map(len, lines)) < 600:
                found.update(plain(line) for line in lines)
                found.add(plain(" ".join(lines)))
    found.discard("")
    return found


class Gold:
    """What is known of a page's article.

    Args:
        root: the page's markup, parsed.
        body: the gold body.
        url: the page's address.
    """

    def __init__(self, root: Any, body: str, url: str = "") -> None:
        self.body = f" {plain(body)} "
        self.lines = {plain(line) for line in body.split("\n")}
        self.shingles = shingles(self.body)
        self._squeezed = _squeezed(self.body)
        self._letters = [at for at, letter in enumerate(self.body) if letter != " "]
        self.captions = _marked(root, _CAPTION, frozenset({"figcaption"}))
        self.bylines = _marked(root, _BYLINE, frozenset({"time"}))
        self.standfirsts = _marked(root, _STANDFIRST, frozenset()) | set(
            map(plain, _contents(root, "description", "og:description", "twitter:description"))
        )
        stated = [element.text_content() for element in root.xpath("//head/title")]
        titles = list(map(plain, [*stated, *_contents(root, "og:title", "twitter:title")]))
        known = set(" ".join(titles).split())
        for heading in (plain(element.text_content()) for element in root.iter("h1")):
            if not known or 2 * len(known.intersection(heading.split())) >= len(heading.split()):
                titles.append(heading)
        self.titles = {_squeezed(title) for title in titles if title.count(" ") >= 2}
        self.authors = {
            name
            for name in map(plain, _contents(root, "author", "article:author", "byl", "parsely-author"))
            if 1 <= name.count(" ") <= 5
        }
        stated = _contents(root, "article:published_time", "article:modified_time", "datepublished")
        self.days = set(_days([*stated, *_linked_data(root, self.authors), urlsplit(url).path]))

    def label(self, text: str) -> list[LineKind | None]:
        """The kind of each line; ``None`` where gold says nothing."""
        words = [plain(line) for line in text.split("\n")]
        places = self._places(words)
        inside = [at for at, place in enumerate(places) if place >= 0]
        first, last = (inside[0], inside[-1]) if inside else (len(words), len(words))
        titled = [at for at in range(last) if words[at] and places[at] < 0 and self._title(words[at])]
        above = [at for at in titled if at < first]
        top = max(0, above[-1] - _FOOT) if above else self._top(words, first)
        kinds: list[LineKind | None] = []
        for at, line in enumerate(words):
            near = top <= at < first or last < at <= self._foot(words, last)
            if not line:
                kinds.append(None)
            elif places[at] >= 0:
                kinds.append(LineKind.BODY)
            elif self._title(line):
                kinds.append(LineKind.HEADLINE if titled and at == titled[0] else None)
            elif near and at < first and line.count(" ") >= 3 and self._stands_first(line):
                kinds.append(LineKind.STANDFIRST)
            elif line not in self.captions and self._signs(line):
                kinds.append(LineKind.BYLINE if near else None)
            elif near and (line in self.bylines or self._may_sign(line)):
                kinds.append(None)
            else:
                kinds.append(LineKind.CAPTION if line in self.captions else LineKind.FURNITURE)
        return kinds

    # Where in the body a line stands.

    def _places(self, words: list[str]) -> list[int]:
        """For each line where in the body it stands, -1 nowhere: long lines first, then short ones between them."""
        places = [-1] * len(words)
        at = 0
        for number, line in enumerate(words):
            if not line:
                continue
            place = self._find(line, at)
            if place < 0 and line.count(" ") < 4:
                place = self._find_run([one for one in words[number : number + 2 * _RUN] if one][:_RUN], at)
            if place >= 0:
                places[number] = place
                at = self._after(place, line)
        following = len(self.body)
        bounds = [0] * len(words)
        for number in range(len(words) - 1, -1, -1):
            bounds[number] = following
            following = places[number] if places[number] >= 0 else following
        at = 0
        for number, line in enumerate(words):
            if places[number] >= 0:
                at = self._after(places[number], line)
            elif line and at and line.count(" ") < 4 and at < bounds[number] < len(self.body):
                end = min(bounds[number], at + _GAP) + 1
                if (place := self.body.find(f" {line} ", at - 1, end)) >= 0:
                    places[number] = place
                    at = self._after(place, line)
        return places

    def _after(self, place: int, line: str) -> int:
        """Where the body goes on after a line that stands there, wherever it has its spaces."""
        last = bisect_left(self._letters, place) + len(_squeezed(line)) - 1
        return self._letters[min(last, len(self._letters) - 1)] + 1

    def _find(self, line: str, at: int) -> int:
        """Where the line stands, best after ``at``; a short one only where the lines before have led to."""
        count = line.count(" ") + 1
        if count >= 5 or line in self.lines:
            found = self.body.find(f" {line} ", max(0, at - 1))
            found = found if found >= 0 else self.body.find(f" {line} ")
            if found >= 0:
                return found
        elif (found := self.body.find(f" {line} ", max(0, at - 1), at + len(line) + 4)) >= 0:
            return found
        if line in self.captions:
            return -1
        squeezed = _squeezed(line)
        found = self._squeezed.find(squeezed) if len(squeezed) >= 25 else -1
        if found < 0 and count >= 2 and len(squeezed) >= 6:
            # Words run together, as cells are: only just where the lines before have led to.
            following = bisect_left(self._letters, at)
            found = following if self._squeezed.startswith(squeezed, following) else -1
        if found >= 0:
            return self._letters[found]
        return at if count >= 8 and self._covered(line) >= 0.5 * count else -1

    def _find_run(self, run: list[str], at: int) -> int:
        """Where a few short lines on end stand in the body in a row: cells of a table, entries of a list."""
        joined = " ".join(run)
        if len(run) < _RUN or len(set(run)) < _RUN - 1 or joined.count(" ") + 1 < _RUN + 1:
            return -1
        return self.body.find(f" {joined} ", max(0, at - 1))

    def _covered(self, line: str) -> int:
        """How many of a line's words stand in the body with the three beside them."""
        listed = line.split()
        covered: set[int] = set()
        for at in range(len(listed) - 3):
            if " ".join(listed[at : at + 4]) in self.shingles:
                covered.update(range(at, at + 4))
        return len(covered)

    # What stands around it.

    def _title(self, line: str) -> bool:
        squeezed = _squeezed(line)
        return line.count(" ") >= 2 and any(
            (squeezed in title and len(squeezed) > 0.6 * len(title))
            or len(title) * squeezed.count(title) > 0.5 * len(squeezed)
            for title in self.titles
        )

    @staticmethod
    def _top(words: list[str], first: int) -> int:
        filled = [at for at in range(first) if words[at]]
        return filled[-_HEAD] if len(filled) >= _HEAD else 0

    @staticmethod
    def _foot(words: list[str], last: int) -> int:
        filled = [at for at in range(last + 1, len(words)) if words[at]][:_FOOT]
        return filled[-1] if filled else last

    def _stands_first(self, line: str) -> bool:
        if line in self.captions:
            return False
        return line in self.standfirsts or (
            line.count(" ") >= 7
            and any(line in one or one in line for one in self.standfirsts if len(one) > 30)
        )

    def _signs(self, line: str) -> bool:
        """Whether a short line names the article's author, or its day."""
        listed = line.split()
        if len(listed) > _SIGNED or not self.body.strip():
            return False
        padded = f" {line} "
        if any(f" {name} " in padded for name in self.authors):
            return True
        return any(
            _number(listed, day.year)
            and _number(listed, day.day)
            and (
                _number(listed, day.month)
                or any(word.startswith(_MONTHS[day.month - 1]) for word in listed)
                or len(listed) <= 5
            )
            for day in self.days
        )

    def _may_sign(self, line: str) -> bool:
        """Whether a line by the article may be a piece of its byline, though the page says nothing to bear it out."""
        listed = line.split()
        if len(listed) > _SIGNED:
            return False
        return _WORDLESS.issuperset(listed) or (not self.days and _dated(listed)) or bool(_CLOCK.search(line))


def _dated(words: list[str]) -> bool:
    """Whether there are a year and a day among the words, and a month."""
    numbers = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) <= 4]
    years = [number for number in numbers if 1990 <= number <= 2039]
    days = [number for number in numbers if 1 <= number <= 31]
    named = any(word[:3] in _MONTHS for word in words if word.isalpha())
    return bool(years and days) and (named or len(days) >= 2)


def _number(words: list[str], number: int) -> bool:
    return str(number) in words or f"{number:02}" in words


def _contents(root: Any, *names: str) -> list[str]:
    found = []
    for element in root.iter("meta"):
        named = (element.get("name") or element.get("property") or element.get("itemprop") or "").lower()
        if named in names and element.get("content"):
            found.append(element.get("content"))
    return found


def _linked_data(root: Any, authors: set[str]) -> Iterator[str]:
    """The dates that JSON-LD states of articles; their authors' names are put with ``authors``."""
    for script in root.xpath("//script[@type='application/ld+json']"):
        text = script.text or ""
        yield from re.findall(r'"date(?:Published|Modified|Created)"\s*:\s*"([^"]+)"', text)
        for part in re.findall(r'"author"\s*:\s*(\[[^\]]*\]|\{[^}]*\}|"[^"]*")', text):
            names = re.findall(r'"name"\s*:\s*"([^"]+)"', part) or re.findall(r'^"([^"]*)"$', part)
            authors.update(name for name in map(plain, names) if 1 <= name.count(" ") <= 5)


def _days(stated: Iterable[str]) -> Iterator[date]:
    """The days that are stated, each with its neighbours, as pages are shown in other time zones."""
    for text in stated:
        for found in _STATED.finditer(text):
            year, month, day = (int(part) for part in found.groups() if part)
            try:
                stated_day = date(year, month, day)
                yield from [stated_day + timedelta(days=apart) for apart in (-1, 0, 1)]
            except (ValueError, OverflowError):
                continue
