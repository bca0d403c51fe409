"""Plain text and Markdown: what comes out unchanged, in what encodings, and the one clear line where nothing can."""

from __future__ import annotations

import re
from datetime import date, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import LineKind, Metadata
from warreader.index.errors import InputError
from warreader.index.ingest import formats, pieces
from warreader.index.ingest.pieces import Options, Piece, Raw, Source
from warreader.index.ingest.plain import decode, iso_date, kept_id, normalise, printable_id


def _article(name: str, content: bytes | str) -> Raw:
    data = content.encode() if isinstance(content, str) else content
    suffix = formats.suffix_of(name) or ".txt"
    split = formats.splitter(suffix)
    assert split is not None
    (piece,) = split(Source(name, f"/{name}", suffix, lambda: BytesIO(data), len(data)), Options())
    assert isinstance(piece, Piece)
    (raw,) = formats.parser(piece.form)(piece)
    return raw


def _refusal(name: str, content: bytes | str) -> InputError:
    with pytest.raises(InputError) as caught:
        _article(name, content)
    assert "\n" not in caught.value.reason and caught.value.reason
    return caught.value


@pytest.mark.parametrize("suffix", ["txt", "TXT", "text", "md", "markdown", ""])
def test_a_text_file_is_one_article_named_after_it(suffix: str) -> None:
    name = f"my article.{suffix}" if suffix else "my article"
    article = _article(name, "One line.\n\nAnother\u2028 line.\n")
    assert article == Raw("my_article", "One line.\n\nAnother\u2028 line.\n", article.meta)


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfwith a mark", "with a mark"),
        ("with a mark".encode("utf-16"), "with a mark"),
        ("with a mark".encode("utf-32"), "with a mark"),
        (b"\xfe\xff" + "Київ".encode("utf-16-be"), "Київ"),
        (b"\x00\x00\xfe\xff" + "Київ".encode("utf-32-be"), "Київ"),
        ("no byte order mark here".encode("utf-16-le"), "no byte order mark here"),
        ("no byte order mark here’".encode("utf-16-be"), "no byte order mark here’"),
        (b"one\r\ntwo\rthree\n\r\n", "one\ntwo\nthree\n\n"),
        (
            "one\x0btwo\x0cthree\x1cfour\x85five\u2028six\u2029seven".encode(),
            "one\x0btwo\x0cthree\x1cfour\x85five\u2028six\u2029seven",
        ),
        (b"a few \x00 and \x1b[31m " + b"words " * 20, "a few \x00 and \x1b[31m " + "words " * 20),
        (b" leading and trailing space \n\n", " leading and trailing space \n\n"),
    ],
)
def test_text_is_kept_but_for_encoding_and_line_ends(content: bytes, text: str) -> None:
    assert _article("a.txt", content).text == text


@given(st.text())
def test_normalising_changes_line_ends_and_lone_surrogates_only(text: str) -> None:
    stored = normalise(text)
    assert "\r" not in stored
    stored.encode()
    assert normalise(stored) == stored
    if "\r" not in text:
        assert len(stored) == len(text)
        assert all(a == b or b == "\ufffd" for a, b in zip(text, stored, strict=True))


# -- encodings

