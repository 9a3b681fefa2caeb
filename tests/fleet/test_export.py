"""Exports: what is in each format, the old file after a failure, and what is refused before a call."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import resource
import stat
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import anyio
import duckdb
import httpx
import openpyxl
import pytest

from aioemnify import UNSET, Emnify, to_row
from aioemnify.errors import ArgumentError, ArgumentTypeError, ServerError
from aioemnify.fleet import ExportError, export
from aioemnify.models import ApiSecret, ApplicationToken, EndpointUpdate, Sim, SimStatus
from aioemnify.simulator import Simulator
from aioemnify.tables.operations import OPERATIONS

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    return str(request.param)  # real time: two formats are made in threads


class Fleet:
    """A simulated fleet in this process, and how often it was asked."""

    def __init__(self) -> None:
        self.simulator = Simulator(sims=60, limits=None)
        self.calls = 0
        self.failing_after = math.inf
        self._inner = httpx.ASGITransport(app=self.simulator.app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.calls += 1
        if self.calls > self.failing_after:
            return httpx.Response(500, json={"message": "broken"})
        return await self._inner.handle_async_request(request)

    def client(self) -> Emnify:
        transport = httpx.MockTransport(self.handle_async_request)
        url, token = self.simulator.url, self.simulator.application_token
        return Emnify(token, base_url=url, transport=transport, throttling=None, retry=None)


@pytest.fixture
async def fleet() -> Fleet:
    return Fleet()


@pytest.fixture
async def emnify(fleet: Fleet) -> AsyncIterator[Emnify]:
    async with fleet.client() as client:
        yield client


def read(path: Path) -> list[dict[str, Any]]:
    """Return the rows of a file of any format, with plain values."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as file:
            return [{name: text or None for name, text in row.items()} for row in csv.DictReader(file)]
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    if path.suffix == ".parquet":
        with duckdb.connect() as database:
            database.execute("SET TimeZone = 'UTC'")
            found = database.execute(f"SELECT * FROM '{path}'")
            names = [one[0] for one in found.description or ()]
            return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    names, *rows = openpyxl.load_workbook(path).active.iter_rows(values_only=True)
    return [dict(zip(names, row, strict=True)) for row in rows]


def names_in(folder: Path) -> list[str]:
    return [one.name for one in folder.iterdir()]


SUFFIXES = (".csv", ".jsonl", ".parquet", ".xlsx")


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_a_sweep_is_a_table_with_the_columns_of_to_row(
    emnify: Emnify, tmp_path: Path, suffix: str
) -> None:
    file, steps = tmp_path / f"sims{suffix}", list[tuple[int, int | None]]()
    count = await export(emnify.sims.sweep(), file, progress=lambda done, total: steps.append((done, total)))
    sims = await emnify.sims.list(sort="id").collect()
    rows = sorted(read(file), key=lambda row: int(row["id"]))
    assert count == len(sims) == len(rows) == 60
    assert steps[-1] == (60, 60)
    for sim, row in zip(sims, rows, strict=True):
        wanted = to_row(sim)
        assert list(row) == list(wanted)
        for name, value in wanted.items():
            got = row[name]
            if isinstance(value, datetime) and isinstance(got, str):
                got = datetime.fromisoformat(got)
            elif isinstance(value, datetime) and got.tzinfo is None:
                got = got.replace(tzinfo=UTC)
            elif suffix == ".csv" and value is not None and not isinstance(value, datetime):
                value = str(value)
            assert got == value, name
    assert names_in(tmp_path) == [file.name]


async def test_columns_are_those_asked_for_in_that_order(emnify: Emnify, tmp_path: Path) -> None:
    names = ["endpoint.name", "iccid", "status"]
    await export(emnify.sims.list(), tmp_path / "some.csv", columns=names)
    await export(emnify.sims.list(), tmp_path / "one.jsonl", columns=["iccid"])
    async with emnify.sims.list(per_page=7).prefetch(2) as pages:
        assert await export(pages, tmp_path / "pages.csv", columns=names) == 60
    rows = read(tmp_path / "some.csv")
    assert rows == read(tmp_path / "pages.csv") and list(rows[0]) == names
    sims = await emnify.sims.list().collect()
    assert [row["endpoint.name"] for row in rows] == [sim.endpoint and sim.endpoint.name for sim in sims]
    assert [row["iccid"] for row in read(tmp_path / "one.jsonl")] == [sim.iccid for sim in sims]


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_every_list_can_be_exported(emnify: Emnify, tmp_path: Path, suffix: str) -> None:
    await emnify.tags.create({"name": "blue"})
    for name, source in (
        ("endpoints", emnify.endpoints.sweep()),
        ("tags", emnify.tags.list()),  # wrapped in an object
        ("events", emnify.events.list()),
        ("none", emnify.sims.list(filter={"iccid": "8900000000000000000"})),
    ):
        file = tmp_path / f"{name}{suffix}"
        count = await export(source, file)
        assert len(read(file)) == count and (count > 0) is (name in ("endpoints", "tags")), name


