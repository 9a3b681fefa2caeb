"""Which server a client may speak to: one installation, over TLS, or this machine itself."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from aioemnify.errors import ArgumentError, ArgumentTypeError

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
"""Names as they stand in DNS. Everything else is read differently by one library or another."""

_HIDDEN = re.compile(r"\S[\s\\%]+\S")
"""Marks that parsers drop or turn around in silence."""

_DEFAULT_PORTS = {"https": 443, "http": 80}


def check_base_url(base_url: object, argument: str = "base_url") -> str:
    """Return scheme, host and port of an installation.

    Raises:
        ArgumentError: anything but ``https://host[:port]``; plain HTTP is for loopback alone.
    """
    if not isinstance(base_url, str):
        raise ArgumentTypeError(argument, f"takes text such as https://cdn.emnify.net, not {base_url!r}")
    if "@" in base_url:  # before anything that shows the text
        raise ArgumentError(argument, "holds a user name or password; credentials are given apart")
    try:
        parts = urlsplit(base_url.strip())
    except ValueError:
        raise ArgumentError(argument, f"takes https://host[:port], not {base_url!r}") from None
    if (
        parts.scheme not in ("https", "http")
        or not parts.hostname
        or _HIDDEN.search(base_url)
        or not _is_host(parts)
    ):
        raise ArgumentError(argument, f"takes https://host[:port], not {base_url!r}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ArgumentError(argument, f"takes scheme and host only, not {base_url!r}: paths are the client's")
    try:
        port = parts.port
    except ValueError:
        raise ArgumentError(argument, f"has no valid port in {base_url!r}") from None
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ArgumentError(
            argument,
            f"is plain http to {parts.hostname!r}: tokens travel over https; http is for this machine alone",
        )
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    # One installation has one spelling: its limits and tokens are shared under it.
    shown = "" if port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def _is_host(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    if parts.netloc.startswith("["):
        try:
            return ipaddress.ip_address(host).version == 6
        except ValueError:
            return False
    return _HOST.fullmatch(host) is not None


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine, without asking any name server."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
