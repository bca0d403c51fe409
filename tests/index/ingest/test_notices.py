"""Pages that hold a notice in an article's place, and articles that speak of the same."""

from __future__ import annotations

import pytest

from warreader.index.ingest.notices import notice

_STORY = "The bridge over the strait was hit twice in the night on Monday, two officials in the region told reporters."


@pytest.mark.parametrize(
    ("lines", "titles", "told"),
    [
        (["Please enable JS and disable any ad blocker"], ["example.org"], "robots"),
        ([], ["Just a moment..."], "notice"),
        (["Press & Hold to confirm you are a human (and not a bot).", "Reference ID 123"], [], "robots"),
        (["Something about your browser made us think you were a bot.", "You move too fast. " * 9],
         ["Pardon Our Interruption"], "robots"),
        (["Sorry, the page you were looking for is not here. Try again."], ["Page not found – X"], "error"),
        (["We use cookies to keep our services going.", "If you want to change your mind about cookies, say so."],
         ["Example Post"], "cookies"),
        (["Besuchen Sie uns wie gewohnt mit Werbung und Tracking."], ["Beispiel"], "cookies"),
        (["Subscribe to continue reading", "Already a subscriber? Sign in"], ["A bridge"], "subscribe"),
        (["Cet article est réservé aux abonnés.", "Déjà abonné ? Connectez-vous"], ["Le pont"], "subscribe"),
    ],
)  # fmt: skip
def test_a_notice_is_told(lines: list[str], titles: list[str], told: str) -> None:
    found = notice(lines, titles)
    assert found is not None
    assert told in found


@pytest.mark.parametrize(
    ("lines", "titles"),
    [
        ([_STORY], ["The bridge is hit"]),
        ([_STORY, "Subscribe to continue reading"], ["The bridge is hit"]),
        ([_STORY, "We use cookies."], ["The bridge is hit"]),
        ([f"{_STORY} The access was denied to reporters."], ["Access denied: reporters at the bridge"]),
        (["If you accept all cookies, we know you."] * 100, ["What cookies are for"]),
        ([], []),
    ],
)
def test_an_article_is_none(lines: list[str], titles: list[str]) -> None:
    assert notice(lines, titles) is None
