"""Four operations that only the documented rate limits name.

The client has no methods for them, because their responses are not documented. Users can call them with raw
requests, and the simulator must count them as the real server does.
"""

from __future__ import annotations

from collections.abc import Mapping

from aioemnify.operation import Operation, Param

_DESCRIBED_NOWHERE = (
    Operation(id="events.list_pending_alerts", method="GET", path="/api/v1/event/alerts_pending"),
    Operation(id="events.list_legacy", method="GET", path="/api/v1/event_deprecated"),
    Operation(
        id="endpoints.get_aggregate_stats",
        method="GET",
        path="/api/v1/endpoint/stats/{rest}",
        path_params=(Param("rest", "string"),),
    ),
    Operation(
        id="organisations.get_billing",
        method="GET",
        path="/api/v1/organisation/{organisation_id}/billing/{rest}",
        path_params=(Param("organisation_id", "string"), Param("rest", "string")),
    ),
)

UNPUBLISHED: Mapping[str, Operation] = {operation.id: operation for operation in _DESCRIBED_NOWHERE}
