"""What stands after a field that narrows (tỉnh:, chủđề:, nguồn:, ngày:): from its text to a filter."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final

from whoosh import query as wq

from searcher.analysis import fold, normalize
from searcher.article import VIETNAM
from searcher.language.moments import first_moment, last_moment
from searcher.language.periods import MAX_WORDS, Period, parse_period
from searcher.language.tree import published_between
from searcher.language.vocabulary import Vocabulary
from searcher.messages import _
from searcher.tagging import NEW_MAP, resolve_province, resolve_topic
from searcher.tagging import topics as topics_by_slug
from searcher.tagging.levels import level_terms, wanted_level

_FACTS: Final = ("offence", "stage", "drug", "kind")
_COMPARED: Final = ("sentence", "suspects", "victims")
NARROWING: Final = frozenset(
    ("province", "province_2025", "topic", "source", "date", "month", "year", "since", "until", *_FACTS, *_COMPARED)
)
"""Fields whose values narrow; the others of language.toml are text fields."""
_NAMES: Final = ("province", "province_2025", "topic", "source", *_FACTS)
_TAGS: Final = ("province", "topic")
"""Fields whose values may say how sure they have to be: 'chủđề:ma-tuy>0.8'."""
_NO_SCORE: Final = 0.0
_MAX_NAME_WORDS: Final = 6


def today_in_vietnam() -> date:
    """Return the day that it is in Vietnam."""
    return datetime.now(VIETNAM).date()


def filter_for(field: str, value: str, vocabulary: Vocabulary, today: date) -> wq.Query | None:
    """Return the filter for a value, or None where it is none that the field knows; it adds nothing to scores."""
    value = value.strip()
    if field in _TAGS and (wanted := wanted_level(value)) is not None:
        name, least = wanted
        known = (resolve_topic if field == "topic" else resolve_province)(name)
        return None if known is None else _any_term("level", level_terms(known, least))
    if field == "province":
        return _any_term("province", _provinces(value))
    if field == "province_2025":
        return _any_term("province_2025", _provinces(value, NEW_MAP))
    if field == "topic":
        slug = resolve_topic(value)
        return _any_term("topic", (slug,) if slug else ())
    if field == "source":
        return _any_term("source", _sources(value, vocabulary))
    if field in _FACTS or field in _COMPARED:
        return _fact(field, value)
    period = parse_period(value, today, month=field == "month")
    if period is None:
        return None
    if field == "since":
        period = Period(period.first, None)
    elif field == "until":
        period = Period(None, period.last)
    since, until = first_moment(period.first), last_moment(period.last)
    return None if since is not None and until is not None and since > until else published_between(since, until)


def _fact(field: str, value: str) -> wq.Query | None:
    from searcher.language.measures import compared, labelled, punished  # few queries name a fact

    if field == "sentence":
        return punished(value)
    return labelled(field, value) if field in _FACTS else compared(field, value)


def words_of_value(field: str, text: str, vocabulary: Vocabulary, today: date) -> int:
    """Return how many of the text's first words are the field's value: the most that make one, else 1."""
    words = text.split(maxsplit=MAX_WORDS)
    most = min(len(words), _MAX_NAME_WORDS if field in _NAMES else MAX_WORDS)
    for count in range(most, 1, -1):
        if filter_for(field, " ".join(words[:count]), vocabulary, today) is not None:
            return count
    return 1


def refusal(field: str, value: str) -> str:
    """Return the sentence that says that a value is none of the field's, and what was done instead."""
    sentences = {
        "province": (not_province := _("'{value}' is not a province; it was searched as plain words.")),
        "province_2025": not_province,
        "topic": _("'{value}' is not a topic (there are: {topics}); it was searched as plain words."),
        "source": _("No article has the source '{value}'; it was searched as plain words."),
    }
    if field in _FACTS:
        from searcher.language.measures import known

        sentence = _("'{value}' is none of what '{field}:' knows ({known}); it was searched as plain words.")
        return sentence.format(value=value, field=field, known=known(field))
    if field in _COMPARED:
        sentence = _("'{value}' is no comparison (example: án:>=20 năm, bịcan:>5); it was searched as plain words.")
        return sentence.format(value=value)
    date_sentence = _("'{value}' is not a date (example: 17/2/2020, 2019..2020); it was searched as plain words.")
    topics = ", ".join(topics_by_slug().names.values())
    return sentences.get(field, date_sentence).format(value=value, topics=topics)


def _any_term(field: str, values: Sequence[str]) -> wq.Query | None:
    if not values:
        return None
    terms = [wq.Term(field, value, boost=_NO_SCORE) for value in values]
    return terms[0] if len(terms) == 1 else wq.Or(terms)


def _provinces(value: str, of: int | None = None) -> Sequence[str]:
    """The provinces that a name stands for on the map of this year: one of the 63, or of the 34."""
    name = resolve_province(value, of)
    return (name,) if name else ()


def _sources(value: str, vocabulary: Vocabulary) -> list[str]:
    """The sources with this name, letters and digits compared without marks; else those that it begins."""
    wanted = _key(normalize(value))
    if not wanted:
        return []
    keyed = [(name, _key(name)) for name in vocabulary.sources()]
    exact = [name for name, key in keyed if key == wanted]
    return exact or [name for name, key in keyed if key.startswith(wanted)]


@lru_cache(maxsize=4096)
def _key(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(normalize(name)).lower())
