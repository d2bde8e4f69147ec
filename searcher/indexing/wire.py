"""What passes between the process that indexes and its workers: MessagePack, each message after its length."""

from __future__ import annotations

from typing import BinaryIO, Final

import msgspec

from searcher.codec.schemas import SchemaData
from searcher.indexing.batches import Batch, Built

_LENGTH_BYTES: Final = 8


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


_encoder: Final = msgspec.msgpack.Encoder()
_decoder: Final = msgspec.msgpack.Decoder(Setup | Work | Done | Failed)


def send(stream: BinaryIO, message: Setup | Work | Done | Failed) -> None:
    """Write a message; raises OSError where nobody reads."""
    raw = _encoder.encode(message)
    stream.write(len(raw).to_bytes(_LENGTH_BYTES, "little"))
    stream.write(raw)
    stream.flush()


def receive(stream: BinaryIO) -> Setup | Work | Done | Failed | None:
    """Read a message; returns None where the stream has ended, even within one."""
    length = stream.read(_LENGTH_BYTES)
    if len(length) < _LENGTH_BYTES:
        return None
    size = int.from_bytes(length, "little")
    raw = stream.read(size)
    return _decoder.decode(raw) if len(raw) == size else None
