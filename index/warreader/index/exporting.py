"""Everything in a library, out of it: as JSON lines, and annotations in the forms others read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from warreader.index import jsonable
from warreader.index.errors import UsageError

if TYPE_CHECKING:
    from warreader.index.annotations.export import Citation
    from warreader.index.library import Library

WHAT = ("articles", "entities", "mentions", "quotations", "matches", "annotations", "corrections", "rulings")
FORMATS = ("jsonl", "w3c", "markdown", "csv")
RULING_FORMATS = ("jsonl", "yaml")


def export(library: Library, what: str, form: str = "jsonl") -> Iterator[str]:
    """The lines of an export, without line ends.

    Raises:
        UsageError: there is no such export; the message names those there are.
    """
    if what == "annotations":
        return _annotations(library, form)
    if what == "corrections" and form == "jsonl":
        from warreader.index.corrections.records import to_jsonl

        return to_jsonl(library.corrections.all())
    if what == "rulings":
        return _rulings(library, form)
    if what not in WHAT:
        raise UsageError(f"{what!r} can't be exported; choose one of: {', '.join(WHAT)}")
    if form != "jsonl":
        raise UsageError(f"{what} are exported as jsonl only, {form!r} is for annotations")
    return map(jsonable.line, _rows(library, what))


def _rows(library: Library, what: str) -> Iterator[dict[str, Any]]:
    if what == "articles":
        yield from map(jsonable.article, library.articles)
    elif what == "entities":
        yield from map(jsonable.entity, library.entities.entities())
    elif what == "mentions":
        for summary in library.articles.summaries():
            yield from map(jsonable.mention, library.entities.mentions(summary.id))
    elif what == "quotations":
        yield from map(jsonable.quotation, library.quotations.all())
    else:
        yield from map(jsonable.match, library.matches.all())


def _annotations(library: Library, form: str) -> Iterator[str]:
    from warreader.index.annotations import export as forms

    notes = library.annotations.all()
    if form == "jsonl":
        return forms.to_jsonl(notes)
    if form == "w3c":
        return forms.to_w3c_lines(notes, lambda article_id: cite(library, article_id).url)
    if form == "markdown":
        from warreader.index.annotations.markdown import to_markdown

        return iter(to_markdown(notes, lambda article_id: cite(library, article_id)).split("\n"))
    if form == "csv":
        return forms.to_csv(notes, lambda article_id: cite(library, article_id))
    raise UsageError(f"no format {form!r} for annotations; choose one of: {', '.join(FORMATS)}")


def _rulings(library: Library, form: str) -> Iterator[str]:
    from warreader.index.rulings import records

    if form not in RULING_FORMATS:
        raise UsageError(f"no format {form!r} for rulings; choose one of: {', '.join(RULING_FORMATS)}")
    return (records.to_yaml if form == "yaml" else records.to_jsonl)(library.rulings.all())


def cite(library: Library, article_id: str) -> Citation:
    """Title, outlet, author, date and url of an article as its citation; the bare id where it is gone."""
    from warreader.index.annotations.export import Citation
    from warreader.index.errors import NotFoundError

    try:
        article = library.articles.get(article_id)
    except NotFoundError:
        return Citation(title=article_id, outlet=None, author=None, date=None, url=None)
    meta = article.meta
    return Citation(title=article.title, outlet=meta.outlet, author=meta.author, date=meta.date, url=meta.url)
