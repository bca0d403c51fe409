"""Who said what stands in marks, in other languages than English."""

from __future__ import annotations

import pytest

from warreader.index.article import Line, LineKind, QuotationKind
from warreader.index.quotations.extraction import extract
from warreader.index.text import line_spans


@pytest.mark.parametrize(
    ("text", "quotation", "speaker"),
    [
        ("«Мы останемся здесь», — сказал Иван Ли. Было тихо.", "«Мы останемся здесь»", "Иван Ли"),
        (
            "«Мы останемся здесь», – заявила министр Анна Ли в понедельник.",
            "«Мы останемся здесь»",
            "министр Анна Ли",
        ),
        ("Иван Ли сообщил в Telegram: «Мы останемся здесь».", "«Мы останемся здесь»", "Иван Ли"),
        ("«Ми залишаємося тут», – сказав Іван Лі.", "«Ми залишаємося тут»", "Іван Лі"),
        (
            "„Wir bleiben hier“, sagte die Ministerin Anna Lee am Montag.",
            "„Wir bleiben hier“",
            "die Ministerin Anna Lee",
        ),
        ("« Nous restons ici », a déclaré Anna Lee lundi.", "« Nous restons ici »", "Anna Lee"),
        ("Anna Lee a affirmé lundi : « Nous restons ici. »", "« Nous restons ici. »", "Anna Lee"),
    ],
)
def test_the_speaker_beside_the_marks(text: str, quotation: str, speaker: str) -> None:
    lines = [Line(span.start, span.end, LineKind.BODY) for span in line_spans(text)]
    (found,) = extract(text, lines)
    assert text[found.start : found.end] == quotation
    assert found.kind is QuotationKind.DIRECT
    assert found.speaker is not None and found.speaker.of(text) == speaker
    assert found.cue is not None


def test_a_name_in_marks_is_not_said() -> None:
    text = "Газета «Правда» вышла в понедельник."
    assert [q.kind for q in extract(text, [Line(0, len(text), LineKind.BODY)])] == [QuotationKind.SCARE]
