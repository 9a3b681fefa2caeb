"""Check the base URL: one server over TLS, or plain HTTP to this machine."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import SplitResult, urlsplit

from aioemnify.errors import ArgumentError, ArgumentTypeError

_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
"""DNS names. Libraries disagree about anything else."""

_AMBIGUOUS = re.compile(r"\S[\s\\%]+\S")
"""Characters that URL parsers silently drop or replace."""

_DEFAULT_PORTS = {"https": 443, "http": 80}


def check_base_url(base_url: object, argument: str = "base_url") -> str:
    """Return scheme, host and port of a server.

    Raises:
        ArgumentError: not ``https://host[:port]``; plain HTTP is accepted for loopback only.
    """
    if not isinstance(base_url, str):
        raise ArgumentTypeError(argument, f"takes text such as https://cdn.emnify.net, not {base_url!r}")
    if "@" in base_url:  # checked first, because the other errors show the URL
        raise ArgumentError(argument, "contains a user name or password; pass credentials as auth=")
    try:
        parts = urlsplit(base_url.strip())
    except ValueError:
        raise ArgumentError(argument, f"takes https://host[:port], not {base_url!r}") from None
    name = parts.hostname or ""
    if parts.scheme not in ("https", "http") or _AMBIGUOUS.search(base_url) or not _is_host(parts):
        raise ArgumentError(argument, f"takes https://host[:port], not {base_url!r}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ArgumentError(argument, f"takes scheme and host only, without a path, not {base_url!r}")
    try:
        port = parts.port
    except ValueError:
        raise ArgumentError(argument, f"has no valid port in {base_url!r}") from None
    if parts.scheme == "http" and not is_loopback(name):
        raise ArgumentError(
            argument,
            f"is plain http to {name!r}; tokens are sent over https only "
            "(plain http is accepted for this machine)",
        )
    host = f"[{name}]" if ":" in name else name
    # One spelling for one server, because limits and tokens are shared by this text.
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
    """Return whether a host is this machine, without a DNS lookup."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
