"""The core of warreader: from files to answers. It knows no screen.

The one door is :class:`warreader.index.library.Library`.
"""
