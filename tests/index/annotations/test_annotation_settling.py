"""Annotations that come into a library where their articles have other ids, and back from a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.index.conftest import Made

from warreader.index.annotations.sniffing import Merged, read
from warreader.index.exporting import export
from warreader.index.library import Library

TEXT = (
    "The minister told the council that the bridge would stay closed until the harbour is safe again.\n"
    "Nobody was hurt, the mayor said. Nobody was hurt, the mayor said.\n"
)
QUOTE = "the bridge would stay closed until the harbour is safe"
URL = "https://example.org/bridge"


def _noted(made: Made, **fields: str) -> Library:
    library = made({"id": "one", "text": TEXT, "title": "Bridge closed"} | fields)
    start = TEXT.index(QUOTE)
    library.annotations.add("one", TEXT, start, start + len(QUOTE), "a note", ["evidence"])
    library.annotations.add("one", TEXT, None, None, "on the whole")
    return library


def _out(library: Library, form: str = "jsonl") -> bytes:
    return "\r\n".join(export(library, "annotations", form)).encode()


def _into(library: Library, data: bytes) -> Merged:
    return read(data.replace(b"\r\n", b"\n")).merge(library)


@pytest.mark.parametrize("form", ["jsonl", "w3c", "csv"])
def test_an_article_of_another_id_is_known_by_its_address(made: Made, form: str) -> None:
    ours = _noted(made, url=URL)
    other = made({"id": "other", "text": f"HARBOUR — {TEXT}", "url": f"{URL}?utm_source=x"})
    done = _into(other, _out(ours, form))
    assert (done.added, done.waiting) == (2, 0)
    whole, note = other.annotations.of("other")
    assert note.span is not None and note.span.of(other.articles.text("other") or "") == QUOTE
    assert (note.note, note.tags, whole.note, whole.span) == ("a note", ("evidence",), "on the whole", None)
    # And home again.
    assert _into(ours, _out(other, form)).added == 0
    assert [one.article for one in ours.annotations.all()] == ["one", "one"]


def test_an_article_without_an_address_is_known_by_the_words_marked_in_it(made: Made) -> None:
    ours = _noted(made)
    other = made({"id": "x", "text": "Something else."}, {"id": "other", "text": f"HARBOUR — {TEXT}"})
    assert _into(other, _out(ours)).waiting == 0
    assert {one.article for one in other.annotations.all()} == {"other"}


def test_of_two_articles_with_the_same_words_none_is_guessed(made: Made) -> None:
    ours = _noted(made)
    other = made({"id": "a", "text": TEXT}, {"id": "b", "text": f"Again: {TEXT}"})
    assert _into(other, _out(ours)).waiting == 2
    assert {one.article for one in other.annotations.all()} == {"one"}


def test_of_articles_that_share_words_it_is_the_one_that_has_all_that_was_marked(made: Made) -> None:
    ours = _noted(made)
    ours.annotations.add("one", TEXT, 0, TEXT.index(" would"), "of this one alone")
    teaser = f"Today.\nThe board told the council that {QUOTE} again.\n"
    other = made({"id": "teaser", "text": teaser}, {"id": "other", "text": f"HARBOUR — {TEXT}"})
    assert _into(other, _out(ours, "csv")).waiting == 0
    assert {one.article for one in other.annotations.all()} == {"other"}


def test_what_waited_finds_its_article_when_it_is_taken_in_again(made: Made, tmp_path: Path) -> None:
    data = _out(_noted(made, url=URL))
    other = made({"id": "x", "text": "Something else."})
    assert _into(other, data).waiting == 2
    (tmp_path / "more.jsonl").write_text(json.dumps({"id": "other", "text": TEXT, "url": URL}), "utf-8")
    other.add([tmp_path / "more.jsonl"], derive=False)
    before = {one.id: one.modified for one in other.annotations.all()}
    done = _into(other, data)
    assert (done.added, done.updated, done.waiting) == (0, 2, 0)
    assert {one.article for one in other.annotations.all()} == {"other"}
    # It is no change of what it says: what its author writes later still counts as later.
    assert {one.id: one.modified for one in other.annotations.all()} == before
    assert _into(other, data).unchanged == 2


def _edited(data: bytes, delimiter: str = ",", **changed: str) -> bytes:
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(row | (changed if row["exact"] else {}) for row in rows)
    return out.getvalue().encode("utf-8-sig")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_edited_in_a_spreadsheet_comes_back(made: Made, delimiter: str) -> None:
    ours = _noted(made)
    table = _out(ours, "csv")
    assert read(table).merge(ours).unchanged == 2
    (before,) = (one for one in ours.annotations.all() if one.exact)
    edited = _edited(
        table, delimiter, note="'=another, note", tags="evidence; video", modified="26.11.2026 13:26"
    )
    done = read(edited).merge(ours)
    assert (done.added, done.updated, done.unchanged) == (0, 1, 1)
    after = ours.annotations.get(before.id)
    assert (after.note, after.tags) == ("=another, note", ("evidence", "video"))
    assert (after.span, after.prefix, after.created) == (before.span, before.prefix, before.created)
    assert after.modified > before.modified


def test_a_table_older_than_our_note_changes_nothing(made: Made) -> None:
    ours = _noted(made)
    table = _out(ours, "csv")
    (note,) = (one for one in ours.annotations.all() if one.exact)
    ours.annotations.update(note.id, note="written since")
    assert read(_edited(table, note="written before")).merge(ours).updated == 0
    assert ours.annotations.get(note.id).note == "written since"


def test_a_table_goes_into_another_library_with_its_places(made: Made) -> None:
    table = _out(_noted(made), "csv")
    other = made({"id": "one", "text": TEXT})
    assert read(table).merge(other).added == 2
    (note,) = (one for one in other.annotations.all() if one.exact)
    assert note.span is not None and note.span.of(TEXT) == QUOTE and note.suffix


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"id": ""}, "id is missing"),
        ({"id": "a b"}, "id holds white space"),
        ({"article": ""}, "article is missing"),
        ({"start": "x"}, "start is not an offset"),
    ],
)
def test_a_broken_row_is_told_with_its_line_and_the_rest_taken(
    made: Made, changed: dict[str, str], why: str
) -> None:
    table = _out(_noted(made), "csv")
    other = made({"id": "one", "text": TEXT})
    done = read(_edited(table, **changed)).merge(other)
    (told,) = done.torn
    assert told.split(":")[0] in ("line 2", "line 3") and why in told
    assert done.added == 1


@pytest.mark.parametrize("first", ["article", "id"])
@pytest.mark.parametrize("gap", ["\r\n", "\n\n"])
@pytest.mark.parametrize("word", ["the whole", "whole"])
def test_a_row_torn_by_a_line_break_is_left_out_and_told_how_to_mend(
    made: Made, first: str, gap: str, word: str
) -> None:
    records = list(csv.reader(io.StringIO(_out(_noted(made), "csv").decode(), newline="")))
    order = sorted(range(len(records[0])), key=lambda at: records[0][at] != first)
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([[record[at] for at in order] for record in records])
    other = made({"id": "one", "text": TEXT})
    table = buffer.getvalue()
    assert word in table
    done = read(table.replace(f" {word}", f"{gap}{word}", 1).encode()).merge(other)
    # Neither half of it came in, with a note that is cut or an id that is a word of it.
    assert done.added == 1 and [one.note for one in other.annotations.all()] == ["a note"]
    assert len(done.torn) == 2
    for told in done.torn:
        assert "a line break within a field must be in quotation marks" in told
    begins, ends = (int(told.split(":")[0].removeprefix("line ")) for told in done.torn)
    assert ends - begins == gap.count("\n")


def test_a_row_whose_last_empty_fields_are_not_there_is_whole(made: Made) -> None:
    records = list(csv.reader(io.StringIO(_out(_noted(made), "csv").decode(), newline="")))
    about = records[0].index("about")
    order = [at for at in range(len(records[0])) if at != about] + [about]
    rows = [[record[at] for at in order] for record in records]
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([rows[0], *(row[:-1] for row in rows[1:])])
    done = read(buffer.getvalue().encode()).merge(made({"id": "one", "text": TEXT}))
    assert (done.added, done.torn) == (2, [])


@pytest.mark.parametrize(("delimiter", "named"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
def test_a_row_torn_by_a_comma_is_left_out_and_told_how_to_mend(
    made: Made, delimiter: str, named: str
) -> None:
    table = _edited(_out(_noted(made), "csv"), delimiter)
    torn = table.replace(b"on the whole", f"on{delimiter} the whole".encode())
    other = made({"id": "one", "text": TEXT})
    done = read(torn).merge(other)
    assert done.added == 1 and [one.note for one in other.annotations.all()] == ["a note"]
    (told,) = done.torn
    assert told.startswith("line ") and f"a {named} within a field must be in quotation marks" in told
    line = torn.decode().splitlines()[int(told.split(":")[0].removeprefix("line ")) - 1]
    assert "the whole" in line
    mended = torn.replace(f"on{delimiter} the whole".encode(), f'"on{delimiter} the whole"'.encode())
    done = read(mended).merge(other)
    assert (done.added, done.unchanged, done.torn) == (1, 1, [])


def test_a_separator_too_many_at_the_end_tears_no_row(made: Made) -> None:
    ours = _noted(made)
    table = _edited(_out(ours, "csv")).replace(b"\r\n", b",,\r\n")
    done = read(table).merge(ours)
    assert (done.unchanged, done.torn) == (2, [])


OTHER = "The harbour fair opened on Sunday.\nMore came than in any year before, the organisers said.\n"


@pytest.mark.parametrize("form", ["jsonl", "w3c", "csv"])
def test_another_article_of_the_same_id_gets_no_notes(made: Made, form: str) -> None:
    ours = _noted(made, url=URL)
    other = made({"id": "one", "text": OTHER, "url": "https://example.org/fair"})
    done = _into(other, _out(ours, form))
    assert (done.added, done.missing) == (0, {URL: 2})
    assert other.annotations.all() == []


@pytest.mark.parametrize("form", ["jsonl", "w3c", "csv"])
def test_another_article_of_the_same_id_gets_no_notes_where_none_has_an_address(
    made: Made, form: str
) -> None:
    ours = _noted(made)
    other = made({"id": "one", "text": OTHER})
    done = _into(other, _out(ours, form))
    assert (done.added, done.missing) == (0, {"one": 2})
    assert other.annotations.all() == []
    third = made({"id": "one", "text": OTHER}, {"id": "two", "text": TEXT})
    assert _into(third, _out(ours, form)).added == 2
    assert {one.article for one in third.annotations.all()} == {"two"}


@pytest.mark.parametrize("form", ["jsonl", "w3c"])
def test_an_article_without_an_address_that_was_written_anew_keeps_its_notes(made: Made, form: str) -> None:
    ours = _noted(made)
    other = made({"id": "one", "text": TEXT.replace(QUOTE, "no bridge is open before the harbour is safe")})
    assert _into(other, _out(ours, form)).added == 2
    assert {one.article for one in other.annotations.all()} == {"one"}


@pytest.mark.parametrize("form", ["jsonl", "w3c", "csv"])
def test_where_an_id_is_another_articles_the_one_from_the_address_gets_the_notes(
    made: Made, form: str
) -> None:
    ours = _noted(made, url=URL)
    other = made(
        {"id": "one", "text": OTHER, "url": "https://example.org/fair"},
        {"id": "two", "text": TEXT, "url": URL},
    )
    done = _into(other, _out(ours, form))
    assert (done.added, done.missing) == (2, {})
    assert {one.article for one in other.annotations.all()} == {"two"}


def test_where_an_id_is_another_articles_the_one_with_the_words_gets_the_notes(made: Made) -> None:
    ours = _noted(made, url=URL)
    other = made({"id": "one", "text": OTHER}, {"id": "two", "text": f"HARBOUR — {TEXT}"})
    assert _into(other, _out(ours)).added == 2
    assert {one.article for one in other.annotations.all()} == {"two"}


def test_an_article_that_was_taken_from_a_second_address_is_known_by_its_words(made: Made) -> None:
    ours = _noted(made, url=URL)
    other = made({"id": "one", "text": f"HARBOUR — {TEXT}", "url": "https://example.net/mirror"})
    assert _into(other, _out(ours)).added == 2
    assert {one.article for one in other.annotations.all()} == {"one"}


def test_notes_come_home_though_the_address_was_corrected_since(made: Made) -> None:
    ours = _noted(made, url=URL)
    out = _out(ours)
    ours.corrections.set_meta("one", "url", "https://example.org/moved")
    ours.corrections.apply()
    done = _into(ours, out)
    assert (done.unchanged, done.missing) == (2, {})


@pytest.mark.parametrize("tags", [["a; b", "c"], ['"quoted"', 'say "no"; go'], ["one"], ['"half', "x;"]])
def test_a_table_keeps_tags_that_hold_its_separator(made: Made, tags: list[str]) -> None:
    ours = made({"id": "one", "text": TEXT})
    ours.annotations.add("one", TEXT, 0, 3, "", tags)
    other = made({"id": "one", "text": TEXT})
    assert _into(other, _out(ours, "csv")).added == 1
    assert other.annotations.all() == ours.annotations.all()
    assert _into(ours, _out(other, "csv")).unchanged == 1


def test_a_table_that_a_spreadsheet_wrote_as_unicode_text_is_read(made: Made) -> None:
    ours = _noted(made, url=URL)
    rows = list(csv.reader(io.StringIO(_out(ours, "csv").decode(), newline="")))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t").writerows(rows)
    other = made({"id": "one", "text": TEXT, "url": URL})
    assert read(text.getvalue().encode("utf-16")).merge(other).added == 2


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_note_on_a_name_is_headed_by_the_name(made: Made, form: str) -> None:
    library = made({"id": "one", "text": "Iryna Testenko spoke on Monday. Ms Testenko then left.\n"})
    library.update()
    (entity,) = library.entities.find("Iryna Testenko")
    library.annotations.add("one", "", None, None, "who is she?", about=f"entity:{entity.id}")
    out = _out(library, form).decode()
    assert "On Iryna Testenko, wherever named:" in out
