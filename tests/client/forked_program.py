"""A program that forks while its other threads and tasks are busy. Usage: forked_program.py CASE EVENT_LOOP.

The child has to make calls: with no lock of a thread that does not exist there, no slot of a task that never
goes on, and with all that the parent has learnt of the server.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import jwt
from attrs import evolve

from aioemnify import LIMITS, Emnify
from aioemnify.clock import Clock
from aioemnify.stores import FileStore, LimitRequest, Reservation
from aioemnify.transport.shared_state import SharedState, shared_state_of
from aioemnify.transport.throttle.limits import ConcurrencyLimit, Limit
from tests.stores.virtual_store import SharedPlace, VirtualStore

URL = "https://fork.invalid"
SERVICE = {"status": {"id": 0}, "service_profile": {"id": 1}, "tariff_profile": {"id": 1}}
logins: list[int] = []
in_child = False


def fork(check: Callable[[], None]) -> None:
    """Fork, and fail unless ``check`` passes in the child."""
    global in_child
    child = os.fork()
    if child == 0:
        in_child = True
        faulthandler.dump_traceback_later(20, exit=True)  # met only where the child hangs
        try:
            check()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0


class Held:
    """Keeps a thread where it is, with whatever it holds."""

    def __init__(self) -> None:
        self.reached, self.released = threading.Event(), threading.Event()

    def here(self) -> None:
        if threading.current_thread() is not threading.main_thread():
            self.reached.set()
            self.released.wait(20)


class SlowText(str):
    """A text whose comparison takes as long as a test wants."""

    held: Held

    def __eq__(self, other: object) -> bool:
        self.held.here()
        return str(self) == other

    def __hash__(self) -> int:
        self.held.here()
        return hash(str(self))


def slow(held: Held, text: str) -> SlowText:
    made = SlowText(text)
    made.held = held
    return made


class SlowLimit(ConcurrencyLimit):
    """A limit that takes its time to say whether it is free."""

    held: Held

    def free(self, now: float) -> bool:
        self.held.here()
        return super().free(now)


class SlowClock(Clock):
    """A clock that is slow to read."""

    def __init__(self, held: Held) -> None:
        self.held = held

    def wall(self) -> float:
        self.held.here()
        return super().wall()


def hold_guard(held: Held) -> Any:
    return lambda: shared_state_of(slow(held, URL), None)


def hold_cells(held: Held) -> Any:
    state = shared_state_of(URL, None)
    return lambda: state.cell(slow(held, "identity"), keep=True)


class HeldLater(Held):
    """One that lets the first look at a text pass, which comes before the lock."""

    def __init__(self, held: Held) -> None:
        self.held, self.looks = held, 0

    def here(self) -> None:
        self.looks += 1
        if self.looks > 1:
            self.held.here()


def hold_limits(held: Held) -> Any:
    # A path without a row: the key of the quota is the text itself, not a tuple, which may keep its hash.
    state = shared_state_of(URL, LIMITS)
    return lambda: state.registry.of_call(slow(HeldLater(held), "7"), "GET", "/other", None)


def hold_limiter(held: Held) -> Any:
    limit = SlowLimit("slow", "connections", size=1)
    limit.held = held
    state = shared_state_of(URL, None)
    return lambda: anyio.run(state.throttle.admit, (limit,))


def hold_registry(held: Held) -> Any:
    state = shared_state_of(URL, LIMITS)
    return lambda: state.registry.of_call(slow(held, "7"), "GET", "/api/v1/sim", None)


def hold_session(held: Held) -> Any:
    store = VirtualStore(SharedPlace(Clock()), "this process")
    real = store.reserve

    async def reserve(*arguments: Any) -> Reservation:
        reservation = await real(*arguments)
        again = store.asked.count("reserve") == 2
        return evolve(reservation, generation=slow(held, reservation.generation)) if again else reservation

    store.reserve = reserve  # type: ignore[method-assign]
    state = shared_state_of(URL, LIMITS, store=store)
    keep.append((state, store))

    async def admit_twice() -> None:
        for _ in range(2):  # only the second answer is compared with one before
            await state.throttle.admit(limits_of(state))

    return lambda: anyio.run(admit_twice)


def limits_of(state: SharedState) -> tuple[Limit, ...]:
    return state.registry.of_call("7", "GET", "/api/v1/sim", None)


def hold_file(held: Held) -> Any:
    store = FileStore(path(), clock=SlowClock(held))
    # A fork waits for the end of a transaction: SQLite's locks would not survive it.
    threading.Timer(0.3, held.released.set).start()
    return lambda: anyio.run(store.reserve, (LimitRequest("w", "window", count=9, seconds=9.0),), 1, 2.0, "")


keep: list[tuple[SharedState, VirtualStore]] = []
folder = tempfile.mkdtemp()


def path() -> str:
    return f"{folder}/store"


LOCKS = {
    "guard": hold_guard,
    "cells": hold_cells,
    "limits": hold_limits,
    "limiter": hold_limiter,
    "registry": hold_registry,
    "session": hold_session,
    "file": hold_file,
}


def with_a_lock_held(case: str, event_loop: str) -> None:
    held = Held()
    holder = threading.Thread(target=LOCKS[case](held), daemon=True)
    holder.start()
    assert held.reached.wait(20)

    def check() -> None:
        state = shared_state_of(URL, None)
        state.cell("identity", keep=True)
        assert state.registry.of_call("7", "GET", "/api/v1/sim", "lane")
        anyio.run(state.throttle.admit, (ConcurrencyLimit("c", "connections", size=1),), backend=event_loop)
        state = shared_state_of(URL, LIMITS)
        anyio.run(state.throttle.admit, limits_of(state), backend=event_loop)
        for shared, _store in keep:
            anyio.run(shared.throttle.admit, limits_of(shared), backend=event_loop)
        store = FileStore(path())
        request = LimitRequest("w", "window", count=9, seconds=9.0)
        answer = anyio.run(store.reserve, (request,), 1, 2.0, "", backend=event_loop)
        assert answer.waits == (0.0,)

    fork(check)
    held.released.set()


async def answer(request: httpx.Request) -> httpx.Response:
    """Answer at once in the child; in the parent, a create never gets its answer."""
    if request.url.path.endswith("/authenticate"):
        logins.append(1)
        claims = {"iat": 1, "exp": 14401, "esc.org": 7}
        token = jwt.encode(claims, "a-key-that-is-long-enough-for-hs256")
        return httpx.Response(200, json={"auth_token": token})
    if request.method == "POST":
        if not in_child:
            await anyio.sleep_forever()
        return httpx.Response(201, headers={"Location": "/api/v1/endpoint/9"})
    return httpx.Response(200, json={"id": 1, "iccid": "1", "status": {"id": 1}})


def books(emnify: Emnify) -> dict[str, tuple[float, int, int]]:
    return {
        limit.kind if limit.kind == "connections" else limit.name: (
            limit.used,
            limit.in_flight,
            limit.waiting,
        )
        for limit in emnify.throttle.snapshot().limits
    }


def with_tasks_under_way(_case: str, event_loop: str) -> None:
    """Fork while a serial lane is taken, calls wait for it, and every connection is in use."""
    emnify = Emnify("token", transport=httpx.MockTransport(answer), connections=2)

    async def parent() -> None:
        for _ in range(3):
            await emnify.sims.get(1)
        async with anyio.create_task_group() as group:
            for name in ("in flight", "waits", "waits too"):
                group.start_soon(emnify.endpoints.create, {"name": name, **SERVICE})
            await anyio.wait_all_tasks_blocked()
            assert books(emnify)["lane endpoint"][:1] == (1,)
            await anyio.to_thread.run_sync(fork, check)
            group.cancel_scope.cancel()

    async def child() -> None:
        used = books(emnify)
        assert used["lane endpoint"] == (0, 0, 0), used
        assert used["connections"] == (0, 0, 0), used
        assert used["monthly_quota"] == (3, 0, 0), used
        async with anyio.create_task_group() as group:
            for _ in range(3):
                group.start_soon(emnify.endpoints.create, {"name": "child", **SERVICE})
        assert books(emnify)["monthly_quota"][0] == 6
        await emnify.aclose()

    def check() -> None:
        anyio.run(child, backend=event_loop)
        assert len(logins) == 1, "the token of the parent is good in the child too"

    anyio.run(parent, backend=event_loop)


def with_reserved_slots(_case: str, event_loop: str) -> None:
    """Fork while a process has slots in hand: they are the parent's, and so is the lease of a token."""
    store = VirtualStore(SharedPlace(Clock()), "this process")
    state = shared_state_of(URL, LIMITS, store=store)
    cache = state.shared_token("identity", lambda: 1.0)
    assert cache is not None

    async def parent() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(200):  # more than the burst: most wait, some of them for slots in hand
                group.start_soon(state.throttle.admit, limits_of(state))
            with anyio.fail_after(20):
                while not limits_of(state)[-1].used(time.monotonic()):
                    await anyio.lowlevel.checkpoint()
            assert state.snapshot().queued and await cache.lease()
            fork(check)
            group.cancel_scope.cancel()

    def check() -> None:
        child = threading.Thread(target=anyio.run, args=(in_its_own_loop,), kwargs={"backend": event_loop})
        child.start()
        child.join()
        assert passed

    passed: list[bool] = []

    async def in_its_own_loop() -> None:
        limits = limits_of(state)
        assert not state.snapshot().queued and not limits[-1].used(time.monotonic())
        asked = len(store.asked)
        grant = await state.throttle.admit(limits)
        grant.sent()
        grant.end()
        assert "reserve" in store.asked[asked:], "it asks for slots of its own"
        assert not await cache.lease(), "the parent has it"
        passed.append(True)

    anyio.run(parent, backend=event_loop)


