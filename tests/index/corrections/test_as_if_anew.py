"""A library that follows corrections and rulings comes to what it would be had they been known from the start."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from warreader.index.article import Label
from warreader.index.entities.correcting import Form
from warreader.index.exporting import export
from warreader.index.library import Library

SAME = (
    "The general had spoken before the committee in the capital last winter about supplies. “Our brigades will"
    " not leave the eastern bank of the river before every village there has been evacuated,” Anna Berg said,"
    " adding that roads were bad and bridges had been destroyed by shelling."
)
SHORT = "“We will rebuild every bridge that the invader destroyed in this valley,” Carl Dahl said in Kyiv."
ARTICLES = [
    ("a", "Daily One", "2022-03-01", f"Soldiers met to discuss plans for spring. {SAME}\n\nWheat was sown."),
    ("b", "Other Two", "2022-09-01", f"A train left the station with many aboard. {SAME}\n\nTickets were sold."),
    ("c", "Third", "2022-03-02", f"Nurses went home when the shift had ended.\n\n{SHORT}\n\nDahl left Kyiv on foot."),
    ("d", "Fourth", "2022-03-02", f"Schools stay closed until further notice.\n\n{SHORT}\n\nIt rained in Kharkiv."),
    ("e", "Fifth", "2022-03-03", f"{SAME}\n\nMore will follow from the editors of this paper."),
]  # fmt: skip


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Five articles: copies and quotations among them."""
    file = tmp_path_factory.mktemp("articles") / "articles.jsonl"
    names = ("id", "outlet", "date", "text")
    rows = [
        {**dict(zip(names, one, strict=True)), "title": f"Title of {one[0]}", "language": "en"}
        for one in ARTICLES
    ]
    file.write_text("\n".join(map(json.dumps, rows)))
    return file


@pytest.fixture(scope="module")
def made(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The library of them, before anything is ruled. Not to be changed."""
    folder = tmp_path_factory.mktemp("made")
    with Library(folder) as library:
        library.add([articles])
    return folder


def meta(article: str, field: str, value: str | None) -> Callable[[Library], object]:
    """Correct a field."""
    return lambda library: library.corrections.set_meta(article, field, value)


def entity(library: Library, name: str) -> str:
    """The id of an entity."""
    return library.entities.find(name)[0].id


def _ignored(library: Library) -> None:
    mention = next(one for one in library.entities.mentions("c") if one.text == "Kyiv")
    library.entity_corrections.ignore(Form(mention.text, of=mention.entity))


def _line(library: Library) -> None:
    article = library.articles.get("c")
    line = next(line for line in article.lines if "rebuild" in article.text[line.start : line.end])
    library.corrections.set_line_kinds("c", (line.start,), type(line.kind)("furniture"))


def _place(library: Library, article: str) -> dict[str, object]:
    one = library.quotations.of(article)[0]
    return {"article": article, "start": one.start, "end": one.end, "exact": one.text}


def _quotation(verb: str, article: str, **says: Any) -> Callable[[Library], object]:
    return lambda library: library.rulings.put(
        "quotation", verb, words="ruled", place=_place(library, article), **says
    )


def _match(verb: str, one: str, two: str) -> Callable[[Library], object]:
    return lambda library: library.rulings.put(
        "match", verb, words="ruled", places=[_place(library, one), _place(library, two)]
    )


def _several(*changes: Callable[[Library], object]) -> Callable[[Library], object]:
    def change(library: Library) -> None:
        for one in changes:
            one(library)

    return change


CHANGES: dict[str, Callable[[Library], object]] = {
    "outlet to another's": meta("b", "outlet", "Daily One"),
    "outlet of a copy": meta("e", "outlet", "Daily One"),
    "outlet to unknown": meta("a", "outlet", None),
    "date near another's": meta("b", "date", "2022-03-02"),
    "date far from others'": meta("c", "date", "2024-01-05T10:00:00+02:00"),
    "date of a copy": meta("e", "date", "2023-03-01"),
    "date to unknown": meta("a", "date", None),
    "title": meta("c", "title", "What was said in the valley"),
    "author": meta("c", "author", "Anna Berg"),
    "agency": meta("c", "agency", "Reuters"),
    "address": meta("c", "url", "https://example.org/valley"),
    "language": meta("c", "language", "uk"),
    "line": _line,
    "outlet and date": _several(meta("b", "outlet", "Fifth"), meta("b", "date", "2022-03-03")),
    "name renamed": lambda library: library.entity_corrections.rename(entity(library, "Anna Berg"), "A. Berg"),
    "name of another kind": lambda library: library.entity_corrections.set_kind(
        entity(library, "Anna Berg"), Label.ORG
    ),
    "names merged": lambda library: library.entity_corrections.merge(
        [entity(library, "Anna Berg")], entity(library, "Carl Dahl")
    ),
    "name ignored": _ignored,
    "quotation rejected": _quotation("reject", "c"),
    "nobody said it": _quotation("speaker", "c"),
    "said by another": _quotation("speaker", "c", entity={"name": "Anna Berg", "label": "PERSON"}),
    "quotation bounded": lambda library: library.rulings.put(
        "quotation", "bound", words="ruled", place=_place(library, "c"),
        start=library.quotations.of("c")[0].start, end=library.quotations.of("c")[0].end - 20,
    ),
    "match rejected": _match("reject", "c", "d"),
    "match joined": _match("join", "a", "c"),
}  # fmt: skip


def content(library: Library) -> dict[str, object]:
    """All that is derived, however it is numbered."""
    found: dict[str, object] = {
        what: sorted(export(library, what))
        for what in ("articles", "entities", "mentions", "quotations", "matches")
    }
    found["repeated"] = sorted(map(repr, library.matches.repeated().rows))
    found["stories"] = sorted(repr(story.members) for story in library.stories.all())
    for query in (
        "valley",
        "outlet:daily",
        "date:2022-03",
        "person:berg",
        'person:"a. berg"',
        "org:berg",
        "said:dahl",
        "title:said",
    ):
        found[query] = sorted(hit.id for hit in library.search.search(query).hits)
    return found


def anew(folder: Path, articles: Path, annotations: Path) -> dict[str, object]:
    """What a library comes to that has these annotations before the articles."""
    folder.mkdir()
    shutil.copy(annotations, folder)
    with Library(folder) as library:
        library.add([articles])
        return content(library)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("reader", ["looked before", "did not look"])
def test_as_if_it_had_been_known(
    made: Path, articles: Path, tmp_path: Path, change: Callable[[Library], object], reader: str
) -> None:
    folder = Path(shutil.copytree(made, tmp_path / "library"))
    with Library(folder) as library:
        before = content(library)
        change(library)
        if reader == "looked before":
            # What is counted for the reader in between must not stay.
            content(library)
        library.update()
        assert not library.behind and library.left_to_do() == [] and library.check() == []
        after = content(library)
        library.annotations.database.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert after == anew(tmp_path / "anew", articles, folder / "annotations.sqlite")
        library.annotations.undo()
        while library.annotations.undo() is not None:
            pass
        library.update()
        assert content(library) == before
