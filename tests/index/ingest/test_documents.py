"""PDF, Word documents and e-books: their paragraphs, what they state of themselves, and broken ones."""

from __future__ import annotations

import io
import shutil
import sys
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.article import Failure, LineKind
from warreader.index.errors import InputError
from warreader.index.ingest import docx, epub, formats, pdf, pdf_lines, preparing, rtf, zipped
from warreader.index.ingest.pieces import Options, Piece, Raw, Source


def _parse(data: bytes, suffix: str) -> Iterator[Raw]:
    source = Source(f"report{suffix}", f"/report{suffix}", suffix, lambda: io.BytesIO(data), len(data))
    splitter = formats.splitter(suffix)
    assert splitter is not None
    for piece in splitter(source, Options()):
        assert isinstance(piece, Piece)
        yield from formats.parser(piece.form)(piece)


def _one(data: bytes, suffix: str) -> Raw:
    (raw,) = _parse(data, suffix)
    assert raw.kinds is None or len(raw.kinds) == len(raw.text.split("\n"))
    return raw


def _refused(data: bytes, suffix: str) -> str:
    with pytest.raises(InputError) as caught:
        list(_parse(data, suffix))
    assert "\n" not in str(caught.value)
    return str(caught.value)


# PDF

_Set = tuple[float, float, float, str]
"""Left, baseline and size in points, and words."""


def _pdf(
    *pages: list[_Set], title: str = "", author: str = "", turn: str = "1 0 0 1", aside: str = ""
) -> bytes:
    """A PDF with these words on its pages, in Courier: every letter is 0.6 of the size wide.

    ``turn`` is the matrix by which all is turned; ``aside`` stands in the margin, turned by a quarter.
    """
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
    ]
    kids = []
    for lines in pages:
        content = b"\n".join(
            b"q %s 0 0 cm BT /F1 %.1f Tf 1 0 0 1 %.1f %.1f Tm (%s) Tj ET Q"
            % (turn.encode(), size, left, base, _escaped(text))
            for left, base, size, text in lines
        )
        content += b"\nBT /F1 9 Tf 0 1 -1 0 20 300 Tm (%s) Tj ET" % _escaped(aside)
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
        resources = b"/Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 600 800]"
        objects.append(b"<< /Type /Page /Parent 2 0 R %s /Contents %d 0 R >>" % (resources, len(objects)))
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    objects.append(b"<< /Title (%s) /Author (%s) >>" % (_escaped(title), _escaped(author)))
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"<< /Size %d /Root 1 0 R /Info %d 0 R >>" % (len(objects) + 1, len(objects))
    return data + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s\nstartxref\n%d\n%%%%EOF" % (
        len(objects) + 1,
        table,
        trailer,
        len(data),
    )


def _escaped(text: str) -> bytes:
    return text.encode("latin-1").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def _column(left: float, top: float, lines: list[str], size: float = 10, indent: float = 0) -> list[_Set]:
    return [
        (left + (indent if line.startswith(">") else 0), top - 12 * number, size, line.removeprefix(">"))
        for number, line in enumerate(lines)
    ]


FIRST = [
    ">The bridge was closed to all traffic on",
    "Monday after engineers found cracks in a",
    "pier, the regional admin-",
    "istration said in a statement to papers.",
    ">A second bridge stays open to traffic in",
    "both directions.",
]
SECOND = [
    ">It was built sixty years ago and had not",
    "been repaired since then, one of them had",
    "told a reporter.",
]
PARAGRAPHS = [
    "The bridge was closed to all traffic on Monday after engineers found cracks in a pier, "
    "the regional administration said in a statement to papers.",
    "A second bridge stays open to traffic in both directions.",
    "It was built sixty years ago and had not been repaired since then, one of them had told a reporter.",
]


def test_two_columns_of_indented_paragraphs_are_joined() -> None:
    lines = _column(50, 700, FIRST, indent=15) + _column(320, 700, SECOND, indent=15)
    assert _one(_pdf(lines), ".pdf").text.split("\n") == PARAGRAPHS


