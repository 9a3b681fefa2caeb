"""Secrets of every generated model: through the reader, the writer and the log, and never seen."""

from __future__ import annotations

import json
import logging
from typing import Any

import attrs
import pytest

from aioemnify import models
from aioemnify.errors import ArgumentError
from aioemnify.operation import Body, Result
from aioemnify.transport.wire.codec import Codec
from tests.scripted_api import ScriptedApi

CANARY = "canary-3f9a"


def _home(name: str) -> str:
    return f"{getattr(models, name).__module__.rpartition('.')[2]}:{name}"


def _secrets(model: type[Any]) -> list[str]:
    """Return the secret members, as they are called on the wire."""
    return [_wire(attribute) for attribute in attrs.fields(model) if not attribute.repr]


def _wire(attribute: attrs.Attribute[Any]) -> str:
    wire: str = attribute.metadata.get("wire", attribute.name)
    return wire


WITH_SECRETS = [name for name in models.__all__ if _secrets(getattr(models, name))]


def test_the_models_known_to_hold_secrets_do() -> None:
    assert {"AuthRequest", "AuthTokens", "TrustedDeviceInfo", "ApplicationTokenCreated"} <= set(WITH_SECRETS)


@pytest.mark.parametrize("name", WITH_SECRETS)
def test_an_answer_with_secrets_is_logged_without_them(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    model = getattr(models, name)
    answer: dict[str, Any] = {
        # What is no secret is of an impossible type, so that both readers have something to say.
        _wire(attribute): CANARY if not attribute.repr else ["impossible"]
        for attribute in attrs.fields(model)
    }
    codec = Codec(models.resolve)
    needed = {_wire(one): 1 for one in attrs.fields(model) if one.default is attrs.NOTHING}
    plain = codec.decode(
        Result(_home(name)), json.dumps(needed | dict.fromkeys(_secrets(model), CANARY)).encode(), "x"
    )
    odd = codec.decode(Result(_home(name)), json.dumps(answer | {"zzz": CANARY}).encode(), "x")
    number = needed | dict.fromkeys(_secrets(model), 12345678)
    wrong = codec.decode(Result(_home(name)), json.dumps(number).encode(), "x")
    held = {_wire(attribute): getattr(plain, attribute.name) for attribute in attrs.fields(model)}
    assert all(held[member] == CANARY for member in _secrets(model))
    assert CANARY not in f"{plain!r} {odd!r} {caplog.text}" and "12345678" not in f"{wrong!r} {caplog.text}"


@pytest.mark.parametrize("name", WITH_SECRETS)
def test_a_body_that_is_refused_shows_no_secret(name: str) -> None:
    model = getattr(models, name)
    body = {member: [CANARY] for member in _secrets(model)} | {"no_such_member": CANARY}
    with pytest.raises(ArgumentError) as caught:
        Codec(models.resolve).encode(Body(_home(name)), body)
    assert "no_such_member" in str(caught.value)
    assert CANARY not in f"{caught.value!r} {caught.value.__cause__!r} {caught.value.__dict__!r}"


@pytest.mark.anyio
async def test_secrets_that_pass_through_a_call_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    api = ScriptedApi()
    async with api.client() as emnify:
        tokens = await emnify.auth.authenticate(
            models.AuthRequest(username="user@example.com", password=CANARY, fingerprint=CANARY)
        )
    assert api.logins[0]["password"] == CANARY and tokens.auth_token is not None
    assert caplog.records
    assert CANARY not in caplog.text and tokens.auth_token not in f"{caplog.text} {tokens!r}"
