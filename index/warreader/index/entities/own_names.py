"""Lists of names that users keep themselves: YAML files, checked line by line.

A file is a mapping from kind to names; a name is written as it stands in
articles, or as a list of its forms, the one to show first::

    PERSON:
      - Iryna Example
      - [Ivan Example, Vanya, Иван Пример]
    UNIT:
      - [99th Example Brigade, Example Brigade]

What such a list names is that, wherever else the name may be listed; a name
whose first form is a listed one of the same kind gives its forms to that entity.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.article import Label
from warreader.index.entities.names import slug

if TYPE_CHECKING:
    import yaml

KINDS = tuple(label for label in Label if label not in (Label.DATE, Label.NUMBER))
_LARGEST = 4_000_000
"""Bytes of a file: more is no list of names."""
_LONGEST = 120
"""Code points of a name."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """One name of a user's list: its kind and its forms, the one to show first."""

    label: Label
    forms: tuple[str, ...]

    @property
    def id(self) -> str:
        """Its id where no listed entity has its first form."""
        prefix = "place" if self.label is Label.GPE else self.label.value.lower()
        return f"{prefix}:own_{slug(self.forms[0]) or 'unnamed'}"


@dataclass(slots=True)
class OwnNames:
    """What the users' lists hold.

    Attributes:
        names: in the order of files and lines.
        files: how many names each file gave.
        problems: what is wrong, one line each: file, line, what to do.
        fingerprint: changes when a file does; 0 where there is none.
    """

    names: list[OwnName] = field(default_factory=list)
    files: dict[Path, int] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    fingerprint: int = 0


def read(folders: Iterable[Path]) -> OwnNames:
    """Read all ``*.yaml`` and ``*.yml`` files of the folders; what can't be read is told and passed over."""
    # Only here: a reader that opens needs none of it.
    import yaml

    own = OwnNames()
    for path in _files(folders, own.problems):
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError(f"larger than {_LARGEST // 1_000_000} MB; split it")
            content = path.read_bytes()
            own.fingerprint = zlib.crc32(content, own.fingerprint) or 1
            before = len(own.names)
            _read(path, content.decode("utf-8-sig"), own)
            own.files[path] = len(own.names) - before
        except UnicodeDecodeError:
            own.problems.append(f"{path}: not UTF-8; save it as UTF-8")
        except (OSError, ValueError) as error:
            own.problems.append(f"{path}: {getattr(error, 'strerror', None) or error}")
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            place = f"{path}:{mark.line + 1}" if mark else str(path)
            own.problems.append(
                f"{place}: not valid YAML ({getattr(error, 'problem', None) or 'unreadable'})"
            )
        except RecursionError:
            own.problems.append(f"{path}: nested too deeply; a kind holds a list of names")
    return own


def _files(folders: Iterable[Path], problems: list[str]) -> Iterator[Path]:
    """The files; which folder can't be looked into is told in ``problems``."""
    for folder in folders:
        try:
            found = sorted(path for path in folder.iterdir() if path.suffix.lower() in (".yaml", ".yml"))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            problems.append(f"{folder}: can't be read ({error.strerror}); check its permissions")
            continue
        yield from found


def fingerprint(folders: Iterable[Path]) -> int:
    """What :func:`read` gives as ``fingerprint``, without reading names."""
    found = 0
    for path in _files(folders, []):
        try:
            if path.stat().st_size <= _LARGEST:
                found = zlib.crc32(path.read_bytes(), found) or 1
        except OSError:
            continue
    return found


def _read(path: Path, content: str, own: OwnNames) -> None:
    import yaml

    root = yaml.compose(content, Loader=yaml.SafeLoader)
    if root is None:
        return
    if not isinstance(root, yaml.MappingNode):
        own.problems.append(
            f"{_at(path, root)}: write kinds with their names, as in: PERSON: [Iryna Example]"
        )
        return
    for key, value in root.value:
        kind = str(key.value).strip().upper() if isinstance(key, yaml.ScalarNode) else ""
        if kind not in (label.value for label in KINDS):
            own.problems.append(f"{_at(path, key)}: no such kind; one of: {', '.join(KINDS)}")
        elif not isinstance(value, yaml.SequenceNode):
            own.problems.append(
                f"{_at(path, value)}: {kind} wants a list of names, each on a line with a dash"
            )
        else:
            for item in value.value:
                _read_name(path, item, Label(kind), own)


def _read_name(path: Path, item: yaml.Node, label: Label, own: OwnNames) -> None:
    import yaml

    nodes = item.value if isinstance(item, yaml.SequenceNode) else [item]
    forms = []
    for node in nodes:
        if not isinstance(node, yaml.ScalarNode):
            own.problems.append(f"{_at(path, node)}: a name is text, or a list of its forms")
            return
        form = " ".join(node.value.replace("\u2019", "'").split())
        if not any(c.isalnum() for c in form):
            own.problems.append(f"{_at(path, node)}: an empty name")
        elif len(form) > _LONGEST:
            own.problems.append(f"{_at(path, node)}: longer than {_LONGEST} letters, no name")
        elif node.tag != "tag:yaml.org,2002:str":
            own.problems.append(f"{_at(path, node)}: {form} is read as no text; put it in quotes")
        else:
            forms.append(form)
    if forms:
        own.names.append(OwnName(label, tuple(dict.fromkeys(forms))))
    elif not nodes:
        own.problems.append(f"{_at(path, item)}: an empty list of forms")


def _at(path: Path, node: yaml.Node) -> str:
    return f"{path}:{node.start_mark.line + 1}"
