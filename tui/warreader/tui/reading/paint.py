"""From the names of styles to terminal styles, after the theme."""

from __future__ import annotations

from functools import lru_cache

from rich.style import Style

from warreader.index.api import Label, LineKind
from warreader.tui.colours import mix
from warreader.tui.themes import ReaderTheme

# Where colours can't be told apart (NO_COLOR, 16 colours), kinds differ by these.
_PLAIN: dict[str, Style] = {
    f"entity.{Label.PERSON}": Style(bold=True),
    f"entity.{Label.GPE}": Style(underline=True),
    f"entity.{Label.LOC}": Style(underline=True),
    f"entity.{Label.ORG}": Style(bold=True, underline=True),
    # Not dimmed: what is dimmed within a quotation can't be read.
    f"entity.{Label.NORP}": Style(underline=True, italic=True),
    f"entity.{Label.UNIT}": Style(bold=True, italic=True),
    f"entity.{Label.EVENT}": Style(bold=True, italic=True),
    f"entity.{Label.WEAPON}": Style(bold=True, italic=True),
    "quotation": Style(italic=True),
    "quotation.matched": Style(italic=True, underline=True),
    "hit": Style(reverse=True),
    "hit.current": Style(reverse=True, bold=True, underline=True),
    "selection": Style(reverse=True),
    "cursor": Style(reverse=True, blink=False),
}


class Paint:
    """The styles of one theme.

    Args:
        theme: the colours.
        plain: add bold, italic, underline and reverse, for terminals without colours to tell kinds apart.
    """

    def __init__(self, theme: ReaderTheme, *, plain: bool = False) -> None:
        self.theme = theme
        self._plain = _PLAIN | _reversed(theme) if plain else {}
        self._styles = _styles(theme)
        self.combine = lru_cache(maxsize=4096)(self._combine)

    def highlight(self, number: int) -> str:
        """The style name of the ``number``-th highlight colour, counted round."""
        return f"highlight.{number % len(self.theme.highlights)}"

    def _combine(self, names: tuple[str, ...]) -> Style:
        style = Style.null()
        for name in names:
            style += self._styles.get(name, Style.null())
            style += self._plain.get(name, self._plain.get(name.split(".", 1)[0], Style.null()))
        return style


def _reversed(theme: ReaderTheme) -> dict[str, Style]:
    """What the reader marked, without colours: reversed, less brightly than a selection, the names in it too.

    Of tints of the theme's, of letters dimmed and of the colours of names nothing could be read as grey on grey.
    """
    ground = mix(theme.foreground, theme.background, 0.25)
    return {"highlight": Style(color=ground, bgcolor=theme.background, reverse=True, dim=False)}


def _styles(theme: ReaderTheme) -> dict[str, Style]:
    styles = {f"entity.{label}": Style(color=colour) for label, colour in theme.entity.items()}
    styles |= {f"highlight.{n}": Style(bgcolor=colour) for n, colour in enumerate(theme.highlights)}
    styles |= {f"mark.{n}": Style(color=colour, bold=True) for n, colour in enumerate(theme.highlights)}
    styles |= {
        "text": Style(color=theme.foreground, bgcolor=theme.background),
        "gutter": Style(color=theme.gutter),
        "quotation": Style(bgcolor=theme.quotation),
        # Reported speech without marks is the paper's own sentence: slanted, on plain ground.
        "quotation.indirect": Style(italic=True),
        "quotation.matched": Style(bgcolor=theme.quotation_matched),
        "hit": Style(color=theme.hit_foreground, bgcolor=theme.hit_background),
        "hit.current": Style(
            color=theme.current_hit_foreground, bgcolor=theme.current_hit_background, bold=True
        ),
        "selection": Style(color=theme.selection_foreground, bgcolor=theme.selection_background),
        "cursor": Style(color=theme.cursor_foreground, bgcolor=theme.cursor_background),
        # Told by more than colour: they are read where there is none too.
        "diff.added": Style(color=theme.success, underline=True),
        "diff.dropped": Style(color=theme.error, strike=True),
        "diff.moved": Style(color=theme.accent, italic=True),
        "mark.diff.added": Style(color=theme.success, bold=True),
        "mark.diff.dropped": Style(color=theme.error, bold=True),
        "mark.diff.moved": Style(color=theme.accent, bold=True),
        "dimmed": Style(color=theme.dimmed),
        "accent": Style(color=theme.accent),
        f"line.{LineKind.HEADLINE}": Style(color=theme.headline, bold=True),
        f"line.{LineKind.STANDFIRST}": Style(bold=True),
        f"line.{LineKind.BYLINE}": Style(color=theme.dimmed, italic=True),
        f"line.{LineKind.CAPTION}": Style(color=theme.dimmed, italic=True),
        f"line.{LineKind.FURNITURE}": Style(color=theme.dimmed),
    }
    return styles
