"""Carry out one call, from its deadline to its response or its error.

The order is always the same: deadline, token, admission, one attempt. Then comes the response, a new token
after a 401, a wait after a 429, a retry after a failure, or the error.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from copy import copy
from functools import partial
from math import inf
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

import anyio
from attrs import define, field

from aioemnify.clock import Clock
from aioemnify.errors import (
    ClientStateError,
    DecodeError,
    EmnifyError,
    OutcomeUnknownError,
    TimeoutError,
)
from aioemnify.operation import Operation
from aioemnify.options import CallOptions
from aioemnify.transport.auth.authenticator import Authenticator
from aioemnify.transport.auth.credentials import Credential, StaticToken, WorkspaceOf
from aioemnify.transport.authentication_call import authenticate
from aioemnify.transport.call import Call, CallRecord
from aioemnify.transport.http.exchange import Lost
from aioemnify.transport.http.sender import CLOSED, HttpSender
from aioemnify.transport.retry import Retries
from aioemnify.transport.retry_after import http_date
from aioemnify.transport.shared_state import SharedState
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.request import Request
from aioemnify.transport.wire.response import Response
from aioemnify.types import UnsetType

if TYPE_CHECKING:  # loaded where there are hooks
    from aioemnify.transport.hook_calls import HookCalls  # noqa: TC004 - attrs needs no types

T = TypeVar("T")

MAX_TOKENS = 3
"""Times a call gets a new token because the last one became stale during the wait. It sends the last one."""


@define(eq=False, kw_only=True)
class Pipeline:
    """Carries out the calls of one client."""

    _credential: Credential
    _authenticate: Operation
    _sender: HttpSender
    _retries: Retries
    _codec: Codec
    _shared_state: SharedState
    connections: ConcurrencyLimit
    _deadline: float | None
    _clock: Clock
    _chance: Callable[[], float]
    _request_id: Callable[[], str] | None
    hooks: HookCalls | None
    _owns_connections: bool = field(default=True, init=False)
    closed: bool = field(default=False, init=False)
    # Waits outside the throttle, of this pipeline and of those for other workspaces.
    _waits: dict[anyio.CancelScope, Pipeline] = field(factory=dict, init=False)
    # Of all tenants together.
    pool_connections: tuple[ConcurrencyLimit, ...] = field(default=(), init=False)
    _tenants: WeakSet[Pipeline] = field(factory=WeakSet, init=False)
    _auth: Authenticator = field(init=False)

    def __attrs_post_init__(self) -> None:
        self._auth = self._authenticator(self._credential, self._authenticate)
        self._shared_state.join(self)

    def _authenticator(self, credential: Credential, operation: Operation) -> Authenticator:
        call = partial(authenticate, self.call, self._codec, operation)
        ready = isinstance(credential, StaticToken)
        cell = self._shared_state.cell(credential.identity, keep=not ready)
        shared = self._shared_state.shared_token(credential.identity, self._chance)
        return Authenticator(
            credential,
            cell,
            call=call,
            clock=self._clock,
            chance=self._chance,
            shared=shared,
            on_renewal=self.hooks.token_renewed if self.hooks is not None else None,
        )

    @property
    def organisation(self) -> str | None:
        """Return the organisation whose limits apply; ``None`` before the first authentication."""
        return self._auth.organisation

    def unclosed(self) -> str | None:
        """Return whose calls these were if their connections are still open, else ``None``."""
        if not self._owns_connections or not self._sender.has_connections:
            return None
        kind, organisation = type(self._credential).__name__, self.organisation
        # That of a token without claims is a digest.
        return f"{kind} of organisation {organisation}" if (organisation or "").isdigit() else kind

    def for_workspace(self, organisation_id: int, switch: Operation) -> Pipeline:
        """Return a pipeline for another workspace. It has its own token and limits, and shares the rest.

        Args:
            organisation_id: the workspace to switch to.
            switch: the operation that returns a token of that workspace.
        """
        there = self._copy(WorkspaceOf(self._credential, organisation_id))
        # The switch is a call with a token of this workspace.
        there._auth = self._authenticator(there._credential, switch)
        return there

    def for_tenant(self, credential: Credential, connections: int) -> Pipeline:
        """Return a pipeline for another credential. It shares the limits of the address and the connections.

        Args:
            credential: whose calls it makes.
            connections: its calls in flight at once, at most. The limit of this pipeline applies too, to
                the calls of all of its tenants together.
        """
        there = self._copy(credential)
        there._auth = there._authenticator(credential, there._authenticate)
        there._retries = self._retries.with_own_budget()
        there.pool_connections = (self.connections,)
        there.connections = ConcurrencyLimit("connections of this client", "connections", size=connections)
        self._tenants.add(there)
        return there

    def _copy(self, credential: Credential) -> Pipeline:
        there = copy(self)
        there._owns_connections = False
        there._credential = credential
        return there

    async def call(
        self,
        request: Request,
        options: CallOptions,
        read: Callable[[Operation, Response], T],
        before_send: Callable[[], Awaitable[Callable[[], None] | None]] | None = None,
        record: CallRecord | None = None,
        after_failure: Callable[[], None] | None = None,
    ) -> T:
        """Send ``request``, as often as necessary, and return what is read from the successful response.

        Args:
            request: what to send.
            options: the settings of this call.
            read: turns the response into what the call returns.
            before_send: awaited in each attempt, after admission and before the first byte is sent. If it
                raises, nothing is sent, others get the slots, and the call ends with that error. What it
                returns is called immediately before the first byte; if that raises, the attempt fails unsent.
            record: is filled in if the call succeeds.
            after_failure: called when an attempt has ended without success, unless the call may have been
                applied and must not be repeated; until the next ``before_send`` nothing of the call is under
                way, and cancelling it is safe.

        Raises:
            APIError: the server refused the call.
            ClientStateError: the client is closed, or was closed during the call.
            DecodeError: ``read`` raised it.
            TransportError: there was no usable response, and the call was not or could not be repeated.
            ThrottleError: a limit would delay the call beyond its deadline.
        """
        self._check_open()
        call = self._begin(request, options)
        try:
            while True:
                earlier = call.earlier
                grant = await (self._admit(call) if earlier is None else self._admit_again(call, earlier))
                if before_send is not None:
                    await _prepare(before_send, grant)
                outcome = await self._attempt(call, grant)
                if isinstance(outcome, Response) and outcome.ok:
                    break
                if isinstance(outcome, Lost):
                    self._retries.check_repeatable(call, outcome)
                if after_failure is not None:
                    after_failure()
                await self._after_failure(call, outcome, grant)
                self._check_open()
            if not self._retries.budget.is_full:
                self._retries.budget.earn()
            if record is not None:
                call.fill(record, self._clock.monotonic())
            value = read(request.operation, outcome)
        except BaseException as error:
            call.ended(error)
            if isinstance(error, (DecodeError, OutcomeUnknownError)):
                await self.drop_idle()
            raise
        if call.observed is not None:
            call.observed.ended(None, value)
        return value

    def _begin(self, request: Request, options: CallOptions) -> Call:
        seconds = self._deadline if isinstance(options.deadline, UnsetType) else options.deadline
        began = self._clock.monotonic()
        deadline = inf if seconds is None else began + seconds
        request_id = options.request_id
        if isinstance(request_id, UnsetType):
            request_id = None if self._request_id is None else self._request_id()
        call = Call(request, options, began, deadline, request_id)
        if self.hooks is not None:
            call.observed = self.hooks.begin(
                request.operation, self.organisation, options.priority, began, deadline, request_id
            )
        return call

    def _check_open(self) -> None:
        if self.closed:
            raise ClientStateError(CLOSED)
        self._sender.check_open()

    @contextmanager
    def _while_open(self, seconds: float) -> Iterator[None]:
        """Limit a wait to a number of seconds; closing the client ends it too.

        Raises:
            ClientStateError: the client was closed meanwhile.
        """
        with anyio.move_on_after(seconds) as scope:
            self._waits[scope] = self
            try:
                yield
            finally:
                del self._waits[scope]
        self._check_open()

    async def _sleep(self, seconds: float) -> None:
        with self._while_open(inf):
            await self._clock.sleep(seconds)

    async def _admit(self, call: Call) -> Grant:
        """Get a token, then a grant: which limits apply depends on the organisation of the token."""
        operation = call.request.operation
        tries = 0
        while True:
            tries += 1
            if operation.auth:
                call.token = self._auth.cached() or await self._within(call, self._auth.token(call.deadline))
            organisation = call.token.organisation if call.token else ""
            limits = self._shared_state.registry.of_call(
                organisation, operation.method, call.request.path, operation.lane
            )
            grant = await self._shared_state.throttle.admit(
                (*limits, *self.pool_connections, self.connections),
                deadline=call.deadline,
                operation=operation.id,
                priority=call.options.priority,
                turn=call.turn,
                client=self,
                on_wait=call.observed.waiting if call.observed is not None else None,
            )
            # If the call waits again, it keeps its position.
            call.turn = grant.turn
            if call.token is None or not self._auth.is_stale(call.token) or tries == MAX_TOKENS:
                return grant
            # The token became stale during the wait. Another call can use the grant meanwhile.
            grant.end()

    async def _admit_again(self, call: Call, earlier: EmnifyError) -> Grant:
        """Get another grant. An error of this says "not sent", which would hide the earlier attempt."""
        try:
            return await self._admit(call)
        except ClientStateError:
            raise
        except EmnifyError as error:
            raise earlier from error

    async def _within(self, call: Call, obtaining: Coroutine[Any, Any, T]) -> T:
        """Obtain a token before the deadline."""
        operation = call.request.operation.id
        text = f"{operation}: the deadline passed during the authentication"
        began = self._clock.monotonic()
        with self._while_open(call.deadline - began):
            obtained = await obtaining
            call.busy += self._clock.monotonic() - began
            return obtained
        raise TimeoutError(text, phase="authenticate", operation=operation)

    async def _attempt(self, call: Call, grant: Grant) -> Response | Lost:
        began = self._clock.monotonic()
        if call.observed is not None:
            call.observed.attempt_began(call.attempts + 1, began)
        attempt = self._sender.attempt(grant)
        outcome: Response | Lost | None = None
        try:
            secret = call.token.secret if call.token else None
            sending: Coroutine[Any, Any, Response | Lost | None] = self._sender.send(
                call.request, attempt, secret, call.options.timeout, call.request_id
            )
            if call.deadline < inf:
                sending = _at_most(call.deadline - began, sending)
            outcome = await sending
        except ClientStateError:
            raise
        except EmnifyError as unsent:
            # There are no new slots for a grant that is not good any more: see ``_admit_again``.
            if call.earlier is None:
                raise
            raise call.earlier from unsent
        finally:
            # Also if the call is cancelled: a request that the server may have received counts from now on,
            # and one that was certainly not sent does not count.
            if attempt.maybe_sent and not (isinstance(outcome, Lost) and not outcome.sent):
                attempt.grant.sent()
            attempt.grant.end()
        if outcome is None:
            outcome = call.out_of_time(attempt)
        now = self._clock.monotonic()
        took = now - began
        if isinstance(outcome, Response) and outcome.ok:
            self._shared_state.note_exchange(call.request.operation.id, took)
        call.attempt_ended(outcome, took, now)
        return outcome

    async def _after_failure(self, call: Call, outcome: Response | Lost, grant: Grant) -> None:
        """Do what has to be done before the call is sent again, or raise the error that ends it."""
        if isinstance(outcome, Lost):
            self._check_open()  # closing the client may be the reason
            await self._sleep(self._retries.delay_after_loss(call, outcome))
            return
        refused = call.token if outcome.status == 401 else None
        if refused is not None and not call.renewed and self._auth.can_replace(refused):
            call.renewed = True
            text = "the token was refused; authenticating again"
            call.log(logging.INFO, self._clock.monotonic(), text)
            await self._within(call, self._auth.replace(refused, call.deadline))
        elif outcome.status == 429:
            await self._after_limit(call, outcome, grant)
        else:
            await self._sleep(self._retries.delay_after_refusal(call, outcome))

    async def _after_limit(self, call: Call, response: Response, grant: Grant) -> None:
        refusal = self._shared_state.throttle.refused(
            grant, self._retries.retry_after(response), date=http_date(response.headers.get("date", ""))
        )
        self._shared_state.send_pauses(grant.limits)
        if self.hooks is not None:
            name = refusal.limit.name if refusal.limit is not None else None
            self.hooks.limit_refused(name, refusal.cause, refusal.wait)
        self._retries.check_limit(call, response, refusal)
        if refusal.limit is None:
            await self._sleep(refusal.pause)

    async def drop_idle(self) -> None:
        """Close the idle connections, after a response that cannot be one to its request.

        It may belong to another request of its connection, whose own response would come next: a 429 of
        another call would repeat a create.
        """
        await self._sender.drop_idle()

    def enter(self) -> None:
        """Note which event loop the client is used in."""
        if self._owns_connections:
            self._shared_state.enter(self)

    def forget_tasks(self) -> None:
        """Forget the tasks and connections of the parent process, in a child that was forked."""
        self._waits.clear()
        for pipeline in (self, *self._tenants):
            pipeline.connections.forget_tasks()
        self._sender.forget_tasks()

    async def aclose(self) -> None:
        """End the waiting calls, and close the connections if they belong to this pipeline.

        Closing them also ends the calls of the pipelines for other workspaces.
        """
        self.end_waits()
        if self._owns_connections:
            try:
                await self._sender.aclose()
            finally:
                await self._shared_state.leave(self)

    def end_waits(self) -> None:
        """End the waiting calls, and refuse later ones."""
        self.closed = True
        whose = None if self._owns_connections else self
        for scope, pipeline in list(self._waits.items()):
            if whose is None or pipeline is whose:
                scope.cancel()
        text = "the client was closed while the call waited"
        self._shared_state.throttle.dismiss(self.connections, text, client=whose)


async def _prepare(before_send: Callable[[], Awaitable[Callable[[], None] | None]], grant: Grant) -> None:
    try:
        grant.check = await before_send()
    except BaseException:
        grant.end()
        raise


async def _at_most(seconds: float, sending: Coroutine[Any, Any, T]) -> T | None:
    with anyio.move_on_after(seconds):
        return await sending
    return None
