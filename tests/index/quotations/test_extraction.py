"""Quotations as they are found in text."""

from __future__ import annotations

import itertools
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from warreader.index.article import Label, Line, LineKind, Mention, QuotationKind
from warreader.index.quotations.extraction import Extracted, extract
from warreader.index.text import line_spans

DIRECT, MIXED, INDIRECT, SCARE = (
    QuotationKind.DIRECT,
    QuotationKind.MIXED,
    QuotationKind.INDIRECT,
    QuotationKind.SCARE,
)


def lines_of(text: str, *, headline: bool = False, dropped: tuple[str, ...] = ()) -> list[Line]:
    """Lines of body text; the first a headline if asked for, those that begin with a dropped word captions."""
    lines = []
    for number, span in enumerate(line_spans(text)):
        kind = LineKind.HEADLINE if headline and number == 0 else LineKind.BODY
        if dropped and span.of(text).startswith(dropped):
            kind = LineKind.CAPTION
        lines.append(Line(span.start, span.end, kind))
    return lines


def found_in(text: str, *kinds: QuotationKind) -> list[str]:
    """The words of the quotations of some kinds."""
    return [text[q.start : q.end] for q in extract(text, lines_of(text)) if not kinds or q.kind in kinds]


def only(text: str, kind: QuotationKind) -> Extracted:
    """The one quotation of a kind."""
    (found,) = [q for q in extract(text, lines_of(text)) if q.kind is kind]
    return found


@pytest.mark.parametrize(
    ("text", "speaker", "cue"),
    [
        ("Clarke said: “We will see.”", "Clarke", "said"),
        ("“We will see,” said Clarke.", "Clarke", "said"),
        ("“We will see,” Clarke said on Friday.", "Clarke", "said"),
        ('"We will see," the analyst told The Sun.', "the analyst", "told"),
        ("``We will see,'' Clarke added.", "Clarke", "added"),
        ("The analyst went on to say, “We will see.”", "The analyst", "went on to say"),
        ("“Will we see?” Clarke asked.", "Clarke", "asked"),
        ("Clarke, responding in a video, said: “We will see.”", "Clarke", "said"),
    ],
)
def test_direct_with_speaker_and_cue(text: str, speaker: str, cue: str) -> None:
    found = only(text, DIRECT)
    assert found.speaker is not None and found.speaker.of(text) == speaker
    assert found.cue is not None and found.cue.of(text) == cue
    assert not found.inferred


def test_bounds_include_marks() -> None:
    assert found_in("He said: “We (all of us) will see.” Then he left.", DIRECT) == [
        "“We (all of us) will see.”"
    ]


def test_fragment_is_mixed_inside_an_indirect_one() -> None:
    text = "Clarke said that it would cross “quite a big legal line”."
    assert found_in(text, MIXED) == ["“quite a big legal line”"]
    assert found_in(text, INDIRECT) == ["it would cross “quite a big legal line”"]


def test_marks_without_a_report_are_scare_quotes() -> None:
    assert found_in("Li shot to fame as a “celebrity soldier” last year.") == ["“celebrity soldier”"]
    assert only("Li shot to fame as a “celebrity soldier” last year.", SCARE).speaker is None


def test_one_quotation_over_joined_paragraphs() -> None:
    text = 'Vilkul said: "We go on. "We will rebuild. "We will stay." He left.'
    found = only(text, DIRECT)
    assert text[found.start : found.end] == '"We go on. "We will rebuild. "We will stay."'
    assert len(found.segments) == 3


def test_one_quotation_over_paragraphs_and_a_caption() -> None:
    text = "Clarke said: “We go on.\n\nPhoto of a “tank” in a field\n\n“We will stay.”\n\nIt rained."
    found = extract(text, lines_of(text, dropped=("Photo",)))
    assert [[span.of(text) for span in q.segments] for q in found] == [["“We go on.", "“We will stay.”"]]


def test_a_paragraph_that_does_not_open_ends_an_unclosed_quotation() -> None:
    text = "Clarke said: “We go on.\n\nIt rained. He said: “We will stay.”"
    assert found_in(text, DIRECT) == ["“We go on.", "“We will stay.”"]


def test_nested_marks_are_part_of_the_outer_quotation() -> None:
    assert found_in("He said: “They shouted “go home” at us all day.”", DIRECT) == [
        "“They shouted “go home” at us all day.”"
    ]
    assert found_in("He said: “They shouted ‘go home’ at us all day.”", DIRECT) == [
        "“They shouted ‘go home’ at us all day.”"
    ]


def test_a_mark_closed_twice_adds_nothing() -> None:
    assert found_in("He said: “We go on.”” Then he left.", DIRECT, SCARE) == ["“We go on.”"]


