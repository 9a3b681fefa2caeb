"""A client for one command, and the event loop that it runs in."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from aioemnify.cli.exit_status import printable
from aioemnify.cli.folders import make_config_folder
from aioemnify.cli.interrupts import waking_the_loop
from aioemnify.cli.profiles import Login, find_login
from aioemnify.cli.settings import Settings

if TYPE_CHECKING:
    from aioemnify import Emnify, FileStore, Operation, Wait
    from aioemnify.hooks import Hooks
    from aioemnify.stores.protocols import LimitStore

T = TypeVar("T")

LONG_WAIT = 2.0
"""Seconds of a wait that is worth a line on stderr."""


def run(
    settings: Settings,
    work: Callable[[Emnify], Awaitable[T]],
    *,
    store: LimitStore | None = None,
    hooks: Hooks | None = None,
) -> T:
    """Run ``work`` with a client of the chosen profile.

    Args:
        settings: the options of the command.
        work: what to do.
        store: where the client shares token and limits; ``None`` for this machine.
        hooks: told what the client does.
    """
    return run_with(settings, find_login(settings.profile), work, store=store, hooks=hooks)


def run_with(
    settings: Settings,
    login: Login,
    work: Callable[[Emnify], Awaitable[T]],
    *,
    store: LimitStore | None = None,
    hooks: Hooks | None = None,
) -> T:
    """Run ``work`` with a client of these credentials."""
    import asyncio

    async def main() -> T:
        with waking_the_loop():
            async with client(settings, login, store, hooks) as emnify:
                return await work(emnify)

    from aioemnify.transport.http.adapters import load

    # httpx has a command of its own, drawn by rich, and httpcore can run under trio: no call needs them, and
    # they take longer to load than a call takes.
    with _hidden("pygments", "rich", "trio"):
        load()
    with log_on_stderr(settings):
        return asyncio.run(main())


def client(
    settings: Settings, login: Login, store: LimitStore | None = None, hooks: Hooks | None = None
) -> Emnify:
    """Return a client that shares its token and limits, with the shells of this machine or in a store."""
    from aioemnify import Emnify
    from aioemnify.client_arguments import BASE_URL

    base_url = login.base_url
    if base_url is None and login.profile is not None:
        base_url = BASE_URL  # the token of a profile goes to its own server only
    return Emnify(
        auth=login.credential,
        base_url=base_url,
        ca_file=login.ca_file,
        store=store if store is not None else shared_store(),
        local_address=settings.local_address,
        hooks=hooks,
        on_wait=_tell_wait if settings.verbose or sys.stderr.isatty() else None,
    )


def offline() -> Emnify:
    """Return a client that never sends anything, for estimates."""
    from aioemnify import Emnify

    return Emnify("nothing is sent", base_url="http://localhost", store=shared_store())


def server_of(emnify: Emnify) -> str:
    """Return the URL that a client calls."""
    return emnify._base_url


def shared_store() -> FileStore | None:
    """Return the store beside the configuration; ``None`` where no file can be written."""
    from aioemnify import FileStore

    try:
        place = make_config_folder()
    except OSError:
        return None
    return FileStore(place / "store.db") if os.access(place, os.W_OK) else None


@contextmanager
def _hidden(*names: str) -> Iterator[None]:
    """Hide packages from those that load them wherever they find them."""
    hidden = [name for name in names if name not in sys.modules]
    missing: Any = None
    sys.modules.update(dict.fromkeys(hidden, missing))
    try:
        yield
    finally:
        for name in hidden:
            sys.modules.pop(name, None)


@contextmanager
def log_on_stderr(settings: Settings) -> Iterator[None]:
    """Let the log of the client go to stderr: warnings, with ``--verbose`` each call, and no secrets."""
    import logging

    class Stderr(logging.Handler):
        """Writes to the stderr of the moment."""

        def emit(self, record: logging.LogRecord) -> None:
            """Write a line."""
            print(f"emnify: {printable(record.getMessage())}", file=sys.stderr)

    logger, handler = logging.getLogger("aioemnify"), Stderr()
    before = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.DEBUG if settings.verbose else logging.WARNING)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before[0])
        logger.propagate = before[1]


def _tell_wait(wait: Wait) -> None:
    from aioemnify.options import duration_text

    if wait.seconds >= LONG_WAIT:
        print(f"emnify: waiting {duration_text(wait.seconds)} for {wait.limit}", file=sys.stderr)


def preview() -> Any:
    """Return a client that writes requests instead of sending them, for ``--dry-run``."""
    from aioemnify.resources._attributes import ResourceAttributes

    class Preview(ResourceAttributes):
        """Writes each request to stdout."""

        async def _call(
            self,
            operation: Operation,
            path_args: Sequence[object] = (),
            *,
            query: Mapping[str, object] | None = None,
            body: object = None,
            options: object = None,
        ) -> Any:
            from aioemnify import models
            from aioemnify.transport.wire.codec import Codec
            from aioemnify.transport.wire.request import build_path, build_query

            path, asked = build_path(operation, path_args), build_query(operation, query or {})
            content = None
            if operation.body is not None and body is not None:
                content = Codec(models.resolve, strict=False).encode(operation.body, body).decode()
            write_request(operation.method, f"{path}?{asked}" if asked else path, content)
            raise NothingSent

    return Preview()


class NothingSent(Exception):
    """A dry run has written its request."""


def write_request(method: str, target: str, content: str | None) -> None:
    """Write a request as ``--dry-run`` shows it, with secrets masked."""
    print(method, target)
    if content is not None:
        import json

        from aioemnify.cli.description import document, secret_names

        secret = set().union(*(secret_names(one) for one in document()["components"]["schemas"].values()))
        print(json.dumps(_masked(json.loads(content), secret), indent=2, ensure_ascii=False))


def _masked(value: Any, secret: set[str]) -> Any:
    if isinstance(value, dict):
        return {
            key: "***" if key in secret and inner is not None else _masked(inner, secret)
            for key, inner in value.items()
        }
    return [_masked(one, secret) for one in value] if isinstance(value, list) else value
