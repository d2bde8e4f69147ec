"""Files made to do harm, each indexed beside a good one: `python -m benchmarks.hostilefiles [FOLDER]`.

For each file of the folder `searcher index` runs in a process of its own over it and a good text, then a query.
Printed are seconds of processor time, megabytes, and what must not be: a trace, a character that commands a terminal, a
good file that is not found, or more than 20 s or 700 MB. Ends with 1 where one was.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import unicodedata
from pathlib import Path
from typing import Final

from benchmarks.common import CORPUS

HOSTILE: Final = CORPUS.parents[1] / "hostile"
"""Where small files of the kind lie beside a checkout."""
_SECONDS, _MEGABYTES = 20.0, 700
_GOOD: Final = "Tin lành giả định\n17/02/2020 17:05\nĐoạn dẫn giả định.\nThân bài giả định, không có thật.\n"
_QUERY: Final = '"lành giả định"'


def main() -> int:
    """Print a line for each file; returns the exit code."""
    parser = argparse.ArgumentParser("python -m benchmarks.hostilefiles", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=HOSTILE)
    given = parser.parse_args()
    files = sorted(path for path in given.folder.rglob("*") if path.is_file()) if given.folder.exists() else []
    if not files:
        print(f"Nothing is measured: {given.folder} has no files.")
        return 0
    print(f"{'file':28}{'CPU s':>8}{'MB':>7}   wrong")
    bad = 0
    for path in files:
        with tempfile.TemporaryDirectory() as name:
            seconds, megabytes, wrong = attack(path, Path(name))
        bad += bool(wrong)
        print(f"{path.name[:27]:28}{seconds:8.1f}{megabytes:7}   {', '.join(wrong) or '-'}", flush=True)
    print(f"{len(files)} files, {bad} of them did harm")
    return 1 if bad else 0


def attack(path: Path, folder: Path) -> tuple[float, int, list[str]]:
    """Index the file beside a good one; returns the seconds, the megabytes at the most, and what was wrong."""
    good, index = folder / "lành.txt", folder / "index"
    good.write_text(_GOOD, "utf-8")
    seconds, megabytes, shown = _run("index", str(path), str(good), "-i", str(index), "--jobs", "1")
    _seconds, _megabytes, found = _run("query", _QUERY, "-i", str(index))
    _seconds, _megabytes, all_shown = _run("query", "", "-n", "50", "-i", str(index))
    shown += found + all_shown
    wrong = [f"{seconds:.0f} s"] if seconds > _SECONDS else []
    wrong += [f"{megabytes} MB"] if megabytes > _MEGABYTES else []
    wrong += ["a trace"] if "Traceback" in shown or "Something went wrong" in shown else []
    wrong += ["escapes"] if any(map(_commands_a_terminal, shown)) else []
    wrong += [] if "Tin lành giả định" in found else ["the good one is not found"]
    return seconds, megabytes, wrong


def _run(*arguments: str) -> tuple[float, int, str]:
    """Run a command; returns its seconds of processor time, its megabytes at the most, and all that it printed."""
    environment = {**os.environ, "SEARCHER_LANG": "en"}
    with tempfile.TemporaryFile() as printed:
        process = subprocess.Popen(
            [sys.executable, "-m", "searcher", *arguments], stdout=printed, stderr=subprocess.STDOUT, env=environment
        )
        _pid, _status, used = os.wait4(process.pid, 0)
        process.returncode = 0
        printed.seek(0)
        return used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, printed.read().decode("utf-8", "replace")


def _commands_a_terminal(sign: str) -> bool:
    return sign not in "\n\t" and unicodedata.category(sign) in ("Cc", "Cf", "Cs")


if __name__ == "__main__":
    begun = time.perf_counter()
    code = main()
    print(f"{time.perf_counter() - begun:.0f} s in all")
    sys.exit(code)
