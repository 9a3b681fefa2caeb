# Generated from schema/resources/euiccs.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""eUICCs: the records that are sent and answered."""

from typing import ClassVar

import attrs

from aioemnify.models.refs import EndpointRef, OperatorRef, OrganisationRef, UserRef
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class EidRef:
    """An eUICC by its EID alone."""

    eid: str
    """32 digits."""


@attrs.frozen(kw_only=True)
class Eim:
    """An eIM: the remote manager that an IoT eUICC takes operations from. No id is published."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class EuiccOperationAction:
    """What to do to an eUICC: audit, download_profile, enable_profile, disable_profile, set_fallback,
    unset_fallback or delete_profile. Ids are not published: read them with list_operation_actions.
    """

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class EuiccOperationError:
    """Why an operation on an eUICC failed."""

    reason: int | None = None
    """A code; its values are not published."""

    message: str | None = None
    """For people, not for programs."""


@attrs.define(kw_only=True)
class EuiccOperationRequest:
    """An operation to schedule. Which members are needed depends on the action."""

    action: EuiccOperationAction | int
    validity_period: int | UnsetType = UNSET
    """Seconds until it expires undone, 1 to 86400; the server takes 86400 (a day) when left out."""

    iccid_with_luhn: str | UnsetType = UNSET
    """The profile it is about: 20 digits with the Luhn digit, not the 19 of iccid."""

    activation_code: str | UnsetType = attrs.field(default=UNSET, repr=False)
    """For a download. Whoever has it can fetch the profile."""

    enable: bool | UnsetType = UNSET
    """For a download: enable the profile as well."""

    rollback: bool | UnsetType = UNSET
    """Return to the profile enabled before if the change fails."""


@attrs.frozen(kw_only=True)
class EuiccOperationStatus:
    """How far an operation has come; the first status is Scheduled. Ids are not published: read them
    with list_operation_statuses.
    """

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class EuiccOperation:
    """Something scheduled on an eUICC, and how far it has come."""

    id: str
    """A UUID as text."""

    action: EuiccOperationAction | None = attrs.field(default=None, metadata={"intern": True})
    status: EuiccOperationStatus | None = attrs.field(default=None, metadata={"intern": True})
    creation_date: Timestamp | None = None
    """When it was scheduled."""

    expiry_date: Timestamp | None = None
    """When it is given up if the chip has not done it."""

    finalization_date: Timestamp | None = None
    """When it ended, well or not. Missing while it is open."""

    last_updated_at: Timestamp | None = None
    user: UserRef | None = attrs.field(default=None, metadata={"intern": True})
    """Who scheduled it."""

    error: EuiccOperationError | None = None
    """Why it failed. Missing unless it did. One object here, a list on SimOperation."""

    iccid_with_luhn: str | None = None
    """The profile it is about, in 20 digits. Missing when the action is about the whole chip."""


@attrs.frozen(kw_only=True)
class EuiccProfileStatus:
    """The status of a profile on an eUICC. Only one id is known: read the lookup for the others."""

    AVAILABLE: ClassVar["EuiccProfileStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EuiccProfileStatus.AVAILABLE = EuiccProfileStatus(id=1, description="Available")


@attrs.frozen(kw_only=True)
class EuiccProfileType:
    """A kind of profile. Only one id is known."""

    IO_T_E_UICC_PROFILE: ClassVar["EuiccProfileType"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EuiccProfileType.IO_T_E_UICC_PROFILE = EuiccProfileType(id=5, description="IoT eUICC Profile")


@attrs.frozen(kw_only=True)
class EuiccProfile:
    """A profile on an eUICC, known by its ICCID; it has no id."""

    iccid_with_luhn: str
    """20 digits, with the Luhn digit: one more than the iccid of a SIM."""

    status: EuiccProfileStatus | None = attrs.field(default=None, metadata={"intern": True})
    customer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """Who uses the profile."""

    name: str | None = None
    operator: OperatorRef | None = attrs.field(default=None, metadata={"intern": True})
    """Whose profile it is."""

    preloaded: bool | None = None
    """On the chip from the start rather than downloaded."""

    fallback_allowed: bool | None = None
    """Whether it may be made the fallback profile."""

    fallback_attribute: bool | None = None
    """Whether it is the fallback profile: the one the chip turns to when the enabled one fails."""

    profile_type: EuiccProfileType | None = attrs.field(default=None, metadata={"intern": True})
    endpoint: EndpointRef | None = None
    """The endpoint it is in. Null or missing while it is in none."""


@attrs.frozen(kw_only=True)
class EuiccStatus:
    """The status of an eUICC. Only one id is known."""

    ACTIVE: ClassVar["EuiccStatus"]

    id: int
    description: str | None = attrs.field(default=None, eq=False)


EuiccStatus.ACTIVE = EuiccStatus(id=1, description="Active")


@attrs.frozen(kw_only=True)
class Euicc:
    """An eSIM chip and the profiles on it."""

    id: int
    """What paths name it by; the EID is another number."""

    eid: str
    """32 digits."""

    created: Timestamp | None = None
    """When the platform came to know it."""

    issuer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """Who issued it."""

    customer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    """Who uses it."""

    supported_profile_type: EuiccProfileType | None = attrs.field(default=None, metadata={"intern": True})
    """The kind of profiles it takes; tells IoT eUICCs, which have operations, from others."""

    status: EuiccStatus | None = attrs.field(default=None, metadata={"intern": True})
    last_audited: Timestamp | None = None
    """When the chip last reported which profiles it holds. Null or missing before the first time."""

    last_polled: Timestamp | None = None
    """When the chip last asked for work. Null or missing before the first time."""

    last_synced: Timestamp | None = None
    """When this record was last brought in line with the chip. Null or missing before the first time."""

    eim: Eim | None = attrs.field(default=None, metadata={"intern": True})
    """The manager it takes operations from."""

    profile: list[EuiccProfile] | None = None
    """The profiles it holds. A list, though the name is singular."""


@attrs.define(kw_only=True)
class EuiccUnlinkedValidation:
    """The eUICCs to check for profiles."""

    target: list[EidRef]
