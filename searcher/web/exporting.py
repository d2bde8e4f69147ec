"""Every hit of a search for other programs, written as it is read; and a feed of the newest."""

from __future__ import annotations

import asyncio
import csv
import io
import re
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from itertools import islice
from typing import IO, TYPE_CHECKING, Any, Final, TypeVar

import msgspec
from litestar import Request, Response, get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Stream
from msgspec.structs import replace

from searcher.about import DISTRIBUTION
from searcher.analysis import fold
from searcher.errors import SearcherError
from searcher.harmless import harmless_json
from searcher.messages import _
from searcher.query.rows import HIT_COLUMNS, csv_cell, hit_row, plain_cell
from searcher.web.addresses import Asked, article_address
from searcher.web.answering import TooBusy, TooSlow
from searcher.web.answers import answered
from searcher.web.jobs import Job
from searcher.web.pages import render
from searcher.web.searching import run

if TYPE_CHECKING:
    from searcher.query.results import Hit
    from searcher.web.leases import Lease, SharedIndex

T = TypeVar("T")

_ROWS: Final = 200
"""Hits that are read and sent at a time."""
_BLOCK: Final = 64 * 1024
_MOST_SHEET_ROWS: Final = 100_000
"""Rows of a workbook: it is written whole before it is sent, and no spreadsheet is pleasant with more."""
_FEED: Final = 50
_NOT_IN_XML: Final = dict.fromkeys((0xFFFE, 0xFFFF))
"""What XML 1.0 can't hold of what `harmless` lets through."""
_WORKBOOK: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Exports:
    """Exports under way: few at a time, each in a thread of its own, so that searches do not wait for them."""

    def __init__(self, shared: SharedIndex, *, most: int, seconds: float, stalled_s: float) -> None:
        self.shared = shared
        self._most = most
        self._seconds = seconds
        self._stalled_s = stalled_s
        self._moved: dict[object, float] = {}
        self._pool = ThreadPoolExecutor(max(most, 1), thread_name_prefix="export")

    @contextmanager
    def place(self) -> Iterator[Callable[[], None]]:
        """Take one of the places, and give what is to be called whenever the export gets on.

        Raises TooBusy where all are taken by others that do: who does not fetch what they asked for keeps nobody out.
        """
        now = time.monotonic()
        if sum(now - moved < self._stalled_s for moved in self._moved.values()) >= self._most:
            raise TooBusy(_("Other exports are under way. Please try again in a moment."))
        own = object()

        def moves() -> None:
            self._moved[own] = time.monotonic()

        moves()
        try:
            yield moves
        finally:
            del self._moved[own]

    async def call(self, make: Callable[[], T]) -> T:
        """Return what is made in a thread; raises TooSlow."""
        work = asyncio.get_running_loop().run_in_executor(self._pool, copy_context().run, make)
        try:
            return await asyncio.wait_for(work, self._seconds)
        except TimeoutError:
            raise TooSlow(_("This export took too long and was given up. Try a narrower search.")) from None

    def close(self) -> None:
        """Take no more."""
        self._pool.shutdown(wait=False, cancel_futures=True)


@get("/search.csv", include_in_schema=False)
async def search_csv(state: State, asked: NamedDependency[Asked]) -> Stream:
    """Every hit as CSV, as `searcher query --csv` prints it."""
    return await _streamed(state.exports, asked, _csv, "csv", "text/csv")


@get("/search.jsonl", include_in_schema=False)
async def search_jsonl(state: State, asked: NamedDependency[Asked]) -> Stream:
    """Every hit with its whole article, a line each, as `searcher query --jsonl` prints it."""
    return await _streamed(state.exports, asked, _jsonl, "jsonl", "application/x-ndjson")


@get("/search.xlsx", include_in_schema=False)
async def search_xlsx(state: State, asked: NamedDependency[Asked]) -> Stream:
    """Every hit as a workbook."""
    return await _streamed(state.exports, asked, _workbook, "xlsx", _WORKBOOK)


@get("/search.atom", include_in_schema=False)
async def search_atom(request: Request[Any, Any, Any], state: State, asked: NamedDependency[Asked]) -> Response[bytes]:
    """The newest hits as an Atom feed (RFC 4287)."""
    base = str(request.base_url).rstrip("/")
    return await answered(request, state, Feed(asked, base))


