"""A worker process: reads batches from its standard input, writes segments' files, answers on its standard output.

It ends with its input. When the process that started it ends in whatever way, the input ends too, and the worker stops
at once, in the middle of its work: what it wrote so far counts for nothing, and the next writer removes it.
"""

from __future__ import annotations

import gc
import os
import queue
import signal
import threading
import traceback
from pathlib import Path
from typing import IO, Final

from searcher.codec.schemas import make_schema
from searcher.indexing.batches import BatchBuilder
from searcher.indexing.wire import Done, Failed, Setup, Work, work_of
from searcher.processes import encoded, own_streams, receive, send

_OBJECTS_BETWEEN_COLLECTIONS: Final = 100_000


def main() -> None:
    """Work until the input ends."""
    # Tables stay, and articles make no cycles; looking through all of it again and again takes a share of the time.
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the first one decides
    source, answers = own_streams()
    waiting: queue.SimpleQueue[Work] = queue.SimpleQueue()
    setup = work_of(receive(source))
    if not isinstance(setup, Setup):
        return
    threading.Thread(target=_listen, args=(source, waiting), daemon=True).start()
    builder = BatchBuilder(make_schema(setup.fields), Path(setup.folder), setup.indexname)
    while True:
        send(answers, encoded(answer(builder, waiting.get())))


def _listen(source: IO[bytes], waiting: queue.SimpleQueue[Work]) -> None:
    while isinstance(message := work_of(receive(source)), Work):
        waiting.put(message)
    os._exit(0)


def answer(builder: BatchBuilder, work: Work) -> Done | Failed:
    """Return the segment of a batch, or why there is none."""
    try:
        return Done(builder.build(work.batch))
    except OSError as error:
        return Failed(error.errno or 0, error.strerror or str(error), traceback.format_exc())
    except Exception as error:
        return Failed(0, f"{type(error).__name__}: {error}", traceback.format_exc())
