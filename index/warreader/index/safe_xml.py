"""XML that others wrote: no entity in it is expanded, nothing outside it is loaded, its depth and size are bounded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from warreader.index.errors import InputError

if TYPE_CHECKING:
    from lxml.etree import _Element


def root(data: bytes) -> _Element:
    """The root element, without comments and processing instructions.

    Raises:
        InputError: it is no XML; ``place`` is the line.
    """
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        told = " ".join(str(error).split()).split(", line")[0][:120]
        line = getattr(error, "lineno", None)
        raise InputError(f"broken XML ({told}); save it again", f"line {line}" if line else None) from error


def name(element: _Element) -> str:
    """An element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
