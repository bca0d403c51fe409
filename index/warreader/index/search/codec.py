"""Whoosh's view of our segments: a codec, by which Whoosh's own writer, readers and queries work on them.

A field of text is stored once (:mod:`.segment`) and seen as two fields of the schema:
under its name by stem, under its name and :data:`FORM` by exact form.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from whoosh import columns, matching
from whoosh.codec import base
from whoosh.reading import TermInfo
from whoosh.util.numeric import byte_to_length

from warreader.index.search.analyzer import stem
from warreader.index.search.arrays import Array
from warreader.index.search.segment import LED, LEDE, Fields, summed

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
    """Reads segments of ours; they are written without Whoosh (:mod:`.gathering`), and only committed by it."""

    length_stats = False

    def new_segment(self, storage: Sealed, indexname: str) -> Segment:  # noqa: ARG002
        return Segment(indexname)

    def per_document_writer(self, storage: Sealed, segment: Segment) -> Idle:  # noqa: ARG002
        return Idle()

    field_writer = per_document_writer

    def terms_reader(self, storage: Sealed, segment: Segment) -> TermReader:
        return TermReader(storage.fields(segment.filename))

    def per_document_reader(self, storage: Sealed, segment: Segment) -> DocumentReader:
        return DocumentReader(storage.fields(segment.filename), segment)

    def postings_writer(self, dbfile: Any, byteids: bool = False) -> NoReturn:
        raise NotImplementedError("postings are written a field at a time")

    postings_reader = postings_writer


class Idle:
    """What Whoosh's writer closes, having written nothing by it."""

    is_closed = False

    def close(self) -> None:
        self.is_closed = True


class TermReader(base.TermsReader):  # type: ignore[misc]
    """The terms of a segment: forms as they are stored, stems made of them."""

    def __init__(self, fields: Fields) -> None:
        self._fields = fields
        self._stored = {name: name for name in fields.names} | {name + FORM: name for name in fields.names}
        if LED in fields.names:
            self._stored[LEDE] = LED

    def forms(self, name: str, term: bytes) -> Sequence[int]:
        """The numbers of the forms that a term of a field of the schema stands for."""
        if name not in self._stored:
            return ()
        field = self._fields[self._stored[name]]
        return field.find(term) if name.endswith(FORM) else field.stemmed(term.decode())

    def __contains__(self, term: tuple[str, bytes]) -> bool:
        return bool(self.forms(*term)) and (term[0] != LEDE or len(self._led(term[1])) > 0)

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
            yield from ((name, word) for word in words if name != LEDE or (name, word) in self)

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
        places: dict[int, list[int]] = {doc: [0] for doc in docs.tolist()} if fieldname == LEDE else {}
        for form in () if fieldname == LEDE else self.forms(fieldname, text):
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
        if not (forms := self.forms(name, term)) or (name, term) not in self:
            raise KeyError((name, term))
        if name == LEDE:
            docs = self._led(term)
            return docs, np.ones(len(docs), np.uint32)
        field = self._fields[self._stored[name]]
        every, often = zip(*(field.docs(form, form + 1) for form in forms), strict=True)
        return summed(every, often, len(field.lengths))

    def _led(self, term: bytes) -> Array:
        """The articles in whose lede a stem stands."""
        field = self._fields[LED]
        marks = [field.marked(form) for form in self.forms(LEDE, term)]
        return np.unique(np.concatenate([docs[(counts & 1).astype(np.bool_)] for docs, counts in marks]))


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
