# Generated from schema/ and the asyncio classes by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen

import builtins
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal, Protocol

from aioemnify.models.api_callbacks import ApiCallback, ApiCallbackCreate
from aioemnify.models.api_secrets import ApiSecret, ApiSecretCreate
from aioemnify.models.application_tokens import (
    ApplicationToken,
    ApplicationTokenCreate,
    ApplicationTokenCreated,
    ApplicationTokenUpdate,
)
from aioemnify.models.auth import AuthRequest, AuthTokens, WorkspaceSwitch
from aioemnify.models.automations import (
    Automation,
    AutomationAction,
    AutomationCreate,
    AutomationLog,
    AutomationUpdate,
    EmailVerification,
)
from aioemnify.models.cloud_connect import (
    CloudConnectAttachment,
    CloudConnectPrice,
    CloudConnectRegion,
    CloudConnectTgwCreate,
    CloudConnectType,
    CloudConnectVpnCreate,
)
from aioemnify.models.custom_events import CustomEvent, CustomEventCreate, CustomEventTemplate
from aioemnify.models.data_streams import (
    DataStream,
    DataStreamCreate,
    DataStreamFilterField,
    DataStreamStatus,
    DataStreamType,
    DataStreamUpdate,
)
from aioemnify.models.dns import Dns as DnsModel
from aioemnify.models.dns import DnsCreate
from aioemnify.models.endpoints import (
    ConnectivityInfo,
    ConnectivityReset,
    Endpoint,
    EndpointBulkCreate,
    EndpointBulkUpdateItem,
    EndpointConnectivity,
    EndpointCreate,
    EndpointStats,
    EndpointStatus,
    EndpointUpdate,
    Quota,
    QuotaSet,
    Sms,
    SmsSend,
    TrafficLimitExtension,
    TrafficLimitExtensionCreate,
)
from aioemnify.models.euiccs import (
    EidRef,
    Euicc,
    EuiccOperation,
    EuiccOperationAction,
    EuiccOperationRequest,
    EuiccOperationStatus,
    EuiccProfileStatus,
    EuiccStatus,
    EuiccUnlinkedValidation,
)
from aioemnify.models.events import Event, EventType
from aioemnify.models.ip_address_spaces import IpAddressSpace, IpAddressSpaceCreate
from aioemnify.models.lookup_constants import (
    BreakoutRegion,
    Currency,
    DataBlocksize,
    DataThrottle,
    EsmeInterfaceType,
    RatType,
    SimStatus,
)
from aioemnify.models.lookups import ServiceLevel
from aioemnify.models.mfa import MfaKey, MfaKeyActivate, MfaKeyCreate, MfaKeyStatus, MfaKeyType, TrustedDevice
from aioemnify.models.operators import Operator
from aioemnify.models.organisations import (
    InclusiveVolumeAssign,
    InclusiveVolumeAssignment,
    Organisation,
    OrganisationMonthlyStats,
    OrganisationStatus,
)
from aioemnify.models.refs import Country, IdRef
from aioemnify.models.service_profiles import (
    DataLimit,
    DataLimitCreate,
    ServiceProfile,
    ServiceProfileCreate,
    ServiceProfileUpdate,
)
from aioemnify.models.services import Service, TrafficLimit
from aioemnify.models.sim_batches import SimBatch, SimBatchRegister, SimBatchRegistration
from aioemnify.models.sim_operations import (
    SimOperation,
    SimOperationAction,
    SimOperationCreate,
    SimOperationStatus,
)
from aioemnify.models.sims import (
    Sim,
    SimMigration,
    SimMigrationResult,
    SimStats,
    SimUpdate,
    UnlinkedProductStats,
)
from aioemnify.models.system_events import SystemEvent
from aioemnify.models.tags import Tag, TagBulkDelete, TagBulkRequest, TagColor, TagCreate, TagUpdate
from aioemnify.models.tariff_plans import TariffPlanAssignment
from aioemnify.models.tariff_profiles import (
    InclusiveVolume,
    OperatorBlocklist,
    RatTypeBlock,
    TariffProfile,
    TariffProfileCoverage,
    TariffProfileCreate,
    TariffProfileUpdate,
)
from aioemnify.models.usage import DailyUsage, HourlyUsage
from aioemnify.models.users import (
    ActivationResend,
    InvitationAccept,
    PasswordChange,
    Role,
    SupportToken,
    SupportTokenCreate,
    User,
    UserActivation,
    UserCreate,
    UserInvite,
    UserStatus,
    UserUpdate,
)
from aioemnify.models.workspaces import Workspace, WorkspaceDailyStats, WorkspaceUserUpdate
from aioemnify.options import CallOptions
from aioemnify.resources.bodies import (
    ActivationResendDict,
    ApiCallbackCreateDict,
    ApiSecretCreateDict,
    ApplicationTokenCreateDict,
    ApplicationTokenUpdateDict,
    AuthRequestDict,
    AutomationCreateDict,
    AutomationUpdateDict,
    CloudConnectTgwCreateDict,
    CloudConnectVpnCreateDict,
    ConnectivityResetDict,
    CustomEventCreateDict,
    DataLimitCreateDict,
    DataStreamCreateDict,
    DataStreamUpdateDict,
    DnsCreateDict,
    EmailVerificationDict,
    EndpointBulkCreateDict,
    EndpointBulkUpdateItemDict,
    EndpointCreateDict,
    EndpointUpdateDict,
    EuiccOperationRequestDict,
    EuiccUnlinkedValidationDict,
    IdRefDict,
    InclusiveVolumeAssignDict,
    InvitationAcceptDict,
    IpAddressSpaceCreateDict,
    MfaKeyActivateDict,
    MfaKeyCreateDict,
    PasswordChangeDict,
    QuotaSetDict,
    RatTypeBlockDict,
    ServiceProfileCreateDict,
    ServiceProfileUpdateDict,
    SimBatchRegisterDict,
    SimMigrationDict,
    SimOperationCreateDict,
    SimUpdateDict,
    SmsSendDict,
    SupportTokenCreateDict,
    TagBulkDeleteDict,
    TagBulkRequestDict,
    TagCreateDict,
    TagUpdateDict,
    TariffProfileCreateDict,
    TariffProfileUpdateDict,
    TrafficLimitExtensionCreateDict,
    UserActivationDict,
    UserCreateDict,
    UserInviteDict,
    UserUpdateDict,
    WorkspaceSwitchDict,
    WorkspaceUserUpdateDict,
)
from aioemnify.resources.filters import (
    EndpointFilter,
    EndpointSort,
    EuiccFilter,
    EuiccOperationFilter,
    EuiccOperationSort,
    EuiccSort,
    EventFilter,
    EventSort,
    SimFilter,
    SimOperationFilter,
    SimOperationSort,
    SimSort,
    UserFilter,
    UserSort,
)
from aioemnify.types import CallResponse, Created, Page

