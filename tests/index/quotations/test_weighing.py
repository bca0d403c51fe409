"""Rules and model together: reported speech without marks, titles, fragments in marks."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from math import exp
from pathlib import Path
from types import FrameType

import pytest

from warreader.index.article import Line, LineKind, QuotationKind, Span
from warreader.index.quotations import weighing
from warreader.index.quotations.coverage import of_war
from warreader.index.quotations.evidence import Evidence, Verb, Weights
from warreader.index.quotations.extraction import extract, read_lines
from warreader.index.quotations.forms import Form
from warreader.index.quotations.indirect import reported
from warreader.index.quotations.speech_model import SpeechModel, shipped
from warreader.index.text import line_spans

DIRECT, MIXED, INDIRECT, SCARE = (
    QuotationKind.DIRECT,
    QuotationKind.MIXED,
    QuotationKind.INDIRECT,
    QuotationKind.SCARE,
)


def lines_of(text: str) -> list[Line]:
    """Lines of body text."""
    return [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]


def found_in(text: str, *kinds: QuotationKind) -> list[str]:
    """The words of the quotations of some kinds."""
    return [text[q.start : q.end] for q in extract(text, lines_of(text)) if not kinds or q.kind in kinds]


def test_the_model_is_shipped_and_small() -> None:
    assert isinstance(shipped(), SpeechModel)


def test_rules_alone_where_no_model_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "shipped", lambda: None)
    text = "Clarke said that the front held.\n\n“We will see,” he added."
    assert found_in(text, INDIRECT) == ["the front held"]
    assert found_in(text, DIRECT) == ["“We will see,”"]


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        (
            "The general hopes to retake the two villages before winter.",
            "to retake the two villages before winter",
            "The general",
        ),
        (
            "Many analysts doubt that the front will move this year.",
            "the front will move this year",
            "Many analysts",
        ),
        (
            "The minister rejected claims that his ministry knew of the attack.",
            "claims that his ministry knew of the attack",
            "The minister",
        ),
        (
            "The mayor recommended to close the bridge for a week.",
            "to close the bridge for a week",
            "The mayor",
        ),
    ],
)
def test_what_is_reported_without_marks(text: str, content: str, speaker: str) -> None:
    found = [q for q in extract(text, lines_of(text)) if q.kind is INDIRECT]
    assert content in [text[q.start : q.end] for q in found]
    assert found[0].speaker is not None and found[0].speaker.of(text) == speaker


WAR = (
    "Troops and artillery fought in the war. Missiles killed soldiers and rockets hit the army in battle.\n\n"
)


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("The villagers accuse Ostland of bombing a school.", "Ostland of bombing a school", "The villagers"),
        ("The Ostlanders accuse Westland of blocking aid.", "Westland of blocking aid", "The Ostlanders"),
        (
            "The Gazette identified the officers, who claim they were ordered to fire on the crowd.",
            "they were ordered to fire on the crowd",
            "the officers",
        ),
        (
            "Lee sent a letter to General Ann Clarke, who said that the bridge was lost.",
            "the bridge was lost",
            "General Ann Clarke",
        ),
    ],
)
def test_who_says_it_in_war_news(text: str, content: str, speaker: str) -> None:
    text = WAR + text
    found = [q for q in extract(text, lines_of(text)) if q.kind is INDIRECT]
    assert [text[q.start : q.end] for q in found] == [content]
    assert found[0].speaker is not None and found[0].speaker.of(text) == speaker


def test_in_what_something_was_said_is_no_part_of_it() -> None:
    text = WAR + "Clarke called the strike a “brutal attack” in a post on Telegram."
    assert found_in(text, INDIRECT) == ["the strike a “brutal attack”"]


def test_whom_a_relative_clause_tells_of_is_not_what_they_said() -> None:
    text = "The move angered the miners, who said that the pit had been safe."
    assert found_in(text, INDIRECT) == ["the pit had been safe"]


@pytest.mark.parametrize(
    "text",
    [
        "The minister did not say that the front would hold.",
        "The train left the station at nine and reached the border at noon.",
        "The tall spokesman with the grey beard walked home.",
    ],
)
def test_nothing_is_put_into_a_mouth(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Clarke said so in his memoir, “The Long Road Home.”", "“The Long Road Home.”"),
        ("He told host Ann Lee on Channel One's “Evening Report” that it rained.", "“Evening Report”"),
        ("Clarke, author of “War and Water”, said that it rained.", "“War and Water”"),
        ("It rains a lot, according to “Rain in Spring” by Ann Lee.", "“Rain in Spring”"),
    ],
)
def test_titles_are_nobodys_words(text: str, title: str) -> None:
    assert title in found_in(text, SCARE)
    assert title not in found_in(text, DIRECT, MIXED)


def test_a_digit_does_not_keep_marks_open() -> None:
    assert found_in("Clarke said: ''Dial ''1'' for help.'' Then he left. It rained.", DIRECT)[0].endswith(
        ".''"
    )
    text = "One must dial ''1'' for English. Still, she waits. ''Soon,'' he said."
    assert "''1''" in found_in(text)


def test_a_single_mark_may_close_a_double_one() -> None:
    text = "Clarke said: “We go on.’ He left. Lee said: “We stay.”"
    assert found_in(text, DIRECT) == ["“We go on.’", "“We stay.”"]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        # The sentence that a quotation begins is another one.
        ("Clarke said he would stay. “We have time,” he added. It rained.", "he would stay"),
        (
            "Lee, a farmer from the north, said the road had been closed for two weeks.",
            "the road had been closed for two weeks",
        ),
        (
            "Clarke said that the bridge had been closed since Monday, according to the agency.",
            "the bridge had been closed since Monday",
        ),
        (
            "The bridge was closed on Monday, according to Ann Lee, an analyst at the institute in the north.",
            "The bridge was closed on Monday",
        ),
        (
            "According to the Bridge Agency (BA), the bridge was closed on Monday.",
            "the bridge was closed on Monday",
        ),
    ],
)
def test_contents_have_the_bounds_of_their_clauses(text: str, content: str) -> None:
    assert content in found_in(text, INDIRECT)


@pytest.mark.parametrize(
    "text",
    [
        "Asked if he planned to go on for long, Clarke smiled.",
        "The men accused of causing the fire were let go.",
        "“We will see,” she says, laughing warmly at the question.",
        "The three states voted for another party.",
        "Clarke declined to comment on the matter.",
        "“I don't want to feel like that,” says 20-year-old farmer Ann Lee.",
    ],
)
def test_what_only_looks_like_a_report(text: str) -> None:
    assert found_in(text, INDIRECT) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Lee, who has 9,000 followers, said the road was closed.", "Lee"),
        (
            "A soldier with 9,000 followers suggested that the road was closed.",
            "A soldier with 9,000 followers",
        ),
        ("Some who spoke to the paper said that the road was closed.", "Some"),
        ("Lee, a farmer from the north, said the road was closed.", "Lee"),
    ],
)
def test_speakers_are_whole_phrases(text: str, speaker: str) -> None:
    found = [q for q in extract(text, lines_of(text)) if q.kind is INDIRECT]
    assert found and found[0].speaker is not None and found[0].speaker.of(text).startswith(speaker)


def test_an_owners_claims_are_no_report() -> None:
    text = "The lawyer called Lee's claims “obviously false”."
    found = [q for q in extract(text, lines_of(text)) if q.kind in (DIRECT, MIXED)]
    assert [q.speaker.of(text) for q in found if q.speaker] == ["The lawyer"]


@pytest.mark.parametrize(
    ("text", "content", "speaker"),
    [
        ("The army said on Friday it had taken the village.", "it had taken the village", "The army"),
        ("The army said Friday morning it had taken the village.", "it had taken the village", "The army"),
        ("Clarke said in a statement the road had been closed.", "the road had been closed", "Clarke"),
        ("Clarke said on Telegram that the road had been closed.", "the road had been closed", "Clarke"),
        (
            "Clarke told the evening paper that the road had been closed.",
            "the road had been closed",
            "Clarke",
        ),
        (
            "According to US officials, the road was closed in May.",
            "the road was closed in May",
            "US officials",
        ),
        ("The road was closed in May, according to Ann Lee.", "The road was closed in May", "Ann Lee"),
        ("The ministry said in a statement: the bridge was closed.", "the bridge was closed", "The ministry"),
        ("It rained in May.The army said the road was closed.Lee left.", "the road was closed", "The army"),
        ("The army said Thursday about 40 people had died.", "about 40 people had died", "The army"),
        ("She's warned that the road would be closed.", "the road would be closed", "She's"),
    ],
)
def test_contents_begin_past_when_and_where(text: str, content: str, speaker: str) -> None:
    (found,) = [q for q in extract(text, lines_of(text)) if q.kind is INDIRECT]
    assert text[found.start : found.end] == content
    assert found.speaker is not None and found.speaker.of(text) == speaker


@pytest.mark.parametrize(
    "text",
    [
        "The ministry has imposed new rules on the two regions.",
        "The aid is expected to arrive by the end of the year.",
        "Two officers were charged with a plot against the state.",
        "After his return Clarke found a place in the second army.",
        "The army then fired missiles that killed many fighters.",
        "The team's alleged attempt was the talk of the town.",
        "The mayor continued to walk along the river.",
        "Report number 4 from the town begins in its own way.",
    ],
)
def test_what_tells_of_no_speech(text: str) -> None:
    assert found_in(text, INDIRECT) == []


def test_what_was_said_stands_before_meanwhile() -> None:
    text = "The United States will send two ships next week, Turkey has said as Russia massed troops on the border."
    found = found_in(text, INDIRECT)
    assert found == ["The United States will send two ships next week"]


@pytest.mark.parametrize(
    "content",
    [
        "Many days, former clerks said, she would stay past midnight",
        "The bridge, Clarke said, was hit by two shells",
        "Last week, according to Clarke, the ship left the port",
    ],
)
def test_a_clause_broken_by_its_report_is_told_whole(content: str) -> None:
    text = f"{content}."
    (found,) = [q for q in extract(text, lines_of(text)) if q.kind is INDIRECT]
    assert text[found.start : found.end] == content
    assert len(found.segments) == 2 and found.speaker is not None
    assert not any(segment.overlaps(found.speaker) for segment in found.segments)


@pytest.mark.parametrize(
    "text",
    [
        "Investigators found emails that Lee had copied from a laptop.",
        "The photo showed seven children wrapped in white.",
        "The town has called up hundreds of thousands of reservists.",
        "His rise saw him later establishing a plant of his own.",
        "Lee stopped short of blaming the ministry for the delay.",
        "None of them asked Taylor questions about the call.",
        "Talks went on, with both sides blaming each other.",
    ],
)
def test_what_is_only_found_or_called_up_is_not_said(text: str) -> None:
    assert found_in(text, INDIRECT) == []


def test_a_noun_in_a_list_ends_no_content() -> None:
    text = "Clarke said his view had not changed despite the call and claims of victory."
    assert found_in(text, INDIRECT) == ["his view had not changed despite the call and claims of victory"]


def test_what_follows_who_said_what_is_quoted_is_not_said() -> None:
    text = "“It can be done,” Clarke said April 15 at a rally in Leeds after polls had closed."
    assert found_in(text, INDIRECT) == []


def test_what_tells_more_of_a_source_is_not_what_it_says() -> None:
    text = "The plant was damaged overnight, according to Ivan Lee, the head of the regional administration."
    assert found_in(text, INDIRECT) == ["The plant was damaged overnight"]


@pytest.mark.parametrize(
    "text",
    [
        "Unless a person knows what the value of the target was, nothing can be proved.",
        "Did Lee tell anyone else in the campaign that the bridge was closed?",
        "You understand that you can opt out at any time.",
        "No group has claimed that it planned the attack on the port.",
        "I think that the ministry knew of the attack on the port.",
    ],
)
def test_what_is_only_supposed_or_told_to_the_reader_is_not_said(text: str) -> None:
    assert found_in(text, INDIRECT) == []


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Clarke said the ship had left the port but gave no details.", "the ship had left the port"),
        ("Clarke said the ship had left the port but did not say why.", "the ship had left the port"),
        ("Clarke said at least 40 people had left the port.", "at least 40 people had left the port"),
        ("KYIV (Reuters) - The port was hit twice, officials said.", "The port was hit twice"),
        ("CNN — The port was hit twice, according to officials.", "The port was hit twice"),
    ],
)
def test_contents_end_where_nothing_more_is_said(text: str, content: str) -> None:
    assert found_in(text, INDIRECT) == [content]


@pytest.mark.parametrize(
    "sentence",
    [
        "The minister said on Monday that the bridge was closed, and Lee told us “we go on”, he added. ",
        "said, ",
        "according to Lee, ",
        "“Clarke said it rains. ",
        "the paper identified the men, who said ",
    ],
)
def test_a_line_of_many_reports_takes_time_in_proportion(sentence: str) -> None:
    def steps(times: int) -> int:
        text, count = sentence * times, 0

        def step(frame: FrameType, event: str, arg: object) -> None:  # noqa: ARG001
            nonlocal count
            count += 1

        sys.setprofile(step)
        try:
            extract(text, lines_of(text))
        finally:
            sys.setprofile(None)
        return count

    steps(2)
    assert steps(800) < 6 * steps(200)


def test_rules_alone_where_nothing_weighs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weighing, "shipped_weights", lambda: None)
    assert found_in("Clarke said that the front held.", INDIRECT) == ["the front held"]


@pytest.mark.parametrize(
    "text",
    [
        "The company needs two years, Clarke said last month in Abu Dhabi.",
        "Footage of the aftermath showed a crater in the yard.",
        "He was replaced by Lee, who named him prime minister.",
    ],
)
def test_when_it_was_said_and_what_was_acted_on_is_not_what_was_said(text: str) -> None:
    assert not {"last month in Abu Dhabi", "a crater in the yard", "him prime minister"} & set(
        found_in(text, INDIRECT)
    )


def test_weights_are_of_signs_and_of_how_often_a_verb_was_right() -> None:
    weights = Weights({"begin": 0.0, "weights": {"named": 2.0, "verb": 1.0}, "odds": {"v say": 1.0}})
    said = Evidence(Verb("say", "said", Form.CLAUSE), None, True, 6, False, True, True, ("named",))
    assert weights.likely(said) == pytest.approx(1 / (1 + exp(-3)))
    heard = replace(said, known=False, reports=0, marker=False, bare=True)
    assert weights.likely(heard) < weights.likely(said)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        (
            "The paper reported that in June, Clarke had ordered the counsel to go.",
            "in June, Clarke had ordered the counsel to go",
        ),
        (
            "Lee said Wednesday that the attacks, which rebels said were meant to scare, were a mistake.",
            "the attacks, which rebels said were meant to scare, were a mistake",
        ),
    ],
)
def test_what_that_opens_has_a_verb(text: str, content: str) -> None:
    assert content in found_in(text, INDIRECT)


def test_war_coverage_is_told_by_its_words() -> None:
    def read(text: str) -> bool:
        return of_war(read_lines(text, [Line(0, len(text), LineKind.BODY)]))

    assert read("Troops fired missiles at the town, and two soldiers were killed in the bombardment.")
    assert not read("The senator said the vote on the budget would be held before the winter recess began.")


def test_verdicts_hold_for_the_words_that_were_judged(tmp_path: Path) -> None:
    pytest.importorskip("numpy")
    from warreader.index.quotations import train_weighing as training

    text = "Clarke said that the road was closed.\n\nThe mayor walked along the river."
    start = text.index("the road")
    end = text.index(".")
    judged = tmp_path / "judged.tsv"
    rows = [
        ("address", "start", "end", "sum", "stands_for", "verdict"),
        ("https://a.example/1", start, end, training.summed(text[start:end]), 2.5, "sound"),
        ("https://a.example/1", start, end, training.summed("other words"), 1, "none"),
        ("https://a.example/gone", 0, 4, training.summed("gone"), 1, "none"),
    ]
    judged.write_text("".join("\t".join(map(str, row)) + "\n" for row in rows), encoding="utf-8")
    articles = tmp_path / "articles.jsonl"
    articles.write_text(json.dumps({"url": "https://a.example/1", "text": text}) + "\n", encoding="utf-8")

    (one,) = training.verdicts(judged, articles)

    assert (one.span, one.verdict, one.stands_for) == (Span(start, end), "sound", 2.5)
    model = shipped()
    assert model is not None
    (learnt,) = training.by_verdict([one], model, 3.0)
    assert (learnt.right, learnt.weight, learnt.article) == (True, 3.0, "https://a.example/1")
    # Bounds that were judged wrong say nothing of others that are nearly the same.
    wide = one._replace(span=Span(start, end + 1), verdict="bounds")
    assert list(training.by_verdict([wide], model, 3.0)) == []


def test_the_listed_verdicts_are_whole() -> None:
    for name, least in (("five_outlets", 700), ("us", 500)):
        file = Path(__file__).resolve().parents[3] / "docs" / "verdicts" / f"speech_{name}.tsv"
        head, *rows = (line.split("\t") for line in file.read_text(encoding="utf-8").splitlines())
        assert len(rows) >= least
        for row in rows:
            one = dict(zip(head, row, strict=True))
            assert int(one["start"]) < int(one["end"]) and float(one["stands_for"]) >= 1
            assert len(one["sum"]) == 12 and one["verdict"] in ("sound", "bounds", "none")
        places = [tuple(row[2:5]) for row in rows]
        assert len(set(places)) == len(places)


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“The bridge will hold until the winter,” Clarke hums.", "Clarke"),
        ("“The bridge will hold until the winter,” Ann Lee floundered before the committee.", "Ann Lee"),
        ("“The bridge will hold until the winter,” Committee members Ann Lee and Jo Clarke.", None),
        ("“The bridge will hold until the winter,” Clarke was to go home.", None),
    ],
)
def test_who_is_set_off_by_a_comma_says_it_by_whatever_verb(text: str, speaker: str | None) -> None:
    (found,) = [q for q in extract(text, lines_of(text)) if q.kind is DIRECT]
    assert (found.speaker.of(text) if found.speaker else None) == speaker


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("Reports that the bridge was hit have been denied by the army.", "the bridge was hit"),
        (
            "Claims that Kyiv is losing the war were rejected by officials on Monday.",
            "Kyiv is losing the war",
        ),
        # Clauses within may have the verb.
        (
            "Claims that the road is closed because shells had hit it were made.",
            "the road is closed because shells had hit it were made",
        ),
        ("Reports that the army could have been hit spread.", "the army could have been hit spread"),
    ],
)
def test_what_is_told_of_a_noun_is_no_part_of_what_the_noun_opens(text: str, content: str) -> None:
    (part,) = read_lines(text, [Line(0, len(text), LineKind.BODY)])
    assert [one.span.of(text) for one in reported(part)] == [content]
