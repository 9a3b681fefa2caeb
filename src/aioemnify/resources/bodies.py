# Generated from schema/resources/ by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""The types of bodies that are mappings, for editors and type checkers. The client does not load them.

Members have their names in the API. An id can stand for an object that it identifies.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal
    from typing import Any

    from aioemnify.models.application_tokens import ApplicationTokenStatus
    from aioemnify.models.auth import TrustedDeviceInfo
    from aioemnify.models.automations import (
        ActionableEventRef,
        ActionRecipients,
        AutomationActionRef,
        ConfiguredAction,
        StringIdRef,
    )
    from aioemnify.models.cloud_connect import CloudConnectType
    from aioemnify.models.custom_events import ConfigProperty
    from aioemnify.models.data_streams import (
        DatadogCredentials,
        DataStreamDestinationCreate,
        DataStreamFilter,
        DataStreamStatus,
        DataStreamType,
        EventHubsCredentials,
        KeenCredentials,
        KinesisCredentials,
        PubSubCredentials,
        RestApiCredentials,
        S3Credentials,
    )
    from aioemnify.models.endpoints import (
        EndpointBulkCreateItem,
        EndpointCreateSim,
        EndpointStatus,
        EndpointUpdateSim,
        QuotaAction,
        QuotaStatus,
        SmsAddressType,
    )
    from aioemnify.models.euiccs import EidRef, EuiccOperationAction
    from aioemnify.models.lookup_constants import SimStatus, TrafficType
    from aioemnify.models.mfa import MfaKeyStatus, MfaKeyType
    from aioemnify.models.refs import IdRef, ProductRef
    from aioemnify.models.services import Service, TrafficPeriod
    from aioemnify.models.sim_operations import SimOperationAction, SimOperationTarget
    from aioemnify.models.sims import IccidRange
    from aioemnify.models.tags import TagBulkItem
    from aioemnify.models.users import UserStatus
    from aioemnify.resources.lookup_names import (
        ApplicationTokenStatusName,
        CloudConnectTypeName,
        DataStreamStatusName,
        DataStreamTypeName,
        EndpointStatusName,
        MfaKeyStatusName,
        MfaKeyTypeName,
        QuotaActionName,
        QuotaStatusName,
        ServiceName,
        SimStatusName,
        SmsAddressTypeName,
        TrafficPeriodName,
        TrafficTypeName,
        UserStatusName,
    )

__all__ = [
    "ActionRecipientsDict",
    "ActionableEventRefDict",
    "ActivationResendDict",
    "ApiCallbackCreateDict",
    "ApiSecretCreateDict",
    "ApplicationTokenCreateDict",
    "ApplicationTokenStatusDict",
    "ApplicationTokenUpdateDict",
    "AuthRequestDict",
    "AutomationActionRefDict",
    "AutomationCreateDict",
    "AutomationUpdateDict",
    "CloudConnectTgwCreateDict",
    "CloudConnectTypeDict",
    "CloudConnectVpnCreateDict",
    "ConfigPropertyDict",
    "ConfiguredActionDict",
    "ConnectivityResetDict",
    "CustomEventCreateDict",
    "DataLimitCreateDict",
    "DataStreamCreateDict",
    "DataStreamDestinationCreateDict",
    "DataStreamFilterDict",
    "DataStreamStatusDict",
    "DataStreamTypeDict",
    "DataStreamUpdateDict",
    "DatadogCredentialsDict",
    "DnsCreateDict",
    "EidRefDict",
    "EmailVerificationDict",
    "EndpointBulkCreateDict",
    "EndpointBulkCreateItemDict",
    "EndpointBulkUpdateItemDict",
    "EndpointCreateDict",
    "EndpointCreateSimDict",
    "EndpointStatusDict",
    "EndpointUpdateDict",
    "EndpointUpdateSimDict",
    "EuiccOperationActionDict",
    "EuiccOperationRequestDict",
    "EuiccUnlinkedValidationDict",
    "EventHubsCredentialsDict",
    "IccidRangeDict",
    "IdRefDict",
    "InclusiveVolumeAssignDict",
    "InvitationAcceptDict",
    "IpAddressSpaceCreateDict",
    "KeenCredentialsDict",
    "KinesisCredentialsDict",
    "MfaKeyActivateDict",
    "MfaKeyCreateDict",
    "MfaKeyStatusDict",
    "MfaKeyTypeDict",
    "PasswordChangeDict",
    "ProductRefDict",
    "PubSubCredentialsDict",
    "QuotaActionDict",
    "QuotaSetDict",
    "QuotaStatusDict",
    "RatTypeBlockDict",
    "RestApiCredentialsDict",
    "S3CredentialsDict",
    "ServiceDict",
    "ServiceProfileCreateDict",
    "ServiceProfileUpdateDict",
    "SimBatchRegisterDict",
    "SimMigrationDict",
    "SimOperationActionDict",
    "SimOperationCreateDict",
    "SimOperationTargetDict",
    "SimStatusDict",
    "SimUpdateDict",
    "SmsAddressTypeDict",
    "SmsSendDict",
    "StringIdRefDict",
    "SupportTokenCreateDict",
    "TagBulkDeleteDict",
    "TagBulkItemDict",
    "TagBulkRequestDict",
    "TagCreateDict",
    "TagUpdateDict",
    "TariffProfileCreateDict",
    "TariffProfileUpdateDict",
    "TrafficLimitExtensionCreateDict",
    "TrafficPeriodDict",
    "TrafficTypeDict",
    "TrustedDeviceInfoDict",
    "UserActivationDict",
    "UserCreateDict",
    "UserInviteDict",
    "UserStatusDict",
    "UserUpdateDict",
    "WorkspaceSwitchDict",
    "WorkspaceUserUpdateDict",
]


