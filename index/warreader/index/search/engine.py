"""Everything that touches Whoosh: schema, index files and their seal, reading, writing, running queries.

Only this module imports Whoosh, and it is itself imported when the index is first
needed. A Whoosh index holds pickles, so opening a hostile one runs code. Each
commit is therefore sealed: before a table of contents appears under its name, the
hashes of it and of all segment files are stored beside it under a keyed digest
(:class:`Sealed`), and an index is opened only where the seal holds.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import nsmallest
from pathlib import Path
from typing import Any

from whoosh import analysis, fields, formats, matching, scoring
from whoosh import query as wq
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex
from whoosh.reading import EmptyReader, IndexReader, MultiReader, SegmentReader
from whoosh.searching import Searcher
from whoosh.writing import SegmentWriter

from warreader.index.search import analyzer
from warreader.index.search.analyzer import Postings

FORMAT = 1
"""Version of what the index files hold; an index of another version is not opened."""

NAME = "MAIN"
_TOC = re.compile(rf"_{NAME}_(\d+)\.toc\Z")
_OURS = re.compile(rf"_?{NAME}[_.].*|{NAME}WRITELOCK|OWNER_\d+(?:\.new)?|.*\.tmp\Z")
_PASSING = re.compile(rf"OWNER_\d+(?:\.new)?\Z|_{NAME}_\d+\.toc\.")
BOOSTS = {"text": 1.0, "title": 2.5, "outlet": 1.0, "author": 1.0}
"""Weight of a word by the field it stands in."""

EXACT = 0.3
"""Weight of a word standing exactly as typed, added to that of its stem."""


class Damaged(Exception):
    """The index is missing, incomplete, of another version, or not sealed by this user for this library."""


# -- schema ------------------------------------------------------------------


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


# -- files and their seal ----------------------------------------------------


class Sealed(FileStorage):  # type: ignore[misc]
    """Index files, written durably and sealed with a key.

    Args:
        directory: the index folder.
        key: the secret; without it no seal can be made.
    """

    def __init__(self, directory: Path, key: bytes) -> None:
        super().__init__(str(directory))
        self.directory = directory
        self._key = key
        # Segment files never change once written, so each is hashed once, if nobody touched it.
        self._hashes: dict[tuple[str, int, int, int], str] = {}

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename. A table of contents is sealed and synced before it appears, so that it never is unsealed."""
        found = _TOC.match(newname)
        if found is not None:
            self._seal(int(found[1]), oldname)
        super().rename_file(oldname, newname, safe=safe)
        if found is not None:
            _sync(self.directory)
            for path in self.directory.iterdir():
                # Seals of former commits, and what killed writers left.
                if _PASSING.match(path.name) and path.name != f"OWNER_{found[1]}":
                    path.unlink(missing_ok=True)

    def generation(self) -> int:
        """The newest commit, or -1."""
        return max((int(found[1]) for name in self.list() if (found := _TOC.match(name))), default=-1)

    def stamp(self, generation: int) -> tuple[int, ...]:
        """What tells this commit from one of the same number in an index built anew."""
        try:
            stat = (self.directory / f"_{NAME}_{generation}.toc").stat()
        except OSError:
            return (generation,)
        return (generation, stat.st_mtime_ns, stat.st_ino, stat.st_size)

    def verified(self, generation: int) -> frozenset[str]:
        """Names of the files that are as they were sealed in this commit, its table of contents among them.

        Raises:
            Damaged: there is no seal, it is not ours, or a sealed file differs.
            FileNotFoundError: a file vanished, as when a writer commits meanwhile.
        """
        toc = f"_{NAME}_{generation}.toc"
        seal = self._read_seal(generation)
        if seal["toc"] != self._hash(toc):
            raise Damaged("the table of contents is not the one that was sealed")
        names = {toc}
        for name, digest in seal["files"].items():
            if Path(self._fpath(name)).is_file():
                if self._hash(name) != digest:
                    raise Damaged(f"{name} is not as it was written")
                names.add(name)
        return frozenset(names)

    def _read_seal(self, generation: int) -> dict[str, Any]:
        path = self.directory / f"OWNER_{generation}"
        try:
            if path.is_symlink() or path.stat().st_size > 1 << 22:
                raise Damaged("its seal is not a plain file")
            seal = json.loads(path.read_bytes())
            body, mac = seal["body"], bytes.fromhex(seal["mac"])
        except FileNotFoundError as error:
            raise Damaged("it bears no seal") from error
        except (ValueError, KeyError, TypeError) as error:
            raise Damaged("its seal can't be read") from error
        if not hmac.compare_digest(self._mac(body), mac):
            raise Damaged("it was not made by this user for this library")
        if body["format"] != FORMAT:
            raise Damaged("it is of another version")
        return dict(body)

    def _seal(self, generation: int, toc: str) -> None:
        segments = sorted(
            name for name in self.list() if name.startswith(f"{NAME}_") and name.endswith(".seg")
        )
        for name in (*segments, toc):
            _sync(self.directory / name)
        body = {
            "format": FORMAT,
            "toc": self._hash(toc),
            "files": {name: self._hash(name) for name in segments},
        }
        path = self.directory / f"OWNER_{generation}"
        new = path.with_name(f"{path.name}.new")
        new.write_text(json.dumps({"body": body, "mac": self._mac(body).hex()}), encoding="utf-8")
        _sync(new)
        new.replace(path)

    def _mac(self, body: object) -> bytes:
        shown = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        return hmac.digest(self._key, shown, "sha256")

    def _hash(self, name: str) -> str:
        path = self.directory / name
        if path.is_symlink():
            raise Damaged(f"{name} is not a plain file")
        stat = path.stat()
        mark = (name, stat.st_size, stat.st_mtime_ns, stat.st_ino)
        if (known := self._hashes.get(mark)) is None:
            with path.open("rb") as file:
                known = self._hashes[mark] = hashlib.file_digest(file, "blake2b").hexdigest()
        return known


