"""Answers over our segments equal those of stock Whoosh: articles, order and scores.

The same documents, analysed alike, are written by Whoosh's own codec and by ours, in several
commits, with articles taken out and segments merged. Every query is then answered three ways:
by Whoosh on its own index, by Whoosh's matchers on ours, and by our executor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from whoosh import query as wq
from whoosh.filedb.filestore import RamStorage
from whoosh.index import FileIndex
from whoosh.searching import Searcher

from warreader.index.search import clauses, engine, following, merging, ranking, reading, writing
from warreader.index.search.analyzer import Vocabulary, stem
from warreader.index.search.sealing import Sealed
from warreader.index.search.segment import LEDE

FIELDS = ("text", "title", "outlet", "author")
QUICK = [
    Phase.explicit,
    Phase.reuse,
    Phase.generate,
]  # what is generated is small; making it smaller takes minutes

WORDS = [
    "war", "wars", "warring", "peace", "peaceful", "tank", "tanks", "Kyiv", "Kyiv’s", "U.S.", "the", "of", "a",
    "Żółkiewski", "Vučić", "Šoigu", "乌克兰", "солдаты", "it's", "--", "\n", "\n\n", "\n \n", "2022", "e.g.", "İ", "ß",
]  # fmt: skip
TEXT = st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join)  # of which the lede is all
OFTEN = st.builds(
    lambda words, word, times: " ".join([*words, *[word] * times]),
    st.lists(st.sampled_from(WORDS), max_size=9),
    st.sampled_from(["war", "wars"]),
    st.sampled_from([126, 127, 128, 300]),
)
ARTICLE = st.fixed_dictionaries(
    {"text": TEXT | TEXT | TEXT | OFTEN},
    optional={"title": TEXT, "outlet": TEXT, "date": st.sampled_from(["2022-03-01", "2022", "x"])},
)
ASKED = [
    "war",
    "wars",
    "peac",
    "tank",
    "kyiv",
    "us",
    "the",
    "of",
    "a",
    "vucic",
    "vuchich",
    "soigu",
    "克",
    "nothing",
]


def _term(field: str) -> st.SearchStrategy[Any]:
    exact = st.sampled_from(ASKED).map(lambda word: clauses.term(field + "_form", word, 0.3))
    return exact | st.sampled_from(ASKED).map(lambda word: clauses.term(field, stem(word), 2.5))


def _forms(field: str) -> st.SearchStrategy[Any]:
    return st.builds(
        lambda words, prefix, without: clauses.Forms(
            field + "_form", words, 0.5, prefix=prefix, without=[*without, *words]
        ),
        st.lists(st.sampled_from(ASKED), max_size=3, unique=True),
        st.none() | st.sampled_from(["", "w", "war", "克", "zz"]),
        st.lists(st.sampled_from(ASKED), max_size=2),
    )


def _phrase(field: str) -> st.SearchStrategy[Any]:
    word = _term(field) | _forms(field)
    return st.lists(word, min_size=2, max_size=4).map(lambda words: clauses.Phrase(words, 2.0))


def _plain(word: str) -> Any:
    """As a plain word is looked for: by stem and form, in text and title, and in the lede."""
    boosts = {
        field: (boost, boost * 0.3) for field, boost in engine.BOOSTS.items() if field in ("text", "title")
    }
    return clauses.Plain(word, stem(word), boosts, engine.BOOSTS[LEDE])


FIELD = st.sampled_from(FIELDS[:3])
LEAF = st.one_of(
    FIELD.flatmap(_term),
    FIELD.flatmap(_term),
    FIELD.flatmap(_forms),
    FIELD.flatmap(_phrase),
    st.sampled_from(ASKED).map(_plain),
    st.builds(clauses.Dates, st.sampled_from([1, 20220000, 20220301]), st.sampled_from([20220000, 20229999])),
    st.builds(clauses.Keys, st.none() | st.sets(st.integers(0, 12))),
)
QUERY = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=4).map(clauses.all_of),
        st.lists(inner, min_size=2, max_size=4).map(clauses.any_of),
        st.builds(clauses.but_not, inner, inner),
    ),
    max_leaves=6,
)


def stock(
    articles: Sequence[dict[str, str]], removed: set[int], breaks: set[int], *, purged: bool = False
) -> Any:
    """Whoosh's own index of the articles, their keys being their places; ``purged``: of what is left of them."""
    index = FileIndex.create(RamStorage(), engine.schema(), "STOCK")
    writer = index.writer()
    for key, article in enumerate(articles):
        if key in breaks:
            writer.commit(merge=False)
            writer = index.writer()
        if purged and key in removed:
            continue
        fields = {name: article[name] for name in FIELDS if article.get(name)}
        if "text" in fields:
            fields[LEDE] = fields["text"]
        fields |= {name + "_form": text for name, text in fields.items()}
        writer.add_document(key=key, date=clauses.day(article.get("date")), **fields)
    writer.commit(merge=False)
    writer = index.writer()
    for key in () if purged else removed:
        writer.delete_document(key)
    writer.commit(merge=False)
    return index.searcher(weighting=engine.Weighting())


