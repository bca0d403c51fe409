"""A stream that is read again from its beginning."""

from __future__ import annotations

from io import BytesIO

import pytest

from warreader.index.errors import InputError
from warreader.index.ingest.replayed import Replayed


def test_the_beginning_can_be_read_again() -> None:
    data = bytes(range(256)) * 100
    replayed = Replayed(BytesIO(data), 20_000, "gone")
    for size in (1, 10_000):
        with replayed.open() as stream:
            assert stream.read(size) == data[:size]
    with replayed.open() as stream:
        assert stream.read() == data
    with pytest.raises(InputError, match="gone"):
        replayed.open()


def test_what_is_short_is_read_as_often_as_one_likes() -> None:
    replayed = Replayed(BytesIO(b"short"), 100, "gone")
    assert [replayed.open().read() for _ in range(3)] == [b"short"] * 3
