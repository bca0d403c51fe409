"""What the terminal sends: whatever a paste holds, it is one paste and no key."""

from __future__ import annotations

import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import constants, events
from textual.message import Message

from warreader.index.text import without_controls
from warreader.tui import keyboard
from warreader.tui.keyboard import Parser

START, END = "\x1b[200~", "\x1b[201~"


def read(*parts: str) -> list[Message]:
    parser = Parser()
    return [message for part in parts if part for message in parser.feed(part)]


def told(messages: list[Message]) -> list[str]:
    """Pastes as their text, keys by name."""
    return [
        f"paste {one.text!r}" if isinstance(one, events.Paste) else one.key
        for one in messages
        if isinstance(one, events.Paste | events.Key)
    ]


@pytest.mark.parametrize(
    ("pasted", "text"),
    [
        ("look \x1b[31m mx red\nu", "look  mx red\nu"),
        ("paste\x07 ctl\x1b[31m red\nnewline\ttab\r\nend", "paste ctl red\nnewline\ttab\nend"),
        ("two\rlines", "two\nlines"),
        ("\x1b", ""),
        ("a\x1b[20b\x1b]0;title\x07c\x1b]open", "ac]open"),
        ("\x1b[200~again", "again"),
        ("nul\x00\x9b1mbell\x7f", "nulbell"),
    ],
)
def test_what_is_pasted_is_one_paste(pasted: str, text: str) -> None:
    assert told(read(f"x{START}{pasted}{END}y")) == ["x", f"paste {text!r}", "y"]


@given(
    st.text(st.one_of(st.sampled_from("\x1b[]~0123;\x07\r\n\tmqx"), st.characters(codec="utf-8"))),
    st.lists(st.integers(1, 7)),
)
def test_in_however_many_reads_it_comes(pasted: str, sizes: list[int]) -> None:
    pasted = pasted.replace(END, "")
    whole, parts = f"j{START}{pasted}{END}k", []
    sent = whole
    for size in sizes:
        parts.append(sent[:size])
        sent = sent[size:]
    first, *rest = told(read(*parts, sent))
    # What is pasted may itself hold an end, made of what stood around one that was taken out: nothing follows that.
    if END not in whole.removesuffix(f"{END}k"):
        assert (first, rest[-1], len(rest)) == ("j", "k", 2)
        assert rest[0] == f"paste {without_controls(pasted)!r}".replace("\\x00", "")


def test_one_without_an_end_is_ended_by_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    parser = Parser()
    assert told(list(parser.feed(f"{START}so far"))) == []
    assert told(list(parser.tick())) == []
    later = time.monotonic() + keyboard.SILENCE + 1
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert told(list(parser.tick())) == ["paste 'so far'"]
    assert told(list(parser.feed("j"))) == ["j"]


def test_one_that_is_too_long_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyboard, "MOST_PASTED", 10)
    assert told(read(START, "12345678", "90123", "4567", END, "j")) == ["paste '1234567890'", "j"]


def test_a_begin_that_came_too_slowly_begins_one_all_the_same() -> None:
    parser = Parser()
    messages = list(parser.feed("\x1b"))
    time.sleep(constants.ESCAPE_DELAY + 0.02)
    messages += [*parser.tick(), *parser.feed("[200~qqq" + END)]
    assert told(messages) == ["escape", "paste 'qqq'"]


def test_a_key_after_esc_is_itself_unless_it_came_with_it() -> None:
    parser = Parser()
    messages = list(parser.feed("\x1b"))
    time.sleep(constants.ESCAPE_DELAY + 0.01)
    assert told([*messages, *parser.feed("2")]) == ["escape", "2"]
    assert told(read("\x1b[A\x1bOB")) == ["up", "down"]
    assert told(read("\x1b", "[A")) == ["up"]


def test_who_sets_how_long_esc_is_waited_on_has_it_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "ESCAPE_DELAY", 0.07)
    monkeypatch.setenv("ESCDELAY", "70")
    keyboard.read_all_that_comes()
    assert constants.ESCAPE_DELAY == 0.07
    monkeypatch.delenv("ESCDELAY")
    keyboard.read_all_that_comes()
    assert constants.ESCAPE_DELAY == keyboard.ESCAPE_DELAY


@pytest.mark.skipif(sys.platform == "win32", reason="its driver reads characters")
def test_textual_reads_by_names_that_can_be_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    from textual.drivers import linux_driver

    keyboard.read_all_that_comes()
    assert vars(linux_driver)["XTermParser"] is Parser
    names = linux_driver.LinuxDriver.run_input_thread.__code__.co_names
    assert {"XTermParser", "getincrementaldecoder"} <= set(names)
    monkeypatch.delattr(linux_driver, "XTermParser")
    with pytest.raises(AssertionError, match="no XTermParser any more"):
        keyboard.read_all_that_comes()


def _late(data: str) -> list[Message]:
    """What is read at once, and then nothing for a while."""
    parser = Parser()
    messages = list(parser.feed(data))
    if parser._timeout_time is not None:
        parser._timeout_time = 0.0
    return messages + list(parser.tick())


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1bq", ["escape", "q"]),
        ("\x1bT", ["escape", "T"]),
        ("\x1b/", ["escape", "slash"]),
        ("\x1bqj", ["escape", "q", "j"]),
        ("\x1b", ["escape"]),
        ("\x1b[A", ["up"]),
        ("\x1b[1;3C", ["alt+right"]),
    ],
)
def test_esc_and_a_letter_in_one_read_are_two_keys(sent: str, keys: list[str]) -> None:
    assert told(_late(sent)) == keys


@pytest.mark.parametrize(("sent", "one", "two"), [("\x1bf", "ctrl+right", "f"), ("\x1bb", "ctrl+left", "b")])
def test_what_may_be_one_key_or_two_is_told_apart_later(sent: str, one: str, two: str) -> None:
    (pressed,) = _late(sent)
    assert isinstance(pressed, events.Key) and pressed.key == one and not pressed.is_printable
    assert [key.key for key in keyboard.apart(pressed)] == ["escape", two]
    # Where the terminal sends the key by a name of its own, it is that.
    (sure,) = _late({"ctrl+right": "\x1b[1;5C", "ctrl+left": "\x1b[1;5D"}[one])
    assert isinstance(sure, events.Key) and sure.key == one and keyboard.apart(sure) == []


def test_a_key_with_alt_that_means_something_is_one() -> None:
    keyboard.read_all_that_comes(["alt+q", "g alt+shift+t", "ctrl+d", "alt+f"])
    try:
        assert told(_late("\x1bq")) == ["alt+q"]
        assert told(_late("\x1bT")) == ["alt+shift+t"]
        assert told(_late("\x1bz")) == ["escape", "z"]
        assert told(_late("\x1bf")) == ["alt+f"] and told(_late("\x1bb")) == ["ctrl+left"]
    finally:
        keyboard.read_all_that_comes()
