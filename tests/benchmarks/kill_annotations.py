"""Killing two annotating processes at random moments: nothing acknowledged is lost, nothing needs repair.

Usage: python tests/benchmarks/kill_annotations.py [--times 200] [--seed 1]

Time after time, two processes annotate one file: they add, change, tag, rename tags, delete, undo and
make gestures of many. Each writes a line to a pipe when a gesture was acknowledged. At a random moment
both are killed (SIGKILL). Then the file is opened: SQLite's own check and ours must find nothing, and what
each process said must be in the history, in its order; nothing is repaired in between, the same file goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from warreader.index.annotations.annotations import Annotations
from warreader.index.errors import NotFoundError

TEXT = "Shelling hit the station at dawn, officials said. The market burned until noon. " * 40


def annotate(path: Path, seed: int) -> None:
    """Annotate until killed, telling of each gesture when it is acknowledged."""
    draw = random.Random(seed)
    store = Annotations(path)
    store.who = f"writer {seed}"
    own: list[str] = []
    print(json.dumps({"ready": True}), flush=True)
    while True:
        note = f"{seed} {draw.random()}"
        done: dict[str, object] = {}
        try:
            done = _gesture(store, draw, own, note)
        except NotFoundError:
            # The other process undid what this one made.
            continue
        print(json.dumps(done), flush=True)


def _gesture(store: Annotations, draw: random.Random, own: list[str], note: str) -> dict[str, object]:
    choice = draw.random()
    start = draw.randrange(len(TEXT) - 50)
    if choice < 0.5 or not own:
        made = store.add("a", TEXT, start, start + 20, note=note, tags=[draw.choice("abc")])
        own.append(made.id)
        return {"id": made.id, "note": note}
    if choice < 0.7:
        one = draw.choice(own)
        store.update(one, note=note)
        return {"id": one, "note": note}
    if choice < 0.8:
        with store.gesture("many"):
            many = [store.add("b", TEXT, start + n, start + n + 9, note=f"{note} {n}") for n in range(20)]
        return {"many": [[one.id, one.note] for one in many]}
    if choice < 0.9:
        one = own.pop()
        store.delete(one)
        return {"deleted": one}
    undone = store.undo()
    return {"undone": undone is not None}


def run_once(path: Path, number: int, draw: random.Random) -> tuple[list[str], int]:
    """Two processes, killed; what is wrong then, and how many gestures they told of."""
    command = [sys.executable, __file__, "--annotate", str(path), "--seed"]
    seeds = (2 * number, 2 * number + 1)
    running = [
        subprocess.Popen([*command, str(seed)], stdout=subprocess.PIPE, start_new_session=True)
        for seed in seeds
    ]
    told: list[bytes] = []
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    time.sleep(draw.uniform(0.0, 0.25))
    for process in running:
        os.kill(process.pid, signal.SIGKILL)
    for process in running:
        assert process.stdout is not None
        told.append(process.stdout.read())
        process.wait()
    return check(path, seeds, told)


def check(path: Path, seeds: tuple[int, int], told: list[bytes]) -> tuple[list[str], int]:
    """What is wrong with the file, or missing from it."""
    problems: list[str] = []
    count = 0
    store = Annotations(path)
    try:
        problems += store.check(lambda _: TEXT)
        for seed, lines in zip(seeds, told, strict=True):
            # A line cut short by the kill was not told of.
            for line in lines.decode().split("\n")[:-1]:
                gesture = json.loads(line)
                count += 1
                wanted = gesture.get("many") or (
                    [[gesture["id"], gesture["note"]]] if "id" in gesture else []
                )
                for one, note in wanted:
                    steps = store.history(one)
                    if not any(s.after and s.after.note == note and s.who == f"writer {seed}" for s in steps):
                        problems.append(f"{one}: “{note}” is not in the history")
                if "deleted" in gesture and not any(
                    s.after is None for s in store.history(gesture["deleted"])
                ):
                    problems.append(f"{gesture['deleted']}: its deletion is not in the history")
        problems += current(store)
    finally:
        store.close()
    return problems, count


def current(store: Annotations) -> list[str]:
    """Every annotation is what its last step says."""
    found = []
    for one in store.all():
        if store.history(one.id)[-1].after != one:
            found.append(f"{one.id}: is not what its history says")
    return found


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--annotate", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.annotate is not None:
        annotate(options.annotate, options.seed)
    draw = random.Random(options.seed)
    good = gestures = 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "annotations.sqlite"
        for number in range(1, options.times + 1):
            problems, count = run_once(path, number, draw)
            gestures += count
            good += not problems
            for problem in problems:
                print(f"kill {number}: {problem}", flush=True)
            if number % 20 == 0:
                # A new file now and then, so that the check of all stays short.
                path = Path(folder) / f"annotations{number}.sqlite"
        print(
            f"{good} of {options.times} well, {gestures} acknowledged gestures all there"
            if good == options.times
            else f"{good} of {options.times} well"
        )


if __name__ == "__main__":
    main()
