"""Connections of httpx that reach checked addresses only.

A name is resolved once for a connection, the addresses it gave are checked, and the connection goes to one of these
very addresses: a name that leads elsewhere at the next look (DNS rebinding) gains nothing by it.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from typing import Any, Final

import httpcore2
import httpx2

from searcher.fetching.addresses import is_public
from searcher.fetching.failures import Failed
from searcher.messages import _

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Gives the addresses of a host name; raises OSError where it has none."""

_TRIED_ADDRESSES: Final = 4
_ENCODINGS: Final = {(b"content-encoding", b"x-gzip"): b"gzip"}  # RFC 9110, 8.4.1.3: two names for one


async def resolve(host: str, port: int) -> list[str]:
    """Return the addresses that the system's resolver has for a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class CheckedBackend(httpcore2.AsyncNetworkBackend):
    """Opens the pool's TCP connections: only to public addresses, or with `allow_private` to any."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        resolve: Resolve = resolve,
        backend: httpcore2.AsyncNetworkBackend | None = None,
    ) -> None:
        self._allow_private = allow_private
        self._resolve = resolve
        self._backend = backend or httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        """Connect to the first address of the host that answers; raises Failed where none is allowed or known."""
        try:
            async with asyncio.timeout(timeout):
                addresses = await self._resolve(host, port)
        except TimeoutError:
            raise httpcore2.ConnectTimeout from None
        except (OSError, UnicodeError):
            raise Failed("dns", _("There is no host '{host}'.").format(host=host), passing=True) from None
        allowed = [address for address in addresses if self._allow_private or is_public(address)]
        if not allowed:
            reason = _("'{host}' leads to {address}, which is no public address (--allow-private would fetch it).")
            raise Failed("address", reason.format(host=host, address=", ".join(addresses) or "–"))
        error: Exception = httpcore2.ConnectError()
        for address in allowed[:_TRIED_ADDRESSES]:
            try:
                return await self._backend.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as failed:
                error = failed
        raise error

    async def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore2.AsyncNetworkStream:
        """Refuse: no page lies behind a socket of this machine."""
        raise httpcore2.UnsupportedProtocol("unix sockets are not fetched from")

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await asyncio.sleep(seconds)


class _Stream(httpx2.AsyncByteStream):
    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


class CheckedTransport(httpx2.AsyncBaseTransport):
    """httpx's way to the network over `CheckedBackend`; what fails, fails with httpcore's errors or with Failed."""

    def __init__(self, backend: CheckedBackend, *, connections: int, keepalive_s: float) -> None:
        self._pool = httpcore2.AsyncConnectionPool(
            network_backend=backend,
            max_connections=connections,
            keepalive_expiry=keepalive_s,
            ssl_context=httpx2.create_ssl_context(),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request and return its response, the body yet to be read."""
        response = await self._pool.handle_async_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        headers = [
            (name, _ENCODINGS.get((name.lower(), value.strip().lower()), value)) for name, value in response.headers
        ]
        return httpx2.Response(
            response.status, headers=headers, stream=_Stream(response.stream), extensions=response.extensions
        )

    async def aclose(self) -> None:
        """Close every connection."""
        await self._pool.aclose()
