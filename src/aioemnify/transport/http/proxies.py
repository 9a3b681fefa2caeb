"""The proxy that the environment names for a server.

An HTTP library reads these variables too. It raises exceptions of its own for entries of ``NO_PROXY`` that
it cannot read (encode/httpx#3221), and it sorts them for any server, where a client has only one.
"""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import SplitResult, urlsplit

from attrs import field, frozen

from aioemnify.errors import ArgumentError
from aioemnify.transport.http.base_url import DEFAULT_PORTS, host_of, is_loopback

_SCHEMES = frozenset({"http", "https", "socks5", "socks5h"})


@frozen
class Proxy:
    """A proxy; ``url`` may contain a password. ``variable`` is where it was found."""

    variable: str
    url: str = field(repr=False)


def proxy_for(base_url: str) -> Proxy | None:
    """Return the proxy for a server, ``None`` for direct connections.

    ``HTTPS_PROXY`` goes before ``ALL_PROXY``, and lower case before upper case, as in curl. Where none of
    them is set, macOS and Windows have proxies in their settings. A server on this machine needs no proxy.

    Raises:
        ArgumentError: the variable does not hold a proxy.
    """
    from urllib.request import getproxies  # takes 10 ms to import, unless the library has done it already

    server, proxies = urlsplit(base_url), getproxies()
    scheme = next((scheme for scheme in (server.scheme, "all") if proxies.get(scheme)), None)
    if scheme is None or is_loopback(server.hostname or "") or _is_exempt(server, proxies.get("no", "")):
        return None
    lower = f"{scheme}_proxy"
    text = proxies[scheme].strip()
    proxy = Proxy(
        lower if lower in os.environ else lower.upper(), text if "://" in text else f"http://{text}"
    )
    try:
        parts = urlsplit(proxy.url)
        valid = parts.scheme in _SCHEMES and host_of(parts) is not None and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise ArgumentError(
            proxy.variable,
            "takes a proxy such as http://proxy.example:3128 (http, https, socks5 or socks5h); "
            "what it holds is not one and is not shown, because it may contain a password",
        )
    return proxy


def _is_exempt(server: SplitResult, no_proxy: str) -> bool:
    """Return whether ``NO_PROXY`` lists the server. An entry that cannot be read matches nothing.

    Entries are separated by commas or spaces. Each is ``*``, a name, which stands for its subdomains too,
    with or without a leading dot, an IP address or a range of them (``10.0.0.0/8``). IPv6 may stand in
    brackets. A port and a scheme may be added.
    """
    return any(_matches(entry, server) for entry in re.split(r"[\s,]+", no_proxy.lower()) if entry)


def _matches(entry: str, server: SplitResult) -> bool:
    scheme, _, name = entry.rpartition("://")
    port = ""
    if name.count(":") == 1 or "]:" in name:  # more colons without brackets are an IPv6 address
        name, _, port = name.rpartition(":")
    if scheme not in ("", "all", server.scheme):
        return False
    if port not in ("", str(server.port or DEFAULT_PORTS[server.scheme])):
        return False
    if name == "*":
        return True
    host = server.hostname or ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        name = name.strip("*.")
        return bool(name) and f".{host}".endswith(f".{name}")
    try:
        return address in ipaddress.ip_network(re.sub(r"[][]", "", name), strict=False)
    except ValueError:
        return False
