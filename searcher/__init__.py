"""searcher: full-text search over Vietnamese public-order news.

>>> import searcher
>>> with searcher.open_index("index") as index:  # doctest: +SKIP
...     results = index.search("mại dâm Sơn La", topics=["mai-dam"])
"""

from searcher.article import Article
from searcher.errors import (
    ArticleNotFound,
    BadFilter,
    IndexLocked,
    IndexNotFound,
    IndexUnusable,
    SearcherError,
)
from searcher.indexing import Summary, index_paths
from searcher.query import EmbeddedIndex, FacetCount, Hit, Results, SearchRequest, Stats, open_index

__version__ = "0.1.0"

__all__ = [
    "Article",
    "ArticleNotFound",
    "BadFilter",
    "EmbeddedIndex",
    "FacetCount",
    "Hit",
    "IndexLocked",
    "IndexNotFound",
    "IndexUnusable",
    "Results",
    "SearchRequest",
    "SearcherError",
    "Stats",
    "Summary",
    "index_paths",
    "open_index",
]
