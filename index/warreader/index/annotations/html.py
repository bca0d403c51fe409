"""Annotations as one page of HTML that needs nothing else: for reading, printing and sharing.

Titles, quotes and notes are other people's words: all of it is escaped, and only addresses of
the web become links.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import escape

from warreader.index.annotations.export import Citation
from warreader.index.annotations.grouping import Group, grouped
from warreader.index.annotations.model import Annotation
from warreader.index.counting import many
from warreader.index.text import visible

_WEB = re.compile(r"https?://[^\s\"'<>]+")
_STYLE = (
    "body{font:16px/1.5 Georgia,serif;max-width:46rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}"
    "h1,h2,nav,.tags,.cite,footer{font-family:system-ui,sans-serif}"
    "h2{margin:2.2rem 0 .2rem;font-size:1.15rem}.cite{color:#666;font-size:.9rem;margin:0 0 .8rem}"
    "article{margin:0 0 1.4rem}blockquote{margin:0;padding:.1rem 0 .1rem .9rem;border-left:3px solid #c9a227;"
    "white-space:pre-line}.note{margin:.4rem 0 0 1rem;white-space:pre-line}.tags{margin:.3rem 0 0 1rem;"
    "font-size:.85rem;color:#555}.tags span{background:#f2ecd6;border-radius:3px;padding:0 .35em;margin-right:.4em}"
    "@media(prefers-color-scheme:dark){body{background:#1b1b1d;color:#ddd}.tags span{background:#3a3420}}"
)


def to_html(
    annotations: Iterable[Annotation],
    cite: Callable[[str], Citation],
    group: Group = "article",
    called: Callable[[str], str] = str,
) -> Iterator[str]:
    """The lines of the page.

    Args:
        cite: the citation of an article by its id.
        group: what annotations stand together by.
        called: the name of an entity, by its id.
    """
    yield "<!DOCTYPE html>"
    yield '<html lang="en"><head><meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>Annotations</title><style>{_STYLE}</style></head><body>"
    yield "<h1>Annotations</h1>"
    count = 0
    for title, made in grouped(annotations, group):
        if group == "article":
            yield f"<h2>{_text(cite(title).title)}</h2>"
            yield _cited(cite(title), title=False)
        else:
            yield f"<h2>{_text(title) if title else 'without a tag'}</h2>"
        for one in made:
            count += 1
            yield from _annotation(one, None if group == "article" else cite(one.article), called)
    yield f"<footer>{many(count, 'annotation')}</footer></body></html>"


def _annotation(one: Annotation, citation: Citation | None, called: Callable[[str], str]) -> Iterator[str]:
    yield f'<article id="{escape(one.id)}">'
    if one.entity is not None:
        yield f"<p>On {_text(called(one.entity))}, wherever named:</p>"
    elif one.span is None:
        yield "<p>On the article as a whole:</p>"
    else:
        yield f"<blockquote>{_text(one.exact)}</blockquote>"
    if citation is not None:
        yield _cited(citation, title=True)
    if one.note:
        yield f'<div class="note">{_text(one.note)}</div>'
    if one.tags:
        yield f'<div class="tags">{"".join(f"<span>{_text(tag)}</span>" for tag in one.tags)}</div>'
    yield "</article>"


def _cited(citation: Citation, *, title: bool) -> str:
    parts = [citation.title] if title else []
    parts += citation.sources
    told = [_text(part) for part in parts]
    if citation.url:
        url = citation.url
        linked = f'<a rel="noopener noreferrer nofollow" href="{escape(url)}">{_text(url)}</a>'
        told.append(linked if _WEB.fullmatch(url) else _text(url))
    return f'<p class="cite">{", ".join(told)}</p>'


def _text(text: str) -> str:
    return escape(visible(text))
