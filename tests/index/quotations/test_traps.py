"""Marks that mislead: mixed, unclosed, nested, foreign, single, in titles and in left-over markup."""

from __future__ import annotations

import pytest

from warreader.index.article import Line, LineKind, QuotationKind, Span
from warreader.index.quotations.extraction import Extracted, extract
from warreader.index.text import line_spans

DIRECT, MIXED, INDIRECT, SCARE = (
    QuotationKind.DIRECT,
    QuotationKind.MIXED,
    QuotationKind.INDIRECT,
    QuotationKind.SCARE,
)


def read(text: str, *, headline: bool = False) -> list[Extracted]:
    """The quotations of a text of body lines; the first a headline if asked for."""
    lines = [
        Line(span.start, span.end, LineKind.HEADLINE if headline and not number else LineKind.BODY)
        for number, span in enumerate(line_spans(text))
    ]
    return extract(text, lines)


def said(text: str, *kinds: QuotationKind) -> list[str]:
    """The words of each quotation of these kinds, a segment a line."""
    return ["\n".join(s.of(text) for s in q.segments) for q in read(text) if not kinds or q.kind in kinds]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        # Opened by one sort of mark, closed by another.
        ('Clarke said: “We go on." Then he left. He added: "We stay.” It rained.', ['“We go on."', '"We stay.”']),
        ("Clarke said: „We go on.“ Then he left.", ["„We go on.“"]),
        ("Clarke said: „We go on.” Then he left.", ["„We go on.”"]),
        ("Clarke said: «We go on.» Then he left. «It is cold», he added.", ["«We go on.»", "«It is cold»"]),
        ("Clarke said: »We go on.« Then he left.", ["»We go on.«"]),
        ("Clarke said: « We go on. » Then he left.", ["« We go on. »"]),
        (
            "\xa0“We go on,”\xa0Clarke\xa0said. «\xa0We stay here\xa0», he\xa0added.",
            ["“We go on,”", "«\xa0We stay here\xa0»"],
        ),
        # British papers: single marks outside, double ones within.
        (
            "‘We go on,’ said Clarke. ‘It’s the soldiers’ war,’ he added. ‘They don’t know what “peace” is.’",
            ["‘We go on,’", "‘It’s the soldiers’ war,’", "‘They don’t know what “peace” is.’"],
        ),
        ("'I don't know,' Clarke told the paper. 'We can't say.'", ["'I don't know,'", "'We can't say.'"]),
        ("“We go on”, Clarke said. It rained.", ["“We go on”"]),
        # Nested.
        ("“He told me, “Go home,” and I went,” Lee said.", ["“He told me, “Go home,” and I went,”"]),
        ("“They said ‘go home’ to us,” Lee said.", ["“They said ‘go home’ to us,”"]),
        # Closed twice, opened twice, never closed.
        ("““We go on,”” said Clarke.", ["““We go on,””"]),
        ('He wrote "We go on.', ['"We go on.']),
        (
            "Clarke said: “We go on. It rained all day.\nThe army came later. Lee said: “We stay.”",
            ["“We go on. It rained all day.", "“We stay.”"],
        ),
        # Over paragraphs.
        ("Clarke said: “We go on.\n\n“We stay.”\n\nIt rained.", ["“We go on.\n“We stay.”"]),
        ("‘We go on.\n\n‘We stay as long as it takes.’\n\nIt rained.", ["‘We go on.\n‘We stay as long as it takes.’"]),
        # A page that lost its spaces.
        ('"We go on," Clarke said."We stay," he added.', ['"We go on,"', '"We stay,"']),
        ("It rained in May.“We go on,” Clarke said.The road was closed.", ["“We go on,”"]),
    ],
)  # fmt: skip
def test_marked_speech_is_found_whole(text: str, quoted: list[str]) -> None:
    assert said(text, DIRECT) == quoted
    assert said(text, MIXED, SCARE) == []


