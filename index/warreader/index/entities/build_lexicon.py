"""Compile the hand-written lists (``data/*.yaml``) into ``data/lexicon.json``.

Run ``python -m warreader.index.entities.build_lexicon`` after every change of a list.
Parsing YAML takes some hundred times longer than parsing JSON, and the lists
are needed at every start. A test checks that the compiled file is up to date.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from warreader.index.entities.names import slug

DATA = Path(__file__).parent / "data"
LISTS = ("people", "states", "regions", "peoples", "bodies", "units", "events", "weapons")


def compile_lists(folder: Path = DATA) -> dict[str, Any]:
    """Read the lists.

    Returns:
        ``entities``: rows of id, label, whether the forms name it only after
        "the", and its forms, display name first; ``peoples``: the state of a people, ``statesmen``: of a person, by
        their ids; ``words``: word lists by name.
    """
    rows: list[list[Any]] = []
    peoples: dict[str, str] = {}
    for name in LISTS:
        for section in yaml.safe_load((folder / f"{name}.yaml").read_text("utf-8")):
            rows += _states(section["states"], peoples) if "states" in section else _section(section)
    words = yaml.safe_load((folder / "words.yaml").read_text("utf-8"))
    return {
        "entities": rows,
        "peoples": peoples,
        "statesmen": _statesmen(yaml.safe_load((folder / "statesmen.yaml").read_text("utf-8"))),
        "words": {name: sorted(set(listed.split())) for name, listed in words.items()},
    }


def _section(section: dict[str, Any]) -> list[list[Any]]:
    after_the = bool(section.get("article", False))
    return [
        [f"{section['prefix']}:{name}", section["label"], after_the, forms]
        for name, forms in section["names"].items()
    ]


def _states(states: dict[str, Any], peoples: dict[str, str]) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for name, (forms, people) in states.items():
        rows.append([f"place:{name}", "GPE", False, forms])
        if people:
            rows.append([f"norp:{slug(people[0])}", "NORP", False, people])
            peoples[rows[-1][0]] = f"place:{name}"
    return rows


def _statesmen(states: dict[str, str]) -> dict[str, str]:
    return {f"person:{one}": f"place:{state}" for state, people in states.items() for one in people.split()}


def render(compiled: dict[str, Any]) -> str:
    """The compiled lists as they are written to disk: one entity a line, so that changes can be read."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in compiled["entities"])
    words = json.dumps(compiled["words"], ensure_ascii=False)
    peoples = json.dumps(compiled["peoples"], ensure_ascii=False)
    statesmen = json.dumps(compiled["statesmen"], ensure_ascii=False)
    return (
        f'{{"entities": [\n{rows}\n],\n"peoples": {peoples},\n"statesmen": {statesmen},\n"words": {words}}}\n'
    )


if __name__ == "__main__":
    (DATA / "lexicon.json").write_text(render(compile_lists()), encoding="utf-8")
