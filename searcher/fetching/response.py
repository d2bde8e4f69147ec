"""What a server answered, whole."""

from __future__ import annotations

import email.utils
import time
from collections.abc import Sequence
from datetime import UTC
from typing import NamedTuple
from urllib.parse import urljoin


class Response(NamedTuple):
    """An answer: `url` is where it came from after all redirects, `body` is without any compression."""

    url: str
    status: int
    phrase: str
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str:
        """Return the first header of this name, which is in lower case; '' where there is none."""
        return next((value for given, value in self.headers if given.lower() == name), "")

    @property
    def location(self) -> str:
        """Where a redirect leads to, not yet joined; servers write other letters than ASCII as UTF-8, as they are."""
        value = self.header("location")
        try:
            return value.encode("latin-1").decode("utf-8")
        except UnicodeError:
            return value

    def link(self, url: str) -> str:
        """Return the URL that a link of this document leads to; '' where it is no URL."""
        try:
            return urljoin(self.url, url.strip()).partition("#")[0]
        except ValueError:
            return ""


def retry_after_s(value: str) -> float | None:
    """Return the seconds that a Retry-After header asks for, which may be a number or a date (RFC 9110, 10.2.3).

    >>> retry_after_s("120"), retry_after_s("soon"), retry_after_s("Thu, 01 Jan 1970 00:00:10 GMT")
    (120.0, None, 0.0)
    """
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = email.utils.parsedate_to_datetime(text)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return max(0.0, moment.timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
