"""What stands over the versions of a quotation."""

from __future__ import annotations

import pytest

from warreader.index.article import Span
from warreader.index.matching.comparison import Variant
from warreader.tui.screens.heads import heads

TITLE = "Live: harbour under fire"


def version(
    article: str,
    *,
    date: str | None = "2024-05-01",
    title: str = TITLE,
    url: str | None = None,
    paragraph: int = 1,
) -> Variant:
    """A version of which nothing but its head is looked at."""
    return Variant(
        article=article,
        title=title,
        outlet="Gazette",
        date=date,
        url=url,
        paragraph=paragraph,
        start=0,
        end=4,
        text="said",
        shared=Span(0, 4),
        quotation=None,
        attribution=None,
        report=0,
        pieces=(),
    )


HEAD = f"2024-05-01 · Gazette · {TITLE}"


@pytest.mark.parametrize(
    ("versions", "wanted"),
    [
        # What differs needs nothing more.
        (
            [version("a", url="https://g.example/1"), version("b", date=None, url="https://g.example/2")],
            [HEAD, f"date not known · Gazette · {TITLE}"],
        ),
        (
            [version("a", date="2024-05-01T08:10Z"), version("b", date="2024-05-01T17:30Z")],
            [f"{HEAD} · 08:10Z", f"{HEAD} · 17:30Z"],
        ),
        (
            [
                version("a", url="https://g.example/live/harbour-05-01/index.html"),
                version("b", url="https://g.example/live/harbour-05-02/index.html"),
            ],
            [f"{HEAD} · …harbour-05-01/index.html", f"{HEAD} · …harbour-05-02/index.html"],
        ),
        ([version("a1"), version("a2")], [f"{HEAD} · a1", f"{HEAD} · a2"]),
        (
            [version("a", paragraph=0), version("a", paragraph=7), version("b", title="Rain")],
            [f"{HEAD} · headline", f"{HEAD} · paragraph 7", "2024-05-01 · Gazette · Rain"],
        ),
        # Two places of one article, beside another article that is titled alike.
        (
            [version("a", paragraph=2), version("a", paragraph=7), version("b")],
            [f"{HEAD} · a · paragraph 2", f"{HEAD} · a · paragraph 7", f"{HEAD} · b"],
        ),
    ],
)
def test_no_two_versions_look_the_same(versions: list[Variant], wanted: list[str]) -> None:
    assert heads(versions) == wanted


def test_a_long_address_is_shown_where_it_differs_and_a_hostile_one_as_text() -> None:
    long = "https://g.example/" + "x" * 200
    one, two = heads([version("a", url=f"{long}1\x1b[31m"), version("b", url=f"{long}2")])
    assert one != two and "\x1b" not in one and all(len(told) < 140 for told in (one, two))
