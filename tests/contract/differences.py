"""Where the library deliberately says something else than the documentation, and why.

Each entry names what the library says, so that a listed difference cannot drift unseen.
"""

from __future__ import annotations

from typing import Any

from attrs import frozen


@frozen
class Difference:
    """What the library says instead, and the reason in words."""

    ours: Any
    reason: str


_OBSERVED_SIZE = Difference(100, "Not documented for this list, and observed: its pages hold 100 events.")
_DATES = "The API's text names both dates without declaring them as parameters."

OPERATION_DIFFERENCES: dict[str, dict[str, Difference]] = {
    "cloud_connect.list": {
        "query": Difference(
            [("organisation", "integer", ()), ("status", "integer", ()), ("type", "integer", ())],
            "Numbers of known kinds are no fence: the server may learn more of them.",
        ),
    },
    "dns.list": {
        "returns": Difference(
            "list[DnsModel]", "The group and the model are both called Dns; the same class."
        ),
    },
    "euiccs.schedule_operations": {
        "created": Difference(
            True, "Creates several at once; their addresses come in Link, not in Location."
        ),
    },
    "organisations.assign_inclusive_volume": {
        "positional arguments": Difference(
            [
                "org_id_or_my: int | str",
                "inclusive_volume_id: int | str",
                "body: InclusiveVolumeAssign | InclusiveVolumeAssignDict",
            ],
            "A body without members says the same as none.",
        ),
    },
    "users.list_events": {"default size": _OBSERVED_SIZE},
    "events.list": {"default size": _OBSERVED_SIZE},
    "sims.list_events": {"default size": _OBSERVED_SIZE},
    "sims.list_daily_stats": {
        "query": Difference([("end_date", "date", ()), ("start_date", "date", ())], _DATES),
        "keyword arguments": Difference(
            [
                "end_date: date | str | None = None",
                "options: CallOptions | None = None",
                "start_date: date | str | None = None",
            ],
            _DATES,
        ),
    },
}
"""By operation and aspect, as ``test_operations.py`` names the aspects."""


_RESET = Difference(
    "boolean", "Documented as null; a documented workflow sends true, so that both may be written."
)
_PLACE = Difference(False, "A coordinate is an approximation, and no money.")
_COUNT = Difference(False, "A count, a share, a flag or a point of a curve, and no money.")
_DESTINATION = Difference(
    "ref DataStreamDestinationCreate", "Written with one of seven credentials, and read with a wide class."
)
_VALUE = Difference(False, "Is part of what holds it; nothing is called by its id.")
_REFERENCE = Difference(False, "Was seen without its id, where the API names the thing only in passing.")
_KNOWN_BY = Difference(
    True, "Every answer seen has it, and nothing useful can be said of the object without it."
)

FIELD_DIFFERENCES: dict[str, dict[str, Difference]] = {
    "ApplicationTokenCreated.application_token": {
        "required": Difference(True, "The one thing this answer is for: without it the token is lost."),
    },
    "CloudConnectPrice.id": {"required": _VALUE},
    "CloudConnectTunnelMetrics.bytes_in": {"exact": _COUNT},
    "CloudConnectTunnelMetrics.bytes_out": {"exact": _COUNT},
    "ConnectivityReset.location": {"type": _RESET},
    "ConnectivityReset.pdp_context": {"type": _RESET},
    "Country.id": {"required": _REFERENCE},
    "Country.latitude": {"exact": _PLACE},
    "Country.longitude": {"exact": _PLACE},
    "DataStreamCreate.destination": {"type": _DESTINATION},
    "DataStreamDestination.connection_type": {
        "required": Difference(False, "Read only: servers leave things out of their answers."),
    },
    "DataStreamDestination.credentials": {
        "type": Difference(
            "ref DataStreamCredentials", "One class that holds the members of all seven shapes."
        ),
    },
    "DataStreamUpdate.destination": {"type": _DESTINATION},
    "EventEndpoint.id": {"required": _REFERENCE},
    "EventImsi.id": {"required": _REFERENCE},
    "EventSim.id": {"required": _REFERENCE},
    "HourlySeries.rx": {"exact": _COUNT},
    "HourlySeries.tx": {"exact": _COUNT},
    "IpFirewallProfile.id": {"required": _REFERENCE},
    "NetworkCode.id": {"required": _REFERENCE},
    "Quota.threshold_percentage": {"exact": _COUNT},
    "QuotaSet.auto_refill": {
        "type": Difference("union<boolean, integer>", "Documented as both; a user may write either."),
    },
    "Sim.iccid": {"required": _KNOWN_BY},
    "Sim.status": {"required": _KNOWN_BY},
    "SimBatch.id": {"required": _REFERENCE},
    "SimBatchRegistration.sim": {
        "type": Difference(
            "array<ref RegisteredSim>", "These SIMs lack members that every other answer has."
        ),
    },
    "SimEndpoint.id": {"required": _REFERENCE},
    "SimStats.last_hour": {
        "type": Difference(
            "ref LastHourUsage", "One class that holds the members of both documented shapes."
        ),
    },
    "SupportTokenCreate.role": {
        "type": Difference("string", "A number in meaning, and documented to be sent as text alone."),
    },
    "TapCode.id": {"required": _REFERENCE},
    "TariffPlan.private": {"exact": _COUNT},
    "TariffPlanAssignment.id": {"required": _VALUE},
    "TariffPlanRuntime.id": {"required": _VALUE},
    "UsageVolume.id": {"required": _REFERENCE},
    "UserRef.id": {"required": _REFERENCE},
}
"""By ``Model.member`` and aspect, as ``test_models.py`` names the aspects."""

