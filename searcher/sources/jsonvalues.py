"""The objects of a JSON document one by one, however many they are: of an array, or one after the other."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

MAX_VALUE_BYTES: Final = 32 * 1024 * 1024
"""A larger value is passed over without being held."""
_BLOCK_BYTES: Final = 64 * 1024
_MAX_SHOWN: Final = 100

_TOKEN: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+"|["{}\[\]]', re.DOTALL)
_BUT_BRACKETS: Final = bytes(set(range(256)) - set(b"{}[]"))
_FLAT: Final = re.compile(
    rb'\{(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+"|\[(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+\])*+\}', re.DOTALL
)
TOKENS_A_RECORD: Final = 32
_QUOTE, _BACKSLASH = 0x22, 0x5C
_BETWEEN: Final = b" \t\r\n,\x1e"


class Value(NamedTuple):
    """The bytes of one value, None where it is too large; whether it is an element of an array, and whether it ends."""

    raw: bytes | None
    in_array: bool
    is_whole: bool = True


def values(stream: io.BufferedReader, spend: Callable[[], None] = lambda: None) -> Iterator[Value]:
    """Yield the values of a JSON document; one that is an array gives its elements.

    They are found by their brackets alone: whether one is valid is for who decodes it. `spend` is called for every
    `TOKENS_A_RECORD` brackets and texts, and may raise.
    """
    buffer, at = b"", 0
    start: int | None = None
    depth, base = 0, 0
    in_string = too_large = False
    tokens = 0
    while True:
        if start is not None and len(buffer) - start > MAX_VALUE_BYTES:
            too_large, start = True, len(buffer)
        kept = start if start is not None else at
        # As much again as is held: what is held is copied, so a long value takes linear time.
        block = stream.read(max(_BLOCK_BYTES, len(buffer) - kept))
        if not block:
            break
        buffer, at, start = buffer[kept:] + block, max(at, kept) - kept, None if start is None else 0
        while at < len(buffer):
            if in_string:
                at = _end_of_string(buffer, at)
                if at >= len(buffer) or buffer[at] != _QUOTE:
                    break  # the string goes on, or an escape is cut in two
                in_string, at = False, at + 1
                if depth == base and start is not None:
                    yield Value(b'""', bool(base))
                    start = None
                continue
            found = _TOKEN.search(buffer, at)
            if found is None:
                if start is None:
                    yield from _stray(buffer[at:], base)
                at = len(buffer)
                break
            token = found[0]
            tokens += 1
            if tokens % TOKENS_A_RECORD == 0:
                spend()
            if start is None:
                yield from _stray(buffer[at : found.start()], base)
            at = found.end()
            if token == b'"':
                in_string = True
                if start is None:
                    start = found.start()
            elif token in (b"{", b"["):
                if token == b"{" and start is None and depth == base and (flat := _flat_object(buffer, at - 1)):
                    at += len(flat) - 1
                    before = tokens // TOKENS_A_RECORD
                    tokens += (flat.count(b'"') - flat.count(b'\\"')) // 2 + 1
                    for _record in range(before, tokens // TOKENS_A_RECORD):
                        spend()
                    yield Value(flat, bool(base))
                    continue
                if token == b"[" and depth == 0 and base == 0:
                    base = depth = 1
                    continue
                if depth == base and start is None:
                    start = found.start()
                depth += 1
            elif token in (b"}", b"]"):
                depth -= 1
                if depth == base and start is not None:
                    yield Value(None if too_large else buffer[start:at], bool(base))
                    start, too_large = None, False
                elif depth < base:
                    base = depth = 0
            elif depth == base and start is None:
                yield Value(token[:_MAX_SHOWN], bool(base))
    if start is not None or depth:
        yield Value(None if too_large or start is None else buffer[start:], bool(base), is_whole=False)


def _flat_object(buffer: bytes, start: int) -> bytes | None:
    """Return the object that begins here, if it is all there and of texts, numbers and lists of these, as most are."""
    end = buffer.find(b"}", start) + 1
    if not end:
        return None
    whole = buffer[start:end]
    if b"\\\\" not in whole:  # then a backslash before a quote escapes it
        parts = whole.replace(b'\\"', b"\\.").split(b'"')
        outside = b"".join(parts[::2])
        if len(parts) % 2 and b"\\" not in outside:
            brackets = outside.translate(None, _BUT_BRACKETS)
            return whole if brackets[1:-1].replace(b"[]", b"") == b"" else None
    found = _FLAT.match(buffer, start)
    return found[0] if found else None


def _end_of_string(buffer: bytes, begin: int) -> int:
    """Return where the quote stands that ends a string, of which the rest begins here; else where to go on.

    That is the end, or the last character where it is the beginning of an escape.
    """
    at = begin
    while (quote := buffer.find(b'"', at)) >= 0:
        if not _escapes(buffer, begin, quote):
            return quote
        at = quote + 1
    return len(buffer) - _escapes(buffer, begin, len(buffer))


def _escapes(buffer: bytes, begin: int, end: int) -> bool:
    """Whether a backslash escapes what stands at `end`: the number of them before it is odd."""
    at = end
    while at > begin and buffer[at - 1] == _BACKSLASH:
        at -= 1
    return (end - at) % 2 == 1


def _stray(between: bytes, base: int) -> Iterator[Value]:
    """Yield what stands between two values where it is more than a comma: a number, null, or no JSON at all."""
    if stray := between.strip(_BETWEEN):
        yield Value(stray[:_MAX_SHOWN], bool(base))
