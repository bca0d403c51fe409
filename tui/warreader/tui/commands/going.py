"""Commands that go about: from article to article, from pane to pane."""

from __future__ import annotations

from warreader.tui.commands.command import Command

GOING = (
    Command("article.next", "Next article", "Open the next article in the list", ("J",), "next_article"),
    Command(
        "article.previous",
        "Previous article",
        "Open the previous article in the list",
        ("K",),
        "previous_article",
    ),
    Command("history.back", "Back", "Back in what was read", ("H",), "back"),
    Command("history.forward", "Forward", "Forward in what was read", ("L",), "forward"),
    Command("pane.next", "Next pane", "Go to the next pane", ("tab",), "next_pane"),
    Command("pane.previous", "Previous pane", "Go to the previous pane", ("shift+tab",), "previous_pane"),
    Command("pane.articles", "Articles", "Go to the articles or results", ("1",), "pane('articles')"),
    Command("pane.text", "Text", "Go to the article", ("2",), "pane('text')"),
    Command(
        "pane.entities",
        "Entities",
        "Go to the people, places, organisations and units",
        ("3",),
        "pane('entities')",
    ),
    Command("pane.quotations", "Quotations", "Go to the quotations", ("4",), "pane('quotations')"),
    Command("pane.notes", "Notes", "Go to the notes of all articles", ("5",), "pane('notes')"),
    Command("pane.maximise", "Maximise", "Show this pane alone, or all again", ("z",), "maximise"),
)
