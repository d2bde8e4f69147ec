"""What reading yields: an article with the place it came from, or a rejection with its reason."""

from __future__ import annotations

from datetime import datetime

import msgspec

from searcher.article import Article
from searcher.messages import _


class Item(msgspec.Struct, frozen=True):
    """An article that was read, and where it stood.

    - `file` is the path, and for a member of an archive the path within it too: `pages.zip/tin/1.html`.
    - `line` is 1-based: the line of a text format, the row of a spreadsheet, the element of a JSON array, the entry of
      a feed. It is None where the file is one article.
    - `saved` is when this version of the article was saved or fetched, where that is known.
    - `date_refusal` says in a sentence why the date that it gives is not used, so that it has none; "" where it is.
    """

    article: Article
    file: str
    line: int | None = None
    saved: datetime | None = None
    date_refusal: str = ""

    @property
    def refused_date(self) -> Rejected | None:
        """What is listed where the date is not used."""
        if not self.date_refusal:
            return None
        reason = _("{refusal} The article is kept without it.").format(refusal=self.date_refusal)
        return Rejected(self.file, self.line, "date", reason)


class Rejected(msgspec.Struct, frozen=True):
    """Something that could not be read: `reason` is one sentence in the user's language, `code` names its kind."""

    file: str
    line: int | None
    code: str
    reason: str


class PassedOver(msgspec.Struct, frozen=True):
    """A file of a folder or an archive that is of no kind that is read; `kind` is that of its name (`names.kind`).

    A file that the user names is a `Rejected` then.
    """

    file: str
    kind: str


class Remark(msgspec.Struct, frozen=True):
    """What a user should know of a file though no article lost anything, such as columns that were not used."""

    file: str
    line: int | None
    code: str
    text: str


class Unreadable(Exception):
    """Raised inside sources/ where a file or a line gives no article; it becomes a `Rejected`.

    `said` is set once it has become one: a stream that is damaged raises it to all that lie in each other there.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.said = False

    def at(self, file: str, line: int | None = None) -> Rejected:
        """Return the rejection for this place."""
        return Rejected(file, line, self.code, self.reason)


def explain(error: OSError) -> Unreadable:
    """Return the rejection that an error of the operating system comes to."""
    if isinstance(error, FileNotFoundError):
        return Unreadable("missing", _("There is no such file or folder."))
    if isinstance(error, PermissionError):
        return Unreadable("permission", _("There is no permission to read the file."))
    return Unreadable("io", _("The file can't be read: {error}.").format(error=error.strerror or error))
