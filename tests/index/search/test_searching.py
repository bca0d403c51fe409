"""Answers: what is found, in which order, what is lit, what is shown."""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable, Collection, Iterator
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warreader.index.article import Entity, Label, LineKind, Span
from warreader.index.articles import Articles
from warreader.index.errors import NotFoundError
from warreader.index.search import compiling
from warreader.index.search.fields import FieldSource

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf

SEEDS = Path(__file__).parents[3] / "seeds"


@pytest.fixture
def war(shelf: Shelf) -> Shelf:
    shelf.add(
        "crimes",
        "Prosecutors spoke of war crimes in Bucha.\n\nThe war goes on.",
        title="War crimes",
        outlet="BBC News",
        author="Ann Lee",
        date="2022-04-03",
    )
    shelf.add(
        "talks",
        "Talks about negotiations. Soldiers' mothers wait.",
        title="Talks",
        outlet="Fox News",
        date="2022-03-30T10:00:00Z",
    )
    shelf.add(
        "old",
        "A soldier negotiated; crimes of war were denied.",
        title="Old report",
        outlet="BBC Ukraine",
        date="2021",
    )
    shelf.add("undated", "Генерал Зеленский. 乌克兰总统说。 Zaluzhnyi, the U.S. envoy and Vučić met.")
    shelf.search.update()
    return shelf


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("war crimes", {"crimes", "old"}),
        ('"war crimes"', {"crimes"}),
        ('"crime of wars"', {"old"}),
        ("war -bucha", {"old"}),
        ("NOT war", {"talks", "undated"}),
        ("bucha OR mothers", {"crimes", "talks"}),
        ("soldier", {"talks", "old"}),
        ("negotiat*", {"talks", "old"}),
        ("soldier's", {"talks", "old"}),
        ("sodliers~", {"talks", "old"}),
        ("title:war", {"crimes"}),
        ("title:talk", {"talks"}),
        ("outlet:bbc", {"crimes", "old"}),
        ('outlet:"bbc news"', {"crimes"}),
        ("outlet:ukr*", {"old"}),
        ("author:lee", {"crimes"}),
        ("date:2022", {"crimes", "talks"}),
        ("date:2022-03", {"talks"}),
        ("date:2022-03-30", {"talks"}),
        ("date:2021..2022-03", {"old", "talks"}),
        ("date:..2021", {"old"}),
        ("date:2022-04..", {"crimes"}),
        ("Зеленский", {"undated"}),
        ("乌克兰", {"undated"}),
        ("克乌", set()),
        ("Zalužnyj", {"undated"}),
        ("us envoy", {"undated"}),
        ("vucic", {"undated"}),
        ('"bucha the war"', set()),  # not across an empty line
        ("is:unread war", {"crimes", "old"}),
        ("war AND", {"crimes", "old"}),
        ("(war", {"crimes", "old"}),
        ("the", {"crimes", "undated"}),
        ("xyzzy", set()),
        ("", set()),
    ],
)
def test_found(war: Shelf, query: str, ids: set[str]) -> None:
    result = war.search.search(query)
    assert {hit.id for hit in result.hits} == ids
    assert result.total == len(ids)


def test_last_word_is_a_prefix_only_while_typing(war: Shelf) -> None:
    assert war.found("negoti") == ["talks", "old"] or set(war.found("negoti")) == {"talks", "old"}
    assert war.found("prosec") == []
    assert war.found("prosec", as_you_type=True) == ["crimes"]
    assert war.found("prosec ", as_you_type=True) == []
    assert war.found('"spoke of war cri', as_you_type=True) == ["crimes"]
    assert war.found('"spoke of crimes cri', as_you_type=True) == []
    assert war.found('"spoke of war c', as_you_type=True) == ["crimes"]
    assert war.found('"spoke of war x', as_you_type=True) == ["crimes"]  # one letter says little
    assert war.found('"乌克', as_you_type=True) == ["undated"]
    assert war.found('"乌x', as_you_type=True) == war.found("乌")