_WORDS = {
    "english": "The café stayed open, “come what may” — so its owner said.",
    "french": "Le président a déclaré que les forces étaient à l’ouest de la ville, où elles résistaient.",
    "german": "Die Städte wurden früh größtenteils geräumt, sagte der Bürgermeister.",
    "polish": "Mieszkańcy uciekają w stronę Łodzi, powiedział rzecznik; siły utrzymują miasto.",
    "turkish": "Şehrin ağır saldırı altında olduğunu söyledi.",
    "ukrainian": "Жителі області їдуть до Києва, а їхні сили утримують місто.",
    "russian": "Жители покидают область. Об ударах по городу сообщили власти.",
    "greek": "Οι δυνάμεις κρατούν την πόλη, δήλωσε ο πρόεδρος.",
    "hebrew": "הנשיא אמר כי הכוחות מחזיקים בעיר",
    "arabic": "قال الرئيس إن القوات تسيطر على المدينة",
    "chinese": "居民正在离开该地区，部队控制了这座城市。",
    "japanese": "部隊が都市を保持していると述べた。",
    "korean": "군대가 도시를 장악하고 있다고 말했다.",
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("english", "cp1252"),
        ("french", "cp1252"),
        ("german", "latin-1"),
        ("polish", "cp1250"),
        ("polish", "iso8859-2"),
        ("turkish", "cp1254"),
        ("ukrainian", "cp1251"),
        ("ukrainian", "koi8-u"),
        ("ukrainian", "iso8859-5"),
        ("ukrainian", "mac-cyrillic"),
        ("russian", "cp1251"),
        ("russian", "koi8-r"),
        ("russian", "cp866"),
        ("greek", "cp1253"),
        ("hebrew", "cp1255"),
        ("arabic", "cp1256"),
        ("chinese", "gb18030"),
        ("japanese", "shift_jis"),
        ("japanese", "euc_jp"),
        ("korean", "euc_kr"),
    ],
)
def test_an_encoding_is_told_by_the_words(language: str, encoding: str) -> None:
    text = _WORDS[language]
    assert decode(text.encode(encoding)) == text
    assert decode(f"{text}\n".encode(encoding) * 500) == f"{text}\n" * 500


def test_a_few_wrong_bytes_do_not_make_it_another_encoding() -> None:
    data = (_WORDS["ukrainian"].rstrip(".") * 20).encode()
    assert decode(data[:-1]) == data[:-2].decode() + "\ufffd"
    assert decode(b"\xe9" + data) == "\ufffd" + data.decode()


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        (b"", "empty", None),
        (b" \n\t\r\n ", "empty", None),
        (b"words " + bytes(range(0x80, 0x100)), "UTF-8.*iconv", "byte 6"),
        (b"\xff\xfea\x00b", "UTF-16.*UTF-8", "byte 4"),
        (b"\xff\xfea\x00\x00\xd8b\x00", "UTF-16.*UTF-8", "byte 4"),
        (bytes(range(256)) * 8, "binary", None),
        ("Знаку порядку немає".encode("utf-16-le"), "binary", None),
    ],
)
def test_what_is_no_text_is_refused_with_its_place(content: bytes, reason: str, place: str | None) -> None:
    error = _refusal("a.txt", content)
    assert error.place == place
    assert re.search(reason, error.reason)


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        normalise(decode(data)).encode()
    except InputError as error:
        assert error.reason


@given(st.text())
def test_what_is_utf_8_is_read_as_utf_8(text: str) -> None:
    data = text.encode("utf-8", "replace")
    try:
        assert decode(data) == data.decode().removeprefix("\ufeff")
    except InputError as error:
        assert "binary" in error.reason


def test_a_file_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "MAX_BYTES", 100)
    assert "larger than" in _refusal("long.txt", b"x" * 101).reason
    assert _article("fits.txt", b"x" * 100).text == "x" * 100


# -- front matter


def test_front_matter_is_metadata_and_no_text() -> None:
    article = _article(
        "post.md",
        "---\ntitle: 'A title: with a colon'\nauthor:\n  - One\n  - Two\ndate: 2022-03-05\nsource: Ukrinform\n"
        "link: https://example.org/1\nlang: en\ntags: [a, b]\n---\n\n# Heading\n\n*Words* stay as they are.\n",
    )
    assert article.text == "# Heading\n\n*Words* stay as they are.\n"
    meta = article.meta
    assert (meta.title, meta.author, meta.date) == ("A title: with a colon", "One, Two", "2022-03-05")
    assert (meta.outlet, meta.url, meta.language) == ("Ukrinform", "https://example.org/1", "en")
    assert (article.id, article.stated_id) == ("post", False)


