"""Plans: a file, what differs, applying it, and every way in which the file or the fleet can be wrong."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import httpx
import pytest

from aioemnify import Emnify
from aioemnify.errors import ArgumentError, EmnifyError
from aioemnify.fleet import ExportError, Job, JournalError, Plan, PlanChange, PlanError, export
from aioemnify.fleet.plans.fields import COLUMNS, FIELDS
from aioemnify.models.endpoints import EndpointUpdate
from aioemnify.simulator import Simulator
from aioemnify.simulator.state.fleet import EndpointState, SimState
from tests.fleet.fleet_server import FleetServer, sizes

pytestmark = pytest.mark.anyio

ACTIVATED, SUSPENDED = 1, 2


@pytest.fixture
def rollback() -> bool:
    return True


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Return the path of a file that says what the fleet should be."""
    return tmp_path / "fleet.csv"


def write(path: Path, *lines: str, encoding: str = "utf-8") -> Path:
    path.write_bytes("\n".join([*lines, ""]).encode(encoding))
    return path


async def exported(emnify: Emnify, path: Path) -> list[dict[str, str]]:
    """Export the fleet and return its rows."""
    await export(emnify.endpoints.sweep(), path)
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def save(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def endpoints(simulator: Simulator) -> dict[int, EndpointState]:
    with simulator.lock:
        there = next(iter(simulator.installation.world.organisations.values())).endpoints
        return {one.id: one for one in there.states(there.select())}


def sims(simulator: Simulator) -> dict[int, SimState]:
    with simulator.lock:
        there = next(iter(simulator.installation.world.organisations.values())).sims
        return {one.id: one for one in there.states(there.select())}


def shown(plan: Plan) -> list[tuple[Any, ...]]:
    return [(one.key, one.field, one.old, one.new) for one in plan.changes]


def put(path: Path, content: bytes | None) -> None:
    """Replace a file; ``None`` removes it."""
    path.unlink(missing_ok=True)
    if content is not None:
        path.write_bytes(content)


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def skipped(path: Path) -> dict[int, str]:
    """Return the reasons in a report."""
    with path.open(encoding="utf-8", newline="") as file:
        return {int(row["key"]): row["message"] for row in csv.DictReader(file) if row["state"] == "skipped"}


def with_sim(server: FleetServer, status: int = ACTIVATED) -> list[EndpointState]:
    """Return the endpoints with a SIM in a status, lowest id first."""
    known = sims(server.simulator)
    found = endpoints(server.simulator).values()
    return sorted(
        (one for one in found if one.sim and known[one.sim].status == status), key=lambda one: one.id
    )


async def test_the_whole_story(server: FleetServer, table: Path, file: Path, tmp_path: Path) -> None:
    async with server.client() as emnify:
        rows = await exported(emnify, table)
        assert len(await Plan.from_csv(emnify, table)) == 0  # what was exported is what is there
        active = [row for row in rows if row["sim.status"] == "Activated"]
        active[0]["sim.status"] = "suspended"
        active[1] |= {"name": "pump; 1", "tags": "a,b", "imei_lock": "TRUE"}
        save(table, rows)

        plan = await Plan.from_csv(emnify, table)
        first, second = int(active[0]["id"]), int(active[1]["id"])
        before = endpoints(server.simulator)[second]
        assert sorted(shown(plan)) == sorted(
            [
                (first, "sim.status", "Activated", "Suspended"),
                (second, "name", before.name, "pump; 1"),
                (second, "tags", before.tags or "", "a,b"),
                (second, "imei_lock", False, True),
            ]
        )
        lines = str(plan).splitlines()
        assert lines[0] == f"plan of {table}, for {len(rows)} endpoints: 4 changes of 2 endpoints"
        assert f"  {first}: sim.status Activated → Suspended" in lines
        assert (
            "  2 items: 1 call of endpoints.update_bulk; 0 s, no limit delays it, 0.00% of the month" in lines
        )
        assert lines[-1].startswith("  these columns set nothing: tariff_profile.satellite_capable, created")

        plan.save(tmp_path / "fleet.plan")
        plan = Plan.load(emnify, tmp_path / "fleet.plan")
        server.writes.clear()
        report = await plan.apply(file)
        assert (report.counts["ok"], report.counts["skipped"], sizes(server.writes)) == (2, 0, [2])
        after = endpoints(server.simulator)
        assert sims(server.simulator)[int(active[0]["sim.id"])].status == SUSPENDED
        assert (after[second].name, after[second].tags, after[second].imei_lock) == ("pump; 1", "a,b", True)
        assert after[second].sim == before.sim

        again = await Plan.from_csv(emnify, table)
        assert (again.changes, bool(again)) == ([], False)
        assert str(again).splitlines()[0].endswith("nothing differs")
        assert (await again.apply()).calls == 0
        report = await plan.apply(file)  # the same job: it is done
        assert (report.counts["ok"], len(server.writes)) == (2, 1)


async def test_every_member_of_an_update_has_a_place() -> None:
    members = {one.name for one in attrs.fields(EndpointUpdate)}
    moved = {"ip_address_space", "sim"}  # a plan moves neither an endpoint to a space nor a SIM
    assert {name.partition(".")[0] for name in FIELDS} | moved == members
    assert {*FIELDS} - {*COLUMNS} == set()


@pytest.mark.parametrize("key", ["iccid", "sim.iccid", "iccid_with_luhn"])
async def test_rows_are_keyed_by_iccid(server: FleetServer, table: Path, key: str) -> None:
    async with server.client() as emnify:
        one = (await exported(emnify, table))[0]
        text = one["sim.iccid_with_luhn"] if "luhn" in key else one["sim.iccid"]
        write(table, f"{key};sim.status", f"{text};Suspended")
        plan = await Plan.from_csv(emnify, table)
        assert shown(plan) == [(one["sim.iccid"], "sim.status", one["sim.status"], "Suspended")]
        assert plan.changes[0].id == int(one["id"])


async def test_rows_are_keyed_by_name(server: FleetServer, table: Path) -> None:
    async with server.client() as emnify:
        one, other = with_sim(server)[:2]
        write(table, "name,tags,status", f"{one.name},x,Disabled", f"{other.name},,")
        plan = await Plan.from_csv(emnify, table)
        assert shown(plan) == [
            (one.name, "tags", one.tags or "", "x"),
            (one.name, "status", "Enabled", "Disabled"),
        ]
        assert str(plan.changes[1]) == f"{one.name} ({one.id}): status Enabled → Disabled"
        await emnify.endpoints.update(other.id, {"name": one.name})
        with pytest.raises(PlanError, match=rf"line 2, column name: '{one.name}' is that of the endpoints"):
            await Plan.from_csv(emnify, table)


async def test_a_few_rows_by_id_are_read_each(table: Path) -> None:
    server = FleetServer(sims=6000)
    async with server.client() as emnify:
        ids = sorted(endpoints(server.simulator))
        write(table, "id,tags", f"{ids[0]},x")
        assert len(await Plan.from_csv(emnify, table)) == 1
        assert len(server.reads) == 2  # the newest page, which counts the others, and one endpoint
        write(table, "id,tags", f"{ids[-1]},x")
        server.reads.clear()
        assert len(await Plan.from_csv(emnify, table)) == 1
        assert len(server.reads) == 1


async def test_profiles_are_found_by_name_and_by_id(server: FleetServer, table: Path) -> None:
    async with server.client() as emnify:
        one = with_sim(server)[0]
        known = {profile.id: profile.name for profile in await emnify.service_profiles.list()}
        other = next(number for number in known if number != one.service_profile)
        tariffs = {profile.id: profile.name for profile in await emnify.tariff_profiles.list()}
        for column, value in (
            ("service_profile", known[other]),
            ("service_profile", str(other)),
            ("service_profile.id", str(other)),
            ("service_profile.name", known[other]),
        ):
            server.reads.clear()
            write(table, f"id,{column},tariff_profile", f"{one.id},{value},{tariffs[one.tariff_profile]}")
            plan = await Plan.from_csv(emnify, table)
            assert shown(plan) == [(one.id, "service_profile", known[one.service_profile], known[other])]
            assert [read.url.path for read in server.reads][1:] == ["/api/v1/service_profile"]
        # As in an export, of which both columns were changed.
        write(
            table,
            "id,service_profile.id,service_profile.name",
            f"{one.id},{other},{known[other]}",
        )
        plan = await Plan.from_csv(emnify, table)
        assert len(plan) == 1
        await plan.apply()
        assert endpoints(server.simulator)[one.id].service_profile == other


async def test_profiles_that_cannot_be_meant(server: FleetServer, table: Path) -> None:
    async with server.client() as emnify:
        one = with_sim(server)[0]
        known = {profile.id: profile.name for profile in await emnify.service_profiles.list()}
        third = (await emnify.service_profiles.create({"name": "third"})).id
        (other, *_) = (number for number in known if number != one.service_profile)
        write(table, "id,service_profile.id,service_profile.name", f"{one.id},{other},third")
        with pytest.raises(
            PlanError, match=r"column service_profile.id and service_profile.name: they contradict"
        ):
            await Plan.from_csv(emnify, table)
        write(table, "id,service_profile", f"{one.id},thirt")
        with pytest.raises(PlanError, match=r"column service_profile: .* 'thirt'.*did you mean 'third'"):
            await Plan.from_csv(emnify, table)
        write(table, "id,service_profile", f"{one.id},999")
        with pytest.raises(PlanError, match="the account has no service profile 999;"):
            await Plan.from_csv(emnify, table)
        fourth = (await emnify.service_profiles.create({"name": "fourth"})).id
        await emnify.service_profiles.update(fourth, {"name": "third"})
        write(table, "id,service_profile", f"{one.id},third")
        with pytest.raises(PlanError, match=f"is the name of several, {third}, {fourth}: give the id"):
            await Plan.from_csv(emnify, table)


BAD: dict[str, tuple[list[str], str]] = {
    "empty": ([], "line 1: the file is empty"),
    "no key": (["tags,status", "a,Enabled"], "no column identifies the endpoints"),
    "nothing to set": (["id,created", "1,"], "line 1: no column sets anything; these do: name, tags"),
    "unknown column": (["id,taggs", "{id},x"], r"line 1: an unknown column 'taggs'; did you mean 'tags'\?"),
    "a SIM's column": (["id,customer_org.name", "1,x"], "is a column of SIMs, and a plan is about endpoints"),
    "a column of the SIM": (["id,imsi,tags", "1,x,y"], "a column of the SIM is 'sim.imsi'"),
    "no name": (["id,,tags", "1,x,y"], "line 1: a column without a name"),
    "twice": (["id,tags,tags", "1,x,y"], "the column 'tags' comes twice"),
    "whose status": (["iccid,status", "{iccid},1"], "'status' could be that of the SIM or of the endpoint"),
    "status": (
        ["id,status", "{id},Enabled", "{id2},Enabeld"],
        "line 3, column status: takes one of Enabled, Disabled, not 'Enabeld'; did you mean 'Enabled'",
    ),
    "deleted": (["id,status", "{id},Deleted"], "line 2, column status: takes one of Enabled, Disabled"),
    "lock": (["id,imei_lock", "{id},maybe"], "line 2, column imei_lock: takes true or false, not 'maybe'"),
    "imei": (["id,imei", "{id},8.65E+14"], "line 2, column imei: .*a spreadsheet has rounded it"),
    "address": (["id,ip_address", "{id},10.0.0"], "line 2, column ip_address: takes an IPv4 address"),
    "profile id": (["id,service_profile.id", "{id},x"], "line 2, column service_profile.id: takes an id"),
    "key": (["id,tags", "x,a"], "line 2, column id: takes an id, not 'x'"),
    "rounded key": (["iccid,tags", "8.9E+18,a"], "line 2, column iccid: .*19 or 20 digits.*rounded it"),
    "no endpoint": (["id,tags", "999999,a"], "line 2, column id: no endpoint has the id 999999"),
    "no key in a row": (["id,tags", ",a"], "line 2, column id: is empty"),
    "duplicate": (["id,tags", "{id},a", "", "{id},b"], r"line 4, column id: \d+ is in line 2 already"),
    "two ICCIDs": (["iccid,tags", "{iccid},a", "{luhn},b"], "line 3, column iccid: '[0-9]+' is in line 2"),
    "cells": (["id,tags", "{id}"], "line 2: it has 1 cells, and the line of names has 2"),
    "quotes": (["id,tags", '{id},"a"b'], "line 2: it is not CSV"),
    "another SIM": (
        ["id,sim.id,sim.status", "{id},999999,Activated"],
        "line 2, column sim.id: the endpoint has the SIM",
    ),
    "NUL": (["id,tags", "{id},a\0"], "line 2: it has a NUL character"),
}


@pytest.mark.parametrize("name", BAD)
async def test_a_wrong_file_changes_nothing(server: FleetServer, table: Path, name: str) -> None:
    lines, message = BAD[name]
    one, other = with_sim(server)[:2]
    async with server.client() as emnify:
        sim = await emnify.sims.get(one.sim or 0)
        facts = {"id": one.id, "id2": other.id, "iccid": sim.iccid, "luhn": sim.iccid_with_luhn}
        put(table, "\n".join(lines).format_map(facts).encode())
        with pytest.raises(PlanError, match=message) as raised:
            await Plan.from_csv(emnify, table)
        assert str(table) in str(raised.value)
        assert not server.writes


async def test_all_problems_are_named(server: FleetServer, table: Path) -> None:
    ids = sorted(endpoints(server.simulator))[:14]
    async with server.client() as emnify:
        write(table, "id,status", *(f"{one},on" for one in ids))
        with pytest.raises(PlanError) as raised:
            await Plan.from_csv(emnify, table)
        assert len(raised.value.problems) == 14
        assert str(raised.value).splitlines()[0].endswith("has 14 problems:")
        assert str(raised.value).splitlines()[-1] == "  and 4 more"


async def test_an_endpoint_without_a_sim_has_no_status_of_one(server: FleetServer, table: Path) -> None:
    async with server.client() as emnify:
        profiles = {"service_profile": 400001, "tariff_profile": 400003, "status": 0}
        made = await emnify.endpoints.create({"name": "bare", **profiles})
        write(table, "id,sim.status", f"{made.id},")
        assert len(await Plan.from_csv(emnify, table)) == 0
        write(table, "id,sim.status", f"{made.id},Suspended")
        with pytest.raises(PlanError, match=r"line 2, column sim.status: the endpoint has no SIM"):
            await Plan.from_csv(emnify, table)


@pytest.mark.parametrize(
    "content",
    [
        "\ufeffid;tags\r\n{id};größer\r\n".encode(),
        "id,tags\r\n{id},größer\r\n".encode(),
        "id\ttags\n{id}\tgrößer\n;".rstrip(";").encode(),
        "sep=;\r\nid;tags\r\n{id};größer\r\n".encode(),
        '\ufeff"id";"tags"\n\n{id};"größer"\n;\n'.encode(),
    ],
)
async def test_what_spreadsheets_write_is_read(server: FleetServer, table: Path, content: bytes) -> None:
    one = with_sim(server)[0]
    async with server.client() as emnify:
        put(table, content.replace(b"{id}", str(one.id).encode()))
        assert [change.new for change in (await Plan.from_csv(emnify, table)).changes] == ["größer"]


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-16", "line 1: the file is UTF-16 text, not UTF-8: save it as 'CSV UTF-8'"),
        ("latin-1", "line 3: it is not UTF-8 text: save it as"),
    ],
)
async def test_other_encodings_are_refused(
    server: FleetServer, table: Path, encoding: str, message: str
) -> None:
    one, other = with_sim(server)[:2]
    async with server.client() as emnify:
        write(table, "id,tags", f"{one.id},x", f"{other.id},größer", encoding=encoding)
        with pytest.raises(PlanError, match=message):
            await Plan.from_csv(emnify, table)
        put(table, None)
        with pytest.raises(PlanError, match="cannot be read: No such file"):
            await Plan.from_csv(emnify, table)


