"""The list of articles and results: all of them, as they come, without losing the place."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import opened, press, reader, settle, until, write

from warreader.index.api import LitSpan, snippets
from warreader.index.article import Line, LineKind, SearchHit, Snippet, Span
from warreader.index.library import Library
from warreader.index.listing import Summaries, Summary
from warreader.tui.app import WarreaderApp
from warreader.tui.themes import Themes
from warreader.tui.widgets.article_lists import ResultList
from warreader.tui.widgets.article_rows import article_row, hit_row

COUNT = 150


def corpus(path: Path, numbers: range) -> Path:
    rows = [
        {
            "id": f"a{number:03}",
            "title": f"[b]Title[/b] {number}",
            "outlet": "Bulletin",
            "date": f"2022-03-01T{number // 60:02}:{number % 60:02}:00Z",
            "text": f"Nothing of note here. The bridge number {number} was hit. More [sic] words follow [/x].",
        }
        for number in numbers
    ]
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    return path


@pytest.fixture(scope="module")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bridges")
    with Library(folder / "library") as library:
        assert len(library.add([corpus(folder / "in.jsonl", range(COUNT))]).added) == COUNT
    return folder / "library"


def painted(app: WarreaderApp, lines: int = 8) -> str:
    return "\n".join(reader(app).articles.rows.render_line(y).text for y in range(lines))


async def test_a_title_that_the_text_does_not_tell_stands_over_it(make_app: MakeApp, bridges: Path) -> None:
    with Library(bridges) as library:
        app = make_app(opened=library)
        async with app.run_test(size=(80, 24)) as pilot:
            await settle(pilot)
            title = str(reader(app).view.border_title).replace("\\[", "[")
            assert title == f"2 [b]Title[/b] {COUNT - 1} · Bulletin · 2022-03-01"


async def test_all_results_are_listed_and_get_their_snippets_when_seen(
    make_app: MakeApp, bridges: Path
) -> None:
    with Library(bridges) as library:
        app = make_app(opened=library)
        async with app.run_test(size=(160, 45)) as pilot:
            await settle(pilot)
            await press(pilot, "slash")
            await write(pilot, "bridge")
            pane = reader(app).articles
            await until(pilot, lambda: len(pane.order) == COUNT)
            assert len(set(pane.order)) == COUNT
            await press(pilot, "down", "G")
            await until(pilot, lambda: "Nothing of note" in painted(app, 40))
            assert "[b]Title[/b]" in painted(app, 40)
            last = pane.rows.highlighted_id
            assert last == pane.order[-1]
            await press(pilot, "enter")
            assert opened(app) == last
            page = reader(app).page
            assert page is not None
            assert page.article.text[reader(app).view.cursor :].startswith("bridge")
            # n goes on through all that was found
            await press(pilot, "n")
            assert opened(app) == pane.order[0]
            await press(pilot, "escape")
            assert len(pane.order) == COUNT


async def test_going_down_the_list_reads_nothing_on_the_event_loop(
    make_app: MakeApp, bridges: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading: list[int] = []
    own = Summaries._read

    def noted(self: Summaries, wanted: Sequence[str]) -> None:
        reading.append(threading.get_ident())
        own(self, wanted)

    monkeypatch.setattr(Summaries, "_read", noted)
    with Library(bridges) as library:
        app = make_app(opened=library)
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            await press(pilot, "1", *["j"] * 12)
            for _ in range(COUNT // 10):
                await press(pilot, *["j"] * 10)
            assert "Title[/b] 0 " in painted(app, 40).replace("\n", " ")
    assert len(reading) > 1
    assert threading.get_ident() not in reading


async def test_the_first_hit_of_a_snippet_is_seen(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await settle(pilot)
        text = "begins " * 30 + "kyiv ends"
        at = text.index("kyiv")
        snippet = Snippet(0, len(text), text, (Span(at, at + 4),))
        results = reader(app).query_one(ResultList)
        results._hits = {"a": SearchHit("a", "Title", None, None, 1.0)}
        results.snippets = {"a": (snippet,)}
        shown = [line.plain for line in results._hit_row("a", 34, 6)]
        assert len(shown) <= 6 and "kyiv" in " ".join(shown)


def test_of_what_was_found_the_place_that_has_most_of_it_is_shown() -> None:
    parts = [
        "Some of it was said at the harbour, and more of it was not.",
        "Nothing of note was heard there for days, as all who live there tell. " * 4,
        "The mayor told reporters who were there that nobody had come to save it before it falls, he said.",
    ]
    text = "\n".join(parts)
    starts = [text.index(part) for part in parts]
    lines = [Line(at, at + len(part), LineKind.BODY) for at, part in zip(starts, parts, strict=True)]
    sought = ["it", "save", "before", "falls"]
    found = re.finditer(rf"\b({'|'.join(sought)})\b", text)
    lit = [LitSpan(one.start(), one.end(), sought.index(one[0])) for one in found]
    about = SearchHit("a", "Title", None, None, 1.0)
    best = snippets(text, tuple(lines), lit)
    rows = hit_row(about, 0, "", best, Themes().get("ink"), 32, 3, wide=False)
    assert "save it before it falls" in " ".join(row.plain for row in rows)


@pytest.mark.parametrize(
    ("length", "told"), [(3, "1 word"), (12, "2 words"), (300, "50 words"), (9000, "1.5k words")]
)
def test_how_long_an_article_is(length: int, told: str) -> None:
    summary = Summary(1, "a", "Title", None, None, length, read=True, starred=False)
    assert [line.plain for line in article_row(summary, 0, (1, 1), 40, 2)][-1] == told


@pytest.mark.parametrize(
    ("before", "text", "after", "told"),
    [
        ("", "Shelling hit it.", "", "Shelling hit it."),
        ("", "Shelling hit it.", " More.", "Shelling hit it."),
        ("", "Shelling hit it, and", " more", "Shelling hit it, and…"),
        ("", "Shelling hits it", "\n\nmore", "Shelling hits it"),
        ("Rockets,", " shelling hit “it.”", "", "…shelling hit “it.”"),
        ("Rockets.", " Shelling hit it.", "", "Shelling hit it."),
        ("“Rockets.”", " Shelling hit it.", "", "Shelling hit it."),
        ("Rockets\n\n", "Shelling hit it.", "", "Shelling hit it."),
    ],
)
def test_dots_stand_where_a_snippet_leaves_something_out(
    before: str, text: str, after: str, told: str
) -> None:
    whole = before + text + after
    start = len(before + text) - len(text.lstrip())
    line = Line(start, len(before + text), LineKind.BODY)
    [snippet] = snippets(whole, (line,), [LitSpan(start, start + 8, 0)])
    about = SearchHit("a", "Title", None, None, 1.0)
    rows = hit_row(about, 0, "", [snippet], Themes().get("ink"), 40, 4, wide=False)
    assert rows[-1].plain == told


async def test_articles_that_come_leave_the_reader_where_he_is(make_app: MakeApp, tmp_path: Path) -> None:
    with Library(tmp_path / "own") as library:
        library.add([corpus(tmp_path / "one.jsonl", range(0, 60, 2))])
        app = make_app(opened=library)
        async with app.run_test(size=(160, 45)) as pilot:
            await settle(pilot)
            screen = reader(app)
            await press(pilot, "1", *["j"] * 20)
            rows = screen.articles.rows
            held, seen = rows.highlighted_id or "", painted(app, 40)
            library.add([corpus(tmp_path / "two.jsonl", range(1, 60, 2))])
            screen.listing.refresh()
            await settle(pilot)
            assert len(screen.articles.order) == 60
            assert rows.highlighted_id == held
            title = f"Title[/b] {int(held[1:])} "
            assert at(app, title) == [line for line, text in enumerate(seen.split("\n")) if title in text]


def at(app: WarreaderApp, text: str) -> list[int]:
    return [line for line, shown in enumerate(painted(app, 40).split("\n")) if text in shown]


async def test_what_is_done_while_the_list_is_fetched_is_not_lost(
    make_app: MakeApp,
) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        listing = reader(app).listing
        stale = app.library.articles.listing()
        assert not stale[SEEDS["002"]].starred
        listing._fetching = True
        listing.change(SEEDS["002"], starred=True)
        listing._take(stale, {}, 0.0)
        assert listing.summaries[SEEDS["002"]].starred


async def test_versions_and_copies_are_told_in_the_row(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        listing = reader(app).listing
        summaries = app.library.articles.listing()
        first = summaries.ids[0]
        summaries.change(first, versions=2)
        listing._take(summaries, {summaries[first].key: (5, 4)}, 0.0)
        await pilot.pause()
        row = painted(app, 4).replace("\n", " ")
        assert "2 versions" in row and "same story: 4 outlets" in " ".join(row.split())


async def test_an_article_is_opened_as_soon_as_one_is_there(make_app: MakeApp, tmp_path: Path) -> None:
    with Library(tmp_path / "own") as library:
        app = make_app(opened=library)
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            assert reader(app).page is None
            library.add([corpus(tmp_path / "in.jsonl", range(3))])
            reader(app).listing.refresh_soon()
            await until(pilot, lambda: reader(app).page is not None)
            assert opened(app) == "a002"
