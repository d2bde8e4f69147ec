"""The postings of one term as a Whoosh matcher, for all that Whoosh itself scores."""

from __future__ import annotations

from bisect import bisect_left
from functools import cached_property
from typing import Any, Final

import numpy as np
from whoosh.formats import Format, Frequency, Positions
from whoosh.matching.mcore import LeafMatcher, ReadTooFar
from whoosh.query.spans import Span
from whoosh.system import pack_uint

from searcher.codec.arrays import FieldArrays
from searcher.codec.lengths import code_lengths

BLOCK: Final = 128


class ArrayMatcher(LeafMatcher):
    """Goes through the documents of a term; blocks of 128 have the largest frequency and least length in them.

    `next`, and a `skip_to` that has to move, always come to a later document or to the end.
    """

    def __init__(
        self, field: FieldArrays, ordinal: int, format_: Format, term: tuple[str, bytes], scorer: Any = None
    ) -> None:
        self.format = format_
        self.scorer = scorer
        self._term = term
        self._field, self._ordinal = field, ordinal
        doc_ids, freqs = field.postings(ordinal)
        self._doc_ids_array, self._freqs_array = doc_ids, freqs
        self._doc_ids: list[int] = doc_ids.tolist()
        self._freqs: list[int] = freqs.tolist()
        self._i = 0

    def is_active(self) -> bool:
        return self._i < len(self._doc_ids)

    def reset(self) -> None:
        self._i = 0

    def copy(self) -> ArrayMatcher:
        made = ArrayMatcher(self._field, self._ordinal, self.format, self._term, self.scorer)
        made._i = self._i
        return made

    def id(self) -> int:
        # Some of Whoosh's matchers ask this of one that has come to its end, and Whoosh's own then repeat the last.
        return self._doc_ids[min(self._i, len(self._doc_ids) - 1)]

    def next(self) -> bool:  # type: ignore[override]  # all of Whoosh's own leaf matchers return it
        """Move on by one; returns whether another block begins there."""
        if not self.is_active():
            raise ReadTooFar
        self._i += 1
        return self._i % BLOCK == 0 or not self.is_active()

    def skip_to(self, id: int) -> None:  # noqa: A002 (Whoosh names it)
        if not self.is_active():
            raise ReadTooFar
        self._i = bisect_left(self._doc_ids, id, self._i)

    def skip_to_quality(self, minquality: float) -> int:
        skipped = 0
        while self.is_active() and self.block_quality() <= minquality:
            self._i = min((self._i // BLOCK + 1) * BLOCK, len(self._doc_ids))
            skipped += 1
        return skipped

    def weight(self) -> float:
        return float(self._weights[self._i])

    def value(self) -> bytes:
        """What the field's format says of the posting, as it encodes it."""
        if self._field.has_values:
            return self._values[self._i]
        if isinstance(self.format, Positions):
            encoded: bytes = self.format.encode(self._positions())
            return encoded
        return pack_uint(self._freqs[self._i]) if isinstance(self.format, Frequency) else b""

    def value_as(self, astype: str) -> Any:
        match astype:
            case "frequency":
                return self._freqs[self._i]
            case "weight":
                return self.weight()
            case "positions" if self._field.has_positions:
                return self._positions()
            case _ if self._field.has_values:
                return self.format.decode_as(astype, self.value())
            case "position_boosts" if self._field.has_positions:
                return [(position, 1) for position in self._positions()]
        raise ValueError(f"the field {self._term[0]!r} has no {astype}")

    def supports(self, astype: str) -> bool:
        return self.format.supports(astype)

    def spans(self) -> list[Span]:
        if self._field.has_values:
            found: list[Span] = super().spans()  # with the characters
            return found
        return [Span(position) for position in self.value_as("positions")]

    def block_max_weight(self) -> float:
        return float(self._block_weights[self._block])

    def block_min_length(self) -> int:
        return int(self._block_least[self._block])

    def block_max_length(self) -> int:
        return int(self._block_most[self._block])

    def block_max_id(self) -> int:
        return self._doc_ids[min((self._block + 1) * BLOCK, len(self._doc_ids)) - 1]

    def block_min_id(self) -> int:
        return self._doc_ids[self._block * BLOCK]

    @property
    def _block(self) -> int:
        # The last one, where it has come to its end: some of Whoosh's matchers ask nevertheless.
        return min(self._i, len(self._doc_ids) - 1) // BLOCK

    def _positions(self) -> list[int]:
        offsets, positions = self._all_positions
        found: list[int] = positions[offsets[self._i] : offsets[self._i + 1]].tolist()
        return found

    @cached_property
    def _all_positions(self) -> Any:
        return self._field.positions(self._ordinal)

    @cached_property
    def _starts(self) -> Any:
        return np.arange(0, len(self._doc_ids), BLOCK)

    @cached_property
    def _values(self) -> list[bytes]:
        return self._field.values(self._ordinal)

    @cached_property
    def _weights_array(self) -> Any:
        return self._field.weights(self._ordinal) if self._field.has_weights else self._freqs_array

    @cached_property
    def _weights(self) -> list[float]:
        weights: list[Any] = self._weights_array.tolist() if self._field.has_weights else self._freqs
        return weights

    @cached_property
    def _block_weights(self) -> Any:
        return np.maximum.reduceat(self._weights_array, self._starts)

    @cached_property
    def _lengths(self) -> Any:
        return code_lengths()[self._field.length_codes[self._doc_ids_array]]

    @cached_property
    def _block_least(self) -> Any:
        return np.minimum.reduceat(self._lengths, self._starts)

    @cached_property
    def _block_most(self) -> Any:
        return np.maximum.reduceat(self._lengths, self._starts)
