"""The methods of the control interface for deliveries to webhooks and callbacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import anyio.to_thread

from aioemnify.simulator.control.json_lines import delivery_lines, last_of
from aioemnify.simulator.control.methods import ControlError
from aioemnify.simulator.control.responses import (
    count_of,
    empty_response,
    json_response,
    lines_response,
    number_in,
    query_of,
)
from aioemnify.simulator.core import SimulatorCore
from aioemnify.simulator.recording.delivery_record import delivery_line

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response


class DeliveryMethods:
    """The methods of one simulator's deliveries."""

    def __init__(self, simulator: SimulatorCore) -> None:
        self._simulator = simulator

    async def export(self, request: Request) -> Response:
        """Return the deliveries to webhooks and callbacks; the parameter is ``last``."""
        return lines_response(
            last_of(self._simulator.deliveries, count_of(query_of(request, "last"), "last")), delivery_lines
        )

    async def clear(self, request: Request) -> Response:
        """Drop the deliveries recorded so far."""
        self._simulator.clear_deliveries()
        return empty_response()

    async def delivery(self, request: Request) -> Response:
        """Return one delivery in full, with credentials masked."""
        record = self._simulator.installation.deliveries.get(number_in(request))
        if record is None:
            raise _unknown(request)
        return json_response(delivery_line(record))

    async def send(self, request: Request) -> Response:
        """Send a delivery again, once and now, and return the new one."""
        number = number_in(request)
        if number < 0:
            raise _unknown(request)
        try:
            record = await anyio.to_thread.run_sync(self._simulator.redeliver, number)
        except ValueError as error:
            raise ControlError(404, str(error)) from None
        return json_response(delivery_line(record), 201)


def _unknown(request: Request) -> ControlError:
    return ControlError(404, f"there is no delivery {request.path_params['number']} in the journal")
