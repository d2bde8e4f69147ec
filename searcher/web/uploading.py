"""Files dropped onto the page: kept, and read by the same reader with its bounds; off unless the server allows it."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import re
import secrets
import threading
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import State, UploadFile
from litestar.enums import RequestEncodingType
from litestar.exceptions import NotFoundException
from litestar.params import Body
from litestar.response import Redirect, ServerSentEvent, ServerSentEventMessage

from searcher.errors import IndexLocked, SearcherError
from searcher.messages import _
from searcher.storage import folder_of
from searcher.web.answering import TooMuch
from searcher.web.settings import Settings

FOLDER: Final = "uploads"
"""Where uploaded files are kept, below the folder of the index: articles name the file they came from."""
_BLOCK: Final = 256 * 1024
_UPLOAD_S: Final = 600.0
_TELL_S: Final = 0.25
_NAME: Final = re.compile(r"[^\w.() -]+")
_MAX_NAME: Final = 100


class Run(msgspec.Struct):
    """A run of indexing over uploaded files, and how far it is; `problem` says why it failed."""

    articles: int = 0
    bytes: int = 0
    total: int = 0
    done: bool = False
    problem: str = ""


class Uploads:
    """Runs of indexing, one at a time."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = threading.Lock()
        self.run: Run | None = None

    @property
    def allowed(self) -> bool:
        """Whether anybody may."""
        return self._settings.allow_upload

    def start(self, files: list[Path]) -> None:
        """Index these files in a thread; raises IndexLocked where a run is under way."""
        with self._lock:
            if self.run is not None and not self.run.done:
                raise IndexLocked(_("Other files are being read. Please wait until that is done."))
            self.run = run = Run(total=sum(file.stat().st_size for file in files))
        context = contextvars.copy_context()
        threading.Thread(target=context.run, args=(self._index, run, files), name="upload", daemon=True).start()

    def _index(self, run: Run, files: list[Path]) -> None:
        from searcher.indexing import index_paths

        def progress(count: int, articles: int) -> None:
            run.bytes += count
            run.articles = articles

        try:
            index_paths(folder_of(self._settings.location), files, jobs=1, on_progress=progress)
        except SearcherError as error:
            run.problem = str(error)
        except Exception:  # the page has to hear that it is over, whatever it is
            logging.getLogger(__name__).exception("reading uploaded files failed")
            run.problem = _("Something went wrong here; the server's log says more.")
        finally:
            run.done = True

    async def keep(self, given: list[UploadFile]) -> list[Path]:
        """Write uploaded files below the index and return where they lie; raises TooMuch."""
        settings = self._settings
        if len(given) > settings.max_upload_files:
            raise TooMuch(_("That is more than this server takes at once."))
        folder = folder_of(settings.location) / FOLDER / secrets.token_hex(8)
        kept: list[Path] = []
        left = settings.max_upload_bytes
        try:
            for number, file in enumerate(given, 1):
                folder.mkdir(parents=True, exist_ok=True)
                target = folder / _safe_name(file.filename, number)
                with target.open("xb") as out:
                    kept.append(target)
                    while block := await file.read(_BLOCK):
                        left -= len(block)
                        if left < 0:
                            raise TooMuch(_("That is more than this server takes at once."))
                        await asyncio.to_thread(out.write, block)
        except BaseException:
            _remove(folder, kept)
            raise
        return kept


def _remove(folder: Path, files: list[Path]) -> None:
    with suppress(OSError):
        for file in files:
            file.unlink(missing_ok=True)
        folder.rmdir()


def _safe_name(name: str, number: int) -> str:
    """Return a name for an uploaded file that is one of its folder, whatever was given: its end says what it is.

    >>> _safe_name("../../etc/passwd.txt", 1), _safe_name("C:\\\\tin\\\\bài 1.docx", 2), _safe_name("..", 3)
    ('1-passwd.txt', '2-bài 1.docx', '3-')
    """
    last = re.split(r"[/\\]", name)[-1].lstrip(".")
    return f"{number}-{_NAME.sub('_', last)[-_MAX_NAME:]}"


@post("/index/upload", include_in_schema=False, status_code=303)
async def upload(
    request: Request[Any, Any, Any],
    state: State,
    data: Annotated[dict[str, Any], Body(media_type=RequestEncodingType.MULTI_PART)],
) -> Response[Any]:
    """Take files, and have them read; the page says how far that is."""
    uploads: Uploads = state.uploads
    if not uploads.allowed:
        raise NotFoundException
    values = [one for value in data.values() for one in (value if isinstance(value, list) else [value])]
    files = [one for one in values if isinstance(one, UploadFile) and one.filename]
    async with asyncio.timeout(_UPLOAD_S):
        kept = await uploads.keep(files)
    if kept:
        uploads.start(kept)
    return Redirect("/index#upload", status_code=303)


@get("/index/progress", include_in_schema=False)
async def progress(state: State) -> ServerSentEvent:
    """How far the reading of uploaded files is, as events, until it is done."""
    uploads: Uploads = state.uploads
    if not uploads.allowed:
        raise NotFoundException

    async def events() -> AsyncIterator[ServerSentEventMessage]:
        while True:
            run = uploads.run or Run(done=True)
            data = msgspec.json.encode(run).decode()
            yield ServerSentEventMessage(data=data, event="done" if run.done else "progress")
            if run.done:
                return
            await asyncio.sleep(_TELL_S)

    return ServerSentEvent(events())
