"""``Emnify``: where the generated calls and the hand-written transport meet."""

from __future__ import annotations

import os
import random
import warnings
from collections.abc import Awaitable, Callable, Mapping, Sequence
from copy import copy
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Self, TypeVar, cast

from aioemnify._checks import check_bool, check_seconds, check_type, check_whole_number
from aioemnify._version import __version__
from aioemnify.client_arguments import (
    ROUTER,
    check_store,
    check_transport,
    chosen_base_url,
    chosen_credential,
    hook_calls_of,
    named_operation,
    param_pairs,
    rate_limiting,
    request_ids,
)
from aioemnify.clock import Clock
from aioemnify.errors import ArgumentTypeError
from aioemnify.operation import LimitTable, Operation
from aioemnify.options import (
    DEFAULT,
    LONGEST,
    CallOptions,
    RetryPolicy,
    Throttling,
    Timeouts,
    Wait,
    call_options,
)
from aioemnify.preloading import COMPILED, check_groups, load_groups, load_modules
from aioemnify.resources._attributes import ResourceAttributes
from aioemnify.tables.errors import ERROR_CODES
from aioemnify.tables.limits import LimitsName
from aioemnify.tables.operations import OPERATIONS
from aioemnify.transport.auth.credentials import Credential
from aioemnify.transport.http.adapters import load_library
from aioemnify.transport.http.sender import HttpSender
from aioemnify.transport.pipeline import Pipeline
from aioemnify.transport.retry import Retries
from aioemnify.transport.shared_state import SharedState, shared_state_of
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.request import Request, build_path, build_query, encode_query
from aioemnify.transport.wire.response import Response, ResponseReader

if TYPE_CHECKING:
    from aioemnify.hooks import Hooks
    from aioemnify.resources._with_response import WithResponse
    from aioemnify.stores.memory import MemoryStore
    from aioemnify.stores.protocols import LimitStore
    from aioemnify.transport.throttle_view import ThrottleView

CONNECTIONS = 20
MAX_RESPONSE_BYTES = 64 * 1024 * 1024


T = TypeVar("T")


