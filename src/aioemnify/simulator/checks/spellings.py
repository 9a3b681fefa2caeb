"""Bodies that programs in production send although the documentation does not have them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aioemnify.operation import Operation
from aioemnify.simulator.platform.errors import Detail, Findings

SimByNumber = Callable[[str, str], int | None]
"""Returns the id of the SIM with a number, such as its ICCID."""


def documented_form(operation: Operation, body: Any, sim_by_number: SimByNumber) -> Any:
    """Return a body as the documentation has it.

    Choice: with the setting ``undocumented_bodies``, a new endpoint may name its SIM by ``iccid`` or
        ``iccid_with_luhn`` instead of ``id``, and a change of an endpoint may have ``{"status": 1}`` for
        ``{"status": {"id": 1}}`` and ``{"sim": null}`` for ``{"sim": {"id": null}}``. It is not known what
        the API makes of them.

    Args:
        operation: the called operation.
        body: the decoded JSON.
        sim_by_number: finds a SIM.

    Raises:
        Problem: 422, no SIM has the number.
    """
    if not isinstance(body, dict):
        return body
    if operation.id == "endpoints.update":
        if isinstance(body.get("status"), int) and not isinstance(body["status"], bool):
            body = {**body, "status": {"id": body["status"]}}
        if "sim" in body and body["sim"] is None:
            body = {**body, "sim": {"id": None}}
    elif operation.id == "endpoints.create" and isinstance(body.get("sim"), dict):
        body = {**body, "sim": _with_id(body["sim"], sim_by_number)}
    return body


def _with_id(sim: dict[str, Any], sim_by_number: SimByNumber) -> dict[str, Any]:
    for name in () if "id" in sim else ("iccid", "iccid_with_luhn"):
        number = sim.get(name)
        if isinstance(number, str):
            identity = sim_by_number(name, number)
            if identity is None:
                detail = Detail(1401, f"Invalid reference to Sim with {name} {number}")
                Findings("Endpoint", [detail]).check(status_code=422)
            return {**sim, "id": identity}
    return sim
