"""Where the time of indexing goes: seconds of processor time by stage."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager


class Stages:
    """Adds up the processor time of one thread by stage; a stage within another one counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner: list[float] = []

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Count what is done within as this stage."""
        started = time.thread_time()
        self._inner.append(0.0)
        try:
            yield
        finally:
            took = time.thread_time() - started
            self.add({stage: took - self._inner.pop()})
            if self._inner:
                self._inner[-1] += took

    def add(self, seconds: Mapping[str, float]) -> None:
        """Count what another thread or process measured."""
        for stage, more in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + more