async def test_the_apostrophe_of_an_export_is_taken_away(server: FleetServer, table: Path) -> None:
    one, other = with_sim(server)[:2]
    async with server.client() as emnify:
        await emnify.endpoints.update(one.id, {"name": "=1+1"})
        await emnify.endpoints.update(other.id, {"name": "'=1+1"})
        rows = await exported(emnify, table)
        assert {row["name"] for row in rows} >= {"'=1+1", "''=1+1"}
        assert (await Plan.from_csv(emnify, table)).changes == []


async def test_an_empty_cell_keeps_or_clears(server: FleetServer, table: Path) -> None:
    one = with_sim(server)[0]
    async with server.client() as emnify:
        await emnify.endpoints.update(one.id, {"tags": "old", "name": "kept"})
        write(table, "id,tags,name,sim.status", f"{one.id},,,")
        assert len(await Plan.from_csv(emnify, table)) == 0
        plan = await Plan.from_csv(emnify, table, empty="clear")
        assert str(plan.changes[0]) == f"{one.id}: tags old → (nothing)"
        assert len(plan) == 1
        await plan.apply()
        assert (await emnify.endpoints.get(one.id)).tags in (None, "")
        assert len(await Plan.from_csv(emnify, table, empty="clear")) == 0


async def test_what_has_changed_since_is_not_overwritten(
    server: FleetServer, table: Path, file: Path, tmp_path: Path
) -> None:
    good, taken, gone, done, moved = with_sim(server)[:5]
    async with server.client() as emnify:
        write(
            table,
            "id,name,sim.status",
            *(f"{one.id},new-{one.id},Suspended" for one in (good, taken, gone, done, moved)),
        )
        plan = await Plan.from_csv(emnify, table)
        await emnify.endpoints.update(taken.id, {"name": "of somebody else"})
        await emnify.endpoints.delete_many([gone.id])
        await emnify.endpoints.update(
            done.id, {"name": f"new-{done.id}", "sim": {"id": done.sim, "status": SUSPENDED}}
        )
        await emnify.endpoints.update(moved.id, {"sim": {"id": None}})
        server.writes.clear()
        report = await plan.apply(file)
        assert {state: count for state, count in report.counts.items() if count} == {"ok": 2, "skipped": 3}
        assert sizes(server.writes) == [1]
        assert dict(report.errors) == {"changed since the plan": 3}
        now = endpoints(server.simulator)
        assert (now[good.id].name, now[taken.id].name) == (f"new-{good.id}", "of somebody else")
        assert sims(server.simulator)[taken.sim or 0].status == ACTIVATED
        report.to_csv(tmp_path / "report.csv")
        reasons = skipped(tmp_path / "report.csv")
        assert reasons == {
            taken.id: f"changed since the plan: name was {taken.name}, and is of somebody else",
            gone.id: "changed since the plan: the endpoint does not exist any more",
            moved.id: f"changed since the plan: it had the SIM {moved.sim}, and has none",
        }
        # Put back and applied again, they are looked at again.
        async with Job(emnify, file) as job:
            assert job.retry("skipped") == 3
        await emnify.endpoints.update(taken.id, {"name": taken.name})
        assert (await plan.apply(file)).counts["skipped"] == 2
        assert endpoints(server.simulator)[taken.id].name == f"new-{taken.id}"


