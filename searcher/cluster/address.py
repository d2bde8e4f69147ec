"""Where an index in a cluster is: hosts and a name, and who asks. Passwords never stand in an address.

    https://search-1:9200,search-2:9200/news

Who asks is told, the first of these that says something, by
- the file that SEARCHER_CLUSTER_KEY_FILE names: `user:password`, or `ApiKey ...` or `Bearer ...` as it goes into the
  header, on one line; nobody else may read it,
- SEARCHER_CLUSTER_USER and SEARCHER_CLUSTER_PASSWORD,
- the entry of the first host in the user's netrc file (or in the one that NETRC names).
"""

from __future__ import annotations

import os
import re
import stat
from base64 import b64encode
from netrc import NetrcParseError, netrc
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

import msgspec

from searcher.errors import IndexNotFound, SearcherError
from searcher.messages import _

KEY_FILE: Final = "SEARCHER_CLUSTER_KEY_FILE"
USER: Final = "SEARCHER_CLUSTER_USER"
PASSWORD: Final = "SEARCHER_CLUSTER_PASSWORD"  # the name of a variable
CA: Final = "SEARCHER_CA"
_SCHEMES: Final = ("http", "https")
_PORT: Final = 9200
_MOST_HOSTS: Final = 64
_MAX_KEY_BYTES: Final = 16_384
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")


class Host(msgspec.Struct, frozen=True):
    """One node that answers requests."""

    name: str
    port: int

    @property
    def is_here(self) -> bool:
        """Whether it is this machine: then compressing what is sent costs more than sending it."""
        return self.name in _LOCAL

    def __str__(self) -> str:
        return f"[{self.name}]:{self.port}" if ":" in self.name else f"{self.name}:{self.port}"


class Address(msgspec.Struct, frozen=True):
    """The hosts of a cluster and the name of the index there."""

    scheme: str
    hosts: tuple[Host, ...]
    name: str

    def __str__(self) -> str:
        return f"{self.scheme}://{','.join(map(str, self.hosts))}/{self.name}"


def read_address(location: str) -> Address:
    """Return the address; raises IndexNotFound for one that names no index, or has a password in it."""
    scheme, _sep, rest = location.partition("://")
    hosts, _slash, path = rest.partition("/")
    if "@" in hosts:
        text = _("An address with a password can be seen by everybody on this machine. Put it into {netrc} or {file}.")
        raise IndexNotFound(text.format(netrc="~/.netrc", file=KEY_FILE))
    name = unquote(path.strip("/"))
    if not _NAME.fullmatch(name):
        text = _("'{location}' names no index: after the host comes its name in small letters, as in {example}.")
        raise IndexNotFound(text.format(location=location, example="https://host:9200/news"))
    found = tuple(_host(f"{scheme}://{one}", location) for one in hosts.split(",")[:_MOST_HOSTS])
    return Address(scheme.lower(), found, name)


def _host(address: str, location: str) -> Host:
    try:
        parts = urlsplit(address)
        port = parts.port or _PORT
    except ValueError:
        parts, port = None, 0
    if parts is None or not parts.hostname or parts.path or parts.query:
        raise IndexNotFound(_("'{location}' is no address of a cluster.").format(location=location))
    return Host(parts.hostname, port)


def authorization(address: Address) -> str | None:
    """Return the Authorization header to ask with; None where nobody said who asks. Raises SearcherError."""
    if file := os.environ.get(KEY_FILE):
        key = _key(Path(file))
        return key if key.partition(" ")[0] in ("ApiKey", "Bearer", "Basic") else _basic(key)
    if user := os.environ.get(USER):
        return _basic(f"{user}:{os.environ.get(PASSWORD, '')}")
    return _from_netrc(address.hosts[0].name)


def _key(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            mode = os.fstat(opened.fileno()).st_mode
            raw = opened.read(_MAX_KEY_BYTES)
    except OSError as error:
        text = _("The key file '{file}' can't be read: {error}.")
        raise SearcherError(text.format(file=file, error=error.strerror or error)) from error
    if os.name == "posix" and mode & (stat.S_IRGRP | stat.S_IROTH):
        text = _("Others may read the key file '{file}'. Say: chmod 600 {file}")
        raise SearcherError(text.format(file=file))
    key = raw.decode("utf-8", "replace").strip()
    if not key or "\n" in key or not key.isprintable():
        raise SearcherError(_("The key file '{file}' has to hold one line.").format(file=file))
    return key


def _from_netrc(host: str) -> str | None:
    file = os.environ.get("NETRC")
    if file is None and not (Path.home() / ".netrc").exists():
        return None
    try:
        found = netrc(file).authenticators(host)
    except (OSError, NetrcParseError, UnicodeError) as error:
        text = _("The file of passwords can't be read: {error}.")
        raise SearcherError(text.format(error=error)) from error
    return None if found is None else _basic(f"{found[0]}:{found[2]}")


def _basic(pair: str) -> str:
    return f"Basic {b64encode(pair.encode()).decode()}"