def ours(
    folder: Path, articles: Sequence[dict[str, str]], removed: set[int], breaks: set[int]
) -> tuple[Sealed, engine.Snapshot]:
    """Our index of the same."""
    storage = Sealed(folder, b"key")
    vocabulary = Vocabulary()
    parts = sorted({0, len(articles)} | {at for at in breaks if at < len(articles)})
    for start, end in pairwise(parts):
        with engine.Writer(storage, vocabulary) as writer:
            for key in range(start, end):
                article = articles[key]
                writer.add(key, article.get("date"), **{name: article.get(name) for name in FIELDS})
    with engine.Writer(storage, vocabulary) as writer:
        writer.remove(removed)
    return storage, engine.snapshot(storage)


def matched(searcher: Searcher, query: wq.Query) -> dict[int, float]:
    """Keys and scores by Whoosh's matchers."""
    found = {}
    for leaf, _ in searcher.leaf_searchers():
        reader = leaf.reader()
        if reader.doc_count_all():
            keys = reader.column_reader("key")
            matcher = query.matcher(leaf, searcher.context())
            while matcher.is_active():
                found[keys[matcher.id()]] = matcher.score()
                matcher.next()
    return found


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    return lambda: tmp_path_factory.mktemp("search")


def _check(searcher: Any, snapshot: engine.Snapshot, queries: list[wq.Query]) -> None:
    for query in queries:
        expected = matched(searcher, query)
        assert matched(snapshot.searcher, query) == pytest.approx(expected, rel=1e-9)
        assert sorted(snapshot.matching(query).tolist()) == sorted(expected)
        top, total = snapshot.top(query, 100)
        assert dict(top) == pytest.approx(expected, rel=1e-6, abs=1e-8)
        assert total == len(expected) == len(top)
        order = sorted(expected, key=lambda key: (-round(expected[key], 9), key))
        assert [key for key, _ in top] == order
        for limit in (0, 1, 3):
            assert snapshot.top(query, limit) == (top[:limit], total)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(
    articles=st.lists(ARTICLE, min_size=1, max_size=12),
    removed=st.sets(st.integers(0, 11), max_size=3),
    breaks=st.sets(st.integers(1, 11), max_size=3),
    queries=st.lists(QUERY, min_size=1, max_size=10),
)
def test_answers_equal_those_of_stock_whoosh(
    fresh: Callable[[], Path],
    articles: list[dict[str, str]],
    removed: set[int],
    breaks: set[int],
    queries: list[wq.Query],
) -> None:
    removed = {key for key in removed if key < len(articles)}
    # A segment of which all articles are gone goes too, and with it their part in the statistics.
    parts = sorted({0, len(articles)} | {at for at in breaks if at < len(articles)})
    if any(set(range(a, b)) <= removed for a, b in pairwise(parts)):
        removed = set()
    _, snapshot = ours(fresh(), articles, removed, breaks)
    searcher = stock(articles, removed, breaks)
    _check(searcher, snapshot, queries)
    # What is rarer is looked up where it is much rarer: few articles are enough to try that too.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "_RARER", 0)
        patch.setattr(following, "_MANY", 0)
        patch.setattr(following, "RARER", 0)
        patch.setattr(ranking, "_TRIED", 1)
        patch.setattr(ranking, "_ALL", 0)
        _check(searcher, snapshot, queries)
        patch.setattr(ranking, "_FEW", 0)
        for rarer in (1, 100):
            patch.setattr(ranking, "_RARER", rarer)
            _check(searcher, snapshot, queries)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(
    articles=st.lists(ARTICLE, min_size=5, max_size=12),
    removed=st.sets(st.integers(0, 11), max_size=4),
    queries=st.lists(QUERY | FIELD.flatmap(_phrase), min_size=1, max_size=10),
)
def test_merged_segments_answer_as_if_written_at_once(
    fresh: Callable[[], Path],
    articles: list[dict[str, str]],
    removed: set[int],
    queries: list[wq.Query],
) -> None:
    storage, _ = ours(fresh(), articles, removed, {1, 2, 3, 4})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "due", lambda segments, _: segments if len(segments) > 1 else [])
        patch.setattr(merging, "STRETCH", 3)
        patch.setattr(writing, "LEAST", 1)
        while engine.merge(storage):
            pass
    snapshot = engine.snapshot(storage, whole=True)
    assert len(snapshot.segments) <= 1
    searcher = stock(articles, removed, set(), purged=True)
    _check(searcher, snapshot, queries)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(following, "_MANY", 0)
        patch.setattr(following, "_ARTICLES", 2)
        patch.setattr(following, "_LESS", 0)
        patch.setattr(ranking, "_FEW", 0)
        _check(searcher, snapshot, queries)


def test_a_phrase_of_any_word_where_a_merged_stretch_has_no_words_left(fresh: Callable[[], Path]) -> None:
    gone = {"text": " ".join(f"m{letter}" for letter in "abcdefghijklmnop")}
    articles = [{"text": "air zoo"}, gone, {"text": "zoo air"}, {"text": "bee"}, {"text": "zoo"}]
    storage, _ = ours(fresh(), articles, {1}, {1})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "due", lambda segments, _: segments if len(segments) > 1 else [])
        patch.setattr(merging, "STRETCH", 1)
        while engine.merge(storage):
            pass
    any_word = clauses.Forms("text_form", prefix="")
    query = clauses.Phrase([any_word, clauses.term("text", "zoo")])
    _check(stock(articles, {1}, set(), purged=True), engine.snapshot(storage, whole=True), [query])
