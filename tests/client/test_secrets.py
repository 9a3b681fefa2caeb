"""Nothing that must not be seen is seen: reprs, logs, tracebacks, pickles."""

from __future__ import annotations

import copy
import json
import logging
import pickle
import pprint
import traceback
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from aioemnify import ApplicationToken, StaticToken, UserPassword, models
from aioemnify._secret import Secret
from aioemnify.errors import EmnifyError
from aioemnify.models.auth import AuthRequest, AuthTokens
from aioemnify.operation import Body, Result
from aioemnify.transport.auth.credentials import Credential
from aioemnify.transport.auth.tokens import TokenCell, read_token
from aioemnify.transport.http.base_url import check_base_url
from aioemnify.transport.wire.codec import Codec

CANARY = "CANARY-8f2b"


def test_a_secret_shows_itself_only_when_asked() -> None:
    secret = Secret(CANARY)
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        f"{secret!r:>40}",
        "%s %r" % (secret, secret),  # noqa: UP031
        json.dumps({"token": secret}, default=str),
        pprint.pformat({"token": [secret]}),
        repr({secret: secret}),
    ):
        assert CANARY not in shown
        assert "..." in shown
    assert secret.reveal() == CANARY


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_secret_cannot_be_pickled(protocol: int) -> None:
    with pytest.raises(TypeError, match="cannot be pickled") as caught:
        pickle.dumps({"deep": [Secret(CANARY)]}, protocol)
    assert CANARY not in "".join(traceback.format_exception(caught.value))


def test_secrets_are_compared_and_hashed_by_their_text() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert len({Secret("a"), Secret("a"), Secret("b")}) == 2
    assert Secret("a").fingerprint() == Secret("a").fingerprint() != Secret("b").fingerprint()
    assert CANARY not in Secret(CANARY).fingerprint()


def test_a_secret_has_no_other_attribute() -> None:
    with pytest.raises(AttributeError):
        Secret("a").label = "x"  # type: ignore[attr-defined]


CREDENTIALS: list[Callable[[], Credential]] = [
    lambda: ApplicationToken(CANARY),
    lambda: StaticToken(CANARY),
    lambda: UserPassword("me@example.com", CANARY, fingerprint=CANARY, mfa=lambda: "123456"),
]


@pytest.mark.parametrize("credential", CREDENTIALS)
def test_a_credential_shows_nothing_of_itself(credential: Callable[[], Credential]) -> None:
    mine = credential()
    for shown in (
        repr(mine),
        str(mine),
        f"{mine}",
        repr(vars(mine)),
        pprint.pformat(vars(mine)),
        mine.identity,
    ):
        assert CANARY not in shown
    with pytest.raises((TypeError, AttributeError, pickle.PicklingError)):
        pickle.dumps(mine)
    assert copy.copy(mine).identity == mine.identity


def test_tokens_show_nothing_of_themselves() -> None:
    token = read_token(Secret(CANARY), monotonic=0.0, wall=0.0, organisation="x", jitter=0.5)
    cell = TokenCell(token=token, refresh_token=Secret(CANARY))
    assert CANARY not in repr(token)
    assert CANARY not in repr(cell)
    assert token.secret.reveal() == CANARY


SECRET_MEMBERS = [
    (model, attribute)
    for model in (getattr(models, name) for name in models.__all__)
    if attrs.has(model)
    for attribute in attrs.fields(model)
    if attribute.repr is False
]


def test_the_schema_marks_secrets() -> None:
    marked = {f"{model.__name__}.{attribute.name}" for model, attribute in SECRET_MEMBERS}
    assert marked >= {
        "AuthRequest.application_token",
        "AuthRequest.password",
        "AuthRequest.refresh_token",
        "AuthRequest.mfa_token",
        "AuthRequest.code",
        "AuthRequest.fingerprint",
        "TrustedDeviceInfo.fingerprint",
        "AuthTokens.auth_token",
        "AuthTokens.refresh_token",
        "AuthTokens.mfa_token",
        "ApplicationTokenCreated.application_token",
    }


@pytest.mark.parametrize(
    ("model", "attribute"), SECRET_MEMBERS, ids=[f"{m.__name__}.{a.name}" for m, a in SECRET_MEMBERS]
)
def test_a_member_marked_secret_is_not_shown(model: type[Any], attribute: attrs.Attribute[Any]) -> None:
    others = {item.name: 1 for item in attrs.fields(model) if item.default is attrs.NOTHING}
    thing = model(**(others | {attribute.name: CANARY}))
    assert getattr(thing, attribute.name) == CANARY
    assert CANARY not in repr(thing)
    assert CANARY not in str(thing)


# --- errors, their tracebacks, and the log


def provoke_body_of_wrong_type() -> None:
    Codec(models.resolve).encode(Body("auth:AuthRequest"), {"password": CANARY.encode()})


def provoke_body_with_unknown_member() -> None:
    Codec(models.resolve).encode(Body("auth:AuthRequest"), {"password": CANARY, "passwort": CANARY})


def provoke_body_of_wrong_class() -> None:
    Codec(models.resolve).encode(Body("auth:WorkspaceSwitch"), AuthRequest(password=CANARY))


def provoke_nested_wrong_value() -> None:
    Codec(models.resolve).encode(
        Body("auth:AuthRequest"), {"mfa_token": CANARY, "code": [CANARY], "trusted_device": CANARY}
    )


def provoke_broken_text() -> None:
    Codec(models.resolve).encode(Body("auth:AuthRequest"), {"password": CANARY + "\ud800"})


def provoke_bad_application_token() -> None:
    ApplicationToken(CANARY + "\n")


def provoke_bad_static_token() -> None:
    StaticToken(CANARY + "ä")


def provoke_static_token_with_a_space() -> None:
    StaticToken(CANARY + " ")


def provoke_token_of_wrong_type() -> None:
    ApplicationToken(CANARY.encode())  # type: ignore[arg-type]


def provoke_password_of_wrong_type() -> None:
    UserPassword("me", CANARY.encode())  # type: ignore[arg-type]


def provoke_bad_fingerprint() -> None:
    UserPassword("me", "pw", fingerprint=CANARY + "\t")


def provoke_password_in_url() -> None:
    check_base_url(f"https://me:{CANARY}@cdn.emnify.net")


def provoke_password_in_url_without_scheme() -> None:
    check_base_url(f"me:{CANARY}@cdn.emnify.net")


@pytest.mark.parametrize(
    "provoke",
    [value for name, value in list(globals().items()) if name.startswith("provoke_")],
    ids=lambda provoke: provoke.__name__.removeprefix("provoke_"),
)
def test_an_error_about_a_secret_does_not_show_it(provoke: Callable[[], None]) -> None:
    with pytest.raises(EmnifyError) as caught:
        provoke()
    shown = "".join(traceback.format_exception(caught.value))
    assert CANARY not in shown
    assert CANARY not in repr(caught.value)
    assert CANARY.encode() not in pickle.dumps(caught.value)


def test_reading_tokens_that_break_the_schema_logs_no_token(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    codec = Codec(models.resolve)
    content = json.dumps(
        {"auth_token": {"token": CANARY}, "refresh_token": [CANARY], "mfa_token": 5}
    ).encode()
    tokens = codec.decode(Result("auth:AuthTokens"), content, "auth.authenticate")
    assert isinstance(tokens, AuthTokens)
    assert caplog.records
    assert CANARY not in caplog.text
    assert CANARY not in repr(tokens)
