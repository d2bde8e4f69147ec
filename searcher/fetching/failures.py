"""What fetching a page can come to instead of a page."""

from __future__ import annotations

import msgspec


class Failed(Exception):
    """Raised inside fetching/ where a URL gives nothing; it becomes a `Failure`.

    - `passing` says that it may be otherwise another time: a page that failed so is asked for again in later runs.
    - `retry` says that it is worth another try in this run, after `wait_s` seconds if the server named a time.
    """

    def __init__(
        self, code: str, reason: str, *, passing: bool = False, retry: bool = False, wait_s: float | None = None
    ) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.passing = passing or retry
        self.retry = retry
        self.wait_s = wait_s


class Failure(msgspec.Struct, frozen=True):
    """A URL that could not be fetched: `reason` is one sentence in the user's language, `code` names its kind."""

    url: str
    code: str
    reason: str
