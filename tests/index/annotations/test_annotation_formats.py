"""Code books and projects (REFI-QDA), brat, HTML, and Markdown by tag."""

from __future__ import annotations

import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from warreader.index.annotations.annotations import Annotations
from warreader.index.annotations.brat import standoff, write_brat
from warreader.index.annotations.export import Citation
from warreader.index.annotations.grouping import Group
from warreader.index.annotations.html import to_html
from warreader.index.annotations.markdown import to_markdown
from warreader.index.annotations.model import Annotation, Code, select, tag_key, tag_name
from warreader.index.annotations.refi import PALETTE, read_qdc, to_qdc, write_qdpx
from warreader.index.annotations.sniffing import read
from warreader.index.errors import InputError
from warreader.index.library import Library

TEXT = "🚩 Shelling hit the station.\nTwo people — both old — were hurt.\n\x1b[31m<b>End</b>\n"
PROJECT = "{urn:QDA-XML:project:1.0}"


def mark(
    number: int, start: int | None, end: int | None, *, note: str = "", tags: tuple[str, ...] = ()
) -> Annotation:
    at = select(TEXT, start, end)
    stamp = "2022-03-01T09:30:00.123456Z"
    return Annotation(
        f"urn:uuid:{UUID(int=number)}", "a/1", at.start, at.end, at.exact, at.prefix, at.suffix, note, tags,
        stamp, stamp, "desk",
    )  # fmt: skip


def cite(_: str) -> Citation:
    return Citation("A <title> & more", "Outlet", None, "2022-03-01", "https://example.org/a?b=1&c=2")


MADE = [
    mark(1, 2, 10, note="why?\nbecause", tags=("evidence/video", "claim")),
    mark(2, 21, 40, tags=("other/video",)),
    mark(3, None, None, note="whole", tags=("read",)),
    mark(4, 2, 4),
]

names = st.lists(st.text(st.characters(codec="utf-8"), min_size=1, max_size=8), min_size=1, max_size=3).map(
    "/".join
)


def valid(name: str) -> bool:
    try:
        return tag_name(name) == name
    except ValueError:
        return False


@st.composite
def books(draw: st.DrawFn) -> list[Code]:
    found: dict[str, Code] = {}
    for name in draw(st.lists(names.filter(valid), max_size=6)):
        found.setdefault(
            tag_key(name),
            Code(
                draw(st.uuids()).urn,
                name,
                draw(st.none() | st.integers(0, len(PALETTE) - 1)),
                draw(st.text(st.characters(codec="utf-8"), max_size=20)),
            ),
        )
    return list(found.values())


def by_path(codes: list[Code]) -> list[tuple[str, str, int | None, str]]:
    return sorted((tag_key(code.name), code.id, code.color, code.description) for code in codes)


@given(books())
def test_a_code_book_comes_back_identical(book: list[Code]) -> None:
    data = "\n".join(to_qdc(book)).encode()
    once = read_qdc(data)
    # XML holds no control characters; all that the store lets into a description comes back.
    from warreader.index.annotations.code_book import _clean

    wanted = [Code(code.id, code.name, code.color, _clean(code.description)) for code in book]
    again = read_qdc("\n".join(to_qdc(wanted)).encode())
    assert by_path(again) == by_path(wanted)
    assert [code.id for code in once] == [code.id for code in again]
    assert read_qdc("\n".join(to_qdc(again)).encode()) == again


def test_a_code_book_from_elsewhere(tmp_path: Path) -> None:
    data = b"""<?xml version="1.0" encoding="utf-8"?>
<CodeBook xmlns="urn:QDA-XML:codebook:1.0" origin="Other 22">
  <Codes>
    <Code guid="{0F758EEB-D61D-4E91-B250-79861C3869A6}" name="Evidence" isCodable="false">
      <Code guid="1f758eeb-d61d-4e91-b250-79861c3869a6" name="and/or" isCodable="true" color="#3A9D5E">
        <Description>both</Description>
      </Code>
    </Code>
    <Code guid="2f758eeb-d61d-4e91-b250-79861c3869a6" name="Claim" isCodable="true" color="#FFF"/>
  </Codes>
  <Sets/>
</CodeBook>"""
    with Library(tmp_path / "library") as library:
        assert read(data).merge(library).added == 2
        (claim, both) = library.annotations.book.codes()
        assert (both.name, both.color, both.description) == ("Evidence/and\u2215or", 1, "both")
        assert claim.name == "Claim" and claim.color is not None
        again = read(data).merge(library)
        assert (again.added, again.updated) == (0, 0)


