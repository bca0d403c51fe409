"""Making, changing, finding and checking annotations."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.model import TAG_LENGTH, tag_key, tag_name, tag_names
from warreader.index.annotations.schema import ANNOTATION_MIGRATIONS
from warreader.index.article import Span
from warreader.index.errors import LibraryBusyError, LibraryError, NotFoundError
from warreader.index.storage import Database
from warreader.index.text import excerpt

TEXT = "Shelling hit the station 🚆 at dawn, officials said.\n“We counted 30 craters,” the mayor said.\n"
SEEDS = sorted((Path(__file__).parents[3] / "seeds").glob("*.txt"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Annotations]:
    annotations = Annotations(tmp_path / "annotations.sqlite")
    yield annotations
    annotations.close()


def at(words: str) -> tuple[int, int]:
    start = TEXT.index(words)
    return start, start + len(words)


def test_an_annotation_keeps_quote_and_context_in_code_points(store: Annotations) -> None:
    made = store.add("a", TEXT, *at("at dawn"), note="when?", tags=["time"], creator="desk")
    assert made.exact == "at dawn"
    assert made.prefix == "Shelling hit the station 🚆 "
    assert made.suffix == ", officials said.\n“We counted 30"
    assert (made.start, made.end) == (27, 34)
    assert made.id.startswith("urn:uuid:")
    assert made.created == made.modified
    assert made.created.endswith("Z")
    assert store.get(made.id) == made


def test_what_steers_a_terminal_is_in_no_note_and_no_tag(store: Annotations) -> None:
    made = store.add("a", TEXT, *at("at dawn"), note="a\x07 b\x1b[31m red\tc\r\nd", tags=["x\x1by"])
    assert (made.note, made.tags) == ("a b red\tc\nd", ("xy",))
    assert store.update(made.id, note="\x1b]0;title\x07e\nf").note == "e\nf"


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem[:3])
def test_spans_of_the_shipped_articles_anchor(store: Annotations, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for start in range(0, len(text) - 50, 97):
        made = store.add("a", text, start, start + 50)
        assert text[made.start : made.end] == made.exact
    assert store.check(lambda _: text) == []


@pytest.mark.parametrize(
    ("start", "end"), [(3, 3), (5, 4), (-1, 2), (0, len(TEXT) + 1), (None, 4), (4, None), (10**9, 10**9 + 1)]
)
def test_a_span_that_is_none_is_refused(store: Annotations, start: int | None, end: int | None) -> None:
    with pytest.raises(ValueError, match="span"):
        store.add("a", TEXT, start, end)
    assert store.all() == []
    assert store.undo() is None


def test_motivation_follows_from_the_bodies(store: Annotations) -> None:
    assert store.add("a", TEXT, 0, 8).motivation == "highlighting"
    assert store.add("a", TEXT, 0, 8, tags=["x"]).motivation == "tagging"
    assert store.add("a", TEXT, 0, 8, tags=["x"], note="n").motivation == "commenting"


def test_update_changes_what_is_given_and_only_that(store: Annotations) -> None:
    made = store.add("a", TEXT, *at("dawn"), note="first", tags=["time", "place"])
    noted = store.update(made.id, note="second")
    assert (noted.note, noted.tags, noted.span) == ("second", made.tags, made.span)
    assert noted.modified > made.modified
    assert noted.created == made.created
    moved = store.update(made.id, text=TEXT, start=made.start, end=at("dawn, officials")[1])
    assert moved.exact == "dawn, officials"
    assert moved.note == "second"
    assert store.update(made.id, tags=[]).tags == ()
    assert store.update(made.id, note="").note == ""


def test_update_that_changes_nothing_is_no_gesture(store: Annotations) -> None:
    made = store.add("a", TEXT, 0, 8, tags=["Crime"])
    generation = store.generation()
    assert store.update(made.id, note="", tags=["crime"], text=TEXT, start=0, end=8) == made
    assert store.generation() == generation
    change = store.undo()
    assert change is not None
    assert store.all() == []


def test_update_needs_text_for_new_boundaries(store: Annotations) -> None:
    made = store.add("a", TEXT, 0, 8)
    with pytest.raises(ValueError, match="text"):
        store.update(made.id, start=0, end=4)
    with pytest.raises(ValueError, match="span"):
        store.update(made.id, text=TEXT, start=2)
    assert store.get(made.id) == made


def test_unknown_ids_are_told(store: Annotations) -> None:
    for call in (store.get, store.delete, lambda name: store.update(name, note="x")):
        with pytest.raises(NotFoundError, match="urn:none"):
            call("urn:none")


def test_of_lists_in_order_and_at_gives_the_innermost_first(store: Annotations) -> None:
    inner = store.add("a", TEXT, 4, 8)
    outer = store.add("a", TEXT, 0, 20)
    other = store.add("b", TEXT, 0, 20)
    whole = store.add("a", TEXT, None, None, note="all of it")
    assert store.of("a") == [whole, outer, inner]
    assert store.at("a", 4) == [inner, outer]
    assert store.at("a", 8) == [outer]
    assert store.at("a", 20) == []
    assert store.at("b", 19) == [other]
    assert store.annotated() == {"a", "b"}


def test_filters(store: Annotations) -> None:
    first = store.add("a", TEXT, *at("30 craters"), tags=["Crime/War"])
    second = store.add("b", TEXT, *at("station"), note="Who’s the “Mayor”?", tags=["crime", "people"])
    third = store.add("c", TEXT, None, None, tags=["crimea"])
    assert store.all(tag="CRIME") == [first, second]
    assert store.all(tag="crime/war") == [first]
    assert store.all(tag="war") == []
    assert store.all(tag="crim*") == [first, second, third]
    assert store.all(tag="*") == [first, second, third]
    assert store.all(tag="") == []
    assert store.all(text="CRATERS 30") == [first]
    assert store.all(text='who\'s the "mayor"') == [second]
    assert store.all(text="nowhere") == []
    assert store.all(text="  ") == [first, second, third]
    assert store.all(tag="crime", article="b") == [second]
    assert store.all(limit=1, offset=1) == [second]
    assert store.count(tag="crime") == 2
    assert store.count() == 3
    assert store.count(text="station") == 1


def test_a_pasted_page_as_filter_is_answered(store: Annotations) -> None:
    made = store.add("a", TEXT, 0, len(TEXT), note="\x00 odd")
    assert store.all(text=TEXT * 2000 + "\x00") == [made]
    assert store.all(text=" ".join(map(str, range(50_000)))) == []
    assert store.noted("A " * 100_000) == {}
    assert store.tagged("a" * 200_000) == {}


def test_search_hooks_give_spans_by_article(store: Annotations) -> None:
    one = store.add("a", TEXT, 0, 8, tags=["crime/war"], note="The art of war: Kyiv's party, 基辅报道")
    two = store.add("a", TEXT, 9, 12, tags=["Crime"])
    store.add("b", TEXT, None, None, tags=["crime"], note="kyivstar")
    assert one.span is not None
    assert two.span is not None
    assert store.tagged("crime") == {"a": [one.span, two.span], "b": []}
    assert store.tagged("crime/*") == {"a": [one.span]}
    assert store.tagged("nothing") == {}
    assert store.noted("kyiv") == {"a": [Span(0, 8)]}
    assert set(store.noted("KYIV*")) == {"a", "b"}
    assert store.noted("art of") == store.noted("“Art” of") == {"a": [Span(0, 8)]}
    assert store.noted("of art") == {}
    assert store.noted("par") == {}
    assert store.noted("报道") == {"a": [Span(0, 8)]}
    assert store.noted("*").keys() == {"a", "b"}
    assert store.noted("") == store.noted("?!") == {}


def test_tags_show_as_first_typed_and_count_by_use(store: Annotations) -> None:
    store.add("a", TEXT, 0, 8, tags=["  War \t crimes ", "WAR CRIMES", "b"])
    store.add("a", TEXT, 0, 8, tags=["war crimes"])
    store.add("a", TEXT, 0, 8, tags=["last"])
    assert [(tag.name, tag.count) for tag in store.tags()] == [("War crimes", 2), ("last", 1), ("b", 1)]
    assert store.recent_tags()[:2] == ["last", "War crimes"]
    assert store.recent_tags(1) == ["last"]
    assert store.all(tag="last")[0].tags == ("last",)


def test_a_mistyped_tag_can_be_mended(store: Annotations) -> None:
    wrong = store.add("a", TEXT, 0, 8, tags=["KRyiv"])
    store.delete(wrong.id)
    assert store.tags() == []
    assert store.add("a", TEXT, 0, 8, tags=["Kryiv"]).tags == ("Kryiv",)


@pytest.mark.parametrize("name", ["", "  ", "\x00", "\u200b", "/", " / ", "\u200d", "x" * (TAG_LENGTH + 1)])
def test_what_is_no_tag_is_refused(store: Annotations, name: str) -> None:
    with pytest.raises(ValueError, match="tag"):
        store.add("a", TEXT, 0, 8, tags=["good", name])
    assert store.all() == []


def test_tag_names_are_folded() -> None:
    assert tag_name(" war\u00a0\n crimes\x1b[31m ") == "war crimes[31m"
    assert tag_name("crime / war//2022/") == "crime/war/2022"
    assert tag_name("👩\u200d🚒") == "👩\u200d🚒"
    assert tag_key("STRASSE") == tag_key("straße")
    assert tag_key("caf\u00e9") == tag_key("CAFE\u0301")
    assert tag_names(["B", "a", "b"]) == ("B", "a")


@given(st.text(max_size=60))
def test_tag_folding_is_stable(name: str) -> None:
    try:
        folded = tag_name(name)
    except ValueError:
        return
    assert tag_name(folded) == folded
    assert tag_key(tag_name(folded.upper().lower())) == tag_key(tag_name(folded.upper()))
    assert not any(ord(c) < 32 for c in folded)
    assert " ".join(folded.split()) == folded


def test_generation_changes_with_any_process(tmp_path: Path, store: Annotations) -> None:
    other = Annotations(tmp_path / "annotations.sqlite")
    seen = [store.generation()]
    made = other.add("a", TEXT, 0, 8)
    seen.append(store.generation())
    store.update(made.id, note="n")
    seen.append(other.generation())
    other.undo()
    seen.append(store.generation())
    other.redo()
    seen.append(store.generation())
    other.delete(made.id)
    seen.append(store.generation())
    assert len(set(seen)) == 6
    assert store.generation() == other.generation() == seen[-1]
    other.close()


def test_check_reports_every_broken_anchor_and_deletes_nothing(store: Annotations) -> None:
    fine = store.add("a", TEXT, 0, 8)
    gone = store.add("gone", TEXT, 0, 8)
    moved = store.add("changed", TEXT, 10, 18)
    short = store.add("short", TEXT, 40, 60)
    texts = {"a": TEXT, "changed": "x" + TEXT, "short": TEXT[:50]}
    problems = store.check(texts.get)
    assert len(problems) == 3
    for broken, word in ((gone, "not in this library"), (moved, "does not stand"), (short, "past the end")):
        assert any(broken.id in problem and word in problem for problem in problems)
    assert not any(fine.id in problem for problem in problems)
    assert store.count() == 4


def test_check_reports_a_damaged_file(tmp_path: Path) -> None:
    path = tmp_path / "annotations.sqlite"
    store = Annotations(path)
    with store.gesture("filled"):
        for start in range(len(TEXT) - 1):
            store.add("a", TEXT, start, len(TEXT), note="n" * 500)
    store.close()
    data = bytearray(path.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 6000] = b"\xff" * 6000
    path.write_bytes(bytes(data))
    damaged = Annotations(path)
    assert any("annotations.sqlite" in problem for problem in damaged.check(lambda _: TEXT))
    damaged.close()


def test_what_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "annotations.sqlite"
    path.write_bytes(b"not a database, " * 100)
    with pytest.raises(LibraryError, match=r"annotations\.sqlite"):
        Annotations(path)
    assert path.read_bytes() == b"not a database, " * 100


def test_a_newer_file_is_refused_untouched(tmp_path: Path) -> None:
    path = tmp_path / "annotations.sqlite"
    store = Annotations(path)
    made = store.add("a", TEXT, 0, 8)
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version=99")
    with pytest.raises(LibraryError, match="newer"):
        Annotations(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT id FROM annotation").fetchall() == [(made.id,)]


def test_migration_of_an_older_file_leaves_a_backup(tmp_path: Path) -> None:
    path = tmp_path / "annotations.sqlite"
    Database(path, ("CREATE TABLE annotation (note TEXT); INSERT INTO annotation VALUES ('mine');",)).close()
    Database(path, ("", "ALTER TABLE annotation ADD COLUMN tag TEXT;"), backup=True).close()
    with closing(sqlite3.connect(tmp_path / "annotations.sqlite.v1.bak")) as connection:
        assert connection.execute("SELECT * FROM annotation").fetchall() == [("mine",)]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT * FROM annotation").fetchall() == [("mine", None)]


def test_the_store_is_durable_and_backed_up_by_an_upgrade(
    tmp_path: Path, store: Annotations, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert store._database.connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    assert store._database.connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
    made = store.add("a", TEXT, 0, 8, tags=["t"])
    store.close()
    longer = (*ANNOTATION_MIGRATIONS, "CREATE TABLE more (x);")
    monkeypatch.setattr("warreader.index.annotations.annotations.ANNOTATION_MIGRATIONS", longer)
    upgraded = Annotations(tmp_path / "annotations.sqlite")
    assert upgraded.all() == [made]
    upgraded.close()
    monkeypatch.undo()
    backup = Annotations(tmp_path / f"annotations.sqlite.v{len(ANNOTATION_MIGRATIONS)}.bak")
    assert backup.all() == [made]
    backup.close()


def test_a_locked_file_is_told_and_the_store_works_afterwards(
    tmp_path: Path, store: Annotations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warreader.index.storage.BUSY_SECONDS", 0.05)
    impatient = Annotations(tmp_path / "annotations.sqlite")
    with store.gesture("long"):
        store.add("a", TEXT, 0, 8)
        with pytest.raises(LibraryBusyError, match="another process"):
            impatient.add("b", TEXT, 0, 8)
        assert impatient.all() == []
    impatient.add("b", TEXT, 0, 8)
    assert [one.article for one in store.all()] == ["a", "b"]
    impatient.close()


def test_a_full_disk_is_told_and_changes_nothing(store: Annotations) -> None:
    kept = store.add("a", TEXT, 0, 8)
    pages = store._database.connection.execute("PRAGMA page_count").fetchone()[0]
    store._database.connection.execute(f"PRAGMA max_page_count={pages + 4}")
    with pytest.raises(LibraryError, match="not written"):
        store.add("a", TEXT, 9, 12, note="n" * 500_000)
    assert store.all() == [kept]
    store._database.connection.execute("PRAGMA max_page_count=1000000")
    store.add("a", TEXT, 9, 12, note="n" * 500_000)
    store.undo()
    assert store.all() == [kept]


@pytest.mark.parametrize("piece", ["a", "“", "A ", "said ", "\x00", "\u202e", "界", "👩\u200d🚒"])
def test_huge_lines_are_annotated_and_found(store: Annotations, piece: str) -> None:
    text = (piece * 200_000)[:200_000]
    made = store.add("a", text, 0, len(text), note=text)
    middle = store.add("a", text, 100_000, 100_001)
    assert store.at("a", 100_000) == [middle, made]
    assert store.check(lambda _: text) == []
    assert len(excerpt(text)) <= 40
    store.noted(text)
    store.delete(made.id)
    store.undo()
    assert store.get(made.id) == made
