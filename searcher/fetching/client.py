"""Asking for one URL: politely, within bounds, through redirects, and again where that may help."""

from __future__ import annotations

import asyncio
import random
import ssl
from collections.abc import Mapping
from http.cookiejar import CookieJar, DefaultCookiePolicy
from types import TracebackType
from typing import Final
from urllib.parse import urlsplit

import httpcore2
import httpx2

from searcher.about import VERSION
from searcher.fetching.connection import CheckedBackend, CheckedTransport
from searcher.fetching.failures import Failed
from searcher.fetching.hosts import Host, Hosts
from searcher.fetching.limits import MB, Limits
from searcher.fetching.response import Response, retry_after_s
from searcher.fetching.robots import PRODUCT, Rules
from searcher.messages import _, number
from searcher.urls import MAX_CHARS

USER_AGENT: Final = f"{PRODUCT}/{VERSION} (full-text search; robots.txt name: {PRODUCT})"

_ENCODINGS: Final = frozenset({"", "identity", "gzip", "x-gzip", "deflate"})
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_BUSY: Final = frozenset({408, 429, 500, 502, 503, 504})
_NOT_MODIFIED: Final = 304
_OK: Final = 200
_UNREADABLE: Final = frozenset({"busy", "broken", "timeout"})  # RFC 9309, 2.3.1.4: then all is forbidden
_TROUBLE: Final = _UNREADABLE | {"connect", "dns", "tls"}
_WEB_PORTS: Final = frozenset({None, 80, 443})
_USER_PORTS: Final = 1024  # below lie mail servers and the like, to which a request must not be smuggled
_HTML: Final = ("text/html", "application/xhtml")
_NO_ARTICLE: Final = ("image/", "audio/", "video/", "font/")


def check_url(url: str) -> str:
    """Return the host of a URL that may be asked for; raises Failed with the reason where it may not."""
    if len(url) > MAX_CHARS:
        raise Failed("url", _("The address is longer than {limit} characters.").format(limit=MAX_CHARS))
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Failed("url", _("This is not a web address.")) from None
    if parts.scheme and parts.scheme.lower() not in ("http", "https"):
        raise Failed("url", _("Only http and https addresses are fetched."))
    if not (parts.scheme and host):
        raise Failed("url", _("This is not a web address."))
    if "@" in parts.netloc:
        raise Failed("url", _("Addresses with a user name or password are not fetched."))
    if port not in _WEB_PORTS and (port or 0) < _USER_PORTS:
        raise Failed("url", _("Port {port} is not one of web servers.").format(port=port))
    return host


