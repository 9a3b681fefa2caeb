"""Check the arguments of ``Emnify`` and its calls, and turn them into what the transport takes."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

from aioemnify._checks import check_choice, check_plain, check_type, did_you_mean
from aioemnify._query_text import scalar_text
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import LimitTable, Operation
from aioemnify.options import Throttling, Wait, check_request_id
from aioemnify.tables.limits import LIMIT_TABLES, LimitsName
from aioemnify.tables.operations import OPERATIONS
from aioemnify.transport.auth.credentials import ApplicationToken, Credential, StaticToken, UserPassword
from aioemnify.transport.call import random_request_ids
from aioemnify.transport.http.adapters import check_address, check_library
from aioemnify.transport.http.base_url import check_base_url
from aioemnify.transport.wire.router import Router

if TYPE_CHECKING:
    from aioemnify.hooks import Hooks
    from aioemnify.transport.hook_calls import HookCalls

_logger = logging.getLogger("aioemnify")

ROUTER = Router(OPERATIONS.values())


def named_operation(wanted: object) -> Operation:
    """Return the operation of an id, or of a method and a path, such as ``GET /api/v1/sim/42``."""
    if isinstance(wanted, Operation):
        return wanted
    if isinstance(wanted, str):
        method, _, path = wanted.partition(" ")
        if path:
            return ROUTER.operation(method, path)
        if wanted in OPERATIONS:
            return OPERATIONS[wanted]
    raise ArgumentError(
        "operation",
        "takes the id of an operation, such as 'sims.list', or a method and a path, such as "
        f"'GET /api/v1/sim', not {wanted!r}{did_you_mean(wanted, OPERATIONS)}",
    )


def chosen_credential(application_token: str | None, auth: Credential | None) -> Credential:
    """Return the credential of a client: what was passed, else what the environment has."""
    if auth is not None:
        if application_token is not None:
            raise ArgumentError("application_token", "cannot be combined with auth=; pass one of them")
        kinds = (ApplicationToken, UserPassword, StaticToken)
        check_type("auth", auth, kinds, "ApplicationToken, UserPassword or StaticToken")
        return auth
    if application_token is None:
        application_token = os.environ.get("EMNIFY_APPLICATION_TOKEN")
    if application_token is None:
        raise ArgumentError(
            "application_token",
            "is missing: pass it, set EMNIFY_APPLICATION_TOKEN, or pass another credential as auth=",
        )
    return ApplicationToken(application_token)


BASE_URL = "https://cdn.emnify.net"


def chosen_base_url(base_url: str | None, *, allow_plain_http: bool) -> str:
    """Return the server of a client: what was passed, else what the environment has, else emnify's own."""
    return check_base_url(
        base_url or os.environ.get("EMNIFY_BASE_URL") or BASE_URL,
        "base_url" if base_url else "EMNIFY_BASE_URL",
        allow_plain_http=allow_plain_http,
    )


def check_transport(
    transport: object,
    http_client: object,
    http_library: object,
    ca_file: object,
    local_address: object = None,
) -> None:
    """Refuse arguments about connections that exclude each other, and an unknown HTTP library."""
    user_supplied = transport is not None or http_client is not None
    if transport is not None and http_client is not None:
        raise ArgumentError("transport", "cannot be combined with http_client=; pass one of them")
    if ca_file is not None and user_supplied:
        raise ArgumentError("ca_file", "is for the default transport; configure TLS on your own one")
    if local_address is not None:
        if user_supplied:
            raise ArgumentError(
                "local_address", "is for the default transport; bind the connections of your own one"
            )
        check_address(local_address)
    if http_library is not None:
        if user_supplied:
            raise ArgumentError("http_library", "is for the default transport; yours has a library already")
        check_library(http_library)


def check_store(store: object) -> None:
    """Refuse a value of another type than a store."""
    from aioemnify.stores.memory import MemoryStore
    from aioemnify.stores.protocols import LimitStore

    if isinstance(store, type) or not isinstance(store, (LimitStore, MemoryStore)):
        # Only the type is shown: the value may be an address with a password in it.
        given = f"the class {store.__name__}" if isinstance(store, type) else type(store).__name__
        raise ArgumentTypeError(
            "store", f"takes a store, such as MemoryStore() or RedisStore('redis://...'), not {given}"
        )


_LIMITS = ", ".join(map(repr, LIMIT_TABLES))


def rate_limiting(
    limits: LimitTable | LimitsName, throttling: Throttling | Literal["default"] | None
) -> tuple[LimitTable | None, Throttling | None]:
    """Return the limits to keep, ``None`` for none, and the settings, ``None`` for the default ones."""
    given: object = limits
    if given is None:
        raise ArgumentTypeError(
            "limits",
            f"takes {_LIMITS} or a LimitTable, not None; throttling=None turns rate limiting off",
        )
    if isinstance(limits, str):
        check_choice("limits", limits, LIMIT_TABLES)
        table = LIMIT_TABLES[limits]
    else:
        table = check_type("limits", limits, LimitTable, f"{_LIMITS} or a LimitTable")
    if throttling is None:
        _logger.warning("rate limiting is off: the server refuses calls beyond its limits with 429")
        return None, None
    if throttling == "default":
        return table, None
    return table, check_type("throttling", throttling, Throttling, "Throttling(...), 'default' or None")


def param_pairs(params: object) -> list[tuple[str, str]]:
    """Return query parameters as text, without ``None``; a list is sent once for each of its values."""
    if params is None:
        return []
    given = check_type("params", params, Mapping, "a mapping")
    several = [
        (name, value if isinstance(value, (list, tuple)) else (value,)) for name, value in given.items()
    ]
    return [(name, _param_text(name, one)) for name, values in several for one in values if one is not None]


def _param_text(name: object, value: object) -> str:
    if not isinstance(name, str):
        raise ArgumentTypeError("params", f"takes names as text, not {name!r}")
    text = scalar_text(value)
    if text is not None:
        return text
    raise ArgumentTypeError(f"params[{name!r}]", f"takes text, a number, True or False, not {value!r}")


def hook_calls_of(
    hooks: Hooks | None, on_wait: Callable[[Wait], None] | None, url: str, clock: Clock
) -> HookCalls | None:
    """Return what calls the hooks; ``None`` without any, and then nothing about hooks is loaded."""
    if hooks is None and on_wait is None:
        return None
    from aioemnify.transport.hook_calls import HookCalls, check_hooks

    if hooks is not None:
        check_hooks(hooks)
    check_plain("on_wait", on_wait)
    return HookCalls(hooks, on_wait, url, clock)


def request_ids(given: object, chance: Callable[[], float] | None) -> Callable[[], str] | None:
    """Return what makes the request ids: 64 random bits as text by default."""
    if given is None:
        return None
    if given == "random":
        return random_request_ids(chance)
    if callable(given):
        return lambda: check_request_id("request_id", given())
    raise ArgumentTypeError("request_id", f"takes 'random', a function or None, not {given!r}")
