"""What has the focus is on the screen: else keys do nothing that one sees."""

from __future__ import annotations

from itertools import product

from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import settle
from tests.tui.test_in_order import burst

from warreader.index.library import Library
from warreader.tui.app import WarreaderApp
from warreader.tui.commands import COMMANDS

# What leaves the reader, gives the terminal away or writes outside of the library.
_NOT_HERE = {"quit", "suspend", "screenshot", "note.edit", "palette"}


def focus_is_seen(app: WarreaderApp) -> bool:
    focused = app.screen.focused
    return focused is None or (
        all(node.display for node in focused.ancestors_with_self)
        and bool(focused.region.intersection(app.screen.region).area)
    )


async def test_counting_no_results_keeps_the_focus_on_the_screen(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await burst(pilot, "56")
        assert focus_is_seen(app)
        assert app.reader.active == "articles" and app.focused is app.reader.articles.rows
        await burst(pilot, "?")
        assert app.screen is not app.reader


async def test_after_each_command_in_each_pane_what_has_the_focus_is_seen(
    make_app: MakeApp, library: Library
) -> None:
    text = library.articles.text(SEEDS["001"]) or ""
    library.annotations.add(SEEDS["001"], text, 0, 20, note="mine", tags=["one"])
    app = make_app()
    lost = []
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        commands = [one for one in COMMANDS if one.scope == "global" and one.id not in _NOT_HERE]
        for pane, command in product(("articles", "text", "notes"), commands):
            app.reader.focus_pane(pane)
            await app.run_action(command.action, default_namespace=app.pressing.node(command))
            await pilot.pause()
            if not focus_is_seen(app):
                lost.append((pane, command.id, app.focused))
            while app.screen is not app.reader:
                await app.pop_screen()
            app.reader.columns.maximised = False
    assert lost == []
