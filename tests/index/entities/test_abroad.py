"""Names in other languages than English."""

from __future__ import annotations

import pytest

from warreader.index.article import Label, Line, LineKind
from warreader.index.entities.lexicon import lexicon
from warreader.index.entities.recogniser import Recogniser
from warreader.index.entities.resolver import Resolved, resolve
from warreader.index.text import line_spans


def read(text: str, language: str) -> list[Resolved]:
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    return resolve(text, Recogniser().recognise(text, lines, (), language), lexicon())


def named(text: str, language: str, label: Label) -> list[tuple[str, str]]:
    found = [one for one in read(text, language) if one.found.label is label]
    return [(text[one.found.start : one.found.end], one.identity.id or one.identity.name) for one in found]


@pytest.mark.parametrize(
    ("language", "text", "label", "names"),
    [
        (
            "ru",
            "Сегодня президент России Владимир Путин прибыл в Москву.",
            Label.PERSON,
            ["person:vladimir_putin"],
        ),
        ("ru", "Вчера в Украине и в Киеве шёл дождь.", Label.GPE, ["place:ukraine", "place:kyiv"]),
        ("uk", "За словами Зеленського, дощ ітиме й завтра.", Label.PERSON, ["person:volodymyr_zelensky"]),
        ("uk", "Газета вийшла в Одесі.", Label.GPE, ["place:odesa"]),
        ("de", "Der Kanzler Olaf Scholz reist nach Kiew.", Label.PERSON, ["person:olaf_scholz"]),
        ("de", "Die Brücke über den Fluss bleibt am Montag für den Verkehr gesperrt.", Label.PERSON, []),
        ("ru", "Мост закрыт. Дорога тоже закрыта. Ремонт продлится до весны.", Label.PERSON, []),
        (
            "fr",
            "Le président Emmanuel Macron est arrivé à Londres.",
            Label.PERSON,
            ["person:emmanuel_macron"],
        ),
        ("ru", "Стены Большого дворца не слышали ничего подобного.", Label.PERSON, []),
        ("uk", "Прапор бачили над Гроші, кажуть у Кремлі.", Label.PERSON, []),
        ("uk", "Глава Мюнхенської конференції прибув учора.", Label.PERSON, []),
        ("ru", "Об этом заявили в Пентагоне и в ЕС.", Label.ORG, ["org:pentagon", "org:european_union"]),
        ("fr", "Les États-Unis et la Russie négocient.", Label.GPE, ["place:united_states", "place:russia"]),
    ],
)
def test_listed_names(language: str, text: str, label: Label, names: list[str]) -> None:
    assert [name for _, name in named(text, language, label)] == names


def test_a_last_name_in_another_case_is_the_same_person() -> None:
    text = "Губернатор Сергей Ковалев прибыл утром. Вечером Ковалева ждут в городе, о Ковалеве пишут газеты."
    assert [form for form, _ in named(text, "ru", Label.PERSON)] == ["Сергей Ковалев", "Ковалева", "Ковалеве"]
    assert len({one.identity.match for one in read(text, "ru") if one.found.label is Label.PERSON}) == 1


def test_two_full_names_beside_each_other_are_two() -> None:
    text = "Сын Сергея Ковалева Иван Ковалев живёт в городе."
    assert [form for form, _ in named(text, "ru", Label.PERSON)] == ["Сергея Ковалева", "Иван Ковалев"]


def test_dates_and_numbers() -> None:
    text = "24 февраля 2022 года погибли 12 человек."
    found = [(text[one.found.start : one.found.end], one.found.label) for one in read(text, "ru")]
    assert found == [("24 февраля 2022", Label.DATE), ("12", Label.NUMBER)]


def test_nothing_is_read_into_words_of_an_unknown_language() -> None:
    assert read("Ketua kampung berkata jambatan itu ditutup.", "ms") == []
