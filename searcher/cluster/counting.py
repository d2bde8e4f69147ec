"""Counting terms: how many articles of the cluster have each, asked of its own dictionaries.

The index of terms is nothing but what these say, by term and without marks: it may be counted again at any time, by
any number of machines at once, and whoever counted last wins.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, Final

from searcher.analysis import fold
from searcher.cluster.bulk import Bulk
from searcher.cluster.client import Client
from searcher.cluster.documents import as_typed
from searcher.cluster.mapping import TEXTS
from searcher.cluster.place import Generation

_AT_ONCE: Final = 10_000
_MOST_TRIED: Final = 10_000
_ASKED: Final = {"positions": False, "offsets": False, "payloads": False, "term_statistics": True}
_LONGEST_TERM: Final = 400
"""Bytes of a term that is kept; a longer one is no word."""


def count_terms(client: Client, generation: Generation, terms: Iterable[str]) -> int:
    """Count these terms anew, and return how many terms all texts have, with repetitions."""
    shards = _shards(client, generation.articles)
    at = time.time_ns() // 1_000_000
    bulk = Bulk(client)
    for part in _parts(term for term in terms if len(term.encode()) <= _LONGEST_TERM):
        for term, counts in _counted(client, generation, part, shards).items():
            within = {name: articles for name, (articles, _times) in counts.items()}
            how = {"_index": generation.terms, "_id": term, "version": at, "version_type": "external_gte"}
            if not any(within.values()):
                bulk.add({"delete": how})
                continue
            kept = {
                "t": term,
                "f": fold(term),
                "n": max(within.values()),
                "d": within["body"] or within["title"],
                "w": sum(times for _articles, times in counts.values()),
                "h": sum(1 << at for at, name in enumerate(TEXTS) if within[name]),
            }
            bulk.add({"index": how}, kept)
    bulk.send()
    client.post(f"/{generation.terms}/_refresh")
    return sum(_size(client, generation.articles, routing) for routing in shards)


Found = dict[str, tuple[int, int]]
"""For each text field in how many articles a term is, and how often."""


def counts_of(client: Client, generation: Generation, terms: Iterable[str]) -> dict[str, Found]:
    """Return what the index says now of these terms; deleted articles count until they are merged away."""
    shards = _shards(client, generation.articles)
    return {term: found for part in _parts(terms) for term, found in _counted(client, generation, part, shards).items()}


def _counted(client: Client, generation: Generation, terms: list[str], shards: Iterable[str]) -> dict[str, Found]:
    typed = {as_typed(term): term for term in terms}
    counts: dict[str, Found] = {term: dict.fromkeys(TEXTS, (0, 0)) for term in terms}
    for routing in shards:
        found = _asked(client, generation.articles, list(typed), routing)
        for name, field in TEXTS.items():
            for one, told in found.get(field, {}).get("terms", {}).items():
                articles, times = counts[typed[one]][name]
                counts[typed[one]][name] = (articles + told.get("doc_freq", 0), times + told.get("ttf", 0))
    return counts


def _parts(terms: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for term in terms:
        part.append(term)
        if len(part) == _AT_ONCE:
            yield part
            part = []
    if part:
        yield part


def _asked(client: Client, index: str, terms: list[str], routing: str) -> dict[str, Any]:
    text = " ".join(terms)
    body = {"doc": dict.fromkeys(TEXTS.values(), text), "fields": list(TEXTS.values()), "field_statistics": False}
    answer = client.post(f"/{index}/_termvectors?routing={routing}&filter_path=term_vectors", body | _ASKED)
    found: dict[str, Any] = answer.get("term_vectors", {})
    return found


def _size(client: Client, index: str, routing: str) -> int:
    """Return how many terms the texts of a shard have, with repetitions."""
    # A word that every text can have: what is asked for are the fields' own numbers.
    body = {"doc": dict.fromkeys(TEXTS.values(), "a"), "fields": list(TEXTS.values()), "field_statistics": True}
    answer = client.post(f"/{index}/_termvectors?routing={routing}", body | _ASKED | {"term_statistics": False})
    fields = answer.get("term_vectors", {}).values()
    return sum(max(one.get("field_statistics", {}).get("sum_ttf", 0), 0) for one in fields)


def _shards(client: Client, index: str) -> list[str]:
    """Return for each shard of an index something that is routed to it."""
    found: dict[int, str] = {}
    count = int(client.get(f"/{index}/_settings?flat_settings=true")[index]["settings"]["index.number_of_shards"])
    for number in range(_MOST_TRIED):
        if len(found) == count:
            break
        shards = client.get(f"/{index}/_search_shards?routing={number}")["shards"]
        found.setdefault(shards[0][0]["shard"], str(number))
    return list(found.values())
