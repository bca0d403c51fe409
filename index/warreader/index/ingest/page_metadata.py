"""What a page's markup states about its article: JSON-LD, meta elements, links, the address it was saved from.

Vocabularies: https://schema.org/NewsArticle, https://ogp.me, Dublin Core, and the
names that publishers' systems use. What a page states outright goes first; where it
states nothing, trafilatura's rules for what is visible on it are asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from warreader.index.article import Metadata
from warreader.index.ingest import json_ld, outlets
from warreader.index.ingest.bylines import AGENCY, is_named, people, without_outlet
from warreader.index.ingest.dates import iso_date
from warreader.index.ingest.markup import Block, blocks
from warreader.index.ingest.metadata import day_in
from warreader.index.ingest.outlets import bare_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TITLES = ("og:title", "twitter:title", "dc.title", "dcterms.title", "citation_title", "parsely-title",
           "sailthru.title", "headline", "title")  # fmt: skip
_OUTLETS = ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "citation_journal_title",
            "publisher", "apple-mobile-web-app-title", "al:ios:app_name", "twitter:app:name:iphone")  # fmt: skip
_AUTHORS = ("author", "article:author", "og:article:author", "dc.creator", "dcterms.creator", "dc:creator",
            "citation_author", "parsely-author", "sailthru.author", "byl", "authors", "creator")  # fmt: skip
_DATES = ("article:published_time", "og:article:published_time", "article:published", "datepublished",
          "date_published", "published_time", "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime",
          "rnews:datepublished", "dc.date.issued", "dcterms.issued", "dc.date.created", "dcterms.created",
          "citation_publication_date", "publication_date", "publish_date", "publish-date", "publishdate", "pubdate",
          "dc.date", "dcterms.date", "date.created", "date")  # fmt: skip
_LANGUAGES = ("content-language", "dc.language", "dcterms.language", "language", "og:locale")
_DESCRIPTIONS = ("og:description", "description", "twitter:description")

_LONGEST_TITLE = 500
_LEAST_TITLE = 10
"""Code points of a heading that may be a whole title."""
_HUNG = re.compile(r"\s*(?:[:：|｜_–—－»«/・]|-(?!\w*\s)|\s-\s)")
_BELOW, _LONGEST_DATE = 5, 80
"""Lines under a headline among which its date stands, and the code points of the longest that is one."""
_UPDATED = re.compile(
    r"updated?\b|modified|更新|수정|aktualisiert|обновлен|оновлен|mis à jour|actualizad", re.IGNORECASE
)

_SAVED_FROM = re.compile(
    r"<!--\s*(?:saved from url=(?:\(\d+\))?|Page saved with SingleFile\s+url:\s*)(https?://[^\s<>\"]{1,2000})"
)
# Pages built by scripts carry what they show as data.
_IN_SCRIPT = re.compile(
    r'"(?:datePublished|publishedDate|publicationDate|published_?at|firstPublished(?:Date)?|pubDate)"\s*:\s*"([^"]{8,40})"',
    re.IGNORECASE,
)
_ARCHIVED = re.compile(r"https?://web\.archive\.org/web/\d+[a-z_]*/(https?:/.+)", re.IGNORECASE)

_LANGUAGE_NAMES = {
    "ara": "ar", "chi": "zh", "cn": "zh", "cz": "cs", "deu": "de", "dk": "da", "eng": "en", "english": "en",
    "fas": "fa", "fra": "fr", "fre": "fr", "ger": "de", "gr": "el", "heb": "he", "in": "id", "ita": "it", "iw": "he",
    "jp": "ja", "jpn": "ja", "kor": "ko", "per": "fa", "pol": "pl", "por": "pt", "rus": "ru", "russian": "ru",
    "spa": "es", "tur": "tr", "ua": "uk", "ukr": "uk", "ukrainian": "uk", "zho": "zh",
}  # fmt: skip
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_LATIN_WRITTEN = frozenset(
    ["cs", "da", "de", "en", "es", "et", "fi", "fr", "hr", "hu", "id", "it", "lt", "lv", "nl", "no", "pl", "pt",
     "ro", "sk", "sl", "sq", "sv", "tr", "vi"]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Page:
    """What was found in a page's markup.

    Args:
        meta: of the article.
        body: the article's text where JSON-LD carries it, with its line feeds and perhaps markup.
        descriptions: what the page says its article is about; a line that says the same is its standfirst.
    """

    meta: Metadata
    body: str | None
    descriptions: tuple[str, ...]


def read(
    tree: HtmlElement,
    markup: str,
    url: str | None = None,
    *,
    guess: bool = True,
    shown: Sequence[Block] | None = None,
) -> Page:
    """What a page states of its article.

    Args:
        tree: the parsed page; it is left as it is.
        markup: the page as it was saved: its comments may tell where from.
        url: where it was fetched from, if known; it is preferred to nothing but the front page.
        guess: whether to go by what is visible on it where nothing is stated.
        shown: the page's lines, where they are known already.
    """
    return _Reader(tree, markup, url, shown).page(guess=guess)


def language_of(code: str | None, text: str) -> str | None:
    """A stated language as ISO 639-1, unless the text is not even in its script: templates are copied unread."""
    short = re.split(r"[-_,; ]", (code or "").strip().lower())[0]
    short = _LANGUAGE_NAMES.get(short, short)
    if len(short) != 2 or not short.isalpha() or not short.isascii():
        return None
    sample = text[:1000]
    letters = sum(character.isalpha() for character in sample)
    latin = len(_LATIN.findall(sample)) * 2 > letters
    return short if not letters or latin or short not in _LATIN_WRITTEN else None


class _Reader:
    def __init__(
        self, tree: HtmlElement, markup: str, url: str | None, shown: Sequence[Block] | None = None
    ) -> None:
        self._tree = tree
        self._markup = markup
        self._shown = shown
        self._fields: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if (name := element.get(attribute)) and (content := _line(element.get("content"))):
                    self._fields.setdefault(name.strip().lower(), []).append(content)
                    break
        headings = (_line(h1.text_content()) for h1 in islice(tree.iter("h1"), 20))
        self._headings = [text for text in headings if text]
        self._window = next((_line(title.text_content()) for title in tree.iter("title")), None)
        self._described = json_ld.read(tree, next(self._all("og:title"), None))
        self._url = self._address(url)
        self._host = _host(self._url) if self._url else ""

    def page(self, *, guess: bool) -> Page:
        stated = list(self._outlets())
        outlet = outlets.chosen(stated, self._window, self._host, self._tree)
        authors, agency = self._authors(outlet)
        meta = Metadata(
            title=self._title(stated),
            outlet=outlet,
            author=", ".join(authors) or None,
            date=self._date(),
            url=self._url,
            language=self._language(),
            agency=agency,
        )
        if not meta.date:
            meta = replace(meta, date=self._date_below(meta.title))
        if guess and not (meta.title and meta.author and meta.date and meta.outlet):
            meta = self._guessed(meta)
        if not meta.date and (told := _IN_SCRIPT.search(self._markup)):
            meta = replace(meta, date=_day_or_moment(told[1]))
        if not meta.outlet:
            meta = replace(meta, outlet=next(iter(stated), None) or self._host or None)
        body = self._described.article.get("articleBody")
        return Page(meta, body if isinstance(body, str) else None, tuple(self._all(*_DESCRIPTIONS)))

    def _all(self, *names: str) -> Iterator[str]:
        for name in names:
            yield from self._fields.get(name, ())

    def _address(self, given: str | None) -> str | None:
        saved = [match[1] for match in _SAVED_FROM.finditer(self._markup, 0, 20_000)]
        links = [
            link.get("href")
            for link in self._tree.iter("link")
            if (link.get("rel") or "").lower() == "canonical"
        ]
        base = given or next(iter(saved), None) or next(self._all("og:url"), None)
        named = [*self._all("og:url"), *saved, given, *self._all("twitter:url", "parsely-link")]
        others = [address for link in named if link and (address := _absolute(link, base))]
        found = [address for link in links if link and (address := _absolute(link, base))]
        # The canonical address of a story taken over is another outlet's: this page's own then comes first.
        own = [address for address in found if _host(address) in {_host(other) for other in others}]
        found = [*own, *others, *found]
        # A front page as an article's address is a template's slip, if another one is known.
        return next(
            (address for address in found if len(urlsplit(address).path) > 1), next(iter(found), None)
        )

    def _outlets(self) -> Iterator[str]:
        """Names the page gives its outlet, the likeliest first; without what is hung on them."""
        names = [
            *self._all(_OUTLETS[0]),
            *(name for name, _ in self._described.named("publisher")),
            *self._described.outlets,
            *self._all(*_OUTLETS[1:]),
        ]
        for name in names:
            first = outlets.SEPARATOR.split(name)[0].strip()
            if outlets.may_be(first):
                yield first

    def _title(self, named: list[str]) -> str | None:
        headline = self._described.text("headline") or self._described.text("name")
        stated = [headline, *self._all(*_TITLES), self._window]
        bare = [
            title
            for one in stated
            if one and len(one) <= _LONGEST_TITLE and (title := self._without_tail(one, named))
        ]
        shown = {bare_words(heading): heading for heading in self._headings}
        for title in bare:
            if bare_words(title) in shown:
                return title
        for title in bare:
            # What a heading on the page leaves over is hung on it, whatever sign stands between.
            for heading in shown.values():
                rest = title.removeprefix(heading)
                if (
                    rest != title
                    and len(heading) >= _LEAST_TITLE
                    and 5 * len(heading) > 2 * len(title)
                    and _HUNG.match(rest)
                ):
                    return heading
        for title in bare:
            # Some cut what they state short ("...") or write it for other places than the page.
            for words, heading in shown.items():
                if len(title) > 20 and words.startswith(bare_words(title)[:-1]):
                    return heading
        return bare[0] if bare else (self._headings[0] if len(self._headings) == 1 else None)

    def _without_tail(self, title: str, named: list[str]) -> str:
        """A title without " - Outlet" or " | Section" at its end, or "Outlet: " at its beginning."""
        names = {bare_words(name) for name in named} | {
            bare_words(label) for label in self._host.split(".")[:-1]
        }
        names |= {bare_words(self._host)}
        names = {name for name in names if len(name) > 1}
        shown = {bare_words(heading) for heading in self._headings}
        while parts := list(outlets.SEPARATOR.finditer(title)):
            head, tail, mark = title[: parts[-1].start()], title[parts[-1].end() :], parts[-1].group().strip()
            whole = bare_words(title) in shown
            few = len(tail.split()) <= 4 <= len(head.split())
            if not whole and (
                outlets.is_one_of(tail, names) or bare_words(head) in shown or (mark in {"|", "»"} and few)
            ):
                title = head.strip()
                continue
            first = parts[0]
            if not whole and bare_words(title[: first.start()]) in names and len(title) - first.end() > 20:
                title = title[first.end() :].strip()
                continue
            break
        return title

    def _authors(self, outlet: str | None) -> tuple[list[str], str | None]:
        """Who wrote it, the outlet itself only where nobody else is named; and the agency it was taken from."""
        names = [name for name, _ in self._described.named("author", "creator")]
        authors = people(names)
        others = [author for author in authors if not (outlet and is_named(author, outlet))]
        if not others:
            names += self._all(*_AUTHORS)
            authors = people(names)
            others = [author for author in authors if not (outlet and is_named(author, outlet))]
        supplied = [*names, *authors, *(name for name, _ in self._described.named("sourceOrganization"))]
        agency = next((name for name in supplied if AGENCY.fullmatch(name)), None)
        if agency and outlet and bare_words(agency) in bare_words(outlet):
            agency = None
        return [without_outlet(author, outlet) for author in others] or authors, agency

    def _date(self) -> str | None:
        stated = [self._described.text("datePublished"), *self._all(*_DATES)]
        stated += [element.get("datetime") for element in self._tree.iter("time") if _is_publication(element)]
        stated += [self._described.text("dateCreated")]
        return next((moment for one in stated if one and (moment := _day_or_moment(one))), None)

    def _date_below(self, title: str | None) -> str | None:
        """The day that stands in a line of its own under the headline; that of a change if there is no other."""
        shown = blocks(self._tree) if self._shown is None else self._shown
        headings = [
            at
            for at, block in enumerate(shown)
            if block.tag == "h1"
            or (title and len(block.text) < 300 and bare_words(block.text) == bare_words(title))
        ]
        own = [at for at in headings if title and bare_words(shown[at].text) == bare_words(title)]
        for at in own or headings:
            days = [
                (_UPDATED.search(block.text) is not None, day)
                for block in shown[at + 1 : at + 1 + _BELOW]
                if len(block.text) <= _LONGEST_DATE and (day := day_in(block.text)) and _day_or_moment(day)
            ]
            if days:
                return min(days, key=lambda one: one[0])[1]
        return None

    def _language(self) -> str | None:
        root = next((html for html in self._tree.iter("html")), self._tree)
        stated = [
            root.get("lang"),
            root.get("{http://www.w3.org/XML/1998/namespace}lang"),
            root.get("xml:lang"),
        ]
        stated += [self._described.text("inLanguage"), *self._all(*_LANGUAGES)]
        sample = " ".join(filter(None, [*self._headings, self._window]))
        return next((code for one in stated if one and (code := language_of(one, sample))), None)

    def _guessed(self, meta: Metadata) -> Metadata:
        """With what trafilatura and htmldate read off the page where nothing states it."""
        from trafilatura import extract_metadata

        found = extract_metadata(self._tree, default_url=self._url, extensive=False)
        outlet = found.sitename or ""
        if outlets.is_domain(outlet) or not outlets.may_be(outlet):
            outlet = ""
        author = ", ".join(people((found.author or "").split("; "))) or None
        return replace(
            meta,
            title=meta.title or found.title,
            outlet=meta.outlet or outlet or None,
            author=meta.author or author,
            date=meta.date or found.date,
        )


def _day_or_moment(stated: str) -> str | None:
    """A stated date of publication as ISO 8601, to the day at least; midnight is how systems write a day alone."""
    found = iso_date(stated)
    if found is None or not "1990" < found[:10] <= (datetime.now(UTC) + timedelta(days=2)).date().isoformat():
        return None
    return (found[:10] if found[11:19] == "00:00:00" else found) if len(found) >= 10 else None


def _is_publication(element: HtmlElement) -> bool:
    told = " ".join(element.get(name) or "" for name in ("itemprop", "class")).lower()
    return element.get("pubdate") is not None or "publish" in told


def _absolute(link: str, base: str | None) -> str | None:
    """An address of the web, made whole, that of the page itself where it is an archive's copy; else ``None``."""
    try:
        address = urljoin(base or "", link.strip())
        if archived := _ARCHIVED.fullmatch(address):
            address = archived[1]
        parts = urlsplit(address)
    except ValueError:
        return None
    fit = parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and len(address) <= 2000
    return parts._replace(fragment="").geturl() if fit else None


def _line(text: str | None) -> str | None:
    return json_ld.text_of(text)


def _host(address: str) -> str:
    return (urlsplit(address).hostname or "").removeprefix("www.")
