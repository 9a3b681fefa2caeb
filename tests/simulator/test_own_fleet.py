"""A user's own SIMs and endpoints, from a file, in place of the computed ones."""

from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aioemnify import Emnify, to_row
from aioemnify.simulator import Clock, Simulator
from aioemnify.simulator.__main__ import main
from tests.simulator.fleet_calls import get, status_of

pytestmark = pytest.mark.anyio
MANUAL = Path(__file__).parents[2] / "docs" / "simulator.md"

SIMS = [
    {
        "id": 3_324_192,
        "iccid": "8988303000000000901",
        "iccid_with_luhn": "89883030000000009016",
        "imsi": "295050000000001",
        "msisdn": "423663000000001",
        "status": {"id": 1, "description": "Activated"},
        "production_date": "2020-09-09T06:42:59.000+0000",
        "activation_date": "2021-01-01T00:00:00.000+0000",
        "model": {"id": 9, "description": "not read"},
        "endpoint": {
            "id": 11_370_001,
            "name": "tracker-1",
            "tags": "demo, north",
            "ip_address": "10.191.0.67",
            "ip_address_space_id": 24_000,
            "service_profile_id": 438_000,
            "tariff_profile_id": 424_000,
            "imei": 3554631177373905,
        },
    },
    {
        "id": 700,
        "iccid": 8988303000000000000,
        "eid": "89049032000000000000000000000012",
        "status": "suspended",
    },
    {"id": 25, "iccid": "8988303000000000002", "status": 0},
]
ENDPOINTS = [
    {
        "id": 11_370_001,
        "name": "tracker-1",
        "created": "2021-11-18T08:25:53.000+0000",
        "last_updated": "2021-12-29T08:51:00.000+0000",
        "status": {"id": 0, "description": "Enabled"},
        "service_profile": {"id": 438_000, "name": "Smart meter"},
        "tariff_profile": {"id": 424_000, "name": "Domestic"},
        "sim": {"id": 3_324_192, "iccid": "8988303000000000901", "status": {"id": 1}},
        "ip_address": "10.191.0.67",
        "ip_address_space": {"id": 24_000, "ip_address_space": "10.191.0.64/28"},
        "imei_lock": True,
    },
    {"id": 5, "name": "spare", "status": "Disabled", "ip_address": "100.64.3.9"},
    {"id": 6, "name": "spare", "sim": 25},
]


def lines(*objects) -> str:
    return "".join(json.dumps(each) + "\n" for each in objects)


@pytest.fixture
def file(tmp_path):
    """Return a writer of fleet files."""

    def write(text, name="fleet.jsonl"):
        path = tmp_path / name
        path.write_text(text, "utf-8", newline="")
        return path

    return write


def simulator(path, **options) -> Simulator:
    return Simulator(**({"fleet": path, "limits": None, "clock": Clock.manual()} | options))


async def test_sims_and_endpoints_keep_their_ids_and_members(file, session):
    sim = simulator(file(lines(*SIMS, *ENDPOINTS)))
    async with session(sim) as client:
        cards = {item["id"]: item for item in await get(client, "/api/v1/sim")}
        assert list(cards) == [25, 700, 3_324_192]
        first = cards[3_324_192]
        for name in ("iccid", "iccid_with_luhn", "imsi", "msisdn", "status", "production_date"):
            assert first[name] == SIMS[0][name]
        assert first["activation_date"] == SIMS[0]["activation_date"]
        assert first["endpoint"]["name"] == "tracker-1"
        assert (cards[700]["eid"], cards[700]["status"]["id"]) == (SIMS[1]["eid"], 2)
        assert "eid" not in cards[25] and "eid" not in first
        assert cards[25]["endpoint"]["id"] == 6

        endpoints = {item["id"]: item for item in await get(client, "/api/v1/endpoint")}
        assert list(endpoints) == [5, 6, 11_370_001]
        tracker = await get(client, "/api/v1/endpoint/11370001")
        for name, value in ENDPOINTS[0].items():
            if name not in ("sim", "ip_address_space", "tariff_profile"):
                assert tracker[name] == value
        assert tracker["tariff_profile"]["name"] == "Domestic"
        assert (tracker["tags"], tracker["imei"]) == ("demo, north", "3554631177373905")
        assert tracker["sim"]["id"] == 3_324_192
        assert tracker["ip_address_space"] == ENDPOINTS[0]["ip_address_space"] | {"ip_address_version": 4}
        assert (endpoints[5]["status"]["id"], endpoints[5]["ip_address"]) == (1, "100.64.3.9")
        # What the file does not say gets a usual value.
        assert endpoints[6]["ip_address"].startswith("10.")
        assert endpoints[6]["service_profile"]["name"] == "Default"
        profile = await get(client, "/api/v1/service_profile/438000")
        assert (profile["name"], profile["used_count"]) == ("Smart meter", "1")


