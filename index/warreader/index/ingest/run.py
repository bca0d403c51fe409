"""The ingest run: from paths that a user names to stored articles. It can be stopped and started again at any point."""

from __future__ import annotations

import os
import stat
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
        name = display(Path(path.name))
        progress(Progress("add", done, len(files), detail=name))
        try:
            for number, item in enumerate(formats.read(path)):
                if number:
                    progress(Progress("add", done, len(files), detail=f"{name}, {number} articles"))
                if isinstance(item, InputError):
                    report.failures.append(Failure(display(path), item.place, item.reason))
                else:
                    _store(articles, path, item, report)
        except InputError as error:
            report.failures.append(Failure(display(path), error.place, error.reason))
    progress(Progress("add", len(files), len(files)))
    return report


def display(path: Path) -> str:
    """A path as text that any stream and database takes, whatever bytes its name holds."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _files(paths: Iterable[Path], report: AddReport) -> Iterator[Path]:
    for path in paths:
        try:
            folder = stat.S_ISDIR(path.stat().st_mode)
        except (OSError, ValueError) as error:
            report.failures.append(Failure(display(path), None, _missing(error)))
            continue
        if folder:
            yield from _files_in(path, report)
        else:
            yield path


def _files_in(folder: Path, report: AddReport) -> Iterator[Path]:
    def unread(error: OSError) -> None:
        report.failures.append(Failure(display(Path(error.filename or folder)), None, _missing(error)))

    failed = len(report.failures)
    found = 0
    for file in formats.files_under(folder, unread):
        if file.suffix.lower() in formats.READERS:
            found += 1
            yield file
        else:
            suffix = display(Path(file.suffix.lower() or "no suffix"))
            report.left_out[suffix] = report.left_out.get(suffix, 0) + 1
    if not found and len(report.failures) == failed:
        reason = f"no articles in this folder; known files are {formats.KNOWN}"
        report.failures.append(Failure(display(folder), None, reason))


def _missing(error: OSError | ValueError) -> str:
    if isinstance(error, PermissionError):
        return "can't be read; check its permissions"
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return "no such file or folder; check the path"
    return f"can't be read ({error.strerror}); check the path"


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
    source = display(Path(os.path.realpath(path))) + (f"#{raw.id}" if raw.stated_id else "")
    outcome, article_id = articles.store(Incoming(raw.id, raw.text, kinds, meta, source, raw.stated_id))
    if outcome is Outcome.DUPLICATE:
        report.duplicates.append(f"{display(path)}, {raw.place}" if raw.place else display(path))
    elif outcome is Outcome.UPDATED:
        report.updated.append(article_id)
    else:
        report.added.append(article_id)
