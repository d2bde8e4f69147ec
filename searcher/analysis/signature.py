"""Signatures by which near-identical texts are told: one-permutation MinHash over runs of words.

The signature of a text keeps one bit of the smallest hash in each of 128 bins (Li & Owen & Zhang 2012, one permutation
hashing; Li & König 2010, b-bit minwise hashing). Of two texts whose sets of runs have the Jaccard similarity J, a bit
is the same with probability (1 + J) / 2: the share s of equal bits estimates J as 2 s - 1.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

BITS: Final = 128
_RUN: Final = 4
_LEAST_RUNS: Final = 24
"""A text of fewer runs has no signature: it is too short to call another one its copy."""
_MAX_CHARS: Final = 50_000
_WORD: Final = re.compile(r"\w+")
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
    hashes = _run_hashes(_WORD.findall(text[:_MAX_CHARS].lower()))
    if len(hashes) < _LEAST_RUNS:
        return b""
    bins = (hashes >> np.uint64(64 - _BIN_BITS)).astype(np.intp)
    least = np.full(BITS, np.iinfo(np.uint64).max, dtype=np.uint64)
    np.minimum.at(least, bins, hashes)
    filled = np.flatnonzero(least != np.iinfo(np.uint64).max)
    # An empty bin has the bit of the next one that is not, around the end (densification by rotation).
    nearest = filled[np.searchsorted(filled, np.arange(BITS)) % len(filled)]
    return np.packbits((least[nearest] & np.uint64(1)).astype(np.uint8)).tobytes()


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


def _run_hashes(words: list[str]) -> NDArray[np.uint64]:
    """uint64[n]: a hash of each run of `_RUN` words.

    A polynomial hash of the bytes from a run's first to its last: the difference of two running sums, shifted to one
    origin by the inverse of the base's power (all modulo 2 ** 64).
    """
    if len(words) < _RUN:
        return np.empty(0, dtype=np.uint64)
    encoded = np.frombuffer((" ".join(words) + " ").encode("utf-8", "surrogatepass"), dtype=np.uint8)
    powers, inverses = _powers(len(encoded))
    sums = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum((encoded + np.uint64(1)) * powers)))
    starts = np.concatenate(([0], np.flatnonzero(encoded == 32) + 1))
    hashes: NDArray[np.uint64] = (sums[starts[_RUN:]] - sums[starts[:-_RUN]]) * inverses[starts[:-_RUN]]
    for factor in _MIX:
        hashes = (hashes ^ (hashes >> np.uint64(33))) * factor
    hashes ^= hashes >> np.uint64(33)
    return hashes


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
