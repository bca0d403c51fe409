"""What the background process tells, on the screen: how far it is, what was added, what failed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from warreader.index.api import Failure, Progress, many
from warreader.tui import commands
from warreader.tui.progress import describe, glance
from warreader.tui.widgets.lists import plain

if TYPE_CHECKING:
    from warreader.tui.screens.reader import ReaderScreen


class Reports:
    """Shows what it hears, and keeps what could not be added for whoever asks.

    Args:
        reader: the screen that shows it.
        keys: those that list the failures.
    """

    def __init__(self, reader: ReaderScreen, keys: Sequence[str]) -> None:
        self.failures: Sequence[Failure] = ()
        self._reader = reader
        self._key = " ".join(map(commands.shown, keys[:1])) or "the palette"
        self._failed: list[Failure] = []
        self._stored = 0

    def heard(self, value: dict[str, Any]) -> None:
        """Take an object that :mod:`warreader.index.worker` prints."""
        if "error" in value:
            self._failed = []
            told = plain(str(value["error"]), 400)
            self._reader.app.notify(told, severity="error", timeout=15, markup=False)
        elif "failure" in value:
            self._failed.append(Failure(**value["failure"]))
        elif "removed" in value:
            self._reader.removing.done(value["removed"])
        elif "report" in value:
            self._done(value["report"])
        else:
            self._progressed(Progress(**value))

    def ended(self) -> None:
        """Nothing is left to do."""
        self._stored = 0
        self._reader.expecting = False
        self._reader.set_progress("")

    def _progressed(self, step: Progress) -> None:
        ended = 0 < step.total <= step.done
        if ended:
            self._reader.set_progress("")
        else:
            self._reader.set_progress(plain(describe(step), 70), glance(step))
        if step.stage == "add":
            # Articles are listed as they come.
            if step.stored != self._stored:
                self._stored = step.stored
                self._reader.listing.refresh_soon()
        elif ended:
            self._reader.renew()

    def _done(self, report: dict[str, Any] | None) -> None:
        self._reader.expecting = False
        self._reader.renew()
        if not report:
            return
        self.failures, self._failed = self._failed, []
        self._reader.say(self._told(report))
        if self.failures:
            self._reader.set_unseen(f"{len(self.failures):,} failed ({self._key})")

    def _told(self, report: dict[str, Any]) -> str:
        """What a run of adding did, on one line."""
        parts = [f"{'stopped · ' if report.get('stopped') else ''}added {report['added']:,}"]
        if updated := report["updated"]:
            parts.append(many(updated, "new version"))
        if self.failures:
            # Before what needs nothing to be done: a narrow line is cut at its end.
            which = "it" if len(self.failures) == 1 else "them"
            parts.append(f"{len(self.failures):,} failed: press {self._key} to see {which}")
        if duplicates := report["duplicates"]:
            parts.append(f"{duplicates:,} there already")
        if left_out := report["left_out"]:
            parts.append(f"{many(left_out, 'file')} of other kinds left out")
        return " · ".join(parts)
