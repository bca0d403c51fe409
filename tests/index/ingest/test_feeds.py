"""Saved feeds and other XML: an entry an article, and nothing that XML could do beside being read."""

from __future__ import annotations

import time
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import LineKind
from warreader.index.errors import InputError
from warreader.index.ingest import feeds, formats
from warreader.index.ingest.pieces import Options, Piece, Raw, Source


def _read(content: bytes | str, name: str = "feed.xml") -> list[Raw]:
    data = content.encode() if isinstance(content, str) else content
    suffix = formats.suffix_of(name)
    (piece,) = feeds.split(Source(name, f"/{name}", suffix, lambda: BytesIO(data), len(data)), Options())
    assert isinstance(piece, Piece)
    return list(formats.parser(piece.form)(piece))


def _refusal(content: bytes | str) -> str:
    with pytest.raises(InputError) as caught:
        _read(content)
    assert "\n" not in caught.value.reason
    return caught.value.reason


def _rss(items: str, channel: str = "<title>The Feed</title><language>en-GB</language>") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>{channel}{items}</channel></rss>'
    )


def test_an_rss_item_is_an_article() -> None:
    (article,) = _read(
        _rss(
            "<item><title>A &amp; B</title><link>https://example.org/1</link><guid isPermaLink='false'>tag:1</guid>"
            "<dc:creator>One</dc:creator><pubDate>Sat, 05 Mar 2022 10:20:30 +0200</pubDate>"
            "<description>Short.</description>"
            "<content:encoded><![CDATA[<p>First &amp; longest.</p><p>Second.</p><script>no()</script>]]>"
            "</content:encoded></item>"
        )
    )
    assert article.text == "First & longest.\nSecond."
    assert (article.id, article.stated_id) == ("tag:1", True)
    meta = article.meta
    assert (meta.title, meta.outlet, meta.author, meta.language) == ("A & B", "The Feed", "One", "en")
    assert (meta.date, meta.url) == ("2022-03-05T10:20:30+02:00", "https://example.org/1")


def test_an_atom_entry_is_an_article() -> None:
    (article,) = _read(
        """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="uk"><title>Стрічка</title>
        <entry><id>urn:1</id><title type="html">&lt;b&gt;Назва&lt;/b&gt;</title><link href="https://example.org/1"/>
        <author><name>One</name></author><author><name>Two</name></author><updated>2022-03-05T10:00:00Z</updated>
        <content type="html">&lt;p&gt;Перший.&lt;/p&gt;&lt;p&gt;Другий.&lt;/p&gt;</content></entry></feed>""",
        "feed.atom",
    )
    assert (article.id, article.text) == ("urn:1", "Перший.\nДругий.")
    meta = article.meta
    assert (meta.title, meta.outlet, meta.author) == ("Назва", "Стрічка", "One, Two")
    assert (meta.date, meta.url) == ("2022-03-05T10:00:00+00:00", "https://example.org/1")


def test_an_rdf_item_is_an_article() -> None:
    (article,) = _read(
        """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
        xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Old</title></channel>
        <item rdf:about="https://example.org/1"><title>T</title><link>https://example.org/1</link>
        <description>Words.</description><dc:date>2022-03-05T10:00:00+02:00</dc:date></item></rdf:RDF>"""
    )
    assert (article.text, article.meta.outlet, article.meta.date) == (
        "Words.",
        "Old",
        "2022-03-05T10:00:00+02:00",
    )
    assert not article.stated_id and article.id.startswith("feed-")


def test_an_address_is_no_id_of_its_own() -> None:
    items = "<item><title>T</title><description>Words.</description><guid>https://example.org/1</guid></item>"
    (article,) = _read(_rss(items))
    assert (article.stated_id, article.meta.url) == (False, "https://example.org/1")
    assert [a.id for a in _read(_rss(items))] == [article.id]


def test_whose_text_it_was_goes_before_whose_feed_it_is() -> None:
    (article,) = _read(
        _rss("<item><title>T</title><source url='https://example.org'>Ukrinform</source></item>")
    )
    assert article.meta.outlet == "Ukrinform"


def test_a_headline_alone_is_kept() -> None:
    (article,) = _read(_rss("<item><title>Only a headline</title><link>https://example.org/1</link></item>"))
    assert (article.text, article.meta.title) == ("Only a headline", "Only a headline")


def _read_until_told(feed: str) -> tuple[list[str], str]:
    """The texts that were read, and what was told after them."""
    texts = []
    try:
        for raw in feeds.parse(Piece("feed", feed.encode(), "a.rss", None, "/a.rss", "a")):
            texts.append(raw.text)
    except InputError as error:
        return texts, error.reason
    return texts, ""


