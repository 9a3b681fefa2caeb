# Generated from schema/resources/sim_batches.yaml by codegen. Do not edit.
# To change it, edit the schema and run: nox -s codegen
"""SIM batches: the models of requests and responses."""

import attrs

from aioemnify.models.lookup_constants import SimProfileType, SimStatus
from aioemnify.models.refs import OrganisationRef
from aioemnify.models.sims import SimEndpoint, SimModel
from aioemnify.serialization.model import BodyModel, LookupModel, Model
from aioemnify.types import UNSET, Timestamp, UnsetType


@attrs.frozen(kw_only=True)
class RegisteredSim(Model):
    """A newly registered SIM; often only id and iccid are set."""

    id: int
    iccid: str
    """19 digits, without the Luhn digit."""

    eid: str | None = None
    """32 digits of the eUICC, if any."""

    production_date: Timestamp | None = None
    activation_date: Timestamp | None = None
    """Empty until the SIM is first Activated."""

    status: SimStatus | None = attrs.field(default=None, metadata={"intern": True})
    customer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    issuer_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    reseller_org: OrganisationRef | None = attrs.field(default=None, metadata={"intern": True})
    endpoint: SimEndpoint | None = None
    imsi: str | None = None
    """Digits; empty when unknown."""

    msisdn: str | None = None
    """Digits."""

    model: SimModel | None = attrs.field(default=None, metadata={"intern": True})
    iccid_with_luhn: str | None = None
    """20 digits, with the Luhn digit."""

    profile_type: SimProfileType | None = attrs.field(default=None, metadata={"intern": True})


@attrs.define(kw_only=True)
class SimBatchRegister(BodyModel):
    """How to register a SIM batch."""

    sim_status: SimStatus | int | UnsetType = UNSET
    """Issued, Activated or, if the tariff plan allows it, Factory Test. Without it: Issued."""


@attrs.frozen(kw_only=True)
class SimBatchRegistration(Model):
    """The SIMs of a registration."""

    sim: list[RegisteredSim] | None = None


@attrs.frozen(kw_only=True)
class SimBatchStatus(LookupModel):
    """The status of a SIM batch in its life cycle."""

    id: int
    description: str | None = attrs.field(default=None, eq=False)


@attrs.frozen(kw_only=True)
class SimBatch(Model):
    """A set of SIMs that are bought and registered together."""

    id: int | None = None
    sim_batch_status_id: int | None = None
    bsn: str | None = None
    """Batch serial number."""

    bic: str | None = None
    """16 digits."""

    quantity: int | None = None
    """Number of SIMs."""

    sim_model_id: int | None = None
    issuer_org_id: int | None = None
    customer_org_id: int | None = None
    reseller_org_id: int | None = None
    activated: bool | None = None
    logistic_center_id: int | None = None
    article_id: int | None = None
    status: SimBatchStatus | None = attrs.field(default=None, metadata={"intern": True})
    model: SimModel | None = attrs.field(default=None, metadata={"intern": True})