def with_a_connection_open(_case: str, event_loop: str) -> None:
    """Fork while a client has an idle connection: it stays the parent's."""
    from aioemnify.simulator import Simulator

    with Simulator(sims=3, tls=False) as simulator:
        emnify = Emnify(simulator.application_token, base_url=simulator.url)

        async def parent() -> None:
            assert (await emnify.sims.get(1)).id == 1
            await anyio.to_thread.run_sync(fork, lambda: anyio.run(child, backend=event_loop))
            assert (await emnify.sims.get(3)).id == 3
            await emnify.aclose()

        async def child() -> None:
            async with anyio.create_task_group() as group:
                for _ in range(3):
                    group.start_soon(get_2)
            await emnify.aclose()

        async def get_2() -> None:
            assert (await emnify.sims.get(2)).id == 2

        anyio.run(parent, backend=event_loop)


def in_use(pool: Any) -> list[int]:
    """Return how many connections each tenant of a pool uses."""
    rows = [row for shown in pool.snapshots().values() for row in shown.limits]
    return [row.used for row in rows if row.kind == "connections"]


def with_a_tenant_under_way(_case: str, event_loop: str) -> None:
    """Fork while the one connection that a tenant may use, and that of all tenants, is in use."""
    from aioemnify import EmnifyPool
    from aioemnify.simulator import Simulator

    with Simulator(sims=3, tls=False, delay=(1.0, 1.0)) as simulator:
        tokens = {"acme": simulator.application_token}
        pool = EmnifyPool(tokens, base_url=simulator.url, connections=1, max_connections=1)

        async def use(sim: int) -> None:
            async with pool.client("acme") as emnify:
                assert (await emnify.sims.get(sim)).id == sim

        async def parent() -> None:
            async with anyio.create_task_group() as group:
                group.start_soon(use, 1)
                while in_use(pool) != [1]:  # noqa: ASYNC110 - nothing tells when a call is under way
                    await anyio.sleep(0.01)
                await anyio.to_thread.run_sync(fork, lambda: anyio.run(use, 2, backend=event_loop))
            await pool.aclose()

        anyio.run(parent, backend=event_loop)


if __name__ == "__main__":
    others = {
        "tasks": with_tasks_under_way,
        "slots": with_reserved_slots,
        "connection": with_a_connection_open,
        "tenant": with_a_tenant_under_way,
    }
    others.get(sys.argv[1], with_a_lock_held)(*sys.argv[1:])