@pytest.mark.parametrize(
    "text",
    [
        "---\nno: end of it\n\nWords.",
        "---\n: : [broken\n---\nWords.",
        "---\nA sentence between rules.\n---\nWords.",
        "--- \n" + "[" * 5000 + "\n---\nWords.",
        "-----\nWords\n-----\n",
        "Words\n---\ntitle: no front\n---\n",
    ],
)
def test_what_is_no_front_matter_stays_text(text: str) -> None:
    article = _article("post.md", text)
    assert article.text == text and article.meta.title is None


def test_front_matter_of_a_text_file_is_text() -> None:
    assert _article("post.txt", "---\ntitle: T\n---\nWords.").text.startswith("---")


def test_front_matter_cannot_make_objects_or_multiply() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefghij", "bcdefghijk", strict=True)
    )
    article = _article("post.md", f"---\n{bomb}author: *k\ntitle: !!python/object:os.system x\n---\nWords.")
    assert len(article.text + str(article.meta)) < 1000


def test_front_matter_alone_is_no_article() -> None:
    assert "empty" in _refusal("post.md", "---\ntitle: T\n---\n").reason


# -- ids


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_ids_can_be_shown_and_stay_apart(one: str, two: str) -> None:
    assert kept_id(one).isprintable() and printable_id(one).isprintable()
    if one != two:
        assert kept_id(one) != kept_id(two)


def test_ids_too_long_stay_apart() -> None:
    one, two = kept_id("x" * 5000 + "1"), kept_id("x" * 5000 + "2")
    assert one != two and len(one) < 300


# -- dates


@pytest.mark.parametrize(
    ("stated", "stored"),
    [
        ("2022", "2022"),
        ("2022-03", "2022-03"),
        ("2022-03-05", "2022-03-05"),
        (" 2022-03-05\n", "2022-03-05"),
        ("20220305", "2022-03-05"),
        ("2022-03-05T10:20:30", "2022-03-05T10:20:30"),
        ("2022-03-05T10:20:30Z", "2022-03-05T10:20:30+00:00"),
        ("2022-03-05 10:20", "2022-03-05T10:20:00"),
        ("2022-03-05 10:20:30 UTC", "2022-03-05T10:20:30+00:00"),
        ("2022-03-05 10:20:30 +0200", "2022-03-05T10:20:30+02:00"),
        ("20220305T102030Z", "2022-03-05T10:20:30+00:00"),
        ("20220305102030", "2022-03-05T10:20:30"),
        ("Sat, 05 Mar 2022 10:20:30 +0200", "2022-03-05T10:20:30+02:00"),
        ("Sat, 5 Mar 2022 10:20:30 GMT", "2022-03-05T10:20:30+00:00"),
        ("Sat Mar 05 10:20:30 +0000 2022", "2022-03-05T10:20:30+00:00"),
        ("March 5, 2022", "2022-03-05"),
        ("Mar. 5, 2022", "2022-03-05"),
        ("5 March 2022", "2022-03-05"),
        ("5th of March 2022", "2022-03-05"),
        ("March 2022", "2022-03"),
        ("Saturday, March 5, 2022 at 5:07 PM EST", "2022-03-05T17:07:00-05:00"),
        ("March 5, 2022 12:07 a.m.", "2022-03-05T00:07:00"),
        ("5 березня 2022", "2022-03-05"),
        ("5 марта 2022 г.", "2022-03-05"),
        ("5. März 2022", "2022-03-05"),
        ("le 5 mars 2022", "2022-03-05"),
        ("5 de marzo de 2022", "2022-03-05"),
        ("05.03.2022", "2022-03-05"),
        ("05.03.2022 10:20", "2022-03-05T10:20:00"),
        ("2022/03/05", "2022-03-05"),
        ("1646475630", "2022-03-05T10:20:30+00:00"),
        ("1646475630.25", "2022-03-05T10:20:30+00:00"),
        ("1646475630123", "2022-03-05T10:20:30+00:00"),
        ("1646475630123456", "2022-03-05T10:20:30+00:00"),
        ("13/04/2022", "2022-04-13"),
        ("04/13/2022", "2022-04-13"),
        ("03/03/2022", "2022-03-03"),
        ("03/04/2022", None),
        ("03-04-2022", None),
        ("2022-13", None),
        ("2022-02-30", None),
        ("30.02.2022", None),
        ("March 5, 2022 13:07 PM", "2022-03-05T13:07:00"),
        ("٢٠٢٢", None),
        ("2022年3月5日（土） 10時15分", "2022-03-05T10:15:00"),
        ("2022년 3월 5일 10:15", "2022-03-05T10:15:00"),
        ("2022. 3. 5.", "2022-03-05"),
        ("yesterday", None),
        ("3 hours ago", None),
        ("Smarch 5, 2022", None),
        ("Sat, 05 Mar 99999999999999999999 10:20:30 +0200", None),
        ("Sat, 05 Mar 2022 10:20:30 +99999999999999", None),
        ("17", None),
        ("-1646475630", None),
        ("", None),
        (None, None),
    ],
)
def test_dates_become_iso_8601_or_unknown(stated: str | None, stored: str | None) -> None:
    assert iso_date(stated) == stored


