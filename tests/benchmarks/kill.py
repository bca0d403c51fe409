"""Killing ``warreader add`` at random moments: python tests/benchmarks/kill.py CORPUS [--articles 200] [--times 50]

CORPUS is anything that ``warreader add`` reads; of a JSON-lines file, the first articles are taken. One run goes
undisturbed. Then, time after time in a new library, a run is killed (SIGKILL) at a random moment between its start and
its end; the library it leaves has to open and pass ``warreader check``, and the same command run again has to complete
it to the same articles, names, quotations and matches, and the same answers to a search, as the undisturbed run's.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

from corpus import articles

_WARREADER = [sys.executable, "-m", "warreader.tui.cli"]
_WHAT = ("articles", "entities", "mentions", "quotations", "matches")


def content(library: Path) -> dict[str, str]:
    """Digest of all that a library holds and answers, by kind."""
    found = {}
    for what in _WHAT:
        command = [*_WARREADER, "--library", str(library), "export", what]
        lines = subprocess.run(command, check=True, capture_output=True).stdout.splitlines()
        found[what] = hashlib.sha256(b"\n".join(sorted(lines))).hexdigest()
    command = [*_WARREADER, "--library", str(library), "search", "--limit", "50", "--json", "said OR the"]
    found["search"] = hashlib.sha256(
        subprocess.run(command, check=True, capture_output=True).stdout
    ).hexdigest()
    return found


def disturbed(library: Path, corpus: Path, seconds: float) -> bool:
    """Add the corpus, killed after so many seconds; whether it was killed before its end."""
    command = [*_WARREADER, "--library", str(library), "add", str(corpus)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)
        process.wait()
        return True
    return False


def trial(library: Path, corpus: Path, seconds: float, wanted: dict[str, str]) -> str | None:
    """What went wrong after a kill at this moment, or ``None``."""
    killed = disturbed(library, corpus, seconds)
    if (library / "library.sqlite").exists():
        check = subprocess.run(
            [*_WARREADER, "--library", str(library), "check"], capture_output=True, text=True, check=False
        )
        if check.returncode:
            return f"check after the kill: {check.stdout.strip() or check.stderr.strip()}"
    again = subprocess.run(
        [*_WARREADER, "--library", str(library), "add", str(corpus)],
        capture_output=True,
        text=True,
        check=False,
    )
    if again.returncode:
        return f"the second run: {again.stderr.strip()}"
    differing = [what for what, digest in content(library).items() if digest != wanted[what]]
    if differing:
        return f"differs in {', '.join(differing)}{'' if killed else ' although it ran to its end'}"
    return None


def main() -> int:
    """Print what went wrong, and how many times it went well."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--articles", type=int, default=200)
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    moments = random.Random(asked.seed)
    with tempfile.TemporaryDirectory() as name:
        corpus = asked.corpus.resolve()
        if ".jsonl" in corpus.name:
            plain = Path(name, "articles.jsonl")
            with plain.open("w", encoding="utf-8") as file:
                for article in islice(articles(corpus), asked.articles):
                    file.write(json.dumps(article, ensure_ascii=False) + "\n")
            corpus = plain
        began = time.monotonic()
        disturbed(Path(name, "whole"), corpus, 3600)
        lasted = time.monotonic() - began
        wanted = content(Path(name, "whole"))
        well = 0
        for turn in range(asked.times):
            moment = moments.uniform(0, lasted)
            wrong = trial(Path(name, f"killed{turn}"), corpus, moment, wanted)
            well += wrong is None
            print(f"{turn + 1}: killed after {moment:.2f} of {lasted:.2f} s: {wrong or 'well'}", flush=True)
    print(f"{well} of {asked.times} libraries opened, passed check and were completed to the same content")
    return 0 if well == asked.times else 1


if __name__ == "__main__":
    sys.exit(main())
