"""A process that makes answers: opens the index, reads jobs from its standard input, answers on its standard output.

It ends with its input, so with the server that started it, at the latest when the job in hand is done.
"""

from __future__ import annotations

import gc
import logging
import signal
from contextlib import suppress
from typing import Final

import msgspec

from searcher.errors import SearcherError
from searcher.messages import speaking
from searcher.processes import encoded, own_streams, receive, send
from searcher.web import charting, exporting, helping, holdings, reading, searching
from searcher.web.addresses import Asked
from searcher.web.jobs import Made, done
from searcher.web.leases import SharedIndex
from searcher.web.pages import here
from searcher.web.wire import Ready, Refused, Start

AnyJob = (
    searching.SearchPage
    | searching.SearchObject
    | searching.Suggestions
    | reading.ArticlePage
    | reading.ArticleObject
    | reading.CopiesPart
    | reading.SimilarObjects
    | charting.TrendsPage
    | charting.TrendsNumbers
    | charting.TrendsTable
    | holdings.IndexPage
    | holdings.IndexObject
    | helping.DocsPage
    | exporting.Feed
)


class Asking(msgspec.Struct, frozen=True, tag="Ask"):
    """`wire.Ask` as it is read: of the jobs that there are."""

    language: str
    here: str
    job: AnyJob


_start: Final = msgspec.msgpack.Decoder(Start)
_asking: Final = msgspec.msgpack.Decoder(Asking)
_YOUNG: Final = 50_000
"""Objects until garbage is looked for: a page makes few that refer to each other."""


def main() -> None:
    """Work until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches all processes of a terminal; the server decides
    source, answers = own_streams()
    raw = receive(source)
    if raw is None:
        return
    try:
        shared = SharedIndex(_start.decode(raw).location)
    except SearcherError as error:
        send(answers, encoded(Refused(type(error).__name__, str(error))))
        return
    _warm(shared)
    gc.freeze()
    gc.set_threshold(_YOUNG)
    send(answers, encoded(Ready()))
    while (raw := receive(source)) is not None:
        send(answers, encoded(_answer(shared, _asking.decode(raw))))


def _warm(shared: SharedIndex) -> None:
    """Make the first page, so that the first one asked for does not wait for what all of them need."""
    with suppress(SearcherError), shared.lease() as lease:
        done(searching.SearchPage(Asked()), lease)


def _answer(shared: SharedIndex, asking: Asking) -> Made | Refused:
    here.set(asking.here)
    try:
        with speaking(asking.language), shared.lease() as lease:
            return done(asking.job, lease)
    except SearcherError as error:
        return Refused(type(error).__name__, str(error))
    except Exception:
        logging.getLogger(__name__).exception("failed")
        return Refused("", "")
