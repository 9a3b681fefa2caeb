"""What a body accepts, and which slips a type checker catches. Never run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

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
from aioemnify.resources.bodies import EndpointUpdateDict


async def accepted(emnify: Emnify) -> None:
    await emnify.sims.update(7, SimUpdate(status=SimStatus.SUSPENDED, customer_org=5))
    await emnify.sims.update(7, SimUpdate(status=2, reseller_org=UNSET))
    await emnify.sims.update(7, {"status": SimStatus.SUSPENDED})
    await emnify.sims.update(7, {"status": "suspended"})
    await emnify.endpoints.update(1, {"status": "Disabled"})
    await emnify.sims.set_status_many([7, 8], "activated")
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


async def mappings(emnify: Emnify, members: dict[str, Any]) -> None:
    await emnify.endpoints.update(1, {"name": "pump", "sim": {"id": None}, "status": EndpointStatus.ENABLED})
    await emnify.endpoints.update(
        1, {"status": {"id": 0}, "service_profile": 3, "tariff_profile": IdRef(id=4)}
    )
    await emnify.endpoints.create(
        {"name": "a", "status": 0, "service_profile": 3, "tariff_profile": {"id": 4}}
    )
    change: EndpointUpdateDict = {"name": "pump"}
    change["imei_lock"] = True
    await emnify.endpoints.update(1, change)
    await emnify.endpoints.update(1, EndpointUpdate.from_dict(members))
    bucket = S3Credentials(bucket_name="fleet", region="eu-west-1", role_arn="arn:aws:iam::1:role/fleet")
    await emnify.data_streams.create({"destination": {"connection_type": "S3", "credentials": bucket}})
    await emnify.data_streams.create(
        {
            "destination": {
                "connection_type": "AwsKinesis",
                "credentials": {"region": "eu-west-1", "stream_name": "a", "role_arn": "arn"},
            },
            "filters": [{"or": [{"field": "alert", "value": True}]}],
        }
    )
    await emnify.application_tokens.create(
        {"description": "a", "expiry_date": datetime(2027, 1, 1, tzinfo=UTC)}
    )
    await emnify.endpoints.delete_bulk([1, IdRef(id=2), {"id": 3}])
    await emnify.sims.migrate_workspace({"target_workspace": 9, "iccids": ["8988303000000000001"]})


async def mistaken_mappings(emnify: Emnify, members: dict[str, Any]) -> None:
    await emnify.endpoints.update(1, {"nam": "pump"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.endpoints.update(1, {"name": 3})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.sims.set_status_many([7], "active")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.endpoints.update(1, {"status": "on"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.endpoints.update(1, {"sim": {"idd": 1}})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.endpoints.create({"name": "pump"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.endpoints.update(1, members)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    await emnify.endpoints.delete_bulk([{"idd": 3}])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
    await emnify.sims.migrate_workspace({"target_workspace": 9, "iccids": "8988"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    wrong = {"regio": "eu-west-1"}
    await emnify.data_streams.create({"destination": {"connection_type": "S3", "credentials": wrong}})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]


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
