"""Collections of pages with gold bodies, to train and measure the line model on.

Each is a folder, known by its files:

* the article extraction benchmark (https://github.com/scrapinghub/article-extraction-benchmark, MIT), unpacked;
* WCXB (https://github.com/Murrough-Foley/web-content-extraction-benchmark, CC BY 4.0), a checkout: articles of some
  900 sites, with main content taken out by program and reviewed; its other kinds of page are passed over;
* Fundus (https://github.com/flairNLP/fundus, MIT), a checkout: news pages of some 150 outlets, with what parsers
  written by hand take from them.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_FUNDUS = "tests/resources/parser/test_data"
_LEAST = 300
"""Code points of the shortest body that is an article's."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its address, its gold body, and the file that holds its markup, gzipped."""

    url: str
    body: str
    file: Path

    @property
    def html(self) -> str:
        """Its markup, read anew each time: of a thousand pages that are listed few are needed at once."""
        return gzip.decompress(self.file.read_bytes()).decode("utf-8", "replace")

    @property
    def site(self) -> str:
        """The host it came from, without www."""
        return urlsplit(self.url).netloc.removeprefix("www.")


def pages(folder: Path) -> Iterator[tuple[str, Page]]:
    """A collection's pages by their id.

    Raises:
        ValueError: the folder is none of the collections.
    """
    if (folder / "ground-truth.json").is_file():
        yield from _benchmark(folder)
    elif (folder / "dev" / "ground-truth").is_dir():
        yield from _wcxb(folder)
    elif (folder / _FUNDUS).is_dir():
        yield from _fundus(folder)
    else:
        raise ValueError(f"{folder} is no collection of pages that is known")


def _benchmark(folder: Path) -> Iterator[tuple[str, Page]]:
    for key, truth in sorted(json.loads((folder / "ground-truth.json").read_text("utf-8")).items()):
        yield key, Page(truth["url"], truth["articleBody"], folder / "html" / f"{key}.html.gz")


def _wcxb(folder: Path) -> Iterator[tuple[str, Page]]:
    for path in sorted(folder.glob("*/ground-truth/*.json")):
        stated = json.loads(path.read_text("utf-8"))
        body = stated["ground_truth"].get("main_content") or ""
        kind = stated.get("_internal", {}).get("page_type", {}).get("primary")
        if kind == "article" and stated.get("url") and len(body) >= _LEAST:
            part = path.parent.parent  # its two parts number their pages alike
            yield (
                f"wcxb-{part.name}-{path.stem}",
                Page(stated["url"], body, part / "html" / f"{path.stem}.html.gz"),
            )


def _fundus(folder: Path) -> Iterator[tuple[str, Page]]:
    for path in sorted((folder / _FUNDUS).glob("*/*.json")):
        gold: dict[str, Any] = json.loads(path.read_text("utf-8"))
        files = sorted(path.parent.glob(f"{path.stem}_[0-9]*.html.gz"))
        info = json.loads((path.parent / "meta.info").read_text("utf-8"))
        versions = sorted(gold, key=lambda version: [int(number) for number in re.findall(r"\d+", version)])
        for file, version in zip(files, versions, strict=False):
            body = _stated_body(gold[version].get("body") or {})
            if len(files) == len(versions) and len(body) >= _LEAST:
                yield file.name.removesuffix(".html.gz"), Page(info[file.name]["url"], body, file)


def _stated_body(stated: dict[str, Any]) -> str:
    lines = list(stated.get("summary", []))
    for section in stated.get("sections", []):
        lines += [*section["headline"], *section["paragraphs"]]
    return "\n".join(map(str, lines))
