"""One call, from the deadline that starts to the answer that counts.

The order never changes: deadline, token, admission, send, and then either the answer, a
fresh token after a 401, a wait after a 429, a retry after a failure, or the error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from functools import partial
from math import inf
from typing import Any

import anyio
from attrs import define

from aioemnify._secret import Secret, revealed, secrets_in
from aioemnify.clock import Clock
from aioemnify.errors import (
    APIError,
    ClientStateError,
    ConnectError,
    DecodeError,
    EmnifyError,
    OutcomeUnknownError,
    ProtocolError,
    RateLimitCause,
    TimeoutError,
)
from aioemnify.operation import Operation
from aioemnify.options import CallOptions, RetryPolicy, Wait
from aioemnify.transport.auth.authenticator import Authenticator, Exchange
from aioemnify.transport.auth.credentials import Credential, WorkspaceOf
from aioemnify.transport.auth.tokens import AuthToken
from aioemnify.transport.http.exchange import Lost
from aioemnify.transport.http.sender import CLOSED, HttpSender
from aioemnify.transport.retry import TRANSIENT, RetryBudget, may_repeat, retry_after
from aioemnify.transport.shared_state import SharedState
from aioemnify.transport.throttle.adaptive import LONGEST_WAIT
from aioemnify.transport.throttle.grant import Grant
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from aioemnify.transport.wire.codec import Codec
from aioemnify.transport.wire.request import Request
from aioemnify.transport.wire.response import Response, ResponseReader

_logger = logging.getLogger("aioemnify.pipeline")


FRESH_TOKENS = 3
"""Tokens a call obtains for one place in vain, before it lets the server judge the last of them."""


@define
class _Progress:
    """Where a call stands between its attempts."""

    deadline: float
    failures: int = 0
    refusals: int = 0
    renewed: bool = False
    turn: int | None = None
    token: AuthToken | None = None


class Pipeline:
    """Carries requests for one client."""

    def __init__(
        self,
        *,
        credential: Credential,
        authenticate: Operation,
        sender: HttpSender,
        reader: ResponseReader,
        codec: Codec,
        shared_state: SharedState,
        connections: int,
        policy: RetryPolicy,
        budget: RetryBudget,
        clock: Clock,
        chance: Callable[[], float],
        on_wait: Callable[[Wait], None] | None = None,
    ) -> None:
        self._sender = sender
        self._reader = reader
        self._codec = codec
        self._shared_state = shared_state
        self._on_wait = on_wait
        self.connections: ConcurrencyLimit = ConcurrencyLimit(
            "connections of this client", "connections", size=connections
        )
        self._policy = policy
        self._budget = budget
        self._clock = clock
        self._chance = chance
        self._credential = credential
        self._owns_connections = True
        self._closed = False
        # What the calls of this pipeline and of those made from it wait for outside the throttle.
        self._waits: dict[anyio.CancelScope, Pipeline] = {}
        self._auth = self._authenticator(credential, partial(self._exchange_credentials, authenticate))
        shared_state.join(self)

    def _authenticator(self, credential: Credential, exchange: Exchange) -> Authenticator:
        cell = self._shared_state.cell(credential.identity)
        shared = self._shared_state.shared_token(credential.identity, self._chance)
        return Authenticator(
            credential, cell, exchange=exchange, clock=self._clock, chance=self._chance, shared=shared
        )

    @property
    def organisation(self) -> str | None:
        """Return whose limits this pipeline's calls meet; ``None`` before the first authentication."""
        token = self._shared_state.cell(self._credential.identity).token
        return token.organisation if token is not None else None

    def for_workspace(self, organisation_id: int, switch: Operation) -> Pipeline:
        """Return a pipeline into another workspace: its own token and buckets, all else shared.

        Args:
            organisation_id: the workspace to switch to.
            switch: the operation that exchanges this pipeline's token for that workspace's.
        """
        there = copy(self)
        there._owns_connections = False
        there._credential = WorkspaceOf(self._credential, organisation_id)
        there._auth = self._authenticator(there._credential, partial(self._exchange_credentials, switch))
        return there

    async def exchange(self, request: Request, options: CallOptions) -> Response:
        """Send ``request`` and return the success it ends with.

        Raises:
            APIError: the server said no.
            ClientStateError: the client is closed, or was while the call waited.
            TransportError: no usable answer came, and the call was not or could not be repeated.
            ThrottleError: the deadline leaves no time to wait for a place.
        """
        self._check_open()  # a client that cannot send is told so before it takes anybody's place
        progress = _Progress(inf if options.deadline is None else self._clock.monotonic() + options.deadline)
        while True:
            grant = await self._admit(request, options, progress)
            outcome = await self._attempt(request, grant, options, progress)
            if isinstance(outcome, Lost):
                await self._after_loss(request.operation, outcome, options, progress)
            elif outcome.ok:
                self._budget.earn()
                return outcome
            else:
                await self._after_refusal(request, outcome, grant, options, progress)
            self._check_open()  # it may have been closed meanwhile

    def _check_open(self) -> None:
        if self._closed:
            raise ClientStateError(CLOSED)
        self._sender.check_open()

    @contextmanager
    def _while_open(self, seconds: float) -> Iterator[None]:
        """Wait for so many seconds at the most, and no longer than the client is open.

        Raises:
            ClientStateError: it was closed meanwhile.
        """
        with anyio.move_on_after(seconds if seconds < inf else None) as scope:
            self._waits[scope] = self
            try:
                yield
            finally:
                del self._waits[scope]
        self._check_open()

    async def _sleep(self, seconds: float) -> None:
        with self._while_open(inf):
            await self._clock.sleep(seconds)

    async def _admit(self, request: Request, options: CallOptions, progress: _Progress) -> Grant:
        """Get a token and a place, in that order: the place depends on whose token it is."""
        operation = request.operation
        tries = 0
        while True:
            tries += 1
            if operation.auth:
                progress.token = self._auth.at_hand() or await self._within(
                    progress, operation, self._auth.token(progress.deadline)
                )
            organisation = progress.token.organisation if progress.token else ""
            limits = self._shared_state.registry.of_call(
                organisation, operation.method, request.path, operation.lane
            )
            grant = await self._shared_state.throttle.admit(
                (*limits, self.connections),
                deadline=progress.deadline,
                operation=operation.id,
                priority=options.priority,
                turn=progress.turn,
                client=self,
                on_wait=self._on_wait,
            )
            # A call that has to come back stands where it stood.
            progress.turn = grant.turn
            if progress.token is None or not self._auth.is_stale(progress.token) or tries == FRESH_TOKENS:
                return grant
            # The wait outlasted the token. Its place goes to somebody whose token is good.
            grant.end()

    async def _within(
        self, progress: _Progress, operation: Operation, obtaining: Coroutine[Any, Any, AuthToken]
    ) -> AuthToken:
        """Obtain a token before the deadline."""
        with self._while_open(progress.deadline - self._clock.monotonic()):
            return await obtaining
        raise TimeoutError(
            f"{operation.id}: the deadline passed while a token was being obtained",
            phase="authenticate",
            operation=operation.id,
        )

    async def _attempt(
        self, request: Request, grant: Grant, options: CallOptions, progress: _Progress
    ) -> Response | Lost:
        began = self._clock.monotonic()
        attempt = self._sender.attempt(grant.sent, grant.headers_received)
        outcome: Response | Lost | None = None
        try:
            secret = progress.token.secret if progress.token else None
            if progress.deadline == inf:
                outcome = await self._sender.send(request, attempt, token=secret, timeout=options.timeout)
            else:
                with anyio.move_on_after(progress.deadline - began):
                    outcome = await self._sender.send(request, attempt, token=secret, timeout=options.timeout)
        finally:
            # Also when cancelled: what may have reached the server is booked as counted now, and
            # what surely did not gives its places back.
            if attempt.maybe_sent and not (isinstance(outcome, Lost) and not outcome.sent):
                grant.sent()
            grant.end()
        if outcome is None:
            text = f"{request.operation.id}: the deadline passed before the answer came"
            error = TimeoutError(text, phase=attempt.phase, operation=request.operation.id)
            outcome = Lost(error, sent=attempt.maybe_sent)
        told = type(outcome.error).__name__ if isinstance(outcome, Lost) else outcome.status
        took = self._clock.monotonic() - began
        if isinstance(outcome, Response) and outcome.ok:
            self._shared_state.note_exchange(request.operation.id, took)
        _logger.debug("%s -> %s in %.3f s", request.operation.id, told, took)
        return outcome

    async def _after_loss(
        self, operation: Operation, lost: Lost, options: CallOptions, progress: _Progress
    ) -> None:
        if not may_repeat(operation.retry, was_sent=lost.sent):
            raise OutcomeUnknownError(
                f"{operation.id} was sent, and its answer was lost ({lost.error}); it may have been applied: "
                "look for the object before you repeat the call",
                operation=operation.id,
            ) from lost.error
        self._check_open()  # what was lost by closing is said as that
        repeatable = isinstance(lost.error, (ConnectError, TimeoutError, ProtocolError))
        if not repeatable or not options.retry:
            raise lost.error
        await self._back_off(lost.error, progress, at_least=0.0)

    async def _after_refusal(
        self,
        request: Request,
        response: Response,
        grant: Grant,
        options: CallOptions,
        progress: _Progress,
    ) -> None:
        operation = request.operation
        refused_token = response.status == 401 and progress.token is not None
        if refused_token and not progress.renewed and self._auth.can_renew:
            progress.renewed = True
            _logger.info("%s: the token was refused; authenticating once more", operation.id)
            assert progress.token is not None
            await self._within(progress, operation, self._auth.renew(progress.token, progress.deadline))
            return
        if response.status == 429:
            await self._after_limit(request, response, grant, options, progress)
            return
        error = self._error(request, response, progress)
        wait = self._retry_after(response) or 0.0
        too_long = wait > self._policy.longest_wait
        if response.status not in TRANSIENT or operation.retry == "once" or not options.retry or too_long:
            raise error
        await self._back_off(error, progress, at_least=wait)

    async def _after_limit(
        self,
        request: Request,
        response: Response,
        grant: Grant,
        options: CallOptions,
        progress: _Progress,
    ) -> None:
        refusal = self._shared_state.throttle.refused(grant, self._retry_after(response))
        await self._shared_state.send_pauses(grant.limits)
        progress.refusals += 1
        _logger.warning(
            "%s was refused by a limit (%s); free again in %.3f s",
            request.operation.id,
            refusal.cause,
            refusal.wait,
        )
        hopeless = refusal.cause == "quota" or refusal.wait > LONGEST_WAIT
        out_of_time = self._clock.monotonic() + refusal.wait > progress.deadline
        tired = progress.refusals >= self._policy.limit_attempts or not options.retry
        if hopeless or out_of_time or tired:
            raise self._error(request, response, progress, cause=refusal.cause, wait=refusal.wait)
        if not refusal.paused:
            await self._sleep(refusal.wait)

    def _retry_after(self, response: Response) -> float | None:
        return retry_after(response.status, response.headers.get("retry-after", ""), self._clock.wall())

    async def _back_off(self, error: EmnifyError, progress: _Progress, *, at_least: float) -> None:
        progress.failures += 1
        if progress.failures >= self._policy.attempts or not self._budget.spend():
            raise error
        delay = max(at_least, self._policy.backoff(progress.failures, self._chance))
        if self._clock.monotonic() + delay >= progress.deadline:
            raise error
        await self._sleep(delay)

    def _error(
        self,
        request: Request,
        response: Response,
        progress: _Progress,
        *,
        cause: RateLimitCause | None = None,
        wait: float = 0.0,
    ) -> APIError:
        bearer = (progress.token.secret,) if progress.token else ()
        secrets = (*request.secrets, *bearer)
        resets_at = self._shared_state.throttle.resets_at(wait) if cause == "quota" else None
        return self._reader.error(
            request.operation.id,
            response,
            secrets=secrets,
            cause=cause,
            retry_after=wait,
            resets_at=resets_at,
        )

    async def _exchange_credentials(
        self, operation: Operation, body: Mapping[str, Any]
    ) -> Mapping[str, Secret]:
        """Make an authentication call; neither its body nor its answer ever reaches an error.

        A code of the second factor is said once: said again, it may count as a wrong one.
        """
        request = Request(
            operation,
            operation.path,
            content=self._codec.encode_json(revealed(body), "credentials"),
            secrets=tuple(secrets_in(body)),
        )
        response = await self.exchange(request, CallOptions(retry="code" not in body, priority="interactive"))
        try:
            answer = self._codec.decode_json(response.content, operation.id)
        except DecodeError as error:
            raise DecodeError(str(error), operation=operation.id) from None
        if not isinstance(answer, dict):
            raise DecodeError(f"{operation.id}: the answer is no JSON object", operation=operation.id)
        return {name: Secret(text) for name, text in answer.items() if isinstance(text, str) and text}

    async def aclose(self) -> None:
        """Turn away the calls that wait, and close the connections if they are this pipeline's own.

        With the connections, the calls of the pipelines that were made from this one end too.
        """
        self._closed = True
        whose = None if self._owns_connections else self
        for scope, pipeline in list(self._waits.items()):
            if whose is None or pipeline is whose:
                scope.cancel()
        text = "the client was closed while the call waited"
        self._shared_state.throttle.dismiss(self.connections, text, client=whose)
        if self._owns_connections:
            try:
                await self._sender.aclose()
            finally:
                await self._shared_state.leave(self)
