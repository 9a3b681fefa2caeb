"""Which operation a raw path belongs to, so that raw calls are carried as the typed ones are."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.operation import Operation, RetryClass
from aioemnify.transport.wire.request import check_raw_path

_METHODS: dict[str, RetryClass] = {
    "GET": "safe",
    "PUT": "idempotent",
    "PATCH": "idempotent",
    "DELETE": "idempotent",
    "POST": "once",
}


def raw_operation(operations: Iterable[Operation], method: str, path: str) -> Operation:
    """Return an operation that carries ``path`` as it stands.

    A path of the table keeps its operation's retry class and serial lane; any other one gets
    the retry class of its method.

    Raises:
        ArgumentError: an unknown method, or a path that is not an ``/api/...`` path.
    """
    if not isinstance(method, str):
        raise ArgumentTypeError("method", f"takes text, not {method!r}")
    verb = method.upper()
    if verb not in _METHODS:
        raise ArgumentError("method", f"is one of {', '.join(_METHODS)}, not {method!r}")
    check_raw_path(path)
    candidates = [item for item in operations if item.method == verb and _matches(item.path, path)]
    known = min(candidates, key=lambda item: item.path.count("{"), default=None)
    return Operation(
        id=known.id if known else f"{verb} {path}",
        method=verb,
        path=path,
        retry=known.retry if known else _METHODS[verb],
        lane=known.lane if known else None,
        auth=known.auth if known else True,
    )


def _matches(template: str, path: str) -> bool:
    pieces = (("[^/]+" if piece.startswith("{") else re.escape(piece)) for piece in template.split("/"))
    return re.fullmatch("/".join(pieces), path) is not None
