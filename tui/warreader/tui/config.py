"""Settings from ``config.yaml``: checked line by line, so that one slip never costs the rest of the file."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from warreader.tui import yamlfile
from warreader.tui.keynames import normal_key
from warreader.tui.themes import DEFAULT_THEME
from warreader.tui.yamlfile import Problem, did_you_mean, one_line

CONFIG_FILE = "config.yaml"

KnownCommands = Mapping[str, tuple[str, tuple[str, ...]]]
"""Command id -> scope and default keys. The scope ``global`` holds everywhere."""

GLOBAL = "global"
MAX_KEYS = 10
"""A command has at most so many keys."""

_SETTINGS = ("theme", "keys", "creator", "furniture", "layers")


class Furniture(StrEnum):
    """What is done with share buttons, newsletter lines and related links."""

    FOLD = "fold"
    SHOW = "show"


@dataclass(frozen=True, slots=True)
class Layers:
    """What the article view marks when it opens."""

    entities: bool = True
    quotations: bool = True
    highlights: bool = True
    hits: bool = True


@dataclass(frozen=True, slots=True)
class Config:
    """The reader's settings.

    ``keys`` holds the changed commands only, as Textual names keys (``slash``,
    ``ctrl+d``, ``g g``); an empty tuple leaves the command without a key.
    ``creator`` is who made an annotation, or ``None``.
    """

    theme: str = DEFAULT_THEME
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    creator: str | None = None
    furniture: Furniture = Furniture.FOLD
    layers: Layers = Layers()


def load_config(
    folder: Path,
    known_commands: KnownCommands | None = None,
    known_themes: Collection[str] | None = None,
) -> tuple[Config, list[Problem]]:
    """The settings of a configuration folder, and what is wrong with them; no file means the defaults.

    Args:
        folder: where ``config.yaml`` lies.
        known_commands: what ``keys`` is checked against; ``None`` leaves ids and clashes unchecked.
        known_themes: what ``theme`` is checked against; ``None`` leaves it unchecked.
    """
    file = folder / CONFIG_FILE
    problems: list[Problem] = []
    # A link that leads nowhere is a mistake to report, not an absent file.
    if not os.path.lexists(file) or (top := yamlfile.load(file, problems)) is None:
        return Config(), problems
    top.only(_SETTINGS, "setting")
    creator = top.text("creator", nullable=True)
    config = Config(
        theme=_theme(top, known_themes),
        keys=MappingProxyType(_keys(top.mapping("keys"), known_commands)),
        creator=creator.strip() or None if creator is not None else None,
        furniture=_furniture(top),
        layers=_layers(top.mapping("layers")),
    )
    return config, sorted(problems, key=lambda problem: problem.line or 0)


def _theme(top: yamlfile.Mapping, known: Collection[str] | None) -> str:
    name = top.text("theme")
    if name is None or known is None or name in known:
        return name or DEFAULT_THEME
    top.wrong("theme", f'no theme "{one_line(name)}": {did_you_mean(name, known)}')
    return DEFAULT_THEME


def _furniture(top: yamlfile.Mapping) -> Furniture:
    if (value := top.text("furniture")) is None:
        return Furniture.FOLD
    try:
        return Furniture(value)
    except ValueError:
        top.wrong("furniture", f'"{one_line(value)}" is neither: write fold or show')
        return Furniture.FOLD


def _layers(section: yamlfile.Mapping) -> Layers:
    names = [layer.name for layer in fields(Layers)]
    section.only(names, "layer")
    flags = {name: section.flag(name) for name in names}
    return Layers(**{name: flag is not False for name, flag in flags.items()})


# Keys


def keys_with(
    config_keys: Mapping[str, tuple[str, ...]], known_commands: KnownCommands
) -> dict[str, tuple[str, ...]]:
    """The keys of every command: its own where the settings name some, else its defaults.

    All are written as Textual names them; keys that are none and ids that are not known are left out.
    """
    return {
        command: _normal(config_keys.get(command, defaults))
        for command, (_, defaults) in known_commands.items()
    }


def _normal(keys: tuple[str, ...]) -> tuple[str, ...]:
    names = (normal_key(key) for key in keys)
    return tuple(dict.fromkeys(name for name in names if name is not None))


@dataclass(frozen=True, slots=True)
class _Given:
    """A key as the settings give it."""

    line: int
    text: str


_ByKey = dict[str, _Given]


def _keys(section: yamlfile.Mapping, known: KnownCommands | None) -> dict[str, tuple[str, ...]]:
    if known is not None:
        section.only(known.keys(), "command", "all are listed by: warreader keys; those of dialogues stay")
    given: dict[str, _ByKey] = {}
    for command in section:
        if known is None or command in known:
            texts = section.texts(command)
            named = _named(section, command, texts or [])
            # Where no key given is one, the defaults stay; an empty list is meant.
            if named or texts == []:
                given[command] = named
    if known is not None:
        _drop_clashes(section, given, known)
    return {command: tuple(named) for command, named in given.items()}


def _named(section: yamlfile.Mapping, command: str, texts: list[tuple[int, str]]) -> _ByKey:
    named: _ByKey = {}
    for line, text in texts[:MAX_KEYS]:
        if (key := normal_key(text)) is None:
            section.report(line, f'{one_line(command)}: no key "{one_line(text)}": {_key_remedy(text)}')
        else:
            named.setdefault(key, _Given(line, one_line(text)))
    if len(texts) > MAX_KEYS:
        line = texts[MAX_KEYS][0]
        section.report(line, f"{one_line(command)}: more than {MAX_KEYS} keys: remove the others")
    return named


def _key_remedy(text: str) -> str:
    from warreader.tui.keynames import NAMED_KEYS

    if len(text.split()) > 2:
        return "at most two keys, one after the other"
    return did_you_mean(text, NAMED_KEYS, 'write one character, or a name such as "ctrl+d", "enter", "g g"')


def _drop_clashes(section: yamlfile.Mapping, settings: dict[str, _ByKey], known: KnownCommands) -> None:
    """Take away keys from the settings until none is another command's.

    A command that loses its last key gets its defaults back, which may be in
    the way of another's, so it is looked at again; each round takes one key.
    """
    while (clash := _first_clash(settings, known)) is not None:
        command, key, other, other_key = clash
        given = settings[command].pop(key)
        if not settings[command]:
            del settings[command]
        told = f'"{given.text}" is taken by {other}'
        if key != other_key:
            told = f'"{given.text}" and "{other_key}" of {other} begin alike'
        section.report(given.line, f"{command}: {told}: choose another, or give {other} another key")


def _first_clash(settings: Mapping[str, _ByKey], known: KnownCommands) -> tuple[str, str, str, str] | None:
    """The first key of the settings that can't be told from another command's: command, key, other, its key.

    Keys are entered with the defaults first and the settings in the order of the file, so that of two
    lines of the settings the later one gives way.
    """
    order = [command for command in known if command not in settings]
    order += sorted(
        settings, key=lambda command: max((key.line for key in settings[command].values()), default=0)
    )
    taken: dict[str, list[tuple[str, str]]] = {}
    for command in order:
        scope = known[command][0]
        keys = tuple(settings[command]) if command in settings else _normal(known[command][1])
        for key in keys:
            for other, other_key in taken.get(key.split(" ")[0], ()) if command in settings else ():
                scopes = {scope, known[other][0]}
                alike = key == other_key or " " not in key or " " not in other_key
                if alike and other != command and (len(scopes) == 1 or GLOBAL in scopes):
                    return command, key, other, other_key
        for key in keys:
            taken.setdefault(key.split(" ")[0], []).append((command, key))
    return None