async def test_an_own_fleet_lives_as_a_computed_one(file, session):
    sim = simulator(file(lines(*SIMS, *ENDPOINTS)), state=None)
    async with session(sim) as client:
        for field in ("iccid", "iccid_with_luhn", "imsi", "msisdn"):
            assert [item["id"] for item in await get(client, f"/api/v1/sim?q={field}:{SIMS[0][field]}")] == [
                3_324_192
            ]
        assert [item["id"] for item in await get(client, f"/api/v1/sim?q=eid:{SIMS[1]['eid']}")] == [700]
        assert [item["id"] for item in await get(client, "/api/v1/sim?sort=iccid")] == [700, 25, 3_324_192]
        assert [item["id"] for item in await get(client, "/api/v1/sim?sort=-eid")] == [700, 25, 3_324_192]
        by_card = await get(client, "/api/v1/endpoint?q=iccid:8988303000000000901")
        assert [item["id"] for item in by_card] == [11_370_001]
        assert [chip["eid"] for chip in await get(client, "/api/v1/euicc")] == [SIMS[1]["eid"]]

        state = await get(client, "/api/v1/endpoint/11370001/connectivity")
        assert (state["status"]["description"], state["location"]["iccid"]) == ("ONLINE", SIMS[0]["iccid"])
        sim.clock.advance(days=2)
    async with session(sim) as client:
        for path in ("/api/v1/endpoint/11370001/stats", "/api/v1/sim/3324192/stats"):
            assert float((await get(client, path))["current_month"]["data"]["volume"]) > 0
        usage = await get(client, "/api/v1/organisation/my/stats")
        assert float(usage["current_month"]["data"]["volume"]) > 0
        assert usage["sim"]["total"] == 3

        # New objects come after those of the file.
        body = {"name": "new", "status": {"id": 0}, "sim": {"id": 700}}
        body |= {"service_profile": {"id": 438_000}, "tariff_profile": {"id": 424_000}}
        made = await client.post("/api/v1/endpoint", json=body)
        assert int(made.headers["Location"].rpartition("/")[2]) > 11_370_001
        card = (await client.patch(f"/api/v1/sim_batch/bic/{sim.bic}", json={})).json()["sim"][0]["id"]
        assert card > 3_324_192
        assert await status_of(client, "PATCH", "/api/v1/sim/25", {"status": {"id": 1}}) == 204
        assert await status_of(client, "DELETE", "/api/v1/endpoint/5") == 204
    async with session(sim, sim.second_application_token) as other:
        assert 3_324_192 not in {item["id"] for item in await get(other, "/api/v1/sim")}
        assert await status_of(other, "GET", "/api/v1/sim/3324192") == 404
    sim.reset()
    async with session(sim) as client:
        assert [item["id"] for item in await get(client, "/api/v1/endpoint")] == [5, 6, 11_370_001]
        assert (await get(client, "/api/v1/sim/25"))["status"]["id"] == 0


async def test_addresses_that_the_file_does_not_name(file, session):
    """Also where the file's spaces have the ids that the simulator gives."""
    held = [
        {"id": 1, "name": "a", "ip_address": "192.168.7.9", "ip_address_space": {"id": 1}},
        {"id": 2, "name": "b", "ip_address": "192.168.200.1", "ip_address_space_id": 1},
        {"id": 3, "name": "c", "ip_address": "10.0.0.1"},
        {"id": 4, "name": "d"},
        {"id": 5, "name": "e", "ip_address": "172.16.5.5"},
        {"id": 6, "name": "f", "ip_address_space": 1},
    ]
    async with session(simulator(file(lines(*held)))) as client:
        found = {item["id"]: item for item in await get(client, "/api/v1/endpoint")}
        assert [found[each["id"]]["ip_address"] for each in held if "ip_address" in each] == [
            each["ip_address"] for each in held if "ip_address" in each
        ]
        assert found[4]["ip_address"] == "10.0.0.2"
        assert found[6]["ip_address"].startswith("192.168.")
        spaces = {item["ip_address_space"]["id"] for item in found.values()}
        assert len(spaces) == 3
        assert found[1]["ip_address_space"] == found[2]["ip_address_space"] == found[6]["ip_address_space"]
        listed = {space["id"] for space in await get(client, "/api/v1/ip_address_space")}
        assert listed == spaces
        made = await client.post(
            "/api/v1/endpoint",
            json={"name": "new", "status": {"id": 0}}
            | {name: found[4][name] for name in ("service_profile", "tariff_profile")},
        )
        assert made.status_code == 201, made.text


