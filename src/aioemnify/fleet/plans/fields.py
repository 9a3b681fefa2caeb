"""What a plan can set: the fields of an endpoint, read from cells and compared with what is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache, lru_cache, partial
from ipaddress import IPv4Address
from typing import Any

from attrs import frozen

from aioemnify._checks import did_you_mean
from aioemnify.models import Endpoint, EndpointStatus, SimStatus
from aioemnify.operation import Operation
from aioemnify.serialization.columns import columns_of
from aioemnify.tables.operations import OPERATIONS

_ID = re.compile(r"[0-9]{1,18}").fullmatch
_IMEI = re.compile(r"[0-9]{14,16}").fullmatch
_TRUTH = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

Value = str | int | bool | None
"""A value as the API takes it: an id for a status or a profile."""


class WrongCell(Exception):
    """What is wrong with a cell."""


@frozen
class Field:
    """One member of an endpoint that a plan can own.

    Attributes:
        name: how changes name it.
        columns: the columns that set it, and what reads each.
        current: returns its value.
        label: returns what people call a value, as an endpoint has it now.
        known: returns the label of a value without a look at an endpoint.
        listing: the list of what it refers to, where that has names of its own.
        clears: whether an empty text is a value.
    """

    name: str
    columns: Mapping[str, Callable[[str], Value]]
    current: Callable[[Any], Value]
    label: Callable[[Any], Value]
    known: Callable[[Any], Value] = lambda value: value
    listing: Operation | None = None
    clears: bool = False

    def body(self, value: Value, sim: int | None) -> dict[str, Any]:
        """Return the members of a change that set it."""
        outer, _, inner = self.name.partition(".")
        return {outer: {"id": sim, inner: value} if inner else value}


def _text(cell: str) -> Value:
    return cell


def _digits(cell: str) -> Value:
    text = cell.strip()
    if not _IMEI(text):
        raise WrongCell(f"takes 14 to 16 digits, not {text!r}{rounded(text)}")
    return text


def _boolean(cell: str) -> Value:
    found = _TRUTH.get(cell.strip().lower())
    if found is None:
        raise WrongCell(f"takes true or false, not {cell.strip()!r}")
    return found


def _address(cell: str) -> Value:
    text = cell.strip()
    try:
        return str(IPv4Address(text))
    except ValueError:
        raise WrongCell(f"takes an IPv4 address, not {text!r}") from None


@lru_cache(maxsize=1000)  # few texts, in many rows
def _lookup(kind: Any, cell: str) -> Value:
    """Read a label or an id of a lookup of the schema; what is deleted cannot be asked for."""
    accepted = {label: number for number, label in _labels(kind).items() if label != "Deleted"}
    text = cell.strip()
    for label, number in accepted.items():
        if text.casefold() in (label.casefold(), str(number)):
            return number
    hint = did_you_mean(text, accepted)
    raise WrongCell(f"takes one of {', '.join(accepted)}, not {text!r}{hint}")


@cache
def _labels(kind: Any) -> dict[int, str]:
    return {one.id: one.description for one in vars(kind).values() if isinstance(one, kind)}


def _label_of(kind: Any, value: Value) -> Value:
    return _labels(kind).get(value, value)  # type: ignore[arg-type]


def read_id(cell: str) -> int:
    """Read an id."""
    text = cell.strip()
    if not _ID(text):
        raise WrongCell(f"takes an id, not {text!r}{rounded(text)}")
    return int(text)


def _name(cell: str) -> Value:
    return cell.strip()


def _number_or_name(cell: str) -> Value:
    return read_id(cell) if cell.strip().isdecimal() else _name(cell)


def rounded(text: str) -> str:
    """Say what a spreadsheet has done to a long number."""
    found = re.fullmatch(r"[0-9][.,]?[0-9]*E\+?[0-9]+", text, re.IGNORECASE)
    return "; a spreadsheet has rounded it: format the column as text there" if found else ""


def _plain(name: str, read: Callable[[str], Value], *, clears: bool = False) -> Field:
    boolean = read is _boolean

    def current(endpoint: Any) -> Value:
        value: Value = getattr(endpoint, name)
        if boolean or type(value) is str:
            return value
        return "" if value is None else str(value)  # an IMEI may come as a JSON number

    return Field(name, {name: read}, current, current, clears=clears)


def _inner(*members: str) -> Callable[[Any], Any]:
    def current(endpoint: Any) -> Any:
        value = endpoint
        for member in members:
            value = getattr(value, member, None)
        return value

    return current


def _status(name: str, kind: Any) -> Field:
    current, label_of = _inner(*name.split("."), "id"), partial(_label_of, kind)

    def label(endpoint: Any) -> Value:
        return label_of(current(endpoint))

    return Field(name, {name: partial(_lookup, kind)}, current, label, known=label_of)


def _profile(name: str) -> Field:
    columns = {name: _number_or_name, f"{name}.id": read_id, f"{name}.name": _name}
    listing = OPERATIONS[f"{name}s.list"]
    return Field(name, columns, _inner(name, "id"), _inner(name, "name"), listing=listing)


FIELDS: Mapping[str, Field] = {
    one.name: one
    for one in (
        _plain("name", _text),
        _plain("tags", _text, clears=True),
        _status("status", EndpointStatus),
        _profile("service_profile"),
        _profile("tariff_profile"),
        _plain("imei", _digits, clears=True),
        _plain("imei_lock", _boolean),
        _plain("ip_address", _address),
        _status("sim.status", SimStatus),
    )
}

OWNED: Mapping[str, Field] = {column: one for one in FIELDS.values() for column in one.columns}
"""The field of each column that sets one."""

COLUMNS: tuple[str, ...] = tuple(dict.fromkeys([*OWNED, *(one.name for one in columns_of(Endpoint))]))
"""All columns that a file may have: those that set a field, and the others of an export."""