class Emnify(ResourceAttributes):
    """Call the API for one workspace.

    Use it as ``async with Emnify(...) as emnify``. Before the first call it sends nothing and is not
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
        connections: int = CONNECTIONS,
        max_response_bytes: int = MAX_RESPONSE_BYTES,
        strict: bool = False,
        clock: Clock | None = None,
        chance: Callable[[], float] | None = None,
    ) -> None:
        credential = chosen_credential(application_token, auth)
        check_bool("allow_plain_http", allow_plain_http)
        url = chosen_base_url(base_url, allow_plain_http=allow_plain_http)
        check_transport(transport, http_client, http_library, ca_file, local_address)
        check_whole_number("connections", connections)
        check_whole_number("max_response_bytes", max_response_bytes)
        check_bool("strict", strict)
        if deadline is not None:
            check_seconds("deadline", deadline, most=LONGEST)
        for argument, given, kind, accepted in (
            ("on_wait", on_wait, Callable, "a function"),
            ("timeouts", timeouts, Timeouts, "Timeouts(...)"),
            ("retry", retry, RetryPolicy, "RetryPolicy(...)"),
            ("clock", clock, Clock, "a Clock"),
            ("chance", chance, Callable, "a function"),
        ):
            if given is not None:
                check_type(argument, given, kind, accepted)
        if store is not None:
            check_store(store)
        table, settings = rate_limiting(limits, throttling)
        isolated = any(given is not None for given in (transport, http_client, clock))
        clock = clock or Clock()
        paths = [operation.path for operation in OPERATIONS.values()]
        if isolated and store is None:
            self._shared_state = SharedState(table, clock, settings, paths)
        else:
            self._shared_state = shared_state_of(url, table, settings, paths=paths, store=store, clock=clock)
        self._base_url = url
        self._clock = clock
        self._timeouts = timeouts or Timeouts()
        self._codec = Codec(COMPILED, strict=strict)
        self._reader = ResponseReader(self._codec, ERROR_CODES)
        hook_calls = hook_calls_of(hooks, on_wait, url, clock)
        make_id = request_ids(request_id, chance)
        chance = chance or random.random
        self._pipeline = Pipeline(
            credential=credential,
            authenticate=OPERATIONS["auth.authenticate"],
            sender=HttpSender(
                url,
                timeouts=self._timeouts,
                max_response_bytes=max_response_bytes,
                user_agent=f"aioemnify/{__version__}",
                transport=transport,
                client=http_client,
                library=http_library or "httpx",
                ca_file=ca_file,
                local_address=local_address,
            ),
            retries=Retries(retry or RetryPolicy(), self._reader, self._codec, clock, chance),
            codec=self._codec,
            shared_state=self._shared_state,
            connections=ConcurrencyLimit("connections of this client", "connections", size=connections),
            deadline=deadline,
            clock=clock,
            chance=chance,
            request_id=make_id,
            hooks=hook_calls,
        )
        if hook_calls is not None:
            hook_calls.client_created(self._shared_state)

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
            ArgumentError: there is no such group, or another argument cannot work.
        """
        check_groups(groups)
        check_transport(None, None, http_library, ca_file)
        url = chosen_base_url(base_url, allow_plain_http=True)
        load_modules()
        load_groups(groups)
        load_library(url, name=http_library or "httpx", ca_file=ca_file)

    def __repr__(self) -> str:
        return f"<Emnify client of {self._base_url}>"

    @property
    def throttle(self) -> ThrottleView:
        """Return a view of the rate limits.

        ``throttle.snapshot()`` shows how much of each limit is used,
        ``throttle.estimate("sims.get", 10_000)`` how long a job would take.
        """
        from aioemnify.transport.throttle_view import ThrottleView

        pipeline = self._pipeline
        return ThrottleView(
            self._shared_state,
            named_operation,
            pipeline.connections,
            lambda: pipeline.organisation,
            pipeline.pool_connections,
        )

    @property
    def with_response(self) -> WithResponse:
        """Return the same calls, each of which returns a ``CallResponse``: status, headers, attempts, times.

        ``response = await emnify.with_response.sims.get(1)``, then ``response.value``, ``response.status``.
        Methods that make several calls, such as ``sweep``, are not there; a list gives one page.
        """
        from aioemnify.with_response import CallsWithResponse

        return cast("WithResponse", CallsWithResponse(self))

    def __del__(self, _warn: Callable[..., None] = warnings.warn) -> None:
        pipeline = getattr(self, "_pipeline", None)  # there is none if an argument was refused
        if pipeline is not None and (whose := pipeline.unclosed()) is not None:
            text = f"unclosed client of {self._base_url} ({whose}): use 'async with', or await aclose()"
            # Python 3.11 does not find where an object with a __dict__ was allocated; the pipeline has none.
            _warn(text, ResourceWarning, source=pipeline)

    def __copy__(self) -> Self:
        made = object.__new__(type(self))
        vars(made).update(vars(self))
        return made

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{self!r} cannot be pickled: make a client in each process")

    async def __aenter__(self) -> Self:
        self._pipeline.enter()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connections. Waiting and later calls end with ``ClientStateError``.

        A client that ``workspace`` returned ends only its own calls. It uses the connections of the
        client that made it, which closes it too.
        """
        await self._pipeline.aclose()

    def workspace(self, organisation_id: int) -> Emnify:
        """Return a client of another workspace of the same user.

        It has its own token and its own path limits. It shares the address limits and the
        connections, and closes with this client. The API allows the switch only for
        ``UserPassword`` credentials.

        Args:
            organisation_id: the id of the workspace.

        Raises:
            ArgumentError: ``organisation_id`` is not a whole number above 0.
        """
        there = copy(self)
        there._pipeline = self._pipeline.for_workspace(organisation_id, OPERATIONS["auth.switch_workspace"])
        return there

    def _for_tenant(self, credential: Credential, connections: int) -> Emnify:
        """Return a client with another credential, for ``EmnifyPool``, which closes it."""
        there = copy(self)
        there._pipeline = self._pipeline.for_tenant(credential, connections)
        return there

    async def request(
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
            EmnifyError: the call failed; ``aioemnify.errors`` shows all kinds.
        """
        operation = ROUTER.operation(method, path)
        pairs = param_pairs(params)
        content = None if json is None else self._codec.encode_json(json, "json")
        request = Request(operation, path, encode_query(pairs), content)
        return await self._exchange(request, options, self._reader.any_json)

    async def wait_until(
        self,
        fetch: Callable[[], Awaitable[T]],
        when: Callable[[T], bool],
        *,
        every: float = 2.0,
        timeout: float = 300.0,
        failed: Callable[[T], bool] | None = None,
    ) -> T:
        """Fetch a value until it is as wanted, on this client's clock: see ``aioemnify.wait_until``."""
        from aioemnify.polling import wait_until

        return await wait_until(fetch, when, every=every, timeout=timeout, failed=failed, clock=self._clock)

    async def _call(
        self,
        operation: Operation,
        path_args: Sequence[object] = (),
        *,
        query: Mapping[str, object] | None = None,
        body: object = None,
        options: Any = None,
    ) -> Any:
        """Make the call of a generated method, or fetch one page of a list for ``Pages``."""
        path = build_path(operation, path_args)
        encoded = build_query(operation, query or {})
        content = None
        if operation.body is not None:
            if body is None:
                raise ArgumentTypeError(
                    "body", f"of {operation.id} is required: {operation.body.model.rpartition(':')[2]}"
                )
            content = self._codec.encode(operation.body, body)
        read = self._reader.value if operation.listing is None else self._reader.page
        return await self._exchange(Request(operation, path, encoded, content), options, read)

    async def _exchange(
        self, request: Request, options: Any, read: Callable[[Operation, Response], Any]
    ) -> Any:
        chosen = DEFAULT if options is None else call_options(options)
        if chosen.headers:
            request = Request(request.operation, request.path, request.query, request.content, chosen.headers)
        return await self._pipeline.call(request, chosen, read)
