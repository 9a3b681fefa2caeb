"""Who the client says it is, and what a token says about itself."""

from __future__ import annotations

import hashlib
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify import ApplicationToken, StaticToken, UserPassword
from aioemnify._secret import Secret
from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.transport.auth.credentials import WorkspaceOf
from aioemnify.transport.auth.tokens import (
    ADVISORY,
    LIFETIME,
    LONGEST,
    MANDATORY,
    SHORTEST,
    AuthToken,
    claims_of,
    read_token,
)

KEY = "k" * 48
WALL = 1_700_000_000.0


def token(**claims: Any) -> str:
    return jwt.encode(claims, KEY, algorithm="HS256")


def read(text: str, *, jitter: float = 1.0) -> AuthToken:
    return read_token(Secret(text), monotonic=100.0, wall=WALL, organisation="credential", jitter=jitter)


# --- credentials


@pytest.mark.parametrize("kind", [ApplicationToken, StaticToken])
@pytest.mark.parametrize(
    ("value", "error"),
    [
        ("", ArgumentError),
        (" ", ArgumentError),
        ("abc\n", ArgumentError),
        ("abc ", ArgumentError),
        (" abc", ArgumentError),
        ("a\tb", ArgumentError),
        ("tök", ArgumentError),
        (None, ArgumentTypeError),
        (b"abc", ArgumentTypeError),
        (5, ArgumentTypeError),
    ],
)
def test_what_is_no_token_is_refused_by_name(kind: Any, value: Any, error: type[ArgumentError]) -> None:
    with pytest.raises(error) as caught:
        kind(value)
    argument = "application_token" if kind is ApplicationToken else "auth_token"
    accepted = (
        "is empty"
        if value in ("", " ")
        else "has characters that a token cannot have; check it for line breaks and spaces"
        if isinstance(value, str)
        else f"takes text, not {type(value).__name__}"
    )
    assert (caught.value.argument, str(caught.value)) == (argument, f"{argument} {accepted}")


