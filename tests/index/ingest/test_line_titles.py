"""What an article's stated title tells of its lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind
from warreader.index.ingest.line_titles import by_title

HEADLINE, BODY, STANDFIRST = LineKind.HEADLINE, LineKind.BODY, LineKind.STANDFIRST


def _kinds(
    lines: list[str], kinds: list[LineKind], title: str | None, told: list[LineKind | None] | None = None
) -> list[LineKind]:
    starts = [sum(len(line) + 1 for line in lines[:at]) for at in range(len(lines))]
    given = [
        Line(start, start + len(line), kind) for start, line, kind in zip(starts, lines, kinds, strict=True)
    ]
    return [line.kind for line in by_title("\n".join(lines), given, title, told)]


@pytest.mark.parametrize(
    ("first", "title", "kind"),
    [
        ("Minister says strike was needed as talks stall", "Strike was needed, minister says", HEADLINE),
        ("A woman rides past a plant", "Harbour bridge closed to all traffic", BODY),
        (
            "It will take months, engineers say, and cost more than the town has",
            "Harbour bridge closed",
            STANDFIRST,
        ),
        ("A woman rides past a plant", None, HEADLINE),
        ("A woman rides past a plant", "News", HEADLINE),
    ],
)
def test_a_headline_has_something_of_the_title(first: str, title: str | None, kind: LineKind) -> None:
    assert _kinds([first, "It is closed."], [HEADLINE, BODY], title) == [kind, BODY]


def test_the_title_is_the_headline_and_nothing_else_is() -> None:
    lines = [
        "Bridge news of the harbour",
        "Harbour bridge closed to all",
        "It is closed.",
        "Harbour bridge closed to all",
    ]
    kinds = [HEADLINE, BODY, BODY, BODY]
    assert _kinds(lines, kinds, "Harbour bridge closed to all | The Post") == [BODY, HEADLINE, BODY, BODY]


def test_what_markup_told_stays() -> None:
    told: list[LineKind | None] = [HEADLINE, None]
    assert _kinds(["A woman rides past", "It is."], [HEADLINE, BODY], "Harbour bridge closed", told) == [
        HEADLINE,
        BODY,
    ]


@given(st.lists(st.text(st.characters(exclude_characters="\n"))), st.text())
def test_lines_stay_where_they_are(lines: list[str], title: str) -> None:
    assert len(_kinds(lines, [HEADLINE] * len(lines), title)) == len(lines)
