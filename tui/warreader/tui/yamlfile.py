"""YAML files written by hand: read safely, with the line of every value, and without tracebacks.

Settings and themes are small files that people edit and pass on. Whatever is
wrong with one is returned as a :class:`Problem`, one line that names the file,
the line and the remedy. No tag is ever acted on, anchors and aliases are
refused (a few lines of them can stand for billions of values), and size, depth
and number of values are bounded.
"""

from __future__ import annotations

import stat
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import yaml

MAX_BYTES = 1_000_000
"""Larger files are refused."""
MAX_DEPTH = 16
"""Deeper nesting is refused."""
MAX_EVENTS = 5_000
"""A file with more starts, ends and values than this is refused."""
MAX_REPORTS = 20
"""Of unknown names no more than this are told one by one."""

_TRUE = frozenset({"true", "yes", "on"})
_FALSE = frozenset({"false", "no", "off"})
_TAG = "tag:yaml.org,2002:"


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a file, with the remedy. ``line`` counts from 1; ``None`` is the file as a whole."""

    file: Path
    line: int | None
    message: str

    def __str__(self) -> str:
        place = one_line(str(self.file), limit=4096)
        return f"{place}:{self.line}: {self.message}" if self.line else f"{place}: {self.message}"


def one_line(text: str, limit: int = 60) -> str:
    """The text fit for one line of a message: control characters escaped, cut after ``limit`` code points."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in cut)


def nearest(word: str, known: Collection[str]) -> str | None:
    """The known word most like this one, or ``None`` when none is near."""
    from difflib import get_close_matches

    lowered = {name.lower(): name for name in known}
    # A long word is no slip of the pen, and comparing it with every known one would take long.
    found = get_close_matches(word.lower(), lowered, n=1, cutoff=0.6) if len(word) <= 100 else []
    return lowered[found[0]] if found else None


def did_you_mean(word: str, known: Collection[str], otherwise: str = "") -> str:
    """The remedy for a wrong word: the nearest known one, else ``otherwise``, else all that are known."""
    if (near := nearest(word, known)) is not None:
        return f'did you mean "{near}"?'
    return otherwise or f"known: {', '.join(sorted(known))}"


class Mapping:
    """A mapping of the file. Reading a value of the wrong type adds a problem and gives ``None``."""

    def __init__(self, file: Path, problems: list[Problem], node: yaml.MappingNode | None) -> None:
        self.file = file
        self.problems = problems
        self._entries: dict[str, tuple[int, yaml.Node]] = {}
        self.line = _line(node) if node is not None else 1
        for key, value in node.value if node is not None else ():
            self._enter(key, value)

    def _enter(self, key: yaml.Node, value: yaml.Node) -> None:
        import yaml

        if not isinstance(key, yaml.ScalarNode):
            self.report(_line(key), "a name must be plain text: write  name: value")
            return
        name = str(key.value)
        if name in self._entries:
            first = self._entries[name][0]
            self.report(
                _line(key), f'"{one_line(name)}" is set twice, first in line {first}: remove one of them'
            )
            return
        self._entries[name] = (_line(key), value)

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def report(self, line: int | None, message: str) -> None:
        """Add a problem of this file."""
        self.problems.append(Problem(self.file, line, message))

    def wrong(self, name: str, message: str) -> None:
        """Add a problem with the value of this name."""
        self.report(self.line_of(name), f"{one_line(name)}: {message}")

    def line_of(self, name: str) -> int | None:
        """The line, from 1, where the name stands, or ``None`` if it doesn't."""
        entry = self._entries.get(name)
        return entry[0] if entry else None

    def only(self, known: Collection[str], what: str, otherwise: str = "") -> None:
        """Report every name that is not known, with the nearest that is.

        Args:
            known: the names there are.
            what: what they are names of: "setting", "colour"...
            otherwise: the remedy where none is near; else all are named.
        """
        unknown = [(name, line) for name, (line, _) in self._entries.items() if name not in known]
        for name, line in unknown[:MAX_REPORTS]:
            self.report(line, f'no {what} "{one_line(name)}": {did_you_mean(name, known, otherwise)}')
        if len(unknown) > MAX_REPORTS:
            line = unknown[MAX_REPORTS][1]
            self.report(line, f"{len(unknown) - MAX_REPORTS} more that are no {what}: remove them")

    def text(self, name: str, *, nullable: bool = False) -> str | None:
        """The text of this name; ``None`` if absent, of another type, or null where that is allowed."""
        if (entry := self._entries.get(name)) is None:
            return None
        kind, value = _scalar(entry[1])
        if kind == "str":
            return value
        if kind == "null":
            if not nullable:
                self.wrong(name, _EMPTY)
        elif kind in _COLLECTIONS:
            self.wrong(name, f"one text is wanted here, not {_COLLECTIONS[kind]}")
        else:
            self.wrong(name, f'text is wanted here: put it in quotes, "{one_line(value)}"')
        return None

    def flag(self, name: str) -> bool | None:
        """True or false; ``None`` if absent or of another type."""
        if (entry := self._entries.get(name)) is None:
            return None
        kind, value = _scalar(entry[1])
        if kind == "bool" and value.lower() in _TRUE | _FALSE:
            return value.lower() in _TRUE
        self.wrong(name, "write true or false")
        return None

    def texts(self, name: str) -> list[tuple[int, str]] | None:
        """One text or a list of them, each with its line; ``None`` if absent or of another type.

        Digits count as text here: ``key: 1`` means the key 1.
        """
        import yaml

        if (entry := self._entries.get(name)) is None:
            return None
        node = entry[1]
        items: Sequence[yaml.Node] = node.value if isinstance(node, yaml.SequenceNode) else [node]
        found: list[tuple[int, str]] = []
        for item in items:
            kind, value = _scalar(item)
            if kind == "null":
                self.report(_line(item), f"{one_line(name)}: {_EMPTY}")
            elif kind in ("str", "int", "bool"):
                found.append((_line(item), value))
            else:
                self.report(_line(item), f'{one_line(name)}: write "text" or a list ["one", "two"]')
        return found if found or not items else None

    def mapping(self, name: str) -> Mapping:
        """The mapping of this name; an empty one if absent, null or of another type."""
        import yaml

        entry = self._entries.get(name)
        node = entry[1] if entry else None
        if node is not None and not isinstance(node, yaml.MappingNode):
            if _scalar(node)[0] != "null":
                self.wrong(name, "indented lines  name: value  are wanted below this")
            node = None
        return Mapping(self.file, self.problems, node)