class ActionRecipientsDict(TypedDict):
    """The recipients of an action."""

    email: list[str] | tuple[str, ...]
    """E-mail addresses; see automations.verify_recipient_email."""


class ActionableEventRefDict(TypedDict, total=False):
    """The event that triggers an automation. Set one of the two members."""

    custom_event: StringIdRef | StringIdRefDict
    """The CustomEvent.id."""
    system_event: StringIdRef | StringIdRefDict
    """The SystemEvent.id."""


ActivationResendDict = TypedDict(
    "ActivationResendDict",
    {
        "username": "str",
        "g-recaptcha-response": "str",
    },
    total=True,
)
"""The recipient of the activation mail, and the proof that a person requests it.

    username: The e-mail address of the user.
    g-recaptcha-response: The response of the reCAPTCHA.
"""


class ApiCallbackCreateDict(TypedDict):
    """A new callback address. The members are known from samples; the API does not document them."""

    url: str
    """The URL to post to; it must answer with a 2xx status."""
    purpose: NotRequired[str]
    """The purpose; free text."""
    organisation_id: NotRequired[int]
    """The organisation that will own the callback."""


class ApiSecretCreateDict(TypedDict, total=False):
    """A new key that signs callbacks."""

    organisation_id: int
    """The organisation that will own the secret."""
    purpose: str
    """The purpose; free text."""
    id: int
    """Set by the server; omit it."""
    secret: str
    """The key. The API describes it in the text but omits it from the list of members."""


class ApplicationTokenCreateDict(TypedDict, total=False):
    """A new application token."""

    description: str
    expiry_date: datetime | str
    """If omitted, the token does not expire."""
    ip: str
    """The address range in CIDR notation that the token may be used from."""


class ApplicationTokenStatusDict(TypedDict):
    """Whether an application token can be used."""

    id: int
    description: NotRequired[str]


class ApplicationTokenUpdateDict(TypedDict, total=False):
    """The changes to an application token."""

    description: str
    status: ApplicationTokenStatus | ApplicationTokenStatusDict | ApplicationTokenStatusName | int
    """Revoked (1) invalidates the token."""


class AuthRequestDict(TypedDict, total=False):
    """One kind of credentials; omit all other members."""

    application_token: str
    """Send it without other members."""
    username: str
    """Needs password."""
    password: str
    """SHA-1 of the password in hex, not the password."""
    fingerprint: str
    """With username and password: identifies a trusted device, which needs no code."""
    refresh_token: str
    """Send it without other members."""
    mfa_token: str
    """Needs code."""
    code: str
    """Six digits of a TOTP generator; valid for 30 seconds."""
    trusted_device: TrustedDeviceInfo | TrustedDeviceInfoDict
    """With mfa_token and code: remember this device."""


class AutomationActionRefDict(TypedDict):
    """An action by id."""

    id: str
    type: NotRequired[str]
    """As in AutomationAction; optional in requests."""


class AutomationCreateDict(TypedDict):
    """A new automation."""

    name: str
    description: str
    status: str
    """The values are not documented; copy one from an existing automation."""
    actionable_event: ActionableEventRef | ActionableEventRefDict
    """The event that triggers it."""
    configured_actions: Sequence[ConfiguredAction | ConfiguredActionDict]
    """The actions that it runs."""
    targeting_properties: Sequence[ConfigProperty | ConfigPropertyDict]
    """The targets to limit the event to."""


class AutomationUpdateDict(TypedDict, total=False):
    """The changes to an automation. Send only what changes."""

    name: str
    description: str
    status: str
    """The values are not documented; copy one from an existing automation."""
    configured_actions: Sequence[ConfiguredAction | ConfiguredActionDict]
    """The complete list."""
    targeting_properties: Sequence[ConfigProperty | ConfigPropertyDict]
    """The complete list."""


