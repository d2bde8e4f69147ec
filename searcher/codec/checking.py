"""Checking an index: every checksum of every part, and whether what the parts say of each other holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, Protocol

import msgspec
import numpy as np
from whoosh.fields import Schema

from searcher.codec.arrays import BytesColumn, FieldArrays, LabelColumn, SegmentArrays
from searcher.codec.container import U8, U32
from searcher.codec.damage import IndexDamaged, IndexFileUnreadable
from searcher.codec.forms import misfit
from searcher.codec.index import INDEX_NAME
from searcher.codec.segment import PHRASES_EXTENSION, ArraySegment
from searcher.codec.toc import read_toc, toc_path
from searcher.messages import _

_BLOCK: Final = 4096


class Problem(msgspec.Struct, frozen=True):
    """Something that is wrong: the file's name, the part of it, and what about that part."""

    file: str
    part: str
    reason: str


class CheckReport(msgspec.Struct):
    """What was read, and what is wrong with it; an index is sound where `problems` is empty."""

    segments: int = 0
    documents: int = 0
    parts: int = 0
    bytes: int = 0
    problems: list[Problem] = msgspec.field(default_factory=list)


class Meaning(Protocol):
    """What whoever keeps something in an index knows of it; each method says what is wrong, None where nothing is."""

    def stored(self, fields: dict[str, Any]) -> str | None:
        """Of the stored fields of a document."""

    def beside(self, segment: SegmentArrays, path: Path) -> str | None:
        """Of what is kept beside a segment, whose file is `path`."""


Progress = Callable[[int, int], None]
"""Called with the number of segments checked, and of all."""


def check(
    folder: Path,
    indexname: str = INDEX_NAME,
    on_progress: Progress | None = None,
    meaning: Meaning | None = None,
) -> CheckReport:
    """Read all of an index, and return what is wrong with it; `meaning` also says what it has to mean.
    Raises IndexNotFound, IndexUnusable where it is of another kind or version, and OSError for its table of contents.
    """
    report = CheckReport()
    try:
        toc = read_toc(folder, indexname)
    except IndexDamaged as damage:
        report.problems.append(_damaged(damage))
        return report
    report.bytes = toc_path(folder, indexname, toc.generation).stat().st_size
    for number, segment in enumerate(toc.segments, 1):
        report.segments += 1
        report.documents += segment.doc_count()
        report.bytes += segment.written.size
        report.problems += _check_segment(segment, folder, toc.schema, report, meaning)
        if on_progress is not None:
            on_progress(number, len(toc.segments))
    return report


def _damaged(damage: IndexDamaged) -> Problem:
    return Problem(damage.file, damage.part, _("Its bytes are not those that were written."))


def _check_segment(
    segment: ArraySegment,
    folder: Path,
    schema: Schema,
    report: CheckReport,
    meaning: Meaning | None,
) -> Iterator[Problem]:
    file = segment.path(folder).name
    try:
        arrays = segment.open(folder)
    except IndexDamaged as damage:
        yield _damaged(damage)
        return
    except IndexFileUnreadable as unreadable:
        yield Problem(file, "file", unreadable.error.strerror or str(unreadable.error))
        return
    report.parts += len(arrays.container.names())
    bad = arrays.container.damaged_parts()
    yield from (_damaged(IndexDamaged(file, part)) for part in bad)
    if (misfitting := misfit(arrays, schema)) is not None:
        yield Problem(file, misfitting, _("It is not kept as the index wants it."))
    for name, found in _structure(arrays, meaning):
        if any(part == name or part.startswith(f"{name}.") for part in bad):
            continue  # what is made of damaged parts can't hold
        try:
            yield from (Problem(file, part, reason) for part, reason in found())
        except IndexDamaged as damage:
            yield Problem(file, damage.part, _("It does not fit the other parts."))
            bad.append(damage.part)
    if meaning is None or bad:
        return
    try:
        reason = meaning.beside(arrays, segment.path(folder))
    except IndexDamaged as damage:
        yield Problem(file, damage.part, _("It does not fit the other parts."))
    else:
        if reason is not None:
            yield Problem(segment.path(folder).with_suffix(PHRASES_EXTENSION).name, "phrases", reason)


Findings = Iterator[tuple[str, str]]


