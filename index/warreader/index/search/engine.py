"""The Whoosh index: its schema, reading one commit of it, writing one.

Only this module and its neighbours ``sealing`` (files) and ``clauses`` (queries)
import Whoosh, and they are themselves imported when the index is first needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from pathlib import Path
from typing import Any

from whoosh import analysis, fields, formats, scoring
from whoosh import query as wq
from whoosh.index import TOC, FileIndex
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from warreader.index.search import analyzer
from warreader.index.search.analyzer import Postings
from warreader.index.search.sealing import NAME, Damaged, Sealed

BOOSTS = {"text": 1.0, "title": 2.5, "outlet": 1.0, "author": 1.0}
"""Weight of a word by the field it stands in."""

EXACT = 0.3
"""Weight of a word standing exactly as typed, added to that of its stem."""


class WordAnalyzer(analysis.Analyzer):  # type: ignore[misc]
    """:func:`warreader.index.search.analyzer.tokens` as Whoosh tokens: stems, with positions and offsets."""

    def __call__(
        self, value: str, positions: bool = False, chars: bool = False, **options: Any
    ) -> Iterator[Any]:
        token = analysis.Token(positions=positions, chars=chars, **options)
        for start, end, position, term in analyzer.tokens(value):
            token.boost, token.stopped = 1.0, False
            if positions:
                token.pos = position
            if chars:
                token.startchar, token.endchar = start, end
            for stem in term.stems:
                token.original = token.text = stem
                yield token


class StemField(fields.TEXT):  # type: ignore[misc]
    """Stems with positions. Indexes text, or :class:`Postings` made of it already."""

    def __init__(self) -> None:
        super().__init__(analyzer=WordAnalyzer(), phrase=True)

    def index(self, value: str | Postings, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        encode = self.format.encode
        for stem, places in (
            value if isinstance(value, Postings) else analyzer.postings(value)
        ).stems.items():
            count = len(places)
            yield stem.encode(), count, float(count), encode(places)


class NameField(StemField):
    """Exact forms with positions: names of outlets and authors, which have no stem."""

    def index(self, value: str | Postings, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        if isinstance(value, Postings):
            raise TypeError("names are indexed from their text")
        places: dict[str, list[int]] = {}
        for token in analyzer.tokens(value):
            for form in token.term.forms:
                places.setdefault(form, []).append(token.position)
        for form, found in places.items():
            yield form.encode(), len(found), float(len(found)), self.format.encode(found)


class FormField(fields.FieldType):  # type: ignore[misc]
    """Exact forms with their counts, for prefixes, fuzzy words and for ranking the word as typed first."""

    def __init__(self) -> None:
        super().__init__(format=formats.Frequency(), analyzer=WordAnalyzer(), scorable=True)

    def index(self, value: Postings, **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        encode = formats.pack_uint
        for form, count in value.forms.items():
            yield form.encode(), count, float(count), encode(count)


def schema() -> Any:
    """The fields of the index; nothing is stored but the article's key."""
    return fields.Schema(
        key=fields.NUMERIC(int, bits=64, unique=True, sortable=True, shift_step=0),
        text=StemField(),
        form=FormField(),
        title=StemField(),
        outlet=NameField(),
        author=NameField(),
        date=fields.ID(),
    )


class Weighting(scoring.BM25F):  # type: ignore[misc]
    """BM25F (Robertson and Zaragoza 2009) as Whoosh has it, per field, summed with :data:`BOOSTS`."""


