"""Noun phrases by the words at their borders: the subject before a cue, after it, or after "according to"."""

from __future__ import annotations

from collections.abc import Sequence

from warreader.index.quotations import vocabulary as v
from warreader.index.quotations.tokens import Token

PHRASE_REACH = 16
"""Words a subject may have."""

PARENTHESIS_REACH = 24
"""Words a parenthesis between subject and cue may have."""

Range = tuple[int, int]
"""Token indices, the end exclusive."""

_NEVER_ACTING = v.PRONOUNS | {"left", "called", "named", "dubbed", "nicknamed"}
_NOT_ACTING = v.CONJUNCTIONS | v.DETERMINERS | v.PREPOSITIONS
_TO = frozenset(["to", "at", "by", "from", "with"])
_TIMES = frozenset(["later", "earlier", "ago", "afterwards", "meanwhile", "beforehand"])


def apposed(tokens: Sequence[Token], at: int, first: int) -> tuple[Range, Range | None] | None:
    """The subject of "Ryan, a conservative, insists the party ...": a noun phrase with an aside opens the sentence,
    and no clause stands before the cue that could be what is said.
    """
    if not 4 <= at - first <= PHRASE_REACH + PARENTHESIS_REACH or tokens[at - 1].low != ",":
        return None
    head = first + 1 if tokens[first].low in ("and", "but", "yet", "still", "however") else first
    comma = next((k for k in range(head, min(at - 1, head + PHRASE_REACH)) if not tokens[k].word), at)
    if comma >= at - 1 or comma == head or tokens[comma].low not in (",", "("):
        return None
    opens = tokens[head].capital or tokens[head].low in v.DETERMINERS
    low = tokens[head].low
    if not opens or low in v.PREPOSITIONS or low in v.CONJUNCTIONS or low in v.PRONOUNS or low in v.ADVERBS:
        return None
    if clausal(tokens, head, comma):
        return None
    aside = tokens[comma + 1].low
    if aside not in ("who", "which") and any(
        tokens[k].low in v.FINITE and not _relative(tokens, k, comma) for k in range(comma + 1, at - 1)
    ):
        return None
    phrase, parenthesis = subject(tokens, at - 1, first)
    return ((head, comma), parenthesis if phrase is not None and phrase[1] == comma else None)


