from __future__ import annotations

import pytest

from warreader.tui.commands import DEFAULT_KEYS
from warreader.tui.keys import Keys

TEXT, LIST = ("text", "global"), ("list", "global")


def meant(keys: Keys, pressed: str, scopes: tuple[str, ...]) -> str | bool:
    command = keys.feed(pressed, scopes)
    return command if isinstance(command, bool) else command.id


def test_single_keys_by_scope() -> None:
    keys = Keys(DEFAULT_KEYS)
    assert meant(keys, "slash", TEXT) == "search.open"
    assert meant(keys, "j", TEXT) == "cursor.down"
    assert meant(keys, "j", LIST) == "list.down"
    assert meant(keys, "enter", LIST) is False
    assert meant(keys, "j", ()) is False


def test_a_sequence_is_complete_only_in_its_scope() -> None:
    keys = Keys(DEFAULT_KEYS)
    assert meant(keys, "g", TEXT) is True and keys.pending == "g"
    assert meant(keys, "g", TEXT) == "cursor.first"
    assert meant(keys, "g", LIST) is True
    assert meant(keys, "g", LIST) == "list.first"


def test_a_sequence_that_leads_nowhere_gives_way() -> None:
    keys = Keys(DEFAULT_KEYS)
    assert meant(keys, "g", TEXT) is True
    assert meant(keys, "J", TEXT) == "article.next"
    assert meant(keys, "g", TEXT) is True
    assert meant(keys, "escape", TEXT) is True
    assert meant(keys, "escape", TEXT) == "close"


def test_a_sequence_is_forgotten_after_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [100.0]
    monkeypatch.setattr("warreader.tui.keys.time.monotonic", lambda: now[0])
    keys = Keys(DEFAULT_KEYS)
    assert meant(keys, "g", TEXT) is True
    now[0] += 5
    assert meant(keys, "g", TEXT) is True
    assert meant(keys, "g", TEXT) == "cursor.first"
