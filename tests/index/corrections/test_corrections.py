"""The reader's corrections: made, taken back, and in force whatever becomes of the library."""

from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Article, Line, LineKind, Metadata
from warreader.index.articles import Incoming, Outcome
from warreader.index.corrections.model import Correction
from warreader.index.corrections.records import from_record, holds_corrections, read_jsonl, to_record
from warreader.index.errors import InputError, NotFoundError
from warreader.index.exporting import export
from warreader.index.library import Library
from warreader.index.text import line_spans

TEXT = "Bridge hit\nShare\nThe bridge was hit at dawn.\n\nShare\nNo one was hurt.\nShare"


def put(library: Library, text: str = TEXT, name: str = "a", meta: Metadata | None = None) -> Article:
    lines = tuple(Line(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    incoming = Incoming(name, text, lines, meta or Metadata(title="Bridge hit"), name, stated_id=True)
    return library.articles.get(library.articles.store(incoming)[1])


def kinds(library: Library, name: str = "a") -> list[str]:
    return [line.kind.value for line in library.articles.get(name).lines]


def forget(library: Library, name: str = "a") -> None:
    with library._database.transaction() as connection:
        connection.execute("DELETE FROM article WHERE id = ?", (name,))


def derived(library: Library) -> set[str]:
    return {row[0] for row in library._database.connection.execute("SELECT stage FROM derived")}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        yield opened


def test_metadata_is_set_right_and_undone_and_redone(library: Library) -> None:
    put(library)
    made = library.corrections.set_meta("a", "outlet", " The  Courier ")
    assert made is not None
    assert (made.value, made.was) == ("The Courier", None)
    assert library.articles.get("a").meta.outlet == "The Courier"
    undone = library.annotations.undo()
    assert undone is not None
    assert undone.words == "undone: corrected outlet to “The Courier”"
    assert (undone.subject, undone.article, undone.annotation) == ("correction", "a", made.id)
    assert library.articles.get("a").meta.outlet is None
    assert library.corrections.of("a") == []
    library.annotations.redo()
    assert library.articles.get("a").meta.outlet == "The Courier"
    assert library.corrections.of("a") == [made]


def test_what_is_wrong_can_be_made_unknown(library: Library) -> None:
    put(library, meta=Metadata(title="T", author="Share this"))
    made = library.corrections.set_meta("a", "author", "")
    assert made is not None
    assert (made.value, made.was) == (None, "Share this")
    assert library.articles.get("a").meta.author is None
    assert library.corrections.set_meta("a", "author", None) is None, "nothing changes"
    library.corrections.withdraw([made])
    assert library.articles.get("a").meta.author == "Share this"


def test_a_second_correction_remembers_what_was_ingested(library: Library) -> None:
    put(library)
    library.corrections.set_meta("a", "title", "One")
    second = library.corrections.set_meta("a", "title", "Two")
    assert second is not None
    assert second.was == "Bridge hit"
    assert library.corrections.ingested("a", "title") == "Bridge hit"
    assert len(library.corrections.of("a")) == 1
    library.annotations.undo()
    assert library.articles.get("a").title == "One"
    library.annotations.undo()
    assert library.articles.get("a").title == "Bridge hit"


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("date", "2022", "2022"),
        ("date", "2022-03", "2022-03"),
        ("date", "2022-03-01", "2022-03-01"),
        ("date", "2022-03-01 09:30+02:00", "2022-03-01T09:30:00+02:00"),
        ("url", "https://example.org/a?b=c", "https://example.org/a?b=c"),
        ("language", "UK", "uk"),
        ("title", "a\n\x1b[2J\u202eb", "a [2J b"),
    ],
)
def test_values_are_stored_clean(library: Library, field: str, value: str, stored: str) -> None:
    put(library)
    library.corrections.set_meta("a", field, value)
    assert getattr(library.articles.get("a").meta, field) == stored


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "yesterday"),
        ("date", "2022-02-30"),
        ("date", "20220301"),
        ("date", "2022-13"),
        ("date", "2022-03-01T99:00"),
        ("url", "example.org"),
        ("url", "javascript:alert(1)"),
        ("url", "https://"),
        ("url", "https://exa mple.org"),
        ("url", "http://[1"),
        ("language", "English"),
        ("text", "other"),
        ("title", "x" * 5000),
    ],
)
def test_values_that_can_not_be_are_refused_in_one_line(library: Library, field: str, value: str) -> None:
    put(library)
    with pytest.raises(ValueError, match=r"^[^\n]+$"):
        library.corrections.set_meta("a", field, value)
    assert library.corrections.all() == []
    assert library.annotations.undo() is None


