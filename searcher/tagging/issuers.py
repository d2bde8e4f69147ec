"""What an article's source says of its province: the office that issued a notice, or a province's own paper."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from searcher.article import Article
from searcher.tagging.gazetteer import place_trie
from searcher.tagging.kinds import PROVINCE
from searcher.tagging.provinces import resolve_province
from searcher.tagging.sections import ISSUER, Section
from searcher.tagging.symbols import lower_case, symbols

PRIOR: Final = 0.5
"""Log-odds that a province gains where its own paper or portal tells of it; it has to be named in the article."""
_NUMBER: Final = re.compile(r"\bsố:?\s*\d+\s*/[\w/.-]*[A-ZĐ]", re.IGNORECASE)
_MEDIA: Final = frozenset(("báo", "cổng", "trang", "đài", "tin", "chí", "online"))
_MOST_CHARS: Final = 300
_AROUND: Final = re.compile(r"^(?:bao|congan|ca|cong|tinh|vks|tand|ubnd|so|dai)+|(?:online|tv|news|portal|plus)+$")


def issuer(article: Article) -> Section | None:
    """Return the name of the office that issued a notice, to be read for places; None for other articles.

    A notice is known by its number ("Kế hoạch số 45/KH-UBND") or by an issuer in capitals, as letterheads have it.
    """
    source = article.source[:_MOST_CHARS]
    if not source or not (source.isupper() or _NUMBER.search(article.title)):
        return None
    taken = symbols(source)
    low = lower_case(taken)
    # A paper or portal that writes itself in capitals issues no notices.
    return None if _MEDIA.intersection(low) else Section(ISSUER, taken, low)


def own_provinces(article: Article) -> frozenset[str]:
    """Return the provinces whose paper or portal an article comes from, by the source's name and the address's host."""
    found: set[str] = set()
    if article.source:
        for match in place_trie().find(symbols(article.source[:_MOST_CHARS])):
            found.update(reading.province for reading in match.value.readings[:1] if reading.kind == PROVINCE)
    if article.url:
        found.update(_of_host(article.url))
    return frozenset(found)


def _of_host(url: str) -> set[str]:
    try:
        host = urlsplit(url[:_MOST_CHARS]).hostname or ""
    except ValueError:
        return set()
    labels = host.split(".")
    names = {label.replace("-", "") for label in labels} | {_AROUND.sub("", label.replace("-", "")) for label in labels}
    return {province for name in names if len(name) > 3 and (province := resolve_province(name)) is not None}
