"""What an app may use of the core: the library, the plain values that it hands out, and what is done with these.

An app imports from here and from nowhere else in :mod:`warreader.index`, so that this is all it hangs on. A name is
looked up when it is asked for, and only then is its module loaded: a command that exports needs no search engine.
What is taken of each module stands here twice: as an import, which types are checked by, and in a table, which Python
goes by; a test holds them together.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from warreader.index import jsonable
    from warreader.index.annotations.annotations import Annotations
    from warreader.index.annotations.code_book import (
        Entry as CodeEntry,
        inherited as inherited_colour,
        renamed as renamed_tag,
    )
    from warreader.index.annotations.export import Citation
    from warreader.index.annotations.following import Carried, annotations_of, stands
    from warreader.index.annotations.listing import parse as parse_filter
    from warreader.index.annotations.many import everywhere, mark_all, places_of, tag_articles
    from warreader.index.annotations.model import (
        Annotation,
        Change as Gesture,
        ENTITY as ABOUT_ENTITY,
        MATCH as ABOUT_MATCH,
        Revision,
    )
    from warreader.index.article import (
        AddReport,
        Article,
        Entity,
        Failure,
        Label,
        Line,
        LineKind,
        Match,
        MatchMember,
        Mention,
        Metadata,
        Progress,
        Quotation,
        QuotationKind,
        Scope,
        SearchHit,
        SearchResult,
        Snippet,
        Span,
    )
    from warreader.index.corrections.model import Correction
    from warreader.index.counting import many
    from warreader.index.entities.correcting import Form
    from warreader.index.entities.listing import HeldRoll, Listed, Roll, folded_fits
    from warreader.index.entities.model import (
        REMEDY as MODEL_REMEDY,
        chosen as chosen_model,
        identity as model_identity,
    )
    from warreader.index.entities.pivots import Joined, Saying, query_for
    from warreader.index.errors import (
        DamagedError,
        InputError,
        LibraryBusyError,
        LibraryError,
        NotFoundError,
        ReadOnlyError,
        UsageError,
        WarreaderError,
        storage_error,
    )
    from warreader.index.exporting import ARCHIVES as EXPORT_ARCHIVES, cite, export, write_archive
    from warreader.index.folders import config_folder, default_folder, folder_for
    from warreader.index.importing import reading
    from warreader.index.ingest.formats import SPLITTERS as FORMATS
    from warreader.index.ingest.pieces import FIELDS as RECORD_FIELDS, Options, is_address
    from warreader.index.library import Library, default_jobs, rescue
    from warreader.index.listing import Summaries, Summary
    from warreader.index.matching.comparison import Attribution, Comparison, Variant
    from warreader.index.matching.differences import Piece, PieceKind
    from warreader.index.matching.repeated import Alike, Carrier, Repeated
    from warreader.index.matching.suggestions import Suggestion
    from warreader.index.memory import give_back
    from warreader.index.placing import Places
    from warreader.index.quotations.spoken import Asked, Tally
    from warreader.index.rescuing import promise as rescue_promise
    from warreader.index.resources import data_folder
    from warreader.index.search.catalogue import Order
    from warreader.index.search.completion import Completion, Kind as CompletionKind
    from warreader.index.search.editing import holds as query_holds, narrowed as query_narrowed
    from warreader.index.search.facets import Facet, FacetValue
    from warreader.index.search.lighting import Lit as LitSpan
    from warreader.index.search.saved import SavedSearch, Searches, Standing as StandingSearch
    from warreader.index.search.snippets import snippets
    from warreader.index.stories.stories import Copy, Story
    from warreader.index.text import fold, line_spans, sentences, visible, without_controls
    from warreader.index.versions import Change as TextChange, ChangeKind, difference

_NAMES = {
    "annotations.annotations": "Annotations",
    "annotations.code_book": "Entry=CodeEntry inherited=inherited_colour renamed=renamed_tag",
    "annotations.export": "Citation",
    "annotations.following": "Carried annotations_of stands",
    "annotations.listing": "parse=parse_filter",
    "annotations.many": "everywhere mark_all places_of tag_articles",
    "annotations.model": "Annotation Change=Gesture ENTITY=ABOUT_ENTITY MATCH=ABOUT_MATCH Revision",
    "article": (
        "AddReport Article Entity Failure Label Line LineKind Match MatchMember Mention "
        "Metadata Progress Quotation QuotationKind Scope SearchHit SearchResult Snippet Span"
    ),
    "corrections.model": "Correction",
    "counting": "many",
    "entities.correcting": "Form",
    "entities.listing": "HeldRoll Listed Roll folded_fits",
    "entities.model": "REMEDY=MODEL_REMEDY chosen=chosen_model identity=model_identity",
    "entities.pivots": "Joined Saying query_for",
    "errors": (
        "DamagedError InputError LibraryBusyError LibraryError NotFoundError ReadOnlyError UsageError "
        "WarreaderError storage_error"
    ),
    "exporting": "ARCHIVES=EXPORT_ARCHIVES cite export write_archive",
    "folders": "config_folder default_folder folder_for",
    "importing": "reading",
    "ingest.formats": "SPLITTERS=FORMATS",
    "ingest.pieces": "FIELDS=RECORD_FIELDS Options is_address",
    "jsonable": "=jsonable",
    "library": "Library default_jobs rescue",
    "listing": "Summaries Summary",
    "matching.comparison": "Attribution Comparison Variant",
    "matching.differences": "Piece PieceKind",
    "matching.repeated": "Alike Carrier Repeated",
    "matching.suggestions": "Suggestion",
    "memory": "give_back",
    "placing": "Places",
    "quotations.spoken": "Asked Tally",
    "rescuing": "promise=rescue_promise",
    "resources": "data_folder",
    "search.catalogue": "Order",
    "search.completion": "Completion Kind=CompletionKind",
    "search.editing": "holds=query_holds narrowed=query_narrowed",
    "search.facets": "Facet FacetValue",
    "search.lighting": "Lit=LitSpan",
    "search.saved": "SavedSearch Searches Standing=StandingSearch",
    "search.snippets": "snippets",
    "stories.stories": "Copy Story",
    "text": "fold line_spans sentences visible without_controls",
    "versions": "Change=TextChange ChangeKind difference",
}
"""By module of the core what is taken of it: the name there (none: the module), behind a sign of equality that here."""

_WHERE = {
    (one.partition("=")[2] or one): (f"warreader.index.{module}", one.partition("=")[0])
    for module, names in _NAMES.items()
    for one in names.split()
}

if not TYPE_CHECKING:
    __all__ = tuple(_WHERE)

    def __getattr__(name: str) -> Any:
        if name not in _WHERE:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        module, there = _WHERE[name]
        found = import_module(module)
        return getattr(found, there) if there else found
