"""Vectors of articles, as an index keeps them: eight bits a component, and a sketch of one bit each.

    v(d) = the direction of  sum over fields f, terms t of  w(f) (1 + ln tf(f, d, t)) a(t)

with a(t) the vector that articles get of term t and w(title) = 2, w(lead) = w(body) = 1. They are made from a segment's
postings, while it is made, so that nothing is read twice.

The columns are named for the term vectors they were made by. An index made by others has no such columns, and is
searched without them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from searcher.semantics.termvectors import Floats, TermVectors, term_vectors

FIELDS: Final[Mapping[str, float]] = {"title": 2.0, "lead": 1.0, "body": 1.0}
SCALE: Final = 300.0
"""What a component of a vector of length 1 is multiplied by; 127 / 300 is five times what one usually is."""
_MOST: Final = 127
_LEAST: Final = 0.6
"""Terms whose vector is shorter say next to nothing of an article; they are a third of all postings."""
_BLOCK: Final = 2048
"""Postings whose vectors are added up at a time: as many as stay in the processor's cache."""


class FieldPostings(Protocol):
    """What is read of a field's postings: those of `terms[t]` are `doc_ids[offsets[t]:offsets[t + 1]]`."""

    @property
    def terms(self) -> list[bytes]: ...
    @property
    def offsets(self) -> NDArray[np.int64]: ...
    @property
    def doc_ids(self) -> NDArray[np.uint16]: ...
    @property
    def freqs(self) -> NDArray[np.integer[Any]] | None: ...


def vector_column() -> str:
    """Return the name of the column of vectors: int8[dimensions] of each article."""
    return f"vector_{term_vectors().name}"


def sketch_column() -> str:
    """Return the name of the column of their signs: one bit a component, most significant bit of a byte first."""
    return f"sketch_{term_vectors().name}"


def is_vector_column(name: str) -> bool:
    """Return whether a field of an index is a column of vectors or sketches, whatever term vectors made it."""
    return name.startswith(("vector_", "sketch_"))


class ArticleEncoder:
    """Makes the columns of segments; keeps 10 MB of term vectors."""

    def __init__(self, vectors: TermVectors | None = None) -> None:
        chosen = vectors or term_vectors()
        self.dimensions = chosen.dimensions
        self._table = chosen.article_vectors()
        tells = np.linalg.norm(self._table, axis=1) >= _LEAST
        self._places = {term: row for term, row in chosen.places().items() if tells[row]}

    def columns(self, postings: Mapping[str, FieldPostings], doc_count: int) -> dict[str, NDArray[np.uint8]]:
        """Return the two columns of a segment's articles, uint8[doc_count, bytes each]."""
        vectors = quantised(self.vectors(postings, doc_count))
        return {vector_column(): vectors.view(np.uint8), sketch_column(): sketches(vectors)}

    def vectors(self, postings: Mapping[str, FieldPostings], doc_count: int) -> Floats:
        """Return float32[doc_count, dimensions], each of length 1, or of zeros where no term of an article is known."""
        found = [self._known(postings[name], weight) for name, weight in FIELDS.items() if name in postings]
        sums = np.zeros((doc_count, self.dimensions), dtype=np.float32)
        if not found:
            return sums
        docs, rows, weights = (np.concatenate(parts) for parts in zip(*found, strict=True))
        order = np.argsort(docs, kind="stable")
        docs, rows, weights = docs[order], rows[order], weights[order]
        for start in range(0, len(docs), _BLOCK):
            block = slice(start, start + _BLOCK)
            own = docs[block]
            heads = np.flatnonzero(np.concatenate(([True], own[1:] != own[:-1])))
            sums[own[heads]] += np.add.reduceat(self._table[rows[block]] * weights[block, None], heads, axis=0)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        sums /= np.where(lengths > 0, lengths, 1)
        return sums

    def _known(
        self, postings: FieldPostings, weight: float
    ) -> tuple[NDArray[np.uint16], NDArray[np.intp], NDArray[np.float32]]:
        """Return the postings of known terms: their documents, their rows in the table, and what they count."""
        rows = np.array([self._places.get(term, -1) for term in postings.terms], dtype=np.intp)
        by_posting = rows.repeat(np.diff(postings.offsets))
        known = by_posting >= 0
        docs = postings.doc_ids[known]
        freqs = np.ones(len(docs), np.float32) if postings.freqs is None else postings.freqs[known].astype(np.float32)
        return docs, by_posting[known], np.float32(weight) * (1 + np.log(freqs))


def quantised(vectors: Floats) -> NDArray[np.int8]:
    """Return vectors of length 1 in eight bits a component; their cosines are products divided by `SCALE`."""
    return np.clip(np.round(vectors * SCALE), -_MOST, _MOST).astype(np.int8)


def sketches(vectors: NDArray[np.int8] | Floats) -> NDArray[np.uint8]:
    """Return uint8[n, dimensions / 8]: the signs of vectors.

    Of two vectors the share of bits that differ is near their angle, of half a turn (Charikar 2002).
    """
    return np.packbits(vectors > 0, axis=1)
