"""Reading queries: the tree, what is said to be understood, and where it went wrong."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from warreader.index.search.parsing import parse
from warreader.index.search.query import All, Any, Dates, How, Not, Placed, Sourced, Words, leaves


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("putin war", "putin AND war"),
        ("putin AND war", "putin AND war"),
        ("a b OR c", "(a AND b) OR c"),
        ("a (b OR c)", "a AND (b OR c)"),
        ("-a b", "NOT a AND b"),
        ("NOT (a b)", "NOT (a AND b)"),
        ("NOT NOT a", "a"),
        ("--a", "a"),
        ('-"a b"', 'NOT "a b"'),
        ("“war crimes”", '"war crimes"'),
        ("full-scale", '"full-scale"'),
        ("Putin’s", "Putin"),
        ("troop* zelenskyi~", "troop* AND zelenskyi~"),
        ("Title:China", "title:China"),
        ('title:"tip of the iceberg"', 'title:"tip of the iceberg"'),
        ("date:2022-03", "date:2022-03"),
        ("date:2022..2023", "date:2022..2023"),
        ("date:2023..2022", "date:2022..2023"),
        ("date:..2022", "date:..2022"),
        ('person:"Vladimir Putin"', 'person:"Vladimir Putin"'),
        ("said:zelensky is:Unread", "said:zelensky AND is:unread"),
        ("=Kyiv", "=Kyiv"),
        ('="air raid" title:=war', '="air raid" AND title:=war'),
        ('outlet:="BBC News" outlet:bbc author:=lee', 'outlet:="BBC News" AND outlet:bbc AND author:="lee"'),
        ("person:=putin", 'person:"putin"'),
        ("and or not", "and AND or AND not"),
        ("AND-", "and"),
        ("title:(putin syria)", "title:putin AND title:syria"),
        ('title:("war crimes" OR -=troops) x', '(title:"war crimes" OR NOT title:=troops) AND x'),
        ('outlet:(bbc OR ="CNN")', 'outlet:bbc OR outlet:="CNN"'),
        ("Person:(putin (kiev OR place:kyiv))", "person:putin AND (person:kiev OR place:kyiv)"),
        ("-date:(2022 OR 2023) (a)", "NOT (date:2022 OR date:2023) AND a"),
        ("who? what?!", "who AND what"),
        ("https://example.org/watch?v=1", 'https AND "example.org/watch?v=1"'),
    ],
)
def test_understood(query: str, understood: str) -> None:
    parsed = parse(query)
    assert (parsed.understood, parsed.problem) == (understood, None)


@pytest.mark.parametrize(
    ("query", "understood", "at"),
    [
        ("putin AND", "putin", 6),
        ("OR putin", "putin", 0),
        ("putin OR", "putin", 6),
        ("NOT", "", 0),
        ("putin NOT", "putin", 6),
        ("title:", "", 0),
        ('said:""', "", 0),
        ('"war cri', '"war cri"', 0),
        ("(putin", "putin", 0),
        ("putin)", "putin", 5),
        ("putin ) war", "putin AND war", 6),
        ("a ()", "a", 2),
        ("weather:kyiv", "weather AND kyiv", 0),
        ("date:march", "", 0),
        ("date:2022-13", "", 0),
        ("is:blue x", "x", 0),
        ("full-sc*", '"full-sc"', 0),
        ("!!", "", 0),
        ("a & b", "a AND b", 2),
        ("title:()", "", 6),
        ("title:(a", "title:a", 6),
        ("is:(blue)", "", 4),
        ("x pu?in", 'x AND "pu?in"', 2),
        ("put*n", '"put*n"', 0),
        ("*in", "in", 0),
        ("putin^2", '"putin^2"', 0),
    ],
)
def test_what_went_wrong_and_where(query: str, understood: str, at: int) -> None:
    parsed = parse(query)
    assert parsed.understood == understood
    assert parsed.problem
    assert parsed.problem_at == at


def test_tree() -> None:
    node = parse('a OR -b title:x* "c d"~').node
    assert isinstance(node, Any)
    assert node.children[0] == Words("a")
    rest = node.children[1]
    assert isinstance(rest, All)
    assert rest.children[:3] == (Not(Words("b")), Words("x", How.PREFIX, "title"), Words("c d", How.PHRASE))
    assert parse("date:2022 tag:x").node == All((Dates("2022", "2022"), Sourced("tag", "x")))


@given(
    st.lists(
        st.sampled_from(("war", "a", "OR", "O", "R", "AND", "NOT", "or", "2022", "a*", "wa~", "OR*", "NOT~"))
        | st.sampled_from(("title:war", "outlet:a*", "author:wa~", "title:OR", "title:a*a", "date", "title:"))
        | st.sampled_from(
            ("date:2022", "date:2022-03..2021", "date:..2022", "date:2022-13", "date:..", "date:-")
        ),
        max_size=7,
    ),
    st.sampled_from((" ", "  ")),
    st.booleans(),
)
@example(["title:a*a"], " ", True)
def test_plain_words_are_read_as_they_are_between_parentheses(
    words: list[str], gap: str, typing: bool
) -> None:
    query = gap.join(words)
    parsed, enclosed = parse(query, typing=typing), parse(f"({query})")
    if typing and isinstance(enclosed.node, Words):
        begun = enclosed.node.how in (How.WORD, How.PHRASE)
        assert parsed.node == replace(enclosed.node, typing=begun)
    elif not typing:
        assert parsed.node == enclosed.node
    assert list(parsed.words) == [Placed(start - 1, end - 1, word) for start, end, word in enclosed.words]


@pytest.mark.parametrize("sign", ["*", "~"])
@pytest.mark.parametrize(("before", "field"), [("", ""), ("title:", "title")])
def test_signs_behind_an_exact_word_are_told_to_be_passed_over(sign: str, before: str, field: str) -> None:
    parsed = parse(f"{before}=war{sign} peace")
    assert parsed.node == All((Words("war", How.EXACT, field), Words("peace")))
    assert parsed.problem is not None
    assert parsed.problem.startswith(f"{sign} is passed over")
    assert parsed.problem_at == 0


def test_empty_query_is_no_problem() -> None:
    assert parse("  ").node is None
    assert parse("  ").problem is None


def test_web_addresses_and_times_are_words() -> None:
    assert parse("10:30").problem is None
    assert parse("https://example.org/a").problem is None


@pytest.mark.parametrize(
    ("query", "typing"), [("war putin", True), ("war putin ", False), ('"a b"', False), ("title:ch", True)]
)
def test_only_an_unfinished_last_word_is_being_typed(query: str, typing: bool) -> None:
    node = parse(query, typing=True).node
    assert node is not None
    last = leaves(node)[-1]
    assert isinstance(last, Words)
    assert last.typing is typing


PIECES = st.sampled_from(
    [
        "a",
        "war",
        "AND",
        "OR",
        "NOT",
        "-",
        "(",
        ")",
        '"',
        "“",
        ":",
        "title:",
        "outlet:(",
        "date:2022",
        "tag:",
        "is:",
        "*",
        "~",
        " ",
        "'",
        "..",
        "克",
        "U.S.",
        "foo:",
        'a*"',
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=25).map("".join)))
def test_any_query_is_read_and_reads_the_same_again(query: str) -> None:
    parsed = parse(query)
    assert parsed.problem_at is None or 0 <= parsed.problem_at <= len(query)
    assert (parsed.problem is None) == (parsed.problem_at is None)
    again = parse(parsed.understood)
    assert again.node == parsed.node
    assert again.problem is None


@pytest.mark.parametrize(
    "query",
    [
        "(" * 2000,
        ")" * 2000,
        "NOT " * 5000,
        "-" * 5000,
        "(-" * 2000,
        '"' * 2001,
        "a " * 3000,
        "a:" * 2000,
        "(a OR " * 500,
        "title:(" * 2000,
        "\0" * 999,
    ],
)
def test_hostile_queries_are_read_quickly(query: str) -> None:
    started = time.process_time()
    parsed = parse(query)
    assert time.process_time() - started < 0.2
    assert parsed.problem


def test_more_fuzzy_words_than_are_told_apart_are_read_as_they_stand() -> None:
    asked = " ".join(f"word{letter}~" for letter in "abcdef")
    parsed = parse(asked)
    assert parsed.understood == "worda~ AND wordb~ AND wordc~ AND wordd~ AND worde AND wordf"
    assert parsed.problem is not None and "only the first 4 words with ~" in parsed.problem
    assert parsed.problem_at == asked.index("worde")
