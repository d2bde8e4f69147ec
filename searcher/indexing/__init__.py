"""indexing/: from paths to a committed index, by as many processes as there are cores, skipping what is unchanged."""

from searcher.indexing.run import index_paths
from searcher.indexing.summary import Progress, Summary

__all__ = ["Progress", "Summary", "index_paths"]
