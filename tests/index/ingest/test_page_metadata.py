"""What pages state: every vocabulary that publishers use, and what they get wrong in it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Metadata
from warreader.index.ingest import markup, page_metadata
from warreader.index.ingest.bylines import people
from warreader.index.ingest.page_metadata import language_of


def _read(head: str, body: str = "", *, url: str | None = None, before: str = "", lang: str = "") -> Metadata:
    page = f"<!DOCTYPE html>{before}<html lang='{lang}'><head>{head}</head><body>{body}</body></html>"
    tree = markup.tree(markup.readable(page))
    assert tree is not None
    return page_metadata.read(tree, page, url, guess=False).meta


def _json(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": "NewsArticle", **fields})}</script>'


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("Troops cross the river - The Evening Paper", "Troops cross the river"),
        ("Troops cross the river | World | The Evening Paper", "Troops cross the river"),
        ("Troops cross the river — Evening Paper", "Troops cross the river"),
        ("Troops cross the river « The Evening Paper", "Troops cross the river"),
        ("The Evening Paper: Troops cross the river at dawn", "Troops cross the river at dawn"),
        ("Talks fail – and both sides blame the other", "Talks fail – and both sides blame the other"),
        ("“Not one step back” – «ни шагу назад»", "“Not one step back” – «ни шагу назад»"),
        ("Minister: we are ready", "Minister: we are ready"),
    ],
)
def test_titles_lose_the_outlet_and_nothing_else(stated: str, title: str) -> None:
    """What hangs on a window's title is not the headline's."""
    head = f'<title>{stated}</title><meta property="og:site_name" content="The Evening Paper">'
    assert _read(head).title == title


def test_the_headline_that_the_page_shows_goes_before_others() -> None:
    """Other titles are made for other places, or cut short."""
    shown = "Troops cross the river in the early hours of Monday"
    body = f"<h1>{shown}</h1>"
    head = f'<meta property="og:title" content="LIVE: river crossed"><title>{shown} - P</title>'
    assert _read(head, body).title == shown
    cut = _json(headline="Troops cross the river in the early hou…")
    assert _read(cut, body).title == shown


@pytest.mark.parametrize(
    ("window", "heading", "title"),
    [
        (
            "橋が通行止めに、当局は修理を急ぐ：夕刊新聞デジタル",
            "橋が通行止めに、当局は修理を急ぐ",
            "橋が通行止めに、当局は修理を急ぐ",
        ),
        (
            "Troops cross the river - P - Celebrating 18 Years",
            "Troops cross the river",
            "Troops cross the river",
        ),
        (
            "Troops cross the river-banks of the east",
            "Troops cross the river",
            "Troops cross the river-banks of the east",
        ),
    ],
)
def test_what_a_heading_leaves_over_is_hung_on_it(window: str, heading: str, title: str) -> None:
    assert _read(f"<title>{window}</title>", f"<h1>{heading}</h1>").title == title


@pytest.mark.parametrize(
    ("below", "day"),
    [
        ("<p>2019年4月2日 10時15分</p>", "2019-04-02"),
        ("<p>입력 2013년 10월 24일</p>", "2013-10-24"),
        ("<p>最終更新日：2019年4月9日</p><p>2019.04.02</p>", "2019-04-02"),
        ("<p>Updated: Dec 15, 2016 2:57 PM UTC</p>", "2016-12-15"),
        ("<p>By Jane Doe</p><p>16 December 2016</p>", "2016-12-16"),
        (
            "<p>The treaty of 16 December 2016 was signed by both sides, and in force since then in all of it.</p>",
            None,
        ),
        ("<p>03/04/2022</p>", None),
        ("<p>a</p><p>b</p><p>c</p><p>d</p><p>e</p><p>16 December 2016</p>", None),
    ],
)
def test_the_day_under_the_headline(below: str, day: str | None) -> None:
    """A list's days further down are not the article's."""
    assert (
        _read("<title>Troops cross the river</title>", f"<h1>Troops cross the river</h1>{below}").date == day
    )


@pytest.mark.parametrize(
    ("stated", "author"),
    [
        ("Jane Doe December", "Jane Doe"),
        ("Theresa May", "Theresa May"),
        ("Jane Doe Updated 3 May", "Jane Doe"),
        ("Jane Doe View author archive Get author RSS feed", "Jane Doe"),
        ("Jane Doe, Evening Paper", "Jane Doe"),
        ("Jane Doe EVENING PAPER", "Jane Doe"),
        ("Jane Doe, and John Other", "Jane Doe, John Other"),
        ("See full bio", None),
        ("January", None),
        ("Xxx", None),
    ],
)
def test_what_hangs_on_an_author_s_name_is_left_out(stated: str, author: str | None) -> None:
    head = f'<meta property="og:site_name" content="Evening Paper"><meta name="author" content="{stated}">'
    assert _read(head).author == author


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ('<meta property="og:site_name" content="The Evening Paper">', "The Evening Paper"),
        (
            '<meta property="og:site_name" content="evening.example"><meta name="application-name" content="Evening">',
            "Evening",
        ),
        (_json(headline="x y", publisher={"name": "Evening &amp; Morning"}), "Evening & Morning"),
        ('<meta property="og:site_name" content="The Evening Paper | News and views">', "The Evening Paper"),
        ('<meta name="application-name" content="evening.example">', "evening.example"),
        ("", "evening.example"),
    ],
)  # fmt: skip
def test_outlets_have_names(head: str, outlet: str) -> None:
    """A name before a domain, a domain before nothing."""
    assert _read(head, url="https://www.evening.example/a/1").outlet == outlet


def test_the_outlet_named_by_its_address_goes_before_owner_and_section() -> None:
    """Some give a section out as the site, some the company."""
    head = '<meta property="og:site_name" content="Security">' + _json(
        headline="x", publisher={"name": "Evening online"}
    )
    assert _read(head, url="https://www.evening.example/a").outlet == "Evening online"


@pytest.mark.parametrize(
    ("stated", "author", "agency"),
    [
        ({"name": "Martha Gellhorn"}, "Martha Gellhorn", None),
        ([{"name": "Martha Gellhorn"}, {"name": "Robert Capa"}], "Martha Gellhorn, Robert Capa", None),
        ("By Martha Gellhorn and Robert Capa", "Martha Gellhorn, Robert Capa", None),
        ({"name": ["Martha Gellhorn", "Robert Capa"]}, "Martha Gellhorn, Robert Capa", None),
        ({"givenName": "Martha", "familyName": "Gellhorn"}, "Martha Gellhorn", None),
        ("Martha Gellhorn, Defence Correspondent", "Martha Gellhorn", None),
        ("https://evening.example/authors/1", None, None),
        ("admin", None, None),
        ({"@type": "Organization", "name": "Reuters"}, "Reuters", "Reuters"),
        ([{"name": "Martha Gellhorn"}, {"name": "AFP"}], "Martha Gellhorn, AFP", "AFP"),
        ({"name": "The Evening Paper"}, "The Evening Paper", None),
    ],
)
def test_authors_and_agencies(stated: object, author: str | None, agency: str | None) -> None:
    """People, however they are listed; no logins, addresses or roles."""
    meta = _read(
        '<meta property="og:site_name" content="The Evening Paper">' + _json(headline="x", author=stated)
    )
    assert (meta.author, meta.agency) == (author, agency)


def test_an_author_may_be_named_elsewhere_in_the_graph() -> None:
    """By reference, as most WordPress pages do."""
    graph = {
        "@context": "https://schema.org",
        "@graph": [
            {
                "@type": "Article",
                "headline": "x",
                "author": {"@id": "#p"},
                "datePublished": "2022-03-01T10:00:00Z",
            },
            {"@type": "Person", "@id": "#p", "name": "Martha Gellhorn"},
        ],
    }
    meta = _read(f'<script type="application/ld+json">{json.dumps(graph)}</script>')
    assert (meta.author, meta.date) == ("Martha Gellhorn", "2022-03-01T10:00:00+00:00")


@pytest.mark.parametrize(
    ("head", "date"),
    [
        (
            _json(headline="x", datePublished="2022-03-01T18:30:00+02:00", dateModified="2022-04-01"),
            "2022-03-01T18:30:00+02:00",
        ),
        ('<meta property="article:published_time" content="2022-03-01T00:00:00Z">', "2022-03-01"),
        ('<meta name="date" content="2022-03-01">', "2022-03-01"),
        ('<meta name="pubdate" content="Tue, 01 Mar 2022 10:00:00 +0000">', "2022-03-01T10:00:00+00:00"),
        ('<meta itemprop="datePublished" content="2022-03-01">', "2022-03-01"),
        ('<meta name="date" content="0001-01-01"><meta name="dc.date" content="2022-03-01">', "2022-03-01"),
        ('<script>window.data = {"publishedAt": "2022-03-01T10:00:00Z"}</script>', "2022-03-01T10:00:00+00:00"),
        ('<meta name="date" content="2999-01-01">', None),
        ('<meta name="date" content="soon">', None),
        ('<meta property="article:modified_time" content="2022-03-01">', None),
    ],
)  # fmt: skip
def test_dates_are_of_publication(head: str, date: str | None) -> None:
    """With the time where its zone is stated; nothing from before the web or after tomorrow."""
    assert _read(head).date == date


@pytest.mark.parametrize(
    ("head", "before", "given", "url"),
    [
        ('<link rel="canonical" href="https://p.example/a#top">', "", None, "https://p.example/a"),
        ('<link rel="canonical" href="/a">', "", "https://p.example/a?utm=1", "https://p.example/a"),
        ('<link rel="canonical" href="https://p.example/">', "", "https://p.example/a", "https://p.example/a"),
        ('<meta property="og:url" content="https://p.example/b">', "", None, "https://p.example/b"),
        ('<link rel="canonical" href="https://other.example/s"><meta property="og:url" content="https://p.example/b">',
         "", None, "https://p.example/b"),
        ("", "<!-- saved from url=(0024)https://p.example/saved -->", None, "https://p.example/saved"),
        ("", "<!--\n Page saved with SingleFile \n url: https://p.example/single \n-->", None, "https://p.example/single"),
        ('<link rel="canonical" href="https://web.archive.org/web/20220301000000/https://p.example/c">', "", None,
         "https://p.example/c"),
        ('<link rel="canonical" href="javascript:alert(1)">', "", None, None),
        ('<link rel="canonical" href="http://[bad">', "", "https://p.example/a", "https://p.example/a"),
    ],
)  # fmt: skip
def test_addresses(head: str, before: str, given: str | None, url: str | None) -> None:
    """The page's own, whole, without its fragment, and not the archive's."""
    assert _read(head, before=before, url=given).url == url


@pytest.mark.parametrize(
    ("lang", "body", "language"),
    [
        ("en-GB", "<h1>Troops cross the river</h1>", "en"),
        ("uk-UA", "<h1>Війська перейшли річку</h1>", "uk"),
        ("ua", "<h1>Війська перейшли річку</h1>", "uk"),
        ("en", "<h1>Війська перейшли річку</h1>", None),
        ("rus", "", "ru"),
        ("x", "", None),
    ],
)
def test_languages(lang: str, body: str, language: str | None) -> None:
    """ISO 639-1; a template's language that the text is not even written in does not count."""
    assert _read("", body, lang=lang).language == language


