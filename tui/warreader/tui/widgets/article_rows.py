"""How an article is shown in a list, and as a result."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual.content import Content

from warreader.index.api import SearchHit, Snippet, Summary, many
from warreader.tui.page import words_lit
from warreader.tui.themes import ReaderTheme
from warreader.tui.widgets.lists import plain, plain_inline
from warreader.tui.widgets.row_list import fitted


def same_story(copies: int, outlets: int) -> str:
    """That an article's story stands in others too, in words; empty where it does not."""
    if copies < 2:
        return ""
    return f"same story: {outlets} outlets" if outlets > 1 else f"same story: {copies} articles"


@dataclass(frozen=True, slots=True)
class Folded:
    """Which results are copies of one listed: ``under`` maps a copy to it, ``copies`` counts it and them."""

    under: Mapping[str, str]
    copies: Mapping[str, int]

    @classmethod
    def of(cls, groups: Mapping[int, int], keys: Sequence[int], ids: Sequence[str]) -> Folded:
        """Fold results.

        Args:
            groups: from the key of an article that has copies to what it has in common with them.
            keys: of the results, in order.
            ids: of the same.
        """
        first: dict[int, str] = {}
        under: dict[str, str] = {}
        copies: dict[str, int] = {}
        for key, article_id in zip(keys, ids, strict=True):
            if (group := groups.get(key)) is None:
                continue
            head = first.setdefault(group, article_id)
            copies[head] = copies.get(head, 0) + 1
            if head != article_id:
                under[article_id] = head
        return cls(under, copies)

    def told(self, article_id: str) -> str:
        """How many copies are folded under an article, in words."""
        copies = self.copies.get(article_id, 1) - 1
        return f"+{copies} cop{'y' if copies == 1 else 'ies'}" if copies else ""


def lines_of_articles(*, wide: bool, signs: bool) -> int:
    """The height of a row in the list of articles."""
    return 2 if wide else 4 if signs else 3


def lines_of_hits(*, wide: bool) -> int:
    """The height of a result's row."""
    return 4 if wide else 6


def article_row(
    summary: Summary, notes: int, copies: tuple[int, int], width: int, lines: int
) -> list[Content]:
    """An article in the list: marks, title, and what is said about it."""
    about = [plain(part, 40) for part in (summary.outlet, (summary.date or "")[:10]) if part]
    if summary.versions > 1:
        about.append(f"{summary.versions} versions")
    if told := same_story(*copies):
        about.append(told)
    if notes:
        about.append(f"✎{notes}")
    about.append(_words(summary.length))
    title = Content.assemble(
        (_marks(summary), "$accent"), (plain(summary.title, 180), "" if summary.read else "bold")
    )
    return _headed(title, about, width, lines)


def hit_row(
    about: Summary | SearchHit,
    notes: int,
    folded: str,
    snippets: Sequence[Snippet],
    theme: ReaderTheme,
    width: int,
    lines: int,
    *,
    wide: bool,
) -> list[Content]:
    """A result: marks, title, what is said about it, and its best stretches."""
    told = [plain(part, 40) for part in (about.outlet, (about.date or "")[:10]) if part]
    if folded:
        told.append(folded)
    if notes:
        told.append(f"✎{notes}")
    marks = _marks(about) if isinstance(about, Summary) else ""
    title = Content.assemble((marks, "$accent"), (plain(about.title, 180), "bold"))
    shown = fitted(title, width, 1 if wide else 2)
    if told:
        shown.append(Content.styled(" · ".join(told), "dim").truncate(width, ellipsis=True))
    # Where there is room for one it is the one that has most of what was sought.
    for snippet in sorted(snippets, key=lambda one: -words_lit(one, one.hits))[:2]:
        room = lines - len(shown)
        shown += fitted(_snippet(snippet, width * room, theme), width, room)
    return shown


def _marks(summary: Summary) -> str:
    return ("★ " if summary.starred else "") + ("" if summary.read else "● ")


_ENDS = (".", "!", "?", ".”", "!”", "?”", '."', '!"', '?"')
"""What a sentence ends with: no dots are due after it."""


def _snippet(snippet: Snippet, room: int, theme: ReaderTheme) -> Content:
    lit = f"{theme.hit_foreground} on {theme.hit_background}"
    at = _begin(snippet, room)
    whole = at == snippet.start and (snippet.opens or not at)
    pieces: list[str | tuple[str, str]] = ["" if whole else "…"]
    for hit in (hit for hit in snippet.hits if hit.start >= at):
        pieces.append(_inline(snippet, at, hit.start))
        pieces.append((_inline(snippet, hit.start, hit.end), lit))
        at = hit.end
    pieces.append(_inline(snippet, at, snippet.end))
    if not (snippet.closes or snippet.text.rstrip().endswith(_ENDS)):
        pieces.append("…")
    return Content.assemble(*pieces)


def _headed(title: Content, about: Sequence[str], width: int, lines: int) -> list[Content]:
    """A title with what is said about it below, in so many lines.

    The last thing said is left out where it would take a line of its own, then the title is cut, to no less
    than one line.
    """
    whole, short = (Content.styled(" · ".join(parts), "dim") for parts in (about, about[:-1]))
    told = fitted(whole if whole.cell_length <= width or not about[:-1] else short, width, lines - 1)
    return [*fitted(title, width, lines - len(told)), *told]


def _begin(snippet: Snippet, room: int) -> int:
    """The offset at which to begin a snippet so that most of its hits are seen in so many cells, the first rather."""
    seen = room * 3 // 4
    begins = {snippet.start: snippet.start}
    begins |= {max(snippet.start, hit.start - room // 3): hit.start for hit in snippet.hits}

    def worth(begin: int) -> tuple[int, int]:
        inside = [hit for hit in snippet.hits if begin <= hit.start and hit.end - begin < seen]
        return words_lit(snippet, inside), -begin

    begin = max(begins, key=worth)
    if begin == snippet.start:
        return begin
    space = snippet.text.find(" ", begin - snippet.start, begins[begin] - snippet.start)
    return begin if space < 0 else snippet.start + space + 1


def _inline(snippet: Snippet, start: int, end: int) -> str:
    # Line ends and tabs become spaces one for one: hits inside keep their places.
    return plain_inline(snippet.text[start - snippet.start : end - snippet.start])


def _words(length: int) -> str:
    """About how many words a text of so many code points has."""
    count = max(1, length // 6)
    return f"{count / 1000:.1f}k words" if count >= 1000 else many(round(count, -1) or count, "word")
