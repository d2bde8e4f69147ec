"""What the shell offers for the values of options as they are typed."""

from __future__ import annotations


def provinces(incomplete: str) -> list[str]:
    """Return the names of provinces that begin like this, with or without diacritics."""
    from searcher.analysis import fold
    from searcher.tagging import provinces

    typed = fold(incomplete.lower())
    return [name for name in provinces().names if fold(name.lower()).startswith(typed)]


def topics(incomplete: str) -> list[str]:
    """Return the slugs of topics that begin like this."""
    from searcher.tagging import topics

    return [slug for slug in topics().names if slug.startswith(incomplete)]


def offences(incomplete: str) -> list[str]:
    """Return the slugs of offences that begin like this."""
    return _facts("offence", incomplete)


def stages(incomplete: str) -> list[str]:
    """Return the stages of cases that begin like this."""
    return _facts("stage", incomplete)


def drugs(incomplete: str) -> list[str]:
    """Return the slugs of drugs that begin like this."""
    return _facts("drug", incomplete)


def _facts(field: str, incomplete: str) -> list[str]:
    from searcher.facts.naming import values_of

    return [value for value in values_of(field) if value.startswith(incomplete)]


def case_rows(incomplete: str) -> list[str]:
    """Return what cases are counted by that begins like this."""
    from searcher.query.cases import BYS

    return [name for name in BYS if name.startswith(incomplete)]


def sorts(incomplete: str) -> list[str]:
    """Return the sort orders that begin like this."""
    from searcher.query.request import SORTS

    return [name for name in SORTS if name.startswith(incomplete)]


def trend_rows(incomplete: str) -> list[str]:
    """Return what trends are counted by that begins like this."""
    from searcher.query.trends import BYS

    return [name for name in BYS if name.startswith(incomplete)]


def trend_periods(incomplete: str) -> list[str]:
    """Return the steps of trends that begin like this."""
    from searcher.query.trends import UNITS

    return [name for name in UNITS if name.startswith(incomplete)]
