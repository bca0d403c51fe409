"""How fast, and how long still."""

from __future__ import annotations

from warreader.index.pace import Pace


def test_rate_and_time_left() -> None:
    now = [10.0]
    pace = Pace(1000, lambda: now[0])
    assert pace.at(0, 0) == (None, None)
    now[0] += 4
    assert pace.at(250, 40) == (10.0, 12.0)
    assert pace.at(0, 0) == (0.0, None)


def test_what_was_done_before_makes_it_no_faster() -> None:
    now = [0.0]
    pace = Pace(1000, lambda: now[0])
    now[0] = 5
    assert pace.at(600, 10, skipped=500) == (2.0, 20.0)


def test_nothing_is_left_to_say_of_an_unknown_size() -> None:
    now = [0.0]
    pace = Pace(0, lambda: now[0])
    now[0] = 2
    assert pace.at(5000, 4) == (2.0, None)
