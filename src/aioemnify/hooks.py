"""What a client reports while it works, for metrics, traces and logs of one's own.

``Emnify(hooks=)`` takes any object with one or more methods of ``Hooks``. The records hold no secret, no id
of an object and no URL: paths come as templates.
"""

from __future__ import annotations

from typing import Any, Protocol

import msgspec
from attrs import field, frozen

from aioemnify.options import LimitKind, Priority

Outcome = str
"""``"ok"``, ``"cancelled"``, or the name of the class of the error, such as ``"NotFoundError"``."""


class Throttle(Protocol):
    """Where the use of the limits can be read."""

    def snapshot(self) -> Any:
        """Return an ``aioemnify.ThrottleSnapshot``."""


@frozen(kw_only=True, eq=False)
class ClientInfo:
    """A client that has been created. ``server`` is the host of its URL.

    ``throttle.snapshot()`` shows its limits. Clients that share limits have the same ``throttle``.
    """

    server: str
    port: int
    throttle: Throttle = field(repr=False)


class CallInfo(msgspec.Struct, frozen=True, kw_only=True, eq=False):
    """A call that has begun.

    Args:
        operation: the id of the operation. For ``emnify.request`` with a path that is not in the table it is
            the method, because such a path may hold ids.
        method: the HTTP method.
        template: the path with names in place of ids; ``None`` for a path that is not in the table.
        server: the host of the URL.
        port: the port of the URL.
        organisation: the organisation whose limits apply; ``None`` before the first authentication.
        priority: the priority of the call.
        deadline: seconds for the whole call; ``None`` for no deadline.
        request_id: what is sent as ``X-Request-Id``, with each attempt; ``None`` if it is off.
    """

    operation: str
    method: str
    template: str | None
    server: str
    port: int
    organisation: str | None
    priority: Priority
    deadline: float | None
    request_id: str | None


@frozen(kw_only=True, eq=False)
class JobInfo:
    """A job (``aioemnify.fleet.Job``) that is open. ``name`` is that of its journal."""

    name: str


@frozen(kw_only=True)
class JobProgress:
    """How many items of a job are in each state."""

    waiting: int
    sent: int
    ok: int
    failed: int
    unknown: int
    skipped: int


class Hooks(Protocol):
    """What can be passed as ``Emnify(hooks=)``. Inherit from it, and write the methods that you need.

    Methods are plain functions, called in the event loop of the call, so they have to be quick. No lock of a
    thread is held meanwhile. What a method raises is logged once and ignored. The bodies below say
    ``return``, or type checkers would take the methods for abstract ones.

    ``call`` is what ``call_started`` has returned, or the ``CallInfo`` if it returned ``None``.
    """

    def client_created(self, client: ClientInfo, /) -> None:
        """Get to know a client, when it is created. ``workspace()`` creates no further one."""
        return

    def call_started(self, call: CallInfo, /) -> Any:
        """Begin a call, an authentication too. The other methods get what this one returns."""
        return None

    def waited(self, call: Any, limit: str, kind: LimitKind, seconds: float, /) -> None:
        """Record that a call has waited for its limits; ``limit`` is the one that held it up.

        Called once for each admission that took a wait, also if the wait ended with an error.
        """
        return

    def attempt_ended(
        self, call: Any, number: int, status: int | None, error: Outcome | None, seconds: float, /
    ) -> None:
        """Record one request. Attempts count from 1.

        ``status`` is ``None`` if no response came. ``error`` is ``None`` if one came, whatever its status.
        """
        return

    def call_ended(self, call: Any, outcome: Outcome, seconds: float, items: int | None, /) -> None:
        """End a call. ``items`` is the length of the page or list that it returns."""
        return

    def limit_refused(self, limit: str | None, kind: LimitKind, retry_after: float, /) -> None:
        """Record a 429. ``limit`` is ``None`` where this client keeps no limit of the kind."""
        return

    def token_renewed(self, seconds: float, /) -> None:
        """Record that the client has authenticated, in so many seconds, the waits for limits included."""
        return

    def job_progress(self, job: JobInfo, progress: JobProgress, /) -> None:
        """Record where the items of a job stand: when it is opened, and whenever some have moved on."""
        return
