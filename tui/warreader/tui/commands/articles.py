"""Commands on the open article."""

from __future__ import annotations

from warreader.tui.commands.command import Command

ABOUT = (
    Command(
        "line.kind",
        "Line kind",
        "Correct what the lines under the cursor or selection are: headline, body, furniture and so on",
        ("F",),
        "line_kind",
        writes=True,
    ),
    Command(
        "details",
        "Details",
        "What is known about the article; e there fills in or corrects it",
        ("i",),
        "details",
    ),
    Command(
        "details.edit",
        "Edit details",
        "Correct what is known about the article",
        ("e",),
        "screen.details(True)",
        scope="list",
        writes=True,
    ),
    Command(
        "versions",
        "Versions of the article",
        "What changed from version to version of the article",
        ("V",),
        "versions",
    ),
    Command(
        "copies",
        "Copies of the story",
        "The outlets that carry the same story; enter opens one",
        ("S",),
        "copies",
    ),
    Command(
        "name",
        "Dossier of a name",
        "The name under the cursor: when it is named, why its forms are one, where it leads; set it right there",
        ("d",),
        "name",
    ),
)
"""What is known about it."""

LOOKS = (
    Command(
        "furniture",
        "Furniture",
        "Fold or show share buttons, related links and the like",
        ("f",),
        "furniture",
    ),
    Command(
        "layer.entities", "Names on or off", "Show or hide the marking of names", ("f3",), "layer('entities')"
    ),
    Command(
        "layer.quotations",
        "Quotations on or off",
        "Show or hide the marking of quotations",
        ("f4",),
        "layer('quotations')",
    ),
    Command(
        "layer.highlights",
        "Highlights on or off",
        "Show or hide your own highlights",
        ("f5",),
        "layer('highlights')",
    ),
    Command("layer.hits", "Hits on or off", "Show or hide the lit words", ("f6",), "layer('hits')"),
    Command(
        "article.read",
        "Read or unread",
        "Mark the article read or unread",
        ("r",),
        "toggle_read",
        writes=True,
    ),
    Command(
        "article.star",
        "Star",
        "Star the article or take the star off",
        ("asterisk",),
        "toggle_star",
        writes=True,
    ),
    Command(
        "article.remove",
        "Remove article",
        "Take the article out of the library; asks first, notes on it are kept",
        ("D",),
        "remove",
        writes=True,
    ),
)
"""How it is shown, and its state."""
