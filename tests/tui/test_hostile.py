"""Article text is hostile: it is shown as text, never obeyed, and offsets stay true."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.conftest import MakeApp
from tests.tui.screens.test_story import press, reader, settle, write
from warreader.index.library import Library

LONG = "word “quoted” " * 14_300
TEXTS = {
    "escapes": "ESC \x1b[2J\x1b]52;c;aGFjaw==\x07 red \x1b[31m C1 \x9b31m \x90 done. He said: “Stay.”",
    "markup": "Click [@click=app.quit]x[/] and [bold]y[/bold] [/] [link=file:///etc]z[/link]. He said: “[sic] no.”",
    "bidi": "Left \u202eright\u202c \u2066iso\u2069 \u200fmark \u061c end. Kyiv fell.",
    "wide": "停戦交渉は続く。キーウで「停戦」と言った。\nقال الرئيس \u0645\u0646.\nПутин сказал: «Нет».",
    "emoji": "Family 👨\u200d👩\u200d👧\u200d👦 flag 🇺🇦 skin 👍🏽 heart ❤\ufe0f in Kyiv.",
    "marks": "Zalgo Z\u0335\u0321\u0352a\u0334\u0316l\u0337g\u0335o and e\u0301e\u0301 in Kyiv.",
    "nul": "Before\x00after and \x00\x00 Putin said “no”.",
    "controls": "".join(map(chr, range(1, 32))) + "\x7f\u2028\u2029\ufeff\U000e0041 tail Putin",
    "long": LONG,
    "blank": "\n\n\n\n   \n\t\n.",
    "vertical": "\n".join("a" for _ in range(3000)),
}
FORBIDDEN = {
    chr(code) for code in (*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("hostile")
    corpus = folder / "corpus.jsonl"
    rows = [
        {"id": name, "text": text, "title": f"[@click=app.quit]{name}[/]\x1b[2J", "outlet": "[red]X"}
        for name, text in TEXTS.items()
    ]
    corpus.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    with Library(folder / "library") as library:
        report = library.add([corpus])
        assert sorted(report.added) == sorted(TEXTS)
    yield folder / "library"


def test_stored_texts_and_offsets_are_true(hostile: Path) -> None:
    with Library(hostile) as library:
        assert library.check() == []
        for name, text in TEXTS.items():
            text = text.replace("\r", "\n")  # a line end is all that ingest changes
            assert library.articles.get(name).text == text
            for mention in library.entities.mentions(name):
                assert text[mention.start : mention.end] == mention.text
            for quotation in library.quotations.of(name):
                assert text[quotation.start : quotation.end] == quotation.text


@pytest.mark.parametrize("size", [(160, 45), (80, 24)])
async def test_every_text_is_shown_harmlessly(
    hostile: Path, make_app: MakeApp, size: tuple[int, int]
) -> None:
    with Library(hostile) as library:
        app = make_app(opened=library)
        async with app.run_test(size=size) as pilot:
            await settle(pilot)
            for name in TEXTS:
                reader(app).travel.open(name)
                await settle(pilot)
                page = reader(app).page
                assert page is not None and page.article.id == name
                await press(pilot, "G", "pageup", "s", "escape", "g", "g", "v", "w", "escape")
                painted = "".join(
                    segment.text for strip in app.screen._compositor.render_strips() for segment in strip
                )
                assert not set(painted) & FORBIDDEN, name
                assert all(
                    strip.cell_length <= size[0] for strip in app.screen._compositor.render_strips()
                ), name
            assert app.is_running


async def test_a_hostile_text_can_be_annotated(hostile: Path, make_app: MakeApp) -> None:
    with Library(hostile) as library:
        app = make_app(opened=library)
        async with app.run_test(size=(120, 30)) as pilot:
            await settle(pilot)
            reader(app).travel.open("markup")
            await settle(pilot)
            await press(pilot, "g", "g", "s", "a")
            await write(pilot, "odd")
            await press(pilot, "enter")
            (note,) = library.annotations.of("markup")
            assert TEXTS["markup"][note.start : note.end] == note.exact
            await press(pilot, "5")
            assert app.is_running
            library.annotations.delete(note.id)


async def test_keys_stay_quick_in_a_line_of_200000_characters(hostile: Path, make_app: MakeApp) -> None:
    with Library(hostile) as library:
        app = make_app(opened=library)
        async with app.run_test(size=(120, 40)) as pilot:
            await settle(pilot)
            reader(app).travel.open("long")
            await settle(pilot)
            view = reader(app).view
            await press(pilot, "G")
            began = time.perf_counter()
            for _ in range(20):
                view.action_move("up")
                for y in range(view.size.height):
                    view.render_line(y)
            # Generous: a slow machine may take 10 ms a frame; painting the whole line each time takes seconds.
            assert (time.perf_counter() - began) / 20 < 0.25
