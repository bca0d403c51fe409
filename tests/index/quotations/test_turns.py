"""Speech that no marks hold: interviews, dialogue after dashes, signed posts, block quotations."""

from __future__ import annotations

import pytest

from warreader.index.article import Label, Line, LineKind, Mention, QuotationKind
from warreader.index.quotations.extraction import extract
from warreader.index.quotations.turns import _before_links
from warreader.index.text import line_spans


def turns(text: str, *mentions: Mention) -> list[tuple[str, str | None]]:
    """Direct speech and who says it, by their words in the text."""
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    return [
        ("\n".join(s.of(text) for s in q.segments), q.speaker.of(text) if q.speaker else None)
        for q in extract(text, lines, mentions)
        if q.kind is QuotationKind.DIRECT
    ]


def test_questions_and_answers() -> None:
    text = "Q: What comes next?\nA: We go on. We stay here.\nQ: And the bridge?\nA: It was destroyed."
    assert [words for words, _ in turns(text)] == [
        "What comes next?",
        "We go on. We stay here.",
        "And the bridge?",
        "It was destroyed.",
    ]


@pytest.mark.parametrize(("asks", "answers"), [("CHANNEL ONE", "CLARKE"), ("Channel One", "Ann Lee")])
def test_a_transcript_by_names(asks: str, answers: str) -> None:
    text = f"{asks}: What comes next?\n{answers}: We go on.\n\nWe stay.\n{asks}: And then?\n{answers}: I don't know."
    assert turns(text) == [
        ("What comes next?", asks),
        ("We go on.\nWe stay.", answers),
        ("And then?", asks),
        ("I don't know.", answers),
    ]


def test_who_answers_is_known() -> None:
    text = "CHANNEL ONE: What comes next?\nANN LEE: We go on.\nCHANNEL ONE: And then?\nANN LEE: I don't know."
    at = text.index("ANN LEE")
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    mentions = [Mention("a", at, at + 7, "ANN LEE", Label.PERSON, "p:lee")]
    assert extract(text, lines, mentions)[1].entity == "p:lee"


def test_a_transcript_within_a_paragraph() -> None:
    text = "The tape was heard. LEE: Take the road, you two. CLARKE: Got it. LEE: Report back. The tape ends."
    assert turns(text) == [("Take the road, you two.", "LEE"), ("Got it.", "CLARKE"), ("Report back.", "LEE")]


@pytest.mark.parametrize(
    "text",
    [
        "Location: Kyiv\nDate: 3 March 2022\nWeather: Cold",
        "Read more: The bridge was closed.\nWatch: The road.\nRead more: The army came.\nWatch: We go on.",
        "North: 200 tanks were lost.\nSouth: 100 tanks were lost.\nNorth: 10 planes.\nSouth: 5 planes.",
        "Claim: We lost the bridge.\nVerdict: False.\nClaim: You lost the road.\nVerdict: False.",
    ],
)
def test_labels_that_nobody_speaks_after(text: str) -> None:
    assert turns(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("— We go on, — said Clarke. — We stay.", [("We go on,\nWe stay.", "Clarke")]),
        ("– We go on, – the commander said.", [("We go on,", "the commander")]),
        ("- We go on, - Clarke told reporters. - We stay.", [("We go on,\nWe stay.", "Clarke")]),
        (
            "— We go on.\n— And then?\n— Then we stay, Clarke replied.",
            [("We go on.", None), ("And then?", None), ("Then we stay,", "Clarke")],
        ),
    ],
)
def test_speech_after_a_dash(text: str, found: list[tuple[str, str | None]]) -> None:
    read = turns(text.replace("\nWe stay.", " We stay."))
    assert [(words.replace("\n", " "), who) for words, who in read] == [
        (words.replace("\n", " "), who) for words, who in found
    ]


@pytest.mark.parametrize(
    "text",
    [
        "— the road was closed\n— the bridge was destroyed\n— nine people died",
        "- Ann Lee, Kyiv\n- Photos: AP",
        "— The road was closed on Monday.\n— The bridge was destroyed in May.",
        "— Ann Lee (@annlee) March 3, 2022",
        "— The port was hit in the south, according to Russian officials\n— Nine people died",
    ],
)
def test_a_list_is_no_dialogue(text: str) -> None:
    assert turns(text) == []


def test_a_post_is_its_authors() -> None:
    text = (
        "It rained.\n\nWe go on. https://t.co/abc — Ann Lee (@annlee) March 3, 2022\n\nThe road was closed."
    )
    assert turns(text) == [("We go on.", "Ann Lee")]
    text = "It rained.\n\nWe go on.\n\n— Ann Lee (@annlee) March 3, 2022"
    assert turns(text) == [("We go on.", "Ann Lee")]


def test_a_block_quotation_has_its_speaker_above() -> None:
    text = "Clarke wrote on Telegram:\n\nWe go on. We stay here as long as it takes.\n\nIt rained."
    assert turns(text) == [("We go on. We stay here as long as it takes.", "Clarke")]


@pytest.mark.parametrize(
    "text",
    [
        "Clarke said the road would be closed:\n\nThe bridge was destroyed in May and rebuilt.",
        "Here is what is known:\n\nThe bridge was destroyed in May and rebuilt.",
        "Clarke said:\n\nThe mayor said that the bridge was destroyed in May.",
    ],
)
def test_what_only_stands_below_a_colon(text: str) -> None:
    assert turns(text) == []


def test_nothing_else_is_found_within_a_turn() -> None:
    text = "Q: What comes next?\nA: Lee said that we “go on” here.\nQ: And then?\nA: I said no."
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    assert {q.kind for q in extract(text, lines)} == {QuotationKind.DIRECT}


def test_links_end_a_post() -> None:
    text = "We go. See t.co/a now. https://t.co/abc pic.twitter.com/x "
    assert text[: _before_links(text, 0, len(text))].strip() == "We go. See t.co/a now."
    assert _before_links("https://t.co/a t.co/b", 0, 21) == 0
