"""Who speaks where the verb is turned round, or another relays it."""

from __future__ import annotations

import pytest

from warreader.index.article import Line, LineKind, QuotationKind
from warreader.index.quotations.extraction import Extracted, extract
from warreader.index.text import line_spans


def quotations(text: str, kind: LineKind = LineKind.BODY) -> list[Extracted]:
    """What is found in a text of lines of one kind."""
    return extract(text, [Line(span.start, span.end, kind) for span in line_spans(text)])


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("“We must go on,” he was quoted as saying by Tass.", "“We must go on,”", "he"),
        ("“We must go on,” Clarke was cited by Tass as saying on Friday.", "“We must go on,”", "Clarke"),
        ("“We must go on,” Danish news agencies quoted Clarke as saying.", "“We must go on,”", "Clarke"),
        ("Danish agencies quoted Mr Clarke as saying the talks went on.", "the talks went on", "Mr Clarke"),
        ("Clarke was quoted by the agency Tass as saying that he would go.", "he would go", "Clarke"),
        ("The agency cited the deputy minister as saying he would go.", "he would go", "the deputy minister"),
        (
            "It was announced by the governor, Ann Lee, that the town would be left.",
            "the town would be left",
            "the governor",
        ),
        ("The bridge was described by Clarke as “a wonder of the age”.", "“a wonder of the age”", "Clarke"),
        ("The raid was condemned by the union as “a crime”.", "“a crime”", "the union"),
        ("Clarke has been accused by Lee of “theft on a grand scale”.", "“theft on a grand scale”", "Lee"),
    ],
)
def test_passives_and_who_relays(text: str, content: str, speaker: str) -> None:
    (found,) = quotations(text)
    assert text[found.start : found.end] == content
    assert found.speaker is not None and found.speaker.of(text) == speaker


def test_a_clause_on_the_source_is_not_what_it_says() -> None:
    text = "According to the ministry, which runs the ports, two ships were lost."
    (found,) = quotations(text)
    assert text[found.start : found.end] == "two ships were lost"


def test_experts_cited_are_not_what_is_said() -> None:
    text = "The plant was hit twice, said the agency, citing its experts at the site."
    assert [text[q.start : q.end] for q in quotations(text)] == ["The plant was hit twice"]


def test_headlines_report_by_plain_verbs_only() -> None:
    assert quotations("Denmark seeks foreign volunteers to fight the fires", LineKind.HEADLINE) == []
    assert quotations("Shock video shows that soldiers fled the town", LineKind.HEADLINE) == []
    (found,) = quotations("Denmark says fires are out", LineKind.HEADLINE)
    assert found.kind is QuotationKind.INDIRECT


def test_what_was_posted_on_x_ends_there() -> None:
    text = "“It must end,” Clarke posted on X. Envoy Ann Lee said that “nobody wants it to go on like this”."
    speakers = [q.speaker.of(text) for q in quotations(text) if q.speaker is not None]
    assert speakers[0] == "Clarke" and set(speakers[1:]) == {"Envoy Ann Lee"}


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("Clarke announced that Lee would go on Jan. 1, by sea.", "Lee would go on Jan. 1, by sea", "Clarke"),
        ("An army spokesman meanwhile said the raid was over.", "the raid was over", "An army spokesman"),
        ("Just two days later Ann Lee said that the town had been lost.", "the town had been lost", "Ann Lee"),
        ("A report by the think tank warned the war would last.", "the war would last", "A report by the think tank"),
    ],
)  # fmt: skip
def test_bounds_of_content_and_speaker(text: str, content: str, speaker: str) -> None:
    (found,) = quotations(text)
    assert text[found.start : found.end] == content
    assert found.speaker is not None and found.speaker.of(text) == speaker


def test_a_link_run_into_the_text_is_no_part_of_it() -> None:
    text = (
        "The bridge fell. Related article Clarke says the bridge will be rebuilt The union said two "
        "workers were hurt."
    )
    found = {q.speaker.of(text): text[q.start : q.end] for q in quotations(text) if q.speaker is not None}
    assert found == {"Clarke": "the bridge will be rebuilt", "The union": "two workers were hurt"}


def test_who_took_a_picture_says_nothing() -> None:
    text = "Troops wait for food. Ann Lee/Example/Getty Images Clarke said the road was closed."
    (found,) = quotations(text)
    assert found.speaker is not None and found.speaker.of(text) == "Clarke"
