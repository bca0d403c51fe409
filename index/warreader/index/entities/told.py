"""Names of which the article itself says that they are one: Ann Zorban, call sign Owl; Zorbex, also known as ZBX.

What is said stands between the two names. Whom or what a name means in other articles too is what it goes by:
not a call sign alone, and of two full names the one somebody is known by, not the one he was born with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from warreader.index.article import Label
from warreader.index.entities.candidates import Found
from warreader.index.entities.names import fold_name, without_article
from warreader.index.text import fold_marks

_LONGEST = 80
"""Code points between the two."""
_OPENS = r"(?:,| ?\(| [-|]|,? -) ?"
_TAKEN_ON = (
    r"(?:call[ -]?sign|nom de guerre|pseudonym|nickname|alias|stage name|pen name|code ?name|name|handle)"
    r"(?: of)?"
)
_KNOWN = r"(?:(?:also|better|best|otherwise|more|widely|commonly|popularly|sometimes|simply|mostly|only) ){0,2}known"
_GIVEN = (
    rf"{_OPENS}(?:whose )?(?:real|birth|legal) name(?: is| was|,)? ?|"
    rf"(?:{_OPENS}|,? (?:who )?was )(?:born|née|nee) "
)
_CALLED = (
    rf"(?:who |and )?(?:is |was |are )?{_KNOWN} (?:simply |locally )?(?:as|by (?:the|his|her) {_TAKEN_ON}),? ",
    r"a\.?k\.?a\.?,? ",
    r"(?:also )?nicknamed ",
    r"who (?:also )?(?:goes|went) by ",
    r"(?:(?:who |and )?(?:also )?(?:goes by|went by|uses|used) |whose |with |by |under |known by )?"
    rf"(?:(?:the|his|her) )?{_TAKEN_ON}(?: is| was|,)? ",
)
_OF_SOMEBODY = re.compile(rf"(?P<given>{_GIVEN})|{_OPENS}(?:{'|'.join(_CALLED)})")
_OF_SOMETHING = re.compile(
    rf"{_OPENS}(?:which is |which was |is )?"
    r"(?:(?P<only>known)|(?:also|better|otherwise|more commonly) known) as (?:the )?"
)
_WHOSE = re.compile(
    r"(?:brother|sister|son|daughter|father|mother|wife|husband|widow|cousin|nephew|uncle|friend|aide|bodyguard|wing|arm"
    r"|branch|part|head|leader|member|offshoot|unit) (?:of|to) (?:the )?$"
)
"""Before a name, somebody or something else is told of."""
_BEFORE = 24


_TAKEN = ("Abu ", "Umm ", "Haji ", "Hajji ")
"""What a name begins with that is taken on, or given by others."""


@dataclass(frozen=True, slots=True)
class Told:
    """A name, and what an article calls it too.

    Args:
        given: the second is the name that somebody was given.
        marked: it stands in marks, as nicknames do.
    """

    one: Found
    other: Found
    given: bool = False
    marked: bool = False


def told(text: str, mentions: Sequence[Found]) -> Iterator[Told]:
    """What an article says of the names that it gives beside each other.

    Args:
        text: the article's.
        mentions: in order of ``start``.
    """
    for one, other in pairwise(mentions):
        if one.label is not other.label or not 3 < other.start - one.end < _LONGEST:
            continue
        between = fold_marks(text[one.end : other.start])
        bare = between.rstrip("\"'")
        if other.label is Label.PERSON:
            said = _OF_SOMEBODY.fullmatch(bare)
        elif other.label in (Label.ORG, Label.UNIT, Label.WEAPON):
            said = _OF_SOMETHING.fullmatch(bare)
            if said and said["only"] and not text[other.start : other.end].isupper():
                continue
        else:
            continue
        # Known as Putin's chef, as the Putin of the north.
        apart = fold_marks(text[other.end : other.end + 4]).startswith(("'s ", " of ", "-"))
        if said and not apart and not _WHOSE.search(text[max(0, one.start - _BEFORE) : one.start]):
            yield Told(one, other, bool(said.groupdict().get("given")), bare != between)


def called(
    pairs: Sequence[tuple[str, str, Told]], persons: Sequence[str], listed: frozenset[str]
) -> dict[str, str]:
    """For the forms of people's names the one that tells who it is.

    Args:
        pairs: the forms of the names that are told to be one.
        persons: the forms of all people of the article.
        listed: those of them that lists have.
    """
    found: dict[str, str] = {}
    for one, other, said in pairs:
        full = _in_full(one, persons)
        if full is None or {full, other} <= listed or (said.given and " " not in other):
            continue
        sure = full in listed or full != one or said.marked or _is_taken(other)
        if other not in listed and (sure or (said.given and not _is_taken(full))):
            whole, short = full, other
        else:
            whole, short = other, full
        if whole != short and short not in found and whole not in found:
            found[short] = whole
    return found


def _is_taken(name: str) -> bool:
    """Whether a name alone tells nobody in other articles: a call sign, Abu Zorban."""
    return " " not in name or name.startswith(_TAKEN)


def _in_full(form: str, persons: Sequence[str]) -> str | None:
    """Of a last name alone the full name in the article; ``None`` where there are several."""
    if " " in form:
        return form
    last = without_article(fold_name(form))
    full = {name for name in persons if " " in name and without_article(fold_name(name.split()[-1])) == last}
    return None if len(full) > 1 else next(iter(full), form)
