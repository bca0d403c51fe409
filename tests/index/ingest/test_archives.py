"""Archives and compressed files: everything readable in them is read, bombs are not, nothing is written anywhere."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import os
import random
import stat
import tarfile
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warreader.index.article import Failure
from warreader.index.errors import InputError
from warreader.index.ingest import formats, pieces, unpacking
from warreader.index.ingest.pieces import Options, Piece, Source

_LINES = b'{"text": "one", "id": "1"}\n{"text": "two", "id": "2"}\n'
_PAGES: dict[str, bytes] = {"a.txt": b"Words of a.", "deep/er/b.md": b"# Words of b.", "c.jsonl": _LINES}


def _zip(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def _tar(members: dict[str, bytes], mode: str = "w") -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return stream.getvalue()


class _Pipe(io.BytesIO):
    """A stream in which one can't go back."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


def _split(name: str, data: bytes, opened: Callable[[], BinaryIO] | None = None) -> Iterator[Piece | Failure]:
    suffix = formats.suffix_of(name)
    split = formats.splitter(suffix)
    assert split is not None
    source = Source(
        name, f"/home/{name}", suffix, opened or (lambda: io.BytesIO(data)), None if opened else len(data)
    )
    return split(source, Options())


def _read(name: str, data: bytes) -> list[tuple[str, str]]:
    """File and data of each piece; file and reason of each failure."""
    found = []
    for item in _split(name, data):
        if isinstance(item, Failure):
            assert "\n" not in str(item) and str(item).isprintable()
            found.append((item.file, item.reason))
        else:
            found.append((item.file, item.data.decode()))
    return found


def _refusal(name: str, data: bytes) -> str:
    with pytest.raises(InputError) as caught:
        _read(name, data)
    assert "\n" not in caught.value.reason
    return caught.value.reason


_EXPECTED = [
    ("/a.txt", "Words of a."),
    ("/deep/er/b.md", "# Words of b."),
    ("/c.jsonl", '{"text": "one", "id": "1"}\n'),
    ("/c.jsonl", '{"text": "two", "id": "2"}\n'),
]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("d.zip", _zip(_PAGES)),
        ("d.zip", _zip(_PAGES, zipfile.ZIP_STORED)),
        ("d.zip", _zip(_PAGES, zipfile.ZIP_LZMA)),
        ("d.zip", _zip(_PAGES, zipfile.ZIP_BZIP2)),
        ("d.tar", _tar(_PAGES)),
        ("d.tar.gz", _tar(_PAGES, "w:gz")),
        ("d.tgz", _tar(_PAGES, "w:gz")),
        ("d.tar.bz2", _tar(_PAGES, "w:bz2")),
        ("d.tar.xz", _tar(_PAGES, "w:xz")),
        ("misnamed.tar.gz", _tar(_PAGES)),
    ],
)
def test_the_members_of_an_archive_are_read_in_their_order(name: str, data: bytes) -> None:
    assert _read(name, data) == [(name + inner, content) for inner, content in _EXPECTED]
    assert [
        (i.file, i.data.decode()) for i in _split(name, data, partial(_Pipe, data)) if isinstance(i, Piece)
    ] == [(name + inner, content) for inner, content in _EXPECTED]


def test_a_member_says_where_it_lies_and_how_far_the_archive_was_read() -> None:
    for name, data in (("d.zip", _zip(_PAGES)), ("d.tar", _tar(_PAGES))):
        found = [item for item in _split(name, data) if isinstance(item, Piece)]
        assert [piece.origin for piece in found][1] == f"/home/{name}/deep/er/b.md"
        assert [piece.stem for piece in found] == ["a", "b", "c", "c"]
        assert [piece.place for piece in found] == [None, None, "line 1", "line 2"]
        ats = [piece.at for piece in found]
        assert ats == sorted(ats) and ats[0] > 0 and ats[-1] <= len(data)


