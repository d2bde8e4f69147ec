"""Requests to a cluster, over the standard library's HTTP: it starts in a few milliseconds, as every command has to.

- Connections are kept and shared by threads, each used by one at a time.
- What is asked is asked again, after a growing and random pause, where a host can't be reached, ends the connection or
  answers 429, 502, 503 or 504; another host is asked first where there are several. All that is sent may be sent twice.
- Sizes and times are bounded; certificates are verified, also against the file that SEARCHER_CA (`--ca`) names.
"""

from __future__ import annotations

import gzip
import http.client
import os
import random
import socket
import ssl
import threading
import time
import zlib
from contextlib import suppress
from typing import Any, Final, TypeVar

import msgspec

from searcher.about import VERSION
from searcher.cluster.address import CA, Address, Host, authorization
from searcher.errors import IndexUnusable, SearcherError
from searcher.harmless import harmless
from searcher.messages import _, number

CONNECT_S: Final = 10.0
ANSWER_S: Final = 60.0
TRIES: Final = 6
PATIENCE_S: Final = 120.0
"""So long one request is tried again in all."""
_FIRST_PAUSE_S: Final = 0.25
_MOST_PAUSE_S: Final = 15.0
_AVOIDED_S: Final = 30.0
"""So long a host that failed is asked only where no other is left."""
_AGAIN: Final = (429, 502, 503, 504)
BLOCKED: Final = "cluster_block_exception"
"""How the cluster names that an index takes nothing, as its disk is full or somebody locked it: it stays so."""
_COMPRESSED_FROM: Final = 2_000
MAX_ANSWER_BYTES: Final = 512 * 1024 * 1024
"""Bytes of one answer that are read, unpacked."""
_BLOCK: Final = 1 << 20
_MOST_REASON: Final = 300
_KEPT: Final = 8
"""Idle connections that are kept for each host."""


T = TypeVar("T")


class Refused(SearcherError):
    """The cluster answered that it can't; `status` is HTTP's, `kind` its name of the error, `reason` its words."""

    def __init__(self, status: int, kind: str, reason: str) -> None:
        self.status, self.kind, self.reason = status, kind, reason
        super().__init__(_sentence(status, kind, reason))


class Unreachable(IndexUnusable):
    """No host of the cluster answers."""


def _sentence(status: int, kind: str, reason: str) -> str:
    reason = harmless(reason)[:_MOST_REASON]
    if status == 401:
        return _("The cluster wants to know who asks; docs/cluster.md says where user and password are put.")
    if (status == 403 and "read_only_allow_delete" in reason) or kind == BLOCKED:
        return _("The cluster takes no articles: its disk is full, or the index is locked ({reason}).").format(
            reason=reason
        )
    if status == 403:
        return _("The cluster does not allow that: {reason}.").format(reason=reason)
    if status == 429:
        return _("The cluster has too much to do and took no more, also when asked again: {reason}.").format(
            reason=reason
        )
    return _("The cluster can't do that ({status}): {reason}.").format(status=status, reason=reason or kind)


class _Cause(msgspec.Struct):
    type: str = ""
    reason: str | None = None
    caused_by: _Cause | None = None


class _Error(msgspec.Struct):
    root_cause: list[_Cause] = []
    type: str = ""
    reason: str | None = None
    caused_by: _Cause | None = None


class _Failure(msgspec.Struct):
    error: _Error | str = ""


