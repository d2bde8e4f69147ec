"""What passes between the server and the processes that make its answers."""

from __future__ import annotations

from typing import Final

import msgspec

from searcher import errors
from searcher.errors import SearcherError
from searcher.web.jobs import Job, Made


class Start(msgspec.Struct, frozen=True, tag=True):
    """The first message to a worker: the index that it is to open."""

    location: str


class Ask(msgspec.Struct, frozen=True, tag=True):
    """A job for a worker: in which language, and at which address of a page."""

    language: str
    here: str
    job: Job


class Ready(msgspec.Struct, frozen=True, tag=True):
    """The index is open."""


class Refused(msgspec.Struct, frozen=True, tag=True):
    """Why nothing was made: the name of an error of ours with its sentence, or "" for a mistake in the program."""

    kind: str
    sentence: str

    def error(self) -> Exception:
        """Return the error, to be raised."""
        kind = getattr(errors, self.kind, None) if self.kind else None
        if isinstance(kind, type) and issubclass(kind, SearcherError):
            return kind(self.sentence)
        return (
            RuntimeError("a worker failed; its trace stands above") if not self.kind else SearcherError(self.sentence)
        )


_answers: Final = msgspec.msgpack.Decoder(Ready | Made | Refused)


def answer_of(raw: bytes | None) -> Ready | Made | Refused | None:
    """Return what a worker answers; None where it has ended."""
    return None if raw is None else _answers.decode(raw)
