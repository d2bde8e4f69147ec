"""Many changes at once: collected, sent, and sent again where the cluster had too much to do."""

from __future__ import annotations

import random
import time
from typing import Any, Final

import msgspec

from searcher.cluster.client import BLOCKED, Client, Refused, decoded
from searcher.errors import IndexUnusable
from searcher.harmless import harmless
from searcher.messages import _

MOST_BYTES: Final = 2_000_000
_TRIES: Final = 8
_FIRST_PAUSE_S: Final = 0.25
_MOST_PAUSE_S: Final = 20.0
_AGAIN: Final = (429, 502, 503, 504)
_FINE: Final = (404, 409)
"""What is deleted may be gone already, and what is counted may have been counted later by others."""


class _Reason(msgspec.Struct):
    type: str = ""
    reason: str | None = None


class _Outcome(msgspec.Struct):
    status: int
    id: str = msgspec.field(name="_id", default="")
    error: _Reason | None = None


class _Answer(msgspec.Struct):
    errors: bool
    items: list[dict[str, _Outcome]] = []


class Bulk:
    """Collects changes and sends them whenever there are enough; every one may be sent twice.

    Raises Refused where the cluster takes no more, also when asked again, and IndexUnusable for a change that it can't
    take at all.
    """

    def __init__(self, client: Client) -> None:
        self._client = client
        self._encode = msgspec.json.Encoder().encode
        self._changes: list[bytes] = []
        self._bytes = 0

    def add(self, action: dict[str, Any], document: Any = None) -> None:
        """Take a change."""
        change = self._encode(action) + b"\n"
        if document is not None:
            change += self._encode(document) + b"\n"
        self._changes.append(change)
        self._bytes += len(change)
        if self._bytes >= MOST_BYTES:
            self.send()

    def send(self) -> None:
        """Send what was collected."""
        changes, self._changes, self._bytes = self._changes, [], 0
        for attempt in range(_TRIES):
            if not changes:
                return
            changes, refused = self._sent(changes)
            if not changes:
                return
            if attempt == _TRIES - 1:
                raise refused
            time.sleep(min(_MOST_PAUSE_S, _FIRST_PAUSE_S * (1 << attempt)) * random.uniform(0.5, 1.0))

    def _sent(self, changes: list[bytes]) -> tuple[list[bytes], Refused]:
        """Send changes once; returns those that the cluster had no time for, and what it said."""
        path = "/_bulk?filter_path=errors,items.*.status,items.*._id,items.*.error"
        raw = self._client.ask("POST", path, b"".join(changes), kind="application/x-ndjson")
        again, refused = [], Refused(429, "", "")
        answer = decoded(raw, _Answer)
        if not answer.errors:
            return [], refused
        if len(answer.items) != len(changes):
            raise IndexUnusable(_("The cluster answered for other articles than were sent."))
        for change, item in zip(changes, answer.items, strict=True):
            (outcome,) = item.values()
            if outcome.status < 300 or outcome.status in _FINE:
                continue
            error = outcome.error or _Reason()
            if outcome.status in _AGAIN and error.type != BLOCKED:
                again.append(change)
                refused = Refused(outcome.status, error.type, error.reason or "")
            elif outcome.status == 403 or error.type == BLOCKED:
                raise Refused(outcome.status, error.type, error.reason or "")
            else:
                text = _("The cluster can't take the article '{id}': {reason}.")
                raise IndexUnusable(text.format(id=harmless(outcome.id), reason=harmless(error.reason or error.type)))
        return again, refused
