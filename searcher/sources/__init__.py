"""sources/: files and folders to articles; what can't be read becomes a rejection, and never stops the rest."""

from searcher.sources.dates import parse_date_line, parse_published
from searcher.sources.discovery import files, measure, on_disk
from searcher.sources.document import AS_IT_IS, Options
from searcher.sources.items import Item, Rejected
from searcher.sources.reader import read, read_file

__all__ = [
    "AS_IT_IS",
    "Item",
    "Options",
    "Rejected",
    "files",
    "measure",
    "on_disk",
    "parse_date_line",
    "parse_published",
    "read",
    "read_file",
]
