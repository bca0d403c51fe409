"""How often the headline is found in a page without markup: python tests/benchmarks/headlines.py COLLECTION...

COLLECTION is a folder of pages with gold bodies (see warreader.index.ingest.train_collections; --most of each). Gold is
the title that the page's markup states; counted are the pages of which some line is that title, or begins it, or begins
with it. Each page is taken whole and as the region around its article, in the words of train_pages.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from pathlib import Path

from warreader.index.article import LineKind
from warreader.index.errors import InputError
from warreader.index.ingest import markup, page_metadata
from warreader.index.ingest.lines import classify
from warreader.index.ingest.outlets import bare_words
from warreader.index.ingest.train_collections import Page, pages
from warreader.index.ingest.train_pages import RENDERINGS

_WAYS = ("page", "region")
_LEAST = 15
"""Letters and digits from which the beginning of a title is taken for it."""


def title_of(page: Page) -> str | None:
    """What the page's markup says its title is."""
    try:
        tree = markup.tree(markup.readable(page.html))
    except InputError:
        return None
    return None if tree is None else page_metadata.read(tree, page.html, page.url, guess=False).meta.title


def is_title(line: str, title: str) -> bool:
    """Whether a line is a title, or one of them begins the other."""
    one, other = bare_words(line), bare_words(title)
    return one == other or (len(one) > _LEAST and (one.startswith(other) or other.startswith(one)))


def judged(text: str, title: str) -> str | None:
    """``right``, ``wrong`` or ``none``; ``None`` where the title is no line of the text."""
    lines = [(line.kind, text[line.start : line.end].strip()) for line in classify(text)]
    if not any(line and is_title(line, title) for _, line in lines):
        return None
    found = next((line for kind, line in lines if kind is LineKind.HEADLINE), None)
    return "none" if found is None else "right" if is_title(found, title) else "wrong"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("collections", type=Path, nargs="+")
    parser.add_argument("--most", type=int, default=250, help="pages of each collection, drawn by lot")
    given = parser.parse_args()
    counts = Counter[tuple[str, str]]()
    for collection in given.collections:
        found = list(pages(collection))
        random.Random(1).shuffle(found)
        for _, page in found[: given.most]:
            if (title := title_of(page)) is None:
                continue
            for way in _WAYS:
                if (verdict := judged(RENDERINGS[way](page), title)) is not None:
                    counts[way, verdict] += 1
    for way in _WAYS:
        right, wrong, none = (counts[way, verdict] for verdict in ("right", "wrong", "none"))
        total = max(1, right + wrong + none)
        print(
            f"{way:7} of {total}: {right / total:.3f} right, {wrong / total:.3f} wrong, {none / total:.3f} none"
        )


if __name__ == "__main__":
    main()
