"""Two readers on one library: each sees what the other does, and keeps its own line of history."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from warreader.index.annotations.annotations import Annotations

TEXT = "Shelling hit the station at dawn, officials said."

_OTHER = """
import sys
from pathlib import Path
from warreader.index.annotations.annotations import Annotations

store = Annotations(Path(sys.argv[1]))
store.who = "the other"
for line in sys.stdin:
    if line.strip() == "add":
        print(store.add("a", sys.argv[2], 0, 8, note="theirs", tags=["x/y"]).id, flush=True)
    elif line.strip() == "undo":
        print(store.undo().words, flush=True)
    else:
        print(sorted(one.note for one in store.all()), store.generation(), flush=True)
"""


def test_each_sees_the_other_s_changes_at_once(tmp_path: Path) -> None:
    path = tmp_path / "annotations.sqlite"
    store = Annotations(path)
    store.who = "this one"
    other = subprocess.Popen(
        [sys.executable, "-c", _OTHER, str(path), TEXT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdin is not None and other.stdout is not None

    def ask(what: str) -> str:
        assert other.stdin is not None and other.stdout is not None
        other.stdin.write(f"{what}\n")
        other.stdin.flush()
        return other.stdout.readline().strip()

    generation = store.generation()
    theirs = ask("add")
    assert store.generation() > generation
    assert [one.id for one in store.all(tag="x")] == [theirs]
    ours = store.add("a", TEXT, 9, 12, note="ours")
    assert ask("list") == f"['ours', 'theirs'] {store.generation()}"
    # Undo is one line for both: the latest gesture, whoever made it.
    assert "undone" in ask("undo")
    assert [one.id for one in store.all()] == [theirs]
    assert [(step.action, step.who) for step in store.history(ours.id)] == [
        ("do", "this one"),
        ("undo", "the other"),
    ]
    store.redo()
    assert ask("list").startswith("['ours', 'theirs']")
    other.stdin.close()
    assert other.wait(timeout=30) == 0
    other.stdout.close()
    store.close()
