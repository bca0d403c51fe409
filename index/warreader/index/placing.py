"""Where each of very many ids stands, without a dictionary of them all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

_FIRST = 2_000
"""Ids at the beginning that are looked up at once: what is on the screen is mostly among them."""


class Places(Mapping[str, int]):
    """The place of each id in a sequence, from 0; of one that stands twice, the first.

    A dictionary of a hundred thousand takes 8 MB, and 15 ms to make; a list of results is replaced with every letter
    and asked for a few. Past the first ids the sequence is searched through: a millisecond for the last of them.
    """

    def __init__(self, ids: Sequence[str]) -> None:
        self._ids = ids
        self._known: dict[str, int] | None = None

    def __getitem__(self, one: str) -> int:
        if self._known is None:
            first = self._ids[:_FIRST]
            self._known = dict(zip(reversed(first), range(len(first) - 1, -1, -1), strict=True))
        if (place := self._known.get(one)) is not None:
            return place
        if len(self._ids) > _FIRST:
            try:
                return self._ids.index(one, _FIRST)
            except ValueError:
                pass
        raise KeyError(one)

    def __len__(self) -> int:
        return len(self._ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._ids)
