"""Web addresses: the one that stands for all the addresses under which the same page is found."""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

MAX_CHARS: Final = 2048
"""A longer address is not one that a reader could open."""

_PORTS: Final = {"http": ":80", "https": ":443"}
# What may stand in a path and a query as it is; everything else is percent-encoded, in one way.
_SAFE_IN_PATH: Final = "/:@!$&'()*+,;=~-._"
_AMP_ENDING: Final = re.compile(r"\.amp(?=(?:\.html?)?$)")  # 'tin-12.amp' is 'tin-12', 'tin-12.amp.html' 'tin-12.html'
_HASH_ROUTE: Final = re.compile(r"[!/]")  # '#!/tin/12' names a page of its own; '#binh-luan' a place on one


@cache
def _data() -> dict[str, frozenset[str]]:
    import tomllib

    data = tomllib.loads(Path(__file__).with_name("urls.toml").read_text("utf-8"))
    return {name: frozenset(values) for name, values in data.items()}


def _split(url: str) -> SplitResult | None:
    if len(url) > MAX_CHARS:
        return None
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  # raises where it is no number
    except ValueError:
        return None
    return parts if parts.scheme in _PORTS and parts.hostname else None


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".").lower()
    with suppress(UnicodeError):  # what has no ASCII form stands for itself
        host = host if host.isascii() else host.encode("idna").decode("ascii")
    labels = host.split(".")
    while len(labels) > 2 and labels[0] in _data()["hosts"]:
        del labels[0]
    return ".".join(labels)


def _path(parts: SplitResult) -> str:
    path = re.sub(r"/{2,}", "/", quote(unquote(parts.path), safe=_SAFE_IN_PATH))
    steps = path.split("/")
    while len(steps) > 1 and (not steps[-1] or steps[-1].lower() in _data()["amp_steps"]):
        steps.pop()
    if len(steps) > 2 and steps[1].lower() in _data()["amp_steps"]:
        del steps[1]
    return _AMP_ENDING.sub("", "/".join(steps))


def _parameters(parts: SplitResult) -> list[tuple[str, str]]:
    dropped, prefixes = _data()["parameters"], tuple(_data()["parameter_prefixes"])
    found = parse_qsl(parts.query, keep_blank_values=True)
    return [one for one in found if one[0].lower() not in dropped and not one[0].lower().startswith(prefixes)]


def canonical_url(url: str) -> str:
    """Return the address that stands for a page under whichever address it was reached; '' where `url` is no address.

    It is always https, without the hosts for mobiles, without AMP, tracking parameters, fragment, default port and
    trailing slash, and with its parameters sorted. It serves to compare, not to fetch.

    >>> canonical_url("http://m.bao.example.vn/tin/ma-tuy-12.html?utm_source=zalo&p=2#binh-luan")
    'https://bao.example.vn/tin/ma-tuy-12.html?p=2'
    """
    parts = _split(url)
    if parts is None:
        return ""
    port = f":{parts.port}" if parts.port and f":{parts.port}" not in _PORTS.values() else ""
    query = urlencode(sorted(_parameters(parts)))
    fragment = f"#{parts.fragment}" if _HASH_ROUTE.match(parts.fragment) else ""
    return f"https://{_host(parts)}{port}{_path(parts)}{'?' + query if query else ''}{fragment}"


def without_tracking(url: str) -> str:
    """Return the address as it is but for fragment and tracking parameters; '' where `url` is no address.

    >>> without_tracking("https://m.bao.example.vn/tin/?id=12&fbclid=x#top")
    'https://m.bao.example.vn/tin/?id=12'
    """
    parts = _split(url)
    if parts is None:
        return ""
    fragment = parts.fragment if _HASH_ROUTE.match(parts.fragment) else ""
    return parts._replace(
        netloc=parts.netloc.removesuffix(_PORTS[parts.scheme]), query=urlencode(_parameters(parts)), fragment=fragment
    ).geturl()


def host_of(url: str) -> str:
    """Return the host of an address, without the part for mobiles; '' where `url` is no address.

    >>> host_of("https://m.bao.example.vn/tin")
    'bao.example.vn'
    """
    parts = _split(url)
    return _host(parts) if parts else ""
