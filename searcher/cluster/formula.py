"""The formula as a query: what `searcher.ranking.formula` works out by arrays, of the same plan (`ranking/parts.py`).

A field of terms scores tf / norm for a term, and for a phrase once a term of it (`mapping.py`). Over that
- `_score / (_score + K1)` of the sum over fields is a saturated frequency,
- the best of several is the greatest of them (dis_max), a mean a sum with rarities as boosts,
- the lesser of two things side by side is a function score of the one, whose functions are what the other may be.

What articles are about (`meaning`, `feedback`) is worked out here, over the vectors of the best articles.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, Final

from searcher.cluster.lexicon import phrase
from searcher.cluster.trees import MOST_CLAUSES, Clause, any_of, leaves
from searcher.language.understanding import Understanding
from searcher.ranking.formula import HALF_LIFE, Weights
from searcher.ranking.parts import (
    FIRST_TEXT,
    FIRST_TITLE,
    K1,
    SHARE,
    SHARE_OR_FRAGMENTS,
    TEXT_PARTS,
    TITLE,
    Part,
    Plan,
    Sought,
    Wanted,
)
from searcher.ranking.rarity import FIELDS

WINDOW: Final = 1000.0
"""What an article has over others whose score is that of the whole formula: no article gets more points than 100."""
_DAY_US: Final = 86_400_000_000
_SATURATED: Final = {"source": "_score / (_score + params.k)", "params": {"k": K1}}
_NOTHING: Final = 1e-9
_STEP: Final = 1 / 32
_JOINER: Final = "_"


class Formula:
    """The formula for one query to an index.

    - `has_term` says whether a text field has a term; `newest` is when the newest article is from.
    - Where the query would be larger than a server allows, what may be read in several ways loses the lightest ones.
    """

    def __init__(
        self,
        plan: Plan,
        named: Understanding,
        weights: Weights,
        has_term: Callable[[str, str], bool],
        newest: str | None,
    ) -> None:
        self._named, self._weights, self._has_term, self._newest = named, weights, has_term, newest
        self._plan = plan
        least = _STEP
        while least < 1 and leaves([self.whole()]) > MOST_CLAUSES:
            self._plan = _lighter(plan, least)
            least *= 2

    def first_pass(self) -> list[Clause]:
        """Return clauses whose scores add up to the points of the first pass."""
        clauses = self._points(FIRST_TEXT, 100 * self._weights.text) + self._points(FIRST_TITLE, 100 * TITLE)
        return clauses + self._recent()

    def whole(self) -> Clause:
        """Return the query that scores the whole formula, and `WINDOW` more; it finds every article."""
        parts = [one for clauses in self.parts().values() for one in clauses]
        return {"bool": {"should": [{"match_all": {"boost": WINDOW}}, *parts]}}

    def parts(self) -> dict[str, list[Clause]]:
        """Return for each part of the formula the clauses whose scores add up to its points."""
        found = {part.name: self._points(part, 100 * getattr(self._weights, part.name)) for part in TEXT_PARTS}
        found["topic"] = _tagged("topic", self._named.topics, 100 * self._weights.topic)
        found["place"] = _tagged("province", self._named.provinces, 100 * self._weights.place)
        found["recent"] = self._recent()
        return found

    def share(self, worth: float = 1.0, part: Part = SHARE) -> list[Clause]:
        """Return clauses whose scores add up to how much of the query an article has, times `worth`."""
        wanted = self._plan.grains()[part.grain]
        whole = sum(one.rarity for one in wanted)
        return [
            {"constant_score": {"filter": self._any(one, part), "boost": worth * one.rarity / whole}} for one in wanted
        ]

    def having(self, share: float) -> Clause:
        """Return the query for the articles that have at least so much of what is asked for."""
        return {
            "function_score": {
                "query": {"bool": {"should": self.share(part=SHARE_OR_FRAGMENTS)}},
                "min_score": share - 1e-5,
            }
        }

    @property
    def is_empty(self) -> bool:
        """Whether the index has nothing of what is asked for."""
        return not self._plan.words_or_others

    def _points(self, part: Part, points: float) -> list[Clause]:
        wanted = self._plan.grains()[part.grain]
        if not wanted or points < _NOTHING:
            return []
        if part.beside and len(wanted) > 1:
            return self._beside(part, wanted, points)
        whole = sum(one.rarity for one in wanted)
        return [self._best(part, one, points * one.rarity / whole) for one in wanted]

    def _beside(self, part: Part, wanted: Sequence[Wanted], points: float) -> list[Clause]:
        pairs = list(pairwise(wanted))
        whole = sum(one.rarity + other.rarity for one, other in pairs)
        found = []
        for one, other in pairs:
            worth = points * (one.rarity + other.rarity) / whole
            functions = [
                {"filter": self._has(sought, part), "weight": worth * weight}
                for sought, weight in other.forms
                if weight
            ]
            both = {"must": [self._best(part, one, worth)], "filter": [self._any(other, part)]}
            found.append(
                {
                    "function_score": {
                        "query": {"bool": both},
                        "functions": functions,
                        "score_mode": "max",
                        "boost_mode": "min",
                    }
                }
            )
        return found

    def _best(self, part: Part, wanted: Wanted, points: float) -> Clause:
        measured = [self._measured(part, sought, points * weight) for sought, weight in wanted.forms]
        return measured[0] if len(measured) == 1 else {"dis_max": {"queries": measured}}

    def _measured(self, part: Part, sought: Sought, points: float) -> Clause:
        if part.measure == "present":
            return {"constant_score": {"filter": self._has(sought, part), "boost": points}}
        leaves = [self._leaf(name, sought) for name in FIELDS[part.fields]]
        summed = leaves[0] if len(leaves) == 1 else {"bool": {"should": leaves}}
        return {"script_score": {"query": summed, "script": _SATURATED, "boost": points}}

    def _has(self, sought: Sought, part: Part) -> Clause:
        return any_of(self._leaf(name, sought, scored=False) for name in FIELDS[part.fields])

    def _any(self, wanted: Wanted, part: Part) -> Clause:
        return any_of(
            self._leaf(name, sought, scored=False) for sought, _weight in wanted.forms for name in FIELDS[part.fields]
        )

    def _leaf(self, field: str, sought: Sought, *, scored: bool = True) -> Clause:
        syllables = sought.syllables
        if sought.as_word and self._has_term(field, word := _JOINER.join(syllables)):
            syllables = (word,)
        return phrase(field, syllables, 1 / len(syllables) if scored and len(syllables) > 1 else None)

    def _recent(self) -> list[Clause]:
        points = 100 * self._weights.recent
        if self._newest is None or points < _NOTHING:
            return []
        scale = f"{HALF_LIFE // _DAY_US}d"
        age = {"exp": {"published": {"origin": self._newest, "scale": scale, "decay": 0.5}}, "weight": points}
        dated = {"exists": {"field": "published"}}
        return [{"function_score": {"query": dated, "functions": [age], "boost_mode": "replace"}}]


def saturated_term(term: str, points: float) -> Clause:
    """Return the query that gives a term its saturated frequency over all text fields, times its points."""
    summed = {"bool": {"should": [phrase(field, (term,)) for field in FIELDS]}}
    return {"script_score": {"query": summed, "script": _SATURATED, "boost": points}}


def named(clauses: Sequence[Clause], name: str) -> Clause:
    """Return the clauses as one whose score can be asked for by name."""
    return {"bool": {"should": list(clauses), "_name": name}}


def _tagged(field: str, values: Sequence[str], points: float) -> list[Clause]:
    if not values or points < _NOTHING:
        return []
    return [{"constant_score": {"filter": {"terms": {field: list(values)}}, "boost": points}}]


def _lighter(plan: Plan, least: float) -> Plan:
    def lighter(wanted: tuple[Wanted, ...]) -> tuple[Wanted, ...]:
        found = []
        for one in wanted:
            most = max(weight for _sought, weight in one.forms)
            found.append(Wanted(one.rarity, tuple(form for form in one.forms if form[1] >= least * most)))
        return tuple(found)

    return Plan(*(lighter(wanted) for wanted in plan.grains().values()))


def parts_of(matched: Any) -> dict[str, float]:
    """Return the scores of named clauses, as a hit has them."""
    return {str(name): float(score) for name, score in matched.items()} if isinstance(matched, dict) else {}
