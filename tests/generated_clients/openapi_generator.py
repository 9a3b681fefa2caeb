"""Call the simulator with a client that openapi-generator generated, in its environment.

``python openapi_generator.py URL APPLICATION_TOKEN``
"""

from __future__ import annotations

import inspect
import sys
from typing import Any

import emnify_client
from steps import log_in, work


class Caller:
    """Call operations by their id."""

    def __init__(self, client: emnify_client.ApiClient) -> None:
        self._client = client

    def __call__(self, operation: str, *path: Any, body: Any = None, **query: Any) -> Any:
        group, _, method = operation.partition(".")
        interface = getattr(emnify_client, "".join(map(str.capitalize, group.split("_"))) + "Api")
        function = getattr(interface(self._client), f"{group}_{method}")
        if body is not None:
            # The body follows the values of the path and has the name of its model.
            name, parameter = list(inspect.signature(function).parameters.items())[len(path)]
            query[name] = parameter.annotation.from_dict(body)
        return _plain(function(*path, **query))


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.to_dict() if hasattr(value, "to_dict") else value


def main(url: str, application_token: str) -> None:
    """Log in and do the work."""
    configuration = emnify_client.Configuration(host=url)
    with emnify_client.ApiClient(configuration) as client:
        configuration.access_token = log_in(Caller(client), application_token)
        work(Caller(client))


if __name__ == "__main__":
    main(*sys.argv[1:])
