"""The contract of an index that is filled: what a run over the sources needs of it, wherever it lies."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple, Protocol

import msgspec

from searcher.article import Article


class KnownArticle(NamedTuple):
    """The fingerprint of an article in the index, and the file it came from."""

    fingerprint: bytes
    file: str


class Fault(msgspec.Struct, frozen=True):
    """An article that was put and is not in the index, as tagging it failed by a fault of ours, which `name` names."""

    article_id: str
    file: str
    name: str


class Sink(Protocol):
    """An index that is open for writing; whoever opens one has its lock, or hears who has it.

    - Articles are in the index in the order in which they were put.
    - What was dropped is gone together with what is put next being there, never before it.
    - Its methods may raise OSError, and WorkerFailed where other processes do the work.
    """

    def __len__(self) -> int:
        """How many articles the index had when it was opened, less those that were dropped."""

    @property
    def look_ahead(self) -> int:
        """How many of the things read are best told of at once, by `expect`; 1 where that gains nothing."""

    def expect(self, coming: Iterable[tuple[str, str]]) -> None:
        """Hear the ids of articles that will be asked about next, each with its file where that holds nothing else."""

    def get(self, article_id: str) -> KnownArticle | None:
        """Return what is to be compared of an article that the index had, or None where it has none of this id."""

    def files(self) -> set[str]:
        """Return the files that articles came from, and maybe some whose articles are gone."""

    def of_file(self, file: str) -> Iterable[str]:
        """Return the ids of the articles that the index had from a file, without those that were dropped."""

    def put(self, article: Article, file: str) -> None:
        """Add an article that came from a file, of an id that the index has not or that was dropped."""

    def drop(self, article_id: str) -> bool:
        """Take out an article that the index had; returns whether there was one."""

    def replace(self, articles: Iterable[tuple[Article, str]]) -> None:
        """Put articles with their files in the place of those with the same ids, also of some put since opening."""

    def count_bytes(self, count: int) -> None:
        """Hear that so many bytes were read from the sources."""

    def advance(self) -> None:
        """Hear that one more thing was read: hand on what is full, and commit what is due."""

    def finish(self, *, optimize: bool) -> None:
        """Commit all; with `optimize` also have it be fast to read, as after a first run."""

    def close(self) -> None:
        """Let go of processes and of the lock; what was not committed is forgotten. It may be called twice."""

    @property
    def faults(self) -> list[Fault]:
        """The articles that were put and are not in the index, as they could not be tagged."""

    @property
    def jobs(self) -> int:
        """How many processes worked."""

    @property
    def peak_bytes(self) -> int:
        """The sum of the most memory that each of them had; 0 where the system doesn't say."""