async def test_what_the_api_listed_can_be_loaded_again(tmp_path, make_sim, session):
    """A fleet that is written out line by line, as lists return it, is the same fleet."""
    original = make_sim(limits=None)
    async with session(original) as client:
        sims, endpoints = [await get(client, f"/api/v1/{kind}") for kind in ("sim", "endpoint")]
    path = tmp_path / "fleet.jsonl"
    path.write_text(lines(*sims, *endpoints), "utf-8")
    async with session(simulator(path)) as client:
        again = await get(client, "/api/v1/endpoint")
        for before, after in zip(endpoints, again, strict=True):
            # The network of a device depends on the price list of its profile, which a list does not tell.
            assert before | {"runtime_data": 0} == after | {"runtime_data": 0}
        own = [item | {"issuer_org": 0} for item in await get(client, "/api/v1/sim")]
        assert own == [item | {"issuer_org": 0} for item in sims]


async def test_a_spreadsheet(file, session):
    columns = ["id", "iccid", "status", "msisdn", "endpoint.id", "endpoint.name", "endpoint.ip_address"]
    rows = [
        ["101", "89883030000000009016", "Activated", "423663000000001", "7", "pump, north", "10.0.0.9"],
        ["102", "8988303000000000902", "0", "", "", "", ""],
    ]
    for separator in ",;":
        path = file("", f"fleet-{separator == ','}.CSV")
        with path.open("w", encoding="utf-8-sig", newline="") as written:
            csv.writer(written, delimiter=separator).writerows([columns, *rows, [""] * 7])
        async with session(simulator(path)) as client:
            first, second = await get(client, "/api/v1/sim")
            assert (first["id"], first["iccid"], first["msisdn"]) == (101, "8988303000000000901", rows[0][3])
            assert first["status"]["id"] == 1
            assert (first["endpoint"]["id"], first["endpoint"]["name"]) == (7, "pump, north")
            assert first["endpoint"]["ip_address"] == "10.0.0.9"
            assert (second["id"], second["status"]["id"], "endpoint" in second) == (102, 0, False)


async def test_a_fleet_that_our_client_wrote(tmp_path, make_sim, session):
    """As docs/simulator.md shows it."""
    blocks = re.findall(r"```python\n(.*?)```", MANUAL.read_text(encoding="utf-8"), re.DOTALL)
    (code,) = (block for block in blocks if "async def save(" in block)
    page: dict[str, Any] = {}
    exec(code.partition("\nawait save(")[0], page)
    original, path = make_sim(limits=None), tmp_path / "fleet.jsonl"
    transport = httpx.ASGITransport(app=original.app)
    token = original.application_token
    async with Emnify(token, base_url="https://simulator.test", transport=transport) as emnify:
        await page["save"](emnify, str(path))
        sims = [sim async for sim in emnify.sims.list()]
        endpoints = [endpoint async for endpoint in emnify.endpoints.list()]
    copy = simulator(path)
    transport, token = httpx.ASGITransport(app=copy.app), copy.application_token
    async with Emnify(token, base_url="https://simulator.test", transport=transport) as emnify:
        again = [sim async for sim in emnify.sims.list()]
        assert [(sim.id, sim.iccid, sim.status) for sim in again] == [
            (sim.id, sim.iccid, sim.status) for sim in sims
        ]
        await emnify.endpoints.update(endpoints[3].id, {"name": "rehearsed"})
        assert (await emnify.endpoints.get(endpoints[3].id)).name == "rehearsed"


