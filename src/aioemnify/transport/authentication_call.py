"""The call that authenticates: its request, and what is read from its response."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, TypeAlias

from aioemnify._secret import Secret, revealed, secrets_in
from aioemnify.errors import DecodeError
from aioemnify.operation import Operation
from aioemnify.options import CallOptions
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.request import Request
from aioemnify.transport.wire.response import Response

Secrets: TypeAlias = Mapping[str, Secret]
Calling: TypeAlias = Callable[
    [Request, CallOptions, Callable[[Operation, Response], Secrets]], Awaitable[Secrets]
]


async def authenticate(call: Calling, codec: Codec, operation: Operation, body: Mapping[str, Any]) -> Secrets:
    """Make an authentication call. Errors contain neither its body nor its response.

    A code of the second factor is sent only once: a second time it may count as wrong.
    """
    request = Request(
        operation,
        operation.path,
        content=codec.encode_json(revealed(body), "credentials"),
        secrets=tuple(secrets_in(body)),
    )
    # The deadlines of the calls that wait for it bound this one.
    options = CallOptions(deadline=None, retry="code" not in body, priority="interactive")
    return await call(request, options, partial(_secrets, codec))


def _secrets(codec: Codec, operation: Operation, response: Response) -> Secrets:
    """Return the texts of an answer to an authentication. An error of this has no excerpt."""
    problem = "the response is not a JSON object"
    texts: object = None
    try:
        texts = codec.decode_json(response.content, operation.id)
    except DecodeError as error:
        problem = str(error).removeprefix(f"{operation.id}: ")
    if not isinstance(texts, dict):
        raise DecodeError(f"{operation.id}: {problem}", operation=operation.id)
    return {name: Secret(text) for name, text in texts.items() if isinstance(text, str) and text}