@pytest.mark.parametrize(
    ("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)]
)
def test_a_compressed_file_is_read_as_what_it_was(suffix: str, pack: Callable[[bytes], bytes]) -> None:
    data = pack(_LINES)
    found = [item for item in _split(f"news.jsonl{suffix}", data) if isinstance(item, Piece)]
    assert [piece.data for piece in found] == _LINES.splitlines(keepends=True)
    assert {(p.file, p.stem, p.origin) for p in found} == {
        (f"news.jsonl{suffix}", "news", f"/home/news.jsonl{suffix}")
    }
    assert all(piece.at <= len(data) for piece in found)
    # As parallel packers write it: several streams one after another.
    assert len(_read(f"news.jsonl{suffix}", data + pack(_LINES))) == 4
    # Its name says nothing.
    assert len(_read(f"news{suffix}", pack(b'[{"text": "one"}, {"text": "two"}]'))) == 2
    assert [i.stem for i in _split(f"news{suffix}", pack(b"Words.")) if isinstance(i, Piece)] == ["news"]
    assert _read(f"dump{suffix}", pack(_tar(_PAGES)))[0] == (f"dump{suffix}/a.txt", "Words of a.")


def test_every_kind_of_member_can_be_read_again_from_its_beginning() -> None:
    table = "title,text\n" + f"A,{'words ' * 100}\n" * 5000
    items = json.dumps([{"text": "words " * 100}] * 5000)
    members = {"a.csv": table.encode(), "b.json": items.encode(), "c.jsonl.gz": gzip.compress(_LINES)}
    for name, data in (("d.zip", _zip(members)), ("d.tar.xz", _tar(members, "w:xz"))):
        found = _read(name, data)
        assert [file for file, _ in found].count(f"{name}/a.csv") == 5000
        assert [file for file, _ in found].count(f"{name}/b.json") == 5000
        assert [file for file, _ in found].count(f"{name}/c.jsonl.gz") == 2


def test_what_was_not_meant_to_be_read_is_passed_over() -> None:
    members = {
        "__MACOSX/a.txt": b"no",
        ".git/a.txt": b"no",
        "pages/.hidden.txt": b"no",
        "pages/picture.jpg": b"\xff\xd8",
        "pages/": b"",
        "pages/a.txt": b"yes",
    }
    assert _read("d.zip", _zip(members)) == [("d.zip/pages/a.txt", "yes")]
    del members["pages/"]
    assert _read("d.tar", _tar(members)) == [("d.tar/pages/a.txt", "yes")]


def _long_head(kind: bytes, said: bytes) -> bytes:
    """A tar file whose first member's head has a part of this kind."""
    head = tarfile.TarInfo("head")
    head.type, head.size = kind, len(said)
    padded = said + b"\0" * (-len(said) % tarfile.BLOCKSIZE)
    return head.tobuf(tarfile.GNU_FORMAT) + padded + _tar({"a.txt": b"Words."})


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE])
def test_a_head_that_goes_on_and_on_is_not_kept_in_memory(kind: bytes) -> None:
    """Packed, a few kilobytes: 480 MB of a name took five gigabytes."""
    for size in (200_000, 20_000_000):
        begin = f"{size} comment=".encode() if kind == tarfile.XHDTYPE else b""
        end = b"\n" if begin else b".txt"
        said = begin + b"x" * (size - len(begin) - len(end)) + end
        data = gzip.compress(_long_head(kind, said))
        if size < 1_000_000:
            assert [words for _, words in _read("d.tar.gz", data)] == ["Words."]
            continue
        tracemalloc.start()
        try:
            assert "head" in _refusal("d.tar.gz", data)
            assert tracemalloc.get_traced_memory()[1] < size
        finally:
            tracemalloc.stop()


