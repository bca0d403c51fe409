"""The engines that ``search.py`` measures, each over the articles of one ``library.sqlite``.

Text comes from the library for all of them; an index stores only what search needs.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from warreader.index.schema import LIBRARY_MIGRATIONS
from warreader.index.search.search import Search
from warreader.index.storage import Database

HITS = 20
"""Results wanted of each query, best first, with the number of all."""

FIELDS = ("text", "title", "outlet", "author")


class Asked(NamedTuple):
    """A query, told apart by kind; each engine puts it in its own words."""

    kind: str
    words: tuple[str, ...]
    dates: tuple[str, str] = ("", "")


class Engine(Protocol):
    """Builds an index in a folder, opens it, answers."""

    def build(self) -> None:
        """Index all articles of the library."""

    def open(self) -> None:
        """Be ready to answer."""

    def find(self, asked: Asked) -> list[int]:
        """Keys of the best articles."""

    def show(self, asked: Asked) -> object:
        """The best articles as a list of results shows them: title, outlet, date, snippets."""

    def all(self, asked: Asked) -> object:
        """The same, and the facets of all that answer; raises ``NotImplementedError`` where there are none."""


def _rows(connection: sqlite3.Connection, keys: list[int]) -> list[Any]:
    marks = ",".join("?" * len(keys))
    return connection.execute(
        f"SELECT key, id, title, outlet, date, text FROM article WHERE key IN ({marks})", keys
    ).fetchall()


class Ours:
    """This project's."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._database = Database(library, LIBRARY_MIGRATIONS)
        self._search = Search(folder, self._database, secret=b"b" * 32)

    def build(self) -> None:
        self._database.connection.execute("DELETE FROM derived")
        self._search.update()

    def open(self) -> None:
        self._search.search("war", limit=1)

    def find(self, asked: Asked) -> list[int]:
        found, _ = self._search.best(self._query(asked), HITS)
        return [key for key, _ in found]

    def show(self, asked: Asked) -> object:
        return self._search.search(self._query(asked), limit=HITS)

    def all(self, asked: Asked) -> object:
        return self.show(asked), self._search.facets.of(self._search.matching(self._query(asked)))

    def _query(self, asked: Asked) -> str:
        first, *rest = asked.words
        match asked.kind:
            case "OR":
                return " OR ".join(asked.words)
            case "phrase":
                return f'"{" ".join(asked.words)}"'
            case "prefix":
                return first + "*"
            case "fuzzy":
                return first + "~"
            case "field":
                return f"title:{first}"
            case "dates":
                return f"{first} date:{asked.dates[0]}..{asked.dates[1]}"
            case _:
                return " ".join([first, *rest])


