"""searcher: full-text search over Vietnamese public-order news.

>>> import searcher
>>> with searcher.open_index("index") as index:  # doctest: +SKIP
...     results = index.search("mại dâm Sơn La", topics=["mai-dam"])
"""

from typing import TYPE_CHECKING, Final

from searcher.lazy import names_from

if TYPE_CHECKING:
    from searcher.article import Article
    from searcher.errors import (
        ArticleNotFound,
        BadFilter,
        FolderInUse,
        FolderUnusable,
        IndexLocked,
        IndexNotFound,
        IndexUnusable,
        SearcherError,
        WorkerFailed,
    )
    from searcher.gathering import fetch
    from searcher.indexing import Summary, index_paths
    from searcher.query import (
        EmbeddedIndex,
        Export,
        FacetCount,
        Filters,
        Hit,
        Results,
        SearchRequest,
        Stats,
        open_index,
    )
    from searcher.query.completion import Suggestion
    from searcher.query.similar import KeyTerm, Similar
    from searcher.query.trends import Trend, Trends
    from searcher.storage import check_index

__version__ = "0.1.0"

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
    "IndexLocked",
    "IndexNotFound",
    "IndexUnusable",
    "KeyTerm",
    "Results",
    "SearchRequest",
    "SearcherError",
    "Similar",
    "Stats",
    "Suggestion",
    "Summary",
    "Trend",
    "Trends",
    "WorkerFailed",
    "check_index",
    "fetch",
    "index_paths",
    "open_index",
]

_MODULES: Final = {
    "searcher.article": ("Article",),
    "searcher.errors": (
        "ArticleNotFound",
        "BadFilter",
        "FolderInUse",
        "FolderUnusable",
        "IndexLocked",
        "IndexNotFound",
        "IndexUnusable",
        "SearcherError",
        "WorkerFailed",
    ),
    "searcher.gathering": ("fetch",),
    "searcher.indexing": ("Summary", "index_paths"),
    "searcher.query.completion": ("Suggestion",),
    "searcher.query.similar": ("KeyTerm", "Similar"),
    "searcher.query.trends": ("Trend", "Trends"),
    "searcher.query": (
        "EmbeddedIndex",
        "Export",
        "FacetCount",
        "Filters",
        "Hit",
        "Results",
        "SearchRequest",
        "Stats",
        "open_index",
    ),
    "searcher.storage": ("check_index",),
}
"""Where each public name lives. They are imported when first used, so that a command loads only what it needs."""

__getattr__ = names_from(__name__, _MODULES)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
