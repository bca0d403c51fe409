"""The index: up to date, rebuilt when it can't be trusted, whole after a kill, readable beside a writer."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from warreader.index.article import Progress
from warreader.index.errors import LibraryBusyError
from warreader.index.search.search import Search

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf

ROOT = Path(__file__).parents[3]


def test_importing_the_package_does_not_import_whoosh() -> None:
    code = "import sys, warreader.index.search.search; print('whoosh' in sys.modules, 'rapidfuzz' in sys.modules)"
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=_environment()
    )
    assert run.stdout.split() == ["False", "False"]


def test_update_takes_in_what_is_new_and_nothing_twice(shelf: Shelf) -> None:
    shelf.add("a", "tanks near Kyiv")
    steps: list[Progress] = []
    assert shelf.search.update(steps.append) == 1
    assert [step.done for step in steps] == [0, 1]
    assert shelf.search.update() == 0
    shelf.add("b", "tanks near Lviv")
    assert shelf.search.update() == 1
    assert sorted(shelf.found("tanks")) == ["a", "b"]
    assert shelf.search.check() == []


def test_changed_and_deleted_articles(shelf: Shelf) -> None:
    key = shelf.add("a", "old words")
    shelf.add("b", "other words")
    shelf.search.update()
    with shelf.database.transaction() as connection:
        connection.execute("UPDATE article SET text = 'new tanks' WHERE key = ?", (key,))
        connection.execute("DELETE FROM derived WHERE article = ?", (key,))
    assert shelf.found("words") == ["b"]
    assert shelf.found("tanks") == ["a"]
    with shelf.database.transaction() as connection:
        connection.execute("DELETE FROM article WHERE key = ?", (key,))
    assert shelf.search.search("tanks").hits == ()
    assert shelf.search.check()
    assert shelf.found("tanks") == []
    assert shelf.search.check() == []
    assert shelf.search.search("tanks").total == 0


def test_article_changed_while_it_was_indexed_stays_due(shelf: Shelf) -> None:
    key = shelf.add("a", "old words")

    def meddle(step: Progress) -> None:
        if step.done:
            shelf.database.connection.execute("UPDATE article SET title = 'Fresh' WHERE key = ?", (key,))

    shelf.search.update(meddle)
    assert shelf.search.due() == 1
    assert shelf.found("title:fresh") == ["a"]


@pytest.mark.parametrize("harm", ["older version", "another user's", "gone"])
def test_all_is_due_where_the_index_can_not_be_used(
    shelf: Shelf, harm: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from warreader.index.search import sealing

    shelf.add("a", "tanks")
    shelf.add("b", "more tanks")
    shelf.search.update()
    assert shelf.search.due() == 0
    if harm == "gone":
        shutil.rmtree(shelf.folder / "search")
        search = shelf.open()
    elif harm == "older version":
        monkeypatch.setattr(sealing, "FORMAT", sealing.FORMAT + 1)
        search = shelf.open()
    else:
        search = Search(shelf.folder / "search", shelf.database, secret=b"somebody else's" * 3)
    assert search.due() == 2
    assert search.update() == 2
    assert search.due() == 0 and search.search("tanks").total == 2


def test_reader_sees_what_another_wrote(shelf: Shelf) -> None:
    shelf.add("a", "tanks")
    reader = shelf.open()
    assert reader.search("tanks").total == 1  # built at first use
    shelf.add("b", "tanks again")
    shelf.search.update()
    assert reader.search("tanks").total == 2
    shelf.search.rebuild()
    assert reader.search("tanks").total == 2


@pytest.mark.parametrize(
    "damage", ["missing", "emptied", "truncated", "flipped", "unsealed", "toc", "foreign", "file"]
)
def test_damaged_index_is_told_and_built_anew(shelf: Shelf, damage: str) -> None:
    shelf.add("a", "tanks near Kyiv")
    shelf.search.update()
    folder = shelf.folder / "search"
    segment = next(folder.glob("*.seg"))
    match damage:
        case "missing":
            shutil.rmtree(folder)
        case "emptied":
            for path in folder.iterdir():
                path.unlink()
        case "truncated":
            segment.write_bytes(segment.read_bytes()[:-9])
        case "flipped":
            content = bytearray(segment.read_bytes())
            content[len(content) // 2] ^= 255
            segment.write_bytes(content)
        case "unsealed":
            next(folder.glob("OWNER_*")).unlink()
        case "toc":
            next(folder.glob("*.toc")).write_bytes(b"\0" * 50)
        case "foreign":
            next(folder.glob("OWNER_*")).write_text('{"body": {"format": 1}, "mac": "00"}')
        case "file":
            shutil.rmtree(folder)
            folder.write_text("no folder")
    other = shelf.open()
    assert other.check()
    assert other.update() == 1
    assert other.check() == []
    assert [hit.id for hit in other.search("tanks").hits] == ["a"]


def test_what_a_search_builds_first_it_builds_itself_however_long_the_texts_are(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a screen has the terminal, no process can be started that way."""
    from warreader.index.search import building, indexing

    def started(*_: object) -> None:
        raise ValueError("bad value(s) in fds_to_keep")

    monkeypatch.setattr(building.Builders, "__init__", started)
    monkeypatch.setattr(indexing, "LENGTH_ALONE", 500)
    monkeypatch.setattr(indexing, "LENGTH_FAMILIAR", 500)
    for number in range(3):
        shelf.add(f"long {number}", "tanks " * 200)
    ours = Search(shelf.folder / "search", shelf.database, jobs=2)
    assert {hit.id for hit in ours.search("tanks").hits} == {"long 0", "long 1", "long 2"}


