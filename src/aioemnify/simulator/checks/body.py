"""Validate request bodies against the schema of their model and report all errors in the API's words."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import jsonschema_rs

from aioemnify.models import resolve
from aioemnify.operation import Body, Operation
from aioemnify.simulator.checks.body_schema import body_schema
from aioemnify.simulator.platform.dates import read_date
from aioemnify.simulator.platform.errors import Findings

_EXPECTED = {
    "integer": "Integer",
    "number": "Number",
    "string": "String",
    "boolean": "Boolean",
    "object": "Object",
    "array": "Array",
    "null": "null",
    "date-time": "Date",
    "date": "Date",
}
_FORMATS: dict[str, Callable[..., bool]] = {
    "date-time": lambda text: read_date(text) is not None,
    "date": lambda text: read_date(text) is not None,
}
_RANGES = ("maximum", "minimum", "maxLength", "minLength", "maxItems", "minItems", "enum", "pattern")


def check_body(operation: Operation, body: Any) -> None:
    """Validate a decoded body.

    Choice: unknown members of a body are ignored at every level.
    Choice: a timestamp in a body may be a date without a time, and without a zone it means UTC.

    Args:
        operation: names the model of the body.
        body: the decoded JSON.

    Raises:
        Problem: 422 with one entry for each error.
    """
    if operation.body is None:
        return
    findings = Findings(subject(operation), updates_endpoint=operation.id == "endpoints.update")
    note_mistakes(findings, _validator(operation.body).iter_errors(body))
    # The API adds the status to the body of this one call.
    extra = {"status_code": 422} if operation.id == "endpoints.create" else {}
    findings.check(**extra)


def subject(operation: Operation) -> str:
    """Return the kind of object of an operation, as error texts name it: ``Service profile``."""
    group = operation.id.partition(".")[0]
    singular = {"sim_batches": "sim_batch"}.get(group, group.removesuffix("s"))
    return singular.replace("_", " ").capitalize()


@functools.cache
def _validator(body: Body) -> Any:
    return jsonschema_rs.Draft202012Validator(
        body_schema(resolve(body.model), many=body.many), validate_formats=True, formats=_FORMATS
    )


def note_mistakes(findings: Findings, errors: Iterable[jsonschema_rs.ValidationError]) -> None:
    """Add the errors of a schema validator in the API's words.

    Args:
        findings: where to add the errors.
        errors: errors of the validator; ``anyOf`` holds the errors of each alternative.
    """
    for error in errors:
        kind: Any = error.kind
        name = _name(error.instance_path)
        match error.schema_path[-1]:
            case "required":
                findings.required(_name([*error.instance_path, kind.property]))
            case "type":
                findings.malformed(name, _types(kind.types))
            case "format":
                findings.malformed(name, _EXPECTED[kind.format])
            case "anyOf":
                _note_choice(findings, kind.context, error.instance_path)
            case keyword if keyword in _RANGES:
                findings.out_of_range(name)
            case _:
                findings.malformed(name, "another form")


def _note_choice(
    findings: Findings, forms: Sequence[Sequence[jsonschema_rs.ValidationError]], path: Sequence[Any]
) -> None:
    """Report the errors of the alternative that has the type of the value."""
    wrong_types: list[str] = []
    for errors in forms:
        first: Any = errors[0]
        if first.schema_path[-1] != "type" or list(first.instance_path) != list(path):
            note_mistakes(findings, errors)
            return
        wrong_types += first.kind.types
    findings.malformed(_name(path), _types(wrong_types))


def _types(types: Sequence[str]) -> str:
    return " or ".join(_EXPECTED[name] for name in types)


def _name(path: Sequence[Any]) -> str:
    return ".".join(str(part) for part in path) or "body"
