"""Progress in words, the same in the reader and for commands."""

from __future__ import annotations

from warreader.index.api import Progress, many

_DOING = {
    "add": "adding",
    "search": "indexing",
    "stories": "comparing stories",
    "entities": "finding names",
    "model": "names by the model",
    "quotations": "finding quotations",
    "fingerprints": "fingerprints",
    "matches": "matching quotations",
}


def describe(step: Progress) -> str:
    """A step of long work on one line: what, how much, how fast, how long it will take."""
    if step.stage == "waiting":
        return f"waiting for {step.detail or 'another process'}"
    parts = [_DOING.get(step.stage, step.stage)]
    if step.stage == "add":
        parts[0] += f" {many(step.stored, 'article')}"
        if step.total:
            parts.append(f"{min(100, 100 * step.done // step.total)} %")
    elif step.total:
        parts[0] += f" {step.done:,}/{step.total:,}"
    if step.rate:
        parts.append(f"{step.rate:.0f}/s" if step.rate >= 10 else f"{step.rate:.1f}/s")
    if step.left is not None and step.done < step.total:
        parts.append(f"{duration(step.left)} left")
    return " · ".join(parts)


def glance(step: Progress) -> str:
    """The same in few words."""
    if step.stage == "waiting":
        return "waits for another process"
    doing = _DOING.get(step.stage, step.stage)
    return f"{doing} {min(100, 100 * step.done // step.total)} %" if step.total else doing


def duration(seconds: float) -> str:
    """A time that is left, as one would say it."""
    if seconds < 90:
        return f"{max(1, round(seconds))} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{seconds / 3600:.1f} h"
