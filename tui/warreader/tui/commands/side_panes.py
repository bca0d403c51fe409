"""Commands of the lists beside the article, where they have keys of their own."""

from __future__ import annotations

from warreader.tui.commands.command import Command

IN_SIDE_PANES = (
    Command(
        "entities.scope",
        "Names of what",
        "List the names of the article, of the results, of the whole library",
        ("w",),
        "scope",
        scope="entities",
        footer="Scope",
    ),
    Command(
        "entities.filter",
        "Filter names",
        "Only names that begin as you type, of all there are",
        ("o",),
        "filter",
        scope="entities",
        footer="Filter",
    ),
    Command(
        "entities.open",
        "Forms of a name",
        "Show under which names it appears, and how often",
        ("l",),
        "open",
        scope="entities",
    ),
    Command("entities.close", "Close", "Close the forms, or the kind", ("h",), "shut", scope="entities"),
    Command(
        "quotations.scope",
        "Quotations of what",
        "List the quotations of the article, of the results",
        ("w",),
        "scope",
        scope="quotations",
        footer="Scope",
    ),
    Command(
        "quotations.elsewhere",
        "Quotations that stand elsewhere",
        "Only the quotations that stand in other articles too, or all",
        ("o",),
        "elsewhere",
        scope="quotations",
        footer="Elsewhere",
    ),
    Command(
        "notes.scope",
        "Notes of what",
        "List the notes on all articles, on the results",
        ("w",),
        "scope",
        scope="notes",
        footer="Scope",
    ),
)
