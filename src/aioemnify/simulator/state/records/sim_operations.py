"""Operations on many SIMs at once: pending, then running, then done."""

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
"""Products by id: the name, and how many profiles an organisation has in stock. Chosen."""


@define(kw_only=True)
class Target:
    """The target of an operation: a SIM by its id, or an eUICC by its EID."""

    sim: int | None = None
    eid: str | None = None


@define(kw_only=True)
class Failure:
    """Why a target failed."""

    eid: str
    message: str


@define(kw_only=True)
class SimOperation:
    """One operation and its progress. Times are seconds since 1970.

    Attributes:
        position: how many targets are done.
        user: id of the user who started it, None for an application.
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
