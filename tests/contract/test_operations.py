"""Every documented operation is in the table once, says what is documented, and has its method.

What is expected comes from ``operations.json`` and ``limits.json`` beside this module. Where
the library deliberately says something else, ``differences.py`` names it with its reason; a
difference that is not listed there fails, and so does a listed one that is none any more.
"""

from __future__ import annotations

import inspect
from typing import Any

import attrs
import pytest

from aioemnify import OPERATIONS, Emnify, StaticToken
from aioemnify.clock import Clock
from aioemnify.resources._attributes import ResourceAttributes
from aioemnify.tables.limits import LIMIT_TABLES
from aioemnify.tables.limits import LIMITS as TABLE
from aioemnify.transport.throttle.limits import ConcurrencyLimit
from aioemnify.transport.throttle.registry import LimitRegistry
from aioemnify.transport.throttle.token_bucket import TokenBucket
from aioemnify.transport.throttle.windows import MonthlyQuota, SlidingWindow
from aioemnify.transport.wire.router import Router
from tests.contract.arguments import stub_of
from tests.contract.differences import OPERATION_DIFFERENCES
from tests.contract.documented import CALLS, GROUPS, LIMITS, MODELS, Call, Payload
from tests.contract.rows import row_of, windows_of
from tests.fleet.methods import METHODS

EVERY_CALL = pytest.mark.parametrize("call", CALLS.values(), ids=lambda call: call.id)

KINDS = {"integer|string": "string"}
"""An id that may also be a name travels as text; everything else as what it is."""

PATH_TYPES = {"integer": "int | str", "integer|string": "int | str", "string": "str"}
QUERY_TYPES = {"integer": "int", "string": "str", "boolean": "bool", "date": "date | str"}


@pytest.fixture(scope="module")
def emnify() -> Emnify:
    return Emnify(auth=StaticToken("token"))


# --- nothing is missing and nothing is invented


def test_the_table_holds_every_documented_operation_and_no_other() -> None:
    assert len(CALLS) == 216
    assert sorted(OPERATIONS) == sorted(CALLS)
    assert [operation.id for operation in OPERATIONS.values()] == list(OPERATIONS)


def test_the_client_has_every_group_and_no_other() -> None:
    attributes = [name for name, value in vars(ResourceAttributes).items() if isinstance(value, property)]
    assert sorted(attributes) == sorted(GROUPS.values())


@pytest.mark.parametrize("group", GROUPS.values())
def test_a_group_has_every_documented_method_and_no_other(group: str, emnify: Emnify) -> None:
    resource = getattr(emnify, group)
    methods = [name for name in dir(resource) if not name.startswith("_")]  # what an editor completes
    documented = {call.name for call in CALLS.values() if call.group == group}
    assert set(methods) == documented | METHODS.get(group, set())


# --- what is said of each


def documented(call: Call) -> dict[str, Any]:
    """Return what the documentation says of an operation, aspect by aspect."""
    paging = call.paged or {}
    return {
        "method": call.method,
        "path": call.path,
        "path parameters": [_param(param) for param in call.path_params],
        "query": sorted(_param(param) for param in call.plain_query),
        "body": call.body and (call.body.model, call.body.many),
        "success": [call.success],
        "failures": list(call.failures),
        "result": _documented_result(call),
        "either": call.either,
        "created": call.located,
        "paging": call.page_params,
        "envelope": _documented_envelope(call),
        "default size": paging.get("default_per_page"),
        "largest size": paging.get("max_per_page"),
        "filter": sorted(call.data.get("filter_fields", ())),
        "alternatives": sorted(call.data.get("multi_value_fields", ())),
        "alternatives at most": call.data.get("multi_value_max", 1),
        "pairs": sorted(call.data.get("paired_fields", ())),
        "sort": sorted(call.data.get("sort_fields", ())),
        "default sort": call.data.get("sort_default"),
        "lane": call.lane,
        "authenticated": call.authenticated,
        "deprecated": bool(call.data.get("deprecated")),
        "positional arguments": _documented_positional(call),
        "keyword arguments": sorted(_documented_keywords(call)),
        "returns": _documented_return(call),
    }


def _param(param: dict[str, Any]) -> tuple[str, str, tuple[str, ...]]:
    choices = tuple(str(choice) for choice in param.get("enum", ()))
    return param["name"], KINDS.get(param["type"], param["type"]), choices


def _model(payload: Payload) -> str:
    return "dict" if payload.model.startswith("map") else payload.model


def _documented_result(call: Call) -> tuple[str, bool] | None:
    # An envelope is read as the object it is; everything else as what the method returns.
    result = call.result if call.enveloped else call.returned
    return (_model(result), result.many) if result else None


def _documented_envelope(call: Call) -> tuple[str | None, ...] | None:
    if not (call.paged and call.enveloped and call.result and call.page_params):
        return None
    told = [call.paged[name] for name in ("items_field", "total_field", "last_page_field")]
    members = MODELS[call.result.model].fields
    return (*told, *(name if name in members else None for name in call.page_params))


