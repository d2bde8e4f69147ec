"""Measures 'did you mean': `python -m benchmarks.corrections [--index FOLDER]`.

- False alarms: titles of articles that are in the index, and of articles that are not, as queries. Whoever types a
  title has typed nothing wrong, so each correction offered is one too many.
- Recall: words of two syllables of the index, and titles with such a word, each misspelled in one way; how often the
  word as it was is offered.
- Time: CPU milliseconds of a correction alone, its median and its worst, and of the search without it.

The index is of all articles of the corpus but the last 2,000; it is made in a temporary folder unless FOLDER has it.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.common import CORPUS, records
from benchmarks.corpusindex import indexed
from searcher.analysis import fold, is_marked
from searcher.analysis.syllable import TONE_MARKS, canonical, split
from searcher.analysis.terms import syllable_terms
from searcher.embedded.engine import EmbeddedIndex
from searcher.language.parser import parse_query
from searcher.opening import open_index
from searcher.suggesting.correction import correct

HELD_OUT: Final = 2000
TITLES: Final = 1000
WORDS: Final = 300
_LEAST_DOCUMENTS: Final = 50
_SOUNDS: Final = (
    ("s", "x"), ("x", "s"), ("ch", "tr"), ("tr", "ch"), ("d", "gi"), ("gi", "d"), ("gi", "r"), ("r", "d"),
    ("l", "n"), ("n", "l"), ("ng", "ngh"), ("v", "d"),
)  # fmt: skip
_TELEX_TONES: Final = dict(zip(TONE_MARKS, "fsxrj", strict=True))
_TELEX: Final = {"â": "aa", "ê": "ee", "ô": "oo", "ă": "aw", "ơ": "ow", "ư": "uw", "đ": "dd"}

Slip = Callable[[str, random.Random], str]


def main() -> int:
    """Print the report; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--index", type=Path, help="where the index is, or is to be made")
    options = parser.parse_args()
    if not CORPUS.exists():
        print(f"There is no corpus at {CORPUS}.", file=sys.stderr)
        return 1
    articles = list(records())
    with tempfile.TemporaryDirectory() as folder:
        where = indexed(options.index or Path(folder), articles[:-HELD_OUT])
        with open_index(where) as index:
            report(index, articles)
    return 0


def report(index: EmbeddedIndex, articles: Sequence[dict[str, str]]) -> None:
    """Print false alarms, recall and time."""
    chance = random.Random(1)
    known = [one["title"] for one in chance.sample(articles[:-HELD_OUT], TITLES)]
    new = [one["title"] for one in chance.sample(articles[-HELD_OUT:], TITLES)]
    lower = [title.lower() for title in new]
    plain = [fold(title.lower()) for title in new]
    groups = {"in the index": known, "not in it": new, "not in it, small": lower, "not in it, no marks": plain}
    for name, titles in groups.items():
        alarms = [(title, found) for title in titles if (found := corrected(index, title))]
        print(f"false alarms, titles {name:20} {len(alarms):4} of {len(titles)}")
        for title, found in alarms[:12]:
            print("    ", difference(title, found))
    words = frequent_words(index, chance)
    titles = {word: title for word in words if (title := _title_with(word, new))}
    print(f"{len(words)} words of two syllables in at least {_LEAST_DOCUMENTS} articles, {len(titles)} in a title")
    for name, slip in SLIPS.items():
        cases = [(word, wrong) for word in words if (wrong := misspelled(word, slip, chance))]
        right = sum(corrected(index, wrong) == word for word, wrong in cases)
        offered = sum(bool(corrected(index, wrong)) for _word, wrong in cases)
        inside = [(titles[word], titles[word].replace(word, wrong)) for word, wrong in cases if word in titles]
        found = sum(corrected(index, wrong) == title for title, wrong in inside)
        print(
            f"{name:22} alone {share(right, len(cases))}, something else {share(offered - right, len(cases))};"
            f" in a title {share(found, len(inside))}"
        )
    speed(index, lower, [wrong for word in words if (wrong := misspelled(word, SLIPS["wrong tone"], chance))])


def corrected(index: EmbeddedIndex, text: str) -> str:
    """Return what is offered for a query, in small letters and one spelling."""
    correction = correct(text, parse_query(text, index._vocabulary), index._term_counts)
    found = correction.text if correction else ""
    return " ".join(canonical(one) for one in found.lower().split())


def difference(title: str, found: str) -> str:
    """Return the syllables that differ."""
    pairs = zip(title.lower().split(), found.split(), strict=False)
    return ", ".join(f"{one} -> {other}" for one, other in pairs if canonical(one) != other)


def frequent_words(index: EmbeddedIndex, chance: random.Random) -> list[str]:
    """Return words of two marked syllables, 'mại dâm', that many articles have."""
    terms = {
        term.decode("utf-8") for term in index.whoosh.reader().lexicon("body") if term.count(b"_") == 1
    }  # as bytes, so that the order is the same in each run
    frequent = [
        term.replace("_", " ")
        for term in sorted(terms)
        if index._term_counts.documents(term) >= _LEAST_DOCUMENTS and all(map(split, term.split("_")))
    ]
    return chance.sample(frequent, min(WORDS, len(frequent)))