class Feed(Job, frozen=True):
    """The newest hits as a feed; `base` is the address of the server, as its reader has it."""

    asked: Asked
    base: str

    @property
    def media_type(self) -> str:
        return "application/atom+xml"

    def make(self, lease: Lease) -> bytes:
        asked, base = self.asked, self.base
        hits = run(lease, replace(asked, sort="newest", size=_FEED, page=1)).hits
        updated = max((one.article.published for one in hits if one.article.published), default=None)
        page, feed_address = asked.address(f"{base}/"), asked.address(f"{base}/search.atom")
        shown = [(hit, base + article_address(hit.article.id, asked)) for hit in hits]
        text = render("feed.xml", asked=asked, hits=shown, page=page, address=feed_address, updated=updated)
        return text.translate(_NOT_IN_XML).encode()


async def _streamed(
    exports: Exports, asked: Asked, write: Callable[[Iterator[Hit]], Iterator[bytes]], ending: str, media_type: str
) -> Stream:
    """Return the response that has every hit, once its beginning is there: what fails before that is said."""
    blocks = _blocks(exports, asked, write)
    first = await anext(blocks)

    async def all_blocks() -> AsyncIterator[bytes]:
        yield first
        async for block in blocks:
            yield block

    name = re.sub(r"[^a-z0-9]+", "-", fold(asked.q.lower())).strip("-")[:60] or "searcher"
    headers = {
        "content-disposition": f'attachment; filename="{name}.{ending}"',
        "cache-control": "private, no-store",
    }
    return Stream(all_blocks(), media_type=media_type, headers=headers)


async def _blocks(
    exports: Exports, asked: Asked, write: Callable[[Iterator[Hit]], Iterator[bytes]]
) -> AsyncIterator[bytes]:
    with exports.place() as moves, exports.shared.lease() as lease:

        def begin() -> Iterator[bytes]:
            hits = lease.index.export(asked.q, sort=asked.order, snippets=write is not _jsonl, **asked.filters)
            return write(hits)

        written = await exports.call(begin)
        while (block := await exports.call(lambda: next(written, None))) is not None:
            moves()
            yield block


def _csv(hits: Iterator[Hit]) -> Iterator[bytes]:
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    text.write("\ufeff")
    out.writerow(HIT_COLUMNS)
    while rows := list(islice(hits, _ROWS)):
        out.writerows([csv_cell(value) for value in hit_row(hit)] for hit in rows)
        yield text.getvalue().encode("utf-8", "replace")
        text.seek(0)
        text.truncate()
    yield text.getvalue().encode("utf-8", "replace")


def _jsonl(hits: Iterator[Hit]) -> Iterator[bytes]:
    while rows := list(islice(hits, _ROWS)):
        lines = (harmless_json(msgspec.json.encode(hit.printed_whole()).decode("utf-8")) for hit in rows)
        yield "".join(f"{line}\n" for line in lines).encode()
    yield b""


def _workbook(hits: Iterator[Hit]) -> Iterator[bytes]:
    """Yield a workbook; a text is text, also where it begins like a formula."""
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError as missing:
        text = _("Workbooks need the package {package}: pip install '{extra}'.")
        raise SearcherError(text.format(package="openpyxl", extra=f"{DISTRIBUTION}[web]")) from missing

    book = Workbook(write_only=True)
    sheet = book.create_sheet("searcher")
    sheet.append(HIT_COLUMNS)
    for hit in islice(hits, _MOST_SHEET_ROWS):
        cells = []
        for value in map(plain_cell, hit_row(hit)):
            cell = WriteOnlyCell(sheet, value.translate(_NOT_IN_XML) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    if next(hits, None) is not None:
        sheet.append([_("Only the first {count} hits; CSV has all.").format(count=_MOST_SHEET_ROWS)])
    with tempfile.TemporaryFile() as file:
        book.save(file)
        file.seek(0)
        yield from _read(file)


def _read(file: IO[bytes]) -> Iterator[bytes]:
    while block := file.read(_BLOCK):
        yield block
