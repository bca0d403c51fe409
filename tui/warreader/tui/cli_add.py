"""``warreader add``, ``update`` and ``remove``: articles in and out, and what is derived from them."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from warreader.index.api import (
    RECORD_FIELDS,
    AddReport,
    Failure,
    Library,
    LibraryBusyError,
    Options,
    Progress,
    UsageError,
    default_jobs,
    many,
)
from warreader.tui.cli_output import opened, print_json, shown
from warreader.tui.progress import describe

STOPPED = 130
"""Exit code after ctrl+c, as shells have it."""

_PATIENCE = 1.0
"""Seconds that a search waits for another process that brings the library up to date."""
_ALIKE = 5
"""Failures of one file with one reason that are told one by one, where there are twice as many."""
_OBJECTS = 20_000
"""Objects made until cyclic garbage is looked for."""


def add(parsed: argparse.Namespace) -> int:
    """Add what was named; say what was added, updated, passed over, failed."""
    if not all(parsed.paths):
        # An empty path would be read as the folder that one is in, with all below it.
        raise UsageError("a PATH is empty, as where a variable is not set; this folder is named .")
    options = Options(_mapping(parsed.map), _form(parsed.format), again=parsed.again)
    with opened(parsed, create=True, write=True) as library, _long_work():
        report = library.add(
            parsed.paths,
            teller(),
            options=options,
            jobs=parsed.jobs or default_jobs(),
            derive=not parsed.defer,
            wait=parsed.wait,
        )
    if parsed.json:
        _print_json(report)
    else:
        _tell(report.failures)
        print(
            f"added {len(report.added)}, updated {len(report.updated)}, "
            f"duplicate {len(report.duplicates)}, failed {len(report.failures)}"
        )
    if report.left_out:
        kinds = ", ".join(f"{number} {suffix}" for suffix, number in sorted(report.left_out.items()))
        print(shown(f"left out, not read: {kinds}"), file=sys.stderr)
    if report.stopped:
        print("stopped; what was stored stays, run it again to go on", file=sys.stderr)
        return STOPPED
    return 1 if report.failures else 0


def update(parsed: argparse.Namespace) -> int:
    """Derive what is due."""
    tell = teller()

    def told(step: Progress) -> None:
        tell(step)
        if parsed.json and 0 < step.total <= step.done:
            print_json([{"stage": step.stage, "articles": step.total}])

    with opened(parsed, write=True) as library, _long_work():
        failures = library.update(told, jobs=default_jobs(), wait=parsed.wait)
        held = len(library.articles)
    if parsed.json:
        print_json(_failed(failures))
        # The last line, also where nothing was left to do.
        print_json([{"stage": "done", "articles": held, "failed": len(failures)}])
    else:
        _tell(failures)
    return 1 if failures else 0


def remove(parsed: argparse.Namespace) -> int:
    """Take articles out of the library."""
    ids = list(dict.fromkeys(parsed.ids))
    with opened(parsed, write=True) as library, _long_work():
        failures = library.remove(ids, teller(), jobs=default_jobs(), wait=parsed.wait)
        kept = {article: library.annotations.count(article=article) for article in ids}
    if parsed.json:
        print_json({"id": article, "annotations": notes} for article, notes in kept.items())
        print_json(_failed(failures))
        return 1 if failures else 0
    notes = sum(kept.values())
    kept_too = f"; {many(notes, 'note')} kept, to stand again where added again" if notes else ""
    print(f"removed {many(len(ids), 'article')}{kept_too}")
    _tell(failures)
    return 1 if failures else 0


def catch_up(library: Library) -> None:
    """Have a search find what was stored last, and say what that takes.

    While another process is at that, say what can't be found yet.
    """
    try:
        if library.behind:
            if not sys.stderr.isatty() and (due := library.left_to_do()):
                # In a terminal the line of progress says so.
                print(f"warreader: first is done what was put off: {', '.join(due)}", file=sys.stderr)
            with cleared():
                library.update(teller(), model=False, wait=_PATIENCE)
    except LibraryBusyError as error:
        left = ", ".join(library.left_to_do()) or "what it stores"
        print(f"warreader: {shown(str(error))}; until then not found: {left}", file=sys.stderr)


@contextmanager
def _long_work() -> Iterator[None]:
    """Take away the line of progress in the end; where another process keeps the library, say how to wait longer."""
    # Hardly anything made here is cyclic; looked for as often as Python does by itself, that takes a fortieth of it.
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, 20, 20)
    try:
        with cleared():
            yield
    except LibraryBusyError as error:
        raise LibraryBusyError(f"{error}, or wait longer with: --wait 600") from error
    finally:
        gc.set_threshold(*before)


@contextmanager
def cleared() -> Iterator[None]:
    """Take away the line of progress in the end."""
    try:
        yield
    finally:
        if sys.stderr.isatty():
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)


def _print_json(report: AddReport) -> None:
    print_json({"status": "added", "id": article} for article in report.added)
    print_json({"status": "updated", "id": article} for article in report.updated)
    print_json(
        {"status": "duplicate", "file": name, "id": article}
        for name, article in zip(report.duplicates, report.held, strict=True)
    )
    print_json(_failed(report.failures))
    print_json(
        {"status": "left_out", "kind": kind, "files": number}
        for kind, number in sorted(report.left_out.items())
    )


def _tell(failures: Iterable[Failure]) -> None:
    """Say what failed, a line each; of one file's very many with one reason the first few, and how many more."""
    for _, group in groupby(failures, key=lambda one: (one.file, one.reason)):
        alike = list(group)
        told = alike if len(alike) < 2 * _ALIKE else alike[:_ALIKE]
        for failure in told:
            print(shown(str(failure)), file=sys.stderr)
        if more := len(alike) - len(told):
            print(
                shown(f"{alike[-1].file}: the same of {more:,} more, to {alike[-1].place}"), file=sys.stderr
            )


def _failed(failures: Iterable[Failure]) -> Iterator[dict[str, Any]]:
    for one in failures:
        yield {"status": "failed", "file": one.file, "place": one.place, "reason": one.reason}


def _mapping(given: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in given:
        field, _, name = pair.partition("=")
        field = field.strip().lower()
        if field not in RECORD_FIELDS or not name:
            raise UsageError(
                f"--map {pair}: write FIELD=NAME, FIELD being one of: {', '.join(RECORD_FIELDS)}"
            )
        mapping[field] = name
    return mapping


def _form(given: str | None) -> str | None:
    from warreader.index.api import FORMATS

    if given is None:
        return None
    suffix = f".{given.lower().lstrip('.')}"
    if suffix not in FORMATS:
        # What addresses are read by is no suffix.
        known = ", ".join(name.lstrip(".") for name in FORMATS if name.startswith("."))
        raise UsageError(f"--format {given}: not known; choose one of: {known}")
    return suffix


def teller() -> Callable[[Progress], None]:
    """Progress on stderr: one line that rewrites itself in a terminal, silence elsewhere."""
    if not sys.stderr.isatty():
        return lambda _: None
    last = 0.0

    def tell(step: Progress) -> None:
        nonlocal last
        ended = 0 < step.total <= step.done
        now = time.monotonic()
        if not ended and now - last < 0.1:
            return
        last = now
        detail = "" if step.stage == "waiting" else step.detail
        text = shown(" · ".join(part for part in (describe(step), detail) if part))
        print(f"\r\x1b[K{text[:78]}", end="\r\x1b[K" if ended else "", file=sys.stderr, flush=True)

    return tell
