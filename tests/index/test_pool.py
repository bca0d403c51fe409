"""Processes of a pool: they start whole, and ctrl+c is for the one that began them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import pytest

from warreader.index.pool import begun, starting


def test_ctrl_c_waits_until_a_process_has_started() -> None:
    came: list[int] = []
    # Not the usual one: what it raises may come within any function, also one from which nothing gets out.
    usual = signal.signal(signal.SIGINT, lambda signum, _: came.append(signum))
    try:
        with starting():
            signal.raise_signal(signal.SIGINT)
            assert not came, "it came in the midst"
        assert came == [signal.SIGINT]
        signal.raise_signal(signal.SIGINT)
        assert len(came) == 2, "what was there before is there again"
    finally:
        signal.signal(signal.SIGINT, usual)


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs signal masks")
def test_a_process_that_is_started_takes_no_ctrl_c_but_can_be_ended() -> None:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begun) as pool:
        with starting():
            child = pool.submit(os.getpid).result()
        os.kill(child, signal.SIGINT)
        assert pool.submit(os.getpid).result() == child
        assert pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result() == set()


_INTERRUPTED_AT_START = """
import os, signal, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from warreader.index.pool import begun, starting
if __name__ == "__main__":
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=begun)
    try:
        with starting():
            pool.submit(os.getpid)
            os.killpg(0, signal.SIGINT)
    except KeyboardInterrupt:
        pool.shutdown(wait=True, cancel_futures=True)
        print("ended in order")
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="needs signal masks")
def test_ctrl_c_while_processes_start_prints_nothing_of_theirs() -> None:
    # As at a terminal, all processes of the group get it.
    ran = subprocess.run(
        [sys.executable, "-c", _INTERRUPTED_AT_START],
        check=False,
        capture_output=True,
        text=True,
        start_new_session=True,
    )
    assert (ran.stdout, ran.stderr) == ("ended in order\n", "")
