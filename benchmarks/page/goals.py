"""The figures that the library sets itself, and where each is measured."""

from __future__ import annotations

import re
from collections.abc import Sequence

from attrs import frozen

from benchmarks.cases import Figure
from benchmarks.page.numbers import aim, amount, measured, verdict
from benchmarks.page.results import Results
from benchmarks.page.tables import parts

PEERS = (
    *("emnify-sdk", "openapi-python-client", "pydantic", "cattrs"),
    *("aiolimiter", "pyrate-limiter", "throttled-py"),
)
"""Contestants that do the whole of the work, and not only a part of it by hand."""


@frozen
class Aim:
    """A goal in words, and the figures that tell whether it is reached.

    Args:
        text: The goal.
        suite: Where it is measured.
        case: And by which case.
        wanted: A pattern that the names of the figures match. Those without a goal do not count.
        beside: For the best of the peers: a quantity, and the contestant that theirs is divided by, if any.
    """

    text: str
    suite: str
    case: str
    wanted: str
    beside: tuple[str, str] | None = None

    def figures(self, results: Results) -> list[Figure]:
        """Return what was measured for it."""
        return [
            figure
            for figure in results.of_case(self.suite, self.case)
            if figure.goal is not None and re.search(self.wanted, figure.what)
        ]

    def best_peer(self, results: Results) -> str:
        """Return the peer that comes closest, and its figure; nothing where none was there."""
        quantity, reference = self.beside or ("", "")
        every = {
            parts(one)[0]: one for one in results.of_case(self.suite, self.case) if parts(one)[1] == quantity
        }
        peers = [name for name in every if name.startswith(PEERS)]
        if not peers or (reference and reference not in every):
            return ""
        least = min(peers, key=lambda name: every[name].value)
        if not reference:
            return f"{least} {measured(every[least])}"
        return f"{least} {amount(every[least].value / every[reference].value, 'x')}"


AIMS: Sequence[Aim] = (
    Aim(
        "read 1,000 SIMs into typed objects, beside msgspec's own classes",
        "client",
        "decode",
        "by msgspec Struct",
        ("by msgspec Struct", ""),
    ),
    Aim(
        "write 1,000 SIMs, beside msgspec's own classes",
        "client",
        "encode",
        "by msgspec Struct",
        ("by msgspec Struct", ""),
    ),
    Aim(
        "memory of a SIM, beside msgspec's own classes",
        "client",
        "memory",
        "memory by msgspec Struct",
        ("memory by msgspec Struct", ""),
    ),
    Aim(
        "walk 50,000 SIMs and keep them: CPU beside the HTTP library and msgspec by hand",
        "client",
        "kept",
        "CPU by raw",
        ("CPU of a walk", "raw httpx + msgspec"),
    ),
    Aim("the same, beside the vendor's SDK", "client", "kept", "(CPU|time) by emnify-sdk"),
    Aim("the same, peak memory beside the vendor's SDK", "client", "kept", "peak memory by"),
    Aim("walk 50,000 SIMs and keep none: growth of memory", "client", "passing", "growth of memory"),
    Aim("the same: CPU beside by hand", "client", "passing", "CPU by raw"),
    Aim("a fleet of 1,000,000: cost of an item, beside one of 1,000", "client", "million", "cost of one"),
    Aim("the same: growth of memory", "client", "million", "growth of memory"),
    Aim(
        "one call: CPU beside the HTTP library by hand",
        "client",
        "calls",
        r"^aioemnify over \w+: CPU by raw, (1|20) in flight",
    ),
    Aim("the same, in turns with the library of before", "profiles", "call", "now: CPU beside raw"),
    Aim(
        "pages ahead: 150 ms of latency, beside what the limits alone take",
        "client",
        "prefetch",
        "by the limits",
    ),
    Aim(
        "import the client's class, beside `import httpx` (0.75 would be splendid)",
        "startup",
        "import",
        "CPU by import",
        ("CPU by import httpx", ""),
    ),
    Aim("first use of a group, beside `import httpx`", "startup", "first-use", "CPU by import"),
    Aim(
        "admission over three limits, nobody waiting (2 µs would be splendid)",
        "limiters",
        "uncontended",
        "admission",
        ("admission, three limits", ""),
    ),
    Aim("10,000 calls waiting", "limiters", "waiters", "10,000", ("CPU of each, 10,000 waiters", "")),
    Aim(
        "100,000 calls waiting: the cost of one, beside one of few", "limiters", "growth", "cost of a waiter"
    ),
    Aim(
        "10/s burst 5, saturated, 2-200 ms of random delay", "throttling", "saturated", "^row 10/s, burst 5: "
    ),
    Aim("the same, against the limiters of others", "limiters", "delay", "."),
)
"""In the order of the page."""

SUITES = {
    "client": "The client",
    "startup": "Startup",
    "limiters": "Limiters",
    "throttling": "Throttling",
    "profiles": "Profiles",
    "simulator": "The simulator",
}
"""How the page calls the suites; another one is called by its name."""


def rows(results: Results) -> list[list[str]]:
    """Return the table of goals: each with its figures, their verdicts, and the best of the peers."""
    found = []
    for goal in AIMS:
        peer = goal.best_peer(results)
        for place, figure in enumerate(goal.figures(results)):
            text = goal.text if place == 0 else ""
            found.append([text, figure.what, measured(figure), aim(figure), verdict(figure), peer])
            peer = ""
    return found


def unmeasured(results: Results) -> list[str]:
    """Return the goals for which the results hold no figure."""
    return [f"{one.text} ({one.suite}, {one.case})" for one in AIMS if not one.figures(results)]


def missed(results: Results) -> list[Figure]:
    """Return all figures, of any suite, that miss their goal."""
    return [one for result in results.suites.values() for one in result.figures if one.met is False]


def held(results: Results) -> int:
    """Return how many figures have a goal."""
    return sum(one.goal is not None for result in results.suites.values() for one in result.figures)
