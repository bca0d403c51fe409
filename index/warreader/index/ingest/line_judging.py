"""The kinds of one text's lines: patterns and the line model's scores, then what stands by what.

Where :mod:`line_patterns` is certain it has the last word; what the model thinks decides over the others. Headline,
standfirst and byline are then named by where they stand.
"""

from __future__ import annotations

import re
from itertools import accumulate
from operator import itemgetter

from warreader.index.article import KEPT, LineKind
from warreader.index.ingest.line_blocks import comments, counts, listed, tables
from warreader.index.ingest.line_features import Look, look
from warreader.index.ingest.line_headline import likeliest, text_begins
from warreader.index.ingest.line_model import LineModel
from warreader.index.ingest.line_patterns import Said, leads_on, opens_comments
from warreader.index.ingest.line_units import Units

_KEEP, _KEEP_PROSE, _KEEP_SIGNED, _KEEP_SAID = -40, -150, -40, 150
"""Scores above which a line is kept; running text that is lost is worse than furniture let in, navigation is not."""
_CLEAN = ((0.8, 80), (0.6, 40))
"""Shares of likely lines in a text, and by how much the bars above are lower there."""
_NO_HEADLINE = -300
"""Score up to which a line above the text is no headline, nor a name under it."""
_NUMBERS = 6
"""Lines that begin with a digit, without which there is no table."""
_BEGUN = 500
"""Code points of body after which readers' comments, or a list of other articles, may begin."""
_LISTED = 4
"""Dates on lines of their own, without which no other articles are listed."""
_SHOUTED = 6
"""Words in capitals from which a line amid prose is another article's headline."""
_NUMBERED = re.compile(r"\d+[.)]|[-–—•*]")
_NEAR_HEADLINE = 3
"""Lines under a headline among which names stand for who wrote or published it."""

_ASIDE = {
    Said.SHARE: LineKind.FURNITURE,
    Said.CREDITED: LineKind.CAPTION,
    Said.CREDIT_ONLY: LineKind.CAPTION,
    Said.CREDIT: LineKind.CAPTION,
    Said.ADDRESS: LineKind.FURNITURE,
}
_SIGNED = frozenset({Said.AGENCY, Said.BYLINE, Said.DATED})
CERTAIN = frozenset(_ASIDE)
"""What patterns are certain of, whatever the model thinks."""
_DOUBTFUL = frozenset({Said.PROMOTION, Said.NAVIGATION, Said.SECTIONS})
_NAME_LINE = re.compile(  # at most six words
    r"(?:The )?[A-Z][\w&.'’-]+(?: (?:of|and|for|the|de|van|von|al-)?\s?[A-Z][\w&.'’-]+){0,4}"
)
_NAME = r"[A-Z][\w.'’-]+(?: (?:de |van |von |al-)?[A-Z][\w.'’-]*){1,3}"
_NAMES = re.compile(rf"{_NAME}(?:(?:,|,? and) {_NAME})*,? and {_NAME}")
_UNDER = re.compile(r"(?:story )?highlights\b|key points\b|listen to\b|watch\b", re.IGNORECASE)
_RIGHTS = re.compile(r"(?:©|copyright\b|\(c\))\W*(?:19|20)\d\d\b", re.IGNORECASE)
"""The notice at a page's foot; one without a year may be a picture's."""
_MARKS = "\"'“”‘’«„"
_BULLETS = "-–—•*·∙▪●‣"


