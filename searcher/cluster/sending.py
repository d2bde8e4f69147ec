"""A batch of articles to a cluster: what a worker does, in this process or in one of its own."""

from __future__ import annotations

import os

import msgspec

from searcher.analysis.signature import signatures
from searcher.cluster.address import read_address
from searcher.cluster.bulk import Bulk
from searcher.cluster.client import Client
from searcher.cluster.documents import Preparing, key_of
from searcher.codec.stages import Stages
from searcher.indexing.batches import Batch, fault_of, peak_bytes, tagged_document
from searcher.indexing.sink import Fault
from searcher.schema import signed_text

_MAX_TERMS = 1_000_000
"""An analyzer that has met more distinct terms is made anew, so that its memory stays bounded."""


class Target(msgspec.Struct, tag=True):
    """Where batches go: the cluster's address, the index there, and the run that they belong to."""

    location: str
    index: str
    run: str


class Sent(msgspec.Struct):
    """A batch that the cluster has: its terms, processor time by stage, the most memory the process ever had.

    `faults` are the articles that are not in it.
    """

    terms: list[str]
    seconds: dict[str, float]
    peak_bytes: int
    pid: int
    faults: list[Fault] = []


class BatchSender:
    """Tags, analyses and sends batches; raises what `Client.ask` and `Bulk` raise."""

    def __init__(self, target: Target) -> None:
        self._client = Client(read_address(target.location))
        self._target = target
        self._preparing: Preparing | None = None

    def build(self, batch: Batch) -> Sent:
        """Have the cluster take a batch; an article that can't be tagged costs itself alone."""
        if self._preparing is None or len(self._preparing.analyzer.terms) > _MAX_TERMS:
            self._preparing = Preparing()
        stages = Stages()
        with stages("sign"):
            signed = signatures([signed_text(article) for article in batch.articles])
        documents = []
        faults: list[Fault] = []
        for article, file, signature in zip(batch.articles, batch.files, signed, strict=True):
            try:
                documents.append(tagged_document(article, file, signature, stages))
            except Exception as error:
                faults.append(fault_of(article, file, error))
        with stages("analyse"):
            prepared, terms = self._preparing.prepared(documents, self._target.run, batch.first)
        bulk = Bulk(self._client)
        with stages("send"):
            for document in prepared:
                bulk.add({"index": {"_index": self._target.index, "_id": key_of(document["id"])}}, document)
            bulk.send()
        if faults:  # as in a folder, none of its versions stays
            for fault in faults:
                bulk.add({"delete": {"_index": self._target.index, "_id": key_of(fault.article_id)}})
            bulk.send()
        return Sent(terms, stages.seconds, peak_bytes(), os.getpid(), faults)

    def close(self) -> None:
        """Let go of the connections."""
        self._client.close()
