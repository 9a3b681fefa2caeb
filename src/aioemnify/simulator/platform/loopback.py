"""Which hosts and addresses only this machine can reach, and what this machine is called."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable

DELIVERY_AGENT = "aioemnify-simulator"
"""The ``User-Agent`` of deliveries; the control interface refuses it, wherever a delivery was sent from."""

_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")


def is_loopback(host: str) -> bool:
    """Return whether only this machine can reach a host, given by name or by address."""
    return host == "localhost" or is_loopback_address(host)


def is_loopback_address(text: str) -> bool:
    """Return whether an address is a loopback address, IPv4-mapped IPv6 addresses included."""
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return bool((mapped or address).is_loopback)


def is_unspecified(host: str) -> bool:
    """Return whether a host to listen on stands for every address of this machine."""
    return is_address(host) and ipaddress.ip_address(host).is_unspecified


def is_address(text: str) -> bool:
    """Return whether a text is an IP address."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def own_names(given: Iterable[str]) -> tuple[str, ...]:
    """Return names of this machine in lower case: the given ones, by default its host name.

    Raises:
        TypeError: it is one text, not several names.
        ValueError: a name cannot be in a certificate.
    """
    if isinstance(given, str):
        raise TypeError(f"names must be a list of names, such as [{given!r}], not one text")
    names = tuple(name.lower() for name in given)
    for name in names:
        if not (_NAME.fullmatch(name) or is_address(name)):
            raise ValueError(
                f"{name!r} is not a name for a certificate: pass an IP address, or a host name of letters, "
                "digits, hyphens and dots"
            )
    host_name = socket.gethostname().lower()
    return names or ((host_name,) if _NAME.fullmatch(host_name) else ())
