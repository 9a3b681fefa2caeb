"""Compare the rows of a file with the fleet, and keep what differs."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Any

from attrs import define, field

from aioemnify._checks import did_you_mean
from aioemnify.fleet.client import OPTIONS, FleetClient
from aioemnify.fleet.many import get_many
from aioemnify.fleet.plans.csv_table import refused
from aioemnify.fleet.plans.fields import FIELDS, OWNED, Field, Value
from aioemnify.fleet.plans.records import FieldChange, PlanItem
from aioemnify.fleet.plans.targets import Row, Targets
from aioemnify.fleet.sweep import Sweep
from aioemnify.tables.operations import OPERATIONS

LIST, GET = OPERATIONS["endpoints.list"], OPERATIONS["endpoints.get"]


@define
class _Wish:
    """A field of an endpoint that differs: what each of its columns asks for."""

    field: Field
    before: Value
    old: Value
    asked: list[tuple[str, Value]]


@define
class _Difference:
    """An endpoint that differs from its row."""

    row: Row
    id: int
    sim: int | None
    wishes: list[_Wish]


@define
class Comparison:
    """What is found.

    Attributes:
        targets: the rows.
        prune: whether endpoints without a row are to be deleted.
        whole: whether all endpoints are read, also where some would do.
        read: how many endpoints were read.
        items: what is to be changed.
    """

    targets: Targets
    prune: bool
    whole: bool
    read: int = 0
    items: list[PlanItem] = field(factory=list)
    _found: dict[int | str, int] = field(factory=dict)
    _differences: list[_Difference] = field(factory=list)
    _problems: list[tuple[int, str]] = field(factory=list)
    _fields: list[tuple[Field, list[int]]] = field(init=False)

    def __attrs_post_init__(self) -> None:
        positions: dict[str, list[int]] = {}
        for at, column in enumerate(self.targets.columns):
            positions.setdefault(OWNED[column].name, []).append(at)
        self._fields = [(FIELDS[name], columns) for name, columns in positions.items()]

    async def run(self, client: FleetClient) -> None:
        """Read the fleet, and compare.

        Raises:
            PlanError: a row names no endpoint or several, or asks for what cannot be; all are named.
            EmnifyError: a call failed.
        """
        if not self.targets.rows and not self.prune:
            return
        async with aclosing(self._endpoints(client)) as pages:
            async for page in pages:
                for endpoint in page:
                    self._compare(endpoint)
        for key, row in self.targets.rows.items():
            if key not in self._found:
                self._missing(row)
        if not self._problems:
            await self._resolve(client)
        if self._problems:
            raise refused(self.targets.table.name, [text for _, text in sorted(self._problems)])
        order = {key: row.line for key, row in self.targets.rows.items()}
        self.items.sort(key=lambda item: (0, order[item.key]) if item.fields else (1, item.id))

    async def _endpoints(self, client: FleetClient) -> AsyncGenerator[Sequence[Any], None]:
        """Yield all endpoints, or, from the second page on, only those of the rows where that is less."""
        by_id = self.targets.key == "id" and not self.whole
        wanted = sorted(int(key) for key in self.targets.rows) if by_id else [0]
        handed = 0
        async for page in Sweep[Any](client, LIST).pages():
            yield page
            handed += 1
            lowest = page.items[0].id
            # Down to the first endpoint: what was created meanwhile, which the sweep reads now, is not
            # in the plan, whose fleet is that of its beginning.
            if (handed > 1 and page.current_page == 1) or lowest <= wanted[0]:
                return
            if handed == 1 and by_id:
                rest = wanted[: bisect_left(wanted, lowest)]
                pages = -(-((page.total_count or 0) - len(page)) // len(page))
                if len(rest) < pages:
                    yield [one for one in await get_many(client, LIST, GET, rest) if one is not None]
                    return

    def _compare(self, endpoint: Any) -> None:
        targets = self.targets
        self.read += 1
        key = targets.key_of(endpoint)
        if key in (None, ""):
            return  # no row could name it, so that the file lacks it says nothing
        row = targets.rows.get(key)
        if row is None:
            if self.prune:
                name = endpoint.name or ""
                shown = key if targets.key == "name" else endpoint.id
                self.items.append(PlanItem(id=endpoint.id, key=shown, name=name))
            return
        other = self._found.setdefault(key, endpoint.id)
        if other != endpoint.id:
            first, last = sorted((other, endpoint.id))
            self._fault(row, f"{key!r} is that of the endpoints {first} and {last}: use the column id")
            return
        sim = getattr(endpoint.sim, "id", None)
        if row.sim is not None and row.sim != sim:
            has = "none" if sim is None else str(sim)
            problem = f"the endpoint has the SIM {has}, not {row.sim}; a plan moves no SIMs"
            self._fault(row, problem, "sim.id")
            return
        wishes = self._wishes(row, endpoint)
        if wishes:
            self._differences.append(_Difference(row, endpoint.id, sim, wishes))

    def _wishes(self, row: Row, endpoint: Any) -> list[_Wish]:
        wishes = []
        values = row.values
        for one, columns in self._fields:
            before = one.current(endpoint)
            if all(
                (value := values[at]) is None
                or value == before
                or (one.listing is not None and value == one.label(endpoint))
                for at in columns
            ):
                continue
            if one.name == "sim.status" and endpoint.sim is None:
                self._fault(row, "the endpoint has no SIM whose status could be set", one.name)
                continue
            asked = [(self.targets.columns[at], values[at]) for at in columns if values[at] is not None]
            wishes.append(_Wish(one, before, one.label(endpoint), asked))
        return wishes

    def _missing(self, row: Row) -> None:
        name = {"id": "id", "iccid": "SIM", "name": "name"}[self.targets.key]
        self._fault(row, f"no endpoint has the {name} {row.key!r}")

    def _fault(self, row: Row, problem: str, column: str | None = None) -> None:
        place = self.targets.table.place(row.line, column or self.targets.key_column)
        self._problems.append((row.line, place + problem))

    async def _resolve(self, client: FleetClient) -> None:
        """Turn names of profiles into ids, with one call for each kind of profile that changes."""
        listings = {
            wish.field.name: wish.field.listing
            for one in self._differences
            for wish in one.wishes
            if wish.field.listing is not None
        }
        names: dict[str, _Names] = {}
        for name, listing in listings.items():
            profiles = await client._call(listing, options=OPTIONS)
            names[name] = _Names(name.replace("_", " "), profiles)
        for one in self._differences:
            changes = [self._change(one.row, wish, names) for wish in one.wishes]
            fields = tuple(change for change in changes if change is not None)
            guarded = any(change.field.startswith("sim.") for change in fields)
            if fields:
                self.items.append(
                    PlanItem(id=one.id, key=one.row.key, sim=one.sim if guarded else None, fields=fields)
                )

    def _change(self, row: Row, wish: _Wish, names: dict[str, _Names]) -> FieldChange | None:
        """Return the change, if all columns of the field mean the same."""
        if wish.field.listing is None:
            ((_, after),) = wish.asked
            new = wish.field.known(after)
        else:
            known = names[wish.field.name]
            found = {column: known.find(value) for column, value in wish.asked}
            for (column, value), ids in zip(wish.asked, found.values(), strict=True):
                if not ids:
                    self._fault(row, known.unknown(value), column)
                    return None
            ids = set.intersection(*found.values())
            column = " and ".join(found)
            if len(ids) != 1:
                problem = (
                    f"is the name of several, {', '.join(map(str, sorted(ids)))}: give the id"
                    if ids
                    else "they contradict each other: correct one, or leave one of the columns out"
                )
                self._fault(row, problem, column)
                return None
            (after,) = ids
            new = known.label(after)
        if after == wish.before:
            return None
        return FieldChange(field=wish.field.name, before=wish.before, after=after, old=wish.old, new=new)


class _Names:
    """The profiles of the account by id and by name."""

    def __init__(self, kind: str, profiles: Sequence[Any]) -> None:
        self._kind = kind
        self._names: dict[int, str | None] = {one.id: one.name for one in profiles}
        self._ids: dict[Value, set[int]] = {}
        for one in profiles:
            self._ids.setdefault(one.name, set()).add(one.id)

    def find(self, value: Value) -> set[int]:
        """Return those that have this id or name."""
        if isinstance(value, int):
            return {value} & self._names.keys()
        return self._ids.get(value, set())

    def unknown(self, value: Value) -> str:
        """Return what is wrong with an id or a name that nothing has."""
        known = [name for name in self._names.values() if name]
        hint = did_you_mean(value, known)
        return f"the account has no {self._kind} {value!r}; it has {', '.join(known)}{hint}"

    def label(self, number: int) -> Value:
        """Return the name of one, or the id of one without a name."""
        return self._names[number] or number
