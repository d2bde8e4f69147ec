"""A batch of articles to a segment's file: what a worker does, in this process or in one of its own."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import msgspec
from whoosh.fields import Schema

from searcher.analysis import TermAnalyzer
from searcher.analysis.analyzer import VietnameseAnalyzer
from searcher.analysis.signature import signatures
from searcher.article import VIETNAM, Article
from searcher.codec import ArraySegment, Disk
from searcher.codec.build import SegmentBuilder
from searcher.codec.segment import SegmentEntry
from searcher.codec.stages import Stages
from searcher.codec.stored import encode_document, train_dictionary
from searcher.facts.extraction import facts_of
from searcher.indexing.sink import Fault
from searcher.schema import TEXT_FIELDS, has_facts, signed_text, to_document
from searcher.semantics.articlevectors import ArticleEncoder, vector_column
from searcher.tagging import tag_scored
from searcher.tagging.sections import sections

_log: Final = logging.getLogger(__name__)
_MAX_TERMS: Final = 1_000_000
"""An analyzer that has met more distinct terms is made anew, so that its memory stays bounded."""


class Batch(msgspec.Struct):
    """Articles that become one segment, the files they came from, and what to compress them with.

    `first` is the number of the first one among all that were put.
    """

    articles: list[Article] = []
    files: list[str] = []
    dictionary: bytes = b""
    first: int = 0


class Built(msgspec.Struct):
    """A segment whose file is on the disk; processor time by stage, and the most memory the process ever had.

    `faults` are the articles that are not in it.
    """

    segment: SegmentEntry
    seconds: dict[str, float]
    peak_bytes: int
    pid: int
    faults: list[Fault] = []


class BatchBuilder:
    """Makes segments in an index's folder, one of each batch."""

    def __init__(
        self,
        schema: Schema,
        folder: Path,
        indexname: str,
        disk: Disk | None = None,
        on_article: Callable[[], None] = lambda: None,
    ) -> None:
        self._schema, self._folder, self._indexname, self._disk = schema, folder, indexname, disk or Disk()
        self._on_article = on_article
        self._analyzer: TermAnalyzer | None = None
        self._encoder = ArticleEncoder() if vector_column() in schema else None
        self._with_facts = has_facts(schema)
        self._fields = frozenset(schema.names())

    def build(self, batch: Batch) -> Built:
        """Tag, analyse, invert and write a batch. Raises OSError; no file is left then.

        An article that can't be tagged costs itself alone.
        """
        if self._analyzer is None or len(self._analyzer.terms) > _MAX_TERMS:
            self._analyzer = VietnameseAnalyzer().bulk()
        derived = None if self._encoder is None else self._encoder.columns
        builder = SegmentBuilder(self._schema, self._analyzer, batch.dictionary, derived)
        stages = Stages()
        with stages("sign"):
            signed = signatures([signed_text(article) for article in batch.articles])
        faults: list[Fault] = []
        for article, file, signature in zip(batch.articles, batch.files, signed, strict=True):
            try:
                builder.add(self._document(article, file, signature, stages))
            except Exception as error:
                _log.debug("tagging %s of %s failed", article.id, file, exc_info=True)
                faults.append(Fault(article.id, file, type(error).__name__))
            self._on_article()
        data = builder.build(stages)
        with stages("write"):
            segment = ArraySegment.write(data, self._folder, self._indexname, self._disk)
        return Built(segment.entry(), stages.seconds, peak_bytes(), os.getpid(), faults)

    def _document(self, article: Article, file: str, signature: bytes, stages: Stages) -> dict[str, Any]:
        document = tagged_document(article, file, signature, stages, with_facts=self._with_facts)
        # An index that was made before a field was has no place for it.
        return (
            document
            if self._fields.issuperset(document)
            else {name: value for name, value in document.items() if name in self._fields}
        )


def tagged_document(
    article: Article, file: str, signature: bytes, stages: Stages, *, with_facts: bool = True
) -> dict[str, Any]:
    """Return the document of an article: tagged, and with the facts of its case."""
    if article.published is not None:  # its zone is lost on the way from another process
        article = msgspec.structs.replace(article, published=article.published.astimezone(VIETNAM))
    with stages("tag"):
        tagged, scores = tag_scored(article)
    with stages("facts"):
        facts = facts_of(sections(tagged)) if with_facts else None
    return to_document(article, file, tagged, signature, scores, facts)


def shared_dictionary(articles: list[Article]) -> bytes:
    """Return what to compress articles like these with: one for all segments, so that merging copies them."""
    return train_dictionary(
        [encode_document({name: getattr(article, name) for name in ("id", *TEXT_FIELDS)}) for article in articles]
    )


def peak_bytes() -> int:
    """Return the most memory that this process has had so far; 0 where the system doesn't say."""
    peak = 0
    if sys.platform != "win32":
        import resource

        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
