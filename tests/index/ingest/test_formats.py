"""Formats: what a file is taken for by its name, by its first bytes, and which files of a folder are looked at."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.ingest import formats
from warreader.index.ingest.formats import files_under, sniff, suffix_of


@pytest.mark.parametrize("suffix", sorted(formats.SPLITTERS))
def test_every_suffix_has_a_reader(suffix: str) -> None:
    assert callable(formats.splitter(suffix))


@pytest.mark.parametrize("form", sorted(formats.PARSERS))
def test_every_form_has_a_parser(form: str) -> None:
    assert callable(formats.parser(form))


def test_an_unknown_suffix_has_none() -> None:
    assert formats.splitter(".xyz") is None


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("a.txt", ".txt"),
        ("A.TXT", ".txt"),
        ("crawl.warc.gz", ".warc.gz"),
        ("dump.2022.tar.gz", ".tar.gz"),
        ("news.jsonl.gz", ".gz"),
        ("news.v1.json", ".json"),
        ("dump.zip/pages/a.html", ".html"),
        ("Interview with Mr. X", ". x"),
        ("no suffix", ""),
        (".hidden", ""),
        ("", ""),
        ("dot.", ""),
    ],
)
def test_the_suffix_of_a_name(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix


@pytest.mark.parametrize(
    ("head", "suffix"),
    [
        (b"%PDF-1.7\n", ".pdf"),
        (b"PK\x03\x04" + bytes(26) + b"a.html", ".zip"),
        (b"PK\x03\x04" + bytes(26) + b"[Content_Types].xml", ".docx"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/epub+zip", ".epub"),
        (b"\x1f\x8b\x08", ".gz"),
        (b"BZh9", ".bz2"),
        (b"\xfd7zXZ\x00", ".xz"),
        (b"WARC/1.0\r\n", ".warc"),
        (bytes(257) + b"ustar\x0000", ".tar"),
        (b"From a@example.org Sat Mar  5 10:20:30 2022\nSubject: x\n", ".mbox"),
        (b"From Kyiv our correspondent reports.\nThe roads are open.\n", ".txt"),
        (b'{"text": "words"}\n{"text":', ".json"),
        (b'\xef\xbb\xbf [\n {"text":', ".json"),
        (b"[sic] said the man", ".txt"),
        (b"{curly} words", ".txt"),
        (b"<!DOCTYPE html><title>", ".html"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", ".html"),
        (b"<?xml version='1.0'?><rss version='2.0'>", ".rss"),
        (b"<?xml version='1.0'?><feed xmlns='http://www.w3.org/2005/Atom'>", ".rss"),
        (b"<?xml version='1.0'?><nitf><p>", ".xml"),
        (b"<div>words</div>", ".html"),
        (b"<<< words >>>", ".txt"),
        (b"From: a\nTo: b\nSubject: c\nMIME-Version: 1.0\n\n", ".eml"),
        (b"From: a\nSubject: c\nMIME-Version: 1.0\nContent-Type: multipart/related;\n\n", ".mhtml"),
        (b"KYIV: Note this.\nWords.", ".txt"),
        (b"", ".txt"),
    ],
)
def test_what_a_file_is_by_its_first_bytes(head: bytes, suffix: str) -> None:
    assert sniff(head) == suffix


@given(st.binary(max_size=400))
def test_any_bytes_are_taken_for_something_that_can_be_read(head: bytes) -> None:
    assert sniff(head) in formats.SPLITTERS


@given(st.text())
def test_any_name_has_a_suffix_or_none(name: str) -> None:
    assert suffix_of(name) == suffix_of(name).lower()


def test_files_come_in_order_of_name_without_hidden_ones(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.txt", "a/z.txt", ".hidden/x.txt", "c.txt", ".dot.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "a" / "up").symlink_to(tmp_path, target_is_directory=True)
    found = [str(path.relative_to(tmp_path)) for path in files_under(tmp_path)]
    assert found == ["c.txt", "a/z.txt", "b/1.txt", "b/2.txt"]


def test_messages_of_a_mail_folder_come_with_those_of_its_subfolders(tmp_path: Path) -> None:
    for folder in (tmp_path / "Mail", tmp_path / "Mail" / ".News", tmp_path / "plain"):
        for name in ("cur", "new", "tmp")[: 1 if folder.name == "plain" else 3]:
            (folder / name).mkdir(parents=True)
            (folder / name / f"1675666800.M1P2.host.{name}:2,S").write_bytes(b"")
    (tmp_path / "Mail" / "dovecot.index.log").write_bytes(b"")
    (tmp_path / "Mail" / ".hidden").mkdir()
    (tmp_path / "Mail" / ".hidden" / "a.txt").write_bytes(b"")
    found = {
        str(path.relative_to(tmp_path)): formats.suffix_in(path) for path in formats.files_under(tmp_path)
    }
    mails = {name.rpartition("/")[0] for name, suffix in found.items() if suffix == ".eml"}
    assert mails == {"Mail/cur", "Mail/new", "Mail/.News/cur", "Mail/.News/new"}
    assert [name for name in found if name.rpartition("/")[0] not in mails] == [
        "plain/cur/1675666800.M1P2.host.cur:2,S"
    ]
