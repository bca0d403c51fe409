"""What reported speech is told by in other languages than English: the words of each, and how it orders them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

_ALTERNATIVES = re.compile(r"([^{}\s]*)\{([^{}]*)\}(\S*)")


def _expanded(text: str) -> list[str]:
    """Words, of which ``сказа{л,ла}`` stands for two and ``{zer}schlagen`` for one."""
    found: list[str] = []
    for word in text.split():
        match = _ALTERNATIVES.fullmatch(word)
        if match is None:
            found.append(word)
        else:
            found += [match[1] + ending + match[3] for ending in match[2].split(",")]
    return found


@dataclass(frozen=True, slots=True)
class Tongue:
    """The words by which a language tells reported speech. All in lower case.

    Args:
        code: ISO 639-1.
        verbs: finite forms that report.
        participles: forms that report beside an auxiliary: a déclaré, hat gesagt.
        auxiliaries: these.
        asking: finite forms after which an infinitive is what was said: призвал, a promis.
        naming: forms after which marks hold a name or a word: назвал, qualifie.
        particles: what a German verb leaves at the end of its clause: teilte ... mit.
        that: words that open a reported clause.
        like: words that make a report an aside: как сообщил, wie ... mitteilte.
        this: beginnings of a sentence that reports the one before: об этом сообщил.
        sources: phrases before a source: по словам, laut, selon.
        possessive_sources: phrases around whose: по его словам, ihren Angaben zufolge.
        laws: beginnings of words for what says nothing, though things are according to it: согласно закону.
        after_source: words that follow a source: zufolge.
        so: words between what was said and who said it: so Scholz.
        possessives: "his", "her", "their" -> he, she, they.
        pronouns: subject pronouns -> the English one, or "nobody".
        relatives: words that open a clause on whom was just named.
        determiners: articles and the like, after which a noun comes.
        linking: prepositions that go on with a noun phrase: de, von.
        prepositions: all others.
        conjunctions: words that no noun phrase runs over.
        adverbs: words that stand between subject and verb, or before the subject, and are neither.
        days: words of time.
        negations: "not".
        roles: nouns of the form a subject has for persons.
        conjunctives: German forms that only reported speech has: sei, habe.
        impersonal: endings of verbs that report without a subject: сообщили в полиции.
        second: the finite verb is the second part of its clause, as in German.
        cased: nouns are written small, so that what is capitalised is a name.
    """

    code: str
    verbs: frozenset[str]
    participles: frozenset[str]
    auxiliaries: frozenset[str]
    asking: frozenset[str]
    naming: frozenset[str]
    particles: dict[str, str]
    that: frozenset[str]
    like: frozenset[str]
    this: tuple[tuple[str, ...], ...]
    sources: tuple[tuple[str, ...], ...]
    possessive_sources: tuple[tuple[str, ...], ...]
    laws: tuple[str, ...]
    after_source: frozenset[str]
    so: frozenset[str]
    possessives: dict[str, str]
    pronouns: dict[str, str]
    relatives: frozenset[str]
    determiners: frozenset[str]
    linking: frozenset[str]
    prepositions: frozenset[str]
    conjunctions: frozenset[str]
    adverbs: frozenset[str]
    days: frozenset[str]
    negations: frozenset[str]
    roles: frozenset[str]
    conjunctives: frozenset[str]
    impersonal: tuple[str, ...]
    second: bool
    cased: bool
    reporting: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(
            self,
            "reporting",
            self.verbs | self.participles | self.asking | self.naming | self.after_source | self.so,
        )


def tongue(code: str | None) -> Tongue | None:
    """How a language reports speech; ``None`` for English, and where the language is unknown.

    A language that nothing is known of has no reports: better none than those of English rules.

    Args:
        code: ISO 639-1.
    """
    language = (code or "en").partition("-")[0].lower()
    return None if language == "en" else _read(language)


@cache
def _read(code: str) -> Tongue:
    import yaml

    text = (resources.files("warreader.index") / "tongues.yaml").read_text(encoding="utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    known = yaml.load(text, Loader=loader)
    return _made(code, known.get(code, {}))


def _made(code: str, lists: dict[str, str | bool]) -> Tongue:
    def words(name: str) -> list[str]:
        return _expanded(str(lists.get(name, "")))

    def phrases(name: str) -> tuple[tuple[str, ...], ...]:
        found = [tuple(phrase.split()) for phrase in str(lists.get(name, "")).split(",") if phrase.strip()]
        return tuple(sorted(found, key=len, reverse=True))

    def pairs(name: str) -> dict[str, str]:
        return dict(word.split("=") for word in words(name))

    many: Callable[[str], frozenset[str]] = lambda name: frozenset(words(name))  # noqa: E731
    return Tongue(
        code=code,
        verbs=many("verbs"),
        participles=many("participles"),
        auxiliaries=many("auxiliaries"),
        asking=many("asking"),
        naming=many("naming"),
        particles=pairs("particles"),
        that=many("that"),
        like=many("like"),
        this=phrases("this"),
        sources=phrases("sources"),
        possessive_sources=phrases("possessive_sources"),
        laws=tuple(words("laws")),
        after_source=many("after_source"),
        so=many("so"),
        possessives=pairs("possessives"),
        pronouns=pairs("pronouns"),
        relatives=many("relatives"),
        determiners=many("determiners"),
        linking=many("linking"),
        prepositions=many("prepositions"),
        conjunctions=many("conjunctions"),
        adverbs=many("adverbs") - many("prepositions") - many("linking") - many("conjunctions"),
        days=many("days"),
        negations=many("negations"),
        roles=many("roles"),
        conjunctives=many("conjunctives"),
        impersonal=tuple(words("impersonal")),
        second=bool(lists.get("second")),
        cased=bool(lists.get("cased", True)),
    )
