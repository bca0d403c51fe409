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
        ("By The Associated Press", None, None),
        ("By Lyse Doucet, BBC diplomatic correspondent", "Lyse Doucet", None),
        ("By Laura Mowat PUBLISHED: 10:48, Tue, Nov 19, 2019", "Laura Mowat", None),
        (
            "By Anna de la Cruz and Omar al-Masri | The Daily Herald",
            "Anna de la Cruz and Omar al-Masri",
            "The Daily Herald",
        ),
        ("By Our Correspondent", None, None),
        ("First published on Monday", None, None),
        ("This article was originally published by The Conversation.", None, None),
        ("The Chronicle", None, "The Chronicle"),
        ("by the way", None, None),
        ("By Mark March", "Mark March", None),
        ("By Julia April and Jonathan Last", "Julia April and Jonathan Last", None),
        ("By Jane Doe March 8, 2022", "Jane Doe", None),
        ("By Jane Doe, June 3, 2022", "Jane Doe", None),
        ("By Jane Doe Last updated 3 May", "Jane Doe", None),
        ("By Jane Doe, John Roe and Lyse Doucet, BBC News", "Jane Doe, John Roe and Lyse Doucet", "BBC News"),
        ("By Jane Doe, The Atlantic", "Jane Doe", "The Atlantic"),
        ("*By Jane Doe*", "Jane Doe", None),
        ("By James Cook, BBC News, Houston", "James Cook", "BBC News"),
        ("By Nick Gillespie. Video by Jim Roe", "Nick Gillespie", None),
        ("By Jane DoeUpdated 3 May", "Jane Doe", None),
        ("By Jane McDoeBusiness Columnist", "Jane McDoe", None),
        ("By Jane Doe Jane Doe", "Jane Doe", None),
        ("By The Numbers", None, None),
        ("By Category", None, None),
        ("By Tom Roe Associated Press", "Tom Roe", None),
        ("Von Hans Müller", "Hans Müller", None),
        ("Автор: Іван Петренко", "Іван Петренко", None),
        ("Автор — Олена Петренко", "Олена Петренко", None),
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
        ("8 березня 2022, 10:15", "2022-03-08"),
        ("8. März 2022", "2022-03-08"),
        ("8 de marzo de 2022", "2022-03-08"),
        ("12 people 2022", None),
        ("Published 31 February 2022", None),
        ("Published on Friday", None),
        ("Published: [#item_custom_pubDate]", None),
        ("Published 03.03.2022", "2022-03-03"),
        ("Published 03/04/2022", None),
        ("2022/03/05", "2022-03-05"),
        ("公開日：2022年3月5日", "2022-03-05"),
        ("2022년 3월 5일", "2022-03-05"),
        ("2022.03.05", "2022-03-05"),
        ("2022. 3. 5.", "2022-03-05"),
        ("version 2022.3", None),
    ],
)
def test_dates_are_taken_only_where_plain(line: str, date: str | None) -> None:
    assert of_byline(line).date == date


@pytest.mark.parametrize(
    ("line", "agency"),
    [
        ("By Lyse Doucet, Reuters", "Reuters"),
        ("By The Associated Press", "The Associated Press"),
        ("(AFP)", "AFP"),
        ("Source: Interfax-Ukraine", "Interfax-Ukraine"),
        ("This article was originally published by The Conversation.", "The Conversation"),
        ("By Lyse Doucet, BBC News", None),
        ("The Chronicle", None),
    ],
)
def test_agencies_in_bylines(line: str, agency: str | None) -> None:
    assert of_byline(line).agency == agency


@pytest.mark.parametrize(
    ("text", "agency"),
    [
        ("KYIV, Ukraine (AP) — The bridge was closed.", "The Associated Press"),
        ("KYIV (Reuters) - The bridge was closed.", "Reuters"),
        ("Brussels (AFP) - The bridge was closed.", "AFP"),
        ("MOSCOW, March 3. /TASS/. The bridge was closed.", "TASS"),
        ("The bridge was closed on Monday. — AFP", "AFP"),
        ("The bridge was closed on Monday. (Xinhua)", "Xinhua"),
        ("The bridge was closed, the agency (Reuters) - said.", None),
        ("The Associated Press (AP) is an agency.", None),
        ("He is a member of the Public Accounts (PA) committee.", None),
        ("She paused. — No", None),
    ],
)
def test_agencies_in_datelines_and_at_the_end(text: str, agency: str | None) -> None:
    assert metadata(text, [Line(0, len(text), LineKind.BODY)]).agency == agency


def of_furniture(line: str) -> Metadata:
    return metadata(line, [Line(0, len(line), LineKind.FURNITURE)])


