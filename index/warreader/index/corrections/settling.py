"""Which articles of this library corrections from outside are of.

Ids are made of the names of files: another library may call another article so. What is known of an article is what
quotations are dated and attributed by; it is changed only where nothing says that another one was meant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from warreader.index.corrections.model import LINE, Correction

if TYPE_CHECKING:
    from warreader.index.library import Library


def settle(
    found: Iterable[Correction], library: Library, addresses: Mapping[str, str]
) -> tuple[list[Correction], Counter[str]]:
    """Give each correction its article.

    Args:
        addresses: those of articles, by their ids in the library that the corrections come from.

    Returns:
        The corrections, and how many were left out, by the address, or else the id, that no article here is known by.
    """
    held = {one.id for one in library.corrections.all()}
    settled: list[Correction] = []
    missing: Counter[str] = Counter()
    for one in found:
        address = addresses.get(one.article)
        if one.id in held or _is_of(one, library, address):
            settled.append(one)
        elif address and (home := library.articles.at_address(address)) is not None:
            settled.append(replace(one, article=home))
        elif library.articles.key(one.article) is None:
            # It waits for its article.
            settled.append(one)
        else:
            missing[address or one.article] += 1
    return settled, missing


def _is_of(one: Correction, library: Library, address: str | None) -> bool:
    """Whether it is of the article that has its id here."""
    if library.articles.key(one.article) is None:
        return False
    known = library.articles.is_from(one.article, address) if address else None
    if known is not None:
        return known
    # A line's words decide whether it is there.
    return one.field == LINE or library.corrections.ingested(one.article, one.field) == one.was
