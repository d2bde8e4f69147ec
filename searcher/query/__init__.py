"""query/: text to ranked hits with facets and snippets."""

from searcher.query.engine import EmbeddedIndex, open_index
from searcher.query.request import Filters, SearchRequest
from searcher.query.results import Export, FacetCount, Hit, Results, Stats

__all__ = ["EmbeddedIndex", "Export", "FacetCount", "Filters", "Hit", "Results", "SearchRequest", "Stats", "open_index"]
