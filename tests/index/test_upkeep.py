"""What is done now and then while articles come in."""

from __future__ import annotations

from itertools import pairwise

import pytest

from warreader.index import upkeep


class _Clocks:
    """Clocks that are set by hand: of work, and on the wall."""

    def __init__(self) -> None:
        self.worked = self.wall = 0.0

    def process_time(self) -> float:
        return self.worked

    def monotonic(self) -> float:
        return self.wall

    def work(self, seconds: float, share: float = 1.0) -> None:
        """Let time pass, of which this process gets a share."""
        self.wall += seconds
        self.worked += seconds * share


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> _Clocks:
    clocks = _Clocks()
    monkeypatch.setattr(upkeep, "time", clocks)
    return clocks


def _done(clocks: _Clocks, *, seconds: float, share: float, takes: float = 0.0) -> list[float]:
    """When something is done in so many seconds on the wall, asked for a hundred times a second."""
    times: list[float] = []

    def work() -> None:
        times.append(clocks.wall)
        clocks.work(takes / share, share)

    soon = upkeep._Soon(work)
    while clocks.wall < seconds:
        clocks.work(0.01, share)
        soon()
    return times


def test_is_done_after_about_a_second_and_again(clocks: _Clocks) -> None:
    assert _done(clocks, seconds=4.5, share=1.0) == pytest.approx([1, 2, 3, 4], abs=0.05)


def test_on_a_busy_machine_is_done_as_often_for_as_much_work(clocks: _Clocks) -> None:
    assert _done(clocks, seconds=9, share=0.5) == pytest.approx([2, 4, 6, 8], abs=0.05)


def test_where_others_work_is_done_after_some_seconds_all_the_same(clocks: _Clocks) -> None:
    assert _done(clocks, seconds=10, share=0.01) == pytest.approx([3, 6, 9], abs=0.05)


def test_takes_no_more_than_a_third_of_the_time(clocks: _Clocks) -> None:
    times = _done(clocks, seconds=100, share=1.0, takes=5.0)
    assert all(later - one >= 15 for one, later in pairwise(times))
