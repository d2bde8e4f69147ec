"""sources/: files and folders to articles; what can't be read becomes a rejection, and never stops the rest."""

from searcher.sources.dates import parse_date_line, parse_published
from searcher.sources.discovery import file_on_disk, files, measure
from searcher.sources.document import AS_IT_IS, Options
from searcher.sources.items import Item, Rejected
from searcher.sources.reader import read, read_file

__all__ = [
    "AS_IT_IS",
    "Item",
    "Options",
    "Rejected",
    "file_on_disk",
    "files",
    "measure",
    "parse_date_line",
    "parse_published",
    "read",
    "read_file",
]
