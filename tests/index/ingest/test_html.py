"""Saved pages: the article is found, its lines are told, and no page, however broken, ends in anything but one line."""

from __future__ import annotations

import io
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Failure, LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import html, lines, preparing
from warreader.index.ingest.pieces import Options, Piece, Source

_FIRST = (
    "The first paragraph of the article says what happened, where it happened and when, in a sentence that is "
    "as long as such sentences are, so that nobody would take it for a button or a link."
)
_SECOND = (
    "The second paragraph adds who said so, and it says it at some length too, because a short one would be "
    "judged by the look of it, and might then be taken for something that it is not."
)
_THIRD = (
    "“We have said all that there is to say,” the last one ends, “and it has been said in full sentences.”"
)
_TITLE = "What the headline of the article says"

_PAGE = f"""<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8">
<title>{_TITLE} - The Evening Paper</title>
<meta property="og:site_name" content="The Evening Paper">
<meta property="og:description" content="What the standfirst adds to it in a few more words">
<meta name="author" content="Martha Gellhorn">
<meta property="article:published_time" content="2022-03-01T18:30:00+02:00">
<link rel="canonical" href="https://www.evening.example/news/1.html">
<style>p {{ color: red }}</style><script>var a = "<p>not a paragraph</p>";</script></head>
<body><nav><ul><li><a href="/">Home</a></li><li><a href="/world">World</a></li></ul></nav>
<article><h1>{_TITLE}</h1>
<p class="standfirst">What the standfirst adds to it in a few more words</p>
<div class="byline">By Martha Gellhorn in Madrid</div>
<figure><img src="a.jpg"><figcaption>What the picture shows, and who took it</figcaption></figure>
<p>{_FIRST}</p><p>{_SECOND}</p>
<h2>A heading between</h2>
<p>{_THIRD}</p>
<ul><li>A first point of a list that sums it up</li><li>A second one after it</li></ul>
</article>
<footer><p>© The Evening Paper. All rights reserved.</p></footer></body></html>"""


def _lines(page: html.Extracted) -> dict[str, LineKind | None]:
    return dict(zip(page.text.split("\n"), page.kinds, strict=True))


def test_a_page_comes_to_its_article() -> None:
    """Headline, standfirst, byline, caption, paragraphs, heading and list, in the page's order, and nothing else."""
    page = html.extract(_PAGE)
    found = _lines(page)
    assert list(found) == [
        _TITLE,
        "What the standfirst adds to it in a few more words",
        "By Martha Gellhorn in Madrid",
        "What the picture shows, and who took it",
        _FIRST,
        _SECOND,
        "A heading between",
        _THIRD,
        "• A first point of a list that sums it up",
        "• A second one after it",
    ]
    assert found[_TITLE] is LineKind.HEADLINE
    assert found["What the standfirst adds to it in a few more words"] is LineKind.STANDFIRST
    assert found["By Martha Gellhorn in Madrid"] is LineKind.BYLINE
    assert found["What the picture shows, and who took it"] is LineKind.CAPTION
    assert found[_FIRST] is found[_SECOND] is LineKind.BODY


def test_what_the_page_states_is_kept() -> None:
    """Title without the outlet, author, date with its zone, address, language."""
    assert html.extract(_PAGE).meta == Metadata(
        title=_TITLE,
        outlet="The Evening Paper",
        author="Martha Gellhorn",
        date="2022-03-01T18:30:00+02:00",
        url="https://www.evening.example/news/1.html",
        language="en",
    )


def test_the_lines_that_the_classifier_keeps_are_the_article() -> None:
    """Through the classifier, paragraphs and headline are kept, the caption is set aside."""
    page = html.extract(_PAGE)
    kept = {page.text[line.start : line.end] for line in lines.classify(page.text, page.kinds) if line.kept}
    assert {_TITLE, _FIRST, _SECOND, _THIRD} <= kept
    assert "What the picture shows, and who took it" not in kept


def test_split_and_parse_give_one_article() -> None:
    """A file is one piece, a piece one article, its id the file's name; hints fill in the address."""
    data = _PAGE.replace('<link rel="canonical" href="https://www.evening.example/news/1.html">', "").encode()
    hints = Metadata(url="https://www.evening.example/fetched")
    source = Source("a/My page.html", "/a/My page.html", ".html", lambda: io.BytesIO(data), len(data), hints)
    pieces = list(html.split(source, Options()))
    assert len(pieces) == 1
    assert isinstance(pieces[0], Piece)
    (raw,) = html.parse(pieces[0])
    assert (raw.id, raw.stated_id) == ("My_page", False)
    assert raw.meta.url == "https://www.evening.example/fetched"
    assert raw.kinds is not None
    assert len(raw.kinds) == len(raw.text.split("\n"))


