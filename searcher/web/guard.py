"""What stands before every handler: who may ask, from where, with what, and the headers of every answer."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from litestar.enums import HttpMethod, ScopeType

from searcher.messages import _, speaking
from searcher.web.languages import COOKIE, chosen_language
from searcher.web.pages import here
from searcher.web.settings import LOOPBACK, Settings

if TYPE_CHECKING:
    from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)


class Guard:
    """ASGI middleware.

    - The Host must be this server's own, so that no name which is made to point here can read it (DNS rebinding).
    - Where the server has a token, a request must know it: in the address once, then in a cookie that scripts can't
      read and other sites don't send, or as `Authorization: Bearer`.
    - What changes something must come from a page of this server (its Origin), or bear the token in its header.
    - Each request is answered in its reader's language, and with the headers that keep a page from harm.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings
        self._cookie = f"searcher_token_{settings.port}"
        self._names = {*LOOPBACK, settings.host.lower(), socket.gethostname().lower()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":  # type: ignore[comparison-overlap]
            await self._app(scope, receive, send)
        elif scope["type"] == ScopeType.HTTP:
            await self._guarded(scope, receive, send)

    async def _guarded(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        cookies = _cookies(headers.get("cookie", ""))
        here.set(_address(scope))
        with speaking(chosen_language(cookies.get(COOKIE), headers.get("accept-language", ""))):

            async def send_with_headers(message: Message) -> None:
                if message["type"] == "http.response.start":
                    message["headers"] = [*message.get("headers", ()), *_HEADERS]
                await send(message)

            if not self._is_own(headers.get("host", "")):
                refusal = _("This server does not answer to that name. Open it by the address that it printed.")
                await _refuse(send_with_headers, 421, refusal)
            elif self._settings.token and not (bearer := self._bears(headers)) and not self._knows(cookies):
                await self._let_in(scope, send_with_headers)
            elif (
                scope["method"] not in _SAFE and not (self._settings.token and bearer) and not _is_same_origin(headers)
            ):
                refusal = _("This can only be done from a page of this server itself.")
                await _refuse(send_with_headers, 403, refusal)
            elif scope["method"] == "HEAD":  # the server below leaves the body out
                await self._app({**scope, "method": HttpMethod.GET}, receive, send_with_headers)
            else:
                await self._app(scope, receive, send_with_headers)

    def _is_own(self, host: str) -> bool:
        """Whether a request was meant for this server: for its name, or for an address, which nobody can repoint."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._names:
            return True
        if self._settings.is_local:
            return False
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True

    def _bears(self, headers: dict[str, str]) -> bool:
        scheme, _space, given = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self._is_token(given.strip())

    def _knows(self, cookies: dict[str, str]) -> bool:
        return self._is_token(cookies.get(self._cookie, ""))

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._settings.token.encode())

    async def _let_in(self, scope: HTTPScope, send: Send) -> None:
        """Answer who has the token in the address with a cookie and the address without it, and others with no."""
        query = scope["query_string"].decode("latin-1")
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=1000) if len(query) < 20_000 else []
        given = next((value for name, value in pairs if name == "token"), "")
        if scope["method"] not in ("GET", "HEAD") or not self._is_token(given):
            refusal = _("This server wants its token: open the whole address that it printed when it was started.")
            await _refuse(send, 401, refusal)
            return
        rest = urlencode([(name, value) for name, value in pairs if name != "token"])
        path = _address(scope).partition("?")[0]
        cookie = f"{self._cookie}={self._settings.token}; Path=/; HttpOnly; SameSite=Strict"
        headers = [
            (b"location", (f"{path}?{rest}" if rest else path).encode("latin-1")),
            (b"set-cookie", cookie.encode("latin-1")),
            (b"cache-control", b"no-store"),
            (b"content-length", b"0"),
        ]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _address(scope: HTTPScope) -> str:
    path = "/" + scope["raw_path"].decode("latin-1").split("?")[0].lstrip("/")
    query = scope["query_string"].decode("latin-1")
    return f"{path}?{query}" if query else path


def _cookies(header: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def _is_same_origin(headers: dict[str, str]) -> bool:
    """Whether a page of this server sent this; browsers send Origin with every POST."""
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host") and urlsplit(origin).scheme == "http"


async def _refuse(send: Send, status: int, sentence: str) -> None:
    body = f"{sentence}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
