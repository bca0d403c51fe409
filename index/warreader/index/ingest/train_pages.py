"""Lines to train the line model on: pages with gold bodies, rendered to plain text in several ways, and labelled.

As nobody knows which program the users' texts went through, every page is rendered in
several ways; what of it stands in the gold body is kept, the rest is set aside. Only the
training program and the benchmarks use this module, and the libraries it asks for.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from warreader.index.article import LineKind

_BLOCKS = frozenset(
    "address article aside blockquote body br button center dd details dialog div dl dt fieldset figcaption figure "  # noqa: SIM905
    "footer form h1 h2 h3 h4 h5 h6 header hr label legend li main menu nav ol option p pre section select summary "
    "table tbody td textarea tfoot th thead tr ul".split()
)
_SILENT = frozenset(
    "script style noscript template head title svg iframe object canvas audio video".split()  # noqa: SIM905
)
_CAPTION = re.compile(r"caption|credit|image-?text|photo-?(?:text|desc)", re.IGNORECASE)
_BYLINE = re.compile(
    r"byline|author|dateline|pub(?:lished)?[-_]?date|timestamp|posted-on|date-?time", re.IGNORECASE
)


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
        gold = Gold(page)
        texts = {way: render(page) for way, render in ways.items()}
        texts |= {f"={name}": texts_by_page.get(key, "") for name, texts_by_page in outputs.items()}
        for way, text in texts.items():
            if text.strip():
                found = gold.label(text)
                found.way, found.page, found.site = way, key, page.site
                yield found


# How a page becomes plain text.


def _tree(html: str) -> Any:
    from lxml import html as markup

    return markup.fromstring(
        html.encode("utf-8"), parser=markup.HTMLParser(encoding="utf-8", remove_comments=True)
    )


def _lines_of(element: Any, out: list[list[str]], *, nodes: bool) -> None:
    if not isinstance(element.tag, str) or element.tag in _SILENT:
        return
    block = nodes or element.tag in _BLOCKS
    if block:
        out.append([])
    if element.text:
        out[-1].append(element.text)
    for child in element:
        _lines_of(child, out, nodes=nodes)
        if nodes or (isinstance(child.tag, str) and child.tag in _BLOCKS):
            out.append([])
        if child.tail:
            out[-1].append(child.tail)


def block_text(element: Any, *, nodes: bool = False) -> str:
    """The text of an element, a line a block (a line a text node with ``nodes``)."""
    out: list[list[str]] = [[]]
    _lines_of(element, out, nodes=nodes)
    return "\n".join(line for parts in out if (line := " ".join("".join(parts).split())))


def _region(page: Page) -> Any:
    """The smallest element that holds nearly all of the gold body, and what stands beside it."""
    root = _tree(page.html)
    gold = _shingles(_plain(page.body))
    best = root
    while True:
        for child in best:
            if isinstance(child.tag, str) and child.tag not in _SILENT:
                own = _shingles(_plain(block_text(child)))
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
    "page": ("", lambda page: block_text(_tree(page.html))),
    "region": ("", lambda page: block_text(_region(page))),
    "nodes": ("", lambda page: block_text(_region(page), nodes=True)),
    "resiliparse": ("resiliparse", lambda page: _resiliparse(page, main=False)),
    "resiliparse-main": ("resiliparse", lambda page: _resiliparse(page, main=True)),
    "trafilatura-recall": ("trafilatura", _trafilatura_recall),
    "justext": ("justext", _justext),
}
"""Ways in which a page becomes plain text, by name, each with the library it needs beside lxml."""


# What of a text is gold.


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def _shingles(plain: str) -> set[str]:
    words = plain.split()
    return {" ".join(words[at : at + 4]) for at in range(max(1, len(words) - 3))}


def _marked(root: Any, pattern: re.Pattern[str], tags: frozenset[str]) -> set[str]:
    """Texts of the lines inside elements whose tag or class says what they are."""
    found: set[str] = set()
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        named = " ".join(filter(None, (element.get("class"), element.get("itemprop"), element.get("rel"))))
        if element.tag in tags or pattern.search(named):
            lines = block_text(element).split("\n")
            if sum(map(len, lines)) < 600:
                found.update(_plain(line) for line in lines)
                found.add(_plain(" ".join(lines)))
    found.discard("")
    return found


class Gold:
    """What a page's gold says of any line of any rendering of it."""

    def __init__(self, page: Page) -> None:
        root = _tree(page.html)
        self.body = f" {_plain(page.body)} "
        self.lines = {_plain(line) for line in page.body.split("\n")}
        self.shingles = _shingles(self.body)
        self.captions = _marked(root, _CAPTION, frozenset({"figcaption"}))
        self.bylines = _marked(root, _BYLINE, frozenset({"time"}))
        titles = [element.text_content() for element in root.iter("title", "h1")]
        titles += root.xpath("//meta[@property='og:title']/@content")
        self.titles = {_plain(title) for title in titles} - {""}

    def label(self, text: str) -> Labelled:
        """The text's lines, judged one after the other."""
        kinds: list[LineKind | None] = []
        at = 0
        titled = False
        for line in text.split("\n"):
            plain = _plain(line)
            if not plain:
                kinds.append(None)
                continue
            place = self._find(plain, at)
            if place >= 0:
                at = place + len(plain) + 1
                kinds.append(LineKind.BODY)
            elif self._title(plain):
                kinds.append(None if titled else LineKind.HEADLINE)
                titled = True
            elif plain in self.bylines:
                kinds.append(None)
            else:
                kinds.append(LineKind.CAPTION if plain in self.captions else LineKind.FURNITURE)
        return Labelled(text, kinds)

    def _find(self, plain: str, at: int) -> int:
        """Where in the body the line stands, -1 nowhere: a short line only where the lines before have led to."""
        words = plain.count(" ") + 1
        if words >= 5 or plain in self.lines:
            found = self.body.find(f" {plain} ", max(0, at - 1))
            found = found if found >= 0 else self.body.find(f" {plain} ")
            if found >= 0:
                return found
        elif (found := self.body.find(f" {plain} ", max(0, at - 1), at + len(plain) + 4)) >= 0:
            return found
        if words >= 10:
            own = _shingles(plain)
            if len(own & self.shingles) >= 0.8 * len(own):
                return at
        return -1

    def _title(self, plain: str) -> bool:
        return plain.count(" ") >= 2 and any(
            plain == title
            or ((plain in title or title in plain) and len(plain) > 0.6 * len(title) > 0.36 * len(plain))
            for title in self.titles
        )