def test_an_entry_with_nothing_in_it_is_told_and_the_others_are_read() -> None:
    items = "<item><title>T</title></item><item><link>https://example.org/1</link></item><item><title>U</title></item>"
    texts, told = _read_until_told(_rss(items))
    assert texts == ["T", "U"] and "1 of its 3 entries" in told


def test_a_feed_that_is_cut_off_gives_what_is_whole() -> None:
    feed = _rss("<item><title>T</title><description>Words.</description></item>" * 2)
    texts, told = _read_until_told(feed[:-60])
    assert texts[0] == "Words." and "cut off" in told
    assert _read_until_told(feed) == (["Words."] * 2, "")


def test_halves_of_a_character_are_put_together_and_keep_no_entry_out() -> None:
    items = (
        "<item><title>A &#55357;&#56832; &#xD83D;&#xdE00;</title>"
        "<description>B &#xD800; C &#55295; <![CDATA[<p>D &#55357;&#56832;</p>]]></description></item>"
    )
    (article,) = _read(_rss(items))
    assert article.meta.title == "A 😀 😀"
    assert "B \ufffd C \ud7ff" in article.text and "D 😀" in article.text


def test_lines_of_plain_text_stay_lines() -> None:
    (article,) = _read(
        _rss("<item><title>T</title><description>One.\nTwo &amp;amp; three.</description></item>")
    )
    assert article.text == "One.\nTwo & three."


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1251"])
def test_the_encoding_is_obeyed(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8", "utf-16": "utf-16", "cp1251": "windows-1251"}[encoding]
    feed = _rss("<item><title>Новина</title><description>Жителі їдуть.</description></item>")
    (article,) = _read(feed.replace("UTF-8", declared).encode(encoding))
    assert (article.meta.title, article.text) == ("Новина", "Жителі їдуть.")


def test_a_feed_without_entries_is_told() -> None:
    assert "without entries" in _refusal(_rss(""))
    assert "empty" in _refusal("") and "empty" in _refusal(" \n")


# -- what XML could do


_BOMB = (
    '<!DOCTYPE r [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {n} "{f"&{p};" * 10}">' for p, n in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("root", ["rss", "articles"])
def test_entities_are_not_multiplied(encoding: str, root: str) -> None:
    body = "<title>T</title><item><title>T</title><text>Words.</text><description>Words &i;.</description></item>"
    bomb = f"{_BOMB}<{root}><channel>{body}</channel></{root}>"
    began = time.process_time()
    try:
        assert all(len(article.text) < 1000 for article in _read(bomb.encode(encoding)))
    except InputError as error:
        assert "\n" not in error.reason
    assert time.process_time() - began < 2


def test_nothing_is_fetched_and_no_file_is_read() -> None:
    feed = (
        '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://127.0.0.1:9/d">%y;]>'
        + _rss("<item><title>T &x;</title><description>Words &x;.</description></item>").partition("?>")[2]
    )
    try:
        assert all("root:" not in article.text + (article.meta.title or "") for article in _read(feed))
    except InputError as error:
        assert "\n" not in error.reason


def test_odd_declarations_are_refused() -> None:
    assert "entities" in _refusal("<!DOCTYPE r [<!ENTITY a 'x" + '">]><rss>&a;</rss>')


def test_deep_xml_is_no_harm() -> None:
    for name in ("rss", "a"):
        try:
            _read(f"<{name}>" * 30_000)
        except InputError as error:
            assert "\n" not in error.reason


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for head in (b"", b"<rss>", b"<?xml version='1.0'?><x>"):
        try:
            _read(head + data)
        except InputError as error:
            assert error.reason and "\n" not in error.reason


# -- other XML


def test_nitf_is_read() -> None:
    (article,) = _read(
        """<?xml version="1.0"?><nitf><head><title>no</title><docdata><doc-id id-string="N1"/>
        <date.issue norm="20220305T102030Z"/></docdata><pubdata name="The Paper"/></head>
        <body><body.head><hedline><hl1>Head</hl1></hedline><byline>By <person>One</person></byline>
        <distributor>AFP</distributor></body.head>
        <body.content><p>First <em>part</em>.</p><block><p>Second.</p></block></body.content></body></nitf>"""
    )
    assert (article.id, article.text) == ("N1", "First part.\nSecond.")
    meta = article.meta
    assert (meta.title, meta.author, meta.outlet, meta.agency) == ("Head", "One", "The Paper", "AFP")
    assert meta.date == "2022-03-05T10:20:30+00:00"


def test_newsml_g2_is_read() -> None:
    (article,) = _read(
        """<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet><newsItem guid="urn:1">
        <itemMeta><provider literal="AFP"/><versionCreated>2022-03-06T00:00:00Z</versionCreated>
        <firstCreated>2022-03-05T10:00:00Z</firstCreated></itemMeta>
        <contentMeta><headline>Head</headline><by>By One</by><language tag="en"/></contentMeta>
        <contentSet><inlineXML><html xmlns="http://www.w3.org/1999/xhtml"><head><title>no</title></head>
        <body><p>First.</p><p>Second.</p></body></html></inlineXML></contentSet></newsItem></itemSet></newsMessage>"""
    )
    assert (article.id, article.text) == ("urn:1", "First.\nSecond.")
    meta = article.meta
    assert (meta.title, meta.author, meta.outlet, meta.language) == ("Head", "One", "AFP", "en")
    assert meta.date == "2022-03-05T10:00:00+00:00"


def test_elements_called_as_fields_are_read() -> None:
    articles = _read(
        """<articles><meta><title>no</title></meta>
        <article id="1"><headline>A</headline><date>2022-03-05</date><text><p>One.</p><p>Two.</p></text></article>
        <article id="2"><headline>B</headline><text>Three
        four.</text></article></articles>"""
    )
    assert [(a.id, a.meta.title) for a in articles] == [("1", "A"), ("2", "B")]
    assert articles[0].text == "One.\nTwo." and articles[1].text.split() == ["Three", "four."]


def test_xhtml_is_read_as_a_page() -> None:
    words = "<p>The port was shelled for the third day, and its workers were sent home by the city.</p>" * 5
    (article,) = _read(
        f'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head><title>T</title></head><body>{words}</body></html>'
    )
    assert "third day" in article.text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("<svg><path d='1'/></svg>", "<svg>"),
        ("<urlset><url><loc>https://example.org</loc></url></urlset>", "sitemap"),
        ("<a><b></a>", "broken XML"),
        ("just words", "broken XML"),
        (bytes(range(256)), "binary"),
        ("<rss version='2.0'></rss>".encode("utf-16-le"), "feed without entries"),
    ],
)
def test_xml_that_holds_no_articles_is_refused(content: bytes | str, reason: str) -> None:
    assert reason in _refusal(content)


