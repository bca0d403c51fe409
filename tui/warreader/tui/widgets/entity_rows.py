"""The rows of the entity pane: headings of kinds, entities, the forms of one that is opened. Drawn as they are seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, overload

from textual.binding import Binding, BindingType

from warreader.index.api import Label, Listed, Roll
from warreader.tui.commands import DEFAULT_KEYS, bindings
from warreader.tui.widgets.row_list import Draw, RowList

if TYPE_CHECKING:
    from warreader.tui.widgets.entity_pane import EntityPane

_STRETCH = 128
_KEPT_STRETCHES = 64


@dataclass(frozen=True, slots=True)
class Heading:
    """A kind of entity."""

    label: Label
    count: int
    open: bool


@dataclass(frozen=True, slots=True)
class FormRow:
    """A name under which an entity appears."""

    entity: Listed
    form: str
    mentions: int


Row = Heading | Listed | FormRow


@dataclass(slots=True)
class _Part:
    """Rows that follow one another: a heading, entities of one kind, or the forms of one."""

    start: int
    length: int
    label: Label
    first: int = 0
    forms: Sequence[FormRow] = ()
    heading: bool = False


@dataclass
class Rows:
    """Which row stands where. Entities are read by the stretch, as their rows are asked for."""

    roll: Roll
    closed: set[Label] = field(default_factory=set)
    _parts: list[_Part] = field(default_factory=list)
    _opened: dict[tuple[Label, int], Sequence[FormRow]] = field(default_factory=dict)
    _stretches: dict[tuple[Label, int], Sequence[Listed]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._lay()

    def _lay(self) -> None:
        self._parts, at = [], 0

        def part(label: Label, length: int, first: int = 0, forms: Sequence[FormRow] = ()) -> None:
            nonlocal at
            heading = not forms and first < 0
            self._parts.append(_Part(at, length, label, first, forms, heading))
            at += length

        for label, count in self.roll.counts.items():
            part(label, 1, -1)
            if label in self.closed:
                continue
            done = 0
            for place in sorted(place for held, place in self._opened if held is label):
                part(label, place + 1 - done, done)
                part(label, len(self._opened[label, place]), forms=self._opened[label, place])
                done = place + 1
            if done < count:
                part(label, count - done, done)

    def __len__(self) -> int:
        return self._parts[-1].start + self._parts[-1].length if self._parts else 0

    def _part(self, place: int) -> _Part:
        return self._parts[bisect_right(self._parts, place, key=lambda part: part.start) - 1]

    def at(self, place: int) -> Row | None:
        """The row at a place, from 0; ``None`` where there is none, as after entities have gone."""
        if not 0 <= place < len(self):
            return None
        part = self._part(place)
        if part.heading:
            return Heading(part.label, self.roll.counts[part.label], part.label not in self.closed)
        if part.forms:
            return part.forms[place - part.start]
        return self._entity(part.label, part.first + place - part.start)

    def _entity(self, label: Label, index: int) -> Listed | None:
        number, within = divmod(index, _STRETCH)
        key = (label, number)
        if key not in self._stretches:
            if len(self._stretches) >= _KEPT_STRETCHES:
                self._stretches.clear()
            self._stretches[key] = self.roll.stretch(label, number * _STRETCH, (number + 1) * _STRETCH)
        found = self._stretches[key]
        return found[within] if within < len(found) else None

    def warm(self) -> None:
        """Read what the first screen shows. Call off the event loop, before the rows are shown."""
        for place in range(0, min(60, len(self)), 20):
            self.at(place)

    def find(self, entity_id: str, within: int = 300) -> int | None:
        """Where an entity stands, if it is among the first so many of its kind."""
        for part in self._parts:
            if not part.heading and not part.forms:
                for index in range(part.first, min(part.first + part.length, within)):
                    entity = self._entity(part.label, index)
                    if entity is not None and entity.id == entity_id:
                        return part.start + index - part.first
        return None

    def toggle(self, label: Label) -> None:
        """Open or close a kind."""
        self.closed ^= {label}
        self._lay()

    def heading_of(self, place: int) -> int:
        """The place of the heading above a row."""
        label = self._part(place).label
        return next(part.start for part in self._parts if part.heading and part.label is label)

    def index_of(self, place: int) -> tuple[Label, int] | None:
        """Kind and number of the entity in a row, or of the one whose form it is."""
        part = self._part(place)
        if part.heading:
            return None
        if part.forms:
            before = self._part(part.start - 1)
            return before.label, before.first + before.length - 1
        return part.label, part.first + place - part.start

    def place_of(self, index: tuple[Label, int]) -> int:
        """The place of an entity's row."""
        label, number = index
        part = next(
            part
            for part in self._parts
            if part.label is label
            and not part.heading
            and not part.forms
            and part.first <= number < part.first + part.length
        )
        return part.start + number - part.first

    def is_open(self, index: tuple[Label, int]) -> bool:
        """Whether an entity's forms are shown."""
        return index in self._opened

    def open(self, index: tuple[Label, int], forms: Sequence[FormRow]) -> None:
        """Show an entity's forms."""
        if forms:
            self._opened[index] = forms
            self._lay()

    def close(self, index: tuple[Label, int]) -> None:
        """Show them no more."""
        self._opened.pop(index, None)
        self._lay()


class _Places(Sequence[str]):
    """Places as the ids of rows; a hundred thousand of them take no room."""

    def __init__(self, length: int) -> None:
        self._length = length

    def __len__(self) -> int:
        return self._length

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[str]: ...
    def __getitem__(self, index: int | slice) -> str | Sequence[str]:
        found = range(self._length)[index]
        return str(found) if isinstance(found, int) else [str(place) for place in found]


class _PlaceOf(dict[str, int]):
    """From those ids back."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self._length = length

    def __contains__(self, key: object) -> bool:
        return isinstance(key, str) and key.isdigit() and int(key) < self._length

    def __missing__(self, key: str) -> int:
        if key not in self:
            raise KeyError(key)
        return int(key)

    def get(self, key: str, default: Any = None) -> Any:
        """The place, or something else where there is no such row."""
        return int(key) if key in self else default

    def __iter__(self) -> Iterator[str]:
        return iter(_Places(self._length))


class EntityRows(RowList):
    """A list of so many rows, told by their places."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("entities", DEFAULT_KEYS),
        Binding("right", "open", show=False),
        Binding("left", "shut", show=False),
    ]
    key_scopes = ("entities", "list", "global")

    def __init__(self, draw: Draw, *, id: str) -> None:
        super().__init__(draw, id=id)

    def show_many(self, count: int, *, at: int | None = None) -> None:
        """Show so many rows.

        Args:
            at: the place to highlight; ``None``: the one highlighted before.
        """
        before = self._at or 0
        self._ids, self._places = _Places(count), _PlaceOf(count)
        self._lines = 1
        self._strips.clear()
        self._hover = None
        self._at = None if not count else min(before if at is None else at, count - 1)
        self._size_up()
        self._reveal()
        self.refresh()

    def action_scope(self) -> None:
        """Another scope."""
        self._pane.action_scope()

    def action_filter(self) -> None:
        """To the filter box."""
        self._pane.action_filter()

    def action_open(self) -> None:
        """Show an entity's forms."""
        self._pane.action_open()

    def action_shut(self) -> None:
        """Show them no more."""
        self._pane.action_shut()

    @property
    def _pane(self) -> EntityPane:
        from warreader.tui.widgets.entity_pane import EntityPane

        return next(node for node in self.ancestors if isinstance(node, EntityPane))
