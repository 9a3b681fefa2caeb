"""One call, from the deadline that starts to the answer that counts.

The order never changes: deadline, token, admission, send, and then either the answer, a
fresh token after a 401, a wait after a 429, a retry after a failure, or the error.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from copy import copy
from functools import partial
from math import inf
from typing import Any

import anyio
from attrs import define

from aioemnify.errors import (
    APIError,
    ConnectError,
    DecodeError,
    EmnifyError,
    OutcomeUnknownError,
    ProtocolError,
    TimeoutError,
)
from aioemnify.operation import Operation
from aioemnify.options import CallOptions
from aioemnify.transport.auth import Authenticator, Exchange
from aioemnify.transport.clock import Clock
from aioemnify.transport.codec import Codec
from aioemnify.transport.credentials import Credential, WorkspaceOf
from aioemnify.transport.http import HttpSender, Lost
from aioemnify.transport.limits import Turnstile
from aioemnify.transport.pacing import Pacing
from aioemnify.transport.request import Request
from aioemnify.transport.response import Response, ResponseReader, retry_after
from aioemnify.transport.retry import TRANSIENT, RetryBudget, RetryPolicy, may_repeat
from aioemnify.transport.throttle import Grant
from aioemnify.transport.tokens import AuthToken

_logger = logging.getLogger("aioemnify.pipeline")


@define
class _Progress:
    """Where a call stands between its attempts."""

    deadline: float
    failures: int = 0
    refusals: int = 0
    renewed: bool = False
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
        pacing: Pacing,
        connections: int,
        policy: RetryPolicy,
        budget: RetryBudget,
        clock: Clock,
        chance: Callable[[], float],
    ) -> None:
        self._sender = sender
        self._reader = reader
        self._codec = codec
        self._pacing = pacing
        self._connections = Turnstile("connections of this client", "connections", size=connections)
        self._policy = policy
        self._budget = budget
        self._clock = clock
        self._chance = chance
        self._credential = credential
        self._auth = self._authenticator(credential, partial(self._exchange_credentials, authenticate))

    def _authenticator(self, credential: Credential, exchange: Exchange) -> Authenticator:
        cell = self._pacing.cell(credential.identity)
        return Authenticator(credential, cell, exchange=exchange, clock=self._clock, chance=self._chance)

    def for_workspace(self, organisation_id: int, switch: Operation) -> Pipeline:
        """Return a pipeline into another workspace: its own token and buckets, all else shared.

        Args:
            organisation_id: the workspace to switch to.
            switch: the operation that exchanges this pipeline's token for that workspace's.
        """
        there = copy(self)
        there._credential = WorkspaceOf(self._credential, organisation_id)
        there._auth = self._authenticator(there._credential, partial(self._exchange_credentials, switch))
        return there

    async def exchange(self, request: Request, options: CallOptions) -> Response:
        """Send ``request`` and return the success it ends with.

        Raises:
            APIError: the server said no.
            TransportError: no usable answer came, and the call was not or could not be repeated.
            ThrottleError: the deadline leaves no time to wait for a place.
        """
        progress = _Progress(inf if options.deadline is None else self._clock.monotonic() + options.deadline)
        while True:
            if request.operation.auth:
                progress.token = await self._token(progress, request.operation)
            grant = await self._admit(request, progress)
            outcome = await self._attempt(request, grant, options, progress)
            if isinstance(outcome, Lost):
                await self._after_loss(request.operation, outcome, options, progress)
            elif outcome.ok:
                self._budget.earn()
                return outcome
            else:
                await self._after_refusal(request.operation, outcome, grant, options, progress)

    async def _token(self, progress: _Progress, operation: Operation) -> AuthToken:
        if progress.deadline == inf:
            return await self._auth.token()
        with anyio.move_on_after(progress.deadline - self._clock.monotonic()):
            return await self._auth.token()
        raise TimeoutError(
            f"{operation.id}: the deadline passed while a token was being obtained",
            phase="authenticate",
            operation=operation.id,
        )

    async def _admit(self, request: Request, progress: _Progress) -> Grant:
        operation = request.operation
        organisation = progress.token.organisation if progress.token else ""
        limits = self._pacing.book.of_call(organisation, operation.method, request.path, operation.lane)
        return await self._pacing.throttle.admit(
            (*limits, self._connections), deadline=progress.deadline, operation=operation.id
        )

    async def _attempt(
        self, request: Request, grant: Grant, options: CallOptions, progress: _Progress
    ) -> Response | Lost:
        began = self._clock.monotonic()
        outcome: Response | Lost | None = None
        try:
            left = progress.deadline - began
            with anyio.move_on_after(left if left < inf else None):
                outcome = await self._sender.send(
                    request,
                    token=progress.token.secret.reveal() if progress.token else None,
                    timeout=options.timeout,
                    on_headers=grant.arrived,
                )
        finally:
            # Also when cancelled: the server may have counted it, so it is booked as counted now.
            if isinstance(outcome, Lost) and not outcome.sent:
                grant.give_back()
            else:
                grant.end()
        if outcome is None:
            text = f"{request.operation.id}: the deadline passed before the answer came"
            outcome = Lost(TimeoutError(text, phase="response", operation=request.operation.id), sent=True)
        told = type(outcome.error).__name__ if isinstance(outcome, Lost) else outcome.status
        _logger.debug("%s -> %s in %.3f s", request.operation.id, told, self._clock.monotonic() - began)
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
        repeatable = isinstance(lost.error, (ConnectError, TimeoutError, ProtocolError))
        if not repeatable or not options.retry:
            raise lost.error
        await self._back_off(lost.error, progress, at_least=0.0)

    async def _after_refusal(
        self,
        operation: Operation,
        response: Response,
        grant: Grant,
        options: CallOptions,
        progress: _Progress,
    ) -> None:
        if (
            response.status == 401
            and progress.token is not None
            and not progress.renewed
            and self._auth.can_renew
        ):
            progress.renewed = True
            _logger.info("%s: the token was refused; authenticating once more", operation.id)
            with anyio.move_on_after(_finite(progress.deadline - self._clock.monotonic())):
                await self._auth.renew(progress.token)
            return
        if response.status == 429:
            await self._after_limit(operation, response, grant, options, progress)
            return
        error = self._error(operation, response, progress)
        if response.status not in TRANSIENT or operation.retry == "once" or not options.retry:
            raise error
        await self._back_off(error, progress, at_least=retry_after(response, self._clock.wall()) or 0.0)

    async def _after_limit(
        self,
        operation: Operation,
        response: Response,
        grant: Grant,
        options: CallOptions,
        progress: _Progress,
    ) -> None:
        cause, wait = self._pacing.throttle.refused(grant, retry_after(response, self._clock.wall()))
        progress.refusals += 1
        _logger.warning("%s was refused by a limit (%s); free again in %.3f s", operation.id, cause, wait)
        out_of_time = self._clock.monotonic() + wait > progress.deadline
        tired = progress.refusals >= self._policy.limit_attempts or not options.retry
        if cause == "quota" or out_of_time or tired:
            raise self._error(operation, response, progress, cause=cause, wait=wait)
        if not self._pacing.enforced:
            await self._clock.sleep(wait)

    async def _back_off(self, error: EmnifyError, progress: _Progress, *, at_least: float) -> None:
        progress.failures += 1
        if progress.failures >= self._policy.attempts or not self._budget.spend():
            raise error
        delay = max(at_least, self._policy.backoff(progress.failures, self._chance))
        if self._clock.monotonic() + delay >= progress.deadline:
            raise error
        await self._clock.sleep(delay)

    def _error(
        self,
        operation: Operation,
        response: Response,
        progress: _Progress,
        *,
        cause: Any = None,
        wait: float = 0.0,
    ) -> APIError:
        if progress.token is not None:
            response = _scrubbed(response, (progress.token.secret.reveal(),))
        return self._reader.error(operation.id, response, cause=cause, retry_after=wait)

    async def _exchange_credentials(self, operation: Operation, body: Mapping[str, Any]) -> Mapping[str, Any]:
        """Make an authentication call; neither its body nor its answer ever reaches an error."""
        request = Request(operation, operation.path, content=self._codec.encode_json(body))
        try:
            response = await self.exchange(request, CallOptions())
        except APIError as error:
            hidden = tuple(text for text in _texts(body) if len(text) > 3)
            raise _without(error, hidden) from None
        try:
            answer = self._codec.decode_json(response.content, operation.id)
        except DecodeError as error:
            raise DecodeError(str(error), operation=operation.id) from None
        if not isinstance(answer, dict):
            raise DecodeError(f"{operation.id}: the answer is no JSON object", operation=operation.id)
        return answer

    async def aclose(self) -> None:
        """Close the connections."""
        await self._sender.aclose()


def _finite(seconds: float) -> float | None:
    return seconds if seconds < inf else None


def _texts(value: Any) -> list[str]:
    if isinstance(value, Mapping):
        return [text for item in value.values() for text in _texts(item)]
    return [value] if isinstance(value, str) else []


def _scrubbed(response: Response, hidden: tuple[str, ...]) -> Response:
    """Take secrets out of an answer that repeats them, before anything of it can be shown."""
    content = response.content
    for text in hidden:
        content = content.replace(text.encode(), b"(hidden)")
    return Response(response.status, response.headers, content)


def _without(error: APIError, hidden: tuple[str, ...]) -> APIError:
    """Return the same error with every secret taken out of its words."""
    for text in hidden:
        if text in str(error) or text in error.excerpt:
            error.message = error.message.replace(text, "(hidden)")
            error.excerpt = error.excerpt.replace(text, "(hidden)")
            error.args = (str(error).replace(text, "(hidden)"),)
    return error
