"""Measures analysis against pyvi: `python -m benchmarks.analysis [CORPUS]`.

Prints, for one core and in one run: articles and syllables a second of pyvi and of searcher in turn (medians of
five rounds), of the bulk analyzer that the index writer uses, the time of a command's first segmented query, and the
memory that the whole corpus takes. Ends with 1 if an output differs from pyvi's.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.common import CORPUS, full_text, records
from benchmarks.memory import peak_mb

ROUNDS = 5
START = (
    "import time; begin = time.perf_counter()\n"
    "from searcher.analysis import segment; segment('mại dâm ở Sơn La')\n"
    "print(time.perf_counter() - begin)"
)
MEMORY = "import sys; from pathlib import Path; from benchmarks.analysis import grown; print(*grown(Path(sys.argv[1])))"


def main() -> int:
    """Print the report; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="?", type=Path, default=CORPUS, help="JSONL compressed with zstandard")
    parser.add_argument("--articles", type=int, default=2000, help="how many of them to time")
    options = parser.parse_args()
    if not options.corpus.exists():
        print(f"There is no corpus at {options.corpus}.", file=sys.stderr)
        return 1
    over_segmentation, over_terms = memory(options.corpus)
    print(f"growth over the whole corpus: segment_many {over_segmentation} MB (limit 150), then terms {over_terms} MB")
    start()
    same = speed([full_text(record) for record in records(options.corpus, options.articles)])
    return 0 if same else 1


def speed(texts: list[str]) -> bool:
    """Print the speeds; returns whether all segmented texts are pyvi's."""
    from searcher.analysis import TermAnalyzer, segment_many

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pyvi's own
        from pyvi.ViTokenizer import ViTokenizer

    list(segment_many(texts[:1]))  # reads the model, as importing pyvi did
    ways: dict[str, Callable[[], list[str]]] = {
        "pyvi": lambda: [ViTokenizer.tokenize(text) for text in texts],
        "segment_many": lambda: list(segment_many(texts)),
        "TermAnalyzer, new": lambda: TermAnalyzer().analyze_many(texts) and [],
        "TermAnalyzer, warm": lambda: warm.analyze_many(texts) and [],
    }
    warm = TermAnalyzer()
    warm.analyze_many(texts)
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    same = True
    segmented: list[str] = []
    for _ in range(ROUNDS):
        for name, way in ways.items():
            begin = time.perf_counter()
            found = way()
            seconds[name].append(time.perf_counter() - begin)
            if name == "segment_many":
                same = same and found == segmented
            elif name == "pyvi":
                segmented = found
    syllables = sum(len(text.replace("_", " ").split()) for text in segmented)
    print(f"{len(texts)} articles, {syllables} tokens, medians of {ROUNDS}; output {'is' if same else 'IS NOT'} pyvi's")
    base = statistics.median(seconds["pyvi"])
    for name, measured in seconds.items():
        median = statistics.median(measured)
        print(
            f"{name:20} {len(texts) / median:8.0f} articles/s {syllables / median:10.0f} syllables/s"
            f" {base / median:6.1f} x pyvi"
        )
    return same


def start() -> None:
    """Print how long a new process takes to import and to segment its first query."""
    taken = [float(_python(START)) for _ in range(ROUNDS + 1)][1:]
    print(f"import and first query, cache warm: {1000 * statistics.median(taken):.0f} ms (limit 150)")


def memory(corpus: Path) -> list[str]:
    """Return by how many MB a new process grows while it segments the corpus, and while it turns it into terms."""
    return _python(MEMORY, str(corpus)).split()


def grown(corpus: Path) -> tuple[int, int]:
    """Return the growth of this process's peak memory in MB over segmentation, and over terms after it."""
    from searcher.analysis import TermAnalyzer, segment, segment_many
    from searcher.analysis.segmenter import batches

    segment("mại dâm ở Sơn La")
    peaks = [peak_mb()]
    _exhaust(segment_many(map(full_text, records(corpus))))
    peaks.append(peak_mb())
    analyzer = TermAnalyzer()
    _exhaust(map(analyzer.analyze_many, batches(map(full_text, records(corpus)))))
    peaks.append(peak_mb())
    return round(peaks[1] - peaks[0]), round(peaks[2] - peaks[0])


def _exhaust(items: Iterable[object]) -> None:
    for _ in items:
        pass


def _python(code: str, *arguments: str) -> str:
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    sys.exit(main())
