"""Running the stages: resumable, in one process or several, with the same result."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from warreader.index import derive, locking, pool, upkeep
from warreader.index.article import Article, Label, LineKind, Progress
from warreader.index.derive import SplitStage
from warreader.index.entities.correcting import Form
from warreader.index.errors import LibraryBusyError
from warreader.index.library import Library
from warreader.index.matching.fingerprinting import Fingerprints
from warreader.index.matching.matches import Matches

PLACES = ("Odesa", "Kharkiv", "Lviv", "Izium", "Sumy", "Kherson", "Poltava")


@pytest.fixture
def news(tmp_path: Path) -> Path:
    """Some articles that quote one another."""
    folder = tmp_path / "news"
    folder.mkdir()
    for number, place in enumerate(PLACES):
        other = PLACES[number - 1]
        (folder / f"{number}.txt").write_text(
            f"Shells hit {place}\n\n“Nobody in the harbour of {place} slept through that terrible night,” the mayor "
            f"of {place} said.\n\nEarlier the mayor of {other} had said: “Nobody in the harbour of {other} slept "
            "through that terrible night.”\n",
            "utf-8",
        )
    return folder


def dump(library: Library) -> list[object]:
    """All that is derived."""
    ids = [f"{number}" for number in range(len(PLACES))]
    return [
        library.stories.all(),
        [library.entities.mentions(name) for name in ids],
        [library.quotations.of(name) for name in ids],
        sorted(library.matches.all(), key=lambda match: match.id),
    ]


def test_several_processes_derive_what_one_does(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Library(tmp_path / "one") as one, Library(tmp_path / "two") as two:
        one.add([news])
        two.add([news], derive=False)
        monkeypatch.setattr(derive, "MANY", 2)
        monkeypatch.setattr(pool, "TOGETHER", 2)
        steps: list[Progress] = []
        two.update(steps.append, jobs=2)
        assert dump(one) == dump(two)
        assert not two.behind
        for stage in ("stories", "entities", "quotations", "fingerprints", "matches"):
            told = [step.done for step in steps if step.stage == stage]
            assert told == list(range(len(PLACES) + 1))


@pytest.mark.parametrize("seconds", [0.0, 60.0])
def test_stopped_anywhere_it_goes_on(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(derive, "TRANSACTION_SECONDS", seconds)
    with Library(tmp_path / "one") as one, Library(tmp_path / "two") as two:
        one.add([news])
        two.add([news], derive=False)
        for stage in ("entities", "quotations", "matches"):

            def stop(step: Progress, stage: str = stage) -> None:
                if step.stage == stage and step.done == 3:
                    raise KeyboardInterrupt

            with pytest.raises(KeyboardInterrupt):
                two.update(stop)
            assert two.behind
        two.update()
        assert dump(one) == dump(two)


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_somebody_looks_at_goes_before_the_others(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    monkeypatch.setattr(derive, "TRANSACTION_SECONDS", 0.0)
    monkeypatch.setattr(derive, "MANY", 2)
    monkeypatch.setattr(pool, "TOGETHER", 2)
    with (
        Library(tmp_path / "one") as one,
        Library(tmp_path / "two") as two,
        Library(tmp_path / "two") as reader,
    ):
        one.add([news])
        two.add([news], derive=False)
        last = f"{len(PLACES) - 1}"
        key = reader.articles.key(last)
        assert key is not None and {"entities", "quotations", "matches"} <= reader.derivation.waits(key)
        seen: list[tuple[str, int]] = []

        def heard(step: Progress) -> None:
            if step.stage == "entities" and step.done == 1:
                reader.look_at(last)
            if reader.quotations.of(last):
                seen.append((step.stage, step.done))

        two.update(heard, jobs=jobs)
        assert seen[0] == ("entities", 2)
        assert dump(one) == dump(two) and not two.behind
        assert not reader.derivation.waits(key)
        reader.look_at("an article that is not there")
        (tmp_path / "more.txt").write_text("A bridge fell in Kherson.\n", "utf-8")
        two.add([tmp_path / "more.txt"])
        assert not two.behind


class Fragile(SplitStage):
    """Kills whatever other process prepares it."""

    name = "fragile"
    version = 1

    def __init__(self, database: object) -> None:  # noqa: ARG002
        self.stored: list[object] = []

    def prepare(self, article: Article, context: int) -> str:
        """Die, but in the process that began it."""
        import os

        if os.getpid() != context:
            os._exit(1)
        return article.id

    def begin(self, due: object) -> int:  # noqa: ARG002
        """The process that began it."""
        import os

        return os.getpid()

    def store(self, article: Article, prepared: str) -> None:
        """Remember it."""
        self.stored.append((article.id, prepared))


def test_processes_that_die_leave_their_work_to_this_one(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(derive, "MANY", 2)
    with Library(tmp_path / "library") as library:
        library.add([news], derive=False)
        stage = Fragile(None)
        runner = derive.Derivation(library._database, [stage], library.articles.by_key)
        runner.run(lambda _: None, jobs=2)
        assert stage.stored == [(str(n), str(n)) for n in range(len(PLACES))]
        assert not runner.behind


@pytest.mark.parametrize("at", ["prepare", "store"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_an_article_that_cannot_be_worked_out_keeps_no_other_waiting(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch, at: str, jobs: int
) -> None:
    with Library(tmp_path / "one") as one, Library(tmp_path / "two") as two:
        one.add([news])
        two.add([news], derive=False)
        monkeypatch.setattr(derive, "MANY", 2)
        stage = type(two.quotations)
        plain = getattr(stage, at)

        def broken(self: SplitStage, article: Article, given: object) -> object:
            if article.id == "3":
                raise ValueError("a fault\nin two lines")
            return plain(self, article, given)

        if at == "prepare":
            # Other processes don't know of it: here each article is prepared by this one.
            monkeypatch.setattr(pool, "prepared", lambda *given: ((key, None) for key in given[3]))
        with monkeypatch.context() as patch:
            patch.setattr(stage, at, broken)
            (failure,) = two.update(jobs=jobs)
        assert (failure.place, failure.file) == ("3", str(news / "3.txt"))
        assert "ValueError: a fault in two lines" in failure.reason
        assert two.quotations.of("3") == [] and len(two.quotations.of("2")) == 2
        assert two.behind
        assert two.update() == []
        assert dump(one)[:3] == dump(two)[:3]
        assert two.matches.of("3")


@pytest.mark.parametrize("stage", ["entities", "quotations"])
def test_what_the_reader_sets_right_while_an_article_is_being_worked_out_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stage: str
) -> None:
    """Else it would be stored as it was before, and never looked at again."""
    text = "ZORBQ told reporters on Monday that the bridge was shut.\n“We will go to the river,” he said.\n"
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "text": text}), "utf-8")
    with Library(tmp_path / "library") as library, Library(tmp_path / "library") as reader:
        library.add([tmp_path / "a.jsonl"])
        with library._database.transaction() as connection:
            connection.execute("DELETE FROM derived")
        kind = type(getattr(library, stage))
        plain = kind.prepare

        def prepare(self: Any, article: Article, context: object) -> object:
            made = plain(self, article, context)
            monkeypatch.setattr(kind, "prepare", plain)
            if stage == "entities":
                reader.corrections.set_line_kinds("a", [0], LineKind.CAPTION)
            else:
                reader.entity_corrections.split(Form("ZORBQ"), "Igor Zorbq", Label.PERSON)
            return made

        monkeypatch.setattr(kind, "prepare", prepare)
        library.update()
        due = library.derivation.waits(library.articles.key("a") or 0)
        assert stage not in due
        if stage == "entities":
            assert library.entities.mentions("a") == []
        else:
            assert [one.speaker and one.speaker.name for one in library.quotations.of("a")][
                -1
            ] == "Igor Zorbq"


def _adding(folder: Path, path: Path, added: threading.Event) -> None:
    with Library(folder) as other:
        assert other.add([path], derive=False).added == ["late"]
    added.set()


@pytest.mark.parametrize("how", ["add", "update"])
def test_what_derives_gives_way_to_one_that_adds_and_goes_on_after_it(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """Otherwise nothing could be added for as long as a large library is being worked out."""
    monkeypatch.setattr(derive, "TRANSACTION_SECONDS", 0.0)
    monkeypatch.setattr(locking, "_LOOK", 0.0)
    late = tmp_path / "late.txt"
    late.write_text("Shells hit Izium again on Sunday.\n", "utf-8")
    folder = tmp_path / "library"
    added = threading.Event()
    other = threading.Thread(target=_adding, args=(folder, late, added))
    stages: list[str] = []

    def heard(step: Progress) -> None:
        stages.append(step.stage)
        if step.stage == "entities" and step.done == 2 and not other.is_alive() and not added.is_set():
            other.start()
        if step.stage == "entities" and not added.is_set():
            # As slow as if it were many.
            added.wait(0.2)

    with Library(folder) as library:
        if how == "add":
            library.add([news], heard)
        else:
            library.add([news], derive=False)
            library.update(heard)
        other.join()
        assert "waiting" in stages and added.is_set()
        assert stages.index("waiting") < stages.index("quotations")
        assert not library.behind and len(library.articles) == len(PLACES) + 1
        assert library.entities.mentions("late")


def test_a_patient_update_waits_for_as_long_as_another_writes(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(locking, "LOCK_SECONDS", 0.05)
    monkeypatch.setattr(upkeep, "GAP", 0.0)
    holding, heard = threading.Event(), threading.Event()
    with Library(tmp_path / "library") as library:
        library.add([news], derive=False)

        def hold() -> None:
            with Library(tmp_path / "library") as other, other.writing("adding articles"):
                holding.set()
                heard.wait(20)

        thread = threading.Thread(target=hold)
        thread.start()
        holding.wait(20)
        with pytest.raises(LibraryBusyError):
            library.update()
        steps: list[str] = []

        def told(step: Progress) -> None:
            steps.append(step.stage)
            heard.set()

        library.update(told, wait=None)
        thread.join()
        assert steps[0] == "waiting" and not library.behind


_RULES = """
import pathlib, sys
from warreader.index.library import Library
with Library(pathlib.Path(sys.argv[1])) as library:
    (quoted,) = [one for one in library.quotations.of("3") if "harbour of Izium" in one.text]
    place = {"article": "3", "start": quoted.start, "end": quoted.end, "exact": quoted.text}
    library.rulings.put("quotation", "reject", words="no quotation", place=place)
    assert not library.owed()
