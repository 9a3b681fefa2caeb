"""Pages of SIMs that have nothing in common: the worst there can be for who reads once what comes again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from aioemnify import models
from aioemnify.resources._operations import OPERATIONS
from aioemnify.transport.wire.codec import Codec
from benchmarks.cases import Effort, Report
from benchmarks.client.turns import cpu_in_turns
from benchmarks.walkers import fleet

PLAIN = "msgspec into the same classes"


def _ours(learnt_from: bytes) -> Callable[[bytes], Any]:
    codec, result = Codec(models.resolve), OPERATIONS["sims.list"].result
    codec.decode(result, learnt_from, "sims.list")
    return lambda content: codec.decode(result, content, "sims.list")


def unlike(report: Report, effort: Effort) -> None:
    """Read 10 pages, by turns: by hand, by a client that knows such pages, and by one that knows others."""
    pages = [fleet.page(number, alike=False) for number in range(1, effort.pick(11, 2))]
    decoders: dict[str, Callable[[bytes], Any]] = {
        PLAIN: msgspec.json.Decoder(list[models.Sim], strict=False).decode,
        "aioemnify": _ours(pages[0]),
        "aioemnify, a usual page before": _ours(fleet.page()),
    }
    taken = cpu_in_turns(
        {name: (lambda read=read: [read(one) for one in pages]) for name, read in decoders.items()},  # type: ignore[misc]
        effort.pick(9, 1),
        1,
    )
    for name, seconds in taken.items():
        report.add(f"{name}: CPU of 1,000 SIMs", 1e3 * seconds / len(pages), "ms", note="the collector off")
    for name, seconds in taken.items():
        if name != PLAIN:
            report.add(f"{name}: by {PLAIN}", seconds / taken[PLAIN], "x")
