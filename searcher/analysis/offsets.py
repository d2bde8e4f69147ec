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
    letters = None if written == form else _letters(written, form)
    at = 0
    for token in tokens(form):
        start = form.index(token, at)
        at = start + len(token)
        if syllable_term(token):
            yield (start, at) if letters is None else (letters[start][0], letters[at - 1][1])


def _letters(written: str, form: str) -> list[tuple[int, int]]:
    """Start and end in `written` of what became each letter of `form`; all of it if letters do not correspond."""
    letters: list[tuple[int, int]] = []
    begin = 0
    for end in range(1, len(written) + 1):
        if end < len(written) and unicodedata.category(written[end]) in ("Mn", "Me", "Cf"):
            continue
        letters += [(begin, end)] * len(word_form(written[begin:end]))
        begin = end
    return letters if len(letters) == len(form) else [(0, len(written))] * len(form)
