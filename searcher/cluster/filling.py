"""Bringing an index in a cluster up to date with articles in files."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

from searcher.cluster.address import read_address
from searcher.cluster.client import Client
from searcher.cluster.sink import ClusterSink
from searcher.codec.stages import Stages
from searcher.indexing.run import COMMIT_EVERY, MayPrune, fill
from searcher.indexing.summary import Progress, Summary
from searcher.processes import available_cores
from searcher.sources import AS_IT_IS, Options


def index_into(
    location: str,
    paths: Iterable[Path | str] | Path | str,
    *,
    rebuild: bool = False,
    prune: bool = False,
    may_prune: MayPrune | None = None,
    jobs: int | None = None,
    commit_every: int = COMMIT_EVERY,
    on_progress: Progress | None = None,
    options: Options = AS_IT_IS,
) -> Summary:
    """Bring the index at an address up to date, as `searcher.index_paths` does one in a folder.

    Several machines may do so at once. Raises IndexUnusable where the cluster takes no articles, Unreachable where it
    does not answer, WorkerFailed, and SourceMissing.
    """
    started = time.perf_counter()
    client = Client(read_address(location))
    stages = Stages()
    sinks: list[ClusterSink] = []

    def open_sink(on_done: Callable[[int, int], None]) -> ClusterSink:
        sinks.append(
            ClusterSink(
                client,
                stages,
                on_done,
                rebuild=rebuild,
                jobs=jobs or available_cores(),
                commit_every=commit_every,
            )
        )
        return sinks[0]

    try:
        summary = fill(
            open_sink, paths, stages, prune=prune, may_prune=may_prune, on_progress=on_progress, options=options
        )
        summary.stages = stages.seconds
        summary.seconds = time.perf_counter() - started
        summary.index_bytes = sinks[0].keep(summary.kept())
    finally:
        client.close()
    return summary
