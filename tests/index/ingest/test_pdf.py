"""PDF: which lines are a paragraph, what is a headline, and what the file's own word is worth."""

from __future__ import annotations

from typing import Protocol

import pytest

from warreader.index.article import LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import pdf, pdf_lines
from warreader.index.ingest.pdf_lines import HYPHEN, Document, Line
from warreader.index.ingest.pieces import Piece, Raw

_WIDTH = 0.5
"""Of a letter, as a share of its size."""


def _line(
    left: float, base: float, text: str, size: float = 10, *, page: int = 0, bold: bool = False
) -> Line:
    return Line(text, page, left, left + _WIDTH * size * len(text), base, base + size, size, bold)


def _column(left: float, top: float, lines: list[str], size: float = 10, page: int = 0) -> list[Line]:
    return [_line(left, top - 12 * number, text, size, page=page) for number, text in enumerate(lines)]


def _centred(base: float, text: str, size: float = 10) -> Line:
    return _line(300 - _WIDTH * size * len(text) / 2, base, text, size)


class Read(Protocol):
    """Parses a document of these lines that states this of itself."""

    def __call__(self, lines: list[Line], **stated: str) -> Raw: ...


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    def parse(lines: list[Line], **stated: str) -> Raw:
        document = Document(lines, stated, 1 + max(line.page for line in lines))
        monkeypatch.setattr(pdf_lines, "read", lambda _: document)
        (raw,) = pdf.parse(Piece("pdf", b"", "a.pdf", None, "/a.pdf", "a"))
        return raw

    return parse


BODY = [
    "The bridge was closed to all traffic on Monday after",
    "engineers found cracks in a pier, said the regional",
    "administration, which promised to repair it before",
    "the winter comes.",
]
WHOLE = " ".join(BODY)


def test_a_ragged_column_beside_a_wide_foot_is_one_paragraph(read: Read) -> None:
    lines = [*_column(30, 700, BODY), _line(30, 40, "Printed by the Example House for its readers " * 2, 8)]
    assert read(lines).text.split("\n")[0] == WHOLE


def test_a_headline_of_two_centred_lines_is_one(read: Read) -> None:
    lines = [
        _centred(760, "The long bridge over the river is closed", 16),
        _centred(741, "to all traffic", 16),
    ]
    lines += [_centred(720, "EXAMPLE POST"), _centred(706, "May 2, 2022, Thursday"), *_column(50, 660, BODY)]
    raw = read(lines)
    assert raw.text.split("\n") == [
        "The long bridge over the river is closed to all traffic",
        "EXAMPLE POST",
        "May 2, 2022, Thursday",
        WHOLE,
    ]
    assert raw.meta.title == "The long bridge over the river is closed to all traffic"


def test_a_bold_heading_is_not_the_beginning_of_its_paragraph(read: Read) -> None:
    heading = _line(50, 712, "What the administration said of the old bridge now", bold=True)
    assert read([heading, *_column(50, 700, BODY)]).text.split("\n")[1] == WHOLE


def test_a_footnote_comes_after_the_paragraph_that_it_interrupts(read: Read) -> None:
    notes = [_line(50, 60, "1 Interview with the head of the office, 3 May 2022.", 7)]
    lines = _column(50, 700, BODY[:2]) + notes + _column(50, 700, BODY[2:], page=1)
    assert read(lines).text.split("\n") == [WHOLE, notes[0].text]


def test_small_print_above_the_text_is_no_footnote(read: Read) -> None:
    caption = _line(50, 690, "The pier of the bridge, seen from the south", 7)
    lines = [*_column(50, 720, BODY[:2]), caption, *_column(50, 670, BODY[2:])]
    assert read(lines).text.split("\n")[1] == caption.text


def test_a_broken_word_does_not_vouch_for_its_own_parts(read: Read) -> None:
    lines = ["It is of all in the city, in" + HYPHEN, "cluding the bridge, that they spoke of there."]
    assert "including the bridge" in read(_column(50, 700, lines)).text


@pytest.mark.parametrize(
    ("lines", "whole"),
    [
        (
            ["橋は月曜日から通行止めになり、当局は", "修理を急いでいると述べた。"],
            "橋は月曜日から通行止めになり、当局は修理を急いでいると述べた。",
        ),
        (
            ["교량 보수가 보험금 지급을 늦췄다고 그 보험", "금 지급 기관이 말했다. 보험금 문제다."],
            "그 보험금 지급 기관이",
        ),
    ],
    ids=["Japanese", "Korean"],
)
def test_where_lines_end_without_a_blank_none_is_added(read: Read, lines: list[str], whole: str) -> None:
    found = [
        Line(text, 0, 50, 50 + 10 * len(text), 700 - 12 * at, 710 - 12 * at, 10)
        for at, text in enumerate(lines)
    ]
    assert whole in read(found).text


def test_lines_of_a_table_of_contents_are_furniture_each_on_its_own(read: Read) -> None:
    entries = ["1 The bridge . . . . . . . . . . 4", "2 The river . . . . . . . . . . . 5"]
    raw = read(_column(50, 780, entries) + _column(50, 700, BODY))
    assert raw.text.split("\n")[:2] == entries
    assert raw.kinds is not None
    assert raw.kinds[:3] == (LineKind.FURNITURE, LineKind.FURNITURE, None)


def test_who_typed_it_is_not_its_author(read: Read) -> None:
    assert read(_column(50, 700, BODY), Author="e516160").meta.author is None
    assert read(_column(50, 700, BODY), Author="Jane Doe").meta.author is None
    signed = [_line(50, 730, "A report by Jane Doe"), *_column(50, 700, BODY)]
    assert read(signed, Author="Jane Doe").meta.author == "Jane Doe"


def test_a_window_title_gives_headline_and_outlet(read: Read) -> None:
    foot = _line(50, 20, "https://www.example-post.org/2022/bridge 1/1", 8)
    foot.furniture = True
    lines = [
        _line(50, 770, "EXAMPLE POST", 30),
        _line(50, 730, "The bridge is closed", 14),
        *_column(50, 700, BODY),
        foot,
    ]
    raw = read(lines, Title="The bridge is closed - Example Post")
    assert raw.meta == Metadata(
        title="The bridge is closed", outlet="Example Post", url="https://www.example-post.org/2022/bridge"
    )
    assert raw.kinds is not None
    assert raw.kinds[1] is LineKind.HEADLINE


def test_what_papers_are_called_is_no_title(read: Read) -> None:
    lines = [
        _line(50, 770, "PRESS RELEASE", 30),
        _line(50, 730, "The bridge is closed", 18),
        *_column(50, 700, BODY),
    ]
    assert read(lines).meta.title == "The bridge is closed"


def test_a_file_that_does_not_tell_its_letters_is_said_to_need_ocr(read: Read) -> None:
    unknown = chr(pdf_lines.UNKNOWN)
    with pytest.raises(InputError, match="ocrmypdf --force-ocr"):
        read(_column(50, 700, [unknown * 20 + " and", unknown * 20]))
    assert unknown in read(_column(50, 700, [*BODY, f"{unknown} A point"])).text