class ApiCallbacksWithResponse(Protocol):
    """API callbacks: the calls, with their responses."""

    def create(
        self, body: ApiCallbackCreate | ApiCallbackCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Register an address for callbacks."""

    def delete(self, api_callback_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a callback address."""

    def get(
        self, api_callback_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[ApiCallback]:
        """Get one callback address."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[ApiCallback]]:
        """List the callback addresses."""

class ApiSecretsWithResponse(Protocol):
    """API secrets: the calls, with their responses."""

    def create(
        self, body: ApiSecretCreate | ApiSecretCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Store a key that signs callbacks."""

    def delete(self, api_secret_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a callback secret."""

    def get(self, api_secret_id: int | str, *, options: CallOptions | None = None) -> CallResponse[ApiSecret]:
        """Get one callback secret, without its key."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[ApiSecret]]:
        """List the callback secrets."""

class ApplicationTokensWithResponse(Protocol):
    """Application tokens: the calls, with their responses."""

    def create(
        self, body: ApplicationTokenCreate | ApplicationTokenCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[ApplicationTokenCreated]:
        """Create an application token."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[ApplicationToken]]:
        """List the application tokens of the workspace."""

    def update(
        self,
        app_token_id: int | str,
        body: ApplicationTokenUpdate | ApplicationTokenUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Change the description of an application token, or revoke it."""

class AuthWithResponse(Protocol):
    """Authentication: the calls, with their responses."""

    def authenticate(
        self, body: AuthRequest | AuthRequestDict, *, options: CallOptions | None = None
    ) -> CallResponse[AuthTokens]:
        """Exchange credentials for an auth token."""

    def switch_workspace(
        self, body: WorkspaceSwitch | WorkspaceSwitchDict, *, options: CallOptions | None = None
    ) -> CallResponse[AuthTokens]:
        """Get an auth token for another workspace of the same user."""

class AutomationsWithResponse(Protocol):
    """Automations: the calls, with their responses."""

    def create(
        self, body: AutomationCreate | AutomationCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Automation | Created]:
        """Create an automation."""

    def delete(self, id: str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete an automation."""

    def get(self, id: str, *, options: CallOptions | None = None) -> CallResponse[Automation]:
        """Get one automation."""

    def get_action(self, id: str, *, options: CallOptions | None = None) -> CallResponse[AutomationAction]:
        """Get one action."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[Automation]]:
        """List the automations of the organisation."""

    def list_actions(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[AutomationAction]]:
        """List the actions an automation can run."""

    def list_logs(
        self, *, automationId: str, automationExecutionNumber: int, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[AutomationLog]]:
        """List the log of one execution of an automation."""

    def update(
        self, id: str, body: AutomationUpdate | AutomationUpdateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Automation]:
        """Change an automation."""

    def verify_recipient_email(
        self, body: EmailVerification | EmailVerificationDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Confirm an e-mail address that automations may send to."""

class CloudConnectWithResponse(Protocol):
    """Cloud Connect: the calls, with their responses."""

    def create_tgw(
        self, body: CloudConnectTgwCreate | CloudConnectTgwCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Attach the transit gateway of an AWS account."""

    def create_vpn(
        self, body: CloudConnectVpnCreate | CloudConnectVpnCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Set up an IPSec VPN to the network of a customer."""

    def delete(
        self, cloudconnect_attachment_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Delete a Cloud Connect attachment."""

    def get(
        self, cloudconnect_attachment_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[CloudConnectAttachment]:
        """Get one Cloud Connect attachment."""

    def list(
        self,
        *,
        status: int | None = None,
        type: int | None = None,
        organisation: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[builtins.list[CloudConnectAttachment]]:
        """List the Cloud Connect attachments."""

    def list_available_regions(
        self, breakout_type_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[CloudConnectRegion]]:
        """List the regions where a type of attachment is available."""

    def list_prices(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[CloudConnectPrice]]:
        """List the prices of Cloud Connect attachments for the organisation."""

    def list_types(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[CloudConnectType]]:
        """List the types of Cloud Connect attachments."""

    def retry(
        self, cloudconnect_attachment_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Offer a transit gateway attachment again."""

class CustomEventsWithResponse(Protocol):
    """Custom events: the calls, with their responses."""

    def create(
        self, body: CustomEventCreate | CustomEventCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[CustomEvent | Created]:
        """Create a custom event from a template."""

    def delete(self, custom_event_id: str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a custom event."""

    def get(self, custom_event_id: str, *, options: CallOptions | None = None) -> CallResponse[CustomEvent]:
        """Get one custom event."""

    def get_template(
        self, template_id: str, *, options: CallOptions | None = None
    ) -> CallResponse[CustomEventTemplate]:
        """Get one template of custom events."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[CustomEvent]]:
        """List the custom events of the organisation."""

    def list_templates(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[CustomEventTemplate]]:
        """List the templates for custom events."""

class DataStreamsWithResponse(Protocol):
    """Data streams: the calls, with their responses."""

    def create(
        self, body: DataStreamCreate | DataStreamCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Create a data stream."""

    def delete(self, data_stream_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a data stream."""

    def get(
        self, data_stream_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[DataStream]:
        """Get one data stream."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[DataStream]]:
        """List the data streams of the organisation."""

    def list_connection_types(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[dict[str, Any]]]:
        """List the types of destination of a data stream."""

    def list_filter_fields(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[DataStreamFilterField]]:
        """List the fields an event stream can be filtered by."""

    def list_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[DataStreamStatus]]:
        """List the statuses a data stream can have."""

    def list_types(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[DataStreamType]]:
        """List the types of record that a data stream can carry."""

    def restart(self, data_stream_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Restart a data stream that has stopped with an error."""

    def update(
        self,
        data_stream_id: int | str,
        body: DataStreamUpdate | DataStreamUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Change, pause or resume a data stream."""

class DnsWithResponse(Protocol):
    """DNS: the calls, with their responses."""

    def create(
        self, body: DnsCreate | DnsCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Add a pair of name servers."""

    def delete(self, dns_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a pair of name servers."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[DnsModel]]:
        """List the pairs of name servers."""

class EndpointsWithResponse(Protocol):
    """Endpoints: the calls, with their responses."""

    def assign_tag(
        self, endpoint_id: int | str, body: IdRef | IdRefDict | int, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Assign a tag to an endpoint."""

    def block_operator(
        self, endpoint_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Block an operator for an endpoint."""

    def cancel_sms(
        self, endpoint_id: int | str, sms_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Cancel a message that is waiting for delivery."""

    def create(
        self, body: EndpointCreate | EndpointCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Endpoint | Created]:
        """Create an endpoint, with or without a SIM."""

    def create_bulk(
        self, body: EndpointBulkCreate | EndpointBulkCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[Endpoint]]:
        """Create up to 2000 endpoints that share their profiles."""

    def create_traffic_limit_extension(
        self,
        endpoint_id: int | str,
        body: TrafficLimitExtensionCreate | TrafficLimitExtensionCreateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[TrafficLimitExtension | Created]:
        """Raise a traffic limit of one endpoint for the rest of the month."""

    def delete(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete an endpoint."""

    def delete_bulk(
        self,
        body: Sequence[IdRef | IdRefDict | int],
        *,
        delete_sims: bool | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Delete several endpoints and release their SIMs."""

    def delete_data_quota(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove the data quota of an endpoint."""

    def delete_sms_quota(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove the SMS quota of an endpoint."""

    def delete_traffic_limit_extensions(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove every traffic limit extension of an endpoint."""

    def get(self, endpoint_id: int | str, *, options: CallOptions | None = None) -> CallResponse[Endpoint]:
        """Get one endpoint."""

    def get_connectivity(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[EndpointConnectivity]:
        """Get the last known network state of an endpoint."""

    def get_connectivity_info(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[ConnectivityInfo]:
        """Ask the visited network where the device is now."""

    def get_data_quota(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[Quota]:
        """Get the data quota of an endpoint."""

    def get_sms(
        self, endpoint_id: int | str, sms_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[Sms]:
        """Get one message of an endpoint."""

    def get_sms_quota(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[Quota]:
        """Get the SMS quota of an endpoint."""

    def get_stats(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[EndpointStats]:
        """Get the usage of an endpoint: last month, this month, last hour."""

    def list(
        self,
        *,
        filter: EndpointFilter | None = None,
        q: str | None = None,
        sort: EndpointSort | Sequence[EndpointSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Endpoint]]:
        """List the endpoints of the organisation."""

    def list_daily_stats(
        self,
        endpoint_id: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[builtins.list[DailyUsage]]:
        """List the usage of an endpoint day by day."""

    def list_events(
        self,
        endpoint_id: int | str,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Event]]:
        """List the events of one endpoint."""

    def list_operator_blocklist(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[Operator]]:
        """List the operators that an endpoint may not use."""

    def list_sms(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[Sms]]:
        """List the messages sent to and from an endpoint."""

    def list_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[EndpointStatus]]:
        """List the statuses an endpoint can have."""

    def list_tags(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[Tag]]:
        """List the tags of an endpoint."""

    def list_traffic_limit_extensions(
        self, endpoint_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[TrafficLimitExtension]]:
        """List the active traffic limit extensions of an endpoint."""

    def reset_connectivity(
        self,
        endpoint_id: int | str,
        body: ConnectivityReset | ConnectivityResetDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Reset the data session or the network registration of an endpoint."""

    def send_sms(
        self, endpoint_id: int | str, body: SmsSend | SmsSendDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Send an SMS to an endpoint."""

    def set_data_quota(
        self, endpoint_id: int | str, body: QuotaSet | QuotaSetDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Set the data quota of an endpoint."""

    def set_sms_quota(
        self, endpoint_id: int | str, body: QuotaSet | QuotaSetDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Set the SMS quota of an endpoint."""

    def unassign_tag(
        self, endpoint_id: int | str, tag_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove a tag from an endpoint."""

    def unblock_operator(
        self, endpoint_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Unblock an operator for an endpoint."""

    def update(
        self,
        endpoint_id: int | str,
        body: EndpointUpdate | EndpointUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Change an endpoint, or attach or detach its SIM."""

    def update_bulk(
        self,
        body: Sequence[EndpointBulkUpdateItem | EndpointBulkUpdateItemDict],
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Change up to 2000 endpoints in one call."""

class EuiccsWithResponse(Protocol):
    """eUICCs: the calls, with their responses."""

    def cancel_operation(
        self, euicc_id: int | str, operation_id: str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Cancel an operation of an eUICC."""

    def get(self, euicc_id: int | str, *, options: CallOptions | None = None) -> CallResponse[Euicc]:
        """Get one eUICC with its profiles."""

    def get_operation(
        self, euicc_id: int | str, operation_id: str, *, options: CallOptions | None = None
    ) -> CallResponse[EuiccOperation]:
        """Get one operation of an eUICC."""

    def list(
        self,
        *,
        filter: EuiccFilter | None = None,
        q: str | None = None,
        sort: EuiccSort | Sequence[EuiccSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Euicc]]:
        """List the eUICCs of the organisation."""

    def list_operation_actions(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[EuiccOperationAction]]:
        """List the actions that can be scheduled on an eUICC."""

    def list_operation_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[EuiccOperationStatus]]:
        """List the statuses an eUICC operation can have."""

    def list_operations(
        self,
        euicc_id: int | str,
        *,
        filter: EuiccOperationFilter | None = None,
        q: str | None = None,
        sort: EuiccOperationSort | Sequence[EuiccOperationSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[EuiccOperation]]:
        """List the operations of one eUICC, both open and completed."""

    def list_profile_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[EuiccProfileStatus]]:
        """List the statuses a profile on an eUICC can have."""

    def list_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[EuiccStatus]]:
        """List the statuses an eUICC can have."""

    def schedule_operations(
        self,
        euicc_id: int | str,
        body: Sequence[EuiccOperationRequest | EuiccOperationRequestDict],
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[builtins.list[EuiccOperation]]:
        """Schedule operations on one eUICC."""

    def validate_unlinked(
        self,
        body: EuiccUnlinkedValidation | EuiccUnlinkedValidationDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[builtins.list[EidRef]]:
        """Find out which of these eUICCs already have a profile."""

class EventsWithResponse(Protocol):
    """Events: the calls, with their responses."""

    def list(
        self,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Event]]:
        """List the events of the organisation."""

    def list_types(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[EventType]]:
        """List the types an event can have."""

class IpAddressSpacesWithResponse(Protocol):
    """IP address spaces: the calls, with their responses."""

    def assign(
        self, address_space_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Take a free address space for the organisation."""

    def create(
        self, body: IpAddressSpaceCreate | IpAddressSpaceCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[IpAddressSpace | Created]:
        """Allocate an address space to the organisation."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[IpAddressSpace]]:
        """List the address spaces of the organisation."""

    def list_available(
        self, *, ip_address_version: int | None = None, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[IpAddressSpace]]:
        """List ten free address spaces."""

    def release(
        self, address_space_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Release an address space."""

class LookupsWithResponse(Protocol):
    """Lookups: the calls, with their responses."""

    def list_breakout_regions(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[BreakoutRegion]]:
        """List the regions where traffic can leave the mobile core."""

    def list_countries(
        self, *, geographic: bool | None = None, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[Country]]:
        """List the countries."""

    def list_currencies(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[Currency]]:
        """List the currencies."""

    def list_data_blocksizes(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[DataBlocksize]]:
        """List the block sizes in which data is charged."""

    def list_data_throttles(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[DataThrottle]]:
        """List the data speeds that a tariff can be limited to."""

    def list_esme_interface_types(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[EsmeInterfaceType]]:
        """List the ways to exchange SMS with the platform."""

    def list_rat_types(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[RatType]]:
        """List the radio access technologies."""

    def list_service_levels(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[ServiceLevel]]:
        """List the service levels."""

class MfaWithResponse(Protocol):
    """Multi-factor authentication: the calls, with their responses."""

    def activate_key(
        self,
        key_id: int | str,
        body: MfaKeyActivate | MfaKeyActivateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Activate an MFA key of the caller with a code."""

    def create_key(
        self, body: MfaKeyCreate | MfaKeyCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[MfaKey]:
        """Create an MFA key for the caller."""

    def delete_key(
        self, user_id: int | str, key_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Delete an MFA key."""

    def delete_trusted_device(
        self, user_id: int | str, device_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Stop trusting a device."""

    def list_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[MfaKeyStatus]]:
        """List the statuses an MFA key can have."""

    def list_trusted_devices(
        self, user_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[TrustedDevice]]:
        """List the devices from which a user may log in without a code."""

    def list_types(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[MfaKeyType]]:
        """List the types of MFA keys."""

class OperatorsWithResponse(Protocol):
    """Operators: the calls, with their responses."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[Operator]]:
        """List the network operators."""

class OrganisationsWithResponse(Protocol):
    """Organisations: the calls, with their responses."""

    def assign_inclusive_volume(
        self,
        org_id_or_my: int | str,
        inclusive_volume_id: int | str,
        body: InclusiveVolumeAssign | InclusiveVolumeAssignDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[InclusiveVolumeAssignment]:
        """Assign an inclusive volume to an organisation."""

    def get_hourly_stats(
        self,
        org_id_or_my: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[HourlyUsage]:
        """Get the recent usage of an organisation as series."""

    def get_monthly_stats(
        self, org_id_or_my: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[OrganisationMonthlyStats]:
        """Get the usage of an organisation: this month and the last one."""

    def get_my(self, *, options: CallOptions | None = None) -> CallResponse[Organisation]:
        """Get the organisation of the caller."""

    def list_active_inclusive_volumes(
        self, org_id_or_my: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[InclusiveVolume]]:
        """List the current inclusive volumes of an organisation."""

    def list_current_month_daily_stats(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[DailyUsage]]:
        """List the usage of the caller's organisation in this month day by day."""

    def list_daily_stats(
        self,
        org_id_or_my: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[builtins.list[DailyUsage]]:
        """List the usage of an organisation day by day."""

    def list_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[OrganisationStatus]]:
        """List the statuses an organisation can have."""

    def update_tariff(
        self, org_id: int | str, body: IdRef | IdRefDict | int, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Change the tariff of an organisation."""

class ServiceProfilesWithResponse(Protocol):
    """Service profiles: the calls, with their responses."""

    def add_data_limit(
        self,
        profile_id: int | str,
        body: DataLimitCreate | DataLimitCreateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[Created]:
        """Limit the data an endpoint with this profile may use in a month."""

    def add_service(
        self, profile_id: int | str, service_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Allow a service in a profile."""

    def add_sms_limit(
        self,
        profile_id: int | str,
        service_id: int | str,
        limit_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Add a predefined SMS limit to a service of a profile."""

    def create(
        self, body: ServiceProfileCreate | ServiceProfileCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Create a service profile."""

    def delete(self, profile_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a service profile that no endpoint uses."""

    def delete_data_limit(
        self, profile_id: int | str, limit_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove one data limit of a profile."""

    def delete_data_limits(
        self, profile_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove every data limit of a profile."""

    def delete_quotas(
        self, profile_id: int | str, quota_type: Literal["data", "sms"], *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove the quotas of every endpoint with this profile."""

    def get(
        self, profile_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[ServiceProfile]:
        """Get one service profile with its services."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[ServiceProfile]]:
        """List the service profiles."""

    def list_data_limits(
        self, profile_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[DataLimit]]:
        """List the data limits of a profile."""

    def remove_service(
        self, profile_id: int | str, service_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove a service from a profile."""

    def remove_sms_limit(
        self,
        profile_id: int | str,
        service_id: int | str,
        limit_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Remove an SMS limit from a service of a profile."""

    def update(
        self,
        profile_id: int | str,
        body: ServiceProfileUpdate | ServiceProfileUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Change a service profile."""

class ServicesWithResponse(Protocol):
    """Services: the calls, with their responses."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[Service]]:
        """List the services that a service profile can allow."""

    def list_all_traffic_limits(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[TrafficLimit]]:
        """List the predefined traffic limits of all services."""

    def list_traffic_limits(
        self, service_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[TrafficLimit]]:
        """List the predefined traffic limits of one service."""

class SimBatchesWithResponse(Protocol):
    """SIM batches: the calls, with their responses."""

    def register(
        self, bic: str, body: SimBatchRegister | SimBatchRegisterDict, *, options: CallOptions | None = None
    ) -> CallResponse[SimBatchRegistration]:
        """Register a SIM batch and set the status of its SIMs."""

    def validate(self, bic: str, *, options: CallOptions | None = None) -> CallResponse[SimBatch]:
        """Check whether a SIM batch can be registered."""

class SimOperationsWithResponse(Protocol):
    """SIM operations: the calls, with their responses."""

    def create(
        self, body: SimOperationCreate | SimOperationCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[SimOperation | Created]:
        """Start one action on several SIMs or eUICCs."""

    def get(self, operation_id: str, *, options: CallOptions | None = None) -> CallResponse[SimOperation]:
        """Get one SIM operation."""

    def list(
        self,
        *,
        filter: SimOperationFilter | None = None,
        q: str | None = None,
        sort: SimOperationSort | Sequence[SimOperationSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[SimOperation]]:
        """List the SIM operations of the organisation."""

    def list_actions(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[SimOperationAction]]:
        """List the actions of SIM operations."""

    def list_statuses(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[SimOperationStatus]]:
        """List the statuses a SIM operation can have."""

class SimsWithResponse(Protocol):
    """SIMs: the calls, with their responses."""

    def delete(self, sim_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a SIM for good."""

    def delete_bulk(
        self, body: Sequence[IdRef | IdRefDict | int], *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Delete several SIMs."""

    def get(self, sim_id: int | str, *, options: CallOptions | None = None) -> CallResponse[Sim]:
        """Get one SIM."""

    def get_stats(self, sim_id: int | str, *, options: CallOptions | None = None) -> CallResponse[SimStats]:
        """Get the usage of a SIM: last month, this month, last hour."""

    def list(
        self,
        *,
        filter: SimFilter | None = None,
        q: str | None = None,
        sort: SimSort | Sequence[SimSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Sim]]:
        """List the SIMs of the organisation."""

    def list_daily_stats(
        self,
        sim_id: int | str,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[builtins.list[DailyUsage]]:
        """List the usage of a SIM day by day."""

    def list_events(
        self,
        sim_id: int | str,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Event]]:
        """List the events of one SIM."""

    def list_statuses(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[SimStatus]]:
        """List the statuses a SIM can have."""

    def list_unlinked_product_stats(
        self, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[UnlinkedProductStats]]:
        """Count the SIMs without an endpoint per product."""

    def migrate_workspace(
        self, body: SimMigration | SimMigrationDict, *, options: CallOptions | None = None
    ) -> CallResponse[SimMigrationResult]:
        """Move SIMs to another workspace, or do a dry run."""

    def update(
        self, sim_id: int | str, body: SimUpdate | SimUpdateDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Change the status or the owners of a SIM."""

class SystemEventsWithResponse(Protocol):
    """System events: the calls, with their responses."""

    def get(self, system_event_id: str, *, options: CallOptions | None = None) -> CallResponse[SystemEvent]:
        """Get one system event."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[SystemEvent]]:
        """List the system events an automation can react to."""

class TagsWithResponse(Protocol):
    """Tags: the calls, with their responses."""

    def assign_bulk(
        self, body: TagBulkRequest | TagBulkRequestDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Assign tags to several endpoints."""

    def create(
        self, body: TagCreate | TagCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Tag | Created]:
        """Create a tag."""

    def delete(self, tag_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a tag."""

    def delete_bulk(
        self, body: TagBulkDelete | TagBulkDeleteDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Delete several tags."""

    def list(
        self,
        *,
        page: int | None = None,
        page_size: int | None = None,
        name: str | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Tag]]:
        """List the tags of the organisation."""

    def list_colors(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[TagColor]]:
        """List the colours of tags."""

    def unassign_bulk(
        self, body: TagBulkRequest | TagBulkRequestDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove tags from several endpoints."""

    def update(
        self, tag_id: int | str, body: TagUpdate | TagUpdateDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Change the name or the colour of a tag."""

class TariffPlansWithResponse(Protocol):
    """Tariff plans: the calls, with their responses."""

    def get_active(self, *, options: CallOptions | None = None) -> CallResponse[TariffPlanAssignment]:
        """Get the tariff plan of the caller's organisation."""

    def get_active_for_organisation(
        self, org_id_or_my: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[TariffPlanAssignment]:
        """Get the current tariff plan of an organisation."""

    def list_for_organisation(
        self, org_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[TariffPlanAssignment]]:
        """List the tariff plans of an organisation, past and present."""

class TariffProfilesWithResponse(Protocol):
    """Tariff profiles: the calls, with their responses."""

    def assign_inclusive_volume(
        self,
        tariff_profile_id: int | str,
        inclusive_volume_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Assign an inclusive volume to a tariff profile."""

    def block_operator(
        self, tariff_profile_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Block an operator in a tariff profile."""

    def block_rat_types(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        body: RatTypeBlock | RatTypeBlockDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Block some radio types of an operator in a tariff profile."""

    def create(
        self, body: TariffProfileCreate | TariffProfileCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Create a tariff profile."""

    def delete(
        self, tariff_profile_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Delete a tariff profile."""

    def deselect_ratezone(
        self, tariff_profile_id: int | str, ratezone_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove a ratezone from the coverage of a tariff profile."""

    def get(
        self, tariff_profile_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[TariffProfile]:
        """Get one tariff profile."""

    def get_operator_blocklist(
        self, tariff_profile_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[OperatorBlocklist]:
        """Get the blocklist entry of one operator in a tariff profile."""

    def list(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[TariffProfile]]:
        """List the tariff profiles."""

    def list_coverage(
        self, tariff_profile_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[TariffProfileCoverage]]:
        """List the countries a tariff profile covers."""

    def list_operator_blocklist(
        self, tariff_profile_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[OperatorBlocklist]]:
        """List the operators that a tariff profile blocks, wholly or in part."""

    def select_ratezone(
        self, tariff_profile_id: int | str, ratezone_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Add a ratezone to the coverage of a tariff profile."""

    def unassign_inclusive_volume(
        self,
        tariff_profile_id: int | str,
        inclusive_volume_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Remove the inclusive volume from a tariff profile."""

    def unblock_operator(
        self, tariff_profile_id: int | str, operator_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Unblock an operator in a tariff profile."""

    def unblock_rat_type(
        self,
        tariff_profile_id: int | str,
        operator_id: int | str,
        rate_type_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Unblock a radio type of an operator in a tariff profile."""

    def update(
        self,
        tariff_profile_id: int | str,
        body: TariffProfileUpdate | TariffProfileUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Change a tariff profile."""

class UsersWithResponse(Protocol):
    """Users: the calls, with their responses."""

    def accept_invitation(
        self, body: InvitationAccept | InvitationAcceptDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Accept an invitation to a workspace."""

    def activate(
        self, body: UserActivation | UserActivationDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Activate a new user and set the password."""

    def assign_role(
        self, user_id: int | str, role_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Assign a role to a user."""

    def change_password(
        self, body: PasswordChange | PasswordChangeDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Change the password of the caller."""

    def create(
        self, body: UserCreate | UserCreateDict, *, options: CallOptions | None = None
    ) -> CallResponse[Created]:
        """Create a user."""

    def create_support_token(
        self,
        user_id: int | str,
        body: SupportTokenCreate | SupportTokenCreateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[SupportToken | Created]:
        """Create a token to support a user."""

    def delete(self, user_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a user."""

    def delete_v1(self, user_id: int | str, *, options: CallOptions | None = None) -> CallResponse[None]:
        """Delete a user with the deprecated v1 call."""

    def get(self, user_id: int | str, *, options: CallOptions | None = None) -> CallResponse[User]:
        """Get one user."""

    def get_role_permissions(
        self, user_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[dict[str, Any]]:
        """Get the permissions of a user's roles."""

    def invite(
        self, body: UserInvite | UserInviteDict, *, options: CallOptions | None = None
    ) -> CallResponse[User | Created]:
        """Invite someone to a workspace."""

    def list(
        self,
        *,
        filter: UserFilter | None = None,
        q: str | None = None,
        sort: UserSort | Sequence[UserSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[User]]:
        """List the users of the organisation."""

    def list_events(
        self,
        user_id: int | str,
        *,
        filter: EventFilter | None = None,
        q: str | None = None,
        sort: EventSort | Sequence[EventSort] | None = None,
        page: int | None = None,
        per_page: int | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[Page[Event]]:
        """List the events of one user."""

    def list_roles(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[Role]]:
        """List the roles a user can have."""

    def list_statuses(self, *, options: CallOptions | None = None) -> CallResponse[builtins.list[UserStatus]]:
        """List the statuses a user can have."""

    def remove_role(
        self, user_id: int | str, role_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove a role from a user."""

    def resend_activation(
        self, body: ActivationResend | ActivationResendDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Send the activation mail again."""

    def update(
        self, user_id: int | str, body: UserUpdate | UserUpdateDict, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Change the name, username or status of a user."""

class WorkspacesWithResponse(Protocol):
    """Workspaces: the calls, with their responses."""

    def assign_role(
        self,
        user_id: int | str,
        workspace_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Assign a role to a user in one workspace."""

    def list_daily_stats(
        self,
        *,
        start_date: date | str | None = None,
        end_date: date | str | None = None,
        workspace_ids: str | None = None,
        options: CallOptions | None = None,
    ) -> CallResponse[builtins.list[WorkspaceDailyStats]]:
        """List the usage of several workspaces day by day."""

    def list_for_user(
        self, user_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[builtins.list[Workspace]]:
        """List the workspaces of a user."""

    def remove_role(
        self,
        user_id: int | str,
        workspace_id: int | str,
        role_id: int | str,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Remove a role from a user in one workspace."""

    def set_default(
        self, user_id: int | str, workspace_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Set the default workspace of a user after login."""

    def unassign_user(
        self, user_id: int | str, workspace_id: int | str, *, options: CallOptions | None = None
    ) -> CallResponse[None]:
        """Remove a user from a workspace."""

    def update_user_status(
        self,
        user_id: int | str,
        workspace_id: int | str,
        body: WorkspaceUserUpdate | WorkspaceUserUpdateDict,
        *,
        options: CallOptions | None = None,
    ) -> CallResponse[None]:
        """Change the status of a user in one workspace."""

class WithResponse(Protocol):
    """The calls of the client, each with its response: status, headers, and what it took.

    The arguments are those of the client's own methods. Of a list, one page is fetched.
    """

    @property
    def api_callbacks(self) -> ApiCallbacksWithResponse:
        """API callbacks."""

    @property
    def api_secrets(self) -> ApiSecretsWithResponse:
        """API secrets."""

    @property
    def application_tokens(self) -> ApplicationTokensWithResponse:
        """Application tokens."""

    @property
    def auth(self) -> AuthWithResponse:
        """Authentication."""

    @property
    def automations(self) -> AutomationsWithResponse:
        """Automations."""

    @property
    def cloud_connect(self) -> CloudConnectWithResponse:
        """Cloud Connect."""

    @property
    def custom_events(self) -> CustomEventsWithResponse:
        """Custom events."""

    @property
    def data_streams(self) -> DataStreamsWithResponse:
        """Data streams."""

    @property
    def dns(self) -> DnsWithResponse:
        """DNS."""

    @property
    def endpoints(self) -> EndpointsWithResponse:
        """Endpoints."""

    @property
    def euiccs(self) -> EuiccsWithResponse:
        """eUICCs."""

    @property
    def events(self) -> EventsWithResponse:
        """Events."""

    @property
    def ip_address_spaces(self) -> IpAddressSpacesWithResponse:
        """IP address spaces."""

    @property
    def lookups(self) -> LookupsWithResponse:
        """Lookups."""

    @property
    def mfa(self) -> MfaWithResponse:
        """Multi-factor authentication."""

    @property
    def operators(self) -> OperatorsWithResponse:
        """Operators."""

    @property
    def organisations(self) -> OrganisationsWithResponse:
        """Organisations."""

    @property
    def service_profiles(self) -> ServiceProfilesWithResponse:
        """Service profiles."""

    @property
    def services(self) -> ServicesWithResponse:
        """Services."""

    @property
    def sim_batches(self) -> SimBatchesWithResponse:
        """SIM batches."""

    @property
    def sim_operations(self) -> SimOperationsWithResponse:
        """SIM operations."""

    @property
    def sims(self) -> SimsWithResponse:
        """SIMs."""

    @property
    def system_events(self) -> SystemEventsWithResponse:
        """System events."""

    @property
    def tags(self) -> TagsWithResponse:
        """Tags."""

    @property
    def tariff_plans(self) -> TariffPlansWithResponse:
        """Tariff plans."""

    @property
    def tariff_profiles(self) -> TariffProfilesWithResponse:
        """Tariff profiles."""

    @property
    def users(self) -> UsersWithResponse:
        """Users."""

    @property
    def workspaces(self) -> WorkspacesWithResponse:
        """Workspaces."""

    def request(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, object] | None = None,
        json: object = None,
        options: CallOptions | Mapping[str, Any] | None = None,
    ) -> CallResponse[Any]:
        """Call any path of the API, as ``Emnify.request`` does."""
