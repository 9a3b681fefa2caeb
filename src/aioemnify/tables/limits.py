# Generated from schema/limits.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The documented rate limits of the API."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from aioemnify.operation import LimitTable, MonthLimit, RowLimit, WindowLimit

LIMITS = LimitTable(
    rows=(
        RowLimit(
            id="get_organisation_id_billing_all",
            method="GET",
            path="/api/v1/organisation/{id}/billing/*",
            rate=10.0,
            burst=5,
        ),
        RowLimit(id="get_stats_all", method="GET", path="/api/v1/stats/*", rate=10.0, burst=5),
        RowLimit(
            id="get_organisation_id_stats_all",
            method="GET",
            path="/api/v1/organisation/{id}/stats/*",
            rate=10.0,
            burst=5,
        ),
        RowLimit(id="get_sim", method="GET", path="/api/v1/sim", rate=10.0, burst=5),
        RowLimit(
            id="get_organisation_id_stats",
            method="GET",
            path="/api/v1/organisation/{id}/stats",
            rate=10.0,
            burst=5,
        ),
        RowLimit(id="get_endpoint", method="GET", path="/api/v1/endpoint", rate=10.0, burst=5),
        RowLimit(id="get_event", method="GET", path="/api/v1/event", rate=10.0, burst=5),
        RowLimit(
            id="get_sim_id_stats_all", method="GET", path="/api/v1/sim/{id}/stats/*", rate=10.0, burst=5
        ),
        RowLimit(
            id="get_endpoint_id_connectivity_info",
            method="GET",
            path="/api/v1/endpoint/{id}/connectivity_info",
            rate=10.0,
            burst=5,
        ),
        RowLimit(
            id="get_event_alerts_pending",
            method="GET",
            path="/api/v1/event/alerts_pending",
            rate=100.0,
            burst=50,
        ),
        RowLimit(
            id="get_endpoint_stats_all", method="GET", path="/api/v1/endpoint/stats/*", rate=100.0, burst=50
        ),
        RowLimit(id="get_sim_id", method="GET", path="/api/v1/sim/{id}", rate=100.0, burst=50),
        RowLimit(
            id="get_service_profile", method="GET", path="/api/v1/service_profile", rate=100.0, burst=50
        ),
        RowLimit(
            id="get_tariff_profile_all", method="GET", path="/api/v1/tariff_profile/*", rate=100.0, burst=50
        ),
        RowLimit(id="get_tariff_profile", method="GET", path="/api/v1/tariff_profile", rate=100.0, burst=50),
        RowLimit(
            id="get_service_profile_all", method="GET", path="/api/v1/service_profile/*", rate=100.0, burst=50
        ),
        RowLimit(
            id="get_event_deprecated", method="GET", path="/api/v1/event_deprecated", rate=100.0, burst=50
        ),
        RowLimit(id="get_endpoint_id", method="GET", path="/api/v1/endpoint/{id}", rate=100.0, burst=50),
        RowLimit(
            id="get_endpoint_id_connectivity",
            method="GET",
            path="/api/v1/endpoint/{id}/connectivity",
            rate=100.0,
            burst=50,
        ),
        RowLimit(
            id="get_endpoint_id_stats_all",
            method="GET",
            path="/api/v1/endpoint/{id}/stats/*",
            rate=100.0,
            burst=50,
        ),
    ),
    windows=(
        WindowLimit(id="ip_general", method="*", path="/api/*", count=2000, seconds=300.0),
        WindowLimit(
            id="ip_authenticate", method="POST", path="/api/v1/authenticate", count=100, seconds=300.0
        ),
    ),
    month=MonthLimit(id="monthly_quota", count=10000000),
)
"""The documented limits."""

LimitsName: TypeAlias = Literal["documented", "2026"]
"""The documentation that a table of limits is from."""

LIMIT_TABLES: Mapping[LimitsName, LimitTable] = {
    "documented": LIMITS,
    "2026": LIMITS.replace(
        RowLimit(id="get_sim_id", method="GET", path="/api/v1/sim/{id}", rate=50.0, burst=25),
        RowLimit(id="get_endpoint_id", method="GET", path="/api/v1/endpoint/{id}", rate=50.0, burst=25),
        RowLimit(
            id="get_endpoint_id_connectivity",
            method="GET",
            path="/api/v1/endpoint/{id}/connectivity",
            rate=50.0,
            burst=25,
        ),
    ),
}
"""The table of each documentation."""
