"""How well articles are ranked: `python -m benchmarks.ranking [--index FOLDER] [--quick]`.

Prints nDCG@10, MRR and unjudged@10 (see `benchmarks.judgements`) for each judged query and their mean, for the same
queries typed otherwise, with each mechanism of the formula off in turn, with its weights drawn at random around theirs,
and known-item searches. All but `--index` and `--quick` is fixed, so two runs print the same.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import mean
from unittest.mock import patch

import numpy as np
from msgspec.structs import asdict
from numpy.typing import NDArray

import searcher
from benchmarks import knownitem, wordfree
from benchmarks.common import CORPUS
from benchmarks.judgements import GRADES, NATURAL, Judged, Scores, average, read_dev, read_ours, scores
from benchmarks.wholecorpus import DEFAULT, corpus_index
from searcher.analysis import fold
from searcher.embedded import engine
from searcher.ranking import asked
from searcher.ranking.formula import PARTS, Weights

_DRAWS = 300
_SPREAD = 0.25
_KNOWN = 200
_KNOWN_QUICK = 40
_DEEP = 300


def main() -> None:
    """Print everything, or in one sentence what is missing."""
    parser = argparse.ArgumentParser(description="how well articles are ranked")
    parser.add_argument("--index", type=Path, default=DEFAULT, help="where the index of the corpus is, or is to be")
    parser.add_argument("--quick", action="store_true", help="fewer known-item searches")
    options = parser.parse_args()
    for missing in (CORPUS, GRADES):
        if not missing.exists():
            print(f"Ranking is not evaluated: {missing} is missing.")
            return
    with searcher.open_index(corpus_index(options.index)) as index:
        judged = {"dev": read_dev(), "ours": read_ours(), "natural": read_ours(NATURAL)}
        for name, queries in judged.items():
            _each_query(name, index, queries)
        _typed_otherwise(index, judged)
        _mechanisms_off(index, judged)
        _robustness(index, judged["dev"])
        _known_items(index, _KNOWN_QUICK if options.quick else _KNOWN)
        _word_free(index)


def measure(
    index: searcher.EmbeddedIndex, queries: Sequence[Judged], typed: Callable[[str], str] = lambda text: text
) -> list[Scores]:
    """Return what the first page that the product shows for each query is worth."""
    found = []
    for query in queries:
        hits = index.search(typed(query.text), snippets=False).hits
        found.append(scores([hit.article.id for hit in hits], query.grades))
    return found


def _each_query(name: str, index: searcher.EmbeddedIndex, queries: Sequence[Judged]) -> None:
    found = measure(index, queries)
    print(f"\n{len(queries)} judged queries ({name}){'nDCG@10':>35} {'gain g':>7} {'MRR':>7} {'unjudged':>9}")
    for query, one in zip(queries, found, strict=True):
        print(f"  {query.name:4} {query.text:48} {_row(one)}")
    print(f"  {'mean':53} {_row(average(found))}")


def _typed_otherwise(index: searcher.EmbeddedIndex, judged: dict[str, list[Judged]]) -> None:
    ways: dict[str, Callable[[str], str]] = {
        "as judged": lambda text: text,
        "without diacritics": fold,
        "decomposed (NFD)": lambda text: unicodedata.normalize("NFD", text),
        "in the other tone style": other_tone_style,
        "in capitals": str.upper,
    }
    print(f"\n{'queries typed':53} {'nDCG@10':>9} {'gain g':>7} {'MRR':>7} {'unjudged':>9}")
    for name, queries in judged.items():
        for way, typed in ways.items():
            print(f"  {way + ', ' + name:53} {_row(average(measure(index, queries, typed)))}")


def other_tone_style(text: str) -> str:
    """Return the text with the tone marks of oa, oe, uy moved to the other vowel.

    >>> other_tone_style("ma túy, Hoà Bình")
    'ma tuý, Hòa Bình'
    """
    moved = {}
    for first, second in ("oa", "oe", "uy"):
        for tone in "\u0300\u0301\u0303\u0309\u0323":
            old, new = first + tone + second, first + second + tone
            old, new = (unicodedata.normalize("NFC", one) for one in (old, new))
            moved |= {old: new, new: old}
    return "".join(moved.get(text[at : at + 2], text[at]) for at in _starts(text, moved))


def _starts(text: str, pairs: dict[str, str]) -> Iterator[int]:
    at = 0
    while at < len(text):
        yield at
        at += 2 if text[at : at + 2] in pairs else 1


def _row(one: Scores) -> str:
    return f"{one.ndcg_exponential:9.3f} {one.ndcg:7.3f} {one.reciprocal_rank:7.3f} {one.unjudged:9.1f}"


class Points:
    """The points of a query's best articles in each part of the formula, to be added up with other weights.

    `shares: float64[n, parts]`, in the order of `PARTS`, each in 0..1.
    """

    def __init__(self, index: searcher.EmbeddedIndex, query: Judged) -> None:
        found = index.search(query.text, limit=_DEEP, snippets=False, explain=True)
        self.query = query
        self.articles = [hit.article.id for hit in found.hits if hit.explanation]
        points = [[hit.explanation[part] for part in PARTS] for hit in found.hits if hit.explanation]
        self.shares = np.array(points).reshape(-1, len(PARTS)) / (100 * weights_of(Weights()))

    def worth(self, weights: NDArray[np.float64]) -> Scores:
        """Return what the order by these weights is worth."""
        order = np.argsort(-(self.shares @ weights).round(9), kind="stable")
        return scores([self.articles[place] for place in order], self.query.grades)


def weights_of(weights: Weights) -> NDArray[np.float64]:
    """Return float64[parts]."""
    return np.array([asdict(weights)[part] for part in PARTS])


def _mechanisms_off(index: searcher.EmbeddedIndex, judged: dict[str, list[Judged]]) -> None:
    points = {name: [Points(index, query) for query in queries] for name, queries in judged.items()}
    whole = {name: average([one.worth(weights_of(Weights())) for one in found]) for name, found in points.items()}
    print(f"\n{'one mechanism off':40}" + "".join(f"{name:>17} {'change':>8}" for name in points))

    def show(what: str, found: dict[str, Scores]) -> None:
        cells = (
            f"{found[name].ndcg_exponential:17.3f} {found[name].ndcg_exponential - whole[name].ndcg_exponential:+8.3f}"
            for name in points
        )
        print(f"  {what:38}" + "".join(cells))

    show("none", whole)
    for part in PARTS:
        without = weights_of(Weights().without(part))
        show(part, {name: average([one.worth(without) for one in found]) for name, found in points.items()})
    pairs = weights_of(Weights().without("pairs_head").without("pairs_body"))
    show("both kinds of pairs", {name: average([one.worth(pairs) for one in found]) for name, found in points.items()})
    only = weights_of(Weights(**(dict.fromkeys(PARTS, 0.0) | {"text": 1.0})))
    show("all but text", {name: average([one.worth(only) for one in found]) for name, found in points.items()})
    for what, off in {"synonyms": _no_synonyms, "articles with part of the words": _only_all_words}.items():
        with off():
            show(what, {name: average(measure(index, queries)) for name, queries in judged.items()})


@contextmanager
def _no_synonyms() -> Iterator[None]:
    with patch.object(asked, "SYNONYM", 0.0):
        yield


@contextmanager
def _only_all_words() -> Iterator[None]:
    with patch.object(engine, "FEW", 1):
        yield


def _robustness(index: searcher.EmbeddedIndex, queries: Sequence[Judged]) -> None:
    chance = np.random.default_rng(1)
    points = [Points(index, query) for query in queries]
    base = weights_of(Weights())
    drawn = [base, *(base * chance.lognormal(0, _SPREAD, len(base)) for _ in range(_DRAWS))]
    # float64[weights, queries]
    table = np.array([[one.worth(weights).ndcg_exponential for one in points] for weights in drawn])
    means = table[1:].mean(axis=1)
    print(f"\nrobustness, nDCG@10 of {len(queries)} queries (dev)")
    print(f"  the formula's weights                                        {table[0].mean():.3f}")
    low, high = np.quantile(means, (0.05, 0.95))
    print(f"  {_DRAWS} drawn around them, each times exp(N(0, {_SPREAD})): mean    {means.mean():.3f}")
    print(f"    the least, 5 %, 95 %, the greatest        {means.min():.3f} {low:.3f} {high:.3f} {means.max():.3f}")
    held_out = [
        table[np.delete(table, left_out, axis=1).mean(axis=1).argmax(), left_out] for left_out in range(len(points))
    ]
    print(f"  each query by the weights best for the others (leave one out) {mean(held_out):.3f}")
    resampled = table[0][chance.integers(0, len(points), (10_000, len(points)))].mean(axis=1)
    low, high = np.quantile(resampled, (0.025, 0.975))
    print(f"  95 % of bootstrap samples of the queries                      {low:.3f} to {high:.3f}")


def _known_items(index: searcher.EmbeddedIndex, count: int) -> None:
    print(f"\nknown-item searches, MRR over {count} random articles each")
    sets = {"title": knownitem.titles(count), "2 to 4 words of title and lead": knownitem.remembered(count, index)}
    for name, items in sets.items():
        for way, typed in {"": str, ", without diacritics": fold}.items():
            found = (knownitem.reciprocal_rank(index, item._replace(text=typed(item.text))) for item in items)
            print(f"  {name + way:53} {mean(found):9.3f}")


def _word_free(index: searcher.EmbeddedIndex) -> None:
    queries = wordfree.read_queries()
    sharing = [query.text for query in queries if wordfree.shared_words(index, query)]
    print(f"\n{len(queries)} searches by words that the article does not have, recall@10")
    for what, meaning in {"with meaning": True, "by words only": False}.items():
        print(f"  {what:53} {wordfree.recall(index, queries, meaning=meaning):9.3f}")
    if sharing:
        print(f"  not free of words: {', '.join(sharing)}")


if __name__ == "__main__":
    main()
