"""Finding names without a model: lists, forms, and what stands around a capitalised word.

A first pass over the kept lines takes what the lexicon and the forms of dates,
numbers and units say for certain, and gathers capitalised sequences as
candidates with the evidence of their context (a title before, "said" after,
"in" before). A second decides the candidates by all evidence of the article,
the way a reader does: once "Michael Clarke" was named, "Clarke" is a person.
"""

from __future__ import annotations

from collections.abc import Sequence

from warreader.index.article import Line
from warreader.index.entities.candidates import Found, Reading, decide
from warreader.index.entities.lexicon import Lexicon, lexicon
from warreader.index.entities.merging import Said, merge
from warreader.index.entities.walk import Walk

__all__ = ["Found", "Recogniser"]


class Recogniser:
    """Finds mentions in the kept lines of an article. Has no state of its own beside the lexicon."""

    def __init__(self, known: Lexicon | None = None) -> None:
        self.lexicon = known or lexicon()

    def recognise(
        self, text: str, lines: Sequence[Line], said: Sequence[Said] = (), language: str | None = None
    ) -> list[Found]:
        """The mentions in order; none overlaps another or leaves its line.

        Args:
            text: stored text.
            lines: its lines; captions and furniture are not read.
            said: what a trained model marks in the text, if one was asked; of an English text only.
            language: ISO 639-1; ``None`` where it is unknown, and then English.
        """
        code = (language or "en").partition("-")[0].lower()
        if code != "en":
            # English news needs none of it.
            from warreader.index.entities import abroad

            return abroad.recognise(text, lines, code, self.lexicon)
        run = Reading(text, bytearray(len(text)))
        for line in lines:
            if line.kept and line.end > line.start:
                Walk(self.lexicon, run, line).walk()
        if said:
            merge(run, said, lines, self.lexicon)
        decide(run, self.lexicon)
        return sorted(run.found, key=lambda found: found.start)
