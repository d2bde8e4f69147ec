"""Which addresses are connected to: no network is needed to know, and none is touched."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any

import httpcore2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from searcher.fetching.addresses import is_public
from searcher.fetching.connection import CheckedBackend
from tests.fetching.conftest import Fetch
from tests.fetching.server import Site, page, redirect

PUBLIC = ["8.8.8.8", "113.160.0.1", "2001:4860:4860::8888", "2405:4800::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
NOT_PUBLIC = [
    *("0.0.0.0", "10.0.0.1", "100.64.0.1", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1"),
    *("172.31.255.255", "192.0.0.8", "192.0.2.1", "192.88.99.1", "192.168.1.1", "198.18.0.1", "198.51.100.7"),
    *("203.0.113.9", "224.0.0.1", "239.1.2.3", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "fe80::1", "fe80::1%2", "2001:4860::1%eth0", "fec0::1", "fc00::1", "fd12::1", "ff02::1", "100::1"),
    *("2001::1", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1"),
    *("::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1"),
    *("", "localhost", "1", "::g", "8.8.8.8.8", "08.8.8.8"),
]


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_every_other_address_is_not(address: str) -> None:
    assert not is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_no_ipv4_address_is_public_that_the_standard_library_calls_private(number: int) -> None:
    address = IPv4Address(number)
    mapped = IPv6Address(0xFFFF << 32 | number)
    translated = IPv6Address(0x64FF9B << 96 | number)
    public = is_public(str(address))
    assert public <= (address.is_global and not address.is_multicast)
    assert is_public(str(mapped)) == is_public(str(translated)) == public


@given(st.integers(0, 2**128 - 1) | st.integers(0x2000 << 112, (0x4000 << 112) - 1))
def test_no_ipv6_address_is_public_that_the_standard_library_calls_private(number: int) -> None:
    address = IPv6Address(number)
    if address.ipv4_mapped is None:
        assert is_public(str(address)) <= (address.is_global and not address.is_multicast)


class Wires(httpcore2.AsyncNetworkBackend):
    """In place of the network: it notes which addresses are connected to, and all of them lead to the test's server."""

    def __init__(self, site: Site) -> None:
        self.addresses: list[str] = []
        self._port = site.port
        self._loopback = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        ip_address(host)  # a name here would be resolved a second time
        self.addresses.append(host)
        return await self._loopback.connect_tcp("127.0.0.1", self._port, timeout)


class Names:
    """In place of DNS: each name has its answers, one after the other; the last one stays."""

    def __init__(self, **answers: list[list[str]]) -> None:
        self._answers = {name.replace("_", "."): given for name, given in answers.items()}
        self.asked: list[str] = []

    async def __call__(self, host: str, port: int) -> list[str]:
        self.asked.append(host)
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
            return [str(entry[4][0]) for entry in found]  # decimal and octal forms, too
        except socket.gaierror:
            given = self._answers[host]
            return given.pop(0) if len(given) > 1 else given[0]


def network(site: Site, **answers: list[list[str]]) -> tuple[CheckedBackend, Wires, Names]:
    wires, names = Wires(site), Names(**answers)
    return CheckedBackend(resolve=names, backend=wires), wires, names


def test_a_connection_goes_to_the_address_that_was_checked(site: Site, fetch: Fetch) -> None:
    site.routes["/tin"] = page("Tin giả định")
    checked, wires, names = network(site, bao_vn=[["113.160.0.1"]])
    assert fetch("http://bao.vn/tin", network=checked).new == 1
    assert set(wires.addresses) == {"113.160.0.1"}
    assert len(names.asked) == len(wires.addresses)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0"],
)
def test_no_form_of_a_local_address_is_connected_to(site: Site, fetch: Fetch, host: str) -> None:
    checked, wires, _names = network(site)
    summary = fetch(f"http://{host}/", network=checked)
    assert [one.code for one in summary.failures] in (["address"], ["url"])  # httpx knows no octal numbers
    assert wires.addresses == []


def test_a_name_that_leads_to_a_local_address_is_refused(site: Site, fetch: Fetch) -> None:
    checked, wires, _names = network(site, noi_bo_vn=[["192.168.1.1", "fe80::1"]])
    summary = fetch("http://noi.bo.vn/", network=checked)
    assert summary.failures[0].reason == (
        "'noi.bo.vn' leads to 192.168.1.1, fe80::1, which is no public address (--allow-private would fetch it)."
    )
    assert wires.addresses == []


def test_of_several_addresses_only_the_public_ones_are_connected_to(site: Site, fetch: Fetch) -> None:
    site.routes["/tin"] = page("Tin giả định")
    checked, wires, _names = network(site, bao_vn=[["10.0.0.1", "113.160.0.1"]])
    assert fetch("http://bao.vn/tin", network=checked).new == 1
    assert set(wires.addresses) == {"113.160.0.1"}


def test_a_redirect_to_a_local_address_is_refused(site: Site, fetch: Fetch) -> None:
    site.routes |= {
        "/1": redirect("http://169.254.169.254/latest/meta-data/"),
        "/2": redirect("http://router.vn/admin"),
        "/3": redirect("//[::1]/"),
    }
    checked, wires, _names = network(site, bao_vn=[["113.160.0.1"]], router_vn=[["192.168.1.1"]])
    summary = fetch("http://bao.vn/1", "http://bao.vn/2", "http://bao.vn/3", network=checked)
    assert [one.code for one in summary.failures] == ["address"] * 3
    assert set(wires.addresses) == {"113.160.0.1"}


def test_a_name_that_changes_its_address_is_checked_anew(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/1": page("Tin giả định"), "/2": page("Tin giả định khác")}
    rebinding = [["113.160.0.1"], ["113.160.0.1"], ["127.0.0.1"]]  # for robots.txt, the first page, the second page
    checked, wires, _names = network(site, bao_vn=rebinding)
    summary = fetch("http://bao.vn/1", "http://bao.vn/2", network=checked)
    assert summary.new == 1
    assert [one.code for one in summary.failures] == ["address"]
    assert set(wires.addresses) == {"113.160.0.1"}


def test_a_robots_txt_at_a_local_address_is_not_asked_for(site: Site, fetch: Fetch) -> None:
    site.routes |= {"/robots.txt": redirect("http://10.0.0.1/robots.txt"), "/tin": page("Tin giả định")}
    checked, wires, _names = network(site, bao_vn=[["113.160.0.1"]])
    assert fetch("http://bao.vn/tin", network=checked).new == 1
    assert set(wires.addresses) == {"113.160.0.1"}


CERTIFICATE = Path(__file__).parent / "bao.vn.pem"


def test_tls_names_the_host_and_checks_its_certificate_while_the_address_is_fixed(
    fetch: Fetch, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(CERTIFICATE)
    try:
        site.routes["/tin"] = page("Tin giả định")
        checked, wires, _names = network(site, bao_vn=[["113.160.0.1"]], khac_vn=[["113.160.0.2"]])
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        summary = fetch("https://bao.vn/tin", "https://khac.vn/tin", network=checked)
        assert summary.new == 1
        assert [one.code for one in summary.failures] == ["tls"]
        assert "Hostname mismatch" in summary.failures[0].reason
        assert set(site.names) == {"bao.vn", "khac.vn"}
        assert set(wires.addresses) == {"113.160.0.1", "113.160.0.2"}
        monkeypatch.delenv("SSL_CERT_FILE")
        summary = fetch("https://bao.vn/tin", network=checked)
        assert summary.failures[0].reason == "The secure connection fails: self-signed certificate."
    finally:
        site.close()
