"""Commands on quotations: where else they stand, and what is wrong about one."""

from __future__ import annotations

from warreader.tui.commands.command import Command

QUOTATIONS = (
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
        writes=True,
    ),
    Command(
        "quotation.bounds",
        "Bounds of a quotation",
        "Select the quotation to move its bounds; pressed again, the selection is its bounds, or a quotation",
        ("B",),
        "quotation_bounds",
        writes=True,
    ),
    Command(
        "quotation.reject",
        "No quotation",
        "What is under the cursor is no quotation",
        ("X",),
        "reject_quotation",
        writes=True,
    ),
    Command(
        "quotation.join",
        "Join two quotations",
        "Hold this quotation or selection; pressed at another one, both are the same words",
        ("equals_sign",),
        "join_quotations",
        writes=True,
    ),
)
