"""Fault rules: which requests fail, how, and how often."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import get_args

import msgspec
from attrs import define, frozen

from aioemnify.simulator.faults.effects import (
    Answer,
    CloseBefore,
    Delay,
    DropAfter,
    Effect,
    LognormalDelay,
    MalformedBody,
    RejectToken,
    RevokeToken,
    SlowBody,
    TruncateBody,
    WrongGzip,
)
from aioemnify.simulator.platform.operation_names import check_operation

__all__ = [
    "Answer",
    "CloseBefore",
    "Delay",
    "DropAfter",
    "Effect",
    "FaultRule",
    "FaultSpec",
    "Faults",
    "InjectedFault",
    "LognormalDelay",
    "MalformedBody",
    "RejectToken",
    "RevokeToken",
    "SlowBody",
    "TruncateBody",
    "WrongGzip",
]

MOST_RULES = 1_000


class FaultSpec(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=False):
    """An effect, and the requests that it applies to. Conditions that are None match every request.

    Attributes:
        effect: what happens.
        name: name of the rule in scenarios and on the page.
        operation: operation id, such as ``endpoints.create``; ``*`` matches any text.
        method: HTTP method.
        path: pattern of the path; ``*`` matches any text.
        organisation: id of the organisation whose token the request carries.
        nth: apply to the n-th matching request only, counted from 1.
        every: apply to every n-th matching request: 3 is the third, the sixth, ...
        times: apply at most this often.
        probability: apply to each matching request with this probability.
        burst: once it applies, apply to this many matching requests in a row.
        burst_seconds: once it applies, apply to all matching requests for this many simulated seconds.
        enabled: whether the rule is active; a disabled rule counts nothing.
    """

    effect: Effect
    name: str | None = None
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    organisation: int | None = None
    nth: int | None = None
    every: int | None = None
    times: int | None = None
    probability: float | None = None
    burst: int | None = None
    burst_seconds: float | None = None
    enabled: bool = True

    def __post_init__(self) -> None:
        if not isinstance(self.effect, get_args(Effect)):
            kinds = ", ".join(kind.__name__ for kind in get_args(Effect))
            raise TypeError(f"effect must be one of {kinds}, not {self.effect!r}")
        if self.operation is not None:
            check_operation(self.operation)
        for name in ("nth", "every", "burst"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"{name} must be at least 1")
        if self.times is not None and self.times < 0:
            raise ValueError("times must be at least 0")
        if self.nth is not None and self.every is not None:
            raise ValueError("pass either nth or every, not both")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise ValueError("probability must be from 0 to 1")
        if self.burst_seconds is not None and not 0 < self.burst_seconds <= 1e9:
            raise ValueError("burst_seconds must be above 0")
        if self.method is not None:
            self.method = self.method.upper()


class FaultRule(FaultSpec, kw_only=True, eq=False):
    """An installed rule and its counters.

    Attributes:
        id: its number.
        seen: matching requests so far.
        fired: how often the effect was applied.
    """

    id: int = 0
    seen: int = 0
    fired: int = 0

    def matches(self, operation: str | None, method: str, path: str, organisation: int | None = None) -> bool:
        """Return whether this rule matches a request."""
        return (
            self.enabled
            and self.method in (None, method)
            and self.organisation in (None, organisation)
            and (self.operation is None or fnmatchcase(operation or "", self.operation))
            and (self.path is None or fnmatchcase(path, self.path))
        )


@frozen
class InjectedFault:
    """One effect that applies to one request; ``seconds`` is the delay that was drawn."""

    rule: FaultRule
    effect: Effect
    seconds: float = 0.0


@define
class _Entry:
    """A rule with its own random source, so that rules do not affect each other's draws."""

    rule: FaultRule
    chance: random.Random
    burst_left: int = 0
    burst_until: float = float("-inf")


