"""``warreader``: the reader, and the commands. Exit 0 done, 1 some inputs failed, 2 wrong use, 3 no library."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from warreader.index.api import LibraryError, UsageError, WarreaderError
from warreader.tui.arguments import COMMANDS, parse
from warreader.tui.ending import Ending

_SCREENLESS = ("dumb", "unknown")
"""Terminals that only print, by ``TERM``: shells within editors, consoles of build servers."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command or the reader; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    _stand_in()
    parsed = parse(given)
    if parsed.config is not None:
        os.environ["WARREADER_CONFIG"] = str(parsed.config)
    if parsed.command is None:
        return _told(parsed)
    with Ending() as ending:
        try:
            code = _told(parsed)
        except OSError:
            if ending.signum is None:
                raise
            # Nobody is left to be told: the terminal is gone.
            code = 0
    return ending.code(code)


def _told(parsed: argparse.Namespace) -> int:
    """Do what was asked for; what went wrong is told in a line."""
    try:
        if parsed.config is not None and not os.path.isdir(parsed.config):  # noqa: PTH112
            raise UsageError(f"{parsed.config}: no such folder of settings; name another with --config")
        if parsed.command is None:
            return _read(parsed.library, parsed.paths, read_only=parsed.read_only)
        from warreader.tui import cli_commands

        return cli_commands.run(parsed)
    except LibraryError as error:
        return _fail(error, 3)
    except UsageError as error:
        return _fail(error, 2)
    except WarreaderError as error:
        return _fail(error, 1)
    except KeyboardInterrupt:
        print("stopped; what was stored stays, run it again to go on", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output (head, less) has had enough; what is left over goes nowhere, silently.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _stand_in() -> None:
    """Where an output was closed by whoever started us, what is printed goes nowhere."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _fail(error: WarreaderError, code: int) -> int:
    from warreader.index.api import visible

    print("warreader: " + visible(str(error)).replace("\n", "␊"), file=sys.stderr)
    return code


def _read(folder: Path | None, paths: list[str], *, read_only: bool) -> int:
    """Open the reader."""
    from warreader.index.api import Library, default_folder, folder_for, is_address

    missing = [path for path in paths if not (is_address(path) or os.path.exists(path))]  # noqa: PTH110
    if missing:
        raise UsageError(f"{missing[0]}: no such file or folder, nor a command ({', '.join(COMMANDS)})")
    if folder is None and (libraries := [path for path in paths if os.path.isfile(f"{path}/library.sqlite")]):  # noqa: PTH113
        raise UsageError(f"{libraries[0]}: is a library; open it with: warreader --library {libraries[0]}")
    if not (sys.stdin and sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the reader needs a terminal; for scripts use a command, see: warreader --help")
    if (terminal := os.environ.get("TERM", "")).lower() in _SCREENLESS:
        raise UsageError(
            f"this terminal (TERM={terminal}) can't show a screen; use a command, see: warreader --help"
        )
    chosen = folder or (folder_for(paths) if paths else default_folder())
    fresh = not (chosen / "library.sqlite").exists()
    inputs = [path if is_address(path) else str(Path(path).resolve()) for path in paths]
    inputs = inputs or (["--seeds"] if fresh else [])
    with Library(chosen, read_only=read_only) as library:
        from warreader.index.api import config_folder
        from warreader.tui.app import WarreaderApp
        from warreader.tui.commands import known
        from warreader.tui.config import load_config
        from warreader.tui.lettering import show_alike
        from warreader.tui.state import starting_theme
        from warreader.tui.themes import Themes

        # Who reads also annotates: where that can't be, it is told before the screen is taken.
        _ = library.annotations
        settings = config_folder()
        themes = Themes(settings)
        config, problems = load_config(settings, known(), themes.names())
        theme = themes.get(starting_theme(config.theme))
        lines = [str(problem) for problem in [*problems, *themes.problems]]
        themes.problems.clear()
        app = WarreaderApp(library, themes, theme=theme.name, config=config, inputs=inputs, problems=lines)
        # Textual paints on what this names.
        show_alike("__stderr__", "__stdout__")
        app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
