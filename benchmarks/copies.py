"""What telling near-identical articles costs when indexing, and what it finds: `python -m benchmarks.copies`.

Prints the time of a signature for each article (median of five rounds over 2,000 articles of the corpus; at most 0.2 ms
is allowed), and how many articles of the whole corpus have a copy by it, with the exact share of runs of four words
that such pairs have in common.
"""

from __future__ import annotations

import re
import time
from statistics import median
from typing import Final

import numpy as np

from benchmarks.common import CORPUS, records
from searcher.analysis.signature import likenesses, signature
from searcher.ranking.copies import COPY

_TIMED: Final = 2000
_ROUNDS: Final = 5
_BLOCK: Final = 1000
_COUNTED: Final = 10_000


def main() -> None:
    """Print everything, or in one sentence what is missing."""
    if not CORPUS.exists():
        print(f"Copies are not measured: {CORPUS} is missing.")
        return
    texts = [f"{one['lead']} {one['body']}" for one in records(limit=_COUNTED)]
    rounds = []
    for _round in range(_ROUNDS):
        started = time.process_time()
        for text in texts[:_TIMED]:
            signature(text)
        rounds.append((time.process_time() - started) / _TIMED)
    print(f"a signature takes {1000 * median(rounds):.3f} ms an article (median of {_ROUNDS} rounds, limit 0.2)")
    pairs = _alike([signature(text) for text in texts])
    exact = sorted(_share(texts[one], texts[other]) for one, other in pairs)
    print(f"{len(pairs)} pairs of copies among {len(texts)} articles (likeness from {COPY} on)")
    if exact:
        shown = (exact[0], exact[len(exact) // 20], exact[len(exact) // 2])
        print("  their exact share of common runs: least {:.2f}, 5 % {:.2f}, median {:.2f}".format(*shown))


def _alike(signatures: list[bytes]) -> list[tuple[int, int]]:
    found = []
    for start in range(0, len(signatures), _BLOCK):
        for second in range(start, len(signatures), _BLOCK):
            block = signatures[start : start + _BLOCK]
            table = likenesses(block + signatures[second : second + _BLOCK])[: len(block), len(block) :]
            rows, columns = np.nonzero(table >= COPY)
            found += [
                (start + int(row), second + int(column))
                for row, column in zip(rows, columns, strict=True)
                if start + row < second + column
            ]
    return found


def _share(one: str, other: str) -> float:
    first, second = (_runs(re.findall(r"\w+", text.lower())) for text in (one, other))
    return len(first & second) / len(first | second)


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    return {tuple(words[at : at + 4]) for at in range(len(words) - 3)}


if __name__ == "__main__":
    main()
