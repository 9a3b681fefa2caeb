"""What an error keeps of its answer: bounded, and without a secret in any spelling."""

from __future__ import annotations

import html
import json
import pickle
import time
import traceback
from functools import partial
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify import StaticToken, UserPassword
from aioemnify._secret import Concealer, Secret
from aioemnify.errors import APIError, DecodeError, EmnifyError, OutcomeUnknownError
from aioemnify.operation import ErrorCode
from aioemnify.transport.wire.codec import Codec, excerpt_of
from aioemnify.transport.wire.error_body import LONGEST_TEXT, MAX_DEPTH, MAX_VALUES
from aioemnify.transport.wire.response import Response, ResponseReader
from tests.scripted_api import ScriptedApi
from tests.transport.wire.small_models import CLASSES
from tests.virtual_time import backend

CANARY = 'canary/"token"&more'
SPELLINGS = [CANARY, json.dumps(CANARY)[1:-1], html.escape(CANARY), quote(CANARY, safe="")]
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOjF9.c2lnbmF0dXJl"
ENDPOINT = {"status": 0, "service_profile": 1, "tariff_profile": 2}


@pytest.fixture(params=["asyncio", "trio"])
def anyio_backend(request: pytest.FixtureRequest) -> object:
    return backend(request.param)


def error_of(body: Any, headers: dict[str, str] | None = None, status: int = 422) -> APIError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    codes = {1402: ErrorCode(1402, "Required", (422,), "Give the member.")}
    reader = ResponseReader(Codec(CLASSES.__getitem__), codes)
    return reader.error("x.y", Response(status, headers or {}, content, (Secret(CANARY),)))


def everything(error: BaseException | None) -> str:
    """Return all that a log, a debugger or an error tracker finds in an error and in its chain."""
    if error is None:
        return ""
    shown = [str(error), repr(error), repr(error.args), repr(vars(error))]
    shown += traceback.format_exception(error)
    if isinstance(error, EmnifyError):
        shown.append(repr(pickle.dumps(error)))
        shown.append(repr(vars(pickle.loads(pickle.dumps(error)))))
    held: list[object] = [getattr(error, "object", "")]  # of a UnicodeDecodeError
    return "\n".join([*shown, repr(held), everything(error.__cause__), everything(error.__context__)])


@pytest.mark.parametrize("secret", [*SPELLINGS, f"Bearer {CANARY}", JWT, JWT[:40], f"Bearer%20{JWT}"])
@pytest.mark.parametrize(
    "body",
    [
        {"message": "{}"},
        {"error_code": 1, "error_token": "{}"},
        {"error_code": "{}", "status_code": "{}"},
        {"message": "x", "errors": ["{}", ["{}"], {"message": "{}", "error_token": "{}"}]},
        {"errors": [{"message": "Endpoint - {} is required"}]},
        {"errors": [{"sims": [{"{}": 1}, {"a": {"b": ["{}"]}}]}]},
        {"{}": "{}"},
        ["{}"],
        "{}",
        {"message": "x" * 990 + " {}"},
        {"other": "x" * 180 + " {}"},
    ],
)
def test_no_text_and_no_key_repeats_a_secret(secret: str, body: Any) -> None:
    written = json.dumps(body).replace("{}", json.dumps(secret)[1:-1])
    headers = {"x-echo": f"a {secret}", f"x-{secret}": "b", "link": "x" * 990 + secret}
    shown = everything(error_of(written.encode(), headers))
    for leaked in (*SPELLINGS, JWT[:20], CANARY[:10]):
        assert leaked not in shown


@pytest.mark.parametrize("before", [0, 150, 190, 199, 700])
def test_an_excerpt_does_not_end_in_half_a_secret(before: int) -> None:
    for secret in (CANARY, JWT):
        content = b" " * 900 + b"<" * before + f" {secret} ".encode() + b">" * 900
        shown = excerpt_of(content, (Secret(CANARY),))
        assert secret[:5] not in shown and len(shown) <= 200


def test_a_secret_that_is_empty_hides_nothing() -> None:
    assert Concealer([Secret("")]).conceal("text", 10) == "text"
    assert Concealer().conceal("KeyJournalEntries of eyJoy", 100) == "KeyJournalEntries of eyJoy"


def deep(levels: int, inner: Any = 1) -> Any:
    for _ in range(levels):
        inner = {"errors": [inner]}
    return inner


