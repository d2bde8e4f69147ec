"""searcher: full-text search over Vietnamese public-order news.

>>> import searcher
>>> with searcher.open_index("index") as index:  # doctest: +SKIP
...     results = index.search("mại dâm Sơn La", topics=["mai-dam"])
"""

from typing import TYPE_CHECKING, Final

from searcher.about import VERSION
from searcher.lazy import names_from

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.embedded.checking import check_index
    from searcher.embedded.engine import EmbeddedIndex
    from searcher.errors import (
        ArticleNotFound,
        BadFilter,
        FolderInUse,
        FolderUnusable,
        IndexClosed,
        IndexLocked,
        IndexNotFound,
        IndexUnusable,
        SearcherError,
        SourceMissing,
        WorkerFailed,
    )
    from searcher.gathering import fetch
    from searcher.indexing import Summary
    from searcher.opening import index_paths, open_index
    from searcher.query import Export, FacetCount, Filters, Hit, Index, Offer, Results, SearchRequest, Stats
    from searcher.query.request import make_request
    from searcher.query.similar import KeyTerm, Similar
    from searcher.query.trends import Trend, Trends
    from searcher.suggesting.suggestion import Suggestion

__version__ = VERSION

__all__ = [
    "Article",
    "ArticleNotFound",
    "BadFilter",
    "EmbeddedIndex",
    "Export",
    "FacetCount",
    "Filters",
    "FolderInUse",
    "FolderUnusable",
    "Hit",
    "Index",
    "IndexClosed",
    "IndexLocked",
    "IndexNotFound",
    "IndexUnusable",
    "KeyTerm",
    "Offer",
    "Results",
    "SearchRequest",
    "SearcherError",
    "Similar",
    "SourceMissing",
    "Stats",
    "Suggestion",
    "Summary",
    "Trend",
    "Trends",
    "WorkerFailed",
    "check_index",
    "fetch",
    "index_paths",
    "make_request",
    "open_index",
]

_MODULES: Final = {
    "searcher.article": ("Article",),
    "searcher.errors": (
        "ArticleNotFound",
        "BadFilter",
        "FolderInUse",
        "FolderUnusable",
        "IndexClosed",
        "IndexLocked",
        "IndexNotFound",
        "IndexUnusable",
        "SearcherError",
        "SourceMissing",
        "WorkerFailed",
    ),
    "searcher.gathering": ("fetch",),
    "searcher.indexing": ("Summary",),
    "searcher.suggesting.suggestion": ("Suggestion",),
    "searcher.query.similar": ("KeyTerm", "Similar"),
    "searcher.query.trends": ("Trend", "Trends"),
    "searcher.embedded.engine": ("EmbeddedIndex",),
    "searcher.opening": ("index_paths", "open_index"),
    "searcher.query.contract": ("Index",),
    "searcher.query.request": ("Filters", "SearchRequest", "make_request"),
    "searcher.query.results": ("Export", "FacetCount", "Hit", "Offer", "Results", "Stats"),
    "searcher.embedded.checking": ("check_index",),
}
"""Where each public name lives. They are imported when first used, so that a command loads only what it needs."""

__getattr__ = names_from(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
