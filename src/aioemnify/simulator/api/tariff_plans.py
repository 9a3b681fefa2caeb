"""Tariff plan calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.api.organisations import BORN, find_organisation
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.state.world import Organisation, event_time

_PRICE = {"sim_activated_rate": [{"scale_start": 1, "rate": 0.5, "volume": 1000}]}
_FIRST_ASSIGNMENT = 9_000


def _body(call: Call, organisation: Organisation) -> dict[str, Any]:
    allowed = call.world.settings.factory_test
    return {
        "id": _FIRST_ASSIGNMENT + organisation.id,
        "organisation_id": organisation.id,
        "start_date": event_time(BORN),
        "expiry_date": None,
        "active": True,
        "applied_rate": 0,
        "applied_price": _PRICE,
        "sim_activated_rate": 0.5,
        "sim_suspended_rate": 0,
        "currency_id": lookups.EURO["id"],
        "service_level": lookups.SERVICE_LEVELS[0],
        "workspaces_enabled": True,
        "federation_allowed": False,
        "factory_test_mode_allowed": allowed,
        "tariff_plan_runtime": {"id": 1, "number_of_units": 1, "time_unit_id": 1},
        "tariff_plan": {
            "id": organisation.account.plan,
            "name": "Simulated plan",
            "description": "Everything the simulator can do",
            "creation_date": event_time(BORN),
            "activation_date": event_time(BORN),
            "rate": 0,
            "yearly_rate": 0,
            "sim_activation_fee": 0,
            "api_access_allowed": True,
            "vpn_access": True,
            "evaluation": False,
            "used_count": len(call.world.organisations),
            "price": _PRICE,
            "currency": dict(lookups.EURO),
            "workspaces_enabled": True,
            "status": {"id": 1, "description": "Active"},
            "visibility": {"id": 1, "description": "Public"},
            "service_level": lookups.SERVICE_LEVELS[0],
            "federation_allowed": False,
            "factory_test_mode_allowed": allowed,
        },
    }


def get_active(call: Call) -> Reply:
    """Return the plan of the caller's organisation.

    Choice: every organisation has the same plan, from the start and without an end; whether it allows
        Factory Test follows the setting ``factory_test``.
    """
    return Reply(body=_body(call, call.organisation))


def get_active_for_organisation(call: Call) -> Reply:
    """Return the plan of an organisation that the caller may see."""
    return Reply(body=_body(call, find_organisation(call)))


def list_for_organisation(call: Call) -> Reply:
    """Return all plans of an organisation: its only one."""
    return Reply(body=[_body(call, find_organisation(call, "org_id"))])


HANDLERS: Mapping[str, Handler] = {
    "tariff_plans.get_active": get_active,
    "tariff_plans.get_active_for_organisation": get_active_for_organisation,
    "tariff_plans.list_for_organisation": list_for_organisation,
}
"""Handlers of the tariff plan calls, by operation."""