async def test_the_check_reads_pages_or_each_whichever_is_less(table: Path) -> None:
    server = FleetServer(sims=3000)
    ids = sorted(endpoints(server.simulator))
    async with server.client() as emnify:
        for count, reads in ((1, 1), (len(ids), 3)):
            write(table, "id,tags", *(f"{one},t{count}" for one in ids[:count]))
            plan = await Plan.from_csv(emnify, table)
            server.reads.clear()
            await plan.apply()
            assert len(server.reads) == reads


async def test_pruning_needs_a_cap_and_keeps_it(server: FleetServer, table: Path, file: Path) -> None:
    async with server.client() as emnify:
        rows = await exported(emnify, table)
        total, missing = len(rows), rows.pop(3)
        rows[0]["tags"] = "changed"
        save(table, rows)
        with pytest.raises(ArgumentError, match="prune deletes endpoints, so it needs a cap"):
            await Plan.from_csv(emnify, table, prune=True)
        for cap in (1, "1%", 0, "0%"):
            with pytest.raises(
                PlanError, match=f"would change 2 endpoints of {total}, 1 of them by deletion"
            ):
                await Plan.from_csv(emnify, table, prune=True, max_changes=cap)
        plan = await Plan.from_csv(emnify, table, prune=True, max_changes="50%")
        gone = int(missing["id"])
        assert plan.changes[-1] == PlanChange(
            kind="deleted", key=gone, id=gone, field=None, old=missing["name"], new=None
        )
        assert str(plan.changes[-1]) == f"{gone}: deleted, {missing['name']!r}"
        assert "  1 x deleted" in str(plan).splitlines()
        report = await plan.apply(file)
        assert (report.counts["ok"], report.calls) == (2, 2)
        assert gone not in endpoints(server.simulator)
        again = await Plan.from_csv(emnify, table, prune=True, max_changes=0)
        assert not again
        with pytest.raises(PlanError, match="more than the cap of 5% "):  # an empty file is not a wish
            await Plan.from_csv(emnify, write(table, "id,tags"), prune=True, max_changes="5%")


