"""Whoosh's view of our segments: a codec, by which Whoosh's own writer, readers and queries work on them.

A field of text is stored once (:mod:`.segment`) and seen as two fields of the schema:
under its name by stem, under its name and :data:`FORM` by exact form.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, TYPE_CHECKING, Any, NoReturn

import numpy as np
from whoosh import columns, matching
from whoosh.codec import base
from whoosh.reading import TermInfo
from whoosh.util.numeric import byte_to_length, length_to_byte

from warreader.index.search.analyzer import Vocabulary, stem
from warreader.index.search.arrays import Array
from warreader.index.search.inverting import Buffer
from warreader.index.search.segment import Fields, summed
from warreader.index.search.writing import Facts, write

if TYPE_CHECKING:
    from warreader.index.search.sealing import Sealed

FORM = "_form"
"""What is added to a field's name where its exact forms are meant."""

EXTENSION = ".seg"

LENGTHS: Array = np.array([byte_to_length(code) for code in range(256)], np.float64)
"""The lengths that Whoosh's codes of one byte mean."""


class Segment(base.Segment):  # type: ignore[misc]
    """A segment as the table of contents lists it; ``size`` counts its words."""

    def __init__(self, indexname: str) -> None:
        super().__init__(indexname)
        self.count = 0
        self.size = 0
        self.deleted: set[int] = set()

    @property
    def filename(self) -> str:
        """The name of its one file."""
        return str(self.make_filename(EXTENSION))

    def codec(self) -> Codec:
        return Codec()

    def should_assemble(self) -> bool:
        return False

    def set_doc_count(self, doccount: int) -> None:
        self.count = doccount

    def doc_count_all(self) -> int:
        return self.count

    def deleted_count(self) -> int:
        return len(self.deleted)

    def deleted_docs(self) -> Iterable[int]:
        return sorted(self.deleted)

    def delete_document(self, docnum: int, delete: bool = True) -> None:
        (self.deleted.add if delete else self.deleted.discard)(docnum)

    def is_deleted(self, docnum: int) -> bool:
        return docnum in self.deleted


