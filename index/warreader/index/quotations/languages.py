"""Who said what stands in marks, in Russian, Ukrainian, German and French: by the plainest of reports beside it.

Speech without marks is read in English only. Here a verb of saying right after the marks, or before a colon that
leads to them, names the speaker: «...», — сказал Иванов; „...“, sagte Merkel; Emmanuel Macron a déclaré : « ... ».
"""

from __future__ import annotations

import re

from warreader.index.article import Span

REACH = 160
"""Code points beside the marks that are looked at."""

_VERBS = "|".join(
    [
        # Russian and Ukrainian, he and she and they.
        r"(?:сказа|заяви|сообщи|отмети|добави|подчеркну|написа|ответи|поясни|рассказа|утвержда|предупреди|призва)л[аи]?",
        r"(?:говорит|считает|заявляет|пишет|утверждает|говорят|заявляют)",
        r"(?:сказа|заяви|повідоми|зазначи|дода|наголоси|підкресли|написа|відпові|поясни|розпові|запевни)(?:в|ла|ли)",
        r"(?:каже|вважає|пише|заявляє)",
        # German and French.
        r"(?:sagte|sagt|erklärte|betonte|schrieb|warnte|meinte|kritisierte|forderte|berichtete|sagten|erklärten)",
        r"(?:a|ont) (?:déclaré|affirmé|dit|indiqué|ajouté|souligné|expliqué|écrit|annoncé|assuré|estimé|précisé|lancé)",
        r"(?:déclare|affirme|explique|estime|assure|raconte)",
    ]
)
_UPPER = "A-ZÀ-ÖØ-ÞŁŚŻА-ЯЁЄІЇҐ"
_PROPER = rf"[{_UPPER}][\w'’-]*+"
_NAME = rf"(?:[^\W\d_][\w'’.-]*+ ){{0,5}}?{_PROPER}(?: (?:(?:von|van|de|du|der|la|le) )?{_PROPER}){{0,3}}+"
_AFTER = re.compile(rf"[,.]?\s?[,.]?\s?[—–-]?\s?(?P<cue>{_VERBS})\s(?P<who>{_NAME})")
_BEFORE = re.compile(rf"(?P<who>{_NAME})\s(?P<cue>{_VERBS})(?:[ ,][^.!?:;«»„“”\"\n]{{0,80}})?\s?:\s?$")
_ANY = re.compile(_VERBS)


def stated(text: str, marks: Span, line: Span) -> tuple[Span, Span] | None:
    """The cue and the speaker beside a stretch in marks.

    Args:
        text: the stored text.
        marks: the stretch, marks included.
        line: the line it stands in; nothing beyond is looked at.
    """
    after = _AFTER.match(text, marks.end, min(line.end, marks.end + REACH))
    if after is not None:
        return Span(*after.span("cue")), Span(*after.span("who"))
    start = max(line.start, marks.start - REACH)
    led = text[start : marks.start].rstrip()
    # The colon and the verb are looked for first: most marks have neither.
    if not led.endswith(":") or _ANY.search(led) is None:
        return None
    before = _BEFORE.search(text, start, marks.start)
    return None if before is None else (Span(*before.span("cue")), Span(*before.span("who")))