@pytest.mark.parametrize(("members", "length"), [(30, 1_000_000), (1_000, 3_000)])
def test_of_what_is_not_read_only_so_much_is_remembered(members: int, length: int) -> None:
    """Packed, some kilobytes: what names end with was kept of all of them, and each sign of them looked at."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        for number in range(members):
            archive.addfile(tarfile.TarInfo(f"picture.{number}{'x' * length}"))
    # What is loaded the first time is none of what is remembered.
    _refusal("d.tar.gz", stream.getvalue())
    tracemalloc.start()
    try:
        assert "no articles in it, only" in _refusal("d.tar.gz", stream.getvalue())
        assert tracemalloc.get_traced_memory()[1] < members * length / 2
    finally:
        tracemalloc.stop()


def test_what_is_passed_over_counts_as_no_head() -> None:
    noise = random.Random(1).randbytes(3_000_000)
    data = _tar({"a.jpg": noise, "b.txt": b"Words of b.", "c.jpg": noise, "d.txt": b"Words of d."})
    assert [words for _, words in _read("d.tar", data)] == ["Words of b.", "Words of d."]


def test_links_and_devices_are_passed_over() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for number, kind in enumerate((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE)):
            info = tarfile.TarInfo(f"{number}.txt")
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("a.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"yes."))
    assert _read("d.tar", stream.getvalue()) == [("d.tar/a.txt", "yes.")]
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/passwd")
        packed.writestr("a.txt", "yes.")
    assert _read("d.zip", stream.getvalue()) == [("d.zip/a.txt", "yes.")]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/etc/a.txt", "etc/a.txt"),
        ("..\\..\\a.txt", "a.txt"),
        ("C:\\pages\\a.txt", "C:/pages/a.txt"),
        ("./a/./b/../a.txt", "a/b/a.txt"),
        ("a\x1b[31m\u202e\n.txt", "a\ufffd[31m\ufffd\ufffd.txt"),
    ],
)
def test_no_name_leads_out_or_steers_the_terminal(name: str, shown: str, tmp_path: Path) -> None:
    before = Path.cwd()
    os.chdir(tmp_path)
    try:
        assert _read("d.zip", _zip({name: b"Words."})) == [(f"d.zip/{shown}", "Words.")]
        assert _read("d.tar", _tar({name: b"Words."})) == [(f"d.tar/{shown}", "Words.")]
    finally:
        os.chdir(before)
    assert not list(tmp_path.iterdir())


def test_names_in_other_encodings_are_shown_as_words() -> None:
    assert _read("d.zip", _zip({"Київ.txt": b"Words."})) == [("d.zip/Київ.txt", "Words.")]
    old = _zip({"xxxxxxxxxxxx.txt": b"Words."}).replace(b"x" * 12, "новость_дня_".encode("cp866"))
    assert _read("d.zip", old) == [("d.zip/новость_дня_.txt", "Words.")]
    bad = _tar({"xx.txt": b"Words."}).replace(b"xx.txt", b"\xff\xfe.txt", 1)
    header = bytearray(bad[:512])
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    assert _read("d.tar", bytes(header) + bad[512:]) == [("d.tar/\\xff\\xfe.txt", "Words.")]


def test_archives_in_archives_are_read_to_a_depth() -> None:
    inner = _zip(_PAGES)
    for depth in (2, 3):
        inner = _zip({f"{depth}.zip": inner})
    assert _read("1.zip", inner)[0] == ("1.zip/3.zip/2.zip/a.txt", "Words of a.")
    found = _read("0.zip", _zip({"1.zip": inner, "a.txt": b"read on"}))
    assert "one in another" in found[0][1] and found[1] == ("0.zip/a.txt", "read on")


def test_archives_of_different_kinds_lie_in_one_another() -> None:
    data = _tar({"x.zip": _zip({"y.tar.bz2": _tar(_PAGES, "w:bz2")})}, "w:gz")
    assert [file for file, _ in _read("d.tgz", data)][:2] == [
        "d.tgz/x.zip/y.tar.bz2/a.txt",
        "d.tgz/x.zip/y.tar.bz2/deep/er/b.md",
    ]


def test_an_archive_without_articles_says_what_is_in_it() -> None:
    for name, data in (
        ("d.zip", _zip({"a.jpg": b"x", "b.jpg": b"x"})),
        ("d.tar", _tar({"a.jpg": b"x", "b.jpg": b"x"})),
    ):
        reason = _refusal(name, data)
        assert "2 .jpg" in reason and ".jsonl" in reason
    assert "empty" in _refusal("d.zip", _zip({})) and "empty" in _refusal("d.tar", _tar({}))


def test_an_encrypted_member_is_told_and_the_others_are_read() -> None:
    data = bytearray(_zip({"a.txt": b"secret", "b.txt": b"open"}))
    data[data.index(b"PK\x03\x04") + 6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    found = _read("d.zip", bytes(data))
    assert found[0] == ("d.zip/b.txt", "open")
    assert found[1][0] == "d.zip" and "1 of its files" in found[1][1] and "password" in found[1][1]


def test_a_member_that_cannot_be_read_does_not_stop_the_others() -> None:
    members = {
        "a.txt": b"",
        "b.json": b"[]",
        "c.csv": b"x,y\n1,2\n",
        "d.txt": b"x" * 10_000,
        "e.txt": b"last",
    }
    for name, data in (("d.zip", _zip(members)), ("d.tar", _tar(members))):
        found = _read(name, data)
        assert found[-1] == (f"{name}/e.txt", "last")
        assert [file for file, _ in found] == [f"{name}/{inner}" for inner in members]


# -- damage


def test_a_damaged_member_is_told() -> None:
    data = bytearray(_zip({"a.txt": b"Words. " * 1000, "b.txt": b"fine"}))
    data[60:70] = b"\xff" * 10
    found = _read("d.zip", bytes(data))
    assert found[0][0] == "d.zip/a.txt" and "damaged" in found[0][1] and found[1] == ("d.zip/b.txt", "fine")


# In small blocks, so that a part of the file is a part of its content.
_PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    ".gz": gzip.compress,
    ".bz2": partial(bz2.compress, compresslevel=1),
    ".xz": partial(lzma.compress, preset=0),
}


@pytest.mark.parametrize("suffix", _PACKERS)
def test_a_tar_file_cut_off_gives_what_is_whole(suffix: str) -> None:
    noise = {f"{n}.txt": os.urandom(60_000).hex().encode() for n in range(4)}
    data = _PACKERS[suffix](_tar({"a.txt": b"Words.", **noise}))
    name = f"d.tar{suffix}"
    found, told = [], ""
    try:
        for item in _split(name, data[: len(data) * 3 // 4]):
            found.append(item)
    except InputError as error:
        told = error.reason
    told += "".join(item.reason for item in found if isinstance(item, Failure))
    assert isinstance(found[0], Piece) and found[0].data == b"Words." and "cut off" in told


@pytest.mark.parametrize("suffix", [suffix for suffix in _PACKERS if suffix])
def test_a_compressed_file_cut_off_gives_what_is_whole(suffix: str) -> None:
    lines = b"".join(json.dumps({"text": os.urandom(500).hex()}).encode() + b"\n" for _ in range(600))
    found = []
    with pytest.raises(InputError, match="cut off"):
        for item in _split(f"news.jsonl{suffix}", _PACKERS[suffix](lines)[:-20_000]):
            found.append(item)
    assert len(found) > 1


@pytest.mark.parametrize("name", ["d.zip", "d.tar", "d.tar.gz", "d.jsonl.gz", "d.gz", "d.txt.xz", "d.bz2"])
@pytest.mark.parametrize(
    "data",
    [b"", b"no archive at all, only words " * 50, b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\x00"],
)
def test_what_is_no_archive_is_told_or_read_as_it_is(name: str, data: bytes) -> None:
    try:
        for item in _split(name, data):
            assert (
                isinstance(item, Failure)
                or b"no archive" in item.data
                or item.data in {b"", b"PK\x03\x04", data}
            )
    except InputError as error:
        assert error.reason and "\n" not in error.reason


@given(
    st.sampled_from(["d.zip", "d.tar", "d.tgz", "d.gz"]),
    st.integers(0, 10**6),
    st.binary(min_size=1, max_size=9),
    st.data(),
)
def test_any_damage_is_told_or_harmless(name: str, place: int, junk: bytes, choice: st.DataObject) -> None:
    whole = {
        "d.zip": _zip(_PAGES),
        "d.tar": _tar(_PAGES),
        "d.tgz": _tar(_PAGES, "w:gz"),
        "d.gz": gzip.compress(_LINES),
    }[name]
    place %= len(whole)
    end = choice.draw(st.sampled_from([place, place + len(junk), len(whole)]))
    try:
        for item in _split(name, whole[:place] + junk + whole[end:]):
            assert isinstance(item, Piece) or "\n" not in item.reason
    except InputError as error:
        assert error.reason and "\n" not in error.reason


# -- bombs


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a test can exceed at no cost."""
    monkeypatch.setattr(unpacking, "ALWAYS", 3_000_000)
    monkeypatch.setattr(unpacking, "MOST_TIMES", 20)
    monkeypatch.setattr(pieces, "MAX_BYTES", 1_000_000)


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("kind", ["zip", "tar.gz", "jsonl.xz", "zip in zip", "gz in tar.gz"])
def test_a_bomb_is_not_unpacked(kind: str) -> None:
    flat = {"a.txt": b"First.", **{f"{n}.jsonl": bytes(900_000) for n in range(100)}}
    made: dict[str, Callable[[], tuple[str, bytes]]] = {
        "zip": lambda: ("d.zip", _zip(flat)),
        "tar.gz": lambda: ("d.tar.gz", _tar(flat, "w:gz")),
        "jsonl.xz": lambda: ("d.jsonl.xz", lzma.compress(b"First.\n" + bytes(9_000_000))),
        "zip in zip": lambda: ("d.zip", _zip({"a.txt": b"First.", "b.zip": _zip(flat), "c.zip": _zip(flat)})),
        "gz in tar.gz": lambda: (
            "d.tar.gz",
            _tar({"a.txt": b"First.", "b.jsonl.gz": gzip.compress(bytes(90_000_000))}, "w:gz"),
        ),
    }
    name, data = made[kind]()
    began = time.process_time()
    found = []
    with pytest.raises(InputError, match="unpacks to more than"):
        for item in _split(name, data):
            found.append(item)
    assert isinstance(found[0], Piece) and found[0].data.strip() == b"First."
    assert time.process_time() - began < 3


