"""Vectors of terms: of each one for queries that hold it and one for articles, trained by `tools/train_vectors.py`.

They lie in a file of arrays beside this module, mapped into memory and read where a term is looked up.
`termvectors.json` says how they came about and by what the file is known. docs/semantics.md has the whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from searcher.codec.container import Container, Written
from searcher.codec.terms import TermDictionary, term_bytes

FILE: Final = Path(__file__).with_name("termvectors.bin")
PROVENANCE: Final = FILE.with_suffix(".json")
_MOST: Final = 127
_WORTH: Final = 100

Floats = NDArray[np.float32]


class Provenance(msgspec.Struct, frozen=True):
    """How the vectors came about.

    - `name` tells these vectors from others; an index of articles' vectors carries it.
    - `size` and `header_crc32` are what the file is known by.
    - `title_to_body`, `lead_to_body`: the mean of 1 / rank at which titles and leads that were held out found the rest
      of their article among all `articles`.
    """

    name: str
    dimensions: int
    terms: int
    size: int
    header_crc32: int
    made_by: str
    articles: int
    title_to_body: float
    lead_to_body: float


def vector_arrays(name: str, vectors: Floats) -> dict[str, NDArray[Any]]:
    """Return the arrays of some vectors in a container: float32[n, dimensions] as bytes, and a scale for each."""
    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-12).astype(np.float32) / _MOST
    numbers = np.round(vectors / scales[:, None]).astype(np.int8)
    return {name: numbers.ravel().view(np.uint8), f"{name}.scales": scales.view(np.uint32)}


class TermVectors:
    """The vectors of terms. Raises IndexDamaged where the file is not what its description says."""

    def __init__(self, file: Path, provenance: Provenance) -> None:
        container = Container(file, Written(provenance.size, provenance.header_crc32))
        self.name, self.dimensions = provenance.name, provenance.dimensions
        self._container = container
        self._terms = TermDictionary(container, "term")
        self._worth = container.part("worth")

    def query(self, term: str) -> Floats | None:
        """Return what a query gets of a term, float32[dimensions], by rarity; None for a term without a vector."""
        row = self._terms.find(term_bytes(term))
        return None if row < 0 else self._rows("queries", row, row + 1)[0]

    def worth(self, term: str) -> float | None:
        """Return what a term says of what is sought, against others as rare, which is 1; None where nobody knows."""
        row = self._terms.find(term_bytes(term))
        return None if row < 0 else int(self._worth.slice(row, row + 1)[0]) / _WORTH

    def article_vectors(self) -> Floats:
        """Return float32[terms, dimensions]: what an article gets of each term."""
        return self._rows("articles", 0, len(self._terms))

    def places(self) -> Mapping[bytes, int]:
        """Return for each term its row in `article_vectors`."""
        return {term: row for row, term in enumerate(self._terms.range(0, len(self._terms)))}

    def _rows(self, name: str, start: int, stop: int) -> Floats:
        size = self.dimensions
        numbers = self._container.part(name).slice(start * size, stop * size).view(np.int8).reshape(-1, size)
        scales = self._container.part(f"{name}.scales").slice(start, stop).view(np.float32)
        return numbers * scales[:, None]


@cache
def term_vectors() -> TermVectors:
    """Return the vectors that come with the package."""
    return TermVectors(FILE, msgspec.json.decode(PROVENANCE.read_bytes(), type=Provenance))