def _documented_positional(call: Call) -> list[str]:
    found = [f"{param['name']}: {_python_type(param, PATH_TYPES)}" for param in call.path_params]
    if call.body:
        model = call.body.model
        one = " | ".join([model, f"{model}Dict", *(["int"] if call.body.is_bare_id else [])])
        told = f"Sequence[{one}]" if call.body.many else one
        found.append(f"body: {told} | None = None" if call.body_is_optional else f"body: {told}")
    return found


def _documented_keywords(call: Call) -> list[str]:
    found = [f"{name}: int | None = None" for name in call.page_params or ()]
    for param in call.plain_query:
        told = f"{param['name']}: {_python_type(param, QUERY_TYPES)}"
        found.append(told if param["required"] else f"{told} | None = None")
    if call.has_filter:
        found += ["filter", "q: str | None = None"]
    if call.has_sort:
        found.append("sort")
    return [*found, "options: CallOptions | None = None"]


def _python_type(param: dict[str, Any], types: dict[str, str]) -> str:
    if param.get("default") == "my":
        return types["integer|string"]  # an organisation's id, or that word
    if "enum" in param and param["type"] == "string":
        return f"Literal[{', '.join(map(repr, param['enum']))}]"
    return types[param["type"]]


def _documented_return(call: Call) -> str:
    returned = call.returned
    if returned is None:
        return "Created" if call.located else "None"
    one = "dict[str, Any]" if _model(returned) == "dict" else returned.model
    if call.paged:
        return f"Pages[{one}]"
    if returned.many:
        return f"list[{one}]"
    return f"{one} | Created" if call.located else one


def ours(call: Call, emnify: Emnify) -> dict[str, Any]:
    """Return what the table and the method say, aspect by aspect."""
    operation = OPERATIONS[call.id]
    listing, result, body = operation.listing, operation.result, operation.body
    envelope = listing and listing.envelope
    signature = inspect.signature(stub_of(emnify, call))
    arguments = signature.parameters.values()
    return {
        "method": operation.method,
        "path": operation.path,
        "path parameters": [(param.name, param.kind, param.choices) for param in operation.path_params],
        "query": sorted((param.name, param.kind, param.choices) for param in operation.query),
        "body": body and (_class(body.model), body.many),
        "success": list(operation.success),
        "failures": sorted(operation.errors),
        "result": result and (_class(result.model), result.many),
        "either": bool(result and result.either),
        "created": operation.creates,
        "paging": listing and (listing.page_param, listing.size_param),
        "envelope": envelope and attrs.astuple(envelope),
        "default size": listing and listing.default_size,
        "largest size": listing and listing.max_size,
        "filter": sorted(listing.filter_fields) if listing else [],
        "alternatives": sorted(listing.multi_value_fields) if listing else [],
        "alternatives at most": listing.multi_value_max if listing else 1,
        "pairs": sorted(listing.paired_fields) if listing else [],
        "sort": sorted(listing.sort_fields) if listing else [],
        "default sort": listing and listing.default_sort,
        "lane": operation.lane,
        "authenticated": operation.auth,
        "deprecated": operation.deprecated is not None,
        "positional arguments": [
            _told(argument) for argument in arguments if argument.kind is argument.POSITIONAL_OR_KEYWORD
        ],
        "keyword arguments": sorted(
            _told(argument) for argument in arguments if argument.kind is argument.KEYWORD_ONLY
        ),
        "returns": str(signature.return_annotation).replace("builtins.", ""),
    }


def _class(text: str) -> str:
    return text.rpartition(":")[2]


def _told(argument: inspect.Parameter) -> str:
    if argument.name in ("filter", "sort"):  # typed by names of the library's own
        assert argument.default is None
        return argument.name
    return f"{argument.name}: {argument.annotation}" + (
        "" if argument.default is argument.empty else " = None"
    )


@EVERY_CALL
def test_an_operation_says_what_is_documented(call: Call, emnify: Emnify) -> None:
    expected, found = documented(call), ours(call, emnify)
    assert expected.keys() == found.keys()
    different = {aspect: found[aspect] for aspect in expected if expected[aspect] != found[aspect]}
    listed = OPERATION_DIFFERENCES.get(call.id, {})
    assert different == {aspect: difference.ours for aspect, difference in listed.items()}, {
        aspect: expected[aspect] for aspect in different
    }


def test_every_listed_difference_is_of_a_documented_operation() -> None:
    assert OPERATION_DIFFERENCES.keys() <= CALLS.keys()
    assert all(
        difference.reason.endswith(".")
        for listed in OPERATION_DIFFERENCES.values()
        for difference in listed.values()
    )


