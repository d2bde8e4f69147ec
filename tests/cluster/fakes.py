"""Servers that stand between searcher and a cluster, or for one, and go wrong in one way each."""

from __future__ import annotations

import gzip
import json
import ssl
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple


class Asked(NamedTuple):
    """A request: its method, path, headers, and body as it was before it was packed."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answered = tuple[int, bytes, dict[str, str]]
Behaviour = Callable[[Asked, Callable[[], Answered]], Answered | None]
"""Answers a request; what it is given beside it asks the real cluster. None ends the connection without a word."""


def answer(status: int, body: object, **headers: str) -> Answered:
    """Return an answer."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return status, raw, {"Content-Type": "application/json", **headers}


def refusal(status: int, kind: str, reason: str) -> Answered:
    """Return how a cluster says that it can't."""
    cause = {"type": kind, "reason": reason}
    return answer(status, {"error": {"root_cause": [cause], **cause}, "status": status})


@contextmanager
def between(url: str, behave: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Give the address of a server that asks the cluster at `url` what `behave` lets through."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_one(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            headers = {name.lower(): value for name, value in self.headers.items()}
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            asked = Asked(self.command, self.path, headers, body)
            answered = behave(asked, lambda: _ask(url, asked))
            if answered is None:
                self.close_connection = True
                self.connection.close()
                return
            status, raw, more = answered
            self.send_response(status)
            for name, value in more.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(raw)))
            with suppress(ConnectionError):  # who asked may have gone
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(raw)

        do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = handle_one  # noqa: N815

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"{'http' if tls is None else 'https'}://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def _ask(url: str, asked: Asked) -> Answered:
    headers = {"Content-Type": asked.headers.get("content-type", "application/json")}
    request = urllib.request.Request(f"{url}{asked.path}", asked.body or None, headers, method=asked.method)
    try:
        with urllib.request.urlopen(request, timeout=60) as found:
            return found.status, found.read(), {"Content-Type": "application/json"}
    except urllib.error.HTTPError as error:
        return error.code, error.read(), {"Content-Type": "application/json"}
