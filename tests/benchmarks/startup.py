"""Time to first paint of ``warreader`` on the seeds, against a bare Textual app with the same widgets.

Each runs in a terminal of its own (a pty of 160x45), in turn, from the start of
the process to the first frame that holds the panes' titles; then, for
``warreader``, to the frame that holds the article's text. Prints milliseconds
and the ratio of the medians. The bare app is this file run with ``--bare``.

    python tests/benchmarks/startup.py [RUNS]
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

SIZE = (160, 45)
_TITLE, _TEXT = b"Articles", b"meatgrinder"
_CODE = "import sys; from warreader.tui.cli import main; sys.exit(main())"


def bare() -> None:
    """The same widgets in the same places, with nothing in them."""
    from textual.app import App, ComposeResult
    from textual.containers import Horizontal, Vertical
    from textual.scroll_view import ScrollView
    from textual.widgets import Footer, Input, OptionList, Static, Tree

    class Bare(App[None]):
        CSS = """
        #left { width: 38; border: round blue; } #side { width: 44; } ScrollView { width: 1fr; border: round blue; }
        OptionList, Tree { height: 1fr; border: round blue; } Static { height: 1; }
        """

        def compose(self) -> ComposeResult:
            with Horizontal():
                with Vertical(id="left") as left:
                    left.border_title = "1 Articles"
                    yield Input(compact=True)
                    yield Static("")
                    yield OptionList()
                yield ScrollView()
                with Vertical(id="side"):
                    yield Tree("entities")
                    yield OptionList()
                    yield OptionList()
            yield Static("")
            yield Footer()

    Bare().run()


def seconds_to(command: list[str], environment: dict[str, str], *wanted: bytes) -> list[float]:
    """Run a command in a pty; seconds from its start to each of the wanted texts on the screen."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", SIZE[1], SIZE[0], 0, 0))
    began = time.perf_counter()
    process = subprocess.Popen(
        command,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
        close_fds=True,
    )
    os.close(slave)
    seen, times = b"", []
    try:
        for text in wanted:
            while text not in seen:
                if not select.select([master], [], [], 20)[0]:
                    raise TimeoutError(f"{text!r} never came: {seen[-300:]!r}")
                seen += os.read(master, 65536)
            times.append(time.perf_counter() - began)
    finally:
        process.kill()
        process.wait()
        os.close(master)
    return times


def main(runs: int) -> None:
    """Both in turn, ``runs`` times after one warm-up."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        homes = {name: f"{folder}/{name}" for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME")}
        inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
        environment = {**inherited, **homes, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        first = seconds_to([sys.executable, "-c", _CODE], environment, _TITLE, _TEXT)
        print(f"first start, library made: paint {first[0] * 1000:.0f} ms, article {first[1] * 1000:.0f} ms")
        # Let the background work of that first start finish, as a user would; seeds twice add nothing.
        command = [sys.executable, "-c", _CODE, "add", str(seeds())]
        subprocess.run(command, env=environment, capture_output=True, check=True)
        paints, texts, bares = [], [], []
        for run in range(runs + 1):
            one = seconds_to([sys.executable, str(Path(__file__).resolve()), "--bare"], environment, _TITLE)
            two = seconds_to([sys.executable, "-c", _CODE], environment, _TITLE, _TEXT)
            if run:
                bares.append(one[0])
                paints.append(two[0])
                texts.append(two[1])
    for name, values in (
        ("bare app", bares),
        ("warreader, first paint", paints),
        ("warreader, article", texts),
    ):
        print(f"{name:<24} median {statistics.median(values) * 1000:.0f} ms (min {min(values) * 1000:.0f})")
    ratio = statistics.median(paints) / statistics.median(bares)
    print(f"first paint / bare app   {ratio:.2f}  (at most 1.5 wanted)")
    print(f"article / bare app       {statistics.median(texts) / statistics.median(bares):.2f}")


def seeds() -> Path:
    """The shipped seeds."""
    from warreader.index.resources import seeds_folder

    return seeds_folder()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("runs", type=int, nargs="?", default=15)
    parser.add_argument("--bare", action="store_true", help="run the bare app")
    given = parser.parse_args()
    if given.bare:
        bare()
    else:
        main(given.runs)