@given(
    st.one_of(
        st.text(),
        st.from_regex(r"[0-9]{1,5}[-/. ]?[0-9]{0,3}[-T/. ]?[0-9:.+Z -]{0,12}", fullmatch=True),
        st.from_regex(r"[0-9]{8,20}(\.[0-9]+)?", fullmatch=True),
        st.from_regex(
            r"(Mar|May|x)? ?[0-9]{1,2},? (Apr )?[0-9]{4} [0-9]{1,2}:[0-9]{2} ?[ap]m ?[+-]?[0-9]{1,4}",
            fullmatch=True,
        ),
    )
)
def test_no_date_raises_and_each_is_iso(stated: str) -> None:
    found = iso_date(stated)
    if found is not None and len(found) > 7:
        datetime.fromisoformat(found)


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_a_date_is_the_same_however_it_is_written(moment: date) -> None:
    stored = moment.isoformat()
    for form in ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y/%m/%d", "%d %B %Y", "%B %d, %Y", "%a, %d %b %Y"):
        assert iso_date(moment.strftime(form)) == stored


def test_a_long_string_is_no_date_and_costs_nothing() -> None:
    assert iso_date("1 " * 500_000) is None
    assert iso_date("9" * 1_000_000) is None


@pytest.mark.parametrize(
    "content",
    [
        '{"title": "A", "text": "One."}\n{"title": "B", "text": "Two."}\n',
        '[{"title": "A", "text": "One."},\n {"title": "B", "text": "Two."}]\n',
        "title\tFull Text\nA\tOne.\nB\tTwo.\n",
    ],
)
def test_records_in_a_file_named_as_a_text_are_articles(content: str) -> None:
    split = formats.splitter(".txt")
    assert split is not None
    source = Source("a.txt", "/a.txt", ".txt", lambda: BytesIO(content.encode()), len(content))
    found = [
        raw
        for piece in split(source, Options())
        if isinstance(piece, Piece)
        for raw in formats.parser(piece.form)(piece)
    ]
    assert [(raw.meta.title, raw.text) for raw in found] == [("A", "One."), ("B", "Two.")]
    (whole,) = split(source, Options(form=".txt"))
    assert isinstance(whole, Piece) and whole.form == "plain"


@pytest.mark.parametrize(
    "content", ['{"a": 1}\n', "[1] The bridge was closed.\n", "{not json}\n", '["text"]\n']
)
def test_a_text_that_begins_with_a_bracket_is_a_text(content: str) -> None:
    assert _article("a.txt", content).text == content


ABOVE = "Title: Bridge closed\nDate: 8 March 2022\nAuthor: By Jane Doe\nSource: Harbour Times\nURL: https://example.org/1\n"


