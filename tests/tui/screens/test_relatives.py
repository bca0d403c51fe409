"""Versions of an article and copies of its story."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import opened, press, reader, settle
from textual.containers import Vertical
from textual.pilot import Pilot
from textual.widgets import Static

from warreader.index.article import Line, LineKind
from warreader.index.articles import Incoming, Outcome
from warreader.index.library import Library
from warreader.index.stories.stories import Copy, Story
from warreader.index.text import line_spans
from warreader.index.versions import difference
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.changes import ChangesScreen, Merged, merged
from warreader.tui.screens.picking import Picker

WIDE = (160, 45)
OLD = "Headline\nThe port was shelled on Monday.\nTwo people were hurt.\nA long line that moves down later.\nEnd."
NEW = "Headline\nThe port was hit on Monday.\nEnd.\nA long line that moves down later.\nThe mayor [sic] said so."


def without(both: Merged, *styles: str) -> str:
    """The merged text without what is painted so."""
    text = both.text
    for span in sorted(both.painted, reverse=True):
        if span.style in styles:
            text = text[: span.start] + text[span.end :]
    return " ".join(text.split())


def test_both_versions_stand_in_the_merged_text() -> None:
    both = merged(OLD, NEW, difference(OLD, NEW))
    assert "shelled hit on Monday" in both.text
    assert without(both, "diff.dropped") == " ".join(NEW.split())
    painted = {both.text[span.start : span.end]: span.style for span in both.painted}
    assert painted == {
        "shelled": "diff.dropped",
        "hit": "diff.added",
        "Two people were hurt.": "diff.dropped",
        "A long line that moves down later.": "diff.moved",
        "The mayor [sic] said so.": "diff.added",
    }
    assert [both.text[start:][:7] for start in both.starts] == ["shelled", "Two peo", "A long ", "The may"]
    assert NEW[both.places[0] :].startswith("The port was hit")


LINE = st.lists(
    st.sampled_from(["the", "port", "was", "hit", "by", "shells", "(", ")", ",", "."]), max_size=8
)
WORDS = st.lists(LINE, max_size=8).map(lambda lines: "\n".join(" ".join(line) for line in lines))


@given(WORDS, WORDS)
def test_nothing_of_either_version_is_lost(old: str, new: str) -> None:
    both = merged(old, new, difference(old, new))

    def letters(text: str) -> str:
        return "".join(text.split())

    assert letters(without(both, "diff.dropped")) == letters(new)
    # What moved stands where it is now.
    if not any(span.style == "diff.moved" for span in both.painted):
        assert letters(without(both, "diff.added")) == letters(old)
    assert list(both.starts) == sorted(set(both.starts))
    assert all(0 <= place <= len(new) for place in both.places)
    assert (len(both.starts) == 0) == (not both.painted)


def store(library: Library, text: str, date: str) -> str:
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    base = library.articles.get(SEEDS["000"])
    meta = replace(base.meta, title=f"Title [b]{date}[/b]", date=date)
    outcome, article_id = library.articles.store(Incoming("story", text, lines, meta, "story.txt", True))
    assert outcome is not Outcome.DUPLICATE
    return article_id


def subtitle(app: WarreaderApp) -> str:
    assert isinstance(app.screen, ChangesScreen)
    return str(app.screen.box.border_subtitle)


async def open_article(pilot: Pilot[Any], app: WarreaderApp, article_id: str) -> None:
    reader(app).travel.open(article_id)
    await settle(pilot)


async def test_two_versions_are_compared_at_once(make_app: MakeApp, library: Library) -> None:
    first, second = store(library, OLD, "2022-03-01"), store(library, NEW, "2022-03-02")
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert second in reader(app).articles.order and first not in reader(app).articles.order
        await open_article(pilot, app, second)
        assert "version 2 of 2" in str(reader(app).view.border_subtitle)
        await press(pilot, "V")
        screen = app.screen
        assert isinstance(screen, ChangesScreen)
        assert "1 changed" in subtitle(app) and "1 added" in subtitle(app) and "1/4" in subtitle(app)
        places = [screen.view.cursor]
        for key in ("n", "right_square_bracket", "n", "n", "N", "left_square_bracket"):
            await press(pilot, key)
            places.append(screen.view.cursor)
        starts = list(merged(OLD, NEW, difference(OLD, NEW)).starts)
        assert places == [starts[at] for at in (0, 1, 2, 3, 3, 2, 1)]
        await press(pilot, "j", "k", "space", "G", "enter")
        assert opened(app) == second
        assert NEW[reader(app).view.cursor :].startswith("The mayor")
        await press(pilot, "V", "escape")
        assert app.screen.id == reader(app).id


async def test_of_several_versions_one_is_picked(make_app: MakeApp, library: Library) -> None:
    store(library, OLD, "2022-03-01")
    store(library, NEW, "2022-03-02")
    third = store(library, NEW + "\nA last line.", "2022-03-03")
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await open_article(pilot, app, third)
        await press(pilot, "V")
        assert isinstance(app.screen, Picker)
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, ChangesScreen)
        title = str(app.screen.box.border_title)
        assert "Version 1 → 2" in title and "2022-03-01" in title


@pytest.mark.parametrize(("key", "told"), [("V", "only this version"), ("S", "no copies")])
async def test_where_there_is_nothing_it_is_said(make_app: MakeApp, key: str, told: str) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, key)
        assert told in str(reader(app).query_one("#said", Static).content)


async def test_a_copy_is_opened_from_the_picker(
    make_app: MakeApp, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = tuple(
        Copy(SEEDS[name], outlet, f"Title [b]{name}", date, share)
        for name, outlet, date, share in (
            ("000", "Bulletin", "2022-03-01", 1.0),
            ("002", None, None, 0.87),
            ("003", "Herald", "2022-03-02", 0.6),
        )
    )
    monkeypatch.setattr(library.stories, "of", lambda _: Story("s", copies))
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        assert "same story: 2 outlets" in str(reader(app).view.border_subtitle)
        await press(pilot, "S")
        assert isinstance(app.screen, Picker)
        assert "Same story: 3 articles, 2 known outlets" in str(app.screen.query_one(Vertical).border_title)
        rows = app.screen.query_one("#choices")
        shown = "\n".join(rows.render_line(y).text for y in range(6))
        assert "Title [b]002" in shown and "87% in common" in shown and "outlet not known" in shown
        await press(pilot, "j", "enter")
        assert opened(app) == SEEDS["002"]


async def test_notes_of_another_version_stand_where_they_do_and_orphans_are_told(
    make_app: MakeApp, library: Library
) -> None:
    first, second = store(library, OLD, "2022-03-01"), store(library, NEW, "2022-03-02")
    for words, note in (
        ("A long line that moves down later.", "still there"),
        ("Two people were hurt.", "gone"),
    ):
        at = OLD.index(words)
        library.annotations.add(first, OLD, at, at + len(words), note=note)
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await open_article(pilot, app, second)
        notes = reader(app).notes
        shown = "\n".join(notes.rows.render_line(y).text for y in range(10))
        assert shown.index("still there") < shown.index("made on another version")
        assert shown.index("gone") < shown.index("not in this version")
        assert "▎Two people were hurt." in shown
        # in the text: ] goes to it, enter on its row too
        await press(pilot, "right_square_bracket")
        at = NEW.index("A long line")
        assert reader(app).view.cursor == at
        held = reader(app).annotated.at_cursor()
        assert held is not None and held.note == "still there"
        await press(pilot, "g", "g", "5", "g", "g", "enter")
        assert (opened(app), reader(app).view.cursor) == (second, at)
        # an orphan leads to the version on which it was made
        await press(pilot, "5", "G", "enter")
        assert opened(app) == first
        assert OLD[reader(app).view.cursor :].startswith("Two people")
        # nothing moved
        assert {one.article for one in library.annotations.all()} == {first}
