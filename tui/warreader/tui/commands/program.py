"""Commands on the program as a whole."""

from __future__ import annotations

from warreader.tui.commands.command import Command

ADDING = (
    Command("add", "Add articles", "Add a file, a folder or an address", ("A",), "app.add", writes=True),
    Command("add.stop", "Stop adding", "Stop adding; what was stored stays", (), "app.stop_adding"),
    Command(
        "add.failures",
        "What failed",
        "What could not be added: file, place and reason",
        ("exclamation_mark",),
        "app.failures",
    ),
)

PROGRAM = (
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
)