@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_fields_above_a_text_are_its_metadata(name: str) -> None:
    article = _article(name, f"{ABOVE}\nThe bridge was closed.\n")
    meta = article.meta
    assert (meta.title, meta.date, meta.author) == ("Bridge closed", "2022-03-08", "Jane Doe")
    assert (meta.outlet, meta.url) == ("Harbour Times", "https://example.org/1")
    assert article.text == f"{ABOVE}\nThe bridge was closed.\n"
    assert article.kinds is not None and len(article.kinds) == 8
    assert article.kinds[0] is LineKind.HEADLINE and article.kinds[2] is LineKind.BYLINE
    assert article.kinds[5:] == (None, None, None)


@pytest.mark.parametrize(
    "above",
    [
        "Title: Bridge closed\nBridge closed\n\n",
        "Title: Bridge closed | Harbour Times\nDate: 8 March 2022\n\nBridge  closed\n",
        'Title: "Bridge closed"\nURL: https://example.org/1\nBRIDGE CLOSED\n',
        "Title: Bridge closed\n\nDate: 8 March 2022\n\nSource: Harbour Times\n\nBridge closed\n",
        "Title:\nBridge closed\nDate:\n8 March 2022\nSource:\nHarbour Times\n\nBridge closed\n",
    ],
)
def test_a_headline_that_stands_below_the_fields_again_is_one_headline(above: str) -> None:
    text = f"{above}\nThe bridge was closed.\n"
    article = _article("a.txt", text)
    assert article.text == text and article.kinds is not None
    lines = text.split("\n")
    headlines = [line for line, kind in zip(lines, article.kinds, strict=True) if kind is LineKind.HEADLINE]
    assert [" ".join(line.split()).lower() for line in headlines] == ["bridge closed"]
    assert article.meta.title is not None and article.meta.title.startswith("Bridge closed")
    assert article.kinds[lines.index("The bridge was closed.")] is None


def test_a_title_in_markdown_that_is_repeated_as_its_heading_is_one_headline() -> None:
    article = _article(
        "a.md", "Title: Bridge closed\nSource: Harbour Times\n\n# Bridge closed\n\n# Why\n\nText.\n"
    )
    assert article.kinds is not None
    assert [at for at, kind in enumerate(article.kinds) if kind is LineKind.HEADLINE] == [3]


def test_fields_a_blank_line_apart_and_names_on_lines_of_their_own() -> None:
    apart = _article(
        "a.txt", ABOVE.replace("\n", "\n\n").replace("Author: By", "By:") + "The bridge was closed.\n"
    )
    paired = _article("a.txt", ABOVE.replace(": ", ":\n") + "\nThe bridge was closed.\n")
    for meta in (apart.meta, paired.meta):
        assert (meta.title, meta.date, meta.author) == ("Bridge closed", "2022-03-08", "Jane Doe")
        assert (meta.outlet, meta.url) == ("Harbour Times", "https://example.org/1")
    assert paired.kinds is not None and paired.kinds[1] is LineKind.HEADLINE
    assert paired.kinds[0] is LineKind.FURNITURE and paired.kinds[5] is LineKind.BYLINE


def test_a_paragraph_after_a_lone_title_is_no_field() -> None:
    article = _article(
        "a.txt", "Title: Bridge closed\nDate: 8 March 2022\n\nSource: nobody says so.\n\nText.\n"
    )
    assert article.meta.outlet is None
    assert article.kinds is not None and article.kinds[3] is None


@pytest.mark.parametrize(
    "text",
    [
        "Bridge closed\n\nSource: Harbour Times\nDate: 8 March 2022\nURL: https://example.org/1\n\nIt was closed.\n",
        "Bridge closed\nSource: Harbour Times\nDate: 8 March 2022\nhttps://example.org/1\nThe bridge was closed.\n",
        "Bridge closed\n\nThe bridge was closed.\n\nSource: Harbour Times\nhttps://example.org/1\nDate: 8 March 2022\n",
    ],
)
def test_fields_under_the_headline_and_below_the_text(text: str) -> None:
    article = _article("a.txt", text)
    meta = article.meta
    assert (meta.date, meta.outlet, meta.url) == ("2022-03-08", "Harbour Times", "https://example.org/1")
    assert article.text == text and article.kinds is not None
    lines = text.split("\n")
    for line, kind in zip(lines, article.kinds, strict=True):
        assert (kind is LineKind.FURNITURE) == (":" in line)


