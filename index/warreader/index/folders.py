"""Where settings are kept, and libraries, by name or by what they were made from."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

FOLDER_VARIABLE = "WARREADER_CONFIG"
"""The environment variable that names another configuration folder."""


def data_folder() -> Path:
    """Where libraries are kept that no one named a place for: the platform's user data folder."""
    from platformdirs import user_data_path

    return user_data_path("warreader", appauthor=False)


def config_folder() -> Path:
    """Where settings, themes and lists of names are kept: what ``WARREADER_CONFIG`` names, or the platform's own."""
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named).expanduser()
    from platformdirs import user_config_path

    return user_config_path("warreader", appauthor=False)


def default_folder() -> Path:
    """The library used when none is named: ``WARREADER_LIBRARY``, or ``default`` in the user data folder."""
    named = os.environ.get("WARREADER_LIBRARY")
    return Path(named).expanduser() if named else data_folder() / "default"


def folder_for(paths: Iterable[Path | str]) -> Path:
    """The library kept for just these files, folders and addresses; in any order they have the same one."""
    from warreader.index.ingest.pieces import is_address

    resolved = sorted({os.fsencode(p if is_address(p) else os.path.realpath(p)) for p in paths})
    digest = hashlib.sha256(b"\0".join(resolved)).hexdigest()[:10]
    first = re.sub(r"[^\w.-]+", "-", Path(os.fsdecode(resolved[0])).name) or "root"
    # File systems take names of 255 bytes, a character may take four.
    return data_folder() / "kept" / f"{first[:50]}-{digest}"