def test_a_latin_text_may_be_in_any_language_of_the_script() -> None:
    """Only the script is looked at."""
    assert language_of("de", "Words in English") == "de"
    assert language_of("de", "Слова по-русски") is None


@pytest.mark.parametrize(
    "text",
    [
        '<!-- {"@type": "NewsArticle", "headline": "Troops cross the river",} -->',
        '//<![CDATA[\n{"@type": "NewsArticle", "headline": "Troops cross the river"}\n//]]>',
        '{"@type": "NewsArticle", "description": "a "quoted" word", "headline": "Troops cross the river"}',
        '[[{"@type": ["Thing", "NewsArticle"], "headline": ["Troops cross the river"]}]]',
        '{"@type": "NewsArticle", "headline": "Troops\ncross the river"}',
        '{"@type": "NewsArticle", "headline": "Troops cross <b>the</b> river"}',
    ],
)
def test_json_ld_as_it_is_found(text: str) -> None:
    """Commented, with commas too many, with marks unescaped, in lists."""
    assert _read(f'<script type="application/ld+json">{text}</script>').title == "Troops cross the river"


@settings(max_examples=80, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(["@type", "@graph", "@id", "name", "author", "headline", "publisher"]), inner
            )
        ),
        max_leaves=20,
    )
)
def test_any_json_ld_is_read_without_error(value: object) -> None:
    """Types are whatever publishers put there."""
    text = json.dumps(
        {"@type": "NewsArticle", "headline": "x", "author": value, "@graph": value, "publisher": value}
    )
    _read(f'<script type="application/ld+json">{text.replace("</", "")}</script>')


