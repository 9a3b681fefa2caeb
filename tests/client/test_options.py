"""What a caller may say about one call."""

from __future__ import annotations

from typing import Any

import pytest

from aioemnify import UNSET, CallOptions
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.options import REFUSED_HEADERS, call_options


def test_nothing_said_is_the_clients_own() -> None:
    assert CallOptions() == CallOptions(timeout=None, headers=None, retry=True)
    assert CallOptions() == CallOptions(deadline=UNSET) != CallOptions(deadline=None)


def test_a_record_or_a_mapping() -> None:
    record = CallOptions(timeout=1, deadline=2.5, headers={"X-Trace": "1"}, retry=False)
    assert call_options(record) is record
    assert (
        call_options({"timeout": 1, "deadline": 2.5, "headers": {"X-Trace": "1"}, "retry": False}) == record
    )
    assert call_options({}) == CallOptions()


@pytest.mark.parametrize("value", [5, "retry", [("retry", False)], True])
def test_anything_else_is_refused(value: Any) -> None:
    with pytest.raises(ArgumentTypeError, match="options takes CallOptions or a mapping"):
        call_options(value)


def test_an_unknown_member_is_named_with_those_that_exist() -> None:
    with pytest.raises(
        ArgumentError, match=r"options has no member 'timeuot'; it has timeout, deadline"
    ) as caught:
        call_options({"timeuot": 1})
    assert str(caught.value).endswith("; did you mean 'timeout'?")
    with pytest.raises(ArgumentError, match=r"has no member 5; it has [a-z_, ]+$"):
        call_options({5: 1})


def test_retry_is_a_bool() -> None:
    with pytest.raises(ArgumentTypeError, match="options.retry takes True or False, not 0"):
        CallOptions(retry=0)  # type: ignore[arg-type]


def test_the_closest_priority_is_offered() -> None:
    with pytest.raises(ArgumentError, match=r"interactive, normal, bulk, not 'bluk'; did you mean 'bulk'\?"):
        CallOptions(priority="bluk")  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["timeout", "deadline"])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        (0, ArgumentError),
        (-1, ArgumentError),
        (float("nan"), ArgumentError),
        ("1", ArgumentTypeError),
        (True, ArgumentTypeError),
    ],
)
def test_seconds_are_above_zero(name: str, value: Any, error: type[ArgumentError]) -> None:
    with pytest.raises(error) as caught:
        CallOptions(**{name: value})
    assert caught.value.argument == f"options.{name}"


@pytest.mark.parametrize("name", [*sorted(REFUSED_HEADERS), "Authorization", "HOST"])
def test_headers_that_would_mislabel_the_message_are_refused_with_the_reason(name: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        CallOptions(headers={name: "x"})
    assert caught.value.argument == "options.headers"
    assert str(caught.value) == f"options.headers cannot set {name!r}: {REFUSED_HEADERS[name.lower()]}"


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("Content-Length", "HTTP library decides"),
        ("Transfer-Encoding", "HTTP library decides"),
        ("Connection", "HTTP library decides"),
        ("Upgrade", "HTTP library decides"),
        ("TE", "HTTP library decides"),
        ("Expect", "HTTP library decides"),
        ("Host", "client writes"),
        ("Content-Type", "client writes"),
        ("Accept-Encoding", "client writes"),
        ("Authorization", "client writes"),
        ("Content-Encoding", "uncompressed"),
        ("Range", "part of a response"),
        ("X-HTTP-Method-Override", "limits and retries"),
        ("Proxy-Authorization", "HTTPS_PROXY"),
    ],
)
def test_the_reason_fits_the_header(name: str, reason: str) -> None:
    with pytest.raises(ArgumentError, match=reason):
        CallOptions(headers={name: "x"})


def test_the_headers_that_carry_the_call_are_the_clients() -> None:
    assert {
        "authorization",
        "content-type",
        "accept",
        "accept-encoding",
        "host",
        "content-length",
    } <= {*REFUSED_HEADERS}


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "b\r\nAuthorization: Bearer x"},
        {"X-A\r\nEvil": "b"},
        {"X A": "b"},
        {"X-A:": "b"},
        {"": "b"},
        {"X-Ä": "b"},
        {"X-A": "ä"},
        {"X-A": "b\n"},
        {"X-A": " b"},
        {"X-A": "b "},
        {"X-A": " "},
        {"X-A": "\0"},
        {"X-A": 5},
        {"X-A": None},
        {5: "b"},
        [("X-A", "b")],
        "X-A: b",
    ],
)
def test_what_is_no_header_is_refused(headers: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        CallOptions(headers=headers)
    assert caught.value.argument == "options.headers"


def test_other_headers_are_welcome() -> None:
    headers = {"X-Correlation-ID": "abc 123", "traceparent": "00-1", "X-Empty": ""}
    assert CallOptions(headers=headers).headers == headers
