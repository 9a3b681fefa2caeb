"""Call the hooks of a client, so that none of them can do any harm to a call."""

from __future__ import annotations

import logging
from collections.abc import Callable
from math import inf
from typing import Any
from urllib.parse import urlsplit

from attrs import define

from aioemnify._checks import check_plain, check_type
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentTypeError
from aioemnify.hooks import CallInfo, ClientInfo, Hooks, JobInfo, JobProgress, Throttle
from aioemnify.operation import Operation
from aioemnify.options import LimitKind, Priority, Wait
from aioemnify.types import Page

_logger = logging.getLogger("aioemnify.hooks")

METHODS = tuple(name for name in vars(Hooks) if not name.startswith("_"))
"""The names of all hooks."""


def check_hooks(value: object) -> None:
    """Refuse what has no hook, or one that has to be awaited.

    Raises:
        ArgumentTypeError: it is not an object with hooks.
    """
    there = {name: getattr(value, name, None) for name in METHODS}
    if isinstance(value, type) or not any(map(callable, there.values())):
        raise ArgumentTypeError("hooks", f"takes an object with one or more of {', '.join(METHODS)}")
    for name, method in there.items():
        check_type(f"hooks.{name}", method, Callable | None, "a function")
        check_plain(f"hooks.{name}", method)


class HookCalls:
    """The hooks of one client.

    Args:
        hooks: the object with the methods; ``None`` for ``on_wait`` alone.
        on_wait: called before a call waits. Unlike a hook, it may raise, which ends the call.
        base_url: the server.
        clock: the clock of the client.
    """

    def __init__(
        self, hooks: Hooks | None, on_wait: Callable[[Wait], None] | None, base_url: str, clock: Clock
    ) -> None:
        url = urlsplit(base_url)
        self._server = url.hostname or ""
        self._port = url.port or (80 if url.scheme == "http" else 443)
        self._methods = {name: method for name in METHODS if (method := _own(hooks, name)) is not None}
        self._reported: set[str] = set()
        self.observes_calls: bool = bool(
            {"call_started", "waited", "attempt_ended", "call_ended"} & self._methods.keys()
        )
        self.on_wait: Callable[[Wait], None] | None = on_wait
        self.clock: Clock = clock

    def run(self, name: str, *arguments: object) -> Any:
        """Call a hook, if there is one. What it raises is logged once for each method."""
        method = self._methods.get(name)
        if method is None:
            return None
        try:
            return method(*arguments)
        except Exception as error:
            if name not in self._reported:
                self._reported.add(name)
                # The error that is being handled is that of the call, whose text may hold an id.
                error.__context__ = None
                text = "hooks.%s raised %s; its further errors are not logged"
                _logger.error(text, name, type(error).__name__, exc_info=error)
            return FAILED

    def client_created(self, throttle: Throttle) -> None:
        """Tell of the client."""
        self.run("client_created", ClientInfo(server=self._server, port=self._port, throttle=throttle))

    def begin(
        self,
        operation: Operation,
        organisation: str | None,
        priority: Priority,
        began: float,
        deadline: float,
        request_id: str | None,
    ) -> ObservedCall:
        """Tell of a call that begins, and return what its further hooks are called with."""
        handle: object = FAILED
        if self.observes_calls:
            info = CallInfo(
                operation=operation.label,
                method=operation.method,
                template=operation.template,
                server=self._server,
                port=self._port,
                organisation=organisation,
                priority=priority,
                deadline=None if deadline == inf else deadline - began,
                request_id=request_id,
            )
            handle = self.run("call_started", info)
            if handle is None:
                handle = info
        return ObservedCall(self, handle, began)

    def limit_refused(self, limit: str | None, kind: LimitKind, retry_after: float) -> None:
        """Tell of a 429."""
        self.run("limit_refused", limit, kind, retry_after)

    def token_renewed(self, seconds: float) -> None:
        """Tell of an authentication."""
        self.run("token_renewed", seconds)

    def job_progress(self, job: JobInfo, progress: JobProgress) -> None:
        """Tell how far a job is."""
        self.run("job_progress", job, progress)


FAILED = object()
"""The result of a hook that raised. The further hooks of a call are not called without a handle."""


@define(eq=False)
class ObservedCall:
    """One call, as its hooks see it."""

    _hooks: HookCalls
    _handle: object
    _began: float
    # The attempt under way: its number and its beginning.
    _attempt: tuple[int, float] | None = None

    def waiting(self, wait: Wait) -> Callable[[], None] | None:
        """Begin a wait; return what ends it."""
        hooks = self._hooks
        if hooks.on_wait is not None:
            hooks.on_wait(wait)
        if self._handle is FAILED:
            return None
        began = hooks.clock.monotonic()

        def end() -> None:
            seconds = hooks.clock.monotonic() - began
            hooks.run("waited", self._handle, wait.limit, wait.kind, seconds)

        return end

    def attempt_began(self, number: int, began: float) -> None:
        """Begin an attempt. It ends with the call, if not before."""
        self._attempt = (number, began)

    def attempt_ended(self, status: int | None, error: BaseException | None, now: float) -> None:
        """End the attempt under way."""
        if self._attempt is not None:
            (number, began), self._attempt = self._attempt, None
            if self._handle is not FAILED:
                shown = None if error is None else _outcome(error)
                self._hooks.run("attempt_ended", self._handle, number, status, shown, now - began)

    def ended(self, error: BaseException | None, value: object = None) -> None:
        """End the call, with an error or with what it returns."""
        if self._handle is FAILED:
            return
        now = self._hooks.clock.monotonic()
        self.attempt_ended(None, error, now)
        listed = value.items if isinstance(value, Page) else value
        items = len(listed) if isinstance(listed, list) else None
        self._hooks.run("call_ended", self._handle, _outcome(error), now - self._began, items)


def _outcome(error: BaseException | None) -> str:
    if error is None:
        return "ok"
    return type(error).__name__ if isinstance(error, Exception) else "cancelled"


def _own(hooks: Hooks | None, name: str) -> Callable[..., Any] | None:
    """Return a method, unless it is the one of ``Hooks``, which does nothing."""
    method: Callable[..., Any] | None = getattr(hooks, name, None)
    return None if getattr(method, "__func__", None) is getattr(Hooks, name) else method
