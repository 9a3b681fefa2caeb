"""Mirrors: exactly the changes, nothing gone too early, nothing lost, and clear errors."""

from __future__ import annotations

import json
import random
import resource
import shutil
import sqlite3
import stat
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import anyio
import pytest
from attrs import asdict

from aioemnify import to_row
from aioemnify.errors import ArgumentError, ClientStateError, PermissionDeniedError
from aioemnify.fleet import Change, Mirror, MirrorError, export
from aioemnify.fleet.mirror import database as database_module
from aioemnify.fleet.mirror import schema
from aioemnify.models import SimStatus
from tests.fleet.fleet_server import FleetServer
from tests.fleet.list_server import LARGEST, START, ListServer

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)  # real time: queries run in threads


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "fleet.db"


def names_in(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


def mode_of(file: Path) -> int:
    return stat.S_IMODE(file.stat().st_mode)


def put(file: Path, content: bytes | None) -> None:
    """Replace a file; ``None`` removes it."""
    file.unlink(missing_ok=True)
    if content is not None:
        file.write_bytes(content)


def content_of(file: Path) -> bytes:
    return file.read_bytes()


async def synced(server: ListServer, file: Path, *names: Any, **options: Any) -> dict[str, dict[str, Any]]:
    async with server.client() as emnify, Mirror(emnify, file) as mirror:
        return {name: asdict(one) for name, one in (await mirror.sync(*names, **options)).items()}


async def changes(file: Path, **options: Any) -> list[Change]:
    async with Mirror(None, file) as mirror:
        return [one async for one in mirror.changes(**options)]


def stored(file: Path, table: str) -> dict[int, dict[str, Any]]:
    with closing(sqlite3.connect(file)) as database:
        return {key: json.loads(text) for key, text in database.execute(f"SELECT * FROM {table}_json")}


def same(file: Path, server: ListServer, kind: str) -> bool:
    there = stored(file, kind)
    names = {"sim": ["iccid", "imsi"], "endpoint": ["name"], "event": ["description"]}[kind]
    return {key: [one.get(name) for name in names] for key, one in there.items()} == {
        key: [one.get(name) for name in names] for key, one in server.items[kind].items()
    }


async def test_the_views_have_the_columns_and_values_of_to_row(file: Path) -> None:
    server = FleetServer(latency=0, sims=200)
    async with server.client(throttling=None) as emnify, Mirror(emnify, file) as mirror:
        await mirror.sync()
        for table, items in (
            ("sim", await emnify.sims.list().collect()),
            ("endpoint", await emnify.endpoints.list().collect()),
        ):
            rows = {row["id"]: row for row in await mirror.sql(f"SELECT * FROM {table}")}
            assert len(rows) == len(items)
            for item in items:
                for name, value in to_row(item).items():
                    got = rows[item.id][name]
                    if isinstance(value, datetime):
                        got = datetime.fromisoformat(got)
                    elif isinstance(value, (list, dict)):
                        got = json.loads(got)
                    assert got == value, name
        models = [sim async for sim in mirror.table("sims")]
        assert models == await emnify.sims.list(sort="id").collect()
    assert mode_of(file) == 0o600
    assert server.simulator.application_token.encode() not in content_of(file)


async def test_a_lookup_without_a_label_has_that_of_the_schema(file: Path) -> None:
    server = ListServer(sims=2)
    server.items["sim"][1]["status"] = {"id": SimStatus.SUSPENDED.id}
    server.items["sim"][2]["status"] = {"id": 77}
    await synced(server, file, "sims")
    async with Mirror(None, file) as mirror:
        rows = await mirror.sql("SELECT status FROM sim ORDER BY id")
        assert [row["status"] for row in rows] == ["Suspended", "77"]
        assert [to_row(sim)["status"] async for sim in mirror.table("sims")] == ["Suspended", "77"]


async def test_exactly_the_changes_are_found(file: Path) -> None:
    server = ListServer(sims=130)
    first = (await synced(server, file, "sims"))["sims"]
    assert (first["new"], first["items"], first["first"], first["full"]) == (0, 130, True, True)
    assert await changes(file) == []
    chance = random.Random(1)
    some = chance.sample(sorted(server.items["sim"]), 30)
    for number in some[:20]:
        server.change("sim", number, status={"id": 2, "description": "Suspended"}, imsi="1")
    for number in some[20:]:
        server.remove("sim", number)
    new = [server.add("sim") for _ in range(7)]
    report = (await synced(server, file, "sims"))["sims"]
    assert (report["new"], report["changed"], report["gone"], report["items"]) == (7, 20, 10, 127)
    found = await changes(file)
    fields = {(one.id, one.field, one.old, one.new) for one in found if one.kind == "changed"}
    assert fields == {
        change
        for number in some[:20]
        for change in ((number, "status", "Activated", "Suspended"), (number, "imsi", None, "1"))
    }
    gone = {one.id: one.old for one in found if one.kind == "gone"}
    assert gone.keys() == set(some[20:])
    assert all(row["iccid"] == f"89{number:017}" for number, row in gone.items())
    created = {one.id: one.new["status"] for one in found if one.kind == "new"}
    assert created == dict.fromkeys(new, "Activated")
    assert len(found) == 40 + 10 + 7
    assert same(file, server, "sim")
    text = str(next(one for one in found if one.field == "status" and one.id == some[0]))
    assert text == f"sims {some[0]} status: Activated → Suspended"


async def test_changes_come_from_a_time_or_a_number_on(file: Path) -> None:
    server = ListServer(endpoints=3)
    async with server.client() as emnify, Mirror(emnify, file) as mirror:
        await mirror.sync("endpoints")
        for name in ("a", "b"):
            server.change("endpoint", 1, name=name)
            await mirror.sync("endpoints")
        found = [one async for one in mirror.changes()]
        names = [one for one in found if one.field == "name"]
        assert [(one.old, one.new) for one in names] == [("pump-1", "a"), ("a", "b")]
        times = [one for one in found if one.field == "last_updated"]
        assert all(isinstance(one.old, datetime) and one.old < one.new for one in times)
        later = [one async for one in mirror.changes(since=found[-1].at)]
        assert later and {one.at for one in later} <= {one.at for one in found}
        assert [one async for one in mirror.changes(since=found[-1].at + timedelta(seconds=1))] == []
        assert [one async for one in mirror.changes(after=found[1].number)] == found[2:]
        with pytest.raises(ArgumentError, match="with a zone"):
            await anext(mirror.changes(since=datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_an_unchanged_fleet_writes_no_row_and_costs_a_sweep(file: Path) -> None:
    server = ListServer(sims=500)
    await synced(server, file, "sims")
    before, calls = stored(file, "sim"), len(server.calls)
    rows = content_of(file)
    report = (await synced(server, file, "sims"))["sims"]
    taken = len(server.calls) - calls
    assert (report["new"], report["changed"], report["gone"]) == (0, 0, 0)
    assert stored(file, "sim") == before and await changes(file) == []
    now = content_of(file)
    changed = sum(rows[at : at + 8192] != now[at : at + 8192] for at in range(0, len(rows), 8192))
    assert len(rows) == len(now) and changed <= 2  # the header, and when it was
    calls = len(server.calls)
    async with server.client() as emnify:
        await emnify.sims.sweep().pages().__anext__()
        async for _ in emnify.sims.sweep():
            pass
    assert taken == len(server.calls) - calls - 1


async def test_endpoints_are_read_from_the_newest_change_on(file: Path) -> None:
    server = ListServer(endpoints=100)
    await synced(server, file, "endpoints")
    calls = len(server.calls)
    report = (await synced(server, file, "endpoints"))["endpoints"]
    assert len(server.calls) - calls == 1 and not report["full"]
    for number in range(1, 31):
        server.change("endpoint", number, name=f"x{number}")
    server.add("endpoint")
    calls = len(server.calls)
    report = (await synced(server, file, "endpoints"))["endpoints"]
    assert (report["new"], report["changed"], report["full"]) == (1, 30, False)
    assert len(server.calls) - calls == 3  # two pages, and the first one again
    assert same(file, server, "endpoint")


async def test_endpoints_are_swept_where_some_are_gone(file: Path) -> None:
    server = ListServer(endpoints=50)
    await synced(server, file, "endpoints")
    server.remove("endpoint", 7)
    server.add("endpoint")
    report = (await synced(server, file, "endpoints"))["endpoints"]
    assert (report["new"], report["gone"], report["full"]) == (1, 1, True)
    server.items["endpoint"][8]["imei"] = "1"  # without an update
    assert (await synced(server, file, "endpoints"))["endpoints"]["changed"] == 0
    assert (await synced(server, file, "endpoints", full=True))["endpoints"]["changed"] == 1


async def test_events_are_read_from_the_newest_one_on(file: Path) -> None:
    server = ListServer(events=90)
    report = (await synced(server, file, "events"))["events"]
    assert (report["items"], report["full"]) == (90, True)
    server.ticks += 3 * 3600
    new = [server.add("event") for _ in range(25)]
    late = server.add("event", timestamp=(START + timedelta(seconds=80)).isoformat())
    calls = len(server.calls)
    report = (await synced(server, file, "events"))["events"]
    assert (report["new"], report["full"], report["items"]) == (26, False, 116)
    assert all("from:2026-11-28T23:" in call["q"] for call in server.calls[calls:])
    server.items["event"] = {number: server.items["event"][number] for number in new}
    assert (await synced(server, file, "events"))["events"]["items"] == 116  # old ones stay
    assert late in stored(file, "event") and await changes(file) == []


async def test_no_token_in_an_event_reaches_the_file(file: Path) -> None:
    server = ListServer()
    token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdef"
    server.add("event", detail={"header": f'Bearer {token}"', "token": token}, description=f"got {token}")
    await synced(server, file, "events")
    (event,) = stored(file, "event").values()
    assert event["description"] == "got (hidden)" and event["detail"]["token"] == "(hidden)"
    assert b"eyJzdWIi" not in content_of(file)


@pytest.mark.parametrize("kind", ["sim", "endpoint", "event"])
@pytest.mark.parametrize("stop", range(0, 12, 2))
async def test_an_interrupted_sync_concludes_nothing_and_continues(file: Path, stop: int, kind: Any) -> None:
    server = ListServer(**{f"{kind}s": 130})
    await synced(server, file, f"{kind}s")
    for number in range(1, 130, 5):
        server.remove(kind, number)
    calls, server.failing_after = len(server.calls), len(server.calls) + stop
    try:
        await synced(server, file, f"{kind}s", full=True)
    except PermissionDeniedError:
        assert [one for one in await changes(file) if one.kind == "gone"] == []
        assert len(stored(file, kind)) == 130
        server.failing_after = None
        before = len(server.calls)
        await synced(server, file, f"{kind}s", full=True)
        assert len(server.calls) - calls <= 14 + 6  # a sweep's, and those in flight
        if stop > 8:
            assert len(server.calls) - before < 10
    kept = 130 if kind == "event" else 104
    assert len(stored(file, kind)) == kept
    if kind != "event":
        gone = [one.id for one in await changes(file) if one.kind == "gone"]
        assert gone == sorted(set(gone)) and set(gone) == set(range(1, 130, 5))


@pytest.mark.parametrize("seed", range(12))
async def test_a_list_that_changes_all_the_time_ends_as_it_is(file: Path, seed: int) -> None:
    chance = random.Random(seed)
    server = ListServer(sims=200, endpoints=200)
    await synced(server, file, "sims", "endpoints")

    def disturb() -> None:
        kind = chance.choice(["sim", "endpoint"])
        for _ in range(chance.randint(0, 3)):
            action, number = chance.random(), chance.choice(sorted(server.items[kind]))
            if action < 0.3:
                server.remove(kind, number)
            elif action < 0.6:
                server.add(kind)
            else:
                server.change(kind, number, imsi=str(chance.random()), name=str(chance.random()))

    for _ in range(3):
        server.before_page = disturb
        server.failing_after = len(server.calls) + chance.randint(3, 60)
        with suppress(PermissionDeniedError):
            await synced(server, file)
    server.before_page, server.failing_after = lambda: None, None
    await synced(server, file)
    await synced(server, file)
    assert same(file, server, "sim")
    assert same(file, server, "endpoint")
    # The changes lead from one state to the other.
    now = set[tuple[str, int]]((kind, number) for kind in ("sims", "endpoints") for number in range(1, 401))
    for one in await changes(file):
        key = (one.collection, one.id)
        (now.add if one.kind == "new" else now.discard if one.kind == "gone" else id)(key)  # type: ignore[operator]
    there = {(f"{kind}s", number) for kind in ("sim", "endpoint") for number in server.items[kind]}
    first = {("sims", one) for one in range(1, 201)} | {("endpoints", one) for one in range(201, 401)}
    assert {one for one in now if one in first or one[1] > 400} == there


async def test_an_old_interruption_begins_again(file: Path) -> None:
    server = ListServer(sims=130)
    await synced(server, file, "sims")
    server.failing_after = len(server.calls) + 4
    with pytest.raises(PermissionDeniedError):
        await synced(server, file, "sims")
    server.failing_after = None
    server.change("sim", 130, imsi="1")  # on the page that was read first
    with closing(sqlite3.connect(file)) as database, database:
        old = (START - timedelta(hours=2)).isoformat()
        database.execute("UPDATE fact SET value = ? WHERE name = 'sims.begun'", (old,))
    assert (await synced(server, file, "sims"))["sims"]["changed"] == 1


async def test_only_reading_queries_run(file: Path) -> None:
    server = ListServer(sims=3)
    async with server.client() as emnify, Mirror(emnify, file) as mirror:
        await mirror.sync("sims")
        assert await mirror.sql("SELECT count(*) AS n FROM sim WHERE id > ?", (1,)) == [{"n": 2}]
        assert await mirror.sql("SELECT :a AS a", {"a": 1}) == [{"a": 1}]
        for query in (
            "DELETE FROM sim_json",
            "DROP VIEW sim",
            f"ATTACH '{file}.x' AS x",
            "PRAGMA query_only = 0",
            "CREATE TEMP TABLE x (a)",
            "VACUUM INTO 'x'",
            "BEGIN IMMEDIATE",
        ):
            with pytest.raises(ArgumentError, match="can only read"):
                await mirror.sql(query)
        for query, named in (
            ("SELECT 1; SELECT 2", "one statement"),
            ("SELEC", "syntax"),
            ("SELECT ?", "binding"),
        ):
            with pytest.raises(ArgumentError, match=named):
                await mirror.sql(query)
        assert len(stored(file, "sim")) == 3
    assert names_in(file.parent) == ["fleet.db"]


async def test_tables_and_changes_are_exported(file: Path, tmp_path: Path) -> None:
    server = ListServer(sims=5, endpoints=2)
    await synced(server, file)
    server.change("sim", 2, imsi="=7")
    server.remove("sim", 3)
    await synced(server, file)
    async with Mirror(None, file) as mirror:
        assert await mirror.export("sims", tmp_path / "sims.parquet") == 4
        assert await mirror.export("changes", tmp_path / "c.csv", columns=["kind", "id", "field", "new"]) == 2
        assert (
            content_of(tmp_path / "c.csv").decode()
            == "kind,id,field,new\r\nchanged,2,imsi,'=7\r\ngone,3,,\r\n"
        )
        await mirror.export("changes", tmp_path / "c.jsonl")
        steps = list[Any]()
        await export(
            mirror.table("endpoints"), tmp_path / "e.xlsx", progress=lambda *done: steps.append(done)
        )
        assert steps == [(2, 2)]
        await export(await mirror.sql("SELECT id, iccid FROM sim"), tmp_path / "some.csv")
        for call in (mirror.table, lambda name: mirror.export(name, tmp_path / "x.csv")):
            with pytest.raises(ArgumentError, match="did you mean 'sims'"):
                await call("sim")  # type: ignore[operator]
        with pytest.raises(ArgumentError, match="did you mean 'field'"):
            await mirror.export("changes", tmp_path / "c.csv", columns=["feld"])
    gone = json.loads(content_of(tmp_path / "c.jsonl").splitlines()[1])
    assert gone["old"]["iccid"] == f"89{3:017}"


async def test_a_mirror_belongs_to_one_workspace_and_one_server(file: Path) -> None:
    server = ListServer(sims=1)
    await synced(server, file, "sims")
    calls = len(server.calls)
    async with server.client(url="https://localhost") as emnify, Mirror(emnify, file) as mirror:
        with pytest.raises(MirrorError, match="mirror of another server, http://localhost"):
            await mirror.sync("sims")
    assert len(server.calls) == calls
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE fact SET value = '99' WHERE name = 'organisation'")
    server.add("sim")
    with pytest.raises(MirrorError, match="mirror of another organisation, 99"):
        await synced(server, file, "sims")
    assert len(stored(file, "sim")) == 1


async def test_one_process_writes_and_others_read(file: Path) -> None:
    server = ListServer(sims=30)
    await synced(server, file, "sims")
    async with server.client() as emnify, Mirror(emnify, file) as mirror, Mirror(emnify, file) as other:
        seen: list[Any] = []

        async def look() -> None:
            for one, kind in ((other, MirrorError), (mirror, ClientStateError)):
                try:
                    await one.sync("sims")
                except kind as error:
                    seen.append(str(error))
            seen.append(len([sim async for sim in other.table("sims")]))

        async with anyio.create_task_group() as group:
            server.before_page = lambda: None if seen else group.start_soon(look)
            await mirror.sync("sims")
        assert "is in use: another process" in seen[0] and "another task" in seen[1] and seen[2] == 30
        server.before_page = lambda: None
        assert (await other.sync("sims"))["sims"].items == 30


async def test_files_that_are_no_mirror_are_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ListServer(sims=300)

    async def refused(text: str) -> None:
        with pytest.raises(MirrorError, match=text):
            await synced(server, file, "sims")

    put(file, b"no database, but long enough for a header of one" * 100)
    await refused("is not a mirror")
    put(file, None)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE other (a)")
    await refused("is a database, but not a mirror")
    put(file, None)
    await synced(server, file, "sims")
    whole = content_of(file)
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("PRAGMA user_version = 99")
    await refused("newer aioemnify .format 99; this one reads 1.: update aioemnify")
    content = bytearray(whole)
    content[8192 * 3 :] = b"\xff" * (len(whole) - 8192 * 3)
    put(file, bytes(content))
    await refused("is damaged: delete it")
    with pytest.raises(MirrorError, match="is damaged"):
        async with Mirror(None, file) as mirror:
            await mirror.sql("SELECT * FROM sim")
    shutil.rmtree(file.parent)
    await refused("cannot be opened: No such file")


async def test_a_disk_that_refuses_keeps_what_was_there(file: Path) -> None:
    server = ListServer(sims=300)
    await synced(server, file, "sims")
    before = stored(file, "sim")
    for number in server.items["sim"]:
        server.change("sim", number, imsi="1" * 200)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, hard))
    try:
        with pytest.raises(MirrorError, match="call sync.. again; nothing is lost"):
            await synced(server, file, "sims")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    kept = stored(file, "sim")
    touched = {key for key, one in kept.items() if one != before[key]}
    assert {one.id for one in await changes(file)} == touched and len(touched) < 300
    await synced(server, file, "sims")
    assert same(file, server, "sim") and len(await changes(file)) == 300


async def test_an_older_format_is_migrated_in_one_step(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    server = ListServer(sims=3)
    await synced(server, file, "sims")
    newer = {**schema.MIGRATIONS, 2: "CREATE TABLE more (a); INSERT INTO more VALUES (1);"}
    monkeypatch.setattr(database_module, "FORMAT", 2)
    monkeypatch.setattr(database_module, "MIGRATIONS", {**newer, 2: newer[2] + "SELECT * FROM missing;"})
    with pytest.raises(MirrorError, match="no such table"):
        await synced(server, file, "sims")
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (1,)
        assert database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'more'").fetchone() == (0,)
    monkeypatch.setattr(database_module, "MIGRATIONS", newer)
    assert (await synced(server, file, "sims"))["sims"]["items"] == 3
    with closing(sqlite3.connect(file)) as database:
        assert database.execute("SELECT * FROM more").fetchall() == [(1,)]


async def test_members_that_an_older_version_did_not_know_are_no_change(file: Path) -> None:
    server = ListServer(sims=2)
    await synced(server, file, "sims")
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE sim_json SET json = json_remove(json, '$.imsi') WHERE id = 1")
    server.change("sim", 1, imsi="1", msisdn="2")
    await synced(server, file, "sims")
    assert [one.field for one in await changes(file)] == ["msisdn"]
    assert stored(file, "sim")[1]["imsi"] == "1"


async def test_what_cannot_work_is_refused(file: Path) -> None:
    server = ListServer()
    async with server.client() as emnify:
        mirror = Mirror(emnify, file)
        with pytest.raises(ClientStateError, match="not open"):
            await mirror.sync()
        async with mirror:
            with pytest.raises(ClientStateError, match="open already"):
                await mirror.__aenter__()
            with pytest.raises(ArgumentError, match="did you mean 'sims'"):
                await mirror.sync("sim")  # type: ignore[arg-type]
            assert {one.items for one in (await mirror.sync()).values()} == {0}
    async with Mirror(None, file) as mirror:
        with pytest.raises(ClientStateError, match="without a client"):
            await mirror.sync()
    assert len(server.calls) <= 5 and LARGEST == 20
