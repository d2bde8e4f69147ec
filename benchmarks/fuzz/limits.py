"""Bounds for one attempt: seconds, and memory of the process."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SECONDS: Final = 20
MORE_MEMORY: Final = 1500 * 1024 * 1024
"""Bytes of address space that attempts may take beyond what the process has at the start."""
_PROCESS: Final = Path("/proc/self")
_RESET_PEAK: Final = "5"


class TooSlow(BaseException):
    """An attempt took longer than it may; no handler of errors is meant to catch it."""


@contextmanager
def time_limit(seconds: int = SECONDS) -> Iterator[None]:
    """Raise TooSlow where what is done within takes more of the processor's time."""

    def stop(_number: int, _frame: object) -> None:
        raise TooSlow(f"more than {seconds} s")

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def limit_memory() -> None:
    """Have the system refuse this process more memory than it has now and `MORE_MEMORY`, where it can."""
    import resource

    try:
        pages = int((_PROCESS / "statm").read_text().split()[0])
    except OSError:
        return
    most = pages * resource.getpagesize() + MORE_MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (most, resource.getrlimit(resource.RLIMIT_AS)[1]))


def reset_peak_memory() -> None:
    """Have `peak_memory` begin anew, where the system can."""
    with suppress(OSError):
        (_PROCESS / "clear_refs").write_text(_RESET_PEAK)


def peak_memory() -> int:
    """Return the most bytes that this process held since then; 0 where the system does not say."""
    with suppress(OSError):
        for line in (_PROCESS / "status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return 0
