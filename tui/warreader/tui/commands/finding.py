"""Commands that find: the search box, its results, what is lit."""

from __future__ import annotations

from warreader.tui.commands.command import Command

FINDING = (
    Command(
        "search.open",
        "Search",
        "Search all articles; results as you type",
        ("slash",),
        "search",
        footer="Search",
    ),
    Command(
        "search.order",
        "Order of results",
        "Next order of results: relevance, newest, oldest, outlet, title",
        ("O",),
        "search_order",
    ),
    Command(
        "search.facets",
        "Facets",
        "Go to outlets, dates, names and tags of the results: enter narrows, - leaves out",
        ("6",),
        "facets",
    ),
    Command(
        "search.exclude",
        "Leave out",
        "Search without the highlighted value of the facets",
        ("minus",),
        "screen.exclude",
        scope="list",
    ),
    Command(
        "search.fold",
        "Fold copies",
        "Show the copies of a story as one result, or each",
        ("U",),
        "fold_copies",
    ),
    Command("search.meant", "Did you mean", "Search for what was probably meant", ("Y",), "take_meant"),
    Command(
        "search.save", "Save search", "Keep the search under a name", ("ctrl+s",), "save_search", writes=True
    ),
    Command(
        "search.saved",
        "Saved searches",
        "Saved searches with what is new, and those made before",
        ("R",),
        "saved_searches",
    ),
    Command(
        "box.complete",
        "Take what is offered",
        "Take what is offered, else go to the next pane",
        ("tab",),
        "complete",
        scope="box",
        footer="Take",
    ),
    Command(
        "box.right",
        "Right",
        "A character right; at the end, take what is offered",
        ("right",),
        "right",
        scope="box",
    ),
    Command(
        "box.down",
        "Down",
        "Next of what is offered; else into the results",
        ("down",),
        "choose(1)",
        scope="box",
        footer="Choose",
    ),
    Command("box.up", "Up", "Previous of what is offered", ("up",), "choose(-1)", scope="box"),
    Command(
        "lit.next",
        "Next occurrence",
        "Next place of what is lit; past the end, in the next article",
        ("n",),
        "next_lit",
        footer="Next",
    ),
    Command("lit.previous", "Previous occurrence", "Previous place of what is lit", ("N",), "previous_lit"),
    Command(
        "follow",
        "Open, follow",
        "Open; in the article, follow the quotation or name under the cursor to where else it stands",
        ("enter",),
        "screen.follow",
        scope="text",
    ),
    Command("close", "Close", "Close, clear what is lit, leave a mode", ("escape",), "escape"),
)