class CloudConnectTgwCreateDict(TypedDict):
    """A transit gateway attachment to create."""

    type: str
    """The plain text "1" here; a VPN has a lookup instead.

    Known values: 1.
    """
    name: str
    description: NotRequired[str]
    vpc_cidr: list[str] | tuple[str, ...]
    """Address ranges of the VPC to connect, in CIDR notation."""
    region: str
    """AWS region; see list_available_regions."""
    aws_account_id: str
    """12 digits; leading zeros are significant."""


class CloudConnectTypeDict(TypedDict):
    """A type of attachment. create_tgw creates 1, create_vpn creates 2 and 3; the others cannot be
    created by these calls.
    """

    id: int
    description: NotRequired[str]


class CloudConnectVpnCreateDict(TypedDict):
    """A VPN attachment to create."""

    type: CloudConnectType | CloudConnectTypeDict | CloudConnectTypeName | int
    """IPSec VPN (2) or IPSec VPN BGP (3) only."""
    name: str
    description: NotRequired[str]
    region: NotRequired[str]
    """AWS region; see list_available_regions."""
    public_ip: str
    """Public address of the customer's gateway."""
    psk: NotRequired[str]
    """Pre-shared key: 8 to 64 letters, digits, dots and underscores, not beginning with 0. If omitted,
    the server creates one.
    """
    asn: NotRequired[int]
    """AS number of the customer's network; needed for BGP (type 3)."""
    on_prem_cidr: list[str] | tuple[str, ...]
    """Address ranges of the customer's network, in CIDR notation; at most three."""
    inside_cidr: NotRequired[list[str] | tuple[str, ...]]
    """Ranges for the addresses inside the tunnel, each a /30; at most three."""


class ConfigPropertyDict(TypedDict):
    """A property and its value or values. According to the documentation, empty ones are sent too."""

    property: str
    """Name of the property or targeting parameter."""
    value: str
    """The single value as text, whatever its type."""
    value_array: list[str] | tuple[str, ...]
    """The values of a property that accepts several."""


class ConfiguredActionDict(TypedDict):
    """An action of an automation, with its configuration."""

    action: AutomationActionRef | AutomationActionRefDict
    properties: Sequence[ConfigProperty | ConfigPropertyDict]
    """Values for the configurationProperties of the action."""
    recipients: NotRequired[ActionRecipients | ActionRecipientsDict]
    """The recipients; only for actions that send messages."""


class ConnectivityResetDict(TypedDict, total=False):
    """What to reset: set a member to reset it, omit it to keep it."""

    pdp_context: bool | None
    """Drop the data session. Usually null; one documented workflow sends true."""
    location: bool | None
    """Detach from the network. Usually null; one documented workflow sends true."""


class CustomEventCreateDict(TypedDict):
    """A new custom event."""

    organisation: IdRef | IdRefDict | int
    """The organisation that will own the event."""
    template: IdRef | IdRefDict | int
    """The template to fill in. Documented as a number although CustomEventTemplate.id is a text: pass
    int(template.id). To send an id that is not a number, use the client's request method.
    """
    configuration_properties: Sequence[ConfigProperty | ConfigPropertyDict]
    """Values for the properties of the template, including all required ones."""
    name: str


class DataLimitCreateDict(TypedDict):
    """A new data limit."""

    service: Service | ServiceDict | ServiceName | int
    """Only Data (38)."""
    satellite_only: NotRequired[bool]
    """Count only satellite traffic."""
    period: NotRequired[TrafficPeriod | TrafficPeriodDict | TrafficPeriodName | int]
    """Only Monthly (2)."""
    volume: int
    """Bytes."""
    warning_percent: NotRequired[int]
    """Percentage of the volume at which the platform raises a warning event, 0 to 100."""


class DataStreamCreateDict(TypedDict, total=False):
    """A new data stream."""

    name: str
    destination: DataStreamDestinationCreate | DataStreamDestinationCreateDict
    """The destination of the records."""
    filters: Sequence[DataStreamFilter | DataStreamFilterDict]
    """The events to push; without filters, all events. Only for event streams."""
    data_stream_type: DataStreamType | DataStreamTypeDict | DataStreamTypeName | int
    relation_resolution: Any
    """Documented without type or meaning."""
    status: DataStreamStatus | DataStreamStatusDict | DataStreamStatusName | int
    """The initial status."""


class DataStreamDestinationCreateDict(TypedDict):
    """The destination of a data stream."""

    connection_type: str
    """The type of destination; credentials must be of the matching class.

    Known values: AwsKinesis, S3, RestAPI, KeenIO, Datadog, EventHubs, PubSub.
    """
    format: NotRequired[str]
    """The format of the records; the sample value is Json."""
    credentials: NotRequired[
        KinesisCredentials
        | KinesisCredentialsDict
        | S3Credentials
        | S3CredentialsDict
        | RestApiCredentials
        | RestApiCredentialsDict
        | KeenCredentials
        | KeenCredentialsDict
        | DatadogCredentials
        | DatadogCredentialsDict
        | EventHubsCredentials
        | EventHubsCredentialsDict
        | PubSubCredentials
        | PubSubCredentialsDict
    ]
    """The credentials of the destination."""


