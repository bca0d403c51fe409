"""What is painted of a screen when parts of it change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len
from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import press, reader, settle, write
from textual._compositor import Compositor, CompositorUpdate
from textual.content import Content
from textual.geometry import Region
from textual.strip import Strip

from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.widgets.article_view import ArticleView
from warreader.tui.widgets.articles_pane import ArticlesPane
from warreader.tui.widgets.frame import write_below
from warreader.tui.widgets.side_panes import QuotationPane

_CODE = re.compile(
    r"\x1b\[(?P<at>\d+;\d+)H|\x1b\[(?P<look>[\d;]*)m|\x1b\]8;[^\x1b]*\x1b\\|(?P<letter>[^\x1b])", re.DOTALL
)

Cell = tuple[str, str]


class Terminal:
    """The cells of a terminal: what stands in each, and how it looks."""

    def __init__(self) -> None:
        self.cells: dict[tuple[int, int], Cell] = {}

    def write(self, codes: str) -> None:
        """Obey what is sent to it."""
        x = y = 0
        look = ""
        for code in _CODE.finditer(codes):
            if code["at"]:
                y, x = (int(part) - 1 for part in code["at"].split(";"))
            elif code["look"] is not None:
                look = code["look"] if code["look"] != "0" else ""
            elif code["letter"] == "\n":
                x, y = 0, y + 1
            elif code["letter"]:
                self.cells[x, y] = code["letter"], look
                for further in range(1, cell_len(code["letter"])):
                    self.cells[x + further, y] = "", look
                x += cell_len(code["letter"])


def lines_of(strips: Iterable[Strip], app: WarreaderApp) -> Terminal:
    """A terminal to which these lines were written whole."""
    terminal = Terminal()
    terminal.write("\n".join(strip.render(app.console) for strip in strips))
    return terminal


class Watched:
    """An app's terminal, and what should stand on it: all of the screen, as Textual itself draws it."""

    def __init__(self, app: WarreaderApp, monkeypatch: pytest.MonkeyPatch) -> None:
        self._app = app
        self._terminal = Terminal()
        self.updates = 0
        display = WarreaderApp._display

        def shown(app: WarreaderApp, screen: Any, update: Any) -> None:
            if isinstance(update, CompositorUpdate):
                self.updates += 1
                self._terminal.write(update.render_segments(app.console))
            display(app, screen, update)

        monkeypatch.setattr(WarreaderApp, "_display", shown)

    def check(self) -> None:
        """Every cell is as it should be."""
        whole = lines_of(Compositor.render_strips(self._app.screen._compositor), self._app)
        width, height = self._app.size
        cells = [(x, y) for y in range(height) for x in range(width)]
        wrong = [at for at in cells if self._terminal.cells.get(at) != whole.cells.get(at)]
        assert not wrong, (
            wrong[:5],
            [(self._terminal.cells.get(at), whole.cells.get(at)) for at in wrong[:5]],
        )


WAYS: Sequence[Sequence[str]] = (
    # A search as it is typed, its offers over what is below, its facets, an article, what is lit in it.
    ["slash", "k", "y", "i", "v", "backspace", "down", "j", "6", "j", "enter", "n", "n", "escape"],
    ["slash", "i", "s", "colon", "down", "down", "escape", "escape", "tab", "j", "j", "enter"],
    # Panes and columns, folding, a selection over several lines.
    ["z", "z", "3", "j", "j", "4", "j", "2", "f", "v", "j", "j", "j", "escape", "G", "g", "g", "space"],
    # Dialogues over it, and what is under them again.
    [
        "question_mark",
        "space",
        "escape",
        "T",
        "j",
        "j",
        "escape",
        "g",
        "q",
        "j",
        "escape",
        "2",
        "s",
        "a",
        "x",
        "escape",
    ],
)


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
@pytest.mark.parametrize("way", WAYS)
async def test_what_is_painted_part_by_part_is_what_all_of_it_would_be(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], way: Sequence[str]
) -> None:
    app = make_app()
    watched = Watched(app, monkeypatch)
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        watched.check()
        for key in way:
            await press(pilot, key)
            await settle(pilot)
            watched.check()
        assert watched.updates > len(way) // 2