def project(tmp_path: Path) -> tuple[etree._Element, dict[str, str]]:
    target = tmp_path / "notes.qdpx"
    book = [Code(UUID(int=9).urn, "evidence", 1, "what shows it")]
    write_qdpx(target, MADE, book, cite, lambda article: TEXT if article == "a/1" else None)
    with zipfile.ZipFile(target) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".txt")}
        return etree.fromstring(archive.read("project.qde")), texts


def test_a_project_holds_texts_codes_and_selections(tmp_path: Path) -> None:
    root, texts = project(tmp_path)
    (source,) = root.iter(f"{PROJECT}TextSource")
    path = source.get("plainTextPath")
    assert path is not None and texts == {path.replace("internal://", "Sources/"): TEXT}
    codes = {code.get("guid"): code.get("name") for code in root.iter(f"{PROJECT}Code")}
    # Two codes end in "video": each goes by its whole path, since some programs know codes by name alone.
    assert sorted(codes.values()) == ["claim", "evidence", "evidence/video", "other", "other/video", "read"]
    found = []
    for one in source.iter(f"{PROJECT}PlainTextSelection"):
        start, end = int(one.get("startPosition", "")), int(one.get("endPosition", ""))
        coded = [codes[ref.get("targetGUID")] for ref in one.iter(f"{PROJECT}CodeRef")]
        found.append((TEXT[start:end], coded, one.findtext(f"{PROJECT}Description")))
    assert found == [
        ("Shelling", ["evidence/video", "claim"], "why?\nbecause"),
        (TEXT[21:40], ["other/video"], None),
        ("Sh", [], None),
    ]
    assert source.findtext(f"{PROJECT}Description") == "whole"
    assert [value.findtext(f"{PROJECT}TextValue") for value in source.iter(f"{PROJECT}VariableValue")] == [
        "Outlet", "2022-03-01", "https://example.org/a?b=1&c=2",
    ]  # fmt: skip
    guids = [element.get("guid") for element in root.iter() if element.get("guid")]
    assert len(guids) == len(set(guids))
    assert not re.search(r'[/\\:*?"<>|]', source.get("name") or "")


def test_a_project_s_code_book_can_be_read(tmp_path: Path) -> None:
    project(tmp_path)
    data = (tmp_path / "notes.qdpx").read_bytes()
    with Library(tmp_path / "library") as library:
        read(data).merge(library)
        book = {code.name: code for code in library.annotations.book.codes()}
        assert {"evidence", "evidence/video", "other/video", "claim", "read"} <= set(book)
        assert (book["evidence"].color, book["evidence"].description) == (1, "what shows it")


