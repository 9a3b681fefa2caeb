"""What a list can be filtered and sorted by: a typo is caught before anything runs."""

from __future__ import annotations

from datetime import UTC, datetime

from aioemnify import Emnify
from aioemnify.models import EndpointStatus, SimStatus
from aioemnify.resources.filters import SimFilter, SimSort


def accepted(emnify: Emnify) -> None:
    emnify.sims.list(filter={"status": 1, "production_date": datetime(2026, 1, 1, tzinfo=UTC)})
    emnify.sims.list(filter={"status": SimStatus.ACTIVATED, "endpoint": None})
    emnify.sims.list(filter={"status": "activated"})
    emnify.events.list(filter={"type": ["Create PDP Context", "sim activation", 5], "severity": "warn"})
    emnify.sims.list(sort="-iccid")
    emnify.sims.list(sort=["status", "-id"])
    narrowed: SimFilter = {"iccid": "8900000000000000001"}
    order: list[SimSort] = ["-production_date"]
    emnify.sims.list(filter=narrowed, sort=order)
    emnify.users.list(sort="-username")
    emnify.euiccs.list(sort="id")


def mistakes(emnify: Emnify) -> None:
    emnify.sims.list(filter={"statsu": 1})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    emnify.sims.list(filter={"status": "on"})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    emnify.sims.list(filter={"status": EndpointStatus.ENABLED})  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    emnify.sims.list(sort="-icid")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
    emnify.sims.list(sort=["status", "idd"])  # type: ignore[list-item]  # pyright: ignore[reportArgumentType]
