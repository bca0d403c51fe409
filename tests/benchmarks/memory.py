"""Peak memory of adding few and many articles: python tests/benchmarks/memory.py CORPUS [--few 1000] [--many 37000]

CORPUS is a JSON-lines file of articles (.jsonl, .jsonl.xz, .jsonl.gz). Each size is added to a library of its own by
``warreader add``; printed is the largest resident size of any of its processes, mapped files included, and the ratio of
the two. Where there is ``/proc`` it is also printed, from looking every few milliseconds, how much all its processes
have together at most, and how much of that is their own and backed by no file. With ``--derive``, names, quotations
and matches are made as well, as ``warreader add`` does unless told otherwise.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from corpus import articles

LOOK_SECONDS = 0.005


class Peak(NamedTuple):
    """Megabytes at most: of the largest process; of all together; of all together without what files back."""

    largest: float
    together: float
    anonymous: float


def peak(corpus: Path, count: int, *, derive: bool) -> Peak:
    """What is taken while the first ``count`` articles are added."""
    with tempfile.TemporaryDirectory() as name:
        plain = Path(name, "articles.jsonl")
        with plain.open("w", encoding="utf-8") as file:
            for article in islice(articles(corpus), count):
                file.write(json.dumps(article, ensure_ascii=False) + "\n")
        command = [sys.executable, "-m", "warreader.tui.cli", "--library", str(Path(name, "library")), "add"]
        options = [] if derive else ["--defer"]
        # A process of its own measures, so that one size's peak doesn't hide the next one's.
        measured = subprocess.run(
            [sys.executable, __file__, "--measure", *command, *options, str(plain)],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
    return Peak(*json.loads(measured.stdout))


def measure(command: list[str]) -> Peak:
    """Run a command and look at it and all it starts."""
    import resource

    together = anonymous = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        while process.poll() is None:
            held = [_held(each) for each in (process.pid, *_below(process.pid))]
            together = max(together, sum(total for total, _ in held))
            anonymous = max(anonymous, sum(own for _, own in held))
            time.sleep(LOOK_SECONDS)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    # Linux tells kilobytes, macOS bytes.
    return Peak(largest / (2**20 if sys.platform == "darwin" else 2**10), together / 2**10, anonymous / 2**10)


def _below(pid: int) -> list[int]:
    """All processes that a process started, and those that they started."""
    found: list[int] = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            begun = [int(each) for each in children.read_text().split()]
        except OSError:
            continue
        found += [each for child in begun for each in (child, *_below(child))]
    return found


def _held(pid: int) -> tuple[int, int]:
    """Kilobytes that are resident, and those of them that no file backs."""
    try:
        told = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
        return int(told["VmRSS"].split()[0]), int(told["RssAnon"].split()[0])
    except (OSError, KeyError):
        return 0, 0


def main() -> None:
    """Print both peaks and their ratio."""
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(measure(sys.argv[2:])))
        return
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=37_000)
    parser.add_argument("--derive", action="store_true")
    asked = parser.parse_args()
    first: float | None = None
    for count in (asked.few, asked.many):
        found = peak(asked.corpus, count, derive=asked.derive)
        first = found.largest if first is None else first
        more = f"; all processes {found.together:.0f}, of which anonymous {found.anonymous:.0f}"
        print(
            f"{count} articles: {found.largest:.0f} MB, {found.largest / first:.2f} times"
            f"{more if Path('/proc/self').is_dir() else ''}",
            flush=True,
        )


if __name__ == "__main__":
    main()
