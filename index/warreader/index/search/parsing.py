"""Reading a query: from what was typed to a tree, never an error.

A query is read by recursive descent. What can't be read is left out, and the
first such place is told (:class:`~.query.Parsed`). Chains of ``NOT`` are counted, not
nested, and parentheses nest at most :data:`DEEPEST` deep, so that no query
exhausts the stack.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date

from warreader.index.search.added import stretch
from warreader.index.search.analyzer import tokens
from warreader.index.search.query import (
    EXACT_FIELDS,
    FIELDS,
    NAMED_FIELDS,
    STATES,
    TEXT_FIELDS,
    All,
    Any,
    Dates,
    How,
    Node,
    Not,
    Parsed,
    Placed,
    Sourced,
    Words,
)
from warreader.index.text import fold_marks

DEEPEST = 40
"""How deep parentheses may nest."""

MOST = 64
"""How many words, phrases and fields a query may have; of more, answers would be waited for."""

MOST_FUZZY = 4
"""How many words of a query are found with small differences: each is compared with all words there are."""

LONGEST = 128
"""How many words a phrase may have."""

_LEXEME = re.compile(r"\s+|\(|\)|(?P<minus>-+)(?=[^\s)\-])|(?P<word>[^\s()\"]+)|\"")
_FIELD = re.compile(r"([^\W\d_]+):")
_SIGNS = {"*": How.PREFIX, "~": How.FUZZY}
_JOINTS = frozenset({"AND", "OR", "NOT"})
_WITHIN = re.compile(r"[^\W_][*?][^\W_]|^[*?]+[^\W_]|[^\W_]\^[\d.]+$")
"""What other searchers take as signs for any letters, or as a word's weight."""
_TOKEN = r"(?:date:[0-9.-]+|(?:(?:title|outlet|author):)?[A-Za-z0-9]+[*~]?)"
_PLAIN = re.compile(rf"{_TOKEN}(?: +{_TOKEN})*+ *\Z")
_DAY = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?\Z", re.ASCII)


def parse(query: str, *, typing: bool = False) -> Parsed:
    """Read a query. With ``typing``, a last word that no space follows is found as a prefix too."""
    if _PLAIN.match(query) is None or (parsed := _plain(query)) is None:
        parser = _Parser(query)
        node = parser.whole()
        if node is None and parser.problem is None and query.strip():
            parser.fail("there is no word to search for", 0)
        parsed = Parsed(node, parser.problem, parser.problem_at, tuple(parser.placed))
    if typing and parsed.node is not None and query[-1:] not in ')"' and not query[-1:].isspace():
        return replace(parsed, node=_typing(parsed.node))
    return parsed


def _plain(query: str) -> Parsed | None:
    """A query of words and dates, all or any of them wanted, as most are: what the parser makes of it, much sooner."""
    texts = query.split()
    kind: type[All] | type[Any] = All
    if not _JOINTS.isdisjoint(texts):
        if len(texts) % 2 == 0 or set(texts[1::2]) != {"OR"} or not _JOINTS.isdisjoint(texts[::2]):
            return None
        kind = Any
    if len(texts) > MOST:
        return None
    nodes: list[Node] = []
    placed = []
    end = fuzzy = 0
    for text in texts:
        start = query.index(text, end)
        end = start + len(text)
        if text == "OR":
            continue
        field, _, value = text.rpartition(":")
        if field == "date":
            if (dates := _dated(value)) is None:
                return None
            nodes.append(dates)
            continue
        if (how := _SIGNS.get(value[-1])) is None:
            words = Words(value, field=field)
        else:
            fuzzy += how is How.FUZZY
            words = Words(value[:-1], how, field)
        if words.text in _JOINTS or fuzzy > MOST_FUZZY:
            return None
        nodes.append(words)
        if not field:
            placed.append(Placed(start, end, words))
    return Parsed(nodes[0] if len(nodes) == 1 else kind(tuple(nodes)), words=tuple(placed))


def _typing(node: Node) -> Node:
    match node:
        case Words(_, How.WORD | How.PHRASE, _):
            return replace(node, typing=True)
        case All(children):
            return All((*children[:-1], _typing(children[-1])))
        case Any(children):
            return Any((*children[:-1], _typing(children[-1])))
        case _:
            return node


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str  # "(", ")", "AND", "OR", "NOT", "leaf"
    at: int
    leaf: Node | None = None


