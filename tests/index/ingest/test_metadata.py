"""What a text states about itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind, Metadata
from warreader.index.ingest.lines import classify
from warreader.index.ingest.metadata import fallback_title, metadata

SEEDS = Path(__file__).resolve().parents[3] / "seeds"


def seed(number: str) -> str:
    return next(SEEDS.glob(f"{number}_*.txt")).read_bytes().decode("utf-8")


def of_byline(line: str) -> Metadata:
    return metadata(line, [Line(0, len(line), LineKind.BYLINE)])


@pytest.mark.parametrize(
    ("line", "author", "outlet"),
    [
        ("Content created and supplied by: someone (via Opera News )", "someone", "Opera News"),
        ("Article Source: The Chronicle", None, "The Chronicle"),
        ("By Lyse Doucet, BBC News", "Lyse Doucet", "BBC News"),
        ("By The Associated Press", None, "The Associated Press"),
        ("The Chronicle", None, "The Chronicle"),
        ("by the way", None, None),
    ],
)
def test_bylines(line: str, author: str | None, outlet: str | None) -> None:
    found = of_byline(line)
    assert (found.author, found.outlet) == (author, outlet)


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published: 24 February 2022", "2022-02-24"),
        ("Updated Feb 24, 2022 10:15", "2022-02-24"),
        ("2022-02-24", "2022-02-24"),
        ("Published 31 February 2022", None),
        ("Published on Friday", None),
        ("Published: [#item_custom_pubDate]", None),
    ],
)
def test_dates_are_taken_only_where_plain(line: str, date: str | None) -> None:
    assert of_byline(line).date == date


def test_seeds_state_what_they_state() -> None:
    chronicle, opera, mirror = (seed(number) for number in ("002", "004", "001"))
    assert metadata(chronicle, classify(chronicle)) == Metadata(
        title="Putin seeks foreign volunteers to fight in Ukraine", outlet="The Chronicle"
    )
    found = metadata(opera, classify(opera))
    assert (found.outlet, found.date) == ("Opera News", None)
    assert metadata(mirror, classify(mirror)).title is None


def test_the_section_is_no_part_of_the_title() -> None:
    text = seed("003")
    title = metadata(text, classify(text)).title
    assert title is not None
    assert title.endswith("mass graves")


def test_fallback_title_is_the_first_sentence_cut_at_a_word() -> None:
    text = seed("001")
    title = fallback_title(text, classify(text))
    assert text.startswith(title.removesuffix("…"))
    assert title.endswith("…")
    assert len(title) <= 101
    assert text[len(title) - 1] in " ,"


@given(st.text(max_size=300))
def test_no_text_breaks_it(text: str) -> None:
    lines = classify(text)
    metadata(text, lines)
    assert len(fallback_title(text, lines)) <= 101
