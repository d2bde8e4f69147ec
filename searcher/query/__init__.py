"""query/: what is asked of an index, and what it gives back; `contract.Index` is what every engine has to be."""

from searcher.query.contract import Index
from searcher.query.request import Filters, SearchRequest
from searcher.query.results import Export, FacetCount, Hit, Offer, Results, Stats

__all__ = ["Export", "FacetCount", "Filters", "Hit", "Index", "Offer", "Results", "SearchRequest", "Stats"]
