"""The ASGI application: from a request to its operation, in the order a gateway and a server take."""

from __future__ import annotations

import math
import random
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any

import msgspec
from attrs import define
from starlette.datastructures import Headers, QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.routing import Route, Router

from aioemnify.operation import Operation
from aioemnify.resources._operations import OPERATIONS
from aioemnify.simulator import faults as fault
from aioemnify.simulator.call import Call, Handler, Reply
from aioemnify.simulator.faults import Effect, Faults
from aioemnify.simulator.handlers import HANDLERS
from aioemnify.simulator.journal import Journal, RequestRecord
from aioemnify.simulator.limits import Limits, Refusal, literalness
from aioemnify.simulator.problems import Problem, bad_request, no_such_path, not_allowed, unauthorised
from aioemnify.simulator.tokens import Principal, TokenMint
from aioemnify.simulator.unpublished import UNPUBLISHED
from aioemnify.simulator.validation import check_body
from aioemnify.simulator.wire import Answered, compress, cut, encode, send_answer
from aioemnify.simulator.world import World

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

FIDELITY = "X-Sim-Fidelity"
_SECRET_HEADERS = ("authorization", "cookie", "proxy-authorization")


class _Target:
    """All operations of one path; an ASGI application, so that the router passes every method."""

    def __init__(self, app: Application, operations: Mapping[str, Operation]) -> None:
        self._app = app
        self._operations = operations

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app.exchange(scope, receive, send, self._operations)


@define
class _Arrival:
    """A request that reached the server, and the serial lane it holds until it is answered."""

    request: Request
    payload: bytes
    operations: Mapping[str, Operation]
    operation: Operation | None
    effects: Sequence[Effect]
    record: RequestRecord
    lane: tuple[int, str] | None = None