def test_paragraphs_set_apart_by_gaps() -> None:
    lines = _column(
        50, 700, ["The bridge was closed to all traffic on", "Monday and on Tuesday it was closed too."]
    )
    lines += _column(50, 660, ["The other bridge was open to all traffic", "in both directions."])
    assert _one(_pdf(lines), ".pdf").text.split("\n") == [
        "The bridge was closed to all traffic on Monday and on Tuesday it was closed too.",
        "The other bridge was open to all traffic in both directions.",
    ]


def test_a_hyphen_stays_where_the_word_has_one() -> None:
    lines = [
        "A Kyiv-based group and a long-term plan.",
        "They said that the Kyiv-",
        "based group has a long-",
        "term view of it all now.",
    ]
    assert "Kyiv-based group has a long-term view" in _one(_pdf(_column(50, 700, lines)), ".pdf").text


def test_running_heads_and_page_numbers_are_furniture_after_the_paragraph_that_they_interrupt() -> None:
    def page(number: int, lines: list[str]) -> list[_Set]:
        return [
            (50, 770, 8, "Bridge Report, spring"),
            *_column(50, 700, lines),
            (300, 30, 8, f"- {number} -"),
        ]

    broken = ["The bridge was closed to all traffic and", "the regional administration said that in"]
    rest = ["the summer it will be open to everyone."]
    raw = _one(
        _pdf(page(1, broken), page(2, rest), page(3, ["Nothing else was said of it on Tuesday."])), ".pdf"
    )
    assert raw.kinds is not None
    lines = list(zip(raw.text.split("\n"), raw.kinds, strict=True))
    assert [text for text, kind in lines if kind is None] == [
        "The bridge was closed to all traffic and the regional administration said that in "
        "the summer it will be open to everyone.",
        "Nothing else was said of it on Tuesday.",
    ]
    furniture = [text for text, kind in lines if kind is LineKind.FURNITURE]
    assert sorted(furniture) == ["- 1 -", "- 2 -", "- 3 -", *["Bridge Report, spring"] * 3]


def test_the_largest_line_is_the_headline_and_the_title() -> None:
    lines = [(50.0, 750.0, 20.0, "Bridge closed"), *_column(50, 700, FIRST, indent=15)]
    raw = _one(_pdf(lines, title="Microsoft Word - x.docx", author="admin"), ".pdf")
    assert raw.kinds is not None
    assert raw.kinds[0] is LineKind.HEADLINE
    assert (raw.meta.title, raw.meta.author, raw.meta.date) == ("Bridge closed", None, None)


def test_a_stated_title_that_the_text_bears_out_is_kept() -> None:
    lines = [*_column(50, 740, ["From our Example Agency."]), *_column(50, 700, FIRST)]
    raw = _one(_pdf(lines, title="The bridge was closed", author="Example Agency"), ".pdf")
    assert (raw.meta.title, raw.meta.author) == ("The bridge was closed", "Example Agency")


def test_the_address_that_a_browser_printed_is_the_url() -> None:
    lines = [*_column(50, 700, FIRST), (50.0, 20.0, 8.0, "https://example.org/bridge 1/1")]
    raw = _one(_pdf(lines), ".pdf")
    assert raw.meta.url == "https://example.org/bridge"
    assert raw.kinds is not None
    assert raw.kinds[-1] is LineKind.FURNITURE


@pytest.mark.parametrize("turn", ["0 1 -1 0", "-1 0 0 -1", "0 -1 1 0"])
def test_pages_that_lie_on_their_side_or_head_are_read(turn: str) -> None:
    lines = _column(50, 700, FIRST, indent=15) + _column(320, 700, SECOND, indent=15)
    assert _one(_pdf(lines, turn=turn), ".pdf").text.split("\n") == PARAGRAPHS


