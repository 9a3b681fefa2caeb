"""The ASGI application: the pipeline from a request through faults, limits and token to its operation."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, TypeVar

from attrs import define, field
from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request

from aioemnify.operation import Operation
from aioemnify.simulator.api.by_schema import answer_by_schema
from aioemnify.simulator.api.call import NO_CONTENT, Call, Reply
from aioemnify.simulator.api.deletions import handle
from aioemnify.simulator.api.handlers import HANDLERS, fidelity_of
from aioemnify.simulator.api.permissions import authorise
from aioemnify.simulator.checks.body import check_body
from aioemnify.simulator.checks.json_body import read_json
from aioemnify.simulator.checks.spellings import documented_form
from aioemnify.simulator.faults import effects as effect
from aioemnify.simulator.faults.rules import Faults, InjectedFault
from aioemnify.simulator.http.edge import is_preflight, with_edge_headers, without_empty_segments
from aioemnify.simulator.http.responses import (
    Response,
    compress,
    cut,
    encode,
    miscompress,
    read_body,
    send_response,
)
from aioemnify.simulator.http.router import Router
from aioemnify.simulator.lifecycle.advance import advance
from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.errors import Problem, no_such_path, not_allowed, unauthorised
from aioemnify.simulator.platform.limits import Refusal
from aioemnify.simulator.platform.tokens import Principal
from aioemnify.simulator.platform.unpublished_operations import UNPUBLISHED
from aioemnify.simulator.recording.journal import RequestRecord, short_enough
from aioemnify.simulator.recording.redaction import (
    redact_body,
    redact_headers,
    redact_query,
    redact_response_headers,
    redact_text,
)
from aioemnify.simulator.state.installation import Installation
from aioemnify.tables.operations import OPERATIONS

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

FIDELITY = "X-Sim-Fidelity"
_EffectT = TypeVar("_EffectT")


@define
class _Arrival:
    """A request in the pipeline, and the serial lane that it occupies until its response."""

    state: Installation
    request: Request
    payload: bytes | None = field(repr=False)
    operations: Mapping[str, Operation]
    args: Mapping[str, str]
    operation: Operation | None
    faults: Sequence[InjectedFault]
    record: RequestRecord
    lane: tuple[int, str] | None = None

    def injected(self, kind: type[_EffectT]) -> _EffectT | None:
        """Return the first effect of a type that applies to this request."""
        return next((fault.effect for fault in self.faults if isinstance(fault.effect, kind)), None)


class Application:
    """One simulated installation as an ASGI application.

    Choice: limits are checked before the token, the token before path and method, and permission before the
        body; the whole body is validated before references are resolved.
    Choice: a method that a path does not have gets 405 with ``Allow``; the documented table of verbs has 404.
    Choice: a browser's preflight request gets 204 without a token, for every path, without faults or limits.

    Args:
        state: the installation to serve.
        clock: the simulated clock.
        faults: the fault rules.
        delay: smallest and largest round trip in seconds, or None; a random part passes before the limits
            are checked.
        seed: seeds the delays.
        on_arrival: called when a request arrives, before faults and limits are checked.
    """

    def __init__(
        self,
        *,
        state: Installation,
        clock: Clock,
        faults: Faults,
        delay: tuple[float, float] | None,
        seed: int,
        on_arrival: Callable[[], None] = lambda: None,
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._delay = delay
        self._seed = seed
        self._on_arrival = on_arrival
        self.lock: AbstractContextManager[object] = threading.RLock()
        self._paths = Router(_operations_by_path())
        self.install(state)

    def install(self, state: Installation) -> None:
        """Serve another installation from now on; requests in flight finish in the old one."""
        self._state = state
        self._chance = random.Random(f"network-{self._seed}")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            await self._exchange(scope, receive, send)

    async def _exchange(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Process one request: delay, faults, limits, authentication and handler."""
        sent_path = scope["path"]
        scope["path"] = without_empty_segments(sent_path)
        request = Request(scope, receive)
        state = self._state
        there, back = self._draw_delay()
        try:
            payload = await read_body(request, state.world.settings.most_body_bytes)
        except ClientDisconnect:
            return
        if there:
            await self._clock.sleep(there)
        preflight = is_preflight(request)
        if not preflight:
            self._on_arrival()
        began = self._clock.monotonic() - there
        operations, args = self._paths.find(scope["path"]) or ({}, {})
        operation = operations.get(request.method)
        faults = () if preflight else self._inject(state, request, operation)
        for fault in faults:
            if fault.seconds:
                await self._clock.sleep(fault.seconds)
        record = self._open_record(state, request, sent_path, operation, faults)
        if payload is not None and short_enough(payload):
            record.request_body = redact_body(payload)
        arrival = _Arrival(state, request, payload, operations, args, operation, faults, record)
        try:
            await self._respond(arrival, scope, receive, send, back)
        finally:
            state.journal.end(record, self._clock.monotonic() - began)
            state.traffic.count(record)

    async def _respond(
        self, arrival: _Arrival, scope: Scope, receive: Receive, send: Send, back: float
    ) -> None:
        early = arrival.injected(effect.CloseBefore)
        if early is not None:
            await cut(scope, receive, reset=early.reset)
            return
        try:
            answer = self._answer(arrival)
            if back:
                await self._clock.sleep(back)
        finally:
            if arrival.lane is not None:
                arrival.state.lanes[arrival.lane] -= 1
        late = arrival.injected(effect.DropAfter)
        if late is not None:
            await cut(scope, receive, reset=late.reset)
            return
        arrival.record.status = answer.status
        truncation, slow = arrival.injected(effect.TruncateBody), arrival.injected(effect.SlowBody)
        await send_response(
            send,
            answer,
            keep=None if truncation is None else truncation.keep,
            pieces=1 if slow is None else slow.pieces,
            pause=None if slow is None else lambda: self._clock.sleep(slow.seconds / slow.pieces),
        )
        if truncation is not None:
            await cut(scope, receive, after_sending=True, reset=truncation.reset)

    def _draw_delay(self) -> tuple[float, float]:
        if self._delay is None:
            return 0.0, 0.0
        total = self._chance.uniform(*self._delay)
        there = total * self._chance.random()
        return there, total - there

    def _inject(
        self, state: Installation, request: Request, operation: Operation | None
    ) -> Sequence[InjectedFault]:
        organisation = None
        if self._faults.ask_organisation:
            try:
                organisation = state.token_issuer.read(_bearer(request)).organisation
            except Problem:
                organisation = None
        return self._faults.inject(
            None if operation is None else operation.id,
            request.method,
            request.scope["path"],
            organisation=organisation,
            now=self._clock.monotonic(),
        )

    def _open_record(
        self,
        state: Installation,
        request: Request,
        sent_path: str,
        operation: Operation | None,
        faults: Sequence[InjectedFault],
    ) -> RequestRecord:
        now = self._clock.monotonic()
        headers, request_id = redact_headers(request.scope["headers"])
        record = RequestRecord(
            method=request.method,
            path=redact_text(sent_path),
            query=redact_query(request.scope["query_string"].decode("latin-1")),
            operation=None if operation is None else operation.id,
            address=self._address(state, request),
            headers=headers,
            request_id=request_id,
            arrived=now,
            wall=self._clock.wall(),
            fault=tuple(type(fault.effect).__name__ for fault in faults),
            rules=tuple(fault.rule.id for fault in faults),
        )
        state.journal.add(record)
        return record

    def _address(self, state: Installation, request: Request) -> str:
        if state.world.settings.trust_forwarded and "x-forwarded-for" in request.headers:
            return request.headers["x-forwarded-for"].partition(",")[0].strip()
        return request.client.host if request.client else "unknown"

    def _answer(self, arrival: _Arrival) -> Response:
        canned, record = arrival.injected(effect.Answer), arrival.record
        if canned is not None:
            reply = Reply(status=canned.status, body=canned.body, headers=canned.headers)
        elif is_preflight(arrival.request):
            reply = NO_CONTENT
        else:
            with self.lock:
                reply = self._judge(arrival)
                if arrival.request.method != "GET":
                    arrival.state.changes += 1
        body, bodiless = encode(reply.body), reply.status in effect.BODILESS
        record.response_bytes = len(body)
        if short_enough(body):
            record.response_body = redact_body(body)
        if arrival.injected(effect.MalformedBody) is not None and not bodiless:
            body = (body or b'{"id": 1}')[:-1] + b',"broken'
        headers = dict(reply.headers)
        if not bodiless and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json; charset=UTF-8"
        sent = with_edge_headers(
            arrival.request.scope["path"],
            headers,
            strict_transport=arrival.state.world.settings.strict_transport,
        )
        record.response_headers = redact_response_headers(tuple(sent.items()))
        answer = Response(status=reply.status, headers=sent, body=body)
        wrong = arrival.injected(effect.WrongGzip)
        if wrong is not None and not bodiless:
            return miscompress(answer, wrong.how)
        accepted = arrival.request.headers.get("accept-encoding", "")
        return compress(answer, accepted, arrival.state.world.settings.gzip_minimum)

    def _judge(self, arrival: _Arrival) -> Reply:
        operation, record, limits = arrival.operation, arrival.record, arrival.state.limits
        path = arrival.request.scope["path"]
        fidelity = {} if operation is None else {FIDELITY: fidelity_of(operation.id)}
        try:
            principal, refused_token = self._identify(arrival)
            record.organisation = None if principal is None else principal.organisation
            if principal is not None:
                row = limits.row(record.method, path)
                record.limit = None if row is None else row.id
            refusal = limits.admit(
                record.method,
                path,
                address=record.address,
                organisation=record.organisation,
                now=record.arrived,
                wall=record.wall,
            )
            if refusal is not None:
                record.refused_by = refusal.limit
                raise _too_many(refusal)
            if refused_token is not None:
                raise refused_token
            reply = self._perform(arrival, principal)
            return Reply(status=reply.status, body=reply.body, headers={**fidelity, **reply.headers})
        except Problem as problem:
            return _problem_reply(problem, fidelity)

    def _identify(self, arrival: _Arrival) -> tuple[Principal | None, Problem | None]:
        """Return the caller, or the error to send if the limits admit the call."""
        operation = arrival.operation
        if operation is not None and not operation.auth:
            return None, None
        if arrival.injected(effect.RejectToken) is not None:
            return None, unauthorised(1103, "Token has expired")
        token = _bearer(arrival.request)
        if not token:
            # A path or method that does not exist is not a secret: it gets 404 or 405 without a token too.
            return None, None if operation is None else unauthorised(1102, "Token is missing")
        try:
            if arrival.injected(effect.RevokeToken) is not None:
                arrival.state.token_issuer.revoke(token)
            return arrival.state.token_issuer.read(token), None
        except Problem as problem:
            return None, problem

    def _perform(self, arrival: _Arrival, principal: Principal | None) -> Reply:
        request, operation = arrival.request, arrival.operation
        if not arrival.operations:
            raise no_such_path(request.scope["path"])
        if operation is None:
            allowed = ", ".join(sorted(arrival.operations))
            raise Problem(405, 1406, f"{request.method} is not allowed here", headers={"Allow": allowed})
        authorise(arrival.state.world, principal, operation)
        if arrival.payload is None:
            most = arrival.state.world.settings.most_body_bytes
            raise Problem(413, 1000, f"The request body has more than {most} bytes")
        body = read_json(request.headers.get("content-type", ""), arrival.payload, operation)
        if operation.lane is not None and principal is not None:
            self._enter_lane(arrival, (principal.organisation, operation.lane))
        world = arrival.state.world
        if world.settings.undocumented_bodies:
            body = documented_form(operation, body, world.numbers.candidates)
        check_body(operation, body)
        if principal is not None:
            advance(arrival.state.world, arrival.state.world.organisations[principal.organisation])
        call = Call(
            world=arrival.state.world,
            token_issuer=arrival.state.token_issuer,
            operation=operation,
            principal=principal,
            args=arrival.args,
            params=dict(QueryParams(request.scope["query_string"])),
            body=body,
            origin=_origin(request),
            path=request.scope["path"],
            address=arrival.record.address,
        )
        return handle(HANDLERS.get(operation.id, answer_by_schema), call)

    def _enter_lane(self, arrival: _Arrival, lane: tuple[int, str]) -> None:
        arrival.lane = lane
        arrival.state.lanes[lane] += 1
        if arrival.state.lanes[lane] > 1:
            arrival.state.lane_overlaps += 1
            if arrival.state.world.settings.serial_lane == "conflict":
                raise not_allowed("Another call of the same kind is still running")


def _operations_by_path() -> dict[str, dict[str, Operation]]:
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in (*OPERATIONS.values(), *UNPUBLISHED.values()):
        by_path.setdefault(operation.path, {})[operation.method] = operation
    return by_path


def _origin(request: Request) -> str:
    """Return scheme and authority as the caller wrote them."""
    host = request.headers.get("host")
    if not host:
        name, port = request.scope.get("server") or ("localhost", None)
        host = name if port is None else f"{name}:{port}"
    return f"{request.scope['scheme']}://{host}"


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _too_many(refusal: Refusal) -> Problem:
    headers = {}
    if refusal.wait is not None:
        # In milliseconds, as the API documents; rounding may leave it slightly below a whole number.
        headers["Retry-After"] = str(max(1, math.ceil(refusal.wait * 1000 - 1e-6)))
    return Problem(429, 1105, "Too many requests", headers=headers)


def _problem_reply(problem: Problem, fidelity: Mapping[str, str]) -> Reply:
    headers = {**fidelity, **problem.headers}
    if problem.empty:
        return Reply(status=problem.status, headers={**headers, "Content-Type": "text/html; charset=UTF-8"})
    return Reply(status=problem.status, body=problem.body(), headers=headers)