"""


def test_what_another_process_rules_while_an_article_is_prepared_holds(
    tmp_path: Path, news: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "library"
    with Library(folder) as library:
        library.add([news])
        with library._database.transaction() as connection:
            connection.execute("DELETE FROM derived WHERE stage = 'fingerprints'")
        prepare: Any = Fingerprints.prepare
        ruled: list[str] = []

        def prepared(self: Any, article: Article, context: Any) -> Any:
            made = prepare(self, article, context)
            if article.id == "3" and not ruled:
                ruled.append(article.id)
                subprocess.run([sys.executable, "-c", _RULES, str(folder)], check=True)
            return made

        monkeypatch.setattr(Fingerprints, "prepare", prepared)
        library.update()
        assert ruled and not library.behind
        held = _words_and_matches(library)
        with library._database.transaction() as connection:
            connection.execute("DELETE FROM derived WHERE stage IN ('fingerprints', 'matches')")
        library.update()
        assert held == _words_and_matches(library)


_SETS_APART = """
import pathlib, sys
from warreader.index.article import Label
from warreader.index.entities.correcting import Form
from warreader.index.library import Library
with Library(pathlib.Path(sys.argv[1])) as library:
    library.entity_corrections.split(Form("Martha Kovach"), "Another Kovach", Label.PERSON)
    assert not library.owed()