def _sync(path: Path) -> None:
    """Have the file or folder on disk before going on."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except OSError:
        return  # Some systems don't open folders; their renames are then as durable as they make them.
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def discard(directory: Path) -> None:
    """Delete the index files in the folder; nothing else in it is touched, no link is followed."""
    if directory.is_symlink():
        directory.unlink()
    directory.mkdir(parents=True, exist_ok=True)
    for path in directory.iterdir():
        if not _OURS.match(path.name):
            continue
        if path.is_dir() and not path.is_symlink():
            for inner in path.iterdir():
                if inner.is_symlink() or not inner.is_dir():
                    inner.unlink(missing_ok=True)
            path.rmdir()
        else:
            path.unlink(missing_ok=True)


# -- reading -----------------------------------------------------------------


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


# -- queries -----------------------------------------------------------------


class Documents(wq.Query):  # type: ignore[misc]
    """Articles by key, as a leaf of a Whoosh query: it restricts and adds ``score`` to each.

    ``member`` says whether a key is one of them.
    """

    def __init__(self, owner: Snapshot, member: Callable[[int], bool], score: float = 0.0) -> None:
        self.owner = owner
        self.member = member
        self.score = score
        self.boost = 1.0

    def is_leaf(self) -> bool:
        return True

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    estimate_min_size = estimate_size

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        reader = searcher.reader()
        keys = self.owner.keys_of(reader)
        ids = [number for number in reader.all_doc_ids() if self.member(keys[number])]
        return matching.ListMatcher(
            ids, all_weights=self.score or None, weights=None if self.score else [0.0] * len(ids)
        )


class Union(wq.Query):  # type: ignore[misc]
    """Documents that hold any of very many terms of one field, each scored alike."""

    def __init__(self, fieldname: str, terms: Sequence[bytes], score: float) -> None:
        self.fieldname = fieldname
        self.terms_ = terms
        self.score = score
        self.boost = 1.0

    def is_leaf(self) -> bool:
        return True

    def estimate_size(self, ixreader: Any) -> int:
        return int(ixreader.doc_count())

    estimate_min_size = estimate_size

    def matcher(self, searcher: Any, context: Any = None) -> Any:  # noqa: ARG002
        reader = searcher.reader()
        found: set[int] = set()
        for term in self.terms_:
            if (self.fieldname, term) in reader:
                found.update(reader.postings(self.fieldname, term).all_ids())
        ids = sorted(found)
        return matching.ListMatcher(ids, weights=[self.score] * len(ids))


def term(field: str, text: str, boost: float = 1.0) -> wq.Query:
    """One term of one field."""
    return wq.Term(field, text.encode(), boost=boost)


def phrase(field: str, words: Sequence[str], boost: float = 1.0) -> wq.Query:
    """Stems that follow one another."""
    return wq.Phrase(field, list(words), boost=boost) if len(words) > 1 else term(field, words[0], boost)


def any_of(queries: Sequence[wq.Query]) -> wq.Query:
    """Any of them; none of them if empty."""
    return queries[0] if len(queries) == 1 else wq.Or(list(queries)) if queries else wq.NullQuery


def all_of(queries: Sequence[wq.Query]) -> wq.Query:
    """All of them."""
    return queries[0] if len(queries) == 1 else wq.And(list(queries))


class _WithoutMatcher(matching.AndNotMatcher):  # type: ignore[misc]
    """Whoosh's own looks, at its start, only at the first document of each side and lets others through."""

    def _find_first(self) -> None:
        if self.a.is_active() and self.b.is_active():
            self._find_next()


class Without(wq.AndNot):  # type: ignore[misc]
    """The first query without the second."""

    def matcher(self, searcher: Any, context: Any = None) -> Any:
        unwanted = self.b.matcher(searcher, searcher.boolean_context())
        return _WithoutMatcher(self.a.matcher(searcher, context), unwanted)


def but_not(wanted: wq.Query, unwanted: wq.Query) -> wq.Query:
    """The first without the second."""
    return Without(wanted, unwanted)


# -- writing -----------------------------------------------------------------


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
