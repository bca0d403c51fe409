"""REFI-QDA projects are taken in: our own come back as they were, those of other programs are placed by their words."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.annotations.model import Annotation
from warreader.index.annotations.projects import read_project
from warreader.index.annotations.refi import write_qdpx
from warreader.index.annotations.sniffing import Merged, read
from warreader.index.errors import InputError
from warreader.index.exporting import cite
from warreader.index.library import Library

FIRST = (
    "Shelling of the port\n\nThe governor said on Monday that the port had been shelled for a third night.\n"
)
SECOND = "Talks in the capital\n\nNegotiators \U0001f54a met behind closed doors in the capital on Tuesday evening.\n"
THIRD = (
    "Market reopens\n\nTraders in the old town opened their stalls again on Friday, a month after the fire.\n"
)

_CODE, _ABOVE, _NOTE, _USER = (str(UUID(int=number)) for number in (1, 2, 3, 4))


def library_with(folder: Path, **texts: str) -> Library:
    files = folder.with_name(f"{folder.name}-files")
    files.mkdir()
    for name, text in texts.items():
        (files / f"{name}.txt").write_text(text, "utf-8")
    library = Library(folder)
    library.add([files])
    return library


def id_of(library: Library, words: str) -> str:
    (found,) = library.articles.with_words(words)
    return found.id


def exported(library: Library) -> bytes:
    target = io.BytesIO()
    store = library.annotations
    write_qdpx(target, store.all(), store.book.codes(), partial(cite, library), library.articles.text)  # type: ignore[arg-type]
    return target.getvalue()


def project(
    selections: str, text: str, *, where: str = "Sources/one.txt", notes: str = "", sources: str = ""
) -> bytes:
    """A project as another program writes it."""
    xml = f"""<?xml version="1.0" encoding="utf-8"?>
<Project xmlns="urn:QDA-XML:project:1.0" name="theirs" origin="Other 24">
  <Users><User guid="{{{_USER.upper()}}}" name="A. Coder"/></Users>
  <CodeBook><Codes>
    <Code guid="{_ABOVE}" name="Event" isCodable="true">
      <Code guid="{{{_CODE.upper()}}}" name="shelling" isCodable="true" color="#3A9D5D"/>
    </Code>
  </Codes></CodeBook>
  <Sources>
    <TextSource guid="{UUID(int=7)}" name="Port" plainTextPath="internal://one.txt">{selections}</TextSource>
    {sources}
    <PictureSource guid="{UUID(int=8)}" name="Photo" path="internal://p.png">
      <PictureSelection guid="{UUID(int=9)}" firstX="0" firstY="0" secondX="9" secondY="9"/>
    </PictureSource>
  </Sources>
  <Notes>{notes}</Notes>
