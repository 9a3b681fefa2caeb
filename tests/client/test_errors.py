"""The exception tree: as its docstring draws it, and able to travel."""

from __future__ import annotations

import builtins
import copy
import inspect
import pickle
import re
import traceback
from datetime import UTC, datetime
from typing import Any

import pytest

from aioemnify import errors
from aioemnify.errors import STATUS_ERRORS, APIError, EmnifyError, ErrorDetail

DETAIL = ErrorDetail(
    error_code=1502, error_token="Attached", message="Sim - x is attached", field="x", refs=({"id": 1},)
)
TOLD: dict[str, Any] = {
    "error_code": 1400,
    "error_token": "InputValidationFailed",
    "message": "not valid",
    "errors": [DETAIL],
    "operation": "sims.update",
    "headers": {"x-request-id": "abc"},
    "excerpt": "<html>",
    "advice": "Read the list.",
}
ARGUMENTS: dict[type[EmnifyError], tuple[tuple[Any, ...], dict[str, Any]]] = {
    errors.EmnifyError: (("plain",), {}),
    errors.ArgumentError: (("sim_id", "is empty"), {}),
    errors.ArgumentTypeError: (("sim_id", "takes text"), {}),
    errors.FilterValueError: (("filter['name']", "cannot be 'a,b'"), {}),
    errors.UnknownTenantError: (("tenant", "'acme' has no token"), {}),
    errors.NoResultError: (("no item",), {}),
    errors.MultipleResultsError: (("2 items",), {"results": [1, 2], "total": 2}),
    errors.WaitError: (("not delivered",), {"last": [1]}),
    errors.WaitTimeoutError: (("9 s were not enough",), {"last": [1]}),
    errors.WaitFailedError: (("the wait cannot succeed",), {"last": None}),
    errors.ClientStateError: (("the client is closed",), {}),
    errors.StoreError: (("no answer",), {"lost": True}),
    errors.ThrottleError: (("too long",), {"wait": 1.5, "limit": "sims.list", "operation": "sims.list"}),
    errors.TransportError: (("broke",), {"operation": "sims.list"}),
    errors.ConnectError: (("no connection",), {"operation": "sims.list"}),
    errors.TimeoutError: (("no answer",), {"phase": "response", "operation": "sims.list"}),
    errors.ProtocolError: (("no HTTP",), {"operation": "sims.list"}),
    errors.ResponseTooLargeError: (("too large",), {"operation": "sims.list"}),
    errors.OutcomeUnknownError: (("lost",), {"operation": "endpoints.create"}),
    errors.DecodeError: (("unreadable",), {"operation": "sims.list", "excerpt": "<html>"}),
    errors.PushError: (("too large",), {"status": 413}),
    errors.MissingSignatureError: (("no token",), {"status": 401}),
    errors.InvalidSignatureError: (("expired",), {"status": 401}),
    errors.PushDecodeError: (("no JSON",), {"status": 400}),
    errors.UnknownRecordError: (("no event",), {"status": 422}),
    errors.APIError: ((418,), TOLD),
    errors.RateLimitError: ((429,), TOLD | {"cause": "row", "retry_after": 0.25}),
    errors.QuotaExhaustedError: (
        (429,),
        TOLD | {"cause": "quota", "retry_after": 86400.0, "resets_at": datetime(2026, 1, 1, tzinfo=UTC)},
    ),
    errors.ServerError: ((503,), TOLD),
    **{kind: ((status,), TOLD) for status, kind in STATUS_ERRORS.items()},
}
EVERY = [
    value for name, value in vars(errors).items() if inspect.isclass(value) and issubclass(value, EmnifyError)
]


def make(kind: type[EmnifyError]) -> EmnifyError:
    args, kwargs = ARGUMENTS[kind]
    return kind(*args, **kwargs)


def test_every_error_is_tested_here() -> None:
    assert set(EVERY) == set(ARGUMENTS)