class Fts5:
    """SQLite FTS5, in a table beside the articles (external content)."""

    def __init__(self, library: Path, folder: Path) -> None:  # noqa: ARG002
        self._connection = sqlite3.connect(library, isolation_level=None)

    def build(self) -> None:
        run = self._connection.execute
        run("DROP TABLE IF EXISTS fts")
        run(
            f"CREATE VIRTUAL TABLE fts USING fts5({', '.join(FIELDS)}, content='article',"
            " content_rowid='key', tokenize='porter unicode61')"
        )
        run("BEGIN")
        names = ", ".join(FIELDS)
        run(f"INSERT INTO fts (rowid, {names}) SELECT key, {names} FROM article")
        run("COMMIT")

    def size(self) -> int:
        """Bytes of its tables."""
        tables = ("fts_data", "fts_idx", "fts_docsize", "fts_config")
        query = f"SELECT sum(pgsize) FROM dbstat WHERE name IN ({','.join('?' * len(tables))})"
        try:
            return int(self._connection.execute(query, tables).fetchone()[0])
        except sqlite3.OperationalError:  # built without dbstat
            blocks = self._connection.execute("SELECT sum(length(block)) FROM fts_data").fetchone()[0]
            return int(blocks)

    def open(self) -> None:
        self.find(Asked("word", ("war",)))

    def find(self, asked: Asked) -> list[int]:
        query, dated = self._query(asked)
        rows = self._connection.execute(
            f"SELECT fts.rowid FROM fts {dated} WHERE fts MATCH ?1 ORDER BY rank LIMIT {HITS}",
            (query, *(asked.dates if dated else ())),
        )
        return [row[0] for row in rows]

    def show(self, asked: Asked) -> object:
        query, dated = self._query(asked)
        rows = self._connection.execute(
            "SELECT fts.rowid, fts.title, fts.outlet, snippet(fts, 0, '<', '>', '...', 24)"
            f" FROM fts {dated} WHERE fts MATCH ?1 ORDER BY rank LIMIT {HITS}",
            (query, *(asked.dates if dated else ())),
        )
        return rows.fetchall()

    def all(self, asked: Asked) -> object:
        raise NotImplementedError("it has no facets")

    def _query(self, asked: Asked) -> tuple[str, str]:
        quoted = [f'"{word}"' for word in asked.words]
        columns = "{text title} :"
        dated = ""
        match asked.kind:
            case "OR":
                query = f"{columns} ({' OR '.join(quoted)})"
            case "phrase":
                query = f'{columns} "{" ".join(asked.words)}"'
            case "prefix":
                query = f"{columns} {quoted[0]}*"
            case "fuzzy":
                raise NotImplementedError("FTS5 has no fuzzy words")
            case "field":
                query = f"title : {quoted[0]}"
            case "dates":
                query = f"{columns} {quoted[0]}"
                dated = "JOIN article ON article.key = fts.rowid AND date BETWEEN ?2 AND ?3"
            case _:
                query = f"{columns} ({' AND '.join(quoted)})"
        return query, dated


class Tantivy:
    """tantivy, by its Python binding; ``pip install tantivy``."""

    def __init__(self, library: Path, folder: Path) -> None:
        import tantivy

        self._t: Any = tantivy
        self._connection = sqlite3.connect(library)
        builder = tantivy.SchemaBuilder().add_integer_field("key", stored=True, indexed=True, fast=True)
        builder.add_integer_field("day", stored=False, indexed=True, fast=True)
        for name in FIELDS:
            builder.add_text_field(name, stored=False, tokenizer_name="en_stem", index_option="position")
        self._schema: Any = builder.build()
        folder.mkdir(parents=True, exist_ok=True)
        self._index: Any = tantivy.Index(self._schema, path=str(folder))

    def build(self) -> None:
        writer = self._index.writer(heap_size=256_000_000, num_threads=1)
        writer.delete_all_documents()
        for key, date, *texts in self._connection.execute(
            f"SELECT key, date, {', '.join(FIELDS)} FROM article"
        ):
            document = self._t.Document(key=key, day=_day(date))
            for name, text in zip(FIELDS, texts, strict=True):
                document.add_text(name, text or "")
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        self._index.reload()
        self._searcher = self._index.searcher()
        self.find(Asked("word", ("war",)))

    def find(self, asked: Asked) -> list[int]:
        return self._keys(self._query(asked))

    def show(self, asked: Asked) -> object:
        query = self._query(asked)
        make = self._t.SnippetGenerator.create(self._searcher, query, self._schema, "text")
        make.set_max_num_chars(480)  # as long as three of ours
        shown = []
        for row in _rows(self._connection, self._keys(query)):
            snippet = make.snippet_from_doc(self._t.Document(text=row[5]))
            shown.append((row[1:5], snippet.fragment(), [(at.start, at.end) for at in snippet.highlighted()]))
        return shown

    def all(self, asked: Asked) -> object:
        raise NotImplementedError("it has no facets")

    def _keys(self, query: Any) -> list[int]:
        hits = self._searcher.search(query, limit=HITS, count=True).hits
        return list(self._searcher.fast_field_values("key", [at for _, at in hits]))

    def _query(self, asked: Asked) -> Any:
        q, first = self._t.Query, asked.words[0]
        should, must = self._t.Occur.Should, self._t.Occur.Must
        both = ["text", "title"]

        def either(make: Callable[[str], Any]) -> Any:
            return q.boolean_query([(should, make(name)) for name in both])

        match asked.kind:
            case "OR":
                return self._index.parse_query(" OR ".join(asked.words), both)
            case "phrase":
                return self._index.parse_query(f'"{" ".join(asked.words)}"', both)
            case "prefix":
                return either(lambda name: q.regex_query(self._schema, name, f"{first}.*"))
            case "fuzzy":
                distance = 1 if len(first) < 6 else 2
                return either(lambda name: q.fuzzy_term_query(self._schema, name, first, distance))
            case "field":
                return self._index.parse_query(first, ["title"])
            case "dates":
                low, high = map(_day, asked.dates)
                dated = q.range_query(self._schema, "day", self._t.FieldType.Integer, low, high)
                word = self._index.parse_query(first, both)
                return q.boolean_query([(must, word), (must, q.const_score_query(dated, 0.0))])
            case _:
                return self._index.parse_query(" AND ".join(asked.words), both)


