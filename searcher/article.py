"""Article: the one record that flows from a source through tagging and analysis into the index and back."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Final

import msgspec

from searcher.urls import canonical_url

VIETNAM: Final = timezone(timedelta(hours=7))
"""The zone of every `Article.published`; a date without a zone is read as being in it.

Vietnam has kept it since 13/6/1975 (Asia/Ho_Chi_Minh in the tz database).
"""


class Article(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One news article or official notice, as the sources deliver it and as the index gives it back.

    - `id` is never empty once the article went through `identified`.
    - `published` is aware and in `VIETNAM`, or None when the date is not known: no date is better than a wrong one.
    - `provinces` are names of the 63 provinces, most important first; None means "not tagged yet", an empty tuple
      means "tagged, and it concerns none". `provinces_2025` likewise, as the 34 in force since 2025-07-01; `topics`
      likewise, as slugs such as `mai-dam`.
    - `captions` are the lines that stood under its pictures; an index has them at the end of the body, where they count
      as little as that.
    """

    id: str = ""
    title: str = ""
    lead: str = ""
    body: str = ""
    published: datetime | None = None
    url: str = ""
    source: str = ""
    author: str = ""
    provinces: tuple[str, ...] | None = None
    provinces_2025: tuple[str, ...] | None = None
    topics: tuple[str, ...] | None = None
    captions: tuple[str, ...] = ()


def identified(article: Article) -> Article:
    """Return the article with an id: its own, else one made from its URL, else one made from its content.

    The id is the first 16 hex digits of a SHA-256, so the same page (by its canonical URL or, without a URL, by the
    same title, lead and body) always gives the same id, on every machine.
    """
    if article.id:
        return article
    import hashlib  # not for who reads articles from an index

    key = canonical_url(article.url) or article.url or "\x1f".join((article.title, article.lead, article.body))
    return msgspec.structs.replace(article, id=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16])


def fingerprint(article: Article) -> str:
    """Return 32 hex digits that change whenever anything in the article changes: how indexing knows it can skip it."""
    import hashlib

    return hashlib.sha256(msgspec.msgpack.encode(article)).hexdigest()[:32]
