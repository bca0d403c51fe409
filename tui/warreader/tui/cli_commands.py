"""The commands of ``warreader``. ``--json`` prints JSON lines on stdout and nothing else there."""

from __future__ import annotations

import argparse
import errno
import io
import os
import secrets
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from warreader.index.api import (
    DamagedError,
    InputError,
    Library,
    LibraryError,
    UsageError,
    WarreaderError,
    default_folder,
    jsonable,
    many,
    storage_error,
    visible,
)
from warreader.tui import cli_add
from warreader.tui.cli_output import opened, print_json, shown
from warreader.tui.lettering import show_alike

_BOM = "\ufeff"
_STORING = ("add", "update", "remove", "import")
_SQLITE = b"SQLite format 3\0"
"""How its files begin (https://www.sqlite.org/fileformat.html#magic_header_string)."""
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def run(parsed: argparse.Namespace) -> int:
    """Run the command that was asked for.

    Raises:
        BrokenPipeError: who reads our output has had enough.
        WarreaderError: it can't be done; the message says why.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Data is UTF-8 wherever it goes; for people, what their terminal can't show is shown by what looks like it.
        data = parsed.json or parsed.command == "export"
        if data:
            sys.stdout.reconfigure(encoding="utf-8", errors="strict")
        else:
            show_alike("stdout")
    show_alike("stderr")
    try:
        code = _COMMANDS[parsed.command](parsed)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (sqlite3.Error, OSError) as error:
        if parsed.command not in _STORING and getattr(error, "errno", None) in _FULL:
            raise WarreaderError(
                f"what is printed, or the search index, can't be written ({os.strerror(errno.ENOSPC)}); free the disk"
            ) from error
        raise storage_error(parsed.library or default_folder(), error) from error
    return code


def _names(parsed: argparse.Namespace) -> int:
    """What the user's lists of names hold, and whether a model reads along."""
    from warreader.index.api import MODEL_REMEDY, chosen_model, model_identity

    with opened(parsed) as library:
        own = library.entities.own_names()
        model = chosen_model()
        due = library.model.due
    if parsed.json:
        print_json({"file": str(path), "names": number} for path, number in own.files.items())
        print_json({"problem": problem} for problem in own.problems)
        print_json([{"model": model_identity(model) if model else None, "due": due}])
    else:
        for path, number in own.files.items():
            print(shown(f"{path}: {many(number, 'name')}"))
        for problem in own.problems:
            print(shown(problem), file=sys.stderr)
        told = f"{model_identity(model)}, {due:,} to read" if model else f"none; to get one: {MODEL_REMEDY}"
        print(f"model: {told}")
    return 1 if own.problems else 0


def _search(parsed: argparse.Namespace) -> int:
    from warreader.index.api import Order

    with opened(parsed) as library:
        cli_add.catch_up(library)
        if parsed.facets:
            return _facets(parsed, library)
        result = library.search.search(parsed.query, limit=parsed.limit, order=Order(parsed.sort))
    if result.problem is not None:
        where = f" at {result.problem_at + 1}" if result.problem_at is not None else ""
        _tell_problem(f"{result.problem}{where}", result.understood)
    for name, others in result.also:
        print(f"warreader: {shown(name)}: also {shown(', '.join(others))}", file=sys.stderr)
    if why := result.why_none:
        print(f"warreader: no article has all of these; {shown(why)}", file=sys.stderr)
    if result.meant is not None:
        print(f"warreader: did you mean: {shown(result.meant)}", file=sys.stderr)
    if parsed.json:
        print_json(map(jsonable.search_hit, result.hits))
        return 0
    for hit in result.hits:
        about = " · ".join(part for part in (hit.outlet, (hit.date or "")[:10]) if part)
        print(shown(f"{hit.id}  {hit.title}" + (f"  ({about})" if about else "")))
        for snippet in hit.snippets:
            print("    " + " ".join(_marked(visible(snippet.text), snippet.start, snippet.hits).split()))
    print(many(result.total, "article"), file=sys.stderr)
    return 0


def _tell_problem(problem: str, understood: str) -> None:
    read_as = f"; read as: {shown(understood)}" if understood else ""
    print(f"warreader: {shown(problem)}{read_as}", file=sys.stderr)


def _facets(parsed: argparse.Namespace, library: Library) -> int:
    """Prints what all that is found has in common."""
    answer = library.search.answer(parsed.query)
    if answer.problem is not None:
        _tell_problem(answer.problem, answer.understood)

    def missed(error: Exception) -> None:
        if str(error) not in (answer.problem or ""):
            print(f"warreader: tags are not counted: {shown(str(error))}", file=sys.stderr)

    found = library.search.facets.of(answer.keys, parsed.limit, missed=missed)
    if parsed.json:
        print_json(jsonable.facet_value(facet.field, value) for facet in found for value in facet.values)
        return 0
    for facet in found:
        print(f"{facet.field}:")
        for value in facet.values:
            print(f"  {value.articles:>7,}  {shown(value.name)}")
        if more := facet.total - len(facet.values):
            print(f"           … {more:,} more")
    print(many(len(answer), "article"), file=sys.stderr)
    return 0


