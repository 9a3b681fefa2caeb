"""Makes the calls of a schedule through the client, and notes how each of them has ended."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

from aioemnify import CallOptions, Emnify
from tests.campaign.schedule import CallPlan

End = Literal["value", "error", "cancelled", "not ended"]

PER_PAGE = 4


@dataclass
class Outcome:
    """How a call has ended. ``number`` is its number in the schedule, from 1."""

    number: int
    plan: CallPlan
    end: End = "not ended"
    value: Any = None
    error: BaseException | None = None


Make = Callable[[Emnify, CallPlan, int], Awaitable[Any]]


async def make(emnify: Emnify, plan: CallPlan, number: int) -> Any:
    """Make one call and return its value: of a walk, the ids of the items that came."""
    options = CallOptions(
        headers={"X-Call": str(number)},
        deadline=plan.deadline,
        timeout=plan.timeout,
        priority=plan.priority,
        retry=plan.retry,
    )
    # An id of its own for each call, so that the answer to another call shows.
    identity = 100 + number
    match plan.kind:
        case "sims.get":
            return await emnify.sims.get(identity, options=options)
        case "sims.update":
            return await emnify.sims.update(identity, {"status": {"id": 1}}, options=options)
        case "sims.page":
            page = await emnify.sims.list(page=2, per_page=PER_PAGE, options=options)
            return [getattr(sim, "id", None) for sim in page]
        case "sims.walk" | "sims.walk left early":
            return await _walk(emnify.sims.list(per_page=PER_PAGE, options=options), plan)
        case "sims.prefetch" | "sims.prefetch left early":
            async with emnify.sims.list(per_page=PER_PAGE, options=options).prefetch(3) as pages:
                return await _walk(pages.items(), plan)
        case "endpoints.get":
            return await emnify.endpoints.get(identity, options=options)
        case "endpoints.create":
            return await emnify.endpoints.create(_endpoint(number), options=options)
        case "endpoints.update":
            return await emnify.endpoints.update(identity, {"name": f"call {number}"}, options=options)
        case "endpoints.delete":
            return await emnify.endpoints.delete(identity, options=options)
        case "tags.create":
            return await emnify.tags.create({"name": f"call {number}"}, options=options)


async def _walk(items: Any, plan: CallPlan) -> list[Any]:
    found = []
    async for item in items:
        found.append(getattr(item, "id", None))
        if plan.kind.endswith("left early"):
            break
    return found


def _endpoint(number: int) -> dict[str, Any]:
    return {
        "name": f"call {number}",
        "status": {"id": 0},
        "service_profile": {"id": 1},
        "tariff_profile": {"id": 1},
    }