def test_what_stands_upright_in_the_margin_is_furniture_in_one_line() -> None:
    raw = _one(_pdf(_column(50, 700, FIRST, indent=15), aside="Received 3 May"), ".pdf")
    assert raw.text.split("\n") == [*PARAGRAPHS[:2], "Received 3 May"]
    assert raw.kinds is not None
    assert raw.kinds[-1] is LineKind.FURNITURE


def test_a_pdf_without_text_is_said_to_need_ocr() -> None:
    assert "ocrmypdf" in _refused(_pdf([]), ".pdf")


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4", b"junk" * 100, b"%PDF-1.4\n" + b"[" * 100_000])
def test_a_damaged_pdf_is_said(data: bytes) -> None:
    assert "damaged" in _refused(data, ".pdf")


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2000), st.binary(max_size=20))
def test_a_pdf_that_was_cut_or_changed_gives_text_or_one_line(at: int, noise: bytes) -> None:
    whole = _pdf(_column(50, 700, FIRST), _column(50, 700, SECOND))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pdf_lines, "read", pdf_lines.read_here)
        _read_all(whole, at, noise)


def _read_all(whole: bytes, at: int, noise: bytes) -> None:
    for data in (whole[:at], whole[:at] + noise + whole[at + len(noise) :]):
        try:
            for raw in _parse(data, ".pdf"):
                raw.text.encode()
        except InputError as error:
            assert "\n" not in str(error)


def test_a_pdf_that_takes_too_long_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_lines, "LONGEST_SECONDS", 0.001)
    assert "longer than" in _refused(_pdf(_column(50, 700, FIRST)), ".pdf")


def test_a_reader_that_dies_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    assert "ended the reader" in _refused(_pdf(_column(50, 700, FIRST)), ".pdf")


# Word

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)


def _zip(parts: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return packed.getvalue()


def _docx(body: str, core: str = "", head: str = "") -> bytes:
    parts = {
        "_rels/.rels": _RELATIONS,
        "word/document.xml": f'{head}<w:document xmlns:w="{_W}"><w:body>{body}</w:body></w:document>',
    }
    if core:
        parts["docProps/core.xml"] = core
    return _zip(parts)


def _p(text: str, style: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'


def test_paragraphs_headings_and_cells_are_lines() -> None:
    table = f"<w:tbl><w:tr><w:tc>{_p('left')}</w:tc><w:tc>{_p('right')}</w:tc></w:tr></w:tbl>"
    raw = _one(
        _docx(_p("Bridge closed", "Title") + _p("It was Monday.") + table + _p("A pier.", "Caption")), ".docx"
    )
    assert raw.text.split("\n") == ["Bridge closed", "It was Monday.", "left | right", "A pier."]
    assert raw.kinds == (LineKind.HEADLINE, None, None, LineKind.CAPTION)
    assert raw.meta.title == "Bridge closed"


def test_deleted_text_and_the_second_copy_of_a_text_box_are_left_out() -> None:
    mc = "http://schemas.openxmlformats.org/markup-compatibility/2006"
    box = f"<w:txbxContent>{_p('In a box.')}</w:txbxContent>"
    body = (
        "<w:p><w:r><w:t>Was</w:t><w:tab/><w:t>closed.</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
        f'<mc:AlternateContent xmlns:mc="{mc}"><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>'
        "</mc:AlternateContent></w:p>"
    )
    assert _one(_docx(body), ".docx").text.split("\n") == ["Was\tclosed.", "In a box."]


def test_a_documents_own_title_and_author() -> None:
    core = (
        '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:t="http://purl.org/dc/terms/">'
        "<dc:title>Bridges</dc:title><dc:creator>Example Agency</dc:creator>"
        "<t:created>2020-01-01T00:00:00Z</t:created></c:coreProperties>"
    )
    meta = _one(_docx(_p("It was Monday."), core), ".docx").meta
    assert (meta.title, meta.author, meta.date) == ("Bridges", "Example Agency", None)


@pytest.mark.parametrize(
    "title", ["Document1", "Microsoft Word - draft 2.docx", "New Document (3)", "draft.docx"]
)
def test_a_title_that_a_program_put_into_a_document_is_none(title: str) -> None:
    core = (
        '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{title}</dc:title></c:coreProperties>'
    )
    meta = _one(_docx(_p("Bridge closed", "Title") + _p("It was Monday."), core), ".docx").meta
    assert meta.title == "Bridge closed"


def test_fields_written_into_a_document_are_its_metadata() -> None:
    lines = ("Bridge closed", "Source: Harbour Times", "Date: 8 March 2022", "URL: https://example.org/1")
    raw = _one(_docx("".join(map(_p, (*lines, "It was Monday.")))), ".docx")
    assert (raw.meta.title, raw.meta.outlet) == ("Bridge closed", "Harbour Times")
    assert (raw.meta.date, raw.meta.url) == ("2022-03-08", "https://example.org/1")
    assert raw.text.split("\n") == [*lines, "It was Monday."]
    assert raw.kinds == (LineKind.HEADLINE, *[LineKind.FURNITURE] * 3, None)
    rich = "{\\rtf1\\ansi " + "\\par ".join((*lines, "It was Monday.")) + "}"
    told = _one(rich.encode(), ".rtf")
    assert (told.meta, told.kinds) == (raw.meta, raw.kinds)
    alone = _one(_docx(_p("Title: Bridge closed") + _p("It was Monday.")), ".docx")
    assert (alone.meta.title, alone.kinds) == ("Bridge closed", (LineKind.HEADLINE, None))


def test_entities_are_not_expanded() -> None:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 9))
    head = f'<!DOCTYPE w [<!ENTITY l0 "lol">{lol}<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    try:
        (raw,) = _parse(_docx(_p("seen") + _p("&l8;&f;"), head=head), ".docx")
        assert raw.text.strip() == "seen"
    except InputError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "damaged"),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "password"),
        (_zip({"a.txt": "x"}), "no Word document"),
        (_docx(""), "no text"),
        (_docx("<w:p>"), "damaged"),
    ],
    ids=["empty", "old format", "another zip", "no text", "cut"],
)
def test_what_is_no_word_document_is_said(data: bytes, told: str) -> None:
    assert told in _refused(data, ".docx")


