"""Readers killed at any moment, and several at once."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from warreader.index.annotations.annotations import Annotations

TEXT = "Shelling hit the station at dawn, officials said. " * 20

WORKER = """
import sys
from pathlib import Path
from warreader.index.annotations.annotations import Annotations

text, limit = sys.argv[2], int(sys.argv[3])
store = Annotations(Path(sys.argv[1]))
for number in range(limit):
    with store.gesture("pair"):
        one = store.add("a", text, number % 900, number % 900 + 20, note=f"note {number}", tags=["t", f"t{number % 7}"])
        two = store.add("b", text, 0, 9)
    print("added", one.id, two.id, flush=True)
    if number % 3 == 0:
        store.delete(two.id)
        print("deleted", two.id, flush=True)
"""


def annotator(path: Path, limit: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), TEXT, str(limit)],
        stdout=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": ":".join(sys.path)},
    )


@dataclass
class Acknowledged:
    """What workers said they had done: pairs made, the first of which stays, and second ones deleted."""

    stay: set[str] = field(default_factory=set)
    second: set[str] = field(default_factory=set)
    deleted: set[str] = field(default_factory=set)

    def read(self, output: str) -> None:
        for line in output.split("\n")[:-1]:  # what follows the last line end was cut off by the kill
            verb, *ids = line.split()
            if verb == "added":
                self.stay.add(ids[0])
                self.second.add(ids[1])
            else:
                self.deleted.update(ids)


def test_no_acknowledged_gesture_is_lost_by_kill(tmp_path: Path) -> None:
    path = tmp_path / "annotations.sqlite"
    rounds = random.Random(7)
    said = Acknowledged()
    for _ in range(15):
        process = annotator(path, 10**9)
        assert process.stdout is not None
        head = process.stdout.readline()
        time.sleep(rounds.random() * 0.1)
        process.kill()
        tail, _ = process.communicate()
        said.read(head + tail)
    store = Annotations(path)
    present = {one.id for one in store.all()}
    assert len(said.stay) >= 15
    assert said.stay <= present
    assert not said.deleted & present
    # A deletion that was stored before its worker could say so: at most one a kill.
    assert len(said.second - said.deleted - present) <= 15
    # A gesture is whole or absent: every pair stored has both its halves.
    pairs = store._database.connection.execute(
        "SELECT count(*) FROM history JOIN gesture ON gesture.key = gesture WHERE words = 'pair'"
        " GROUP BY gesture.key"
    ).fetchall()
    assert {row[0] for row in pairs} == {2}
    assert store.check(lambda _: TEXT) == []
    while store.undo() is not None:
        pass
    assert store.all() == []
    store.close()


def test_two_annotate_at_once(tmp_path: Path) -> None:
    path = tmp_path / "annotations.sqlite"
    processes = [annotator(path, 40) for _ in range(2)]
    outputs = [process.communicate(timeout=60)[0] for process in processes]
    assert [process.returncode for process in processes] == [0, 0]
    store = Annotations(path)
    for output in outputs:
        said = Acknowledged()
        said.read(output)
        assert (len(said.stay), len(said.deleted)) == (40, 14)
        assert {one.id for one in store.all()} >= said.stay | (said.second - said.deleted)
    assert store.count() == 2 * (80 - 14)
    assert store.check(lambda _: TEXT) == []
    assert store.tags()[0].count == 80
    store.close()