def test_single_marks_and_apostrophes() -> None:
    assert found_in("Soldiers are ‘tip of iceberg’ in Putin’s war") == ["‘tip of iceberg’"]
    assert found_in("The People' s Republic of the workers' union isn't ours") == []
    assert found_in("A ‘soldiers’ war’ goes on") == ["‘soldiers’ war’"]
    assert found_in("‘I hope “no” is clear,’ said Clarke.", DIRECT) == ["‘I hope “no” is clear,’"]


def test_measures_are_not_quotations() -> None:
    assert found_in('The man, 6\'2" tall, left. The 5" gun fired at 7" pipes.') == []


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "US officials said these could include fighters from Syria.",
            "these could include fighters from Syria",
        ),
        ("Zelensky urged the West to act now.", "the West to act now"),
        ("According to the UN, the attack killed nine children.", "the attack killed nine children"),
        ("Explosions hit two airfields, according to Russian officials.", "Explosions hit two airfields"),
        ("He said he joined in July 2023 but did not say why.", "he joined in July 2023"),
        ("He said that the front held, claiming that 15,000 had died.", "the front held"),
        ("He pledged to push them back to the border.", "to push them back to the border"),
        ("The war could widen further, reports the Mirror.", "The war could widen further"),
    ],
)
def test_indirect_content(text: str, content: str) -> None:
    assert content in found_in(text, INDIRECT)


@pytest.mark.parametrize(
    "text",
    [
        "The reported arrest surprised them all.",
        "Many jokes about it were told.",
        "They act on state orders and more.",
    ],
)
def test_nouns_do_not_report(text: str) -> None:
    assert found_in(text) == []


def mention(text: str, name: str, entity: str, start: int = 0) -> Mention:
    """A person's mention."""
    at = text.index(name, start)
    return Mention("a", at, at + len(name), name, Label.PERSON, entity)


def test_pronoun_and_role_stand_for_the_last_speaker() -> None:
    text = (
        "Michael Clarke said the arrest was serious.\n\nHe said: “It would mean a lot to them.”\n\n"
        "The military expert added: “They would pretend it isn’t so.”\n\n“It has been ours since 1991.”"
    )
    quotations = [
        q
        for q in extract(text, lines_of(text), [mention(text, "Michael Clarke", "p:clarke")])
        if q.kind is DIRECT
    ]
    assert [(q.entity, q.inferred) for q in quotations] == [
        ("p:clarke", False),
        ("p:clarke", False),
        ("p:clarke", True),
    ]


def test_a_person_named_inside_a_quotation_does_not_speak_it() -> None:
    text = "Igor Rudenko surrendered in May.\n\n“Putin does not need us,” he said."
    mentions = [mention(text, "Igor Rudenko", "p:rudenko"), mention(text, "Putin", "p:putin")]
    (found,) = [q for q in extract(text, lines_of(text), mentions) if q.kind is DIRECT]
    assert found.entity == "p:rudenko"


def test_an_owner_is_not_the_speaker() -> None:
    text = "Putin’s spokesman said: “We will see what comes.”"
    (found,) = [
        q for q in extract(text, lines_of(text), [mention(text, "Putin", "p:putin")]) if q.kind is DIRECT
    ]
    assert found.entity is None


def test_headline_and_transcript_labels() -> None:
    text = "‘We will win this war’: Zelensky\nCLARKE: “We will see what comes.”"
    found = extract(text, lines_of(text, headline=True), [mention(text, "Zelensky", "p:z")])
    assert [q.entity for q in found] == ["p:z", None]
    assert found[1].speaker is not None and found[1].speaker.of(text) == "CLARKE"


@pytest.mark.parametrize(
    "piece",
    [
        "a",
        "“",
        "A ",
        "said ",
        '"',
        "'",
        "‘a ",
        "“a ”",
        "“A.” he said. ",
        "he said “a b”, ",
        "!",
        "(",
        ",",
        "A A said, ",
        "according to A ",
        "who said that ",
        ". AA: go. ",
        "Q: a we?\nA: b I.\n",
        "— We go, — said A. \n",
        "— A (@b) ",
        "‘A b.\n",
        "Clarke said:\n",
        "A.B",
    ],
)
def test_endless_lines_take_no_endless_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    begun = time.perf_counter()
    extract(text, lines_of(text))
    # Some ten times what it takes; anything quadratic takes minutes.
    assert time.perf_counter() - begun < 20