def test_a_document_that_unpacks_without_end_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipped, "_LARGEST_PART", 10_000)
    assert "unpacks to more" in _refused(_docx(_p("x" * 100_000)), ".docx")


# e-books

_CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)


def _chapter(title: str, text: str) -> str:
    return (
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Book</title></head>'
        f"<body><h1>{title}</h1><p>{text}</p></body></html>"
    )


def _epub(chapters: Mapping[str, str], nav: str = "", **more: str) -> bytes:
    items = "".join(
        f'<item id="i{number}" href="{name}" media-type="application/xhtml+xml"/>'
        for number, name in enumerate(chapters)
    )
    refs = "".join(f'<itemref idref="i{number}"/>' for number in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Bridges</dc:title><dc:creator>Example Author</dc:creator><dc:publisher>Example House</dc:publisher>"
        "<dc:date>2021-05-01</dc:date><dc:language>en-GB</dc:language></metadata><manifest>"
        f'{items}<item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>'
        f'<spine><itemref idref="n"/>{refs}</spine></package>'
    )
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": _CONTAINER,
        "OEBPS/book.opf": package,
    }
    parts |= {f"OEBPS/{name.replace('%20', ' ')}": text for name, text in chapters.items()}
    parts["OEBPS/nav.xhtml"] = (
        f'<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol>{nav}</ol></nav></body></html>'
    )
    return _zip(parts | more)


CHAPTERS = {
    "one.xhtml": _chapter("One", "The first bridge."),
    "dir/two%20b.xhtml": _chapter("Two", "The second."),
}


