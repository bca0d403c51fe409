"""Every pattern of the program on text made to be searched for long: none takes more than its square."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest

import warreader.index.ingest

_LONG = 3_000
"""Code points. What takes their cube takes minutes, what takes their square some hundredths of a second."""
_SECONDS = 1.0
"""Of processor time."""
_UNITS = (
    *" \n\t.,;:-_/\"'()[]<>{}&#%@*=|+0aA1é“”я", ", ", ". ", "A ", "a ", "1 ", " \n", "a.", "A-", "--", "<a ", "&a;",
    "=a", "a=", "a@", "1/", "\r\n", "](", "said ", "http://", "<meta ", "# a\n", "'s", "A, ",
)  # fmt: skip
_USES = re.compile(r"\b(_?[A-Z][A-Z_0-9]*)\.(match|search|finditer|findall|sub|subn|split|fullmatch)\b")


def _patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes], set[str]]]:
    """Name, pattern, and how it is used where it stands; one that others use as well is searched for."""
    for module in pkgutil.iter_modules(warreader.index.ingest.__path__, "warreader.index.ingest."):
        if module.name.rpartition(".")[2].startswith("train_"):
            continue
        loaded = importlib.import_module(module.name)
        uses: dict[str, set[str]] = {}
        for name, how in _USES.findall(Path(str(loaded.__file__)).read_text("utf-8")):
            uses.setdefault(name, set()).add(how)
        for name, value in vars(loaded).items():
            if isinstance(value, re.Pattern):
                yield f"{module.name}.{name}", value, uses.get(name, {"search"})


def _too_long(_: int, __: FrameType | None) -> None:
    raise TimeoutError


def test_no_pattern_takes_more_than_the_square_of_a_text() -> None:
    if not hasattr(signal, "SIGVTALRM"):
        pytest.skip("this system tells no process how long it worked")
    before = signal.signal(signal.SIGVTALRM, _too_long)
    slow = []
    try:
        for name, pattern, uses in _patterns():
            for unit in _UNITS:
                text = (unit * (_LONG // len(unit) + 1))[:_LONG] + "\0"
                signal.setitimer(signal.ITIMER_VIRTUAL, _SECONDS)
                try:
                    _use(pattern, text, uses)
                except TimeoutError:
                    slow.append((name, unit))
                    break
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    finally:
        signal.signal(signal.SIGVTALRM, before)
    assert slow == []


def _use(pattern: re.Pattern[str] | re.Pattern[bytes], text: str, uses: set[str]) -> None:
    given: str | bytes = text.encode() if isinstance(pattern.pattern, bytes) else text
    for how in uses:
        find = {"match": pattern.match, "fullmatch": pattern.fullmatch, "search": pattern.search}.get(how)
        if find is not None:
            find(given)  # type: ignore[arg-type]
        else:
            for _ in pattern.finditer(given):  # type: ignore[arg-type]
                pass