async def test_wide_letters_stay_whole_beside_what_is_painted(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = tmp_path / "wide.txt"
    source.write_text("基輔的消息\n\n" + "基輔的軍隊在河邊等待，天氣很冷。" * 30, "utf-8")
    with Library(tmp_path / "wide") as library:
        library.add([source])
        app = make_app(opened=library)
        watched = Watched(app, monkeypatch)
        async with app.run_test(size=(100, 30)) as pilot:
            await settle(pilot)
            for key in [
                "2",
                "v",
                "l",
                "l",
                "j",
                "l",
                "escape",
                "question_mark",
                "escape",
                "slash",
                "a",
                "escape",
            ]:
                await press(pilot, key)
                await settle(pilot)
                watched.check()


async def test_a_letter_typed_asks_nothing_of_panes_that_stay_as_they_are(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "ukrain")
        await settle(pilot)
        for pane in (ArticleView, QuotationPane):

            def asks(self: Any, crop: Region, draw: Any = pane.render_lines) -> Any:
                asked.append(self)
                return draw(self, crop)

            monkeypatch.setattr(pane, "render_lines", asks)
        app.screen.refresh()
        await settle(pilot)
        assert asked, "all of them are asked when all is painted"
        asked.clear()
        # What is lit in the text changes with a word, not with the letters that it is found by already.
        app.reader.articles.box.refresh()
        reader(app).set_progress("names: 3 of 7")
        await settle(pilot)
        assert not asked


async def test_a_change_of_sizes_is_laid_out_once(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[object] = []
    app = make_app()
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await settle(pilot)
        reflow = Compositor.reflow

        def counted(compositor: Compositor, *args: Any) -> Any:
            laid_out.append(args)
            return reflow(compositor, *args)

        monkeypatch.setattr(Compositor, "reflow", counted)
        understood = reader(app).articles.query_one("#understood")
        understood.display = True
        understood.styles.height = 2
        await settle(pilot)
        assert understood.size.height == 2 and reader(app).articles.search_box.size.height == 3
        assert len(laid_out) == 1


async def test_what_a_frame_says_is_painted_alone_and_once(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    watched = Watched(app, monkeypatch)
    async with app.run_test(size=(160, 45)) as pilot:
        await settle(pilot)
        pane = reader(app).articles
        lines: list[Region] = []
        draw = ArticlesPane.render_lines

        def drawn(self: ArticlesPane, crop: Region) -> Any:
            lines.append(crop)
            return draw(self, crop)

        monkeypatch.setattr(ArticlesPane, "render_lines", drawn)
        write_below(pane, Content("[3] of 5"))
        await settle(pilot)
        watched.check()
        assert "[3] of 5" in "".join(strip.text for strip in app.screen._compositor.render_strips())
        assert lines and all((crop.y, crop.height) == (pane.outer_size.height - 1, 1) for crop in lines[:1])
        lines.clear()
        write_below(pane, Content("[3] of 5"))
        await settle(pilot)
        assert not lines


async def test_what_moves_is_painted_where_it_goes_though_its_place_was_asked_for_before_that(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app()
    watched = Watched(app, monkeypatch)
    async with app.run_test(size=(120, 20)) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "putin")
        await settle(pilot)
        pane = reader(app).articles
        assert pane.search_box.offers.display, "what may follow is offered on a line of its own"
        before = pane.rows.region.y
        offers = pane.search_box.offers
        offers.display = False
        offers._check_refresh()
        # Before the screen is laid out by that, something out of sight changes, upon which it is worked out anew where
        # all stands when it is next asked for.
        app.screen._compositor.update_widgets({pane.query_one("#articles")})
        assert pane.rows.region.y == before - 1, "what is below goes up"
        await settle(pilot)
        watched.check()
