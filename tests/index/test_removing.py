"""Taking articles out of a library."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from warreader.index.api import export
from warreader.index.errors import LibraryError, NotFoundError, ReadOnlyError
from warreader.index.ingest.pieces import Options
from warreader.index.library import Library
from warreader.index.search.added import AddedSource

QUOTED = "“The northern bridge was struck twice before dawn and will stay closed,” General Ann Clarke said."
TEXTS = {
    "one": f"Bridge closed\n\n{QUOTED}\n\nThe road to Kharkiv is open.",
    "two": f"What Clarke said\n\nIn Kyiv, {QUOTED} She spoke on Monday.\n\nNothing else was said.",
    "three": f"The week\n\nOnce more: {QUOTED}\n\nMariupol was quiet, said Clarke.",
}
WHAT = ("articles", "entities", "mentions", "quotations", "matches")


def source(folder: Path, names: Sequence[str], file: str = "all.jsonl") -> Path:
    """A file with some of the articles."""
    path = folder / file
    rows = [
        {"id": name, "outlet": f"Paper {name}", "date": "2024-05-01", "text": TEXTS[name]} for name in names
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    return path


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """All three articles."""
    with Library(tmp_path / "library") as library:
        library.add([source(tmp_path, list(TEXTS))])
        yield library


def exported(library: Library) -> dict[str, list[dict[str, object]]]:
    """All that is derived, without when and from where it came."""
    rows = {what: [json.loads(line) for line in export(library, what)] for what in WHAT}
    return {
        what: sorted(
            ({k: v for k, v in row.items() if k not in ("added", "source")} for row in found), key=json.dumps
        )
        for what, found in rows.items()
    }


def test_nothing_is_left_of_what_was_taken_out(library: Library, tmp_path: Path) -> None:
    assert len(next(iter(library.matches.all())).members) == 3
    assert library.remove(["two"]) == []
    with Library(tmp_path / "never") as never:
        never.add([source(tmp_path, ["one", "three"], "some.jsonl")])
        assert exported(library) == exported(never)
    assert {hit.id for hit in library.search.search("clarke").hits} == {"one", "three"}
    assert not library.behind and library.check() == []


def test_what_comes_in_the_place_of_what_was_taken_out_is_new(library: Library, tmp_path: Path) -> None:
    searches = library.search.searches
    searches.save("clarke")
    library.remove(["three"])
    (tmp_path / "new.txt").write_text(f"Bridge open again\n\nA week after: {QUOTED}\n", "utf-8")
    library.add([tmp_path / "new.txt"])
    (standing,) = searches.standing()
    assert (standing.total, standing.new) == (3, 1)


@pytest.mark.parametrize("what", ["standing", "added"])
def test_what_another_process_takes_out_meanwhile_is_no_stumbling_block(library: Library, what: str) -> None:
    """Between two looks at the keys by which it is told what came when."""
    searches, database = library.search.searches, library.search.searches._database
    searches.save("clarke")
    with database.transaction() as connection:
        connection.execute("UPDATE saved_search SET seen = 0")
    with Library(library.folder) as other:

        def meanwhile(statement: str) -> None:
            if "ORDER BY key LIMIT 1" in statement:
                database.connection.set_trace_callback(None)
                for gone in other.articles.ids():
                    other.articles.remove(gone)

        database.connection.set_trace_callback(meanwhile)
        if what == "standing":
            assert searches.standing()[0].latest is None
        else:
            assert AddedSource(database).articles("2020..") == set()
        assert len(other.articles) == 0


def test_all_go_or_none(library: Library) -> None:
    with pytest.raises(NotFoundError, match="no article 'four'"):
        library.remove(["one", "four"])
    assert library.articles.ids() == ["one", "two", "three"]


def test_notes_are_kept_and_stand_again(library: Library, tmp_path: Path) -> None:
    text = TEXTS["one"]
    note = library.annotations.add("one", text, 0, 6, "check")
    library.remove(["one"])
    assert library.annotations.count() == 1
    library.add([source(tmp_path, ["one"], "again.jsonl")])
    assert [held.id for held in library.annotations.of("one")] == [note.id]
    assert library.check() == []


def test_its_file_is_not_read_again_as_it_is(library: Library, tmp_path: Path) -> None:
    library.remove(["one"])
    assert library.add([tmp_path / "all.jsonl"]).added == []
    assert library.articles.ids() == ["two", "three"]


def test_its_file_is_read_again_where_that_is_wanted(library: Library, tmp_path: Path) -> None:
    note = library.annotations.add("one", TEXTS["one"], 0, 6, "check")
    library.remove(["one"])
    report = library.add([tmp_path / "all.jsonl"], options=Options(again=True))
    assert (report.added, len(report.duplicates)) == (["one"], 2)
    assert [held.id for held in library.annotations.of("one")] == [note.id]
    assert library.check() == []


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_other_versions_stay(tmp_path: Path, gone: int) -> None:
    with Library(tmp_path / "library") as library:
        for number in range(3):
            path = tmp_path / "a.jsonl"
            text = f"{TEXTS['one']}\n\nVersion {number} of the report adds a line."
            path.write_text(json.dumps({"id": "a", "text": text}) + "\n", "utf-8")
            library.add([path])
        ids = [one.id for one in library.articles.versions("a")]
        assert len(ids) == 3
        library.remove([ids[gone]])
        left = [one for one in ids if one != ids[gone]]
        assert [one.id for one in library.articles.versions(left[0])] == left
        assert library.articles.ids() == [left[-1]]
        assert [hit.id for hit in library.search.search("bridge").hits] == [left[-1]]
        assert [hit.id for hit in library.search.search("bridge is:older").hits] == [left[0]]


def test_not_of_a_library_that_is_only_read(library: Library) -> None:
    folder = library.folder
    library.close()
    with Library(folder, read_only=True) as reading, pytest.raises((ReadOnlyError, LibraryError)):
        reading.remove(["one"])