</Project>"""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("project.qde", xml)
        archive.writestr(where, text.encode())
    return target.getvalue()


def selection(start: int, end: int, name: str = "", inner: str = "", number: int = 20) -> str:
    return (
        f'<PlainTextSelection guid="{UUID(int=number)}" name="{name}" startPosition="{start}" endPosition="{end}"'
        f' creatingUser="{_USER}" creationDateTime="2024-05-01T10:00:00Z">{inner}</PlainTextSelection>'
    )


def counts(done: Merged) -> tuple[int, int, int]:
    return done.added, done.updated, done.unchanged


def told(library: Library) -> list[tuple[str, str, str, tuple[str, ...]]]:
    """What is marked, by the first line of its article."""
    return sorted(
        ((library.articles.text(one.article) or "").split("\n")[0], one.exact, one.note, one.tags)
        for one in library.annotations.all()
    )


@pytest.fixture
def marked(tmp_path: Path) -> Library:
    library = library_with(tmp_path / "one", first=FIRST, second=SECOND)
    add = library.annotations.add
    for text, start, end, note, tags in (
        (FIRST, 0, 8, "<who>\nand when?", ["event/shelling", "check"]),
        (SECOND, SECOND.index("met"), SECOND.index(" on Tuesday"), "", ["talks"]),
        (SECOND, 0, 5, "", []),
    ):
        add(id_of(library, text), text, start, end, note=note, tags=tags)
    add(id_of(library, SECOND), SECOND, None, None, note="the whole of it", tags=["read"])
    add(id_of(library, SECOND), SECOND, None, None, note="and again")
    library.annotations.book.describe("talks", description="who sits with whom")
    return library


def test_our_own_project_changes_nothing_where_it_comes_from(marked: Library) -> None:
    with marked as library:
        before = library.annotations.all()
        done = read(exported(library)).merge(library)
        assert (done.added, done.updated, done.missing, done.torn) == (0, 0, {}, [])
        assert library.annotations.all() == before


def test_our_own_project_comes_back_in_another_library(marked: Library, tmp_path: Path) -> None:
    with marked as library:
        data, before = exported(library), library.annotations.all()
    # Under other ids, and in another order.
    with library_with(tmp_path / "two", z=SECOND, y=FIRST) as other:
        done = read(data).merge(other)
        assert (done.missing, done.torn, done.elsewhere) == ({}, [], 0)
        spans = [one for one in before if one.span is not None]
        assert told(other) == sorted(
            [
                ("Talks in the capital", "", "the whole of it\n\nand again", ("read",)),
                ("Shelling of the port", "Shelling", "<who>\nand when?", ("event/shelling", "check")),
                ("Talks in the capital", "Talks", "", ()),
                ("Talks in the capital", "met behind closed doors in the capital", "", ("talks",)),
            ]
        )
        kept = [one for one in other.annotations.all() if one.span is not None]
        assert {(one.id, one.creator) for one in kept} == {(one.id, one.creator) for one in spans}
        assert all(one.exact == (other.articles.text(one.article) or "")[one.start : one.end] for one in kept)
        described = {code.name: code.description for code in other.annotations.book.codes()}
        assert described["talks"] == "who sits with whom"
        again = read(data).merge(other)
        assert (again.added, again.updated) == (0, 0)
        # It was one stroke: tags and marks go together.
        other.annotations.undo()
        assert other.annotations.all() == [] and other.annotations.book.codes() == []


def test_a_note_on_an_article_is_theirs_who_made_it_and_nobodys_where_several_did(tmp_path: Path) -> None:
    with library_with(tmp_path / "one", one=FIRST, two=SECOND, three=THIRD) as library:
        first, second, third = (id_of(library, text) for text in (FIRST, SECOND, THIRD))
        library.annotations.add(first, FIRST, 0, 8, creator="anna")
        library.annotations.add(first, FIRST, None, None, note="mine", creator="boris")
        library.annotations.add(second, SECOND, None, None, note="yours", creator="anna")
        library.annotations.add(second, SECOND, None, None, note="hers", creator="clara")
        library.annotations.add(third, THIRD, None, None, note="whose?")
        data = exported(library)
    with library_with(tmp_path / "two", one=FIRST, two=SECOND, three=THIRD) as other:
        read(data).merge(other)
        whose = {one.note: one.creator for one in other.annotations.all()}
        assert whose == {"": "anna", "mine": "boris", "yours\n\nhers": None, "whose?": None}


def test_our_own_project_leaves_another_article_of_the_same_id_alone(tmp_path: Path) -> None:
    with library_with(tmp_path / "one", one=FIRST, two=SECOND) as library:
        library.annotations.add(id_of(library, FIRST), FIRST, 0, 8, note="where?")
        data = exported(library)
    with library_with(tmp_path / "two", one=SECOND, two=FIRST) as other:
        assert read(data).merge(other).added == 1
        assert told(other) == [("Shelling of the port", "Shelling", "where?", ())]
    with library_with(tmp_path / "three", one=SECOND) as third:
        assert read(data).merge(third).added == 0
        assert third.annotations.all() == []


def test_what_another_program_changed_comes_back(marked: Library) -> None:
    with marked as library:
        data = exported(library)
        one = next(own for own in library.annotations.all() if own.note.startswith("<who>"))
        later = f"{datetime.now(UTC) + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
        target = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(target, "w") as changed:
            for name in archive.namelist():
                member = archive.read(name)
                if name == "project.qde":
                    xml = member.decode().replace("&lt;who&gt;", "the mayor")
                    before = f'modifiedDateTime="{one.modified[:19]}Z"'
                    member = xml.replace(before, f'modifiedDateTime="{later}"').encode()
                changed.writestr(name, member)
        assert read(target.getvalue()).merge(library).updated >= 1
        after = library.annotations.get(one.id)
        assert (after.note, after.tags, after.created) == ("the mayor\nand when?", one.tags, one.created)


def test_a_project_of_another_program(tmp_path: Path) -> None:
    start = FIRST.index("The governor")
    inner = (
        "<Description>said where?</Description>"
        f'<Coding guid="{UUID(int=30)}"><CodeRef targetGUID="{_CODE}"/></Coding>'
        f'<NoteRef targetGUID="{_NOTE}"/>'
    )
    note = f'<Note guid="{_NOTE.upper()}" name="memo"><PlainTextContent>a memo</PlainTextContent></Note>'
    text = FIRST.replace("\n", "\r\n")
    shift = 2  # Of the line ends before it each counts twice there.
    data = project(
        selection(start + shift, start + shift + 12, "The governor", inner)
        + selection(start, len(FIRST) + 900, number=21),
        text,
        notes=note,
    )
    with library_with(tmp_path / "one", first=FIRST, second=SECOND) as library:
        done = read(data).merge(library)
        (one,) = library.annotations.all()
        assert (one.exact, one.start, one.creator) == ("The governor", start, "A. Coder")
        assert (one.note, one.tags) == ("said where?\n\na memo", ("Event/shelling",))
        assert one.created == "2024-05-01T10:00:00.000000Z"
        assert done.elsewhere == 1 and counts(done) == (3, 0, 0) and done.tags == 2
        (torn,) = done.torn
        assert "there are no words in “Port”" in torn and torn.startswith("line ")


def test_marks_stay_in_their_text_where_two_go_by_one_guid(tmp_path: Path) -> None:
    other = (
        f'<TextSource guid="{UUID(int=7)}" name="Talks" plainTextPath="internal://two.txt">'
        f"{selection(0, 5, number=21)}</TextSource>"
    )
    data = io.BytesIO(project(selection(0, 8), FIRST, sources=other))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("Sources/two.txt", SECOND)
    with library_with(tmp_path / "one", first=FIRST, second=SECOND) as library:
        read(data.getvalue()).merge(library)
        assert [one[:2] for one in told(library)] == [
            ("Shelling of the port", "Shelling"),
            ("Talks in the capital", "Talks"),
        ]


def test_a_text_that_is_not_here_is_told_by_its_name(tmp_path: Path) -> None:
    with library_with(tmp_path / "one", second=SECOND) as library:
        done = read(project(selection(0, 8), FIRST)).merge(library)
        assert done.missing == {"Port": 1} and library.annotations.all() == []


def test_of_two_articles_with_the_same_words_none_is_guessed(tmp_path: Path) -> None:
    with library_with(tmp_path / "one", first=FIRST, copy="Wire\n\n" + FIRST) as library:
        done = read(project(selection(0, 8), FIRST)).merge(library)
        assert done.missing == {"Port": 1}


def test_a_place_counted_in_utf_16_is_found_by_the_words_it_names(tmp_path: Path) -> None:
    start = SECOND.index("met behind")
    data = project(selection(start + 1, start + 11, "met behind"), SECOND)
    with library_with(tmp_path / "one", second=SECOND) as library:
        read(data).merge(library)
        (one,) = library.annotations.all()
        assert (one.exact, one.start) == ("met behind", start)


def test_a_place_counted_in_utf_16_may_lie_at_the_end(tmp_path: Path) -> None:
    text = "Two of them 😀😀, whom nobody had seen that day, met behind the old mill."
    start = text.index("old")
    data = project(selection(start + 2, start + 11, "old mill."), text)
    with library_with(tmp_path / "one", text=text) as library:
        done = read(data).merge(library)
        assert done.torn == []
        assert [one.exact for one in library.annotations.all()] == ["old mill."]


def test_a_place_in_a_long_text_is_not_looked_for_through_all_of_it() -> None:
    line = "Рядок за рядком, слово за словом. "
    text = line * 10_000 + "\U0001f54a"
    starts = range(0, 200 * len(line), len(line))
    marks = "".join(selection(at, at + 20, line[:20], number=100 + at) for at in starts)
    with zipfile.ZipFile(io.BytesIO(project(marks, text))) as archive:
        began = time.process_time()
        assert [one.start for one in read_project(archive).marks] == list(starts)
        assert time.process_time() - began < 0.5


def test_of_words_that_stand_often_the_one_is_meant_whose_place_is_told(tmp_path: Path) -> None:
    text = "No comment was made by anybody in the town hall, nor was any asked for.\n" * 20
    crlf = text.replace("\n", "\r\n")
    at = text.index("comment", text.index("\n", 700)), crlf.index("comment", crlf.index("\n", 700))
    with library_with(tmp_path / "one", text=text) as library:
        read(project(selection(at[1], at[1] + 7, "comment"), crlf)).merge(library)
        assert [one.start for one in library.annotations.all()] == [at[0]]


def test_a_note_that_many_marks_share_comes_with_each_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    memo = "Who says so? " * 400
    monkeypatch.setattr("warreader.index.annotations.projects.LARGEST", 2 * len(memo))
    marks = "".join(
        selection(at, at + 3, inner=f'<NoteRef targetGUID="{_NOTE}"/>', number=40 + at) for at in range(5)
    )
    note = f'<Note guid="{_NOTE}" plainTextPath="internal://memo.txt"/>'
    data = io.BytesIO(project(marks, FIRST, notes=note))
    with zipfile.ZipFile(data, "a") as archive:
        archive.writestr("Sources/memo.txt", memo)
        done = read_project(archive)
    assert [one.note for one in done.marks] == 5 * [memo.strip()] and done.torn == []


def test_a_note_that_the_project_does_not_carry_is_told(tmp_path: Path) -> None:
    mark = selection(0, 8, inner=f'<NoteRef targetGUID="{_NOTE}"/>')
    note = f'<Note guid="{_NOTE}" plainTextPath="internal://memo.txt"/>'
    with library_with(tmp_path / "one", first=FIRST) as library:
        done = read(project(mark, FIRST, notes=note)).merge(library)
        assert [one.exact for one in library.annotations.all()] == ["Shelling"]
        (torn,) = done.torn
        assert "a note whose text the project doesn't carry" in torn


@pytest.mark.parametrize(
    "wrong", [('startPosition="0"', ""), ('endPosition="8"', 'endPosition="end"'), ("guid", "id")]
)
def test_a_selection_that_is_none_is_told(wrong: tuple[str, str]) -> None:
    data = project(selection(0, 8).replace(*wrong, 1), FIRST)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        done = read_project(archive)
    (torn,) = done.torn
    assert torn.endswith(": a selection without a place, or without a guid") and done.marks == []


@pytest.mark.parametrize("where", ["Sources/other.txt", "../one.txt", "one.md"])
def test_a_text_that_the_project_does_not_carry_is_told(tmp_path: Path, where: str) -> None:
    with library_with(tmp_path / "one", first=FIRST) as library:
        done = read(project(selection(0, 8), FIRST, where=where)).merge(library)
        assert done.elsewhere == 2 and library.annotations.all() == []


def test_a_text_that_unpacks_without_end_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warreader.index.annotations.projects.LARGEST", 5_000)
    with library_with(tmp_path / "one", first=FIRST) as library:
        done = read(project(selection(0, 8), FIRST + "a" * 10_000)).merge(library)
        assert done.elsewhere == 2


def test_a_project_without_its_xml_is_told() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("Sources/one.txt", FIRST)
    with pytest.raises(InputError, match=r"it holds no \.qde"):
        read(target.getvalue())


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\0"), min_size=1, max_size=120), st.data())
def test_what_is_exported_is_read_with_the_same_words(text: str, data: st.DataObject) -> None:
    from warreader.index.annotations.export import Citation
    from warreader.index.annotations.model import select

    start = data.draw(st.integers(0, len(text) - 1))
    at = select(text, start, data.draw(st.integers(start + 1, len(text))))
    stamp = "2022-03-01T09:30:00.123456Z"
    made = Annotation(
        UUID(int=5).urn,
        "a",
        at.start,
        at.end,
        at.exact,
        at.prefix,
        at.suffix,
        "n",
        ("t/u",),
        stamp,
        stamp,
        "me",
    )
    target = io.BytesIO()
    write_qdpx(target, [made], [], lambda _: Citation(text), lambda _: text)  # type: ignore[arg-type]
    with zipfile.ZipFile(target) as archive:
        (mark,) = read_project(archive).marks
    assert (mark.id, mark.exact, mark.prefix, mark.suffix) == (made.id, at.exact, at.prefix, at.suffix)
    assert (mark.start, mark.note, mark.tags, mark.creator) == (at.start, "n", ("t/u",), "me")
