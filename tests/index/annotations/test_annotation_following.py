"""Annotations follow an article through its versions."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.following import annotations_of, carried, kin
from warreader.index.annotations.model import Annotation, select
from warreader.index.article import Line, LineKind, Metadata, Span
from warreader.index.articles import Incoming
from warreader.index.library import Library
from warreader.index.text import line_spans

OLD = "Shelling hit the station at dawn, officials said. At least 30 people were hurt in the blast."
NEW = "UPDATED. Shelling hit the station at dawn,  officials said. At least 80 people were hurt in the blast."


def mark(article: str, text: str, start: int | None, end: int | None, number: int = 1) -> Annotation:
    at = select(text, start, end)
    moment = "2022-03-01T00:00:00.000000Z"
    return Annotation(
        f"urn:{number}", article, at.start, at.end, at.exact, at.prefix, at.suffix, "", (), moment, moment
    )


def test_an_annotation_stands_where_its_words_stand() -> None:
    note = mark("a", OLD, 0, OLD.index("officials"))
    (found,) = carried([note], "a-2", NEW)
    assert found.annotation == note
    assert found.made_on == "a"
    assert found.span is not None
    assert found.span.start == NEW.index("Shelling")
    assert " ".join(found.span.of(NEW).split()) == " ".join(note.exact.split())
    assert not found.orphan


def test_words_that_changed_leave_an_orphan_and_come_last() -> None:
    at = OLD.index("At least 30")
    notes = [mark("a", OLD, at, at + 11, 1), mark("a", OLD, 0, 8, 2), mark("a", OLD, None, None, 3)]
    found = carried(notes, "a-2", NEW)
    assert [one.annotation.id for one in found] == ["urn:3", "urn:2", "urn:1"]
    assert [one.orphan for one in found] == [False, False, True]
    assert found[0].span is None
    assert found[-1].span is None
    assert found[-1].annotation.exact == "At least 30"


def test_on_its_own_version_an_annotation_stays_where_it_was_made() -> None:
    twice = "Share this. Share this."
    note = mark("a", twice, 12, 22)
    assert carried([note], "a", twice)[0].span == Span(12, 22)


def test_kin_are_versions_by_their_ids() -> None:
    others = ["a-0123abcd", "a-0123abcd-2", "b", "ab", "a-b"]
    assert kin({"a": OLD}, others) == {"a-0123abcd", "a-0123abcd-2"}
    version = f"a-{hashlib.sha256(OLD.encode()).hexdigest()[:8]}"
    assert kin({version: OLD}, ["a", "a-ffff0000", "b-ffff0000"]) == {"a", "a-ffff0000"}
    assert kin({f"{version}-2": OLD}, ["a", version]) == {"a", version}


def test_an_id_that_ends_in_a_day_or_a_number_is_no_version_s() -> None:
    assert kin({"bbc-20220301": OLD}, ["bbc", "bbc-20220302", "bbc-0123abcd"]) == set()
    assert kin({"bbc-10293847": OLD}, ["bbc", "bbc-10293848"]) == set()
    assert kin({"bbc": OLD}, ["bbc-20220301", "bbc-20220301-2"]) == set()
    assert kin({"bbc-20220301": OLD}, ["bbc-20220301-0123abcd"]) == {"bbc-20220301-0123abcd"}


def _put(library: Library, text: str) -> str:
    lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    return library.articles.store(Incoming("a", text, lines, Metadata(), "a", stated_id=True))[1]


def test_notes_on_another_day_s_article_are_not_shown_on_this_one(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(OLD))
        library.articles.store(Incoming("bbc-20220301", OLD, lines, Metadata(), "a", stated_id=True))
        library.annotations.add("bbc-20220302", NEW, 0, 8, note="of the next day's article, which is gone")
        library.annotations.add("bbc", NEW, 0, 8, note="of one by the outlet's name")
        assert annotations_of(library, "bbc-20220301") == []


def test_annotations_of_all_versions_are_shown_and_a_deleted_version_loses_none(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        first, second = _put(library, OLD), _put(library, NEW)
        assert [version.id for version in library.articles.versions(second)] == [first, second]
        on_first = library.annotations.add(first, OLD, 0, 8)
        at = NEW.index("80")
        on_second = library.annotations.add(second, NEW, at, at + 9, note="n")
        for article_id in (first, second):
            assert {one.annotation for one in annotations_of(library, article_id)} == {on_first, on_second}
        orphans = [one.annotation for one in annotations_of(library, first) if one.orphan]
        assert orphans == [on_second]
        with library._database.transaction() as connection:
            connection.execute("DELETE FROM article WHERE id = ?", (second,))
        assert {one.annotation for one in annotations_of(library, first)} == {on_first, on_second}
        assert library.annotations.of(second) == [on_second], "nothing moves by being looked at"


_WORDS = st.lists(
    st.sampled_from(["Kyiv", "said", "30", "80", "dead", "“No”", "–", "\n"]), min_size=1, max_size=30
).map(" ".join)


@given(_WORDS, _WORDS, st.data())
def test_an_annotation_is_never_shown_on_other_words(old: str, new: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(old) - 1))
    end = data.draw(st.integers(start + 1, len(old)))
    note = mark("a", old, start, end)
    (found,) = carried([note], "b", new)
    assert found.annotation == note
    assert found.orphan == (found.span is None)
    if found.span is not None:
        assert found.span.of(new).split() == note.exact.split()


@given(_WORDS, _WORDS, _WORDS)
def test_a_long_quote_is_found_whatever_comes_before_and_after(before: str, after: str, other: str) -> None:
    quote = "the shelling of the railway station began before sunrise"
    old, new = f"{other} {quote} {other}", f"{before} {quote} {after}"
    start = old.index(quote)
    (found,) = carried([mark("a", old, start, start + len(quote))], "b", new, lambda _: old)
    assert found.span is not None
    assert found.span.of(new) == quote


def test_many_annotations_of_a_long_article_are_carried_at_once() -> None:
    lines = [
        f"In paragraph {number:05} house {number * 7} is told of, on street {number * 13}."
        for number in range(10_000)
    ]
    old, new = "\n".join(lines), "Updated.\n" + "\n".join(lines)
    starts = [old.index(line) for line in lines[::100]]
    notes = [mark("a", old, start, start + 24, start) for start in starts]
    begun = time.process_time()
    found = carried(notes, "b", new)
    assert time.process_time() - begun < 3
    assert [one.span for one in found] == [Span(start + 9, start + 33) for start in starts]


def test_annotations_store_is_not_written_by_showing(tmp_path: Path) -> None:
    notes = Annotations(tmp_path / "annotations.sqlite")
    made = notes.add("a", OLD, 0, 8)
    generation = notes.generation()
    carried(notes.of("a"), "b", NEW)
    assert notes.all() == [made]
    assert notes.generation() == generation
    notes.close()
