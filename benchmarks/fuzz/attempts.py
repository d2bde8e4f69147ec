"""Attempts, in a process of their own: it may be killed, or hang where Python can't stop it, and another goes on."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import BinaryIO, Final, Protocol

import msgspec

from benchmarks.fuzz.limits import SECONDS, limit_memory, time_limit

_STUCK_S: Final = 4 * SECONDS
_SLOWEST: Final = 5


class Target(Protocol):
    """Something to be attacked."""

    name: str

    def attempt(self, random: Random) -> str: ...


class _Told(msgspec.Struct):
    """What the process says: the attempt that it begins, or what came of it."""

    number: int
    target: str
    found: str = ""
    notes: str = ""
    seconds: float = -1.0


def attack(targets: Sequence[Target], seconds: float, first: int) -> int:
    """Attack each target in turn until the time is up, print each kind of find once, and return how many there are."""
    until = time.monotonic() + seconds
    counts: Counter[str] = Counter()
    kinds: set[str] = set()
    slowest: list[tuple[float, str]] = []
    at = first
    while time.monotonic() < until:
        begun = _Told(at, targets[at % len(targets)].name)
        reader, process = _started(targets, at, until)
        for told in _heard(reader, process):
            if told.seconds < 0:
                begun = told
                continue
            counts[told.target] += 1
            slowest = sorted([*slowest, (told.seconds, f"{told.target}:{told.number} {told.notes}")])[-_SLOWEST:]
            _tell(kinds, told)
        _pid, status = os.waitpid(process, 0)
        if not os.WIFSIGNALED(status):
            if status:
                raise RuntimeError("the process that makes attempts ended with an error of its own")
            break
        name = signal.Signals(os.WTERMSIG(status)).name
        _tell(kinds, msgspec.structs.replace(begun, found="stuck" if name == "SIGKILL" else f"killed by {name}"))
        at = begun.number + 1
    for taken, what in reversed(slowest):
        print(f"    {taken:6.2f} s of the processor's time: {what}")
    print(f"{', '.join(f'{count:,} of {name}' for name, count in counts.items())}; finds: {len(kinds)}")
    return len(kinds)


def _tell(kinds: set[str], told: _Told) -> None:
    kind = f"{told.target}: {told.found}"
    if told.found and kind not in kinds:
        kinds.add(kind)
        print(f"FOUND {kind}\n      --attempt {told.target}:{told.number}  {told.notes[:160]!a}", flush=True)


def _started(targets: Sequence[Target], first: int, until: float) -> tuple[BinaryIO, int]:
    """Start a process that makes attempts from this number on; returns what it tells, and its id."""
    sys.stdout.flush()
    reading, writing = os.pipe()
    process = os.fork()
    if process:
        os.close(writing)
        return os.fdopen(reading, "rb"), process
    code = 1
    try:
        os.close(reading)
        limit_memory()
        with os.fdopen(writing, "wb") as told:
            _make(targets, first, until, told)
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def _make(targets: Sequence[Target], first: int, until: float, told: BinaryIO) -> None:
    def tell(what: _Told) -> None:
        told.write(msgspec.json.encode(what) + b"\n")
        told.flush()

    number = first
    while time.monotonic() < until:
        target = targets[number % len(targets)]
        tell(_Told(number, target.name))
        begun = time.process_time()
        found = notes = ""
        try:
            with time_limit():
                notes = target.attempt(Random(number))
        except KeyboardInterrupt:
            return
        except BaseException as error:
            found, notes = _kind(error), " ".join(getattr(error, "__notes__", ()))
        tell(
            _Told(
                number, target.name, found, notes[:300].encode("utf-8", "replace").decode(), time.process_time() - begun
            )
        )
        number += 1


def _heard(reader: BinaryIO, process: int) -> Iterator[_Told]:
    """Yield what the process tells until it ends; one that is stuck at an attempt is killed."""
    used = 0.0
    with reader:
        while True:
            ready, _, _ = select.select([reader], [], [], 1.0)
            if ready:
                line = reader.readline()
                if not line:
                    return
                yield msgspec.json.decode(line, type=_Told)
                used = _used_by(process)
            elif _used_by(process) - used > _STUCK_S:
                os.kill(process, signal.SIGKILL)


def _used_by(process: int) -> float:
    """Return the seconds of the processor's time that a process took; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _kind(error: BaseException) -> str:
    """What tells finds apart: the error, and where in searcher it came from."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "/searcher/" in frame.filename] or frames
    at = own[-1]
    return f"{type(error).__name__} {str(error)[:80]!a} at {Path(at.filename).name}:{at.lineno} ({at.name})"
