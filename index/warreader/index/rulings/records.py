"""Rulings out and in: JSON lines, and YAML that people read, write and pass on.

A record is flat: ``ruling`` (the kind), ``verb``, the data, ``modified`` and ``creator``. In YAML a file is a
list of them; one written by hand may leave ``modified`` out, it then counts as made when it is taken in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from warreader.index.errors import InputError, UsageError
from warreader.index.jsonable import UNSEEN
from warreader.index.jsonable import line as json_line
from warreader.index.rulings.model import UNDATED, Ruling, checked
from warreader.index.stamps import stamp
from warreader.index.text import storable

_LARGEST = 20_000_000
"""Code points of a YAML file; a larger one is refused."""
# A blank within a line, and one line after another: nothing that two parts of it could share.
_YAML_BEGINS = re.compile(r"(?:[^\S\n]*+(?:#[^\n]*+|---[^\n]*+|%[^\n]*+)?\n)*+- (?=\s*+[a-z]++:)")
_HEAD = """\
# What a reader of warreader ruled. Take it in with: warreader import FILE
"""


def to_record(ruling: Ruling) -> dict[str, Any]:
    """The fields."""
    record = {"ruling": ruling.kind, "verb": ruling.verb, **ruling.data, "modified": ruling.modified}
    return record if ruling.creator is None else {**record, "creator": ruling.creator}


def from_record(record: object) -> Ruling:
    """The ruling that a record holds; unknown fields are passed over.

    Raises:
        ValueError: a field is missing, of the wrong type, or has no value that it can have.
    """
    if not isinstance(record, Mapping):
        raise ValueError("not an object with ruling and verb")
    kind, verb = record.get("ruling"), record.get("verb")
    if not isinstance(kind, str) or not isinstance(verb, str):
        raise ValueError("ruling and verb must both be there")
    creator = record.get("creator")
    if creator is not None and (not isinstance(creator, str) or storable(creator) != creator):
        raise ValueError("creator is not a text")
    try:
        return Ruling(kind, verb, checked(kind, verb, record), _moment(record.get("modified")), creator)
    except UsageError as error:
        raise ValueError(str(error)) from error


def _moment(value: object) -> str:
    if value is None:
        return UNDATED
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        if isinstance(value, datetime):
            return stamp(value if value.tzinfo else value.replace(tzinfo=UTC))
        if isinstance(value, date):
            return stamp(datetime(value.year, value.month, value.day, tzinfo=UTC))
    except (ValueError, OverflowError):
        pass
    raise ValueError("modified is not a moment, such as 2022-03-01T09:30:00Z")


def to_jsonl(rulings: Iterable[Ruling]) -> Iterator[str]:
    """One ruling a line."""
    return (json_line(to_record(ruling)) for ruling in rulings)


def to_yaml(rulings: Iterable[Ruling]) -> Iterator[str]:
    """A YAML file of rulings, line by line."""
    import yaml

    yield from _HEAD.splitlines()
    empty = True
    for ruling in rulings:
        empty = False
        # What a terminal may obey is escaped: people look at these files.
        record = to_record(ruling)
        harmless = not UNSEEN.search(json.dumps(record, ensure_ascii=False))
        text = yaml.safe_dump([record], allow_unicode=harmless, sort_keys=False, width=10_000)
        yield from text.rstrip("\n").split("\n")
    if empty:
        yield "[]"


def holds_rulings(text: str, *, named_yaml: bool = False) -> bool:
    """Whether a text is of rulings, as far as its beginning tells.

    Args:
        named_yaml: whether its file is called so; nothing else that is imported is YAML.
    """
    text = text.removeprefix("\ufeff")
    if named_yaml or _YAML_BEGINS.match(text):
        return True
    first = next((line for line in text.split("\n", 1000) if line.strip()), "")
    try:
        record = json.loads(first)
    except (ValueError, RecursionError):
        return False
    return isinstance(record, dict) and "ruling" in record


def read(text: str, *, named_yaml: bool = False) -> list[Ruling]:
    """The rulings of JSON lines or YAML.

    Raises:
        InputError: something in it is no ruling; ``place`` is the line, from 1.
    """
    text = text.removeprefix("\ufeff")
    is_json = text.lstrip()[:1] == "{" and not named_yaml
    return [_ruling(record, number) for number, record in (_json if is_json else _yaml)(text)]


def _ruling(record: object, number: int) -> Ruling:
    try:
        return from_record(record)
    except ValueError as error:
        raise InputError(str(error), f"line {number}") from error


def _json(text: str) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except json.JSONDecodeError as error:
                reason = f"not JSON ({error.msg} at character {error.pos + 1})"
                raise InputError(reason, f"line {number}") from error
            except (ValueError, RecursionError) as error:
                raise InputError("not JSON that can be read", f"line {number}") from error


def _yaml(text: str) -> Iterator[tuple[int, object]]:
    import yaml

    if len(text) > _LARGEST:
        raise InputError(f"larger than {_LARGEST:,} characters; split it")
    try:
        # It looks at all of the text at once.
        loader = yaml.SafeLoader(text)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        reason = f"not YAML (a character that is not allowed in it: U+{ord(text[error.position]):04X})"
        raise InputError(reason, f"line {line}") from error
    try:
        _refuse_aliases(text)
        root = loader.get_single_node()
        if root is None:
            return
        if not isinstance(root, yaml.SequenceNode):
            raise InputError("not a list of rulings: each begins with “- ruling:”", "line 1")
        for node in root.value:
            yield node.start_mark.line + 1, loader.construct_object(node, deep=True)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(
            f"not YAML ({error.problem or error.context})", f"line {mark.line + 1}" if mark else None
        ) from error
    except yaml.YAMLError as error:
        raise InputError(f"not YAML ({str(error).splitlines()[0]})") from error
    except (ValueError, RecursionError, OverflowError) as error:
        raise InputError(
            "not YAML that can be read (nested too deep, or an impossible date or number)"
        ) from error
    finally:
        loader.dispose()


def _refuse_aliases(text: str) -> None:
    import yaml

    # A few lines of aliases can stand for billions of values.
    for token in yaml.scan(text, Loader=yaml.SafeLoader):
        if isinstance(token, yaml.AliasToken):
            raise InputError("an alias (*name); write it out", f"line {token.start_mark.line + 1}")
