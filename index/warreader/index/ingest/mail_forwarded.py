"""What was forwarded within a message's own text: the head that mail programs write above it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from warreader.index.article import Metadata
from warreader.index.ingest import mail_fields
from warreader.index.ingest.dates import iso_date

FORWARDS = re.compile(r"(?:\s*(?:fwd?|wg|tr|rv|enc|i|doorst|vs|пер|fw:\s*re)\s*:)+\s*", re.IGNORECASE)
"""What programs put before the subject of a message that is passed on."""

_MARKER = re.compile(
    r"[\s>-]*(?:(?:begin )?forwarded message|weitergeleitete nachricht|(?:début du )?message (?:transféré|réexpédié)|"
    r"mensaje reenviado|inizio messaggio inoltrato|пересылаемое сообщение|пересланное сообщение|"
    r"переслане повідомлення|(?:przekazana|dalej przesłana) wiadomość)\s*:?[\s>-]*",
    re.IGNORECASE,
)
_KEYS = {
    name: field
    for field, names in {
        "from": "from von de da od от від",
        "date": "date sent datum gesendet envoyé fecha enviado data дата отправлено надіслано wysłano",
        "subject": "subject betreff objet asunto oggetto assunto temat тема",
        "": "to an à para a do кому cc копия копія reply-to antwort an cci",
    }.items()
    for name in names.split()
} | {"от кого": "from", "від кого": "from"}
_FIELD = re.compile(r"\*{0,2}([^\W\d_][\w -]{0,11}?)\*{0,2}\s*:\*{0,2}\s*\|?\s*(.*)")
_LONGEST_OWN = 600
"""Code points that may be written above what is passed on; a longer text is the message itself."""
_UNSUBSCRIBES = re.compile(
    r"unsubscribe|view (?:this|it|in)\b.{0,30}browser|abmelden|abbestellen|désabonn|отписаться|відписатися",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """What was passed on, as its own head states it, and the lines (their numbers) of that head."""

    meta: Metadata
    head: range


def forwarded(lines: Sequence[str], *, told: bool) -> Forwarded | None:
    """The message passed on within a text; ``None`` where there is none, or more was written than passed on.

    Args:
        lines: of the text.
        told: whether the message's subject says that it is one passed on; else a line in the text must.
    """
    marker = next((at for at, line in enumerate(lines[:200]) if _MARKER.fullmatch(line)), None)
    if marker is None and not told:
        return None
    found = _head(lines, 0 if marker is None else marker + 1)
    if found is None:
        return None
    head, stated = found
    begin = head.start if marker is None else marker
    if sum(map(len, lines[:begin])) > _LONGEST_OWN or not any(line.strip() for line in lines[head.stop :]):
        return None
    name, address = mail_fields.named(stated["from"])
    many = any(_UNSUBSCRIBES.search(line) for line in lines[head.stop :])
    sender = (name or address or "").strip("*[] ") or None
    meta = Metadata(
        title=stated.get("subject") or None,
        outlet=sender if many else None,
        author=None if many else sender,
        date=iso_date(re.sub(r"\s(?:в|о|à|um|klo|alle|a las)\s", " ", stated.get("date", ""))),
    )
    return Forwarded(meta, range(begin, head.stop))


def _head(lines: Sequence[str], start: int) -> tuple[range, dict[str, str]] | None:
    """The first run of a message's fields that names its sender, and its subject or date."""
    at = start
    while at < min(len(lines), start + 200):
        stated: dict[str, str] = {}
        begin = at
        while at < len(lines) and (match := _FIELD.fullmatch(lines[at].lstrip(" >").rstrip())):
            field = _KEYS.get(match[1].lower())
            if field is None:
                break
            stated.setdefault(field, match[2].strip().strip("*").strip())
            at += 1
            # Some leave a blank line between any two.
            if (
                at + 1 < len(lines)
                and not lines[at].strip()
                and _FIELD.fullmatch(lines[at + 1].lstrip(" >").rstrip())
            ):
                at += 1
        if stated.get("from") and ("subject" in stated or "date" in stated):
            return range(begin, at), stated
        at += at == begin
    return None
