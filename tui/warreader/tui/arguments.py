"""What is said to ``warreader`` on the command line."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

COMMANDS = (
    "add",
    "update",
    "remove",
    "search",
    "show",
    "export",
    "import",
    "check",
    "names",
    "keys",
    "themes",
)

_EPILOG = """\
Without a command, opens the reader: on your library, which at first holds five
sample articles, or with PATHs on a library kept for just those files and folders.
A folder named like a command is written ./add.
"""


def parse(given: Sequence[str]) -> argparse.Namespace:
    """Read what was given; ``command`` is ``None`` for the reader, whose ``paths`` then are what to read.

    Raises:
        SystemExit: it can't be read, which is told, or help was asked for.
    """
    if not given:
        # The commonest call, and the one that waits for a screen: no parser is made for it.
        return argparse.Namespace(command=None, library=None, config=None, read_only=False, paths=[])
    if _is_command(given):
        parser = _parser()
        parsed = argparse.Namespace(**{"paths": []} | vars(parser.parse_args(_with_query_last(given))))
        if parsed.command is None and parsed.json:
            parser.error("--json is for commands, not for the reader")
        return parsed
    return _reader_parser().parse_intermixed_args(given)


def _with_query_last(given: Sequence[str]) -> Sequence[str]:
    """A query may begin with a minus, as an option does: it is put where no option can stand."""
    if "search" not in given or "--" in given:
        return given
    after = given.index("search") + 1
    queries = [one for one in given[after:] if len(one) > 1 and one[0] == "-" != one[1] and one != "-h"]
    if len(queries) != 1:
        return given
    return [*given[:after], *(one for one in given[after:] if one is not queries[0]), "--", queries[0]]


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong in one line, with where to read on."""

    def error(self, message: str) -> NoReturn:
        from warreader.index.api import visible

        told = visible(message).replace("\n", "␊")
        self.exit(2, f"{self.prog}: {told}; see: {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="warreader",
        description="Read war coverage in the terminal: search, names, quotations across outlets, notes.",
        usage="warreader [--library DIR] [--config DIR] [--read-only] [PATH... | COMMAND ...]",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and leave")
    parser.add_argument("--json", action="store_true", help="print JSON lines, with any command")
    _add_folders(parser)
    subparsers = parser.add_subparsers(dest="command", metavar="COMMAND", prog="warreader")

    def command(name: str, help: str, json: str) -> argparse.ArgumentParser:
        added = subparsers.add_parser(name, help=help, description=help)
        added.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help=json)
        _add_folders(added, default=argparse.SUPPRESS)
        return added

    _to_add(
        command("add", "add articles from files, folders and addresses", "print one JSON object per input")
    )
    _add_wait(
        command(
            "update", "bring search and all that is derived up to date", "print one JSON object per stage"
        )
    )
    remove = command(
        "remove",
        "take articles out of the library; notes on them are kept",
        "print one JSON object per article",
    )
    remove.add_argument("ids", nargs="+", metavar="ID")
    _add_wait(remove)
    _to_search(command("search", "search all articles", "print one JSON object per article"))
    command("show", "print one article", "print it as a JSON object").add_argument("id", metavar="ID")
    kinds = "articles, entities, mentions, quotations, matches, annotations, corrections or rulings"
    _to_export(command("export", f"export {kinds}", "the same as --format jsonl"))
    imports = "import annotations, corrections or rulings"
    command("import", imports, "print what was done as a JSON object").add_argument(
        "file", metavar="FILE", type=Path, help="a file, or - for standard input"
    )
    check = command("check", "verify the library", "print one JSON object per problem")
    check.add_argument("--repair", action="store_true", help="rebuild what can be rebuilt")
    command("names", "your lists of names and the model", "print one JSON object per list, problem and model")
    command("keys", "the keys in force", "print one JSON object per command")
    command("themes", "the themes there are", "print one JSON object per theme")
    return parser


def _to_add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help="a file, a folder, an address (https://...), or - for standard input",
    )
    parser.add_argument(
        "--jobs", type=_positive, metavar="N", help="processes at most that parse pages and documents"
    )
    parser.add_argument(
        "--map",
        action="append",
        default=[],
        metavar="FIELD=NAME",
        help="which field of a record holds what: --map text=content --map outlet=source.name",
    )
    parser.add_argument("--format", metavar="F", help="read the files named as this (csv, html, ...)")
    parser.add_argument(
        "--again",
        action="store_true",
        help="read files that are as they were too: articles taken out of the library come back",
    )
    parser.add_argument(
        "--defer", action="store_true", help="leave names, quotations and matches to: warreader update"
    )
    _add_wait(parser)


def _to_search(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("query", metavar="QUERY")
    parser.add_argument(
        "--limit", type=_positive, default=20, metavar="N", help="show at most N articles (20)"
    )
    parser.add_argument(
        "--sort",
        choices=("relevance", "newest", "oldest", "outlet", "title"),
        default="relevance",
        help="in which order (relevance)",
    )
    parser.add_argument(
        "--facets",
        action="store_true",
        help="count outlets, dates, names and tags over all that is found, instead of listing it",
    )


def _to_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", metavar="WHAT")
    parser.add_argument(
        "--format",
        default="jsonl",
        metavar="F",
        help="jsonl; for annotations also w3c, markdown, csv, html, qdc (code book), and with -o qdpx (REFI-QDA), "
        "brat; for rulings yaml",
    )
    parser.add_argument(
        "--group",
        default="article",
        choices=("article", "tag"),
        help="what annotations stand together by in markdown and html (article)",
    )
    parser.add_argument(
        "--versions",
        action="store_true",
        help="older versions of articles too, with their mentions and quotations",
    )
    parser.add_argument(
        "--bom",
        action="store_true",
        help="begin csv with a byte order mark: without, Excel takes its letters for others",
    )
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help="write to a file")


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

    parser.add_argument(
        "--read-only",
        action="store_true",
        default=False if default is None else default,
        help="only read the library, write nothing in its folder",
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
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < 10**9:
        raise argparse.ArgumentTypeError("must be a number of seconds, 0 or more")
    return value


def _positive(text: str) -> int:
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError("must be a number, 1 or more")
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
    parser = _Parser(prog="warreader", usage="warreader [--library DIR] [--config DIR] [--read-only] PATH...")
    _add_folders(parser)
    parser.add_argument("paths", nargs="*")
    parser.set_defaults(command=None)
    return parser
