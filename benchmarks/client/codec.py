"""JSON to objects and back: a page of SIMs, compared with other libraries on the same bytes."""

from __future__ import annotations

import gc
import json
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec

from aioemnify import OPERATIONS, models, to_row
from aioemnify.transport.wire.codec import Codec
from benchmarks import environments, sample_sims
from benchmarks.cases import Effort, Missing, Report, at_most
from benchmarks.client import equivalent_classes
from benchmarks.interleaved import cpu_in_turns, cpu_seconds, relative, rotated

STRUCT, OURS = "msgspec Struct", "aioemnify"
SAME_CLASSES = "msgspec into our classes"
RELATIVE = f"relative to {STRUCT}"

Decode = Callable[[bytes], Any]


def _our_decoder() -> Decode:
    """Return a new decoder of ours, which has decoded nothing yet."""
    codec, result = Codec(models.resolve), OPERATIONS["sims.list"].result
    return lambda content: codec.decode(result, content, "sims.list")


def _struct_decoder() -> Decode:
    mirror: Any = equivalent_classes.like(models.Sim, equivalent_classes.struct)
    return msgspec.json.Decoder(list[mirror], strict=False).decode


def _pydantic() -> Any:
    mirror: Any = equivalent_classes.like(models.Sim, equivalent_classes.pydantic_model)
    import pydantic

    return pydantic.TypeAdapter(list[mirror])


def _decoders(report: Report) -> dict[str, Decode]:
    found: dict[str, Decode] = {
        STRUCT: _struct_decoder(),
        OURS: _our_decoder(),
        "json.loads, no objects": json.loads,
        "cattrs": equivalent_classes.cattrs_codec(models.Sim)[0],
    }
    for name, make in (
        ("pydantic", lambda: _pydantic().validate_json),
        ("openapi-python-client", environments.generated_decoder),
    ):
        try:
            found[name] = make()
        except Missing as missing:
            report.leave_out(name, str(missing))
    return found


def _each(decoders: dict[str, Decode], *pages: bytes) -> dict[str, Callable[[], object]]:
    """Return functions that decode all pages."""
    return {name: lambda d=decode: [d(page) for page in pages] for name, decode in decoders.items()}  # type: ignore[misc]


def decode(report: Report, effort: Effort) -> None:
    """Decode a page again and again, then with new decoders, and then one that has every member."""
    size, rounds, times = effort.pick((sample_sims.SIZE, 15, 5), (10, 1, 1))
    content = sample_sims.page(size=size)
    decoders = _decoders(report)
    taken = cpu_in_turns(_each(decoders, content), rounds, times)
    _report(report, taken, 1.7, f"{len(content) / size:,.0f} B a SIM, garbage collector off")
    _first_page(report, content, rounds)
    # msgspec creates and drops an exception for each absent member of a class with slots, not for a Struct.
    complete = msgspec.json.encode(decoders[STRUCT](content))
    pair = {STRUCT: decoders[STRUCT], OURS: _our_decoder()}
    taken = cpu_in_turns(_each(pair, complete), rounds, times)
    what, ratio = f"{OURS}, every member present: {RELATIVE}", taken[OURS] / taken[STRUCT]
    report.add(what, ratio, "x", goal=at_most(1.7), note=f"CPU {1e3 * taken[OURS]:.2f} ms")


def _first_page(report: Report, content: bytes, rounds: int) -> None:
    """Decode one page with decoders that have seen nothing but an empty one."""
    found: dict[str, list[float]] = {STRUCT: [], OURS: []}
    build: list[float] = []
    for turn in range(rounds):
        for name, make in rotated({STRUCT: _struct_decoder, OURS: _our_decoder}, turn):
            decoder = make()
            seconds = cpu_seconds(lambda d=decoder: d(b"[]"))  # type: ignore[misc]
            found[name].append(cpu_seconds(lambda d=decoder: d(content)))  # type: ignore[misc]
            if name == OURS:
                build.append(seconds)
    ratio, note = relative(found[OURS], found[STRUCT])
    note += f"; building the decoder before it {1e3 * min(build):.2f} to {1e3 * max(build):.2f} ms"
    report.add(f"{OURS}, first page: {RELATIVE}", ratio, "x", goal=at_most(1.7), note=note)


