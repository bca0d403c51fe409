"""Lines to train the line model on: pages with gold bodies, rendered to plain text in several ways, and labelled.

As nobody knows which program the users' texts went through, every page is rendered in
several ways; what of it stands in the gold body is kept, the rest is set aside. Only the
training program and the benchmarks use this module, and the libraries it asks for.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warreader.index.article import LineKind
from warreader.index.ingest.train_blocks import SILENT, block_text, parsed
from warreader.index.ingest.train_gold import Gold, plain, shingles


@dataclass(slots=True)
class Page:
    """A page: its address, its markup and the gold body."""

    url: str
    html: str
    body: str

    @property
    def site(self) -> str:
        """The host it came from, without www."""
        return urlsplit(self.url).netloc.removeprefix("www.")


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


def pages(folder: Path) -> Iterator[tuple[str, Page]]:
    """The benchmark's pages by their id."""
    for key, truth in sorted(json.loads((folder / "ground-truth.json").read_text("utf-8")).items()):
        packed = (folder / "html" / f"{key}.html.gz").read_bytes()
        yield (
            key,
            Page(truth["url"], gzip.decompress(packed).decode("utf-8", "replace"), truth["articleBody"]),
        )


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


def rendered(folder: Path, *, stored: bool = False) -> Iterator[Labelled]:
    """Every page in every way, labelled.

    Args:
        folder: the unpacked benchmark.
        stored: whether to add its stored outputs, as ways "=name".

    Ways whose library isn't installed are left out.
    """
    outputs = stored_outputs(folder) if stored else {}
    ways = {way: render for way, (library, render) in RENDERINGS.items() if not library or find_spec(library)}
    for key, page in pages(folder):
        gold = Gold(parsed(page.html), page.body, page.url)
        texts = {way: render(page) for way, render in ways.items()}
        texts |= {f"={name}": texts_by_page.get(key, "") for name, texts_by_page in outputs.items()}
        for way, text in texts.items():
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


def _resiliparse(page: Page, main: bool) -> str:
    from resiliparse.extract.html2text import extract_plain_text

    return str(extract_plain_text(page.html, main_content=main, preserve_formatting=True))


def _trafilatura_recall(page: Page) -> str:
    from trafilatura import extract

    return (
        extract(page.html, favor_recall=True, include_comments=True, include_tables=True, deduplicate=False)
        or ""
    )


def _justext(page: Page) -> str:
    import justext

    found = justext.justext(page.html.encode("utf-8"), justext.get_stoplist("English"), encoding="utf-8")
    return "\n".join(p.text for p in found if p.cf_class != "bad" or p.is_heading)


RENDERINGS: dict[str, tuple[str, Callable[[Page], str]]] = {
    "page": ("", lambda page: block_text(parsed(page.html))),
    "region": ("", lambda page: block_text(_region(page))),
    "nodes": ("", lambda page: block_text(_region(page), nodes=True)),
    "resiliparse": ("resiliparse", lambda page: _resiliparse(page, main=False)),
    "resiliparse-main": ("resiliparse", lambda page: _resiliparse(page, main=True)),
    "trafilatura-recall": ("trafilatura", _trafilatura_recall),
    "justext": ("justext", _justext),
}
"""Ways in which a page becomes plain text, by name, each with the library it needs beside lxml."""
