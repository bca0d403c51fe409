"""Line kinds: what is kept, what is set aside, and that nothing is lost."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import LineKind
from warreader.index.ingest.lines import classify

ROOT = Path(__file__).resolve().parents[3]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
GOLD = ROOT / ".." / "shared" / "gold" / "seed_entities.json"

PAGE = """Skip to content
Parliament votes to send more ambulances to the front
Facebook
Twitter
By Our Correspondent

Parliament voted on Tuesday to send forty more ambulances to the front, the third such vote this year.
Ambulances wait outside the parliament building
(Photo: Reuters)
“We need them now,” the speaker said.
The vote was close. It passed by nine voices after a debate that lasted until midnight on Monday.

Read more: How the front moved in one year
Sign up for our newsletter
Leave a Reply
I think this is a very good thing and it should have been done a long time ago.
"""


def kinds(text: str) -> dict[str, LineKind]:
    return {text[line.start : line.end]: line.kind for line in classify(text)}


def test_a_page_is_told_apart_line_by_line() -> None:
    found = kinds(PAGE)
    assert found["Parliament votes to send more ambulances to the front"] is LineKind.HEADLINE
    assert found["By Our Correspondent"] is LineKind.BYLINE
    assert found["Ambulances wait outside the parliament building"] is LineKind.CAPTION
    assert found["(Photo: Reuters)"] is LineKind.CAPTION
    assert found["“We need them now,” the speaker said."] is LineKind.BODY
    for furniture in (
        "Skip to content",
        "Facebook",
        "Read more: How the front moved in one year",
        "Sign up for our newsletter",
        "Leave a Reply",
        "I think this is a very good thing and it should have been done a long time ago.",
    ):
        assert found[furniture] is LineKind.FURNITURE, furniture


def test_one_long_line_and_plain_paragraphs_are_all_body() -> None:
    sentence = "The shelling went on through the night and nobody slept. "
    assert [line.kind for line in classify(sentence * 200)] == [LineKind.BODY]
    paragraphs = "\n\n".join([sentence * 3] * 6)
    assert {line.kind for line in classify(paragraphs)} == {LineKind.BODY}


def test_text_wrapped_at_a_column_is_body() -> None:
    text = (
        "The convoy left the city at dawn and was seen on the eastern road\n"
        "some hours later, according to two drivers who passed it on their\n"
        "way to the market. They counted eleven lorries, all of them covered\n"
        "with grey canvas and without any markings that could be read from\n"
        "the other side of the road. Nobody could say where it was headed."
    )
    assert {line.kind for line in classify(text)} == {LineKind.BODY}


def test_a_headline_over_short_paragraphs_is_found() -> None:
    lines = classify("Bridge reopens after two years\n\nThe bridge over the river was reopened on Friday.")
    assert [line.kind for line in lines] == [LineKind.HEADLINE, LineKind.BODY, LineKind.BODY]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\n\n “”.:-|/()")), max_size=400))
def test_every_line_of_any_text_gets_one_kind(text: str) -> None:
    lines = classify(text)
    assert [text[line.start : line.end] for line in lines] == text.split("\n")
    assert all(line.kind is LineKind.BODY for line in lines if line.start == line.end)


@pytest.mark.parametrize("unit", ["a", "“", "A ", "said ", "By ", "- ", "(", "| "])
def test_a_huge_line_takes_no_time(unit: str) -> None:
    text = "A headline of some words\n" + unit * (200_000 // len(unit)) + "\nThe end."
    begin = time.process_time()
    assert len(classify(text)) == 3
    assert time.process_time() - begin < 2


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_keep_most_of_their_words(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    kept = sum(len(text[line.start : line.end].split()) for line in classify(text) if line.kept)
    assert 0.75 * len(text.split()) < kept < len(text.split())


@pytest.mark.skipif(not GOLD.exists(), reason="gold files are not at hand")
def test_against_the_gold_lines() -> None:
    right = total = 0
    for doc in json.loads(GOLD.read_text("utf-8"))["docs"].values():
        text = (ROOT / "seeds" / doc["file"]).read_bytes().decode("utf-8")
        for line, truth in zip(classify(text), doc["lines"], strict=True):
            if truth["keep"] is not None:
                total += 1
                right += line.kept == truth["keep"]
    assert right / total >= 0.95
