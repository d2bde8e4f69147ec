"""Addresses in a query: of a page or a site, and the words of an address as they stand in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, Protocol

from whoosh import query as wq
from whoosh.qparser import plugins, syntax
from whoosh.qparser.taggers import RegexTagger

from searcher.urls import host_of, without_tracking

MAX_ADDRESSES: Final = 4
"""Addresses of a query that are looked for; more are words."""
_FIELD: Final = "url"
_SCHEMES: Final = ("https://", "http://")
_MOBILE: Final = ("", "www.", "m.")
_MAX_CHARS: Final = 500
_ENDINGS: Final = "vn|com|net|org|info|gov|edu|biz|asia|io|tv|news|online|xyz|example"
_BEFORE: Final = r"(?<![^\s(-])"
_AFTER: Final = r"(?=[\s).,;]*(?:\s|\)|$))"
_PAGE: Final = rf"(?P<page>https?://[^\s()<>\"]{{1,{_MAX_CHARS}}}?)"
_SITE: Final = rf"(?P<site>(?:[a-z0-9][a-z0-9-]{{0,62}}\.){{1,5}}(?:{_ENDINGS})(?:/[^\s()<>\"]{{0,{_MAX_CHARS}}}?)?)"
_SLUG: Final = r"(?P<slug>[a-z0-9]{1,30}(?:-[a-z0-9]{1,30}){3,30}(?:\.html?)?)"


class Reader(Protocol):
    """What an address asks of who reads a query."""

    def address(self, addresses: wq.Query, words: str) -> wq.Query | None:
        """Return the tree of articles of such addresses, or with these words one after the other; "" for none."""


class AddressNode(syntax.TextNode):
    """An address, or a part of one."""

    def __init__(self, text: str, addresses: wq.Query, words: str) -> None:
        super().__init__(text)
        self._addresses, self._words = addresses, words

    def query(self, parser: Reader) -> wq.Query | None:
        """Return the tree of what has such an address, or the words."""
        return parser.address(self._addresses, self._words)


class Addresses(plugins.Plugin):
    """https://bao.example.vn/tin/1.html, bao.example.vn, and bat-giu-doi-tuong-mua-ban-ma-tuy."""

    class Tagger(RegexTagger):
        """Finds an address."""

        def create(self, parser: Any, match: re.Match[str]) -> syntax.SyntaxNode | None:
            """Return its node, or None where it can be none."""
            text = match[0]
            lower = text.lower()
            if match["slug"]:
                return AddressNode(text, wq.Wildcard(_FIELD, f"*{lower}*"), text)
            clauses = [wq.Prefix(_FIELD, beginning) for beginning in _beginnings(text)]
            return AddressNode(text, wq.Or(clauses), "" if match["page"] else text) if clauses else None

    def taggers(self, parser: Any) -> list[tuple[RegexTagger, int]]:
        """One tagger, before that of fields, which have a colon too."""
        return [(self.Tagger(f"{_BEFORE}(?i:{_PAGE}|{_SITE}|{_SLUG}){_AFTER}"), -20)]


def _beginnings(text: str) -> Iterator[str]:
    """Yield how addresses begin that a typed one stands for: with and without TLS, for mobiles too."""
    address = without_tracking(text if text.lower().startswith(_SCHEMES) else f"https://{text}")
    host = host_of(address)
    if host:
        rest = address.partition("://")[2].partition("/")[2]
        for scheme in _SCHEMES:
            for mobile in _MOBILE:
                yield f"{scheme}{mobile}{host}/{rest}" if rest else f"{scheme}{mobile}{host}"