def no_repeats(report: Report, effort: Effort) -> None:
    """Decode 10 pages without equal nested objects, after a page of that kind or a usual one."""
    pages = [sample_sims.page(number, repeats=False) for number in range(1, effort.pick(11, 2))]
    decoders = {
        SAME_CLASSES: msgspec.json.Decoder(list[models.Sim], strict=False).decode,
        OURS: _our_decoder(),
        f"{OURS}, after a usual page": _our_decoder(),
    }
    decoders[OURS](pages[0])
    decoders[f"{OURS}, after a usual page"](sample_sims.page())
    taken = cpu_in_turns(_each(decoders, *pages), effort.pick(9, 1), 1)
    for name, seconds in taken.items():
        cpu = 1e3 * seconds / len(pages)
        report.add(f"{name}: CPU of 1,000 SIMs", cpu, "ms", note="garbage collector off")
    for name, seconds in taken.items():
        if name != SAME_CLASSES:
            report.add(f"{name}: relative to {SAME_CLASSES}", seconds / taken[SAME_CLASSES], "x")


def encode(report: Report, effort: Effort) -> None:
    """Encode a page of SIMs, and then one request body."""
    size, rounds, times = effort.pick((sample_sims.SIZE, 15, 5), (10, 1, 1))
    content = sample_sims.page(size=size)
    structs, ours, plain = _struct_decoder()(content), _our_decoder()(content), json.loads(content)
    dumps = equivalent_classes.cattrs_codec(models.Sim)[1]
    contestants: dict[str, Callable[[], object]] = {
        STRUCT: lambda: msgspec.json.encode(structs),
        f"{OURS}, objects only": lambda: msgspec.json.encode(ours),
        "json.dumps of dicts": lambda: json.dumps(plain),
        "cattrs": lambda: dumps(ours),
    }
    try:
        adapter = _pydantic()
        records = adapter.validate_json(content)
        contestants["pydantic"] = lambda: adapter.dump_json(records)
    except Missing as missing:
        report.leave_out("pydantic", str(missing))
    _report(report, cpu_in_turns(contestants, rounds, times), 2.2, "garbage collector off")

    body = models.SimUpdate(status=models.SimStatus(id=2), customer_org=models.IdRef(id=7))
    mirror: Any = equivalent_classes.like(models.SimUpdate, equivalent_classes.struct)
    struct = msgspec.convert(msgspec.to_builtins(body), mirror)
    codec = Codec(models.resolve)
    declared: Any = OPERATIONS["sims.update"].body
    bodies: dict[str, Callable[[], object]] = {
        f"{STRUCT}: one body": lambda: msgspec.json.encode(struct),
        f"{OURS}: one body, validated": lambda: codec.encode(declared, body),
    }
    for what, seconds in cpu_in_turns(bodies, rounds, effort.pick(2000, 5)).items():
        report.add(what, 1e6 * seconds, "us")


def to_dict(report: Report, effort: Effort) -> None:
    """Turn a SIM into a dictionary, JSON and a flat row, and read it back."""
    rounds, times = effort.pick((25, 500), (1, 5))
    sim: models.Sim = _our_decoder()(sample_sims.page(size=10))[3]
    written = sim.to_dict()
    reference = "msgspec.to_builtins"
    ways: dict[str, Callable[[], object]] = {
        reference: lambda: msgspec.to_builtins(sim),
        "to_dict": sim.to_dict,
        "to_json": sim.to_json,
        "to_row": lambda: to_row(sim),
        "from_dict": lambda: models.Sim.from_dict(written),
    }
    taken = cpu_in_turns(ways, rounds, times)
    for name, seconds in taken.items():
        report.add(f"{name}: CPU of a SIM", 1e6 * seconds, "us", note="garbage collector off")
    for name in ("to_dict", "to_json", "to_row", "from_dict"):
        goal = at_most(2) if name == "to_dict" else None
        report.add(f"{name}: relative to {reference}", taken[name] / taken[reference], "x", goal=goal)


def _report(report: Report, taken: dict[str, float], goal: float, note: str) -> None:
    for name, seconds in taken.items():
        report.add(f"{name}: CPU of 1,000 SIMs", 1e3 * seconds, "ms", note=note)
    for name, seconds in taken.items():
        limit = at_most(goal) if name.startswith(OURS) else None
        report.add(f"{name}: {RELATIVE}", seconds / taken[STRUCT], "x", goal=limit)


def memory(report: Report, effort: Effort) -> None:
    """Measure the memory of a page, the first that its decoder decodes."""
    size = effort.pick(sample_sims.SIZE, 10)
    content = sample_sims.page(size=size)
    weights = {name: _weight(decode, content) / size for name, decode in _decoders(report).items()}
    for name, weight in weights.items():
        report.add(f"{name}: memory of a SIM", weight, "B", note="tracemalloc, after garbage collection")
    for name, weight in weights.items():
        goal = at_most(0.6) if name == OURS else None
        report.add(f"{name}: memory {RELATIVE}", weight / weights[STRUCT], "x", goal=goal)


def _weight(decode: Decode, content: bytes) -> float:
    decode(b"[]")
    gc.collect()
    tracemalloc.start()
    try:
        kept = decode(content)
        gc.collect()
        weight = float(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    del kept
    return weight
