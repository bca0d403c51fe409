"""The ingest run: one clear line for each thing that can't be read, and all the rest stored."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from warreader.index.article import AddReport, Progress
from warreader.index.articles import Articles
from warreader.index.ingest import run
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database

_STORY = "Shells hit the port\n\nThe port was shelled on Monday, officials in the city said on Tuesday.\n"


@pytest.fixture
def articles(tmp_path: Path) -> Iterator[Articles]:
    database = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    yield Articles(database)
    database.close()


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def _add(articles: Articles, *paths: Path) -> AddReport:
    report = run.add(articles, paths, lambda _: None)
    for failure in report.failures:
        assert "\n" not in failure.reason and failure.reason, failure
    json.dumps([str(f) for f in report.failures], ensure_ascii=False).encode()
    "".join([*report.duplicates, *report.left_out]).encode()
    return report


def test_a_folder_with_all_kinds_of_failures(articles: Articles, news: Path) -> None:
    (news / "good.txt").write_text(_STORY, "utf-8")
    (news / "deep").mkdir()
    (news / "deep" / "good.md").write_text("# Title\n\nAnother story of the war, told at length.\n", "utf-8")
    (news / "binary.txt").write_bytes(bytes(range(32)) * 50)
    (news / "empty.txt").write_bytes(b"")
    (news / "latin.txt").write_bytes(b"caf\xe9")
    (news / "mixed.jsonl").write_bytes(
        b'{"text": "Good words.", "id": "m1"}\n{oops\n{"text": "More.", "id": "m2"}'
    )
    (news / "photo.JPG").write_bytes(b"\xff\xd8")
    (news / "page.html").write_text("<p>", "utf-8")
    (news / "other.html").write_text("<p>", "utf-8")
    (news / "README").write_text("no suffix", "utf-8")
    (news / "loop.txt").symlink_to(news / "loop.txt")
    (news / "around").symlink_to(news, target_is_directory=True)
    os.mkfifo(news / "pipe.txt")
    report = _add(articles, news)
    assert "good" in report.added and {"m1", "m2"} <= set(report.added)
    assert len(report.added) == len(articles) == 4
    failed = {Path(failure.file).name: failure for failure in report.failures}
    assert sorted(failed) == ["binary.txt", "empty.txt", "latin.txt", "loop.txt", "mixed.jsonl", "pipe.txt"]
    assert len(report.failures) == 6
    assert failed["latin.txt"].place == "byte 3" and failed["mixed.jsonl"].place == "line 2"
    assert str(failed["mixed.jsonl"]).startswith(f"{news / 'mixed.jsonl'}, line 2: not JSON")
    # "around" is a link to a folder: not followed, nor a file.
    assert report.left_out == {".jpg": 1, ".html": 2, "no suffix": 1}


def test_a_second_run_adds_nothing_and_names_what_it_passed_over(articles: Articles, news: Path) -> None:
    (news / "a.txt").write_text(_STORY, "utf-8")
    lines = [{"text": "One.", "id": "x"}, {"text": "Two."}, {"text": "Changed.", "id": "x"}]
    (news / "b.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    first = _add(articles, news)
    assert (len(first.added), len(first.updated)) == (3, 1)
    again = _add(articles, news)
    assert not again.added and not again.updated and not again.failures
    assert again.duplicates == [
        str(news / "a.txt"),
        *(f"{news / 'b.jsonl'}, line {n}" for n in (1, 2, 3)),
    ]
    assert len(articles) == 4


def test_a_changed_file_is_a_new_version(articles: Articles, news: Path) -> None:
    path = news / "a.txt"
    path.write_text(_STORY, "utf-8")
    _add(articles, path)
    path.write_text(_STORY + "\nIt was rebuilt later, the city said in a statement on Friday.\n", "utf-8")
    report = _add(articles, news)
    assert len(report.updated) == 1 and not report.added and len(articles) == 2


def test_files_of_one_name_in_two_folders_are_two_articles(articles: Articles, tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"Words of {folder}.", "utf-8")
    report = _add(articles, tmp_path / "x", tmp_path / "y")
    assert len(report.added) == 2 and not report.updated


def test_a_folder_without_articles_is_told(articles: Articles, news: Path) -> None:
    (news / "page.pdf").write_bytes(b"%PDF")
    report = _add(articles, news)
    (failure,) = report.failures
    assert failure.file == str(news) and "no articles in this folder" in failure.reason
    assert report.left_out == {".pdf": 1}


@pytest.mark.parametrize("name", ["gone", "gone.txt", "a.txt/below", "x" * 300, "nul\0inside", "\udcff"])
def test_a_path_that_leads_nowhere_is_told(articles: Articles, news: Path, name: str) -> None:
    (news / "a.txt").write_text(_STORY, "utf-8")
    report = _add(articles, news / name, news / "a.txt")
    assert len(report.failures) == 1 and "check" in report.failures[0].reason
    assert report.added == ["a"]


def test_a_link_to_itself_is_told(articles: Articles, news: Path) -> None:
    (news / "loop").symlink_to("loop")
    (failure,) = _add(articles, news / "loop").failures
    assert "symbolic link" in failure.reason


def test_a_folder_that_can_not_be_listed_is_told(
    articles: Articles, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (news / "a.txt").write_text(_STORY, "utf-8")
    (news / "shut").mkdir()
    listing = os.scandir

    def scandir(path: str | Path) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = _add(articles, news)
    (failure,) = report.failures
    assert failure.file == str(news / "shut") and "permissions" in failure.reason
    assert report.added == ["a"]
    # On its own it is told as shut, not as empty.
    (failure,) = _add(articles, news / "shut").failures
    assert "permissions" in failure.reason


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.txt", b"esc\x1b[2J\x07.txt", b"line\nfeed.txt", b"  .txt", b"-rf.txt"]
)
def test_files_of_any_name_are_stored(articles: Articles, news: Path, name: bytes) -> None:
    path = news / os.fsdecode(name)
    path.write_text(_STORY, "utf-8")
    report = _add(articles, news)
    (added,) = report.added
    assert added.isprintable() and added
    article = articles.get(added)
    assert article.text == _STORY and article.source.encode()
    assert len(_add(articles, news, path).duplicates) == 2
    path.write_bytes(b"")
    (failure,) = _add(articles, news).failures
    assert failure.file.encode() and "empty" in failure.reason


def test_files_whose_names_differ_in_odd_bytes_only_are_two_articles(articles: Articles, news: Path) -> None:
    for at, name in enumerate((b"\xff.txt", b"\xfe.txt")):
        (news / os.fsdecode(name)).write_text(f"Words of file {at}.", "utf-8")
    assert len(_add(articles, news).added) == 2


def test_what_a_line_states_counts_more_than_what_its_text_does(articles: Articles, news: Path) -> None:
    stated = {"id": "a", "text": _STORY, "title": "Stated", "outlet": "AP", "date": "2022-03-05"}
    plain = {"id": "b", "text": _STORY}
    (news / "n.jsonl").write_text(f"{json.dumps(stated)}\n{json.dumps(plain)}\n", "utf-8")
    assert _add(articles, news).added == ["a", "b"]
    assert articles.get("a").meta.title == "Stated" and articles.get("a").meta.outlet == "AP"
    assert articles.get("b").meta.title == "Shells hit the port" and articles.get("b").meta.outlet is None


def test_progress_counts_the_files(articles: Articles, news: Path) -> None:
    for name in "abc":
        (news / f"{name}.txt").write_text(f"Words of {name}.", "utf-8")
    heard: list[Progress] = []
    run.add(articles, [news], heard.append)
    assert [(step.stage, step.done, step.total) for step in heard] == [("add", n, 3) for n in range(4)]
    assert [step.detail for step in heard[:3]] == ["a.txt", "b.txt", "c.txt"]


def test_a_huge_line_is_stored_in_good_time(articles: Articles, news: Path) -> None:
    (news / "huge.txt").write_text("“said " * 33_000, "utf-8")
    assert _add(articles, news).added == ["huge"]
    assert len(articles.get("huge").text) == 198_000