@pytest.mark.parametrize("packed", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_damaged_project_is_told(tmp_path: Path, packed: int) -> None:
    path = tmp_path / "damaged.qdpx"
    with zipfile.ZipFile(path, "w", packed) as archive:
        archive.writestr("project.qde", "<Project>" + "abc" * 3000 + "</Project>")
    data = bytearray(path.read_bytes())
    start = data.index(b"project.qde") + len("project.qde")
    for at in range(start + 2, start + 30):
        data[at] ^= 0xFF
    with pytest.raises(InputError, match=r"broken project .*export it again") as told:
        read(bytes(data))
    assert "\n" not in told.value.reason


@given(st.text(st.characters(codec="utf-8"), max_size=200), st.data())
def test_offsets_of_a_project_fit_its_text(text: str, data: st.DataObject) -> None:
    import io

    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    at = select(text, start, end)
    stamp = "2022-03-01T09:30:00.123456Z"
    one = Annotation(
        "urn:x", "a", at.start, at.end, at.exact, at.prefix, at.suffix, "n\x00\ufffe", ("t",), stamp, stamp
    )
    target = io.BytesIO()
    write_qdpx(target, [one], [], lambda _: Citation(text), lambda _: text)  # type: ignore[arg-type]
    with zipfile.ZipFile(target) as archive:
        root = etree.fromstring(archive.read("project.qde"))
        (name,) = [name for name in archive.namelist() if name.endswith(".txt")]
        stored = archive.read(name).decode()
    (selection,) = root.iter(f"{PROJECT}PlainTextSelection")
    assert stored == text
    assert stored[int(selection.get("startPosition", "")) : int(selection.get("endPosition", ""))] == at.exact


def test_brat(tmp_path: Path) -> None:
    target = tmp_path / "brat.zip"
    write_brat(target, MADE, lambda article: TEXT if article == "a/1" else None)
    with zipfile.ZipFile(target) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    assert files["a_1.txt"] == TEXT
    lines = files["a_1.ann"].splitlines()
    assert lines[0] == "T1\tevidence-video 2 10\tShelling"
    assert "#1\tAnnotatorNotes T1\twhy? because" in lines
    assert {"evidence-video", "other-video", "claim", "read", "Highlight"} <= set(
        files["annotation.conf"].split("\n")
    )
    for line in lines:
        if line.startswith("T"):
            _, where, words = line.split("\t")
            kind, places = where.split(" ", 1)
            assert re.fullmatch(r"[\w-]+", kind)
            assert words == " ".join(TEXT[int(a) : int(b)] for a, b in (p.split() for p in places.split(";")))


@given(st.text(max_size=120), st.data())
def test_brat_s_lines_hold_whatever_text(text: str, data: st.DataObject) -> None:
    text = text.encode("utf-8", "ignore").decode()
    if not text:
        return
    start = data.draw(st.integers(0, len(text) - 1))
    at = select(text, start, data.draw(st.integers(start + 1, len(text))))
    stamp = "2022-03-01T09:30:00.123456Z"
    one = Annotation(
        "urn:x", "a", at.start, at.end, at.exact, at.prefix, at.suffix, text, ("a b/ü",), stamp, stamp
    )
    for line in standoff([one], text):
        assert len(line.splitlines()) == 1
        if line.startswith("T"):
            _, where, words = line.split("\t", 2)
            places = where.partition(" ")[2].split(";")
            assert words == " ".join(text[int(a) : int(b)] for a, b in (place.split() for place in places))


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_html_is_escaped_and_needs_nothing_else() -> None:
    hostile = [mark(5, 0, len(TEXT), note="<script>alert(1)</script>", tags=("<b>",))]
    for group in get_args(Group):
        page = Page()
        page.feed("\n".join(to_html([*MADE, *hostile], cite, group)))
        assert not {"script", "b", "title>"} & set(page.tags)
        assert "<script>alert(1)</script>" in page.text and "\x1b" not in page.text
        assert set(page.links) == {"https://example.org/a?b=1&c=2"}
        assert "A <title> & more" in page.text
    bad = Citation("x", url="javascript:alert(1)")
    assert "href" not in "\n".join(to_html(MADE, lambda _: bad))


def test_markdown_by_tag() -> None:
    lines = to_markdown(MADE, cite, "tag").split("\n")
    heads = [line for line in lines if line.startswith("## ")]
    assert heads == ["## claim", "## evidence/video", "## other/video", "## read", "## (without a tag)"]
    assert sum(line.startswith("— A ") for line in lines) == 5


def test_the_whole_of_it_from_a_store(tmp_path: Path) -> None:
    store = Annotations(tmp_path / "annotations.sqlite")
    store.add("a/1", TEXT, 2, 10, tags=["x/y"])
    store.book.describe("x", description="\x00why\r\nnot")
    (code,) = read_qdc("\n".join(to_qdc(store.book.codes())).encode())
    assert (code.name, code.description) == ("x", "why\nnot")
    store.close()
