"""What a user types for something to add: a path, completed with tab as in a shell, or an address."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass

from warreader.index.api import UsageError, is_address

_MOST = 2_000
"""Names looked at in one folder: completion must not wait for a folder of a million files."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The text as far as it is certain, and the names that it may go on to, folders with a slash."""

    text: str
    names: Sequence[str] = ()


def complete(text: str) -> Completion:
    """Complete a path. Reads one folder: call it off the event loop.

    Args:
        text: as typed; ``~`` is the user's folder, hidden names are offered where a dot is typed.
    """
    if is_address(text) or "\0" in text:
        return Completion(text)
    if text == "~":
        return Completion("~/")
    head, begun = text[: text.rfind("/") + 1], text[text.rfind("/") + 1 :]
    names = sorted(_names(_at_home(head) or ".", begun), key=str.casefold)
    if not names:
        return Completion(text)
    if len(names) == 1:
        return Completion(head + names[0])
    return Completion(head + _common(names, begun), names)


def _names(folder: str, begun: str) -> list[str]:
    """Names in a folder that begin so; in any case of letters where none begins just so."""
    found = []
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for number, entry in enumerate(entries):
            if number >= _MOST:
                break
            if entry.name.casefold().startswith(begun.casefold()) and (
                begun.startswith(".") or not entry.name.startswith(".")
            ):
                found.append(entry.name + ("/" if _is_folder(entry) else ""))
    return [name for name in found if name.startswith(begun)] or found


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _common(names: Sequence[str], begun: str) -> str:
    common = os.path.commonprefix([*names])  # noqa: RUF071 - character by character is what is wanted
    return common if len(common) >= len(begun) else begun


def named(text: str) -> str:
    """What was typed as the background process takes it: an address, or a full path. Asks the file system.

    Raises:
        UsageError: there is no such file or folder; the message says what was looked for.
    """
    text = text.strip()
    if not text:
        raise UsageError("type the path of a file or folder, or an address")
    if is_address(text):
        if any(char.isspace() for char in text) or not text.split("//", 1)[1]:
            raise UsageError("this is no address; one looks like https://example.org/page")
        return text
    # A terminal quotes what is dropped on it.
    unquoted = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text
    found = next((path for path in map(_whole, (text, unquoted)) if os.path.exists(path)), None)  # noqa: PTH110
    if found is None:
        raise UsageError(f"{_whole(unquoted)}: no such file or folder")
    return found


# Of os.path, as these never raise, whatever was typed.
def _at_home(text: str) -> str:
    return os.path.expanduser(text)  # noqa: PTH111


def _whole(text: str) -> str:
    return os.path.abspath(_at_home(text))  # noqa: PTH100
