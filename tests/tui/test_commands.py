from __future__ import annotations

import re
from collections import Counter

from textual.dom import DOMNode

from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import settle
from warreader.tui.commands import COMMANDS, DEFAULT_KEYS, SCOPES, known, shown
from warreader.tui.config import Config, keys_with
from warreader.tui.keynames import normal_key
from warreader.tui.screens.help import KeyTable


def test_ids_are_unique_and_scopes_known() -> None:
    assert max(Counter(command.id for command in COMMANDS).values()) == 1
    assert {command.scope for command in COMMANDS} == set(SCOPES)


def test_no_key_means_two_things_where_it_holds() -> None:
    for scope in ("text", "list"):
        keys = Counter(key for c in COMMANDS if c.scope in (scope, "global") for key in c.keys)
        assert [key for key, count in keys.items() if count > 1] == []


def test_every_default_key_is_a_key_textual_knows() -> None:
    assert {c.id: keys_with({}, known())[c.id] for c in COMMANDS} == dict(DEFAULT_KEYS)
    assert all(normal_key(key) == key for keys in DEFAULT_KEYS.values() for key in keys)


def test_the_keys_of_the_design_hold() -> None:
    wanted = {
        "/": "search.open", "n": "lit.next", "N": "lit.previous", "J": "article.next", "K": "article.previous",
        "z": "pane.maximise", "H": "history.back", "L": "history.forward", "v": "select", "s": "select.sentence",
        "Q": "select.quotation", "a": "annotate", "m": "mark", "t": "tag", "x": "annotation.delete", "u": "undo",
        "ctrl+r": "redo", "]": "annotation.next", "[": "annotation.previous", "c": "compare", "y": "copy",
        "f": "furniture", "r": "article.read", "*": "article.star", "?": "help", "ctrl+p": "palette", "T": "themes",
        "q": "quit", "enter": "follow", "g g": "cursor.first", "G": "cursor.last", "o": "select.other_end",
    }  # fmt: skip
    held = {
        shown(key): command.id
        for command in reversed(COMMANDS)
        if command.scope != "list"
        for key in command.keys
    }
    assert {key: held.get(key) for key in wanted} == wanted


async def test_every_action_exists_where_its_keys_hold(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(160, 45)):
        for command in COMMANDS:
            names: dict[str, list[DOMNode]] = {
                "global": [app.reader],
                "text": [app.reader.view],
                "list": [app.reader.articles.rows, app.reader.entities.rows],
                "box": [app.reader.articles.box],
                "entities": [app.reader.entities.rows],
                "quotations": [app.reader.quotations],
                "notes": [app.reader.notes.rows],
            }
            where, _, action = command.action.split("(")[0].rpartition(".")
            for node in names[command.scope]:
                target: object = {"app": app, "screen": app.reader}.get(where, node)
                assert hasattr(target, f"action_{action}"), f"{command.id} on {target}"
                if action == "annotation":
                    assert command.action.split("'")[1] in app.reader.annotating.commands()


async def test_help_tells_what_dialogues_answer_to(make_app: MakeApp) -> None:
    """As they have it, with the keys that the reader's own commands were given."""
    app = make_app(config=Config(keys={"undo": ("U",), "search.fold": ()}))
    async with app.run_test(size=(160, 45)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("question_mark")
        await settle(pilot)
        table = str(app.screen.query_one(KeyTable).render())
    told = table[table.index("In the comparison") : table.index("In the quotations of the library")]
    assert re.search(r"\n *b  Compare with this one\n", told)
    assert re.search(r"\n *U  Undo\n", told) and not re.search(r"\n *u  ", told)


async def test_help_ends_with_its_last_line_where_it_is_narrow(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=(80, 24)) as pilot:
        await app.workers.wait_for_complete()
        await pilot.press("question_mark")
        await settle(pilot)
        table = app.screen.query_one(KeyTable)
        lines = str(table.render()).removesuffix("\n").split("\n")
        assert max(map(len, lines)) <= table.size.width
        assert table.size.height - len(lines) in (0, 1)
