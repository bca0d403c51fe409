"""Long work in a process of its own: ``python -m warreader.index.worker FOLDER [--seeds] [PATH or address...]``.

With ``--read-only`` in place of inputs the library is only read: its search index in the user's cache is built.
With ``--remove ID...`` articles are taken out of it.

The app starts it so that ingest and analysis never cost the screen a frame.
It prints one JSON object a line, each of a bounded length however much is added: the fields of a
:class:`.article.Progress` as work goes on; once the articles are stored and searchable ``{"failure": {...}}``
for each that was not (the fields of a :class:`.article.Failure`), then ``{"report": {...}}`` with how many were
``added``, ``updated``, ``duplicates``, ``left_out`` and ``failures``, and whether it ``stopped`` early;
``{"removed": [...]}`` with the ids of the articles that are taken out, and not found any more;
``{"report": null}`` when all is derived; ``{"error": "..."}`` where it can't go on, with ``"busy": true`` where that is
since another process is writing, and it may be tried again.
Ended at any point, it leaves a library that the next run completes. Asked to end (SIGTERM, SIGHUP) it does so in order,
as at ctrl+c; asked once more, at once.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import signal
import sqlite3
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

from warreader.index.article import AddReport, Progress
from warreader.index.errors import LibraryBusyError, WarreaderError, storage_error
from warreader.index.library import Library, default_jobs
from warreader.index.resources import seeds_folder

_INTERVAL = 0.1


def _say(value: dict[str, Any]) -> None:
    print(json.dumps(value), flush=True)


def _tell(report: AddReport) -> None:
    """What was added, in counts: the ids of all would be a line of many megabytes."""
    for failure in report.failures:
        _say({"failure": dataclasses.asdict(failure)})
    counts = {name: len(getattr(report, name)) for name in ("added", "updated", "duplicates", "failures")}
    left_out = sum(report.left_out.values())
    _say({"report": {**counts, "left_out": left_out, "stopped": report.stopped}})


def _say_error(error: WarreaderError) -> None:
    _say({"error": str(error)} | ({"busy": True} if isinstance(error, LibraryBusyError) else {}))


def _end(signum: int, _: FrameType | None) -> None:
    """End as at ctrl+c: what is in hand is stored or left, and the processes that help end."""
    signal.signal(signum, signal.SIG_DFL)
    raise KeyboardInterrupt


def _now_and_then() -> Callable[[Progress], None]:
    """Tells of progress, but not of every step."""
    last = 0.0

    def progress(step: Progress) -> None:
        nonlocal last
        now = time.monotonic()
        if step.done == step.total or now - last >= _INTERVAL:
            last = now
            _say(dataclasses.asdict(step))

    return progress


def _work(library: Library, paths: Sequence[Path | str], removed: Sequence[str] = ()) -> None:
    """Add or remove, then derive. Nobody waits for it at the screen: another process that writes may take its time."""
    progress = _now_and_then()
    if removed:
        library.remove(removed, progress, jobs=default_jobs(), derive=False, wait=None)
        _say({"removed": list(removed)})
    if paths:
        report = library.add(paths, progress, jobs=default_jobs(), derive=False, wait=None)
        # Told before all is derived, which may take much longer.
        _tell(report)
        if report.stopped:
            return
    failures = library.update(progress, jobs=default_jobs(), wait=None)
    if library.owed():
        raise LibraryBusyError(f"{library.folder}: another process is writing to it; try again")
    _say({"report": None})
    if failures:
        more = f" (and {len(failures) - 1} more)" if len(failures) > 1 else ""
        _say({"error": f"{failures[0]}{more}"})


def main(arguments: list[str]) -> int:
    """Add the paths (and the seeds), then bring all that is derived up to date."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(10)
    if not arguments:
        print(
            "usage: python -m warreader.index.worker FOLDER [--seeds] [PATH or address...]", file=sys.stderr
        )
        return 2
    folder, *rest = arguments
    read_only = rest == ["--read-only"]
    removed = rest[1:] if rest[:1] == ["--remove"] else []
    inputs = [] if read_only or removed else rest
    paths: list[Path | str] = [seeds_folder() if name == "--seeds" else name for name in inputs]
    try:
        with Library(Path(folder), read_only=read_only) as library:
            _work(library, paths, removed)
    except KeyboardInterrupt:
        return 0
    except WarreaderError as error:
        _say_error(error)
        return 1
    except BrokenPipeError:
        # The app has gone; the next run goes on. What is left to say has no one to hear it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (sqlite3.Error, OSError) as error:
        _say_error(storage_error(Path(folder), error))
        return 1
    return 0


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _end)
    if hasattr(signal, "SIGHUP"):
        # The terminal of the app that began it was closed.
        signal.signal(signal.SIGHUP, _end)
    sys.exit(main(sys.argv[1:]))
