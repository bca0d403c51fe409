"""Who said it: one of those the article names, or a name as typed."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from warreader.index.api import Label, fold
from warreader.tui.screens.typing_ahead import AheadPicker
from warreader.tui.widgets.lists import plain

Picked = tuple[str, Label | None]
_NOBODY = "nobody is known to have said it"


class SpeakerPicker(AheadPicker[Picked]):
    """Leaves with a name and, where it is one of the article's names, its kind; an empty name: nobody is known.

    Args:
        quoted: the quotation, to be shown.
        known: whom the article names, in the order to be offered.
    """

    def __init__(self, quoted: str, known: Sequence[tuple[str, Label]]) -> None:
        super().__init__(
            "Who said it", about=f"▎{plain(quoted, 170)}", hint="enter chooses · esc leaves it as it is"
        )
        self._known = known
        self._choices: dict[str, Picked] = {}

    def offer(self, typed: str) -> None:
        """All names at first."""
        wanted = fold(typed)
        choices: list[Picked] = [known for known in self._known if wanted in fold(known[0])]
        choices.sort(key=lambda choice: not fold(choice[0]).startswith(wanted))
        if typed and wanted not in [fold(name) for name, _ in choices]:
            choices.append((typed, None))
        if not typed:
            choices.append(("", None))
        self._choices = {str(number): choice for number, choice in enumerate(choices)}
        self.fill((key, _row(*choice)) for key, choice in self._choices.items())

    def chosen(self, row: str) -> Picked:
        """The name and its kind."""
        return self._choices[row]


def _row(name: str, label: Label | None) -> Content:
    if not name:
        return Content.styled(_NOBODY, "italic")
    return Content.assemble(plain(name, 50), (f"  {label.value if label else 'as typed'}", "dim"))
