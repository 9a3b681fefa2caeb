"""Write the tables of operations, limits and error codes as data that imports no model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from codegen.api import Api
from codegen.limits import Code, Limits, Row
from codegen.operations import Operation, Parameter
from codegen.paging import ENVELOPE_KEYS, Envelope, Paging
from codegen.render import call, environment, header, literal
from codegen.shapes import Shape


def table_modules(api: Api) -> dict[str, str]:
    """Write the modules of ``tables/`` by file name."""
    return {
        "__init__.py": header(["schema/"]) + environment().get_template("tables.jinja").render(),
        "bulk.py": _bulk_module(api.bulk),
        "errors.py": _errors_module(api.codes),
        "limits.py": _limits_module(api.limits),
        "operations.py": _operations_module(api.operations),
    }


def _operations_module(operations: Sequence[Operation]) -> str:
    template = environment().get_template("operations.jinja")
    records = [(operation.id, _operation(operation)) for operation in operations]
    return header(["schema/resources/"]) + template.render(records=records)


def _bulk_module(bulk: Mapping[str, Mapping[str, Any]]) -> str:
    template = environment().get_template("bulk.jinja")
    return header(["schema/resources/"]) + template.render(records=bulk.items())


def _limits_module(limits: Limits) -> str:
    rows = [_row(row) for row in limits.rows]
    newer = {edition: [_row(row) for row in changed] for edition, changed in limits.newer.items()}
    windows = [
        _record(
            "WindowLimit",
            id=window.id,
            method=window.method,
            path=window.path,
            count=window.count,
            seconds=float(window.seconds),
        )
        for window in limits.windows
    ]
    month = _record("MonthLimit", id=limits.month_id, count=limits.month_count)
    template = environment().get_template("limits.jinja")
    return header(["schema/limits.yaml"]) + template.render(
        rows=rows, windows=windows, month=month, newer=newer
    )


def _row(row: Row) -> str:
    return _record(
        "RowLimit", id=row.id, method=row.method, path=row.path, rate=float(row.rate), burst=row.burst
    )


def _errors_module(codes: Sequence[Code]) -> str:
    records = [
        (
            code.code,
            _record(
                "ErrorCode", code=code.code, token=code.token, statuses=code.statuses, advice=code.advice
            ),
        )
        for code in codes
    ]
    return header(["schema/errors.yaml"]) + environment().get_template("errors.jinja").render(records=records)


def _record(name: str, **values: object) -> str:
    return call(name, [(key, literal(value)) for key, value in values.items()])


def _operation(operation: Operation) -> str:
    # Members at their default are omitted, so that the table shows the differences.
    arguments = [(key, literal(getattr(operation, key))) for key in ("id", "method", "path")]
    for key in ("path_params", "query"):
        parameters = getattr(operation, key)
        if parameters:
            arguments.append((key, f"({', '.join(_parameter(parameter) for parameter in parameters)},)"))
    if operation.body:
        arguments.append(("body", _shape("Body", operation.body)))
    if operation.result:
        arguments.append(("result", _shape("Result", operation.result, operation.either)))
    if operation.success != (200,):
        arguments.append(("success", literal(operation.success)))
    if operation.errors:
        arguments.append(("errors", literal(tuple(operation.errors))))
    if operation.paging:
        arguments.append(("listing", _listing(operation.paging)))
    arguments.append(("retry", literal(operation.retry)))
    if operation.lane:
        arguments.append(("lane", literal(operation.lane)))
    if not operation.auth:
        arguments.append(("auth", "False"))
    if operation.creates:
        arguments.append(("creates", "True"))
    if operation.deprecated:
        arguments.append(("deprecated", literal(" ".join(operation.deprecated.split()))))
    return call("Operation", arguments)


def _parameter(parameter: Parameter) -> str:
    choices = f", choices={literal(parameter.choices)}" if parameter.choices else ""
    return f"Param({literal(parameter.name)}, {literal(parameter.kind)}{choices})"


def _shape(name: str, shape: Shape, either: bool = False) -> str:
    many = ", many=True" if shape.many else ""
    return f"{name}({literal(shape.model)}{many}{', either=True' if either else ''})"


def _listing(paging: Paging) -> str:
    arguments: list[tuple[str, str]] = []
    for key, value, default in (
        ("page_param", paging.page, "page"),
        ("size_param", paging.size, "per_page"),
        ("default_size", paging.default, None),
        ("max_size", paging.max, None),
        ("sort_fields", paging.sort, ()),
        ("default_sort", paging.default_sort, None),
    ):
        if value != default:
            arguments.append((key, literal(value)))
    if paging.filter:
        arguments.append(("filter_fields", literal(tuple(paging.filter.fields))))
        lookups = tuple((field, ref.name) for field, ref in paging.filter.lookups.items())
        arguments.append(("filter_lookups", literal(lookups)))
        numbers = tuple(field for field, kind in paging.filter.fields.items() if kind == "integer")
        arguments.append(("filter_integers", literal(numbers)))
        if paging.filter.multi:
            arguments.append(("multi_value_fields", literal(paging.filter.multi)))
            arguments.append(("multi_value_max", literal(paging.filter.multi_max)))
        if paging.filter.paired:
            arguments.append(("paired_fields", literal(paging.filter.paired)))
    if paging.envelope:
        arguments.append(("envelope", _envelope(paging.envelope)))
    return call("Listing", arguments)


def _envelope(envelope: Envelope) -> str:
    names = ((key, getattr(envelope, key)) for key in ENVELOPE_KEYS)
    return call("Envelope", [(key, literal(name)) for key, name in names if name is not None])
