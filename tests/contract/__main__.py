"""Show how much of the documented API the library has: ``python -m tests.contract``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from aioemnify import OPERATIONS, Emnify, StaticToken, models
from tests.contract.arguments import stub_of
from tests.contract.comparison import members_of
from tests.contract.differences import (
    FIELD_DIFFERENCES,
    OPERATION_DIFFERENCES,
    OWN_MODELS,
    VALUE_DIFFERENCES,
    Difference,
)
from tests.contract.documented import CALLS, GROUPS, MODELS, Call


def report() -> Iterator[str]:
    """Yield the lines of the report."""
    emnify = Emnify(auth=StaticToken("token"))
    yield f"{'group':<20}{'documented':>11}{'in the table':>14}{'as a method':>13}"
    for group in GROUPS.values():
        documented = [call for call in CALLS.values() if call.group == group]
        told = sum(operation.partition(".")[0] == group for operation in OPERATIONS)
        made = sum(_has_method(emnify, call) for call in documented)
        yield f"{group:<20}{len(documented):>11}{told:>14}{made:>13}"
    made = sum(_has_method(emnify, call) for call in CALLS.values())
    yield f"{'all':<20}{len(CALLS):>11}{len(OPERATIONS):>14}{made:>13}"
    yield ""
    present = [model for model in MODELS.values() if model.name in models.__all__]
    fields = sum(len(model.fields) for model in MODELS.values())
    found = sum(
        len(model.fields.keys() & members_of(getattr(models, model.name)).keys()) for model in present
    )
    yield f"models: {len(MODELS)} documented, {len(present)} there, {len(OWN_MODELS)} of our own"
    yield f"fields: {fields} documented, {found} there"
    yield ""
    yield "deliberate differences:"
    for operation, aspects in OPERATION_DIFFERENCES.items():
        yield from _listed(operation, aspects)
    for place, aspects in FIELD_DIFFERENCES.items():
        yield from _listed(place, aspects)
    for model, difference in VALUE_DIFFERENCES.items():
        yield from _listed(model, {"values": difference})
    for model, reason in OWN_MODELS.items():
        yield f"  {model} (model of our own): {reason}"


def _has_method(emnify: Emnify, call: Call) -> bool:
    try:
        return callable(stub_of(emnify, call))
    except AttributeError:
        return False


def _listed(place: str, aspects: dict[str, Difference]) -> Iterator[str]:
    for aspect, difference in aspects.items():
        yield f"  {place} ({aspect}): {difference.reason}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in report())