"""


def test_who_another_process_says_spoke_while_matches_are_looked_for_is_gone_by(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether few words are more than a phrase goes by whether one person said them."""
    folder = tmp_path / "library"
    (tmp_path / "said.txt").write_text("Martha Kovach spoke. “We stay here,” Martha Kovach said.", "utf-8")
    with Library(folder) as library:
        library.add([tmp_path / "said.txt"])
        with library._database.transaction() as connection:
            connection.execute("DELETE FROM derived WHERE stage = 'matches'")
        prepare: Any = Matches.prepare
        speakers: list[str | None] = []

        def prepared(self: Any, article: Article, context: Any) -> Any:
            made = prepare(self, article, context)
            (said,) = library.quotations.of(article.id)
            speakers.append(said.speaker.name if said.speaker else None)
            if len(speakers) == 1:
                subprocess.run([sys.executable, "-c", _SETS_APART, str(folder)], check=True)
            return made

        monkeypatch.setattr(Matches, "prepare", prepared)
        library.update()
        assert not library.behind and speakers == ["Martha Kovach", "Another Kovach"]


def _words_and_matches(library: Library) -> list[object]:
    rows = library._database.connection.execute(
        "SELECT article, quoted, prints FROM wording ORDER BY article"
    )
    return [
        [tuple(row) for row in rows],
        sorted(library.matches.all(), key=lambda match: match.id),
    ]
