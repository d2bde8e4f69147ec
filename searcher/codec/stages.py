"""Where the time of indexing goes: seconds of processor time by stage."""

from __future__ import annotations

import time
from collections.abc import Mapping


class Stages:
    """Adds up the processor time of one thread by stage; a stage within another one counts for itself alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._inner: list[float] = []

    def __call__(self, stage: str) -> Stage:
        """Return a context of which what is done within counts as this stage."""
        return Stage(self.seconds, self._inner, stage)

    def add(self, seconds: Mapping[str, float]) -> None:
        """Count what another thread or process measured."""
        for stage, more in seconds.items():
            self.seconds[stage] = self.seconds.get(stage, 0.0) + more


class Stage:
    """A stage that is under way, to be entered once: several of them are for every article, so it is no generator."""

    __slots__ = ("_inner", "_name", "_seconds", "_started")

    def __init__(self, seconds: dict[str, float], inner: list[float], name: str) -> None:
        self._seconds, self._inner, self._name = seconds, inner, name
        self._started = 0.0

    def __enter__(self) -> None:
        self._inner.append(0.0)
        self._started = time.thread_time()

    def __exit__(self, *_exc: object) -> None:
        took = time.thread_time() - self._started
        inner = self._inner
        self._seconds[self._name] = self._seconds.get(self._name, 0.0) + took - inner.pop()
        if inner:
            inner[-1] += took
