"""The index that all requests share: open once, opened again when something was committed, closed when nobody reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

from searcher.opening import open_index

if TYPE_CHECKING:
    from searcher.query.contract import Index


class Lease:
    """An open index, with how many read it, and what was found out about this state of it and is kept by name."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.readers = 0
        self.kept: dict[str, Any] = {}


class SharedIndex:
    """Gives the index to as many threads as want it, always in its latest state.

    Raises what `open_location` raises, when it is made and whenever it is asked for an index that has gone since.
    """

    def __init__(self, location: str | Path, open_location: Callable[[str | Path], Index] = open_index) -> None:
        self._location = location
        self._open = open_location
        self._lock = Lock()
        self._current = Lease(open_location(location))

    @contextmanager
    def lease(self) -> Iterator[Lease]:
        """Give the index as it is now; it stays open until the end of the block."""
        taken = self._take()
        try:
            yield taken
        finally:
            self._give_back(taken)

    def version(self) -> str:
        """Return the version of the index as it is now; raises as `lease` does."""
        with self._lock:
            return self._latest().index.version

    def _take(self) -> Lease:
        with self._lock:
            lease = self._latest()
            lease.readers += 1
            return lease

    def _latest(self) -> Lease:
        if not self._current.index.is_current():
            before, self._current = self._current, Lease(self._open(self._location))
            if not before.readers:
                before.index.close()
        return self._current

    def _give_back(self, lease: Lease) -> None:
        with self._lock:
            lease.readers -= 1
            if not lease.readers and lease is not self._current:
                lease.index.close()

    def close(self) -> None:
        """Close the index; whoever still has it reads on until it is given back."""
        with self._lock:
            if not self._current.readers:
                self._current.index.close()
