"""What documents state of themselves, which programs fill in where nobody did."""

from __future__ import annotations

import re

LONGEST_TITLE = 250
"""Code points; what is longer is no title."""

_PROGRAM_TITLE = re.compile(
    r"microsoft word\b.*|untitled.*|unknown|(?:new |word )*(?:document|dokument)[ _-]?\(?\d*\)?|slide \d+|"
    r"powerpoint presentation|print(?:ing)?|\W*|.*\.(?:docx?|odt|indd|qxp|pdf|tex|rtf|dvi)|"
    r"(?=[\w-]*?\d{4})[\w-]*+|about:blank|https?://\S+",
    re.IGNORECASE,
)
_PROGRAM_AUTHOR = re.compile(
    r"\W*|\W?(?:admin\w*|anonymous|user|owner|unknown|author|python-docx|windows.*|microsoft.*|root)\d*\W?",
    re.IGNORECASE,
)


def title(stated: str) -> str | None:
    """A stated title on one line; ``None`` where a program put it there, or it is too long for one."""
    line = " ".join(stated.split())
    return None if len(line) > LONGEST_TITLE or _PROGRAM_TITLE.fullmatch(line) else line


def author(stated: str) -> str | None:
    """A stated author on one line; ``None`` where a program put it there."""
    line = " ".join(stated.split())
    return None if _PROGRAM_AUTHOR.fullmatch(line) else line
