"""What quotations do over the whole library: which are repeated most, who carried each first, what articles share.

Asked of the clusters that are kept, not of the pairs: an answer takes milliseconds, however large the library.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from sqlite3 import Connection, Row

from warreader.index.article import MatchKind, Scope, Span, Tier
from warreader.index.matching.kept import Kept
from warreader.index.moments import UNKNOWN, moment, surely_first
from warreader.index.quotations import spoken
from warreader.index.storage import Database
from warreader.index.stories.stories import Stories


@dataclass(frozen=True, slots=True)
class Carrier:
    """An article that carries a quotation. ``article`` is its id; the others are ``None`` where unknown."""

    article: str
    title: str
    outlet: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class Repeated:
    """A quotation that stands in several articles.

    ``match`` is the id of its match, ``text`` its words where it was first carried (by date, unknown last), by
    ``first``; ``certain`` is whether no other may have been earlier. ``start`` and ``end`` are code points there.
    ``reports`` counts articles that print the same text once, ``outlets`` those that are known, ``unplaced`` the
    articles of which none is. ``speakers`` are the entities (id, name) it is given to, the most often named first.
    """

    match: str
    text: str
    start: int
    end: int
    kind: MatchKind
    articles: int
    reports: int
    outlets: int
    unplaced: int
    first: Carrier
    certain: bool
    last: str | None
    speakers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Repetitions:
    """Some of the repeated quotations, and how many there are in all."""

    total: int
    rows: tuple[Repeated, ...]


@dataclass(frozen=True, slots=True)
class SpeakerCount:
    """An entity (id, name), and how many repeated quotations are given to it."""

    entity: str
    name: str
    quotations: int


@dataclass(frozen=True, slots=True)
class Alike:
    """Two articles that share quotations, ``words`` of them in ``quotations`` places; ``copies`` of one text or not."""

    one: Carrier
    two: Carrier
    words: int
    quotations: int
    copies: bool


def repeated(
    database: Database,
    *,
    speaker: str | Collection[str] | None = None,
    outlet: str | None = None,
    month: str | None = None,
    words: str = "",
    limit: int = 100,
    offset: int = 0,
) -> Repetitions:
    """The repeated quotations with a place that fits: in most reports, then in most articles, then of most weight.

    Args:
        database: the library's database.
        speaker: id of the entity, or of one of those, that the place gives it to.
        outlet: whose article the place is in; case doesn't matter.
        month: in which the article appeared, as in ISO 8601 (``2022-03``); a year or a day will do too.
        words: stand in the quotation there one after another, and each of them in what is repeated of it.
        limit: rows at most.
        offset: rows passed over.
    """
    _refreshed(database)
    where, values = _condition(speaker, outlet, month, words)
    connection = database.connection
    total = connection.execute(f"SELECT count(*) FROM cluster {where}", values).fetchone()[0]
    found = connection.execute(
        f"SELECT * FROM cluster {where} ORDER BY reports DESC, articles DESC, score DESC, key LIMIT ? OFFSET ?",
        (*values, limit, offset),
    ).fetchall()
    return Repetitions(total, tuple(filter(None, (_repeated(connection, row) for row in found))))


def speakers(database: Database, limit: int = 100) -> list[SpeakerCount]:
    """The entities to which most repeated quotations are given."""
    _refreshed(database)
    rows = database.connection.execute(
        "SELECT entity.id, entity.name, count(DISTINCT cluster) AS quotations FROM cluster_place"
        " JOIN quotation ON quotation.key = cluster_place.quotation AND quotation.article = cluster_place.article"
        " JOIN entity ON entity.key = quotation.entity"
        " GROUP BY entity.key ORDER BY quotations DESC, entity.name, entity.id LIMIT ?",
        (limit,),
    )
    return [SpeakerCount(*row) for row in rows]


def alike(
    database: Database,
    article_id: str | None = None,
    *,
    copies: bool = False,
    speaker: str | Collection[str] | None = None,
    outlet: str | None = None,
    month: str | None = None,
    words: str = "",
    limit: int = 100,
) -> list[Alike]:
    """Pairs of articles that share most quoted words, most first.

    Where a speaker, outlet, month or words are named, only what :func:`repeated` gives for them counts, and one of the
    two articles is of the outlet and the month.

    Args:
        database: the library's database.
        article_id: only those that this article is one of.
        copies: also articles that print the same text.
        speaker, outlet, month, words: as for :func:`repeated`.
        limit: pairs at most.
    """
    connection = database.connection
    key = connection.execute("SELECT key FROM article WHERE id = ?", (article_id,)).fetchone()
    if article_id is not None and key is None:
        return []
    stories = Stories(database)
    found: list[Alike] = []
    narrowed = _condition(speaker, outlet, month, words)
    if narrowed[0]:
        _refreshed(database)
    for row in _sharing_most(connection, None if key is None else key[0], *narrowed):
        same = bool(stories.groups_among([row["one"], row["two"]]))
        if same and not copies:
            continue
        carriers = _carriers(connection, [row["one"], row["two"]])
        if len(carriers) == 2 and any(_is_of(one, outlet, month) for one in carriers.values()):
            pair = carriers[row["one"]], carriers[row["two"]]
            found.append(Alike(*pair, row["words"], row["quotations"], same))
        if len(found) >= limit:
            break
    return found


def _sharing_most(
    connection: Connection, key: int | None, wanted: str, values: Sequence[str]
) -> Iterator[Row]:
    """Pairs of articles by the words they share, most first: of one article (key), in clusters that are wanted."""
    where = ""
    of_one = "" if key is None else " AND (one = ? OR two = ?)"
    if wanted:
        where = (
            " AND EXISTS (SELECT 1 FROM cluster_place AS held WHERE held.article = one AND held.start <= one_start"
            f" AND held.end >= one_end AND held.cluster IN (SELECT key FROM cluster {wanted}))"
        )
    return connection.execute(
        "SELECT one, two, sum(words) AS words, count(*) AS quotations FROM pair"
        f" WHERE one <> two AND tier = ?{of_one}{where} GROUP BY one, two ORDER BY words DESC, one, two",
        (Tier.SURE.value, *(() if key is None else (key, key)), *values),
    )


def _is_of(carrier: Carrier, outlet: str | None, month: str | None) -> bool:
    named = outlet is None or (carrier.outlet or "").casefold() == outlet.casefold()
    return named and (carrier.date or "").startswith(month or "")


def _refreshed(database: Database) -> None:
    kept = Kept(database)
    if kept.due:
        kept.refresh()


def _condition(
    speaker: str | Collection[str] | None, outlet: str | None, month: str | None, words: str
) -> tuple[str, tuple[str, ...]]:
    tests: list[str] = []
    values: list[str] = []
    joined = ""
    if speaker:
        joined = (
            " JOIN quotation ON quotation.key = place.quotation AND quotation.article = place.article"
            " JOIN entity ON entity.key = quotation.entity"
        )
        tests.append("entity.id IN (SELECT value FROM json_each(?))")
        values.append(json.dumps([speaker] if isinstance(speaker, str) else [*speaker]))
    if outlet is not None:
        tests.append("article.outlet = ? COLLATE NOCASE")
        values.append(outlet)
    if month is not None:
        tests.append("article.date >= ? AND article.date < ?")
        values += [month, month + "~"]
    if words:
        asked = spoken.holds(words)
        # What holds no word stands nowhere.
        tests.append("place.quotation IN (SELECT rowid FROM spoken WHERE spoken MATCH ?)" if asked else "0")
        values += [asked] if asked else []
        shared = "lower(substr(article.text, place.start + 1, place.end - place.start))"
        for begun in spoken.traces(words):
            tests.append(f"({' OR '.join([f'instr({shared}, ?)'] * len(begun))})")
            values += begun
    if not tests:
        return "", ()
    source = f"FROM cluster_place AS place JOIN article ON article.key = place.article{joined}"
    return f"WHERE key IN (SELECT place.cluster {source} WHERE {' AND '.join(tests)})", tuple(values)


def _repeated(connection: Connection, row: Sequence[object]) -> Repeated | None:
    cluster, kind, _, articles, reports, outlets = row
    places = connection.execute(
        "SELECT place.article, place.start, place.end, article.id, article.date, article.outlet, entity.name,"
        f" entity.id AS entity, {moment('article.date')} AS moment"
        " FROM cluster_place AS place JOIN article ON article.key = place.article"
        " LEFT JOIN quotation ON quotation.key = place.quotation AND quotation.article = place.article"
        " LEFT JOIN entity ON entity.key = quotation.entity WHERE place.cluster = ?",
        (cluster,),
    ).fetchall()
    if not places:
        return None
    in_order = sorted(places, key=lambda place: (place["moment"] or UNKNOWN, place["id"], place["start"]))
    first, dated = in_order[0], [place["date"] for place in in_order if place["moment"]]
    others = [place["moment"] for place in in_order if place["id"] != first["id"]]
    text = connection.execute("SELECT text FROM article WHERE key = ?", (first["article"],)).fetchone()[0]
    named: dict[tuple[str, str], int] = {}
    for place in places:
        if place["entity"] is not None:
            speaker = (place["entity"], place["name"])
            named[speaker] = named.get(speaker, 0) + 1
    return Repeated(
        match=f"{Scope.CROSS.value}:{first['id']}:{first['start']}-{first['end']}",
        text=Span(first["start"], first["end"]).of(text),
        start=first["start"],
        end=first["end"],
        kind=MatchKind(str(kind)),
        articles=int(str(articles)),
        reports=int(str(reports)),
        outlets=int(str(outlets)),
        unplaced=len({place["article"] for place in places if not place["outlet"]}),
        first=_carriers(connection, [first["article"]])[first["article"]],
        certain=surely_first(first["moment"], others),
        last=dated[-1] if dated else None,
        speakers=tuple(sorted(named, key=lambda speaker: (-named[speaker], speaker))),
    )


def _carriers(connection: Connection, keys: Iterable[int]) -> dict[int, Carrier]:
    rows = connection.execute(
        "SELECT key, id, coalesce(title, id), outlet, date FROM article WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {row[0]: Carrier(*row[1:]) for row in rows}