@pytest.mark.parametrize("key", ["sim.iccid", "name"])
async def test_what_no_row_can_name_is_not_deleted(server: FleetServer, table: Path, key: str) -> None:
    profiles: Any = {"service_profile": 400001, "tariff_profile": 400003, "status": 0}
    async with server.client() as emnify:
        made = await emnify.endpoints.create({"name": "", **profiles})
        rows = [row for row in await exported(emnify, table) if row["id"] != str(made.id)]
        write(table, f"{key};tags", *(f"{row[key]};{row['tags']}" for row in rows[1:]))
        plan = await Plan.from_csv(emnify, table, prune=True, max_changes=1)
        assert [(one.kind, one.id) for one in plan.changes] == [("deleted", int(rows[0]["id"]))]


@pytest.mark.parametrize("cap", ["5", "x%", "-1%", "101%", "nan%", "", -1, 2.5, True])
async def test_caps_that_mean_nothing(server: FleetServer, table: Path, cap: Any) -> None:
    async with server.client() as emnify:
        with pytest.raises(ArgumentError, match="max_changes"):
            await Plan.from_csv(emnify, table, max_changes=cap)
    assert not server.reads


async def test_a_deletion_is_refused_where_the_endpoint_is_another_now(
    server: FleetServer, table: Path
) -> None:
    async with server.client() as emnify:
        rows = await exported(emnify, table)
        first, second = int(rows.pop(0)["id"]), int(rows.pop(0)["id"])
        save(table, rows)
        plan = await Plan.from_csv(emnify, table, prune=True, max_changes=2)
        await emnify.endpoints.update(first, {"name": "in use"})
        await emnify.endpoints.delete_many([second])
        server.writes.clear()
        report = await plan.apply()
        assert (report.counts["ok"], report.counts["skipped"], server.writes) == (1, 1, [])
        assert first in endpoints(server.simulator)


