"""An HTTP server on 127.0.0.1 that does what a test tells it to, good or bad."""

from __future__ import annotations

import email.utils
import gzip
import socket
import socketserver
import ssl
import struct
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

MB = 1024 * 1024


class Request(NamedTuple):
    """What a client asked: header names are in lower case, `at` is when, by the monotonic clock."""

    path: str
    headers: dict[str, str]
    at: float


RESET = b"\x00reset"
Answer = bytes | Iterator[bytes]
Handler = Callable[[Request], Answer]


def answer(body: str | bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole HTTP answer; header names are given with underscores, and none is sent for one that is empty."""
    raw = body.encode() if isinstance(body, str) else body
    sent = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(raw)), "Connection": "close"}
    sent |= {name.replace("_", "-").title(): value for name, value in headers.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in sent.items() if value)
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + raw


def redirect(to: str, status: str = "302 Found") -> bytes:
    return answer(status=status, location=to)


def page(title: str, word: str = "ma túy", **more: str) -> str:
    """An invented article as a web page."""
    paragraphs = "".join(
        f"<p>Đoạn văn giả định số {number} của bài '{title}' kể rằng lực lượng chức năng đã bắt giữ một vụ {word}, "
        "thu giữ tang vật và đang tiếp tục điều tra, làm rõ theo quy định của pháp luật.</p>"
        for number in range(3)
    )
    date = more.get("published", "2024-03-05T08:00:00+07:00")
    return (
        f"<!DOCTYPE html><html lang='vi'><head><meta charset='utf-8'><title>{title}</title>"
        f"<meta property='og:title' content='{title}'><meta property='og:type' content='article'>"
        f"<meta property='article:published_time' content='{date}'>{more.get('head', '')}</head>"
        f"<body><article><h1>{title}</h1>"
        f"<p class='sapo'>Bài viết giả định dùng để thử nghiệm.</p>{paragraphs}</article></body></html>"
    )


def rss(*links: tuple[str, str], head: str = "") -> str:
    """A feed of (link, date in ISO 8601) entries."""
    items = "".join(
        f"<item><title>Bài giả định</title><link>{link}</link><description>Tóm tắt giả định.</description>"
        f"<pubDate>{email.utils.format_datetime(datetime.fromisoformat(date))}</pubDate></item>"
        for link, date in links
    )
    channel = f"<channel><title>Báo giả định</title>{items}</channel>"
    return f"<?xml version='1.0' encoding='utf-8'?>{head}<rss version='2.0'>{channel}</rss>"


def urlset(*locs: tuple[str, str]) -> str:
    urls = "".join(f"<url><loc>{loc}</loc>{date and f'<lastmod>{date}</lastmod>'}</url>" for loc, date in locs)
    return f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{urls}</urlset>"


def sitemapindex(*locs: tuple[str, str]) -> str:
    maps = "".join(f"<sitemap><loc>{loc}</loc>{date and f'<lastmod>{date}</lastmod>'}</sitemap>" for loc, date in locs)
    return (
        f"<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{maps}</sitemapindex>"
    )


def silence_for(site: Site, seconds: float) -> Iterator[bytes]:
    """An answer that does not come."""
    site.pause(seconds)
    yield b""


def bomb(megabytes: int) -> bytes:
    """gzip that unpacks to so many megabytes of zeros (its end is wrong, which is too late to matter)."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    block = packer.compress(bytes(MB)) + packer.flush(zlib.Z_FULL_FLUSH)
    return gzip.compress(b"")[:10] + block * megabytes


class Site:
    """The server: `routes` maps paths to answers or to functions that make them; all else is 404.

    `requests` are those that came, `sent_bytes` what went out, `most_at_once` the most requests at one time. With a
    certificate it speaks TLS; `names` are those of the hosts that clients asked for.
    """

    def __init__(self, certificate: Path | None = None) -> None:
        self.names: list[str | None] = []
        self.routes: dict[str, Answer | str | Handler] = {}
        self.requests: list[Request] = []
        self.sent_bytes = 0
        self.most_at_once = 0
        self.closing = threading.Event()
        self._at_once = 0
        self._lock = threading.Lock()
        site = self

        class Connection(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError):  # the client has gone
                    site._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            request_queue_size = 128

        self._server = Server(("127.0.0.1", 0), Connection)
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            context.sni_callback = lambda _socket, name, _context: self.names.append(name)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def paths(self) -> Counter[str]:
        """How often each path was asked for, robots.txt left out."""
        return Counter(request.path for request in self.requests if request.path != "/robots.txt")

    def pause(self, seconds: float) -> None:
        self.closing.wait(seconds)

    def _serve(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            if not (part := connection.recv(65536)):
                return
            head += part
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _colon, value in (line.partition(":") for line in lines)
        }
        request = Request(first.split(" ")[1], headers, time.monotonic())
        with self._lock:
            self.requests.append(request)
            self._at_once += 1
            self.most_at_once = max(self.most_at_once, self._at_once)
        try:
            self._answer(connection, request)
        finally:
            with self._lock:
                self._at_once -= 1

    def _answer(self, connection: socket.socket, request: Request) -> None:
        route = self.routes.get(request.path)
        given = route(request) if callable(route) else route
        if given is None:
            given = answer("Not here", status="404 Not Found")
        if isinstance(given, str):
            given = answer(given)
        for part in [given] if isinstance(given, bytes) else given:
            if part == RESET:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                return
            connection.sendall(part)
            self.sent_bytes += len(part)
            if self.closing.is_set():
                return
