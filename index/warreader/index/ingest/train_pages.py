"""Lines to train the line model on: pages with gold bodies, rendered to plain text in several ways, and labelled.

As nobody knows which program the users' texts went through, every page is rendered in
several ways; what of it stands in the gold body is kept, the rest is set aside. Only the
training program and the benchmarks use this module, and the libraries it asks for.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from warreader.index.article import LineKind
from warreader.index.ingest.train_blocks import SILENT, block_text, parsed
from warreader.index.ingest.train_collections import Page, pages
from warreader.index.ingest.train_gold import Gold, plain, shingles


@dataclass(slots=True)
class Labelled:
    """A text with the kind of each line: body, headline, caption, furniture, or None where gold says nothing.

    ``way`` is how it was rendered, ``page`` and ``site`` what it was made from.
    """

    text: str
    kinds: list[LineKind | None]
    way: str = ""
    page: str = ""
    site: str = ""


def stored_outputs(folder: Path) -> dict[str, dict[str, str]]:
    """What other extractors made of the pages, as far as the benchmark holds it: text by page by extractor."""
    found = {}
    for path in sorted((folder / "output").glob("*.json")):
        data = json.loads(path.read_text("utf-8"))
        data = max(data.values(), key=len) if len(data) < 5 else data
        texts = {key: v if isinstance(v, str) else v.get("articleBody") or "" for key, v in data.items()}
        if texts and any("\n" in text for text in texts.values()):
            found[path.stem] = texts
    return found


def rendered(
    folder: Path, ways: int | None = None, *, stored: bool = True, jobs: int = 1
) -> Iterator[Labelled]:
    """A collection's pages in several ways, labelled; see :func:`~.train_collections.pages`.

    Args:
        folder: the collection.
        ways: in how many ways each page, drawn by lot from its name; ``None`` for all of them.
        stored: whether to add what other extractors made of them, as ways "=name", where the collection holds it.
        jobs: processes to share the work; they change nothing in what comes out, nor in its order.

    Raises:
        ValueError: the folder is none of the collections.
        ModuleNotFoundError: a library that a way needs isn't installed.
    """
    outputs = stored_outputs(folder) if stored else {}
    asked = (
        (key, page, drawn(key, ways), {f"={name}": texts.get(key, "") for name, texts in outputs.items()})
        for key, page in pages(folder)
    )
    if jobs <= 1:
        for one in asked:
            yield from _labelled(one)
        return
    # Libraries started threads by now, and a fork takes none of them along.
    with get_context("spawn").Pool(jobs) as pool:
        for found in pool.imap(_labelled, asked, chunksize=4):
            yield from found


def drawn(key: str, ways: int | None = None) -> list[str]:
    """The ways in which a page is rendered, in order of name."""
    everything = sorted([*RENDERINGS, WORN])
    return everything if ways is None else sorted(random.Random(key).sample(everything, ways))


def _labelled(asked: tuple[str, Page, Sequence[str], Mapping[str, str]]) -> list[Labelled]:
    return list(labelled(*asked))


def labelled(key: str, page: Page, ways: Sequence[str], more: Mapping[str, str]) -> Iterator[Labelled]:
    """One page in the ways that are named, and in those of which the text is given."""
    gold = Gold(parsed(page.html), page.body, page.url)
    texts = {
        way: worn(_region_text(page), random.Random(key)) if way == WORN else RENDERINGS[way](page)
        for way in ways
    }
    for way, text in (texts | dict(more)).items():
        if text.strip():
            yield Labelled(text, gold.label(text), way, key, page.site)


# How a page becomes plain text.


def _region(page: Page) -> Any:
    """The smallest element that holds nearly all of the gold body, and what stands beside it."""
    root = parsed(page.html)
    gold = shingles(plain(page.body))
    best = root
    while True:
        for child in best:
            if isinstance(child.tag, str) and child.tag not in SILENT:
                own = shingles(plain(block_text(child)))
                if len(own & gold) >= 0.9 * len(gold):
                    best = child
                    break
        else:
            break
    # One step up, since what is to be told apart stands beside the body.
    parent = best.getparent()
    return parent if parent is not None and isinstance(parent.tag, str) and parent.tag != "html" else best


def _region_text(page: Page) -> str:
    return block_text(_region(page))


def _resiliparse(page: Page, main: bool) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(page.html, main_content=main, preserve_formatting=True))


def _trafilatura_recall(page: Page) -> str:
    from trafilatura import extract

    return (
        extract(page.html, favor_recall=True, include_comments=True, include_tables=True, deduplicate=False)
        or ""
    )


def _trafilatura(page: Page) -> str:
    from trafilatura import extract

    return extract(page.html, fast=True, include_comments=False, deduplicate=False) or ""


def _boilerpipe(page: Page) -> str:
    from boilerpy3.extractors import ArticleExtractor

    return str(ArticleExtractor(raise_on_failure=False).get_content(page.html))


def _readability(page: Page) -> str:
    from readability import Document

    return block_text(parsed(Document(page.html).summary()))


def _inscriptis(page: Page) -> str:
    from inscriptis import get_text

    return str(get_text(page.html))


def _markdown(page: Page) -> str:
    """The article's region in Markdown, as programs that feed language models have it."""
    from html2text import HTML2Text
    from lxml import html as markup

    made = HTML2Text(bodywidth=0)
    made.ignore_images = True
    return str(made.handle(markup.tostring(_region(page), encoding="unicode")))


def worn(text: str, chance: random.Random) -> str:
    """A text as yet another extractor might leave it: some lines gone, some run together, some broken.

    What is dropped goes in runs, as extractors drop whole elements, and short lines go first.
    """
    lines: list[str] = []
    dropping = False
    rate, joining, breaking = (
        chance.uniform(0, 0.5),
        chance.choice((0, 0.05, 0.3)),
        chance.choice((0, 0, 0.1, 0.5)),
    )
    for line in text.split("\n"):
        dropping = chance.random() < (0.75 if dropping else rate) * (1 if len(line) < 80 else 0.15)
        if dropping:
            continue
        if lines and len(line) < 60 and len(lines[-1]) < 60 and chance.random() < joining:
            lines[-1] += " " + line
        elif len(line) > 250 and chance.random() < breaking:
            lines += re.split(r"(?<=[.!?]) (?=[A-Z\"“])", line)
        else:
            lines.append(line)
    return "\n".join(lines)


def _justext(page: Page) -> str:
    import justext

    found = justext.justext(page.html.encode("utf-8"), justext.get_stoplist("English"), encoding="utf-8")
    return "\n".join(p.text for p in found if p.cf_class != "bad" or p.is_heading)


WORN = "worn"
"""The way that leaves a page's region as yet another extractor might."""
RENDERINGS: dict[str, Callable[[Page], str]] = {
    "page": lambda page: block_text(parsed(page.html)),
    "region": _region_text,
    "nodes": lambda page: block_text(_region(page), nodes=True),
    "resiliparse": lambda page: _resiliparse(page, main=False),
    "resiliparse-main": lambda page: _resiliparse(page, main=True),
    "trafilatura-recall": _trafilatura_recall,
    "trafilatura": _trafilatura,
    "boilerpipe": _boilerpipe,
    "readability": _readability,
    "inscriptis": _inscriptis,
    "markdown": _markdown,
    "justext": _justext,
}
"""The other ways in which a page becomes plain text."""
LIBRARIES = (
    "lxml", "resiliparse", "trafilatura", "boilerpy3", "readability-lxml", "inscriptis", "html2text", "justext",
)  # fmt: skip
"""What they are made with, as the package index names it: another version gives other lines."""