class _Parser:
    """Reads one query: first into lexemes, then into the tree."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.folded = fold_marks(query)
        self.problem: str | None = None
        self.problem_at: int | None = None
        self.placed: list[Placed] = []
        self.fuzzy = 0
        self.scopes: list[str] = []
        """Of each parenthesis that is open, the field that stands before it."""
        self.lexemes = self._lex()
        self.next = 0
        self.depth = 0

    def fail(self, problem: str, at: int) -> None:
        """Keep the problem that stands first in the query."""
        if self.problem_at is None or at < self.problem_at:
            self.problem, self.problem_at = problem, at

    # -- lexemes -----------------------------------------------------------

    def _lex(self) -> list[_Lexeme]:
        found: list[_Lexeme] = []
        at = count = 0
        while match := _LEXEME.match(self.folded, at):
            start, at = match.start(), match.end()
            text = match.group()
            if text.isspace():
                continue
            if text in "()":
                found.append(_Lexeme(text, start))
                if text == "(":
                    self.scopes.append(self._scope)
                elif self.scopes:
                    self.scopes.pop()
            elif (
                (scope := text[:-1].lower()) in FIELDS and text[-1] == ":" and self.folded[at : at + 1] == "("
            ):
                self.scopes.append(scope)
                found.append(_Lexeme("(", at))
                at += 1
            elif match["minus"]:
                found.extend([_Lexeme("NOT", start)] * (len(text) % 2 or 2))
            elif text in _JOINTS:
                found.append(_Lexeme(text, start))
            else:
                leaf, at = self._leaf(text, start, at)
                if leaf is None:
                    continue
                count += 1
                if count > MOST:
                    self.fail(f"only the first {MOST} words and fields of a query are used", start)
                    break
                found.append(_Lexeme("leaf", start, leaf))
        return found

    @property
    def _scope(self) -> str:
        return self.scopes[-1] if self.scopes else ""

    def _leaf(self, text: str, start: int, at: int) -> tuple[Node | None, int]:
        named = _FIELD.match(text)
        exact = text == "=" and self.folded[at : at + 1] == '"'
        if text == '"' or exact:
            value, at = self._quoted(at if exact else start)
            if self._scope and value.strip():
                return self._fielded(self._scope, value, start, quoted=True, exact=exact), at
            how = How.EXACT if exact else How.PHRASE
            return self._placed(self._words(value, how, "", start), start, at), at
        if named is None and self._scope:
            value = self.query[start:at]
            bare = value.lstrip("=")
            return self._fielded(self._scope, bare, start, quoted=False, exact=bare != value), at
        if named is None:
            return self._placed(self._word(self.query[start:at], "", start), start, at), at
        field, value = named[1].lower(), self.query[start + named.end() : at]
        if field not in FIELDS:
            return self._no_field(named[1], value, start), at
        exact = value.startswith("=")
        value = value.lstrip("=")
        quoted = not value and self.folded[at : at + 1] == '"'
        if quoted:
            value, at = self._quoted(at)
        if not value.strip():
            self.fail(f"{field}: has nothing after it", start)
            return None, at
        return self._fielded(field, value, start, quoted=quoted, exact=exact), at

    def _placed(self, node: Node | None, start: int, end: int) -> Node | None:
        if isinstance(node, Words):
            self.placed.append(Placed(start, min(end, len(self.query)), node))
        return node

    def _quoted(self, start: int) -> tuple[str, int]:
        end = self.folded.find('"', start + 1)
        if end < 0:
            self.fail("the quotation mark is not closed", start)
            end = len(self.query)
        return self.query[start + 1 : end], end + 1

    def _no_field(self, name: str, value: str, start: int) -> Node | None:
        if value and not value.startswith("/"):
            known = " ".join(sorted(f"{field}:" for field in FIELDS))
            self.fail(f"there is no field {name}:, so it is read as words (fields: {known})", start)
        parts = [node for part in (name, value) if (node := self._word(part, "", start, quiet=True))]
        return parts[0] if len(parts) == 1 else All(tuple(parts)) if parts else None

    def _fielded(self, field: str, value: str, start: int, *, quoted: bool, exact: bool) -> Node | None:
        if field in TEXT_FIELDS and not (exact and field in EXACT_FIELDS):
            if quoted:
                return self._words(value, How.EXACT if exact else How.PHRASE, field, start)
            return self._word(f"={value}" if exact else value, field, start)
        if field == "date":
            return self._dates(value, start)
        value = " ".join(value.replace('"', " ").split())
        if field == "is":
            value = value.lower()
            if value not in STATES:
                states = ", ".join(f"is:{state}" for state in STATES)
                self.fail(f"is:{value} means nothing here (there are {states})", start)
                return None
        if field == "added" and stretch(value) is None:
            self.fail(
                "added: is followed by today, 2026-11-26 or 2026-11, or by two of them with .. between", start
            )
            return None
        return Sourced(field, value, (exact or quoted) and field in EXACT_FIELDS | NAMED_FIELDS)

    def _word(self, text: str, field: str, start: int, *, quiet: bool = False) -> Node | None:
        how = _SIGNS.get(text[-1:], How.WORD)
        if text.startswith("="):
            node = self._words(text.lstrip("="), How.EXACT, field, start, quiet=quiet)
            if how is not How.WORD:
                self.fail(f"{text[-1]} is passed over: what stands after = is found just so", start)
            return node
        if not quiet and "/" not in text and _WITHIN.search(text):
            self.fail(
                f"{text[:40]!r} is read as it stands: * works at the end of a word only, ? and ^ don't", start
            )
        return self._words(text, how, field, start, quiet=quiet)

    def _words(self, text: str, how: How, field: str, start: int, *, quiet: bool = False) -> Node | None:
        found = list(tokens(text))
        if not found:
            if text.strip() and not quiet:
                self.fail(f"there is no word in {text.strip()[:40]!r}", start)
            return None
        if len(found) == 1 and how not in (How.PHRASE, How.EXACT):
            word = text[found[0].start : found[0].end]
            self.fuzzy += how is How.FUZZY
            if how is How.FUZZY and self.fuzzy > MOST_FUZZY:
                self.fail(f"only the first {MOST_FUZZY} words with ~ are found with small differences", start)
                how = How.WORD
            return Words(word.lower() if word in _JOINTS else word, how, field)
        # What reads as several words (full-scale, 1,500) is a phrase; prefix and fuzziness need one word.
        if how in (How.PREFIX, How.FUZZY):
            self.fail(f"{text[-1]} works on a single word, so {text[:40]!r} is read as a phrase", start)
        if len(found) > LONGEST:
            self.fail(f"only the first {LONGEST} words of a phrase are used", start)
        phrase = text[found[0].start : found[:LONGEST][-1].end]
        begun = how is How.PHRASE and text.rstrip().endswith("*")
        return Words(" ".join(phrase.split()), How.EXACT if how is How.EXACT else How.PHRASE, field, begun)

    def _dates(self, value: str, start: int) -> Node | None:
        if (dates := _dated(value)) is None:
            self.fail(
                "date: is followed by 2022, 2022-03 or 2022-03-01, or by two of them with .. between", start
            )
        return dates

    # -- tree --------------------------------------------------------------

    def whole(self) -> Node | None:
        """The tree of the whole query; a parenthesis that closes nothing is passed over."""
        parts: list[Node] = []
        while self.next < len(self.lexemes):
            if (node := self._any()) is not None:
                parts.append(node)
            if self.next < len(self.lexemes):
                self.fail("this parenthesis closes nothing", self.lexemes[self.next].at)
                self.next += 1
        return _joined(All, parts)

    def _peek(self) -> str:
        return self.lexemes[self.next].kind if self.next < len(self.lexemes) else ""

    def _any(self) -> Node | None:
        parts: list[Node] = []
        node = self._all()
        while True:
            if node is not None:
                parts.append(node)
            if self._peek() != "OR":
                return _joined(Any, parts)
            at = self.lexemes[self.next].at
            self.next += 1
            if node is None:
                self.fail("OR has nothing before it", at)
            if (node := self._all()) is None:
                self.fail("OR has nothing after it", at)

    def _all(self) -> Node | None:
        parts: list[Node] = []
        joint: int | None = None
        while self._peek() not in ("", "OR", ")"):
            if self._peek() == "AND":
                joint = self.lexemes[self.next].at
                self.next += 1
                if not parts:
                    self.fail("AND has nothing before it", joint)
                continue
            node = self._negated()
            if node is not None:
                parts.append(node)
                joint = None
        if joint is not None:
            self.fail("AND has nothing after it", joint)
        return _joined(All, parts)

    def _negated(self) -> Node | None:
        at = self.lexemes[self.next].at
        negations = 0
        while self._peek() == "NOT":
            negations += 1
            self.next += 1
        node = self._atom() if self._peek() in ("leaf", "(") else None
        if node is None and negations:
            self.fail("NOT has nothing after it", at)
        if node is None or negations % 2 == 0:
            return node
        return node.child if isinstance(node, Not) else Not(node)

    def _atom(self) -> Node | None:
        lexeme = self.lexemes[self.next]
        self.next += 1
        if lexeme.kind == "leaf":
            return lexeme.leaf
        if self.depth >= DEEPEST:
            self.fail(
                f"parentheses nest more than {DEEPEST} deep; those further in are passed over", lexeme.at
            )
            return None
        self.depth += 1
        node = self._any()
        self.depth -= 1
        if self._peek() == ")":
            told = range(lexeme.at, self.lexemes[self.next].at)
            self.next += 1
            if node is None and self.problem_at not in told:
                self.fail("there is nothing between these parentheses", lexeme.at)
        else:
            self.fail("the parenthesis is not closed", lexeme.at)
        return node


def _dated(value: str) -> Dates | None:
    first, dots, last = [part.strip() for part in value.partition("..")]
    last = last if dots else first
    if not (first or last) or not all(not end or _is_date(end) for end in (first, last)):
        return None
    # What runs backwards is read forwards.
    return Dates(last, first) if first and last and last < first[: len(last)] else Dates(first, last)


def _is_date(text: str) -> bool:
    if not _DAY.match(text):
        return False
    try:
        date.fromisoformat(f"{text}-01-01"[:10] if len(text) < 8 else text)
    except ValueError:
        return False
    return True


def _joined(kind: type[All] | type[Any], parts: list[Node]) -> Node | None:
    flat: list[Node] = []
    for part in parts:
        flat.extend(part.children if isinstance(part, kind) else (part,))
    return flat[0] if len(flat) == 1 else kind(tuple(flat)) if flat else None