class Client:
    """Asks for URLs one by one; several hosts at once where `get` is awaited concurrently. A context manager."""

    def __init__(self, limits: Limits, hosts: Hosts, backend: CheckedBackend) -> None:
        self.requests = 0
        self.bytes = 0
        self._limits = limits
        self._hosts = hosts
        self._robots: dict[str, asyncio.Task[Rules]] = {}
        transport = CheckedTransport(backend, connections=limits.hosts * 2, keepalive_s=limits.wait_s)
        self._http = httpx2.AsyncClient(
            transport=transport,
            headers={"User-Agent": USER_AGENT, "Accept": "text/html,*/*;q=0.8", "Accept-Encoding": "gzip, deflate"},
            timeout=httpx2.Timeout(limits.read_s, connect=limits.connect_s, pool=limits.request_s),
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),  # nothing ties one request to the next
            trust_env=False,
        )

    async def __aenter__(self) -> Client:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._robots.values():
            task.cancel()
        await asyncio.gather(*self._robots.values(), return_exceptions=True)
        await self._http.aclose()

    async def get(self, url: str, most: int, conditions: Mapping[str, str] | None = None) -> Response:
        """Return the answer at a URL after its redirects, of at most `most` bytes: its status is 200 or 304.

        Raises Failed for every other outcome, after `Limits.retries` more tries where these may help.
        """
        return await self._persist(url, most, conditions or {}, obey=True)

    async def rules(self, url: str) -> Rules:
        """Return what the robots.txt of the URL's host says; raises Failed where that can't be known."""
        host = check_url(url)
        parts = urlsplit(url)
        origin = f"{parts.scheme.lower()}://{parts.netloc}"
        if origin not in self._robots:
            self._robots[origin] = asyncio.create_task(self._read_rules(origin, self._hosts.get(host)))
        return await asyncio.shield(self._robots[origin])

    async def _read_rules(self, origin: str, host: Host) -> Rules:
        try:
            found = await self._persist(f"{origin}/robots.txt", self._limits.robots_bytes, {}, obey=False)
            rules = Rules(found.body.decode("utf-8-sig", "replace"))
        except Failed as failed:
            if failed.code in _UNREADABLE:
                reason = _("The robots.txt of '{host}' can't be read, so nothing else is asked of it: {reason}")
                raise Failed("robots", reason.format(host=host.name, reason=failed.reason), passing=True) from None
            if failed.passing:
                raise
            rules = Rules()  # RFC 9309, 2.3.1.3: a host without a robots.txt that can be had forbids nothing
        host.delay_s = max(host.delay_s, rules.delay_s)
        self._hosts.free(host, rules.delay_s)  # its first page may follow at once, if it does not ask for time
        return rules

    async def _persist(self, url: str, most: int, conditions: Mapping[str, str], *, obey: bool) -> Response:
        host = self._hosts.get(check_url(url))
        tries_left = self._limits.retries
        backoff_s = self._limits.backoff_s
        while True:
            try:
                response = await self._follow(url, most, conditions, obey=obey)
            except Failed as failed:
                wait_s = max(failed.wait_s or 0.0, backoff_s * random.uniform(0.5, 1.5))
                if failed.retry and tries_left and wait_s <= self._limits.wait_s:
                    self._hosts.hold(host, wait_s)
                    tries_left -= 1
                    backoff_s *= 2
                    continue
                if failed.code in _TROUBLE:
                    host.failures_in_a_row += 1
                raise
            host.failures_in_a_row = 0
            return response

    async def _follow(self, url: str, most: int, conditions: Mapping[str, str], *, obey: bool) -> Response:
        seen: set[str] = set()
        while True:
            host = self._hosts.get(check_url(url))
            if obey and not (await self.rules(url)).allows(url):
                raise Failed("disallowed", _("robots.txt asks programs not to fetch this page."), passing=True)
            async with self._hosts.turn(host):
                response = await self._once(url, most, conditions, cut=not obey)
            if response.status not in _REDIRECTS:
                return self._checked(response)
            seen.add(url)
            if not response.location:
                raise Failed("redirects", _("It redirects without saying where to."))
            url = response.link(response.location)
            if url in seen:
                raise Failed("redirects", _("The redirects go in a circle."))
            if len(seen) > self._limits.redirects:
                raise Failed("redirects", _("There are more than {limit} redirects.").format(limit=len(seen) - 1))
            try:
                check_url(url)
            except Failed as failed:
                reason = _("It redirects to an address that is not fetched: {reason}")
                raise Failed(failed.code, reason.format(reason=failed.reason)) from None

    def _checked(self, response: Response) -> Response:
        status = response.status
        if status in (_OK, _NOT_MODIFIED):
            return response
        answer = f"{status} {response.phrase}".strip()
        reason = _("The server answers {answer}.").format(answer=answer)
        if status not in _BUSY:
            raise Failed("status", reason, passing=status > max(_BUSY))
        wait_s = retry_after_s(response.header("retry-after"))
        if wait_s is not None and wait_s > self._limits.wait_s:
            reason = _("The server answers {answer} and asks to be left alone for {seconds} s.")
            reason = reason.format(answer=answer, seconds=number(wait_s))
        raise Failed("busy", reason, retry=True, wait_s=wait_s)

    async def _once(self, url: str, most: int, conditions: Mapping[str, str], *, cut: bool) -> Response:
        self.requests += 1
        try:
            async with asyncio.timeout(self._limits.request_s):
                return await self._read(url, most, conditions, cut=cut)
        except (TimeoutError, httpcore2.TimeoutException):
            raise Failed("timeout", _("The server took too long to answer."), passing=True) from None
        except httpcore2.ConnectError as error:
            raise _unconnected(error) from None
        except (httpcore2.NetworkError, httpcore2.RemoteProtocolError):
            reason = _("The server broke the answer off, or what it sent is not HTTP.")
            raise Failed("broken", reason, retry=True) from None
        except (httpx2.InvalidURL, httpcore2.ProtocolError, httpcore2.UnsupportedProtocol, UnicodeError):
            raise Failed("url", _("This is not a web address.")) from None
        except httpx2.DecodingError:
            raise Failed("encoding", _("The answer's compression is damaged."), passing=True) from None

    async def _read(self, url: str, most: int, conditions: Mapping[str, str], *, cut: bool) -> Response:
        async with self._http.stream("GET", url, headers=dict(conditions)) as answer:
            headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in answer.headers.raw]
            response = Response(url, answer.status_code, answer.reason_phrase, headers, b"")
            if answer.status_code != _OK:
                return response  # the body of an error page or a redirect is of no use
            coding = response.header("content-encoding").strip().lower()
            if coding not in _ENCODINGS:
                reason = _("The answer is compressed in a way that was not asked for ({coding}).")
                raise Failed("encoding", reason.format(coding=coding[:40]))
            kind = response.header("content-type").lower()
            if kind.startswith(_NO_ARTICLE):
                raise Failed("kind", _("This is no page but {kind}.").format(kind=kind.partition(";")[0][:40]))
            if kind.startswith(_HTML):
                most = min(most, self._limits.html_bytes)
            announced = response.header("content-length")
            if announced.isdecimal() and int(announced[:18]) > most and not cut:
                raise too_large(most)
            parts, size = [], 0
            async for part in answer.aiter_bytes():
                parts.append(part)
                size += len(part)
                if max(size, answer.num_bytes_downloaded) > most:
                    if cut:
                        break
                    raise too_large(most)
            self.bytes += answer.num_bytes_downloaded
            return response._replace(body=b"".join(parts)[:most])


def too_large(most: int) -> Failed:
    """Return the failure of an answer of more than `most` bytes."""
    limit = number(most / MB, 0 if most >= MB else 3)
    return Failed("too_large", _("The answer is larger than {limit} MB and was cut off.").format(limit=limit))


def _unconnected(error: BaseException) -> Failed:
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLError):
        cause = cause.__cause__ or cause.__context__
    if cause is None:
        return Failed("connect", _("There is no connection to the server."), retry=True)
    reason = _("The secure connection fails: {reason}.")
    text = getattr(cause, "verify_message", "") or cause.reason or type(cause).__name__
    return Failed("tls", reason.format(reason=text), passing=True)
