"""The reader: a Textual app over :class:`warreader.index.library.Library`. It asks and shows, it never computes.

Of the core it imports :mod:`warreader.index.api` and nothing else.
"""

import os

# What was typed waits for two frames: its echo's, and that of what follows from it. Textual reads this when it is first
# imported; at its 60 frames a second results came 15 ms later, and more of the time was spent waiting than working.
os.environ.setdefault("TEXTUAL_FPS", "120")
