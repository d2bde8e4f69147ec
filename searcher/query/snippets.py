"""Snippets: the passage of an article that shows best why it was found."""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from typing import Final

from searcher.analysis import VietnameseAnalyzer
from searcher.article import Article

MARKS: Final = ("\ue000", "\ue001")
"""Private-use characters around each match, so that no markup in an article can be taken for one of ours."""
MAX_CHARS: Final = 240
_MAX_TEXT: Final = 50_000
_SPACE: Final = re.compile(r"\s+")


def unmarked(snippet: str) -> str:
    """Return the snippet without its marks."""
    return snippet.replace(MARKS[0], "").replace(MARKS[1], "")


def make_snippet(article: Article, matches: AbstractSet[tuple[str, ...]]) -> str:
    """Return at most `MAX_CHARS` characters of lead or body with the most different matches, each between `MARKS`."""
    text = _SPACE.sub(
        " ", f"{article.lead} {article.body}".translate(dict.fromkeys(map(ord, MARKS)))[:_MAX_TEXT]
    ).strip()
    spans = find_spans(text, matches)
    start = _best_start(text, spans)
    end = min(len(text), start + MAX_CHARS)
    if end < len(text):
        end = max(text.rfind(" ", start, end), start + MAX_CHARS // 2)
    pieces, at = ["…" if start else ""], start
    for first, last, _which in spans:
        if first >= at and last <= end:
            pieces += [text[at:first], MARKS[0], text[first:last], MARKS[1]]
            at = last
    return "".join([*pieces, text[at:end], "…" if end < len(text) else ""])


def mark(text: str, matches: AbstractSet[tuple[str, ...]]) -> str:
    """Return the whole text with its matches between `MARKS`."""
    text = text.translate(dict.fromkeys(map(ord, MARKS)))
    pieces, at = [], 0
    for first, last, _which in find_spans(text, matches):
        pieces += [text[at:first], MARKS[0], text[first:last], MARKS[1]]
        at = last
    return "".join([*pieces, text[at:]])


def find_spans(text: str, matches: AbstractSet[tuple[str, ...]]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return start, end and syllables of each match in the text, in reading order, the longest where several begin."""
    tokens = [
        (token.text, token.startchar, token.endchar)
        for token in VietnameseAnalyzer()(text, chars=True)
        if "_" not in token.text
    ]
    lengths = sorted({len(match) for match in matches}, reverse=True)
    spans, position = [], 0
    while position < len(tokens):
        for length in lengths:
            run = tuple(token[0] for token in tokens[position : position + length])
            if len(run) == length and run in matches:
                spans.append((tokens[position][1], tokens[position + length - 1][2], run))
                position += length - 1
                break
        position += 1
    return spans


def _best_start(text: str, spans: list[tuple[int, int, tuple[str, ...]]]) -> int:
    """Return where the passage with the most different matches begins: at a sentence, or else at a word."""
    best, best_start = (0, 0), 0
    for number, (first, _last, _which) in enumerate(spans):
        inside = [span for span in spans[number:] if span[1] <= first + MAX_CHARS * 3 // 4]
        value = (len({span[2] for span in inside}), len(inside))
        if value > best:
            best, best_start = value, first
    sentence = max(text.rfind(". ", 0, best_start) + 2, 0) if best_start else 0
    if sentence >= 2 and best_start - sentence <= MAX_CHARS // 4:
        return sentence
    if best_start <= MAX_CHARS // 4:
        return 0
    return text.find(" ", best_start - MAX_CHARS // 4, best_start) + 1 or best_start
