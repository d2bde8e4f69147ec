"""What a run of fetching did."""

from __future__ import annotations

import msgspec

from searcher.fetching.failures import Failure


class FetchSummary(msgspec.Struct):
    """Counts are of pages.

    - `new` came for the first time, `changed` came again and differ, `unchanged` are as they were.
    - `disallowed` are those that a robots.txt asks not to fetch.
    - `left` are known and wait for the next run: over the limit, out of time, or on a host in trouble.
    - `planned` is what a dry run would have asked for.
    - `seconds` is wall time, `bytes` what came over the network, as it was compressed.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    failures: list[Failure] = msgspec.field(default_factory=list)
    disallowed: list[str] = msgspec.field(default_factory=list)
    left: int = 0
    planned: list[str] = msgspec.field(default_factory=list)
    lists: int = 0
    requests: int = 0
    bytes: int = 0
    seconds: float = 0.0

    @property
    def usable(self) -> bool:
        """Whether anything that was asked for could be had."""
        return bool(self.new + self.changed + self.unchanged + self.lists + len(self.planned))


class Progress(msgspec.Struct, frozen=True):
    """Where a run stands: pages done of those known so far, and the URL that was asked for last."""

    done: int
    known: int
    new: int
    failed: int
    url: str
