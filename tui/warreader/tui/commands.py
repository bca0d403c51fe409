"""Every command once: its id, what it is called, what it does, its keys.

Footer, key help, command palette, key map and ``warreader keys`` all come from
this list, so that none of them can tell another story.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.binding import BindingType


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    ``keys`` are Textual key names; two keys with a space between are pressed
    one after the other. ``scope`` is where the keys hold: ``global`` everywhere
    but in a text field, ``text`` in the article, ``list`` in lists, ``entities`` in that of names, ``quotations``
    in that of quotations, ``notes`` in that of notes, ``box`` in the search box.
    ``footer`` is its name in the footer, empty to leave it out there.
    """

    id: str
    title: str
    help: str
    keys: tuple[str, ...]
    action: str
    scope: str = "global"
    footer: str = ""


SCOPES: Mapping[str, str] = {
    "global": "Everywhere",
    "box": "In the search box",
    "text": "In the article",
    "list": "In lists",
    "entities": "In the list of names",
    "quotations": "In the list of quotations",
    "notes": "In the list of notes",
}

COMMANDS: tuple[Command, ...] = (
    # finding
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
    Command("search.save", "Save search", "Keep the search under a name", ("ctrl+s",), "save_search"),
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
    # annotating
    Command(
        "annotate",
        "Annotate",
        "Note and tags: for the selection, or the annotation at the cursor",
        ("a",),
        "annotate",
        footer="Note",
    ),
    Command("mark", "Mark", "Mark the selection with the current tag at once", ("m",), "mark", footer="Mark"),
    Command("tag", "Tag", "Pick or make a tag; it becomes the current one", ("t",), "tag", footer="Tag"),
    Command(
        "annotation.delete",
        "Delete annotation",
        "Delete the annotation under the cursor",
        ("x",),
        "delete_annotation",
    ),
    Command(
        "annotate.article",
        "Note on the article",
        "Note and tags for the article as a whole",
        ("g a",),
        "annotation('article')",
    ),
    Command(
        "annotate.entity",
        "Note on the name",
        "Note and tags for the person, place or organisation under the cursor, wherever named",
        ("g e",),
        "annotation('entity')",
    ),
    Command(
        "annotate.words",
        "Note on words everywhere",
        "Note and tags for the selection or quotation, shown in every article that has those words",
        ("g w",),
        "annotation('words')",
    ),
    Command(
        "note.edit",
        "Note in the editor",
        "Write the note of the selection or annotation in $EDITOR",
        ("E",),
        "annotation('edit')",
    ),
    Command(
        "annotation.show",
        "Annotation in full",
        "The whole note, and when the annotation was made and changed",
        ("I",),
        "annotation('show')",
    ),
    Command(
        "mark.all",
        "Mark all",
        "Mark all places of the selected words, here or in all articles; asks with the count",
        ("M",),
        "annotation('all')",
    ),
    Command(
        "annotation.cycle",
        "Annotation beneath",
        "Choose the next of the annotations that overlap under the cursor",
        ("semicolon",),
        "annotation('cycle')",
    ),
    Command(
        "boundary.start_back",
        "Start a word back",
        "Move the start of the selection or annotation a word back",
        ("comma",),
        "annotation('start_back')",
    ),
    Command(
        "boundary.start",
        "Start a word on",
        "Move the start of the selection or annotation a word on",
        ("full_stop",),
        "annotation('start')",
    ),
    Command(
        "boundary.end_back",
        "End a word back",
        "Move the end of the selection or annotation a word back",
        ("less_than_sign",),
        "annotation('end_back')",
    ),
    Command(
        "boundary.end",
        "End a word on",
        "Move the end of the selection or annotation a word on",
        ("greater_than_sign",),
        "annotation('end')",
    ),
    Command(
        "codes",
        "Code book",
        "The tree of tags: colours, descriptions, renaming",
        ("C",),
        "annotation('codes')",
    ),
    Command(
        "results.tag",
        "Tag all results",
        "Give all articles found a tag, each as a whole",
        ("g t",),
        "annotation('results')",
    ),
    Command(
        "notes.filter",
        "Filter notes",
        "Filter the notes of all articles: words, #tag, outlet:, date:2022-03",
        ("g f",),
        "annotation('filter')",
    ),
    Command("undo", "Undo", "Take back the last change to annotations", ("u",), "undo"),
    Command("redo", "Redo", "Do again what was taken back", ("ctrl+r",), "redo"),
    Command(
        "annotation.next",
        "Next annotation",
        "Go to the next annotation in the article",
        ("right_square_bracket",),
        "next_annotation",
    ),
    Command(
        "annotation.previous",
        "Previous annotation",
        "Go to the previous annotation in the article",
        ("left_square_bracket",),
        "previous_annotation",
    ),
    Command(
        "copy",
        "Copy with citation",
        "Copy the selection with title, outlet, date and address",
        ("y",),
        "copy",
    ),
    Command(
        "compare",
        "Compare versions",
        "All versions of the quotation side by side, differences shown",
        ("c",),
        "compare",
        footer="Compare",
    ),
    Command(
        "quotations.everywhere",
        "Quotations of the library",
        "The quotations that stand in most articles, by speaker, outlet and time; search in all of them",
        ("g q",),
        "library_quotations",
    ),
    Command(
        "quotation.suggestions",
        "In other words",
        "Statements of the same speaker that may be this quotation in other words",
        ("g o",),
        "suggestions",
    ),
    Command(
        "quotation.speaker",
        "Who said it",
        "Correct who said the quotation",
        ("p",),
        "quotation_speaker",
    ),
    Command(
        "quotation.bounds",
        "Bounds of a quotation",
        "Select the quotation to move its bounds; pressed again, the selection is its bounds, or a quotation",
        ("B",),
        "quotation_bounds",
    ),
    Command(
        "quotation.reject",
        "No quotation",
        "What is under the cursor is no quotation",
        ("X",),
        "reject_quotation",
    ),
    Command(
        "quotation.join",
        "Join two quotations",
        "Hold this quotation or selection; pressed at another one, both are the same words",
        ("equals_sign",),
        "join_quotations",
    ),
    Command(
        "line.kind",
        "Line kind",
        "Correct what the lines under the cursor or selection are: headline, body, furniture and so on",
        ("F",),
        "line_kind",
    ),
    # about the article
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
    # going about
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
    # the article's looks and state
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
    Command("article.read", "Read or unread", "Mark the article read or unread", ("r",), "toggle_read"),
    Command("article.star", "Star", "Star the article or take the star off", ("asterisk",), "toggle_star"),
    # adding
    Command("add", "Add articles", "Add a file, a folder or an address", ("A",), "app.add"),
    Command("add.stop", "Stop adding", "Stop adding; what was stored stays", (), "app.stop_adding"),
    Command(
        "add.failures",
        "What failed",
        "What could not be added: file, place and reason",
        ("exclamation_mark",),
        "app.failures",
    ),
    # the app
    Command("themes", "Themes", "Choose the colours; shown as you move", ("T",), "app.themes"),
    Command("help", "Keys", "All keys", ("question_mark",), "app.help", footer="Keys"),
    Command("palette", "Command palette", "Find any command by name", ("ctrl+p",), "app.command_palette"),
    Command(
        "screenshot",
        "Screenshot",
        "Save the screen as a picture (SVG) in the folder you started in",
        (),
        "app.screenshot",
    ),
    Command(
        "suspend", "Suspend", "Back to the shell; fg comes back here", ("ctrl+z",), "app.suspend_process"
    ),
    Command("quit", "Quit", "Leave; everything is kept", ("q",), "app.quit", footer="Quit"),
    # motions in the article
    Command("cursor.down", "Down", "One row down", ("j", "down"), "move('down')", scope="text"),
    Command("cursor.up", "Up", "One row up", ("k", "up"), "move('up')", scope="text"),
    Command("cursor.left", "Left", "One character left", ("h", "left"), "move('left')", scope="text"),
    Command("cursor.right", "Right", "One character right", ("l", "right"), "move('right')", scope="text"),
    Command(
        "cursor.word", "Next word", "To the start of the next word", ("w",), "move('word')", scope="text"
    ),
    Command(
        "cursor.word_back",
        "Word back",
        "To the start of this or the previous word",
        ("b",),
        "move('word_back')",
        scope="text",
    ),
    Command(
        "cursor.word_end",
        "End of word",
        "To the end of this or the next word",
        ("e",),
        "move('word_end')",
        scope="text",
    ),
    Command(
        "cursor.line_start",
        "Start of line",
        "To the start of the line",
        ("0",),
        "move('line_start')",
        scope="text",
    ),
    Command(
        "cursor.line_end",
        "End of line",
        "To the end of the line",
        ("dollar_sign",),
        "move('line_end')",
        scope="text",
    ),
    Command(
        "cursor.paragraph_back",
        "Paragraph back",
        "To the previous paragraph",
        ("left_curly_bracket",),
        "move('paragraph_back')",
        scope="text",
    ),
    Command(
        "cursor.paragraph",
        "Paragraph",
        "To the next paragraph",
        ("right_curly_bracket",),
        "move('paragraph')",
        scope="text",
    ),
    Command("cursor.page", "Page down", "One page down", ("space", "pagedown"), "move('page')", scope="text"),
    Command("cursor.page_up", "Page up", "One page up", ("pageup",), "move('page_up')", scope="text"),
    Command(
        "cursor.half_page",
        "Half a page down",
        "Half a page down",
        ("ctrl+d",),
        "move('half_page')",
        scope="text",
    ),
    Command(
        "cursor.half_page_up",
        "Half a page up",
        "Half a page up",
        ("ctrl+u",),
        "move('half_page_up')",
        scope="text",
    ),
    Command("cursor.first", "First", "To the top", ("g g", "home"), "move('first')", scope="text"),
    Command("cursor.last", "Last", "To the end", ("G", "end"), "move('last')", scope="text"),
    Command(
        "select",
        "Select",
        "Start or stop selecting at the cursor",
        ("v",),
        "select",
        scope="text",
        footer="Select",
    ),
    Command(
        "select.other_end",
        "Other end",
        "Go to the other end of the selection",
        ("o",),
        "other_end",
        scope="text",
    ),
    Command(
        "select.sentence",
        "Select sentence",
        "Select the sentence under the cursor; again, one more",
        ("s",),
        "select_sentence",
        scope="text",
        footer="Sentence",
    ),
    Command(
        "select.quotation",
        "Select quotation",
        "Select the quotation under the cursor",
        ("Q",),
        "screen.select_quotation",
        scope="text",
    ),
    Command(
        "select.paragraph",
        "Select paragraph",
        "Select the paragraph under the cursor; again, one more",
        ("P",),
        "select_paragraph",
        scope="text",
    ),
    Command(
        "select.lit",
        "Select the lit place",
        "Select the hit under the cursor, or the next one",
        ("g n",),
        "screen.annotation('lit')",
        scope="text",
    ),
    # motions in lists
    Command("list.down", "Down", "One row down", ("j",), "cursor_down", scope="list"),
    Command("list.up", "Up", "One row up", ("k",), "cursor_up", scope="list"),
    Command("list.page", "Page down", "One page down", ("space", "ctrl+d"), "page_down", scope="list"),
    Command("list.page_up", "Page up", "One page up", ("ctrl+u",), "page_up", scope="list"),
    Command("list.first", "First", "To the top", ("g g",), "first", scope="list"),
    Command("list.last", "Last", "To the end", ("G",), "last", scope="list"),
    # names
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
    # quotations
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
    # notes
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

DEFAULT_KEYS: Mapping[str, tuple[str, ...]] = {command.id: command.keys for command in COMMANDS}


def known() -> dict[str, tuple[str, tuple[str, ...]]]:
    """Scope and default keys of every command, as the configuration checks them."""
    return {command.id: (command.scope, command.keys) for command in COMMANDS}


def bindings(scope: str, keys: Mapping[str, tuple[str, ...]]) -> list[BindingType]:
    """Textual bindings of one scope. Two-key sequences are left to :mod:`warreader.tui.keys`."""
    from textual.binding import Binding

    found: list[BindingType] = []
    for command in COMMANDS:
        single = [key for key in keys[command.id] if " " not in key]
        if command.scope == scope and single:
            found.append(
                Binding(
                    ",".join(single),
                    command.action,
                    command.footer or command.title,
                    show=bool(command.footer),
                    tooltip=command.help,
                    id=command.id,
                )
            )
    return found


_SHOWN = {
    "escape": "esc", "minus": "-",
    "comma": ",", "full_stop": ".", "semicolon": ";", "less_than_sign": "<", "greater_than_sign": ">",
    "slash": "/", "question_mark": "?", "asterisk": "*", "dollar_sign": "$", "exclamation_mark": "!",
    "equals_sign": "=",
    "left_square_bracket": "[", "right_square_bracket": "]",
    "left_curly_bracket": "{", "right_curly_bracket": "}",
}  # fmt: skip


def shown(key: str) -> str:
    """A key as a user writes it: ``?`` for ``question_mark``."""
    return " ".join(_SHOWN.get(part, part) for part in key.split(" "))


WRITING = frozenset(
    {
        "annotate",
        "annotate.article",
        "annotate.entity",
        "annotate.words",
        "annotation.delete",
        "article.read",
        "article.star",
        "add",
        "boundary.end",
        "boundary.end_back",
        "boundary.start",
        "boundary.start_back",
        "details.edit",
        "line.kind",
        "mark",
        "mark.all",
        "note.edit",
        "quotation.bounds",
        "quotation.join",
        "quotation.reject",
        "quotation.speaker",
        "redo",
        "results.tag",
        "search.save",
        "tag",
        "undo",
    }
)
"""Ids of the commands that have no use where nothing can be kept."""