def test_ranking(shelf: Shelf) -> None:
    filler = "nothing to see here at all today " * 3
    shelf.add("body", f"{filler} drones {filler}")
    shelf.add("title", f"{filler} drones {filler}", title="Drones over Odesa")
    shelf.add("stem", f"{filler} drone {filler}")
    shelf.add("none", filler)
    assert shelf.found("drones") == ["title", "body", "stem"]
    assert shelf.found("drone") == ["title", "stem", "body"]


def test_fields_alone_list_the_newest_first(war: Shelf) -> None:
    result = war.search.search("is:unread")
    assert [hit.id for hit in result.hits] == ["crimes", "talks", "old", "undated"]
    assert {hit.score for hit in result.hits} == {1.0}
    assert war.search.search("is:unread", limit=2).total == 4
    assert len(war.search.search("is:unread", limit=2).hits) == 2


def test_what_was_read_meanwhile_is_no_longer_unread(war: Shelf) -> None:
    """The answer is kept while nothing is stored, not longer; articles that came are in it too."""
    for _ in range(2):
        assert set(war.found("is:unread")) == {"crimes", "talks", "old", "undated"}
    Articles(war.database).mark("old", read=True)
    assert set(war.found("is:unread")) == {"crimes", "talks", "undated"}
    assert war.found("is:starred") == []
    Articles(war.database).mark("talks", starred=True)
    assert war.found("is:starred") == ["talks"]
    war.add("late", "tanks again")
    assert "late" in war.found("is:unread")


def test_furniture_is_neither_found_nor_lit_nor_shown_and_captions_are(shelf: Shelf) -> None:
    text = "Share on Facebook\nTanks advance on Facebook\nA tank in the mud AFP"
    shelf.add("a", text, {0: LineKind.FURNITURE, 2: LineKind.CAPTION})
    assert shelf.found("share") == []
    assert shelf.found("mud") == ["a"]
    assert shelf.search.spans("facebook", "a") == [Span(35, 43)]
    assert shelf.search.spans("share", "a") == []
    (hit,) = shelf.search.search("facebook").hits
    assert all("Share" not in snippet.text for snippet in hit.snippets)
    assert all("Share" not in s.text for hit in shelf.search.search("is:unread").hits for s in hit.snippets)


def test_what_a_text_begins_with_counts_for_more(shelf: Shelf) -> None:
    filler = " ".join(["soldiers wait"] * 40)
    shelf.add("late", f"{filler} harvest")
    shelf.add("early", f"harvest {filler}")
    shelf.add("elsewhere", f"{filler} peace")
    assert shelf.found("harvest") == ["early", "late"]
    assert [hit.id for hit in shelf.search.search('"harvest"').hits] == ["late", "early"]
    scores = [hit.score for hit in shelf.search.search('"harvest"').hits]
    assert scores[0] == scores[1]


def test_the_lede_begins_below_headlines_and_furniture(shelf: Shelf) -> None:
    above = {0: LineKind.HEADLINE, 1: LineKind.FURNITURE, 2: LineKind.BYLINE}
    body = " ".join(["soldiers wait"] * 29)
    long = " ".join(["headline"] * 50)
    shelf.add("a", f"{long}\n{long}\nBy A Reporter\n{body} harvest drought", above)
    shelf.add("b", f"{long}\n{long}\nBy A Reporter\n{body} flood fire drought", above)
    assert shelf.found("drought") == ["a", "b"]
    first, second = (hit.score for hit in shelf.search.search("drought").hits)
    assert first - second > 0.1