class Faults:
    """The installed fault rules. Thread-safe: they can be changed while requests are served.

    Args:
        seed: seeds probabilities and random delays.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._lock = threading.Lock()
        self._entries: list[_Entry] = []
        self._made = 0

    def add(
        self,
        effect: Effect,
        *,
        name: str | None = None,
        operation: str | None = None,
        method: str | None = None,
        path: str | None = None,
        organisation: int | None = None,
        nth: int | None = None,
        every: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        burst: int | None = None,
        burst_seconds: float | None = None,
        enabled: bool = True,
    ) -> FaultRule:
        """Add a rule and return it; its ``fired`` counts how often it was applied.

        Without ``nth``, ``every``, ``times`` and ``probability`` it applies to every matching request.
        The arguments are those of :class:`FaultSpec`.

        Raises:
            ValueError: an argument is out of range, or there are too many rules.
        """
        rule = FaultRule(
            effect=effect,
            name=name,
            operation=operation,
            method=method,
            path=path,
            organisation=organisation,
            nth=nth,
            every=every,
            times=times,
            probability=probability,
            burst=burst,
            burst_seconds=burst_seconds,
            enabled=enabled,
        )
        with self._lock:
            if len(self._entries) >= MOST_RULES:
                raise ValueError(f"there are already {MOST_RULES} fault rules; remove some first")
            self._made += 1
            rule.id = self._made
            self._entries.append(_Entry(rule, random.Random(f"faults-{self._seed}-{rule.id}")))
        return rule

    def install(self, spec: FaultSpec) -> FaultRule:
        """Add a rule from a scenario or a request."""
        return self.add(**{name: getattr(spec, name) for name in FaultSpec.__struct_fields__})

    @property
    def rules(self) -> list[FaultRule]:
        """Return the rules in the order in which they were added."""
        with self._lock:
            return [entry.rule for entry in self._entries]

    def remove(self, rule: FaultRule) -> None:
        """Remove a rule."""
        with self._lock:
            self._entries = [entry for entry in self._entries if entry.rule is not rule]

    def remove_named(self, name: str) -> None:
        """Remove all rules with a name."""
        with self._lock:
            self._entries = [entry for entry in self._entries if entry.rule.name != name]

    def clear(self) -> None:
        """Remove all rules."""
        with self._lock:
            self._entries = []

    def reset(self) -> None:
        """Remove all rules and restart the random draws."""
        with self._lock:
            self._entries = []
            self._made = 0

    @property
    def ask_organisation(self) -> bool:
        """Return whether a rule depends on the organisation of the request's token."""
        return any(entry.rule.organisation is not None for entry in self._entries)

    def inject(
        self,
        operation: str | None,
        method: str,
        path: str,
        *,
        organisation: int | None = None,
        now: float = 0.0,
    ) -> Sequence[InjectedFault]:
        """Return the effects that apply to an arriving request, and count them."""
        if not self._entries:
            return ()
        injected: list[InjectedFault] = []
        with self._lock:
            for entry in self._entries:
                rule = entry.rule
                if rule.matches(operation, method, path, organisation):
                    rule.seen += 1
                    if _due(entry, now):
                        rule.fired += 1
                        delay = rule.effect if isinstance(rule.effect, Delay | LognormalDelay) else None
                        seconds = 0.0 if delay is None else delay.draw(entry.chance)
                        injected.append(InjectedFault(rule, rule.effect, seconds))
        return injected


def _due(entry: _Entry, now: float) -> bool:
    rule = entry.rule
    if rule.times is not None and rule.fired >= rule.times:
        return False
    if entry.burst_left > 0:
        entry.burst_left -= 1
        return True
    if now < entry.burst_until:
        return True
    if rule.nth is not None and rule.seen != rule.nth:
        return False
    if rule.every is not None and rule.seen % rule.every != 0:
        return False
    if rule.probability is not None and entry.chance.random() >= rule.probability:
        return False
    entry.burst_left = (rule.burst or 1) - 1
    if rule.burst_seconds is not None:
        entry.burst_until = now + rule.burst_seconds
    return True