class Application:
    """One simulated installation behind the ASGI interface.

    Args:
        world: the state.
        mint: issues and reads tokens.
        limits: judges arriving calls.
        faults: rules that break requests.
        journal: takes a record of each request.
        delay: smallest and largest time in seconds that the network takes for a round trip, or
            None; each request's share on the way there passes before its limits are judged.
        seed: decides the delays.
    """

    def __init__(
        self,
        *,
        world: World,
        mint: TokenMint,
        limits: Limits,
        faults: Faults,
        journal: Journal,
        delay: tuple[float, float] | None,
        seed: int,
    ) -> None:
        self._world = world
        self._mint = mint
        self._limits = limits
        self._faults = faults
        self._journal = journal
        self._delay = delay
        self._chance = random.Random(f"network-{seed}")
        self._in_lane: Counter[tuple[int, str]] = Counter()
        self.lane_overlaps: int = 0
        self.lock: AbstractContextManager[object] = threading.RLock()
        self._router = Router(_routes(self), redirect_slashes=False, default=_Target(self, {}))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] == "http":
            await self._router(scope, receive, send)

    async def exchange(
        self, scope: Scope, receive: Receive, send: Send, operations: Mapping[str, Operation]
    ) -> None:
        """Carry one request through delay, faults, limits, authentication and its handler."""
        request = Request(scope, receive)
        there, back = self._draw_delay()
        try:
            payload = await request.body()
        except ClientDisconnect:
            return
        if there:
            await self._world.clock.sleep(there)
        operation = operations.get(request.method)
        name = None if operation is None else operation.id
        effects = self._faults.strike(name, request.method, scope["path"])
        for effect in effects:
            if isinstance(effect, fault.Delay):
                await self._world.clock.sleep(self._faults.draw(effect))
        record = self._open_record(request, name, effects)
        if _has(effects, fault.CloseBefore):
            await cut(scope, receive)
            return
        arrival = _Arrival(request, payload, operations, operation, effects, record)
        try:
            answer = self._answer(arrival)
            if back:
                await self._world.clock.sleep(back)
        finally:
            if arrival.lane is not None:
                self._in_lane[arrival.lane] -= 1
        if _has(effects, fault.DropAfter):
            await cut(scope, receive)
            return
        record.status = answer.status
        truncation = next((effect for effect in effects if isinstance(effect, fault.TruncateBody)), None)
        await send_answer(send, answer, keep=None if truncation is None else truncation.keep)
        if truncation is not None:
            await cut(scope, receive, after_sending=True)

    def _draw_delay(self) -> tuple[float, float]:
        if self._delay is None:
            return 0.0, 0.0
        total = self._chance.uniform(*self._delay)
        there = total * self._chance.random()
        return there, total - there

    def _open_record(
        self, request: Request, operation: str | None, effects: Sequence[Effect]
    ) -> RequestRecord:
        now = self._world.clock.monotonic()
        record = RequestRecord(
            method=request.method,
            path=request.scope["path"],
            query=request.scope["query_string"].decode("latin-1"),
            operation=operation,
            address=self._address(request),
            headers={
                name: "***" if name in _SECRET_HEADERS else value for name, value in request.headers.items()
            },
            arrived=now,
            wall=self._world.clock.wall(),
            fault=tuple(type(effect).__name__ for effect in effects),
        )
        self._journal.add(record)
        return record

    def _address(self, request: Request) -> str:
        if self._world.settings.trust_forwarded and "x-forwarded-for" in request.headers:
            return request.headers["x-forwarded-for"].partition(",")[0].strip()
        return request.client.host if request.client else "unknown"

    def _answer(self, arrival: _Arrival) -> Answered:
        canned = next((effect for effect in arrival.effects if isinstance(effect, fault.Answer)), None)
        if canned is not None:
            reply = Reply(status=canned.status, body=canned.body, headers=canned.headers)
        else:
            with self.lock:
                reply = self._judge(arrival)
        body = encode(reply.body)
        if _has(arrival.effects, fault.MalformedBody):
            body = (body or b'{"id": 1}')[:-1] + b',"broken'
        headers = dict(reply.headers)
        if reply.status != 204 and not any(name.lower() == "content-type" for name in headers):
            headers["Content-Type"] = "application/json; charset=UTF-8"
        answer = Answered(status=reply.status, headers=headers, body=body)
        accepted = arrival.request.headers.get("accept-encoding", "")
        return compress(answer, accepted, self._world.settings.gzip_minimum)

    def _judge(self, arrival: _Arrival) -> Reply:
        operation, record = arrival.operation, arrival.record
        fidelity = {} if operation is None else {FIDELITY: "stateful" if operation.id in HANDLERS else "none"}
        try:
            principal, refused_token = self._identify(arrival)
            record.organisation = None if principal is None else principal.organisation
            if principal is not None:
                row = self._limits.row(record.method, record.path)
                record.limit = None if row is None else row.id
            refusal = self._limits.admit(
                record.method,
                record.path,
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
        """Return the caller, or the refusal that is due once the limits let the call through."""
        operation = arrival.operation
        if operation is not None and not operation.auth:
            return None, None
        if _has(arrival.effects, fault.RejectToken):
            return None, unauthorised(1103, "Token has expired")
        scheme, _, token = arrival.request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token.strip():
            # A path or method that does not exist is no secret: it is answered without a token too.
            return None, None if operation is None else unauthorised(1102, "Token is missing")
        try:
            return self._mint.read(token.strip()), None
        except Problem as problem:
            return None, problem

    def _perform(self, arrival: _Arrival, principal: Principal | None) -> Reply:
        request, operation = arrival.request, arrival.operation
        if not arrival.operations:
            raise no_such_path(request.scope["path"])
        if operation is None:
            allowed = ", ".join(sorted(arrival.operations))
            raise Problem(405, 1406, f"{request.method} is not allowed here", headers={"Allow": allowed})
        body = _read_body(request.headers, arrival.payload, operation)
        handler: Handler | None = HANDLERS.get(operation.id)
        if handler is None:
            message = f"The simulator does not model {operation.id} yet"
            raise Problem(501, None, message, extra={"status_code": 501})
        if operation.lane is not None and principal is not None:
            self._enter_lane(arrival, (principal.organisation, operation.lane))
        check_body(operation, body)
        call = Call(
            world=self._world,
            mint=self._mint,
            operation=operation,
            principal=principal,
            args={name: str(value) for name, value in request.path_params.items()},
            params=dict(QueryParams(request.scope["query_string"])),
            body=body,
            origin=f"{request.url.scheme}://{request.url.netloc}",
            path=request.scope["path"],
        )
        return handler(call)

    def _enter_lane(self, arrival: _Arrival, lane: tuple[int, str]) -> None:
        arrival.lane = lane
        self._in_lane[lane] += 1
        if self._in_lane[lane] > 1:
            self.lane_overlaps += 1
            if self._world.settings.serial_lane == "conflict":
                raise not_allowed("Another call of the same kind is still running")


def _routes(app: Application) -> list[Route]:
    by_path: dict[str, dict[str, Operation]] = {}
    for operation in (*OPERATIONS.values(), *UNPUBLISHED.values()):
        # "rest" stands for one segment or more, which the router calls a path.
        path = operation.path.replace("{rest}", "{rest:path}")
        by_path.setdefault(path, {})[operation.method] = operation
    # The router takes the first route that fits, so what is literal must come first.
    ordered = sorted(by_path, key=lambda path: (literalness(path), path))
    return [Route(path, _Target(app, by_path[path])) for path in ordered]


def _has(effects: Sequence[Effect], kind: type[Any]) -> bool:
    return any(isinstance(effect, kind) for effect in effects)


def _too_many(refusal: Refusal) -> Problem:
    headers = {}
    if refusal.wait is not None:
        # Milliseconds, as the API documents it; a hair less than a whole one is rounding.
        headers["Retry-After"] = str(max(1, math.ceil(refusal.wait * 1000 - 1e-6)))
    return Problem(429, 1105, "Too many requests", headers=headers)


def _problem_reply(problem: Problem, fidelity: Mapping[str, str]) -> Reply:
    headers = {**fidelity, **problem.headers}
    if problem.empty:
        return Reply(status=problem.status, headers={**headers, "Content-Type": "text/html; charset=UTF-8"})
    return Reply(status=problem.status, body=problem.body(), headers=headers)


def _read_body(headers: Headers, payload: bytes, operation: Operation) -> Any:
    if not payload:
        if operation.body is not None:
            raise bad_request("The request has no body")
        return None
    media = headers.get("content-type", "").partition(";")[0].strip().lower()
    if media != "application/json":
        raise Problem(415, 1000, "Content-Type must be application/json")
    try:
        return _whole(msgspec.json.decode(payload))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise bad_request(f"Cannot parse the request body: {error}") from None


def _whole(value: Any) -> Any:
    """Read ``1.0`` as 1: JSON has one kind of number, and ids must come out as integers."""
    if isinstance(value, dict):
        return {name: _whole(member) for name, member in value.items()}
    if isinstance(value, list):
        return [_whole(member) for member in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