@EVERY_CALL
def test_a_method_describes_itself(call: Call, emnify: Emnify) -> None:
    told = inspect.getdoc(stub_of(emnify, call)) or ""
    named = [
        *(param["name"] for param in (*call.path_params, *call.plain_query)),
        *(["body"] if call.body else []),
    ]
    assert [name for name in named if f"\n    {name}: " not in told] == []
    assert ("Deprecated: " in told) is bool(call.data.get("deprecated"))
    assert ("Serialised: " in told) is (call.lane is not None)


# --- the limits that each is admitted under


ROUTER = Router(OPERATIONS.values())


def concrete(call: Call) -> str:
    path = call.path
    for place, param in enumerate(call.path_params):
        path = path.replace("{" + param["name"] + "}", str(param.get("enum", [700 + place])[0]))
    return path


@EVERY_CALL
def test_a_call_is_admitted_under_its_documented_limits(call: Call) -> None:
    path = concrete(call)
    operation = ROUTER.operation(call.method, path)
    assert (operation.id, operation.lane, operation.auth) == (call.id, call.lane, call.authenticated)
    found = LimitRegistry(TABLE, clock=Clock()).of_call("organisation", call.method, path, operation.lane)
    row, (quota,) = row_of(call.method, path), LIMITS["quotas"]
    assert sorted(_limit(limit) for limit in found) == sorted(
        [
            *([("lane", call.lane, 1, 0)] if call.lane else []),
            *(
                [("row", f"{row['method']} {row['path']}", row["burst"], row["rate_per_second"])]
                if row
                else []
            ),
            *(
                ("window", row["id"], row["count"], row["window_seconds"])
                for row in windows_of(call.method, path)
            ),
            ("quota", quota["id"], quota["count"], 0),
        ]
    )


def _limit(limit: object) -> tuple[str, str, float, float]:
    if isinstance(limit, TokenBucket):
        return "row", limit.name, limit.burst, limit.rate
    if isinstance(limit, SlidingWindow):
        return "window", limit.name, limit.count, limit.seconds
    if isinstance(limit, MonthlyQuota):
        return "quota", limit.name, limit.count, 0
    assert isinstance(limit, ConcurrencyLimit)
    return "lane", limit.name.removeprefix("lane "), limit.size, 0


def _awkward_paths() -> set[str]:
    """Return paths that several rows may fit: words where an id stands, and words of other rows."""
    words = ("700", "stats", "status", "billing")
    return {
        row["path"].replace("{id}", one).replace("*", rest)
        for row in LIMITS["organisation_limits"]
        for one in words
        for rest in (*words, "stats/daily", "700/stats/daily")
    }


@pytest.mark.parametrize("path", sorted(_awkward_paths()))
def test_a_raw_path_meets_the_most_literal_row(path: str) -> None:
    found = [
        limit
        for limit in LimitRegistry(TABLE, clock=Clock()).of_call("organisation", "GET", path, None)
        if isinstance(limit, TokenBucket)
    ]
    row = row_of("GET", path)
    assert [limit.name for limit in found] == ([f"GET {row['path']}"] if row else [])


@EVERY_CALL
def test_two_readings_of_the_documentation_agree_on_a_row(call: Call) -> None:
    """The data names each operation's rows as well; the second reading finds the same ones."""
    path = concrete(call)
    row = row_of(call.method, path)
    special = [window["id"] for window in windows_of(call.method, path) if window["path"] != "/api/*"]
    found = [*([row["id"]] if row else []), *special]
    listed = call.data.get("rate_limits", [])
    # Whether {id} stands for a word too, as in /sim/status, is not documented; counting it is careful.
    literal = [] if row is None or "{" in call.path or row["path"] == call.path else [row["id"]]
    assert [name for name in found if name not in literal or name in listed] == listed


def test_the_limits_are_the_documented_ones() -> None:
    assert sorted((row.id, row.method, row.path, row.rate, row.burst) for row in TABLE.rows) == [
        (row["id"], row["method"], row["path"], row["rate_per_second"], row["burst"])
        for row in LIMITS["organisation_limits"]
    ]
    assert sorted((row.id, row.method, row.path, row.count, row.seconds) for row in TABLE.windows) == [
        (row["id"], row["method"], row["path"], row["count"], row["window_seconds"])
        for row in LIMITS["ip_limits"]
    ]
    assert [(TABLE.month.id, TABLE.month.count)] == [(row["id"], row["count"]) for row in LIMITS["quotas"]]


def test_newer_limits_differ_in_the_documented_rows_and_no_others() -> None:
    assert LIMIT_TABLES.keys() == {"documented", *LIMITS["newer"]}
    assert LIMIT_TABLES["documented"] is TABLE
    for edition, rows in LIMITS["newer"].items():
        table = LIMIT_TABLES[edition]
        assert (table.windows, table.month) == (TABLE.windows, TABLE.month)
        assert [(row.id, row.method, row.path) for row in table.rows] == [
            (row.id, row.method, row.path) for row in TABLE.rows
        ]
        changed = {
            row.id: [row.rate, row.burst]
            for row, before in zip(table.rows, TABLE.rows, strict=True)
            if row != before
        }
        assert changed == rows