def test_a_token_may_come_hidden_already() -> None:
    secret = Secret("abc")
    assert ApplicationToken(secret).token is secret  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("", "pw"), "username is empty"),
        ((" ", "pw"), "username is empty"),
        ((None, "pw"), "username takes text, not NoneType"),
        (("me", ""), "password is empty"),
        (("me", None), "password takes text, not NoneType"),
        (("me", b"pw"), "password takes text, not bytes"),
        (("m\ud800", "pw"), "username contains half a surrogate pair, which is not valid Unicode"),
        (("me", "p\udfff"), "password contains half a surrogate pair, which is not valid Unicode"),
    ],
)
def test_a_user_needs_a_name_and_a_password(arguments: Any, problem: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        UserPassword(*arguments)
    assert str(caught.value) == problem
    assert caught.value.argument == problem.split()[0]
    assert caught.value.__context__ is None, "it would show the password"


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"fingerprint": ""}, "fingerprint is empty"),
        ({"fingerprint": 5}, "fingerprint takes text, not int"),
        (
            {"fingerprint": "a\nb"},
            "fingerprint has characters that a token cannot have; check it for line breaks and spaces",
        ),
        ({"mfa": "123456"}, "mfa takes a function that returns the code, not str"),
    ],
)
def test_what_a_user_may_add_is_checked(options: Any, problem: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        UserPassword("me", "pw", **options)
    assert str(caught.value) == problem


def test_the_password_is_kept_as_the_digest_the_api_takes() -> None:
    user = UserPassword("me@example.com", "hunter2 ä", fingerprint="device")
    assert user.password.reveal() == hashlib.sha1("hunter2 ä".encode()).hexdigest()
    assert "hunter2" not in repr(vars(user))
    assert user.fingerprint is not None
    assert user.fingerprint.reveal() == "device"
    assert "me@example.com" in repr(user)


def test_a_password_may_hold_anything() -> None:
    assert UserPassword("me", " ").password.reveal() == hashlib.sha1(b" ").hexdigest()


def test_identities_stay_the_same_because_stores_outlive_processes() -> None:
    def digest(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    user = UserPassword("me", "pw")
    slow = hashlib.pbkdf2_hmac("sha256", hashlib.sha1(b"pw").hexdigest().encode(), b"me", 20_000).hex()
    assert ApplicationToken("a").identity == f"application:{digest('a')}"
    assert StaticToken("a").identity == f"static:{digest('a')}"
    assert user.identity == f"user:{slow}"
    assert WorkspaceOf(user, 7).identity == f"user:{slow}:workspace:7"


@pytest.mark.parametrize(
    ("credential", "shown"),
    [
        (ApplicationToken("canary"), "ApplicationToken(...)"),
        (StaticToken("canary"), "StaticToken(...)"),
        (UserPassword("me", "canary"), "UserPassword('me', ...)"),
        (WorkspaceOf(StaticToken("canary"), 7), "WorkspaceOf(..., 7)"),
    ],
)
def test_a_credential_shows_no_secret(credential: object, shown: str) -> None:
    assert repr(credential) == shown


@pytest.mark.parametrize(
    ("organisation_id", "problem"),
    [
        ("7", "organisation_id takes a whole number, not '7'"),
        (0, "organisation_id is at least 1, not 0"),
    ],
)
def test_a_workspace_is_named_by_its_number(organisation_id: Any, problem: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        WorkspaceOf(StaticToken("a"), organisation_id)
    assert str(caught.value) == problem


def test_identities_tell_credentials_apart() -> None:
    identities = [
        ApplicationToken("a").identity,
        ApplicationToken("b").identity,
        StaticToken("a").identity,
        UserPassword("a", "b").identity,
        UserPassword("a", "c").identity,
        UserPassword("b", "b").identity,
    ]
    assert len(set(identities)) == len(identities)
    assert ApplicationToken("a").identity == ApplicationToken("a").identity
    assert UserPassword("a", "b").identity == UserPassword("a", "b", mfa=lambda: "1").identity


# --- tokens


def test_the_lifetime_is_what_the_token_says() -> None:
    mine = read(token(iat=WALL, exp=WALL + 14400, **{"esc.org": 1234}))
    assert mine.organisation == "1234"
    assert mine.stale_at == 100 + 14400 - MANDATORY
    assert mine.renew_at == 100 + 14400 - ADVISORY


@pytest.mark.parametrize(
    ("lifetime", "remaining", "renew_at", "stale_at", "ends_at"),
    [
        (14400, None, 13500, 14340, 14400),
        (14400, 2000, 1100, 1940, 2000),
        (1000, None, 750, 940, 1000),
        (1000, 300, 50, 240, 300),
        (100, None, 75, 90, 100),
        (100, 1000, 750, 940, 1000),  # more than it says of itself
    ],
)
def test_a_token_is_renewed_in_its_last_quarter_or_quarter_of_an_hour(
    lifetime: float, remaining: float | None, renew_at: float, stale_at: float, ends_at: float
) -> None:
    secret = Secret(token(iat=WALL, exp=WALL + lifetime))
    mine = read_token(
        secret, monotonic=0.0, wall=WALL, organisation="credential", jitter=1.0, remaining=remaining
    )
    assert (mine.secret, mine.renew_at, mine.stale_at, mine.ends_at) == (secret, renew_at, stale_at, ends_at)


@pytest.mark.parametrize(
    ("claims", "lifetime"),
    [
        ({"iat": WALL, "exp": WALL}, LIFETIME),
        ({"iat": WALL + 1, "exp": WALL}, LIFETIME),
        ({"iat": WALL - 500, "exp": WALL - 400}, 100),
        # Not a time it can have been issued at.
        ({"iat": WALL + 600, "exp": WALL + 500}, 500),
        ({"iat": WALL + 500, "exp": WALL + 500}, 500),
        ({"iat": "now", "exp": WALL + 700}, 700),
        ({"iat": True, "exp": WALL + 700}, 700),
        ({"exp": "never"}, LIFETIME),
        ({"exp": False}, LIFETIME),
        ({"exp": 1e999}, LIFETIME),
    ],
)
def test_odd_dates_of_a_token(claims: dict[str, Any], lifetime: float) -> None:
    assert read(token(**claims)).ends_at == 100 + lifetime


def test_a_wrong_clock_does_not_matter_when_the_token_says_when_it_was_issued() -> None:
    assert read(token(iat=5.0, exp=605.0)).stale_at == 100 + 600 - MANDATORY


def test_an_expiry_alone_is_measured_against_the_wall_clock() -> None:
    assert read(token(exp=WALL + 7200)).stale_at == 100 + 7200 - MANDATORY
    # One that is just handed out and over already speaks of a wrong clock here.
    assert read(token(exp=WALL - 7200)).stale_at == 100 + LIFETIME - MANDATORY
    assert read(token(exp=True)).stale_at == read(token(exp=10**400)).stale_at == 100 + LIFETIME - MANDATORY


@pytest.mark.parametrize(
    "text",
    [
        "opaque",
        "",
        "a.b.c",
        "ä.ö.ü",
        "e30.e30.",
        token(sub="x"),
        jwt.encode({"exp": "never"}, KEY, algorithm="HS256"),
    ],
)
def test_a_token_that_says_nothing_lives_as_documented(text: str) -> None:
    mine = read(text)
    assert mine.organisation == "credential"
    assert mine.stale_at == 100 + LIFETIME - MANDATORY


def test_the_signature_does_not_matter_and_neither_does_the_audience() -> None:
    claims = claims_of(jwt.encode({"aud": "/api/v1", "exp": 1, "nbf": 9e9}, KEY, algorithm="HS384"))
    assert claims == {"aud": "/api/v1", "exp": 1, "nbf": 9e9}


@pytest.mark.parametrize("whose", [None, ["x"], {"id": 1}, 1.5])
def test_an_unreadable_organisation_is_the_credentials(whose: Any) -> None:
    assert read(token(**{"esc.org": whose})).organisation == "credential"


@given(
    lifetime=st.floats(SHORTEST + 1e-3, LONGEST - 1e-3),
    jitter=st.floats(0, 1),
)
def test_a_token_is_renewed_before_it_is_stale_and_stale_before_it_ends(
    lifetime: float, jitter: float
) -> None:
    mine = read(token(iat=WALL, exp=WALL + lifetime), jitter=jitter)
    assert 100 <= mine.renew_at <= mine.stale_at <= 100 + lifetime + 1e-3


@pytest.mark.parametrize("lifetime", [-1e12, -14400, -1, 0, 0.05, 1, 9, 31 * 86400, 10 * 366 * 86400, 1e300])
@pytest.mark.parametrize("issued", [{"iat": WALL}, {}])
def test_an_absurd_lifetime_is_a_wrong_clock(lifetime: float, issued: dict[str, float]) -> None:
    mine = read(token(exp=WALL + lifetime, **issued))
    assert mine.stale_at == 100 + LIFETIME - MANDATORY and mine.ends_at == 100 + LIFETIME


def test_of_two_lifetimes_the_plausible_one_is_believed() -> None:
    assert read(token(iat=0, exp=WALL + 7200)).stale_at == 100 + 7200 - MANDATORY


def test_jitter_spreads_the_renewals() -> None:
    text = token(iat=WALL, exp=WALL + 14400)
    assert read(text, jitter=0.0).renew_at - read(text, jitter=1.0).renew_at == ADVISORY / 2
