"""The stateful operations and who handles them; all others answer 501."""

from __future__ import annotations

from collections.abc import Mapping

from aioemnify.simulator import (
    auth,
    endpoint_bulk,
    endpoints,
    events,
    service_profiles,
    sim_batches,
    sims,
    tariff_profiles,
)
from aioemnify.simulator.call import Handler

HANDLERS: Mapping[str, Handler] = {
    **auth.HANDLERS,
    **sims.HANDLERS,
    **sim_batches.HANDLERS,
    **endpoints.HANDLERS,
    **endpoint_bulk.HANDLERS,
    **service_profiles.HANDLERS,
    **tariff_profiles.HANDLERS,
    **events.HANDLERS,
}
