"""Long work in another process, heard line by line: the screen never waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import signal
import sys
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any

_PATIENCE = 10.0
"""Seconds a process that was asked to stop may take before it is ended."""

_PARTING = 2.0
"""Seconds one may take that is ended because the reader is left."""

_AT_ONCE = 100
"""Lines that are heard before the screen has its turn."""

_LONGEST = 1024 * 1024
"""Bytes of a line that is heard. What the worker says is far shorter."""


async def run(
    folder: Path,
    inputs: Sequence[str],
    heard: Callable[[dict[str, Any]], None],
    stop: asyncio.Event | None = None,
) -> None:
    """Add inputs to a library and bring what is derived up to date, in a process of its own.

    Args:
        folder: the library.
        inputs: paths, addresses, or ``--seeds``; with none, only what is derived is updated.
        heard: called on the event loop with every object the worker prints; see
            :mod:`warreader.index.worker`. One has ``report`` or ``error``. When the task is cancelled the
            process is ended; what it stored stays.
        stop: set, it has the process end early: one that adds still reports what it did.
    """
    try:
        process = await _started(str(folder), *inputs)
    except OSError as error:
        reason = error.strerror or str(error)
        heard(
            {"error": f"the background process can't be started ({reason}); close other programs, try again"}
        )
        return
    assert process.stdout is not None and process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    stopping = asyncio.create_task(_stop(process, stop, gently=bool(inputs)))
    ended = False
    try:
        async for line in _lines(process.stdout):
            if (value := _read(line)) is not None:
                ended = ended or "report" in value or "error" in value
                heard(value)
        await process.wait()
        if not ended and not (stop is not None and stop.is_set()):
            last = (await errors).decode("utf-8", "replace").strip().split("\n")[-1]
            heard(
                {
                    "error": f"the background process ended early ({last or process.returncode}); run: warreader check"
                }
            )
    finally:
        errors.cancel()
        stopping.cancel()
        if process.returncode is None:
            await _end(process, _PARTING)


async def _lines(stream: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The lines of a stream. One that is too long to be the worker's comes in pieces, or not at all."""
    for number in itertools.count(1):
        try:
            line = await stream.readline()
        except ValueError:
            continue
        if not line:
            return
        yield line
        if number % _AT_ONCE == 0:
            # Thousands may be there already: the screen must not wait for all of them.
            await asyncio.sleep(0)


async def _end(process: asyncio.subprocess.Process, patience: float) -> None:
    """End a process in order; where that takes too long, at once."""
    with contextlib.suppress(ProcessLookupError):
        process.terminate()
        try:
            await asyncio.wait_for(process.wait(), patience)
        except TimeoutError:
            process.kill()
            await process.wait()


async def _started(*arguments: str) -> asyncio.subprocess.Process:
    """The worker's process. One that was being started when the task is cancelled is ended, not forgotten."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            sys.executable,
            # No modules of the folder it is in, which may be one of articles from anywhere.
            "-P",
            "-m",
            "warreader.index.worker",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LONGEST,
        )
    )
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        process = await starting
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()
        raise


async def _stop(process: asyncio.subprocess.Process, stop: asyncio.Event | None, *, gently: bool) -> None:
    """End the process when asked to; gently, it has time to say what it did."""
    if stop is None:
        return
    await stop.wait()
    with contextlib.suppress(ProcessLookupError):
        if gently:
            process.send_signal(signal.SIGINT)
            await asyncio.sleep(_PATIENCE)
    await _end(process, _PATIENCE)


def _read(line: bytes) -> dict[str, Any] | None:
    """What a line says; ``None`` for one that is not the worker's, as of a library that prints warnings."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
