"""A worker process of indexing into a cluster: reads batches from its standard input, sends them, answers what it did.

It ends with its input, as those of an index in a folder do (`searcher.indexing.worker`).
"""

from __future__ import annotations

import os
import queue
import signal
import threading
import traceback
from typing import IO, Any, Final

import msgspec

from searcher.cluster.sending import BatchSender, Sent, Target
from searcher.errors import SearcherError
from searcher.indexing.pool import Program
from searcher.indexing.wire import Failed, Work
from searcher.processes import encoded, own_streams, receive, send


class Done(msgspec.Struct, tag=True):
    """A batch that was sent."""

    built: Sent


_questions: Final[msgspec.msgpack.Decoder[Any]] = msgspec.msgpack.Decoder(Target | Work)
_answers: Final[msgspec.msgpack.Decoder[Any]] = msgspec.msgpack.Decoder(Done | Failed)


def program(target: Target) -> Program:
    """Return what workers run that send batches somewhere."""
    return Program("searcher.cluster.worker", target, _answers)


def main() -> None:
    """Work until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the first one decides
    source, answers = own_streams()
    waiting: queue.SimpleQueue[Work] = queue.SimpleQueue()
    target = _told(source)
    if not isinstance(target, Target):
        return
    threading.Thread(target=_listen, args=(source, waiting), daemon=True).start()
    sender: BatchSender | None = None
    while True:
        work = waiting.get()
        try:
            sender = sender or BatchSender(target)
            answer: Done | Failed = Done(sender.build(work.batch))
        except SearcherError as error:
            answer = Failed(0, str(error), traceback.format_exc())
        except Exception as error:
            answer = Failed(0, f"{type(error).__name__}: {error}", traceback.format_exc())
        send(answers, encoded(answer))


def _told(source: IO[bytes]) -> Any:
    raw = receive(source)
    return None if raw is None else _questions.decode(raw)


def _listen(source: IO[bytes], waiting: queue.SimpleQueue[Work]) -> None:
    while isinstance(message := _told(source), Work):
        waiting.put(message)
    os._exit(0)
