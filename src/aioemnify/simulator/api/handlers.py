"""The handlers of the stateful operations; all others are answered by their schema."""

from __future__ import annotations

from collections.abc import Mapping

from aioemnify.simulator.api import (
    application_tokens,
    auth,
    callbacks,
    data_streams,
    dns,
    endpoint_bulk,
    endpoint_connectivity,
    endpoint_quotas,
    endpoint_sms,
    endpoint_tags,
    endpoints,
    euiccs,
    events,
    ip_address_spaces,
    lookups,
    mfa,
    organisations,
    service_profile_limits,
    service_profiles,
    sim_batches,
    sim_migration,
    sim_operations,
    sims,
    system_events,
    tags,
    tariff_plans,
    tariff_profile_zones,
    tariff_profiles,
    usage_stats,
    users,
    workspaces,
)
from aioemnify.simulator.api.call import Handler

HANDLERS: Mapping[str, Handler] = {
    **application_tokens.HANDLERS,
    **auth.HANDLERS,
    **sims.HANDLERS,
    **sim_batches.HANDLERS,
    **endpoints.HANDLERS,
    **endpoint_bulk.HANDLERS,
    **service_profiles.HANDLERS,
    **tariff_profiles.HANDLERS,
    **events.HANDLERS,
    **organisations.HANDLERS,
    **users.HANDLERS,
    **tags.HANDLERS,
    **callbacks.HANDLERS,
    **data_streams.HANDLERS,
    **mfa.HANDLERS,
    **tariff_plans.HANDLERS,
    **workspaces.HANDLERS,
    **dns.HANDLERS,
    **ip_address_spaces.HANDLERS,
    **lookups.HANDLERS,
    **endpoint_connectivity.HANDLERS,
    **endpoint_quotas.HANDLERS,
    **endpoint_sms.HANDLERS,
    **endpoint_tags.HANDLERS,
    **euiccs.HANDLERS,
    **service_profile_limits.HANDLERS,
    **sim_migration.HANDLERS,
    **sim_operations.HANDLERS,
    **system_events.HANDLERS,
    **tariff_profile_zones.HANDLERS,
    **usage_stats.HANDLERS,
}

STATEFUL_OPERATIONS: frozenset[str] = frozenset(HANDLERS)
"""Ids of the operations that keep state; all others are answered by their schema."""


def fidelity_of(operation_id: str) -> str:
    """Return how an operation is simulated: ``stateful``, or ``schema`` without state."""
    return "stateful" if operation_id in HANDLERS else "schema"
