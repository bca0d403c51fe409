"""Storing articles and reading them back: what counts as the same, as a version, as another."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warreader.index.article import LineKind, Metadata
from warreader.index.articles import Articles, Incoming, Outcome
from warreader.index.errors import NotFoundError
from warreader.index.identity import comparable
from warreader.index.ingest.lines import classify
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database


@pytest.fixture
def articles(tmp_path: Path) -> Iterator[Articles]:
    database = Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)
    yield Articles(database)
    database.close()


def _incoming(
    name: str, text: str, *, source: str = "/news/a.txt", stated: bool = False, **meta: str
) -> Incoming:
    return Incoming(name, text, classify(text), Metadata(**meta), source, stated)


def test_what_is_stored_comes_back_as_it_was(articles: Articles) -> None:
    text = "A headline\n\nA first sentence, and it ends here.\n"
    outcome, name = articles.store(
        _incoming("one", text, title="A title", outlet="Ukrinform", date="2022-03")
    )
    assert (outcome, name) == (Outcome.ADDED, "one")
    article = articles.get("one")
    assert article == articles.by_key(article.key) == next(iter(articles))
    assert article.text == articles.text("one") == text
    assert article.meta == Metadata("A title", "Ukrinform", None, "2022-03", None, None, None)
    assert article.lines == tuple(classify(text))
    assert articles.key("one") == article.key and len(articles) == 1


def test_the_same_text_again_is_a_duplicate(articles: Articles) -> None:
    articles.store(_incoming("one", "Some words."))
    assert articles.store(_incoming("one", "Some words.")) == (Outcome.DUPLICATE, "one")
    assert articles.store(_incoming("copy", "Some words.", source="/b.txt")) == (Outcome.DUPLICATE, "one")
    assert len(articles) == 1


def test_the_same_text_from_another_outlet_or_url_is_another_article(articles: Articles) -> None:
    articles.store(_incoming("one", "Some words.", outlet="AP"))
    assert articles.store(_incoming("two", "Some words.", outlet="AFP")) == (Outcome.ADDED, "two")
    assert articles.store(_incoming("three", "Some words.", outlet="AP", url="x")) == (Outcome.ADDED, "three")


def test_the_same_text_under_another_stated_id_is_another_article(articles: Articles) -> None:
    articles.store(_incoming("one", "Some words.", stated=True))
    assert articles.store(_incoming("two", "Some words.", stated=True)) == (Outcome.ADDED, "two")
    assert articles.store(_incoming("two", "Some words.", stated=True)) == (Outcome.DUPLICATE, "two")


@pytest.mark.parametrize("stated", [False, True])
def test_another_text_from_the_same_source_is_a_version_kept_beside(articles: Articles, stated: bool) -> None:
    articles.store(_incoming("one", "First words.", stated=stated))
    outcome, name = articles.store(_incoming("one", "Later words.", stated=stated))
    assert outcome is Outcome.UPDATED and name.startswith("one-")
    assert articles.get("one").text == "First words." and articles.get(name).text == "Later words."
    # Read once more, both are known.
    for text, known in (("First words.", "one"), ("Later words.", name)):
        assert articles.store(_incoming("one", text, stated=stated)) == (Outcome.DUPLICATE, known)


def test_another_text_under_the_same_name_from_elsewhere_is_another_article(articles: Articles) -> None:
    articles.store(_incoming("one", "First words.", source="/a/one.txt"))
    outcome, name = articles.store(_incoming("one", "Other words.", source="/b/one.txt"))
    assert outcome is Outcome.ADDED and name != "one"


def test_an_id_that_is_taken_in_every_form_still_finds_a_place(articles: Articles) -> None:
    articles.store(_incoming("one", "First words.", stated=True))
    _, versioned = articles.store(_incoming("one", "Later words.", stated=True))
    database = Database(Path(articles._database.path).with_name("other.sqlite"), LIBRARY_MIGRATIONS)
    other = Articles(database)
    other.store(_incoming("one", "First words.", stated=True))
    other.store(_incoming(versioned, "Squatting words.", stated=True))
    outcome, name = other.store(_incoming("one", "Later words.", stated=True))
    assert outcome is Outcome.UPDATED and name not in ("one", versioned)
    assert other.store(_incoming("one", "Later words.", stated=True)) == (Outcome.DUPLICATE, name)
    database.close()


def test_the_newest_comes_first_and_those_without_a_date_last(articles: Articles) -> None:
    dates = {"a": None, "b": "2022-03-04", "c": "2023", "d": None, "e": "2022-03-04T10:00"}
    for name, date in dates.items():
        text = f"Text of {name}."
        articles.store(
            Incoming(name, text, classify(text), Metadata(date=date), "/news.jsonl", stated_id=True)
        )
    assert [summary.id for summary in articles.summaries()] == ["c", "b", "e", "a", "d"]
    assert [article.id for article in articles] == ["c", "b", "e", "a", "d"]


def test_a_summary_falls_back_on_the_id_and_counts_code_points(articles: Articles) -> None:
    articles.store(_incoming("one", "Київ 🇺🇦\0 stands."))
    (summary,) = articles.summaries()
    assert (summary.title, summary.length) == ("one", len("Київ 🇺🇦\0 stands."))
    assert articles.get("one").title == "one"


def test_what_the_reader_did_is_kept(articles: Articles) -> None:
    articles.store(_incoming("one", "Some words."))
    assert articles.position("one") == 0
    articles.mark("one", starred=True)
    articles.mark("one", position=5)
    articles.mark("one", read=True)
    articles.mark("one")
    (summary,) = articles.summaries()
    assert (summary.read, summary.starred, articles.position("one")) == (True, True, 5)
    articles.mark("one", read=False, position=0)
    (summary,) = articles.summaries()
    assert (summary.read, summary.starred, articles.position("one")) == (False, True, 0)


def test_marking_an_article_that_is_not_there_does_nothing(articles: Articles) -> None:
    articles.mark("gone", read=True)
    assert articles.summaries() == [] and articles.position("gone") == 0


@pytest.mark.parametrize("name", ["gone", "", "\udcff", "a\nb", "\0"])
def test_an_unknown_id_is_one_clear_line(articles: Articles, name: str) -> None:
    with pytest.raises(NotFoundError, match="warreader export articles") as caught:
        articles.get(name)
    assert "\n" not in str(caught.value)
    assert articles.text(name) is None and articles.key(name) is None
    articles.mark(name, read=True)
    assert articles.position(name) == 0


def test_an_unknown_row_is_told(articles: Articles) -> None:
    with pytest.raises(NotFoundError):
        articles.by_key(99)


def test_a_huge_line_is_stored_whole(articles: Articles) -> None:
    text = "said " * 40_000
    articles.store(_incoming("huge", text))
    article = articles.get("huge")
    assert article.text == text
    assert [(line.start, line.end) for line in article.lines] == [(0, 200_000)]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300))
def test_any_text_comes_back_unchanged(articles: Articles, text: str) -> None:
    _, name = articles.store(_incoming("any", text))
    article = articles.get(name)
    assert article.text == text
    assert "\n".join(text[line.start : line.end] for line in article.lines) == text
    assert {line.kind for line in article.lines} <= set(LineKind)


_LONG = " ".join(f"On day {n} the port was shelled {n} times, officials said." for n in range(30))


def test_the_same_address_with_changed_words_is_a_version(articles: Articles) -> None:
    first = _incoming("a", _LONG, source="/a.html", url="https://www.example.org/port/?utm_source=x#top")
    changed = _incoming("b", _LONG + " Nobody was hurt.", source="/b.html", url="http://example.org/port")
    assert articles.store(first) == (Outcome.ADDED, "a")
    assert articles.store(changed) == (Outcome.UPDATED, "b")
    third = _incoming("c", _LONG + " Two were hurt.", source="/c.html", url="https://m.example.org/port/")
    assert articles.store(third) == (Outcome.UPDATED, "c")
    assert [summary.id for summary in articles.versions("b")] == ["a", "b", "c"]
    assert [(s.id, s.versions) for s in articles.summaries()] == [("c", 3)]
    assert [(a.id, a.version_of, a.latest) for a in articles] == [
        ("a", None, False),
        ("b", "a", False),
        ("c", "a", True),
    ]
    assert articles.store(changed) == (Outcome.DUPLICATE, "b")


def test_an_address_shared_by_other_texts_makes_no_versions(articles: Articles) -> None:
    articles.store(_incoming("a", _LONG, url="https://example.org/live"))
    other = " ".join(f"The minister spoke of grain in town {n}, and left." for n in range(30))
    assert (
        articles.store(_incoming("b", other, source="/b", url="https://example.org/live"))[0] is Outcome.ADDED
    )
    assert [summary.versions for summary in articles.summaries()] == [1, 1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://www.example.org/a/b/", "http://example.org/a/b"),
        ("https://example.org/a?id=3&utm_medium=y", "https://example.org/a?fbclid=z&id=3"),
        ("https://amp.example.org/a/amp/", "https://example.org/a#comments"),
        ("https://example.org/a/index.html", "HTTPS://EXAMPLE.org/a"),
    ],
)
def test_addresses_of_one_page(one: str, other: str) -> None:
    assert comparable(one) == comparable(other) is not None


@pytest.mark.parametrize("url", [None, "", "https://example.org/", "https://example.org", "http://[::1", "x"])
def test_what_is_no_pages_address(url: str | None) -> None:
    assert comparable(url) is None


def test_addresses_of_other_pages_differ() -> None:
    found = {comparable(f"https://example.org/{rest}") for rest in ("a", "A", "b", "a?id=1", "a?id=2", "a/b")}
    assert len(found) == 6


def test_a_library_of_the_first_version_keeps_its_lines_and_versions(tmp_path: Path) -> None:
    path = tmp_path / "library.sqlite"
    text = "A headline\n\nSome words of the story.\nSHARE"
    old = Database(path, LIBRARY_MIGRATIONS[:1])
    with old.transaction() as connection:
        for key, version_of in ((1, None), (2, 1)):
            connection.execute(
                "INSERT INTO article (key, id, url, source, text, length, digest, added, version_of)"
                " VALUES (?, ?, 'https://example.org/a', 's', ?, 9, x'00', '2022', ?)",
                (key, f"a{key}", text, version_of),
            )
            for start, end, kind in (
                (0, 10, "headline"),
                (11, 11, "body"),
                (12, 36, "body"),
                (37, 42, "furniture"),
            ):
                connection.execute("INSERT INTO line VALUES (?, ?, ?, ?)", (key, start, end, kind))
    old.close()
    new = Database(path, LIBRARY_MIGRATIONS)
    articles = Articles(new)
    assert [line.kind.value for line in articles.get("a1").lines] == ["headline", "body", "body", "furniture"]
    assert [(a.id, a.latest) for a in articles] == [("a1", False), ("a2", True)]
    new.close()


def test_a_listing_reads_what_is_looked_at(articles: Articles) -> None:
    for number in range(120):
        articles.store(_incoming(f"a{number}", f"Text {number}.", date=f"2022-01-{number % 28 + 1:02}"))
    listing, summaries = articles.listing(), articles.summaries()
    assert list(listing) == [summary.id for summary in summaries] and len(listing) == 120
    assert [listing[one] for one in listing] == summaries
    assert "gone" not in listing and listing.get("gone") is None and "a7" in listing
    assert not listing.has_versions
    articles.mark("a7", starred=True)
    listing.change("a7", starred=True)
    assert listing["a7"].starred and articles.listing()["a7"].starred
    articles.store(_incoming("new", "Later."))
    # What came since isn't listed, but can be looked up.
    assert "new" not in list(listing) and listing["new"].id == "new"
