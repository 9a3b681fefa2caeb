"""What a body accepts, and which slips a type checker catches. Never run."""

from __future__ import annotations

from aioemnify import UNSET, Emnify
from aioemnify.models import (
    ApplicationTokenStatus,
    DataStreamCreate,
    DataStreamDestinationCreate,
    EndpointCreate,
    EndpointStatus,
    EndpointUpdate,
    EndpointUpdateSim,
    IdRef,
    RestApiCredentials,
    S3Credentials,
    SimStatus,
    SimUpdate,
)


async def accepted(emnify: Emnify) -> None:
    await emnify.sims.update(7, SimUpdate(status=SimStatus.SUSPENDED, customer_org=5))
    await emnify.sims.update(7, SimUpdate(status=2, reseller_org=UNSET))
    await emnify.sims.update(7, {"status": SimStatus.SUSPENDED})
    created = EndpointCreate(
        name="pump", status=EndpointStatus.ENABLED, service_profile=IdRef(id=3), tariff_profile=4
    )
    await emnify.endpoints.create(created)
    await emnify.endpoints.update(1, EndpointUpdate(sim=EndpointUpdateSim(id=None)))
    for credentials in (
        S3Credentials(bucket_name="fleet", region="eu-west-1", role_arn="arn:aws:iam::1:role/fleet"),
        RestApiCredentials(url="https://example.com/hook"),
    ):
        destination = DataStreamDestinationCreate(connection_type="S3", credentials=credentials)
        await emnify.data_streams.create(DataStreamCreate(destination=destination))


def known_values() -> tuple[SimStatus, int]:
    return SimStatus.ACTIVATED, SimStatus.ACTIVATED.id


def mistakes() -> None:
    SimUpdate(status="active")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SimUpdate(status=ApplicationTokenStatus.ACTIVATED)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    SimUpdate(statsu=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SimUpdate(1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    EndpointCreate(name="pump")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
    SimUpdate(status=SimStatus.ACTIVE)  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownArgumentType]


def frozen(status: SimStatus) -> None:
    status.id = 3  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue]
