"""System events: the types of events that can trigger an automation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aioemnify.simulator.api.call import Call, Handler, Reply
from aioemnify.simulator.platform import lookups
from aioemnify.simulator.platform.errors import not_found

_KINDS = (8, 9, 11, 18, 19, 20, 21, 42, 43, 68)
_PARAMETERS = (("endpoint_id", "integer"), ("sim_id", "integer"), ("description", "string"))


def _body(kind: int) -> dict[str, Any]:
    name = lookups.EVENT_TYPES[kind]
    key = name.lower().replace(" ", "_")
    return {
        "id": str(kind),
        "parentOrg": {"id": lookups.ISSUER_ORG["id"], "name": lookups.ISSUER_ORG["name"]},
        "eventType": lookups.lookup(lookups.EVENT_TYPES, kind),
        "name": name,
        "translationKeyName": f"events.{key}.name",
        "description": f"Happens at: {name}",
        "translationKeyDescription": f"events.{key}.description",
        "supportedTargetingParameters": ["endpoint_id", "tag_id"],
        "eventOutputParameters": [
            {"parameter": parameter, "type": sort, "description": parameter.replace("_", " ")}
            for parameter, sort in _PARAMETERS
        ],
        "supportedActions": ["send_email", "webhook"],
    }


def list_kinds(call: Call) -> Reply:
    """Return the types of events that can trigger an automation.

    Choice: there are ten, and their id is the id of the event type as text.
    """
    return Reply(body=[_body(kind) for kind in _KINDS])


def get_kind(call: Call) -> Reply:
    """Return one type."""
    text = call.args["system_event_id"]
    if text not in map(str, _KINDS):
        raise not_found("System event", text)
    return Reply(body=_body(int(text)))


HANDLERS: Mapping[str, Handler] = {"system_events.list": list_kinds, "system_events.get": get_kind}
