"""What a command is, and where its keys may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    ``keys`` are Textual key names; two keys with a space between are pressed
    one after the other. ``scope`` is where the keys hold: ``global`` everywhere
    but in a text field, ``text`` in the article, ``list`` in lists, ``entities`` in that of names, ``quotations``
    in that of quotations, ``notes`` in that of notes, ``box`` in the search box.
    ``footer`` is its name in the footer, empty to leave it out there. ``writes`` is
    whether it has no use where nothing can be kept.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    action: str
    scope: str = "global"
    footer: str = ""
    writes: bool = False


SCOPES: Mapping[str, str] = {
    "global": "Everywhere",
    "box": "In the search box",
    "text": "In the article",
    "list": "In lists",
    "entities": "In the list of names",
    "quotations": "In the list of quotations",
    "notes": "In the list of notes",
}
