"""robots.txt (RFC 9309): what a host's owner asks of programs that fetch its pages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from protego import Protego

PRODUCT: Final = "searcher"
"""The name under which robots.txt files may address this program."""

_USER_AGENT: Final = re.compile(
    r"^[ \t]*user[- ]?agent(?:[ \t]*:|[ \t])[ \t]*([^#\r\n]*)", re.IGNORECASE | re.MULTILINE
)
# RFC 9309, 2.2.1: a product token, of which what follows ('/1.0', ' (compatible)') is no part; or everyone.
_TOKEN: Final = re.compile(r"[A-Za-z_-]+|\*(?=\s|$)")
_MAX_SITEMAPS: Final = 100


def _without_others(text: str) -> str:
    """Give each group the name under which the parser finds it: ours, everyone's, or one for all other programs.

    The parser takes parts of names for ours. And a group of 20,000 names with as many rules would otherwise be 400
    million rules to it.
    """

    def renamed(line: re.Match[str]) -> str:
        token = _TOKEN.match(line[1].strip())
        name = token[0].lower() if token else ""
        return f"User-agent: {name if name in (PRODUCT, '*') else 'other'}"

    return _USER_AGENT.sub(renamed, text)


class Rules:
    """The rules of one robots.txt; those of an empty one allow everything."""

    def __init__(self, text: str = "") -> None:
        self._parsed = Protego.parse(_without_others(text))

    def allows(self, url: str) -> bool:
        """Whether the URL may be fetched."""
        return self._parsed.can_fetch(url, PRODUCT)

    @property
    def delay_s(self) -> float:
        """The seconds that are to lie between two requests: Crawl-delay, or what Request-rate comes to."""
        rate = self._parsed.request_rate(PRODUCT)
        return max(self._parsed.crawl_delay(PRODUCT) or 0.0, rate.seconds / rate.requests if rate else 0.0)

    @property
    def sitemaps(self) -> Sequence[str]:
        """The sitemaps that it names, the first hundred."""
        return [url for url, _number in zip(self._parsed.sitemaps, range(_MAX_SITEMAPS), strict=False)]
