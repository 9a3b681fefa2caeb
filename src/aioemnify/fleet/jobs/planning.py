"""How long a job takes, and how far it is: computed from the limits as they stand now."""

from __future__ import annotations

from datetime import datetime
from math import isfinite

from attrs import frozen

from aioemnify.clock import date_of
from aioemnify.fleet.client import FleetClient
from aioemnify.fleet.jobs.records import JobPlan, Progress
from aioemnify.fleet.jobs.routes import Route, route_of
from aioemnify.fleet.jobs.runner import workers_of
from aioemnify.fleet.jobs.sending import Sender
from aioemnify.fleet.jobs.share import WINDOW, WindowShare
from aioemnify.fleet.journals.items import FAILED, OK, SENT, SKIPPED, UNKNOWN, WAITING, Part
from aioemnify.fleet.journals.protocol import JobJournal
from aioemnify.options import Estimate


@frozen(eq=False)
class Planner:
    """Estimates one job.

    Args:
        client: makes the calls.
        journal: the items and their states.
        share: the part of the window that this job may take; ``None`` for no bound of its own.
    """

    _client: FleetClient
    _journal: JobJournal
    _share: WindowShare | None

    def plan(self) -> JobPlan:
        """Return how the waiting items will be sent."""
        calls: dict[str, int] = {}
        seconds, share, items, limit = 0.0, 0.0, 0, None
        routes: dict[str, Route] = {}
        for part in self._journal.parts():
            count = self._journal.count(WAITING, part) + self._journal.count(SENT, part)
            route = route_of(part.operation)
            needed = self._calls(route, part, count)
            if not needed:
                continue
            routes[route.call.id] = route
            items += count
            calls[route.call.id] = calls.get(route.call.id, 0) + needed
        for name, needed in calls.items():
            estimate = self._estimate(routes[name], needed)
            seconds += estimate.seconds
            share += estimate.share_of_month
            limit = estimate.limit or limit
        total = sum(calls.values())
        if len(calls) > 1:
            # All of them use the same window, which shows only in all of them together.
            together = self._estimate(next(iter(routes.values())), total)
            if together.limit == WINDOW.id and together.seconds > seconds:
                seconds, limit = together.seconds, together.limit
        if self._share is not None and total:
            own = self._share.seconds(self._client._clock.monotonic(), total)
            if own > seconds:
                seconds, limit = own, "window_share of this job"
        bulk = {name: count for name, count in calls.items() if routes[name].bulk}
        return JobPlan(
            items=items,
            calls=bulk,
            single_calls=total - sum(bulk.values()),
            seconds=seconds,
            limit=limit,
            share_of_month=share,
        )

    def _calls(self, route: Route, part: Part, count: int) -> int:
        if not count or not route.bulk or route.fits(part.largest):
            return -(-count // route.size)
        return sum(1 for _ in route.chunks(self._journal.sizes(part)))

    def _estimate(self, route: Route, count: int) -> Estimate:
        at_once = workers_of(route, self._client._pipeline.connections.size)
        return self._client.throttle.estimate(route.call, count, at_once=at_once, priority="bulk")

    def progress(self, sender: Sender | None) -> Progress:
        """Return how far the job is; ``sender`` is that of the run under way."""
        plan, count, clock = self.plan(), self._journal.count, self._client._clock
        seconds, waiting_for, resumes = plan.seconds, plan.limit, None
        if sender is not None and sender.trouble is not None:
            resumes = max(0.0, sender.paused_until - clock.monotonic())
            seconds, waiting_for = seconds + resumes, sender.trouble
        elif plan.limit is not None:
            parts = [part for part in self._journal.parts() if count(WAITING, part)]
            resumes = min(
                (self._estimate(route_of(part.operation), 1).seconds for part in parts), default=None
            )
        return Progress(
            total=sum(self._journal.counts.values()),
            done=count(OK) + count(SKIPPED),
            failed=count(FAILED),
            unknown=count(UNKNOWN),
            eta=self._moment(seconds),
            waiting_for=waiting_for,
            resumes_at=self._moment(resumes),
            share_of_month=plan.share_of_month,
        )

    def _moment(self, seconds: float | None) -> datetime | None:
        if seconds is None or not isfinite(seconds):
            return None
        return date_of(self._client._clock.wall() + seconds)