class Client:
    """Asks a cluster; several threads may use it at once."""

    def __init__(self, address: Address, *, tries: int = TRIES, answer_s: float = ANSWER_S) -> None:
        self.address = address
        self._tries, self._answer_s = tries, answer_s
        self._authorization = authorization(address)
        self._tls = _tls() if address.scheme == "https" else None
        self._lock = threading.Lock()
        self._idle: dict[Host, list[http.client.HTTPConnection]] = {}
        self._avoided: dict[Host, float] = {}
        self._is_closed = False

    def get(self, path: str, body: Any = None) -> Any:
        """Return the decoded answer to a question; raises as `ask`."""
        return decoded(self.ask("GET" if body is None else "POST", path, _encoded(body)), Any)

    def put(self, path: str, body: Any = None) -> Any:
        """Return the decoded answer to a PUT; raises as `ask`."""
        return decoded(self.ask("PUT", path, _encoded(body)), Any)

    def post(self, path: str, body: Any = None) -> Any:
        """Return the decoded answer to a POST; raises as `ask`."""
        return decoded(self.ask("POST", path, _encoded(body)), Any)

    def delete(self, path: str, body: Any = None) -> Any:
        """Return the decoded answer to a DELETE; raises as `ask`."""
        return decoded(self.ask("DELETE", path, _encoded(body)), Any)

    def exists(self, path: str) -> bool:
        """Return whether there is something at a path; raises as `ask`."""
        try:
            self.ask("HEAD", path, None)
        except Refused as refused:
            if refused.status == 404:
                return False
            raise
        return True

    def ask(self, method: str, path: str, body: bytes | None, *, kind: str = "application/json") -> bytes:
        """Return the body of an answer of 200 to 299.

        Raises Refused for any other, Unreachable where no host answers, and IndexUnusable for a certificate that can't
        be trusted or an answer that is none.
        """
        until = time.monotonic() + PATIENCE_S
        for attempt in range(self._tries):
            host = self._host(attempt)
            last = attempt == self._tries - 1 or time.monotonic() > until
            try:
                status, answer = self._once(host, method, path, body, kind)
            except ssl.SSLCertVerificationError as error:
                text = _("The certificate of {host} can't be trusted: {error}. Name the file of its issuer: --ca FILE")
                raise IndexUnusable(text.format(host=host, error=error.verify_message)) from error
            except (OSError, http.client.HTTPException) as error:
                self._avoid(host)
                if last:
                    text = _("The cluster at {address} does not answer: {error}.")
                    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
                    raise Unreachable(text.format(address=self.address, error=reason)) from error
            else:
                if 200 <= status < 300:
                    return answer
                refused = _refused(status, answer)
                if status not in _AGAIN or last or refused.kind == BLOCKED:
                    raise refused
                if status != 429:
                    self._avoid(host)
            time.sleep(_pause(attempt))
        raise AssertionError  # the last attempt returned or raised

    def close(self) -> None:
        """Close all connections that nobody uses; those in use are closed when they are given back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, {}
        for connection in (one for kept in idle.values() for one in kept):
            connection.close()

    def _once(self, host: Host, method: str, path: str, body: bytes | None, kind: str) -> tuple[int, bytes]:
        headers = {"User-Agent": f"searcher/{VERSION}", "Accept": "application/json"}
        if self._authorization is not None:
            headers["Authorization"] = self._authorization
        if not host.is_here:
            headers["Accept-Encoding"] = "gzip"
        if body is not None:
            headers["Content-Type"] = kind
            if not host.is_here and len(body) >= _COMPRESSED_FROM:
                body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        connection, was_idle = self._connection(host)
        try:
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
            except (ConnectionError, http.client.RemoteDisconnected):
                if not was_idle:
                    raise
                connection.close()  # it was ended while nobody used it, which says nothing of the host
                connection = self._connected(host)
                connection.request(method, path, body, headers)
                response = connection.getresponse()
            answer = _read(response)
        except BaseException:
            connection.close()
            raise
        self._give_back(host, connection)
        return response.status, answer

    def _connection(self, host: Host) -> tuple[http.client.HTTPConnection, bool]:
        with self._lock:
            if self._idle.get(host):
                return self._idle[host].pop(), True
        return self._connected(host), False

    def _connected(self, host: Host) -> http.client.HTTPConnection:
        if self._tls is not None:
            connection: http.client.HTTPConnection = http.client.HTTPSConnection(
                host.name, host.port, timeout=CONNECT_S, context=self._tls
            )
        else:
            connection = http.client.HTTPConnection(host.name, host.port, timeout=CONNECT_S)
        connection.connect()
        connection.sock.settimeout(self._answer_s)
        with suppress(OSError):
            connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return connection

    def _give_back(self, host: Host, connection: http.client.HTTPConnection) -> None:
        with self._lock:
            kept = self._idle.setdefault(host, [])
            if not self._is_closed and connection.sock is not None and len(kept) < _KEPT:
                kept.append(connection)
                return
        connection.close()

    def _host(self, attempt: int) -> Host:
        """Return the host to ask: one that did not fail of late where there is one, each as often as the others."""
        now = time.monotonic()
        hosts = [one for one in self.address.hosts if self._avoided.get(one, 0.0) <= now] or list(self.address.hosts)
        return hosts[attempt % len(hosts)] if attempt else random.choice(hosts)

    def _avoid(self, host: Host) -> None:
        with self._lock:
            self._avoided[host] = time.monotonic() + _AVOIDED_S
            dropped = self._idle.pop(host, [])
        for connection in dropped:
            connection.close()


def decoded(raw: bytes, wanted: type[T]) -> T:
    """Return an answer as what it is to be; raises IndexUnusable for one that is something else."""
    try:
        return msgspec.json.decode(raw, type=wanted)
    except msgspec.MsgspecError as error:
        text = _("The cluster answered with something that is none of its answers: {error}.")
        raise IndexUnusable(text.format(error=error)) from error


def _encoded(body: Any) -> bytes | None:
    return None if body is None else msgspec.json.encode(body)


def _pause(attempt: int) -> float:
    return min(_MOST_PAUSE_S, _FIRST_PAUSE_S * (1 << attempt)) * random.uniform(0.5, 1.0)


def _read(response: http.client.HTTPResponse) -> bytes:
    packed = response.headers.get("Content-Encoding") == "gzip"
    unpack = zlib.decompressobj(16 + zlib.MAX_WBITS) if packed else None
    blocks: list[bytes] = []
    size = 0
    while block := response.read(_BLOCK):
        try:
            block = block if unpack is None else unpack.decompress(block, MAX_ANSWER_BYTES)
        except zlib.error as error:
            raise http.client.HTTPException(str(error)) from error
        size += len(block)
        if size > MAX_ANSWER_BYTES or (unpack is not None and unpack.unconsumed_tail):
            text = _("The cluster answered with more than {size} MB, which is not read.")
            raise IndexUnusable(text.format(size=number(MAX_ANSWER_BYTES // 1_000_000)))
        blocks.append(block)
    return b"".join(blocks)


def _refused(status: int, answer: bytes) -> Refused:
    try:
        error = msgspec.json.decode(answer, type=_Failure).error if answer else _Error()
    except msgspec.MsgspecError:
        return Refused(status, "", answer[:_MOST_REASON].decode("utf-8", "replace"))
    if isinstance(error, str):
        return Refused(status, "", error)
    cause: _Cause | _Error = error.root_cause[0] if error.root_cause else error
    deepest = cause.caused_by
    while deepest is not None and deepest.caused_by is not None:
        deepest = deepest.caused_by
    reason = cause.reason or error.reason or ""
    if deepest is not None and deepest.reason:
        reason = f"{reason}: {deepest.reason}"
    return Refused(status, error.type or cause.type, reason)


def _tls() -> ssl.SSLContext:
    file = os.environ.get(CA)
    try:
        context = ssl.create_default_context()
        if file:
            context.load_verify_locations(file)
    except (OSError, ssl.SSLError) as error:
        text = _("The certificates in '{file}' can't be read: {error}.")
        raise SearcherError(text.format(file=file, error=error.strerror or error)) from error
    return context