def test_links_are_made_whole_by_the_feeds_own() -> None:
    (article,) = _read(
        _rss(
            "<item><title>A</title><link>/n/1</link></item>",
            "<title>F</title><link>https://example.org/</link>",
        )
    )
    assert article.meta.url == "https://example.org/n/1"


@pytest.mark.parametrize(
    ("title", "home", "outlet"),
    [
        ("World news | The Guardian", "https://www.theguardian.com/world", "The Guardian"),
        ("BBC News - World", "https://www.bbc.co.uk/news", "BBC News"),
        ("Harbour Times", "https://harbourtimes.example.org", "Harbour Times"),
        ("World - Harbour Times", "https://news.example.org", "World - Harbour Times"),
    ],
)
def test_the_outlet_is_the_part_of_a_feeds_title_that_its_address_bears_out(
    title: str, home: str, outlet: str
) -> None:
    (article,) = _read(_rss("<item><title>A</title></item>", f"<title>{title}</title><link>{home}</link>"))
    assert article.meta.outlet == outlet


def test_a_gathered_title_is_without_its_source() -> None:
    (article,) = _read(
        _rss(
            '<item><title>Bridge closed - The Post</title><source url="https://x.org">The Post</source></item>'
        )
    )
    assert (article.meta.title, article.meta.outlet) == ("Bridge closed", "The Post")


def test_an_encoding_that_no_text_is_in_is_not_followed() -> None:
    words = "The bridge was closed on Monday, engineers said."
    feed = _rss(f"<item><title>Bridge</title><description>{words}</description></item>")
    (entry,) = _read(feed.replace("UTF-8", "punycode", 1) + "-bbbb")
    assert entry.text.strip() == words


@pytest.mark.parametrize("declared", ['<?xml version="1.0" encoding="utf-8"?>', ""])
def test_what_is_not_the_utf8_it_is_said_to_be_is_read_as_what_it_is(declared: str) -> None:
    text = "Мост был закрыт в понедельник, сообщила областная администрация."
    feed = f"{declared}<rss version='2.0'><channel><title>Лента</title><item><title>Мост</title><description>{text}"
    (article,) = _read(f"{feed}</description></item></channel></rss>".encode("cp1251"))
    assert article.text == text


def test_captions_in_an_entry_are_told() -> None:
    (article,) = _read(
        _rss(
            "<item><title>A</title><description><![CDATA[<p>One.</p><figcaption>The bridge</figcaption>"
            "<p>Two.</p>]]></description></item>"
        )
    )
    assert article.text == "One.\nThe bridge\nTwo."
    assert article.kinds == (None, LineKind.CAPTION, None)


def test_rdf_is_read_under_its_own_name() -> None:
    (article,) = _read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>F</title></channel><item><title>A</title><link>https://example.org/1</link></item></rdf:RDF>",
        "news.rdf",
    )
    assert (article.meta.title, article.meta.url) == ("A", "https://example.org/1")
    assert formats.splitter(formats.suffix_of("news.rdf")) is not None
