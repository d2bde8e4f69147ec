"""fetching/: pages, feeds and sitemaps from the web into WARC files on disk; polite, bounded, and resumable."""

from searcher.fetching.failures import Failure
from searcher.fetching.limits import Limits
from searcher.fetching.run import DEFAULT_LIMIT, Wanted, as_url, fetch_pages
from searcher.fetching.store import Store
from searcher.fetching.summary import FetchSummary, Progress

__all__ = [
    "DEFAULT_LIMIT",
    "Failure",
    "FetchSummary",
    "Limits",
    "Progress",
    "Store",
    "Wanted",
    "as_url",
    "fetch_pages",
]
