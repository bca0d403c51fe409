"""What a token is in reported speech, as the speech model tells it."""

from __future__ import annotations

OUTSIDE, SOURCE, CUE, BETWEEN, OPEN, INSIDE, LEAD, LEADING = range(8)
"""``OPEN`` and ``INSIDE`` are content after its cue, ``LEAD`` and ``LEADING`` content before it; ``BETWEEN`` stands
between parts of one attribution.
"""
KINDS = 8