DataStreamFilterDict = TypedDict(
    "DataStreamFilterDict",
    {
        "field": "str",
        "value": "Any",
        "or": "Sequence[DataStreamFilter | DataStreamFilterDict]",
    },
    total=False,
)
"""A condition on events: a field with a value, or a group of alternatives in or_.

    field: event_type_id or alert; see data_streams.list_filter_fields.
    value: The value to match. In samples, a list of event type ids for event_type_id and a plain true
        or false for alert; documented as a list of texts.
    or: Alternatives, one of which must match; used instead of field and value.
"""


class DataStreamStatusDict(TypedDict):
    """The status of a data stream. In Paused, the platform keeps records for seven days and sends them
    first when the stream resumes. In Error, the configuration is wrong or all retries are used, and
    the stream waits for a restart. An update accepts only Running and Paused.
    """

    id: int
    description: NotRequired[str]


class DataStreamTypeDict(TypedDict):
    """The type of record that a data stream carries."""

    id: int
    description: NotRequired[str]


class DataStreamUpdateDict(TypedDict, total=False):
    """The changes to a data stream. Send only what changes."""

    name: str
    destination: DataStreamDestinationCreate | DataStreamDestinationCreateDict
    """The destination of the records."""
    filters: Sequence[DataStreamFilter | DataStreamFilterDict]
    """The complete list; an empty list removes all filters."""
    data_stream_type: DataStreamType | DataStreamTypeDict | DataStreamTypeName | int
    relation_resolution: Any
    """Documented without type or meaning."""
    status: DataStreamStatus | DataStreamStatusDict | DataStreamStatusName | int
    """Only Running (1) or Paused (2)."""


class DatadogCredentialsDict(TypedDict):
    """For connection type Datadog: a Datadog account."""

    api_key: str
    region: NotRequired[str]
    """The Datadog site.

    Known values: US, US3, EU, US1FED.
    """


class DnsCreateDict(TypedDict):
    """A new pair of name servers."""

    primary: str
    """IP address."""
    secondary: str
    """IP address."""
    ip_address_version: int
    """The server ignores 6 for now.

    Known values: 4, 6.
    """


class EidRefDict(TypedDict):
    """An eUICC by its EID."""

    eid: str
    """32 digits."""


class EmailVerificationDict(TypedDict):
    """The confirmation that an e-mail address accepts messages."""

    token: str
    """The code from the message sent to that address."""


class EndpointBulkCreateDict(TypedDict):
    """New endpoints and their shared settings."""

    service_profile: IdRef | IdRefDict | int
    tariff_profile: IdRef | IdRefDict | int
    status: EndpointStatus | EndpointStatusDict | EndpointStatusName | int
    organisation: NotRequired[IdRef | IdRefDict | int]
    """Only for resellers: the organisation that will own the endpoints."""
    ip_address_space: NotRequired[IdRef | IdRefDict | int]
    """The address space of the addresses."""
    endpoints: Sequence[EndpointBulkCreateItem | EndpointBulkCreateItemDict]


class EndpointBulkCreateItemDict(TypedDict, total=False):
    """One of many new endpoints."""

    name: str
    tags: str
    """Comma-separated."""
    imei: str
    """16-digit IMEISV."""
    imei_lock: bool
    """Allow only this IMEI."""
    sim: EndpointCreateSim | EndpointCreateSimDict
    ip_address: str
    """Needs ip_address_space of the bulk; if omitted, the server chooses a free address."""


class EndpointBulkUpdateItemDict(TypedDict):
    """One of many endpoints and its changes."""

    id: int
    name: NotRequired[str]
    tags: NotRequired[str]
    """Comma-separated; replaces the old text."""
    imei: NotRequired[str]
    """16-digit IMEISV."""
    imei_lock: NotRequired[bool]
    """Allow only this IMEI."""
    ip_address: NotRequired[str]
    ip_address_space: NotRequired[IdRef | IdRefDict | int]
    service_profile: NotRequired[IdRef | IdRefDict | int]
    tariff_profile: NotRequired[IdRef | IdRefDict | int]
    status: NotRequired[EndpointStatus | EndpointStatusDict | EndpointStatusName | int]
    sim: NotRequired[EndpointUpdateSim | EndpointUpdateSimDict]
    """A SIM to attach; a null id detaches the SIM."""