@pytest.mark.parametrize(
    "text",
    [
        "People' s Republic and the workers' union met.",
        "In the ’90s and rock ’n’ roll, ’twas fun. The class of ’22 left.",
        "The villagers’ houses burned and the soldiers’ trucks left.",
        'He stood 6\'2" tall with a 5" gun.',
        '<tweet author="@annlee" date="March 9, 2016">The road is closed.',
    ],
)
def test_what_only_looks_like_marks(text: str) -> None:
    assert said(text, DIRECT, MIXED, SCARE) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Clarke’s “special operation” was no success.", "“special operation”"),
        ("The so-called “republic” fell.", "“republic”"),
        ("Clarke wrote on it in “The Long War,” his second book.", "“The Long War,”"),
        ("Clarke said on Channel One's “Evening Report” that it rained.", "“Evening Report”"),
        ("Clarke told “Evening Report” that it rained.", "“Evening Report”"),
    ],
)
def test_words_nobody_says(text: str, words: str) -> None:
    assert words in said(text, SCARE)
    assert said(text, DIRECT, MIXED) == []


def test_a_heading_within_an_article_is_nobodys_words() -> None:
    text = "“We go on,” said Clarke.\n\n'A long road'\n\n“We stay,” said Lee."
    assert said(text, SCARE) == ["'A long road'"]
    # Where single marks are what a paper quotes with, it may be speech.
    assert said("‘We go on,’ said Clarke.\n\n‘We stay.’", DIRECT) == ["‘We go on,’", "‘We stay.’"]


@pytest.mark.parametrize(
    ("text", "words", "speaker"),
    [
        ("‘We will win this’: Zelensky", "‘We will win this’", "Zelensky"),
        ("Zelensky: “We will win this”", "“We will win this”", "Zelensky"),
        ("Border war: 'We have nowhere to go', say villagers", "'We have nowhere to go'", "villagers"),
    ],
)
def test_speech_in_headlines(text: str, words: str, speaker: str) -> None:
    (found,) = [q for q in read(text, headline=True) if q.kind in (DIRECT, MIXED)]
    assert text[found.start : found.end] == words
    assert found.speaker is not None and found.speaker.of(text) == speaker


def test_a_subject_before_a_colon_does_not_speak() -> None:
    for text in ("Border war: 'We have nowhere to go'", "Watch: “We have nowhere to go”"):
        assert all(q.speaker is None for q in read(text, headline=True))


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ("According to Clarke, “the bridge is closed”.", "Clarke", "According to"),
        ("“We go on,” reads the statement.", "the statement", "reads"),
        ("“We go on,” the post reads.", "the post", "reads"),
        ("“We go on,” 40-year-old builder and father Ann Lee said.", "Ann Lee", "said"),
        ("Clarke wrote on Telegram: “We go on.”", "Clarke", "wrote"),
        ("“Nine people died,” the governor wrote on Telegram.", "the governor", "wrote"),
        ("“How can we go on?” asked another fighter.", "another fighter", "asked"),
        ("In a post on X, Clarke wrote, “We go on.”", "Clarke", "wrote"),
    ],
)
def test_speakers_of_marked_words(text: str, speaker: str, cue: str) -> None:
    found = next(q for q in read(text) if q.kind in (DIRECT, MIXED))
    assert found.speaker is not None and found.speaker.of(text).endswith(speaker)
    assert found.cue is not None and found.cue.of(text) == cue


def test_a_word_broken_after_its_hyphen_reports_nothing() -> None:
    text = "The town was taken by the self- proclaimed Donetsk Republic after two days of fighting."
    assert said(text, INDIRECT) == []


@pytest.mark.parametrize(
    "text",
    [
        "The commander of the brigade, Alexander Smith, called on his compatriots to take to the streets.",
        "Saying Israel was committing a crime, the minister left the room before the vote.",
        "A father of a boy who was in the park for a day out says the sirens came too late.",
    ],
)
def test_nobody_is_part_of_what_he_says(text: str) -> None:
    for quotation in read(text):
        who = quotation.speaker
        assert who is None or who.end <= quotation.start or quotation.end <= who.start
        assert "commander" not in Span(quotation.start, quotation.end).of(text)
