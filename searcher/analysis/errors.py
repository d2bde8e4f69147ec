"""What analysis raises on purpose."""

from searcher.errors import SearcherError


class SegmentationModelError(SearcherError):
    """The word segmentation model of the installed pyvi package is missing or has a form that is not known."""


class SynonymFileError(SearcherError):
    """A file of abbreviations and synonyms cannot be read, or an entry in it is malformed."""