def _marked(text: str, start: int, hits: Iterable[Any]) -> str:
    bold, plain = ("\x1b[1m", "\x1b[0m") if sys.stdout.isatty() else ("", "")
    parts, at = [], 0
    for hit in hits:
        parts += [text[at : hit.start - start], bold, text[hit.start - start : hit.end - start], plain]
        at = hit.end - start
    return "".join(parts) + text[at:]


def _show(parsed: argparse.Namespace) -> int:
    with opened(parsed) as library:
        article = library.articles.get(parsed.id)
    if parsed.json:
        print_json([jsonable.article(article)])
        return 0
    meta = article.meta
    for name, value in (
        ("Title", article.title),
        ("Outlet", meta.outlet),
        ("Author", meta.author),
        ("Date", meta.date),
        ("URL", meta.url),
    ):
        if value:
            print(shown(f"{name}: {value}"))
    print()
    print(visible(article.text))
    return 0


def _export(parsed: argparse.Namespace) -> int:
    from warreader.index.api import EXPORT_ARCHIVES, export, write_archive

    if parsed.bom and parsed.format != "csv":
        raise UsageError("--bom is for --format csv: other formats are read as UTF-8 without it")
    with opened(parsed) as library:
        if parsed.what == "annotations" and parsed.format in EXPORT_ARCHIVES and parsed.output is not None:
            _replace(parsed.output, lambda path: write_archive(library, parsed.format, path))
            return 0
        lines = export(library, parsed.what, parsed.format, parsed.group, versions=parsed.versions)
        if parsed.bom:
            lines = chain((_BOM + next(lines, ""),), lines)
        if parsed.output is None:
            # Data as it is goes to files and pipes; a terminal might obey what an article holds.
            harmless = visible if sys.stdout.isatty() else str
            for line in lines:
                print(harmless(line))
        else:
            _write(parsed.output, lines)
    return 0


def _write(path: Path, lines: Iterable[str]) -> None:
    _replace(path, lambda target: _write_lines(target, lines))


def _replace(path: Path, write: Callable[[Path], object]) -> None:
    target = Path(os.path.realpath(path))
    try:
        if target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if target.exists() and not target.is_file():
            # A device or pipe: written to, never replaced.
            write(target)
            return
        if _is_database(target):
            raise WarreaderError(
                f"{path}: is a database, of this library or another; choose another file with -o"
            )
        _replace_whole(target, write)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise WarreaderError(
            f"{path}: can't be written ({error.strerror}); choose another file with -o"
        ) from error


def _is_database(target: Path) -> bool:
    """Whether a file is one that holds what somebody made: written over, it would be lost."""
    if not target.exists():
        return False
    with target.open("rb") as file:
        return file.read(len(_SQLITE)) == _SQLITE


def _replace_whole(target: Path, write: Callable[[Path], object]) -> None:
    """Whole or not at all: an export cut off must not stand where a good one stood. Who could read that can still."""
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    partial = target.with_name(f".warreader-{secrets.token_hex(8)}.partial")
    # Nobody else's file, nor one that a link leads to; till it has the rights of the old one it is the user's alone.
    os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666 if mode is None else 0o600))
    try:
        write(partial)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        if mode is not None:
            partial.chmod(mode)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{line}\n" for line in lines)


def _import(parsed: argparse.Namespace) -> int:
    from warreader.index.api import reading

    piped = str(parsed.file) == "-"
    name = "standard input" if piped else parsed.file
    try:
        # Started without a standard input, there is none.
        merge = reading(parsed.file, (sys.stdin.buffer.read() if sys.stdin else b"") if piped else None)
    except OSError as error:
        raise WarreaderError(f"{name}: can't be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise WarreaderError(
            f"{name}, byte {error.start}: not valid UTF-8; export it again as UTF-8"
        ) from error
    except InputError as error:
        place = f", {error.place}" if error.place else ""
        raise WarreaderError(f"{name}{place}: {error.reason}") from error
    with opened(parsed, write=True) as library:
        done = merge(library)
    if parsed.json:
        print_json([{"added": done.added, "updated": done.updated, "unchanged": done.unchanged}])
    else:
        tags = f"; {many(done.tags, 'tag')} of its code book among them" if done.tags else ""
        print(f"added {done.added}, updated {done.updated}, unchanged {done.unchanged}{tags}")
    for address, number in done.missing.most_common(20):
        print(shown(f"left out {number}: no article here from {address}"), file=sys.stderr)
    if (more := len(done.missing) - 20) > 0:
        print(f"left out: those of {more} more", file=sys.stderr)
    for row in done.torn[:20]:
        print(f"left out, {row}", file=sys.stderr)
    if (more := len(done.torn) - 20) > 0:
        print(f"left out: {many(more, 'row')} more of that kind", file=sys.stderr)
    if done.waiting:
        told = f"kept, but on articles that are not here: {done.waiting}"
        print(f"{told}; add those, then import this file again", file=sys.stderr)
    if done.replies:
        print(f"left out: replies to annotations ({done.replies})", file=sys.stderr)
    if done.ahead:
        told = f"dated in the future: {done.ahead}; what is new counts as made now, nothing of yours was replaced"
        print(f"{told}; check the clock of this computer and of theirs", file=sys.stderr)
    if done.elsewhere:
        told = f"left out: what is marked in pictures, recordings, pages, or texts it doesn't carry ({done.elsewhere})"
        print(told, file=sys.stderr)
    return 1 if done.missing or done.torn else 0


