"""``warreader``: the reader, and the commands. Exit 0 done, 1 some inputs failed, 2 wrong use, 3 no library."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from warreader.index.errors import LibraryError, UsageError, WarreaderError

COMMANDS = ("add", "update", "search", "show", "export", "import", "check", "names", "keys", "themes")

_EPILOG = """\
Without a command, opens the reader: on your library, which at first holds five
sample articles, or with PATHs on a library kept for just those files and folders.
A folder named like a command is written ./add.
"""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="warreader",
        description="Read war coverage in the terminal: search, names, quotations across outlets, notes.",
        usage="warreader [--library DIR] [--config DIR] [PATH... | COMMAND ...]",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    _add_folders(parser)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, help: str, json: str) -> argparse.ArgumentParser:
        added = subparsers.add_parser(name, help=help, description=help)
        added.add_argument("--json", action="store_true", help=json)
        _add_folders(added, default=argparse.SUPPRESS)
        return added

    add = command("add", "add articles from files, folders and addresses", "print one JSON object per input")
    add.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a file, a folder, an address (https://...), or - for standard input",
    )
    add.add_argument(
        "--jobs", type=_positive, metavar="N", help="processes at most that parse pages and documents"
    )
    add.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=NAME",
        help="which field of a record holds what: --map text=content --map outlet=source.name",
    )
    add.add_argument("--format", metavar="F", help="read the files named as this (csv, html, ...)")
    add.add_argument(
        "--defer", action="store_true", help="leave names, quotations and matches to: warreader update"
    )
    _add_wait(add)
    _add_wait(command("update", "bring search and all that is derived up to date", "the same, in silence"))
    search = command("search", "search all articles", "print one JSON object per article")
    search.add_argument("query", metavar="QUERY")
    search.add_argument(
        "--limit", type=_positive, default=20, metavar="N", help="show at most N articles (20)"
    )
    search.add_argument(
        "--sort",
        choices=("relevance", "newest", "oldest", "outlet", "title"),
        default="relevance",
        help="in which order (relevance)",
    )
    search.add_argument(
        "--facets",
        action="store_true",
        help="count outlets, dates, names and tags over all that is found, instead of listing it",
    )
    command("show", "print one article", "print it as a JSON object").add_argument("id", metavar="ID")
    export = command(
        "export",
        "export articles, entities, mentions, quotations, matches, annotations, corrections or rulings",
        "the same as --format jsonl",
    )
    export.add_argument("what", metavar="WHAT")
    export.add_argument(
        "--format",
        default="jsonl",
        metavar="F",
        help="jsonl; for annotations also w3c, markdown, csv, html, qdc (code book), and with -o qdpx (REFI-QDA), "
        "brat; for rulings yaml",
    )
    export.add_argument(
        "--group",
        default="article",
        choices=("article", "tag"),
        help="what annotations stand together by in markdown and html (article)",
    )
    export.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file")
    imports = command(
        "import", "import annotations, corrections or rulings", "print what was done as a JSON object"
    )
    imports.add_argument("file", metavar="FILE", type=Path)
    check = command("check", "verify the library", "print one JSON object per problem")
    check.add_argument("--repair", action="store_true", help="rebuild what can be rebuilt")
    command("names", "your lists of names and the model", "print one JSON object per list, problem and model")
    command("keys", "the keys in force", "print one JSON object per command")
    command("themes", "the themes there are", "print one JSON object per theme")
    return parser


def _add_folders(parser: argparse.ArgumentParser, default: str | None = None) -> None:
    """The options that hold before and after a command's name."""
    for name, what in (("library", "the library"), ("config", "the settings")):
        parser.add_argument(
            f"--{name}",
            metavar="DIR",
            type=Path,
            default=default,
            help=f"use {what} in this folder (or set WARREADER_{name.upper()})",
        )


def _add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--wait",
        type=_seconds,
        default=-1.0,
        metavar="S",
        help="wait at most S seconds while another process adds to the library (20)",
    )


def _seconds(text: str) -> float:
    value = float(text)
    if not 0 <= value < 10**9:
        raise argparse.ArgumentTypeError("must be a number of seconds, 0 or more")
    return value


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return value


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes longer than all else here."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(f"warreader {_version()}")
        parser.exit()


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("warreader")
    except PackageNotFoundError:
        return "(not installed)"


def _is_command(arguments: Sequence[str]) -> bool:
    """Whether the first argument that is no option is a command; options alone are for the full parser too."""
    rest = list(arguments)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        option = rest.pop(0)
        if option == "--":
            return not rest
        if option in ("--library", "--config") and rest:
            rest.pop(0)
    return not rest or rest[0] in COMMANDS


def _reader_parser() -> argparse.ArgumentParser:
    """Of ``warreader PATH...``, with the options on either side of the paths."""
    parser = argparse.ArgumentParser(
        prog="warreader", usage="warreader [--library DIR] [--config DIR] PATH..."
    )
    _add_folders(parser)
    parser.add_argument("paths", nargs="*")
    parser.set_defaults(command=None)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command or the reader; returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given:
        # The commonest call, and the one that waits for a screen: no parser is made for it.
        parsed = argparse.Namespace(command=None, library=None, config=None)
    elif _is_command(given):
        parsed = _parser().parse_args(given)
    else:
        parsed = _reader_parser().parse_intermixed_args(given)
    if parsed.config is not None:
        os.environ["WARREADER_CONFIG"] = str(parsed.config)
    try:
        if parsed.command is None:
            return _read(parsed.library, getattr(parsed, "paths", []))
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


def _fail(error: WarreaderError, code: int) -> int:
    from warreader.index.text import visible

    print("warreader: " + visible(str(error)).replace("\n", "␊"), file=sys.stderr)
    return code


def _read(folder: Path | None, paths: list[str]) -> int:
    """Open the reader."""
    from warreader.index.folders import default_folder, folder_for
    from warreader.index.ingest.pieces import is_address
    from warreader.index.library import Library

    missing = [path for path in paths if not (is_address(path) or os.path.exists(path))]  # noqa: PTH110
    if missing:
        raise UsageError(f"{missing[0]}: no such file or folder, nor a command ({', '.join(COMMANDS)})")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError("the reader needs a terminal; for scripts use a command, see: warreader --help")
    chosen = folder or (folder_for(paths) if paths else default_folder())
    fresh = not (chosen / "library.sqlite").exists()
    inputs = [path if is_address(path) else str(Path(path).resolve()) for path in paths]
    inputs = inputs or (["--seeds"] if fresh else [])
    with Library(chosen) as library:
        from warreader.tui.app import WarreaderApp
        from warreader.tui.commands import known
        from warreader.tui.config import config_folder, load_config
        from warreader.tui.state import starting_theme
        from warreader.tui.themes import Themes

        settings = config_folder()
        themes = Themes(settings)
        config, problems = load_config(settings, known(), themes.names())
        theme = themes.get(starting_theme(config.theme))
        lines = [str(problem) for problem in [*problems, *themes.problems]]
        themes.problems.clear()
        app = WarreaderApp(library, themes, theme=theme.name, config=config, inputs=inputs, problems=lines)
        app.run()
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main())