def test_an_article_that_is_not_there_can_not_be_corrected(library: Library) -> None:
    with pytest.raises(NotFoundError):
        library.corrections.set_meta("nowhere\ud800", "title", "x")
    with pytest.raises(NotFoundError):
        library.corrections.set_line_kinds("nowhere", (0,), LineKind.BODY)
    with pytest.raises(NotFoundError):
        library.corrections.withdraw([Correction("a", "title", "x", None, "2022-03-01T09:30:00.000000Z")])


def test_only_the_line_meant_is_corrected_among_equal_ones(library: Library) -> None:
    put(library)
    second = TEXT.index("Share", 20)
    (made,) = library.corrections.set_line_kinds("a", (second,), LineKind.FURNITURE)
    assert (made.line, made.ordinal, made.value, made.was) == ("Share", 1, "furniture", "body")
    assert kinds(library) == ["body", "body", "body", "body", "furniture", "body", "body"]


def test_several_lines_are_one_gesture(library: Library) -> None:
    article = put(library)
    made = library.corrections.set_line_kinds(
        "a", [line.start for line in article.lines[:5]], LineKind.CAPTION
    )
    assert len(made) == 4, "a blank line is nothing to correct"
    assert kinds(library) == ["caption", "caption", "caption", "body", "caption", "body", "body"]
    undone = library.annotations.undo()
    assert undone is not None
    assert undone.count == 4
    assert set(kinds(library)) == {"body"}
    assert library.annotations.undo() is None
    library.annotations.redo()
    assert kinds(library).count("caption") == 4


def test_a_place_where_no_line_begins_is_refused(library: Library) -> None:
    put(library)
    with pytest.raises(ValueError, match="no line"):
        library.corrections.set_line_kinds("a", [0, 3], LineKind.CAPTION)
    assert library.corrections.all() == []


def test_corrections_and_annotations_share_one_line_of_gestures(library: Library) -> None:
    put(library)
    note = library.annotations.add("a", TEXT, 0, 6, note="n")
    library.corrections.set_meta("a", "title", "Right")
    library.annotations.delete(note.id)
    library.annotations.undo()
    assert library.annotations.all() == [note]
    library.annotations.undo()
    assert library.articles.get("a").title == "Bridge hit"
    library.annotations.undo()
    assert library.annotations.all() == []
    for _ in range(3):
        library.annotations.redo()
    assert library.articles.get("a").title == "Right"
    assert library.annotations.all() == []
    with library.annotations.gesture("both"):
        library.annotations.add("a", TEXT, 0, 6)
        library.corrections.set_meta("a", "title", "Other")
    assert library.articles.get("a").title == "Other"
    undone = library.annotations.undo()
    assert undone is not None
    assert undone.words == "undone: both"
    assert library.articles.get("a").title == "Right"


def test_a_gesture_that_fails_corrects_nothing(library: Library) -> None:
    put(library)
    with pytest.raises(RuntimeError), library.annotations.gesture("broken"):
        library.corrections.set_meta("a", "title", "Right")
        raise RuntimeError
    assert library.corrections.all() == []
    assert library.articles.get("a").title == "Bridge hit"


LONG = " ".join(f"On day {n} the port was shelled {n} times, officials said." for n in range(30))


def arrives(library: Library, name: str, text: str, url: str) -> tuple[Outcome, str]:
    line = Line(0, len(text), LineKind.BODY)
    return library.articles.store(Incoming(name, text, (line,), Metadata(url=url), f"/{name}.html"))


def test_versions_are_looked_for_at_the_address_set_right(library: Library) -> None:
    wrong, right = "https://www.example.org/home?x=1", "https://www.example.org/port/"
    arrives(library, "a", LONG, wrong)
    library.corrections.set_meta("a", "url", right)
    assert arrives(library, "b", LONG, right + "?utm_source=x") == (Outcome.DUPLICATE, "a")
    assert arrives(library, "b", LONG, wrong + "&utm_source=x") == (Outcome.DUPLICATE, "a"), "as it came"
    assert arrives(library, "c", LONG + " Two were hurt.", wrong)[0] is Outcome.ADDED
    assert arrives(library, "d", LONG + " One was hurt.", "http://example.org/port")[0] is Outcome.UPDATED
    assert [version.id for version in library.articles.versions("a")] == ["a", "d"]