def _check(parsed: argparse.Namespace) -> int:
    lost: list[str] = []
    with _opened_to_check(parsed, lost) as library:
        problems = [*lost, *library.check(repair=parsed.repair, tell=_tell)]
        left = [] if problems else library.left_to_do()
        held = len(library.articles)
    if parsed.json:
        print_json({"problem": problem} for problem in problems)
        if not problems:
            print_json([{"problems": 0, "articles": held, "left": left}])
    else:
        for problem in problems:
            print(shown(problem))
        if not problems:
            print(f"all well: {many(held, 'article')}")
    if left:
        now = "" if library.read_only else "; to do it now: warreader update"
        print(f"left to do: {', '.join(left)}{now}", file=sys.stderr)
    return 1 if problems else 0


def _opened_to_check(parsed: argparse.Namespace, lost: list[str]) -> Library:
    """The library; one that can't be opened, as its file is damaged, once what can be read is kept.

    Args:
        lost: told what can't be.
    """
    from warreader.index.api import rescue, rescue_promise

    try:
        return opened(parsed, write=parsed.repair)
    except DamagedError as error:
        folder = parsed.library or default_folder()
        if parsed.read_only or not parsed.repair:
            # Every text is read for that, as it is for the repair itself.
            if not (promised := rescue_promise(folder / "library.sqlite")):
                raise
            raise LibraryError(f"{error}{promised}") from error
        done = rescue(folder)
        if done.lost:
            lost.append(done.told)
        else:
            _tell(done.told)
    return opened(parsed, write=True)


def _tell(line: str) -> None:
    print(shown(line), file=sys.stderr)


def _keys(parsed: argparse.Namespace) -> int:
    from warreader.index.api import config_folder
    from warreader.tui.commands import COMMANDS, SCOPES, known, shown
    from warreader.tui.config import keys_with, load_config
    from warreader.tui.themes import Themes

    config, problems = load_config(config_folder(), known(), Themes(config_folder()).names())
    keys = keys_with(config.keys, known())
    if parsed.json:
        print_json(
            {
                "id": c.id,
                "title": c.title,
                "help": c.help,
                "scope": c.scope,
                "keys": [shown(key) for key in keys[c.id]],
            }
            for c in COMMANDS
        )
    else:
        for scope, title in SCOPES.items():
            print(f"{title}:")
            for command in COMMANDS:
                if command.scope == scope:
                    print(f"  {' '.join(map(shown, keys[command.id])):<14} {command.id:<22} {command.help}")
    for problem in problems:
        print(visible(str(problem)), file=sys.stderr)
    return 1 if problems else 0


def _themes(parsed: argparse.Namespace) -> int:
    from warreader.index.api import config_folder
    from warreader.tui.config import load_config
    from warreader.tui.state import starting_theme
    from warreader.tui.themes import Themes

    themes = Themes(config_folder())
    config, problems = load_config(config_folder(), None, themes.names())
    current = themes.get(starting_theme(config.theme)).name
    found = list(themes)
    if parsed.json:
        print_json(
            {"name": t.name, "title": t.title, "dark": t.dark, "current": t.name == current} for t in found
        )
    else:
        for theme in found:
            print(f"{'*' if theme.name == current else ' '} {theme.name:<16} {visible(theme.title)}")
    shown = list(dict.fromkeys(str(problem) for problem in [*problems, *themes.problems]))
    for problem in shown:
        print(visible(problem), file=sys.stderr)
    return 1 if shown else 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "add": cli_add.add,
    "update": cli_add.update,
    "remove": cli_add.remove,
    "search": _search,
    "show": _show,
    "export": _export,
    "import": _import,
    "check": _check,
    "names": _names,
    "keys": _keys,
    "themes": _themes,
}
