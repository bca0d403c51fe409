"""The ingest run: one clear line for each thing that can't be read, and all the rest stored."""

from __future__ import annotations

import gzip
import io
import json
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from warreader.index.article import AddReport, Progress
from warreader.index.articles import Articles, Incoming, Outcome
from warreader.index.ingest import formats, http, web
from warreader.index.ingest.pieces import Options
from warreader.index.ingest.run import Run
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database

_STORY = "Shells hit the port\n\nThe port was shelled on Monday, officials in the city said on Tuesday.\n"


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    yield opened
    opened.close()


@pytest.fixture
def articles(database: Database) -> Articles:
    return Articles(database)


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    return folder


def _add(database: Database, *paths: Path | str, options: Options | None = None, jobs: int = 1) -> AddReport:
    report = Run(database, lambda _: None, options, jobs=jobs).add(paths)
    for failure in report.failures:
        assert "\n" not in failure.reason and failure.reason, failure
    json.dumps([str(f) for f in report.failures], ensure_ascii=False).encode()
    "".join([*report.duplicates, *report.left_out]).encode()
    return report


def test_a_folder_with_all_kinds_of_failures(database: Database, articles: Articles, news: Path) -> None:
    (news / "good.txt").write_text(_STORY, "utf-8")
    (news / "deep").mkdir()
    (news / "deep" / "good.md").write_text("# Title\n\nAnother story of the war, told at length.\n", "utf-8")
    (news / "binary.txt").write_bytes(bytes(range(32)) * 50)
    (news / "empty.txt").write_bytes(b"")
    (news / "twice.txt").write_bytes(b"\xff\xfe\x00\xd8")
    (news / "mixed.jsonl").write_bytes(
        b'{"text": "Good words.", "id": "m1"}\n{oops\n{"text": "More.", "id": "m2"}'
    )
    (news / "photo.JPG").write_bytes(b"\xff\xd8")
    (news / "style.css").write_text("p {}", "utf-8")
    (news / "other.css").write_text("p {}", "utf-8")
    (news / "README").write_text("no suffix", "utf-8")
    (news / "loop.txt").symlink_to(news / "loop.txt")
    (news / "around").symlink_to(news, target_is_directory=True)
    os.mkfifo(news / "pipe.txt")
    report = _add(database, news)
    assert "good" in report.added and {"m1", "m2"} <= set(report.added)
    assert len(report.added) == len(articles) == 4
    failed = {Path(failure.file).name: failure for failure in report.failures}
    assert sorted(failed) == ["binary.txt", "empty.txt", "loop.txt", "mixed.jsonl", "pipe.txt", "twice.txt"]
    assert len(report.failures) == 6
    assert failed["twice.txt"].place == "byte 2" and failed["mixed.jsonl"].place == "line 2"
    assert str(failed["mixed.jsonl"]).startswith(f"{news / 'mixed.jsonl'}, line 2: not JSON")
    # "around" is a link to a folder: not followed, nor a file.
    assert report.left_out == {".jpg": 1, ".css": 2, "no suffix": 1, "linked folder": 1}


def test_a_second_run_adds_nothing_and_names_what_it_passed_over(
    database: Database, articles: Articles, news: Path
) -> None:
    (news / "a.txt").write_text(_STORY, "utf-8")
    lines = [{"text": "One.", "id": "x"}, {"text": "Two."}, {"text": "Changed.", "id": "x"}]
    (news / "b.jsonl").write_text("\n".join(map(json.dumps, lines)), "utf-8")
    first = _add(database, news)
    assert (len(first.added), len(first.updated)) == (3, 1)
    again = _add(database, news)
    assert not again.added and not again.updated and not again.failures
    assert again.duplicates == [str(news / "a.txt"), *[str(news / "b.jsonl")] * 3]
    assert len(articles) == 4


def test_a_changed_file_is_a_new_version(database: Database, articles: Articles, news: Path) -> None:
    path = news / "a.txt"
    path.write_text(_STORY, "utf-8")
    _add(database, path)
    path.write_text(_STORY + "\nIt was rebuilt later, the city said in a statement on Friday.\n", "utf-8")
    report = _add(database, news)
    assert len(report.updated) == 1 and not report.added and len(articles) == 2


