"""Arithmetic of colours, all ``#rrggbb``: contrast as readers meet it, mixing, colours that stay readable."""

from __future__ import annotations

from functools import lru_cache

from warreader.tui.yamlfile import one_line


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=512)
def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, from 0 (black) to 1 (white), as WCAG 2.2 defines it."""
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two ``#rrggbb``, from 1 (none) to 21 (black on white), as WCAG 2.2 defines it."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mix(one: str, other: str, share: float) -> str:
    """The colour ``share`` (0 to 1) of the way from one ``#rrggbb`` to the other."""
    pairs = zip(_channels(one), _channels(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def readable(colour: str, on: str, ratio: float) -> str:
    """The colour, moved to black or white no further than it takes to reach the contrast on the other."""
    far = "#ffffff" if contrast("#ffffff", on) >= contrast("#000000", on) else "#000000"
    steps = (mix(colour, far, step / 20) for step in range(21))
    return next((step for step in steps if contrast(step, on) >= ratio), far)


def tint(colour: str, background: str, text: str, share: float, ratio: float) -> str:
    """The background tinted by ``share`` of the colour, or by less so that the text keeps its contrast."""
    steps = (mix(background, colour, share * step / 10) for step in range(10, 0, -1))
    return next((step for step in steps if contrast(step, text) >= ratio), background)


def parse_colour(text: str, background: str | None = None) -> str:
    """Any colour Textual can write (``#rgb``, ``#rrggbb``, ``rgb()``, ``hsl()``, names) as ``#rrggbb``.

    A colour that lets others through is laid over ``background``.

    Raises:
        ValueError: why it is none, in one line.
    """
    from textual.color import Color, ColorParseError

    wanted = 'write it like "#1b1e24"'
    if text.startswith("ansi_"):
        raise ValueError(f'"{one_line(text)}" changes from terminal to terminal: {wanted}')
    try:
        # Textual's pattern lets a line end through and its numbers may be too large for a float.
        colour = Color.parse(text.strip())
        if colour.a < 1:
            if background is None:
                raise ValueError(f'"{one_line(text)}" must not be transparent: {wanted}')
            colour = Color.parse(background).blend(colour, colour.a, alpha=1.0)
    except (ColorParseError, OverflowError) as error:
        near = getattr(error, "suggested_color", None)
        remedy = f'did you mean "{near}"?' if near else wanted
        raise ValueError(f'"{one_line(text)}" is no colour: {remedy}') from error
    return "#{:02x}{:02x}{:02x}".format(*colour.clamped.rgb)
