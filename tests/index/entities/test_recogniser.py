"""Finding names: spans, labels, limits."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Label, Line, LineKind
from warreader.index.entities.recogniser import Recogniser
from warreader.index.ingest.lines import classify

ROOT = Path(__file__).resolve().parents[3]
GOLD = ROOT / ".." / "shared" / "gold" / "seed_entities.json"
NAMES = {"PERSON", "GPE", "LOC", "ORG", "NORP"}


def names(text: str, kind: LineKind = LineKind.BODY) -> list[tuple[str, str]]:
    found = Recogniser().recognise(text, [Line(0, len(text), kind)])
    return [(text[f.start : f.end], str(f.label)) for f in found if f.label not in (Label.DATE, Label.NUMBER)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Mr Putin spoke in Kyiv’s square.", [("Putin", "PERSON"), ("Kyiv", "GPE")]),
        ("Russia-backed forces left.", [("Russia", "GPE")]),
        ("He heard anti-Kremlin words.", [("Kremlin", "ORG")]),
        ("The Russian-Ukrainian border is closed.", [("Russian", "NORP"), ("Ukrainian", "NORP")]),
        ("The Russian-Ukrainian war goes on.", [("Russian-Ukrainian war", "EVENT")]),
        ("the Donetsk People’s Republic fell", [("Donetsk People’s Republic", "GPE")]),
        ("the 34th separate motorized rifle brigade", [("34th separate motorized rifle brigade", "UNIT")]),
        (
            "the Ministry of Foreign Affairs of China said",
            [("Ministry of Foreign Affairs of China", "ORG")],
        ),
        ("He read it in the Mirror today.", [("Mirror", "ORG")]),
        ("He looked into the mirror.", []),
        ("It broke the Geneva Convention.", []),
        ("Shelling went on. Police came.", []),
        ("Israel Katz met officials in Israel.", [("Israel Katz", "PERSON"), ("Israel", "GPE")]),
        ("CHINA sent troops.", [("CHINA", "GPE")]),
        ("They flew on to Zaporizhia Oblast.", [("Zaporizhia Oblast", "GPE")]),
        (
            "Men of the Golani Brigade and the 12th Special Forces Brigade Azov came.",
            [("Golani Brigade", "UNIT"), ("12th Special Forces Brigade Azov", "UNIT")],
        ),
        ("The exiled Union of Free Bakers (UFB) said no.", [("Union of Free Bakers", "ORG"), ("UFB", "ORG")]),
        ("Then anti-U.S. and al-Qaeda-linked men came.", [("U.S.", "GPE"), ("al-Qaeda", "ORG")]),
        ("Witness Hamza Qadrouni, 18, was hurt.", [("Hamza Qadrouni", "PERSON")]),
        ("It fell on the town of Zorbaqa at night.", [("Zorbaqa", "GPE")]),
        ("They crossed the Zorb river by night.", [("Zorb", "LOC")]),
        ("The USS Boxer sailed past.", []),
        ("Its pilots fly the Su-57 from there.", [("Su-57", "WEAPON")]),
        ("There the Assad regime fell.", [("Assad", "PERSON")]),
        ("It spoke to @RepSomebody about it.", []),
        ("It flew from Zorbaqa Air Force Base.", [("Zorbaqa Air Force Base", "LOC")]),
        (
            "They were waiting at Hamid Karzai International Airport.",
            [("Hamid Karzai International Airport", "LOC")],
        ),
        (
            "They make shells at the Zorban Army Ammunition Plant.",
            [("shells", "WEAPON"), ("Zorban Army Ammunition Plant", "LOC")],
        ),
        ("They are treated in Massachusetts General Hospital.", [("Massachusetts General Hospital", "ORG")]),
        ("The US Air Force base is near.", [("US Air Force", "ORG")]),
        (
            "He asked the Zorban International Airport Authority.",
            [("Zorban International Airport Authority", "ORG")],
        ),
        (
            "He runs Air France and the Turkmen Humanitarian Cooperation Platform.",
            [("Air France", "ORG"), ("Turkmen Humanitarian Cooperation Platform", "ORG")],
        ),
    ],
)
def test_forms(text: str, wanted: list[tuple[str, str]]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # A space that a page has lost.
        ("Vice PresidentKamala Harris spoke.", [("Kamala Harris", "PERSON")]),
        ("He met Donald TrumpKamala Harris.", [("Donald Trump", "PERSON"), ("Kamala Harris", "PERSON")]),
        ("Rep. David ClarkeDemocrats left.", [("David Clarke", "PERSON"), ("Democrats", "NORP")]),
        ("Hezbollah chiefHassan Nasrallah left.", [("Hezbollah", "ORG"), ("Hassan Nasrallah", "PERSON")]),
        ("He heard Donald Trumpsaid so.", [("Donald Trump", "PERSON")]),
        ("Kevin McCarthy uses YouTube.", [("Kevin McCarthy", "PERSON"), ("YouTube", "ORG")]),
        # A small word that a link ended before.
        (
            "He met Ismail Haniyehin Tehran; Putinhimself came.",
            [("Ismail Haniyeh", "PERSON"), ("Tehran", "GPE"), ("Putin", "PERSON")],
        ),
        ("President Lyndon Johnsonwhich was.", [("Lyndon Johnson", "PERSON")]),
        ("The war in Iraqwhich began. Alex Bernardin left.", [("Iraq", "GPE"), ("Alex Bernardin", "PERSON")]),
        ("Seen at Zorbaqa— Joe Biden was there.", [("Zorbaqa", "GPE"), ("Joe Biden", "PERSON")]),
        ('America’s "U.S-backed war" went on.', [("America", "GPE"), ("U.S", "GPE")]),
        # What somebody is, no matter whether a list has it.
        ("A Counselor Anna Clarke spoke.", [("Anna Clarke", "PERSON")]),
        ("Minority Whip John Clarke spoke.", [("John Clarke", "PERSON")]),
        # Words with a capital that are nobody's names.
        ("Hence it rains. Importers pay, Arizonans vote, Islamophobia grows.", []),
        ("The Vice-Presidential plane. It was Labor Day.", []),
        ("They saw Mount Dov and a carmaker Volkov.", [("Mount Dov", "LOC"), ("Volkov", "ORG")]),
        ("Unesco and Unrwa met.", [("Unesco", "ORG"), ("Unrwa", "ORG")]),
    ],
)
def test_what_pages_run_together_and_plain_words(text: str, wanted: list[tuple[str, str]]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It ended Roe v Wade. He posted on X. The man left.", []),
        ("Anti-Semitism and anti-Semitic abuse grow, Islamophobia in Olympic sport too.", []),
        ("A think tank and a fuel tank. Then a tank came.", [("tank", "WEAPON")]),
        ("He spoke in Parliament of it.", [("Parliament", "ORG")]),
        ("U.S. District Judge Anna Clarke heard it.", [("U.S.", "GPE"), ("Anna Clarke", "PERSON")]),
        ("The Committee on Education met on Monday.", [("Committee on Education", "ORG")]),
        ("The Council on Monday met in Kyiv.", [("Council", "ORG"), ("Kyiv", "GPE")]),
        ("He was in San Bernardino and in Las Cruces.", [("San Bernardino", "GPE"), ("Las Cruces", "GPE")]),
        ("Near Ayungin Shoal it sank.", [("Ayungin Shoal", "LOC")]),
        (
            "Held in Gaza by Hamas, seen by Ariel Schalit.",
            [("Gaza", "GPE"), ("Hamas", "ORG"), ("Ariel Schalit", "PERSON")],
        ),
        ("The pilot, whose call sign was Wolnik, left.", [("Wolnik", "PERSON")]),
        ("He posted on X. Anna Clarke denied it.", [("Anna Clarke", "PERSON")]),
        (
            "It fired TOW missiles and more missiles known as ZGLRS. A TOW hit, said the ZFDA.",
            [(arm, "WEAPON") for arm in ("TOW", "missiles", "missiles", "ZGLRS", "TOW")] + [("ZFDA", "ORG")],
        ),
        (
            "ZRF missiles fell, the ZRF said.",
            [("ZRF", "ORG"), ("missiles", "WEAPON"), ("ZRF", "ORG")],
        ),
        ("They left the ZNF missile treaty.", [("ZNF", "ORG"), ("missile", "WEAPON")]),
        (
            "It has the Guided Zorban Rocket System (GZRS). A GZRS is dear.",
            [("Guided Zorban Rocket System", "WEAPON"), ("GZRS", "WEAPON"), ("GZRS", "WEAPON")],
        ),
        (
            "There Donald Trump Jr met a lady, and Baroness Clarke left them.",
            [("Donald Trump Jr", "PERSON"), ("Clarke", "PERSON")],
        ),
    ],
)
def test_what_looks_like_a_name_of_another_kind(text: str, wanted: list[tuple[str, str]]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # What a lone word is joined to, set in, or left over from says that it is nobody.
        ("She won an Oscar, and the Oscar-winning film came. An Oscar-nominated one too.", []),
        ("At home “Zorbaye” was sung. “Zorbaye,” all sang.", []),
        ("It was made by The North Face and by London Grammar.", [("London", "GPE")]),
        ("The General Command met, and a Linwood mosque.", []),
        # What only a body has, or is, tells one.
        ("Then Zorbix's chief executive left.", [("Zorbix", "ORG")]),
        ("On Monday Zorbix president Anna Clarke left.", [("Zorbix", "ORG"), ("Anna Clarke", "PERSON")]),
        ("Then Zorbix, a large company, left.", [("Zorbix", "ORG")]),
        ("On Monday Zorbix said its users left.", [("Zorbix", "ORG")]),
        # A word of the language is somebody's name only where somebody is called so.
        ("The organisers left. Organisers said so, Cybercrime did.", []),
        ("Then Ms Grammar left.", [("Grammar", "PERSON")]),
        ("On the Road to Change, near Section 230.", []),
        # Of several words the last tells.
        ("Then the Houston Rockets won.", [("Houston Rockets", "ORG")]),
        ("It left Zorby AFB and Zorby FM.", [("Zorby AFB", "ORG"), ("Zorby FM", "ORG")]),
        ("Then Anna Zorby KC and Louis XIV left.", [("Anna Zorby KC", "PERSON"), ("Louis XIV", "PERSON")]),
        ("In the Grand Zorbais it hangs.", [("Grand Zorbais", "ORG")]),
        ("Then Tip O'Zorby left.", [("Tip O'Zorby", "PERSON")]),
        (
            "It fell in Greater Zorby and in Greater London.",
            [("Greater Zorby", "GPE"), ("Greater London", "GPE")],
        ),
        # What stands before somebody's name is none of it.
        ("Then Cleveland DL Anna Zorby left.", [("Anna Zorby", "PERSON")]),
        ("Then Nottingham Anna Zorby left.", [("Anna Zorby", "PERSON")]),
        ("Then Zorbix CEO Anna Zorby left.", [("Zorbix", "ORG"), ("Anna Zorby", "PERSON")]),
        # Once said for want of anything else, it is not said the louder for being repeated.
        ("They climbed Zorbest, as Zorbest may be high; all like Zorbest.", []),
        ("The S&P fell, AT&T rose. R&D and a Q&A.", [("S&P", "ORG"), ("AT&T", "ORG")]),
        (
            "In Tonga and Malawi, Togolese and Maldivian ships.",
            [("Tonga", "GPE"), ("Malawi", "GPE"), ("Togolese", "NORP"), ("Maldivian", "NORP")],
        ),
        ("A think tank spoke; the tank's head did.", []),
        # Capitals that stress a word, tell a state or shorten an ordinary thing are no body's.
        ("He said that they HATE it. The LED lamp and an ICBM.", []),
        (
            "Rep. Anna Clarke (D-CA) left Flint, MI, for the ZQX.",
            [("Anna Clarke", "PERSON"), ("Flint", "GPE"), ("ZQX", "ORG")],
        ),
        ("A think tank spoke; the tank's head saw tanks.", [("tank", "WEAPON"), ("tanks", "WEAPON")]),
    ],
)
def test_a_lone_word_is_somebody_only_on_evidence(text: str, wanted: list[tuple[str, str]]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SANTA FE, N.M. (AP) — The bridge was shut.", [("SANTA FE", "GPE"), ("AP", "ORG")]),
        ("RIO DE JANEIRO (Reuters) - The bridge was shut.", [("RIO DE JANEIRO", "GPE"), ("Reuters", "ORG")]),
        ("ZORBAQA (AFP) – The bridge was shut.", [("ZORBAQA", "GPE"), ("AFP", "ORG")]),
        ("NATO (AP) said so.", [("NATO", "ORG"), ("AP", "ORG")]),
    ],
)
def test_a_dateline_names_a_place(text: str, wanted: list[tuple[str, str]]) -> None:
    assert names(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Then Senator Zorbyintroduced a bill.", [("Zorby", "PERSON")]),
        ("On Monday, Zorby-Tann overemphasised it.", [("Zorby-Tann", "PERSON")]),
        ("Foreshadowed by few, it came.", []),
        ("Of “You’ll Win” and It’ll said many.", []),
        ("Under Copyright ZQ Indices it fell.", []),
        ("It is run by ZQX Zorbco, a subsidiary.", [("ZQX Zorbco", "ORG")]),
        ("It was JD Zorby who came.", [("JD Zorby", "PERSON")]),
        ("Shares of Dow Jones fell.", [("Dow Jones", "ORG")]),
        ("The Frenchman Laurent Zorby won.", [("Laurent Zorby", "PERSON")]),
    ],
)
def test_what_stands_before_a_name_or_is_glued_to_it_is_none_of_it(
    text: str, wanted: list[tuple[str, str]]
) -> None:
    assert [one for one in names(text) if one[0] != "ZQ Indices"] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Shares fell as Moody’s warned of it. Moody’s said so.", [("Moody", "ORG")] * 2),
        ("Anna Moody spoke. Moody’s friends said so.", [("Anna Moody", "PERSON"), ("Moody", "PERSON")]),
        ("They saw the Quimbel Zoo. It is a zoo of bears. The Zoo said no.", [("Quimbel Zoo", "LOC")]),
        ("She met Erika van der Quimbel there.", [("Erika van der Quimbel", "PERSON")]),
        ("Ten Zorbaq launchers fell. The Zorbaq flies far.", [("Zorbaq", "WEAPON")] * 2),
        ("Two Quimber armoured recovery vehicles burnt.", [("Quimber", "WEAPON")]),
        ("They burnt Zorbaxa’s launchers, Zorbaxa said.", [("Zorbaxa", "PERSON")] * 2),
        ("At Rosh Hashanah they rested.", []),
        ("Firefighting goes on. Disaffection is gone. Sectarianism is dead.", []),
    ],
)
def test_what_passes_for_a_last_name(text: str, wanted: list[tuple[str, str]]) -> None:
    assert names(text) == wanted


def test_what_ends_in_a_word_of_the_article_is_nobody() -> None:
    text = "Lincoln Memorial, they said, is a memorial like any. Later the Memorial said so."
    assert all(label != "PERSON" for _, label in names(text))
    text = "Tom Cotton grew cotton. Cotton said so."
    assert names(text) == [("Tom Cotton", "PERSON"), ("Cotton", "PERSON")]


def test_a_last_name_is_a_person_once_the_full_name_was_read() -> None:
    text = "Analyst Marta Jovanovic spoke. Jovanovic was brief."
    assert names(text) == [("Marta Jovanovic", "PERSON"), ("Jovanovic", "PERSON")]


def test_capitals_of_a_headline_say_nothing() -> None:
    text = "Thousands Of Tired Soldiers Refuse To Fight In Ukraine"
    assert names(text, LineKind.HEADLINE) == [("Ukraine", "GPE")]


def test_no_name_runs_over_a_line_end() -> None:
    text = "He met Vladimir\nPutin left."
    lines = [Line(0, 15, LineKind.BODY), Line(16, len(text), LineKind.BODY)]
    assert all("\n" not in text[f.start : f.end] for f in Recogniser().recognise(text, lines))


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("ABab .'’-\n“0")), max_size=300))
def test_spans_are_apart_and_inside_kept_lines(text: str) -> None:
    lines = classify(text)
    kept = [line for line in lines if line.kept]
    end = 0
    for found in Recogniser().recognise(text, lines):
        assert end <= found.start < found.end
        end = found.end
        assert any(line.start <= found.start and found.end <= line.end for line in kept)


@pytest.mark.parametrize(
    "unit", ["a", "“", "A ", "said ", "Putin ", "U.", "' s ", "A-", "1,", "New ", "Ministry of Foo "]
)
def test_a_huge_line_takes_no_time(unit: str) -> None:
    text = unit * (200_000 // len(unit))
    begin = time.process_time()
    Recogniser().recognise(text, [Line(0, len(text), LineKind.BODY)])
    assert time.process_time() - begin < 6


@pytest.mark.skipif(not GOLD.exists(), reason="gold files are not at hand")
def test_against_the_gold_mentions() -> None:
    right, spurious, missed = Counter[bool](), Counter[bool](), Counter[bool]()
    for doc in json.loads(GOLD.read_text("utf-8"))["docs"].values():
        text = (ROOT / "seeds" / doc["file"]).read_bytes().decode("utf-8")
        wanted = {(e["start"], e["end"], e["label"]) for e in doc["entities"] if e["in_article"]}
        found = {(f.start, f.end, str(f.label)) for f in Recogniser().recognise(text, classify(text))}
        for counter, spans in ((right, wanted & found), (spurious, found - wanted), (missed, wanted - found)):
            counter.update(span[2] == "UNIT" for span in spans if span[2] in NAMES or span[2] == "UNIT")
    for unit in (False, True):
        assert 2 * right[unit] / (2 * right[unit] + spurious[unit] + missed[unit]) >= 0.95
