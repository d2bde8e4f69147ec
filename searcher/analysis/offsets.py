"""Where in the text, as it was written, each term stands: what highlighting needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from searcher.analysis.legacy import decode_legacy
from searcher.analysis.terms import syllable_term, word_form
from searcher.analysis.tokenizer import pieces, tokens


def term_spans(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end offsets in the text of its syllable terms, position by position.

    Where a piece of text between spaces was converted in a way that does not go letter by letter (from a legacy
    encoding), its terms have the span of the whole piece.
    """
    decoded = decode_legacy(text)
    at = 0
    for written, read in zip(pieces(text), pieces(decoded), strict=True):
        if written == "\n":
            at += 1
            continue
        start = text.index(written, at)
        for first, last in _piece_spans(written, word_form(read)):
            yield start + first, start + last
        at = start + len(written)


def _piece_spans(written: str, form: str) -> Iterator[tuple[int, int]]:
    edges = None if written == form else _edges(written, form)
    at = 0
    for token in tokens(form):
        start = form.index(token, at)
        at = start + len(token)
        if not syllable_term(token):
            continue
        yield (start, at) if edges is None else (edges[start], edges[at])


def _edges(written: str, form: str) -> list[int]:
    """Offsets in `written` of each letter of `form`, and of its end; all or nothing if letters do not correspond."""
    edges: list[int] = []
    begin = 0
    for end in range(1, len(written) + 1):
        if end < len(written) and unicodedata.category(written[end]) in ("Mn", "Me", "Cf"):
            continue
        edges += [begin] * len(word_form(written[begin:end]))
        begin = end
    if len(edges) != len(form):
        return [0] + [len(written)] * len(form)
    return [*edges, len(written)]
