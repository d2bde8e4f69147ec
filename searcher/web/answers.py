"""Answers as HTTP has them: a page or JSON, packed where the browser can unpack, and 304 where nothing changed."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import msgspec
from litestar import Response
from litestar.exceptions import HTTPException

from searcher.about import VERSION
from searcher.article import VIETNAM
from searcher.errors import ArticleNotFound, BadFilter, IndexLocked, SearcherError
from searcher.harmless import harmless, harmless_json
from searcher.messages import _, language
from searcher.web.answering import Answering, TooBusy, TooMuch, TooSlow
from searcher.web.jobs import HTML, JSON, Job, Made, packed
from searcher.web.pages import here, render, static_files

if TYPE_CHECKING:
    from litestar import Request
    from litestar.datastructures import State

_AGAIN_S: Final = 1
_REVALIDATED: Final = {"vary": "Accept-Encoding, Accept-Language, Cookie", "cache-control": "private, no-cache"}
_STATUS: Final[Mapping[type[SearcherError], int]] = {
    BadFilter: 400,
    ArticleNotFound: 404,
    IndexLocked: 409,
    TooMuch: 413,
    TooBusy: 429,
}


class Problem(msgspec.Struct, frozen=True):
    """Why there is no answer: a sentence, and the status of the response."""

    status: int
    detail: str


def json_bytes(value: Any) -> bytes:
    """Return a value as JSON in which nothing commands a terminal or is HTML."""
    return harmless_json(msgspec.json.encode(value).decode("utf-8")).encode()


class Kept:
    """Answers that were made, by their tag, the least recently wanted ones forgotten first; for one thread."""

    def __init__(self, most_bytes: int) -> None:
        self._answers: OrderedDict[str, Made] = OrderedDict()
        self._most, self._bytes = most_bytes, 0

    def get(self, tag: str) -> Made | None:
        """Return an answer; None where it is not kept."""
        found = self._answers.get(tag)
        if found is not None:
            self._answers.move_to_end(tag)
        return found

    def keep(self, tag: str, answer: Made) -> None:
        """Keep an answer."""
        before = self._answers.pop(tag, None)
        self._bytes += _size(answer) - (_size(before) if before else 0)
        self._answers[tag] = answer
        while self._bytes > self._most:
            _tag, oldest = self._answers.popitem(last=False)
            self._bytes -= _size(oldest)


def _size(answer: Made) -> int:
    return len(answer.body) + len(answer.packed)


def respond(request: Request[Any, Any, Any], body: bytes, media_type: str) -> Response[bytes]:
    """Return the response with this body, packed where that pays and the browser takes it."""
    return _response(request, Made("", body, packed(body)), media_type, {})


async def answered(request: Request[Any, Any, Any], state: State, job: Job) -> Response[bytes]:
    """Return what a job makes of the index as a response.

    Where the browser has it of this commit already that is said (304); where it was made of this commit already, it is
    not made again.
    """
    kept: Kept = state.kept
    answering: Answering = state.answering
    tag = _tag(request, state.shared.version(), job.media_type)
    if tag in request.headers.get("if-none-match", ""):
        return Response(b"", status_code=304, headers={"etag": tag, **_REVALIDATED})
    answer = kept.get(tag)
    if answer is None:
        answer = await answering.ask(job)
        tag = _tag(request, answer.version, job.media_type)
        kept.keep(tag, answer)
    return _response(request, answer, job.media_type, {"etag": tag})


def _response(
    request: Request[Any, Any, Any], answer: Made, media_type: str, headers: Mapping[str, str]
) -> Response[bytes]:
    headers = {**headers, **_REVALIDATED}
    if answer.packed and "gzip" in request.headers.get("accept-encoding", ""):
        return Response(answer.packed, media_type=media_type, headers={**headers, "content-encoding": "gzip"})
    return Response(answer.body, media_type=media_type, headers=headers)


def _tag(request: Request[Any, Any, Any], version: str, media_type: str) -> str:
    """Return what an answer depends on, in short: the commit, the address, the language, the day, this program."""
    today = datetime.now(VIETNAM).date()
    host = request.headers.get("host", "")
    parts = (
        version,
        host,
        here.get(),
        media_type,
        language(),
        str(today),
        VERSION,
        static_files()["searcher.css"].address,
    )
    return f'W/"{hashlib.sha256(chr(10).join(parts).encode()).hexdigest()[:32]}"'


def wants_page(path: str) -> bool:
    """Return whether whoever asks for this path reads HTML."""
    return "." not in path.rpartition("/")[2] or (path.startswith("/article/") and not path.endswith(".json"))


def failed(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Return the response to a request that failed, as a page or as JSON, with a sentence and no trace."""
    headers = {}
    if isinstance(error, TooSlow):
        status, detail = 503, str(error)
    elif isinstance(error, SearcherError):
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 503)
        detail = str(error)
    elif isinstance(error, HTTPException):
        status, detail = error.status_code, _plain(error)
        headers = {name: value for name, value in (error.headers or {}).items() if name.lower() == "allow"}
    else:
        request.logger.exception("failed")
        status, detail = 500, _("Something went wrong here; the server's log says more.")
    if status in (429, 503):
        headers["retry-after"] = str(_AGAIN_S)
    detail = harmless(detail)
    if wants_page(request.scope["path"]):
        body, media_type = render("problem.html", detail=detail, status=status).encode(), HTML
    else:
        body, media_type = json_bytes(Problem(status, detail)), JSON
    return Response(body, status_code=status, media_type=media_type, headers={**headers, "cache-control": "no-store"})


def _plain(error: HTTPException) -> str:
    """Return a sentence for what the framework refuses."""
    if error.status_code == 404:
        return _("There is no such page.")
    if error.status_code == 405:
        return _("This address does not do that.")
    if error.status_code == 413:
        return _("That is more than this server takes at once.")
    extra = error.extra if isinstance(error.extra, list) else []
    named = ", ".join(str(one.get("key", "")) for one in extra if isinstance(one, dict) and one.get("key"))
    if named:
        return _("This can't be what was meant by: {parameters}.").format(parameters=named[:200])
    return _("This request can't be understood.")