def sim(number: int, name: str = "pump", **members: Any) -> Sim:
    return Sim.from_dict(
        {
            "id": number,
            "iccid": "89",
            "status": SimStatus.ISSUED,
            "endpoint": {"id": 1, "name": name},
            **members,
        }
    )


RISKY = ["=1+1", "+49", "-x", "@sum", "\tx", "\rx", "'=1", "''+1"]
HARMLESS = ["a=b", "'quoted'", 'say "x", then', "two\r\nlines", "two\nlines", "ä\0€ ", "", "it's"]


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_no_text_is_a_formula_and_every_text_comes_back(tmp_path: Path, suffix: str) -> None:
    texts = [*RISKY, *HARMLESS]
    file = tmp_path / f"texts{suffix}"
    await export([sim(at, text) for at, text in enumerate(texts)], file, columns=["id", "endpoint.name"])
    found = [row["endpoint.name"] for row in read(file)]
    if suffix == ".csv":
        assert found[: len(RISKY)] == [f"'{text}" for text in RISKY]
        assert found[len(RISKY) :] == [text or None for text in HARMLESS]
        assert b"\r=" not in file.read_bytes() and b'"=' not in file.read_bytes()
    elif suffix == ".xlsx":
        # The reader gives escapes of control characters as they are.
        plain = [at for at, text in enumerate(texts) if text.isprintable() and text]
        assert [found[at] for at in plain] == [texts[at] for at in plain]
        cells = openpyxl.load_workbook(file).active["B"]
        assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    else:
        assert found == texts


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_values_that_the_schema_does_not_have_are_kept(tmp_path: Path, suffix: str) -> None:
    odd = Sim.from_dict(
        {"id": "x1", "iccid": 7, "status": {"id": 99}, "activation_date": "soon", "imsi": {"a": 1}},
        strict=False,
    )
    file = tmp_path / f"odd{suffix}"
    await export([sim(1), odd], file, columns=["id", "iccid", "status", "activation_date", "imsi"])
    row = read(file)[1]
    imsi = row["imsi"]
    assert (json.loads(imsi) if isinstance(imsi, str) else imsi) == {"a": 1}
    assert [str(row[name]) for name in ("id", "iccid", "status", "activation_date")] == [
        "x1",
        "7",
        "99",
        "soon",
    ]


async def test_parquet_has_the_types_of_the_schema(emnify: Emnify, tmp_path: Path) -> None:
    file = tmp_path / "sims.parquet"
    await export(emnify.sims.sweep(), file)
    with duckdb.connect() as database:
        kinds = {
            name: kind for name, kind, *_ in database.execute(f"DESCRIBE SELECT * FROM '{file}'").fetchall()
        }
    names = ("id", "iccid", "endpoint.imei_lock", "activation_date", "customer_org.country.latitude")
    assert [kinds[name] for name in names] == [
        "BIGINT",
        "VARCHAR",
        "BOOLEAN",
        "TIMESTAMP WITH TIME ZONE",
        "DOUBLE",
    ]


async def test_secrets_are_in_no_file(tmp_path: Path) -> None:
    token = ApplicationToken.from_dict({"id": 1, "description": "ours"}, strict=False)
    for number, items in enumerate([[token], [ApiSecret.from_dict({"id": 1}, strict=False)]]):
        await export(items, tmp_path / f"{number}.csv")
    from aioemnify.models import ApplicationTokenCreated

    created = ApplicationTokenCreated.from_dict({"application_token": "eyJsecret"}, strict=False)
    await export([created], tmp_path / "created.jsonl")
    assert "eyJsecret" not in (tmp_path / "created.jsonl").read_text()
    with pytest.raises(ArgumentError, match="'application_token': it is a secret"):
        await export([created], tmp_path / "created.jsonl", columns=["application_token"])


async def test_rows_of_mappings_and_bodies_are_tables_too(tmp_path: Path) -> None:
    await export([{"a": 1, "b": "x"}, {"a": None}], tmp_path / "rows.csv")
    assert read(tmp_path / "rows.csv") == [{"a": "1", "b": "x"}, {"a": None, "b": None}]
    await export(
        [EndpointUpdate(name="pump", tags=UNSET)], tmp_path / "bodies.jsonl", columns=["tags", "name"]
    )
    assert read(tmp_path / "bodies.jsonl") == [{"tags": None, "name": "pump"}]


