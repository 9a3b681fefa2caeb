"""Faults on demand: seeded rules that break chosen requests in chosen ways."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from attrs import define, field, frozen


@frozen
class Delay:
    """Hold the request back for ``seconds``, or for a random time between two, before it is judged."""

    seconds: float | tuple[float, float]


@frozen
class Answer:
    """Answer in the server's place, as a gateway would; nothing is processed or counted.

    A ``body`` of text or bytes is sent as it is, everything else as JSON, None as no body.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(factory=dict)


@frozen
class CloseBefore:
    """Cut the connection before the request is processed."""


@frozen
class DropAfter:
    """Process the request, then cut the connection instead of answering."""


@frozen
class MalformedBody:
    """Process the request, then answer with JSON that breaks off in the middle."""


@frozen
class TruncateBody:
    """Process the request, then send only ``keep`` bytes of the body and cut the connection."""

    keep: int = 10


@frozen
class RejectToken:
    """Answer 401 (1103) as if the token had just expired."""


Effect = Delay | Answer | CloseBefore | DropAfter | MalformedBody | TruncateBody | RejectToken


@define(kw_only=True)
class FaultRule:
    """When an effect strikes. What is None does not matter.

    Attributes:
        effect: what happens.
        operation: operation id, such as ``endpoints.create``.
        method: HTTP method.
        path: pattern of the path; ``*`` stands for anything.
        nth: strike only the n-th matching request, counted from 1.
        times: strike at most this often.
        probability: strike each matching request with this chance.
        seen: matching requests so far.
        fired: how often it struck.
    """

    effect: Effect
    operation: str | None = None
    method: str | None = None
    path: str | None = None
    nth: int | None = None
    times: int | None = None
    probability: float | None = None
    seen: int = 0
    fired: int = 0

    def matches(self, operation: str | None, method: str, path: str) -> bool:
        """Say whether a request is one this rule is about."""
        return (
            self.operation in (None, operation)
            and self.method in (None, method)
            and (self.path is None or fnmatchcase(path, self.path))
        )


class Faults:
    """The rules in force. Safe to change from any thread while requests are served.

    Args:
        seed: decides the draws of probabilities and random delays.
    """

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(f"faults-{seed}")
        self._lock = threading.Lock()
        self._rules: list[FaultRule] = []

    def add(
        self,
        effect: Effect,
        *,
        operation: str | None = None,
        method: str | None = None,
        path: str | None = None,
        nth: int | None = None,
        times: int | None = None,
        probability: float | None = None,
    ) -> FaultRule:
        """Add a rule and return it; ``fired`` on it tells how often it struck.

        Without ``nth``, ``times`` and ``probability`` it strikes every matching request.
        """
        rule = FaultRule(
            effect=effect,
            operation=operation,
            method=method,
            path=path,
            nth=nth,
            times=times,
            probability=probability,
        )
        with self._lock:
            self._rules.append(rule)
        return rule

    def remove(self, rule: FaultRule) -> None:
        """Take a rule out of force."""
        with self._lock:
            self._rules = [kept for kept in self._rules if kept is not rule]

    def clear(self) -> None:
        """Take all rules out of force."""
        with self._lock:
            self._rules = []

    def strike(self, operation: str | None, method: str, path: str) -> list[Effect]:
        """Return the effects that strike one arriving request, and count them."""
        struck: list[Effect] = []
        with self._lock:
            for rule in self._rules:
                if rule.matches(operation, method, path):
                    rule.seen += 1
                    if self._due(rule):
                        rule.fired += 1
                        struck.append(rule.effect)
        return struck

    def draw(self, delay: Delay) -> float:
        """Return the seconds of a delay."""
        if isinstance(delay.seconds, tuple):
            with self._lock:
                return self._chance.uniform(*delay.seconds)
        return delay.seconds

    def _due(self, rule: FaultRule) -> bool:
        if rule.nth is not None and rule.seen != rule.nth:
            return False
        if rule.times is not None and rule.fired >= rule.times:
            return False
        return rule.probability is None or self._chance.random() < rule.probability
