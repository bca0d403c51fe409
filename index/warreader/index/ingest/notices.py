"""Pages that hold no article but a notice: a check for robots, a request for consent, an offer to subscribe, an error.

They come with status 200, in the place of the article, and would be taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST = 3000
"""Code points of a page's text above which it is no notice."""
_SHARE = 0.6
"""Of the text, in sentences that say what notices say, from which the page is one."""
_SHORT = 400
"""Code points up to which one such sentence is enough, if no long one of another kind stands beside it."""
_PARAGRAPH = 80
"""Code points from which a sentence is a long one."""

_TITLES = re.compile(
    r"\W*(?:just a moment|one moment, please|attention required|access (?:to this page )?(?:has been |is )?denied|"
    r"pardon our interruption|are you (?:a )?(?:ro)?bots?|before you continue.{0,30}|security (?:check|verification)|"
    r"(?:please )?(?:verify|confirm) (?:that )?you(?:['’]| a)re (?:a human|human|not a robot)|"
    r"(?:human|bot) verification|checking your browser.{0,40}|ddos-guard|(?:you have been )?blocked|captcha|"
    r"(?:error )?40[34](?: error)?(?:\W+(?:page )?(?:not found|forbidden))?|not found|service unavailable|"
    r"(?:page|file|article|story) not found(?:\W+404)?|seite nicht gefunden|page (?:introuvable|non trouvée)|"
    r"página no encontrada|страница не найдена|сторінку не знайдено|"
    r"we value your privacy|your privacy (?:choices|matters)|zustimmung|(?:cookie )?consent|cookie (?:settings|policy)|"
    r"(?:log ?in|sign in|subscribe)(?: to .{1,30})?)\W*",
    re.IGNORECASE,
)
"""A whole title, or its part before what is hung on it."""

_CHECKS = (
    r"(?:enable|turn on|activate|requires?|disabled|supports?|without) (?:cookies and )?(?:java ?script|js\b)|"
    r"java ?script (?:is|must|to)\b|aktivieren sie javascript|включите javascript|увімкніть javascript|"
    r"disable (?:any|your) ad ?blocker|checking your browser|enable cookies|"
    r"(?:verify|confirm) (?:that )?you(?:'re| are) (?:a )?(?:human|not a)|press (?:&|and) hold|"
    r"(?:you(?:'re| are|r browser is)|were|not) a (?:ro)?bot\b|are you a robot|"
    r"unusual (?:activity|traffic) from your|just a moment|access denied|you don't have permission to access|"
    r"page not found|404 not found|403 forbidden|service unavailable|"
    r"(?:page|article|story) (?:that )?you(?:'re| are| were|'ve)? ?(?:looking for|requested|trying to)\b|"
    r"browser (?:doesn't|does not) support frames"
)
_CONSENT = (
    r"\b(?:accept|manage|reject|allow|cookie)\w* (?:all\b|cookies?\b|consent|preferences|settings|polic\w+)|"
    r"\b(?:us(?:e|es|ing)|accept|reject|allow|stor(?:e|es|ing)|set|place|refuse|disable|enable)\b(?:\W++\w++){0,4}\W++cookies\b|"
    r"\b(?:you|we|our|us)\b(?=.*\b(?:personal data|consent|privacy (?:settings|policy|dashboard|choices))\b)|"
    r"\b(?:sie|ihre?|wir|uns)\b(?=.*(?:\bcookies\b|tracking\b|einwilligung|datenschutz))|"
    r"\b(?:vous|vos|nous)\b(?=.*\b(?:cookies|traceurs|consentement|données personnelles)\b)"
)
_OFFERS = (
    r"subscribe (?:now|today|to (?:continue|keep|read|unlock|access))|(?:already|become) a (?:subscriber|member)|"
    r"(?:sign|log) ?in(?: to (?:continue|read|keep|access|your account)|\W*$)|"
    r"register (?:for free )?to (?:continue|read)|create (?:a free|an|your) account|cancel (?:at )?any ?time|"
    r"choose your plan|unlimited access|start your (?:free )?trial|forgot(?:ten)? (?:your )?password|"
    r"^\W*(?:e-?mail(?: address)?|password)\W*$|"
    r"(?:article|story|content) is (?:only )?(?:available |reserved )?(?:for|to) (?:\w+ )?(?:subscribers|members)|"
    r"jetzt (?:abonnieren|registrieren|weiterlesen)|\w*-abo\b(?=.*€)|"
    r"réservée?s? (?:à nos|aux) abonnés|déjà abonné|abonnez-vous|suscríb(?:ete|ase)|ya eres suscriptor|"
    r"оформите подписку|уже подписаны|оформіть передплату"
)
_SAYS = (
    ("a check for robots, or an error", re.compile(_CHECKS, re.IGNORECASE)),
    ("a request to accept cookies", re.compile(_CONSENT, re.IGNORECASE)),
    ("an offer to subscribe or log in", re.compile(_OFFERS, re.IGNORECASE)),
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_HUNG = re.compile(r"(?<!\s)\s++[|–—·-]\s++")


def notice(lines: Sequence[str], titles: Sequence[str]) -> str | None:
    """What a page is if it is no article: a few words for a message.

    Args:
        lines: its text.
        titles: what it is called, by its window and headings.
    """
    size = sum(map(len, lines))
    if size > LONGEST:
        return None
    parts = [part for line in lines for part in _SENTENCES.split(line)]
    said = {what: sum(len(part) for part in parts if says.search(part)) for what, says in _SAYS}
    most = max(said, key=lambda what: said[what])
    if any(_TITLES.fullmatch(part) for title in titles for part in _HUNG.split(title)):
        return most if said[most] else "a notice"
    telling = [any(says.search(part) for _, says in _SAYS) for part in parts]
    if not any(telling):
        return None
    told = sum(len(part) for part, tells in zip(parts, telling, strict=True) if tells)
    whole = any(len(part) >= _PARAGRAPH and not tells for part, tells in zip(parts, telling, strict=True))
    return most if told >= _SHARE * size or (size <= _SHORT and not whole) else None
