"""What news archives export: many articles in one document, with heads and feet of fields."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import LineKind, Metadata
from warreader.index.ingest.exports import parted
from warreader.index.ingest.lines import classify
from warreader.index.ingest.pieces import Raw

_BODY = (
    "The port was shelled on Monday, officials in the city said on Tuesday, and two ships were damaged.",
    "“We saw it from the hill,” said the harbour master, who had been on duty since the evening before.",
)


def _factiva(number: int) -> list[str]:
    return [
        "World",
        f"Shells hit the port for the {number}th time",
        "By Jane Example and John Other",
        "1,312 words",
        f"{number} February 2023",
        "10:15 GMT",
        "Example Times",
        "EXTM",
        "A4",
        "English",
        "Copyright 2023. Example Times. All Rights Reserved.",
        *_BODY,
        f"Document EXTM000020230206ej26000{number:02}",
    ]


def _coded(number: int) -> list[str]:
    return [
        f"HD\tShells hit the port for the {number}th time",
        "BY\tBy Jane Example and John Other",
        "WC",
        "1,312 words",
        f"PD  {number} February 2023",
        "SN  Example Times",
        "SC  EXTM",
        "LA  English",
        "CY  Copyright 2023. Example Times.",
        f"LP\t{_BODY[0]}",
        "TD",
        _BODY[1],
        "NS  gcat : Political/General News",
        f"AN  Document EXTM000020230206ej26000{number:02}",
    ]


def _lexis(number: int) -> list[str]:
    return [
        f"Shells hit the port for the {number}th time",
        "Example Times",
        f"February {number}, 2023 Monday",
        "Copyright 2023 Example Times All Rights Reserved",
        "Section: WORLD; Pg. 4",
        "Length: 312 words",
        "Byline: By Jane Example and John Other",
        "Highlight: Two ships were damaged",
        "Body",
        *_BODY,
        "Classification",
        "Language: ENGLISH; ENGLISH",
        "Load-Date: February 7, 2023",
        "End of Document",
    ]


def _older_lexis(number: int) -> list[str]:
    return [
        f"{number} of 3 DOCUMENTS",
        "Example Times",
        f"February {number}, 2023 Monday",
        "Late Edition - Final",
        f"Shells hit the port for the {number}th time",
        "BYLINE: By Jane Example and John Other",
        "SECTION: World; Pg. 4",
        "LENGTH: 312 words",
        *_BODY,
        "LOAD-DATE: February 7, 2023",
        "LANGUAGE: ENGLISH",
    ]


@pytest.mark.parametrize("made", [_factiva, _coded, _lexis, _older_lexis])
def test_each_article_of_an_export_is_one(made: object) -> None:
    assert callable(made)
    text = "\n\n".join(line for number in (1, 2, 3) for line in made(number))
    found = list(parted(Raw("export", text, Metadata(author="Export User"))))
    assert [raw.meta for raw in found] == [
        Metadata(
            title=f"Shells hit the port for the {number}th time",
            outlet="Example Times",
            author="Jane Example and John Other",
            date=f"2023-02-{number:02}",
            language="en",
        )
        for number in (1, 2, 3)
    ]
    assert len({raw.id for raw in found}) == 3
    for raw in found:
        kinds = {raw.text[line.start : line.end]: line.kind for line in classify(raw.text, raw.kinds)}
        kept = [words for words, kind in kinds.items() if words and kind is LineKind.BODY]
        assert [words.removeprefix("LP\t") for words in kept] == list(_BODY)
    # Nothing is lost, and nothing stands twice.
    assert "".join("".join(raw.text.split()) for raw in found) == "".join(text.split())


def test_factiva_s_own_numbers_are_the_ids() -> None:
    found = list(parted(Raw("export", "\n".join(_factiva(7)))))
    assert [(raw.id, raw.stated_id) for raw in found] == [("EXTM000020230206ej2600007", True)]


def test_heads_and_feet_of_pages_belong_to_no_article_s_head() -> None:
    lines, kinds = list[str](), list[LineKind | None]()
    for number in (1, 2):
        own = _lexis(number)
        for line in ("JANE READER", f"Page {number} of 2", *own):
            lines.append(line)
            kinds.append(None if line in own else LineKind.FURNITURE)
    first, second = parted(Raw("a", "\n".join(lines), kinds=tuple(kinds)))
    assert (second.meta.title, second.meta.outlet) == (
        "Shells hit the port for the 2th time",
        "Example Times",
    )
    assert "JANE READER" in first.text + second.text


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("Jane Example, Example Times Staff Writer", "Jane Example"),
        ("Jane Example and John Other, Example Times Staff Writers", "Jane Example and John Other"),
        ("Jane Example; Special for EXAMPLE TIMES", "Jane Example"),
        ("Jane Example, John Other", "Jane Example, John Other"),
    ],
)
def test_what_somebody_writes_as_is_not_their_name(stated: str, author: str) -> None:
    lines = [f"Byline: {stated}" if line.startswith("Byline") else line for line in _lexis(1)]
    (raw,) = parted(Raw("a", "\n".join(lines)))
    assert raw.meta.author == author


def test_a_cover_page_is_no_article_and_what_has_no_fields_is_kept() -> None:
    cover = [
        "User Name: Export User",
        "Documents (2)",
        "1. Shells hit the port",
        "| About LexisNexis | Privacy Policy",
    ]
    odd = ["An article without fields", *_BODY, *_BODY, "End of Document"]
    found = list(parted(Raw("export", "\n".join([*cover, *_lexis(1), *odd, "", *_BODY * 2]))))
    assert [raw.text.split("\n")[0] for raw in found] == [
        "Shells hit the port for the 1th time",
        odd[0],
        _BODY[0],
    ]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(_BODY),
        "Document 1 of 3 was signed on Monday.\n" + _BODY[0],
        "He called it the End of Document and left.\nEnd of Document",
        "The report\n" + "\n".join(_BODY) + "\nEnd of Document\n",
    ],
)
def test_any_other_text_is_left_as_it_is(text: str) -> None:
    raw = Raw("text", text, Metadata(title="A title"))
    assert list(parted(raw)) == [raw]


@given(
    st.lists(st.sampled_from([*_factiva(1), *_coded(2), *_lexis(3), *_older_lexis(4), "", " "]), max_size=60)
)
def test_no_order_of_lines_loses_any(lines: list[str]) -> None:
    found = list(parted(Raw("text", "\n".join(lines))))
    assert "".join("".join(raw.text.split()) for raw in found) == "".join("".join(lines).split())
    for raw in found:
        assert raw.kinds is None or len(raw.kinds) == len(raw.text.split("\n"))
