"""The errors that searcher raises on purpose: each message is a sentence its reader can act on."""


class SearcherError(Exception):
    """Base of every error that searcher raises on purpose; the command line prints its message, not a trace."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)


class IndexNotFound(SearcherError):
    """There is no index at the location that was given."""


class IndexClosed(SearcherError):
    """The index was closed before it was asked."""


class IndexLocked(SearcherError):
    """Another process is writing to the index."""


class IndexUnusable(SearcherError):
    """There is an index, but it can't be read or written: damaged, of another version, no permission, no space."""


class SourceMissing(SearcherError):
    """A file or folder is not there of which everything that is gone was to be dropped from the index."""


class ArticleNotFound(SearcherError):
    """The index has no article with this id."""


class BadFilter(SearcherError):
    """A province, topic, date or sort order that was asked for is not one."""


class FolderInUse(SearcherError):
    """Another process is fetching into the folder."""


class FolderUnusable(SearcherError):
    """The folder that pages are kept in can't be read or written, or its record is damaged."""


class WorkerFailed(SearcherError):
    """A worker process of indexing ended or failed; what was committed before stays."""
