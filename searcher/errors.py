"""The errors that searcher raises on purpose: each message is a sentence its reader can act on."""


class SearcherError(Exception):
    """Base of every error that searcher raises on purpose; the command line prints its message, not a trace."""


class IndexNotFound(SearcherError):
    """There is no index at the location that was given."""
