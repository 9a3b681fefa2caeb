"""Access to the control interface: this machine only by default, and no other web pages."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from aioemnify.simulator.platform.loopback import DELIVERY_AGENT, is_address, is_loopback_address

if TYPE_CHECKING:
    from starlette.types import Scope

_PORTS = {"http": 80, "https": 443}


def refusal(scope: Scope, *, remote: bool = False, names: Collection[str] = ()) -> str | None:
    """Return why a request is refused, None if it is allowed.

    This protects against DNS rebinding, where the browser sends a foreign name as ``Host``, and against
    pages of other sites, which send their own ``Origin``.

    Args:
        scope: the request.
        remote: allow other machines. Their ``Host`` may have any port, because containers map ports, and may
            be any IP address, which cannot be rebound.
        names: names of this machine, which are accepted beside ``localhost`` and loopback addresses.
    """
    client = scope.get("client")
    if not remote and (client is None or not is_loopback_address(client[0])):
        return "the control interface answers this machine only"
    headers = Headers(scope=scope)
    hosts = headers.getlist("host")
    if len(hosts) != 1 or not _is_own(f"{scope['scheme']}://{hosts[0]}", scope, names, remote=remote):
        accepted = ["localhost", "IP addresses" if remote else "loopback addresses", *names]
        port = "" if remote else ", with the simulator's port"
        return (
            f"the Host header is not the simulator's own; accepted: {', '.join(accepted)}{port}; "
            "add others with --name"
        )
    if any(agent.startswith(DELIVERY_AGENT) for agent in headers.getlist("user-agent")):
        # A webhook at this address would give those who may call the API control of the simulator.
        return "deliveries to webhooks and callbacks are refused"
    origins = headers.getlist("origin")
    if any(not _same_place(origin, f"{scope['scheme']}://{hosts[0]}") for origin in origins):
        return "requests of other web pages are refused"
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not _opens_page(
        headers, scope
    ):
        return "requests of other web pages are refused"
    return None


def _is_own(url: str, scope: Scope, names: Collection[str], *, remote: bool) -> bool:
    place = _place(url)
    if place is None:
        return False
    _, name, port = place
    server = scope.get("server") or ("", None)
    own_port = server[1] or _PORTS.get(scope["scheme"])
    if remote and (is_address(name) or name == "localhost" or name in names):
        return True
    return port == own_port and (name in ("localhost", server[0], *names) or is_loopback_address(name))


def _same_place(one: str, other: str) -> bool:
    place = _place(one)
    return place is not None and place == _place(other)


def _place(url: str) -> tuple[str, str, int | None] | None:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if not parts.hostname or parts.username is not None or parts.path or parts.query or parts.fragment:
        return None
    return parts.scheme, parts.hostname, port or _PORTS.get(parts.scheme)


def _opens_page(headers: Headers, scope: Scope) -> bool:
    """Return whether a link on another site opens the page in a tab of its own, which is harmless."""
    opening = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return opening and scope["method"] == "GET" and scope["path"] in ("/_sim", "/_sim/")
