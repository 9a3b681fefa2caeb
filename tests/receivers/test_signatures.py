"""The signature of a callback: which are accepted, and that each other one is refused and shows nothing."""

from __future__ import annotations

import base64
import hmac
import json
import traceback
from typing import Any

import jwt
import pytest

from aioemnify.errors import ArgumentError, ArgumentTypeError, InvalidSignatureError, MissingSignatureError
from aioemnify.receivers import verify_callback
from tests.receivers.pushed import SECRET, signed

NOW = 1_800_000_000.0


def part(value: Any) -> str:
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


@pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
def test_every_algorithm_of_the_family_and_no_claim_is_required(algorithm: str) -> None:
    assert verify_callback(signed(SECRET * 2, algorithm=algorithm, sub="1001"), SECRET * 2) == {"sub": "1001"}
    assert verify_callback(signed(), SECRET) == {}


@pytest.mark.parametrize(
    "spell",
    [
        lambda value: {"authorization": value},
        lambda value: {"AUTHORIZATION": value.replace("Bearer", "bearer")},
        lambda value: [("X-Other", "1"), ("Authorization", value)],
        lambda value: [(b"authorization", value.encode())],
        lambda value: {"Authorization": f"  {value}  "},
    ],
)
def test_headers_of_every_framework(spell: Any) -> None:
    assert verify_callback(spell(signed(jti="5")["Authorization"]), SECRET) == {"jti": "5"}


