"""Scenarios: timelines of clock moves, faults and settings, read from a file or a request."""

from __future__ import annotations

import time
import tomllib
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec
from attrs import frozen

from aioemnify.simulator.faults.rules import Faults, FaultSpec
from aioemnify.simulator.faults.source_lines import line_of
from aioemnify.simulator.platform.clock import Clock
from aioemnify.simulator.platform.decoding import InvalidValueError, convert, decode_json
from aioemnify.simulator.platform.settings import Settings, changed_settings

MOST_STEPS = 10_000
_KEPT_MOMENTS = 200


class Duration(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A length of simulated time: the sum of its members."""

    seconds: float = 0.0
    minutes: float = 0.0
    hours: float = 0.0
    days: float = 0.0

    def __post_init__(self) -> None:
        if not 0 <= self.total <= 1e11:
            raise ValueError("advance must be from 0 seconds to 3000 years")

    @property
    def total(self) -> float:
        """Return the length in seconds."""
        return self.seconds + 60 * self.minutes + 3600 * self.hours + 86400 * self.days


class ClockMove(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """Changes of the clock, applied in the order of the attributes.

    Attributes:
        state: ``freeze`` stops the clock, ``run`` lets it run again.
        scale: simulated seconds per real second.
        advance: how far to move the clock forward.
    """

    state: Literal["freeze", "run"] | None = None
    scale: float | None = None
    advance: Duration | None = None

    def __post_init__(self) -> None:
        if self.scale is not None and not 0 < self.scale <= 1e6:
            raise ValueError("scale must be above 0 and at most 1000000; freeze the clock to stop it")

    def carry_out(self, clock: Clock) -> None:
        """Move a clock."""
        if self.state is not None:
            (clock.freeze if self.state == "freeze" else clock.resume)()
        if self.scale is not None:
            clock.scale(self.scale)
        if self.advance is not None:
            clock.advance(self.advance.total)


class Step(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """One step of a scenario: when it comes, and what it changes.

    Attributes:
        after: simulated seconds since the step before.
        requests: arriving requests since the step before; the step already applies to the last of them.
        note: a description that the page shows.
        clock: changes of the clock.
        clear_faults: remove all fault rules before new ones are added.
        remove_faults: names of fault rules to remove.
        faults: fault rules to add.
        settings: settings to change.
        limits: switch all limits on or off.
    """

    after: float = 0.0
    requests: int = 0
    note: str = ""
    clock: ClockMove | None = None
    clear_faults: bool = False
    remove_faults: list[str] = msgspec.field(default_factory=list)
    faults: list[FaultSpec] = msgspec.field(default_factory=list)
    settings: dict[str, Any] = msgspec.field(default_factory=dict)
    limits: bool | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.after <= 1e11 or self.requests < 0:
            raise ValueError("after and requests must be at least 0")
        if self.after and self.requests:
            raise ValueError("a step waits for seconds (after) or for requests, not for both")
        changed_settings(Settings(), self.settings)


class Scenario(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A sequence of steps."""

    name: str = "scenario"
    step: list[Step]

    def __post_init__(self) -> None:
        if len(self.step) > MOST_STEPS:
            raise ValueError(f"a scenario has at most {MOST_STEPS} steps")

    @classmethod
    def read(cls, path: str | Path) -> Scenario:
        """Read a scenario from a TOML file, or a JSON file if its name ends in ``.json``.

        Raises:
            OSError: the file cannot be read.
            ValueError: the file is not a scenario; the text names line and member.
        """
        content, toml = Path(path).read_bytes(), Path(path).suffix != ".json"
        try:
            text = content.decode("utf-8-sig")
            return cls.of(tomllib.loads(text)) if toml else decode_json(text, cls)
        except InvalidValueError as error:
            raise ValueError(f"{path}, line {line_of(text, error.path, toml=toml)}: {error}") from None
        except (msgspec.DecodeError, tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
            raise ValueError(f"{path}: {error}") from None

    @classmethod
    def of(cls, members: Mapping[str, Any]) -> Scenario:
        """Build a scenario from plain values.

        Raises:
            ValueError: they are not a scenario; the text names the member.
        """
        return convert(members, cls)


@frozen(kw_only=True)
class Moment:
    """Something that happened while scenarios were played.

    Attributes:
        time: monotonic seconds of real time.
        scenario: name of the scenario.
        kind: ``start``, ``step``, ``end`` after the last step, or ``stop`` if it was stopped before.
        step: number of the step, counted from 1; 0 for the others.
        note: description of the step.
    """

    time: float
    scenario: str
    kind: Literal["start", "step", "end", "stop"]
    step: int = 0
    note: str = ""


class Timeline:
    """Play one scenario at a time.

    Clock moves take effect at their exact moment, even if the clock is read later. All other changes are
    visible to requests only, so they are applied when the next request arrives.

    Args:
        clock: measures ``after``.
        faults: where rules are added and removed.
        configure: changes settings and switches limits.
        now: returns monotonic seconds of real time, for :meth:`history`.
    """

    def __init__(
        self,
        clock: Clock,
        faults: Faults,
        configure: Callable[[Mapping[str, Any], bool | None], None],
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._clock = clock
        self._faults = faults
        self._configure = configure
        self._scenario: Scenario | None = None
        self._done = 0
        self._waiting_requests = 0
        self._since = 0.0
        self._ready: list[tuple[int, Step]] = []
        self._now = now
        self._moments: deque[Moment] = deque(maxlen=_KEPT_MOMENTS)

    def play(self, scenario: Scenario | None) -> None:
        """Start a scenario now and stop the running one; None only stops it."""
        with self._clock.lock:
            self._clock.call_at(0, None)
            if self._scenario is not None and self._done < len(self._scenario.step):
                self._note(self._scenario, "stop")
            if scenario is not None:
                self._note(scenario, "start")
            self._since = self._clock.monotonic()
            self._scenario, self._done, self._ready = scenario, 0, []
            self._await_step()
        self.catch_up()

    def arrive(self) -> None:
        """Count an arriving request and apply the steps that are due."""
        if self._scenario is None:
            return
        with self._clock.lock:
            self._clock.monotonic()
            if self._waiting_requests > 0:
                self._waiting_requests -= 1
                if self._waiting_requests == 0:
                    self._since = self._clock.monotonic()
                    self._start_step()
        self.catch_up()

    def catch_up(self) -> None:
        """Do what is due."""
        if self._scenario is None:
            return
        with self._clock.lock:
            self._clock.monotonic()
            ready, self._ready = self._ready, []
            scenario = self._scenario
        for number, step in ready:
            if step.clear_faults:
                self._faults.clear()
            for name in step.remove_faults:
                self._faults.remove_named(name)
            for spec in step.faults:
                self._faults.install(spec)
            if step.settings or step.limits is not None:
                self._configure(step.settings, step.limits)
            if scenario is not None:
                self._note(scenario, "step", number, step.note)
                if number == len(scenario.step):
                    self._note(scenario, "end")

    def history(self) -> list[Moment]:
        """Return when scenarios and their steps began and ended, oldest first; old moments are dropped."""
        return list(self._moments)

    def _note(
        self,
        scenario: Scenario,
        kind: Literal["start", "step", "end", "stop"],
        step: int = 0,
        note: str = "",
    ) -> None:
        moment = Moment(time=self._now(), scenario=scenario.name, kind=kind, step=step, note=note)
        self._moments.append(moment)

    def progress(self) -> dict[str, Any] | None:
        """Return the name, the steps done, the number of steps, and what the next step waits for."""
        scenario = self._scenario
        if scenario is None:
            return None
        waiting: dict[str, Any] | None = None
        if self._done < len(scenario.step):
            step = scenario.step[self._done]
            waiting = {"note": step.note, "requests": self._waiting_requests or None, "seconds": None}
            if not self._waiting_requests:
                waiting["seconds"] = max(0.0, self._since + step.after - self._clock.monotonic())
        return {
            "name": scenario.name,
            "done": self._done,
            "steps": len(scenario.step),
            "next": waiting,
        }

    def _await_step(self) -> None:
        """Wait for the next step. The caller holds the clock's lock."""
        assert self._scenario is not None or self._done == 0
        self._waiting_requests = 0
        if self._scenario is None or self._done >= len(self._scenario.step):
            return
        step = self._scenario.step[self._done]
        if step.requests:
            self._waiting_requests = step.requests
        else:
            self._clock.call_at(self._since + step.after, self._on_time)

    def _on_time(self) -> None:
        assert self._scenario is not None
        self._since += self._scenario.step[self._done].after
        self._start_step()

    def _start_step(self) -> None:
        """Start the step that is due: move the clock now, and apply the rest in :meth:`catch_up`."""
        assert self._scenario is not None
        step = self._scenario.step[self._done]
        self._done += 1
        if step.clock is not None:
            move = step.clock
            frozen = None if move.state is None else move.state == "freeze"
            length = 0.0 if move.advance is None else move.advance.total
            self._since += length
            self._clock.shift(frozen=frozen, scale=move.scale, step=length)
        self._ready.append((self._done, step))
        self._await_step()
