"""Addresses that the user names, and standard input."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from importlib.metadata import PackageNotFoundError, version
from io import BytesIO
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit
from urllib.request import getproxies, proxy_bypass

from warreader.index.article import Failure, Metadata
from warreader.index.articles import PIPED
from warreader.index.counting import many
from warreader.index.errors import InputError
from warreader.index.ingest import formats, http
from warreader.index.ingest.border import Border, addresses
from warreader.index.ingest.dates import iso_date
from warreader.index.ingest.pieces import MAX_BYTES, Options, Piece, Source
from warreader.index.ingest.replayed import Replayed

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

ADDRESS = "http:"
"""What stands for the suffix of an address: what is there is known only once it was fetched."""

CONNECT_SECONDS, READ_SECONDS, WHOLE_SECONDS = 10.0, 30.0, 120.0
"""How long is waited for a connection, for the next bytes, and for all of them."""

REDIRECTS = 5

PAUSE_SECONDS = 1.0
"""How long a host is left in peace between two pages."""

_last: dict[str, float] = {}
"""When a host was asked last."""

_NO_ADDRESS = "it is, or leads to, no http or https address that can be fetched; check it in a browser"
_BY_BROWSER = "open it in a browser, save the page and add the file"
_STATUS = {
    401: f"the site asks for a login (401); {_BY_BROWSER}",
    402: f"the site asks for payment (402); {_BY_BROWSER}",
    403: f"the site refuses (403); {_BY_BROWSER}",
    404: "no such page (404); check the address, or look for a copy at https://web.archive.org",
    410: "the page is gone (410); look for a copy at https://web.archive.org",
    451: f"the site withholds it for legal reasons (451); {_BY_BROWSER}",
}
_GIVEN = frozenset([200, 203])
_REDIRECTED = frozenset([301, 302, 303, 307, 308])
_META = re.compile(r"<meta\s([^<>]*+)>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"(?<![\w-])([\w-]++)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"']++))")
_LEADS_TO = re.compile(r"\s*+[0-5]?(?:\.\d*+)?\s*+[;,]\s*+url\s*+=\s*+[\"']?([^\"'>]{1,2000})", re.IGNORECASE)
_LONGEST_REFRESH = 20_000
"""Bytes of a page, unpacked, that may be nothing but a redirect."""
_HEAD = 4096
_KEPT = 1024 * 1024


def source(address: str) -> Source:
    """A page, feed or file at an http or https address. It is fetched when it is read, and nothing else is.

    The one who reads it is told apart by :data:`ADDRESS`, for which :func:`split` is registered.
    """
    return Source(address, address, ADDRESS, lambda: BytesIO(_fetched(address).data))


def split(source: Source, options: Options) -> Iterator[Piece | Failure]:
    """Fetch what is at the source's origin, once, and split it as the kind of file that it is.

    Raises:
        InputError: it can't be had, is too large, or of no kind that is read.
    """
    fetched = _fetched(source.origin)
    suffix = options.form or fetched.suffix
    splitter = formats.splitter(suffix)
    if splitter is None or suffix == ADDRESS:
        kind = fetched.kind or "unknown"
        raise InputError(f"its content ({kind[:60]}) is of no kind that is read; known are {formats.KNOWN}")
    found = Source(
        source.name,
        source.origin,
        suffix,
        lambda: BytesIO(fetched.data),
        len(fetched.data),
        Metadata(url=fetched.url),
        source.depth,
    )
    yield from splitter(found, options)


@dataclass(frozen=True, slots=True)
class _Fetched:
    url: str
    kind: str
    suffix: str
    data: bytes


def _fetched(address: str) -> _Fetched:
    import urllib3

    try:
        answer, url = _answer(_ascii(address))
    except urllib3.exceptions.HTTPError as error:
        raise InputError(_told(error, address)) from error
    except ValueError as error:
        raise InputError(_NO_ADDRESS) from error
    except OSError as error:
        raise InputError(f"the connection broke ({error.strerror or error}); try again") from error
    if answer.status not in _GIVEN:
        raise InputError(_status(answer))
    data = http.content(answer)
    suffix = _suffix(answer, url, data)
    if suffix in (".html", ".txt", ".md", ".csv", ".tsv"):
        data = http.utf8(answer, data)
    return _Fetched(url, answer.kind, suffix, data)


def _suffix(answer: http.Answer, url: str, data: bytes) -> str:
    name = unquote(urlsplit(url).path).rpartition("/")[2]
    return http.suffix(answer, name, lambda: data[:_HEAD])


def _answer(address: str) -> tuple[http.Answer, str]:
    """The answer and the address at which it was in the end.

    Redirects are followed here: a site that anyone may have set up must not lead into the user's own network,
    nor the name of its host, which may stand for another address each time it is looked up.
    """
    url = address
    cookies: dict[str, dict[str, str]] = {}
    border = Border()
    _wait_for(urlsplit(address).netloc)
    for _ in range(REDIRECTS + 1):
        answer = _asked(url, cookies, border)
        leads = answer.fields.get("location") if answer.status in _REDIRECTED else _refresh(answer, url)
        if not leads:
            return answer, url
        url = _ascii(urljoin(url, leads))
    raise InputError(f"more than {REDIRECTS} redirects; {_BY_BROWSER}")


def _asked(url: str, cookies: dict[str, dict[str, str]], border: Border) -> http.Answer:
    """What is answered to one request.

    Args:
        cookies: by host, what was set on the way so far; some sites redirect until they get them back.
        border: which was passed on the way so far.
    """
    import urllib3

    timeout = urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS)
    host = urlsplit(url).hostname or ""
    own = cookies.setdefault(host, {})
    headers = {"User-Agent": _agent(), "Accept-Encoding": "gzip, deflate", "Accept": "text/html, */*;q=0.9"}
    if own:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in own.items())
    proxy = _proxy(url)
    if proxy:
        # Whom a proxy connects to is its own business; what can be known here is what the name stands for now.
        border.pass_through(host, addresses(host))
    with urllib3.ProxyManager(proxy) if proxy else border.pool() as pool:
        response = pool.request(
            "GET", url, headers=headers, timeout=timeout, retries=False, redirect=False, preload_content=False
        )
        try:
            body = _body(response) if response.status in _GIVEN else b""
        finally:
            response.close()
    for cookie in response.headers.getlist("set-cookie"):
        name, is_set, value = cookie.partition(";")[0].partition("=")
        if is_set:
            own[name.strip()] = value.strip()
    # What was sent in chunks has been put together.
    fields = {name.lower(): value for name, value in response.headers.items()}
    fields.pop("transfer-encoding", None)
    return http.Answer(response.status, fields, body)


def _wait_for(host: str) -> None:
    """Leave a host in peace for a moment between two pages."""
    rest = _last.get(host, 0.0) + PAUSE_SECONDS - time.monotonic()
    if host in _last and rest > 0:
        time.sleep(rest)
    _last[host] = time.monotonic()


def _refresh(answer: http.Answer, url: str) -> str | None:
    """Where a page that is nothing but a redirect leads."""
    if answer.status not in _GIVEN or len(answer.body) > _LONGEST_REFRESH:
        return None
    data = http.content(answer)
    if len(data) > _LONGEST_REFRESH or _suffix(answer, url, data) != ".html":
        return None
    for tag in _META.finditer(data.decode("utf-8", "replace")):
        attributes = {name.lower(): unescape("".join(value)) for name, *value in _ATTRIBUTE.findall(tag[1])}
        if attributes.get("http-equiv", "").strip().lower() == "refresh":
            found = _LEADS_TO.match(attributes.get("content", ""))
            leads = found[1].strip() if found else ""
            return leads if leads and urljoin(url, leads) != url else None
    return None


def _body(response: BaseHTTPResponse) -> bytes:
    end = time.monotonic() + WHOLE_SECONDS
    parts: list[bytes] = []
    size = 0
    while data := response.read1(64 * 1024, decode_content=False):
        parts.append(data)
        size += len(data)
        if size > MAX_BYTES:
            raise InputError(f"larger than {MAX_BYTES // 2**20} MB; download it and add the file")
        if time.monotonic() > end:
            raise InputError(f"not all there after {WHOLE_SECONDS:.0f} seconds; download it and add the file")
    return b"".join(parts)


def _agent() -> str:
    try:
        number = version("warreader")
    except PackageNotFoundError:
        number = "0"
    return f"warreader/{number} (+reads pages its user names)"


def _proxy(address: str) -> str | None:
    parts = urlsplit(address)
    if proxy_bypass(parts.hostname or ""):
        return None
    found = getproxies().get(parts.scheme)
    return found if found and found.lower().startswith(("http://", "https://")) else None


def _ascii(address: str) -> str:
    """The address with its host as DNS knows it, and without a fragment, which is never sent.

    Raises:
        ValueError: it is no http or https address.
    """
    parts = urlsplit(address.strip())
    host = parts.hostname
    if parts.scheme.lower() not in ("http", "https") or not host:
        raise ValueError(address)
    if not host.isascii():
        port = f":{parts.port}" if parts.port else ""
        parts = parts._replace(netloc=host.encode("idna").decode() + port)
    return urlunsplit(parts._replace(fragment=""))


def _told(error: Exception, address: str) -> str:
    """What went wrong on the way, as one line with a remedy."""
    from urllib3 import exceptions

    reason = error.reason if isinstance(error, exceptions.MaxRetryError) and error.reason else error
    host = urlsplit(address).hostname or address
    if isinstance(reason, exceptions.NameResolutionError):
        return f"no host {host} is known; check the address and your connection"
    # It is one of the next too, and comes at once.
    if isinstance(reason, exceptions.NewConnectionError):
        return f"{host} can't be reached; check the address and your connection"
    if isinstance(reason, exceptions.ConnectTimeoutError):
        return f"{host} can't be reached within {CONNECT_SECONDS:.0f} seconds; try again later"
    if isinstance(reason, exceptions.ReadTimeoutError):
        return f"{host} sent nothing for {READ_SECONDS:.0f} seconds; try again later"
    if isinstance(reason, exceptions.SSLError):
        return f"the certificate of {host} can't be trusted; {_BY_BROWSER} if you are sure of the site"
    if isinstance(reason, exceptions.LocationValueError):
        return _NO_ADDRESS
    if isinstance(reason, exceptions.ProxyError):
        return "the proxy can't be reached; check the environment's http_proxy and https_proxy"
    return f"the connection to {host} broke; try again, or {_BY_BROWSER}"


def _status(answer: http.Answer) -> str:
    """What an answer without a page means, and what can be done."""
    status = answer.status
    if status == 429:
        wait = _after(answer) or "wait"
        return f"the site refuses for now, too many requests (429); {wait}, or {_BY_BROWSER}"
    if status >= 500:
        return f"the site has a fault of its own ({status}); {_after(answer) or 'try again later'}"
    return _STATUS.get(status) or f"the site answers {status}, not with a page; {_BY_BROWSER}"


def _after(answer: http.Answer) -> str | None:
    """When to ask again, as the site says (RFC 9110, section 10.2.3)."""
    stated = answer.fields.get("retry-after", "").strip()
    if stated.isdecimal() and len(stated) < 8:
        seconds = int(stated)
        return (
            f"try again in {many(seconds, 'second') if seconds < 120 else many(-(-seconds // 60), 'minute')}"
        )
    return f"try again after {stated}" if iso_date(stated) else None


# standard input


def standard_input(stream: BinaryIO, form: str | None) -> Source:
    """What comes in on a stream that can't be moved in; it stays open.

    Its source can be opened again only as long as no more than its first megabyte was read.

    Args:
        form: a suffix (``.jsonl``) that says what it is; else its first bytes do.
    """
    gone = "standard input can be read only once; save it as a file and add that"
    pipe = Replayed(stream, _KEPT, gone)
    with pipe.open() as beginning:
        suffix = form or formats.sniff(beginning.read(_HEAD))
    return Source("standard input", PIPED, suffix, pipe.open)
