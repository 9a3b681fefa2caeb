"""Check the base URL: one server over TLS, or plain HTTP to this machine."""

from __future__ import annotations

import ipaddress
import logging
import re
from urllib.parse import SplitResult, urlsplit

from aioemnify.errors import ArgumentError, ArgumentTypeError

_logger = logging.getLogger("aioemnify")

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
"""DNS names, and those with underscores that container networks use. Libraries disagree about all else."""

_AMBIGUOUS = re.compile(r"\S[\s\\%]+\S")
"""Characters that URL parsers silently drop or replace."""

_ACCEPTED = "takes https://host[:port], with an international name in its xn-- form"

DEFAULT_PORTS = {"https": 443, "http": 80}


def check_base_url(base_url: object, argument: str = "base_url", *, allow_plain_http: bool = False) -> str:
    """Return scheme, host and port of a server.

    Args:
        base_url: the URL.
        argument: the name of the argument, for errors.
        allow_plain_http: accept plain HTTP to other machines.

    Raises:
        ArgumentError: not ``https://host[:port]``; by default plain HTTP is accepted for loopback only.
    """
    if not isinstance(base_url, str):
        raise ArgumentTypeError(argument, f"takes text such as https://cdn.emnify.net, not {base_url!r}")
    if "@" in base_url:  # checked first, because the other errors show the URL
        raise ArgumentError(argument, "contains a user name or password; pass credentials as auth=")
    try:
        parts = urlsplit(base_url.strip())
    except ValueError:
        raise ArgumentError(argument, f"{_ACCEPTED}, not {base_url!r}") from None
    name = host_of(parts)
    if parts.scheme not in ("https", "http") or _AMBIGUOUS.search(base_url) or name is None:
        raise ArgumentError(argument, f"{_ACCEPTED}, not {base_url!r}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ArgumentError(argument, f"takes scheme and host only, without a path, not {base_url!r}")
    port = _shown_port(parts)
    if port is None:
        raise ArgumentError(argument, f"has no valid port in {base_url!r}")
    if parts.scheme == "http" and not is_loopback(name):
        if not allow_plain_http:
            raise ArgumentError(
                argument,
                f"is plain http to {name!r}; tokens are sent over https only (plain http is accepted for "
                "this machine, and with allow_plain_http=True for a simulator in a container network)",
            )
        _logger.warning("%s is plain http to %s: anyone in between can read tokens and data", argument, name)
    host = f"[{name}]" if ":" in name else name
    # One spelling for one server, because limits and tokens are shared by this text.
    return f"{parts.scheme}://{host}{port}"


def _shown_port(parts: SplitResult) -> str | None:
    """Return ``:port``, nothing for the default one, and ``None`` if it is not valid."""
    try:
        port = parts.port
    except ValueError:
        return None
    if port in (None, DEFAULT_PORTS[parts.scheme]):
        return ""
    return f":{port}" if port else None


def host_of(parts: SplitResult) -> str | None:
    """Return the host of a URL in one spelling, ``None`` if it has no valid one.

    The dot at the end of a full DNS name goes. A name that ends in a number can only be an IPv4 address.
    """
    host = (parts.hostname or "").removesuffix(".")
    bracketed = "[" in parts.netloc
    if bracketed or host.rpartition(".")[2].isdecimal():
        if bracketed and not re.fullmatch(r"(.*@)?\[[^]]*\](:\d*)?", parts.netloc):
            return None  # urlsplit ignores what stands beside the brackets
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return None
        return str(address) if (address.version == 6) == bracketed else None
    return host if _NAME.fullmatch(host) else None


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, without a DNS lookup."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
