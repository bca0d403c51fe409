"""Saved news pages with what they should come to, for the benchmarks that read pages.

Two collections are known by their files:

* the article extraction benchmark (https://github.com/scrapinghub/article-extraction-benchmark, MIT): 181 pages with
  article bodies taken out by hand, as a folder or its ``.tar.xz``;
* Fundus (https://github.com/flairNLP/fundus, MIT), a checkout: pages of some 150 outlets in 30 languages with what
  parsers written by hand for each outlet take from them, as its maintainers have checked it: body, title, authors,
  date; and the outlets' names.
"""

from __future__ import annotations

import gzip
import json
import re
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Page:
    """A page and its gold; ``None`` is not known."""

    name: str
    data: bytes
    url: str | None
    body: str | None = None
    title: str | None = None
    authors: tuple[str, ...] = ()
    date: str | None = None
    outlet: str | None = None


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The folder itself, or what is in the archive."""
    if path.is_dir():
        yield path
        return
    with tempfile.TemporaryDirectory() as folder, tarfile.open(path) as archive:
        archive.extractall(folder, filter="data")
        inside = [child for child in Path(folder).iterdir() if child.is_dir()]
        yield inside[0] if len(inside) == 1 else Path(folder)


def pages(folder: Path) -> Iterator[Page]:
    """The pages of a collection with their gold, in order of name; of any other folder its pages without."""
    if (folder / "ground-truth.json").is_file():
        yield from _benchmark(folder)
    elif (folder / "tests/resources/parser/test_data").is_dir():
        yield from _fundus(folder)
    else:
        for path in sorted(folder.rglob("*")):
            if path.name.endswith((".html", ".htm", ".html.gz")):
                yield Page(path.name, _read(path), None)


def _benchmark(folder: Path) -> Iterator[Page]:
    for name, gold in sorted(json.loads((folder / "ground-truth.json").read_text("utf-8")).items()):
        yield Page(name, _read(folder / "html" / f"{name}.html.gz"), gold.get("url"), gold["articleBody"])


def _fundus(folder: Path) -> Iterator[Page]:
    for path in sorted((folder / "tests/resources/parser/test_data").glob("*/*.json")):
        gold = json.loads(path.read_text("utf-8"))
        files = sorted(path.parent.glob(f"{path.stem}_[0-9]*.html.gz"))
        info = json.loads((path.parent / "meta.info").read_text("utf-8"))
        versions = sorted(gold, key=lambda version: [int(number) for number in re.findall(r"\d+", version)])
        if len(files) != len(versions):
            continue
        for file, version in zip(files, versions, strict=True):
            stated = gold[version]
            yield Page(
                name=file.name.removesuffix(".html.gz"),
                data=_read(file),
                url=info[file.name]["url"],
                body=_body(stated.get("body") or {}),
                title=stated.get("title"),
                authors=tuple(stated.get("authors") or ()),
                date=stated.get("publishing_date"),
                outlet=_outlet(folder, path),
            )


def _body(stated: dict[str, list[str] | list[dict[str, list[str]]]]) -> str:
    lines: list[str] = []
    for line in stated.get("summary", []):
        lines.append(str(line))
    for section in stated.get("sections", []):
        assert isinstance(section, dict)
        lines += [*section["headline"], *section["paragraphs"]]
    return "\n".join(lines)


def _outlet(folder: Path, gold: Path) -> str | None:
    listed = folder / "src/fundus/publishers" / gold.parent.name / "__init__.py"
    if not listed.is_file():
        return None
    match = re.search(
        rf'^    {gold.stem} = Publisher\(\s*name="([^"]+)"', listed.read_text("utf-8"), re.MULTILINE
    )
    return match[1] if match else None


def _read(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