def test_a_chapter_is_an_article() -> None:
    nav = '<li><a href="one.xhtml#top">The First</a></li>'
    first, second = _parse(_epub(CHAPTERS, nav), ".epub")
    assert (first.text, first.place, first.id) == ("One\nThe first bridge.", "chapter 1", "report-chapter-1")
    assert (first.meta.title, second.meta.title) == ("The First", "Two")
    meta = second.meta
    assert (meta.author, meta.outlet, meta.date, meta.language) == (
        "Example Author",
        "Example House",
        "2021-05-01",
        "en",
    )


def test_a_chapter_that_cannot_be_read_is_told_after_the_others() -> None:
    data = _epub(CHAPTERS)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("one.xhtml")}
    found: list[Raw] = []
    with pytest.raises(InputError) as caught:
        for raw in _parse(_zip(parts), ".epub"):
            found.append(raw)
    assert [raw.meta.title for raw in found] == ["Two"]
    assert caught.value.place == "part OEBPS/one.xhtml"


def test_a_protected_book_is_said_and_obfuscated_fonts_are_no_protection() -> None:
    def encryption(algorithm: str) -> dict[str, str]:
        method = f'<m:EncryptionMethod xmlns:m="http://www.w3.org/2001/04/xmlenc#" Algorithm="{algorithm}"/>'
        return {"META-INF/encryption.xml": f"<encryption>{method}</encryption>"}

    assert "protection" in _refused(
        _epub(CHAPTERS, **encryption("http://www.w3.org/2001/04/xmlenc#aes256-cbc")), ".epub"
    )
    assert "protection" in _refused(_epub(CHAPTERS, **{"META-INF/rights.xml": "<rights/>"}), ".epub")
    assert (
        len(list(_parse(_epub(CHAPTERS, **encryption("http://www.idpf.org/2008/embedding")), ".epub"))) == 2
    )


def test_a_spine_that_leads_out_of_the_book_leads_nowhere() -> None:
    assert "damaged" in _refused(_epub({"../../../etc/passwd": ""}), ".epub")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"PK\x03\x04", "damaged"),
        (_zip({"a.txt": "x"}), "no e-book"),
        (_epub({"a.xhtml": "<html/>"}), "no text"),
    ],
    ids=["cut", "another zip", "no text"],
)
def test_what_is_no_book_is_said(data: bytes, told: str) -> None:
    assert told in _refused(data, ".epub")


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 3000), st.binary(min_size=1, max_size=20), st.sampled_from([".docx", ".epub"]))
def test_a_zipped_document_that_was_cut_or_changed_gives_text_or_one_line(
    at: int, noise: bytes, suffix: str
) -> None:
    whole = _docx(_p("It was Monday.")) if suffix == ".docx" else _epub(CHAPTERS)
    for data in (whole[:at], whole[:at] + noise + whole[at + len(noise) :], noise):
        try:
            for raw in _parse(data, suffix):
                raw.text.encode()
        except InputError as error:
            assert "\n" not in str(error)


def test_the_modules_are_named_in_the_registry() -> None:
    assert formats.parser("pdf") is pdf.parse
    assert formats.parser("docx") is docx.parse
    assert formats.parser("epub") is epub.parse


def test_a_table_that_holds_a_page_is_read_paragraph_by_paragraph() -> None:
    table = f"<w:tbl><w:tr><w:tc>{_p('One.')}{_p('Two.')}</w:tc><w:tc>{_p('Three.')}</w:tc></w:tr></w:tbl>"
    assert _one(_docx(table), ".docx").text == "One.\nTwo.\nThree."


def _newspaper(text: str, creator: str = "calibre (6.1)") -> list[Raw]:
    links = '<a href="a">The first of the stories</a> <a href="b">Two</a>'
    contents = f"<html><body><h1>In this issue</h1>{links}</body></html>"
    whole = zipfile.ZipFile(io.BytesIO(_epub({"toc.xhtml": contents, "one.xhtml": text})))
    parts = {name: whole.read(name) for name in whole.namelist()}
    package = parts["OEBPS/book.opf"].decode().replace("Example Author", creator)
    return list(_parse(_zip(parts | {"OEBPS/book.opf": package}), ".epub"))