def test_an_address_that_was_set_right_by_an_older_version_is_looked_at_too(library: Library) -> None:
    arrives(library, "a", LONG, "https://www.example.org/home?x=1")
    library.corrections.set_meta("a", "url", "https://www.example.org/port")
    # The way it was: the address as it came in, and the corrections noted without how they were put into force.
    database, own = library._database, library.annotations.database
    state = own.connection.execute("SELECT name FROM correction_state").fetchone()[0]
    with database.transaction() as connection:
        connection.execute("UPDATE article SET address = 'example.org/home?x=1'")
        connection.execute("UPDATE setting SET value = ? WHERE name = 'corrections'", (state,))
    assert library.corrections.apply() == ["a"]
    assert library.corrections.apply() == []
    assert arrives(library, "b", LONG + " One was hurt.", "https://example.org/port")[0] is Outcome.UPDATED


def test_with_the_correction_of_an_address_undone_versions_are_looked_for_at_the_first(
    library: Library,
) -> None:
    wrong, right = "https://www.example.org/home?x=1", "https://www.example.org/port"
    arrives(library, "a", LONG, wrong)
    library.corrections.set_meta("a", "url", right)
    library.annotations.undo()
    assert arrives(library, "b", LONG + " Two were hurt.", right)[0] is Outcome.ADDED
    assert arrives(library, "c", LONG + " One was hurt.", wrong)[0] is Outcome.UPDATED
    assert [version.id for version in library.articles.versions("a")] == ["a", "c"]


def test_an_article_deleted_and_added_again_is_corrected_again(library: Library) -> None:
    put(library)
    library.corrections.set_meta("a", "outlet", "Courier")
    library.corrections.set_line_kinds("a", (0,), LineKind.HEADLINE)
    forget(library)
    assert library.corrections.apply() == []
    assert len(library.corrections.of("a")) == 2, "the reader's work outlives the article"
    put(library, meta=Metadata(title="Bridge hit", outlet="Unknown"))
    assert library.corrections.apply() == ["a"]
    assert library.articles.get("a").meta.outlet == "Courier"
    assert kinds(library)[0] == "headline"
    library.corrections.withdraw(library.corrections.of("a"))
    assert library.articles.get("a").meta.outlet == "Unknown", "as ingested the last time"
    assert kinds(library)[0] == "body"


def test_another_text_under_the_same_id_takes_what_still_fits(library: Library) -> None:
    put(library)
    library.corrections.set_line_kinds("a", [0, TEXT.index("Share", 20)], LineKind.FURNITURE)
    forget(library)
    put(library, "New line\nBridge hit\nShare")
    library.corrections.apply()
    assert kinds(library) == ["body", "furniture", "body"]


def test_a_library_deleted_and_made_anew_is_corrected_again(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder) as library:
        put(library)
        library.corrections.set_meta("a", "title", "Right")
    for file in folder.glob("library.sqlite*"):
        file.unlink()
    shutil.rmtree(folder / "search", ignore_errors=True)
    with Library(folder) as library:
        put(library)
        assert library.corrections.apply() == ["a"]
        assert library.articles.get("a").title == "Right"


def test_lines_classified_anew_are_corrected_anew(library: Library) -> None:
    put(library)
    library.corrections.set_line_kinds("a", (0,), LineKind.HEADLINE)
    with library._database.transaction() as connection:
        connection.execute("UPDATE article SET kinds = 'bfbbfbf'")
    assert library.corrections.apply() == ["a"]
    assert kinds(library) == ["headline", "furniture", "body", "body", "furniture", "body", "furniture"]
    library.annotations.undo()
    assert kinds(library)[0] == "body"
    assert kinds(library)[1] == "furniture"


def test_a_correction_made_by_another_process_is_put_into_force(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library)
    with Library(library.folder) as other:
        monkeypatch.setattr(other.upkeep, "correct", lambda _: None)
        other.corrections.set_meta("a", "title", "Right")
    assert library.articles.get("a").title == "Bridge hit"
    assert library.corrections.apply() == ["a"]
    assert library.articles.get("a").title == "Right"
    assert library.corrections.apply() == []


