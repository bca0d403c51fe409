"""Everything in a library, out of it: as JSON lines, and annotations in the forms others read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from warreader.index import jsonable
from warreader.index.errors import UsageError

if TYPE_CHECKING:
    from warreader.index.annotations.export import Citation
    from warreader.index.annotations.grouping import Group
    from warreader.index.library import Library

WHAT = ("articles", "entities", "mentions", "quotations", "matches", "annotations", "corrections", "rulings")
FORMATS = ("jsonl", "w3c", "markdown", "csv", "html", "qdc")
ARCHIVES = ("qdpx", "brat")
"""Formats of annotations that are files of their own kind, not lines of text."""

RULING_FORMATS = ("jsonl", "yaml")


def export(
    library: Library, what: str, form: str = "jsonl", group: Group = "article", *, versions: bool = False
) -> Iterator[str]:
    """The lines of an export, without line ends.

    Args:
        group: what annotations stand together by, in Markdown and HTML.
        versions: older versions of articles too, with their mentions and quotations. Entities count the newest alone,
            and matches are among these.

    Raises:
        UsageError: there is no such export; the message names those there are.
    """
    if what == "annotations":
        return _annotations(library, form, group)
    if what == "corrections" and form == "jsonl":
        from warreader.index.corrections.records import to_jsonl

        return to_jsonl(library.corrections.all(), library.corrections.address)
    if what == "rulings":
        return _rulings(library, form)
    if what not in WHAT:
        raise UsageError(f"{what!r} can't be exported; choose one of: {', '.join(WHAT)}")
    if form != "jsonl":
        raise UsageError(f"{what} are exported as jsonl only, {form!r} is for annotations")
    return map(jsonable.line, _rows(library, what, versions))


def _rows(library: Library, what: str, versions: bool) -> Iterator[dict[str, Any]]:
    if what == "articles":
        yield from (jsonable.article(one) for one in library.articles if versions or one.latest)
    elif what == "entities":
        yield from map(jsonable.entity, library.entities.entities())
    elif what == "mentions":
        for article_id in library.articles.ids(versions=versions):
            yield from map(jsonable.mention, library.entities.mentions(article_id))
    elif what == "quotations":
        wanted = frozenset(library.articles.ids(versions=versions))
        yield from (jsonable.quotation(one) for one in library.quotations.all() if one.article in wanted)
    else:
        for match in library.matches.all():
            yield jsonable.match(match, library.matches.conflict(match))


def _annotations(library: Library, form: str, group: Group) -> Iterator[str]:
    from warreader.index.annotations import export as forms

    if form not in FORMATS:
        if form in ARCHIVES:
            raise UsageError(f"{form} is a file of its own: name it with -o FILE")
        known = ", ".join((*FORMATS, *ARCHIVES))
        raise UsageError(f"no format {form!r} for annotations; choose one of: {known}")
    if form == "qdc":
        from warreader.index.annotations.refi import to_qdc

        book = library.annotations.book
        return to_qdc(book.codes(), (tag.name for tag in library.annotations.tags()))
    notes = library.annotations.all()
    cited = cache(partial(cite, library))

    def address(article_id: str) -> str | None:
        return cited(article_id).url

    @cache
    def name(entity_id: str) -> str:
        entity = library.entities.get(entity_id)
        return entity_id if entity is None else entity.name

    if form == "w3c":
        return forms.to_w3c_lines(notes, address)
    if form == "markdown":
        from warreader.index.annotations.markdown import to_markdown

        return iter(to_markdown(notes, cited, group, name).split("\n"))
    if form == "html":
        from warreader.index.annotations.html import to_html

        return to_html(notes, cited, group, name)
    return forms.to_csv(notes, cited) if form == "csv" else forms.to_jsonl(notes, address)


def write_archive(library: Library, form: str, target: Path) -> None:
    """Write annotations in one of :data:`ARCHIVES`.

    Raises:
        OSError: the file can't be written.
    """
    store = library.annotations
    if form == "qdpx":
        from warreader.index.annotations.refi import write_qdpx

        write_qdpx(target, store.all(), store.book.codes(), partial(cite, library), library.articles.text)
    else:
        from warreader.index.annotations.brat import write_brat

        write_brat(target, store.all(), library.articles.text)


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