def _title_with(word: str, titles: Sequence[str]) -> str:
    for title in titles:
        terms = " ".join(syllable_terms(title))
        if f" {word} " in f" {terms} ":
            return terms
    return ""


def misspelled(word: str, slip: Slip, chance: random.Random) -> str:
    """Return the word with one syllable changed by the slip, "" where it can't be."""
    syllables = word.split()
    for place in chance.sample(range(len(syllables)), len(syllables)):
        wrong = canonical(slip(syllables[place], chance))
        if wrong and wrong != syllables[place]:
            whole = " ".join([*syllables[:place], wrong, *syllables[place + 1 :]])
            # Typed without any marks, a word is read with those it may have; there is nothing to correct.
            if fold(whole) != fold(word) or is_marked(whole):
                return whole
    return ""


def _other_tone(syllable: str, chance: random.Random) -> str:
    parts = split(syllable)
    assert parts is not None
    stopped = parts[2] in ("c", "ch", "p", "t")
    tones = [tone for tone in (TONE_MARKS[1] + TONE_MARKS[4] if stopped else TONE_MARKS) if tone != parts[3]]
    return _joined(parts, tone=chance.choice(tones)) if tones else ""


def _hook_and_tilde(syllable: str, _chance: random.Random) -> str:
    parts = split(syllable)
    swapped = {"\u0309": "\u0303", "\u0303": "\u0309"}
    return _joined(parts, tone=swapped[parts[3]]) if parts and parts[3] in swapped else ""


def _joined(parts: tuple[str, str, str, str], *, tone: str) -> str:
    onset, vowels, coda, _tone = parts
    return canonical(unicodedata.normalize("NFC", onset + vowels + tone + coda)) if vowels else ""


def _without_marks(syllable: str, _chance: random.Random) -> str:
    return fold(syllable)


def _other_sound(syllable: str, chance: random.Random) -> str:
    parts = split(syllable)
    fitting = [(one, other) for one, other in _SOUNDS if parts and parts[0] == one]
    if not fitting:
        return ""
    one, other = chance.choice(fitting)
    wrong = other + syllable[len(one) :]
    return wrong if split(wrong) else ""


def _other_coda(syllable: str, _chance: random.Random) -> str:
    for one, other in (("ng", "n"), ("n", "ng"), ("t", "c"), ("c", "t")):
        if syllable.endswith(one):
            wrong = syllable[: -len(one)] + other
            return wrong if split(wrong) else ""
    return ""


def _swapped(syllable: str, chance: random.Random) -> str:
    places = [at for at in range(len(syllable) - 1) if syllable[at] != syllable[at + 1]]
    if not places:
        return ""
    at = chance.choice(places)
    return syllable[:at] + syllable[at + 1] + syllable[at] + syllable[at + 2 :]


def _dropped(syllable: str, chance: random.Random) -> str:
    at = chance.randrange(len(syllable))
    return syllable[:at] + syllable[at + 1 :] if len(syllable) > 2 else ""


def _telex(syllable: str, _chance: random.Random) -> str:
    parts = split(syllable)
    assert parts is not None
    keys = "".join(_TELEX.get(letter, letter) for letter in "".join(parts[:3])) + _TELEX_TONES.get(parts[3], "")
    return keys if keys != syllable else ""


SLIPS: Final[dict[str, Slip]] = {
    "wrong tone": _other_tone,
    "hỏi for ngã": _hook_and_tilde,
    "marks left out": _without_marks,
    "s/x, ch/tr, d/gi/r, l/n": _other_sound,
    "n/ng, t/c": _other_coda,
    "letters swapped": _swapped,
    "letter dropped": _dropped,
    "Telex keystrokes": _telex,
}


def speed(index: EmbeddedIndex, titles: Sequence[str], wrong: Sequence[str]) -> None:
    """Print CPU times."""
    for name, queries in {"titles": titles[:200], "misspelled words": wrong[:200]}.items():
        parsed = [(query, parse_query(query, index._vocabulary)) for query in queries]
        index.__dict__.pop("_term_counts", None)
        alone = [timed(lambda query=query, one=one: correct(query, one, index._term_counts)) for query, one in parsed]
        print(
            f"time, {name:18} median {statistics.median(alone):6.2f} ms,"
            f" 99 of 100 under {sorted(alone)[len(alone) * 99 // 100]:6.2f} ms, worst {max(alone):6.2f} ms"
        )


def timed(call: Callable[[], Any]) -> float:
    """Return the CPU milliseconds that a call takes."""
    start = time.process_time()
    call()
    return (time.process_time() - start) * 1000


def share(count: int, total: int) -> str:
    """Return a percentage, with what it is of."""
    return f"{100 * count / total:5.1f}% of {total:3}" if total else "    –"


if __name__ == "__main__":
    sys.exit(main())
