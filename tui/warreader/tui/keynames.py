"""Names of keys: what a user may write for a key, and the one name Textual gives it."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

_FUNCTION_KEYS = tuple(f"f{number}" for number in range(1, 25))
_PLAIN_NAMES = (
    "escape", "enter", "tab", "space", "backspace", "insert", "delete",
    "left", "right", "up", "down", "home", "end", "pageup", "pagedown",
)  # fmt: skip
NAMED_KEYS: frozenset[str] = frozenset(_PLAIN_NAMES + _FUNCTION_KEYS)
"""Keys that give no character, and those whose character is better named."""

_OTHER_NAMES = {
    "esc": "escape",
    "return": "enter",
    "del": "delete",
    "ins": "insert",
    "pgup": "pageup",
    "page_up": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "page_down": "pagedown",
    "control": "ctrl",
    "option": "alt",
}
_MODIFIERS = frozenset({"alt", "ctrl", "shift", "super", "hyper", "meta"})
# Terminals send the same code for these, so Textual knows them by one name only.
_SAME_CODE = {
    "ctrl+i": "tab",
    "ctrl+m": "enter",
    "ctrl+left_square_bracket": "escape",
    "ctrl+at": "ctrl+@",
}
_LONGEST = 60


@lru_cache(maxsize=512)
def normal_key(text: str) -> str | None:
    """A key, or two pressed one after the other (``g g``), as Textual names them; ``None`` if it is none.

    ``/``, ``slash`` and ``solidus`` are all ``slash``; ``Ctrl+D`` is ``ctrl+d``;
    ``shift+g`` is ``G``; ``ctrl+i`` is ``tab``, since terminals send the same for both.
    """
    if text == " ":
        return "space"
    parts = text.split()
    if len(text) > _LONGEST or not 1 <= len(parts) <= 2:
        return None
    names = [_normal_chord(part) for part in parts]
    found = [name for name in names if name is not None]
    return " ".join(found) if len(found) == len(names) else None


def _normal_chord(text: str) -> str | None:
    """One key with its modifiers, in the order in which Textual gives them: by alphabet."""
    head, separator, last = text.rpartition("+")
    if separator and not last and (not head or head.endswith("+")):
        # "+" itself, alone or after modifiers ("ctrl++").
        head, last = head.removesuffix("+"), "+"
    modifiers = {_OTHER_NAMES.get(name.lower(), name.lower()) for name in head.split("+")} if head else set()
    key = _normal_plain(last)
    if key is None or not modifiers <= _MODIFIERS:
        return None
    if len(key) == 1 and modifiers:
        if modifiers == {"shift"}:
            return key.upper() if key.isalpha() and len(key.upper()) == 1 else None
        key = key.lower() if len(key.lower()) == 1 else key
    elif modifiers == {"shift"} and key not in NAMED_KEYS:
        # The character that shift gives is what the terminal sends, and depends on the keyboard.
        return None
    name = "+".join([*sorted(modifiers), key])
    return _SAME_CODE.get(name, name)


def _normal_plain(text: str) -> str | None:
    """A key without modifiers: a letter or digit as it is, other characters by their names."""
    if len(text) == 1:
        return _name_of(text)
    lowered = _OTHER_NAMES.get(text.lower(), text.lower())
    if lowered in NAMED_KEYS:
        return lowered
    character = _character_of(lowered)
    return _name_of(character) if character is not None else None


def _name_of(character: str) -> str | None:
    """Textual's name of a character that can be typed; ``None`` where the name would not lead back to it."""
    from textual.keys import KEY_NAME_REPLACEMENTS

    if not character.isprintable() or unicodedata.combining(character):
        return None
    if character.isalnum():
        return character
    name = unicodedata.name(character, "").lower().replace("-", "_").replace(" ", "_")
    name = KEY_NAME_REPLACEMENTS.get(name, name)
    return name if _character_of(name) == character else None


def _character_of(name: str) -> str | None:
    """The character that Textual's or Unicode's name stands for."""
    from textual.keys import KEY_TO_UNICODE_NAME, REPLACED_KEYS

    name = REPLACED_KEYS.get(name, name)
    # Textual writes hyphens as underscores too; of the marks on keyboards « and » have one in their names.
    for spelt in (
        KEY_TO_UNICODE_NAME.get(name, name.replace("_", " ")),
        name.replace("_", "-", 1).replace("_", " "),
    ):
        try:
            character = unicodedata.lookup(spelt)
        except KeyError:
            continue
        # Symbols named by one word are pictures: "fire" or "house" is a slip rather than a key.
        picture = unicodedata.category(character[0]) == "So" and "_" not in name
        return character if len(character) == 1 and not picture else None
    return None
