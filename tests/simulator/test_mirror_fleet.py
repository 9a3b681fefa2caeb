"""A mirror of a fleet, in place of the computed one."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aioemnify import Emnify, to_row
from aioemnify.fleet import Mirror
from aioemnify.fleet.mirror import database, schema
from aioemnify.simulator import Simulator
from aioemnify.simulator.state.own_fleet import mirror_file

pytestmark = pytest.mark.anyio

KEPT = {
    "sims": ["id", "iccid", "imsi", "status", "production_date", "endpoint.id", "endpoint.name"],
    "endpoints": [
        "id",
        "name",
        "status",
        "tags",
        "imei",
        "ip_address",
        "service_profile.name",
        "tariff_profile.id",
        "created",
        "last_updated",
        "sim.id",
        "sim.status",
    ],
}


async def rows(simulator: Simulator, group: str) -> list[list[Any]]:
    async with Emnify(simulator.application_token, base_url=simulator.url) as emnify:
        return [[to_row(one)[name] for name in KEPT[group]] async for one in getattr(emnify, group).list()]


async def mirror_of(simulator: Simulator, path: Path, *names: Any) -> None:
    async with (
        Emnify(simulator.application_token, base_url=simulator.url) as emnify,
        Mirror(emnify, path) as mirror,
    ):
        await mirror.sync(*names)


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as opened:
        for statement in statements:
            opened.execute(statement)
        opened.commit()


def alter(path: Path, table: str, identity: int, edit: Callable[[dict[str, Any]], object]) -> None:
    with closing(sqlite3.connect(path)) as opened:
        (text,) = opened.execute(f"SELECT json FROM {table}_json WHERE id = ?", (identity,)).fetchone()
        values = json.loads(text)
        edit(values)
        opened.execute(f"UPDATE {table}_json SET json = ? WHERE id = ?", (json.dumps(values), identity))
        opened.commit()


def content_of(path: Path) -> bytes:
    return path.read_bytes()


def damage(path: Path) -> None:
    """Overwrite all pages but the first and the last."""
    content = bytearray(path.read_bytes())
    content[8192:-8192] = bytes(len(content) - 2 * 8192)
    path.write_bytes(content)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "fleet.db"


@pytest.mark.parametrize("names", [("sims", "endpoints"), ("sims",), ("endpoints",)])
async def test_a_mirror_is_a_fleet(path: Path, names: tuple[str, ...]) -> None:
    with Simulator(sims=40, seed=3, tls=False) as first:
        await mirror_of(first, path, *names)
        wanted = {name: await rows(first, name) for name in names}
    before = content_of(path)
    with Simulator(fleet=path, tls=False) as own:
        assert {name: await rows(own, name) for name in names} == wanted
    assert content_of(path) == before


async def test_what_was_read_at_different_times_may_differ(path: Path) -> None:
    with Simulator(sims=40, tls=False) as first:
        await mirror_of(first, path, "sims", "endpoints")
    with closing(sqlite3.connect(path)) as opened:
        newest = (
            "SELECT id, json ->> '$.sim.id' FROM endpoint_json WHERE json ->> '$.sim.id' ORDER BY id DESC"
        )
        (one, sim), (other, second), *_ = opened.execute(newest)
    # The endpoint saw another status of its SIM; a SIM was in another endpoint before; a profile had
    # another name; and a SIM is in an endpoint that does not exist any more.
    alter(path, "endpoint", one, lambda values: values["sim"].update(status={"id": 4}))
    alter(path, "sim", second, lambda values: values["endpoint"].update(id=one, name="older"))
    alter(path, "endpoint", other, lambda values: values["service_profile"].update(name="older"))
    alter(path, "endpoint", other, lambda values: values.update(sim=None))
    with Simulator(fleet=path, tls=False) as own:
        sims = {row[0]: row for row in await rows(own, "sims")}
        endpoints = {row[0]: row for row in await rows(own, "endpoints")}
    assert sims[sim][KEPT["sims"].index("status")] == endpoints[one][-1] != "Deleted"
    assert (sims[second][-2], endpoints[other][-2]) == (None, None)
    names = {row[KEPT["endpoints"].index("service_profile.name")] for row in endpoints.values()}
    assert "older" not in names


async def test_deleted_objects_are_left_out(path: Path) -> None:
    with Simulator(sims=10, tls=False) as first:
        await mirror_of(first, path, "sims", "endpoints")
        (gone, *_), *others = await rows(first, "sims")
    alter(path, "sim", gone, lambda values: values.update(status={"id": 3, "description": "Deleted"}))
    change(
        path, f"UPDATE endpoint_json SET json = json_remove(json, '$.sim') WHERE json ->> '$.sim.id' = {gone}"
    )
    with Simulator(fleet=path, tls=False) as own:
        assert {row[0] for row in await rows(own, "sims")} == {row[0] for row in others}


BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "newer": (("PRAGMA user_version = 9",), r"fleet\.db: it is a mirror of a newer version \(format 9"),
    "another": (("PRAGMA application_id = 7",), "it is a database, but not a mirror of a fleet"),
    "half": (("DELETE FROM fact WHERE name = 'sims.synced'",), "its sims were never read to their end"),
    "empty": (("DELETE FROM sim_json", "DELETE FROM endpoint_json"), "it has neither SIMs nor endpoints"),
    "text": (("UPDATE sim_json SET json = '[]'",), "sim [0-9]+ is not a JSON object"),
    "no JSON": (("UPDATE endpoint_json SET json = '{'",), "endpoint [0-9]+ is not a JSON object"),
    "no table": (("DROP TABLE endpoint_json",), "the database cannot be read: no such table"),
    "ICCID": (("UPDATE sim_json SET json = json_set(json, '$.iccid', 'x')",), r"sim [0-9]+: iccid must have"),
}


@pytest.mark.parametrize("name", BAD)
async def test_what_is_no_mirror_is_refused(path: Path, name: str) -> None:
    statements, message = BAD[name]
    with Simulator(sims=10, tls=False) as first:
        await mirror_of(first, path, "sims", "endpoints")
    change(path, *statements)
    with pytest.raises(ValueError, match=message):
        Simulator(fleet=path)


async def test_a_damaged_file_is_refused(path: Path) -> None:
    with Simulator(sims=200, tls=False) as first:
        await mirror_of(first, path, "sims")
    damage(path)
    with pytest.raises(ValueError, match="the database cannot be read"):
        Simulator(fleet=path)


async def test_a_state_fits_the_mirror_that_it_was_made_with(path: Path, tmp_path: Path) -> None:
    with Simulator(sims=10, tls=False) as first:
        await mirror_of(first, path, "sims", "endpoints")
        with Simulator(fleet=path, state=tmp_path / "state", tls=False) as own:
            async with Emnify(own.application_token, base_url=own.url) as emnify:
                await emnify.endpoints.update((await rows(own, "endpoints"))[0][0], {"name": "kept"})
        await mirror_of(first, path, "sims", "endpoints")  # nothing has changed
    with Simulator(fleet=path, state=tmp_path / "state", tls=False) as own:
        assert "kept" in [row[1] for row in await rows(own, "endpoints")]
    change(path, "DELETE FROM sim_json WHERE id = (SELECT min(id) FROM sim_json)")
    with pytest.raises(ValueError, match="state"):
        Simulator(fleet=path, state=tmp_path / "state")


def test_the_simulator_knows_the_mirrors_of_this_client() -> None:
    assert mirror_file.APPLICATION == schema.APPLICATION
    assert mirror_file.FORMAT == database.FORMAT
