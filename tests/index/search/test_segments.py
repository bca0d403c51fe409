"""Segments: read back as written, checked when read, merged within bounds, found soon."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warreader.index.search import arrays, building, engine, gathering, indexing, merging
from warreader.index.search.analyzer import ALTERNATIVE, GAP, Vocabulary, tokens
from warreader.index.search.arrays import PAGE, Array, ArrayFile, ArrayWriter, Damaged, fingerprint
from warreader.index.search.codec import Segment
from warreader.index.search.sealing import NAME, Sealed
from warreader.index.search.segment import MOST, Fields

if TYPE_CHECKING:
    from tests.index.search.conftest import Shelf

TRICKY = st.sampled_from(
    [
        "U.S.",
        "e.g.",
        "Šoigu",
        "Żółw",
        "乌克兰",
        "it's",
        "İI",
        "ΟΔΟΣ",
        "_a_",
        "\n",
        "\n\n",
        " ",
        "a.b",
        "ẞ",
        "ﬁ",
        "K",
        "'",
        "''",
        "don't",
        " 'tis ",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.text() | st.lists(TRICKY | st.text(max_size=5), max_size=30).map("".join))
def test_the_index_reads_the_words_that_are_lit(text: str) -> None:
    vocabulary = Vocabulary()
    found = []
    position = -1
    for code in vocabulary.read(text):
        if code == 0:
            position += GAP
            continue
        if not code & ALTERNATIVE:
            position += 1
        found.append((position, vocabulary.forms[code & ~ALTERNATIVE]))
    assert found == [(token.position, form) for token in tokens(text) for form in token.term.forms]


def _written(path: Path, *arrays: Array) -> None:
    out = ArrayWriter(path.open("wb"))
    for number, array in enumerate(arrays):
        out.name(str(number), array)
    out.close({"fact": 1})


@pytest.mark.parametrize("size", [0, 1, 7, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE])
@pytest.mark.parametrize("mapped", [True, False])
def test_arrays_come_back(tmp_path: Path, size: int, mapped: bool) -> None:
    arrays: list[Array] = [np.arange(size).astype(np.uint8), np.arange(5), np.empty(0, np.uint16)]
    _written(tmp_path / "a", *arrays)
    file = ArrayFile(tmp_path / "a", mapped=mapped)
    for number, array in enumerate(arrays):
        assert file[str(number)].tolist() == array.tolist()
    assert file.facts == {"fact": 1}
    file.check()
    file.close()


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_every_change_is_noticed(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("arrays") / "a"
    _written(path, np.arange(20_000))
    known, whole = fingerprint(path), path.read_bytes()
    content = bytearray(whole)
    if data.draw(st.booleans()):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    path.write_bytes(content)
    with pytest.raises(Damaged):
        if fingerprint(path) != known:
            raise Damaged
        file = ArrayFile(path)
        assert file["0"].tolist() != list(range(20_000))


def test_what_is_not_read_is_not_checked(tmp_path: Path) -> None:
    _written(tmp_path / "a", np.zeros(PAGE, np.uint8), np.ones(PAGE, np.uint8))
    content = bytearray((tmp_path / "a").read_bytes())
    content[PAGE] = 7
    (tmp_path / "a").write_bytes(content)
    file = ArrayFile(tmp_path / "a")
    assert not file["0"].any()
    with pytest.raises(Damaged):
        file["1"]
    with pytest.raises(Damaged):
        file.check()


def test_pages_given_back_are_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrays, "_KEPT", 2 * PAGE)
    _written(tmp_path / "a", *(np.arange(at, at + PAGE) for at in range(4)))
    file = ArrayFile(tmp_path / "a")
    parts = [file.stretch(str(number), 0, PAGE) for number in (0, 1, 2, 3, 0)]
    assert [part.tolist() for part in parts] == [list(range(at, at + PAGE)) for at in (0, 1, 2, 3, 0)]


def test_a_flipped_bit_is_mended_when_it_is_met(shelf: Shelf) -> None:
    shelf.add("a", "tanks near Kyiv")
    shelf.search.update()
    (segment,) = (shelf.folder / "search").glob("*.seg")
    content = bytearray(segment.read_bytes())
    content[3] ^= 64
    segment.write_bytes(content)
    assert [hit.id for hit in shelf.open().search("tanks").hits] == ["a"]
    assert shelf.open().check() == []


def test_an_article_of_any_length_is_indexed(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Places beyond two bytes, and counts, beside an ordinary article, before and after merging."""
    monkeypatch.setattr(merging, "SMALLEST", 1 << 20)
    shelf.add("long", "war " * 70_000 + "wars " * 300 + "drones over Odesa")
    shelf.add("short", "drones over Lviv")
    for number in range(6):
        shelf.add(str(number), f"number{number}")
        shelf.search.update()
    assert len(list((shelf.folder / "search").glob("*.seg"))) < 6
    assert shelf.found('"war drones over odesa"') == ["long"]
    assert shelf.found('="wars drones"') == ["long"]
    file = ArrayFile(max((shelf.folder / "search").glob("*.seg"), key=lambda path: path.stat().st_size))
    field = Fields(file)["text"]
    (both,) = field.united("war")
    assert field.docs(both, both + 1)[1].tolist() == [70_300]
    assert [field.docs(form, form + 1)[1].tolist() for form in field.stemmed("war")] == [[70_000], [300]]
    assert shelf.found('"drones over"') == ["short", "long"]
    assert shelf.search.check() == []


