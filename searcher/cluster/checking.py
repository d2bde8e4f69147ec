"""Whether an index in a cluster is sound: its health, how it is laid out, what it holds, and what was left undone."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from searcher.analysis import TermAnalyzer
from searcher.cluster import place
from searcher.cluster.address import read_address
from searcher.cluster.client import Client
from searcher.cluster.counting import counts_of
from searcher.cluster.mapping import TEXTS, articles_index
from searcher.cluster.sink import is_dead, marks
from searcher.cluster.walking import point_in_time, search, walk
from searcher.messages import _, number
from searcher.schema import TEXT_FIELDS
from searcher.semantics.termvectors import term_vectors

_SAMPLED: Final = 200
_MOST_DRIFT: Final = 0.05


class ClusterReport(msgspec.Struct):
    """What a check found.

    - `health` is green, yellow (a copy of some shard is missing) or red (articles are missing); `nodes` answer.
    - `drift` is by how much term counts are off, of `terms_sampled` terms: the mean difference as a share.
    - `problems` are sentences about what is wrong; `remarks` about what is not as it might be, and harms nothing.
    """

    address: str
    version: str
    health: str
    nodes: int
    shards: int
    articles: int
    deleted: int
    terms: int
    bytes: int
    drift: float
    terms_sampled: int
    problems: list[str] = []
    remarks: list[str] = []

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def check_cluster(location: str) -> ClusterReport:
    """Return what is to be said of an index in a cluster; raises IndexNotFound, and IndexUnusable as opening does."""
    client = Client(read_address(location))
    try:
        return _checked(client)
    finally:
        client.close()


def _checked(client: Client) -> ClusterReport:
    generation = place.find(client)
    names = f"{generation.articles},{generation.terms}"
    health = client.get(f"/_cluster/health/{names}?level=indices")
    stats = client.get(f"/{names}/_stats/docs,store?level=indices")
    articles = stats["indices"][generation.articles]["primaries"]["docs"]
    sampled, drift = _drift(client, generation)
    report = ClusterReport(
        address=str(client.address),
        version=str(client.get("/")["version"]["number"]),
        health=str(health["status"]),
        nodes=int(health["number_of_nodes"]),
        shards=int(health["indices"][generation.articles]["number_of_shards"]),
        articles=int(articles["count"]),
        deleted=int(articles["deleted"]),
        terms=search(client, generation.terms, {"size": 0, "track_total_hits": True, "query": _TERMS}).total,
        bytes=int(stats["_all"]["primaries"]["store"]["size_in_bytes"]),
        drift=round(drift, 4),
        terms_sampled=sampled,
    )
    _note(client, generation, report)
    return report


_TERMS: Final = {"exists": {"field": "f"}}


def _note(client: Client, generation: place.Generation, report: ClusterReport) -> None:
    problems, remarks = report.problems, report.remarks
    if report.health == "red":
        problems.append(_("Some shards are missing, and their articles with them."))
    elif report.health == "yellow":
        remarks.append(_("Some shards have no second copy: a node that fails would take their articles with it."))
    mapping = client.get(f"/{generation.articles}/_mapping")[generation.articles]["mappings"]
    there, wanted = mapping["properties"], articles_index()["mappings"]["properties"]
    wrong = sorted(name for name, how in wanted.items() if there.get(name, {}).get("type", "object") != how["type"])
    if wrong:
        text = _("Fields are not laid out as this version has them: {names}. Make the index anew: --rebuild")
        problems.append(text.format(names=", ".join(wrong)))
    if generation.vectors != term_vectors().name:
        remarks.append(_("The articles' vectors were made by other term vectors; it is searched by words only."))
    if report.articles and not report.terms:
        problems.append(_("No terms are counted, so that hardly anything is found. Run indexing again."))
    elif report.drift > _MOST_DRIFT:
        text = _("Term counts are off by {share} %. The next run of indexing that changes something counts anew.")
        remarks.append(text.format(share=number(100 * report.drift, 1)))
    for run in marks(client, generation.terms).values():
        if run.counted:
            continue
        if is_dead(run):
            text = _("A run of indexing on {host} did not end. What it sent is there; run it again.")
            problems.append(text.format(host=run.host))
        else:
            remarks.append(_("A run of indexing is under way on {host}.").format(host=run.host))
    left = place.without_alias(client)
    if left:
        text = _("A rebuild left {names}, or is under way; remove them when none is.")
        remarks.append(text.format(names=", ".join(left)))
    blocks = client.get(f"/{generation.articles}/_settings?flat_settings=true")[generation.articles]["settings"]
    if any(str(blocks.get(f"index.blocks.{kind}")) == "true" for kind in _BLOCKS):
        problems.append(_("The index takes no articles: it is locked, as by a disk that is nearly full."))


_BLOCKS: Final = ("read_only", "read_only_allow_delete", "write")


def _drift(client: Client, generation: place.Generation) -> tuple[int, float]:
    """Return of how many terms, and by what share in the mean, the counts kept differ from those of the index."""
    query = {"function_score": {"query": {"match_all": {}}, "random_score": {"seed": 1, "field": "_seq_no"}}}
    body: dict[str, Any] = {"size": _SAMPLED, "query": query, "_source": list(TEXT_FIELDS)}
    analyzer = TermAnalyzer()
    rows = search(client, generation.articles, body).rows[:20]
    analyzer.analyze_many([str(row.source.get(name) or "") for row in rows for name in TEXT_FIELDS])
    terms = analyzer.terms[:: max(1, len(analyzer.terms) // _SAMPLED)]
    if not terms:
        return 0, 0.0
    kept = {}
    with point_in_time(client, generation.terms) as point:
        for row in walk(client, point, {"terms": {"t": terms}}, ["t", "n"], ({"t": "asc"},)):
            kept[row.first("t")] = int(row.first("n"))
    counted = counts_of(client, generation, terms)
    off = [
        abs(kept.get(term, 0) - max(counted[term][name][0] for name in TEXTS))
        / max(1, *(counted[term][name][0] for name in TEXTS))
        for term in terms
    ]
    return len(terms), sum(off) / len(off)
