"""Worker processes: how many are worth having, how one is started, and what passes through its pipes.

Workers are started as programs of their own, with pipes to them. So they are alike on every system, need nothing of
the program that started them (a script without `if __name__ == "__main__"` included), and nothing is pickled.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from typing import IO, Any, Final

import msgspec

_CODE: Final = "import sys; sys.path[:] = sys.argv[1:]; from {module} import main; main()"
_ONE_THREAD: Final = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_LENGTH_BYTES: Final = 8
_PATIENCE_S: Final = 10.0
_encoder: Final = msgspec.msgpack.Encoder()


def available_cores() -> int:
    """Return how many processors this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def encoded(message: msgspec.Struct) -> bytes:
    """Return a message as it is sent; raises what msgspec does for what MessagePack can't hold."""
    return _encoder.encode(message)


def send(stream: IO[bytes], raw: bytes) -> None:
    """Write a message after its length; raises OSError where nobody reads."""
    stream.write(len(raw).to_bytes(_LENGTH_BYTES, "little"))
    stream.write(raw)
    stream.flush()


def receive(stream: IO[bytes]) -> bytes | None:
    """Read a message, to be decoded as what is expected; returns None where the stream has ended, even within one."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    size = int.from_bytes(length, "little")
    raw = stream.read(size)
    return raw if len(raw) == size else None


class Process:
    """A running worker, for one thread at a time; only `end` is for any."""

    def __init__(self, module: str, *, stderr: int | None = None) -> None:
        """Start the program that is the function `main` of a module; raises OSError where none can be started."""
        self._popen = subprocess.Popen(
            [sys.executable, "-c", _CODE.format(module=module), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, **_ONE_THREAD},
        )
        assert self._popen.stdin is not None
        assert self._popen.stdout is not None
        self._to: IO[bytes] = self._popen.stdin
        self._from: IO[bytes] = self._popen.stdout

    @property
    def id(self) -> int:
        """Its process id."""
        return self._popen.pid

    def ask(self, raw: bytes) -> bytes | None:
        """Return what the worker answers; None where it has ended."""
        try:
            send(self._to, raw)
            return receive(self._from)
        except (OSError, ValueError):  # a ValueError where `kill` has closed the pipes meanwhile
            return None

    def tell(self, raw: bytes) -> None:
        """Send what has no answer; if it has ended already, `ask` finds out."""
        with suppress(OSError):
            send(self._to, raw)

    def code(self) -> int:
        """Return the code that it ended with, waiting for that; raises TimeoutExpired where it does not."""
        return self._popen.wait(_PATIENCE_S)

    def end(self) -> None:
        """Have it end at once, whatever it is doing; who waits for its answer gets none."""
        self._popen.kill()

    def kill(self) -> None:
        """End it, whatever it is doing, and let go of it."""
        self._popen.kill()
        for pipe in (self._to, self._from):
            with suppress(OSError):
                pipe.close()
        self._popen.wait(_PATIENCE_S)


def own_streams() -> tuple[IO[bytes], IO[bytes]]:
    """Return where a worker reads what it is asked and writes its answers; what is printed goes to standard error."""
    answers: Any = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return sys.stdin.buffer, answers
