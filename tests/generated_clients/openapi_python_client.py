"""Call the simulator with a client that openapi-python-client generated, in its environment.

``python openapi_python_client.py URL APPLICATION_TOKEN``
"""

from __future__ import annotations

import sys
import typing
from datetime import date
from importlib import import_module
from typing import Any

from emnify_generated import AuthenticatedClient, Client
from emnify_generated.models import ApiError
from steps import log_in, work


class Caller:
    """Call operations by their id."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def __call__(self, operation: str, *path: Any, body: Any = None, **query: Any) -> Any:
        group, _, method = operation.partition(".")
        function = import_module(f"emnify_generated.api.{group}.{group}_{method}").sync_detailed
        if body is not None:
            query["body"] = typing.get_type_hints(function)["body"].from_dict(body)
        dates = {name: value for name, value in query.items() if name.endswith("_date")}
        query |= {name: date.fromisoformat(value) for name, value in dates.items()}
        answer = function(*path, client=self._client, **query)
        assert answer.status_code < 300 and not isinstance(answer.parsed, ApiError), (operation, answer)
        return _plain(answer.parsed)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def main(url: str, application_token: str) -> None:
    """Log in and do the work."""
    token = log_in(Caller(Client(base_url=url)), application_token)
    work(Caller(AuthenticatedClient(base_url=url, token=token)))


if __name__ == "__main__":
    main(*sys.argv[1:])
