"""What the app remembers between runs that is no setting: the theme chosen last."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path


def state_file() -> Path:
    """Where it is kept."""
    from platformdirs import user_state_path

    return user_state_path("warreader", appauthor=False) / "state.json"


def starting_theme(configured: str, file: Path | None = None) -> str:
    """The theme to start with: the one chosen last, unless the settings were changed since."""
    try:
        value = json.loads((file or state_file()).read_text("utf-8"))
        if value["configured"] == configured and isinstance(value["theme"], str):
            return str(value["theme"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        # No state, or none that can be read, is the state of a first run.
        return configured
    return configured


def remember_theme(theme: str, configured: str, file: Path | None = None) -> None:
    """Keep the theme chosen, with the configured one it was chosen over."""
    path = file or state_file()
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: a state cut off would be that of a first run.
        partial = path.with_name(f"{path.name}.partial")
        partial.write_text(json.dumps({"theme": theme, "configured": configured}), "utf-8")
        partial.replace(path)
