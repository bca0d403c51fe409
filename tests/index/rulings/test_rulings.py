"""The reader's rulings: stored with the annotations, undone with them, shared as YAML, followed once."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.annotations.schema import ANNOTATION_MIGRATIONS
from warreader.index.errors import InputError, NotFoundError, UsageError
from warreader.index.exporting import export
from warreader.index.library import Library
from warreader.index.rulings.following import Following
from warreader.index.rulings.model import VERBS, Ruling, checked
from warreader.index.rulings.records import from_record, holds_rulings, read, to_jsonl, to_record, to_yaml
from warreader.index.storage import Database
from warreader.index.upkeep import FOLLOWERS
from warreader.tui.cli import main


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        yield opened


def place(article: str, exact: str = "words", start: int = 3) -> dict[str, Any]:
    return {"article": article, "start": start, "end": start + len(exact), "exact": exact}


def reject(library: Library, one: str = "a", other: str = "b") -> Ruling:
    return library.rulings.put("match", "reject", words="rejected", places=[place(one), place(other)])


def rename(library: Library, name: str) -> Ruling:
    entity = {"name": "Kiev", "label": "GPE"}
    return library.rulings.put("entity", "rename", words=f"renamed Kiev to {name}", entity=entity, name=name)


def test_a_ruling_is_undone_and_redone_across_restarts(tmp_path: Path) -> None:
    with Library(tmp_path) as library:
        made = reject(library)
        assert made.article == "a"
    with Library(tmp_path) as library:
        assert library.rulings.of("match") == [made]
        assert library.rulings.of("entity") == []
        undone = library.annotations.undo()
        assert undone is not None
        assert (undone.subject, undone.words, undone.article) == ("ruling", "undone: rejected", "a")
        assert library.rulings.all() == []
    with Library(tmp_path) as library:
        library.annotations.redo()
        assert library.rulings.all() == [made]


def test_rulings_and_annotations_are_one_line_of_gestures(library: Library) -> None:
    reject(library)
    library.annotations.add("a", "some words", 0, 4)
    with library.annotations.gesture("two at once"):
        rename(library, "Kyiv")
        reject(library, "c", "d")
    library.annotations.undo()
    assert len(library.rulings.all()) == 1
    library.annotations.undo()
    assert library.annotations.all() == []
    library.annotations.undo()
    assert library.rulings.all() == []
    for _ in range(3):
        library.annotations.redo()
    assert len(library.rulings.all()) == 3


def test_the_later_ruling_about_the_same_thing_stands(library: Library) -> None:
    first, second = rename(library, "Kyiv"), rename(library, "Kyjiw")
    assert first.id == second.id
    assert library.rulings.of("entity") == [second]
    assert rename(library, "Kyjiw") == second, "nothing changes"
    library.annotations.undo()
    assert library.rulings.of("entity") == [first]


def test_two_places_are_the_same_two_whichever_comes_first(library: Library) -> None:
    assert reject(library, "a", "b").id == reject(library, "b", "a").id
    assert len(library.rulings.all()) == 1


def test_what_is_taken_back_is_gone_and_an_unknown_one_is_said(library: Library) -> None:
    made = reject(library)
    library.rulings.remove(made.id)
    assert library.rulings.get(made.id) is None
    with pytest.raises(NotFoundError, match="export rulings"):
        library.rulings.remove(made.id)
    library.annotations.undo()
    assert library.rulings.get(made.id) == made


def test_another_process_sees_it_and_can_undo_it(library: Library) -> None:
    state = library.rulings.state("match")
    made = reject(library)
    other = (
        "import sys, pathlib\nfrom warreader.index.library import Library\n"
        "with Library(pathlib.Path(sys.argv[1])) as library:\n"
        "    print(library.rulings.of('match')[0].id)\n    library.annotations.undo()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", other, str(library.folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == made.id
    assert library.rulings.of("match") == []
    assert library.rulings.state("match") != state
    assert library.rulings.state("entity") == ""


def test_a_process_killed_has_lost_no_ruling_that_it_told_of(library: Library) -> None:
    script = (
        "import sys, os, signal, pathlib\nfrom warreader.index.library import Library\n"
        "library = Library(pathlib.Path(sys.argv[1]))\n"
        "for name in ('one', 'two'):\n"
        "    library.rulings.put('entity', 'rename', words='renamed',"
        " entity={'name': name, 'label': 'GPE'}, name='x')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(library.folder)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [one.data["entity"]["name"] for one in library.rulings.of("entity")] == ["one", "two"]


def test_the_annotations_are_free_while_a_ruling_is_followed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def follows(_: Library) -> None:
        other = Database(library.folder / "annotations.sqlite", ANNOTATION_MIGRATIONS)
        with other.patience(0.0), other.transaction():
            told.append("free")
        other.close()

    monkeypatch.setitem(FOLLOWERS, "match", follows)
    made = reject(library)
    library.rulings.remove(made.id)
    library.annotations.undo()
    with library.annotations.gesture("two at once"):
        library.rulings.remove(made.id)
        reject(library, "c", "d")
        assert len(told) == 3, "followed when all of it is stored"
    assert told == ["free"] * 4


def test_what_is_not_stored_is_not_followed(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []
    monkeypatch.setitem(FOLLOWERS, "match", lambda _: told.append("told"))
    with pytest.raises(ZeroDivisionError), library.annotations.gesture("goes wrong"):
        reject(library)
        raise ZeroDivisionError
    library.annotations.add("a", "some words", 0, 4)
    assert told == [] and library.rulings.all() == []


def test_whoever_asks_for_it_has_rulings_followed_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setitem(FOLLOWERS, "match", lambda _: told.append("match"))
    monkeypatch.setitem(FOLLOWERS, "entity", lambda _: told.append("entity"))
    with library.annotations.line_of_gestures.telling_later() as later:
        reject(library)
        rename(library, "Kyiv")
        library.annotations.add("a", "some words", 0, 4)
    assert told == [] and len(later) == 2
    for tell in later:
        tell()
    assert told == ["match", "entity"]
    library.annotations.undo()
    library.annotations.undo()
    assert told == ["match", "entity", "entity"]


@pytest.mark.parametrize(
    ("kind", "verb", "data", "told"),
    [
        ("enemy", "rename", {}, "rulings on: entity, match, quotation"),
        ("entity", "burn", {}, "choose one of: rename, kind"),
        ("entity", "rename", {"entity": {"name": "a", "label": "GPE"}}, "name is missing"),
        ("entity", "rename", {"entity": "a", "name": "b"}, "entity is not an object with name, label"),
        ("entity", "kind", {"entity": {"name": "a", "label": "GPE"}, "label": "TANK"}, "none of: PERSON"),
        ("entity", "ignore", {"form": " "}, "form is empty"),
        ("entity", "ignore", {"form": 7}, "put numbers and dates in quotation marks"),
        ("entity", "ignore", {"form": "a", "start": -1}, "start is not an offset"),
        ("match", "reject", {"places": [place("a")]}, "a list of two places"),
        ("match", "reject", {"places": [place("a"), place("b") | {"end": 4}]}, "the length of exact"),
    ],
)
def test_wrong_data_is_told_in_one_line_and_nothing_is_stored(
    library: Library, kind: str, verb: str, data: dict[str, Any], told: str
) -> None:
    with pytest.raises(UsageError, match=told) as caught:
        library.rulings.put(kind, verb, words="x", **data)
    assert "\n" not in str(caught.value)
    assert library.rulings.all() == []


# Out and in.


@pytest.mark.parametrize("form", ["jsonl", "yaml"])
def test_what_goes_out_comes_in_and_twice_adds_nothing_twice(
    library: Library, tmp_path: Path, form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    library.rulings.creator = "the newsroom"
    reject(library)
    rename(library, "Kyiv: the “capital” \u202e # no")
    file = tmp_path / f"rulings.{form}"
    file.write_text("".join(f"{line}\n" for line in export(library, "rulings", form)), "utf-8")
    assert "\u202e" not in file.read_text("utf-8")
    other = tmp_path / "other"
    Library(other).close()
    assert main(["--library", str(other), "import", str(file)]) == 0
    assert "added 2, updated 0, unchanged 0" in capsys.readouterr().out
    assert main(["--library", str(other), "import", str(file)]) == 0
    assert "added 0, updated 0, unchanged 2" in capsys.readouterr().out
    with Library(other) as opened:
        assert opened.rulings.all() == library.rulings.all()
        opened.annotations.undo()
        assert opened.rulings.all() == [], "an import is one gesture"


def test_a_file_written_by_hand_needs_no_moment(library: Library, tmp_path: Path) -> None:
    file = tmp_path / "house-style.yaml"
    file.write_text(
        "# our spelling\n- ruling: entity\n  verb: rename\n  entity: {name: Kiev, label: GPE}\n  name: Kyiv\n",
        "utf-8",
    )
    assert main(["--library", str(library.folder), "import", str(file)]) == 0
    assert [one.data["name"] for one in library.rulings.of("entity")] == ["Kyiv"]


GOOD = "- ruling: entity\n  verb: ignore\n  form: Getty\n"


@pytest.mark.parametrize(
    "before", ["\n", "\r\n", " \t\n", "# words\n", "\n# words\n--- \n", "%YAML 1.1\n---\n"]
)
def test_what_a_file_holds_is_seen_behind_many_blank_lines(before: str) -> None:
    assert holds_rulings(before * 5_000 + GOOD)
    assert not holds_rulings(before * 5_000 + "words")
    assert not holds_rulings(before * 5_000)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + "- ruling: entity\n  verb: ignore\n", "line 4: entity ignore: form is missing"),
        (GOOD + "- ruling: entity\n  verb: [\n", "line 6: not YAML"),
        (GOOD + "- just words\n", "line 4: not an object"),
        ("ruling: entity\n", "line 1: not a list of rulings"),
        (GOOD.replace("Getty", "&a Getty") + GOOD.replace("Getty", "*a"), "line 6: an alias"),
        (GOOD + "- !!python/object/apply:os.system ['true']\n", "line 4"),
        (GOOD + "  modified: 2022-03-44T00:00:00Z\n", "not YAML"),
        (GOOD + "  modified: soon\n", "line 1: modified is not a moment"),
    ],
)
def test_a_malformed_file_changes_nothing_and_says_where(
    library: Library, tmp_path: Path, text: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "rulings.yaml"
    file.write_text(text, "utf-8")
    assert main(["--library", str(library.folder), "import", str(file)]) != 0
    said = capsys.readouterr().err
    assert "rulings.yaml" in said
    assert told in said
    assert said.count("\n") == 1
    assert library.rulings.all() == []


def test_a_malformed_json_line_is_told_by_number() -> None:
    good = json.dumps({"ruling": "entity", "verb": "ignore", "form": "Getty"})
    with pytest.raises(InputError) as caught:
        read(f"{good}\n\n{good[:-1]}\n")
    assert caught.value.place == "line 3"
    with pytest.raises(InputError) as caught:
        read(f"{good}\n[]\n")
    assert caught.value.place == "line 2"


def test_what_is_a_file_of_rulings_is_seen_by_its_beginning() -> None:
    assert holds_rulings(GOOD)
    assert holds_rulings("# a comment\n\n" + GOOD)
    assert holds_rulings('{"ruling": "entity"}')
    assert holds_rulings("", named_yaml=True)
    assert not holds_rulings('{"id": "x", "article": "a"}')
    assert not holds_rulings('{"correction": "title", "article": "a"}')
    assert not holds_rulings("")


TEXTS = st.text(min_size=1, max_size=30).filter(
    lambda t: t.strip() and not any("\ud800" <= c <= "\udfff" for c in t)
)
PLACES = st.builds(place, TEXTS, TEXTS, st.integers(0, 10**6))
ENTITIES = st.fixed_dictionaries({"name": TEXTS, "label": st.sampled_from(["PERSON", "GPE"])})
FORMS = st.fixed_dictionaries(
    {"form": TEXTS, "entity": ENTITIES}, optional={"article": TEXTS, "start": st.integers(0, 99)}
)
TWO_PLACES = st.fixed_dictionaries({"places": st.lists(PLACES, min_size=2, max_size=2)})
TWO_ENTITIES = st.fixed_dictionaries({"entity": ENTITIES, "into": ENTITIES})
RULINGS = st.one_of(
    st.tuples(st.just("match"), st.just("join"), TWO_PLACES),
    st.tuples(st.just("entity"), st.just("merge"), TWO_ENTITIES),
    st.tuples(st.just("entity"), st.just("pin"), FORMS),
)


@settings(deadline=None)
@given(st.lists(RULINGS, max_size=4))
def test_whatever_they_hold_rulings_come_back_as_they_were(
    made: list[tuple[str, str, dict[str, Any]]],
) -> None:
    rulings = [
        Ruling(kind, verb, checked(kind, verb, data), "2022-03-01T00:00:00.000000Z", None)
        for kind, verb, data in made
    ]
    assert [from_record(json.loads(json.dumps(to_record(one)))) for one in rulings] == rulings
    for form in (to_jsonl, to_yaml):
        text = "\n".join(form(rulings))
        back = read(text, named_yaml=form is to_yaml)
        assert back == rulings
        assert [one.id for one in back] == [one.id for one in rulings]


def test_every_verb_says_what_it_is_about() -> None:
    for kind, verbs in VERBS.items():
        for verb, needed in verbs.items():
            assert needed.about, f"{kind} {verb}"
            assert needed.optional <= {*needed.about, *needed.says}


@pytest.mark.parametrize("odd", ["\0", "\x1b", "\ud800"])
def test_a_character_that_yaml_does_not_know_is_told_with_its_line(odd: str) -> None:
    with pytest.raises(InputError, match=f"U\\+{ord(odd):04X}") as caught:
        read(f"- ruling: entity\n  verb: ren{odd}ame\n", named_yaml=True)
    assert caught.value.place == "line 2"


def test_the_yaml_is_yaml(library: Library) -> None:
    rename(library, "Kyiv")
    (record,) = yaml.safe_load("\n".join(export(library, "rulings", "yaml")))
    assert (record["ruling"], record["verb"], record["name"]) == ("entity", "rename", "Kyiv")
    with pytest.raises(UsageError, match="jsonl, yaml"):
        export(library, "rulings", "csv")


# Following.


@pytest.fixture
def following(library: Library, monkeypatch: pytest.MonkeyPatch) -> Following:
    # Whoever follows rulings on matches in a library would have done so already.
    monkeypatch.setattr("warreader.index.upkeep.FOLLOWERS", {})
    return Following(library._database, library.rulings, "match")


def noted(library: Library, following: Following) -> list[tuple[str | None, str | None]]:
    news = following.news()
    with library._database.transaction() as connection:
        following.note(connection, news)
    return [
        (None if before is None else before.id, None if after is None else after.id)
        for before, after in news.changed
    ]


def test_what_changed_is_followed_once(library: Library, following: Following) -> None:
    assert not following.due
    made = reject(library)
    assert following.due
    assert noted(library, following) == [(None, made.id)]
    assert not following.due
    assert noted(library, following) == []
    rename(library, "Kyiv")
    assert not following.due, "of another kind"
    library.annotations.undo()
    library.annotations.undo()
    assert noted(library, following) == [(made.id, None)]


def test_a_ruling_made_while_others_are_followed_is_news_the_next_time(
    library: Library, following: Following
) -> None:
    reject(library)
    news = following.news()
    later = reject(library, "c", "d")
    with library._database.transaction() as connection:
        following.note(connection, news)
    assert noted(library, following) == [(None, later.id)]


def test_a_backup_put_back_is_noticed(library: Library, following: Following) -> None:
    made = reject(library)
    noted(library, following)
    library.annotations.close()
    for file in library.folder.glob("annotations.sqlite*"):
        file.unlink()
    with Library(library.folder) as again:
        fresh = Following(again._database, again.rulings, "match")
        assert noted(again, fresh) == [(made.id, None)]


def test_undo_has_the_followers_told(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[int] = []
    monkeypatch.setattr(
        "warreader.index.upkeep.FOLLOWERS",
        {"match": lambda library: told.append(len(library.rulings.all()))},
    )
    reject(library)
    rename(library, "Kyiv")
    assert told == [1]
    library.annotations.undo()
    library.annotations.undo()
    library.annotations.redo()
    assert told == [1, 0, 1]


def test_a_file_of_the_version_before_is_lifted(tmp_path: Path) -> None:
    from warreader.index.annotations.schema import ANNOTATION_MIGRATIONS

    Database(tmp_path / "annotations.sqlite", ANNOTATION_MIGRATIONS[:2]).close()
    with Library(tmp_path) as library:
        reject(library)
        assert len(library.rulings.all()) == 1