@pytest.mark.parametrize("levels", [0, 3, 200, 480, 100_000])
def test_depth_is_bounded(levels: int) -> None:
    content = b'{"error_code":1402,"errors":[' + b'{"sims":[' * levels + b"]}" * levels + b"]}"
    error = error_of(content)
    assert error.status == 422 and len(everything(error)) < 100_000
    if levels < 400:
        assert error.error_code == 1402
    nested = error_of(json.dumps({"errors": [{"sims": [deep(400)]}], "message": "m"}).encode())
    depth, value = 0, nested.errors[0].refs[0]
    while isinstance(value, dict):
        depth, value = depth + 1, value["errors"][0] if isinstance(value["errors"], list) else None
    assert depth < MAX_DEPTH and nested.message == "m"


@pytest.mark.parametrize(
    "body",
    [
        {"errors": [{"message": "m" * 20}] * 30_000},
        {"errors": [[["a"] * 9] * 99] * 99, "message": "x"},
        {"errors": ["a - " * 300] * 500},
        {"errors": [{"message": "a - " * 300}] * 500},
        {f"key{number}": number for number in range(60_000)},
        {"errors": [{"sims": [{"iccid": "1"}] * 30_000}]},
        {"message": "eyJ-" * 200_000},
        {"message": "bearer " * 100_000},
        {"message": "x" * 1_000_000},
    ],
)
def test_count_and_time_are_bounded(body: Any) -> None:
    began = time.process_time()
    error = error_of(body)
    assert time.process_time() - began < 5
    assert len(error.errors) <= MAX_VALUES and len(error.message) <= LONGEST_TEXT
    assert all(len(detail.refs) <= MAX_VALUES for detail in error.errors)


@pytest.mark.parametrize("code", ["1e999", "-1e999", "1e300", "1" * 400, '"' + "1" * 400 + '"', "1.5e15"])
def test_a_code_of_no_size_is_no_code(code: str) -> None:
    content = b'{"error_code":%s,"message":"kept","errors":[{"error_code":%s}]}' % ((code.encode(),) * 2)
    error = error_of(content)
    assert error.message == "kept" or len(code) >= 400
    assert error.error_code in (None, 1_500_000_000_000_000)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["error_code", "error_token", "message", "errors", "sims", "status_code", "x"]
                ),
                inner,
                max_size=4,
            )
        ),
    ),
    st.sampled_from([400, 404, 405, 409, 422, 429, 500, 503, 600]),
)
def test_any_json_is_that_status(body: Any, status: int) -> None:
    error = error_of(body, status=status)
    assert error.status == status and everything(error)


# --- what a chain keeps


ECHOES = [
    b'{"oops": "%s", "half": ',
    b"<html>%s</html>",
    b'["%s\xff"',
    b'"%s"',
    b"%s",
]


@pytest.mark.anyio
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("status", [200, 201, 422, 500])
async def test_no_error_of_a_call_keeps_its_token_anywhere(echo: bytes, status: int) -> None:
    token = "opaque-canary-token"
    api = ScriptedApi([httpx.Response(status, content=echo % token.encode())])
    async with api.client(None, auth=StaticToken(token)) as emnify:
        calls = [partial(emnify.sims.get, 1), partial(emnify.sims.delete, 1)]
        for call in (*calls, partial(emnify.endpoints.create, ENDPOINT)):
            with pytest.raises((DecodeError, OutcomeUnknownError, APIError)) as caught:
                await call()
            assert token not in everything(caught.value)


@pytest.mark.anyio
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("status", [200, 401, 422])
async def test_no_error_of_an_authentication_keeps_its_credentials_anywhere(echo: bytes, status: int) -> None:
    for secret, options in {
        "application-canary": {},
        "password-canary": {"auth": UserPassword("me", "password-canary")},
    }.items():
        api = ScriptedApi()
        sent = b"application-canary" if not options else b"auth_token_canary"
        api.login_answers = [httpx.Response(status, content=echo % sent)]
        async with api.client(secret if not options else None, **options) as emnify:
            with pytest.raises(EmnifyError) as caught:
                await emnify.sims.get(1)
        shown = everything(caught.value)
        assert secret not in shown
        if status == 200:  # whatever came may be a token
            assert sent.decode() not in shown
