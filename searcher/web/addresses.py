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

FACETS: Final[Mapping[str, str]] = {
    "topic": "topics",
    "province": "provinces",
    "year": "years",
    "offence": "offences",
    "stage": "stages",
    "drug": "drugs",
    "kind": "kinds",
}
"""The facets that narrow, each with the field of `Asked` that has its chosen values, in the order of a page."""
_NAMES: Final[Mapping[str, str]] = {**{field: name for name, field in FACETS.items()}, "size": "n"}


class Asked(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a page is asked for; its fields are the parameters of the address, with `_NAMES` where these differ.

    `since` and `until` are as they were typed.
    """

    q: str = ""
    provinces: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    offences: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    since: str = ""
    until: str = ""
    provinces_of: int | None = None
    sort: Order = ""
    page: int = 1
    size: int = 10
    copies: Literal["", "all"] = ""
    recent: Literal["", "no"] = ""
    literal: Literal["", "yes"] = ""
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
            "offences": self.offences,
            "stages": self.stages,
            "drugs": self.drugs,
            "kinds": self.kinds,
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
        return bool(self.since or self.until or any(map(self.chosen, FACETS)))

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
        return Toggles(self, facet).address(value)

    def only(self, facet: str, value: str) -> str:
        """Return the address with this value of a facet chosen and no other."""
        return self._with({FACETS[facet]: (value,)})

    def without(self, *facets: str) -> str:
        """Return the address with nothing chosen of these facets; without any named, with nothing chosen at all."""
        days = {} if facets else {"since": "", "until": ""}
        return self._with({FACETS[facet]: () for facet in facets or FACETS} | days)

    def _with(self, changes: dict[str, Any]) -> str:
        return self.address(**changes)


class Toggles:
    """The addresses of a state with a value of a facet chosen, or no longer chosen: for as many values as there are."""

    def __init__(self, asked: Asked, facet: str) -> None:
        self._asked, self._field = asked, FACETS[facet]
        self._chosen = {str(one): one for one in asked.chosen(facet)}
        pairs = [(name, f"{name}={_quoted(value)}") for name, value in asked.pairs(page=1)]
        place = _PLACES[facet]
        before = [pair for name, pair in pairs if _PLACES[name] <= place]
        after = [pair for name, pair in pairs if _PLACES[name] > place]
        self._before = "?" + "".join(f"{pair}&" for pair in before) + f"{facet}="
        self._after = "".join(f"&{pair}" for pair in after)
        self._html = self._before.replace("&", "&amp;"), self._after.replace("&", "&amp;")

    def address(self, value: str) -> str:
        """Return the address with this value chosen, without it where it is."""
        if value in self._chosen:
            others = tuple(one for name, one in self._chosen.items() if name != value)
            changes: dict[str, Any] = {self._field: others}
            return self._asked.address(**changes)
        return f"{self._before}{_quoted(value)}{self._after}"

    def html(self, value: str) -> str:
        """Return the address as an attribute of HTML has it: of what is quoted only & needs escaping."""
        if value in self._chosen:
            return self.address(value).replace("&", "&amp;")
        before, after = self._html
        return f"{before}{_quoted(value)}{after}"


_PARAMETERS: Final = tuple(
    (one.name, _NAMES.get(one.name, one.name), one.default) for one in msgspec.structs.fields(Asked)
)
"""Each field with its parameter's name and what goes without saying."""
_PLACES: Final = {name: place for place, (_field, name, _usual) in enumerate(_PARAMETERS)}
_quoted = lru_cache(4096)(quote_plus)


def article_address(article_id: str, asked: Asked | None = None, ending: str = "", **parameters: str) -> str:
    """Return the address of an article, whose words are marked as a query finds them."""
    pairs = ({"q": asked.q} if asked is not None and asked.q else {}) | parameters
    query = "&".join([f"{name}={_quoted(value)}" for name, value in pairs.items()])
    return f"/article/{quote(article_id, safe='')}{ending}{'?' if query else ''}{query}"
