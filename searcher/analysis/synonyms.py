"""Abbreviations and synonyms of the field, looked up when a query is analysed.

The built-in ones are read from synonyms.json, which `python -m tools.data` makes of synonyms.toml; a user's own from
TOML of the same form.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from searcher.analysis.errors import SynonymFileError
from searcher.analysis.syllable import fold
from searcher.analysis.terms import syllable_terms

SYNONYMS_VARIABLE: Final = "SEARCHER_SYNONYMS"
BUILT_IN: Final = Path(__file__).with_name("synonyms.toml")
COMPILED_SYNONYMS: Final = BUILT_IN.with_suffix(".json")
MAX_SYLLABLES: Final = 12
_MAX_BYTES: Final = 1 << 20
_DEFAULT_WEIGHTS: Final = {"synonym": 0.6, "narrower": 0.4, "abbreviation": 0.9, "english": 0.5}

Kind = Literal["synonym", "abbreviation"]
Syllables = tuple[str, ...]


class Equivalent(msgspec.Struct, frozen=True, array_like=True):
    """What a word may be replaced by in a query.

    - `syllables` are terms, to be found one after the other.
    - `weight` is over 0 and at most 1, the literal word being 1.
    - `capitals`: it holds only when the word was typed in capitals ('CA' is công an, 'ca' is not).
    """

    syllables: Syllables
    weight: float
    kind: Kind
    capitals: bool = False


class Synonyms:
    """Words and their equivalents, by the word's syllables as terms.

    `english` has for English expressions, in small letters, what they are in Vietnamese.
    """

    def __init__(self, pairs: Iterable[tuple[Syllables, Equivalent]], english: Mapping[str, str] | None = None) -> None:
        self.english = dict(english or {})
        self._exact: dict[Syllables, list[Equivalent]] = defaultdict(list)
        for word, equivalent in pairs:
            known = self._exact[word]
            if word != equivalent.syllables and all(one.syllables != equivalent.syllables for one in known):
                known.append(equivalent)

    def __len__(self) -> int:
        return len(self._exact)

    @cached_property
    def _folded(self) -> dict[str, list[Syllables]]:
        folded: dict[str, list[Syllables]] = defaultdict(list)
        for word in self.words():
            folded[fold(" ".join(word))].append(word)
        return folded

    def words(self) -> frozenset[Syllables]:
        """Every word that has an equivalent."""
        return frozenset(word for word, found in self._exact.items() if found)

    def of(self, word: Syllables) -> tuple[Equivalent, ...]:
        """Return the word's equivalents, in the order of the file; none for a word that has none."""
        return tuple(self._exact.get(word, ()))

    def folding_to(self, folded: Syllables) -> tuple[Syllables, ...]:
        """Return the words with equivalents that fold to these syllables."""
        return tuple(sorted(self._folded.get(" ".join(folded), ())))


def load_synonyms(path: Path | None = None) -> Synonyms:
    """Return the built-in synonyms and those of the user's file: `path`, else the one SEARCHER_SYNONYMS names.

    A user's file has the form of the built-in one; its entries come first, and with `replace = true` at its top they
    are the only ones. Raises SynonymFileError when a file cannot be read or an entry is malformed.
    """
    if path is None and os.environ.get(SYNONYMS_VARIABLE):
        path = Path(os.environ[SYNONYMS_VARIABLE])
    if path is None:
        return _built_in()
    replaces, pairs, english = _read(path)
    if replaces:
        return Synonyms(pairs, english)
    _replaces, built_in, built_in_english = _read(BUILT_IN)
    return Synonyms([*pairs, *built_in], built_in_english | english)


class _Compiled(msgspec.Struct):
    """synonyms.json.

    By the word's syllables what it may be replaced by, words by their syllables without marks, and English expressions
    with what they are in Vietnamese.
    """

    equivalents: dict[str, msgspec.Raw]
    folded: dict[str, list[Syllables]]
    english: dict[str, str]


class _BuiltIn(Synonyms):
    """The built-in synonyms; what a word may be replaced by is decoded when it is asked for."""

    def __init__(self, compiled: _Compiled) -> None:
        super().__init__((), compiled.english)
        self._compiled = compiled

    def __len__(self) -> int:
        return len(self._compiled.equivalents)

    def words(self) -> frozenset[Syllables]:
        return frozenset(tuple(word.split(" ")) for word in self._compiled.equivalents)

    def of(self, word: Syllables) -> tuple[Equivalent, ...]:
        found = self._compiled.equivalents.get(" ".join(word))
        return () if found is None else _decode_equivalents(found)

    def folding_to(self, folded: Syllables) -> tuple[Syllables, ...]:
        return tuple(self._compiled.folded.get(" ".join(folded), ()))