async def test_numbers_that_come_as_json_numbers_are_text(server: FleetServer, table: Path) -> None:
    class Numbers(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await server.handle_async_request(request)
            if not request.url.path.endswith("/endpoint"):
                return answer
            text = re.sub(rb'"(imei|iccid)":"([0-9]+)"', rb'"\1":\2', await answer.aread())
            headers = {name: value for name, value in answer.headers.items() if name.startswith("x-")}
            return httpx.Response(200, headers=headers, content=text)

    one = next(one for one in with_sim(server) if one.imei)
    async with server.client() as emnify:
        iccid = (await emnify.sims.get(one.sim or 0)).iccid
    write(table, "iccid,imei,tags", f"{iccid},{one.imei},new")
    options: dict[str, Any] = {"base_url": server.simulator.url, "clock": server.clock}
    async with Emnify(server.simulator.application_token, transport=Numbers(), **options) as emnify:
        plan = await Plan.from_csv(emnify, table)
        assert shown(plan) == [(iccid, "tags", one.tags or "", "new")]


async def test_the_file_of_a_plan_is_not_replaced_by_the_plan(server: FleetServer, table: Path) -> None:
    one = with_sim(server)[0]
    async with server.client() as emnify:
        plan = await Plan.from_csv(emnify, write(table, "id,tags", f"{one.id},new"))
        with pytest.raises(ArgumentError, match="is the file that the plan was made of"):
            plan.save(table)


async def saved(server: FleetServer, table: Path, plan: Path) -> int:
    one = with_sim(server)[0]
    async with server.client() as emnify:
        write(table, "id,tags", f"{one.id},saved")
        (await Plan.from_csv(emnify, table)).save(plan)
    return one.id


async def test_a_plan_of_another_workspace_is_refused(
    server: FleetServer, table: Path, tmp_path: Path
) -> None:
    path = tmp_path / "fleet.plan"
    await saved(server, table, path)
    async with server.client(token=server.simulator.second_application_token) as other:
        plan = Plan.load(other, path)  # which workspace it is shows the first call
        with pytest.raises(PlanError, match="is one of workspace .* nothing was changed"):
            await plan.apply(tmp_path / "a.job")
        with pytest.raises(PlanError, match="is one of workspace"):
            Plan.load(other, path)
    async with server.client(base_url="https://localhost:1") as other:
        with pytest.raises(PlanError, match=r"is a plan for .*, and this client calls https://localhost:1"):
            Plan.load(other, path)
    assert not server.writes


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda kept: kept.update(plan=2), "was written by a newer aioemnify"),
        (lambda kept: kept.update(plan="x"), "is not a plan, or is damaged"),
        (lambda kept: kept.pop("content"), "is not a plan"),
        (lambda kept: kept["content"].pop("server"), "is not a plan"),
        (lambda kept: kept["content"]["items"][0]["fields"][0].update(field="colour"), "unknown fields"),
        (lambda kept: kept["content"]["items"].append(kept["content"]["items"][0]), "an endpoint twice"),
    ],
)
async def test_a_plan_that_cannot_be_read(
    server: FleetServer, table: Path, tmp_path: Path, change: Change, message: str
) -> None:
    path = tmp_path / "fleet.plan"
    await saved(server, table, path)
    kept = json.loads(content_of(path))
    change(kept)
    put(path, json.dumps(kept).encode())
    async with server.client() as emnify:
        with pytest.raises(PlanError, match=message):
            Plan.load(emnify, path)
        put(path, b"\xff")
        with pytest.raises(PlanError, match="is not a plan"):
            Plan.load(emnify, path)
        put(path, None)
        with pytest.raises(PlanError, match="cannot be read"):
            Plan.load(emnify, path)
        with pytest.raises(ExportError, match="cannot be written"):
            (await Plan.from_csv(emnify, table)).save(tmp_path / "none" / "fleet.plan")