class Codec(base.Codec):  # type: ignore[misc]
    """Reads segments of ours, and writes them where it is given the vocabulary that texts are read with."""

    length_stats = False

    def __init__(self, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = Vocabulary() if vocabulary is None else vocabulary
        self._documents = DocumentWriter()

    def new_segment(self, storage: Sealed, indexname: str) -> Segment:  # noqa: ARG002
        return Segment(indexname)

    def per_document_writer(self, storage: Sealed, segment: Segment) -> DocumentWriter:  # noqa: ARG002
        return self._documents

    def field_writer(self, storage: Sealed, segment: Segment) -> InvertedWriter:
        return InvertedWriter(storage, segment, self._documents, self._vocabulary)

    def terms_reader(self, storage: Sealed, segment: Segment) -> TermReader:
        return TermReader(storage.fields(segment.filename))

    def per_document_reader(self, storage: Sealed, segment: Segment) -> DocumentReader:
        return DocumentReader(storage.fields(segment.filename), segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        raise NotImplementedError("postings are written a field at a time")

    postings_reader = postings_writer


class Pool:
    """In place of Whoosh's pool of postings: takes whole texts, as codes of their words."""

    def __init__(self) -> None:
        self.fields: dict[str, Buffer] = {}
        self.size = 0

    def add(self, posting: tuple[str, bytes, int, float, array[int]]) -> None:
        """Take the text of one field of one article."""
        name, _, doc, _, codes = posting
        self.fields.setdefault(name, Buffer()).add(doc, codes)
        self.size += len(codes)

    def iter_postings(self) -> Pool:
        return self

    def cleanup(self) -> None:
        self.fields.clear()


class DocumentWriter(base.PerDocumentWriter):  # type: ignore[misc]
    """Collects what :class:`~.writing.Facts` hold, by article."""

    def __init__(self) -> None:
        self.is_closed = False
        self.count = 0
        self._lengths: dict[str, dict[int, int]] = {}
        self._columns: dict[str, dict[int, int]] = {}

    def start_doc(self, docnum: int) -> None:
        self.count = docnum + 1

    def add_field(self, fieldname: str, fieldobj: Any, value: object, length: int) -> None:  # noqa: ARG002
        if fieldobj.indexed:
            self.add_length(fieldname, length)

    def add_length(self, fieldname: str, length: int) -> None:
        """Note how many words a field of the last article has."""
        self._lengths.setdefault(fieldname, {})[self.count - 1] = length

    def add_column_value(self, fieldname: str, columnobj: object, value: int) -> None:  # noqa: ARG002
        self._columns.setdefault(fieldname, {})[self.count - 1] = value

    def add_vector_items(self, fieldname: str, fieldobj: object, items: object) -> NoReturn:
        raise NotImplementedError("there are no vectors")

    def close(self) -> None:
        self.is_closed = True

    def facts(self) -> Facts:
        """All that was collected."""
        codes = {
            name: self._spread({doc: length_to_byte(length) for doc, length in found.items()}, np.uint8)
            for name, found in self._lengths.items()
        }
        return Facts({name: self._spread(found, np.int64) for name, found in self._columns.items()}, codes)

    def _spread(self, values: dict[int, int], kind: Any) -> Array:
        made = np.zeros(self.count, kind)
        made[list(values)] = list(values.values())
        return made


class InvertedWriter(base.FieldWriter):  # type: ignore[misc]
    """Writes a segment from the texts in a :class:`Pool`."""

    def __init__(
        self, storage: Sealed, segment: Segment, documents: DocumentWriter, vocabulary: Vocabulary
    ) -> None:
        self.is_closed = False
        self._storage, self._segment = storage, segment
        self._documents, self._vocabulary = documents, vocabulary

    def add_postings(self, schema: object, lengths: object, items: Pool) -> None:  # noqa: ARG002
        self._segment.size = items.size
        file = self._storage.create_file(self._segment.filename)
        write_segment(file, self._documents, items, self._vocabulary)

    def close(self) -> None:
        self.is_closed = True


def write_segment(file: IO[bytes], documents: DocumentWriter, pool: Pool, vocabulary: Vocabulary) -> None:
    """Write the texts in a pool as a segment."""
    fields = {name: buffer.inverted(vocabulary) for name, buffer in sorted(pool.fields.items())}
    wide = any(postings.wide for postings in fields.values())
    write(file, documents.facts(), {name: [postings] for name, postings in fields.items()}, wide=wide)


class TermReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment: forms as they are stored, stems made of them."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._stored = {name: name for name in fields.names} | {name + FORM: name for name in fields.names}

    def forms(self, name: str, term: bytes) -> Sequence[int]:
        """The numbers of the forms that a term of a field of the schema stands for."""
        if name not in self._stored:
            return ()
        field = self._fields[self._stored[name]]
        return field.find(term) if name.endswith(FORM) else field.stemmed(term.decode())

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return bool(self.forms(*term))

    def indexed_field_names(self) -> list[str]:
        return sorted(self._stored)

    def terms(self) -> Iterator[tuple[str, bytes]]:
        for name in self.indexed_field_names():
            yield from self._of(name)

    def terms_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[str, bytes]]:
        return (term for term in self._of(fieldname) if term[1] >= prefix)

    def _of(self, name: str) -> Iterator[tuple[str, bytes]]:
        if name in self._stored:
            field = self._fields[self._stored[name]]
            words = field.words(0, len(field))
            if not name.endswith(FORM):
                words = sorted({stem(word.decode()).encode() for word in words})
            yield from ((name, word) for word in words)

    def items(self) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms())

    def items_from(self, fieldname: str, prefix: bytes) -> Iterator[tuple[tuple[str, bytes], TermInfo]]:
        return ((term, self.term_info(*term)) for term in self.terms_from(fieldname, prefix))

    def term_info(self, fieldname: str, text: bytes) -> TermInfo:
        docs, counts = self._postings(fieldname, text)
        lengths = LENGTHS[self._fields[self._stored[fieldname]].lengths[docs]]
        return TermInfo(
            weight=float(counts.sum()),
            df=len(docs),
            minlength=int(lengths.min()),
            maxlength=int(lengths.max()),
            maxweight=float(counts.max()),
            minid=int(docs[0]),
            maxid=int(docs[-1]),
        )

    def matcher(self, fieldname: str, text: bytes, format_: Any, scorer: Any = None) -> matching.Matcher:
        docs, counts = self._postings(fieldname, text)
        field = self._fields[self._stored[fieldname]]
        places: dict[int, list[int]] = {}
        for form in self.forms(fieldname, text):
            there, often, at = field.postings(form, form + 1)
            for doc, standing in zip(there.tolist(), np.split(at, np.cumsum(often)[:-1]), strict=True):
                places.setdefault(doc, []).extend(standing.tolist())
        return matching.ListMatcher(
            docs.tolist(),
            counts.tolist(),
            [format_.encode(sorted(places[doc])) for doc in docs.tolist()],
            format_,
            scorer,
            term=(fieldname, text),
            terminfo=self.term_info(fieldname, text),
        )

    def _postings(self, name: str, term: bytes) -> tuple[Array, Array]:
        if not (forms := self.forms(name, term)):
            raise KeyError((name, term))
        field = self._fields[self._stored[name]]
        docs, counts = zip(*(field.docs(form, form + 1) for form in forms), strict=True)
        return summed(docs, counts, len(field.lengths))


