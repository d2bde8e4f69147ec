"""How many articles there are over time, counted by columns: altogether or by province or topic."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from searcher.codec.arrays import MISSING, LabelColumn, NumericColumn, SegmentArrays
from searcher.codec.ranges import places_in
from searcher.embedded.periods import months_of
from searcher.execution import Whole
from searcher.execution.docs import Ids
from searcher.query.periods import periods_of, trends_of
from searcher.query.trends import Asked, Trends
from searcher.ranking.copies import leading

Ints = NDArray[np.int64]


def stories(whole: Whole) -> Ids:
    """Return of each document the first one by date that it is a near-identical copy of, or itself: intp[documents].

    Of a large index each is compared with those published next (`ranking.copies.NEIGHBOURS`).
    """
    published = whole.numbers("published")
    docnums = whole.live.ids
    if published is not None:
        dates = published.take(docnums)
        docnums = docnums[np.lexsort((dates, dates == MISSING))]
    of = np.arange(whole.doc_count, dtype=np.intp)
    of[docnums] = docnums[leading(whole, docnums)]
    return of


def first_of_each(stories: Ids, docnums: Ids) -> Ids:
    """Return one document of each story that is among these, ascending: the story's first where that is one of them."""
    of = stories.take(docnums)
    own_first = docnums[np.argsort(of != docnums, kind="stable")]
    return np.sort(own_first[np.unique(stories.take(own_first), return_index=True)[1]])


def count_trends(
    segments: Sequence[tuple[int, SegmentArrays]], docnums: Ids, wanted: Asked, stories: Ids | None = None
) -> Trends:
    """Return the trends of the documents `docnums` (ascending, over all segments).

    With `stories` the index has in each period the stories of which an article is of that period.
    """
    parts = [_Part(segment, docnums[_between(docnums, first, segment)] - first) for first, segment in segments]
    months = np.concatenate([part.months[part.months > MISSING] for part in parts]) if parts else np.empty(0, np.int64)
    shown = periods_of((int(months.min()), int(months.max())) if len(months) else None, wanted)
    step, start, n_periods = shown.step, shown.start, shown.count
    rows: dict[str, Ints] = {} if wanted.field else {"": np.zeros(n_periods, dtype=np.int64)}
    articles = np.zeros(n_periods, dtype=np.int64)
    seen = []
    for part, (first_doc, _segment) in zip(parts, segments, strict=True):
        for label, found in part.by_label(wanted.field):
            rows.setdefault(label, np.zeros(n_periods, dtype=np.int64))
            rows[label] += _counted(found // step - start, n_periods)
        doc_ids, all_months = part.everything()
        periods = all_months // step - start
        if stories is None:
            articles += _counted(periods, n_periods)
        else:
            inside = (periods >= 0) & (periods < n_periods)
            seen.append(stories[doc_ids[inside] + first_doc] * n_periods + periods[inside])
    if seen and n_periods:
        articles = np.bincount(np.unique(np.concatenate(seen)) % n_periods, minlength=n_periods)
    undated = sum(int(np.count_nonzero(part.months == MISSING)) for part in parts)
    counts = {label: found.tolist() for label, found in rows.items()}
    return trends_of(wanted, shown, counts, articles.tolist(), len(docnums), undated)


class _Part:
    """The documents of a segment that are counted, and the month of each, counted from 1970; MISSING without a date."""

    def __init__(self, segment: SegmentArrays, doc_ids: Ids) -> None:
        self._segment = segment
        self._doc_ids = doc_ids
        self.months = self._months_of(doc_ids)

    def everything(self) -> tuple[Ids, Ints]:
        """Return all dated articles of the segment, and the month of each."""
        live = self._segment.live
        doc_ids = np.arange(self._segment.doc_count) if live is None else np.flatnonzero(live)
        months = self._months_of(doc_ids)
        dated = months > MISSING
        return doc_ids[dated], months[dated]

    def by_label(self, field: str | None) -> list[tuple[str, Ints]]:
        """Return for each label the months of its documents; without a field for "" those of all."""
        if field is None:
            return [("", self.months[self.months > MISSING])]
        column = self._segment.column(field)
        if not isinstance(column, LabelColumn):
            return []
        starts = column.offsets[self._doc_ids]
        counts = column.offsets[self._doc_ids + 1] - starts
        ordinals, months = column.ordinals[places_in(starts, counts)], np.repeat(self.months, counts)
        dated = months > MISSING
        ordinals, months = ordinals[dated], months[dated]
        return [(column.labels[one], months[ordinals == one]) for one in np.unique(ordinals).tolist()]

    def _months_of(self, doc_ids: Ids) -> Ints:
        column = self._segment.column("published")
        if not isinstance(column, NumericColumn):
            return np.full(len(doc_ids), MISSING, dtype=np.int64)
        return months_of(column.values[doc_ids])


def _between(docnums: Ids, first: int, segment: SegmentArrays) -> slice:
    start, end = np.searchsorted(docnums, (first, first + segment.doc_count)).tolist()
    return slice(start, end)


def _counted(periods: Ints, n_periods: int) -> Ints:
    inside = periods[(periods >= 0) & (periods < n_periods)]
    return np.bincount(inside, minlength=n_periods)