PIECES = st.lists(
    st.sampled_from(
        [
            "“",
            "”",
            '"',
            "‘",
            "’",
            "'",
            "``",
            "''",
            "„",
            "«",
            "»",
            "「",
            "」",
            " ",
            "\n",
            "\n\n",
            ".",
            ",",
            ":",
            "!",
            "—",
            "said",
            "He",
            "Clarke",
            "that",
            "according to",
            "the expert",
            "who",
            "\x00",
            "\u202e",
            "战争",
            "🙂",
            "İ",
            "\xa0",
            "5",
        ]
    ),
    max_size=60,
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=200), PIECES.map("".join), PIECES.map(" ".join)))
@example("‘“0’\n“")
def test_any_text_gives_valid_spans(text: str) -> None:
    lines = lines_of(text)
    mentions = [mention(text, "Clarke", "p:clarke")] if "Clarke" in text else []
    found = extract(text, lines, mentions)
    assert found == sorted(found, key=lambda q: (q.start, -q.end))
    for q in found:
        assert 0 <= q.start < q.end <= len(text)
        assert q.segments[0].start == q.start and q.segments[-1].end == q.end
        assert all(s.start < s.end for s in q.segments)
        assert all(a.end <= b.start for a, b in zip(q.segments, q.segments[1:], strict=False))
        assert all("\n" not in s.of(text) for s in q.segments)
        for span in (q.cue, q.speaker):
            assert span is None or 0 <= span.start < span.end <= len(text)
        assert q.entity is None or q.entity == "p:clarke"
    marked = sorted(s for q in found if q.kind is not INDIRECT for s in q.segments)
    assert all(a.end <= b.start for a, b in itertools.pairwise(marked))


def test_a_speaker_never_ends_before_it_begins() -> None:
    text = (
        "The president of Demings' former union in her home state, Bobby Jenkins, expressed admiration for Demings"
        " and her husband, a former sheriff in the Orlando area, but said Biden didn’t know what he was talking about."
    )
    for found in extract(text, [Line(0, len(text), LineKind.BODY)]):
        assert found.speaker is None or found.speaker.start < found.speaker.end


@pytest.mark.parametrize(
    "text",
    ["General said that the bridge was closed.", "It came with general consensus that it has to close."],
)
def test_a_lone_general_is_read_over(text: str) -> None:
    assert all(
        q.speaker is None or text[q.speaker.start :].lower().startswith("general")
        for q in extract(text, lines_of(text))
    )


@pytest.mark.parametrize(
    ("text", "speaker", "content"),
    [
        (
            'A military spokesman said the school "served as a command and control facility", which Clarke denied.',
            "A military spokesman",
            'the school "served as a command and control facility"',
        ),
        (
            'Moscow said it had "destroyed 20 drones overnight", something Kyiv disputes.',
            "Moscow",
            'it had "destroyed 20 drones overnight"',
        ),
        (
            'The ministry said guards had "shelled the plant again", an accusation that Clarke rejected as absurd.',
            "The ministry",
            'guards had "shelled the plant again"',
        ),
    ],
)
def test_who_answers_a_statement_did_not_make_it(text: str, speaker: str, content: str) -> None:
    found = only(text, QuotationKind.MIXED)
    assert found.speaker is not None and found.speaker.of(text) == speaker
    assert found_in(text, QuotationKind.INDIRECT) == [content]


@pytest.mark.parametrize("notice", ["© 2024 Daily Bugle. All Rights Reserved.", "© Daily Bugle"])
@pytest.mark.parametrize(
    "before", ["Clarke said that the bridge was closed.     ", "Clarke said that the bridge was closed "]
)
def test_a_notice_of_rights_run_into_the_last_sentence_is_nobodys_words(before: str, notice: str) -> None:
    assert found_in(before + notice, INDIRECT) == ["the bridge was closed"]


@pytest.mark.parametrize("label", ["Title: ", "**Title:** ", "HEADLINE: ", "Заголовок: "])
def test_the_name_of_a_field_before_a_headline_says_nothing(label: str) -> None:
    text = f"{label}‘We will not yield’: Clarke says the front holds\nThe mayor spoke in the town hall."
    found = extract(text, lines_of(text, headline=True))
    assert [(text[q.start : q.end], q.speaker and q.speaker.of(text)) for q in found] == [
        ("‘We will not yield’", None),
        ("the front holds", "Clarke"),
    ]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("The White House issued a statement saying that the talks would go on.", "The White House"),
        (
            "The Israel Defense Forces (IDF) said that the strike had missed.",
            "The Israel Defense Forces (IDF)",
        ),
        ("A group called The Rising Tide said that the strike had missed.", "A group called The Rising Tide"),
        ("Many on the left said that the talks had failed.", "Many on the left"),
    ],
)
def test_a_speaker_ends_before_what_he_did(text: str, speaker: str) -> None:
    said = only(text, INDIRECT).speaker
    assert said is not None and said.of(text) == speaker
