"""What a document of markup is, by its first element: what stands before that is passed over, and never gone through
twice, as a page may begin with any number of comments."""

from __future__ import annotations

import re
from typing import Final

_HEAD_BYTES: Final = 16 * 1024
_PROLOG: Final = re.compile(
    rb"(?>[\xef\xbb\xbf\xff\xfe\s]|<\?[^>]*+>|<!--.*?-->|<!(?!--)[^>\[]*+(?:\[[^\]]*+\]\s*+)?>)*+", re.DOTALL
)
_ELEMENT: Final = re.compile(rb"<(?:[\w.-]+:)?([A-Za-z]+)")
_HTML_DOCTYPE: Final = re.compile(rb"<!doctype\s+html", re.IGNORECASE)


def first_element(head: bytes) -> str:
    """Return the name of a document's first element, in lower case and without a prefix; '' where it has none.

    A document that is said to be HTML is 'html'.

    >>> first_element(b"<?xml version='1.0'?><!-- a --><rdf:RDF>"), first_element(b"<!DOCTYPE html>Tin")
    ('rdf', 'html')
    """
    head = head[:_HEAD_BYTES].replace(b"\x00", b"")  # without these, UTF-16 looks like ASCII
    prolog = _PROLOG.match(head)
    assert prolog is not None
    if _HTML_DOCTYPE.search(prolog[0]):
        return "html"
    element = _ELEMENT.match(head, prolog.end())
    return element[1].decode().lower() if element else ""
