"""Word's and Excel's files of before 2007: recognised, so that the user hears what to do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from searcher.messages import _
from searcher.sources.document import Document, Found, Source
from searcher.sources.items import Unreadable
from searcher.sources.ooxml import encrypted

_MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PACKAGE: Final = "EncryptedPackage".encode("utf-16-le")


def _read(document: Document) -> Iterator[Found]:
    if _ENCRYPTED_PACKAGE in document.head or document.suffix in (".docx", ".xlsx"):
        raise encrypted()  # Office wraps a document with a password in such a file
    raise Unreadable("old_office", _("This is a file of an old Word or Excel; save it as .docx or .xlsx."))


SOURCE: Final = Source("old office", (".doc", ".xls"), lambda document: document.head.startswith(_MARK), _read)
