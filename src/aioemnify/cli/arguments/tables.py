"""Rows of a CSV file or of JSON lines as the items of a job; each mistake is named by file and line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from aioemnify.cli.arguments.fields import lookup_id, read_file
from aioemnify.cli.description import Described, items_of, lookup_of, operations, resolved
from aioemnify.cli.exit_status import FILE, CommandError


def read_items(operation: str, name: str) -> list[Any]:
    """Return the items of a job.

    Args:
        operation: the id of the operation.
        name: the file; ``-`` is stdin.

    Raises:
        CommandError: there is no such operation, or a row is wrong.
    """
    described = operations().get(operation.replace("-", "_"))
    if described is None:
        from aioemnify._checks import did_you_mean

        raise CommandError(f"there is no operation {operation!r}{did_you_mean(operation, operations())}")
    text = read_file(name)
    rows = _csv_rows(described, name, text) if name.lower().endswith(".csv") else _json_rows(name, text)
    return [_item(described, f"{name}:{line}", row) for line, row in rows]


def _csv_rows(described: Described, name: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    # Strict: else a quote that nothing closes makes one cell of all rows behind it.
    text = text.removeprefix("\ufeff")
    separator = max(",;\t", key=text.partition("\n")[0].count)  # as spreadsheets write them
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = _checked(name, reader)
    header = [column.strip() for column in next(rows, (1, []))[1]]
    if not any(header):
        raise CommandError(f"{name}:1: the first line names the columns; it is empty", FILE)
    known = _kinds(described)
    for column in header:
        if column not in known:
            from aioemnify._checks import did_you_mean

            problem = f"{name}:1: {described.id} has no column {column!r}; it has {', '.join(known)}"
            raise CommandError(problem + did_you_mean(column, known), FILE)
        if header.count(column) > 1:
            raise CommandError(f"{name}:1: the column {column!r} is there twice", FILE)
    for line, cells in rows:
        if not any(cells):
            continue
        if len(cells) != len(header):
            problem = f"{name}:{line}: has {len(cells)} cells, and there are {len(header)} columns"
            if len(cells) > len(header):
                problem += f"; a cell with {separator!r} in it needs double quotes"
            raise CommandError(problem, FILE)
        pairs = zip(header, (cell.strip() for cell in cells), strict=True)
        yield (
            line,
            {
                column: _cell(f"{name}:{line}: {column}", cell, known[column])
                for column, cell in pairs
                if cell
            },
        )


def _checked(name: str, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each row, with its line."""
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise CommandError(f"{name}:{reader.line_num}: is not CSV: {error}", FILE) from None


def _kinds(described: Described) -> dict[str, tuple[str, Mapping[str, int]]]:
    """Return the columns of an operation: the kind of each, and the known labels of a lookup."""
    found: dict[str, tuple[str, Mapping[str, int]]] = {
        one["name"]: (one["schema"]["type"], {}) for one in described.parameters("path")
    }
    schema = described.body
    for member in described.members():
        place: Mapping[str, Any] = items_of(schema) if schema is not None else {}
        for part in member.name.split("."):
            place = resolved(place.get("properties", {}).get(part, {}))
        found[member.name] = (member.kind, lookup_of(place))
    return found


def _cell(where: str, cell: str, kind: tuple[str, Mapping[str, int]]) -> Any:
    name, labels = kind
    if cell == "null":
        return None
    if name == "lookup":
        try:
            identity = lookup_id(where, cell, labels)
        except CommandError as error:
            raise CommandError(str(error), FILE) from None
        return {"id": int(identity)}
    if name in ("integer", "whole number"):
        if not cell.removeprefix("-").isdecimal():
            raise CommandError(f"{where}: {cell!r} is not a whole number", FILE)
        return int(cell)
    if name == "number":
        try:
            return float(cell)
        except ValueError:
            raise CommandError(f"{where}: {cell!r} is not a number", FILE) from None
    if name == "true or false":
        if cell.lower() not in ("true", "false"):
            raise CommandError(f"{where}: {cell!r} is not true or false", FILE)
        return cell.lower() == "true"
    if name in ("object", "list"):
        try:
            return json.loads(cell)
        except ValueError as error:
            raise CommandError(f"{where}: is not JSON: {error}", FILE) from None
    return cell


def _json_rows(name: str, text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            raise CommandError(f"{name}:{number}: is not JSON: {error}", FILE) from None
        if not isinstance(row, dict):
            raise CommandError(f"{name}:{number}: is not an object of JSON", FILE)
        yield number, row


def _item(described: Described, where: str, row: dict[str, Any]) -> Any:
    path = []
    for one in described.parameters("path"):
        if row.get(one["name"]) is None:
            raise CommandError(f"{where}: has no {one['name']}", FILE)
        path.append(row.pop(one["name"]))
    if described.body is None:
        return path[0] if len(path) == 1 else tuple(path)
    body: dict[str, Any] = {}
    for name, value in row.items():
        *outer, last = name.split(".")
        place = body
        for part in outer:
            place = place.setdefault(part, {})
        place[last] = value
    return (*path, body) if path else body