def _structure(arrays: SegmentArrays, meaning: Meaning | None) -> Iterator[tuple[str, Callable[[], Findings]]]:
    for part in arrays.container.names():
        if part.endswith(".ends"):
            yield part, partial(_check_ends, arrays, part)
    for name in arrays.field_names():
        yield name, partial(_check_field, arrays, name)
        yield name, partial(_check_column, arrays, name)
    for name in arrays.metadata.fields:
        if name not in arrays.field_names():
            yield name, partial(_check_column, arrays, name)
    yield "stored", partial(_check_stored, arrays, meaning)


def _check_ends(arrays: SegmentArrays, name: str) -> Findings:
    ends = arrays.container.part(name, U32).all().astype(np.int64)
    strings = arrays.container.part(name.removesuffix(".ends"), U8)
    if not len(ends) or ends[0] or (np.diff(ends) < 0).any() or ends[-1] != len(strings):
        yield name, _("Its offsets do not ascend.")


def _check_field(arrays: SegmentArrays, name: str) -> Findings:
    field = arrays.field(name)
    assert field is not None
    terms = field.terms(0, field.n_terms)
    if any(one >= other for one, other in pairwise(terms)):
        yield f"{name}.terms", _("Its terms are not in order.")
    if any(field.find(term) != ordinal for ordinal, term in enumerate(terms)):
        yield f"{name}.samples", _("Its terms are not found by its samples.")
    offsets, doc_ids, freqs = field.all_postings()
    if offsets[0] != 0 or (np.diff(offsets) < 1).any():
        yield f"{name}.offsets", _("Its offsets do not ascend.")
        return
    if len(doc_ids) and int(doc_ids.max()) >= arrays.doc_count:
        yield f"{name}.docs", _("It names documents that the segment does not have.")
        return
    rises = np.diff(doc_ids.astype(np.int32)) > 0
    rises[offsets[1:-1] - 1] = True  # from one term to the next
    if not rises.all():
        yield f"{name}.docs", _("Its documents do not ascend.")
    if field.has_freqs:
        yield from _check_occurrences(field, freqs)
    if field.has_lengths and arrays.live is None:
        counted = np.bincount(doc_ids, weights=freqs, minlength=arrays.doc_count)
        if int(counted.sum()) != field.length_total:
            yield f"{name}.lengths", _("Its lengths do not agree with its frequencies.")


def _check_occurrences(field: FieldArrays, freqs: np.ndarray[tuple[int], np.dtype[np.uint8]]) -> Findings:
    if (freqs < 1).any() or int(freqs.sum(dtype=np.int64)) != int(field.total_weights.sum(dtype=np.int64)):
        yield f"{field.name}.freqs", _("Its frequencies do not agree with its occurrences.")
        return
    if not field.has_positions:
        return
    positions = field.all_positions()
    rises = np.diff(positions.astype(np.int64)) > 0
    rises[np.cumsum(freqs, dtype=np.int64)[:-1] - 1] = True  # from one posting to the next
    if not rises.all():
        yield f"{field.name}.positions", _("Its positions do not ascend.")
    folded = field.folded_order
    if len(folded) and int(folded.max()) >= field.n_terms:
        yield f"{field.name}.folded", _("It names terms that the field does not have.")


def _check_column(arrays: SegmentArrays, name: str) -> Findings:
    column = arrays.column(name)
    if isinstance(column, BytesColumn):
        for start in range(0, len(column), _BLOCK):
            column.range(start, min(start + _BLOCK, len(column)))
    elif isinstance(column, LabelColumn):
        offsets, ordinals = column.offsets.astype(np.int64), column.ordinals
        if offsets[0] != 0 or (np.diff(offsets) < 0).any() or offsets[-1] != len(ordinals):
            yield f"{name}.label_offsets", _("Its offsets do not ascend.")
        elif len(ordinals) and int(ordinals.max()) >= len(column.labels):
            yield f"{name}.labels", _("It names terms that the field does not have.")


def _check_stored(arrays: SegmentArrays, meaning: Meaning | None) -> Findings:
    if len(arrays.documents) != arrays.doc_count:
        yield "stored.sizes", _("It has not as many documents as the segment.")
        return
    for docnum in range(arrays.doc_count):
        stored = arrays.stored(docnum)
        if meaning is not None and (reason := meaning.stored(stored)) is not None:
            yield "stored", reason
            return