@pytest.mark.usefixtures("small")
def test_what_is_long_but_no_bomb_is_read() -> None:
    lines = b"".join(json.dumps({"text": os.urandom(5000).hex()}).encode() + b"\n" for _ in range(500))
    assert len(lines) > unpacking.ALWAYS
    for name, data in (
        ("d.jsonl.gz", gzip.compress(lines)),
        ("d.zip", _zip({"d.jsonl": lines})),
        ("d.tar.gz", _tar({"d.jsonl": lines}, "w:gz")),
    ):
        assert len(_read(name, data)) == 500
        assert sum(1 for _ in _split(name, data, partial(_Pipe, data))) == 500


@pytest.mark.usefixtures("small")
def test_a_page_too_long_is_told_and_the_others_are_read() -> None:
    found = _read("d.zip", _zip({"a.txt": os.urandom(600_000).hex().encode(), "b.txt": b"fine"}))
    assert "larger than" in found[0][1] and found[1] == ("d.zip/b.txt", "fine")


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MOST_MEMBERS", 10)
    many = {f"{n}.txt": b"x" for n in range(20)}
    assert "files in it" in _refusal("d.zip", _zip(many))
    found = []
    with pytest.raises(InputError, match="files in it"):
        for item in _split("d.tar", _tar(many)):
            found.append(item)
    assert len(found) == 10


def test_a_member_without_a_name_is_passed_over() -> None:
    data = bytearray(_zip({"a.txt": b"Words of a.", "b": b"Words of b."}))
    entry = data.rindex(b"PK\1\2")
    # Its name becomes its comment (APPNOTE.TXT 4.3.12).
    data[entry + 28], data[entry + 32] = 0, 1
    assert _read("d.zip", bytes(data)) == [("d.zip/a.txt", "Words of a.")]


def test_a_sparse_member_is_passed_over() -> None:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.GNU_FORMAT) as archive:
        info = tarfile.TarInfo("a.txt")
        info.type = tarfile.GNUTYPE_SPARSE
        archive.addfile(info)
        info = tarfile.TarInfo("b.txt")
        info.size = 4
        archive.addfile(info, io.BytesIO(b"yes."))
    try:
        found = _read("d.tar", stream.getvalue())
    except InputError:
        return
    assert all(file != "d.tar/a.txt" for file, _ in found)