def test_lit(war: Shelf) -> None:
    assert war.lit("war crimes", "crimes") == ["war", "crimes", "war"]
    assert war.lit('"war crimes"', "crimes") == ["war crimes"]
    assert war.lit('"war crimes" OR crime', "crimes") == ["war crimes"]
    assert war.lit("war -crimes", "crimes") == ["war", "war"]
    assert war.lit("negotiat*", "old") == ["negotiated"]
    assert war.lit("sodliers~", "talks") == ["Soldiers"]
    assert war.lit("乌克兰", "undated") == ["乌克兰"]
    assert war.lit("Vucic zaluzhny", "undated") == ["Zaluzhnyi", "Vučić"]
    assert war.lit("date:2022", "crimes") == []
    with pytest.raises(NotFoundError, match="nowhere"):
        war.search.spans("war", "nowhere")


def test_title_lights_headlines_only(shelf: Shelf) -> None:
    shelf.add("a", "Tanks advance\n\nThe tanks", {0: LineKind.HEADLINE}, title="Tanks advance")
    assert shelf.found("title:tank") == ["a"]
    assert shelf.search.spans("title:tank", "a") == [Span(0, 5)]


def test_entities_by_any_form(shelf: Shelf) -> None:
    one = shelf.add("a", "President Zelensky spoke. He met Macron.")
    shelf.add("b", "The Ukrainian leader spoke of Zelensky Street.")
    who = shelf.entity("zelensky", "Volodymyr Zelensky", "PERSON")
    shelf.mention(one, 10, "Zelensky", who, "PERSON")
    where = shelf.entity("zelensky-street", "Zelensky Street", "LOC")
    shelf.mention(2, 30, "Zelensky Street", where, "LOC")
    for query in ("person:zelensky", 'person:"volodymyr zelensky"', "person:Zelenskyy"):
        assert shelf.found(query) == ["a"]
        assert shelf.lit(query, "a") == ["Zelensky"]
    assert shelf.found("place:zelensky") == ["b"]
    assert shelf.found("person:macron") == []
    assert shelf.found("person:zelensky OR leader") == ["b", "a"]
    assert shelf.found("spoke -person:zelensky") == ["b"]

    def find(name: str, labels: object) -> list[Entity]:
        assert Label.PERSON in labels  # type: ignore[operator]
        return [Entity("zelensky", "", Label.PERSON, (), 1, 1)] if name == "Зе" else []

    other = shelf.open(find=find)
    assert [hit.id for hit in other.search("person:Зе").hits] == ["a"]


def test_speakers_and_quotations(shelf: Shelf) -> None:
    text = "“We will win the war,” the general said. Clarke: “It is a long war.”"
    key = shelf.add("a", text)
    shelf.add("b", "The general will win the war.")
    who = shelf.entity("clarke", "Michael Clarke", "PERSON")
    first, second = text.index("“We"), text.index("“It")
    shelf.quotation(key, first, first + 22, (23, 34))
    shelf.quotation(key, second, len(text), (41, 47), who)
    assert shelf.found("said:general") == ["a"]
    assert shelf.lit("said:general", "a") == ["“We will win the war,”"]
    assert shelf.found('said:"michael clarke"') == ["a"]
    assert shelf.lit('said:"michael clarke"', "a") == ["“It is a long war.”"]
    assert shelf.found('quote:"win the war"') == ["a"]
    assert shelf.lit('quote:"win the war"', "a") == ["“We will win the war,”"]
    assert shelf.found('quote:"general said"') == []
    assert shelf.found("quote:war win") == ["a", "b"] or shelf.found("quote:war win") == ["a"]


def test_reading_state(shelf: Shelf) -> None:
    shelf.add("new", "war")
    read = shelf.add("read", "war")
    shelf.database.connection.execute(
        "INSERT INTO reading (article, read, starred) VALUES (?, 1, 1)", (read,)
    )
    assert shelf.found("is:unread") == ["new"]
    assert shelf.found("war is:starred") == ["read"]
    assert shelf.found("war -is:starred") == ["new"]


class _Tags:
    def articles(self, value: str) -> set[int]:
        return {1} if value == "lie" else set()

    def spans(self, value: str, article: int) -> list[Span]:
        return [Span(0, 3)] if value == "lie" and article == 1 else []