def test_an_article_cut_into_containers_is_whole() -> None:
    """Advertisements between containers of one kind don't end the article; another story below is not part of it."""
    chunks = "".join(
        f'<div class="chunk"><div class="body">'
        f"{''.join(f'<p>{number} {part}. {_FIRST}</p>' for part in 'abc')}</div></div>"
        '<div class="advert"><a href="/buy">Buy this</a></div>'
        for number in range(5)
    )
    other = f'<aside class="related"><div class="body"><p>Another story. {_SECOND}</p></div></aside>'
    page = html.extract(f"<html><body><article><h1>{_TITLE}</h1>{chunks}</article>{other}</body></html>")
    wanted = [f"{number} {part}. {_FIRST}" for number in range(5) for part in "abc"]
    assert [line for line in page.text.split("\n") if line.endswith(_FIRST)] == wanted
    assert "Another story" not in page.text
    assert "Buy this" not in page.text


def test_text_that_only_json_ld_holds_is_taken_from_it() -> None:
    """Pages built by scripts may carry their text for search engines."""
    body = f"{_FIRST}\\n\\n{_SECOND}\\n{_THIRD.replace(chr(34), '')}"
    page = html.extract(
        f'<html><head><title>{_TITLE}</title><script type="application/ld+json">{{"@type": "NewsArticle", '
        f'"headline": "{_TITLE}", "articleBody": "{body}"}}</script></head><body><div id="root"></div></body></html>'
    )
    assert page.text.split("\n") == [_TITLE, _FIRST, _SECOND, _THIRD]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("", "save it again"),
        ("<html><head><title>Only a title</title></head><body></body></html>", "save it again"),
        ("<html><frameset cols='1,2'><frame src='a.html'></frameset></html>", "frames"),
        ("<html><body><div id=app></div><script src='app.js'></script></body></html>", "a script loads it"),
        ("<noscript>x</noscript><p>Please enable JavaScript to run this app.</p>", "a check for robots"),
        (
            "<html><body><h1>We use cookies</h1><p>Accept all cookies to go on.</p></body></html>",
            "accept cookies",
        ),
    ],
)
def test_a_page_without_an_article_is_told_in_one_line(page: str, told: str) -> None:
    """What is missing, and what to do."""
    with pytest.raises(InputError) as caught:
        html.extract(page)
    assert caught.value.reason.startswith("no article text in this page; ")
    assert told in caught.value.reason
    assert "\n" not in caught.value.reason


def test_an_article_about_cookies_is_an_article() -> None:
    """A notice is short; a long text that speaks of cookies is none."""
    page = html.extract(_PAGE.replace("We have said", "We use cookies, enable JavaScript, and have said"))
    assert "We use cookies" in page.text


def test_a_page_of_a_few_lines_keeps_them_apart() -> None:
    """Where nothing can be picked, the page's own lines are taken, menus set aside."""
    page = html.extract(
        "<html><body><nav>Home World</nav><div>A short report of one line.</div><div>And a second line.</div>"
        "<footer>© The Evening Paper</footer></body></html>"
    )
    found = _lines(page)
    assert "A short report of one line." in found
    assert "And a second line." in found
    assert found.get("Home World", LineKind.FURNITURE) is LineKind.FURNITURE


def test_binary_data_is_no_page() -> None:
    """A picture saved under the name of a page."""
    with pytest.raises(InputError, match="not a web page"):
        html.extract(bytes(range(256)) * 40)


def test_control_characters_and_line_ends_leave_lines_and_kinds_in_step() -> None:
    """Whatever ends a line elsewhere does not end one of stored text."""
    page = html.extract(_PAGE.replace("what happened", "what\u2028 happened\x85&#1;&#13;\r\x0b\x00"))
    assert len(page.text.split("\n")) == len(page.kinds)
    assert not {"\r", "\x00", "\x01", "\x0b"} & set(page.text)


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("<p>One &amp; two<br>three</p><p>four</p>", "One & two\nthree\nfour"),
        ("<h2>Head</h2>tail <b>bold</b><script>x()</script><style>p{}</style>", "Head\ntail bold"),
        (
            "<ul><li>one</li><li><p>two</p></li>\n<li>\n <div>\n <p>three</p></div></li></ul>",
            "• one\n• two\n• three",
        ),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a | b\nc"),
        ("<pre>kept\n  lines</pre>", "kept\nlines"),
        ("no markup at all", "no markup at all"),
        ("AT&amp;T", "AT&T"),
        ("<!-- gone --><p>here<!--> there</p>", "here there"),
        ("", ""),
    ],
)
def test_flatten(fragment: str, text: str) -> None:
    """A line for each paragraph, heading, item, row; nothing else left out."""
    assert html.flatten(fragment) == text


