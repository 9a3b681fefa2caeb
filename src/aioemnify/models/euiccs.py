# Generated from schema/resources/euiccs.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""eUICCs: the models of requests and responses."""

from typing import ClassVar

import attrs

from aioemnify.models.refs import EndpointRef, OperatorRef, OrganisationRef, UserRef
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class EidRef(Model):
    """An eUICC by its EID."""

    eid: str
    """32 digits."""


@attrs.frozen(kw_only=True)
class Eim(LookupModel):
    """An eIM: the remote manager that an IoT eUICC gets operations from. Only the id 1 is known, without
    its description.
    """

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class EuiccOperationAction(LookupModel):
    """An action on an eUICC: audit, download_profile, enable_profile, disable_profile, set_fallback,
    unset_fallback or delete_profile. The ids are not documented: read them with
    list_operation_actions.
    """

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class EuiccOperationError(Model):
    """Why an operation on an eUICC failed."""

    reason: int | None = None
    """A code; the values are not documented."""

    message: str | None = None
    """A message for people, not for programs."""


@attrs.define(kw_only=True)
class EuiccOperationRequest(BodyModel):
    """An operation to schedule. The action determines which members are required."""

    action: EuiccOperationAction | int
    validity_period: int | UnsetType = UNSET
    """Seconds until it expires if not executed. From 1 to 86400; the server's default is 86400."""

    iccid_with_luhn: str | UnsetType = UNSET
    """The profile to act on: 20 digits with the Luhn digit, not the 19 of iccid."""

    activation_code: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """For a download. Anyone who has it can download the profile."""

    enable: bool | UnsetType = UNSET
    """For a download: also enable the profile."""

    rollback: bool | UnsetType = UNSET
    """Return to the previously enabled profile if there is no connection 7 minutes after the change."""


@attrs.frozen(kw_only=True)
class EuiccOperationStatus(LookupModel):
    """The status of an operation; the initial status is Scheduled. The ids are not documented: read them
    with list_operation_statuses.
    """

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class EuiccOperation(Model):
    """An operation scheduled on an eUICC, and its status."""

    id: str
    """A UUID as text."""

    action: EuiccOperationAction | None = attrs.field(default=None, metadata={"intern": True})
    status: EuiccOperationStatus | None = attrs.field(default=None, metadata={"intern": True})
    creation_date: Timestamp | None = None
    """When it was scheduled."""

    expiry_date: Timestamp | None = None
    """When it expires if the chip has not executed it."""

    finalization_date: Timestamp | None = None
    """When it succeeded or failed. Missing while it is open."""

    last_updated_at: Timestamp | None = None
    user: UserRef | None = attrs.field(default=None, metadata={"intern": True})
    """The user who scheduled it."""

    error: EuiccOperationError | None = None
    """Why it failed. Missing unless it failed. One object here, a list in SimOperation."""

    iccid_with_luhn: str | None = None
    """The profile that it acts on, 20 digits. Missing if it acts on the whole chip."""


@attrs.frozen(kw_only=True)
class EuiccProfileStatus(LookupModel):
    """The status of a profile on an eUICC. Only one id is known: read the lookup for the others."""

    AVAILABLE: ClassVar["EuiccProfileStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EuiccProfileStatus.AVAILABLE = EuiccProfileStatus(id=1, description="Available")


@attrs.frozen(kw_only=True)
class EuiccProfileType(LookupModel):
    """A type of profile. Only one id is known."""

    IO_T_E_UICC_PROFILE: ClassVar["EuiccProfileType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EuiccProfileType.IO_T_E_UICC_PROFILE = EuiccProfileType(id=5, description="IoT eUICC Profile")


@attrs.frozen(kw_only=True)
class EuiccProfile(Model):
    """A profile on an eUICC, identified by its ICCID; it has no id."""

    iccid_with_luhn: str
    """20 digits, with the Luhn digit: one digit more than the iccid of a SIM."""

    status: EuiccProfileStatus | None = attrs.field(default=None, metadata={"intern": True})
    customer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """The organisation that uses the profile."""

    name: str | None = None
    operator: OperatorRef | None = attrs.field(default=None, metadata={"intern": True})
    """The organisation that owns the profile."""

    preloaded: bool | None = None
    """Whether it was on the chip from the start, not downloaded."""

    fallback_allowed: bool | None = None
    """Whether it can become the fallback profile."""

    fallback_attribute: bool | None = None
    """Whether it is the fallback profile: the chip uses it if the enabled profile fails."""

    profile_type: EuiccProfileType | None = attrs.field(default=None, metadata={"intern": True})
    endpoint: EndpointRef | None = None
    """The endpoint of the profile. Null or missing without one."""


@attrs.frozen(kw_only=True)
class EuiccStatus(LookupModel):
    """The status of an eUICC. Only one id is known."""

    ACTIVE: ClassVar["EuiccStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EuiccStatus.ACTIVE = EuiccStatus(id=1, description="Active")


@attrs.frozen(kw_only=True)
class Euicc(Model):
    """An eSIM chip and its profiles."""

    id: int
    """The id used in paths, not the EID."""

    eid: str
    """32 digits."""

    created: Timestamp | None = None
    """When it was added to the platform."""

    issuer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """The organisation that issued it."""

    customer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """The organisation that uses it."""

    supported_profile_type: EuiccProfileType | None = attrs.field(default=None, metadata={"intern": True})
    """The type of profiles it accepts; only IoT eUICCs have operations."""

    status: EuiccStatus | None = attrs.field(default=None, metadata={"intern": True})
    last_audited: Timestamp | None = None
    """When the chip last reported its profiles. Null or missing before the first report."""

    last_polled: Timestamp | None = None
    """When the chip last polled for operations. Null or missing before the first poll."""

    last_synced: Timestamp | None = None
    """When this record was last synchronised with the chip. Null or missing before the first time."""

    eim: Eim | None = attrs.field(default=None, metadata={"intern": True})
    """The manager that it gets operations from."""

    profile: list[EuiccProfile] | None = None
    """The profiles on the chip. A list, although the name is singular."""


@attrs.define(kw_only=True)
class EuiccUnlinkedValidation(BodyModel):
    """The eUICCs to check for profiles."""

    target: list[EidRef]