def test_further_fields_come_from_elsewhere(shelf: Shelf) -> None:
    shelf.add("a", "war and peace")
    shelf.add("b", "war")
    result = shelf.search.search("war tag:lie")
    assert (result.hits, result.problem_at) == ((), 4)
    assert "tag:" in (result.problem or "")
    assert shelf.search.search("is:annotated").problem
    sources: dict[str, FieldSource] = {"tag": _Tags(), "is:annotated": _Tags()}
    with_tags = shelf.open(fields=sources)
    assert [hit.id for hit in with_tags.search("war tag:lie").hits] == ["a"]
    assert [hit.id for hit in with_tags.search("war -tag:lie").hits] == ["b"]
    assert with_tags.spans("tag:lie", "a") == [Span(0, 3)]
    assert with_tags.search("is:annotated").problem is None


def test_snippets_of_the_seeds(seeds: Shelf) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in SEEDS.glob("*.txt")}
    for query in ("putin", '"mass graves"', "soldier* ukraine", "russia OR china", "is:unread"):
        result = seeds.search.search(query)
        assert result.hits
        for hit in result.hits:
            text = texts[hit.id]
            assert 1 <= len(hit.snippets) <= 3
            lit = seeds.search.spans(query, hit.id)
            for snippet in hit.snippets:
                assert snippet.text == text[snippet.start : snippet.end]
                assert len(snippet.text) <= 200
                assert "\n" not in snippet.text
                assert snippet.text == snippet.text.strip()
                assert bool(snippet.hits) == bool(lit)
                for place in snippet.hits:
                    assert snippet.start <= place.start < place.end <= snippet.end
                    assert any(span.start <= place.start and place.end <= span.end for span in lit)
            ordered = list(hit.snippets)
            assert ordered == sorted(ordered, key=lambda s: s.start)
            assert all(a.end <= b.start for a, b in pairwise(ordered))


def test_best_snippet_has_all_the_words(shelf: Shelf) -> None:
    line = "Drones again and again. " * 30
    shelf.add(
        "a",
        f"{line}\n\n{'Filler text. ' * 30}drones struck a refinery near Tuapse.{' More filler.' * 30}\n\n{line}",
    )
    shelf.search.update()
    (hit,) = shelf.search.search("drones refinery").hits
    assert any("refinery" in snippet.text and "drones" in snippet.text for snippet in hit.snippets)


WORDS = ["war", "wars", "peace", "tank", "kyiv"]
DOCS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=8), min_size=1, max_size=6)
LEAF = st.one_of(
    st.sampled_from(["war", "peace", "tank", "kyiv"]),
    st.lists(st.sampled_from(["war", "peace", "tank"]), min_size=2, max_size=3),
)
TREE = st.recursive(
    LEAF, lambda inner: st.tuples(st.sampled_from(["AND", "OR", "NOT"]), inner, inner), max_leaves=6
)


def _shown(tree: object) -> str:
    if isinstance(tree, str):
        return tree
    if isinstance(tree, list):
        return f'"{" ".join(tree)}"'
    assert isinstance(tree, tuple)
    kind, one, other = tree
    return f"({_shown(one)} {'AND NOT' if kind == 'NOT' else kind} {_shown(other)})"


def _holds(tree: object, words: list[str]) -> bool:
    if isinstance(tree, str):
        return tree in words
    if isinstance(tree, list):
        return any(words[at : at + len(tree)] == tree for at in range(len(words)))
    assert isinstance(tree, tuple)
    kind, one, other = tree
    a, b = _holds(one, words), _holds(other, words)
    return {"AND": a and b, "OR": a or b, "NOT": a and not b}[kind]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(docs=DOCS, trees=st.lists(TREE, min_size=3, max_size=12), removed=st.booleans())
