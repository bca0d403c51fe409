"""Lines that are told by the block they stand in: tables, threads of comments, paragraphs broken over lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import LineKind
from warreader.index.ingest.line_blocks import comments, counts, listed, tables
from warreader.index.ingest.line_units import bare, units
from warreader.index.ingest.lines import classify

PROSE = [
    "The ministry published on Monday the losses of both sides in the first ten weeks of the battle for the town.",
    "The figures could not be checked, but they agree with what witnesses told this paper during the last month.",
    "“We have counted them ourselves,” the governor said on Monday, and gave the list to the press in the evening.",
]
CELLS = [cell for row in range(1, 9) for cell in (f"Brigade {row}", f"{row * 120}", f"{row * 7} %")]


def test_a_table_under_the_text_is_found_from_its_headings_on() -> None:
    lines = [*PROSE, "Unit", "Killed", "Share", *CELLS, PROSE[1]]
    assert list(tables(lines, lambda at: len(lines[at]) > 80)) == [range(3, len(lines) - 1)]


@pytest.mark.parametrize(
    "lines",
    [
        ["Unit", "Killed", *CELLS, *["Other news of the day"] * 30],  # under nothing
        [
            *PROSE,
            *(part for month in range(20) for part in (f"Month {month}", f"({month * 3})")),
        ],  # an archive
        [*PROSE, *(part for one in range(20) for part in (f"Headphones {one}", f"${one * 3}.99"))],  # a shop
        [*PROSE, "Unit", "17", "18"],
    ],
)
def test_other_lists_are_no_tables(lines: list[str]) -> None:
    assert not list(tables(lines, lambda at: len(lines[at]) > 80))


def test_an_archive_is_a_menu_and_three_scores_are_none() -> None:
    archive = [part for month in range(20) for part in (f"Month {month}", f"({month * 3})")]
    assert list(counts([*PROSE, *archive, *PROSE])) == [range(4, 43)]
    assert not list(counts([*PROSE, "Home (3)", "Away (2)", "(1)", *PROSE]))


def test_cells_of_a_table_are_kept() -> None:
    found = classify("\n".join([*PROSE, *CELLS, *PROSE]))
    assert all(line.kept for line in found)


@pytest.mark.parametrize(
    "stamp", ["readerN says:", "readerN on May 3, 2022 at 4:1N pm said:", "N days ago at 07:47 am"]
)
def test_comments_begin_at_the_first_of_several(stamp: str) -> None:
    thread = [
        line for one in range(2, 7) for line in (stamp.replace("N", str(one)), "I think that it is a shame.")
    ]
    assert comments([*PROSE, *thread], range(13)) == len(PROSE)


def test_live_reports_and_speakers_are_no_comments() -> None:
    live = [line for hour in range(9) for line in (f"{hour} hours ago", PROSE[hour % 3])]
    assert comments([*PROSE, *live], range(21)) == len(PROSE) + len(live)
    lines = [*PROSE, "The mayor said:", "“We stay.”", *PROSE]
    assert comments(lines, range(len(lines))) == len(lines)


def test_a_thread_of_comments_is_set_aside() -> None:
    thread = [line for one in range(6) for line in (f"reader{one} says:", PROSE[one % 3].replace("The", "A"))]
    found = classify("\n".join([*PROSE * 3, *thread]))
    assert [line.kept for line in found] == [True] * 9 + [False] * 12


def test_a_paragraph_filled_to_a_width_is_one_unit() -> None:
    words = " ".join(PROSE).split()
    lines: list[str] = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + 1 + len(word) > 60:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    found = units(["Losses published", "", *lines, "", "Read more"])
    assert found.lines == ["Losses published", " ".join(words), "Read more"]
    assert (found.places, found.lasts) == ([0, 2, len(lines) + 3], [0, len(lines) + 1, len(lines) + 3])
    assert found.gaps == [1, 2, 2]


def test_a_sentence_broken_at_its_links_is_one_unit() -> None:
    found = units(["According to", "a report in the paper", ", the bridge is gone.", "Share", "Tweet"])
    assert found.lines == ["According to a report in the paper , the bridge is gone.", "Share", "Tweet"]


def test_what_markup_told_of_is_a_unit_of_its_own() -> None:
    told = [None, LineKind.CAPTION, None]
    assert units(["According to", "a report in the paper", ", it is gone."], told).places == [0, 1, 2]


def test_markdown_is_read_without_its_marks() -> None:
    assert bare("## [Losses **published**](https://paper.example/a)") == "Losses published"
    assert bare("In an [interview][2] on Monday") == "In an interview on Monday"
    assert bare("**") == "**"
    assert [line.kind for line in classify("\n".join([*PROSE, "[12]: https://paper.example/a"]))][
        -1
    ] is LineKind.FURNITURE


@given(st.text("ab.,:[]()#>*1 \n", max_size=200))
def test_each_line_is_in_one_unit(text: str) -> None:
    lines = [line.strip() for line in text.split("\n")]
    found = units(lines)
    covered = [at for one, last in zip(found.places, found.lasts, strict=True) for at in range(one, last + 1)]
    assert covered == [at for at, line in enumerate(lines) if line]
    assert all(found.lines)
    assert len(found.gaps) == len(found.lines)
    assert len(classify(text)) == len(lines)


DAYS = [f"{day} March 2022" for day in (9, 8, 8, 7, 5)]
OTHERS = [
    line
    for number, day in enumerate(DAYS)
    for line in (f"How the river was crossed, part {number}", "Jane Example", day, PROSE[number % 3])
]


def _listed(lines: list[str]) -> list[range]:
    dated = [at for at, line in enumerate(lines) if "2022" in line and len(line) < 40]
    return list(listed(lines, dated, lambda at: len(lines[at]) > 80))


def test_a_list_of_other_articles_is_found_from_its_first_title_on() -> None:
    assert _listed([*PROSE, *OTHERS, PROSE[0], "Contact us"]) == [range(3, 3 + len(OTHERS))]


@pytest.mark.parametrize(
    "lines",
    [
        [line for line in OTHERS if line != DAYS[0]][:12],  # too few
        [line for day in DAYS for line in (PROSE[0], day)],  # a chronicle: days under sentences
        [line for day in DAYS for line in ("The bridge falls", f"{day}, 10:30", PROSE[0])],  # by the hour
        [
            line for day in DAYS for line in ("The bridge falls", day, *PROSE)
        ],  # reports, each a few paragraphs
        [line for day in DAYS for line in (day, "12.4 %")],  # a table
    ],
)
def test_reports_and_tables_with_days_are_no_lists_of_others(lines: list[str]) -> None:
    assert not _listed([*PROSE, *lines])


def test_other_articles_under_the_article_are_set_aside_and_a_chronicle_is_not() -> None:
    article = ["The town and its bridge", "", *[one for line in PROSE * 3 for one in (line, "")]]
    found = classify("\n".join([*article, *OTHERS]))
    assert {line.kept for line in found[-len(OTHERS) :]} == {False}
    assert all(line.kept for line in found[: len(article)])
    found = classify("\n".join([*article[:4], *OTHERS]))
    assert all(line.kept for line in found if line.end - line.start > 80)
