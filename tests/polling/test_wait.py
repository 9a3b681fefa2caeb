"""wait_until: pauses, the deadline, failures that pass and states that do not."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import anyio
import pytest

import aioemnify
from aioemnify import LoopClock, wait_until
from aioemnify.errors import (
    ArgumentError,
    ArgumentTypeError,
    ConnectError,
    EmnifyError,
    NotFoundError,
    QuotaExhaustedError,
    ServerError,
    WaitError,
    WaitFailedError,
    WaitTimeoutError,
)
from aioemnify.models import SimStatus
from tests.scripted_api import ScriptedApi, sim

pytestmark = pytest.mark.anyio
CLOCK = LoopClock()


class Source:
    """Hands out values in turn, then the last one again; errors are raised."""

    def __init__(self, *values: Any) -> None:
        self.values = list(values)
        self.times: list[float] = []

    async def __call__(self) -> Any:
        self.times.append(anyio.current_time())
        value = self.values.pop(0) if len(self.values) > 1 else self.values[0]
        if isinstance(value, Exception):
            raise value
        return value

    @property
    def pauses(self) -> list[float]:
        return [round(later - former, 3) for former, later in zip(self.times, self.times[1:], strict=False)]


async def test_a_value_that_is_right_at_once_takes_no_time() -> None:
    began = anyio.current_time()
    assert await wait_until(Source(3), lambda value: value == 3, clock=CLOCK) == 3
    assert anyio.current_time() == began


async def test_the_pauses_grow_to_ten_times_the_first() -> None:
    source = Source(*range(12))
    assert await wait_until(source, lambda value: value == 11, every=2, timeout=1000, clock=CLOCK) == 11
    assert source.pauses == [2, 3, 4.5, 6.75, 10.125, 15.188, 20, 20, 20, 20, 20]


async def test_the_last_fetch_is_at_the_deadline() -> None:
    source = Source("not yet")
    began = anyio.current_time()
    with pytest.raises(WaitTimeoutError, match="10 s were not enough: the value is 'not yet'") as error:
        await wait_until(source, lambda value: value == "there", every=4, timeout=10, clock=CLOCK)
    assert [moment - began for moment in source.times] == [0, 4, 10]
    assert error.value.last == "not yet"
    assert issubclass(WaitTimeoutError, (TimeoutError, WaitError))
    copy = pickle.loads(pickle.dumps(error.value))
    assert (copy.last, str(copy)) == ("not yet", str(error.value))


async def test_a_state_that_cannot_succeed_ends_the_wait_at_once() -> None:
    source = Source("waiting", "failed")
    with pytest.raises(WaitFailedError, match="cannot succeed: the value is 'failed'") as error:
        await wait_until(
            source, lambda value: value == "ok", failed=lambda value: value == "failed", every=1, clock=CLOCK
        )
    assert error.value.last == "failed"
    assert source.pauses == [1]


async def test_what_is_wanted_wins_over_what_has_failed() -> None:
    assert await wait_until(Source(1), lambda value: True, failed=lambda value: True, clock=CLOCK) == 1


@pytest.mark.parametrize("error", [ServerError(503), ConnectError("no route")], ids=repr)
async def test_an_error_that_passes_is_sat_out(error: Exception) -> None:
    source = Source(error, error, "ok")
    assert await wait_until(source, lambda value: value == "ok", every=1, clock=CLOCK) == "ok"
    with pytest.raises(WaitTimeoutError, match="the last call failed") as caught:
        await wait_until(Source("a", error), lambda value: value == "ok", every=1, timeout=9, clock=CLOCK)
    assert caught.value.__cause__ is error
    assert caught.value.last == "a"


NEXT_MONTH = aioemnify.clock.next_month(0)


@pytest.mark.parametrize(
    "error",
    [
        NotFoundError(404),
        ValueError("ours"),
        QuotaExhaustedError(cause="quota", retry_after=9, resets_at=NEXT_MONTH),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_an_error_that_does_not_pass_is_raised(error: Exception) -> None:
    with pytest.raises(type(error)):
        await wait_until(Source("a", error), lambda value: value == "ok", every=1, clock=CLOCK)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"every": 0}, ArgumentError),
        ({"timeout": -1}, ArgumentError),
        ({"timeout": float("inf")}, ArgumentError),
        ({"fetch": 1}, ArgumentTypeError),
        ({"when": None}, ArgumentTypeError),
        ({"failed": 1}, ArgumentTypeError),
    ],
    ids=repr,
)
async def test_arguments_are_checked_before_the_first_call(
    change: dict[str, Any], kind: type[EmnifyError]
) -> None:
    source = Source(1)
    when: Callable[[Any], bool] = bool
    arguments: dict[str, Any] = {"fetch": source, "when": when} | change
    with pytest.raises(kind):
        await wait_until(**arguments, clock=CLOCK)
    assert not source.times


@pytest.mark.parametrize("argument", ["when", "failed"])
async def test_a_function_that_has_to_be_awaited_is_refused(argument: str) -> None:
    """What it returns would always be true: the wait would end at once."""

    async def never(value: Any) -> bool:
        return False

    for function in (never, lambda value: never(value)):
        arguments: dict[str, Any] = {"when": lambda value: False, argument: function}
        with pytest.raises(ArgumentTypeError, match=f"{argument} takes a plain function, not an async one"):
            await wait_until(Source(1), clock=CLOCK, **arguments)


async def test_a_wait_can_be_cancelled() -> None:
    source = Source(0)
    with anyio.move_on_after(7) as scope:
        await wait_until(source, bool, every=2, clock=CLOCK)
    assert scope.cancelled_caught
    assert len(source.times) == 3


async def test_the_client_waits_on_its_own_clock() -> None:
    api = ScriptedApi([sim()])
    began = anyio.current_time()
    async with api.client() as emnify:
        with pytest.raises(WaitTimeoutError, match="its status is SimStatus") as error:
            await emnify.wait_until(
                lambda: emnify.sims.get(1),
                lambda sim: sim.status == SimStatus.DELETED,
                every=30,
                timeout=86_400,
            )
        assert error.value.last.id == 1
    assert anyio.current_time() - began == pytest.approx(86_400, abs=1)
