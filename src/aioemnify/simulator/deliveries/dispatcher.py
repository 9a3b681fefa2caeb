"""Find deliveries that are due and make them, from threads of their own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

from aioemnify.simulator.deliveries.callbacks import CallbackTarget
from aioemnify.simulator.deliveries.sender import Sender, Session
from aioemnify.simulator.deliveries.streams import StreamTarget
from aioemnify.simulator.deliveries.target import Key, Result, Target
from aioemnify.simulator.lifecycle.advance import advance
from aioemnify.simulator.lifecycle.usage_meters import read_meters
from aioemnify.simulator.recording.delivery_record import DeliveryRecord
from aioemnify.simulator.state.installation import Installation
from aioemnify.simulator.state.records.data_streams import USAGE
from aioemnify.simulator.state.world import Organisation, World

_logger = logging.getLogger("aioemnify.simulator")

POLL_SECONDS = 0.1
"""Real seconds between two looks for what is due; the simulated clock can be moved at any time."""
_WORKERS = 8
_STOP_SECONDS = 2.0


class Deliveries:
    """All deliveries of a simulator. Each receiver gets one at a time, and up to eight of them at once.

    Time is simulated, so a test moves the clock and calls :meth:`run` instead of waiting. While the simulator
    serves, a thread does the same a few times per second.

    Args:
        state: returns the present installation.
        lock: the lock that serialises requests.
        remote: also send to other machines.
    """

    def __init__(
        self, state: Callable[[], Installation], lock: AbstractContextManager[object], *, remote: bool
    ) -> None:
        self._state = state
        self._lock = lock
        self._sender = Sender(remote=remote)
        self._changed = threading.Condition()
        self._waiting: list[tuple[Installation, Target]] = []
        self._busy: set[tuple[int, Key]] = set()
        self._workers = 0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._failure: Exception | None = None

    def start(self) -> None:
        """Deliver what is due from now on."""
        self._thread = threading.Thread(target=self._keep_running, name="aioemnify-deliveries", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and end attempts under way; what was not delivered is delivered after the next start."""
        thread, self._thread = self._thread, None
        if thread is None:
            return
        self._stopping.set()
        thread.join()
        deadline = time.monotonic() + _STOP_SECONDS
        with self._changed:
            while self._busy and time.monotonic() < deadline:
                self._sender.end(after=0.0)
                self._changed.wait(POLL_SECONDS)
        self._stopping.clear()

    def run(self) -> None:
        """Deliver everything that is due now, and return once each delivery has a result."""
        while self._dispatch():
            with self._changed:
                while self._busy:
                    self._changed.wait(POLL_SECONDS)
                    self._sender.end()
            self._raise_failure()

    def again(self, number: int) -> DeliveryRecord:
        """Send a recorded delivery again, now and once, and return the new record.

        Raises:
            ValueError: it is not in the journal, or its body is no longer kept.
        """
        state = self._state()
        found = next((each for each in state.deliveries.records() if each.number == number), None)
        if found is None:
            raise ValueError(f"there is no delivery {number} in the journal")
        if found.request_body is None:
            raise ValueError(f"the body of delivery {number} is no longer kept")
        record = DeliveryRecord(
            kind=found.kind,
            organisation=found.organisation,
            target=found.target,
            method=found.method,
            url=found.url,
            headers=found.headers,
            records=found.records,
            repeats=found.repeats or found.number,
            wall=state.world.clock.wall(),
            request_body=found.request_body,
        )
        with self._sender.session() as session:
            _send(session, state, record)
        state.deliveries.end(record, record.latency or 0.0)
        return record

    def _keep_running(self) -> None:
        while not self._stopping.wait(POLL_SECONDS):
            try:
                self._dispatch()
                self._sender.end()
                self._raise_failure()
            except Exception:  # the next look may succeed, and the log tells
                _logger.exception("deliveries failed")

    def _raise_failure(self) -> None:
        """Raise an error of the simulator itself, which a worker met."""
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def _dispatch(self) -> bool:
        """Hand what is due to the workers; return whether there is anything to wait for or look at again."""
        state = self._state()
        with self._lock:
            targets, more = _targets(state)
        with self._changed:
            fresh = [each for each in targets if (id(state), each.key) not in self._busy]
            for target in fresh:
                self._busy.add((id(state), target.key))
                self._waiting.append((state, target))
            while self._workers < min(_WORKERS, len(self._busy)) and self._waiting:
                self._workers += 1
                threading.Thread(target=self._work, name="aioemnify-delivery", daemon=True).start()
            return bool(self._busy) or more

    def _work(self) -> None:
        while True:
            with self._changed:
                if not self._waiting:
                    self._workers -= 1
                    return
                state, target = self._waiting.pop(0)
            try:
                self._serve(state, target)
            except Exception as error:
                self._failure = error
            finally:
                with self._changed:
                    self._busy.discard((id(state), target.key))
                    self._changed.notify_all()

    def _serve(self, state: Installation, target: Target) -> None:
        """Make the deliveries of one target until none is due."""
        with self._sender.session() as session:
            while not self._stopping.is_set():
                with self._lock:
                    record = target.next_delivery()
                    state.changes += 1
                if record is None:
                    return
                result = _send(session, state, record)
                with self._lock:
                    target.settle(record, result)
                    state.changes += 1
                state.deliveries.end(record, record.latency or 0.0)


def _send(session: Session, state: Installation, record: DeliveryRecord) -> Result:
    state.deliveries.add(record)
    began = time.monotonic()
    result = session.send(record)
    record.outcome, record.status, record.error = result.outcome, result.status, result.error
    record.response_body = result.body or None
    record.latency = round(time.monotonic() - began, 6)
    return result


def _targets(state: Installation) -> tuple[list[Target], bool]:
    """Return the targets that have deliveries to make, and whether more records are to be written first."""
    found: list[Target] = []
    more = False
    for organisation in list(state.world.organisations.values()):
        if organisation.streams.streams or organisation.callbacks.urls:
            advance(state.world, organisation)
            more |= _tend_usage(state.world, organisation)
            found += _targets_of(state.world, organisation)
    return [target for target in found if target.is_due()], more


def _targets_of(world: World, organisation: Organisation) -> Iterator[Target]:
    for stream in organisation.streams.living(world.clock.wall()).values():
        if stream.to_webhook:
            yield StreamTarget(world, organisation, stream)
    for notification in organisation.callbacks.notifications.values():
        yield CallbackTarget(world, organisation, notification)


def _tend_usage(world: World, organisation: Organisation) -> bool:
    """Write usage records that are due, and drop those that every stream has delivered."""
    living = organisation.streams.living(world.clock.wall()).values()
    streams = [each for each in living if each.type == USAGE and each.to_webhook]
    if not streams:
        organisation.usage.end()
        return False
    organisation.usage.forget_before(min(each.position for each in streams))
    return read_meters(world, organisation)
