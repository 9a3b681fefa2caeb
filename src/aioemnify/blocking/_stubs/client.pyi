# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import os
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, NoReturn, Self

from aioemnify.blocking._stubs._attributes import ResourceAttributes
from aioemnify.blocking._stubs._with_response import WithResponse
from aioemnify.client import T
from aioemnify.clock import Clock
from aioemnify.hooks import Hooks
from aioemnify.operation import LimitTable
from aioemnify.options import CallOptions, RetryPolicy, Throttling, Timeouts, Wait
from aioemnify.stores.memory import MemoryStore
from aioemnify.stores.protocols import LimitStore
from aioemnify.tables.limits import LimitsName
from aioemnify.transport.auth.credentials import Credential
from aioemnify.transport.throttle_view import ThrottleView

class Emnify(ResourceAttributes):
    """Call the API for one workspace.

    Use it as ``with Emnify(...) as emnify``. Before the first call it sends nothing and is not
    bound to an event loop.

    Args:
        application_token: the credential of most services; default: ``EMNIFY_APPLICATION_TOKEN``.
        auth: another credential: ``UserPassword``, ``StaticToken`` or ``ApplicationToken``.
        base_url: scheme and host of the API; default: ``EMNIFY_BASE_URL``, else emnify's own.
            Plain ``http`` is accepted for loopback only, and with ``allow_plain_http``.
        allow_plain_http: accept a plain ``http`` URL of another machine, such as a simulator in a network
            of containers. Tokens and data are then sent in plain text, which is logged once as a warning.
        ca_file: a file of certificate authorities to trust instead of the system's, which
            ``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` replace too.
        local_address: an IP address of this machine that the client's own connections come from, where it
            has several. Each has limits of its own: see ``RedisStore(address=...)``.
        transport: an async transport of httpx or httpx2, such as ``httpx.MockTransport``.
        http_client: an async client of httpx or httpx2; the caller closes it.
        http_library: the library for the client's own connections: ``"httpx"`` (default) or ``"httpx2"``
            (extra ``httpx2``).
        limits: the rate limits to keep: ``"documented"``, ``"2026"`` with the lower rows that a newer page of
            the documentation has (SIM, endpoint and connectivity by id), or a table of your own.
        throttling: how to keep them: margins, other limits of an organisation. ``"default"`` takes
            the settings of the clients that share the limits, else ``Throttling()``. ``None`` turns
            rate limiting off.
        store: where to count the use of the limits. By default all clients of this process share one
            count, except those with their own ``transport``, ``http_client`` or ``clock``. Clients that
            share a ``MemoryStore`` have a count of their own. A ``FileStore`` is shared by the
            processes of a machine, a ``RedisStore`` by those of many machines; both share tokens too.
            The last client of an event loop that uses a store closes it there when it is closed itself;
            a closed store opens again on the next use.
        on_wait: called before a call waits for a limit. An exception that it raises ends the call.
        hooks: an object that receives calls, waits, attempts, refusals, authentications and jobs:
            ``aioemnify.telemetry.OpenTelemetry()``, or one with some methods of ``aioemnify.Hooks``. An
            exception that it raises is logged once and ends nothing.
        request_id: makes the ``X-Request-Id`` of each call, which logs and errors show: ``"random"``, or a
            function that returns text. ``None`` sends none.
        timeouts: seconds to connect, read, write and wait for a connection, per attempt.
        retry: how often and after which delays failed calls are sent again.
        deadline: seconds for each whole call that sets no ``deadline`` of its own: waiting, sending and
            retrying, above 0. ``CallOptions(deadline=None)`` lifts it for one call. By default a call waits
            as long as the limits require.
        connections: calls in flight at once, at most. They carry ``connections`` divided by the seconds
            of one call: 20 carry 10 calls a second while a call takes less than 2 s, and 100 calls a
            second while it takes less than 0.2 s.
        max_response_bytes: a response that is larger, compressed or not, is abandoned while it arrives.
        strict: raise ``DecodeError`` for a response that does not fit the schema, naming every member
            that is missing or of another type; for tests. By default such values are kept as they
            came and logged once. Members that the schema does not know are always dropped.
        clock: the source of time; for tests.
        chance: a function that returns numbers from 0 to 1 for jitter; for tests.

    Raises:
        ArgumentError: an argument cannot work; nothing was sent.
    """

    def __init__(
        self,
        application_token: str | None = None,
        *,
        auth: Credential | None = None,
        base_url: str | None = None,
        allow_plain_http: bool = False,
        ca_file: str | os.PathLike[str] | None = None,
        local_address: str | None = None,
        transport: Any = None,
        http_client: Any = None,
        http_library: Literal["httpx", "httpx2"] | None = None,
        limits: LimitTable | LimitsName = "documented",
        throttling: Throttling | Literal["default"] | None = "default",
        store: LimitStore | MemoryStore | None = None,
        on_wait: Callable[[Wait], None] | None = None,
        hooks: Hooks | None = None,
        request_id: Callable[[], str] | Literal["random"] | None = "random",
        timeouts: Timeouts | None = None,
        retry: RetryPolicy | None = None,
        deadline: float | None = None,
        connections: int = ...,
        max_response_bytes: int = ...,
        strict: bool = False,
        clock: Clock | None = None,
        chance: Callable[[], float] | None = None,
    ) -> None: ...
    @classmethod
    def preload(
        cls,
        *groups: str,
        base_url: str | None = None,
        ca_file: str | os.PathLike[str] | None = None,
        http_library: Literal["httpx", "httpx2"] | None = None,
    ) -> None:
        """Load what the first calls would load, before an event loop has other work to do.

        These are the modules, models, decoders and checks of bodies of groups, the HTTP library and the TLS
        context. Without it the first call of a group stops the event loop for about 0.1 s. All clients
        of the process use what is loaded. A certificate file that has changed since is read again.

        Args:
            groups: names of groups, such as ``"sims"``; none stands for all of them.
            base_url: as for the client; it decides which certificates count.
            ca_file: as for the client.
            http_library: as for the client.

        Raises:
            ArgumentError: there is no such group, or another argument cannot work."""

    def __repr__(self) -> str: ...
    @property
    def throttle(self) -> ThrottleView:
        """Return a view of the rate limits.

        ``throttle.snapshot()`` shows how much of each limit is used,
        ``throttle.estimate("sims.get", 10_000)`` how long a job would take."""

    @property
    def with_response(self) -> WithResponse:
        """Return the same calls, each of which returns a ``CallResponse``: status, headers, attempts, times.

        ``response = emnify.with_response.sims.get(1)``, then ``response.value``, ``response.status``.
        Methods that make several calls, such as ``sweep``, are not there; a list gives one page."""

    def __del__(self, _warn: Callable[..., None] = ...) -> None: ...
    def __copy__(self) -> Self: ...
    def __reduce__(self) -> NoReturn: ...
    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...
    def close(self) -> None:
        """Close the connections. Waiting and later calls end with ``ClientStateError``.

        A client that ``workspace`` returned ends only its own calls. It uses the connections of the
        client that made it, which closes it too."""

    def workspace(self, organisation_id: int) -> Emnify:
        """Return a client of another workspace of the same user.

        It has its own token and its own path limits. It shares the address limits and the
        connections, and closes with this client. The API allows the switch only for
        ``UserPassword`` credentials.

        Args:
            organisation_id: the id of the workspace.

        Raises:
            ArgumentError: ``organisation_id`` is not a whole number above 0."""

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: object = None,
        options: CallOptions | Mapping[str, Any] | None = None,
    ) -> Any:
        """Call any path of the API, with the same rate limits, tokens, retries and errors.

        The limits of the concrete path apply.

        Args:
            method: ``GET``, ``POST``, ``PUT``, ``PATCH`` or ``DELETE``.
            path: the concrete path, such as ``/api/v1/sim/42``; it is sent unchanged.
            params: query parameters; those that are ``None`` are left out, and a list is sent once for
                each of its values.
            json: the body, of values that JSON has.
            options: timeout, deadline, headers, retry and priority of this call.

        Returns:
            The decoded JSON: a dict, a list, or ``None`` for an empty response.

        Raises:
            ArgumentError: an argument cannot work; nothing was sent.
            EmnifyError: the call failed; ``aioemnify.errors`` shows all kinds."""

    def wait_until(
        self,
        fetch: Callable[[], T],
        when: Callable[[T], bool],
        *,
        every: float = 2.0,
        timeout: float = 300.0,
        failed: Callable[[T], bool] | None = None,
    ) -> T:
        """Fetch a value until it is as wanted, on this client's clock: see ``aioemnify.wait_until``."""
