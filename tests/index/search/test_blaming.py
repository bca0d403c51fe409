"""A query of several words that finds nothing says which of them is to blame."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf


@pytest.fixture
def port(shelf: Shelf) -> Shelf:
    shelf.add("one", "The port was shelled at night.", title="Port", outlet="BBC News")
    shelf.add("two", "The port was closed by the mayor.", title="Closed", outlet="BBC News")
    shelf.add("three", "The bridge was open again.", title="Bridge", outlet="Fox News")
    shelf.search.update()
    return shelf


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("port xylophone", "none has “xylophone”"),
        ("xylophone port zebra", "none has “xylophone” or “zebra”"),
        ('port "shelled by night"', 'none has "shelled by night"'),
        ("port outlet:guardian", "none has outlet:guardian"),
        ("port xylo*", "none has “xylo*”"),
        ("port (zebra OR gnu)", "none has zebra OR gnu"),
        ("port -xylophone zebra", "none has “zebra”"),
        # Each is found, but not together: without which one most is found.
        ("port bridge", "without “bridge”: 2 articles"),
        ("port outlet:fox", "without outlet:fox: 2 articles"),
        ("port -was", "without NOT was: 2 articles"),
        # One word alone, or what is found: nothing to say.
        ("xylophone", ""),
        ("port", ""),
        ("port night", ""),
        ("xylophone OR zebra", ""),
        # What can't be read is told in other words.
        ("port xylophone said:", ""),
    ],
)
def test_who_is_to_blame(port: Shelf, query: str, why: str) -> None:
    assert port.search.search(query).why_none == why


def test_what_is_being_typed_counts_as_a_beginning(port: Shelf) -> None:
    assert port.search.search("port bri", as_you_type=True).why_none == "without “bri*”: 2 articles"
    assert port.search.search("bridge xyl", as_you_type=True).why_none == "none has “xyl*”"
