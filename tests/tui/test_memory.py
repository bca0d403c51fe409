"""Memory of a program with threads."""

from __future__ import annotations

import platform

from warreader.tui.memory import one_heap


def test_glibc_takes_it_and_others_do_not_mind() -> None:
    assert one_heap() or platform.libc_ver()[0] != "glibc"
