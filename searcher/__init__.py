"""searcher: full-text search over Vietnamese public-order news."""
