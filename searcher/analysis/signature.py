"""Signatures by which near-identical texts are told: one-permutation MinHash over runs of words.

The signature of a text keeps one bit of the smallest hash in each of 128 bins (Li & Owen & Zhang 2012, one permutation
hashing; Li & König 2010, b-bit minwise hashing). Of two texts whose sets of runs have the Jaccard similarity J, a bit
is the same with probability (1 + J) / 2: the share s of equal bits estimates J as 2 s - 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

BITS: Final = 128
_RUN: Final = 4
_LEAST_RUNS: Final = 24
"""A text of fewer runs has no signature: it is too short to call another one its copy."""
_MAX_CHARS: Final = 50_000
_BATCH_BYTES: Final = 256 * 1024
_NONE: Final = np.uint64(np.iinfo(np.uint64).max)
_ASCII_PARTS: Final = np.array([byte < 128 and not (chr(byte).isalnum() or byte == 0x5F) for byte in range(256)])
_BASE: Final = 0x9E3779B97F4A7C15
_MIX: Final = (np.uint64(0xFF51AFD7ED558CCD), np.uint64(0xC4CEB9FE1A85EC53))
_BIN_BITS: Final = BITS.bit_length() - 1


def signature(text: str) -> bytes:
    """Return the 16 bytes of the text's signature; b"" for a text of hardly a sentence.

    Case, punctuation and white space do not matter. Of a text over 50,000 characters the rest is not read.

    >>> words = " ".join(map(str, range(200)))
    >>> likeness(signature(words), signature(words.replace(" ", ", "))), signature("quá ngắn")
    (1.0, b'')
    """
    return signatures([text])[0]


def signatures(texts: Sequence[str]) -> list[bytes]:
    """Return the signature of each text."""
    found: list[bytes] = []
    batch: list[bytes] = []
    size = 0
    for text in texts:
        batch.append(text[:_MAX_CHARS].lower().encode("utf-8", "surrogatepass"))
        size += len(batch[-1])
        if size >= _BATCH_BYTES:
            found += _signatures(batch)
            batch, size = [], 0
    return found + _signatures(batch) if batch else found


def _signatures(texts: list[bytes]) -> list[bytes]:
    hashes, of_text = _run_hashes(texts)
    counts = np.bincount(of_text, minlength=len(texts))
    bins = (hashes >> np.uint64(64 - _BIN_BITS)).astype(np.intp) + of_text * BITS
    flat = np.full(len(texts) * BITS, _NONE, dtype=np.uint64)
    np.minimum.at(flat, bins, hashes)
    least = flat.reshape(len(texts), BITS)
    # An empty bin has the bit of the next one that is not, around the end (densification by rotation).
    places = np.where(least != _NONE, np.arange(BITS), BITS)
    nearest = np.minimum.accumulate(places[:, ::-1], axis=1)[:, ::-1]
    nearest = np.where(nearest == BITS, places.min(axis=1, keepdims=True), nearest) % BITS
    bits = np.packbits((np.take_along_axis(least, nearest, axis=1) & np.uint64(1)).astype(np.uint8), axis=1)
    return [row.tobytes() if count >= _LEAST_RUNS else b"" for row, count in zip(bits, counts.tolist(), strict=True)]


def likeness(one: bytes, other: bytes) -> float:
    """Return the Jaccard similarity that two signatures speak for, 0 to 1; 0 where one is empty."""
    if not one or not other:
        return 0.0
    return float(likenesses([one, other])[0, 1])


def likenesses(signatures: list[bytes]) -> NDArray[np.float64]:
    """Return float64[n, n]: the `likeness` of each to each."""
    known = np.array([len(one) * 8 == BITS for one in signatures], dtype=bool)
    packed = b"".join(one if fits else bytes(BITS // 8) for one, fits in zip(signatures, known, strict=True))
    words = np.frombuffer(packed, dtype=np.uint64).reshape(len(signatures), BITS // 64)
    unequal = np.zeros((len(signatures), len(signatures)), dtype=np.uint8)
    for word in words.T:
        unequal += np.bitwise_count(word[:, None] ^ word[None, :])
    # Equal bits less unequal ones, over all bits, is 2 s - 1.
    found: NDArray[np.float64] = np.clip(1 - unequal * (2 / BITS), 0, 1)
    found *= known[:, None] & known[None, :]
    return found


def _run_hashes(texts: list[bytes]) -> tuple[NDArray[np.uint64], NDArray[np.intp]]:
    """Return a hash of each run of `_RUN` words, uint64[n], and the text that it is in, ascending.

    A polynomial hash of the bytes from a run's first to its last: the difference of two running sums, shifted to one
    origin by the inverse of the base's power (all modulo 2 ** 64).
    """
    raw = np.frombuffer(b" ".join(texts) + b" ", dtype=np.uint8)
    parts = _parts_words(raw)
    kept = ~parts
    kept[1:] |= kept[:-1]  # of what parts two words, one byte
    places = np.flatnonzero(kept)
    is_end = parts[places]
    encoded = np.where(is_end, np.uint8(32), raw[places])
    ends = np.flatnonzero(is_end)
    starts = np.concatenate(([0], ends + 1))
    text_ends = np.cumsum([len(text) + 1 for text in texts])
    of_word = np.searchsorted(text_ends, places[ends], side="right")
    if len(ends) < _RUN:
        return np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.intp)
    powers, inverses = _powers(len(encoded))
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum((encoded + np.uint64(1)) * powers)))
    hashes: NDArray[np.uint64] = (sums[starts[_RUN:]] - sums[starts[:-_RUN]]) * inverses[starts[:-_RUN]]
    for factor in _MIX:
        hashes = (hashes ^ (hashes >> np.uint64(33))) * factor
    hashes ^= hashes >> np.uint64(33)
    within = of_word[_RUN - 1 :] == of_word[: len(hashes)]
    return hashes[within], of_word[: len(hashes)][within]


def _parts_words(raw: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """bool[n]: which bytes of UTF-8 are no letters or digits.

    These are ASCII's, all of U+0080 to U+00BF (no-break space, quotation marks) and of U+2000 to U+203F (dashes,
    quotation marks, dots): what Vietnamese text is punctuated with.
    """
    parts = _ASCII_PARTS[raw]
    two = np.flatnonzero(raw == 0xC2)
    parts[two] = parts[two + 1] = True
    three = np.flatnonzero(raw == 0xE2)
    three = three[raw[three + 1] == 0x80]
    parts[three] = parts[three + 1] = parts[three + 2] = True
    return parts


_kept: list[NDArray[np.uint64]] = []


def _powers(count: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the first powers of the base and of its inverse, modulo 2 ** 64."""
    if not _kept or len(_kept[0]) < count:
        size = max(1 << 14, 1 << count.bit_length())
        inverse = pow(_BASE, -1, 1 << 64)
        _kept[:] = [
            np.concatenate((np.ones(1, np.uint64), np.full(size - 1, base, np.uint64))).cumprod(dtype=np.uint64)
            for base in (_BASE, inverse)
        ]
    return _kept[0][:count], _kept[1][:count]