@pytest.mark.parametrize(
    ("head", "body", "url", "outlet"),
    [
        # What hangs on the window's title, where the address bears it out.
        ("<title>Flood – EVN Riverside</title>", "", "https://riverside.evnlocal.example/a", "EVN Riverside"),
        (
            "<title>Flood | The Chronicle-Review</title>"
            '<meta property="og:site_name" content="Chronicle.example">',
            "",
            "https://www.chronicle.example/a",
            "The Chronicle-Review",
        ),
        (
            "<title>Flood | Weather | Riverside</title>",
            "",
            "https://www.evening.example/a",
            "evening.example",
        ),
        # Initials, where the logo says what they stand for.
        (
            '<meta property="og:site_name" content="EPO">',
            '<a href="/"><img alt="The Evening Paper Online logo"></a>',
            "https://epo.example/a",
            "The Evening Paper Online",
        ),
        (
            '<meta property="og:site_name" content="EPO">',
            '<a href="/"><img alt="EPO home page"></a>',
            "https://epo.example/a",
            "EPO",
        ),
        (
            "",
            '<a class="logo" href="/"><img alt="evening_logo"></a>',
            "https://evening.example/a",
            "evening.example",
        ),
        (
            "",
            '<a class="logo" href="/"><img alt="Evening Paper"></a>',
            "https://evening.example/a",
            "Evening Paper",
        ),
        (
            '<meta property="og:site_name" content="Evening Paper Online"><title>Flood - EPO</title>',
            "",
            "https://epo.example/a",
            "Evening Paper Online",
        ),
    ],
)
def test_the_address_bears_out_a_name(head: str, body: str, url: str, outlet: str) -> None:
    """Of several names the one that the page's address holds, in whole or by its initials."""
    assert _read(head, body, url=url).outlet == outlet


def test_an_agency_is_not_the_outlet_that_took_its_story() -> None:
    """Wire copies name the agency as their publisher; the window's title and the address say whose page it is."""
    head = _json(publisher={"name": "Associated Press"}) + "<title>Flood - Riverside Post</title>"
    assert _read(head, url="https://www.riversidepost.example/a").outlet == "Riverside Post"


@pytest.mark.parametrize(
    ("stated", "name"),
    [
        ("Текст Jane Doe", "Jane Doe"),
        ("Texte: Jane Doe", "Jane Doe"),
        ("Jane Doe Monday, March 4", "Jane Doe"),
        ("Jane Doe Friday", "Jane Doe"),
        ("Monday Doe", "Monday Doe"),
        ("Tekstra Doe", "Tekstra Doe"),
    ],
)
def test_what_pages_write_before_and_behind_a_name_is_none_of_it(stated: str, name: str) -> None:
    assert people([stated]) == [name]