def test_several_secrets_while_one_replaces_another() -> None:
    for name in ("old", "new"):
        headers = signed(f"{name}-" * 9, kid=name)
        assert verify_callback(headers, ["old-" * 9, "new-" * 9]) == {"kid": name}
    with pytest.raises(InvalidSignatureError):
        verify_callback(signed(), ["old-" * 9, "new-" * 9])


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
@pytest.mark.parametrize("secret", ["short", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQ", "pässwort-" * 9])
def test_the_secret_may_look_like_anything(secret: str) -> None:
    head, claims = part({"alg": "HS256", "typ": "JWT"}), part({"sub": "1"})
    digest = hmac.digest(secret.encode(), f"{head}.{claims}".encode(), "sha256")
    assert verify_callback({"Authorization": f"Bearer {head}.{claims}.{part(digest)}"}, secret) == {
        "sub": "1"
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        [],
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer  "},
        {"Authorization": "Basic dXNlcjpjYW5hcnk="},
        {"X-Authorization": signed()["Authorization"]},
    ],
)
def test_no_signature(headers: Any) -> None:
    with pytest.raises(MissingSignatureError, match="bearer token") as caught:
        verify_callback(headers, SECRET)
    assert caught.value.status == 401


ALIEN = jwt.encode({"sub": "canary"}, "another secret of 32 bytes or more", algorithm="HS256")
HEAD, CLAIMS, SIGNATURE = signed(sub="canary")["Authorization"].removeprefix("Bearer ").split(".")


@pytest.mark.parametrize(
    ("token", "problem"),
    [
        (ALIEN, "not signed with the secret"),
        (f"{HEAD}.{CLAIMS}.", "not signed with the secret"),
        (f"{HEAD}.{part({'sub': 'other'})}.{SIGNATURE}", "not signed with the secret"),
        (f"{part({'alg': 'HS512'})}.{CLAIMS}.{SIGNATURE}", "not signed with the secret"),
        (f"{part({'alg': 'none'})}.{CLAIMS}.", "must be signed by HS256, HS384, HS512, and is not"),
        (f"{part({'alg': 'None'})}.{CLAIMS}.", "must be signed by"),
        (f"{part({'alg': 'none'})}.{CLAIMS}.{SIGNATURE}", "must be signed by"),
        (f"{part({'alg': 'RS256'})}.{CLAIMS}.{SIGNATURE}", "must be signed by"),
        (f"{part({'alg': 'HS1'})}.{CLAIMS}.{SIGNATURE}", "must be signed by"),
        (f"{part({'alg': ['HS256']})}.{CLAIMS}.{SIGNATURE}", "the bearer token is not a JWT|must be signed"),
        (f"{part({})}.{CLAIMS}.{SIGNATURE}", "the bearer token is not a JWT|must be signed by"),
        (f"{part([1])}.{CLAIMS}.{SIGNATURE}", "the bearer token is not a JWT"),
        ("canary", "the bearer token is not a JWT"),
        ("a.b.c", "the bearer token is not a JWT"),
        ("\xff.\xff.\xff", "the bearer token is not a JWT"),
        (f"{HEAD}.{CLAIMS}.{SIGNATURE}" + "A" * 9_000, "longer than 8,192 characters"),
    ],
    ids=range(16),
)
def test_a_bad_signature(token: str, problem: str) -> None:
    with pytest.raises(InvalidSignatureError, match=problem) as caught:
        verify_callback([(b"authorization", b"Bearer " + token.encode("latin-1"))], SECRET)
    assert caught.value.status == 401
    shown = "".join(traceback.format_exception(caught.value))
    assert "canary" not in str(caught.value) and SECRET not in shown


def test_two_tokens_are_none() -> None:
    pair = [("Authorization", signed()["Authorization"])] * 2
    with pytest.raises(InvalidSignatureError, match="several Authorization headers"):
        verify_callback(pair, SECRET)


def token_of(claims: bytes) -> dict[str, str]:
    return {"Authorization": f"Bearer {jwt.PyJWS().encode(claims, SECRET, algorithm='HS256')}"}


@pytest.mark.parametrize(
    ("claims", "leeway", "problem"),
    [
        (b'{"exp": 1800000001}', 0, None),
        (b'{"exp": 1800000000}', 0, "has expired"),
        (b'{"exp": 1799999999.5}', 0, "has expired"),
        (b'{"exp": 1799999990}', 30, None),
        (b'{"exp": 1799999970}', 30, "has expired"),
        (b'{"exp": "1900000000"}', 0, "exp of the token is not a number"),
        (b'{"exp": true}', 0, "exp of the token is not a number"),
        (b'{"exp": null}', 0, "exp of the token is not a number"),
        (b'{"exp": NaN}', 0, "has expired"),
        (b'{"nbf": 1800000000, "iat": "x"}', 0, None),
        (b'{"nbf": 1800000001}', 0, "not valid yet"),
        (b'{"nbf": 1800000001}', 1, None),
        (b'{"nbf": NaN}', 0, "not valid yet"),
        (b'{"aud": "canary", "iss": 5, "sub": 1001}', 0, None),
        (b"[]", 0, "claims of the token are not a JSON object"),
        (b"no", 0, "claims of the token are not a JSON object"),
        (b"\xff", 0, "claims of the token are not a JSON object"),
        (b"[" * 4_000, 0, "claims of the token are not a JSON object"),
    ],
    ids=range(18),
)
def test_claims_count_if_they_are_there(claims: bytes, leeway: float, problem: str | None) -> None:
    if problem is None:
        assert verify_callback(token_of(claims), SECRET, now=NOW, leeway=leeway) == json.loads(claims)
    else:
        with pytest.raises(InvalidSignatureError, match=problem):
            verify_callback(token_of(claims), SECRET, now=NOW, leeway=leeway)


def test_the_clock_of_the_system_is_the_default() -> None:
    assert verify_callback(token_of(b'{"exp": 99999999999}'), SECRET)
    with pytest.raises(InvalidSignatureError, match="has expired"):
        verify_callback(token_of(b'{"exp": 1000000000}'), SECRET)


@pytest.mark.parametrize(
    ("secret", "kind"),
    [("", ArgumentError), ([], ArgumentError), (["x", ""], ArgumentError), (None, ArgumentTypeError)],
)
def test_an_empty_secret_is_refused(secret: Any, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="secret "):
        verify_callback(signed(), secret)