class Judged:
    """The lines of one text that are not blank, a paragraph broken over several being one, and their kinds.

    Args:
        model: weighs them.
        units: the lines.
        told: whether markup told of any what it is.
    """

    def __init__(self, model: LineModel, units: Units, *, told: bool) -> None:
        self.places = units.places
        self.lasts = units.lasts
        self.known = units.told
        self.seen: Look = look(
            units.lines, model.words, [kind is not None for kind in self.known] if told else (), units.gaps
        )
        self.kinds = [kind or LineKind.BODY for kind in self.known]
        self.open = [bool(bits) for bits in self.seen.bits]
        """Lines that are still to be judged, or whose kind may yet be changed."""
        self.judged = [at for at, bits in enumerate(self.seen.bits) if bits]
        self.certainly = [None if kind is None else kind in KEPT for kind in self.known] if told else []
        """Of each line whether it is kept, where that was told; none where nothing was."""
        self.waits = bool(self.judged)
        """Whether it is still to be judged by what the model says."""
        if self.judged and LineKind.BODY not in self.known and not _is_page(self):
            self.waits = False
            self._patterns()
            self._plain_headline()

    def judge(self, model: LineModel, scores: list[int]) -> None:
        """Tell the kinds by what the model says of each line."""
        self.scores = scores
        self._judge(model)
        self._continued()
        self._tables()
        if LineKind.HEADLINE not in self.kinds:
            self._headline()
        self._others()
        self._comments()

    # Shape.

    def size(self, at: int) -> int:
        """How many words a line has, a hundred where they weren't counted."""
        return self.seen.sizes[at] or (100 if not self.open[at] else 1)

    def ends(self, at: int) -> bool:
        """Whether a line ends a sentence."""
        return 1 <= self.seen.ends[at] <= 4

    def prose(self, at: int) -> bool:
        """Whether a line is one that nobody would take for anything but running text."""
        return (self.ends(at) and self.size(at) >= 12) or len(self.seen.lines[at]) >= 300

    # Kinds.

    def _patterns(self) -> None:
        """What is said with certainty, and no more."""
        for at in self.judged:
            said = self.seen.said[at]
            if said in _SIGNED:
                self.kinds[at] = LineKind.BYLINE
            elif (said in _DOUBTFUL and not self.prose(at)) or said is Said.PROMOTION or self._leads_on(at):
                self.kinds[at] = LineKind.FURNITURE
            else:
                self.kinds[at] = _ASIDE.get(said, LineKind.BODY)

    def _judge(self, model: LineModel) -> None:
        likely = sum(score > 0 for score in self.scores)
        # Among lines that nearly all belong to the article, one that doesn't must be told with more certainty.
        doubt = next((doubt for share, doubt in _CLEAN if likely > share * len(self.scores)), 0)
        for at in self.judged:
            bits, said, score = self.seen.bits[at], self.seen.said[at], self.scores[at]
            if said in _ASIDE:
                self.kinds[at] = _ASIDE[said]
            elif said in _SIGNED:
                # Of other articles and of comments, too, it is told when they were written.
                dated = said is Said.DATED and score + doubt <= _KEEP_SIGNED
                self.kinds[at] = LineKind.FURNITURE if dated else LineKind.BYLINE
            elif (said in _DOUBTFUL and score < _KEEP_SAID) or self._is_shouted(at) or self._leads_on(at):
                self.kinds[at] = LineKind.FURNITURE
            elif score + doubt > (_KEEP_PROSE if self.prose(at) else _KEEP):
                self.kinds[at] = LineKind.CAPTION if self._is_caption(at) else LineKind.BODY
            else:
                caption = model.is_caption(bits) and not _RIGHTS.match(self.seen.lines[at])
                caption = caption or (self._is_credited(at) and self.size(at) >= 4)
                self.kinds[at] = LineKind.CAPTION if caption else LineKind.FURNITURE

    def _leads_on(self, at: int) -> bool:
        return (self.size(at) <= 7 or not self.prose(at)) and leads_on(self.seen.lines[at])

    def _is_shouted(self, at: int) -> bool:
        """Whether a line in capitals amid prose names another article; shorter ones may be headings within this."""
        line = self.seen.lines[at]
        return (
            line.isupper()
            and self.size(at) >= _SHOUTED
            and self.seen.ends[at] > 4
            and not _NUMBERED.match(line)
            and self._among_prose(at)
        )

    def _is_caption(self, at: int) -> bool:
        """A line that ends in no mark among sentences: over a picture credit, said twice, or one of a row of such."""
        seen = self.seen
        if seen.ends[at] < 9 or self.size(at) < 5 or not 0 < at < len(seen.lines) - 1:
            return False
        if seen.lines[at][0] in _MARKS + _BULLETS or seen.lines[at][0].islower():
            return False
        if self._is_credited(at):
            return True
        beside = [seen.lines[at - 1], seen.lines[at + 1]]
        if seen.lines[at] in beside:
            return True
        run = [near for near in (at - 1, at + 1) if seen.ends[near] == 9 and self.size(near) >= 5]
        return bool(run) and self._among_prose(at) and self._is_sentence_like(at)

    def _is_credited(self, at: int) -> bool:
        """Whether a picture's credit stands under a line."""
        below = self.seen.said[at + 1] if at + 1 < len(self.places) else Said.NOTHING
        return _ASIDE.get(below) is LineKind.CAPTION

    def _among_prose(self, at: int) -> bool:
        before = any(map(self.prose, range(max(0, at - 5), at)))
        return before and any(map(self.prose, range(at + 1, min(len(self.places), at + 6))))

    def _is_sentence_like(self, at: int) -> bool:
        words = self.seen.lines[at].split()
        return sum(map(str.islower, words)) >= 0.6 * len(words)

    def _continued(self) -> None:
        """A sentence broken over two lines is prose."""
        lines, kinds = self.seen.lines, self.kinds
        for after in self.judged:
            at = after - 1
            if (
                after
                and lines[after][0].islower()
                and self.places[after] == self.lasts[at] + 1
                and not self.ends(at)
                and self._may_be_broken(at)
                and self._may_be_broken(after)
            ):
                for one in (at, after):
                    kinds[one] = kinds[one] if kinds[one] in KEPT else LineKind.BODY

    def _may_be_broken(self, at: int) -> bool:
        if self.kinds[at] in KEPT:
            return True
        return self.known[at] is None and self.seen.said[at] is Said.NOTHING and self.scores[at] > -200

    def _plain_headline(self) -> None:
        """Too little, or too plain, to be a page: perhaps under a headline."""
        lines = self.seen.lines
        if (
            len(lines) > 1
            and self.kinds[0] is LineKind.BODY
            and self._may_be_headline(0)
            and self.seen.ends[0] > 8
            and lines[0][0] not in _MARKS + _BULLETS
            and len(lines[1]) > len(lines[0])
            and not lines[1][0].islower()
        ):
            self.kinds[0] = LineKind.HEADLINE

    def _may_be_headline(self, at: int) -> bool:
        line = self.seen.lines[at]
        return (
            self.open[at]
            and self.known[at] is None
            and self.seen.said[at] is Said.NOTHING
            and 3 <= self.size(at) <= 35
            and not line[0].islower()
            and not _UNDER.match(line)
            and not (self.size(at) <= 12 and _NAMES.fullmatch(line))
        )

    def _headline(self) -> None:
        prose = [at for at in range(len(self.places)) if self.kinds[at] in KEPT and self.prose(at)]
        if not prose:
            return
        first = max(prose[0], text_begins(prose))
        lists = (at for at in range(self._menu_end(first), first + 1) if _UNDER.match(self.seen.lines[at]))
        end = next(lists, first + 1)
        may = [
            at
            for at in range(end)
            if self._may_be_headline(at) and self.size(at) >= 4 and self.scores[at] > _NO_HEADLINE
            if self.seen.ends[at] not in (1, 5, 6, 7) and (at < first or not self.ends(at))
        ]
        if may:
            at = likeliest(self.seen, may, self.scores, first)
            self.kinds[at] = LineKind.HEADLINE
            self._under(at, first)

    def _menu_end(self, first: int) -> int:
        """Where the last run of five and more menu entries above the first prose line ends."""
        end = run = 0
        for at in range(first):
            run = run + 1 if self.size(at) <= 3 and self.seen.said[at] is not Said.SHARE else 0
            end = at + 1 if run >= 5 else end
        return end

    def _under(self, headline: int, first: int) -> None:
        """What stands between headline and text: a standfirst, names, captions; and the headline said again."""
        title = self.seen.lines[headline]
        for at in range(headline + 1, len(self.places)):
            line = self.seen.lines[at]
            if self.open[at] and len(title) > 20 and title in line and not self.prose(at):
                self.kinds[at] = LineKind.FURNITURE
            elif at < first and self.seen.said[at] in _SIGNED and self.known[at] is None:
                self.kinds[at] = LineKind.BYLINE
            elif (
                at < first and self.open[at] and self.seen.said[at] is Said.NOTHING and self.known[at] is None
            ):
                near = at <= headline + _NEAR_HEADLINE
                if (
                    near
                    and self.size(at) <= 12
                    and self.scores[at] > _NO_HEADLINE
                    and not self.ends(at)
                    and (_NAME_LINE.fullmatch(line) or _NAMES.fullmatch(line))
                ):
                    self.kinds[at] = LineKind.BYLINE
                elif near and self.kinds[at] is LineKind.BODY and not self.ends(at) and self.size(at) >= 8:
                    self.kinds[at] = LineKind.STANDFIRST
        self._standfirst(headline)

    def _standfirst(self, headline: int) -> None:
        """The sentence under the headline that a byline, picture or button parts from the body."""
        near = range(headline + 1, min(headline + 1 + _NEAR_HEADLINE, len(self.places) - 1))
        at = next((at for at in near if self.kinds[at] in (LineKind.BODY, LineKind.STANDFIRST)), None)
        if at is None or not 8 <= self.size(at) <= 50 or self.kinds[at] is LineKind.STANDFIRST:
            return
        parted = self.kinds[at + 1] is not LineKind.BODY or not (self.ends(at + 1) or self.prose(at + 1))
        if self.ends(at) and parted and self.known[at] is None:
            self.kinds[at] = LineKind.STANDFIRST

    def _tables(self) -> None:
        """A table under the article's text is the article's, however few words its cells have; a menu is not."""
        lines = self.seen.lines
        for menu in counts(lines):
            for at in menu:
                if self.known[at] is None:
                    self.kinds[at] = LineKind.FURNITURE
        if sum(map(str.isdigit, map(itemgetter(0), lines))) < _NUMBERS:
            return
        for table in tables(lines, lambda at: self.kinds[at] is LineKind.BODY and self.prose(at)):
            for at in table:
                if self.known[at] is None and self.seen.said[at] is Said.NOTHING:
                    self.kinds[at] = LineKind.BODY

    def _others(self) -> None:
        """A list of other articles under the article is none of it; a chronicle has little above it."""
        dated = [at for at in self.judged if self.seen.said[at] is Said.DATED]
        if len(dated) < _LISTED:
            return
        lines, kinds = self.seen.lines, self.kinds
        for found in listed(lines, dated, self.prose):
            above = sum(len(lines[at]) for at in range(found.start) if kinds[at] is LineKind.BODY)
            if 2 * above > max(2 * _BEGUN, sum(len(lines[at]) for at in found)):
                for at in found:
                    if self.known[at] is None:
                        kinds[at] = LineKind.FURNITURE

    def _comments(self) -> None:
        """Under a comments heading near the end nothing belongs to the article, nor in a thread of comments."""
        lines, kinds = self.seen.lines, self.kinds
        headings = [at for at in self.judged if self.size(at) <= 8 and opens_comments(lines[at])]
        thread = comments(lines, self.judged)
        if not headings and thread == len(lines):
            return
        sizes = (len(line) if kind is LineKind.BODY else 0 for line, kind in zip(lines, kinds, strict=True))
        above = list(accumulate(sizes, initial=0))
        heading = next((at for at in headings if above[at] > 0.6 * above[-1]), len(lines))
        if above[thread] <= _BEGUN:
            thread = comments(lines, [at for at in self.judged if above[at] > _BEGUN])
        for at in range(min(heading, thread), len(lines)):
            if self.known[at] is None:
                kinds[at] = LineKind.FURNITURE


def _is_page(judged: Judged) -> bool:
    """Whether the lines are a page's blocks rather than a bare paragraph or two, or text wrapped by hand."""
    lines = judged.seen.lines
    if judged.known.count(None) < 4:
        return False
    lengths = sorted(map(len, lines))
    longest = lengths[int(len(lengths) * 0.9)]
    if not 40 <= longest <= 110:
        return True
    # Text wrapped at a column: lines nearly as long as the longest, most of them ending in mid-sentence.
    full = [at for at, line in enumerate(lines) if len(line) > 0.75 * longest]
    broken = sum(not judged.ends(at) for at in full)
    following = sum(
        judged.places[at + 1] == judged.lasts[at] + 1 and lines[at + 1][0].islower()
        for at in range(len(lines) - 1)
    )
    return not (len(full) > 0.5 * len(lines) and broken > 0.6 * len(full) and following > 0.25 * len(lines))