def test_answers_are_those_of_reading_every_article(
    fresh: Callable[[], Shelf], docs: list[list[str]], trees: list[object], removed: bool
) -> None:
    shelf = fresh()
    for number, words in enumerate(docs):
        shelf.add(str(number), " ".join(words))
        if number % 3 == 1:
            shelf.search.update()  # several segments
    shelf.search.update()
    held = {str(n): ["war" if w == "wars" else w for w in words] for n, words in enumerate(docs)}
    if removed:
        shelf.database.connection.execute("DELETE FROM article WHERE id = '0'")
        shelf.search.update()
        del held["0"]
    for tree in trees:
        result = shelf.search.search(_shown(tree))
        assert {hit.id for hit in result.hits} == {n for n, words in held.items() if _holds(tree, words)}
        assert result.problem is None
    shelf.database.close()


HOSTILE = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            [
                "putin",
                "AND",
                "OR",
                "NOT ",
                "-",
                "(",
                ")",
                '"',
                "title:",
                "person:",
                "said:",
                "quote:",
                "tag:",
                "is:unread",
                "date:2..",
                "*",
                "~",
                "a*",
                "\0",
                "\ud800",
                "'",
                " ",
            ]
        ),
        max_size=30,
    ).map("".join),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=HOSTILE, typing=st.booleans())
def test_no_query_raises(seeds: Shelf, query: str, typing: bool) -> None:
    result = seeds.search.search(query, as_you_type=typing)
    assert result.query == query
    for hit in result.hits:
        spans = seeds.search.spans(query, hit.id)
        assert all(a.end <= b.start for a, b in pairwise(spans))


@pytest.mark.parametrize(
    "query",
    [
        "(" * 2000,
        "NOT " * 5000 + "putin",
        "\0putin",
        '"' * 2001,
        "putin " * 600,
        "a* b* c* d* " * 30,
        " ".join(f"{a}{b}*" for a in "abcdefgh" for b in "abcdefghijklmnop"),
        "(a OR " * 500,
        '"' + "war " * 900,
        "x~ " * 200,
        "-" * 4000,
        "[a-z" * 900,
    ],
    ids=lambda query: repr(query[:24]),
)
def test_hostile_queries_on_the_seeds_take_no_time(seeds: Shelf, query: str) -> None:
    seeds.search.search("warm~ up*")
    started = time.process_time()
    seeds.search.search(query)
    assert time.process_time() - started < 1.0  # 0.2 s on an idle machine