async def test_what_cannot_work_is_refused_before_a_call(
    emnify: Emnify, fleet: Fleet, tmp_path: Path
) -> None:
    file = tmp_path / "sims.csv"
    sims = emnify.sims.list()
    for arguments, named in (
        ((sims, file, ["icid"]), "did you mean 'iccid'"),
        ((sims, file, ["endpoint"]), "no column 'endpoint'"),
        ((sims, file, []), "at least one column"),
        ((sims, file, ["id", "id"]), "twice"),
        ((sims, file, "id"), "names of columns"),
        ((sims, tmp_path / "sims.xls", None), "did you mean '.xlsx'"),
        ((sims, tmp_path / "sims", None), "needs a suffix"),
        ((7, file, None), "not int"),
        ((emnify.sims.sweep(checkpoint=tmp_path / "x"), file, None), "with a checkpoint"),
    ):
        with pytest.raises(ArgumentError, match=named):
            await export(arguments[0], arguments[1], columns=arguments[2])  # type: ignore[arg-type]
    with pytest.raises(ExportError, match="No such file"):
        await export(sims, tmp_path / "missing" / "sims.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(ExportError, match="is a folder"):
        await export(sims, tmp_path / "folder.csv")
    assert fleet.calls == 0
    for items, named in (([1], "not int"), ([sim(1), EndpointUpdate()], "one of EndpointUpdate")):
        with pytest.raises(ArgumentTypeError, match=named):
            await export(items, file)
    assert not file.exists()


@pytest.mark.parametrize("library", ["duckdb", "xlsxwriter"])
async def test_a_missing_extra_is_named(
    emnify: Emnify, fleet: Fleet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setattr("aioemnify.fleet.exports.export.find_spec", lambda name: None)
    suffix = ".parquet" if library == "duckdb" else ".xlsx"
    with pytest.raises(ArgumentError, match=r"pip install 'aioemnify\[export\]'"):
        await export(emnify.sims.list(), tmp_path / f"sims{suffix}")
    assert fleet.calls == 0


@pytest.fixture
def small_files() -> Iterator[None]:
    """Let no file grow beyond 8 KB: this is what a full disk looks like."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_a_full_disk_keeps_the_old_file(tmp_path: Path, suffix: str, small_files: None) -> None:
    file = tmp_path / f"sims{suffix}"
    file.write_bytes(b"old")
    with pytest.raises(ExportError, match="as it was before"):
        await export([sim(at, hashlib.sha256(b"%d" % at).hexdigest()) for at in range(2000)], file)
    assert file.read_bytes() == b"old"
    assert names_in(tmp_path) == [file.name]


@pytest.mark.parametrize("suffix", SUFFIXES)
async def test_an_error_in_the_middle_keeps_the_old_file(
    emnify: Emnify, fleet: Fleet, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"sims{suffix}"
    file.write_bytes(b"old")
    fleet.failing_after = 4
    with pytest.raises(ServerError):
        await export(emnify.sims.list(per_page=10), file)
    with anyio.CancelScope() as scope:
        await export([sim(at) for at in range(2000)], file, progress=lambda *_: scope.cancel())
    assert scope.cancelled_caught
    assert file.read_bytes() == b"old"
    assert names_in(tmp_path) == [file.name]


async def test_the_file_is_replaced_behind_its_link_and_keeps_its_permissions(tmp_path: Path) -> None:
    file, link = tmp_path / "real.csv", tmp_path / "link.csv"
    file.write_bytes(b"old")
    file.chmod(0o640)
    link.symlink_to(file)
    await export([sim(1)], link, columns=["id"])
    assert link.is_symlink() and read(file) == [{"id": "1"}]
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


async def test_a_sheet_that_is_too_small_is_refused_by_name(tmp_path: Path) -> None:
    class Endless:
        """A list whose first page says how long it is."""

        _operation = OPERATIONS["sims.list"]

        async def pages(self) -> AsyncIterator[Any]:
            from aioemnify.types import Page

            yield Page([sim(1)], total_count=1_048_576)
            raise AssertionError("the next page is not asked for")

        def __aiter__(self) -> Any:
            raise AssertionError

    file = tmp_path / "sims.xlsx"
    with pytest.raises(ExportError, match=r"sims\.xlsx .*1,048,576 rows are more than the 1,048,575"):
        await export(Endless(), file)
    with pytest.raises(ExportError, match="'endpoint.name' of row 2 is longer than the 32,767"):
        await export([sim(1), sim(2, "x" * 32_768)], file)
    assert not file.exists()


async def test_a_sheet_keeps_all_digits_of_a_number(tmp_path: Path) -> None:
    await export([{"id": 2**60, "n": 7, "b": True, "inf": math.inf}], tmp_path / "n.xlsx")
    (row,) = read(tmp_path / "n.xlsx")
    assert row == {"id": str(2**60), "n": 7, "b": True, "inf": row["inf"]}
