"""The keys by which entities that rulings name are known in one library."""

from __future__ import annotations

import json

from warreader.index.entities.rulebook import Reference, identity_of, own_match
from warreader.index.storage import Database


class Keys:
    """Gives the ``match`` keys that a reference may stand for; each asked for once.

    Args:
        database: ``library.sqlite``.
        thorough: always work a name out as the resolver of this version does, even where the key that the ruling
            holds is known here: while articles are analysed anew, old keys give way to new ones.
    """

    def __init__(self, database: Database, *, thorough: bool) -> None:
        self._database = database
        self._thorough = thorough
        self._known: dict[str, frozenset[str]] = {}

    def of(self, reference: Reference) -> frozenset[str]:
        """The keys, one at least."""
        named = json.dumps(reference, sort_keys=True)
        if named not in self._known:
            self._known[named] = self._find(reference)
        return self._known[named]

    def _find(self, reference: Reference) -> frozenset[str]:
        if reference.get("own"):
            return frozenset({own_match(reference)})
        held = reference.get("match")
        if held is not None and not self._thorough:
            row = self._database.connection.execute(
                "SELECT 1 FROM entity WHERE match = ?", (held,)
            ).fetchone()
            if row is not None:
                return frozenset({str(held)})
        # The resolver loads the lexicon: only where it must.
        worked_out = identity_of(reference).match
        return frozenset({worked_out} if held is None else {worked_out, str(held)})
