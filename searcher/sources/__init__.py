"""sources/: files and folders to articles; what can't be read becomes a rejection, and never stops the rest."""

from searcher.sources.dates import parse_date_line, parse_published
from searcher.sources.discovery import file_on_disk, measure
from searcher.sources.document import AS_IT_IS, Found, Options
from searcher.sources.items import Item, PassedOver, Rejected, Remark
from searcher.sources.reader import read, read_file

__all__ = [
    "AS_IT_IS",
    "Found",
    "Item",
    "Options",
    "PassedOver",
    "Rejected",
    "Remark",
    "file_on_disk",
    "measure",
    "parse_date_line",
    "parse_published",
    "read",
    "read_file",
]
