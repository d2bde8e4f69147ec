"""What is asked of the index, in words that another process understands, and what is made of it."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from searcher.web.leases import Lease

HTML: Final = "text/html"
JSON: Final = "application/json"
_PACKED_FROM: Final = 1_400
"""Bytes that fit into one packet are not worth packing."""


class Job(msgspec.Struct, frozen=True, tag=True):
    """A question to the index: a page or an object to be made, in the language and at the address of its request."""

    @property
    def media_type(self) -> str:
        """What is made."""
        return HTML

    def make(self, lease: Lease) -> bytes:
        """Return what is made of the index; raises what the index raises."""
        raise NotImplementedError


class JsonJob(Job, frozen=True):
    """A question that is answered with JSON."""

    @property
    def media_type(self) -> str:
        return JSON


class Made(msgspec.Struct, frozen=True, tag=True):
    """What was made of the index in the state `version`; `packed` is the same by gzip, b"" where that doesn't pay."""

    version: str
    body: bytes
    packed: bytes


def done(job: Job, lease: Lease) -> Made:
    """Return what a job makes; raises as `Job.make` does."""
    body = job.make(lease)
    return Made(lease.index.version, body, packed(body))


def packed(body: bytes) -> bytes:
    """Return the body by gzip, b"" where that doesn't pay."""
    return gzip.compress(body, 1, mtime=0) if len(body) >= _PACKED_FROM else b""
