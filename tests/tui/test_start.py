"""What the reader imports before its first paint."""

from __future__ import annotations

import subprocess
import sys


def test_the_first_paint_waits_for_none_of_the_heavy_parts() -> None:
    """Search, its arrays and what reads files are imported when they are wanted."""
    heavy = ("numpy", "whoosh", "rapidfuzz", "trafilatura", "lxml", "spacy")
    code = f"import sys, warreader.tui.app; print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
