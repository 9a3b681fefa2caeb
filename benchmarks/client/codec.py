"""Bytes to objects and back: a page of SIMs, against what others make of the same bytes."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec

from aioemnify import models
from aioemnify.operation import Body
from aioemnify.resources._operations import OPERATIONS
from aioemnify.transport.wire.codec import Codec
from benchmarks.cases import Effort, Missing, Report, at_most
from benchmarks.client import environments, peers
from benchmarks.client.turns import cpu_in_turns
from benchmarks.walkers import fleet

STRUCT, OURS = "msgspec Struct", "aioemnify"


def _ours() -> Callable[[bytes], Any]:
    codec, result = Codec(models.resolve), OPERATIONS["sims.list"].result
    return lambda content: codec.decode(result, content, "sims.list")


def _decoders(report: Report) -> dict[str, Callable[[bytes], Any]]:
    mirror: Any = peers.mirrored(models.Sim, peers.struct)
    found: dict[str, Callable[[bytes], Any]] = {
        STRUCT: msgspec.json.Decoder(list[mirror], strict=False).decode,
        OURS: _ours(),
        "json.loads, no objects": json.loads,
        "cattrs": peers.cattrs_codec(models.Sim)[0],
    }
    try:
        found["pydantic"] = _pydantic().validate_json
    except Missing as missing:
        report.leave_out("pydantic", str(missing))
    try:
        found["openapi-python-client"] = environments.generated_from_dict()
    except Missing as missing:
        report.leave_out("openapi-python-client", str(missing))
    return found


def _pydantic() -> Any:
    mirror: Any = peers.mirrored(models.Sim, peers.pydantic_model)
    import pydantic

    return pydantic.TypeAdapter(list[mirror])


def decode(report: Report, effort: Effort) -> None:
    """Read a page of 1,000 SIMs."""
    content = fleet.page(size=effort.pick(fleet.SIZE, 10))
    decoders = _decoders(report)
    taken = cpu_in_turns(
        {name: (lambda read=read: read(content)) for name, read in decoders.items()},  # type: ignore[misc]
        effort.pick(15, 1),
        effort.pick(5, 1),
    )
    _tell(report, taken, 1.8, f"{len(content) / effort.pick(fleet.SIZE, 10):,.0f} B a SIM, the collector off")
    _complete(report, effort, content, decoders[STRUCT])


def _complete(report: Report, effort: Effort, content: bytes, struct: Callable[[bytes], Any]) -> None:
    """Read the same SIMs with every member written out, be it as null.

    A member that is left out costs a class with slots the making of an exception, which msgspec asks for
    and throws away; it costs a Struct nothing. Stand-ins are what the client does about that, and here
    there is nothing for them to do.
    """
    complete = msgspec.json.encode(struct(content))
    ours = _ours()  # its own, for it learns from what it reads
    taken = cpu_in_turns(
        {STRUCT: lambda: struct(complete), OURS: lambda: ours(complete)},
        effort.pick(15, 1),
        effort.pick(5, 1),
    )
    note = f"{1e3 * taken[OURS]:.2f} ms of CPU"
    ratio = taken[OURS] / taken[STRUCT]
    report.add(f"{OURS}, no member left out: by msgspec Struct", ratio, "x", goal=at_most(1.8), note=note)


def encode(report: Report, effort: Effort) -> None:
    """Write a page of 1,000 SIMs."""
    content = fleet.page(size=effort.pick(fleet.SIZE, 10))
    mirror: Any = peers.mirrored(models.Sim, peers.struct)
    structs = msgspec.json.Decoder(list[mirror], strict=False).decode(content)
    ours = _ours()(content)
    plain, dumps = json.loads(content), peers.cattrs_codec(models.Sim)[1]
    contestants: dict[str, Callable[[], object]] = {
        STRUCT: lambda: msgspec.json.encode(structs),
        f"{OURS}, objects alone": lambda: msgspec.json.encode(ours),
        "json.dumps of dicts": lambda: json.dumps(plain),
        "cattrs": lambda: dumps(ours),
    }
    try:
        adapter = _pydantic()
        records = adapter.validate_json(content)
        contestants["pydantic"] = lambda: adapter.dump_json(records)
    except Missing as missing:
        report.leave_out("pydantic", str(missing))
    taken = cpu_in_turns(contestants, effort.pick(15, 1), effort.pick(5, 1))
    _tell(report, taken, 2.2, "the collector off")
    _bodies(report, effort)


def _bodies(report: Report, effort: Effort) -> None:
    """Write what is really sent: a body, checked to its last member before it leaves."""
    body = models.SimUpdate(status=models.SimStatus(id=2), customer_org=models.IdRef(id=7))
    mirror: Any = peers.mirrored(models.SimUpdate, peers.struct)
    of_struct = msgspec.convert(msgspec.to_builtins(body), mirror)
    codec, declared = Codec(models.resolve), OPERATIONS["sims.update"].body
    assert isinstance(declared, Body)
    taken = cpu_in_turns(
        {
            STRUCT: lambda: msgspec.json.encode(of_struct),
            OURS: lambda: codec.encode(declared, body),
        },
        effort.pick(15, 1),
        effort.pick(2000, 5),
    )
    for name, seconds in taken.items():
        report.add(f"{name}: one body, checked" if name == OURS else f"{name}: one body", 1e6 * seconds, "us")


def _tell(report: Report, taken: dict[str, float], goal: float, note: str) -> None:
    base = taken[STRUCT]
    for name, seconds in taken.items():
        report.add(f"{name}: CPU of 1,000 SIMs", 1e3 * seconds, "ms", note=note)
    for name, seconds in taken.items():
        aim = at_most(goal) if name.startswith(OURS) else None
        report.add(f"{name}: by msgspec Struct", seconds / base, "x", goal=aim)


def memory(report: Report, effort: Effort) -> None:
    """Weigh what is left of a page once it is read."""
    size = effort.pick(fleet.SIZE, 10)
    content = fleet.page(size=size)
    weights = {name: _weight(read, content) / size for name, read in _decoders(report).items()}
    for name, weight in weights.items():
        report.add(f"{name}: memory of a SIM", weight, "B", note="tracemalloc, after a collection")
    for name, weight in weights.items():
        aim = at_most(1.1) if name == OURS else None
        report.add(f"{name}: memory by msgspec Struct", weight / weights[STRUCT], "x", goal=aim)


def _weight(read: Callable[[bytes], Any], content: bytes) -> float:
    read(content)
    gc.collect()
    tracemalloc.start()
    try:
        kept = read(content)
        gc.collect()
        weight = float(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    del kept
    return weight