async def test_a_plan_of_an_older_fleet_skips_all_that_changed(
    server: FleetServer, table: Path, tmp_path: Path
) -> None:
    path = tmp_path / "fleet.plan"
    number = await saved(server, table, path)
    async with server.client() as emnify:
        await emnify.endpoints.update(number, {"tags": "newer"})
        server.writes.clear()
        report = await Plan.load(emnify, path).apply(tmp_path / "a.job")
        assert (report.counts["skipped"], server.writes) == (1, [])
        assert "changed since the plan" in str(report)


async def test_a_journal_of_something_else_is_refused(server: FleetServer, table: Path, file: Path) -> None:
    one, other = with_sim(server)[:2]
    async with server.client() as emnify:
        write(table, "id,tags", f"{one.id},x")
        first = await Plan.from_csv(emnify, table)
        write(table, "id,tags", f"{other.id},x")
        second = await Plan.from_csv(emnify, table)
        await first.apply(file)
        with pytest.raises(ArgumentError, match="is that of another plan or another job"):
            await second.apply(file)
        put(file, None)
        async with Job(emnify, file) as job:
            await job.add("endpoints.update", [(one.id, {"name": "x"})])
        with pytest.raises(ArgumentError, match="is that of another plan or another job"):
            await second.apply(file)
        put(file, b"no database, but long enough to be taken for one" * 20)
        with pytest.raises(JournalError):
            await second.apply(file)
    assert len(server.writes) == 1


