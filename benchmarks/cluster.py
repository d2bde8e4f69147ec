"""How fast an index in a cluster is, and how it grows: `python -m benchmarks.cluster URL [--grow N ...]`.

URL is that of a server that runs, with the name of an index that is made anew (http://127.0.0.1:9200/measured). Prints
- articles a second end to end, from the corpus' file, and what an article takes there,
- for queries of several kinds the median and the slowest of ten, wall time here and processor time of the server, and
  the same of an index in a folder (`--folder`, which has to hold the same articles),
- both again for each size that `--grow` names, reached by sending the same articles under other ids: texts repeat, so
  that dictionaries do not grow as they would; postings, columns and articles do.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import searcher
from benchmarks.common import CORPUS
from searcher.cluster import place
from searcher.cluster.address import read_address
from searcher.cluster.bulk import Bulk
from searcher.cluster.client import Client
from searcher.cluster.copying import documents_of
from searcher.cluster.counting import count_terms
from searcher.cluster.documents import Preparing, key_of

_QUERIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("ma túy", {}),
    ("mại dâm Sơn La", {}),
    ("mai dam son la", {}),
    ("vận chuyển heroin từ Lào về Việt Nam", {}),
    ("bat giu doi tuong mua ban ma tuy", {}),
    ('"mua bán người" trẻ em', {}),
    ("ma túy", {"topics": ["ma-tuy"], "provinces": ["Nghệ An"], "since": "2015"}),
    ("ngáo đá chém người thân", {}),
    ("ma túy", {"sort": "newest"}),
    ("", {}),
)
_TIMES = 10
_BATCH = 400


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description="how fast an index in a cluster is, and how it grows")
    parser.add_argument("url")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--folder", type=Path, help="an index in a folder of the same articles, to compare with")
    parser.add_argument("--grow", type=int, nargs="*", default=[], help="numbers of articles to grow to")
    parser.add_argument("--keep", action="store_true", help="measure the index as it is, without making it anew")
    parser.add_argument("--jobs", type=int)
    options = parser.parse_args()
    client = Client(read_address(options.url))
    if not options.keep:
        _fill(options.url, options.corpus, options.jobs)
    _show_size(client)
    _queries(options.url, client, options.folder)
    for count in options.grow:
        _grow(client, count)
        _show_size(client)
        _queries(options.url, client, None)
    client.close()


def _fill(url: str, corpus: Path, jobs: int | None) -> None:
    started = time.perf_counter()
    summary = searcher.index_paths(url, [corpus], rebuild=True, jobs=jobs)
    seconds = time.perf_counter() - started
    print(
        f"{summary.added} articles in {seconds:.1f} s: {summary.added / seconds:.0f} articles/s, {summary.jobs} workers"
    )
    total = sum(summary.stages.values())
    for stage, took in sorted(summary.stages.items(), key=lambda pair: -pair[1]):
        print(f"  {stage:10} {1000 * took / max(summary.added, 1):6.2f} ms an article {took / total:5.0%}")


def _show_size(client: Client) -> None:
    generation = place.find(client)
    client.post(f"/{generation.articles},{generation.terms}/_flush")
    stats = client.get(f"/{generation.articles},{generation.terms}/_stats/store,docs?level=indices")["indices"]
    articles, terms = (stats[name]["primaries"] for name in (generation.articles, generation.terms))
    count = articles["docs"]["count"]
    size, of_terms = articles["store"]["size_in_bytes"], terms["store"]["size_in_bytes"]
    print(
        f"{count} articles: {size / 1e6:.0f} MB, {size / max(count, 1) / 1000:.2f} kB each;"
        f" {terms['docs']['count']} terms: {of_terms / 1e6:.0f} MB"
    )


def _cpu_ms(client: Client) -> int:
    time.sleep(1.1)  # a server tells what it measured up to a second ago
    nodes = client.get("/_nodes/stats/process")["nodes"].values()
    return sum(one["process"]["cpu"]["total_in_millis"] for one in nodes)


def _queries(url: str, client: Client, folder: Path | None) -> None:
    print(f"{'query':52} {'hits':>8} {'median':>9} {'slowest':>9} {'server CPU':>11} {'in a folder':>12}")
    with searcher.open_index(url) as index:
        for text, how in _QUERIES:
            index.search(text, **how)  # what is compiled and kept at first
            cpu, took = _cpu_ms(client), []
            for _time in range(_TIMES):
                started = time.perf_counter()
                total = index.search(text, **how).total
                took.append(1000 * (time.perf_counter() - started))
            cpu = _cpu_ms(client) - cpu
            beside = f"{_in_folder(folder, text, how):9.1f} ms" if folder is not None else ""
            shown = f"{text!r} {', '.join(how)}"[:52]
            print(
                f"{shown:52} {total:8} {statistics.median(took):6.1f} ms {max(took):6.1f} ms"
                f" {cpu / _TIMES:8.1f} ms {beside:>12}"
            )


def _in_folder(folder: Path, text: str, how: dict[str, Any]) -> float:
    took = []
    with searcher.open_index(folder) as index:
        index.search(text, **how)
        for _time in range(_TIMES):
            started = time.perf_counter()
            index.search(text, **how)
            took.append(1000 * (time.perf_counter() - started))
    return statistics.median(took)


def _grow(client: Client, wanted: int) -> None:
    """Send the articles that are there under other ids until there are so many."""
    generation = place.find(client)
    count = int(client.get(f"/{generation.articles}/_count")["count"])
    preparing, bulk = Preparing(), Bulk(client)
    started, first, terms = time.perf_counter(), count, set[str]()
    with documents_of(str(client.address)) as (_total, documents):
        for batch in _batches(documents):
            if count >= wanted:
                break
            prepared, of_batch = preparing.prepared(batch, "grown", count)
            terms.update(of_batch)
            again = max(1, -(-(wanted - first) // first))
            for document in prepared:
                for time_ in range(again):
                    if count < wanted:
                        kept = document | {"id": f"{document['id']}-{first}-{time_}", "ordinal": count}
                        bulk.add({"index": {"_index": generation.articles, "_id": key_of(kept["id"])}}, kept)
                        count += 1
    bulk.send()
    client.post(f"/{generation.articles}/_refresh")
    size = count_terms(client, generation, terms)
    place.write_state(client, generation.terms, place.State(place.new_commit(), size))
    seconds = time.perf_counter() - started
    print(f"\ngrown to {count} in {seconds:.0f} s: {(count - first) / seconds:.0f} articles/s (sent by one process)")


def _batches(documents: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    iterator = iter(documents)
    while batch := list(islice(iterator, _BATCH)):
        yield batch


if __name__ == "__main__":
    main()
