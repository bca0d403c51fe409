"""What the reader rules on quotations outranks what was found, and lasts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from warreader.index.article import Quotation, QuotationKind
from warreader.index.library import Library

TEXT = """Talks in the capital

“We will never sign this,” Maria Novak told reporters on Monday.

“They have already lost the argument,” she added. The minister, Peter Horvat, left without a word.

Nobody expected the talks to last another week.
"""


@pytest.fixture
def library(tmp_path: Path) -> Any:
    source = tmp_path / "talks.txt"
    source.write_text(TEXT, "utf-8")
    with Library(tmp_path / "library") as opened:
        opened.add([source])
        yield opened


def article_of(library: Library) -> str:
    return library.articles.summaries()[0].id


def quoted(library: Library, words: str) -> Quotation:
    (found,) = [one for one in library.quotations.of(article_of(library)) if words in one.text]
    return found


def place(library: Library, words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"article": article_of(library), "start": start, "end": start + len(words), "exact": words}


def of(quotation: Quotation) -> dict[str, Any]:
    return {
        "article": quotation.article,
        "start": quotation.start,
        "end": quotation.end,
        "exact": quotation.text,
    }


def rule(library: Library, verb: str, where: dict[str, Any], **data: Any) -> None:
    library.rulings.put("quotation", verb, words=verb, place=where, **data)


def test_a_speaker_is_corrected_and_points_to_the_nearest_mention(library: Library) -> None:
    entity = {"name": "Peter Horvat", "label": "PERSON"}
    rule(library, "speaker", of(quoted(library, "already lost")), speaker="Peter Horvat", entity=entity)
    changed = quoted(library, "already lost")
    assert changed.ruled and not changed.inferred
    assert changed.speaker is not None
    assert changed.speaker.name == "Peter Horvat"
    assert TEXT[changed.speaker.start : changed.speaker.end] == "Peter Horvat"
    assert changed.speaker.entity is not None


def test_a_speaker_whom_the_article_does_not_name(library: Library) -> None:
    rule(library, "speaker", of(quoted(library, "already lost")), speaker="a spokeswoman")
    speaker = quoted(library, "already lost").speaker
    assert speaker is not None
    assert (speaker.text, speaker.entity, speaker.end - speaker.start) == ("a spokeswoman", None, 0)


def test_nobody_is_known_to_have_said_it(library: Library) -> None:
    rule(library, "speaker", of(quoted(library, "never sign")))
    found = quoted(library, "never sign")
    assert found.speaker is None and found.ruled


def test_bounds_are_corrected(library: Library) -> None:
    found = quoted(library, "never sign")
    start = TEXT.index("never sign")
    rule(library, "bound", of(found), start=start, end=start + len("never sign this"))
    changed = quoted(library, "never sign")
    assert changed.text == "never sign this"
    assert changed.ruled and changed.kind is found.kind and changed.speaker == found.speaker


def test_the_reader_finds_a_quotation(library: Library) -> None:
    words = "the talks to last another week"
    where = place(library, words)
    rule(library, "bound", where, start=where["start"], end=where["end"])
    found = quoted(library, words)
    assert found.text == words and found.ruled and found.kind is QuotationKind.INDIRECT
    # A speaker is given to it like to any other.
    rule(library, "speaker", where, speaker="Maria Novak", entity={"name": "Maria Novak", "label": "PERSON"})
    again = quoted(library, words).speaker
    assert again is not None and again.name == "Maria Novak"


def test_what_is_no_quotation_goes_and_comes_back(library: Library) -> None:
    before = library.quotations.of(article_of(library))
    rule(library, "reject", of(quoted(library, "already lost")))
    after = library.quotations.of(article_of(library))
    assert len(after) == len(before) - 1
    assert not any("already lost" in one.text for one in after)
    library.annotations.undo()
    assert library.quotations.of(article_of(library)) == before


def test_rulings_hold_through_another_analysis(library: Library) -> None:
    rule(library, "reject", of(quoted(library, "already lost")))
    rule(library, "speaker", of(quoted(library, "never sign")), speaker="somebody else")
    ruled = library.quotations.of(article_of(library))
    with library._database.transaction() as connection:
        connection.execute("DELETE FROM derived WHERE stage = 'quotations'")
    library.update()
    assert library.quotations.of(article_of(library)) == ruled


def test_rulings_made_elsewhere_are_followed_with_the_next_update(library: Library) -> None:
    rule(library, "reject", of(quoted(library, "already lost")))
    (ruling,) = library.rulings.all()
    library.annotations.undo()
    assert quoted(library, "already lost")
    library.rulings.merge([ruling])
    assert not any("already lost" in one.text for one in library.quotations.of(article_of(library)))


def test_a_ruling_on_words_that_are_gone_does_nothing(library: Library) -> None:
    before = library.quotations.of(article_of(library))
    where = of(quoted(library, "already lost"))
    where["exact"] = "x" * len(where["exact"])
    rule(library, "reject", where)
    assert library.quotations.of(article_of(library)) == before


def test_what_follows_is_due_again(library: Library) -> None:
    assert not library.derivation.behind
    rule(library, "reject", of(quoted(library, "already lost")))
    assert {stage.name: due for stage, due in library.derivation.all_due()} == dict.fromkeys(
        library.quotations.feeds, 1
    )
