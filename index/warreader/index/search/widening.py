"""Finding what is named by another of its names: ``Kyiv`` finds ``Kiev`` too, a little lower, and says so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeGuard

from warreader.index.search.query import All, Any, How, Node, Placed, Words

WEIGHT = 0.6
"""Weight of another name, beside the name that was asked for."""

LONGEST = 4
"""Names have at most so many words."""

MOST = 5
"""So many other names are looked for."""

OtherNames = Callable[[str], Sequence[str]]
"""Other names of what a name stands for, those in most articles first."""


@dataclass(frozen=True, slots=True)
class Also:
    """A name in the query, and the other names that are found with it."""

    name: str
    others: tuple[str, ...]


def widened(
    node: Node, placed: Sequence[Placed], others: OtherNames, spellings: OtherNames
) -> tuple[Node, tuple[Also, ...]]:
    """The query with other names beside those in it, and which they are.

    Only plain words are names here, and what reads as several without quotation marks (``F-16``): what is quoted,
    exact or not wanted stays as it is.

    Args:
        placed: its words and phrases, and where they stand in the query.
        spellings: other ways to write what is no words but letters and a number, perhaps written apart.
    """
    widening = _Widening(others, spellings, placed)
    return widening.of(node), tuple(widening.said.values())


@dataclass(slots=True)
class _Widening:
    others: OtherNames
    spellings: OtherNames
    placed: Sequence[Placed]
    said: dict[str, Also] = field(default_factory=dict)

    def of(self, node: Node) -> Node:
        match node:
            case Words() if self._is_word(node):
                return self._named((node,)) or node
            case Any(children):
                return Any(tuple([self.of(child) for child in children]))
            case All(children):
                return All(tuple(self._in_turn(children)))
            case _:
                return node

    def _in_turn(self, children: Sequence[Node]) -> list[Node]:
        """Words that follow one another may be one name, the longest first."""
        found: list[Node] = []
        at = 0
        while at < len(children):
            for length in range(min(LONGEST, len(children) - at), 0, -1):
                run = [child for child in children[at : at + length] if self._is_word(child)]
                if len(run) == length and (named := self._named(run)) is not None:
                    found.append(named)
                    at += length
                    break
            else:
                child = children[at]
                found.append(child if _is_plain(child) else self.of(child))
                at += 1
        return found

    def _named(self, run: Sequence[Words]) -> Node | None:
        name = " ".join([word.text for word in run])
        others = tuple(self.others(name)) if all(map(_is_plain, run)) else ()
        # Who writes the parts of a designation apart means them apart, too.
        spelt = self._spelt(run, name)
        found = tuple(dict.fromkeys((*others, *spelt)))[:MOST]
        if not found:
            return None
        self.said[name] = Also(name, found)
        words: list[Node] = [word if others or len(run) == 1 else self.of(word) for word in run]
        asked = words[0] if len(words) == 1 else All(tuple(words))
        return Any((asked, *(_other(name) for name in found)))

    def _spelt(self, run: Sequence[Words], name: str) -> tuple[str, ...]:
        if name.replace(" ", "").isalpha() or any(word.field for word in run):
            return ()
        return tuple(self.spellings(name))

    def _is_word(self, node: Node) -> TypeGuard[Words]:
        """Whether it is a word, or reads as several without quotation marks."""
        return _is_plain(node) or (isinstance(node, Words) and self._is_bare(node))

    def _is_bare(self, words: Words) -> bool:
        """Whether it reads as several words without quotation marks about it, as ``F-16`` does."""
        return (
            words.how is How.PHRASE
            and not words.field
            and any(
                each.text == words.text and end - start == len(each.text) for start, end, each in self.placed
            )
        )


def _is_plain(node: Node) -> TypeGuard[Words]:
    return isinstance(node, Words) and node.how is How.WORD and not node.field


def _other(name: str) -> Words:
    how = How.PHRASE if len(name.split()) > 1 or not name.isalpha() else How.WORD
    return Words(name, how, weight=WEIGHT)
