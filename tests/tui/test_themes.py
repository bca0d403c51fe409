"""Themes: the shipped ones can be read by every measure; broken ones are told and never reach the screen."""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.app import App, ComposeResult
from textual.color import Color, rgb_to_lab
from textual.widgets import Footer, Header, Input, OptionList

from warreader.index.article import Label
from warreader.tui.colours import contrast, mix, parse_colour, readable
from warreader.tui.themes import DEFAULT_THEME, MIN_HIGHLIGHTS, ReaderTheme, Themes, derive, load_theme

SHIPPED = Path(__file__).parents[2] / "themes"
NAMES = sorted(path.stem for path in SHIPPED.glob("*.yaml"))
MINIMAL = 'ui:\n  background: "#101418"\n  foreground: "#d0d4d8"\n  primary: "#60a0e0"\n'


@pytest.fixture(scope="module", params=NAMES)
def theme(request: pytest.FixtureRequest) -> ReaderTheme:
    found, problems = load_theme(SHIPPED / f"{request.param}.yaml")
    assert problems == []
    assert found is not None
    return found


def apart(one: str, other: str) -> float:
    """How unlike two colours look: CIE 1976 colour difference; about 2.3 can just be seen."""
    first, second = (rgb_to_lab(Color.parse(colour)) for colour in (one, other))
    return math.dist((first.L, first.a, first.b), (second.L, second.a, second.b))


def colours_of(theme: ReaderTheme) -> list[str]:
    plain = [value for name in theme.__slots__ if isinstance(value := getattr(theme, name), str)]
    return [value for value in plain if value.startswith("#")] + [*theme.entity.values(), *theme.highlights]


# The shipped themes


def test_there_are_six_or_more_dark_and_light() -> None:
    themes = list(Themes())
    assert len(themes) >= 6
    assert {theme.dark for theme in themes} == {True, False}
    assert len({theme.title for theme in themes}) == len(themes)


def test_body_text_is_easy_to_read(theme: ReaderTheme) -> None:
    least = 12 if theme.name == "high-contrast" else 7
    for under in (theme.background, theme.surface, theme.panel, theme.quotation, theme.quotation_matched):
        assert contrast(theme.foreground, under) >= least
    assert contrast(theme.headline, theme.background) >= least


def test_dimmed_text_is_quieter_and_can_be_read(theme: ReaderTheme) -> None:
    assert 3.5 <= contrast(theme.dimmed, theme.background) < contrast(theme.foreground, theme.background)
    assert contrast(theme.gutter, theme.background) >= 3


@pytest.mark.parametrize("label", Label)
def test_names_can_be_read_wherever_they_stand(theme: ReaderTheme, label: Label) -> None:
    colour = theme.entity[label]
    for under in (theme.background, theme.surface, theme.panel, theme.quotation, theme.quotation_matched):
        assert contrast(colour, under) >= 4.5
    for under in theme.highlights:
        assert contrast(colour, under) >= 3


def test_labels_can_be_told_apart(theme: ReaderTheme) -> None:
    for one, other in itertools.combinations(theme.entity.values(), 2):
        assert apart(one, other) >= 12
    for colour in theme.entity.values():
        assert apart(colour, theme.foreground) >= 12


def test_highlights_can_be_read_and_told_apart(theme: ReaderTheme) -> None:
    assert len(theme.highlights) >= MIN_HIGHLIGHTS
    for colour in theme.highlights:
        assert contrast(theme.foreground, colour) >= 4.5
        assert apart(colour, theme.background) >= 12
    for one, other in itertools.combinations(theme.highlights, 2):
        assert apart(one, other) >= 10


def test_hits_selection_and_cursor_can_be_read_and_told_apart(theme: ReaderTheme) -> None:
    for part in ("hit", "current_hit", "selection", "cursor"):
        under = getattr(theme, f"{part}_background")
        assert contrast(getattr(theme, f"{part}_foreground"), under) >= 4.5
        for colour in (*theme.highlights, theme.background, theme.quotation, theme.quotation_matched):
            assert apart(under, colour) >= 10
    assert apart(theme.hit_background, theme.current_hit_background) >= 25


def test_tints_of_quotations_can_be_seen(theme: ReaderTheme) -> None:
    assert apart(theme.quotation, theme.background) >= 4
    assert apart(theme.quotation_matched, theme.quotation) >= 4