SIM, ENDPOINT = SIMS[2], ENDPOINTS[1]


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("{}\n", 1, "neither a SIM, which has an iccid, nor an endpoint, which has a name"),
        (lines(SIM) + "{'id': 1}\n", 2, "not JSON"),
        (lines(SIM) + "\n" + '{"id": 1\n', 3, "not JSON"),
        (lines([SIM]), 1, "not a JSON object"),
        (lines(SIM, {"iccid": "8988303000000000003"}), 2, "id of the SIM must be a whole number above 0"),
        (lines(SIM | {"id": -1}), 1, "not -1"),
        (lines(SIM | {"id": True}), 1, "not True"),
        (lines(SIM | {"id": 2**53}), 1, "id of the SIM"),
        (lines(SIM | {"iccid": "898"}), 1, "iccid must have 18 to 20 digits, not '898'"),
        (lines(SIM | {"iccid": "89883030000000009011"}), 1, "check digit 6"),
        (lines(SIM | {"iccid_with_luhn": "89883030000000009016"}), 1, "does not belong to iccid"),
        (lines(SIM | {"imsi": "x"}), 1, "imsi must have 14 to 15 digits"),
        (lines(SIM | {"eid": 5}), 1, "eid must have 32 digits"),
        (
            lines(SIM | {"status": 9}),
            1,
            "must be one of 0 (Issued), 1 (Activated), 2 (Suspended), 4 (Factory Test)",
        ),
        (lines(SIM | {"status": {"id": 3}}), 1, "the SIM is deleted; leave it out"),
        (lines(SIM | {"production_date": "soon"}), 1, "production_date must be a date"),
        (lines(SIM, SIM), 2, "SIM 25 is in line 1 already"),
        (lines(SIM, SIM | {"id": 26}), 2, "SIM 26 has the iccid 8988303000000000002 of SIM 25"),
        (lines(ENDPOINT, ENDPOINT), 2, "endpoint 5 is in line 1 already"),
        (lines(ENDPOINT | {"name": 5}), 1, "name must be text"),
        (lines(ENDPOINT | {"ip_address": "10.0.0"}), 1, "ip_address must be an IPv4 address"),
        (lines(ENDPOINT | {"ip_address_space": {"id": 1, "ip_address_space": "x"}}), 1, "IPv4 network"),
        (
            lines(ENDPOINT | {"ip_address_space": {"id": 1, "ip_address_space": "10.0.0.0/8"}}),
            1,
            "endpoint 5 has the address 100.64.3.9, which is not in 10.0.0.0/8",
        ),
        (
            lines(
                *(
                    {
                        "id": each,
                        "name": "x",
                        "ip_address_space": {"id": 3, "ip_address_space": "10.9.0.0/30"},
                    }
                    for each in (1, 2, 3)
                )
            ),
            3,
            "endpoint 3 has no room in 10.9.0.0/30, which has 2 addresses",
        ),
        (lines(ENDPOINT, ENDPOINT | {"id": 6}), 2, "endpoint 6 has the address 100.64.3.9 of endpoint 5"),
        (lines(ENDPOINT | {"imei_lock": "maybe"}), 1, "imei_lock must be true or false"),
        (lines(ENDPOINT | {"service_profile": {"name": "x"}}), 1, "id of the service profile"),
        (
            lines(
                *(
                    {"id": place, "name": "x", "tariff_profile": profile}
                    for place, profile in enumerate(
                        ({"id": 7}, {"id": 7, "name": "a"}, 7, {"id": 7, "name": "b"}), 1
                    )
                )
            ),
            4,
            "tariff profile 7 is 'b' here and 'a' before",
        ),
        (
            lines(SIM | {"endpoint": 5}, {"id": 6, "name": "x", "sim": 25}),
            2,
            "SIM 25 has another endpoint in line 1",
        ),
        (lines(ENDPOINT | {"sim": 1}, SIM | {"endpoint": 5}), 2, "endpoint 5 has another sim in line 1"),
        (
            lines(
                SIM,
                ENDPOINT | {"sim": SIM | {"imsi": "1" * 15}},
                SIM | {"id": 27, "iccid": "1" * 19, "imsi": "1" * 15},
            ),
            3,
            "SIM 27 has the imsi",
        ),
    ],
)
def test_a_wrong_line_is_named(file, text, line, words):
    path = file(text)
    with pytest.raises(ValueError, match="line") as caught:
        simulator(path)
    assert str(caught.value).startswith(f"{path}: line {line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("id,icid\n", 1, "unknown column 'icid'; did you mean 'iccid'?"),
        ("id,iccid,id\n", 1, "the column 'id' comes twice"),
        ("id,iccid\n1,8988303000000000901\n2\n", 3, "it has 1 cells, and the line of names has 2"),
        ("\n;;\nid;icid\n", 3, "unknown column 'icid'"),
        ("\nid,name\n1,a\n\n0,b\n", 5, "the id of the endpoint must be a whole number above 0"),
        ('id,iccid\n1,"8988\n', 2, "it is not CSV"),
        ("id,iccid\n1,8988303000000000901\n1,8988303000000000902\n", 3, "SIM 1 is in line 2 already"),
    ],
)
def test_a_wrong_line_of_a_spreadsheet_is_named(file, text, line, words):
    path = file(text, "fleet.csv")
    with pytest.raises(ValueError, match="line") as caught:
        simulator(path)
    assert str(caught.value).startswith(f"{path}: line {line}: ")
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "column", ["customer", "endpoint.model_id", "tariff_profile.satelite_capable", "sim.foo"]
)
def test_a_column_that_the_api_does_not_have_is_refused(file, column):
    with pytest.raises(ValueError, match=f"line 1: unknown column '{column}'"):
        simulator(file(f"id,iccid,{column}\n", "fleet.csv"))