def _relative(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether a verb stands in a clause opened by "who" or "which" not far before it."""
    return any(tokens[k].low in ("who", "which", "that", "whose", "where") for k in range(first, at))


def finite(tokens: Sequence[Token], at: int, first: int) -> bool:
    """Whether a word is, by its form, a verb that makes a clause; ``first`` is where its phrase begins."""
    token = tokens[at]
    if not token.word or (token.capital and at > first):
        return False
    low = token.low
    if low in v.FINITE or low.endswith("n't"):
        return True
    if at == first or not (low.endswith("ed") or low in v.CUES) or low.endswith("ing"):
        return False
    # "the alleged plan", "a state report": a noun's attribute.
    before = tokens[at - 1].low
    return before not in v.DETERMINERS and before not in v.PREPOSITIONS and before not in v.QUANTIFIERS


def clausal(tokens: Sequence[Token], first: int, last: int) -> bool:
    """Whether one of these words is a verb that makes a clause."""
    # A generator costs as much as the words.
    for at in range(first, last):  # noqa: SIM110
        if finite(tokens, at, first):
            return True
    return False


def who(tokens: Sequence[Token], first: int, last: int) -> Range:
    """A subject without what goes on after it: the paper | published several articles accusing; Ann Lee | when she;
    the ministry | (MOD.
    """
    related = False
    for at in range(first + 1, last):
        low = tokens[at].low
        if low == "(" and all(tokens[k].low != ")" for k in range(at, last)):
            return first, at
        related = related or low in v.RELATIVES or not tokens[at].word
        if related or not tokens[at].word or tokens[at].capital:
            continue
        if low in ("when", "while") or _acts(tokens, at, first, last):
            return first, at
    return first, last


def _acts(tokens: Sequence[Token], at: int, first: int, last: int) -> bool:
    """Whether a word within a subject is the verb that it is the subject of, by what stands around it."""
    low, before = tokens[at].low, tokens[at - 1].low
    # "many on the left", "the so-called", "a group called": none of them acts.
    form = (low.endswith("ed") or low in v.FINITE) and low not in _NEVER_ACTING
    if not form or not finite(tokens, at, first) or before in _NOT_ACTING or before.endswith("ly"):
        return False
    after = tokens[at + 1].low if at + 1 < last else ""
    return not after or after in v.DETERMINERS or after in v.QUANTIFIERS or (low, after) == ("used", "to")


def inverted_subject(tokens: Sequence[Token], at: int, last: int) -> tuple[int, int] | None:
    if at >= last or not tokens[at].word:
        return None
    low = tokens[at].low
    opens = (
        tokens[at].capital
        or low in v.DETERMINERS
        or low in v.COLLECTIVES
        or low in v.PRONOUNS
        or low in v.ROLES
        # "say villagers" with nothing after it: headlines.
        or (low.endswith("s") and at + 1 == last)
    )
    if not opens or low in v.CONJUNCTIONS or low in v.NEVER_SUBJECT:
        return None
    if low in v.PRONOUNS:
        # "he said she would go": a pronoun is the subject here only if the clause ends with it.
        return (at, at + 1) if at + 1 >= last or not tokens[at + 1].word else None
    end = at
    while end < last and end - at < PHRASE_REACH and tokens[end].word:
        word = tokens[end].low
        if word in v.STRONG and not tokens[end].capital and tokens[end - 1].low not in v.DETERMINERS:
            # Noted the report: a noun.
            break
        if (word in v.CONJUNCTIONS and word != "and") or word in v.AUXILIARIES or word in v.PRONOUNS:
            break
        if word in v.PREPOSITIONS and word not in ("of", "for"):
            break
        if word == "and" and not (end + 1 < last and tokens[end + 1].capital):
            break
        end += 1
    return (at, end) if end > at else None


def source(tokens: Sequence[Token], at: int, last: int) -> tuple[int, int] | None:
    """The noun phrase after "according to"."""
    if at >= last or not tokens[at].word:
        return None
    end = at
    proper = tokens[at].capital and tokens[at].low not in v.DETERMINERS
    while end < last and end - at < PHRASE_REACH and tokens[end].word:
        low = tokens[end].low
        if low in v.AUXILIARIES or (low in v.CONJUNCTIONS and low != "and"):
            break
        if proper and not tokens[end].capital and low not in v.PREPOSITIONS and low not in ("the", "and"):
            # "according to US officials, ...": common nouns may follow a name, up to a pause; "according to
            # Clarke the war ..." is cut.
            named = _common(tokens, end, last)
            return (at, named if named is not None else end)
        end += 1
    while end > at and (tokens[end - 1].low in v.PREPOSITIONS or tokens[end - 1].low in ("and", "the")):
        end -= 1
    return (at, end) if end > at else None


def agent(tokens: Sequence[Token], at: int, last: int) -> Range | None:
    """Who acts after a passive verb, ``at`` being the token after it: announced by the governor, Ann Lee, that."""
    if at + 1 >= last or tokens[at].low != "by":
        return None
    end = at + 1
    while end < last and end - at < PHRASE_REACH and tokens[end].word:
        low = tokens[end].low
        idle = low in v.CONJUNCTIONS or low in v.PREPOSITIONS or low in v.AUXILIARIES or low in v.WEEKDAYS
        if (idle and low not in ("of", "for", "and")) or low.endswith("ing"):
            break
        end += 1
    while end > at + 1 and tokens[end - 1].low in ("of", "for", "and", "the"):
        end -= 1
    return (at + 1, end) if end > at + 1 else None


def quoting(tokens: Sequence[Token], at: int, first: int) -> int | None:
    """The verb that quotes whoever says what follows "as saying", ``at`` being "saying": quoted by Tass as saying."""
    if at - 2 < first or tokens[at].low != "saying" or tokens[at - 1].low != "as":
        return None
    for k in range(at - 2, max(first, at - 2 - PHRASE_REACH) - 1, -1):
        if tokens[k].low in v.QUOTED:
            return k
        if not tokens[k].word:
            return None
    return None


def _common(tokens: Sequence[Token], at: int, last: int) -> int | None:
    """The end of common nouns and names that run up to a pause; ``None`` where anything else stands there."""
    end = at
    while end < last and end - at < PHRASE_REACH and tokens[end].word:
        low = tokens[end].low
        other = low in v.CONJUNCTIONS or low in v.PREPOSITIONS or low in v.DETERMINERS or low in v.PRONOUNS
        if other or low in v.QUANTIFIERS or low in v.ADVERBS or finite(tokens, end, at):
            break
        end += 1
    paused = end >= last or not tokens[end].word or tokens[end].low in v.CONJUNCTIONS
    return end if end > at and (paused or tokens[end - 1].low in v.COLLECTIVES) else None


def subject(tokens: Sequence[Token], at: int, first: int) -> tuple[Range | None, Range | None]:
    """The noun phrase that ends at token ``at``, and a naming parenthesis after it."""
    if at < first:
        return None, None
    if tokens[at].low in ("who", "which") and at > first:
        who = tokens[at].low == "who"
        at -= 1
        set_off = tokens[at].low == "," and at > first
        if set_off:
            at -= 1
        return _told_of(tokens, _phrase(tokens, at, first), nearest=who and set_off), None
    if tokens[at].low not in (",", ")", "–", "—"):
        return _phrase(tokens, at, first), None
    opening = "(" if tokens[at].low == ")" else tokens[at].low
    start = at - 1
    while start > first and at - start < PARENTHESIS_REACH and tokens[start].low != opening:
        if tokens[start].quoted:
            return None, None
        start -= 1
    if start <= first or tokens[start].low != opening or at - start < 2:
        return None, None
    phrase = _phrase(tokens, start - 1, first)
    inner = tokens[start + 1]
    naming = (
        inner.word
        and (inner.capital or inner.low in v.DETERMINERS or inner.low in v.ROLES)
        and not (inner.low in v.CONJUNCTIONS or inner.low in v.PREPOSITIONS)
    )
    return phrase, (start + 1, at) if phrase is not None and naming else None


def _told_of(tokens: Sequence[Token], phrase: Range | None, *, nearest: bool) -> Range | None:
    """Whom a relative clause tells of, without the clause around them: the paper identified | the men, who claim.

    Args:
        tokens: of the line.
        phrase: what stands before the relative clause.
        nearest: where a verb stands there, it tells of the last of its objects: he wrote a letter to | Lee, who said.
    """
    if phrase is None:
        return None
    first, last = phrase
    verb = next(
        (at for at in range(last - 2, first, -1) if _opens(tokens[at + 1]) and finite(tokens, at, first)),
        None,
    )
    if verb is None:
        return phrase
    objects = range(last - 2, verb, -1) if nearest else ()
    last_object = next((at for at in objects if tokens[at].low in _TO and _opens(tokens[at + 1])), verb)
    return last_object + 1, last


def _opens(token: Token) -> bool:
    """Whether a word may open a noun phrase for certain: the, many, two, a name."""
    return (
        token.low in v.DETERMINERS or token.low in v.QUANTIFIERS or token.capital or token.low[:1].isdigit()
    )


def _phrase(tokens: Sequence[Token], at: int, first: int) -> Range | None:
    """The noun phrase that ends at token ``at``, walking left to the next border of a clause."""
    if at < first or not tokens[at].word:
        return None
    if tokens[at].low in v.PRONOUNS or tokens[at].low in v.CONTRACTED:
        return (at, at + 1)
    start = at + 1
    while start > first and at + 1 - start < PHRASE_REACH:
        token = tokens[start - 1]
        if token.low == "who" and start <= at and start - 2 >= first and tokens[start - 2].word:
            # "some who spoke to the paper said": who they are stands before.
            return _phrase(tokens, start - 2, first)
        if not token.word or token.low in v.CONJUNCTIONS:
            break
        if token.low in v.PRONOUNS:
            # "she released a statement saying": the clause has its subject.
            return (start - 1, start)
        if token.low in v.STRONG and not token.capital and start - 1 < at:
            return None
        if token.low in v.AUXILIARIES:
            break
        start -= 1
    while start <= at and (tokens[start].low in v.LEADING or _leading_adverb(tokens[start])):
        start += 1
    start = _past_time(tokens, start, at)
    if start > at or tokens[at].low in v.NEVER_SUBJECT:
        return None
    return (start, at + 1)


def _past_time(tokens: Sequence[Token], start: int, at: int) -> int:
    """Where a subject begins after when it was: just two days later | Ann Lee."""
    for k in range(start, at):
        following = tokens[k + 1]
        if tokens[k].low in _TIMES and (following.capital or following.low in v.DETERMINERS):
            return k + 1
    return start


def _leading_adverb(token: Token) -> bool:
    return token.low.endswith("ly") and len(token.low) > 4 and token.low not in ("italy", "july", "family")
