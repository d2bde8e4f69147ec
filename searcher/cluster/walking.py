"""Going through many articles of a cluster in order: a point in time, and one page after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

import msgspec

from searcher.cluster.client import Client, decoded
from searcher.errors import SearcherError

PAGE: Final = 2_000
PREFERENCE: Final = "searcher"
_KEEP: Final = "5m"


class Row(msgspec.Struct):
    """A hit without its article: its score where there is one, what it was sorted by, and the fields asked for."""

    score: float | None = msgspec.field(name="_score", default=None)
    sort: list[Any] = []
    fields: dict[str, list[Any]] = {}
    source: dict[str, Any] = msgspec.field(name="_source", default={})
    matched: Any = msgspec.field(name="matched_queries", default=None)

    def matches(self, name: str) -> bool:
        """Return whether it matches the clause of a name."""
        return name in (self.matched or ())

    def first(self, field: str) -> Any:
        """Return the first value of a field; None where it has none."""
        return self.fields.get(field, (None,))[0]


class _Total(msgspec.Struct):
    value: int = 0


class _Hits(msgspec.Struct):
    hits: list[Row] = []
    total: _Total = msgspec.field(default_factory=_Total)


class _Shards(msgspec.Struct):
    total: int = 1


class Answer(msgspec.Struct):
    """What a search gives."""

    shards: _Shards = msgspec.field(name="_shards", default_factory=_Shards)

    hits: _Hits = msgspec.field(default_factory=_Hits)
    aggregations: dict[str, Any] = {}

    @property
    def rows(self) -> list[Row]:
        """The hits."""
        return self.hits.hits

    @property
    def total(self) -> int:
        """How many articles were found."""
        return self.hits.total.value


class _Point(msgspec.Struct):
    pit_id: str


@contextmanager
def point_in_time(client: Client, index: str) -> Iterator[str]:
    """Give the id of a state of an index that stays as it is, however the index goes on."""
    raw = client.ask("POST", f"/{index}/_search/point_in_time?keep_alive={_KEEP}", None)
    point = decoded(raw, _Point).pit_id
    try:
        yield point
    finally:
        with suppress(SearcherError):
            client.delete("/_search/point_in_time", {"pit_id": [point]})


def search_in(client: Client, point: str, body: dict[str, Any]) -> Answer:
    """Return the answer to a search in a point in time."""
    return search(client, None, body | {"pit": {"id": point, "keep_alive": _KEEP}})


def search(client: Client, index: str | None, body: dict[str, Any]) -> Answer:
    """Return the answer to a search; the same copies of shards answer all, so that orders stay the same."""
    where = "" if index is None else f"/{index}"
    path = f"{where}/_search?include_named_queries_score=true&allow_partial_search_results=false"
    if index is not None:
        path += f"&preference={PREFERENCE}"
    raw = client.ask("POST", path, msgspec.json.encode(body))
    return decoded(raw, Answer)


def walk(
    client: Client,
    point: str,
    query: dict[str, Any],
    fields: Sequence[str],
    sort: Sequence[dict[str, Any]] = ({"id": "asc"},),
    *,
    source: Sequence[str] | bool = False,
    page: int = PAGE,
) -> Iterator[Row]:
    """Yield all articles that a query finds, in an order whose last part has to be the id."""
    body: dict[str, Any] = {
        "size": page,
        "query": query,
        "sort": list(sort),
        "docvalue_fields": list(fields),
        "track_total_hits": False,
        "_source": source,
    }
    if not source:
        body["stored_fields"] = "_none_"
    while True:
        rows = search_in(client, point, body).rows
        yield from rows
        if len(rows) < page:
            return
        body["search_after"] = rows[-1].sort
