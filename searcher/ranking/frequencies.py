"""How often some documents have what a query asks for, in each of the text fields: one table for all of it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searcher.codec.terms import term_bytes
from searcher.execution import Docs, Postings, Whole, phrase
from searcher.execution.evidence import Floats
from searcher.execution.nodes import Term
from searcher.execution.whole import Field
from searcher.ranking.parts import Sought
from searcher.ranking.rarity import FIELDS
from searcher.ranking.statistics import Statistics


class Frequencies:
    """Looks up what is sought in `doc_ids`, ascending documents of the whole index."""

    def __init__(self, whole: Whole, doc_ids: NDArray[np.intp]) -> None:
        self.whole = whole
        self.doc_ids = doc_ids
        self._docs = Docs.of_ids(whole.doc_count, doc_ids)
        self._fields = [whole.field(name) for name in FIELDS]

    def table(self, sought: Sequence[Sought]) -> Floats:
        """Return float64[n_sought, n_fields, n_documents]: how often each stands in each of `FIELDS`."""
        rows = np.zeros((len(sought) * len(FIELDS), len(self.doc_ids)))
        listed: list[tuple[int, Postings]] = []
        for row, postings in enumerate(postings for one in sought for postings in self.postings(one)):
            if postings is None:
                continue
            if postings.docs.is_dense:
                rows[row] = postings.at(self.doc_ids)
            else:
                listed.append((row, postings))
        if listed:
            ids = np.concatenate([postings.docs.ids for _row, postings in listed])
            ranks = self._ranks(ids)
            inside = (ranks >= 0).nonzero()[0]
            freqs = np.concatenate([postings.freqs for _row, postings in listed]).take(inside)
            row_of = np.array([row for row, _postings in listed]).repeat([len(one.freqs) for _row, one in listed])
            rows[row_of.take(inside), ranks.take(inside)] = freqs
        return rows.reshape(len(sought), len(FIELDS), len(self.doc_ids))

    def norms(self, statistics: Statistics) -> Floats:
        """Return float64[n_fields, n_documents]: what frequencies are multiplied by, for the lengths of the fields."""
        norms = np.zeros((len(FIELDS), len(self.doc_ids)))
        for row, (name, field) in enumerate(zip(FIELDS, self._fields, strict=True)):
            if field is not None:
                norms[row] = statistics.inverse_norms(name).take(field.length_codes.take(self.doc_ids))
        return norms

    def postings(self, sought: Sought) -> list[Postings | None]:
        """Return for each of `FIELDS` the documents that have what is sought: those of `doc_ids`, and maybe others."""
        return [None if field is None else self._in_field(field, sought) for field in self._fields]

    def _in_field(self, field: Field, sought: Sought) -> Postings | None:
        syllables = [term_bytes(one) for one in sought.syllables]
        if len(syllables) == 1:
            return self.whole.postings(field, syllables[0])
        if sought.as_word and (found := self.whole.postings(field, b"_".join(syllables))) is not None:
            return found
        terms = []
        for one in syllables:
            if (found := self.whole.postings(field, one)) is None:
                return None
            terms.append(Term(self.whole, field, one, found, 1.0))
        return phrase(terms, self._docs)

    def _ranks(self, ids: NDArray[np.intp]) -> NDArray[np.int32]:
        """Return the places of documents in `doc_ids`, -1 for others."""
        ranks = np.full(self.whole.doc_count, -1, dtype=np.int32)
        ranks[self.doc_ids] = np.arange(len(self.doc_ids))
        return ranks.take(ids)
