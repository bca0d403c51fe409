"""Memory of a program with threads."""

from __future__ import annotations

import gc
import platform
from collections.abc import Iterator
from weakref import ref

import pytest

from warreader.tui.memory import BREATH, Garbage, one_heap


class _Ring:
    """Knows itself: only the collector frees it."""

    def __init__(self) -> None:
        self.ring = self


@pytest.fixture
def time() -> list[float]:
    return [100.0]


@pytest.fixture
def work() -> list[float]:
    return [0.0]


@pytest.fixture
def garbage(time: list[float], work: list[float]) -> Iterator[Garbage]:
    def spent() -> float:
        # Each look takes so long.
        work.append(work[-1] + work[0])
        return work[-1]

    garbage = Garbage(lambda: time[0], spent)
    garbage.start()
    yield garbage
    garbage.stop()


def test_glibc_takes_it_and_others_do_not_mind() -> None:
    assert one_heap() or platform.libc_ver()[0] != "glibc"


def test_old_objects_are_looked_through_only_when_no_key_was_pressed_for_a_while(
    garbage: Garbage, time: list[float]
) -> None:
    ring = _Ring()
    gone = ref(ring)
    # What has survived twice is looked at with the old alone.
    gc.collect(1)
    del ring
    gc.collect(1)
    assert gone() is not None

    garbage.pressed()
    time[0] += 1
    assert not garbage.rest()
    assert gone() is not None

    time[0] += 10
    assert garbage.rest()
    assert gone() is None
    assert not garbage.rest(), "nothing was pressed since"


def test_old_objects_are_looked_through_without_a_key_too_once_many_have_come(
    garbage: Garbage, time: list[float]
) -> None:
    time[0] += 10
    assert garbage.rest()
    ring = _Ring()
    gone = ref(ring)
    del ring
    for _ in range(3):
        gc.collect(1)
    time[0] += 10
    assert not garbage.rest(), "that would not be worth while"
    kept: list[list[int]] = []
    while gc.get_count()[2] < 20:
        kept.append([])
    assert garbage.rest()
    assert gone() is None


def test_what_would_be_a_pause_that_one_sees_waits_until_nobody_has_been_there_for_longer(
    garbage: Garbage, time: list[float]
) -> None:
    time[0] += 20
    assert garbage.rest()
    garbage.pressed()
    kept = [[] for _ in range(200_000)]  # type: list[list[int]]
    time[0] += 5
    assert not garbage.rest(), "so much was made"
    time[0] += 5
    assert garbage.rest()
    assert len(kept) == 200_000


def test_what_took_long_is_not_done_again_soon(
    garbage: Garbage, time: list[float], work: list[float]
) -> None:
    work[0] = 0.1
    time[0] += 2
    assert garbage.rest(), "nobody knew that it takes long"
    garbage.pressed()
    time[0] += 5
    assert not garbage.rest()
    work[0] = 0.001
    time[0] += 5
    assert garbage.rest()
    garbage.pressed()
    time[0] += 2
    assert garbage.rest(), "it was short the last time"


def test_the_young_are_looked_through_a_moment_after_the_last_key(
    garbage: Garbage, time: list[float]
) -> None:
    gc.collect(1)
    ring = _Ring()
    gone = ref(ring)
    del ring
    garbage.pressed()
    kept = [[] for _ in range(5_000)]  # type: list[list[int]]
    assert not garbage.breathe(), "what the key asked for is being painted"
    assert gone() is not None
    time[0] += BREATH / 2
    garbage.pressed()
    time[0] += BREATH / 2
    assert not garbage.breathe()
    time[0] += BREATH
    assert garbage.breathe()
    assert gone() is None
    assert len(kept) == 5_000


def test_the_program_that_goes_on_gets_back_its_own_ways() -> None:
    before = gc.get_threshold()
    garbage = Garbage()
    ring = _Ring()
    gone = ref(ring)
    garbage.start()
    assert gc.get_freeze_count() > 0
    del ring
    garbage.pressed()
    garbage.stop()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert gone() is None
