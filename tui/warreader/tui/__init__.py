"""The reader: a Textual app over :class:`warreader.index.library.Library`. It asks and shows, it never computes."""