_COLLECTIONS = {"seq": "a list", "map": "names and values"}
_EMPTY = 'the value is empty: give one, and put it in quotes if it begins with # or is ~ ("#1b1e24", "~")'


def load(file: Path, problems: list[Problem]) -> Mapping | None:
    """Read a file whose top level is a mapping; an empty file is an empty mapping.

    What is wrong is added to ``problems``; if nothing of the file can be used,
    ``None`` is returned. Never raises for what the file holds or where it lies.
    """
    text = _read(file)
    if isinstance(text, Problem):
        problems.append(text)
        return None
    import yaml

    loader: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if (refusal := _refusal(text, loader)) is not None:
            problems.append(Problem(file, *refusal))
            return None
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        problems.append(_syntax_problem(file, text, error))
        return None
    if node is None or (isinstance(node, yaml.ScalarNode) and _scalar(node)[0] == "null"):
        return Mapping(file, problems, None)
    if not isinstance(node, yaml.MappingNode):
        problems.append(Problem(file, _line(node), "the file must be made of lines  name: value"))
        return None
    return Mapping(file, problems, node)


def _read(file: Path) -> str | Problem:
    """The text of the file, or why it can't be had."""
    try:
        # Opening a pipe or a device could wait for ever, so only regular files are opened.
        if not stat.S_ISREG(file.stat().st_mode):
            return Problem(file, None, "not a file: put a YAML file in its place")
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return Problem(file, None, f"can't be read ({one_line(reason)}): check its name and permissions")
    if len(data) > MAX_BYTES:
        return Problem(file, None, f"larger than {MAX_BYTES:,} bytes: keep only the settings")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Problem(file, line, "not UTF-8 text: save it as UTF-8")
    from yaml.reader import Reader

    # libyaml tells no line for these.
    if (odd := Reader.NON_PRINTABLE.search(text)) is not None:
        line = text.count("\n", 0, odd.start()) + 1
        return Problem(file, line, f"holds a control character (U+{ord(odd.group()):04X}): remove it")
    return text


def _refusal(text: str, loader: type[yaml.CSafeLoader | yaml.SafeLoader]) -> tuple[int, str] | None:
    """Where and why the file is refused before it is built: anchors, depth, number of values."""
    import yaml

    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=loader)):
        line = event.start_mark.line + 1 if event.start_mark is not None else 1
        if getattr(event, "anchor", None) is not None:  # an alias has one too
            return line, "anchors and aliases (& and *) are not allowed: repeat the value, or quote it"
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            return line, f"nested more than {MAX_DEPTH} deep: remove the inner lists"
        if count > MAX_EVENTS:
            return line, "too many values: keep only the settings"
    return None


def _syntax_problem(file: Path, text: str, error: yaml.YAMLError) -> Problem:
    import yaml

    mark: yaml.Mark | None = None
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
    if mark is None:
        return Problem(file, None, f"not YAML ({one_line(str(error), 120)}): check its syntax")
    lines = text.splitlines()
    number = min(mark.line, max(len(lines) - 1, 0))
    content = lines[number] if lines else ""
    if "\t" in content[: len(content) - len(content.lstrip())]:
        return Problem(file, number + 1, "indented with a tab: use spaces")
    reason = one_line(getattr(error, "problem", None) or "not YAML", 120)
    remedy = "check quotes, colons and indentation; signs such as * & ? [ ] @ % need quotes"
    return Problem(file, number + 1, f"{reason}: {remedy}")


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _scalar(node: yaml.Node) -> tuple[str, str]:
    """The kind of a node ("str", "null", "bool", "int", "seq"...) and, of a scalar, its text as written."""
    return str(node.tag).removeprefix(_TAG), node.value if isinstance(node.value, str) else ""