def test_an_address_alone_above_a_text_is_its_address() -> None:
    article = _article("a.txt", "https://example.org/1\n\nBridge closed\n\nThe bridge was closed.\n")
    assert article.meta == Metadata(url="https://example.org/1")


@pytest.mark.parametrize("title", ["'Closed': what the harbour says", "[sic]Closed[/sic]", "Closed 'again'"])
def test_marks_around_a_part_of_a_title_stay(title: str) -> None:
    assert _article("a.txt", f"Title: {title}\n\nText.\n").meta.title == title
    assert _article("a.txt", f"Title: “{title}”\n\nText.\n").meta.title == title


def test_some_bytes_gone_wrong_in_english_are_told_apart_from_another_encoding() -> None:
    words = b"The bridge over the harbour was closed on Monday. " * 60
    assert decode(words + b"\xff\xfe\xe2\x80 and on" + words).count("\ufffd") == 3


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("Title: Bridge closed", Metadata(title="Bridge closed")),
        ("Date: 8 March 2022", Metadata(date="2022-03-08")),
        ("**URL:** https://example.org/1", Metadata(url="https://example.org/1")),
    ],
)
def test_one_field_above_an_empty_line_is_enough_where_it_is_unmistakable(
    field: str, found: Metadata
) -> None:
    article = _article("a.txt", f"{field}\n\nThe bridge was closed.\n")
    assert article.meta == found
    assert article.kinds is not None and article.kinds[0] is not None
    assert _article("a.txt", f"{field}\nThe bridge was closed.\n").kinds is None


@pytest.mark.parametrize(
    "text",
    [
        "Name: Jane Doe\n\nText.",
        "Time: nobody knows\n\nText.",
        "Bridge closed: nobody knows why\n\nText.",
        "Smith: We were told nothing.\nJones: Nor were we.\n",
        "Source: Harbour Times\n\nText.",
        "By: Jane Doe\nFrom: the bridge\n\nText.",
        "",
    ],
)
def test_colons_at_the_beginning_make_no_fields(text: str) -> None:
    article = _article("a.txt", text + "x")
    assert (article.kinds, article.meta.title) == (None, None)


@pytest.mark.parametrize(
    "front",
    [
        '---\ntitle: Bridge: closed "again\ndate: 8 March 2022\nauthor: [Jane Doe\n---\n',
        '+++\ntitle = "Bridge: closed \\"again"\ndate = 2022-03-08\nauthor = "Jane Doe"\n+++\n',
    ],
)
def test_front_matter_that_is_no_yaml(front: str) -> None:
    article = _article("a.md", f"{front}\nThe bridge was closed.\n")
    assert article.text == "The bridge was closed.\n"
    assert (article.meta.title, article.meta.date) == ('Bridge: closed "again', "2022-03-08")
    assert article.meta.author == "Jane Doe"


@pytest.mark.parametrize("heading", ["# Bridge closed", "# **Bridge closed** #", "Bridge closed\n====="])
def test_a_markdown_heading_is_the_title(heading: str) -> None:
    article = _article(
        "a.md", f"{heading}\n\n*By Jane Doe*\n\nText.\n\n![The bridge at night](a.jpg)\n\n![](b.png)\n"
    )
    assert article.meta.title == "Bridge closed"
    assert article.kinds is not None
    told = [kind for kind in article.kinds if kind]
    assert told[0] is LineKind.HEADLINE
    assert told[-3:] == [LineKind.BYLINE, LineKind.CAPTION, LineKind.FURNITURE]