class EndpointCreateDict(TypedDict):
    """A new endpoint."""

    name: NotRequired[str]
    tags: NotRequired[str]
    """Comma-separated."""
    imei: NotRequired[str]
    """16-digit IMEISV."""
    imei_lock: NotRequired[bool]
    """Allow only this IMEI."""
    sim: NotRequired[EndpointCreateSim | EndpointCreateSimDict]
    """The SIM to attach."""
    ip_address: NotRequired[str]
    """Needs ip_address_space; if omitted, the server chooses a free address."""
    service_profile: IdRef | IdRefDict | int
    tariff_profile: IdRef | IdRefDict | int
    status: EndpointStatus | EndpointStatusDict | EndpointStatusName | int
    organisation: NotRequired[IdRef | IdRefDict | int]
    """Only for resellers: the organisation that will own the endpoint."""
    ip_address_space: NotRequired[IdRef | IdRefDict | int]
    """The address space of the address."""


class EndpointCreateSimDict(TypedDict):
    """The SIM of a new endpoint, and its new status."""

    id: int
    activate: NotRequired[bool]
    """Set the SIM to Factory Test if the organisation has it, else to Activated."""
    status: NotRequired[SimStatus | SimStatusDict | SimStatusName | int]
    """Activated or Factory Test; overrides activate."""


class EndpointStatusDict(TypedDict):
    """Whether an endpoint may connect, independent of the status of its SIM."""

    id: int
    description: NotRequired[str]


class EndpointUpdateDict(TypedDict, total=False):
    """The changes to an endpoint. Send only what changes."""

    service_profile: IdRef | IdRefDict | int
    tariff_profile: IdRef | IdRefDict | int
    status: EndpointStatus | EndpointStatusDict | EndpointStatusName | int
    ip_address_space: IdRef | IdRefDict | int
    sim: EndpointUpdateSim | EndpointUpdateSimDict
    """A SIM to attach; a null id detaches the SIM."""
    name: str
    tags: str
    """Comma-separated; replaces the old text."""
    imei: str
    """16-digit IMEISV."""
    imei_lock: bool
    """Allow only this IMEI."""
    ip_address: str
    """Must be inside the address space."""


class EndpointUpdateSimDict(TypedDict):
    """The SIM to attach to an endpoint."""

    id: int | None
    """Null detaches the SIM."""
    status: NotRequired[SimStatus | SimStatusDict | SimStatusName | int]
    """Also set the status of the SIM."""


class EuiccOperationActionDict(TypedDict):
    """An action on an eUICC: audit, download_profile, enable_profile, disable_profile, set_fallback,
    unset_fallback or delete_profile. The ids are not documented: read them with
    list_operation_actions.
    """

    id: int
    description: NotRequired[str]


class EuiccOperationRequestDict(TypedDict):
    """An operation to schedule. The action determines which members are required."""

    action: EuiccOperationAction | EuiccOperationActionDict | int
    validity_period: NotRequired[int]
    """Seconds until it expires if not executed."""
    iccid_with_luhn: NotRequired[str]
    """The profile to act on: 20 digits with the Luhn digit, not the 19 of iccid."""
    activation_code: NotRequired[str]
    """For a download. Anyone who has it can download the profile."""
    enable: NotRequired[bool]
    """For a download: also enable the profile."""
    rollback: NotRequired[bool]
    """Return to the previously enabled profile if there is no connection 7 minutes after the change."""


class EuiccUnlinkedValidationDict(TypedDict):
    """The eUICCs to check for profiles."""

    target: Sequence[EidRef | EidRefDict]


class EventHubsCredentialsDict(TypedDict):
    """For connection type EventHubs: an Azure event hub."""

    connection_string: str
    """The connection string, including the key."""


class IccidRangeDict(TypedDict):
    """ICCIDs from start to end, both inclusive."""

    start: str
    """19 digits."""
    end: str
    """19 digits."""


class IdRefDict(TypedDict):
    """A reference to an existing object by its id."""

    id: int | None
    """Null clears the reference, where the API lets it be cleared."""


class InclusiveVolumeAssignDict(TypedDict, total=False):
    """The dates and the kind of an inclusive volume for an organisation."""

    start_date: datetime | str
    """First day of a month; by default, of the current month."""
    end_date: datetime | str | None
    """Last day of a month; with null, the volume does not end."""
    pooled: bool
    """Whether endpoints share the volume; by default, they do."""


class InvitationAcceptDict(TypedDict):
    """The key of an invitation, and the remaining details of a new user."""

    activationKey: str
    """The key from the invitation."""
    password: NotRequired[str]
    """For users without a password. A login takes passwords as SHA-1 in hex; whether this call does is
    not documented.
    """
    name: NotRequired[str]


class IpAddressSpaceCreateDict(TypedDict):
    """An address range to allocate."""

    ip_address_space: str
    """The range in CIDR notation, such as 10.189.0.176/28."""
    ip_address_version: int
    """Known values: 4, 6."""


class KeenCredentialsDict(TypedDict):
    """For connection type KeenIO: a Keen collection."""

    project_id: str
    write_key: str
    """The write key."""
    collection_name: str
    size: NotRequired[int]
    """Records per request."""


