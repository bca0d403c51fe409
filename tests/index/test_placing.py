"""Where ids stand."""

from __future__ import annotations

import pytest

from warreader.index.placing import Places


@pytest.mark.parametrize("count", [0, 1, 1_999, 2_000, 2_001, 10_000])
def test_it_answers_as_a_dictionary_would(count: int) -> None:
    ids = [f"article-{number}" for number in range(count)]
    places = Places(ids)
    assert dict(places) == {one: place for place, one in enumerate(ids)}
    assert places.get("article-none") is None
    assert "article-none" not in places
    with pytest.raises(KeyError):
        places["article-none"]


def test_of_one_that_stands_twice_the_first_counts() -> None:
    ids = ["a", "b", "a", *map(str, range(3_000)), "0", "2999"]
    places = Places(ids)
    assert (places["a"], places["0"], places["2999"]) == (0, 3, 3002)