def test_another_annotations_file_puts_its_own_corrections_into_force(tmp_path: Path) -> None:
    for name in ("one", "two"):
        with Library(tmp_path / name) as library:
            put(library)
            library.corrections.set_meta("a", "title", name)
            library.corrections.apply()
    for file in (tmp_path / "one").glob("annotations.sqlite*"):
        file.unlink()
    shutil.copy(tmp_path / "two" / "annotations.sqlite", tmp_path / "one")
    with Library(tmp_path / "one") as library:
        library.corrections.apply()
        assert library.articles.get("a").title == "two"
        assert library.corrections.ingested("a", "title") == "Bridge hit"


def test_what_was_derived_of_a_corrected_article_is_due(library: Library) -> None:
    put(library)
    library.update()
    whole = derived(library)
    assert {"search", "entities", "matches"} <= whole
    library.corrections.set_meta("a", "url", "https://example.org/bridge")
    assert derived(library) == whole
    library.corrections.set_meta("a", "author", "A. Writer")
    assert derived(library) == whole - {"search"}
    for field, value in (("date", "2022-03-01"), ("outlet", "Daily")):
        library.corrections.set_meta("a", field, value)
        assert derived(library) == whole - {"search", "stories", "matches"}
        library.update()
    library.corrections.set_meta("a", "language", "uk")
    assert derived(library) == whole - {"entities", "quotations", "fingerprints", "matches"}
    library.corrections.set_line_kinds("a", (0,), LineKind.FURNITURE)
    assert derived(library) == set()


def test_search_finds_what_was_corrected(library: Library) -> None:
    put(library)
    library.update()
    library.corrections.set_meta("a", "outlet", "Courier")
    library.corrections.set_line_kinds("a", (TEXT.index("No one"),), LineKind.FURNITURE)
    library.update()
    assert [hit.id for hit in library.search.search("outlet:Courier").hits] == ["a"]
    assert library.search.search("hurt").hits == ()


def test_none_are_due_where_there_are_none(library: Library) -> None:
    assert not library.corrections.due
    put(library)
    assert not library.corrections.due
    library.corrections.apply()
    with library.annotations.gesture("corrected elsewhere"):
        library.corrections.set_meta("a", "title", "Right")
        assert library.corrections.due
    assert library.corrections.apply() == [] and not library.corrections.due


def test_export_and_import_bring_corrections_to_another_library(library: Library, tmp_path: Path) -> None:
    put(library)
    library.corrections.set_meta("a", "title", "Right")
    library.corrections.set_line_kinds("a", (0,), LineKind.CAPTION)
    lines = list(export(library, "corrections"))
    assert holds_corrections("\n".join(lines))
    with Library(tmp_path / "other") as other:
        put(other)
        assert other.corrections.merge(read_jsonl(lines)) == (2, 0, 0)
        assert other.articles.get("a").title == "Right"
        assert other.corrections.all() == library.corrections.all()
        assert other.corrections.merge(read_jsonl(lines)) == (0, 2, 0)
        other.annotations.undo()
        assert other.articles.get("a").title == "Bridge hit"


def test_of_two_corrections_the_later_stays(library: Library, tmp_path: Path) -> None:
    put(library)
    with Library(tmp_path / "other") as other:
        put(other)
        other.corrections.set_meta("a", "title", "Earlier")
        library.corrections.set_meta("a", "title", "Later")
        assert library.corrections.merge(other.corrections.all()) == (0, 1, 0)
        assert other.corrections.merge(library.corrections.all()) == (0, 0, 1)
        assert other.articles.get("a").title == "Later"


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"x"',
        '{"article": "a", "correction": "title", "value": "x"}',
        '{"article": "a", "correction": "text", "value": "x", "modified": "2022-03-01T00:00:00Z"}',
        '{"article": "a", "correction": "date", "value": "x", "modified": "2022-03-01T00:00:00Z"}',
        '{"article": 1, "correction": "title", "value": "x", "modified": "2022-03-01T00:00:00Z"}',
        '{"article": "a", "correction": "line", "value": "body", "modified": "2022-03-01T00:00:00Z"}',
        '{"article": "a", "correction": "line", "line": "x", "value": "y", "modified": "2022-03-01T00:00:00Z"}',
        '{"article": "a", "correction": "line", "line": "x", "value": "body", "ordinal": -1,'
        ' "modified": "2022-03-01T00:00:00Z"}',
        '{"article": "\\ud800", "correction": "title", "value": "x", "modified": "2022-03-01T00:00:00Z"}',
        "[" * 100_000,
    ],
)
def test_a_line_that_is_no_correction_is_told_by_its_number(line: str) -> None:
    with pytest.raises(InputError) as caught:
        read_jsonl(["", line])
    assert caught.value.place == "line 2"
    assert "\n" not in caught.value.reason