def _segment(size: int, count: int) -> Segment:
    segment = Segment(NAME)
    segment.size, segment.count = size, count
    return segment


@given(st.lists(st.integers(1, 3_000_000), min_size=1, max_size=200))
def test_segments_stay_few_and_bounded(sizes: list[int]) -> None:
    """As they come, segments are merged until there is no need; each word a few times only."""
    held: list[Segment] = []
    moved = 0
    for size in sizes:
        held.append(_segment(size, size // 100 + 1))
        while found := merging.due(held):
            merged = _segment(sum(s.size for s in found), sum(s.count for s in found))
            assert merged.count <= MOST
            moved += merged.size
            held = [segment for segment in held if segment not in found] + [merged]
    assert len(held) <= 40
    assert moved <= 9 * (sum(sizes) + 200 * merging.SMALLEST)


def test_a_segment_that_is_mostly_deleted_is_written_anew(shelf: Shelf) -> None:
    for number in range(10):
        shelf.add(str(number), f"tanks number{number}")
    shelf.search.update()
    (before,) = (shelf.folder / "search").glob("*.seg")
    shelf.database.connection.execute("DELETE FROM article WHERE id > '2'")
    shelf.search.update()
    (after,) = (shelf.folder / "search").glob("*.seg")
    assert before != after
    assert list(ArrayFile(after)["key"]) == [1, 2, 3]
    assert shelf.found("tanks") == ["0", "1", "2"]


def test_articles_are_found_while_a_long_run_goes_on(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("warreader.index.search.indexing.BATCH_SECONDS", 0.0)
    for number in range(6):
        shelf.add(str(number), "tanks")
    reader = shelf.open()
    seen: list[int] = []
    shelf.search.update(lambda step: seen.append(reader.search("tanks").total) if step.done else None)
    assert seen == [0, 1, 2, 3, 4, 5] or seen[1:] == [1, 2, 3, 4, 5]


def test_other_processes_build_the_same_index(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many articles are indexed by other processes, found batch by batch; one that dies loses nothing."""
    monkeypatch.setattr(indexing, "LENGTH_ALONE", 1)
    monkeypatch.setattr(indexing, "LENGTH_FIRST", 10)
    monkeypatch.setattr(indexing, "LENGTH_MOST", 100)
    for number in range(40):
        shelf.add(f"a{number}", f"tanks number{number}\n\nШойгу", title="On war", date="2022-03-01")
    shelf.search.update()
    other = shelf.open()
    other._indexing._jobs = 2
    with shelf.database.transaction() as connection:
        connection.execute("UPDATE article SET text = 'drones', kinds = 'b' WHERE id = 'a3'")
        connection.execute("DELETE FROM article WHERE id = 'a4'")
        connection.execute("DELETE FROM derived WHERE article < 20")
    steps: list[int] = []
    assert other.update(lambda step: steps.append(step.done)) == 18
    assert len(steps) > 3
    assert other.check() == []
    assert other.search("tanks").total == 38
    assert [hit.id for hit in other.search("drones").hits] == ["a3"]
    assert other.search("number4").total == 0
    assert not list((shelf.folder / "search").glob("*.tmp"))

    def dies(*_: object) -> object:
        raise BrokenProcessPool

    monkeypatch.setattr(building.Builders, "built", dies)
    shelf.add("late", "tanks at last")
    assert other.update() == 1
    assert other.search("tanks").total == 39


def test_a_full_writer_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "FULL", 10)
    with engine.Writer(Sealed(tmp_path, b"key"), Vocabulary()) as writer:
        writer.add(1, None, text="five words are not enough")
        assert not writer.full
        writer.add(2, None, text="five words more are enough")
        assert writer.full


def test_merging_reads_a_stretch_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same file whatever the stretch."""
    storage = Sealed(tmp_path, b"key")
    for key in range(3):
        with engine.Writer(storage, Vocabulary()) as writer:
            writer.add(key, None, text="war and peace and " + "tanks " * key, title="war")
    sources = [
        merging.Source(Fields(ArrayFile(path, mapped=False)), np.ones(1, np.bool_))
        for path in sorted(tmp_path.glob("*.seg"))
    ]
    shown = []
    for stretch in (1, 1 << 16):
        monkeypatch.setattr(merging, "STRETCH", stretch)
        file = tmp_path / f"{stretch}.merged"
        merging.merge(file.open("w+b"), sources)
        field = Fields(ArrayFile(file))["text"]
        words = field.words(0, len(field))
        shown.append(
            (words, [[part.tolist() for part in field.postings(n, n + 1)] for n in range(len(words))])
        )
    assert shown[0] == shown[1]
    assert shown[0][0] == [b"and", b"peace", b"tanks", b"war"]


def test_no_file_of_arrays(tmp_path: Path) -> None:
    for content in (b"", b"short", b"\xff" * 100, bytes(1000)):
        (tmp_path / "a").write_bytes(content)
        with pytest.raises(Damaged):
            ArrayFile(tmp_path / "a")


def test_while_articles_come_in_no_other_process_is_started(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would have to learn all words anew, which this one keeps."""
    monkeypatch.setattr(indexing, "LENGTH_ALONE", 1)

    def started(*_: object) -> object:
        raise AssertionError

    monkeypatch.setattr(building, "Builders", started)
    for number in range(4):
        shelf.add(str(number), "tanks")
        shelf.search._indexing._jobs = 2
        assert shelf.search.update(settle=False, alone=True) == 1
    shelf.add("last", "tanks")
    assert shelf.search.update() == 1
    assert shelf.search.search("tanks").total == 5


def test_words_forgotten_are_read_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes change when seldom words are forgotten; those met again lately are known under new ones."""
    monkeypatch.setattr(gathering, "FAMILIAR", 6)
    vocabulary = Vocabulary()
    storage = Sealed(tmp_path, b"key")
    for key, text in enumerate(("tank tank Żółw Żółw one two three five", "Żółw four two tank")):
        with engine.Writer(storage, vocabulary) as writer:
            writer.add(key, None, text=text)
        if key == 0:
            assert sorted(vocabulary.forms) == ["", "tank", "zolw"]
    found = engine.snapshot(storage)
    for word, keys in {"tank": {0, 1}, "zolw": {0, 1}, "two": {0, 1}, "three": {0}, "four": {1}}.items():
        held = [leaf.fields["text"] for leaf in found.leaves]
        assert {number for number, field in enumerate(held) if field.find(word.encode())} == keys


def test_a_commit_broken_off_leaves_nothing(tmp_path: Path) -> None:
    storage = Sealed(tmp_path, b"key")
    with engine.Writer(storage, Vocabulary()) as writer:
        writer.add(1, None, text="tanks")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(ZeroDivisionError), engine.Writer(storage, Vocabulary()) as writer:
        writer.remove([1])
        writer.add(2, None, text="drones")
        raise ZeroDivisionError
    assert sorted(tmp_path.iterdir()) == before
    assert engine.snapshot(storage).all_keys() == [1]


def test_what_was_written_is_read_back_while_writing(tmp_path: Path) -> None:
    out = ArrayWriter((tmp_path / "a").open("wb"))
    first = out.put(np.arange(10, dtype=np.uint8))
    second = out.put(np.arange(100, 103, dtype=np.uint8))
    pieces = out.read(np.array([second, first + 4]), np.array([3, 2]))
    assert list(pieces) == [100, 101, 102, 4, 5]
    out.close({})


@settings(max_examples=40, deadline=None)
@given(
    words=st.lists(st.text("abcdé乌", min_size=1, max_size=6), min_size=1, max_size=12),
    asked=st.text("abcdé乌", min_size=1, max_size=6),
)
def test_merged_segments_know_the_same_words_written_alike(
    tmp_path_factory: pytest.TempPathFactory, words: list[str], asked: str
) -> None:
    storage = Sealed(tmp_path_factory.mktemp("search"), b"key")
    vocabulary = Vocabulary()
    for key in range(3):
        with engine.Writer(storage, vocabulary) as writer:
            writer.add(key, None, text=" ".join(words[key::3]) or "x")
    before = {limit: engine.snapshot(storage).near("text", asked, limit) for limit in (1, 2)}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "due", lambda segments, _: segments if len(segments) > 1 else [])
        assert engine.merge(storage)
    assert {limit: engine.snapshot(storage).near("text", asked, limit) for limit in (1, 2)} == before