def test_what_textual_makes_of_it_can_be_read(theme: ReaderTheme) -> None:
    made = theme.textual_theme().to_color_system().generate()
    for name in ("primary", "secondary", "accent", "success", "warning", "error"):
        assert contrast(made[name].lower(), theme.background) >= 4.5
        assert contrast(made[name].lower(), theme.panel) >= 4.5
    for part in ("block-cursor", "block-cursor-blurred", "input-cursor", "input-selection", "footer"):
        assert contrast(made[f"{part}-foreground"], made[f"{part}-background"]) >= 4.5
    assert contrast(made["footer-key-foreground"], made["footer-background"]) >= 4.5
    assert contrast(made["scrollbar"], made["scrollbar-background"]) >= 1.5
    assert theme.textual_theme().dark is theme.dark
    # What an empty box tells of itself, on a box, a pane's and one that is typed in.
    told = str(theme.textual_theme().variables["text-disabled"])
    assert all(contrast(told, ground) >= 3.5 for ground in (theme.background, theme.surface, theme.panel))


def test_dusk_is_low_in_blue() -> None:
    for colour in colours_of(Themes().get("dusk")):
        red, green, blue = Color.parse(colour).rgb
        assert blue <= 0.8 * max(red, green) + 1


def test_dark_is_what_looks_dark(theme: ReaderTheme) -> None:
    assert theme.dark is (contrast(theme.background, "#ffffff") > contrast(theme.background, "#000000"))


async def test_an_app_paints_in_every_shipped_theme() -> None:
    class Painted(App[None]):
        def compose(self) -> ComposeResult:
            yield Header()
            yield Input("words")
            yield OptionList("one", "two")
            yield Footer()

    app = Painted()
    async with app.run_test() as pilot:
        for theme in Themes():
            app.register_theme(theme.textual_theme())
            app.theme = theme.name
            await pilot.pause()
            assert app.screen.styles.background.hex.lower() == theme.background


# Reading themes


def write(folder: Path, content: str | bytes, name: str = "mine") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.yaml"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def test_three_colours_make_a_theme_that_can_be_read(tmp_path: Path) -> None:
    theme, problems = load_theme(write(tmp_path, MINIMAL, "my-own"))
    assert problems == []
    assert theme is not None
    assert (theme.name, theme.title, theme.dark) == ("my-own", "My own", True)
    assert theme.background == "#101418"
    assert_readable(theme)


def assert_readable(theme: ReaderTheme) -> None:
    assert set(theme.entity) == set(Label)
    for colour in theme.entity.values():
        assert contrast(colour, theme.background) >= 4.5
    for part in ("hit", "current_hit", "selection", "cursor"):
        assert contrast(getattr(theme, f"{part}_foreground"), getattr(theme, f"{part}_background")) >= 4.5
    for colour in (*theme.highlights, theme.quotation, theme.quotation_matched):
        assert contrast(theme.foreground, colour) >= min(4.5, contrast(theme.foreground, theme.background))
    assert contrast(theme.dimmed, theme.background) >= 3.5
    assert len(theme.highlights) >= MIN_HIGHLIGHTS
    theme.textual_theme().to_color_system().generate()


COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@given(COLOURS, COLOURS, COLOURS)
def test_any_three_colours_make_a_theme_that_can_be_read(back: str, fore: str, primary: str) -> None:
    assert_readable(derive("any", {"background": back, "foreground": fore, "primary": primary}))


def test_given_colours_are_kept_and_their_companions_fit(tmp_path: Path) -> None:
    given = (
        MINIMAL + 'reading: {hit_background: "white", dimmed: "rgb(120,121,122)"}\nentities: {UNIT: "#abc"}\n'
    )
    theme, problems = load_theme(write(tmp_path, given + "dark: false\ntitle: Mine\n"))
    assert problems == []
    assert theme is not None
    assert (theme.hit_background, theme.dimmed, theme.entity[Label.UNIT]) == ("#ffffff", "#78797a", "#aabbcc")
    assert contrast(theme.hit_foreground, "#ffffff") >= 4.5
    assert (theme.dark, theme.title) == (False, "Mine")


def test_a_transparent_colour_is_laid_over_the_background(tmp_path: Path) -> None:
    theme, problems = load_theme(write(tmp_path, MINIMAL + 'reading: {quotation: "#ffffff80"}\n'))
    assert problems == []
    assert theme is not None
    assert apart(theme.quotation, mix("#101418", "#ffffff", 0.5)) < 2


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (MINIMAL.replace("#60a0e0", "bleu"), 4, 'did you mean "blue"'),
        (MINIMAL.replace("#60a0e0", "#60a0g0"), 4, "no colour"),
        (MINIMAL.replace('"#60a0e0"', "#60a0e0"), 4, "quotes"),
        (MINIMAL.replace("#60a0e0", "ansi_red"), 4, "terminal"),
        (MINIMAL.replace("#101418", "#10141880"), 2, "transparent"),
        (MINIMAL.replace("#101418", f"rgb({'9' * 400},1,1)"), 2, "no colour"),
        (MINIMAL.replace("primary", "primari"), 1, '"primary" is missing'),
        (MINIMAL + "entities:\n  GPE: [1]\n", 6, "a list"),
        (MINIMAL + 'highlights: ["red", "green"]\n', 5, "2 colours, 6 are needed"),
        (MINIMAL + "highlights:\n" + '  - "red"\n' * 5 + '  - "redd"\n', 11, 'did you mean "red"'),
        (MINIMAL + "dark: 3\n", 5, "true or false"),
        ("title: x\n", None, '"background" is missing'),
        ("{", 1, "quotes"),
    ],
)
def test_a_broken_theme_is_told_with_its_line_and_not_used(
    tmp_path: Path, content: str, line: int | None, words: str
) -> None:
    file = write(tmp_path / "themes", content)
    theme, problems = load_theme(file)
    assert theme is None
    assert (problems[0].file, words in str(problems)) == (file, True)
    assert line in [problem.line for problem in problems]
    themes = Themes(tmp_path)
    assert themes.get("mine").name == DEFAULT_THEME
    assert themes.problems == problems


