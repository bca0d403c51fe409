"""Comparing the versions of a quotation, and setting right who said what and where, by keyboard."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import WIDE, opened, press, reader, settle, under_cursor, write
from textual.containers import Vertical
from textual.pilot import Pilot
from textual.widgets import Input, Static

from warreader.index.article import Quotation
from warreader.index.library import Library
from warreader.index.matching.differences import difference, with_asides
from warreader.tui.app import WarreaderApp
from warreader.tui.screens.compare import CompareScreen
from warreader.tui.screens.laying import changes, laid_over, text_of
from warreader.tui.screens.picking import Picker
from warreader.tui.screens.speaking import SpeakerPicker
from warreader.tui.themes import Themes
from warreader.tui.widgets.block_list import BlockList
from warreader.tui.widgets.side_panes import QuotationPane

SHARED = "“That would mean that the Chinese"


async def at_quotation(pilot: Pilot[None], app: WarreaderApp, article: str, words: str) -> None:
    await settle(pilot)
    reader(app).travel.open(SEEDS[article])
    await settle(pilot)
    page = reader(app).page
    assert page is not None
    reader(app).view.go(page.article.text.index(words) + 3)
    await settle(pilot)


def quotation_of(library: Library, article: str, words: str) -> Quotation | None:
    found = [one for one in library.quotations.of(SEEDS[article]) if words in one.text]
    return found[0] if found else None


def rows_of(app: WarreaderApp) -> list[str]:
    return list(app.screen.query_one(BlockList).texts)


async def test_versions_stand_in_order_with_who_said_it(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "c")
        assert isinstance(app.screen, CompareScreen)
        first, second = rows_of(app)
        assert "compared with" in first and "Galeotti" not in second.split("\n")[0]
        assert all("said" in row or "nobody" in row or "—" in row for row in (first, second))
        # The other one is compared with: now the first carries the differences.
        await press(pilot, "j", "b")
        first, second = rows_of(app)
        assert "compared with" in second and "compared with" not in first
        await press(pilot, "e")
        assert any("▎" in row for row in rows_of(app))
        await press(pilot, "escape")
        assert not isinstance(app.screen, CompareScreen)


async def test_what_a_key_changes_in_the_comparison_or_that_it_changes_nothing_is_told(
    make_app: MakeApp, tmp_path: Path
) -> None:
    long = " ".join(f"the {number}th crossing was closed by the guards" for number in range(6))
    stories = {
        "short": "“The bridge at the old mill will be open again,” the mayor said",
        "long": f"“The ferry will wait since {long},” the mayor said",
    }
    own = {
        1: "Nobody crossed on Sunday. Boats lay at the quay, and their crews played cards in the sun all day long. "
        "A storm is expected in the north, where the harvest has begun late this year for want of hands.",
        2: "In the council they quarrelled over money until midnight. Bread costs more than in spring, teachers "
        "wait for their wages, and the school by the station stays shut because of a leaking roof.",
    }
    for name, words in stories.items():
        for number, more in own.items():
            told_so = f"{name.title()} report {number}\n\n{words}.\n\n{more * (4 if name == 'long' else 1)}\n"
            (tmp_path / f"{name}{number}.txt").write_text(told_so, "utf-8")
    with Library(tmp_path / "own") as library:
        library.add(sorted(tmp_path.glob("*.txt")))
        app = make_app(opened=library)

        def told() -> str:
            return str(app.screen.query_one("Vertical").border_subtitle or "")

        async with app.run_test(size=WIDE) as pilot:
            await settle(pilot)
            for name in stories:
                found = next(
                    one for one in library.articles.ids() if name in (library.articles.get(one).source or "")
                )
                reader(app).travel.open(found)
                await settle(pilot)
                reader(app).view.go((library.articles.text(found) or "").index("will"))
                await press(pilot, "c")
                assert isinstance(app.screen, CompareScreen)
                whole = rows_of(app)
                await press(pilot, "d")
                if name == "short":
                    assert rows_of(app) == whole and "nothing to leave out" in told()
                else:
                    assert rows_of(app) != whole and "[…] stands for what is the same" in told()
                    await press(pilot, "d")
                    assert rows_of(app) == whole and not told()
                await press(pilot, "escape")


async def test_all_versions_are_copied_as_text(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "c", "y")
        head, *versions = app.clipboard.rstrip("\n").split("\n\n")
        assert head.startswith("The same words in 2 articles")
        for version, article in zip(versions, ("000", "001"), strict=True):
            meta = library.articles.get(SEEDS[article]).meta
            source, said, words, *_ = version.split("\n")
            # Whole, where the screen has no room for it.
            assert str(meta.title) in source and source.startswith("date not known")
            assert said.startswith("Michael Clarke") and "— " in said
            assert "That would mean that the Chinese are sending individuals" in words
        assert "compared with" in versions[0] and "word for word" in versions[1]


async def test_who_spoke_is_copied_whole(make_app: MakeApp) -> None:
    told = "an acting deputy spokeswoman of the harbour's emergency administration"
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "p")
        await write(pilot, told)
        await press(pilot, "enter")
        await press(pilot, "c")
        assert any("an acting deputy" in row and "…" in row for row in rows_of(app)), (
            "the screen has no room for it"
        )
        await press(pilot, "y")
        assert f"{told} — " in app.clipboard


async def test_a_version_is_gone_to(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "c", "j", "enter")
        assert opened(app) == SEEDS["001"]
        assert under_cursor(app, 20).lstrip('"“').startswith("That would mean")


async def test_who_said_it_is_corrected_and_taken_back(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        before = quotation_of(library, "000", "That would mean")
        assert before is not None
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "p")
        assert isinstance(app.screen, SpeakerPicker)
        assert app.screen.query_one("Vertical").outer_size == (64, 20)
        await write(pilot, "a spokesman")
        await press(pilot, "enter")
        after = quotation_of(library, "000", "That would mean")
        assert after is not None and after.speaker is not None
        assert after.speaker.text == "a spokesman" and after.ruled
        await press(pilot, "u")
        assert quotation_of(library, "000", "That would mean") == before


async def test_a_name_of_the_article_is_chosen_by_typing_its_beginning(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "p")
        await write(pilot, "vlad")
        await press(pilot, "enter")
        after = quotation_of(library, "000", "That would mean")
        assert after is not None and after.speaker is not None
        assert after.speaker.name == "Vladimir Putin"
        assert after.speaker.entity in [one.id for one in library.entities.find("Vladimir Putin")]


async def test_what_is_no_quotation_goes(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "X")
        assert quotation_of(library, "000", "That would mean") is None
        await press(pilot, "u")
        assert quotation_of(library, "000", "That would mean") is not None


async def test_a_selection_becomes_the_bounds(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "v", "w", "w", "w", "B")
        page = reader(app).page
        assert page is not None
        (ruling,) = library.rulings.of("quotation")
        chosen = page.article.text[ruling.data["start"] : ruling.data["end"]]
        ruled = [one for one in library.quotations.of(SEEDS["000"]) if one.ruled]
        assert [one.text for one in ruled] == [chosen]


async def test_bounds_are_moved_from_where_they_are(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        before = quotation_of(library, "000", "That would mean")
        assert before is not None
        # From the pane too: what it highlights is selected in the text.
        await press(pilot, "4", "j", "j")
        listed = reader(app).quotations.current()
        await press(pilot, "B")
        assert listed is not None and reader(app).view.selected == listed.span
        await press(pilot, "escape")
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "B")
        assert reader(app).active == "text" and reader(app).view.selected == before.span
        # As it stands it is no correction.
        await press(pilot, "B")
        assert "these are its bounds" in str(reader(app).query_one("#said", Static).render())
        assert library.rulings.of("quotation") == []
        await press(pilot, "less_than_sign", "less_than_sign", "B")
        after = quotation_of(library, "000", "That would mean")
        assert after is not None and after.ruled
        # The first takes the marks at the end away, the second a word.
        assert before.text == f"{after.text} country.”" and after.start == before.start
        await press(pilot, "u")
        assert quotation_of(library, "000", "That would mean") == before


async def test_keys_say_what_they_need(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        reader(app).view.go(0)
        for key, told in (
            ("p", "no quotation here"),
            ("X", "no quotation here"),
            ("B", "select one first"),
            ("equals_sign", "nothing selected"),
            ("c", "no other article"),
        ):
            await press(pilot, key)
            assert told in str(reader(app).query_one("#said", Static).render()), key


async def test_two_places_are_joined_by_going_from_one_to_the_other(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "equals_sign")
        await at_quotation(pilot, app, "003", "“")
        await press(pilot, "s", "equals_sign")
        (ruling,) = library.rulings.of("match")
        assert ruling.verb == "join"
        assert {place["article"] for place in ruling.data["places"]} == {SEEDS["000"], SEEDS["003"]}


async def test_a_version_that_does_not_belong_is_kept_apart(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "c", "j", "X")
        (ruling,) = library.rulings.of("match")
        assert ruling.verb == "reject"
        assert {place["article"] for place in ruling.data["places"]} == {SEEDS["000"], SEEDS["001"]}
        assert ruling.data["out"]["article"] == SEEDS["001"]
        # Nothing is left to compare: the one that stays is shown, and one key takes it back there.
        assert isinstance(app.screen, CompareScreen)
        (left,) = rows_of(app)
        assert "compared with" in left
        await press(pilot, "u")
        assert library.rulings.of("match") == []
        assert len(rows_of(app)) == 2
        await press(pilot, "ctrl+r")
        assert len(library.rulings.of("match")) == 1 and len(rows_of(app)) == 1


async def in_several(
    make_app: MakeApp, library: Library, tmp_path: Path, texts: dict[str, str]
) -> WarreaderApp:
    """The app on a library that has these articles, too."""
    for name, text in texts.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    library.add([tmp_path / f"{name}.txt" for name in texts])
    return make_app()


SAID = (
    "We will rebuild every bridge, every school and every hospital that the invader destroyed in this valley"
)
THREE = {
    "first": f"Harbour opens again\n\nThe governor said: “{SAID}.” Rain fell on the town.",
    "other": f'Night of sirens\n\nAsked about the damage, she replied, "{SAID}."',
    "third": f"Ferries wait\n\n“{SAID.replace('every school and', 'all schools,')},” the governor said.",
}


@pytest.mark.parametrize("row", [0, 1, 2])
async def test_the_row_marked_leaves_and_the_others_stay(
    make_app: MakeApp, library: Library, tmp_path: Path, row: int
) -> None:
    app = await in_several(make_app, library, tmp_path, THREE)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        (match,) = [one for one in library.matches.all() if len(one.members) == 3]
        reader(app).comparing.open(match)
        await settle(pilot)
        heads = [text.split("\n")[0] for text in rows_of(app)]
        assert len(heads) == 3
        await press(pilot, *["j"] * row, "X")
        left = [text.split("\n")[0] for text in rows_of(app)]
        assert left == [head for number, head in enumerate(heads) if number != row]
        told = str(app.screen.query_one(Vertical).border_subtitle)
        assert "took a version out" in told and "u undoes" in told
        # What is gone to is the row that is shown there now.
        await press(pilot, "G", "enter")
        assert opened(app) == [one.article for number, one in enumerate(match.members) if number != row][-1]


async def test_several_rows_are_marked_while_the_first_is_taken_out(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    app = await in_several(make_app, library, tmp_path, THREE)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        (match,) = [one for one in library.matches.all() if len(one.members) == 3]
        reader(app).comparing.open(match)
        await settle(pilot)
        await pilot.press("j", "X")
        assert isinstance(app.screen, CompareScreen)
        await pilot.press("G", "X")
        await settle(pilot)
        assert len(rows_of(app)) == 1
        assert len(library.rulings.of("match")) == 2


async def test_an_article_that_has_the_words_twice_shows_where_most_of_them_are(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    begun = SAID.removesuffix(" in this valley")
    twice = (
        f"Live: the harbour\n\n“{begun},” the governor said.\n\nRain fell on the town.\n\n"
        f"She said on Monday: “{SAID}.”"
    )
    texts = {"first": THREE["first"], "twice": twice}
    app = await in_several(make_app, library, tmp_path, texts)
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        (match,) = [one for one in library.matches.all() if len(one.members) == 3]
        reader(app).comparing.open(match)
        await settle(pilot)
        (short,) = [row for row in rows_of(app) if "Live" in row]
        assert "word for word" in short and "1 more place in this article" in short
        assert "paragraph" not in short
        await press(pilot, "w")
        both = [row.split("\n")[0] for row in rows_of(app) if "Live" in row]
        assert [head.rpartition(" · ")[2] for head in both] == ["paragraph 2", "paragraph 4"]
        assert not any("more place" in row for row in rows_of(app))


async def test_where_no_version_is_a_reprint_w_says_so(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        (match, *_) = [one for one in library.matches.all() if len(one.members) == 2]
        reader(app).comparing.open(match)
        await settle(pilot)
        await press(pilot, "w")
        assert "no version is a reprint" in str(app.screen.query_one(Vertical).border_subtitle)


async def test_other_words_are_suggested_and_joined(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        one = next(q for q in library.quotations.all() if library.matches.suggestions(q.id))
        place = library.matches.suggestions(one.id)[0].place
        reader(app).travel.open(one.article)
        await settle(pilot)
        reader(app).view.go(one.start)
        reader(app).comparing._offer(one, library.matches.suggestions(one.id))
        await settle(pilot)
        await press(pilot, "enter")
        assert opened(app) == place.article
        assert reader(app).view.cursor == place.start
        before = library.rulings.of("match")
        await press(pilot, "equals_sign")
        (ruling,) = [ruling for ruling in library.rulings.of("match") if ruling not in before]
        assert ruling.verb == "join"
        assert one.text in [held["exact"] for held in ruling.data["places"]]


async def test_other_words_are_told_in_the_pane_and_asked_for_beside_the_versions(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        page = reader(app).page
        assert page is not None and page.retold
        pane = reader(app).query_one(QuotationPane)
        told = [str(pane.get_option_at_index(at).prompt) for at in range(pane.option_count)]
        assert sum("in other words" in row for row in told) == len(page.retold)
        assert f"≈ {len(page.retold)}" in str(pane.border_subtitle)
        quotation = page.quotation_at(reader(app).view.cursor)
        assert quotation is not None
        await press(pilot, "c", "o")
        if library.matches.suggestions(quotation.id):
            assert isinstance(app.screen, Picker)
            await press(pilot, "escape")
        assert isinstance(app.screen, CompareScreen)


async def test_hostile_speakers_are_shown_as_text(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        page = reader(app).page
        assert page is not None
        (match,) = page.matches_at(page.quotation_at(reader(app).view.cursor).span)  # type: ignore[union-attr]
        comparison = library.matches.compare(match)
        assert comparison is not None
        said = comparison.variants[0].attribution
        assert said is not None
        hostile = replace(comparison.variants[0], attribution=replace(said, name="[/x] \x1b[31m\u202e"))
        shown = CompareScreen(
            replace(comparison, variants=(hostile, *comparison.variants[1:])),
            reader(app).paint.theme,
            again=lambda _: None,
            take_out=lambda _gone, _base: None,
            step=lambda _: None,
            speaker=lambda _: None,
            retold=lambda _: None,
        )
        app.push_screen(shown)
        await settle(pilot)
        assert "[/x]" in rows_of(app)[0]
        assert "\x1b" not in rows_of(app)[0] and "\u202e" not in rows_of(app)[0]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("we will win this war", "we will win this war", "word for word"),
        ("we will win this war", "we will win", "2 cut"),
        ("we will win", "we will surely win", "1 added"),
        ("we will never surrender", "we will always surrender", "1 changed"),
        ("“We won. They fled.”", "“We won,” he said. “They fled.”", "word for word"),
    ],
)
def test_changes_are_counted(old: str, new: str, told: str) -> None:
    assert changes(with_asides(difference(old, new))) == told


async def test_the_input_takes_letters_that_are_keys_elsewhere(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "p")
        await write(pilot, "qcp")
        assert app.screen.query_one(Input).value == "qcp"


def test_what_was_cut_stands_apart_from_what_goes_on(make_app: MakeApp) -> None:
    theme = make_app()._started
    pieces = difference("it will pay for it. The regime does not understand", "“it will pay for it,”")
    text = "".join(text_of(part) for part in laid_over(pieces, theme))
    assert text == "“it will pay for it. The regime does not understand,”"


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        # The mark that closes is the version's own, and stands after what it left out.
        (
            "“to leave Gaza, including all of it.”",
            '"to leave Gaza"',
            '"to leave Gaza[-, including all of it-]"',
        ),
        (
            "“to leave Gaza, including all of it.”",
            "“to leave Gaza.”",
            "“to leave Gaza[-, including all of it-].”",
        ),
        ("“to leave Gaza, including all.”", "to leave Gaza", "to leave Gaza[-, including all.”-]"),
        # So does the one that opens.
        ("“We said, and say, it is over.”", '"It is over."', '"[-We said, and say,-] It is over."'),
        ("“Gaza, with its harbour, was hit.”", "“Gaza was hit.”", "“Gaza[-, with its harbour,-] was hit.”"),
        ("“Gaza was badly hit.”", "“Gaza was hit.”", "“Gaza was [-badly-] hit.”"),
        ("“Gaza was hit.”", "“Gaza was badly hit.”", "“Gaza was {+badly+} hit.”"),
        ("we will never surrender", "we will always surrender", "we will [-never-] {+always+} surrender"),
        ("", "“Gaza.”", "{+“Gaza.”+}"),
        # The form of a mark is no difference.
        ('"gravely hurt”', "“badly hurt”", "“[-gravely-] {+badly+} hurt”"),
        ("Gaza was hit.", "Gaza was hit. “Rain fell.”", "Gaza was hit. {+“Rain fell.”+}"),
        ("Gaza was hit", "Gaza \n\n   was hit", "Gaza was hit"),
    ],
)
def test_marks_are_those_of_the_version(make_app: MakeApp, old: str, new: str, shown: str) -> None:
    parts = laid_over(difference(old, new), make_app()._started, marked=True)
    assert "".join(map(text_of, parts)) == shown


@given(st.text("ab .,“”\"'(", max_size=40), st.text("ab .,“”\"'(", max_size=40))
def test_whatever_is_struck_the_version_stands_there_in_its_own_words(old: str, new: str) -> None:
    pieces = with_asides(difference(old, new))
    parts = laid_over(pieces, Themes().get("ink"))
    said = "".join(text_of(part) for part in parts if isinstance(part, str) or "strike" not in part[1])
    assert "".join(said.split()) == "".join(new.split())


@pytest.mark.parametrize("width", [80, 116])
async def test_the_hint_fits_and_its_only_copy_is_to_the_clipboard(make_app: MakeApp, width: int) -> None:
    app = make_app()
    async with app.run_test(size=(width, 30)) as pilot:
        await at_quotation(pilot, app, "000", SHARED)
        await press(pilot, "c")
        hint = app.screen.query_one(".hint", Static)
        lines = str(hint.content).splitlines()
        assert len(lines) == 2 and max(map(len, lines)) <= hint.size.width
        assert "w reprints" in lines[1] and [word for word in " ".join(lines).split() if "cop" in word] == [
            "copy"
        ]