class _Bomb:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return (Path.touch, (self.path,))


def test_hostile_index_is_never_opened(shelf: Shelf) -> None:
    """A table of contents that runs code when read, as in a library from elsewhere, with a seal of their making."""
    from whoosh.index import TOC

    from warreader.index.search import engine, sealing

    shelf.add("a", "tanks")
    fired = shelf.folder / "fired"
    theirs = Search(shelf.folder / "search", shelf.database, secret=b"another user's half of the key..")
    theirs.update()
    storage = sealing.Sealed(shelf.folder / "search", theirs._indexing.key())
    TOC(engine.schema(), [_Bomb(fired)], 9).write(storage, sealing.NAME)
    assert shelf.search.check()
    assert [hit.id for hit in shelf.search.search("tanks").hits] == ["a"]
    assert not fired.exists()
    # The bomb is a real one.
    pickle.loads(pickle.dumps(_Bomb(fired)))
    assert fired.exists()


def test_link_in_place_of_the_folder_is_not_followed(shelf: Shelf) -> None:
    elsewhere = shelf.folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "MAIN_keep.seg").write_text("keep")
    (shelf.folder / "search").symlink_to(elsewhere)
    shelf.add("a", "tanks")
    assert shelf.found("tanks") == ["a"]
    assert (elsewhere / "MAIN_keep.seg").read_text() == "keep"


def test_rebuild_leaves_what_is_not_ours(shelf: Shelf) -> None:
    shelf.add("a", "tanks")
    shelf.search.update()
    (shelf.folder / "search" / "notes.txt").write_text("mine")
    shelf.search.rebuild()
    assert (shelf.folder / "search" / "notes.txt").read_text() == "mine"


def test_second_writer_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warreader.index.search.indexing.WAIT_SECONDS", 0.1)
    shelf.add("a", "tanks")
    with (
        shelf.search._indexing._writing(),
        pytest.raises(LibraryBusyError, match="another process"),
        shelf.open()._indexing._writing(0.1),
    ):
        pass


_WRITER = """
import os, signal, sys
from pathlib import Path
import warreader.index.search.indexing as module
from warreader.index.search import engine, sealing
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database
module.BATCH_ARTICLES = 20
folder = Path(sys.argv[1])
search = module.Indexing(folder / "search", Database(folder / "library.sqlite", LIBRARY_MIGRATIONS), b"s" * 32)
die = lambda: os.kill(os.getpid(), signal.SIGKILL)
if sys.argv[2].isdigit():
    search.update(lambda step: die() if step.done == int(sys.argv[2]) else None)
what, number = sys.argv[2].split()
owner = module.Indexing if what == "_mark" else sealing.Sealed
calls, plain = [], getattr(owner, what.strip("+"))
def counted(*args, **options):
    calls.append(1)
    if what.endswith("+"):
        plain(*args, **options)
    if len(calls) >= int(number):
        die()
    if not what.endswith("+"):
        plain(*args, **options)
setattr(owner, what.strip("+"), counted)
search.update()
"""


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "index"), str(ROOT / "tui")])}


@pytest.mark.parametrize(
    "moment",
    [
        "1",
        "19",
        "20",
        "33",
        "_seal 1",
        "_seal+ 1",
        "_seal 3",
        "_seal+ 3",
        "rename_file+ 1",
        "rename_file+ 2",
        "_mark 1",
        "_mark 2",
    ],
)
def test_killed_while_indexing_it_goes_on(shelf: Shelf, moment: str) -> None:
    """Killed at an article, before and after sealing, after the commit appears, before it is noted."""
    for number in range(50):
        shelf.add(f"a{number}", f"tanks number{number} " + "rolling through the mud " * 20)
    run = subprocess.run(
        [sys.executable, "-c", _WRITER, str(shelf.folder), moment], env=_environment(), check=False
    )
    assert run.returncode == -signal.SIGKILL
    before = shelf.search.due()
    assert before > 0
    shelf.search.update()
    assert shelf.search.check() == []
    assert shelf.search.search("tanks").total == 50
    assert shelf.search.search("number33").total == 1
    left = {path.suffix for path in (shelf.folder / "search").iterdir() if path.is_file()}
    assert left <= {".toc", ".seg", ".lock", ""}


def test_secret_is_kept_for_the_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import platformdirs

    from warreader.index.search.secret import user_secret

    monkeypatch.setattr(platformdirs, "user_state_dir", lambda *_, **__: str(tmp_path / "state"))
    user_secret.cache_clear()
    first = user_secret()
    user_secret.cache_clear()
    assert user_secret() == first
    (kept,) = (tmp_path / "state").iterdir()
    assert kept.stat().st_mode & 0o077 == 0 or os.name == "nt"
    user_secret.cache_clear()