@pytest.mark.parametrize("group", ["sims", "endpoints"])
async def test_a_table_of_rows_is_a_fleet(tmp_path, group):
    path = tmp_path / "fleet.csv"
    with Simulator(sims=30, tls=False) as computed:
        async with Emnify(computed.application_token, base_url=computed.url) as emnify:
            models = [each async for each in getattr(emnify, group).list()]
    rows = [to_row(each) for each in models]
    with path.open("w", newline="") as table:
        writer = csv.DictWriter(table, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with Simulator(fleet=path, tls=False) as own:
        async with Emnify(own.application_token, base_url=own.url) as emnify:
            again = [each async for each in getattr(emnify, group).list()]
    kept = [
        "id",
        "status",
        *(("iccid", "endpoint.id") if group == "sims" else ("name", "imei_lock", "ip_address", "sim.id")),
    ]
    assert [[to_row(each)[name] for name in kept] for each in again] == [
        [row[name] for name in kept] for row in rows
    ]


_NAMES = sorted(
    {*SIMS[0], *SIMS[1], *ENDPOINTS[0], "description", "ip_address_space_id", "service_profile_id"}
)
_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=4)
    | st.sampled_from([1, 5, "10.0.0.7", "8988303000000000901", "10.0.0.0/30", "Activated", "2024-01-01"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(_NAMES), inner, max_size=4),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=8), max_size=4))
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
def test_any_lines_are_a_fleet_or_name_the_wrong_one(tmp_path_factory, objects):
    path = tmp_path_factory.mktemp("fleet") / "fleet.jsonl"
    path.write_text(lines(*objects), "utf-8")
    try:
        simulator(path, second_sims=0)
    except ValueError as error:
        assert re.match(rf"{re.escape(str(path))}: line [1-4]: ", str(error))


def test_text_that_is_not_utf_8(tmp_path):
    path = tmp_path / "fleet.jsonl"
    path.write_bytes(lines(SIM).encode() + b'{"id": 5, "name": "\xff"}\n')
    with pytest.raises(ValueError, match="line 2: it is not UTF-8 text"):
        simulator(path)


def test_a_fleet_of_either_kind_but_not_both(file):
    with pytest.raises(ValueError, match="either sims or fleet"):
        simulator(file(lines(SIM)), sims=5)
    with pytest.raises(FileNotFoundError):
        simulator("nowhere.jsonl")


async def test_the_state_file_belongs_to_one_fleet(file, tmp_path, session):
    kept = tmp_path / "state.json"
    path = file(lines(*SIMS, *ENDPOINTS))
    with simulator(path, state=kept) as first:
        async with session(first) as client:
            assert await status_of(client, "PATCH", "/api/v1/endpoint/6", {"name": "changed"}) == 204
            assert await status_of(client, "DELETE", "/api/v1/endpoint/5") == 204
    async with session(simulator(path, state=kept)) as client:
        found = await get(client, "/api/v1/endpoint")
        assert [(item["id"], item["name"]) for item in found] == [(6, "changed"), (11_370_001, "tracker-1")]
        assert (await get(client, "/api/v1/sim/700"))["eid"] == SIMS[1]["eid"]
    with pytest.raises(ValueError, match="it belongs to"):
        simulator(file(lines(SIM), "other.jsonl"), state=kept)


def test_the_command_line_starts_nothing_with_a_wrong_line(file, capsys):
    path = file(lines(SIM, SIM))
    assert main(["--fleet", str(path)]) == 2
    assert capsys.readouterr().err == f"simulator: {path}: line 2: SIM 25 is in line 1 already\n"


def test_the_command_line_serves_a_fleet(file):
    path = file(lines(*SIMS))
    command = [sys.executable, "-m", "aioemnify.simulator", "--http", "--fleet", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert json.loads(process.stdout.readline())["application_token"]
        process.terminate()
        assert process.wait(timeout=30) == 0
