"""Addresses: where channels may connect to. Nothing inside: an operator's URL must not reach what only our servers can."""

import ipaddress
import socket
from dataclasses import dataclass

from shared.core.settings import settings
from shared.notifications.errors import NotSent, refused

_INSIDE = (".internal", ".local", ".localhost", ".home.arpa")
"""Ends of names that are never of the open internet, whoever is asked for their addresses (RFC 6762, 6761, 8375, ICANN)."""
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address


@dataclass(frozen=True)
class Target:
    """A host and port, and the one address of it that was looked at: what is connected to is that address and no other."""

    host: str
    port: int
    address: str


def resolve(host: str, port: int) -> Target:
    """Look `host` up and pin its address. Raises NotSent if it has none, or if any of them is not of the open internet.

    Hosts that the setting notification_hosts names, as HOST or HOST:PORT, may have any address."""
    bare = host.strip("[]").rstrip(".").lower()
    named = is_named(bare, port)
    if not named and f".{bare}".endswith(_INSIDE):
        raise _inside(host)
    try:
        found = socket.getaddrinfo(bare, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotSent(f"The host {host} has no address: {error}.") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not named and not all(is_open(ipaddress.ip_address(address.partition("%")[0])) for address in addresses):
        raise _inside(host)
    return Target(bare, port, addresses[0])


def _inside(host: str) -> NotSent:
    return refused(
        f"The host {host} is not on the open internet. Who runs this deployment may name it in the setting "
        "KOMPO_NOTIFICATION_HOSTS."
    )


def is_named(host: str, port: int) -> bool:
    """Whether the setting notification_hosts lets channels go to this host, whatever its address."""
    named = {name.strip().lower() for name in settings().notification_hosts.split(",")}
    return host in named or f"{host}:{port}" in named


def is_open(address: _Address) -> bool:
    """Whether an address is one of the open internet, and so is every address that it carries within (IPv6 forms of IPv4)."""
    if isinstance(address, ipaddress.IPv6Address):
        carried = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
        if any(address in network for network in _NAT64):
            carried.append(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        if int(address) >> 32 == 0 or address.is_site_local:  # ::a.b.c.d, as IPv4 was once written in IPv6; fec0::/10.
            return False
        if any(inner is not None and not is_open(inner) for inner in carried):
            return False
        if address.ipv4_mapped is not None or any(address in network for network in _NAT64):
            return True
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)