def test_all_is_complete_and_sorted() -> None:
    public = {kind.__name__ for kind in EVERY} | {"ErrorDetail"}
    assert errors.__all__ == sorted(public)


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize(
    "travel",
    [
        copy.copy,
        copy.deepcopy,
        *(lambda e, p=p: pickle.loads(pickle.dumps(e, p)) for p in range(2, pickle.HIGHEST_PROTOCOL + 1)),
    ],
)
def test_an_error_travels_with_everything_it_says(kind: type[EmnifyError], travel: Any) -> None:
    error = make(kind)
    error.add_note("seen in the night run")
    headers_received = travel(error)
    assert type(headers_received) is kind
    assert vars(headers_received) == vars(error)
    assert headers_received.args == error.args
    assert str(headers_received) == str(error)
    assert repr(headers_received) == repr(error)


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_keeps_what_it_was_given(kind: type[EmnifyError]) -> None:
    args, kwargs = ARGUMENTS[kind]
    error = kind(*args, **kwargs)
    for name, value in kwargs.items():
        assert getattr(error, name) == (tuple(value) if name == "errors" else value)
    if isinstance(error, APIError):
        assert error.details is error.errors


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_reads_well(kind: type[EmnifyError]) -> None:
    text = str(make(kind))
    assert text.strip()
    assert kind.__name__ not in text
    assert " object at 0x" not in text
    assert "None" not in text
    shown = "".join(traceback.format_exception(make(kind)))
    assert f"aioemnify.errors.{kind.__name__}: {text.splitlines()[0]}" in shown


@pytest.mark.parametrize("kind", EVERY)
def test_an_error_of_a_walk_names_its_page_also_after_travelling(kind: type[EmnifyError]) -> None:
    error = make(kind)
    assert error.page is None
    text = str(error)
    error.page = 7
    for one in (error, copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (one.page, str(one)) == (7, f"page 7: {text}")


@pytest.mark.parametrize("kind", [kind for kind in EVERY if issubclass(kind, APIError)])
def test_an_api_error_says_all_it_knows(kind: type[APIError]) -> None:
    text = str(make(kind))
    for piece in (
        "sims.update answered",
        "1400 InputValidationFailed",
        "not valid",
        "1502 Attached",
        "Read the list.",
    ):
        assert piece in text


def test_an_api_error_that_knows_nothing_says_so() -> None:
    assert str(APIError(500)) == "the server answered 500 with no explanation"
    assert str(APIError(500, operation="sims.get", excerpt="<html>")) == "sims.get answered 500: <html>"
    assert str(APIError(422, error_code=1400)) == "the server answered 422: 1400"


def test_the_headers_given_are_copied() -> None:
    headers = {"a": "b"}
    error = APIError(500, headers=headers)
    headers["a"] = "c"
    assert error.headers == {"a": "b"}


@pytest.mark.parametrize(
    ("detail", "text"),
    [
        (ErrorDetail(error_code=1, error_token="T", message="m"), "1 T: m"),
        (ErrorDetail(error_code=1, message="m"), "1: m"),
        (ErrorDetail(error_token="T"), "T"),
        (ErrorDetail(message="m"), "m"),
        (ErrorDetail(), "(no text)"),
        (ErrorDetail(error_code=0), "0"),
    ],
)
def test_a_detail_as_text(detail: ErrorDetail, text: str) -> None:
    assert str(detail) == text


def drawn_tree() -> dict[str, tuple[str, str]]:
    """Read the docstring's drawing: name to its parent and its remark."""
    parents: list[str] = []
    drawn: dict[str, tuple[str, str]] = {}
    assert errors.__doc__
    for line in errors.__doc__.splitlines():
        found = re.match(r"^    ((?:[│ ]   )*)(?:[├└]── )?(\w+Error)\b\s*(.*)$", line)
        if not found or (parents and "── " not in line):
            continue
        depth = len(found[1]) // 4 + ("── " in line)
        del parents[depth:]
        drawn[found[2]] = (parents[-1] if parents else "Exception", found[3])
        parents.append(found[2])
    return drawn


def test_the_tree_is_as_the_docstring_draws_it() -> None:
    drawn = {name: parent for name, (parent, _) in drawn_tree().items()}
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in EVERY}


def test_the_statuses_are_as_the_docstring_says() -> None:
    said = {
        int(remark[:3]): name for name, (_, remark) in drawn_tree().items() if re.match(r"\d{3}\b", remark)
    }
    assert said.pop(429) in {"RateLimitError", "QuotaExhaustedError"}
    assert said == {status: kind.__name__ for status, kind in STATUS_ERRORS.items()}


def test_python_s_own_errors_are_met_too() -> None:
    assert issubclass(errors.ArgumentError, ValueError)
    assert issubclass(errors.ArgumentTypeError, TypeError)
    assert issubclass(errors.TimeoutError, builtins.TimeoutError)
    assert not issubclass(errors.ArgumentError, TypeError)


@pytest.mark.parametrize("kind", EVERY)
def test_every_error_is_explained(kind: type[EmnifyError]) -> None:
    assert kind.__doc__
    assert "__doc__" in vars(kind)
