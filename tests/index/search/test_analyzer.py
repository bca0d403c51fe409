"""Words, stems, positions and offsets."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.search.analyzer import GAP, LONGEST, as_read, finder, key, runs, terms, tokens
from warreader.index.search.stemming import porter2


def forms(text: str) -> list[str]:
    return [term.forms[0] for term in terms(text)]


def test_possessive_is_neither_indexed_nor_lit() -> None:
    text = "Putin’s war, Kyiv's answer"
    assert forms(text) == ["putin", "war", "kyiv", "answer"]
    assert [text[t.start : t.end] for t in tokens(text)] == ["Putin", "war", "Kyiv", "answer"]


def test_apostrophes_inside_words_are_kept_and_alike() -> None:
    assert forms("O'Brien п’ять пʼять п'ять") == ["o'brien", "п'ять", "п'ять", "п'ять"]


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_accents_fold_and_offsets_hold(form: str) -> None:
    text = unicodedata.normalize(form, "Général Żółkiewski à Besançon")  # type: ignore[arg-type]
    assert forms(text) == ["general", "zolkiewski", "a", "besancon"]
    last = list(tokens(text))[-1]
    assert unicodedata.normalize("NFC", text[last.start : last.end]) == "Besançon"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Zelensky", "Zelenskyy"),
        ("Zelenskiy", "Zelenskyi"),
        ("Zaluzhnyi", "Zalužnyj"),
        ("Vučić", "Vucic"),
        ("Šoigu", "Shoigu"),
        ("U.S.", "US"),
        ("soldiers", "soldier"),
        ("STRASSE", "Straße"),
        ("Zel\u00adensky", "Zelensky"),
    ],
)
def test_spellings_of_one_word_share_a_stem(one: str, other: str) -> None:
    assert set(terms(one)[0].stems) & set(terms(other)[0].stems)


@pytest.mark.parametrize(("one", "other"), [("policy", "police"), ("Russia", "Russian"), ("radio", "radius")])
def test_different_words_stay_apart(one: str, other: str) -> None:
    assert key(one) != key(other)


def test_unspaced_scripts_come_by_code_point_and_spaced_ones_by_word() -> None:
    assert forms("乌克兰 군인") == ["乌", "克", "兰", "군", "인"]
    assert forms("Зеленский сказал, 200 танков") == ["зеленский", "сказал", "200", "танков"]


def test_initials_are_one_word() -> None:
    assert forms("The U.S. and the U.N.'s J.D. Vance, e.g. end.Then") == [
        "the", "us", "and", "the", "un", "jd", "vance", "eg", "end", "then",
    ]  # fmt: skip


def test_positions_jump_at_empty_lines_only() -> None:
    assert [t.position for t in tokens("a b\nc\n\nd")] == [0, 1, 2, 3 + GAP]


def test_long_words_are_told_apart_by_their_beginning_but_span_the_whole() -> None:
    (token,) = tokens("x" * 1000)
    assert (token.start, token.end, len(token.term.forms[0])) == (0, 1000, LONGEST)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Hindi: a word with its vowel signs and conjuncts is one; joiners inside it make no difference.
        ("युद्ध में रूसी सेना।", ["युद्ध", "में", "रूसी", "सेना"]),
        ("क्\u200dया", ["क्या"]),
        # Arabic: points, hamza carriers and the stroke that widens a word are folded away; Persian letters too.
        ("الحَرْبُ في أوكرانيا، إلى المـــدينة", ["الحرب", "في", "اوكرانيا", "الي", "المدينه"]),
        ("ایران", ["ايران"]),
        # Thai has no spaces: each letter with its signs is a token, and keeps its vowel and tone.
        ("ยูเครน", ["ยู", "เ", "ค", "ร", "น"]),
        ("น้ำ", ["น้", "ํา"]),
        # Cyrillic: й and ї are letters, ё is е, a stress mark is none.
        ("Війна, її воины и войны", ["війна", "її", "воины", "и", "войны"]),
        ("Ёлка, за́мок, Ґонта, Ўладзімір", ["елка", "замок", "ґонта", "ўладзімір"]),
        ("и\u0306од", ["йод"]),
        # Chinese, Japanese, Korean by the code point; a voiced kana is not its unvoiced one.
        ("乌克兰", ["乌", "克", "兰"]),
        ("ガザ カサ ガザ", ["ガ", "ザ", "カ", "サ", "ガ", "ザ"]),
        ("전쟁", ["전", "쟁"]),
        # Initials, possessives, hyphens.
        ("U.S.-led U.K.’s J.D.", ["us", "led", "uk", "jd"]),
        ("Ukraine's Jones’s soldiers' O’Brien’s", ["ukraine", "jones", "soldiers", "o'brien"]),
        ("full-scale F-16s Il\u201176 pro\u00adRussian", ["full", "scale", "f", "16s", "il", "76", "prorussian"]),
        # Numbers by their groups, whatever parts these; digits of all scripts are one.
        ("1,500 1\u202f500 1\u00a0500 1.500 1 500", ["1", "500"] * 5),
        ("٢٠٢٢ २०२२ ２０２２", ["2022"] * 3),
    ],
)  # fmt: skip
def test_words_of_many_scripts(text: str, expected: list[str]) -> None:
    assert forms(text) == expected
    assert forms(unicodedata.normalize("NFD", text)) == expected


@given(st.text())
def test_tokens_lie_in_order_inside_any_text(text: str) -> None:
    end, position = 0, -1
    for token in tokens(text):
        assert end <= token.start < token.end <= len(text)
        assert token.position > position
        assert "\n" not in text[token.start : token.end]
        assert all(token.term.forms) and all(token.term.stems)
        end, position = token.end, token.position


@given(st.text(alphabet=st.characters(categories=["L", "M", "N", "Cf", "P", "Zs"])))
def test_case_and_composition_make_no_difference(text: str) -> None:
    composed = unicodedata.normalize("NFC", text)
    again = unicodedata.normalize("NFC", unicodedata.normalize("NFD", composed))
    assert key(composed) == key(again)


@pytest.mark.parametrize(
    "piece", ["a", "“", "A ", "said ", "a.", "a'", "'s", "_", "é", "e\u0301", "克", "\n", "\u202e", "👩‍👩‍👧 "]
)
def test_hostile_lines_take_linear_time(piece: str) -> None:
    text = piece * (200_000 // len(piece))
    started = time.process_time()
    for _ in tokens(text):
        pass
    assert time.process_time() - started < 2


_ENDINGS = [
    "s", "ss", "us", "ies", "ied", "sses", "ed", "eed", "edly", "eedly", "ing", "ingly", "y", "ly", "li",
    "e", "l", "ll", "ization", "ational", "fulness", "ousness", "iveness", "tional", "biliti", "lessli",
    "entli", "ation", "alism", "aliti", "ousli", "iviti", "fulli", "enci", "anci", "abli", "izer", "ator",
    "alli", "bli", "ogi", "alize", "icate", "iciti", "ative", "ical", "ness", "ful", "al", "ance", "ence",
    "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ism", "ate", "iti", "ous", "ive", "ize",
    "sion", "tion",
]  # fmt: skip


@given(st.text("abcdeginorstuy", min_size=1, max_size=6), st.lists(st.sampled_from(_ENDINGS), max_size=3))
def test_stems_are_whooshs(beginning: str, endings: list[str]) -> None:
    from whoosh.lang import porter2 as whooshs

    word = beginning + "".join(endings)
    if len(word) >= 3:
        assert porter2(word) == whooshs.stem(word)


def test_stems_of_exceptions_are_whooshs() -> None:
    from whoosh.lang import porter2 as whooshs

    for word in (*whooshs.exceptional_forms, *whooshs.exceptional_early_exit_post_1a, "innings", "general"):
        assert porter2(word) == whooshs.stem(word)


@given(st.text(st.sampled_from("ab.' \n\0\1-_1’Éé\t"), max_size=30) | st.text(max_size=30))
def test_runs_are_those_of_all_lines(text: str) -> None:
    read = as_read(text)
    found = {run for line in read.split("\n") for run in finder(line).findall(line)}
    assert found <= runs(read)
    assert all(run in read for run in runs(read))