_decode_equivalents: Final = msgspec.json.Decoder(tuple[Equivalent, ...]).decode


@cache
def _built_in() -> Synonyms:
    return _BuiltIn(msgspec.json.decode(COMPILED_SYNONYMS.read_bytes(), type=_Compiled))


def _read(path: Path) -> tuple[bool, list[tuple[Syllables, Equivalent]], dict[str, str]]:
    import tomllib

    try:
        if path.stat().st_size > _MAX_BYTES:
            raise SynonymFileError(f"The synonym file {path} is larger than 1 MB.")
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SynonymFileError(f"The synonym file {path} cannot be read: {error.strerror}.") from error
    except (ValueError, RecursionError) as error:
        raise SynonymFileError(f"The synonym file {path} is not TOML: {error}.") from error
    pairs: list[tuple[Syllables, Equivalent]] = []
    english: dict[str, str] = {}
    readers: dict[str, Callable[[Mapping[str, Any], float], list[tuple[Syllables, Equivalent]]]] = {
        "abbreviation": _abbreviation,
        "synonym": _synonym,
        "narrower": _narrower,
        "english": partial(_english, english),
    }
    for kind, read in readers.items():
        entries = data.get(kind, [])
        if not isinstance(entries, list):
            raise SynonymFileError(f"In {path}, {kind} is to be written [[{kind}]].")
        for number, entry in enumerate(entries, 1):
            try:
                pairs += read(entry, _weight(entry, kind))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise SynonymFileError(f"In {path}, entry {number} of [[{kind}]] is malformed: {error}.") from error
    return data.get("replace") is True, pairs, english


def _weight(entry: Mapping[str, Any], kind: str) -> float:
    weight = entry.get("weight", _DEFAULT_WEIGHTS[kind])
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 1:
        raise ValueError("weight must be over 0 and at most 1")
    return float(weight)


def _words(value: object) -> list[Syllables]:
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list) or not value:
        raise ValueError("a word or a list of words is needed")
    words = [syllable_terms(word) for word in value]
    if not all(0 < len(word) <= MAX_SYLLABLES for word in words):
        raise ValueError(f"words have 1 to {MAX_SYLLABLES} syllables")
    return words


def _abbreviation(entry: Mapping[str, Any], weight: float) -> list[tuple[Syllables, Equivalent]]:
    shorts, longs = _words(entry["short"]), _words(entry["long"])
    capitals = entry.get("capitals") is True
    pairs = []
    for short in shorts:
        pairs += [(short, Equivalent(long, weight, "abbreviation", capitals)) for long in longs]
        if not capitals:  # in lower case, as terms are, such an abbreviation is another word
            pairs += [(long, Equivalent(short, weight, "abbreviation")) for long in longs]
        pairs += [(short, Equivalent(other, weight, "abbreviation", capitals)) for other in shorts if not capitals]
    return pairs


def _synonym(entry: Mapping[str, Any], weight: float) -> list[tuple[Syllables, Equivalent]]:
    words = _words(entry["words"])
    return [(word, Equivalent(other, weight, "synonym")) for word in words for other in words if other != word]


def _narrower(entry: Mapping[str, Any], weight: float) -> list[tuple[Syllables, Equivalent]]:
    return [
        (word, Equivalent(other, weight, "synonym"))
        for word in _words(entry["word"])
        for other in _words(entry["finds"])
    ]


def _english(known: dict[str, str], entry: Mapping[str, Any], weight: float) -> list[tuple[Syllables, Equivalent]]:
    """Take what English expressions are in Vietnamese; return that what they are finds the first of them.

    A single English word is not looked for: 'drug' stands in the names of songs.
    """
    words, meant = entry["words"], _words(entry["vietnamese"])
    for word in words:
        known.setdefault(" ".join(word.lower().split()), entry["vietnamese"][0])
    first = syllable_terms(words[0])
    return [(one, Equivalent(first, weight, "synonym")) for one in meant] if len(first) > 1 else []