class KinesisCredentialsDict(TypedDict):
    """For connection type AwsKinesis: an Amazon Kinesis stream."""

    region: str
    """AWS region, such as af-south-1."""
    stream_name: str
    role_arn: str
    """The AWS role that the platform assumes to write."""


class MfaKeyActivateDict(TypedDict):
    """The code that activates an MFA key."""

    status: MfaKeyStatus | MfaKeyStatusDict | MfaKeyStatusName | int
    """Active (1)."""
    code: str
    """Six digits; valid for 30 seconds. Leading zeros are significant."""


class MfaKeyCreateDict(TypedDict):
    """A new MFA key, confirmed by password."""

    type: MfaKeyType | MfaKeyTypeDict | MfaKeyTypeName | int
    """The only known type is 0, time-based codes."""
    password: str
    """The password of the caller. A login takes passwords as SHA-1 in hex; whether this call does is not
    documented.
    """


class MfaKeyStatusDict(TypedDict):
    """The status of an MFA key: whether logins ask for its codes."""

    id: int
    description: NotRequired[str]


class MfaKeyTypeDict(TypedDict):
    """The type of an MFA key: how its codes are generated."""

    id: int
    description: NotRequired[str]


class PasswordChangeDict(TypedDict):
    """The current and the new password. A login takes passwords as SHA-1 in hex; whether this call does
    is not documented.
    """

    old_password: str
    new_password: str


class ProductRefDict(TypedDict):
    """A product by id and name."""

    id: int
    name: NotRequired[str]


class PubSubCredentialsDict(TypedDict):
    """For connection type PubSub: a Google Cloud Pub/Sub topic."""

    cps_topic: str
    """The topic."""
    cps_project: str
    """The Google Cloud project it belongs to."""


class QuotaActionDict(TypedDict):
    """The action when a quota is used up. Throttle was removed in December 2024: only Block is accepted."""

    id: int
    description: NotRequired[str]
    peak_throughput: NotRequired[int]
    """Unused.

    Deprecated.
    """
    action_on_quota_exhaustion_id: NotRequired[int]
    """The id, in older responses.

    Deprecated.
    """


class QuotaSetDict(TypedDict):
    """A quota that replaces the old one."""

    last_volume_added: NotRequired[float | Decimal]
    """Set by the server; omit it."""
    last_status_change_date: NotRequired[datetime | str | None]
    """Set by the server; omit it."""
    auto_refill: NotRequired[bool | int]
    """Restore the volume every day at 00:00 UTC. Send 0 or 1 for data, a boolean for SMS."""
    threshold_volume: NotRequired[float | Decimal]
    """Volume at which the platform raises a warning event."""
    threshold_percentage: NotRequired[float | Decimal]
    """The same as a percentage of the volume, 0 to 100. Required for SMS, optional for data."""
    status: QuotaStatus | QuotaStatusDict | QuotaStatusName | int
    volume: float | Decimal
    """MB for data, messages for SMS."""
    expiry_date: datetime | str
    action_on_exhaustion: NotRequired[QuotaAction | QuotaActionDict | QuotaActionName | int]
    """Required for data, optional for SMS."""


class QuotaStatusDict(TypedDict):
    """The status of a quota: whether it still allows traffic."""

    id: int
    description: NotRequired[str]


class RatTypeBlockDict(TypedDict):
    """Radio types to block."""

    rat_types: Sequence[IdRef | IdRefDict | int]


class RestApiCredentialsDict(TypedDict):
    """For connection type RestAPI: a webhook."""

    url: str
    """The URL to send records to."""
    method: NotRequired[str]
    """The HTTP method.

    Known values: POST, PUT, PATCH.
    """
    headers: NotRequired[list[str] | tuple[str, ...]]
    """Headers for each request, each as one text: name:value. Masked in responses."""
    size: NotRequired[int]
    """Records per request. With 1, each request holds one object, otherwise an array."""


class S3CredentialsDict(TypedDict):
    """For connection type S3: an Amazon S3 bucket."""

    region: str
    """AWS region, such as af-south-1."""
    bucket_name: str
    role_arn: str
    """The AWS role that the platform assumes to write."""
    flush_size: NotRequired[int]
    """Maximum number of records in a file."""
    rotate_interval: NotRequired[int]
    """Milliseconds after which a file is closed even if it is not full."""


class ServiceDict(TypedDict):
    """A service an endpoint can use. Voice can be added but does not work."""

    id: int
    description: NotRequired[str]
    teleservice_code: NotRequired[int]
    used_with_vlr: NotRequired[bool]
    """Runs over the circuit-switched network."""
    used_with_sgsn: NotRequired[bool]
    """Runs over the packet-switched network."""
    traffic_type: NotRequired[TrafficType | TrafficTypeDict | TrafficTypeName]


