"""Contents that a report between commas breaks in two."""

from __future__ import annotations

import pytest

from warreader.index.article import Line, LineKind, QuotationKind
from warreader.index.quotations.extraction import extract
from warreader.index.text import line_spans


def indirect(text: str) -> list[list[str]]:
    """The parts of each quotation without marks."""
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    return [
        [text[part.start : part.end] for part in one.segments]
        for one in extract(text, lines)
        if one.kind is QuotationKind.INDIRECT
    ]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "If the bridge falls, Mr Clarke said, the whole northern road will be open to the enemy.",
            ["If the bridge falls", "the whole northern road will be open to the enemy"],
        ),
        (
            "The soldiers were trying to reach a shelter, Clarke said, but had not been able to find one.",
            ["The soldiers were trying to reach a shelter", "but had not been able to find one"],
        ),
        (
            "The drones had flown in from the sea, officials said, which made them harder to see on radar.",
            ["The drones had flown in from the sea", "which made them harder to see on radar"],
        ),
        (
            "The depot was hit twice in the night, the ministry said, because its cover had been taken away.",
            ["The depot was hit twice in the night", "because its cover had been taken away"],
        ),
        (
            "There is a real danger, the officials said, that the dam will give way before the spring.",
            ["There is a real danger", "that the dam will give way before the spring"],
        ),
        (
            "The village had been taken, Clarke said in an interview on Friday, and the road to the south was cut.",
            ["The village had been taken", "and the road to the south was cut"],
        ),
    ],
)
def test_both_parts_are_one_quotation(text: str, parts: list[str]) -> None:
    assert indirect(text) == [parts]


@pytest.mark.parametrize(
    "rest",
    [
        "smiling at the crowd.",
        "who had come from Kyiv that morning.",
        "his voice low and calm.",
        "on condition of anonymity.",
        "as Kyiv braced for a further night of strikes.",
        "“and they will be back.”",
    ],
)
def test_what_tells_of_saying_it_is_no_part(rest: str) -> None:
    found = indirect(f"The soldiers had left the town before dawn, he said, {rest}")
    assert found == [["The soldiers had left the town before dawn"]]


def test_who_says_it_after_the_verb_may_be_told_more_of() -> None:
    found = indirect("The soldiers had left the town before dawn, said Ann Clarke, the mayor of the town.")
    assert found == [["The soldiers had left the town before dawn"]]


def test_another_report_has_its_own() -> None:
    found = indirect("The soldiers had left the town, Clarke said, but the mayor said that some had stayed.")
    assert ["some had stayed"] in found
    assert all(len(parts) == 1 for parts in found)
