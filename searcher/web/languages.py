"""In which language a page is: what its reader chose, else what the browser asks for, else the server's own."""

from __future__ import annotations

import re
from typing import Final

from searcher.messages import LANGUAGES, language

COOKIE: Final = "searcher_language"
_MAX_CHARS: Final = 200
_RANGE: Final = re.compile(r"\s*([a-z]{1,8})(?:-[a-z0-9-]*)?\s*(?:;\s*q=([01](?:\.\d{0,3})?))?\s*", re.IGNORECASE)


def chosen_language(cookie: str | None, accept: str) -> str:
    """Return one of `LANGUAGES`, by the cookie and the header Accept-Language (RFC 9110, 12.5.4).

    >>> chosen_language(None, "fr, vi;q=0.8, en;q=0.9"), chosen_language("vi", "en")
    ('en', 'vi')
    """
    if cookie in LANGUAGES:
        return str(cookie)
    ranked = []
    for place, part in enumerate(accept[:_MAX_CHARS].split(",")):
        found = _RANGE.fullmatch(part)
        if found and (name := found[1].lower()) in LANGUAGES and (weight := float(found[2] or 1)) > 0:
            ranked.append((-weight, place, name))
    return min(ranked)[2] if ranked else language()
