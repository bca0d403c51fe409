"""What the reader sets right in names: it outranks what was found, holds for what comes, and can be taken back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from warreader.index.article import Label, LineKind, Metadata, Quotation
from warreader.index.article import Line as ArticleLine
from warreader.index.articles import Incoming
from warreader.index.entities.correcting import Form
from warreader.index.errors import NotFoundError
from warreader.index.exporting import export
from warreader.index.library import Library
from warreader.index.rulings.records import read
from warreader.index.text import line_spans

FIRST = "Mr Jovanovic met Marta Kovac in Kyiv. Marta Kovac said that Poltava was quiet."
SECOND = "Martha Kovach spoke in Poltava. “We stay,” said Martha Kovach. Georgia was calm."
THIRD = "Marta Kovac went to Georgia. Reports by Getty Images came from Kyiv."


def put(library: Library, name: str, text: str) -> None:
    lines = tuple(ArticleLine(span.start, span.end, LineKind.BODY) for span in line_spans(text))
    library.articles.store(Incoming(name, text, lines, Metadata(title=name), name, stated_id=True))
    library.update()


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "library") as opened:
        for name, text in (("a", FIRST), ("b", SECOND), ("c", THIRD)):
            put(opened, name, text)
        yield opened


Shown = list[tuple[str, int, str, str, str]]


def shown(library: Library) -> Shown:
    """All mentions: article, start, form, kind, name of what they name."""
    names = {entity.id: entity.name for entity in library.entities.entities()}
    return [
        (m.article, m.start, m.text, m.label.value, names[m.entity])
        for summary in library.articles.summaries()
        for m in library.entities.mentions(summary.id)
    ]


def named(library: Library, form: str, article: str | None = None) -> set[str]:
    """Names of what a form names."""
    return {name for a, _, text, _, name in shown(library) if text == form and article in (None, a)}


def id_of(library: Library, form: str) -> str:
    return next(m.entity for a in "abcd" for m in library.entities.mentions(a) if m.text == form)


def again(library: Library) -> Shown:
    """What is shown once all is analysed anew."""
    with library._database.transaction() as connection:
        connection.execute("DELETE FROM derived")
    library.update()
    return shown(library)


def test_what_is_joined_is_one_and_stays_one(library: Library) -> None:
    before = shown(library)
    marta, martha = id_of(library, "Marta Kovac"), id_of(library, "Martha Kovach")
    assert marta != martha
    said = library.entity_corrections.merge([martha], marta)
    assert said == "joined Martha Kovach to Marta Kovac"
    entity = library.entities.get(marta)
    assert entity is not None
    assert (entity.articles, entity.mentions, set(entity.aliases)) == (3, 5, {"Marta Kovac", "Martha Kovach"})
    assert library.entities.get(martha) is None
    assert {m.reason for m in library.entities.mentions("b") if m.entity == marta} == {
        "you joined Martha Kovach to Marta Kovac"
    }
    put(library, "d", "Later Martha Kovach left Kyiv.")
    assert named(library, "Martha Kovach") == {"Marta Kovac"}
    assert again(library) == shown(library)
    library.annotations.undo()
    assert named(library, "Martha Kovach") == {"Martha Kovach"}
    assert [row for row in shown(library) if row[0] != "d"] == before
    library.annotations.redo()
    assert named(library, "Martha Kovach") == {"Marta Kovac"}


def said_by(library: Library, entity: str) -> list[Quotation]:
    return [
        one for one in library.quotations.all() if one.speaker is not None and one.speaker.entity == entity
    ]


def test_a_quotation_follows_its_speaker(library: Library) -> None:
    marta, martha = id_of(library, "Marta Kovac"), id_of(library, "Martha Kovach")
    assert len(said_by(library, martha)) == 1
    library.entity_corrections.merge([martha], marta)
    assert "b" in {quotation.article for quotation in said_by(library, marta)}
    library.annotations.undo()
    assert len(said_by(library, martha)) == 1


def speakers(library: Library) -> list[tuple[str, int, str | None]]:
    """Of all quotations: article, start, whose it is."""
    return [
        (one.article, one.start, one.speaker.entity if one.speaker else None)
        for one in library.quotations.all()
    ]


def test_what_was_said_under_a_lone_last_name_is_still_said_when_the_full_name_comes(tmp_path: Path) -> None:
    with Library(tmp_path / "library") as library:
        put(
            library,
            "a",
            "Mr Zorban spoke in Kyiv.\n“We stay here until the end,” he said.\n“All,” said Mr Zorban.",
        )
        for name in ("b", "c", "d"):
            put(library, name, "Then Igor Zorban left Kyiv.")
        zorban = id_of(library, "Igor Zorban")
        assert {whose for _, _, whose in speakers(library)} == {zorban}
        assert {hit.id for hit in library.search.search("said:zorban").hits} == {"a"}
        whose = speakers(library)
        again(library)
        assert speakers(library) == whose


def test_matches_are_looked_for_again_where_somebody_else_is_who_spoke(library: Library) -> None:
    """Whether few words are more than a phrase goes by whether one person said them."""
    keys = {name: library.articles.key(name) or 0 for name in "abc"}
    library.entity_corrections.split(Form("Martha Kovach", "b"), "Own", Label.PERSON)
    assert [name for name, key in keys.items() if "matches" in library.derivation.waits(key)] == ["b"]
    library.update()
    assert not library.behind


@pytest.mark.parametrize("verb", ["pin", "split", "merge", "ignore"])
def test_what_he_said_is_looked_for_again_where_somebody_becomes_a_person_or_ceases_to_be(
    tmp_path: Path, verb: str
) -> None:
    with Library(tmp_path / "library") as library:
        put(
            library,
            "a",
            "ZORBQ told reporters on Monday that the bridge was shut.\n“We will go to the river at dawn,” he said.",
        )
        put(library, "b", "In Poltava Igor Zorbane spoke of it.")
        zorbq, zorbane = id_of(library, "ZORBQ"), id_of(library, "Igor Zorbane")
        form = Form("ZORBQ", "a")
        if verb == "merge":
            library.entity_corrections.merge([zorbq], zorbane)
        elif verb == "split":
            library.entity_corrections.split(form, "Ivan Zorbq", Label.PERSON)
        else:
            library.entity_corrections.pin(form, zorbane)
        if verb == "ignore":
            library.update()
            library.entity_corrections.ignore(form)
        library.update()
        whose = speakers(library)
        assert (whose[-1][2] is None) == (verb == "ignore")
        again(library)
        assert speakers(library) == whose
        library.annotations.undo()
        library.update()
        whose = speakers(library)
        again(library)
        assert speakers(library) == whose


def test_joins_lead_on_and_a_later_one_the_other_way_stands(library: Library) -> None:
    marta, martha = id_of(library, "Marta Kovac"), id_of(library, "Martha Kovach")
    jovanovic = id_of(library, "Jovanovic") if named(library, "Jovanovic") else id_of(library, "Mr Jovanovic")
    library.entity_corrections.merge([martha], marta)
    library.entity_corrections.merge([marta], jovanovic)
    assert len({m.entity for m in library.entities.places(jovanovic)}) == 1
    assert named(library, "Martha Kovach") == named(library, "Marta Kovac")
    assert again(library) == shown(library)
    # As another newsroom may have ruled: round in a circle.
    reference = {"name": "Marta Kovac", "label": "PERSON"}
    other = {"name": "Martha Kovach", "label": "PERSON"}
    library.rulings.put("entity", "merge", words="x", entity=reference, into=other)
    assert named(library, "Martha Kovach") == named(library, "Marta Kovac") == {"Martha Kovach"}
    assert again(library) == shown(library)


def test_a_new_name_is_found_and_kept_and_its_own_name_takes_it_back(library: Library) -> None:
    kyiv = id_of(library, "Kyiv")
    library.entity_corrections.rename(kyiv, "Kyiv  (capital)")
    assert named(library, "Kyiv") == {"Kyiv (capital)"}
    assert [entity.id for entity in library.entities.find("Kyiv (capital)")] == [kyiv]
    assert again(library) == shown(library)
    assert named(library, "Kyiv") == {"Kyiv (capital)"}
    library.entity_corrections.rename(kyiv, "Kyiv")
    assert named(library, "Kyiv") == {"Kyiv"}
    assert library.rulings.all() == []
    with pytest.raises(ValueError, match="name is missing"):
        library.entity_corrections.rename(kyiv, " ")


def test_a_kind_set_right_holds_for_all_mentions(library: Library) -> None:
    before = shown(library)
    georgia = id_of(library, "Georgia")
    library.entity_corrections.set_kind(georgia, Label.ORG)
    assert {label for _, _, form, label, _ in shown(library) if form == "Georgia"} == {"ORG"}
    entity = library.entities.get(georgia)
    assert entity is not None
    assert entity.label is Label.ORG
    library.update()
    assert again(library) == shown(library)
    put(library, "d", "Georgia agreed.")
    assert {label for _, _, form, label, _ in shown(library) if form == "Georgia"} == {"ORG"}
    library.annotations.undo()
    assert [row for row in shown(library) if row[0] != "d"] == before


def test_a_form_is_set_apart_everywhere_in_an_article_or_here(library: Library) -> None:
    before = shown(library)
    georgia = id_of(library, "Georgia")
    library.entity_corrections.split(Form("Georgia", "b", of=georgia), "Georgia (state)", Label.GPE)
    assert named(library, "Georgia", "b") == {"Georgia (state)"}
    assert named(library, "Georgia", "c") == {"Georgia"}
    own = next(m.entity for m in library.entities.mentions("b") if m.text == "Georgia")
    assert again(library) == shown(library)
    assert named(library, "Georgia", "b") == {"Georgia (state)"}
    assert next(m.entity for m in library.entities.mentions("b") if m.text == "Georgia") == own
    # What was set apart can be renamed, without the other being so.
    library.entity_corrections.rename(own, "Georgia, U.S.")
    assert named(library, "Georgia") == {"Georgia", "Georgia, U.S."}
    library.entity_corrections.split(Form("GEORGIA", of=georgia), "Georgia (all)", Label.GPE)
    assert named(library, "Georgia", "b") == {"Georgia, U.S."}, "the article goes before the library"
    assert named(library, "Georgia", "c") == {"Georgia (all)"}
    assert again(library) == shown(library)
    for _ in range(3):
        library.annotations.undo()
    assert shown(library) == before


def test_whom_he_stands_for_is_decided_anew_where_one_is_found_to_be_two(library: Library) -> None:
    text = (
        "Ivan Petrov arrived in Kyiv. Petrov met the mayor.\n\nIvan Petrow came later that day to the town."
        " “We shall stay here until the end,” he said.\n\n“Nobody was hurt in the night,” Ivan Petrov said."
    )
    put(library, "d", text)
    put(library, "e", "Ivan Petrow was in Poltava. “It is quiet here,” Ivan Petrow said.")

    def said() -> list[str | None]:
        return [one.speaker.name if one.speaker else None for one in library.quotations.of("d")]

    assert said() == ["Ivan Petrov", "Ivan Petrov"]
    library.entity_corrections.split(Form("Ivan Petrow"), "Ivan Petrow", Label.PERSON)
    # Nowhere else: in the other article nobody is left to be taken for him.
    assert library.left_to_do()[0] == "quotations of 1 article"
    library.update()
    assert said() == ["Ivan Petrow", "Ivan Petrov"]
    library.annotations.undo()
    library.update()
    assert said() == ["Ivan Petrov", "Ivan Petrov"]


def test_one_mention_alone_can_be_set_apart(library: Library) -> None:
    first = next(m for m in library.entities.mentions("a") if m.text == "Marta Kovac")
    form = Form(first.text, "a", first.start, first.entity)
    library.entity_corrections.split(form, "Another Kovac", Label.PERSON)
    assert [m.entity == first.entity for m in library.entities.mentions("a") if m.text == "Marta Kovac"] == [
        False,
        True,
    ]
    assert again(library) == shown(library)


def test_a_form_is_pinned_to_an_entity_and_pinned_anew(library: Library) -> None:
    marta, poltava = id_of(library, "Marta Kovac"), id_of(library, "Poltava")
    kyiv = id_of(library, "Kyiv")
    library.entity_corrections.pin(Form("Poltava", "b", of=poltava), kyiv)
    assert named(library, "Poltava", "b") == {"Kyiv"}
    assert named(library, "Poltava", "a") == {"Poltava"}
    # Seen as Kyiv now, it is corrected from there.
    library.entity_corrections.pin(Form("Poltava", "b", of=kyiv), marta)
    assert named(library, "Poltava", "b") == {"Marta Kovac"}
    assert {label for a, _, form, label, _ in shown(library) if (a, form) == ("b", "Poltava")} == {"PERSON"}
    assert again(library) == shown(library)
    assert len(library.rulings.all()) == 1
    with pytest.raises(NotFoundError, match="any more"):
        library.entity_corrections.pin(Form("Poltava", "b", of=kyiv), marta)


def test_what_is_no_name_is_none(library: Library) -> None:
    before = shown(library)
    form = "Getty Images" if named(library, "Getty Images") else "Getty"
    getty = id_of(library, form)
    library.entity_corrections.ignore(Form(form, of=getty))
    assert named(library, form) == set()
    assert library.entities.get(getty) is None
    put(library, "d", f"Reports by {form} came from Kyiv.")
    assert named(library, form) == set()
    assert again(library) == shown(library)
    library.annotations.undo()
    assert named(library, form, "d") == {form}
    assert [row for row in shown(library) if row[0] != "d"] == before


def test_a_mend_of_another_library_holds_here(library: Library, tmp_path: Path) -> None:
    marta, martha = id_of(library, "Marta Kovac"), id_of(library, "Martha Kovach")
    library.entity_corrections.merge([martha], marta)
    library.entity_corrections.rename(marta, "M. Kovac")
    shared = "\n".join(export(library, "rulings", "yaml"))
    with Library(tmp_path / "other") as other:
        other.rulings.merge(read(shared))
        put(other, "x", "Yesterday Martha Kovach left Kyiv.")
        assert named_in(other, "x", "Martha Kovach") == {"M. Kovac"}
        other.annotations.undo()
        assert named_in(other, "x", "Martha Kovach") == {"Martha Kovach"}


def named_in(library: Library, article: str, form: str) -> set[str]:
    found = {m.entity for m in library.entities.mentions(article) if m.text == form}
    return {entity.name for entity in library.entities.entities() if entity.id in found}


def test_an_update_follows_what_another_process_ruled(library: Library) -> None:
    marta, martha = id_of(library, "Marta Kovac"), id_of(library, "Martha Kovach")
    with library._database.transaction() as connection:
        connection.execute("CREATE TABLE kept AS SELECT * FROM setting")
    library.entity_corrections.merge([martha], marta)
    with library._database.transaction() as connection:
        # As if it had not been followed: told by an older state, and nothing of it in force.
        connection.execute("DELETE FROM setting")
        connection.execute("INSERT INTO setting SELECT * FROM kept")
    assert library.behind
    library.update()
    assert not library.behind
    assert named(library, "Martha Kovach") == {"Marta Kovac"}


def test_an_unknown_entity_is_said_and_nothing_is_ruled(library: Library) -> None:
    with pytest.raises(NotFoundError, match="export entities"):
        library.entity_corrections.rename("person:nobody", "x")
    with pytest.raises(ValueError, match="itself"):
        library.entity_corrections.merge([id_of(library, "Kyiv")], id_of(library, "Kyiv"))
    assert library.rulings.all() == []


FORMS = ["Marta Kovac", "Martha Kovach", "Kyiv", "Poltava", "Georgia", "Jovanovic", "Mr Jovanovic"]
STEPS = st.tuples(
    st.sampled_from(["merge", "rename", "kind", "pin", "split", "ignore", "undo", "redo", "add"]),
    st.sampled_from(FORMS),
    st.sampled_from(FORMS),
    st.sampled_from([None, "a", "b"]),
)


def step(library: Library, verb: str, one: str, other: str, article: str | None) -> None:
    corrections = library.entity_corrections
    if verb == "undo":
        library.annotations.undo()
    elif verb == "redo":
        library.annotations.redo()
    elif verb == "add":
        put(library, "d", f"Today {one} and {other} were seen, said {one}.")
    else:
        ids = {m.text: m.entity for a in "abc" for m in library.entities.mentions(a)}
        if one not in ids or other not in ids:
            return
        form = Form(one, article, of=ids[one])
        try:
            if verb == "merge" and ids[one] != ids[other]:
                corrections.merge([ids[one]], ids[other])
            elif verb == "rename":
                corrections.rename(ids[one], other)
            elif verb == "kind":
                corrections.set_kind(ids[one], Label.EVENT if article else Label.ORG)
            elif verb == "pin":
                corrections.pin(form, ids[other])
            elif verb == "split":
                corrections.split(form, other, Label.LOC)
            elif verb == "ignore":
                corrections.ignore(form)
        except NotFoundError:
            pass


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STEPS, max_size=8))
def test_following_step_by_step_is_the_same_as_analysing_anew(
    steps: list[tuple[str, str, str, str | None]],
) -> None:
    with tempfile.TemporaryDirectory() as folder, Library(Path(folder)) as library:
        for name, text in (("a", FIRST), ("b", SECOND), ("c", THIRD)):
            put(library, name, text)
        for one in steps:
            step(library, *one)
        left = shown(library)
        assert counts(library) == counted(library)
        assert again(library) == left
        assert counts(library) == counted(library)
        while library.annotations.undo() is not None:
            pass
        assert library.rulings.all() == []
        connection = library._database.connection
        assert connection.execute("SELECT count(*) FROM mention_ruled").fetchone()[0] == 0
        assert (
            connection.execute(
                "SELECT count(*) FROM entity WHERE auto_name NOTNULL OR auto_label NOTNULL"
            ).fetchone()[0]
            == 0
        )
        assert again(library) == shown(library)


def counts(library: Library) -> dict[str, tuple[int, int]]:
    return {entity.id: (entity.articles, entity.mentions) for entity in library.entities.entities()}


def counted(library: Library) -> dict[str, tuple[int, int]]:
    places = [m for s in library.articles.summaries() for m in library.entities.mentions(s.id)]
    return {
        one: (
            len({m.article for m in places if m.entity == one}),
            sum(m.entity == one for m in places),
        )
        for one in {m.entity for m in places}
    }
