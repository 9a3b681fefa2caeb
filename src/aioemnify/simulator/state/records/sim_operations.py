"""Operations on many SIMs at once: pending, then running through their targets, then done."""

from __future__ import annotations

from attrs import define, field

PENDING, RUNNING, DONE = 1, 2, 3
ACTIVATE, SUSPEND, LINK_PRODUCT, DELETE = range(1, 5)

STATUSES = {PENDING: "Pending", RUNNING: "Running", DONE: "Done"}  # chosen
ACTIONS = {  # chosen
    ACTIVATE: "activate",
    SUSPEND: "suspend",
    LINK_PRODUCT: "link_product",
    DELETE: "delete",
}
PRODUCTS = {1: ("IoT eSIM profile", 500), 2: ("IoT eSIM profile, satellite", 50)}
"""Products by id: name, and how many profiles of it an organisation has in stock. Chosen."""


@define(kw_only=True)
class Target:
    """What an operation acts on: a SIM by its id, or an eUICC by its EID."""

    sim: int | None = None
    eid: str | None = None


@define(kw_only=True)
class Failure:
    """Why a target failed."""

    eid: str
    message: str


@define(kw_only=True)
class SimOperation:
    """One operation and how far it has come. Times are seconds since 1970.

    Attributes:
        position: how many targets are through.
        user: id of the user who asked for it, None for an application.
    """

    id: str
    action: int
    product: int | None
    targets: list[Target]
    created: float
    updated: float
    user: int | None = None
    status: int = PENDING
    position: int = 0
    failures: list[Failure] = field(factory=list)
    finalized: float | None = None
