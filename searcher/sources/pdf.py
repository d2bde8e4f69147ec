"""PDF with a text layer: notices, plans and reports as offices publish them."""

from __future__ import annotations

import logging
import os
import re
import time
import unicodedata
from collections.abc import Iterator
from typing import Final

from searcher.messages import _, number
from searcher.sources.document import Document, Found, Source
from searcher.sources.extras import extra
from searcher.sources.items import Unreadable
from searcher.sources.letters import readable
from searcher.sources.notices import joined, parse
from searcher.sources.ooxml import encrypted
from searcher.sources.streams import too_large

MAX_BYTES: Final = 256 * 1024 * 1024
MAX_PAGES: Final = 300
"""Pages that are read: a notice has twenty, a yearbook is no article."""
MAX_SECONDS: Final = 30.0
"""For all pages of a file; the page at which the time runs out is the last."""
MAX_STREAM_BYTES: Final = 8 * 1024 * 1024
"""What one part of a page may unpack to."""
_LEAST_CHARS: Final = 20
_SAMPLE_CHARS: Final = 50_000
_UNKNOWN_LETTERS: Final = frozenset({"Cc", "Co", "Cn", "Cs"})
_MOST_UNKNOWN: Final = 0.1  # of the characters of a text: more are none where a font does not say what its glyphs mean
_GLYPH_NAMES: Final = re.compile(r"/(?:g|G|cid|glyph|uni|index)[0-9A-Fa-f]{1,6}(?=/|\s|$)|\(cid:\d{1,6}\)")
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_VOWELS: Final = frozenset("aeiouy")
_LEAST_WORDS, _MOST_WITHOUT_VOWELS = 20, 0.6


_DECODED: Final = (
    "array_based_stream_maximum_output_length",
    "lzw_maximum_output_length",
    "run_length_maximum_output_length",
    "zlib_maximum_output_length",
    "brotli_maximum_output_length",
)


def _pages(document: Document) -> tuple[list[str], int]:
    """Return the text of each page that is read, and how many pages there are."""
    pypdf = extra("pypdf")
    broken = (
        pypdf.errors.PyPdfError,
        ArithmeticError,
        AssertionError,
        AttributeError,
        LookupError,
        NotImplementedError,
        OSError,
        RecursionError,
        TypeError,
        ValueError,
    )
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what it finds odd is of no use to our user
    limits = dict.fromkeys(_DECODED, MAX_STREAM_BYTES)
    with document.seekable() as file, pypdf.apply_configuration(**limits):
        if file.seek(0, os.SEEK_END) > MAX_BYTES:
            raise too_large(MAX_BYTES)
        try:
            reader = pypdf.PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise encrypted()
            count = len(reader.pages)
        except pypdf.errors.DependencyError:
            raise encrypted() from None
        except broken:
            raise Unreadable("pdf", _("The PDF is damaged.")) from None
        texts: list[str] = []
        until = time.monotonic() + MAX_SECONDS
        for at in range(min(count, MAX_PAGES)):
            if time.monotonic() > until:
                break
            try:
                texts.append(reader.pages[at].extract_text().replace("\x00", ""))
            except broken:
                texts.append("")  # the other pages are worth having
    return texts, count


def _read(document: Document) -> Iterator[Found]:
    pages, count = _pages(document)
    if sum(map(len, pages)) < _LEAST_CHARS:
        reason = _("The PDF has no text layer: it is a scan, and its text has to be recognised (OCR) first.")
        raise Unreadable("scan", reason)
    if not _is_legible(" ".join(pages)):
        reason = _("The PDF does not say which letters it shows; its text has to be recognised from the pages (OCR).")
        raise Unreadable("letters", reason)
    yield document.item(parse(joined(line for page in pages for line in page.splitlines())))
    if len(pages) < count:
        reason = _("Only the first {pages} of {count} pages are read.")
        raise Unreadable("more", reason.format(pages=number(len(pages)), count=number(count)))


def _is_legible(text: str) -> bool:
    """Whether a text consists of letters, and not of the numbers that a font without a table has for them."""
    text = unicodedata.normalize("NFD", _GLYPH_NAMES.sub("\ufffd", readable(text[:_SAMPLE_CHARS])))
    signs = [sign for sign in text if not sign.isspace() and not unicodedata.combining(sign)]
    unknown = sum(sign == "\ufffd" or unicodedata.category(sign) in _UNKNOWN_LETTERS for sign in signs)
    if unknown > _MOST_UNKNOWN * len(signs):
        return False
    # Glyphs in the order of a font's own table come out as other letters; these make no words.
    words = _WORD.findall("".join(sign for sign in text.lower() if not unicodedata.combining(sign)))
    mute = sum(_VOWELS.isdisjoint(word) for word in words)
    return len(words) < _LEAST_WORDS or mute < _MOST_WITHOUT_VOWELS * len(words)


SOURCE: Final = Source("pdf", (".pdf",), lambda document: b"%PDF-" in document.head[:1024], _read)
