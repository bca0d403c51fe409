"""The list of quotations: of the article, or of the articles found."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from tests.tui.conftest import SEEDS, MakeApp
from tests.tui.screens.test_story import WIDE, opened, press, reader, settle, under_cursor, until, write
from textual.widgets.option_list import Option

from warreader.index.library import Library
from warreader.tui.widgets.side_panes import MOST, QuotationPane


def listed(pane: QuotationPane) -> set[str]:
    return {one.article for one in pane._quotations.values()}


async def test_the_key_goes_from_the_article_to_the_results_and_back(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["000"])
        await settle(pilot)
        pane = reader(app).quotations
        await press(pilot, "4", "w")
        assert listed(pane) == {SEEDS["000"]}  # nothing is searched for
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter")
        page = reader(app).page
        assert page is not None
        await press(pilot, "4", "w")
        found = {SEEDS["000"], SEEDS["001"]}
        assert listed(pane) == found
        # enter goes to the words, in whatever article they stand
        here = page.article.id
        while (wanted := pane._highlighted_one()) is None or wanted.article == here:
            await press(pilot, "j")
        assert pane.current() is None  # no command is about another article's quotation
        await press(pilot, "enter")
        assert opened(app) == wanted.article
        assert under_cursor(app, 12) == wanted.text[:12]
        # opening it has changed nothing in the list
        assert listed(pane) == found
        await press(pilot, "4", "w")
        assert listed(pane) == {wanted.article}


async def test_another_search_lists_anew_and_none_lists_the_article(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "4", "w", "slash")
        await write(pilot, "shoigu")
        await settle(pilot)
        pane = reader(app).quotations
        assert SEEDS["002"] in listed(pane)
        await press(pilot, "escape")
        await settle(pilot)
        assert listed(pane) == {opened(app)}


async def test_those_of_results_tell_in_how_many_other_articles_they_stand(
    make_app: MakeApp, library: Library
) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "4", "w")
        pane = reader(app).quotations
        counts = library.matches.counts(SEEDS["000"]) | library.matches.counts(SEEDS["001"])
        assert counts
        rows = [pane.get_option_at_index(at) for at in range(pane.option_count)]
        for row in rows:
            told = f"⇄{counts[row.id]} " if row.id in counts else ""
            assert str(row.prompt).startswith(told)
            assert ("⇄" in str(row.prompt)) == bool(told)


async def test_only_those_that_stand_elsewhere_are_listed(make_app: MakeApp, library: Library) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["000"])
        await settle(pilot)
        pane, page = reader(app).quotations, reader(app).page
        assert page is not None
        shared = {one.id for one in page.quotations if page.counts.get(one.id)}
        assert 0 < len(shared) < len(page.quotations)
        await press(pilot, "4", "o")
        assert set(pane._quotations) == shared
        assert str(pane.border_subtitle).startswith(f"{len(shared)} of {len(page.quotations)} · ⇄ ")
        # In the results too, and wherever one goes until it is pressed again.
        await press(pilot, "slash")
        await write(pilot, "clarke")
        await press(pilot, "enter", "4", "w")
        counts = library.matches.counts(SEEDS["000"]) | library.matches.counts(SEEDS["001"])
        assert set(pane._quotations) == {one for one, count in counts.items() if count}
        await press(pilot, "o")
        assert len(pane._quotations) > len(counts)
        await press(pilot, "w", "o")
        reader(app).travel.open(SEEDS["004"])
        await settle(pilot)
        page = reader(app).page
        assert page is not None and page.quotations and not page.counts
        assert not pane._quotations
        assert str(pane.get_option_at_index(0).prompt) == "none of them stands in another article"


async def test_it_is_gone_to_at_the_quotation_that_is_read(make_app: MakeApp) -> None:
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        reader(app).travel.open(SEEDS["000"])
        await settle(pilot)
        pane, page = reader(app).quotations, reader(app).page
        assert page is not None
        wanted = page.quotations[9]
        reader(app).view.go(wanted.start + 3)
        await press(pilot, "4")
        assert pane.current() == page.quotation_at(wanted.start + 3) != page.quotations[0]
        # Where there is none it stays where it was.
        before = pane.current()
        await press(pilot, "2", "g", "g", "4")
        assert page.quotation_at(0) is None and pane.current() == before


async def test_of_very_many_what_is_in_sight_comes_first_and_the_rest_between_keys(
    make_app: MakeApp, library: Library, tmp_path: Path
) -> None:
    said = "\n\n".join(
        f"“We saw truck number {n} cross the bridge at dawn,” Anna Bell said." for n in range(400)
    )
    (tmp_path / "live.jsonl").write_text(json.dumps({"id": "live", "title": "Live", "text": said}), "utf-8")
    library.add([tmp_path / "live.jsonl"])
    app = make_app()
    async with app.run_test(size=WIDE) as pilot:
        await settle(pilot)
        pane = reader(app).quotations
        filled: list[int] = []
        add = pane.add_options

        def counted(options: Iterable[Option]) -> QuotationPane:
            options = list(options)
            filled.append(len(options))
            return add(options)

        pane.add_options = counted  # type: ignore[method-assign, assignment]
        reader(app).travel.open("live")
        await until(pilot, lambda: pane.option_count == MOST + 1)
        page = reader(app).page
        assert page is not None and len(page.quotations) > MOST
        # No step takes long.
        assert max(filled) <= 30
        rows = [pane.get_option_at_index(at) for at in range(pane.option_count)]
        assert [row.id for row in rows] == [*(one.id for one in page.quotations[:MOST]), None]
        assert "more: in the text Q selects" in str(rows[-1].prompt)
        # Whoever goes further down than is filled in yet gets there all the same.
        pane.show(page)
        assert pane.option_count < MOST
        pane.highlight(page.quotations[150].id)
        assert pane.current() == page.quotations[150]
        pane.show(page)
        assert pane.current() == page.quotations[150]
        pane.highlight(page.quotations[0].id)
        pane.show(page)
        pane.action_last()
        assert pane.current() == page.quotations[MOST - 1]
        # What is filled in late is of the article that is shown, and no other.
        pane.show(page)
        reader(app).travel.open(SEEDS["000"])
        await settle(pilot)
        assert listed(pane) == {SEEDS["000"]}
        assert pane.option_count == len(pane._quotations)
