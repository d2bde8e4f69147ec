"""More like this in a cluster: what `searcher.embedded.similar` works out by arrays, as a query."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from searcher.analysis.syllable import JOINER
from searcher.cluster.client import Client
from searcher.cluster.documents import article_of, key_of
from searcher.cluster.formula import named, parts_of, saturated_term
from searcher.cluster.found import FIELDS, Signed, leads_of
from searcher.cluster.lexicon import Lexicon
from searcher.cluster.trees import none_of
from searcher.cluster.walking import Row, search
from searcher.facts.fields import read_facts
from searcher.language.tree import Mark
from searcher.query.keyterms import key_terms
from searcher.query.matches import Finder
from searcher.query.results import Hit
from searcher.query.similar import CANDIDATES, MEANING, Similar
from searcher.query.snippets import make_snippet
from searcher.semantics.nearness import unit

_MOST: Final = 10_000


def find_similar(client: Client, index: str, lexicon: Lexicon, row: Row, limit: int, *, snippets: bool) -> Similar:
    """Return at most so many articles like the one of a row, which has all of it."""
    article = article_of(row.source)
    terms = lexicon.settled(lambda words: key_terms(article, words))
    own = Signed([Row(fields={"id": [article.id], "signed": row.fields.get("signed", [""])})])
    clauses = [saturated_term(term.term, 100 * term.weight) for term in terms]
    body: dict[str, Any] = {
        "size": min((limit + 1) * CANDIDATES, _MOST),
        "track_total_hits": False,
        "query": {
            "bool": {
                "should": clauses,
                "minimum_should_match": 1,
                "filter": [none_of({"ids": {"values": [key_of(article.id)]}})],
            }
        },
        "docvalue_fields": list(FIELDS),
        "stored_fields": "_none_",
        "_source": False,
    }
    rows = search(client, index, body).rows if clauses else []
    found = Signed(rows)
    factors = np.ones(len(rows))
    if own.vectors.any() and len(rows):
        factors = 1 - MEANING * (1 - np.clip(found.cosines(unit(own.vectors[0].astype(np.float32))), 0, 1))
    scores = np.array([one.score or 0.0 for one in rows]) * factors
    order = np.lexsort((np.array(found.ids), -scores)) if len(rows) else np.empty(0, dtype=np.intp)
    leads = leads_of(np.concatenate((own.signatures, found.signatures[order])))
    copies = [found.ids[one] for one in order[leads[1:] == 0].tolist()]
    kept = np.flatnonzero(leads == np.arange(len(leads)))[1 : limit + 1]
    counts = (np.bincount(leads)[kept] - 1).tolist()
    chosen = [(found.ids[at], float(factors[at])) for at in order[kept - 1].tolist()]
    sources = _read(client, index, [one for one, _factor in chosen] + copies, terms, clauses)
    finder = Finder({tuple(one.term.split(JOINER)): Mark(at, one.weight) for at, one in enumerate(terms)})
    hits: list[Hit] = []
    for (article_id, factor), copied in zip(chosen, counts, strict=True):
        one = sources.get(article_id)
        if one is None:  # deleted since
            continue
        points = {name: round(score * factor, 2) for name, score in parts_of(one.matched).items() if score}
        parts = dict(sorted(points.items(), key=lambda pair: -pair[1]))
        hit = article_of(one.source)
        facts = read_facts(one.source.get("facts"))
        snippet = make_snippet(hit, finder) if snippets else ""
        hits.append(Hit(len(hits) + 1, hit, sum(parts.values()), snippet, copied, parts, facts=facts))
    return Similar(
        article, terms, tuple(hits), tuple(article_of(sources[one].source) for one in copies if one in sources)
    )


def _read(client: Client, index: str, ids: list[str], terms: Any, clauses: list[dict[str, Any]]) -> dict[str, Row]:
    if not ids:
        return {}
    by_name = [named([clause], term.text) for term, clause in zip(terms, clauses, strict=True)]
    body = {
        "size": len(ids),
        "query": {"bool": {"filter": [{"ids": {"values": [key_of(one) for one in ids]}}], "should": by_name}},
        "_source": True,
    }
    return {str(row.source["id"]): row for row in search(client, index, body).rows}
