"""What a run of indexing did, and how its progress is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from searcher.article import VIETNAM
from searcher.lastrun import MOST_LISTED, LastRun, Unread
from searcher.sources import Rejected, Remark
from searcher.sources.names import has_no_article


class Summary(msgspec.Struct):
    """What a run did.

    - `undated` counts the articles that were taken without the date that they give, as it can't be used;
      `date_refusals` says of the first of them why.
    - `unknown_tags` counts the given provinces and topics that stand for nothing known, by value; what the articles
      lack for it was inferred.
    - `passed_over` counts the files in folders and archives that are of no kind that is read, by the ending of their
      names ("" for none); `passed_over_files` are the first of them.
    - `not_pruned` counts articles whose file has gone and that stay, because they are more than half of the index.
    - `remarks` are what is worth knowing though no article lost anything, such as columns that were not used.
    - `seconds` is wall time; `stages` is processor time by stage, of all processes together.
    - `index_bytes` is the size on disk after it, `peak_bytes` the memory of all processes: the sum of what each had at
      most, 0 where the system doesn't say; `jobs` is how many made segments.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    removed: int = 0
    rejected: list[Rejected] = msgspec.field(default_factory=list)
    undated: int = 0
    date_refusals: list[Rejected] = msgspec.field(default_factory=list)
    unknown_tags: dict[str, int] = msgspec.field(default_factory=dict)
    passed_over: dict[str, int] = msgspec.field(default_factory=dict)
    passed_over_files: list[str] = msgspec.field(default_factory=list)
    not_pruned: int = 0
    remarks: list[Remark] = msgspec.field(default_factory=list)
    seconds: float = 0.0
    index_bytes: int = 0
    stages: dict[str, float] = msgspec.field(default_factory=dict)
    peak_bytes: int = 0
    jobs: int = 1

    @property
    def is_whole(self) -> bool:
        """Whether everything could be read, dates too, and no file was passed over that may hold text."""
        return not self.rejected and not self.undated and all(map(has_no_article, self.passed_over))

    @property
    def unread(self) -> list[Rejected]:
        """What could not be read, articles first, then dates."""
        return [*self.rejected, *self.date_refusals]

    def kept(self) -> LastRun:
        """Return what is kept of the run, which ended now."""
        return LastRun(
            datetime.now(VIETNAM),
            self.seconds,
            self.added,
            self.updated,
            self.unchanged,
            self.removed,
            len(self.rejected),
            self.undated,
            self.passed_over,
            tuple(Unread(one.file, one.line, one.reason) for one in self.unread[:MOST_LISTED]),
        )

    @property
    def articles(self) -> int:
        """Articles read, whatever became of them."""
        return self.added + self.updated + self.unchanged

    @property
    def articles_per_second(self) -> float:
        """Articles read a second, over the whole run."""
        return self.articles / self.seconds if self.seconds else 0.0


Progress = Callable[[int, int], None]
"""Called with the bytes done with since the last call and the articles done with so far."""