async def test_the_job_of_a_plan_shows_its_outcomes(server: FleetServer, table: Path, file: Path) -> None:
    one = with_sim(server)[0]
    async with server.client() as emnify:
        write(table, "id,imei,tags", f"{one.id},35838700739519,x")
        server.faults.append(lambda _: httpx.Response(422, json={"message": "not this one"}))
        async with (await Plan.from_csv(emnify, table)).job(file) as job:
            outcomes = [outcome async for outcome in job.run()]
        assert [(outcome.key, outcome.state) for outcome in outcomes] == [(one.id, "failed")]


@pytest.mark.parametrize("path", [None, 7, b"x"])
async def test_paths_that_are_none(server: FleetServer, path: Any) -> None:
    async with server.client() as emnify:
        for call in (Plan.from_csv(emnify, path),):
            with pytest.raises(ArgumentError, match="path"):
                await call
        with pytest.raises(ArgumentError, match="path"):
            Plan.load(emnify, path)


@pytest.mark.parametrize("journal", [7, b"x"])
async def test_journals_that_are_none(server: FleetServer, table: Path, journal: Any) -> None:
    async with server.client() as emnify:
        write(table, "id,tags", f"{with_sim(server)[0].id},x")
        plan = await Plan.from_csv(emnify, table)
        with pytest.raises(ArgumentError, match="journal.*takes a path, or None for memory"):
            await plan.apply(journal)
    assert not server.writes