class Stock:
    """Whoosh out of the box: its own codec, tokeniser with stemming, matchers and highlights."""

    def __init__(self, library: Path, folder: Path) -> None:
        self._connection = sqlite3.connect(library)
        self._folder = folder

    def build(self) -> None:
        from whoosh import analysis, fields, index

        self._folder.mkdir(parents=True, exist_ok=True)
        words = {name: fields.TEXT(analyzer=analysis.StemmingAnalyzer()) for name in FIELDS}
        schema = fields.Schema(key=fields.STORED, day=fields.NUMERIC(sortable=True), **words)
        writer = index.create_in(self._folder, schema).writer(limitmb=256)
        for key, date, *texts in self._connection.execute(
            f"SELECT key, date, {', '.join(FIELDS)} FROM article"
        ):
            given = {name: text for name, text in zip(FIELDS, texts, strict=True) if text}
            writer.add_document(key=key, day=_day(date), **given)
        writer.commit()

    def open(self) -> None:
        from whoosh import index
        from whoosh.qparser import FuzzyTermPlugin, MultifieldParser

        self._index = index.open_dir(self._folder)
        self._searcher = self._index.searcher()
        self._parser = MultifieldParser(["text", "title"], self._index.schema)
        self._parser.add_plugin(FuzzyTermPlugin())
        self.find(Asked("word", ("war",)))

    def find(self, asked: Asked) -> list[int]:
        return [hit["key"] for hit in self._found(asked)]

    def show(self, asked: Asked) -> object:
        found = self._found(asked)
        rows = {row[0]: row for row in _rows(self._connection, [hit["key"] for hit in found])}
        return [
            (rows[hit["key"]][1:5], hit.highlights("text", text=rows[hit["key"]][5], top=3)) for hit in found
        ]

    def all(self, asked: Asked) -> object:
        raise NotImplementedError("it has no facets")

    def _found(self, asked: Asked) -> Any:
        return self._searcher.search(self._parser.parse(self._query(asked)), limit=HITS)

    def _query(self, asked: Asked) -> str:
        first = asked.words[0]
        match asked.kind:
            case "OR":
                return " OR ".join(asked.words)
            case "phrase":
                return f'"{" ".join(asked.words)}"'
            case "prefix":
                return first + "*"
            case "fuzzy":
                return f"{first}~{1 if len(first) < 6 else 2}"
            case "field":
                return f"title:{first}"
            case "dates":
                return f"{first} day:[{_day(asked.dates[0])} TO {_day(asked.dates[1])}]"
            case _:
                return " ".join(asked.words)


ENGINES: dict[str, Callable[[Path, Path], Engine]] = {
    "ours": Ours,
    "tantivy": Tantivy,
    "fts5": Fts5,
    "whoosh": Stock,
}


def _day(date: str | None) -> int:
    digits = (date or "")[:10].replace("-", "")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) == 8 else 0
