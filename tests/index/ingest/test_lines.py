"""Line kinds: what is kept, what is set aside, and that nothing is lost."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import LineKind
from warreader.index.ingest.line_features import BITS, look
from warreader.index.ingest.line_model import FILE, LineModel, load
from warreader.index.ingest.line_surroundings import OUTSIDE, Surroundings
from warreader.index.ingest.lines import classify

ROOT = Path(__file__).resolve().parents[3]
SEEDS = sorted((ROOT / "seeds").glob("*.txt"))
GOLD = ROOT / ".." / "shared" / "gold" / "seed_entities.json"

PAGE = """Skip to content
Parliament votes to send more ambulances to the front
Facebook
Twitter
By Our Correspondent

Parliament voted on Tuesday to send forty more ambulances to the front, the third such vote this year.
Ambulances wait outside the parliament building
(Photo: Reuters)
“We need them now,” the speaker said.
The vote was close. It passed by nine voices after a debate that lasted until midnight on Monday.

Read more: How the front moved in one year
Sign up for our newsletter
Leave a Reply
I think this is a very good thing and it should have been done a long time ago.
"""


def kinds(text: str) -> dict[str, LineKind]:
    return {text[line.start : line.end]: line.kind for line in classify(text)}


def test_a_page_is_told_apart_line_by_line() -> None:
    found = kinds(PAGE)
    assert found["Parliament votes to send more ambulances to the front"] is LineKind.HEADLINE
    assert found["By Our Correspondent"] is LineKind.BYLINE
    assert found["Ambulances wait outside the parliament building"] is LineKind.CAPTION
    assert found["(Photo: Reuters)"] is LineKind.CAPTION
    assert found["“We need them now,” the speaker said."] is LineKind.BODY
    for furniture in (
        "Skip to content",
        "Facebook",
        "Read more: How the front moved in one year",
        "Sign up for our newsletter",
        "Leave a Reply",
        "I think this is a very good thing and it should have been done a long time ago.",
    ):
        assert found[furniture] is LineKind.FURNITURE, furniture


def test_one_long_line_and_plain_paragraphs_are_all_body() -> None:
    sentence = "The shelling went on through the night and nobody slept. "
    assert [line.kind for line in classify(sentence * 200)] == [LineKind.BODY]
    paragraphs = "\n\n".join([sentence * 3] * 6)
    assert {line.kind for line in classify(paragraphs)} == {LineKind.BODY}


def test_text_wrapped_at_a_column_is_body() -> None:
    text = (
        "The convoy left the city at dawn and was seen on the eastern road\n"
        "some hours later, according to two drivers who passed it on their\n"
        "way to the market. They counted eleven lorries, all of them covered\n"
        "with grey canvas and without any markings that could be read from\n"
        "the other side of the road. Nobody could say where it was headed."
    )
    assert {line.kind for line in classify(text)} == {LineKind.BODY}


def test_a_headline_over_short_paragraphs_is_found() -> None:
    lines = classify("Bridge reopens after two years\n\nThe bridge over the river was reopened on Friday.")
    assert [line.kind for line in lines] == [LineKind.HEADLINE, LineKind.BODY, LineKind.BODY]


def test_known_kinds_stand_and_the_rest_is_judged_by_them() -> None:
    lines = PAGE.split("\n")
    known: list[LineKind | None] = [None] * len(lines)
    known[1] = LineKind.FURNITURE
    known[5] = LineKind.CAPTION
    known[10] = LineKind.HEADLINE
    found = classify(PAGE, known)
    assert [found[at].kind for at in (1, 10)] == [LineKind.FURNITURE, LineKind.HEADLINE]
    assert found[5].kind is LineKind.BODY  # empty
    assert found[2].kind is LineKind.FURNITURE
    assert found[6].kind is LineKind.BODY
    assert [line.kind for line in found].count(LineKind.HEADLINE) == 1


def test_known_kinds_must_be_as_many_as_the_lines() -> None:
    with pytest.raises(ValueError, match="1 kinds for 2 lines"):
        classify("a\nb", [None])


def test_a_whole_article_on_one_line_is_body_whatever_it_ends_in() -> None:
    sentence = "The shelling went on through the night and nobody slept. "
    for rest in ("Sign up to our newsletter here.", "Follow us on Facebook", "(Photo: Reuters)"):
        assert [line.kind for line in classify(sentence * 40 + rest)] == [LineKind.BODY]


@pytest.mark.parametrize(
    "line",
    [
        "Advertisement",
        "Sign up for our daily newsletter",
        "Read more: What the vote means",
        "Copyright © 2020 The Daily Paper. All rights reserved.",
        "Follow us on Facebook and Twitter",
        "https://example.org/news/story-1",
        "Share on WhatsApp",
    ],
)
def test_leftovers_among_paragraphs_are_furniture(line: str) -> None:
    prose = "The minister told parliament that the convoy had crossed the bridge before it was closed on Tuesday night."
    lines = classify(
        "\n\n".join([prose, prose + " He gave no figures.", line, "Nobody was hurt. " + prose, prose])
    )
    assert [one.kind for one in lines if one.end > one.start] == [
        LineKind.BODY,
        LineKind.BODY,
        LineKind.FURNITURE,
        LineKind.BODY,
        LineKind.BODY,
    ]


@pytest.mark.parametrize(
    "line",
    [
        "Soldiers unload sandbags outside the town hall. (AP Photo/Name)",
        "Image copyright Getty Images Image caption The bridge before the war",
        "FILE PHOTO: The bridge before the war",
        "Media playback is unsupported on your device",
        "(Reuters photo: somebody)",
    ],
)
def test_picture_texts_are_captions(line: str) -> None:
    prose = "The minister told parliament that the convoy had crossed the bridge before it was closed on Tuesday night."
    found = classify(
        "\n".join([prose, prose + " He gave no figures.", line, "Nobody was hurt. " + prose, prose])
    )
    assert found[2].kind is LineKind.CAPTION


def test_other_languages_are_prose_too() -> None:
    russian = "Представитель министерства сообщил, что колонна пересекла мост до того, как он был закрыт во вторник."
    ukrainian = (
        "Речник міністерства повідомив, що колона перетнула міст до того, як його закрили у вівторок увечері."
    )
    text = "\n".join(["Facebook", russian, ukrainian, "«Мы уходим», — сказал он.", russian + " " + ukrainian])
    assert [line.kind for line in classify(text)] == [LineKind.FURNITURE, *[LineKind.BODY] * 4]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\n\n “”.:-|/()")), max_size=400))
def test_every_line_of_any_text_gets_one_kind(text: str) -> None:
    lines = classify(text)
    assert [text[line.start : line.end] for line in lines] == text.split("\n")
    assert all(line.kind is LineKind.BODY for line in lines if line.start == line.end)


@pytest.mark.parametrize("unit", ["a", "“", "A ", "said ", "By ", "- ", "(", "| "])
def test_a_huge_line_takes_no_time(unit: str) -> None:
    text = "A headline of some words\n" + unit * (200_000 // len(unit)) + "\nThe end."
    begin = time.process_time()
    assert len(classify(text)) == 3
    assert time.process_time() - begin < 2


@pytest.mark.parametrize(
    "text",
    ["\n" * 200_000, "word\n" * 100_000, "5 comments\n" * 50_000, "He said so, he said.\n" * 50_000],
    ids=["blank", "words", "headings", "sentences"],
)
def test_very_many_lines_take_a_moment(text: str) -> None:
    begin = time.process_time()
    assert len(classify(text)) == text.count("\n") + 1
    assert time.process_time() - begin < 4


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.name[:3])
def test_the_seeds_keep_most_of_their_words(path: Path) -> None:
    text = path.read_bytes().decode("utf-8")
    kept = sum(len(text[line.start : line.end].split()) for line in classify(text) if line.kept)
    assert 0.75 * len(text.split()) < kept < len(text.split())


@pytest.mark.skipif(not GOLD.exists(), reason="gold files are not at hand")
def test_against_the_gold_lines() -> None:
    right = total = 0
    for doc in json.loads(GOLD.read_text("utf-8"))["docs"].values():
        text = (ROOT / "seeds" / doc["file"]).read_bytes().decode("utf-8")
        for line, truth in zip(classify(text), doc["lines"], strict=True):
            if truth["keep"] is not None:
                total += 1
                right += line.kept == truth["keep"]
    assert right / total >= 0.97


def _asked(node: Any) -> int:
    return -1 if isinstance(node, int) else max(node[0], _asked(node[2]), _asked(node[3]))


def test_the_shipped_weights_fit_the_features() -> None:
    model = load()
    assert len(model.alone) == len(model.caption) == BITS + len(model.words)
    seen = look(PAGE.strip().split("\n\n"), model.words)
    width = len(Surroundings(seen, model.alone_scores(seen)).row(0))
    assert max(map(_asked, model.trees)) < width
    assert FILE.stat().st_size < 200_000


def test_a_model_is_trained_and_saved_as_it_was(tmp_path: Path) -> None:
    pytest.importorskip("sklearn")
    pytest.importorskip("lightgbm")
    from warreader.index.ingest.line_model import read
    from warreader.index.ingest.train_fit import fit
    from warreader.index.ingest.train_lines import save
    from warreader.index.ingest.train_pages import Labelled

    lines = PAGE.strip().split("\n")
    texts = [
        Labelled(
            "\n".join(lines),
            [line.kind if line.end > line.start else None for line in classify("\n".join(lines))],
            "region",
            f"page{number}",
            f"site{number}",
        )
        for number in range(200)
    ]
    model = fit(texts)
    save(model, tmp_path / "model.json")
    seen = look([line for line in lines if line], model.words)
    scores = model.scores(seen)
    assert read(tmp_path / "model.json").scores(seen) == scores
    assert scores[seen.lines.index("Facebook")] < scores[seen.lines.index(lines[6])]
    save(fit(texts), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (tmp_path / "model.json").read_bytes()


def test_trees_beyond_the_first_are_asked_in_doubt_only() -> None:
    def model(weight: int) -> LineModel:
        return LineModel({}, [], [], [(1, 5, weight, -weight)] * 60, 7)

    assert model(2).among(0, 5) == 7 + 60 * 2
    assert model(2).among(0, 6, 9) == 7 - 60 * 2
    assert model(10).among(0, 5) == 7 + 50 * 10
    assert model(10).among(0, 6, 9) == 7 - 50 * 10
    assert LineModel({}, [], [], (), 7).among(1, 2) == 7


def test_a_page_s_copyright_notice_is_no_caption() -> None:
    assert kinds(PAGE + "© 2023 Example Media\n")["© 2023 Example Media"] is LineKind.FURNITURE


def test_a_row_tells_of_the_lines_that_look_alike() -> None:
    lines = [
        "Read how the front moved",
        "Watch what the crews saw",
        "Learn why a bridge fell",
        "The minister said on Monday that the bridge would be open again before the winter comes.",
    ]
    seen = look(lines, {})
    place = Surroundings(seen, [-100, -300, -500, 350])
    assert [place.row(at)[-2:] for at in range(4)] == [[2, -400], [2, -300], [2, -200], [0, OUTSIDE]]


@given(st.lists(st.text(min_size=1).map(str.strip).filter(bool), min_size=1, max_size=80), st.data())
def test_rows_of_any_text_are_of_one_width(lines: list[str], data: st.DataObject) -> None:
    seen = look(lines, {})
    scores = data.draw(st.lists(st.integers(-600, 600), min_size=len(lines), max_size=len(lines)))
    place = Surroundings(seen, scores)
    assert len({len(place.row(at)) for at, bits in enumerate(seen.bits) if bits}) <= 1


_MENU = [
    "Home",
    "World",
    "Business",
    "Science",
    "Weather and traffic",
    "Enter your town or its code",
    "Special offers today",
]
_PROSE = (
    "The bridge over the harbour was closed to all traffic on Monday, the city's administration said in a statement.",
    "Engineers found cracks in two of its four piers, and nobody knows when the bridge will be open to traffic.",
    "Ferries will take people over the harbour, every quarter of an hour, until the repair of the bridge is finished.",
)


@pytest.mark.parametrize(
    "above",
    [
        ["Harbour bridge closed as engineers find cracks", "By Jane Doe", "8 March 2022"],
        [
            "Home World Harbour bridge closed as engineers find cracks",
            "Harbour bridge closed as engineers find cracks",
        ],
        [
            "Read what our readers wrote last week",
            "Harbour bridge closed as engineers find cracks",
            "8 March 2022",
        ],
    ],
    ids=["signed", "trail", "the nearer"],
)
def test_the_headline_is_what_stands_over_the_text_and_is_about_it(above: list[str]) -> None:
    text = "\n".join([*_MENU, *above, *_PROSE])
    found = [text[line.start : line.end] for line in classify(text) if line.kind is LineKind.HEADLINE]
    assert found == ["Harbour bridge closed as engineers find cracks"]


def test_an_announcement_above_is_not_where_the_text_begins() -> None:
    notice = "Welcome to our pages for readers abroad, which hold neither advertisements nor anything that follows you."
    text = "\n".join(
        [
            "Welcome to our readers abroad",
            notice,
            *_MENU * 2,
            "Harbour bridge closed as engineers find cracks",
            *_PROSE,
        ]
    )
    found = [text[line.start : line.end] for line in classify(text) if line.kind is LineKind.HEADLINE]
    assert found == ["Harbour bridge closed as engineers find cracks"]


@pytest.mark.parametrize(
    "line",
    [
        "A woman rides past a steel plant in Beijing, January 17, 2013. REUTERS/Suzie Wong",
        "Baggage handlers wait at the airport in New York, June 29, 2017. REUTERS/Carlo Allegri/File Photo",
    ],
)
def test_agencies_credit_behind_a_stroke(line: str) -> None:
    text = "\n".join([*_PROSE[:2], line, *_PROSE[2:]])
    assert next(one.kind for one in classify(text) if text[one.start : one.end] == line) is LineKind.CAPTION


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("HARBOUR MASTER WARNS OF MORE CLOSURES AS ENGINEERS FIND CRACKS", LineKind.FURNITURE),
        ("A TOWN WITHOUT ITS BRIDGE", LineKind.BODY),
        ("2. WHY IT TOOK SO LONG TO FIND THE CRACKS", LineKind.BODY),
        ("By subscribing, you agree to our Privacy Policy.", LineKind.FURNITURE),
        ("Jane Doe contributed to this report.", LineKind.BYLINE),
        ("The Associated Press and Jane Doe contributed reporting.", LineKind.BYLINE),
        ("The post Bridge closed appeared first on Harbour Times.", LineKind.FURNITURE),
    ],
)
def test_lines_amid_prose(line: str, kind: LineKind) -> None:
    text = "\n".join([*_PROSE, line, *reversed(_PROSE)])
    assert next(one.kind for one in classify(text) if text[one.start : one.end] == line) is kind


@pytest.mark.parametrize(
    "sentence",
    [
        "पुल को सोमवार को सभी यातायात के लिए बंद कर दिया गया, शहर के प्रशासन ने एक बयान में कहा।",
        "أُغلق الجسر أمام حركة المرور يوم الاثنين بعد أن وجد المهندسون شقوقا في ركائزه الأربع، حسبما قالت المدينة.",
        "پیر کے روز پل کو ہر قسم کی آمد و رفت کے لیے بند کر دیا گیا، شہر کی انتظامیہ نے ایک بیان میں کہا۔",
    ],
    ids=["hindi", "arabic", "urdu"],
)
def test_sentences_of_scripts_without_capitals_are_prose(sentence: str) -> None:
    menu = ["होम", "खेल", "मौसम", "संपर्क"]
    text = "\n".join([*menu, sentence, sentence[:-20] + sentence[-1], sentence, *menu])
    kinds = [line.kind for line in classify(text)]
    assert kinds[4:7] == [LineKind.BODY] * 3


@pytest.mark.parametrize(
    "line",
    [
        "Lesen Sie auch: Die Brücke im Hafen bleibt gesperrt",
        "Weitere Meldungen aus der Region",
        "Читайте також: Міст у порту закрили для руху",
        "Читайте также: Мост в порту закрыли для движения",
        "Підписуйтесь на наш канал у Telegram",
        "À lire aussi : le pont du port reste fermé",
        "Te puede interesar: el puente del puerto sigue cerrado",
        "Zobacz też: most w porcie nadal zamknięty",
    ],
)
def test_navigation_in_other_languages(line: str) -> None:
    text = "\n".join([*_PROSE, line, *reversed(_PROSE)])
    assert next(one.kind for one in classify(text) if text[one.start : one.end] == line) is LineKind.FURNITURE


@pytest.mark.parametrize(
    "text",
    [
        "川にかかる古い橋が月曜日から通行止めになった。\n地元の当局が火曜日に明らかにした。\n"
        "橋脚にひびが見つかったためで、来年の春まで開通しない見込みだという。\n"
        "「夜中に大きな音を聞いた。外に出ると煙が上がっていた」\n近くに住む男性は、記者にそう語った。\n"
        "当局は修理を急ぐとしている。\nもう一つの橋は両方向とも通れる。",
        "河上的旧桥周一起禁止通行。\n当地官员周二表示。\n桥墩发现裂缝，预计明年春天之前不会开放。\n"
        "“夜里听到巨响，出来一看冒着烟。”\n附近一名男子对记者这样说。\n当局表示将尽快修复。",
        "강을 가로지르는 오래된 다리가 월요일부터 통행이 금지됐다.\n지역 당국이 화요일에 밝혔다.\n"
        "교각에서 금이 발견됐기 때문이며 내년 봄까지 열리지 않을 전망이다.\n당국은 수리를 서두르겠다고 했다.",
    ],
    ids=["Japanese", "Chinese", "Korean"],
)
def test_short_sentences_are_prose_where_a_sign_says_more_than_a_letter(text: str) -> None:
    assert {line.kind for line in classify(text)} == {LineKind.BODY}
