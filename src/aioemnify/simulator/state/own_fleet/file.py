"""Read a user's own fleet from JSON lines, from CSV or from a mirror.

A line is a SIM if it has an ICCID, else an endpoint. Both look as the API returns them, and each may hold
the other: a SIM its ``endpoint``, an endpoint its ``sim``. The columns of CSV are the same members; a dot
leads to an inner one, as in ``endpoint.id``.
"""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterator
from hashlib import sha256
from io import StringIO
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import msgspec

from aioemnify.simulator.state.own_fleet.drafts import Drafts
from aioemnify.simulator.state.own_fleet.mirror_file import is_database, read_mirror
from aioemnify.simulator.state.own_fleet.settling import OwnFleet
from aioemnify.simulator.state.own_fleet.values import WrongLine

_SIM = (
    "id",
    "iccid",
    "iccid_with_luhn",
    "eid",
    "imsi",
    "msisdn",
    "status",
    "production_date",
    "activation_date",
)
_ENDPOINT = ("id", "name", "tags", "imei", "imei_lock", "status", "ip_address", "created", "last_updated")
_REFERENCES = {
    "service_profile": ("id", "name"),
    "tariff_profile": ("id", "name"),
    "ip_address_space": ("id", "ip_address_space"),
}
_UNREAD = frozenset(
    {
        "customer_org",
        "issuer_org",
        "reseller_org",
        "model",
        "profile_type",
        "organisation_id",
        "imei_with_luhn",
        "runtime_data",
        "tag_assignments",
        "sim_profile_type",
        "sim_profile_type_id",
        "euicc_profile_data",
        "tariff_profile.satellite_capable",
        "ip_address_space.ip_address_version",
        "ip_address_space.used_count",
        "ip_address_space.available_count",
    }
)
"""Members that the API returns and that are not read, so that a table of all its members is accepted."""


def read_fleet(path: str | Path, network: IPv4Network) -> OwnFleet:
    """Read a fleet.

    Args:
        path: a file of JSON lines, or of CSV if its name ends in ``.csv``, in UTF-8; or a mirror.
        network: addresses outside of it get an address space of their own, if the file names none.

    Raises:
        ValueError: a line is wrong; the text names file and line.
        OSError: the file cannot be read.
    """
    if is_database(Path(path)):
        return _read_database(Path(path), network)
    content = Path(path).read_bytes()
    drafts, line = Drafts(network), 1
    try:
        text = content.decode("utf-8-sig")
        for line, values in _rows(text) if str(path).lower().endswith(".csv") else _objects(text):
            drafts.add_line(values, line)
        return drafts.fleet(sha256(content).hexdigest()[:16])
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise ValueError(f"{path}: line {line}: it is not UTF-8 text") from None
    except WrongLine as error:
        raise ValueError(f"{path}: line {error.line or line}: {error}") from None


def _read_database(path: Path, network: IPv4Network) -> OwnFleet:
    drafts = Drafts(network, place="object")
    try:
        return drafts.fleet(read_mirror(path, drafts))
    except WrongLine as error:
        raise ValueError(f"{path}: {error}") from None


def _objects(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = msgspec.json.decode(line)
        except (msgspec.DecodeError, UnicodeEncodeError, RecursionError) as error:
            raise WrongLine(f"it is not JSON, with one object on each line: {error}", number) from None
        if not isinstance(value, dict):
            raise WrongLine("it is not a JSON object; each line has one SIM or one endpoint", number)
        yield number, value


def _rows(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    head = text.lstrip().partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    columns: list[str] | None = None
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _columns(cells, reader.line_num)
            else:
                if len(cells) != len(columns):
                    message = f"it has {len(cells)} cells, and the line of names has {len(columns)}"
                    if len(cells) > len(columns):
                        message += f"; a cell with {separator!r} in it needs double quotes"
                    raise WrongLine(message, reader.line_num)
                yield reader.line_num, _nested(columns, cells)
    except csv.Error as error:
        raise WrongLine(f"it is not CSV: {error}", reader.line_num) from None


def _columns(cells: list[str], line: int) -> list[str]:
    columns = [cell.strip() for cell in cells]
    for column in columns:
        if column not in _COLUMNS and not _is_unread(column):
            close = difflib.get_close_matches(column, _COLUMNS, n=1)
            hint = f"; did you mean {close[0]!r}?" if close else ""
            raise WrongLine(f"unknown column {column!r}{hint} (known: {', '.join(_COLUMNS)})", line)
        if columns.count(column) > 1:
            raise WrongLine(f"the column {column!r} comes twice", line)
    return columns


def _is_unread(column: str) -> bool:
    outer, _, inner = column.partition(".")
    name = inner if outer in ("sim", "endpoint") else column
    return name in _UNREAD or name.partition(".")[0] in _UNREAD


def _nested(columns: list[str], cells: list[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        if not cell.strip():
            continue
        *outer, name = column.split(".")
        inside = values
        for step in outer:
            known = inside.setdefault(step, {})
            if not isinstance(known, dict):
                known = inside[step] = {"id": known}
            inside = known
        if isinstance(inside.get(name), dict):
            inside[name].setdefault("id", cell.strip())
        else:
            inside[name] = cell.strip()
    return values


def _known_columns() -> tuple[str, ...]:
    inner = [name for name in _ENDPOINT if name != "id"]
    inner += [f"{name}.{part}" for name, parts in _REFERENCES.items() for part in parts]
    inner += [f"{name}_id" for name in _REFERENCES]
    plain = [*_SIM, *(name for name in _ENDPOINT if name not in _SIM), *_REFERENCES]
    plain += [f"{name}.{part}" for name, parts in _REFERENCES.items() for part in parts]
    plain += ["status.id", "endpoint", "endpoint.id", "sim", *(f"sim.{name}" for name in _SIM)]
    return (*plain, *(f"endpoint.{name}" for name in (*inner, *_REFERENCES)))


_COLUMNS = _known_columns()