class ServiceProfileCreateDict(TypedDict, total=False):
    """A new service profile."""

    name: str
    description: str
    allowed_3g: bool
    """Allow 3G."""
    allowed_4g: bool
    """Allow 4G."""
    allowed_nb_iot: bool
    """Allow NB-IoT."""
    allowed_nb_iot_geo: bool
    """Allow NB-IoT over geostationary satellites."""
    apply_sms_quota: bool
    """Block endpoints without an SMS quota left."""
    apply_data_quota: bool
    """Block endpoints without a data quota left."""
    retail: bool
    sms_p2p_int: bool
    """Allow SMS between endpoints of the organisation."""
    sms_p2p_ext: bool
    """Allow SMS to and from outside numbers."""
    prepaid: bool
    nipdp: bool
    api_callback: IdRef | IdRefDict | int
    """The callback address for SMS from devices."""
    api_secret: IdRef | IdRefDict | int
    """The secret that signs requests to api_callback."""
    moc_callback: IdRef | IdRefDict | int
    """The callback address for voice calls from devices."""
    esme_interface_type: IdRef | IdRefDict | int
    breakout_region: IdRef | IdRefDict | int
    """Where traffic leaves the mobile core."""
    dns: IdRef | IdRefDict | int


class ServiceProfileUpdateDict(TypedDict, total=False):
    """The changes to a service profile. Send only what changes."""

    name: str
    description: str
    allowed_3g: bool
    """Allow 3G."""
    allowed_4g: bool
    """Allow 4G."""
    allowed_nb_iot: bool
    """Allow NB-IoT."""
    allowed_nb_iot_geo: bool
    """Allow NB-IoT over geostationary satellites."""
    apply_sms_quota: bool
    """Block endpoints without an SMS quota left."""
    apply_data_quota: bool
    """Block endpoints without a data quota left."""
    retail: bool
    sms_p2p_int: bool
    """Allow SMS between endpoints of the organisation."""
    sms_p2p_ext: bool
    """Allow SMS to and from outside numbers."""
    prepaid: bool
    nipdp: bool
    api_callback: IdRef | IdRefDict | int
    """A null id clears it."""
    api_secret: IdRef | IdRefDict | int
    """A null id clears it."""
    moc_callback: IdRef | IdRefDict | int
    """A null id clears it."""
    esme_interface_type: IdRef | IdRefDict | int
    breakout_region: IdRef | IdRefDict | int
    dns: IdRef | IdRefDict | int


class SimBatchRegisterDict(TypedDict, total=False):
    """How to register a SIM batch."""

    sim_status: SimStatus | SimStatusDict | SimStatusName | int
    """Issued, Activated or, if the tariff plan allows it, Factory Test. Without it: Issued."""


class SimMigrationDict(TypedDict):
    """The SIMs to move and their target. Set exactly one of sims, iccids and iccid_range."""

    sims: NotRequired[Sequence[IdRef | IdRefDict | int]]
    iccids: NotRequired[list[str] | tuple[str, ...]]
    """19 digits each, without the Luhn digit."""
    iccid_range: NotRequired[IccidRange | IccidRangeDict]
    """Spans at most 500 ICCIDs."""
    allowed_sim_statuses: NotRequired[Sequence[SimStatus | SimStatusDict | SimStatusName | int]]
    """Reject SIMs in any other status."""
    dry_run: NotRequired[bool]
    """If true, nothing moves."""
    target_workspace: IdRef | IdRefDict | int
    auto_detach_devices: NotRequired[bool]
    """Detach SIMs from their endpoints instead of rejecting them."""


class SimOperationActionDict(TypedDict):
    """The action on the targets. The ids are not documented: read them with list_actions."""

    id: int
    description: NotRequired[str]


class SimOperationCreateDict(TypedDict):
    """An action to start, and its targets."""

    action: SimOperationAction | SimOperationActionDict | int
    product: NotRequired[ProductRef | ProductRefDict]
    """For actions that need a product; only its id is needed."""
    target: Sequence[SimOperationTarget | SimOperationTargetDict]
    """The SIMs or eUICCs, each by SIM id or by EID."""


class SimOperationTargetDict(TypedDict, total=False):
    """One target, identified by SIM id or by EID."""

    sim: IdRef | IdRefDict
    """The SIM. Missing if eid identifies the target."""
    eid: str
    """32 digits of the eUICC. Missing if sim identifies the target."""


class SimStatusDict(TypedDict):
    """The status of a SIM in its life cycle."""

    id: int
    description: NotRequired[str]


class SimUpdateDict(TypedDict, total=False):
    """The changes to a SIM. Send only what changes."""

    issuer_org: IdRef | IdRefDict | int
    """Only the issuer may set it."""
    reseller_org: IdRef | IdRefDict | int
    """A null id clears it."""
    customer_org: IdRef | IdRefDict | int
    """A null id clears it."""
    status: SimStatus | SimStatusDict | SimStatusName | int
    """The only member that a customer may set."""


class SmsAddressTypeDict(TypedDict):
    """The format of a source address."""

    id: int
    description: NotRequired[str]


