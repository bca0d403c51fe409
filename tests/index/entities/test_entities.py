"""Entities of a library: joining mentions, asking for them, one article at a time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path

import pytest

from warreader.index.article import Article, Label, Metadata
from warreader.index.entities.entities import Entities
from warreader.index.ingest.lines import classify
from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.storage import Database

SEEDS = sorted((Path(__file__).resolve().parents[3] / "seeds").glob("*.txt"))

Add = Callable[..., Article]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return Database(tmp_path / "library.sqlite", LIBRARY_MIGRATIONS)


@pytest.fixture
def entities(database: Database) -> Entities:
    return Entities(database)


@pytest.fixture
def add(database: Database, entities: Entities) -> Add:
    def put(name: str, text: str, date: str | None = None) -> Article:
        with database.transaction() as connection:
            connection.execute("DELETE FROM article WHERE id = ?", (name,))
            key = connection.execute(
                "INSERT INTO article (id, date, source, text, length, digest, added) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (name, date, name, text, len(text), b"", ""),
            ).lastrowid
            assert key is not None
            article = Article(key, name, Metadata(date=date), name, text, classify(text))
            entities.derive(article)
        return article

    return put


def owner(entities: Entities, article: str, form: str) -> set[str]:
    return {mention.entity for mention in entities.mentions(article) if mention.text == form}


def test_putin_and_zelensky_are_one_each_in_every_seed(add: Add, entities: Entities) -> None:
    for path in SEEDS:
        add(path.name[:3], path.read_bytes().decode("utf-8"))
    putin = entities.get("person:vladimir_putin")
    assert putin is not None
    assert putin.articles == 5
    for article in ("000", "001", "002", "003", "004"):
        for mention in entities.mentions(article):
            if "Putin" in mention.text:
                assert mention.entity == "person:vladimir_putin"
            if "Zelensky" in mention.text:
                assert mention.entity == "person:volodymyr_zelensky"
    assert owner(entities, "002", "Bashar al-Assad") == {"person:bashar_al_assad"}
    assert owner(entities, "000", "Li").isdisjoint(owner(entities, "000", "Li Dafu"))
    assert owner(entities, "000", "Rui") == owner(entities, "000", "Zhao Rui")


def test_spellings_and_honorifics_join(add: Add, entities: Entities) -> None:
    add("a", "President Volodymyr Zelenskyy spoke in Kiev. Mr Zelenskiy was brief. Zelensky left Kyiv.")
    assert {m.entity for m in entities.mentions("a")} == {"person:volodymyr_zelensky", "place:kyiv"}
    assert all(mention.reason for mention in entities.mentions("a"))


LONE = "They said Mr Jovanovic was brief."
FULL = "They said that Marta Jovanovic was brief."


def test_full_names_join_an_earlier_lone_one_once_three_articles_have_them(
    add: Add, entities: Entities
) -> None:
    """In one article of thousands, she may be anybody who is called so."""
    add("first", LONE)
    for name in ("second", "third"):
        add(name, FULL)
        assert owner(entities, "first", "Jovanovic") == {"person:jovanovic"}
    add("fourth", FULL)
    assert owner(entities, "first", "Jovanovic") == {"person:marta_jovanovic"}
    assert entities.get("person:jovanovic") is None
    assert "only Marta Jovanovic" in entities.mentions("first")[0].reason


GORAN = "They said that Goran Jovanovic was brief."


@pytest.mark.parametrize("texts", [(LONE, FULL, FULL, FULL), (LONE, FULL, FULL, FULL, GORAN)])
def test_whose_a_lone_last_name_is_hangs_on_no_order(
    add: Add, entities: Entities, database: Database, texts: tuple[str, ...]
) -> None:
    """A second one of that name, whenever he comes, leaves nobody sure."""
    whose = set()
    for order in permutations(range(len(texts))):
        database.connection.execute("DELETE FROM article")
        database.connection.execute("DELETE FROM entity")
        for at in order:
            add(str(at), texts[at])
        whose |= owner(entities, "0", "Jovanovic")
    assert whose == {"person:jovanovic" if GORAN in texts else "person:marta_jovanovic"}


def test_a_lone_last_name_is_hers_again_when_the_other_is_found_to_be_none(
    add: Add, entities: Entities, database: Database
) -> None:
    """As when a later version no longer takes what stands before a name for a part of it."""
    for name in ("a", "b", "c"):
        add(name, FULL)
    add("first", LONE)
    other = add("other", GORAN)
    assert owner(entities, "first", "Jovanovic") == {"person:jovanovic"}
    text = "They said that it was over."
    with database.transaction():
        entities.derive(Article(other.key, "other", other.meta, "other", text, classify(text)))
    assert owner(entities, "first", "Jovanovic") == {"person:marta_jovanovic"}
    assert entities.get("person:jovanovic") is None


def test_a_given_name_alone_is_nobodys_last(add: Add, entities: Entities) -> None:
    for name in ("a", "b", "c"):
        add(name, "They said that Marta Peter was brief.")
    add("d", "Mr Peter, a baker, left early.")
    assert owner(entities, "d", "Peter") == {"person:peter"}


def test_a_second_bearer_of_the_name_leaves_lone_ones_alone(add: Add, entities: Entities) -> None:
    for name in ("a", "b", "c"):
        add(name, FULL)
    add("second", LONE)
    assert owner(entities, "second", "Jovanovic") == {"person:marta_jovanovic"}
    add("third", GORAN)
    add("fourth", LONE)
    assert owner(entities, "second", "Jovanovic") == {"person:jovanovic"}
    assert owner(entities, "fourth", "Jovanovic") == {"person:jovanovic"}
    assert owner(entities, "a", "Marta Jovanovic") == {"person:marta_jovanovic"}


def test_entities_without_mentions_go(add: Add, entities: Entities, database: Database) -> None:
    article = add("a", "They met in Kyiv and in Lutsk.")
    changed = Article(article.key, "a", article.meta, "a", "They met in Kyiv.", classify("They met in Kyiv."))
    with database.transaction():
        entities.derive(changed)
    assert [entity.id for entity in entities.entities()] == ["place:kyiv"]
    database.connection.execute("DELETE FROM article")
    assert entities.entities() == []
    assert entities.get("place:kyiv") is None


def test_deriving_again_changes_nothing(add: Add, entities: Entities, database: Database) -> None:
    articles = [add(path.name[:3], path.read_bytes().decode("utf-8")) for path in SEEDS]
    before = entities.entities()
    with database.transaction():
        entities.derive(articles[0])
    assert entities.entities() == before


def test_find_knows_listed_names_and_words_of_names(add: Add, entities: Entities) -> None:
    add("a", "Vladimir Putin and Lyudmila Petrenko met in Kyiv. Putin left.")
    assert [e.id for e in entities.find("kiev")] == ["place:kyiv"]
    assert [e.id for e in entities.find("Mr PUTIN", [Label.PERSON])] == ["person:vladimir_putin"]
    assert [e.id for e in entities.find("vladimir putin")] == ["person:vladimir_putin"]
    assert [e.id for e in entities.find("petrenko")] == ["person:lyudmila_petrenko"]
    assert entities.find("putin", [Label.GPE]) == []
    assert entities.find("") == []
    assert [e.id for e in entities.entities(prefix="petr")] == ["person:lyudmila_petrenko"]


def test_order_counts_and_aliases(add: Add, entities: Entities) -> None:
    add("b", "Vladimir Putin spoke of Ukraine.", date="2022-03-01")
    add("a", "Putin and Putin’s men left Ukraine. They left Kyiv.", date="2023-03-01")
    add("c", "Putin left.")
    found = entities.entities()
    assert [(e.id, e.mentions, e.articles) for e in found] == [
        ("person:vladimir_putin", 4, 3),
        ("place:ukraine", 2, 2),
        ("place:kyiv", 1, 1),
    ]
    assert found[0].aliases == ("Putin", "Vladimir Putin")
    assert [m.article for m in entities.places("person:vladimir_putin")] == ["b", "a", "a", "c"]
    assert [e.mentions for e in entities.entities("a", label=Label.PERSON)] == [2]


def test_a_short_form_given_in_the_text_is_its_long_form(entities: Entities, add: Add) -> None:
    add("one", "The Union of Free Bakers (UFB) said no. Then the UFB left.")
    assert owner(entities, "one", "UFB") == owner(entities, "one", "Union of Free Bakers") != set()
    reasons = {mention.reason for mention in entities.mentions("one") if mention.text == "UFB"}
    assert reasons == {"short for Union of Free Bakers"}


def test_a_title_with_a_first_name_joins_the_full_name(entities: Entities, add: Add) -> None:
    add("one", "There Sir Keir Starmer spoke. Later Sir Keir left.")
    assert owner(entities, "one", "Keir") == {"person:keir_starmer"}


def test_spellings_with_and_without_marks_are_one(add: Add, entities: Entities) -> None:
    add("a", "Commander Fu’ad Shukr died, said Robert F Kennedy Jr.")
    add("b", "There Fuad Shukr was named by Robert F. Kennedy Jr. himself.")
    assert owner(entities, "a", "Fu’ad Shukr") == owner(entities, "b", "Fuad Shukr")
    assert owner(entities, "a", "Robert F Kennedy Jr") == owner(entities, "b", "Robert F. Kennedy Jr")


def test_a_son_is_not_his_father(add: Add, entities: Entities) -> None:
    add("a", "There Donald Trump Jr spoke of Donald Trump. Trump Jr left, Trump stayed.")
    assert owner(entities, "a", "Trump") == owner(entities, "a", "Donald Trump")
    assert owner(entities, "a", "Trump Jr") == owner(entities, "a", "Donald Trump Jr")
    assert owner(entities, "a", "Trump") != owner(entities, "a", "Trump Jr")
    add("b", "There Donald Trump met Trump Jr again.")
    assert owner(entities, "b", "Trump Jr") != owner(entities, "b", "Donald Trump")


def test_marks_read_in_a_wrong_encoding_are_no_part_of_names(add: Add, entities: Entities) -> None:
    text = "“I’m glad,” said Anna Zorbaxa. Zorbaxa’s friends came to Kyiv’s square."
    add("a", text.encode().decode("latin-1"))
    assert [mention.text for mention in entities.mentions("a")] == ["Anna Zorbaxa", "Zorbaxa", "Kyiv"]
