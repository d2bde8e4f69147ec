"""Whether an index in a folder and one in a cluster answer alike: `python -m benchmarks.parity FOLDER URL`.

Both have to hold the same articles. Prints how many of 200 queries with filters have the same total and the same
facets, how many of the hits on first pages are the same, and nDCG@10 of both on the judged queries (where ../shared has
them). Exits with 1 where totals or facets differ, fewer than 95 % of the hits are the same, or nDCG@10 differs by more
than 0.005 in the mean.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import searcher
from benchmarks.judgements import GRADES, NATURAL, Judged, average, read_dev, read_ours, scores
from searcher.analysis import fold

_QUERIES = 200
_FILTERS: tuple[searcher.Filters, ...] = (
    {},
    {"topics": ["ma-tuy"]},
    {"topics": ["mai-dam", "mua-ban-nguoi"]},
    {"provinces": ["Hà Nội"]},
    {"provinces": ["Sơn La", "Điện Biên", "Lai Châu"]},
    {"since": "2018", "until": "2020"},
    {"until": "30/6/2015"},
    {"years": [2016, 2019]},
    {"provinces": ["Thành phố Hồ Chí Minh"], "provinces_of": 2025},
    {"topics": ["ma-tuy"], "provinces": ["Nghệ An"], "since": "2010"},
    {"sure": True, "topics": ["mai-dam"]},
    {"offences": ["van-chuyen-ma-tuy"]},
)
_TEXTS = (
    "",
    "ma túy",
    "mại dâm",
    '"mua bán người"',
    "heroin Sơn La",
    "bat giu doi tuong",
    "ma túy -heroin",
    "methadone HOẶC cai nghiện",
    "karaoke mai dam ha noi",
    "án tử hình vận chuyển ma túy",
    "năm:2019 mại dâm",
    'tỉnh:"Nghệ An" ma túy',
    "nghi*",
    "tiêu đề:ma túy",
)
_LEAST_SAME = 0.95
_MOST_APART = 0.005


class Compared(NamedTuple):
    """Two answers to one search."""

    name: str
    totals: tuple[int, int]
    facets_alike: bool
    same: int
    hits: int


def main() -> None:
    """Print the comparison."""
    parser = argparse.ArgumentParser(description="whether an index in a folder and one in a cluster answer alike")
    parser.add_argument("folder", type=Path)
    parser.add_argument("url")
    parser.add_argument("--verbose", action="store_true", help="print every search that is not answered alike")
    options = parser.parse_args()
    with searcher.open_index(options.folder) as one, searcher.open_index(options.url) as other:
        print(f"articles: {one.stats().articles} and {other.stats().articles}")
        alike = _filtered(one, other, verbose=options.verbose)
        alike &= _judged(one, other)
    sys.exit(not alike)


def _searches() -> Iterator[tuple[str, searcher.Filters, str]]:
    texts = list(_TEXTS)
    if GRADES.exists():
        texts += [query.text for query in read_dev()][:10]
    rotating = itertools.cycle(("relevance", "relevance", "newest"))
    for filters, text in itertools.product(_FILTERS, texts):
        yield text, filters, next(rotating)


def _filtered(one: searcher.Index, other: searcher.Index, *, verbose: bool) -> bool:
    found = []
    for text, filters, sort in itertools.islice(_searches(), _QUERIES):
        first, second = (index.search(text, sort=sort, snippets=False, **filters) for index in (one, other))
        ids = [{hit.article.id for hit in page.hits} for page in (first, second)]
        hits = max(map(len, ids))
        compared = Compared(
            f"{text!r} {filters} {sort}",
            (first.total, second.total),
            first.facets == second.facets,
            len(ids[0] & ids[1]),
            hits,
        )
        found.append(compared)
        if verbose and (first.total != second.total or not compared.facets_alike or compared.same < hits):
            print(f"  {compared.name}: {compared.totals}, facets {compared.facets_alike}, {compared.same} of {hits}")
    totals = sum(compared.totals[0] == compared.totals[1] for compared in found)
    facets = sum(compared.facets_alike for compared in found)
    same, hits = sum(compared.same for compared in found), sum(compared.hits for compared in found)
    print(f"searches with filters: {len(found)}; totals equal: {totals}; facets equal: {facets}")
    print(f"first pages: {same} of {hits} hits the same ({same / hits:.1%})")
    return totals == facets == len(found) and same >= _LEAST_SAME * hits


def _judged(one: searcher.Index, other: searcher.Index) -> bool:
    if not GRADES.exists():
        print(f"nDCG@10 is not compared: {GRADES} is missing.")
        return True
    alike = True
    for name, queries in (("dev", read_dev()), ("ours", read_ours()), ("natural", read_ours(NATURAL))):
        for way, typed in (("as typed", str), ("without marks", fold)):
            means = [_mean(index, queries, typed) for index in (one, other)]
            alike &= abs(means[0] - means[1]) <= _MOST_APART
            print(f"nDCG@10 of {len(queries)} queries ({name}, {way}): {means[0]:.4f} and {means[1]:.4f}")
    return alike


def _mean(index: searcher.Index, queries: list[Judged], typed: Callable[[str], str]) -> float:
    found = []
    for query in queries:
        hits = index.search(typed(query.text), snippets=False).hits
        found.append(scores([hit.article.id for hit in hits], query.grades))
    return average(found).ndcg


if __name__ == "__main__":
    main()