def _told(seed: int) -> str:
    chance = random.Random(seed)
    words = [f"word{chance.randrange(500)}" for _ in range(200)]
    return f"Report {seed}\n\n{' '.join(words)}.\n"


def test_a_file_overwritten_with_another_article_hides_none(
    database: Database, articles: Articles, news: Path
) -> None:
    (news / "a.txt").write_text(_told(1), "utf-8")
    assert _add(database, news).added == ["a"]
    (news / "a.txt").write_text(_told(2), "utf-8")
    report = _add(database, news)
    assert len(report.added) == 1 and not report.updated
    assert {one.title for one in articles.summaries()} == {"Report 1", "Report 2"}
    (news / "a.txt").write_text(_told(1).replace("word1", "word2"), "utf-8")
    assert len(_add(database, news).updated) == 1


def test_texts_that_come_through_the_pipe_one_after_another_are_articles_of_their_own(
    database: Database, articles: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    for text in (
        _told(1),
        f"{_told(1)}\nMore of it.\n",
        _told(2),
        "The bridge was closed.",
        "The mayor spoke.",
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        _add(database, "-")
    assert [one.versions for one in articles.summaries()] == [2, 1, 1, 1]


def test_files_of_one_name_in_two_folders_are_two_articles(database: Database, tmp_path: Path) -> None:
    for folder in ("x", "y"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text(f"Words of {folder}.", "utf-8")
    report = _add(database, tmp_path / "x", tmp_path / "y")
    assert len(report.added) == 2 and not report.updated


def test_a_folder_without_articles_is_told(database: Database, news: Path) -> None:
    (news / "page.jpg").write_bytes(b"\xff\xd8")
    report = _add(database, news)
    (failure,) = report.failures
    assert failure.file == str(news) and "no articles in this folder" in failure.reason
    assert report.left_out == {".jpg": 1}


@pytest.mark.parametrize("name", ["gone", "gone.txt", "a.txt/below", "x" * 300, "nul\0inside", "\udcff"])
def test_a_path_that_leads_nowhere_is_told(database: Database, news: Path, name: str) -> None:
    (news / "a.txt").write_text(_STORY, "utf-8")
    report = _add(database, news / name, news / "a.txt")
    assert len(report.failures) == 1 and "check" in report.failures[0].reason
    assert report.added == ["a"]


def test_a_link_to_itself_is_told(database: Database, news: Path) -> None:
    (news / "loop").symlink_to("loop")
    (failure,) = _add(database, news / "loop").failures
    assert failure.reason == "a link that leads to itself; mend the link or remove it"


def test_links_to_nothing_and_to_folders_are_told(database: Database, news: Path, tmp_path: Path) -> None:
    """What a folder's links lead to is not followed into other folders: that could go round for ever."""
    (news / "a.txt").write_text(_STORY, "utf-8")
    (news / "gone.txt").symlink_to("nowhere.txt")
    (news / "round").symlink_to(news)
    (news / "elsewhere").symlink_to(tmp_path)
    report = _add(database, news)
    (failure,) = report.failures
    assert failure.file == str(news / "gone.txt") and failure.reason.startswith("a link to what is not there")
    assert report.added == ["a"] and report.left_out == {"linked folder": 2}


@pytest.mark.parametrize("suffix", sorted(name for name in formats.SPLITTERS if name[0] == "."))
def test_an_empty_file_of_any_kind_is_called_so(database: Database, news: Path, suffix: str) -> None:
    (news / f"nothing{suffix}").touch()
    (failure,) = _add(database, news).failures
    assert failure.reason == "an empty file, nothing to read in it"


def test_a_file_that_goes_while_others_are_read_is_told(database: Database, news: Path) -> None:
    for name in ("a", "b", "c"):
        (news / f"{name}.txt").write_text(f"{_STORY} {name}", "utf-8")

    def progress(_: Progress) -> None:
        (news / "b.txt").unlink(missing_ok=True)

    report = Run(database, progress).add([news])
    assert report.added == ["a", "c"]
    (failure,) = report.failures
    assert failure.file == str(news / "b.txt") and failure.reason.startswith("it was there and is no longer")
    # It is no piece of the library's past: back again, it is read.
    (news / "b.txt").write_text(f"{_STORY} b", "utf-8")
    assert _add(database, news).added == ["b"]


def test_lines_that_come_while_a_file_is_read_are_read_the_next_time(database: Database, news: Path) -> None:
    lines = [json.dumps({"id": f"a{number}", "text": f"{_STORY} {number}"}) + "\n" for number in range(4)]
    growing = news / "growing.jsonl"
    growing.write_text("".join(lines[:2]) + lines[2][:40], "utf-8")

    def progress(_: Progress) -> None:
        growing.write_text("".join(lines), "utf-8")

    first = Run(database, progress).add([growing])
    second = _add(database, growing)
    assert set(first.added) | set(second.added) == {f"a{number}" for number in range(4)}
    assert not second.failures and not second.updated


def test_a_folder_that_can_not_be_listed_is_told(
    database: Database, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (news / "a.txt").write_text(_STORY, "utf-8")
    (news / "shut").mkdir()
    listing = os.scandir

    def scandir(path: str | Path) -> object:
        if str(path).endswith("shut"):
            raise PermissionError(13, "Permission denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    report = _add(database, news)
    (failure,) = report.failures
    assert failure.file == str(news / "shut") and "permissions" in failure.reason
    assert report.added == ["a"]
    # On its own it is told as shut, not as empty.
    (failure,) = _add(database, news / "shut").failures
    assert "permissions" in failure.reason


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.txt", b"esc\x1b[2J\x07.txt", b"line\nfeed.txt", b"  .txt", b"-rf.txt"]
)
def test_files_of_any_name_are_stored(
    database: Database, articles: Articles, news: Path, name: bytes
) -> None:
    path = news / os.fsdecode(name)
    path.write_text(_STORY, "utf-8")
    report = _add(database, news)
    (added,) = report.added
    assert added.isprintable() and added
    article = articles.get(added)
    assert article.text == _STORY and article.source.encode()
    assert len(_add(database, news, path).duplicates) == 2
    path.write_bytes(b"")
    (failure,) = _add(database, news).failures
    assert failure.file.encode() and "empty" in failure.reason


def test_files_whose_names_differ_in_odd_bytes_only_are_two_articles(database: Database, news: Path) -> None:
    for at, name in enumerate((b"\xff.txt", b"\xfe.txt")):
        (news / os.fsdecode(name)).write_text(f"Words of file {at}.", "utf-8")
    assert len(_add(database, news).added) == 2


def test_what_a_line_states_counts_more_than_what_its_text_does(
    database: Database, articles: Articles, news: Path
) -> None:
    stated = {"id": "a", "text": _STORY, "title": "Stated", "outlet": "AP", "date": "2022-03-05"}
    plain = {"id": "b", "text": _STORY}
    (news / "n.jsonl").write_text(f"{json.dumps(stated)}\n{json.dumps(plain)}\n", "utf-8")
    assert _add(database, news).added == ["a", "b"]
    assert articles.get("a").meta.title == "Stated" and articles.get("a").meta.outlet == "AP"
    assert articles.get("b").meta.title == "Shells hit the port" and articles.get("b").meta.outlet is None


def test_progress_counts_bytes_and_articles(database: Database, news: Path) -> None:
    for name in "abc":
        (news / f"{name}.txt").write_text(f"Words of {name}.", "utf-8")
    heard: list[Progress] = []
    Run(database, heard.append).add([news])
    assert [step.stored for step in heard] == sorted(step.stored for step in heard)
    assert [step.done for step in heard] == sorted(step.done for step in heard)
    assert heard[-1] == Progress("add", 33, 33, stored=3)
    assert {step.detail for step in heard} >= {"a.txt", "b.txt", "c.txt"}


def _records(count: int) -> str:
    return "".join(json.dumps({"id": f"r{n}", "text": f"Words of article {n}."}) + "\n" for n in range(count))


def test_a_run_that_was_cut_off_goes_on_where_it_was(
    database: Database, articles: Articles, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (news / "a.jsonl").write_text(_records(20), "utf-8")
    store = Articles.store

    def interrupted(self: Articles, incoming: Incoming) -> tuple[Outcome, str]:
        if incoming.id == "r12":
            raise KeyboardInterrupt
        return store(self, incoming)

    monkeypatch.setattr(Articles, "store", interrupted)
    report = _add(database, news)
    assert report.stopped and report.added == [f"r{n}" for n in range(12)]
    seen: list[str] = []

    def watched(self: Articles, incoming: Incoming) -> tuple[Outcome, str]:
        seen.append(incoming.id)
        return store(self, incoming)

    monkeypatch.setattr(Articles, "store", watched)
    report = _add(database, news)
    assert seen == report.added == [f"r{n}" for n in range(12, 20)] and not report.stopped
    assert len(report.duplicates) == 12 and len(articles) == 20
    seen.clear()
    assert len(_add(database, news).duplicates) == 20 and not seen


def test_what_failed_is_tried_again_and_nothing_else(database: Database, news: Path) -> None:
    path = news / "a.jsonl"
    path.write_text(_records(3) + "{oops\n" + _records(3).replace("r", "s"), "utf-8")
    first, second = _add(database, news), _add(database, news)
    assert [str(f) for f in first.failures] == [str(f) for f in second.failures]
    assert "line 4" in str(second.failures[0]) and not second.added and len(second.duplicates) == 6


def test_a_file_that_has_changed_is_read_from_its_beginning(database: Database, news: Path) -> None:
    path = news / "a.jsonl"
    path.write_text("{oops\n" + _records(2), "utf-8")
    assert len(_add(database, news).failures) == 1
    path.write_text(_records(4), "utf-8")
    report = _add(database, news)
    assert report.added == ["r2", "r3"] and len(report.duplicates) == 2 and not report.failures


def test_pages_are_parsed_in_other_processes_in_their_order(
    database: Database, articles: Articles, news: Path
) -> None:
    for number in range(24):
        words = " ".join(f"On day {n} of month {number} the port was shelled again." for n in range(30))
        page = f"<html><head><title>Port {number}</title></head><body><article><p>{words}</p></article></body></html>"
        (news / f"p{number:02}.html").write_text(page, "utf-8")
    report = _add(database, news, jobs=2)
    assert report.added == [f"p{number:02}" for number in range(24)] and not report.failures
    assert articles.get("p07").title == "Port 7"


def test_standard_input_and_named_columns(
    database: Database, articles: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = b"headline,content,paper\nShelling,The port was shelled.,Ukrinform\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(table)))
    options = Options({"outlet": "paper"}, ".csv")
    (added,) = _add(database, "-", options=options).added
    meta = articles.get(added).meta
    assert (meta.title, meta.outlet, articles.text(added)) == (
        "Shelling",
        "Ukrinform",
        "The port was shelled.",
    )


class _Slow(io.RawIOBase):
    """A pipe that gives one record at a time, and looks before each how many articles are stored."""

    def __init__(self, articles: Articles, count: int) -> None:
        self._articles = articles
        self._left = [_long_record(number) for number in range(count)]
        self.stored: list[int] = []

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        self.stored.append(len(self._articles))
        whole = self._left.pop(0) if self._left else b""
        data, rest = whole[: len(buffer)], whole[len(buffer) :]
        self._left[:0] = [rest] if rest else []
        buffer[: len(data)] = data
        return len(data)


def _long_record(number: int) -> bytes:
    return (
        json.dumps({"id": f"r{number}", "text": f"Kyiv was shelled on day {number}. " * 200}).encode() + b"\n"
    )


def test_what_comes_through_a_pipe_is_stored_as_it_comes(
    database: Database, articles: Articles, monkeypatch: pytest.MonkeyPatch
) -> None:
    pipe = _Slow(articles, 40)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BufferedReader(pipe)))
    assert len(_add(database, "-", options=Options(form=".jsonl")).added) == 40
    assert all(stored >= read // 2 - 4 for read, stored in enumerate(pipe.stored))


def test_an_address_that_is_not_fetched_is_told_as_one(database: Database) -> None:
    addresses, path = ("ftp://example.org/a.txt", "file:///a.txt"), "not/there.txt"
    told = [failure.reason for failure in _add(database, *addresses, path).failures]
    assert ["only http" in reason for reason in told] == [True, True, False]


def test_a_named_file_without_suffix_is_looked_into(database: Database, news: Path) -> None:
    (news / "export").write_text(_records(2), "utf-8")
    assert _add(database, news / "export").added == ["r0", "r1"]
    (news / "table.odd").write_text("text\nThe port was shelled.\n", "utf-8")
    (failure,) = _add(database, news / "table.odd").failures
    assert ".odd files are not read" in failure.reason
    assert len(_add(database, news / "table.odd", options=Options(form=".csv")).added) == 1


def test_what_a_browser_saves_beside_a_page_is_no_article(database: Database, news: Path) -> None:
    (news / "a.txt").write_text(_STORY, "utf-8")
    (news / "Port.html").write_text(
        f"<html><body><article><p>{_STORY * 9}</p></article></body></html>", "utf-8"
    )
    (news / "Port_files").mkdir()
    (news / "Port_files" / "frame.html").write_text("<html><body>Advertisement</body></html>", "utf-8")
    report = _add(database, news)
    assert sorted(report.added) == ["Port", "a"] and not report.failures and not report.left_out


def test_an_archive_that_was_cut_off_gives_what_is_left_and_says_how_far(
    database: Database, articles: Articles, news: Path
) -> None:
    chance = random.Random(0)
    lines = [json.dumps({"id": f"a{n}", "text": _STORY + chance.randbytes(200).hex()}) for n in range(300)]
    packed = gzip.compress("\n".join(lines).encode())
    (news / "cut.jsonl.gz").write_bytes(packed[: len(packed) // 2])
    report = _add(database, news)
    (failure,) = report.failures
    assert 0 < len(report.added) < 300
    assert failure.place == f"after {len(report.added)} articles"
    (news / "cut.jsonl.gz").write_bytes(packed)
    report = _add(database, news)
    assert not report.failures and len(list(articles)) == 300


def test_a_huge_line_is_stored_in_good_time(database: Database, articles: Articles, news: Path) -> None:
    (news / "huge.txt").write_text("“said " * 33_000, "utf-8")
    assert _add(database, news).added == ["huge"]
    assert len(articles.get("huge").text) == 198_000


def test_a_text_of_addresses_is_a_list_of_pages_where_it_is_named(
    database: Database, articles: Articles, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(address: str) -> tuple[http.Answer, str]:
        asked.append(address)
        if address.endswith("gone"):
            return http.Answer(404), address
        return http.Answer(200, {"content-type": "text/plain"}, _STORY.encode()), address

    monkeypatch.setattr(web, "_answer", answer)
    (news / "list.txt").write_text("# to read\nhttps://example.org/a\nhttps://example.org/gone\n", "utf-8")
    report = _add(database, news / "list.txt")
    (article,) = [articles.get(one) for one in report.added]
    assert (article.meta.title, article.meta.url) == ("Shells hit the port", "https://example.org/a")
    assert [(failure.file, "404" in failure.reason) for failure in report.failures] == [
        ("https://example.org/gone", True)
    ]
    # A folder's files are not what the user wrote; nor is a list an article.
    asked.clear()
    (news / "a.txt").write_text(f"{_STORY}\nhttps://example.org/a\n", "utf-8")
    report = _add(database, news)
    (failure,) = report.failures
    assert failure.file == str(news / "list.txt") and "name the file itself" in failure.reason
    assert len(report.added) == 1 and not asked


def test_a_reader_that_stumbles_keeps_no_other_input_out(
    database: Database, articles: Articles, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (news / "a.csv").write_text("text\nOne.\n", "utf-8")
    (news / "b.txt").write_text(_STORY, "utf-8")
    splitter = formats.splitter

    def stumbling(suffix: str) -> Any:
        def split(*_: object) -> Iterator[object]:
            raise IndexError("string index\nout of range")
            yield

        return split if suffix == ".csv" else splitter(suffix)

    monkeypatch.setattr(formats, "splitter", stumbling)
    report = _add(database, news)
    (failure,) = report.failures
    assert failure.file.endswith("a.csv") and "IndexError: string index out of range" in failure.reason
    assert len(report.added) == len(articles) == 1
    monkeypatch.undo()
    # It was not noted as read: the next run tries it again.
    assert len(_add(database, news).added) == 1
