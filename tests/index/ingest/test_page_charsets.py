"""The encodings of pages: declared, declared wrongly, and not at all."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.ingest.charsets import codec_of, decode

_WORDS = {
    "ru": "Президент сообщил журналистам, что переговоры продолжатся на следующей неделе. Киев обвинил Москву.",
    "uk": "Міністерство оборони повідомило, що підрозділи зайняли позиції біля Києва. Єдиний шлях.",
    "fr": "Le ministre a déclaré que l'armée était prête à évacuer les civils blessés près de la frontière.",
    "pl": "Żołnierze przejęli wieś pod Chersoniem, powiedział rzecznik sztabu. Źródła potwierdziły.",
    "tr": "Görüşmelerin gelecek hafta süreceğini söyledi. İstanbul'da güçlü ışık.",
    "el": "Ο υπουργός δήλωσε ότι οι διαπραγματεύσεις θα συνεχιστούν την επόμενη εβδομάδα στις Βρυξέλλες.",
    "ja": "大統領は記者団に対し、来週も交渉が続くと述べた。",
    "zh": "总统对记者说，谈判将于下周继续举行。",
    "ar": "قال الرئيس للصحفيين إن المفاوضات ستستمر الأسبوع المقبل",
}


def _page(words: str, declared: str | None, times: int = 1) -> str:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">' if declared else ""
    return f"<html><head>{meta}<script>if (a < b) {{}}</script></head><body>{f'<p>{words}</p>' * times}</body></html>"


@pytest.mark.parametrize(
    ("language", "charset"),
    [
        ("ru", "windows-1251"), ("ru", "koi8-r"), ("ru", "cp866"), ("ru", "iso-8859-5"), ("ru", "utf-8"),
        ("uk", "windows-1251"), ("uk", "koi8-u"), ("fr", "iso-8859-1"), ("fr", "windows-1252"),
        ("pl", "iso-8859-2"), ("pl", "windows-1250"), ("tr", "windows-1254"), ("el", "windows-1253"),
        ("ja", "shift_jis"), ("ja", "euc-jp"), ("ja", "iso-2022-jp"), ("zh", "gb2312"), ("zh", "big5"),
        ("ar", "windows-1256"),
    ],
)  # fmt: skip
def test_what_is_declared_is_followed(language: str, charset: str) -> None:
    """By the page, or from outside."""
    words = "總統對記者說" if charset == "big5" else _WORDS[language]
    page = _page(words, charset)
    assert decode(page.encode(charset)) == page
    bare = _page(words, None)
    assert decode(bare.encode(charset), charset) == bare


@pytest.mark.parametrize("language", ["ru", "uk"])
@pytest.mark.parametrize("charset", ["windows-1251", "koi8-u"])
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1251", "koi8-r", "no-such-thing"])
@pytest.mark.parametrize("times", [1, 40])
def test_cyrillic_is_found_whatever_is_declared(
    language: str, charset: str, declared: str | None, times: int
) -> None:
    """The commonest wrong declarations of the region."""
    page = _page(_WORDS[language], declared, times)
    assert decode(page.encode(charset)) == page


@pytest.mark.parametrize("language", sorted(_WORDS))
@pytest.mark.parametrize("declared", [None, "windows-1251", "iso-8859-1", "shift_jis"])
def test_utf_8_is_utf_8_whatever_is_declared(language: str, declared: str | None) -> None:
    """Browsers save as UTF-8 and leave the old declaration in."""
    page = _page(_WORDS[language], declared)
    assert decode(page.encode()) == page
    assert decode(page.encode(), declared) == page


@pytest.mark.parametrize("charset", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_marks_and_zeros_tell(charset: str) -> None:
    """UTF-16 with and without its mark, UTF-8 with one."""
    page = _page(_WORDS["uk"], "utf-8")
    assert decode(page.encode(charset)) == page


def test_what_is_not_declared_reads_as_browsers_read_it() -> None:
    """Latin script as Windows-1252, unless the page's language has its own."""
    page = _page(_WORDS["fr"], None, 20)
    assert decode(page.encode("cp1252")) == page
    page = _page(_WORDS["pl"], None).replace("<html>", '<html lang="pl">')
    assert decode(page.encode("cp1250")) == page


def test_a_slip_or_a_cut_does_not_make_it_another_encoding() -> None:
    """One bad byte in the midst of UTF-8, and a character cut in two at the end."""
    data = _page(_WORDS["uk"], "utf-8", 5).encode()
    assert decode(data.replace("Єдиний".encode(), b"\xff", 1)).count("\ufffd") == 1
    cut = _page(_WORDS["uk"], "utf-8", 5).encode()[:-15]
    assert decode(cut + "є".encode()[:1])[:-1] == cut.decode()


@pytest.mark.parametrize(
    "name", ["hex", "rot13", "base64", "undefined", "unicode_escape", "", "\0", "x" * 500, None]
)
def test_what_is_no_encoding_of_text_is_not_followed(name: str | None) -> None:
    """Python knows codecs that would decode a page to something else."""
    assert codec_of(name) is None


@settings(deadline=None)
@given(
    st.binary(max_size=500),
    st.sampled_from([None, "utf-8", "windows-1251", "shift_jis", "utf-16", "hz", "idna"]),
)
def test_any_bytes_are_decoded(data: bytes, charset: str | None) -> None:
    """Nothing is raised."""
    assert isinstance(decode(data, charset), str)
