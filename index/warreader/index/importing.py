"""Taking in a file of what readers made: annotations, tags, corrections or rulings, told apart by what it holds."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from warreader.index.annotations import sniffing
from warreader.index.annotations.importing import addresses
from warreader.index.annotations.sniffing import Merged
from warreader.index.corrections import records as corrections
from warreader.index.corrections.model import Correction
from warreader.index.corrections.settling import settle
from warreader.index.gestures import ahead
from warreader.index.rulings import records as rulings

if TYPE_CHECKING:
    from warreader.index.library import Library


def reading(path: Path, data: bytes | None = None) -> Callable[[Library], Merged]:
    """Read a file whole; what is returned takes it in.

    Args:
        data: what it holds, where that is read already.

    Raises:
        InputError: it holds nothing that can be taken in, or something of it can't be read.
        OSError: it can't be opened.
        UnicodeDecodeError: it is no UTF-8.
    """
    if data is None:
        data = path.read_bytes()
    text = data.decode("utf-8-sig", "replace")
    named_yaml = path.suffix.lower() in (".yaml", ".yml")
    if rulings.holds_rulings(text, named_yaml=named_yaml):
        ruled = rulings.read(data.decode("utf-8-sig"), named_yaml=named_yaml)
        return lambda library: Merged(*library.rulings.merge(ruled), ahead=ahead(ruled))
    if corrections.holds_corrections(text):
        corrected = corrections.read_jsonl(data.decode("utf-8-sig").split("\n"))
        known = addresses(text)
        return lambda library: _correct(library, corrected, known)
    return sniffing.read(data).merge


def _correct(library: Library, corrected: Sequence[Correction], known: Mapping[str, str]) -> Merged:
    settled, missing = settle(corrected, library, known)
    return Merged(*library.corrections.merge(settled), missing=missing, ahead=ahead(settled))