_BITS = [
    *"<>/!-=\"' &;\n\x00\u202e",
    "<p>",
    "</p>",
    "<div",
    "<!--",
    "<script>",
    "text",
    "&amp",
    "<td>",
    "<li>",
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(_BITS), max_size=100).map("".join))
def test_any_markup_is_read_or_refused(markup: str) -> None:
    """No input raises anything but InputError; kinds and lines always agree."""
    assert isinstance(html.flatten(markup), str)
    try:
        page = html.extract(markup)
    except InputError:
        return
    assert len(page.kinds) == len(page.text.split("\n"))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.text(alphabet=st.characters(whitelist_categories=["L", "N"]), min_size=3, max_size=12), min_size=3
    )
)
def test_flatten_loses_no_word(words: list[str]) -> None:
    """All words come out, in order, whatever stands around them."""
    fragment = "".join(f"<div><p>{word}</p></div>" for word in words)
    assert html.flatten(fragment).split("\n") == words


@pytest.mark.parametrize(
    "page",
    [
        "<div>" * 100_000 + f"<p>{_FIRST}</p>" + "</div>" * 100_000,
        f"<p>{_FIRST}</p>" + "<font><p>An unclosed one.</p>" * 3000,
        "<p " + " ".join(f"a{number}=b" for number in range(60_000)) + f">{_FIRST}</p>",
        f"<p>{_FIRST}</p>" + "<script>" * 200_000,
        f"<p>{_FIRST}</p>" + "<!--" * 200_000,
        f"<p>{_FIRST}</p>" + "<style" * 60_000,
        f"<img src='data:image/png;base64,{'A' * 4_000_000}'><p>{_FIRST}</p>",
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + at)} "{f"&{chr(97 + at)};" * 10}">' for at in range(9))
        + f"]><html><body><p>&j; {_FIRST}</p></body></html>",
        "<script type='application/ld+json'>" + "[" * 100_000 + f"</script><p>{_FIRST}</p>",
        f"<div class='{'author ' * 100_000}'><p>{_FIRST}</p>",
        f"<title>{'a - ' * 100_000}</title><p>{_FIRST}</p>",
    ],
    ids=[
        "nested",
        "unclosed",
        "attributes",
        "scripts",
        "comments",
        "begun",
        "data-uri",
        "laughs",
        "json",
        "class",
        "title",
    ],
)
def test_made_to_do_harm(page: str) -> None:
    """The text is found, within seconds of CPU and without what entities would swell to."""
    start = time.process_time()
    found = html.extract(page)
    assert time.process_time() - start < 10
    assert _FIRST in found.text
    assert len(found.text) < len(page) + 1000


def test_a_page_of_tens_of_megabytes_is_refused() -> None:
    """One line names the remedy."""
    with pytest.raises(InputError, match="split it"):
        html.extract("<div>" * 10_000_000)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither DTDs nor frames nor images nor files that a page names."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr("socket.socket.connect", refuse)
    secret = tmp_path / "secret.txt"
    secret.write_text("not to be read")
    page = html.extract(
        f'<!DOCTYPE html SYSTEM "http://127.0.0.1:9/a.dtd" [<!ENTITY x SYSTEM "file://{secret}">]>'
        f'<html><body><iframe src="http://127.0.0.1:9/"></iframe><p>&x; {_FIRST}</p><p>{_SECOND}</p></body></html>'
    )
    assert _SECOND in page.text
    assert "not to be read" not in page.text


@pytest.mark.parametrize(
    ("title", "heading", "kept"),
    [
        ("Port strike: two ships damaged", "Ships burn after a strike at night", True),
        ("Port strike: two ships damaged | The Post", "Live: Port strike: two ships damaged", False),
        ("Port strike: two ships damaged", "The Post of the harbour", False),
    ],
)
def test_the_headline_that_a_page_shows_is_kept_where_it_states_another_title(
    title: str, heading: str, kept: bool
) -> None:
    prose = f"<p>{_FIRST}</p><p>{_SECOND}</p><p>{_THIRD}</p>"
    page = html.extract(
        f"<html><head><title>{title}</title></head><body><h1>{heading}</h1>{prose}</body></html>"
    )
    assert page.text.startswith("Port strike: two ships damaged\n")
    assert ((heading, LineKind.HEADLINE) in zip(page.text.split("\n"), page.kinds, strict=True)) is kept


def test_a_page_that_an_archive_exported_keeps_all_its_articles() -> None:
    body = (
        "The port was shelled on Monday, officials in the city said on Tuesday, and two ships were damaged."
    )
    page = "<html><head><title>Factiva</title></head><body>" + "".join(
        f"<div><span>Port shelled again</span></div><div>By Jane Doe</div><div>90 words</div>"
        f"<div>{day} March 2022</div>"
        f"<div>The Post</div><div>PST</div><div>English</div><p>{body}</p><p>{body}</p>"
        f"<p>Document PST0000020220308ei38000{day:02}</p>"
        for day in (8, 9)
    )
    piece = Piece("html", page.encode(), "a.html", None, "/a.html", "a")
    found = [one.meta for one in preparing.prepare(piece) if not isinstance(one, Failure)]
    assert [(meta.title, meta.author, meta.outlet, meta.date) for meta in found] == [
        ("Port shelled again", "Jane Doe", "The Post", f"2022-03-0{day}") for day in (8, 9)
    ]