class SmsSendDict(TypedDict):
    """A message to send."""

    payload: str
    """One part of up to 160 characters; a user data header leaves 153 in GSM-7 and 67 in UCS-2."""
    source_address: NotRequired[str | int]
    """Digits, or up to 11 letters and digits with the alphanumeric type, which cannot receive replies."""
    source_address_type: NotRequired[SmsAddressType | SmsAddressTypeDict | SmsAddressTypeName | int]
    dest_address: NotRequired[str]
    """Short code that the device replies to."""
    udh: NotRequired[str]
    """User data header in hex, such as 050003CC0201 for part 1 of 2."""
    dcs: NotRequired[int]
    """0 for GSM-7, 8 for UCS-2."""
    expiry_date: NotRequired[datetime | str]
    """Time after which delivery is abandoned."""


class StringIdRefDict(TypedDict):
    """A reference by an id, which is a text."""

    id: str


class SupportTokenCreateDict(TypedDict, total=False):
    """The role of support when it acts on behalf of the user."""

    role: str
    """A number as text. 1: Administrator. 3: Observer.

    Known values: 1, 3.
    """


class TagBulkDeleteDict(TypedDict, total=False):
    """The tags to delete."""

    tags: Sequence[IdRef | IdRefDict | int]


class TagBulkItemDict(TypedDict, total=False):
    """One endpoint and the tags to assign or remove."""

    endpoint: IdRef | IdRefDict | int
    tags: Sequence[IdRef | IdRefDict | int]


class TagBulkRequestDict(TypedDict, total=False):
    """Endpoints and the tags to assign or remove."""

    items: Sequence[TagBulkItem | TagBulkItemDict]


class TagCreateDict(TypedDict):
    """A new tag."""

    name: str
    color: NotRequired[IdRef | IdRefDict | int]
    """If omitted, the server chooses a colour at random."""


class TagUpdateDict(TypedDict, total=False):
    """The changes to a tag. Send only what changes."""

    name: str
    color: IdRef | IdRefDict | int


class TariffProfileCreateDict(TypedDict):
    """A new tariff profile."""

    name: str
    description: str
    tariff: IdRef | IdRefDict | int


class TariffProfileUpdateDict(TypedDict, total=False):
    """The changes to a tariff profile. Send only what changes."""

    name: str
    description: str
    tariff: IdRef | IdRefDict | int


class TrafficLimitExtensionCreateDict(TypedDict):
    """The amount to raise a limit by."""

    traffic_limit_id: NotRequired[int]
    """The limit of the service profile."""
    volume: float | Decimal
    """Bytes to add."""


class TrafficPeriodDict(TypedDict):
    """The period of a limit, after which it resets."""

    id: int
    time_units: NotRequired[int]
    """The length of the period in units."""
    unit: NotRequired[str]


class TrafficTypeDict(TypedDict):
    """The type of traffic that is counted."""

    id: int
    description: NotRequired[str]
    unit: NotRequired[str]
    """The unit: MB for data, SMS for messages."""


class TrustedDeviceInfoDict(TypedDict, total=False):
    """A device that does not need a code for a while."""

    fingerprint: str
    """Chosen by the caller; send it with later logins."""
    operating_system: str
    browser: str
    name: str


class UserActivationDict(TypedDict):
    """The key of an activation mail, and the password to set."""

    activationKey: str
    """The key from the activation mail."""
    password: str
    """The new password. A login takes passwords as SHA-1 in hex; whether this call does is not
    documented.
    """


class UserCreateDict(TypedDict):
    """A new user."""

    username: str
    """An e-mail address."""
    name: str
    organisation: IdRef | IdRefDict | int
    """The caller's organisation, or one directly below it."""
    roles: Sequence[IdRef | IdRefDict | int]
    """Role ids."""


class UserInviteDict(TypedDict):
    """A person to invite to a workspace."""

    username: str
    """An e-mail address."""
    name: str
    organisation: NotRequired[IdRef | IdRefDict | int]
    """The workspace to join."""
    roles: NotRequired[Sequence[IdRef | IdRefDict | int]]
    """Role ids."""


class UserStatusDict(TypedDict):
    """The status of a user. Others, such as deleted, may exist."""

    id: int
    description: NotRequired[str]


class UserUpdateDict(TypedDict, total=False):
    """The changes to a user. Send only what changes."""

    username: str
    """A change starts the activation again."""
    name: str
    status: UserStatus | UserStatusDict | UserStatusName | int
    """Active (1) or Suspended (2)."""


class WorkspaceSwitchDict(TypedDict):
    """The target workspace."""

    target_organisation: IdRef | IdRefDict | int


class WorkspaceUserUpdateDict(TypedDict):
    """The changes to a user in one workspace."""

    status: UserStatus | UserStatusDict | UserStatusName | int
    """Active (1) or Suspended (2)."""
