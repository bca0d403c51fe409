"""Who said what, in other languages than English."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Line, LineKind, QuotationKind
from warreader.index.quotations.extraction import Extracted, extract
from warreader.index.text import line_spans
from warreader.index.tongue import tongue


def read(text: str, language: str) -> list[Extracted]:
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text) if span.end > span.start]
    return extract(text, lines, (), language)


def words(text: str, one: Extracted) -> list[str]:
    return [span.of(text) for span in one.segments]


@pytest.mark.parametrize(
    ("language", "text", "quotation", "speaker"),
    [
        ("ru", "«Мы останемся здесь», — сказал Иван Ли. Было тихо.", "«Мы останемся здесь»", "Иван Ли"),
        (
            "ru",
            "«Мы останемся здесь», – заявила министр Анна Ли в понедельник.",
            "«Мы останемся здесь»",
            "министр Анна Ли",
        ),
        ("ru", "Иван Ли сообщил в Telegram: «Мы останемся здесь».", "«Мы останемся здесь»", "Иван Ли"),
        ("ru", "«Мост пока закрыт», — признался рыбак.", "«Мост пока закрыт»", "рыбак"),
        ("ru", "«Мост пока закрыт», — рассказали в полиции.", "«Мост пока закрыт»", "полиции"),
        ("ru", '"Мост пока закрыт", - пишет "Вестник".', '"Мост пока закрыт"', '"Вестник"'),
        ("uk", "«Ми залишаємося тут», – сказав Іван Лі.", "«Ми залишаємося тут»", "Іван Лі"),
        ("uk", "Іван Лі у вівторок наголосив: «Ми залишаємося тут».", "«Ми залишаємося тут»", "Іван Лі"),
        ("uk", '"Сім\'я з п"яти осіб жива", - додала вона.', '"Сім\'я з п"яти осіб жива"', "вона"),
        (
            "de",
            "„Wir bleiben hier“, sagte die Ministerin Anna Lee am Montag.",
            "„Wir bleiben hier“",
            "die Ministerin Anna Lee",
        ),
        ("de", "»Wir bleiben alle hier«, teilte die Polizei am 3. März mit.", "»Wir bleiben alle hier«", "die Polizei"),
        ("de", "Am Montag sagte Lee: „Wir bleiben hier.“", "„Wir bleiben hier.“", "Lee"),
        ("de", "„Wir bleiben alle hier“, so die Ministerin.", "„Wir bleiben alle hier“", "die Ministerin"),
        ("fr", "« Nous restons ici », a déclaré Anna Lee lundi.", "« Nous restons ici »", "Anna Lee"),
        ("fr", "Anna Lee a affirmé lundi : « Nous restons ici. »", "« Nous restons ici. »", "Anna Lee"),
        ("fr", "« Nous restons tous ici », a-t-elle ajouté.", "« Nous restons tous ici »", "elle"),
        ("fr", "« Nous restons tous ici », insiste M. Lee.", "« Nous restons tous ici »", "M. Lee"),
        ("es", "«Nos quedamos aquí», dijo la ministra Ana Lee el lunes.", "«Nos quedamos aquí»", "la ministra Ana Lee"),
        ("pl", "„Wszyscy tu zostajemy” – powiedział Jan Lee.", "„Wszyscy tu zostajemy”", "Jan Lee"),
    ],
)  # fmt: skip
def test_the_speaker_beside_the_marks(language: str, text: str, quotation: str, speaker: str) -> None:
    (found,) = [one for one in read(text, language) if one.kind is not QuotationKind.SCARE]
    assert words(text, found) == [quotation]
    assert found.kind is QuotationKind.DIRECT
    assert found.speaker is not None and found.speaker.of(text) == speaker
    assert found.cue is not None


@pytest.mark.parametrize(
    ("language", "text", "content", "speaker"),
    [
        ("ru", "Иван Ли заявил в среду, что мост закрыт.", ["мост закрыт"], "Иван Ли"),
        ("ru", "По словам Анны Ли, мост закрыт с утра.", ["мост закрыт с утра"], "Анны Ли"),
        ("ru", "Как сообщили в полиции, мост закрыт с утра.", ["мост закрыт с утра"], "полиции"),
        ("ru", "Мост закрыт с утра, уточнил глава района Иван Ли.", ["Мост закрыт с утра"], "глава района Иван Ли"),
        ("ru", "Мост закрыт с самого утра. Об этом сообщил Иван Ли.", ["Мост закрыт с самого утра."], "Иван Ли"),
        ("ru", "Мост закрыт с утра, сообщил газете глава И. П. Ли.", ["Мост закрыт с утра"], "глава И. П. Ли"),
        ("ru", "Иван Ли призвал жителей покинуть город.", ["жителей покинуть город"], "Иван Ли"),
        ("uk", "Речниця Анна Лі зазначила, що міст закрито.", ["міст закрито"], "Речниця Анна Лі"),
        ("uk", "За її словами, міст закрито зранку.", ["міст закрито зранку"], "її"),
        ("uk", "Міст закрито з самого ранку. Про це йдеться у звіті.", ["Міст закрито з самого ранку."], "звіті"),
        ("de", "Lee sagte am Montag, die Brücke sei gesperrt.", ["die Brücke sei gesperrt"], "Lee"),
        ("de", "Die Ministerin kündigte an, dass die Brücke öffnet.", ["die Brücke öffnet"], "Die Ministerin"),
        ("de", "Nach Angaben der Polizei wurden drei verletzt.", ["wurden drei verletzt"], "der Polizei"),
        ("de", "Die Brücke ist gesperrt, teilte die Polizei mit.", ["Die Brücke ist gesperrt"], "die Polizei"),
        ("fr", "Le maire Jean Lee a dit mardi que le pont était fermé.", ["le pont était fermé"], "Le maire Jean Lee"),
        ("fr", "Selon la police, le pont est fermé depuis lundi.", ["le pont est fermé depuis lundi"], "la police"),
        ("fr", "Jean Lee, qui lit « Le Soir », dit que le pont est fermé.", ["le pont est fermé"], "Jean Lee"),
        ("fr", "Le pont est fermé depuis lundi, a-t-il précisé.", ["Le pont est fermé depuis lundi"], "il"),
        ("es", "La ministra aseguró que el puente está cerrado.", ["el puente está cerrado"], "La ministra"),
        ("pl", "Rzecznik Jan Lee poinformował, że most jest zamknięty.", ["most jest zamknięty"], "Rzecznik Jan Lee"),
    ],
)  # fmt: skip
def test_speech_without_marks(language: str, text: str, content: list[str], speaker: str) -> None:
    (found,) = [one for one in read(text, language) if one.kind is not QuotationKind.SCARE]
    assert found.kind is QuotationKind.INDIRECT
    assert [part.rstrip(".") for part in words(text, found)] == [part.rstrip(".") for part in content]
    assert found.speaker is not None and found.speaker.of(text) == speaker


def test_a_german_sentence_in_the_conjunctive_goes_on() -> None:
    text = "Lee sagte, die Brücke sei gesperrt. Sie werde im März wieder geöffnet. Es regnet seit Tagen."
    first, second = read(text, "de")
    assert words(text, second) == ["Sie werde im März wieder geöffnet"]
    assert second.inferred and second.speaker == first.speaker and second.cue is None


def test_a_verb_without_a_subject_goes_on_with_who_spoke_last() -> None:
    text = "La ministra Ana Lee dijo que el puente está cerrado. Añadió que abrirá en marzo."
    first, second = read(text, "es")
    assert words(text, second) == ["abrirá en marzo"]
    assert second.inferred and second.speaker == first.speaker and second.cue is not None


WORDS = [
    "сказал",
    "что",
    "Иван",
    "Ли",
    "глава",
    "по",
    "словам",
    "как",
    "об",
    "этом",
    "він",
    "за",
    "її",
    "каже",
    "sagte",
    "dass",
    "teilte",
    "mit",
    "laut",
    "der",
    "Ministerin",
    "sei",
    "a",
    "déclaré",
    "que",
    "qu'",
    "selon",
    "il",
    "-",
    "t",
    "«",
    "»",
    "„",
    "“",
    ".",
    ":",
    "—",
    "(",
    ")",
    ",",
    "dijo",
    "según",
    "la",
    "powiedział",
    "że",
    "нет",
    "не",
    "und",
    "et",
    '"',
]


@given(
    st.sampled_from(["ru", "uk", "de", "fr", "es", "pl", "ja"]),
    st.lists(st.sampled_from([*WORDS, "\n"]), max_size=40),
)
def test_any_words_are_read(language: str, text: list[str]) -> None:
    written = " ".join(text)
    for one in read(written, language):
        assert all(span.start < span.end <= len(written) for span in one.segments)
        assert one.speaker is None or one.speaker.start < one.speaker.end


def test_russian_dialogue_after_dashes() -> None:
    text = "— Мост закрыт,— признался Иван Ли,— его откроют весной.\nАнна Ли возразила:\n— Его не откроют никогда."
    first, second = [one for one in read(text, "ru") if one.kind is QuotationKind.DIRECT]
    assert words(text, first) == ["Мост закрыт,", "его откроют весной."]
    assert first.speaker is not None and first.speaker.of(text) == "Иван Ли"
    assert words(text, second) == ["Его не откроют никогда."]
    assert second.speaker is not None and second.speaker.of(text) == "Анна Ли"


def test_who_speaks_within_the_marks() -> None:
    text = "«Мы останемся здесь, — сказал Иван Ли. — Другого дома нет»."
    (found,) = read(text, "ru")
    assert words(text, found) == ["«Мы останемся здесь,", "Другого дома нет»"]
    assert found.speaker is not None and found.speaker.of(text) == "Иван Ли"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Газета «Правда» вышла в понедельник."),
        ("ru", "Об этом сообщает телеканал «Звезда»."),
        ("uk", 'Родина з п"яти осіб живе в м. Суми.'),
        ("fr", 'L"été a été très long dans l"est du pays.'),
    ],
)
def test_marks_that_hold_a_name_or_an_apostrophe(language: str, text: str) -> None:
    assert all(one.kind is QuotationKind.SCARE for one in read(text, language))


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ru", "Иван Ли не сообщил, что мост закрыт."),
        ("ru", "Согласно закону о мостах, их закрывают на ночь."),
        ("ru", "Мост закрыли после того, как Иван Ли сообщил о трещине."),
        ("de", "Mit dem Klick erklären Sie sich damit einverstanden, dass Inhalte geladen werden."),
        ("fr", "La demande de la mairie est restée sans réponse."),
        ("fr", "Lee a lu la lettre que la ministre lui a envoyée."),
        ("fr", "Il a été constaté que le pont était fermé."),
        ("es", "Según se conoció este jueves, el puente está cerrado."),
        ("ja", "知事は橋が閉鎖されたと述べた。"),
    ],
)
def test_what_nobody_says(language: str, text: str) -> None:
    assert read(text, language) == []


def test_english_rules_read_english_only() -> None:
    text = "Tak powiedział: Clarke said the bridge was closed."
    assert tongue("en-GB") is None and tongue(None) is None
    assert read(text, "en") and not read(text, "ja")


def test_a_language_without_rules_has_speech_by_nobody() -> None:
    text = 'قال الرئيس: "إن الحرب سوف تنتهي". وأضاف أن "الوضع صعب".'
    found = extract(text, [Line(0, len(text), LineKind.BODY)], language="ar")
    assert [(one.kind, one.speaker) for one in found] == [
        (QuotationKind.DIRECT, None),
        (QuotationKind.SCARE, None),
    ]
