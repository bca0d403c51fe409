"""Which language a text is in, by pycld2 (the Compact Language Detector 2 of Chrome)."""

from __future__ import annotations

import re

_LEAST = 40
"""Letters under which nothing is said."""
_MOST = 600
"""Code points that are looked at, from the middle of the text, where no menu and no byline is."""
# Control characters and lone surrogates, which the detector refuses, and addresses, which mislead it.
_UNREADABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U0001fffe-\U0010ffff]"
)
_ENGLISH = (" the ", " of ", " and ", " to ", " that ", " was ", " for ", " with ", " said ")
_PLAINLY = 11
"""So many function words among what is looked at, as English prose has, are no other language's."""
_ADDRESS = re.compile(r"(?:https?://|www\.)\S{1,200}|[\w.-]{1,64}@[\w.-]{1,64}")
_CODES = {"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "no": "nb", "zh-Hant": "zh", "sr-Latn": "sr"}
"""What the detector calls by other codes than ISO 639-1 does today."""


_ENOUGH = 1000
"""Code points from which a text can speak against what is stated of it."""
_ALIKE = (
    "bs hr me sh sr",
    "da nb nn no sv",
    "id ms",
    "gl pt",
    "ca es oc",
    "cs sk",
    "bg mk",
    "hi mr ne",
    "fa ps ur",
)
"""Languages that the detector takes for each other now and then."""


def confirmed(stated: str, text: str) -> str:
    """The language that is stated of a text, unless it is plainly in another: templates are copied unread.

    Args:
        stated: an ISO 639-1 code.
        text: stored text.
    """
    found = detect(text)
    if found is None or found == stated or len(text) < _ENOUGH:
        return stated
    if any(found in group.split() and stated in group.split() for group in _ALIKE):
        return stated
    half = len(text) // 2
    return found if detect(text[:half]) == detect(text[half:]) == found else stated


def detect(text: str) -> str | None:
    """The language of a text.

    Args:
        text: stored text, or the body of it.

    Returns:
        An ISO 639-1 code, or ``None`` where the text has fewer than forty
        letters or the detector isn't sure.
    """
    start = max(0, (len(text) - _MOST) // 2)
    sample = " ".join(text[start : start + _MOST].split())
    if not sample.isprintable():
        sample = _UNREADABLE.sub(" ", sample)
    if "www." in sample or "://" in sample or "@" in sample:
        sample = _ADDRESS.sub(" ", sample)
    if len(sample) >= 10 * _LEAST and sum(map(sample.count, _ENGLISH)) >= _PLAINLY:
        # It is what the detector says of all such texts, in a tenth of the time.
        return "en"
    if len(sample) < 10 * _LEAST and sum(map(str.isalpha, sample)) < _LEAST:
        return None
    import pycld2

    try:
        reliable, _, found = pycld2.detect(sample.encode("utf-8"), isPlainText=True)
    except pycld2.error:
        return None
    code = found[0][1]
    if not reliable or code == "un":
        return None
    code = _CODES.get(code, code.partition("-")[0])
    return code if len(code) == 2 else None
