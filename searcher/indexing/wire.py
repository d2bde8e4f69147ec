"""What passes between the process that indexes and its workers."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from searcher.codec.schemas import SchemaData
from searcher.indexing.batches import Batch, Built


class Setup(msgspec.Struct, tag=True):
    """The first message to a worker: the index that it writes segments of."""

    folder: str
    indexname: str
    fields: SchemaData


class Work(msgspec.Struct, tag=True):
    """A batch for a worker."""

    batch: Batch


class Done(msgspec.Struct, tag=True):
    """A batch's segment."""

    built: Built


class Failed(msgspec.Struct, tag=True):
    """Why there is no segment: `errno` and `text` of an OSError, or `errno` 0 and what else went wrong."""

    errno: int
    text: str
    trace: str


_works: Final = msgspec.msgpack.Decoder(Setup | Work)
answers: Final[msgspec.msgpack.Decoder[Any]] = msgspec.msgpack.Decoder(Done | Failed)
"""Reads what a worker answers."""


def work_of(raw: bytes | None) -> Setup | Work | None:
    """Return what a worker is told; None where there is nothing more."""
    return None if raw is None else _works.decode(raw)
