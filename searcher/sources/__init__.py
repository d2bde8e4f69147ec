"""sources/: files and folders to articles; what can't be read becomes a rejection, and never stops the rest."""

from searcher.sources.dates import parse_date_line, parse_published
from searcher.sources.items import Item, Rejected
from searcher.sources.reader import measure, read

__all__ = ["Item", "Rejected", "measure", "parse_date_line", "parse_published", "read"]