VALUE_DIFFERENCES: dict[str, Difference] = {
    "ConnectivityStatus": Difference(
        {(None, "ATTACHED"), (None, "ONLINE"), (None, "OFFLINE"), (None, "BLOCKED")},
        "Has no id; its documented descriptions are its values.",
    ),
}
"""Models whose constants are not the documented values: pairs of id and label."""

OWN_MODELS: dict[str, str] = {
    "CallbackSms": "A message as an API callback gets it; the documentation names no model.",
    "DataStreamCredentials": "The credentials of a destination as they come, all seven shapes in one.",
    "DataStreamDestinationCreate": "A destination as users write it, with one of seven credentials.",
    "LastHourTraffic": "The last hour of one kind of traffic, in both documented shapes at once.",
    "LastHourUsage": "The last hour of SIM statistics, in both documented shapes at once.",
    "RegisteredSim": "A SIM as the registration of its batch shows it, without members that others have.",
    "UsageRecord": "What data streams of usage push; the documentation shows samples and names no model.",
    "UsageRecordEndpoint": "The endpoint of a usage record, with members that other references lack.",
    "UsageRecordRatezone": "The rate zone of a usage record, with id and name alone.",
    "UsageRecordSim": "The SIM of a usage record, with members that other references lack.",
    "UsageRecordTariff": "The tariff of a usage record, with its rate zone.",
    "UsageRecordVolume": "The volume of a usage record, whose members have names of their own.",
}
"""Models that are documented under no name of their own, and why they exist."""

SECRETS: frozenset[str] = frozenset(
    {
        "ActivationResend.g-recaptcha-response",
        "ApiSecretCreate.secret",
        "ApplicationTokenCreated.application_token",
        "AuthRequest.application_token",
        "AuthRequest.code",
        "AuthRequest.fingerprint",
        "AuthRequest.mfa_token",
        "AuthRequest.password",
        "AuthRequest.refresh_token",
        "AuthTokens.auth_token",
        "AuthTokens.mfa_token",
        "AuthTokens.refresh_token",
        "CloudConnectVpnCreate.psk",
        "DatadogCredentials.api_key",
        "EmailVerification.token",
        "EuiccOperationRequest.activation_code",
        "EventHubsCredentials.connection_string",
        "InvitationAccept.activationKey",
        "InvitationAccept.password",
        "KeenCredentials.write_key",
        "MfaKey.otpauth",
        "MfaKey.secret_key",
        "MfaKeyActivate.code",
        "MfaKeyCreate.password",
        "PasswordChange.new_password",
        "PasswordChange.old_password",
        "RestApiCredentials.headers",
        "SupportToken.support_token",
        "TrustedDeviceInfo.fingerprint",
        "UserActivation.activationKey",
        "UserActivation.password",
    }
)
"""The members that hold secrets. The documentation does not mark them; they follow from what they are."""