@pytest.mark.parametrize(
    ("line", "outlet", "agency"),
    [
        (
            "Copyright © 2019 The Washington Times, LLC. Click here for reprint permission.",
            "The Washington Times",
            None,
        ),
        ("© 2024 Cable News Network. All rights reserved.", "CNN", None),
        ("Copyright 2012 The Associated Press. All rights reserved.", None, "The Associated Press"),
        ("Get the latest from the Irish Mirror direct to your inbox: Sign up here.", "Irish Mirror", None),
        ("Get the latest news direct to your inbox", None, None),
        ("Copyright 2020 All rights reserved", None, None),
    ],
)
def test_what_furniture_says_of_its_outlet(line: str, outlet: str | None, agency: str | None) -> None:
    found = of_furniture(line)
    assert (found.outlet, found.agency) == (outlet, agency)


def test_the_date_of_publication_comes_before_the_last_change_and_lists_have_none() -> None:
    parts = [
        ("Updated 5 March 2022", LineKind.BYLINE),
        ("Published 3 March 2022", LineKind.BYLINE),
        *[("One sentence of the text.", LineKind.BODY)] * 4,
        ("1 January 2001", LineKind.BYLINE),
    ]
    lines, text = [], ""
    for words, kind in parts:
        lines.append(Line(len(text), len(text) + len(words), kind))
        text += words + "\n"
    assert metadata(text, lines).date == "2022-03-03"
    assert metadata(text, lines[2:]).date is None


def test_seeds_state_what_they_state() -> None:
    chronicle, opera, mirror = (seed(number) for number in ("002", "004", "001"))
    assert metadata(chronicle, classify(chronicle)) == Metadata(
        title="Putin seeks foreign volunteers to fight in Ukraine", outlet="The Chronicle", agency="BBC News"
    )
    found = metadata(opera, classify(opera))
    assert (found.outlet, found.date) == ("Opera News", None)
    found = metadata(mirror, classify(mirror))
    assert (found.title, found.outlet) == (None, "Irish Mirror")
    copied = seed("003")
    assert metadata(copied, classify(copied)).outlet == "Fry Electronics"


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


def test_an_author_box_names_the_outlet_that_speaks_of_itself() -> None:
    story = "The bridge at Antonivka was hit on Monday, officials in Kherson said in a statement.\n\n" * 5
    box = "Read more\n\nExample Herald Team\n\nExample Herald is a daily from Kherson. All rights reserved.\n"
    assert metadata(story + box, classify(story + box)).outlet == "Example Herald"
    other = "Read more\n\nExample Herald Team\n\nAll rights reserved. Privacy policy.\n"
    assert metadata(story + other, classify(story + other)).outlet is None


@pytest.mark.parametrize("line", ["CNN — The bridge is closed.", "Kyiv, Ukraine CNN — The bridge is closed."])
def test_a_dateline_without_brackets(line: str) -> None:
    assert metadata(line, [Line(0, len(line), LineKind.BODY)]).agency == "CNN"


def test_a_text_on_one_line_has_the_notice_at_its_end() -> None:
    line = "The bridge is closed. " * 40 + "© 2024 Cable News Network. A Warner Bros. Discovery Company."
    assert metadata(line, [Line(0, len(line), LineKind.BODY)]).outlet == "CNN"


@pytest.mark.parametrize(
    "name", ["Vox Media", "Penske Business Media", "NBC Universal", "Express Newspapers"]
)
def test_owners_are_no_outlets(name: str) -> None:
    assert of_furniture(f"© 2019 {name}, LLC. All rights reserved.").outlet is None


def test_what_stands_far_above_the_headline_signs_nothing() -> None:
    said = [
        "By Use Case",
        "Wednesday, 20 November 2019",
        "One",
        "Two",
        "Three",
        "Bridge closed on Monday",
        "It is closed.",
    ]
    kinds = [LineKind.BYLINE] * 2 + [LineKind.FURNITURE] * 3 + [LineKind.HEADLINE, LineKind.BODY]
    lines, at = [], 0
    for line, kind in zip(said, kinds, strict=True):
        lines.append(Line(at, at + len(line), kind))
        at += len(line) + 1
    found = metadata("\n".join(said), lines)
    assert (found.author, found.date, found.title) == (None, None, "Bridge closed on Monday")


def test_a_day_alone_under_the_byline_is_the_articles() -> None:
    said = [
        "Bridge closed on Monday",
        "By Jane Doe",
        "4 March 2024",
        "Harbour Times",
        "",
        "It was closed.",
        "5 March 2024",
    ]
    kinds = [
        LineKind.HEADLINE,
        LineKind.BYLINE,
        LineKind.FURNITURE,
        LineKind.BYLINE,
        LineKind.BODY,
        LineKind.BODY,
    ]
    text = "\n".join(said)
    lines, at = [], 0
    for line, kind in zip(said, [*kinds, LineKind.FURNITURE], strict=True):
        lines.append(Line(at, at + len(line), kind))
        at += len(line) + 1
    assert metadata(text, lines).date == "2024-03-04"
    lines[1] = Line(lines[1].start, lines[1].end, LineKind.BODY)
    assert metadata(text, lines).date is None
