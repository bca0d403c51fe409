"""The reader's rulings on matches: rejected ones stay away, joined ones are shown with their reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from warreader.index.article import Match, MatchMember, Scope
from warreader.index.library import Library

LONG = (
    "We will rebuild every bridge, every school and every hospital that the invader destroyed in this valley"
)
ARTICLES = {
    "a": f"The governor said: “{LONG}.” Rain fell on the town.",
    "b": f'Asked about the damage, she replied, "{LONG}."',
    "c": f"“{LONG.replace('every school and', 'all schools,')},” the governor said.",
    "d": "“Nobody in the harbour slept through that terrible night of sirens,” the mayor said.",
}


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """Three articles with one quotation, and one with another."""
    for name, text in ARTICLES.items():
        (tmp_path / f"{name}.txt").write_text(text, "utf-8")
    with Library(tmp_path / "library") as opened:
        opened.add([tmp_path / f"{name}.txt" for name in ARTICLES])
        yield opened


def places(*members: MatchMember) -> list[dict[str, object]]:
    """Places as rulings name them."""
    return [{"article": m.article, "start": m.start, "end": m.end, "exact": m.text} for m in members]


def cross(library: Library) -> list[Match]:
    """Matches across articles."""
    return list(library.matches.all(Scope.CROSS))


def members(library: Library) -> list[set[str]]:
    """The articles of each match, which agree with those that are kept for the whole library."""
    found = [{member.article for member in match.members} for match in cross(library)]
    assert sorted(map(len, found)) == sorted(row.articles for row in library.matches.repeated().rows)
    return found


def member(library: Library, article: str) -> MatchMember:
    """The place of the one match in an article."""
    (match,) = cross(library)
    return next(one for one in match.members if one.article == article)


def test_a_rejected_member_stays_away_from_the_other(library: Library) -> None:
    assert members(library) == [{"a", "b", "c"}]
    pair = places(member(library, "a"), member(library, "c"))
    made = library.rulings.put("match", "reject", words="rejected a match", places=pair)
    assert members(library) == [{"a", "b"}]
    library.derivation._database.connection.execute("DELETE FROM derived WHERE stage = 'matches'")
    library.update()
    assert members(library) == [{"a", "b"}]
    library.rulings.remove(made.id)
    assert members(library) == [{"a", "b", "c"}]


def test_what_matches_a_rejected_place_still_does(library: Library, tmp_path: Path) -> None:
    pair = places(member(library, "a"), member(library, "b"))
    library.rulings.put("match", "reject", words="rejected a match", places=pair)
    # What is word for word the same in both goes with one of them.
    assert members(library) in ([{"a", "c"}], [{"b", "c"}])
    (tmp_path / "e.txt").write_text(f"He repeated: “{LONG}.”", "utf-8")
    library.add([tmp_path / "e.txt"])
    assert not any({"a", "b"} <= found for found in members(library))
    assert sorted(name for found in members(library) for name in found) in (
        list("ace"),
        list("bce"),
        list("abce"),
    )


@pytest.mark.parametrize("gone", "abc")
def test_one_that_leaves_takes_nobody_with_it(library: Library, gone: str) -> None:
    """Whichever of the links is the weakest, and whether what it leaves comes before it or after."""
    for against in {*"abc"} - {gone}:
        pair = places(member(library, against), member(library, gone))
        made = library.rulings.put("match", "reject", words="took a version out", places=pair, out=pair[1])
        assert members(library) == [{*"abc"} - {gone}]
        assert library.matches.of(gone, Scope.CROSS) == []
        library.derivation._database.connection.execute("DELETE FROM derived WHERE stage = 'matches'")
        library.update()
        assert members(library) == [{*"abc"} - {gone}]
        library.rulings.remove(made.id)
        assert members(library) == [{*"abc"}]


def test_several_that_leave_at_one_stroke_come_back_at_one(library: Library) -> None:
    first, *others = (member(library, name) for name in "abc")
    with library.annotations.gesture("took two versions out"):
        for other in others:
            pair = places(first, other)
            library.rulings.put("match", "reject", words="took a version out", places=pair, out=pair[1])
    assert members(library) == []
    library.annotations.undo()
    assert members(library) == [{*"abc"}]


def test_joined_places_are_a_match_with_its_reason(library: Library) -> None:
    text = ARTICLES["d"]
    end = text.index("sirens,”") + 8
    other = {"article": "d", "start": 0, "end": end, "exact": text[:end]}
    pair = [*places(member(library, "a")), other]
    made = library.rulings.put("match", "join", words="joined two quotations", places=pair)
    assert members(library) == [{"a", "b", "c", "d"}]
    (match,) = cross(library)
    assert match.reason == "joined by the reader"
    assert library.matches.get(match.id) == match
    library.annotations.undo()
    assert members(library) == [{"a", "b", "c"}] and cross(library)[0].reason == ""
    assert library.rulings.get(made.id) is None


def test_a_ruling_on_words_that_are_not_there_does_nothing(library: Library) -> None:
    one, two = places(member(library, "a"), member(library, "b"))
    for broken in ({**two, "article": "gone"}, {**two, "exact": "x" * len(str(two["exact"]))}):
        library.rulings.put("match", "reject", words="rejected a match", places=[one, broken])
    assert members(library) == [{"a", "b", "c"}]
