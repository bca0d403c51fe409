"""Long work in another process, heard line by line: the screen never waits for it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_PATIENCE = 10.0
"""Seconds a process that was asked to stop may take before it is ended."""


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
        heard: called on the event loop with every object the worker prints; one
            has ``report`` or ``error``. When the task is cancelled the
            process is ended; what it stored stays.
        stop: set, it has the process end early: one that adds still reports what it did.
    """
    process = await _started(str(folder), *inputs)
    assert process.stdout is not None and process.stderr is not None
    errors = asyncio.create_task(process.stderr.read())
    stopping = asyncio.create_task(_stop(process, stop, gently=bool(inputs)))
    ended = False
    try:
        async for line in process.stdout:
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
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            await process.wait()


async def _started(*arguments: str) -> asyncio.subprocess.Process:
    """The worker's process. One that was being started when the task is cancelled is ended, not forgotten."""
    starting = asyncio.ensure_future(
        asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "warreader.index.worker",
            *arguments,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=16 * 1024 * 1024,
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
        process.terminate()


def _read(line: bytes) -> dict[str, Any] | None:
    """What a line says; ``None`` for one that is not the worker's, as of a library that prints warnings."""
    try:
        value = json.loads(line)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None