def test_unknown_names_are_told_and_the_theme_holds(tmp_path: Path) -> None:
    content = MINIMAL + '  acent: "red"\nreading: {hits: "red"}\nentities: {PERSONS: "red"}\ntitel: x\n'
    theme, problems = load_theme(write(tmp_path, content))
    assert theme is not None
    told = {problem.line: problem.message for problem in problems}
    assert set(told) == {5, 6, 7, 8}
    assert 'did you mean "accent"' in told[5]
    assert "hit_background" in told[6]
    assert 'did you mean "PERSON"' in told[7]
    assert 'did you mean "title"' in told[8]


def test_a_file_name_that_is_no_theme_name_is_told(tmp_path: Path) -> None:
    theme, problems = load_theme(write(tmp_path, MINIMAL, "My Theme"))
    assert theme is None
    assert "rename" in problems[0].message


# Finding themes


def test_the_default_comes_first_and_names_need_no_reading(tmp_path: Path) -> None:
    write(tmp_path / "themes", b"\xff", "aaa")
    themes = Themes(tmp_path)
    assert themes.names() == [DEFAULT_THEME, *sorted({*NAMES, "aaa"} - {DEFAULT_THEME})]
    assert themes.problems == []
    assert [theme.name for theme in themes] == [name for name in themes.names() if name != "aaa"]
    assert len(themes.problems) == 1


def test_one_theme_is_read_without_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    opened = Path.open

    def noting(self: Path, *args: str, **kwargs: str) -> object:
        read.append(self.stem)
        return opened(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", noting)
    themes = Themes(tmp_path)
    assert themes.get("sepia") is themes.get("sepia")
    assert read == ["sepia"]


def test_a_users_theme_wins_over_the_shipped_one_of_its_name(tmp_path: Path) -> None:
    write(tmp_path / "themes", MINIMAL + "title: My sepia\n", "sepia")
    assert Themes(tmp_path).get("sepia").title == "My sepia"


def test_behind_a_broken_users_theme_stands_the_shipped_one(tmp_path: Path) -> None:
    file = write(tmp_path / "themes", MINIMAL.replace("#60a0e0", "nothing"), "sepia")
    themes = Themes(tmp_path)
    assert themes.get("sepia") == load_theme(SHIPPED / "sepia.yaml")[0]
    assert [problem.file for problem in themes.problems] == [file]
    themes.get("sepia")
    assert len(themes.problems) == 1


def test_an_unknown_name_gives_the_default_and_the_nearest() -> None:
    themes = Themes()
    assert themes.get("sepai").name == DEFAULT_THEME
    assert 'did you mean "sepia"' in themes.problems[0].message
    assert themes.get("../../etc/passwd").name == DEFAULT_THEME


def test_without_any_file_there_is_still_a_theme(tmp_path: Path) -> None:
    theme = Themes(shipped=tmp_path).get(DEFAULT_THEME)
    assert theme.name == DEFAULT_THEME
    assert_readable(theme)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_are_no_traceback(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    theme, problems = load_theme(write(tmp_path_factory.getbasetemp(), data))
    assert (theme is None) <= bool(problems)


# Colours


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ff0000", 1),
    ],
)
def test_contrast_is_that_of_the_standard(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


@given(COLOURS, COLOURS, st.floats(1, 4.5))
def test_readable_is_readable_and_moves_no_colour_without_need(colour: str, on: str, ratio: float) -> None:
    found = readable(colour, on, ratio)
    assert contrast(found, on) >= ratio
    assert found == colour or contrast(colour, on) < ratio


@given(st.text(max_size=40))
def test_any_text_is_a_colour_or_told_in_one_line(text: str) -> None:
    try:
        colour = parse_colour(text, "#000000")
    except ValueError as error:
        assert str(error).isprintable()
    else:
        assert Color.parse(colour).hex.lower() == colour
