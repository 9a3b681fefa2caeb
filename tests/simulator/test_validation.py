"""What a schema validator finds, in the API's words."""

from __future__ import annotations

import jsonschema_rs
import pytest

from aioemnify.simulator.checks.body import check_body, note_mistakes, subject
from aioemnify.simulator.platform.errors import Findings, Problem
from aioemnify.tables.operations import OPERATIONS

ADDRESS = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "text": {"type": "string", "maxLength": 3}},
}
SCHEMA = {
    "type": "object",
    "required": ["name"],
    "properties": {
        "name": {"type": "string"},
        "home": {"anyOf": [{"type": "null"}, ADDRESS]},
        "size": {"type": ["integer", "null"], "minimum": 1},
        "kind": {"enum": [1, 2]},
        "even": {"multipleOf": 2},
        "all": {"type": "array", "maxItems": 2, "items": {"type": "integer"}},
    },
}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, [(1402, "name is required")]),
        ({"name": None}, [(1403, "name has invalid format: Expecting String")]),
        ([], [(1403, "body has invalid format: Expecting Object")]),
        ({"name": "", "home": {}}, [(1402, "home.id is required")]),
        ({"name": "", "home": 5}, [(1403, "home has invalid format: Expecting null or Object")]),
        (
            {"name": "", "home": {"id": "x", "text": "long"}},
            [(1403, "home.id has invalid format: Expecting Integer"), (1404, "home.text out of range")],
        ),
        ({"name": "", "size": 0}, [(1404, "size out of range")]),
        ({"name": "", "kind": 7}, [(1404, "kind out of range")]),
        ({"name": "", "even": 7}, [(1403, "even has invalid format: Expecting another form")]),
        (
            {"name": "", "all": [1, "x", 3]},
            [(1403, "all.1 has invalid format: Expecting Integer"), (1404, "all out of range")],
        ),
    ],
)
def test_mistakes(body, expected):
    findings = Findings("Thing")
    note_mistakes(findings, jsonschema_rs.Draft202012Validator(SCHEMA).iter_errors(body))
    found = sorted((detail.code, detail.message.removeprefix("Thing - ")) for detail in findings.details)
    assert found == sorted(expected)


def test_nothing_wrong():
    findings = Findings("Thing")
    findings.check()
    assert findings.details == []


@pytest.mark.parametrize(
    ("operation_id", "name"),
    [
        ("sims.update", "Sim"),
        ("sim_batches.register", "Sim batch"),
        ("service_profiles.create", "Service profile"),
        ("endpoints.create_bulk", "Endpoint"),
        ("auth.authenticate", "Auth"),
    ],
)
def test_subjects(operation_id, name):
    assert subject(OPERATIONS[operation_id]) == name


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS.values() if one.body], ids=lambda one: one.id
)
def test_every_body_has_a_schema(operation):
    with pytest.raises(Problem) as caught:
        check_body(operation, "not a body")
    assert caught.value.status == 422


def test_a_bare_number_is_no_lookup_on_the_wire():
    with pytest.raises(Problem) as caught:
        check_body(OPERATIONS["sims.update"], {"status": 1})
    assert caught.value.errors[0].message == "Sim - status has invalid format: Expecting Object"


def refusals(operation_id: str, body: object) -> list[str]:
    try:
        check_body(OPERATIONS[operation_id], body)
    except Problem as problem:
        return [entry["message"] for entry in problem.body()["errors"]]
    return []


def test_a_renamed_member_goes_by_its_name_on_the_wire():
    known = {"username": "a@example.com", "g-recaptcha-response": "x"}
    assert refusals("users.resend_activation", known) == []
    python_name = {"username": "a@example.com", "g_recaptcha_response": "x"}
    assert refusals("users.resend_activation", python_name) == ["User - g-recaptcha-response is required"]
    inner = {"filters": [{"field": "alert", "value": True, "or": [{"field": 5}]}]}
    assert refusals("data_streams.create", inner) == [
        "Data stream - filters.0.or.0.field has invalid format: Expecting String or null"
    ]


def test_a_choice_of_models_takes_each_of_them():
    for credentials in (
        {"region": "eu-west-1", "bucket_name": "fleet", "role_arn": "arn:aws:iam::1:role/fleet"},
        {"url": "https://example.com/hook"},
    ):
        kind = "RestAPI" if "url" in credentials else "S3"
        body = {"destination": {"connection_type": kind, "credentials": credentials}}
        assert refusals("data_streams.create", body) == []
    assert refusals("data_streams.create", {"destination": {"connection_type": "S3", "credentials": 5}}) != []
