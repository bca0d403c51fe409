"""Which language a text is in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.ingest.language import confirmed, detect

ENGLISH = "The minister told parliament that the convoy had crossed the bridge before it was closed on Tuesday night."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        ("Представитель министерства сообщил, что колонна пересекла мост до того, как он был закрыт.", "ru"),
        (
            "Речник міністерства повідомив, що колона перетнула міст до того, як його закрили у вівторок.",
            "uk",
        ),
        (
            "Der Minister sagte dem Parlament, dass der Konvoi die Brücke vor der Sperrung überquert habe.",
            "de",
        ),
        ("השר אמר לפרלמנט כי השיירה חצתה את הגשר לפני שנסגר ביום שלישי בלילה", "he"),
        (
            "部长对议会说，车队在星期二晚上大桥关闭之前已经通过了大桥，没有人受伤，也没有车辆被毁，道路仍然畅通。",
            "zh",
        ),
    ],
)
def test_languages(text: str, code: str) -> None:
    assert detect(text) == code


@pytest.mark.parametrize(
    "text", ["", "Kyiv", "1234 " * 100, "a" * 5000, "https://example.org/" * 10, "\x00\ud800" * 500]
)
def test_what_says_too_little_is_unknown(text: str) -> None:
    assert detect(text) is None


def test_the_middle_decides_not_the_menu_above() -> None:
    german = "Der Minister sagte dem Parlament, dass der Konvoi die Brücke vor der Sperrung überquert habe. "
    assert detect("Home News Sport About us Contact the team\n" * 5 + german * 40) == "de"


def test_control_characters_and_halves_of_pairs_are_passed_over() -> None:
    assert detect("\ud800".join(ENGLISH.split(" ")[:3]) + "\x07 \ufffe " + ENGLISH) == "en"


@given(st.text(max_size=300))
def test_any_text_gets_a_code_of_two_letters_or_none(text: str) -> None:
    found = detect(text)
    assert found is None or (len(found) == 2 and found.isascii() and found.islower())


def test_what_is_plainly_english_is_what_the_detector_says(monkeypatch: pytest.MonkeyPatch) -> None:
    from warreader.index.ingest import language

    prose = f"{ENGLISH} Officials said that talks with the council of the region were put off to Monday. " * 3
    told = detect(prose)
    monkeypatch.setattr(language, "_PLAINLY", 10_000)
    assert told == detect(prose) == "en"


def test_english_words_quoted_in_german_prose_do_not_make_it_english() -> None:
    german = "Der Minister sagte dem Parlament, dass der Konvoi die Brücke vor der Sperrung überquert habe. "
    assert detect(german * 2 + f"„{ENGLISH}“ " + german * 4) == "de"


_GERMAN = "Der Minister sagte dem Parlament, dass der Konvoi die Brücke vor der Sperrung überquert habe. "


@pytest.mark.parametrize(
    ("stated", "text", "code"),
    [
        ("en", _GERMAN * 20, "de"),
        ("de", f"{ENGLISH} " * 20, "en"),
        ("de", _GERMAN * 20, "de"),
        ("en", _GERMAN * 3, "en"),
        ("en", _GERMAN * 12 + f"{ENGLISH} " * 12, "en"),
        ("en", "1234 " * 400, "en"),
    ],
)
def test_a_stated_language_holds_unless_all_of_a_long_text_is_plainly_in_another(
    stated: str, text: str, code: str
) -> None:
    assert confirmed(stated, text) == code


def test_a_stated_language_holds_against_one_that_is_hardly_told_from_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from warreader.index.ingest import language

    monkeypatch.setattr(language, "detect", lambda _: "hr")
    assert confirmed("sr", "x" * 5000) == "sr"
    assert confirmed("en", "x" * 5000) == "hr"