def test_records_come_back_as_they_were(library: Library) -> None:
    put(library)
    library.corrections.set_line_kinds("a", (0,), LineKind.CAPTION)
    library.corrections.set_meta("a", "date", "2022-03")
    for made in library.corrections.all():
        assert from_record(json.loads(json.dumps(to_record(made)))) == made


def test_a_file_of_annotations_holds_no_corrections() -> None:
    assert not holds_corrections('{"id": "urn:1", "article": "a"}\n')
    assert not holds_corrections("")
    assert not holds_corrections("[" * 100_000)


def test_a_file_made_before_there_were_corrections_is_taken_on(tmp_path: Path) -> None:
    from warreader.index.annotations.annotations import Annotations
    from warreader.index.annotations.schema import ANNOTATION_MIGRATIONS
    from warreader.index.storage import Database

    path = tmp_path / "annotations.sqlite"
    Database(path, ANNOTATION_MIGRATIONS[:1]).close()
    record = {
        "id": "urn:1", "article": "a", "start": 0, "end": 6, "exact": TEXT[:6], "prefix": "", "suffix": "",
        "note": "n", "tags": [], "created": "2022-03-01T00:00:00.000000Z",
        "modified": "2022-03-01T00:00:00.000000Z", "creator": None,
    }  # fmt: skip
    connection = sqlite3.connect(path)
    with connection:
        connection.execute("INSERT INTO gesture (at, words, state) VALUES ('', 'added note', 'undone')")
        connection.execute(
            "INSERT INTO history (gesture, action, at, annotation, before, after)"
            " VALUES (1, 'do', '', 'urn:1', NULL, ?)",
            (json.dumps(record),),
        )
    connection.close()
    notes = Annotations(path)
    redone = notes.redo()
    assert redone is not None
    assert redone.subject == "annotation"
    assert [note.id for note in notes.all()] == ["urn:1"]
    assert len(notes.history("urn:1")) == 2
    notes.close()


_KILLED = """
import os, signal, sys
from pathlib import Path
from warreader.index.library import Library
library = Library(Path(sys.argv[1]))
library.upkeep.correct = lambda ids: os.kill(os.getpid(), signal.SIGKILL)
library.corrections.set_meta("a", "title", "Right")
"""


def test_killed_between_the_two_files_nothing_is_lost(tmp_path: Path) -> None:
    folder = tmp_path / "library"
    with Library(folder) as library:
        put(library)
    done = subprocess.run([sys.executable, "-c", _KILLED, str(folder)], check=False, timeout=60)
    assert done.returncode == -signal.SIGKILL
    with Library(folder) as library:
        assert library.articles.get("a").title == "Bridge hit"
        library.corrections.apply()
        assert library.articles.get("a").title == "Right"


_LINES = st.lists(st.sampled_from(["one", "two", "", "three", "one "]), min_size=1, max_size=8)
_KINDS = st.sampled_from(list(LineKind))


@settings(max_examples=40, deadline=None)
@given(_LINES, st.lists(st.tuples(st.integers(0, 7), _KINDS), max_size=6))
def test_undoing_everything_restores_what_was_ingested(
    lines: list[str], wanted: list[tuple[int, LineKind]]
) -> None:
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        article = put(library, "\n".join(lines))
        expected = [line.kind for line in article.lines]
        for at, kind in wanted:
            if at < len(lines):
                library.corrections.set_line_kinds("a", (article.lines[at].start,), kind)
                if lines[at].strip():
                    expected[at] = kind
        assert [line.kind for line in library.articles.get("a").lines] == expected
        assert library.corrections.apply(["a"]) == []
        forget(library)
        put(library, "\n".join(lines))
        library.corrections.apply()
        assert [line.kind for line in library.articles.get("a").lines] == expected
        while library.annotations.undo() is not None:
            pass
        assert library.articles.get("a").lines == article.lines
