"""Find the operation of a raw call by method and path, so that it is sent as the typed call is."""

from __future__ import annotations

import re
from collections.abc import Collection

from aioemnify._checks import check_choice, check_type
from aioemnify.operation import Operation, RetryClass
from aioemnify.transport.wire.request import check_raw_path

_METHODS: dict[str, RetryClass] = {
    "GET": "safe",
    "PUT": "idempotent",
    "PATCH": "idempotent",
    "DELETE": "idempotent",
    "POST": "once",
}


class Router:
    """Finds operations by method and path. Paths are compiled on first use, and once.

    Args:
        operations: the operation table.
    """

    def __init__(self, operations: Collection[Operation]) -> None:
        self._operations = operations
        self._routes: dict[tuple[str, int], tuple[re.Pattern[str], list[Operation]]] = {}

    def operation(self, method: str, path: str) -> Operation:
        """Return an operation that sends ``path`` as it is.

        A path of the table keeps the id, retry class and lane of its operation. Any other path gets
        the retry class of its method.

        Raises:
            ArgumentError: an unknown method, or a path that is not an ``/api/...`` path.
        """
        verb = check_type("method", method, str, "text").upper()
        check_choice("method", verb, _METHODS)
        check_raw_path(path)
        known = self._find(verb, path)
        return Operation(
            id=known.id if known else f"{verb} {path}",
            method=verb,
            path=path,
            retry=known.retry if known else _METHODS[verb],
            lane=known.lane if known else None,
            auth=known.auth if known else True,
            template=known.path if known else None,
        )

    def _find(self, method: str, path: str) -> Operation | None:
        shape = (method, path.count("/"))
        if shape not in self._routes:
            self._routes[shape] = self._compile(*shape)
        pattern, operations = self._routes[shape]
        found = pattern.fullmatch(path)
        return operations[found.lastindex - 1] if found and found.lastindex else None

    def _compile(self, method: str, slashes: int) -> tuple[re.Pattern[str], list[Operation]]:
        """Compile all paths of one method and length, so that the most literal one is found first."""
        operations = [
            one for one in self._operations if (one.method, one.path.count("/")) == (method, slashes)
        ]
        operations.sort(key=lambda one: one.path.count("{"))
        return re.compile("|".join(f"({_expression(one.path)})" for one in operations)), operations


def _expression(template: str) -> str:
    segments = template.split("/")
    return "/".join("[^/]+" if segment.startswith("{") else re.escape(segment) for segment in segments)
