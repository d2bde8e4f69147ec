"""An address holds the whole state of a page: what it says, and the addresses of states next to it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final, Literal
from urllib.parse import quote, quote_plus

import msgspec

from searcher.query.request import Filters, read_day
from searcher.query.trends import By, Unit

Density = Literal["roomy", "compact"]
Shade = Literal["count", "share"]
Order = Literal["", "relevance", "newest", "oldest"]

FACETS: Final[Mapping[str, str]] = {"province": "provinces", "topic": "topics", "year": "years"}
"""The facets that narrow, each with the field of `Asked` that has its chosen values."""
_NAMES: Final[Mapping[str, str]] = {"provinces": "province", "topics": "topic", "years": "year", "size": "n"}


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a page is asked for; its fields are the parameters of the address, with `_NAMES` where these differ.

    `since` and `until` are as they were typed.
    """

    q: str = ""
    provinces: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    since: str = ""
    until: str = ""
    provinces_of: int | None = None
    sort: Order = ""
    page: int = 1
    size: int = 10
    copies: Literal["", "all"] = ""
    recent: Literal["", "no"] = ""
    density: Density = "roomy"
    shade: Shade = "count"
    by: By = "year"
    per: Unit | None = None

    @property
    def filters(self) -> Filters:
        """What narrows; raises BadFilter for a day that is none."""
        return {
            "provinces": self.provinces,
            "provinces_of": self.provinces_of,
            "topics": self.topics,
            "years": self.years,
            "since": read_day(self.since) if self.since else None,
            "until": read_day(self.until, last=True) if self.until else None,
        }

    @property
    def order(self) -> str:
        """How hits are sorted: without words nothing is more relevant than anything else, so by date."""
        return self.sort or ("relevance" if self.q.strip() else "newest")

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words narrows."""
        return bool(self.provinces or self.topics or self.years or self.since or self.until)

    def chosen(self, facet: str) -> tuple[Any, ...]:
        """Return the values of a facet that narrow, as they were typed."""
        field = FACETS.get(facet)
        return getattr(self, field) if field else ()

    def pairs(self, **changes: Any) -> Iterator[tuple[str, str]]:
        """Yield the parameters of the address of this state with changes, without those that go without saying."""
        for field, name, usual in _PARAMETERS:
            value = changes[field] if field in changes else getattr(self, field)
            if value == usual:
                continue
            if isinstance(value, tuple):
                yield from ((name, str(one)) for one in value)
            else:
                yield name, str(value)

    def address(self, path: str = "", **changes: Any) -> str:
        """Return the address of this state with changes; without a `path`, one on the same page.

        What is changed but the page leads to the first page.
        """
        changes.setdefault("page", 1)
        query = "&".join([f"{name}={_quoted(value)}" for name, value in self.pairs(**changes)])
        return f"{path}?{query}" if query else path or "?"

    def toggled(self, facet: str, value: str) -> str:
        """Return the address with a value of a facet chosen, or no longer chosen where it is."""
        field = FACETS[facet]
        given: Any = int(value) if facet == "year" else value
        values = self.chosen(facet)
        others = tuple(one for one in values if one != given)
        changes: dict[str, Any] = {field: (*values, given) if len(others) == len(values) else others}
        return self.address(**changes)

    def without(self, facet: str) -> str:
        """Return the address with nothing of a facet chosen."""
        changes: dict[str, Any] = {FACETS[facet]: ()}
        return self.address(**changes)


_PARAMETERS: Final = tuple(
    (one.name, _NAMES.get(one.name, one.name), one.default) for one in msgspec.structs.fields(Asked)
)
"""Each field with its parameter's name and what goes without saying."""
_quoted = lru_cache(4096)(quote_plus)


def article_address(article_id: str, asked: Asked | None = None, ending: str = "", **parameters: str) -> str:
    """Return the address of an article, whose words are marked as a query finds them."""
    pairs = ({"q": asked.q} if asked is not None and asked.q else {}) | parameters
    query = "&".join([f"{name}={_quoted(value)}" for name, value in pairs.items()])
    return f"/article/{quote(article_id, safe='')}{ending}{'?' if query else ''}{query}"
