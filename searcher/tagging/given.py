"""Tags that articles come with, as known provinces and topics: 'TP Vinh' is Nghệ An, 'Buôn người' mua-ban-nguoi."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from searcher.article import Article
from searcher.tagging.naming import PlaceSpan, find_places, find_topics_named
from searcher.tagging.provinces import NEW_MAP, merged, resolve_province
from searcher.tagging.topics import resolve_topic

MAX_CHARS: Final = 200
"""A longer value is a text and no name."""
_APART: Final = re.compile(r"[/;|&+\n]|\s(?:và|-|–|—)\s", re.IGNORECASE)


class Given(NamedTuple):
    """What given names stand for, each once, in their order, and the names that stand for nothing known."""

    values: tuple[str, ...]
    unknown: tuple[str, ...]


def given_provinces(names: Sequence[str], year: int | None = None) -> Given:
    """Return the provinces that are meant, of the 63 or with a `year` from 2025 on of the 34.

    A name may be one, a district, town or border gate in one, or several of these: 'Sơn La/Điện Biên'.

    >>> given_provinces(["Mộc Châu", "Hà Tây", "Sơn La/Điện Biên", "toàn quốc"])
    Given(values=('Sơn La', 'Hà Nội', 'Điện Biên'), unknown=('toàn quốc',))
    """
    return _known([(name, _provinces(name, year)) for name in names])


def given_topics(names: Sequence[str]) -> Given:
    """Return the slugs of the topics that are meant; a name may hold several: 'Ma túy, mại dâm'.

    >>> given_topics(["HIV", "Buôn người", "drugs", "Bóng đá"])
    Given(values=('hiv-aids', 'mua-ban-nguoi', 'ma-tuy'), unknown=('Bóng đá',))
    """
    return _known([(name, _topics(name)) for name in names])


def given_provinces_2025(names: Sequence[str]) -> Given:
    """Return the ones of the 34 that are meant."""
    return given_provinces(names, NEW_MAP)


def kept(known: Callable[[Sequence[str]], Given], names: Sequence[str] | None) -> tuple[str, ...] | None:
    """Return what given names stand for; None where nothing was given or nothing of it is known: it is inferred then.

    No names at all say that there are none.
    """
    if names is None:
        return None
    values = known(names).values
    return values if values or not any(map(str.strip, names)) else None


def unknown_tags(article: Article) -> tuple[str, ...]:
    """Return the tags that an article came with and that stand for nothing known, each once."""
    if article.provinces is None and article.topics is None and article.provinces_2025 is None:
        return ()
    return (
        *given_provinces(article.provinces or ()).unknown,
        *given_provinces_2025(article.provinces_2025 or ()).unknown,
        *given_topics(article.topics or ()).unknown,
    )


def _known(found: Sequence[tuple[str, tuple[str, ...]]]) -> Given:
    values = dict.fromkeys(value for _name, known in found for value in known)
    return Given(tuple(values), tuple(dict.fromkeys(name for name, known in found if not known and name.strip())))


@lru_cache(maxsize=4096)
def _provinces(name: str, year: int | None) -> tuple[str, ...]:
    if len(name) > MAX_CHARS:
        return ()
    whole = resolve_province(name, year)
    if whole is not None:
        return (whole,)
    parts = [part for part in map(str.strip, _APART.split(name)) if part]
    if len(parts) > 1:
        return tuple(dict.fromkeys(province for part in parts for province in _provinces(part, year)))
    found = [province for part in name.split(",") if (province := resolve_province(part, year))]
    if not found:  # else what stands beside it lies in it: "Bến Lức, Long An"
        spans = find_places(name)
        found = [province for span in spans if (province := _sole(span, spans))]
        found = found if year is None or year < NEW_MAP else list(merged(found))
    return tuple(dict.fromkeys(found))


def _sole(span: PlaceSpan, spans: Sequence[PlaceSpan]) -> str:
    """Return the province that a place lies in, by the others named with it where it may be several; "" for none."""
    if len(span.provinces) == 1:
        return span.provinces[0]
    beside = {other.provinces[0] for other in spans if len(other.provinces) == 1}
    fitting = [province for province in span.provinces if province in beside]
    return fitting[0] if len(fitting) == 1 else ""


@lru_cache(maxsize=4096)
def _topics(name: str) -> tuple[str, ...]:
    if len(name) > MAX_CHARS:
        return ()
    whole = resolve_topic(name)
    if whole is not None:
        return (whole,)
    parts = (resolve_topic(part) for piece in _APART.split(name) for part in piece.split(","))
    text = name.replace("-", " ").strip()
    spans = find_topics_named(text)
    named = (span.topic for span in spans if span.weight == 1.0 or span.end - span.start == len(text))
    return tuple(dict.fromkeys(slug for slug in (*parts, *named) if slug is not None))
