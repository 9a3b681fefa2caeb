"""Send the items of a job: one call, with patience, and what is known about its items afterwards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any, TypeVar

import anyio
import anyio.lowlevel
import msgspec
from attrs import define, field

from aioemnify.errors import (
    APIError,
    AuthenticationError,
    ClientStateError,
    DecodeError,
    EmnifyError,
    OutcomeUnknownError,
    QuotaExhaustedError,
    RateLimitError,
    ServerError,
    ThrottleError,
    TimeoutError,
    TransportError,
)
from aioemnify.fleet.client import OPTIONS, FleetClient
from aioemnify.fleet.jobs.looks import Looks
from aioemnify.fleet.jobs.records import ItemError, Outcome
from aioemnify.fleet.jobs.responses import outcome_of, read_response
from aioemnify.fleet.jobs.routes import Route
from aioemnify.fleet.jobs.share import WindowShare
from aioemnify.fleet.jobs.target import Interrupted, TakenOver, Target, joined
from aioemnify.fleet.journals.items import FAILED, OK, SENT, TAKEN, UNKNOWN, Finish, Item
from aioemnify.fleet.journals.journal_file import JournalError
from aioemnify.fleet.journals.protocol import JobJournal
from aioemnify.operation import Operation
from aioemnify.transport.wire.response import Response

T = TypeVar("T")

PATIENCE = 6
"""Calls in a row that may fail for a passing reason, before the job stops."""

NOT_FOUND, INVALID_REFERENCE = 1201, 1401
"""Error codes that name an object which does not exist."""

_LONGEST_PAUSE = 60.0

MOST_FORBIDDEN = 20
"""Items that are answered 403, before any succeeds, after which the job stops."""


@define(eq=False)
class Sender:
    """Sends items and records what becomes of them.

    Args:
        client: makes the calls.
        journal: keeps the states.
        unknown: what to do with items whose response was lost: ``look``, ``keep`` or ``repeat``.
        share: the part of the window that this job may take; ``None`` for no bound of its own.
        emit: takes the outcomes; the sending waits for it.
        waits: the seconds for which calls waited, by limit; they are added here.
    """

    client: FleetClient
    journal: JobJournal
    unknown: str
    share: WindowShare | None
    emit: Callable[[list[Outcome]], Awaitable[None]]
    waits: dict[str, float]
    looks: Looks = field(init=False)
    interrupted: bool = False
    trouble: str | None = None
    paused_until: float = 0.0
    succeeded: bool = False
    _forbidden: int = 0
    _failures: int = 0
    _outage_until: float = 0.0
    _lost: int = 0
    _organisation: str | None = None
    _limit: tuple[float, str | None] = (inf, None)
    _waiting: set[anyio.CancelScope] = field(factory=set, init=False)
    _marks: list[tuple[Target, Sequence[Item]]] = field(factory=list, init=False)
    _committing: anyio.Lock = field(factory=anyio.Lock, init=False)

    def __attrs_post_init__(self) -> None:
        self.looks = Looks(self.client)

    def interrupt(self) -> None:
        """Send nothing more, and end the calls that only wait for a limit."""
        self.interrupted = True
        for scope in list(self._waiting):
            scope.cancel()

    async def send(self, target: Target, items: Sequence[Item]) -> APIError | None:
        """Send items in one call, again after failures that pass, until their outcome is known.

        Returns:
            The error if the server refused the call; ``None`` if all outcomes are recorded.

        Raises:
            Interrupted: the run ends; the items wait.
            EmnifyError: the job cannot go on; all can be resumed.
        """
        while items:
            try:
                response = await self.patiently(partial(self._attempt, target, items))
                await self._accept(target, items, response)
                return None
            except TakenOver:
                items = [item for item in items if item.state != TAKEN]
            except OutcomeUnknownError as error:
                items = await self.settle(target, items, error)
                if not target.route.once:
                    await self._back_off(error)
                    continue
                self._lost += 1
                if self._lost >= PATIENCE:
                    raise
            except (AuthenticationError, RateLimitError, ServerError):
                raise
            except APIError as error:
                return error
        return None

    async def patiently(self, attempt: Callable[[], Awaitable[T]]) -> T:
        """Await ``attempt``, again where it fails for a passing reason.

        Raises:
            EmnifyError: it fails for another reason, or too often.
        """
        while True:
            try:
                result = await attempt()
            except (OutcomeUnknownError, QuotaExhaustedError, ThrottleError):
                raise
            except (RateLimitError, ServerError, TransportError, DecodeError) as error:
                await self._back_off(error)
            else:
                self._failures = 0
                return result

    async def _back_off(self, error: EmnifyError) -> None:
        """Wait after a failure. Calls that fail in the same outage count once, and wait for its end."""
        now = self.client._clock.monotonic()
        if now >= self._outage_until:
            self._failures += 1
            if self._failures >= PATIENCE:
                raise error
            seconds = min(_LONGEST_PAUSE, 2.0 ** (self._failures - 1))
            if isinstance(error, RateLimitError):
                seconds = max(seconds, error.retry_after)
            self._outage_until = now + seconds
        await self.pause(self._outage_until - now, f"the server after {type(error).__name__}")

    async def pause(self, seconds: float, reason: str) -> None:
        """Send nothing for some seconds; the progress shows the reason."""
        clock = self.client._clock
        self.trouble, self.paused_until = reason, clock.monotonic() + seconds
        self.waits[reason] = self.waits.get(reason, 0.0) + seconds
        with anyio.CancelScope() as scope:
            self._waiting.add(scope)
            try:
                await clock.sleep(seconds)
            finally:
                self._waiting.discard(scope)
        self.trouble = None
        if self.interrupted:
            raise Interrupted

    async def _attempt(self, target: Target, items: Sequence[Item]) -> Response:
        """Make one call. Afterwards its items are *sent* only if the server may have applied them."""
        try:
            return await self._exchange(target, items)
        except OutcomeUnknownError:
            raise
        except ServerError as error:
            if target.route.once:
                raise OutcomeUnknownError(
                    f"{target.route.call.id} was answered {error.status}, which does not say whether it was "
                    "applied",
                    operation=target.route.call.id,
                ) from error
            await self._put_back(target, items, uncertain=True)
            raise
        except (TransportError, DecodeError):
            await self._put_back(target, items, uncertain=not target.route.once)
            raise
        except EmnifyError as error:
            # 401 and 429: certainly not processed. Other refusals are looked into by the bisection.
            if isinstance(error, (AuthenticationError, RateLimitError, ClientStateError)):
                await self._put_back(target, items, uncertain=False)
            raise

    async def _put_back(self, target: Target, items: Sequence[Item], *, uncertain: bool) -> None:
        sent = [item for item in items if item.state == SENT]
        for item in sent:
            item.uncertain |= uncertain
        if sent:
            with anyio.CancelScope(shield=True):
                await self.journal.run(self.journal.put_back, target.part, sent)

    async def _exchange(self, target: Target, items: Sequence[Item]) -> Response:
        await self._keep_share()
        client, began = self.client, self.client._clock.monotonic()
        request = target.route.request(target.part, items)
        limit = self._limit_ahead(target, began)
        attempted = False
        with suppress(Interrupted), anyio.CancelScope() as scope:
            self._waiting.add(scope)

            async def before_send() -> Callable[[], None]:
                nonlocal attempted
                if self.interrupted:
                    raise Interrupted
                if attempted:
                    for item in items:
                        item.uncertain = True
                attempted = True
                self._waiting.discard(scope)
                waited = client._clock.monotonic() - began
                if waited > 0 and limit is not None:
                    self.waits[limit] = self.waits.get(limit, 0.0) + waited
                await self._check_organisation()
                await self._mark_sent(target, items)
                return partial(self._check_held, target, items)

            def after_failure() -> None:
                # Until the next attempt, which a limit may let wait for minutes, it can be interrupted again.
                self._waiting.add(scope)
                if self.interrupted:
                    scope.cancel()

            try:
                return await client._pipeline.call(
                    request, OPTIONS, _as_it_is, before_send, after_failure=after_failure
                )
            finally:
                self._waiting.discard(scope)
        if attempted:
            await self._put_back(target, items, uncertain=not target.route.once)
        raise Interrupted

    def _limit_ahead(self, target: Target, now: float) -> str | None:
        """Return the limit that the next call waits for; found out once a second, for it takes a while."""
        found_at, limit = self._limit
        if not found_at <= now < found_at + 1.0:
            limit = self.client.throttle.estimate(target.route.call, 1, priority="bulk").limit
            self._limit = (now, limit)
        return limit

    async def _keep_share(self) -> None:
        """Wait while this job has used its part of the window."""
        if self.interrupted:
            raise Interrupted
        while self.share is not None and (seconds := self.share.book(self.client._clock.monotonic())) > 0:
            await self.pause(seconds, "window_share of this job")

    async def _check_organisation(self) -> None:
        """Check that the calls are made for the organisation that the journal is about."""
        organisation = self.client._pipeline.organisation
        if organisation == self._organisation:
            return
        known = await self.journal.run(self.journal.settle_fact, "organisation", organisation)
        if known != organisation:
            raise JournalError(
                f"{self.journal.name} is the journal of a job in organisation {known}, and this client works "
                f"in {organisation}: use the credentials of {known}, or another "
                f"{'name' if self.journal.shared else 'file'}"
            )
        self._organisation = organisation

    async def _mark_sent(self, target: Target, items: Sequence[Item]) -> None:
        """Commit that items are about to be sent, together with others that were admitted just now."""
        self.journal.calls += 1
        fresh = [item for item in items if item.state != SENT]
        if fresh:
            await self._commit_sent(target, fresh)
        while not self.journal.is_current(items):  # this process has stood still meanwhile
            await self.journal.run(partial(self.journal.send, target.part, items, sync=False))
        if any(item.state == TAKEN for item in items):
            raise TakenOver

    def _check_held(self, target: Target, items: Sequence[Item]) -> None:
        """Check immediately before the first byte that no lease has run out since the items were marked."""
        if not self.journal.is_current(items):
            name = target.route.call.id
            text = f"{name} was not sent: this process stood still, and others may have its items"
            raise TimeoutError(text, phase="queue", operation=name)

    async def _commit_sent(self, target: Target, fresh: Sequence[Item]) -> None:
        mark = (target, fresh)
        self._marks.append(mark)
        await anyio.lowlevel.checkpoint()
        async with self._committing:
            if fresh[0].state in (SENT, TAKEN):
                return
            if mark not in self._marks:  # the commit of another call has failed
                self._marks.append(mark)
            marks, self._marks = self._marks, []
            for one, several in joined(marks):
                await self.journal.run(partial(self.journal.send, one.part, several, sync=one.route.once))

    async def _accept(self, target: Target, items: Sequence[Item], response: Response) -> None:
        """Record that a call succeeded.

        Raises:
            OutcomeUnknownError: its response cannot be read, and it must not be repeated.
        """
        route, part = target.route, target.part
        try:
            value, results = read_response(route, items, response, self.client._reader)
        except (DecodeError, OutcomeUnknownError) as error:
            await self.client._pipeline.drop_idle()
            if isinstance(error, OutcomeUnknownError):
                raise
            # A success that nobody can read is none, and another attempt would bring the same.
            text = ItemError.of(error).to_json()
            await self.finish(target, [Finish(item, FAILED, text) for item in items])
            return
        self.succeeded, self._lost = True, 0
        mark = None
        ids = [msgspec.json.decode(one) for one in results if one is not None] if route.look else []
        alone = self.journal.count(SENT, part) == len(items) and not self.journal.count(UNKNOWN, part)
        if ids and alone and not self.journal.shared and part.mark is not None:
            # What this call made is the newest of this job, and nothing older has to be found any more.
            mark = part.mark = max(part.mark, *ids)
        await self.finish(
            target,
            [Finish(item, OK, None, made) for item, made in zip(items, results, strict=True)],
            mark,
            value,
        )

    async def finish(
        self, target: Target, outcomes: list[Finish], mark: int | None = None, value: Any = None
    ) -> None:
        """Commit outcomes and hand them to the reader."""
        if not outcomes:
            return
        with anyio.CancelScope(shield=True):
            work = partial(self.journal.finish, target.part, outcomes, mark, once=target.route.once)
            standing = await self.journal.run(work)
        if standing:
            await self.emit([outcome_of(target.route, one, value) for one in standing])

    async def fail(self, target: Target, item: Item, error: APIError) -> None:
        """Record that the server refuses one item.

        Raises:
            APIError: it is a 403, as for every item before.
        """
        if target.route.deletes and item.uncertain and _says_missing(error):
            await self.finish(target, [Finish(item, OK)])  # an earlier attempt has deleted it
            return
        await self.finish(target, [Finish(item, FAILED, ItemError.of(error).to_json())])
        self._forbidden += error.status == 403
        if self._forbidden >= MOST_FORBIDDEN and not self.succeeded:
            raise error

    async def settle(self, target: Target, items: Sequence[Item], error: EmnifyError | None) -> list[Item]:
        """Find out what became of items whose response was lost; return those to send again."""
        part, route = target.part, target.route
        if self.unknown == "repeat" or not route.once:
            for item in items:
                item.uncertain = True
            await self.journal.run(self.journal.put_back, part, items)
            return list(items)
        rest = list(items)
        if self.unknown == "look" and self.looks.can_find(target.route, part):
            for last in (False, True):
                rest = await self.find(target, rest)
                if not rest or last:
                    break
                # The server may still be at it.
                await self.pause(self.client._timeouts.read, "a response that may still come")
            if rest:
                await self.journal.run(self.journal.put_back, part, rest)
            return rest
        text = ItemError.of(error).to_json() if error is not None else None
        await self.finish(target, [Finish(item, UNKNOWN, text) for item in rest])
        return []

    async def there(self, route: Route, ids: Sequence[int]) -> set[int] | None:
        """Return which objects exist; ``None`` if that takes too many calls."""
        return await self.patiently(partial(self.looks.there, route, ids))

    async def find(self, target: Target, items: Sequence[Item]) -> list[Item]:
        """Record as ok the items that a look shows to be applied; return the others."""
        if target.route.shown_by is not None:
            look = self.looks.holds
            held = [item for item in items if await self.patiently(partial(look, target.route, item.key))]
            await self.finish(target, [Finish(item, OK) for item in held])
            return [item for item in items if item not in held]
        wanted = {str(item.key): item for item in items}
        found = await self.patiently(partial(self.looks.created, target.route, target.part, wanted))
        done = [
            Finish(wanted[key], OK, None, msgspec.json.encode(ids[0]), doubled=len(ids) > 1)
            for key, ids in found.items()
        ]
        await self.finish(target, done)
        return [item for key, item in wanted.items() if key not in found]


def _as_it_is(_: Operation, response: Response) -> Response:
    return response


def _says_missing(error: APIError) -> bool:
    codes = {error.error_code, *(detail.error_code for detail in error.details)}
    return error.status in (404, 410) or bool(codes & {NOT_FOUND, INVALID_REFERENCE})
