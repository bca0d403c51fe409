"""Themes: YAML files of colours, checked before Textual sees them, each read only when it is asked for.

Textual takes a bad colour into its register without a word and ends the app
when it is first painted, so every colour is parsed here and handed on as plain
``#rrggbb``. A theme needs three colours (background, foreground, primary); what
else it leaves out is derived from them so that it can be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from warreader.index.api import Label, data_folder, many
from warreader.tui import yamlfile
from warreader.tui.colours import contrast, mix, parse_colour, readable, tint
from warreader.tui.yamlfile import Problem, did_you_mean, one_line

if TYPE_CHECKING:
    from textual.theme import Theme

DEFAULT_THEME = "ink"
"""The theme used when none is set, and in place of a broken one."""

_NAME = re.compile(r"[a-z0-9-]{1,40}")
_REQUIRED = ("background", "foreground", "primary")
_UI = (*_REQUIRED, "secondary", "accent", "surface", "panel", "success", "warning", "error")
_READING = (
    "headline",
    "dimmed",
    "gutter",
    "quotation",
    "quotation_matched",
    "hit_background",
    "hit_foreground",
    "current_hit_background",
    "current_hit_foreground",
    "selection_background",
    "selection_foreground",
    "cursor_background",
    "cursor_foreground",
)
_PARTS = ("title", "dark", "ui", "reading", "entities", "highlights")
MIN_HIGHLIGHTS = 6
"""A theme has at least so many colours for annotations."""

# Where a theme names no colour for a label: hues that lie apart, common labels quiet.
_ENTITY_HUES: Mapping[Label, str] = {
    Label.PERSON: "#e0ac4a",
    Label.GPE: "#63b86a",
    Label.LOC: "#3fb8a6",
    Label.ORG: "#5aa0e6",
    Label.NORP: "#a58ae0",
    Label.UNIT: "#a3ac45",
    Label.EVENT: "#dc83c4",
    Label.WEAPON: "#ea6f5c",
    Label.DATE: "#8ba0b4",
    Label.NUMBER: "#b09a86",
}
_HIGHLIGHT_HUES = ("#d0a020", "#3f9f4f", "#2f86d0", "#c04f9f", "#d0662f", "#7f5fd0")
_SUCCESS, _WARNING, _ERROR = "#4fae62", "#e0a030", "#e05c5c"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderTheme:
    """Colours of the app and of the article view, all as ``#rrggbb``.

    ``name`` is the file's stem. ``entity`` holds foreground colours. The
    quotation colours are background tints, under text in ``foreground`` or an
    entity's colour, as are ``highlights``, the reader's own marks in the order
    in which tags take them. ``dimmed`` is for captions and furniture.
    """

    name: str
    title: str
    dark: bool
    primary: str
    secondary: str
    accent: str
    foreground: str
    background: str
    surface: str
    panel: str
    success: str
    warning: str
    error: str
    entity: Mapping[Label, str]
    highlights: tuple[str, ...]
    headline: str
    dimmed: str
    gutter: str
    quotation: str
    quotation_matched: str
    hit_background: str
    hit_foreground: str
    current_hit_background: str
    current_hit_foreground: str
    selection_background: str
    selection_foreground: str
    cursor_background: str
    cursor_foreground: str

    def textual_theme(self) -> Theme:
        """The part of it that Textual styles its widgets with."""
        from textual.theme import Theme

        return Theme(
            name=self.name,
            primary=self.primary,
            secondary=self.secondary,
            accent=self.accent,
            foreground=self.foreground,
            background=self.background,
            surface=self.surface,
            panel=self.panel,
            success=self.success,
            warning=self.warning,
            error=self.error,
            dark=self.dark,
            variables=self._variables(),
        )

    def _variables(self) -> dict[str, str]:
        blurred = mix(self.background, self.selection_background, 0.5)
        thumb = mix(self.background, self.foreground, 0.28)
        # Textual puts every colour through another colour space and back, which can change its last digit;
        # given as variables they stay what the article view paints with.
        exact = {name: str(getattr(self, name)) for name in _UI}
        return exact | {
            "border": self.primary,
            "border-blurred": mix(self.background, self.foreground, 0.22),
            "block-cursor-background": self.selection_background,
            "block-cursor-foreground": self.selection_foreground,
            "block-cursor-text-style": "bold",
            "block-cursor-blurred-background": blurred,
            "block-cursor-blurred-foreground": readable(self.foreground, blurred, 4.5),
            "block-hover-background": mix(self.background, self.foreground, 0.07),
            "footer-background": self.panel,
            "footer-foreground": self.foreground,
            "footer-description-foreground": self.foreground,
            "footer-key-foreground": readable(self.accent, self.panel, 4.5),
            "input-cursor-background": self.cursor_background,
            "input-cursor-foreground": self.cursor_foreground,
            "input-selection-background": self.selection_background,
            "input-selection-foreground": self.selection_foreground,
            "screen-selection-background": self.selection_background,
            "screen-selection-foreground": self.selection_foreground,
            "scrollbar": thumb,
            "scrollbar-hover": mix(thumb, self.primary, 0.5),
            "scrollbar-active": self.primary,
            "scrollbar-background": self.background,
            "scrollbar-corner-color": self.background,
            # What an empty box tells of itself is there to be read.
            "text-disabled": self.dimmed,
            "link-color": self.primary,
            "link-background-hover": self.selection_background,
            "link-color-hover": self.selection_foreground,
            "button-foreground": self.foreground,
            "button-color-foreground": readable(self.background, self.primary, 4.5),
        }


# Reading a theme


def load_theme(path: Path) -> tuple[ReaderTheme | None, list[Problem]]:
    """One theme from its file, and what is wrong with it.

    A name that is not known is only reported; a colour that is none, one of the
    three required that is missing, or a value of the wrong type makes the theme ``None``.
    """
    problems: list[Problem] = []
    if _NAME.fullmatch(path.stem) is None:
        message = "a theme's file name is made of a-z, 0-9 and -, at most 40: rename it"
        return None, [Problem(path, None, message)]
    top = yamlfile.load(path, problems)
    if top is None:
        return None, problems
    sections = {name: top.mapping(name) for name in ("ui", "reading", "entities")}
    title, dark = top.text("title"), top.flag("dark")
    ui = _colours(sections["ui"], _UI)
    for name in _REQUIRED:
        if name not in sections["ui"]:
            top.report(top.line_of("ui"), f'ui: "{name}" is missing: add  {name}: "#rrggbb"')
    background = ui.get("background")
    reading = _colours(sections["reading"], _READING, background)
    entity = _colours(sections["entities"], tuple(Label), background)
    highlights = _highlights(top, background)
    broken = bool(problems)
    top.only(_PARTS, "setting")
    for name, section in sections.items():
        section.only(tuple(Label) if name == "entities" else _UI if name == "ui" else _READING, "colour")
    if broken:
        return None, problems
    theme = derive(path.stem, ui, title=title, dark=dark, given=reading, entity=entity, highlights=highlights)
    return theme, problems


def _colours(
    section: yamlfile.Mapping, names: tuple[str, ...], background: str | None = None
) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        if (text := section.text(name)) is not None:
            try:
                found[name] = parse_colour(text, background)
            except ValueError as error:
                section.wrong(name, str(error))
    return found


def _highlights(top: yamlfile.Mapping, background: str | None) -> tuple[str, ...]:
    found: list[str] = []
    given = top.texts("highlights")
    for line, text in given or ():
        try:
            found.append(parse_colour(text, background))
        except ValueError as error:
            top.report(line, f"highlights: {error}")
    if given is not None and len(given) < MIN_HIGHLIGHTS:
        top.wrong(
            "highlights", f"{many(len(given), 'colour')}, {MIN_HIGHLIGHTS} are needed: add the missing ones"
        )
    return tuple(found)


def derive(
    name: str,
    ui: Mapping[str, str],
    *,
    title: str | None = None,
    dark: bool | None = None,
    given: Mapping[str, str] = MappingProxyType({}),
    entity: Mapping[str, str] = MappingProxyType({}),
    highlights: tuple[str, ...] = (),
) -> ReaderTheme:
    """A whole theme from the colours that are given, all ``#rrggbb``; at least those of a minimal ``ui``.

    What is missing is mixed from background, foreground and primary, and kept readable on what lies under it.
    """
    back, fore = ui["background"], ui["foreground"]
    colours = _whole_ui(ui)
    return ReaderTheme(
        name=name,
        title=title or name.replace("-", " ").capitalize(),
        dark=contrast(back, "#ffffff") > contrast(back, "#000000") if dark is None else dark,
        entity=MappingProxyType(
            {label: entity.get(label) or readable(_ENTITY_HUES[label], back, 4.5) for label in Label}
        ),
        highlights=highlights or tuple(tint(hue, back, fore, 0.4, 4.5) for hue in _HIGHLIGHT_HUES),
        **colours,
        **_whole_reading(given, colours),
    )


def _whole_ui(given: Mapping[str, str]) -> dict[str, str]:
    back, fore, primary = (given[name] for name in _REQUIRED)
    return {
        "secondary": readable(mix(primary, fore, 0.4), back, 4.5),
        "accent": readable(primary, back, 4.5),
        "surface": mix(back, fore, 0.05),
        "panel": mix(back, fore, 0.1),
        "success": readable(_SUCCESS, back, 4.5),
        "warning": readable(_WARNING, back, 4.5),
        "error": readable(_ERROR, back, 4.5),
    } | dict(given)


def _whole_reading(given: Mapping[str, str], ui: Mapping[str, str]) -> dict[str, str]:
    back, fore = ui["background"], ui["foreground"]
    whole = {
        "headline": fore,
        "dimmed": readable(mix(fore, back, 0.45), back, 3.5),
        "gutter": readable(mix(fore, back, 0.65), back, 3),
        "quotation": tint(ui["primary"], back, fore, 0.12, 4.5),
        "quotation_matched": tint(ui["primary"], back, fore, 0.25, 4.5),
        "hit_background": mix(back, ui["warning"], 0.75),
        "current_hit_background": fore,
        "selection_background": mix(back, ui["primary"], 0.45),
        "cursor_background": ui["accent"],
    } | dict(given)
    for part in ("hit", "current_hit", "selection", "cursor"):
        # The text's own colour stays where it can be read, else it moves towards black or white.
        under = whole[f"{part}_background"]
        start = back if part == "current_hit" else fore
        whole.setdefault(f"{part}_foreground", readable(start, under, 4.5))
    return whole


# Finding themes


class Themes:
    """The shipped themes and the user's own; a user's theme wins over the shipped one of its name.

    Args:
        config: the configuration folder, which may hold a folder ``themes``; ``None``: shipped ones only.
        shipped: the folder of the shipped themes, where it is not the usual one.
    """

    def __init__(self, config: Path | None = None, shipped: Path | None = None) -> None:
        self.problems: list[Problem] = []
        """What was wrong with the themes asked for so far."""
        self._loaded: dict[str, ReaderTheme] = {}
        if shipped is None:
            try:
                shipped = data_folder(Path(__file__).parent, "themes")
            except FileNotFoundError as error:
                self.problems.append(
                    Problem(Path(__file__).parent / "themes", None, one_line(str(error), 300))
                )
        self._folders = [config / "themes"] if config is not None else []
        self._folders += [shipped] if shipped is not None else []
        self._files: dict[str, list[Path]] = {}
        for folder in self._folders:
            for path in _theme_files(folder):
                self._files.setdefault(path.stem, []).append(path)

    def names(self) -> list[str]:
        """Names of all themes, the default first, the others by alphabet; no file is read for it."""
        return sorted({*self._files, DEFAULT_THEME}, key=lambda name: (name != DEFAULT_THEME, name))

    def get(self, name: str) -> ReaderTheme:
        """The theme of this name. If it is broken or there is none, the default and a problem more."""
        if name not in self._loaded:
            self._loaded[name] = self._find(name)
        return self._loaded[name]

    def _find(self, name: str) -> ReaderTheme:
        for path in self._files.get(name, ()):
            theme, problems = load_theme(path)
            self.problems += problems
            if theme is not None:
                return theme
        if name == DEFAULT_THEME:
            return derive(DEFAULT_THEME, _LAST_RESORT)
        if name not in self._files:
            place = (self._folders or [Path("themes")])[0] / f"{one_line(name)}.yaml"
            self.problems.append(Problem(place, None, f"no such theme: {did_you_mean(name, self.names())}"))
        return self.get(DEFAULT_THEME)

    def __iter__(self) -> Iterator[ReaderTheme]:
        """Every theme that holds, in the order of :meth:`names`; this reads them all."""
        return (theme for name in self.names() if (theme := self.get(name)).name == name)


# For an installation whose theme files are gone or broken: the rest is derived from these.
_LAST_RESORT = {"background": "#14181f", "foreground": "#d5dae1", "primary": "#6ca7e0"}


def _theme_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".yaml")
    except OSError:
        return []
