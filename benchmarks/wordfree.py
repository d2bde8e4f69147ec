"""Searches for a known article by words that it does not have: `benchmarks/wordfree.tsv`, ids and queries.

Only the meaning of the words can find it. What is measured is recall: the share of queries with the article among the
first ten hits.
"""

from __future__ import annotations

from pathlib import Path
from statistics import mean
from typing import Final, NamedTuple

import searcher
from benchmarks.judgements import DEPTH
from searcher.analysis.stream import analyze
from searcher.language.parser import parse_query
from searcher.language.vocabulary import ReaderVocabulary

QUERIES: Final = Path(__file__).with_name("wordfree.tsv")
_COMMON: Final = 20
"""A word that one in so many articles has, or more, says little of any."""


class WordFree(NamedTuple):
    """The id of an article, and a query for it."""

    article: str
    text: str


def read_queries(path: Path = QUERIES) -> list[WordFree]:
    """Return the queries, in the order of the file."""
    lines = path.read_text("utf-8").splitlines()
    return [WordFree(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def shared_words(index: searcher.EmbeddedIndex, query: WordFree) -> list[str]:
    """Return the words of the query, common ones aside, that the article has."""
    article = index.get(query.article)
    vocabulary = ReaderVocabulary(index.whoosh.reader())
    most = index.whoosh.doc_count() // _COMMON
    has = {term for text in (article.title, article.lead, article.body) for term, _at in analyze(text)}
    words = [unit.alternatives[0].term for unit in parse_query(query.text).units if unit.alternatives]
    return [word for word in words if word in has and vocabulary.frequency(word) < most]


def recall(index: searcher.EmbeddedIndex, queries: list[WordFree], *, meaning: bool) -> float:
    """Return the share of the queries that have their article among the first ten hits."""
    return mean(
        any(
            hit.article.id == query.article
            for hit in index.search(query.text, limit=DEPTH, snippets=False, meaning=meaning).hits
        )
        for query in queries
    )