def swap(row: dict[str, str], field: str, known: dict[int, str]) -> None:
    """Give a row another profile."""
    number, name = next(one for one in known.items() if one[1] != row[f"{field}.name"])
    row |= {f"{field}.id": str(number), f"{field}.name": name}


async def test_twelve_thousand_endpoints(table: Path, file: Path) -> None:
    server = FleetServer(sims=20_000)
    async with server.client() as emnify:
        rows = await exported(emnify, table)
        assert len(rows) == 12_400
        services = {one.id: one.name for one in await emnify.service_profiles.list()}
        tariffs = {one.id: one.name for one in await emnify.tariff_profiles.list()}
        for number, row in enumerate(rows[:1488]):
            if number % 3 == 0 and row["sim.status"] == "Activated":
                row["sim.status"] = "Suspended"
            elif number % 3 == 1:
                swap(row, "service_profile", services)
                swap(row, "tariff_profile", tariffs)
            else:
                row["name"] += " new"
        save(table, rows)
        server.reads.clear()
        plan = await Plan.from_csv(emnify, table)
        assert len({change.id for change in plan.changes}) == 1488
        assert len(server.reads) <= 15
        report = await plan.apply(file)
        assert (report.counts["ok"], len(server.writes)) == (1488, 1)
        assert not await Plan.from_csv(emnify, table)


async def test_what_goes_wrong_while_reading_leaves_nothing(server: FleetServer, table: Path) -> None:
    class Broken(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            if request.url.path.endswith("/authenticate"):
                return await server.handle_async_request(request)
            return httpx.Response(403, json={"message": "no"})

    one = with_sim(server)[0]
    write(table, "id,tags", f"{one.id},x")
    async with Emnify(
        server.simulator.application_token,
        transport=Broken(),
        base_url=server.simulator.url,
        clock=server.clock,
    ) as emnify:
        with pytest.raises(EmnifyError):
            await Plan.from_csv(emnify, table)
