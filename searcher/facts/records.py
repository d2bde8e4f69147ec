"""What is read from an article: the facts of its main case, and where in the text each was read."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

CASE: Final = "case"
POLICY: Final = "policy"
OTHER_KIND: Final = "other"
KINDS: Final = (CASE, POLICY, OTHER_KIND)
STAGES: Final = ("caught", "charged", "tried", "fined")

Punishment = Literal["death", "life", "suspended"]


class Drug(msgspec.Struct, frozen=True):
    """A drug of the case with its amounts as the text gives them: grams, pills, and pressed cakes ("bánh").

    None is "not said"; a drug may have several amounts, which are the same lot told in several units.
    """

    kind: str
    grams: float | None = None
    pills: float | None = None
    cakes: float | None = None


class Money(msgspec.Struct, frozen=True):
    """An amount of money in VND; `use` is seized, fined or traded."""

    use: str
    vnd: int


class Place(msgspec.Struct, frozen=True):
    """Where a fact was read: the symbols `start:end` of a section (title, lead, body); see `tagging.symbols`."""

    fact: str
    value: str
    section: str
    start: int
    end: int


class FactsObject(msgspec.Struct, frozen=True):
    """The facts of the main case that an article tells; None and empty say "not told" or "no case".

    - `kind` is case, policy or other; only a case has anything else.
    - `offences` are slugs, see `offences()`; `stage` is the furthest step: caught, charged, tried, or fined.
    - `suspects` are those held or proceeded against, where that is said, else those caught.
    - `sentence` is the heaviest that is given: death, life, suspended, or years.
    - `ages` and `sex` ("nam", "nữ") are of suspects, where stated, one entry a suspect.
    - `weapons` and `vehicles` as the text names them, each once.
    """

    kind: str
    offences: tuple[str, ...] = ()
    stage: str | None = None
    suspects: int | None = None
    victims: int | None = None
    drugs: tuple[Drug, ...] = ()
    sentence: Punishment | float | None = None
    money: tuple[Money, ...] = ()
    ages: tuple[int, ...] = ()
    sex: tuple[str, ...] = ()
    weapons: tuple[str, ...] = ()
    vehicles: tuple[str, ...] = ()


class Facts(FactsObject, frozen=True):
    """The facts with the places in the text that they were read from."""

    places: tuple[Place, ...] = ()

    def told(self) -> FactsObject:
        """Return the facts without their places."""
        return FactsObject(*(getattr(self, name) for name in FactsObject.__struct_fields__))

    def to_dict(self) -> dict[str, Any]:
        """Return the facts without their places, as `searcher tag --json` prints them."""
        found: dict[str, Any] = msgspec.to_builtins(self.told())
        return found
