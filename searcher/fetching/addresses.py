"""Which addresses of the network may be connected to: those of the public internet, unless the user says otherwise."""

from __future__ import annotations

from functools import cache
from importlib import resources
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")  # RFC 6052: where a network has IPv6 only, names lead here
_LOW_32_BITS: Final = 0xFFFFFFFF


@cache
def _special() -> tuple[IPv4Network | IPv6Network, ...]:
    table = resources.files(__package__).joinpath("special-purpose.tsv").read_text("utf-8")
    return tuple(ip_network(line.split("\t")[0]) for line in table.splitlines() if not line.startswith("#"))


def is_public(address: str) -> bool:
    """Whether an IPv4 or IPv6 address, as a resolver gives it, is that of a server on the public internet.

    - Loopback, private, link-local, shared, multicast, documentation, benchmarking and reserved addresses are not.
    - An IPv6 address that stands for an IPv4 address (mapped, or translated by NAT64) is judged by that.
    - What is no address is not public.

    >>> [is_public(one) for one in ("8.8.8.8", "10.1.2.3", "::ffff:127.0.0.1", "64:ff9b::808:808")]
    [True, False, False, True]
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address):
        embedded = _embedded(parsed)
        if embedded is not None:
            parsed = embedded
        elif parsed.scope_id is not None or parsed not in _GLOBAL_UNICAST:
            return False
    return not any(parsed in network for network in _special() if network.version == parsed.version)


def _embedded(address: IPv6Address) -> IPv4Address | None:
    if address in _NAT64:
        return IPv4Address(int(address) & _LOW_32_BITS)
    return address.ipv4_mapped