@pytest.mark.parametrize("creator", ["calibre (6.1)", "Example House", "Bridges"])
def test_a_newspaper_made_into_a_book(creator: str) -> None:
    (raw,) = _newspaper(
        "<html><body><p>World</p><h2>Bridge closed</h2><p>It was Monday.</p><figcaption>A pier.</figcaption>"
        "<p>This article was downloaded by calibre from https://example.org/1</p></body></html>",
        creator,
    )
    assert (raw.meta.author, raw.meta.outlet, raw.meta.url) == (
        None,
        "Example House",
        "https://example.org/1",
    )
    assert raw.kinds == (None, LineKind.HEADLINE, None, LineKind.CAPTION, LineKind.FURNITURE)


def _rtf(*paragraphs: str, head: str = "") -> bytes:
    written = "".join(
        char if char.isascii() else "".join(f"\\u{half}?" for half in _halves(char))
        for char in "\\par ".join(paragraphs)
    )
    fonts = "{\\fonttbl{\\f0\\fcharset0 Arial;}{\\f1\\fcharset204 Arial;}}"
    return f"{{\\rtf1\\ansi\\ansicpg1252\\deff0{fonts}{head}\\pard {written}\\par}}".encode()


def _halves(char: str) -> list[int]:
    data = char.encode("utf-16-le")
    return [int.from_bytes(data[at : at + 2], "little", signed=True) for at in range(0, len(data), 2)]


def test_rich_text() -> None:
    info = "{\\info{\\title Bridge closed}{\\author Jane Doe}}{\\header Page}{\\pict\\pngblip 89504e47}"
    raw = _one(_rtf("It was “Monday” 😀.", "Мост.", head=info), ".rtf")
    assert raw.text == "It was “Monday” 😀.\nМост."
    assert (raw.meta.title, raw.meta.author) == ("Bridge closed", "Jane Doe")


def test_rich_text_in_an_older_encoding_with_links() -> None:
    link = "{\\field{\\*\\fldinst HYPERLINK \"https://example.org/\"}{\\fldrslt \\'ec\\'ee\\'f1\\'f2}}"
    fonts = "{\\fonttbl{\\f0\\fcharset204 Arial;}}"
    data = f"{{\\rtf1\\ansi\\ansicpg1251\\deff0{fonts}\\f0 {link} \\'e8.\\par}}"
    assert _one(data.encode(), ".rtf").text == "мост и."


def test_an_archives_export_as_rich_text_is_parted() -> None:
    body = (
        "The port was shelled on Monday, officials in the city said on Tuesday, and two ships were damaged."
    )
    one = ["Port shelled", "The Post (London)", "March 8, 2022 Tuesday", "Length: 90 words", "Byline: Jane Doe in Kyiv",
           "Body", body, body, "End of Document"]  # fmt: skip
    data = _rtf(*one, *one)
    (piece,) = rtf.split(Source("a.rtf", "/a.rtf", ".rtf", lambda: io.BytesIO(data), len(data)), Options())
    assert isinstance(piece, Piece)
    articles = [one for one in preparing.prepare(piece) if not isinstance(one, Failure)]
    assert [(one.meta.title, one.meta.author, one.meta.date) for one in articles] == [
        ("Port shelled", "Jane Doe", "2022-03-08")
    ] * 2


@pytest.mark.parametrize("data", [b"no rich text", b"{\\rtf1 }", b"{\\rtf1\\u}"])
def test_what_is_no_rich_text_is_refused(data: bytes) -> None:
    assert "\n" not in _refused(data, ".rtf")


@given(st.binary(max_size=200))
def test_no_rich_text_breaks_it(noise: bytes) -> None:
    with suppress(InputError):
        _one(b"{\\rtf1 a" + noise + b"}", ".rtf")


def test_an_older_word_file_is_told_as_such() -> None:
    assert formats.sniff(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") == ".docx"
    assert formats.sniff(b"{\\rtf1\\ansi") == ".rtf"
