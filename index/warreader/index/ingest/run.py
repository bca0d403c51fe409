"""The ingest run: from paths that a user names to stored articles. It can be stopped and started again at any point."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from warreader.index.article import AddReport, Failure, Metadata, Progress
from warreader.index.articles import Articles, Incoming, Outcome
from warreader.index.errors import InputError
from warreader.index.ingest import formats, lines, metadata


def add(articles: Articles, paths: Iterable[Path], progress: Callable[[Progress], None]) -> AddReport:
    """Store every article under the paths, each in a transaction of its own.

    What can't be read is listed in the report; the rest goes on. Articles that
    are stored already are skipped, so a run that was cut off goes on where it
    was when run again.
    """
    report = AddReport()
    files = list(_files(paths, report))
    for done, path in enumerate(files):
        progress(Progress("add", done, len(files), detail=display(Path(path.name))))
        try:
            for item in formats.read(path):
                if isinstance(item, InputError):
                    report.failures.append(Failure(display(path), item.place, item.reason))
                else:
                    _store(articles, path, item, report)
        except InputError as error:
            report.failures.append(Failure(display(path), error.place, error.reason))
    progress(Progress("add", len(files), len(files)))
    return report


def display(path: Path) -> str:
    """A path as text that any stream can print, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "replace")


def _files(paths: Iterable[Path], report: AddReport) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            found = 0
            for file in formats.files_under(path):
                if file.suffix.lower() in formats.READERS:
                    found += 1
                    yield file
                else:
                    suffix = file.suffix.lower() or "no suffix"
                    report.left_out[suffix] = report.left_out.get(suffix, 0) + 1
            if not found:
                readable = os.access(path, os.R_OK | os.X_OK)
                reason = f"no articles in this folder; known files are {formats.KNOWN}"
                report.failures.append(
                    Failure(
                        display(path),
                        None,
                        reason if readable else "can't be read; check the folder's permissions",
                    )
                )
        elif path.exists():
            yield path
        else:
            report.failures.append(Failure(display(path), None, "no such file or folder; check the path"))


def _store(articles: Articles, path: Path, raw: formats.Raw, report: AddReport) -> None:
    kinds = lines.classify(raw.text)
    stated = metadata.metadata(raw.text, kinds)
    meta = Metadata(
        title=raw.meta.title or stated.title or metadata.fallback_title(raw.text, kinds),
        outlet=raw.meta.outlet or stated.outlet,
        author=raw.meta.author or stated.author,
        date=raw.meta.date or stated.date,
        url=raw.meta.url or stated.url,
        language=raw.meta.language or stated.language,
    )
    source = str(path.resolve()) + (f"#{raw.id}" if raw.stated_id else "")
    outcome, article_id = articles.store(Incoming(raw.id, raw.text, kinds, meta, source, raw.stated_id))
    if outcome is Outcome.DUPLICATE:
        report.duplicates.append(f"{path}, {raw.place}" if raw.place else display(path))
    elif outcome is Outcome.UPDATED:
        report.updated.append(article_id)
    else:
        report.added.append(article_id)
