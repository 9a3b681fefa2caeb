"""What a plan consists of: the endpoints to change, and the changes as they are shown."""

from __future__ import annotations

from typing import Any, Literal

from attrs import frozen

from aioemnify.fleet.plans.fields import FIELDS, Value


@frozen(kw_only=True)
class PlanChange:
    """One change of a plan, as people read it.

    ``key`` is how the file names the endpoint: its id, the ICCID of its SIM, or its name; ``id`` is its id.
    For a ``changed`` endpoint, ``field`` is the column, such as ``sim.status``, and ``old`` and ``new`` are
    its values; a status or a profile is its name. For one that is to be ``deleted``, ``field`` and ``new``
    are ``None``, and ``old`` is its name.
    """

    kind: Literal["changed", "deleted"] = "changed"
    key: int | str
    id: int
    field: str | None
    old: Any
    new: Any

    def __str__(self) -> str:
        name = self.key if self.key == self.id else f"{self.key} ({self.id})"
        if self.field is None:
            return f"{name}: deleted" + (f", {self.old!r}" if self.old != self.key else "")
        return f"{name}: {self.field} {_shown(self.old)} → {_shown(self.new)}"


def _shown(value: Any) -> str:
    return "(nothing)" if value in (None, "") else str(value)


@frozen(kw_only=True)
class FieldChange:
    """A field of an endpoint: its value when the plan was made, the one it gets, and their labels."""

    field: str
    before: Value
    after: Value
    old: Value
    new: Value

    def state(self, endpoint: Any) -> Literal["before", "after", "other"]:
        """Return which of the two values the endpoint has now."""
        value = FIELDS[self.field].current(endpoint)
        return "after" if value == self.after else "before" if value == self.before else "other"


@frozen(kw_only=True)
class PlanItem:
    """An endpoint and all its changes; one without changes is to be deleted.

    ``sim`` is its SIM, where that gets a status.
    """

    id: int
    key: int | str
    name: str = ""
    sim: int | None = None
    fields: tuple[FieldChange, ...] = ()

    @property
    def operation(self) -> str:
        """Return what makes the change."""
        return "endpoints.update" if self.fields else "endpoints.delete"

    @property
    def entry(self) -> Any:
        """Return the item of a job."""
        if not self.fields:
            return self.id
        body: dict[str, Any] = {}
        for one in self.fields:
            body |= FIELDS[one.field].body(one.after, self.sim)
        return self.id, body

    @property
    def changes(self) -> list[PlanChange]:
        """Return the changes as they are shown."""
        if not self.fields:
            return [PlanChange(kind="deleted", key=self.key, id=self.id, field=None, old=self.name, new=None)]
        return [
            PlanChange(key=self.key, id=self.id, field=one.field, old=one.old, new=one.new)
            for one in self.fields
        ]

    def verdict(self, endpoint: Any) -> str | None:
        """Compare with the endpoint as it is now.

        Args:
            endpoint: ``None`` if it does not exist.

        Returns:
            ``"done"`` if it is as planned, ``None`` if it has the values of the plan still, else what has
            changed since.
        """
        if not self.fields:
            if endpoint is None:
                return "done"
            name = FIELDS["name"].current(endpoint)
            return None if name == self.name else f"its name was {self.name!r}, and is {name!r}"
        if endpoint is None:
            return "the endpoint does not exist any more"
        if self.sim is not None and getattr(endpoint.sim, "id", None) != self.sim:
            return f"it had the SIM {self.sim}, and has {getattr(endpoint.sim, 'id', 'none')}"
        states = [one.state(endpoint) for one in self.fields]
        if "other" in states:
            one = self.fields[states.index("other")]
            now = FIELDS[one.field].label(endpoint)
            return f"{one.field} was {_shown(one.old)}, and is {_shown(now)}"
        return None if "before" in states else "done"
