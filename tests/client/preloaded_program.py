"""Preload, make first calls, and print what was imported or compiled in them.

Calls of each group go to a simulator over TLS, with a log-in. Then each operation is called with the bodies
and responses of the contract's data; the modules of the tests are loaded only for that. Arguments: the
event loop, the HTTP library, the URL, the token, the file of authorities, and the groups.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from typing import Any

from aioemnify import OPERATIONS, Emnify, StaticToken, Throttling
from aioemnify.errors import NotFoundError

found: list[str] = []
watching = False


def watch(event: str, arguments: tuple[Any, ...]) -> None:
    if watching and event in ("import", "compile", "exec"):
        found.append(f"{event} {str(arguments[0])[:200]}")


async def main(library: Any, url: str, token: str, ca_file: str, *groups: str) -> None:
    global watching
    Emnify.preload(*groups, base_url=url, ca_file=ca_file, http_library=library)
    ids = [name for name in OPERATIONS if not groups or name.partition(".")[0] in groups]
    # Never waits: the order of operations says nothing about time.
    fast = Throttling(jitter=0.0)
    watching = True
    async with Emnify(token, base_url=url, ca_file=ca_file, http_library=library, throttling=fast) as emnify:
        for name in ids:
            group, _, method = name.partition(".")
            if method in ("list", "get"):
                arguments = [1] * len(OPERATIONS[name].path_params)
                with suppress(NotFoundError):
                    await getattr(getattr(emnify, group), method)(*arguments)
    watching = False
    await call_all(ids)
    sys.stdout.write(json.dumps({"calls": len(ids), "found": found}))


async def call_all(ids: list[str]) -> None:
    global watching
    import httpx

    from tests.contract.arguments import arguments_of, stub_of
    from tests.contract.documented import CALLS
    from tests.contract.sampling import Sampler
    from tests.contract.test_calls import answer, sample

    current: Any = None
    transport = httpx.MockTransport(lambda _: current)
    async with Emnify(auth=StaticToken("t"), transport=transport, throttling=None) as emnify:
        for name in ids:
            call = CALLS[name]
            given, current = arguments_of(call), answer(call, sample(call))
            body = [Sampler(request=True).payload(call.body)] if call.body else []
            stub = stub_of(emnify, call)
            watching = True
            await stub(*given.path, *body, **given.keywords)
            watching = False


if __name__ == "__main__":
    loop, *rest = sys.argv[1:]
    sys.addaudithook(watch)
    if loop == "trio":
        import trio

        trio.run(main, *rest)
    else:
        import asyncio

        asyncio.run(main(*rest))