@pytest.mark.parametrize("piece", ["a", "“", "A ", "said ", "克", "e\u0301"])
def test_hostile_lines_are_searched_and_lit(shelf: Shelf, piece: str) -> None:
    shelf.add("a", piece * (200_000 // len(piece)) + " war")
    started = time.process_time()
    assert shelf.found("war") == ["a"]
    for query in ("a", "said", '"said said"', "a*", "said~", "克克"):
        shelf.search.spans(query, "a")
        shelf.search.search(query)
    assert time.process_time() - started < 20


def test_many_threads(seeds: Shelf) -> None:
    expected = {query: seeds.search.search(query).hits for query in ("putin", '"mass graves"', "soldier*")}
    failures: list[object] = []

    def ask(query: str) -> None:
        for _ in range(10):
            try:
                if seeds.search.search(query).hits != expected[query]:
                    failures.append(query)
            except Exception as error:
                failures.append(error)

    threads = [threading.Thread(target=ask, args=(query,)) for query in expected for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures


def test_beginnings_of_too_many_words_are_left_out_and_told(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add("a", "tanks took the town")
    shelf.add("b", "tanks stood still")
    shelf.search.update()
    assert shelf.found("t* s*") == ["b"]
    assert shelf.search.search("t* s*").problem is None
    monkeypatch.setattr(compiling, "MOST_READ", 5)
    shelf.search = shelf.open()
    found = shelf.search.search("t* s*")
    assert {hit.id for hit in found.hits} == {"a", "b"}
    assert found.problem == "s* is left out, as too many words begin so: write more of it"
    assert found.problem_at == 3
    assert shelf.search.search("t* s*").problem == found.problem
    # The first is always looked up, and so is what costs nothing more.
    monkeypatch.setattr(compiling, "MOST_READ", 0)
    assert {hit.id for hit in shelf.search.search("t*").hits} == {"a", "b"}
    assert shelf.search.search("t* OR T*").problem is None
    assert shelf.found("t* -s*") != []


def test_phrases_that_stand_in_too_many_places_are_left_out_and_told(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add("a", "they took the town and the bridge")
    shelf.add("b", "they took the bridge, then the town")
    shelf.add("c", "the town and the bridge stood")
    shelf.add("d", "the end")
    shelf.search.update()
    query = '"took the town" OR the-town OR "and the bridge" OR stood'
    assert sorted(shelf.found(query)) == ["a", "b", "c"]
    assert sorted(shelf.found('"took the" -"the bridge stood"')) == ["a", "b"]
    # Their rarest words, "took", "town" and "and", stand at seven places.
    monkeypatch.setattr(compiling, "MOST_PLACES", 7)
    shelf.search = shelf.open()
    assert shelf.search.search(query).problem is None
    monkeypatch.setattr(compiling, "MOST_PLACES", 6)
    shelf.search = shelf.open()
    assert "the-town" in (shelf.search.search(query).problem or "")
    monkeypatch.setattr(compiling, "MOST_PLACES", 0)
    shelf.search = shelf.open()
    found = shelf.search.search('"took the town" OR the-bridge OR "and the bridge"')
    assert [hit.id for hit in found.hits] == ["a"]
    assert (
        found.problem
        == '"the-bridge" and 1 more are left out, as their words stand in too many places: ask for fewer phrases'
    )
    assert found.problem_at == 19
    # What was not looked for isn't shown as found either.
    snippet = found.hits[0].snippets[0]
    shown = [snippet.text[lit.start - snippet.start : lit.end - snippet.start] for lit in snippet.hits]
    assert shown == ["took the town"]
    assert sorted(shelf.found('took -"the bridge stood"')) == ["a", "b"]
    assert shelf.found('"took the town" "the bridge"') == ["a"]
    # The rarest is always looked for, wherever it stands, and so is what costs nothing.
    assert shelf.found('the-bridge OR "took the town"') == ["a"]
    assert shelf.search.search('=bridge "took the bridge"').problem is None
    assert shelf.search.search('"the bridge"').problem is None
    assert shelf.search.search('"took the town" OR "no such words"').problem is None


_FEW = ("took", "the", "town", "bridge", "and")
_Asked = str | tuple[str, list["_Asked"]]


def _texts() -> dict[str, str]:
    draw = random.Random(7)
    return {f"a{n}": " ".join(draw.choices(_FEW, (1, 9, 2, 2, 4), k=draw.randint(0, 7))) for n in range(60)}


def _answers(asked: _Asked, text: str, without: Collection[str] = ()) -> bool | None:
    """Whether a text answers, read word by word; ``None``: nothing is asked, as all of it is left out."""
    if isinstance(asked, str):
        return None if asked in without else f" {asked} " in f" {text} "
    joint, parts = asked
    held = [answer for part in parts if (answer := _answers(part, text, without)) is not None]
    if not held:
        return None
    return not held[0] if joint == "NOT" else all(held) if joint == "AND" else any(held)


def _written(asked: _Asked) -> str:
    if isinstance(asked, str):
        return f'"{asked}"'
    joint, parts = asked
    return (
        f"({joint} {_written(parts[0])})"
        if joint == "NOT"
        else f"({f' {joint} '.join(map(_written, parts))})"
    )


def _phrases_of(asked: _Asked, *, wanted: bool = True, alone: bool = False) -> set[str]:
    """The phrases of a query; with ``alone`` only those of which none is unwanted."""
    if isinstance(asked, str):
        return {asked} if wanted or not alone else set()
    joint, parts = asked
    return {one for part in parts for one in _phrases_of(part, wanted=wanted and joint != "NOT", alone=alone)}


_phrase = st.lists(st.sampled_from(_FEW), min_size=2, max_size=3).map(" ".join)
_asked: st.SearchStrategy[_Asked] = st.recursive(
    _phrase,
    lambda inner: (
        st.tuples(st.sampled_from(["AND", "OR"]), st.lists(inner, min_size=2, max_size=4))
        | st.tuples(st.just("NOT"), inner.filter(lambda one: one[0] != "NOT").map(lambda one: [one]))
    ),
    max_leaves=6,
)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shelf]:
    from tests.index.search.conftest import Shelf

    shelf = Shelf(tmp_path_factory.mktemp("few"))
    for name, text in _texts().items():
        shelf.add(name, text)
    shelf.search.update()
    yield shelf
    shelf.database.close()


@given(asked=_asked, most=st.sampled_from([0, 10, 40, 100, 10_000]))
@settings(max_examples=300, deadline=None)
def test_phrases_find_what_reading_word_by_word_finds(few: Shelf, asked: _Asked, most: int) -> None:
    texts, phrases = _texts(), _phrases_of(asked)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "MOST_PLACES", most)
        few.search = few.open()
        result = few.search.search(_written(asked), limit=100)
    found = {hit.id for hit in result.hits}
    assert result.total == len(found)
    if result.problem is None:
        assert found == {name for name, text in texts.items() if _answers(asked, text)}
        return
    # Some are left out, each is told or counted, and never all that are wanted.
    told = re.match(r'"([a-z ]+)"(?: and (\d+) more)? (?:is|are) left out', result.problem)
    assert told is not None and most < 10_000
    number = 1 + int(told[2] or 0)
    assert told[1] in phrases and number < len(phrases)
    wanted = _phrases_of(asked, alone=True)
    assert any(
        found == {name for name, text in texts.items() if _answers(asked, text, without)}
        for without in combinations(sorted(phrases), number)
        if told[1] in without and not (wanted and wanted <= {*without})
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("war", "war"),
        ("war ", "war"),
        ("prosec", "prosec*"),
        ("(peace OR prosec", "(peace OR prosec*"),
        ("title:prosec", "title:prosec"),
        ('"war cri', '"war cri*"'),
        ('"war crimes', '"war crimes'),
        ('"war cri"', '"war cri"'),
        ("bucha war-cri", 'bucha "war-cri*"'),
        ("nothingbeginsso", "nothingbeginsso"),
        ("", ""),
    ],
)
def test_what_was_typed_is_a_word_or_the_beginning_of_one(war: Shelf, typed: str, meant: str) -> None:
    assert war.search.settled(typed) == meant
    if meant != typed:
        # Nobody who stops typing loses what was found.
        assert war.found(meant) == war.found(typed, as_you_type=True)


def test_what_is_chosen_says_whether_a_word_or_a_beginning_was_meant(shelf: Shelf) -> None:
    shelf.add("word", "The art of war.")
    shelf.add("beginning", "Artillery fell silent.")
    shelf.search.update()
    assert set(shelf.found("art", as_you_type=True)) == {"word", "beginning"}
    assert shelf.search.settled("art") == shelf.search.settled("art", "word") == "art"
    assert shelf.search.settled("art", "beginning") == "art*"
    assert shelf.search.settled("art ", "beginning") == "art"
    assert shelf.search.settled("art", "there is no such") == "art"


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("war prosec", "war AND prosec*"),
        ("war prosec ", "war AND prosec"),
        ("title:tal", "title:tal*"),
        ("w", "w"),
        ('"war cri', '"war cri*"'),
        ("prosec*", "prosec*"),
        ("person:ann", "person:ann"),
    ],
)
def test_what_is_still_being_typed_is_told_as_a_beginning(war: Shelf, query: str, understood: str) -> None:
    typed = war.search.search(query, as_you_type=True)
    assert typed.understood == understood
    assert typed.unfinished == (understood != war.search.search(query).understood)
    again = war.search.search(understood)
    assert {hit.id for hit in again.hits} == {hit.id for hit in typed.hits}
