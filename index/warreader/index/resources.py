"""Where shipped data lies: beside the sources in a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path


def data_folder(package: Path, name: str) -> Path:
    """The folder ``name`` of shipped data.

    Args:
        package: folder of the package that carries it in a wheel.
        name: ``seeds`` or ``themes``.

    Raises:
        FileNotFoundError: the installation is incomplete.
    """
    inside = package / name
    # In a checkout the package lies at ROOT/(index|tui)/warreader/(index|tui).
    beside = package.parents[2] / name
    for folder in (inside, beside):
        if folder.is_dir():
            return folder
    raise FileNotFoundError(f"{inside}: missing from this installation; reinstall warreader")


def seeds_folder() -> Path:
    """The five articles that ship with warreader."""
    return data_folder(Path(__file__).parent, "seeds")
