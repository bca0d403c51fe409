"""Search: the query language, the Whoosh index, ranking, lighting and snippets.

Importing this package does not import Whoosh: only :mod:`.engine` does, when first needed.
"""
