"""What a query names: places, topics, years. It ranks what fits higher and offers to narrow by it; it hides nothing.

'công an Vinh bắt ma túy 2019' names a town, and so its province, a topic and a year. A word that is a name here and a
common word elsewhere ('Hòa Bình') keeps both readings: articles with the word are found whatever it means in them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import msgspec

from searcher.tagging import PlaceSpan, TopicSpan, find_places, find_topics_named

if TYPE_CHECKING:
    from searcher.language.tree import ParsedQuery

_LEAST_CERTAIN: Final = 0.4
_MAX_CHARS: Final = 1000
_YEAR: Final = re.compile(r"(?<![\w./-])(19[5-9]\d|20\d\d)(?![\w/-])")


class Understanding(msgspec.Struct, frozen=True):
    """What a query names, in reading order; `provinces` are the ones of the 63 that its places can mean."""

    places: tuple[PlaceSpan, ...] = ()
    topic_words: tuple[TopicSpan, ...] = ()
    years: tuple[int, ...] = ()

    @property
    def provinces(self) -> tuple[str, ...]:
        """The provinces that the places are in, each once."""
        return tuple(dict.fromkeys(province for place in self.places for province in place.provinces))

    @property
    def topics(self) -> tuple[str, ...]:
        """The slugs of the topics that its words are of, each once."""
        return tuple(dict.fromkeys(word.topic for word in self.topic_words))


def plain_words(parsed: ParsedQuery) -> str:
    """Return the words that a query searches for, a comma between those that do not adjoin.

    What narrows ('tỉnh:"Sơn La"') and what is taken away ('-karaoke') is not in it.
    """
    pieces: list[str] = []
    last = -1
    for term in parsed.terms:
        if term.length == 1:
            pieces.append(term.term if term.position == last + 1 else f", {term.term}")
            last = term.position
    return " ".join(pieces)[:_MAX_CHARS]


def understand(text: str) -> Understanding:
    """Return what a query names.

    >>> named = understand("công an Vinh bắt ma túy 2019")
    >>> named.provinces, named.topics, named.years
    (('Nghệ An',), ('ma-tuy',), (2019,))
    """
    places = tuple(place for place in find_places(text) if place.certainty >= _LEAST_CERTAIN)
    years = tuple(dict.fromkeys(int(year) for year in _YEAR.findall(text)))
    return Understanding(places, tuple(find_topics_named(text)), years)
