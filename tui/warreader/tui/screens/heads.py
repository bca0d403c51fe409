"""What stands over each version of a quotation: enough that no two look the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from warreader.index.api import Variant
from warreader.tui.widgets.lists import plain

_MOST = 60
"""Code points of an address that are shown."""


def heads(variants: Sequence[Variant]) -> list[str]:
    """Day, outlet and title of each; where those are the same of two, the time, else the address, else the paragraph.

    Of an address that part is shown by which it differs from the others'.
    """
    told = [_head(variant) for variant in variants]
    for further in (_times, _addresses, _paragraphs):
        for group in _alike(told):
            found = further([variants[number] for number in group])
            if len({*found}) > 1:
                for number, more in zip(group, found, strict=True):
                    told[number] = " · ".join(filter(None, (told[number], more)))
    return told


def _head(variant: Variant) -> str:
    parts = [(variant.date or "")[:10] or "date not known", plain(variant.outlet or "", 30)]
    return " · ".join(filter(None, [*parts, plain(variant.title, 80)]))


def _alike(told: Sequence[str]) -> Iterator[list[int]]:
    """The numbers of those that look the same."""
    groups: dict[str, list[int]] = defaultdict(list)
    for number, head in enumerate(told):
        groups[head].append(number)
    return (group for group in groups.values() if len(group) > 1)


def _times(variants: Sequence[Variant]) -> list[str]:
    return [plain((variant.date or "")[11:], 20) for variant in variants]


def _addresses(variants: Sequence[Variant]) -> list[str]:
    addresses = [plain(variant.url or variant.article) for variant in variants]
    same = sum(1 for _ in takewhile(lambda column: len({*column}) == 1, zip(*addresses, strict=False)))
    # From the beginning of the part in which they differ, unless it is long.
    begin = max(addresses[0].rfind("/", 0, same) + 1, same - _MOST // 2)
    return [f"{'…' if begin else ''}{plain(address[begin:], _MOST)}" for address in addresses]


def _paragraphs(variants: Sequence[Variant]) -> list[str]:
    return [f"paragraph {one.paragraph}" if one.paragraph else "headline" for one in variants]