class Snapshot:
    """One commit, opened for reading. Not thread-safe: Whoosh's readers share file positions."""

    def __init__(self, storage: Sealed, generation: int) -> None:
        self.stamp = storage.stamp(generation)
        names = storage.verified(generation)
        toc = TOC.read(storage, NAME, gen=generation, schema=schema())
        for segment in toc.segments:
            if not segment.is_compound() or segment.make_filename(segment.COMPOUND_EXT) not in names:
                raise Damaged(f"segment {segment.segment_id()} is missing")
        readers = [SegmentReader(storage, toc.schema, segment, generation) for segment in toc.segments]
        self._reader: IndexReader = (
            EmptyReader(toc.schema)
            if not readers
            else readers[0]
            if len(readers) == 1
            else MultiReader(readers, generation)
        )
        self.searcher = Searcher(self._reader, weighting=Weighting())
        self._keys: dict[int, list[int]] = {}
        self._lexicon: list[str] | None = None

    def keys_of(self, reader: Any) -> list[int]:
        """Article keys of a segment by document number."""
        if (known := self._keys.get(id(reader))) is None:
            if reader.doc_count_all():
                known = [int(value) for value in reader.column_reader("key")]
            else:
                known = []
            self._keys[id(reader)] = known
        return known

    def all_keys(self) -> list[int]:
        """Keys of all articles in the index; twice the same key would be a fault."""
        found: list[int] = []
        for leaf, _ in self._leaves():
            keys = self.keys_of(leaf.reader())
            found.extend(keys[number] for number in leaf.reader().all_doc_ids())
        return found

    def expand(self, prefix: str) -> list[str]:
        """Forms in the index that begin so, in order."""
        return [term.decode() for term in self._reader.expand_prefix("form", prefix.encode())]

    def lexicon(self) -> list[str]:
        """All forms in the index."""
        if self._lexicon is None:
            self._lexicon = [term.decode() for term in self._reader.lexicon("form")]
        return self._lexicon

    def within(self, fieldname: str, low: str, high: str) -> list[bytes]:
        """Terms of a field from ``low`` to ``high``; a term that begins with ``high`` is included."""
        found = []
        last = high.encode()
        for name, term in self._reader.terms_from(fieldname, low.encode()):
            if name != fieldname or (last and term[: len(last)] > last):
                break
            found.append(term)
        return found

    def run(self, query: wq.Query) -> Iterator[tuple[int, float]]:
        """Key and score of every article that answers the query."""
        context = self.searcher.context()
        for leaf, _ in self._leaves():
            keys = self.keys_of(leaf.reader())
            matcher = query.matcher(leaf, context)
            while matcher.is_active():
                yield keys[matcher.id()], matcher.score()
                matcher.next()

    def top(self, query: wq.Query, limit: int) -> tuple[list[tuple[int, float]], int]:
        """The best articles, equal scores by key, and how many answer in all."""
        total = 0

        def counted() -> Iterator[tuple[float, int]]:
            nonlocal total
            for key, score in self.run(query):
                total += 1
                yield -score, key

        best = nsmallest(limit, counted())
        return [(key, -score) for score, key in best], total

    def _leaves(self) -> Iterable[tuple[Any, int]]:
        if isinstance(self._reader, EmptyReader):
            return []
        return list(self.searcher.leaf_searchers())


def snapshot(directory: Path, key: bytes, storage: Sealed | None = None) -> Snapshot:
    """Open the newest commit.

    Raises:
        Damaged: there is none that may be opened.
    """
    storage = storage or Sealed(directory, key)
    reason: Exception | None = None
    # A writer may commit and remove the files of the commit being opened: look again then.
    for _ in range(20):
        generation = storage.generation()
        if generation < 0 or directory.is_symlink():
            raise Damaged("there is no index")
        try:
            return Snapshot(storage, generation)
        except Damaged:
            if storage.generation() == generation:
                raise
        except Exception as error:  # Whoosh answers damage with errors of any kind.
            reason = error
            if storage.generation() == generation:
                break
    raise Damaged(f"it can't be opened ({reason})") from reason


class Writer:
    """One commit. Use as a context manager: committed at its end, cancelled by an error."""

    def __init__(self, storage: Sealed) -> None:
        if storage.generation() < 0:
            TOC.create(storage, schema(), NAME)
        self._writer = SegmentWriter(FileIndex(storage, schema(), NAME), timeout=30.0)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._writer.commit()
        else:
            self._writer.cancel()

    def remove(self, key: int) -> None:
        """Take an article out; nothing happens if it isn't in."""
        self._writer.delete_by_term("key", key)

    def add(self, key: int, texts: Sequence[str], **fields_: str | None) -> None:
        """Put an article in that is not in. ``texts`` are the title and the text without furniture."""
        title, text = texts
        body = analyzer.postings(text)
        heading = analyzer.postings(title)
        forms = {
            form: count + heading.forms.pop(form, 0) for form, count in body.forms.items()
        } | heading.forms
        self._writer.add_document(
            key=key, text=body, form=Postings({}, forms), title=heading if heading.stems else None,
            **{name: value for name, value in fields_.items() if value},
        )  # fmt: skip
