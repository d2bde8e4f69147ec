"""The bounds of fetching: nothing that a server does takes longer, or gives more, than these allow."""

from __future__ import annotations

import msgspec

MB = 1024 * 1024


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much, how long and how often.

    - Sizes are of what the server sends and of what that decompresses to, whichever is larger.
    - `delay_s` lies between two requests to one host; a robots.txt may ask for more, never for less.
    - `request_s` is for one request from its connection to its last byte, `run_s` for everything together. What is
      left then waits for the next run.
    - A server that asks to be left alone for longer than `wait_s` is left alone until the next run.
    """

    page_bytes: int = 32 * MB  # of a notice as PDF; HTML without pictures in it is never so large
    html_bytes: int = 8 * MB
    list_bytes: int = 50 * MB  # the protocol's own bound for a sitemap, sitemaps.org
    feed_bytes: int = 8 * MB  # to its parser, 20 seconds of work at the worst
    robots_bytes: int = 512 * 1024  # RFC 9309, 2.5: at least 500 KiB are parsed, what lies beyond may be left out
    delay_s: float = 1.0
    connect_s: float = 10.0
    read_s: float = 20.0
    request_s: float = 60.0
    run_s: float = 3600.0
    wait_s: float = 60.0
    backoff_s: float = 2.0
    retries: int = 2
    redirects: int = 8
    hosts: int = 8
    host_failures: int = 5
    lists: int = 1000
    list_depth: int = 3
    attempts: int = 5