class DocumentReader(base.PerDocumentReader):  # type: ignore[misc]
    """Columns and lengths of the articles of a segment."""

    def __init__(self, fields: Fields, segment: Segment) -> None:
        self._fields, self._segment = fields, segment

    def doc_count(self) -> int:
        return int(self._segment.doc_count())

    def doc_count_all(self) -> int:
        return self._segment.doc_count_all()

    def has_deletions(self) -> bool:
        return bool(self._segment.deleted)

    def is_deleted(self, docnum: int) -> bool:
        return self._segment.is_deleted(docnum)

    def deleted_docs(self) -> Iterable[int]:
        return self._segment.deleted_docs()

    def supports_columns(self) -> bool:
        return True

    def has_column(self, fieldname: str) -> bool:
        return fieldname in self._fields.file

    def column_reader(self, fieldname: str, column: object) -> Column:  # noqa: ARG002
        return Column(self._fields.file[fieldname])

    def doc_field_length(self, docnum: int, fieldname: str, default: int = 0) -> int:
        name = fieldname.removesuffix(FORM)
        return int(LENGTHS[self._fields[name].lengths[docnum]]) if name in self._fields.names else default

    def field_length(self, fieldname: str) -> int:
        name = fieldname.removesuffix(FORM)
        return self._fields[name].total if name in self._fields.names else 0

    def min_field_length(self, fieldname: str) -> int:
        return min((self.doc_field_length(doc, fieldname) for doc in range(self.doc_count_all())), default=0)

    def max_field_length(self, fieldname: str) -> int:
        return max((self.doc_field_length(doc, fieldname) for doc in range(self.doc_count_all())), default=0)

    def stored_fields(self, docnum: int) -> dict[str, object]:  # noqa: ARG002
        return {}


class Column(columns.ColumnReader):  # type: ignore[misc]
    """Whole numbers by article."""

    def __init__(self, values: Array) -> None:
        self._values = values

    def __len__(self) -> int:
        return len(self._values)

    def __getitem__(self, docnum: int) -> int:
        return int(self._values[docnum])

    def __iter__(self) -> Iterator[int]:
        return iter(self._values.tolist())
