"""Mask secrets in recorded headers, queries and bodies."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

MASK = "***"

_SECRET_HEADERS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"})
_SECRET_NAME = re.compile(
    r"(?!error_token$)(?:[a-z0-9_-]*[_-])?(?:token|password|secret|passphrase|otp)|fingerprint|(?:pin|puk)[12]?|"
    r"(?:api|private|auth|secret|activation|write)_?key|otpauth|connection_string",
    re.IGNORECASE,
)
_MFA_CODE = re.compile(r"[0-9]{4,10}")
# Only bodies that may contain a secret are decoded and encoded again. This search is cheap.
_WORDS = (
    b"token",
    b"password",
    b"secret",
    b"passphrase",
    b"fingerprint",
    b'otp"',
    b"otpauth",
    b"connection_string",
    b'"headers"',
    b'"pin',
    b'"puk',
    b'"code"',
    b'key"',
    b"eyj",
    b"sim-",
    b":\\/\\/",  # the beginning of a URL with escapes, which can hide a password
    b"\\u",  # an escape, which can hide any word
)
_PARAMETERS = (b"key=", b"otp=", b"pin=", b"puk=")
_URL_WITH_USER = re.compile(rb"://[^/?#\s\"]+@")
_SECRET_TEXT = re.compile(
    r"eyJ[\w-]{5,}\.[\w-]+\.[\w-]*|\bsim-\d+-[0-9a-f]{16,}|"
    r"(?<=://)[^/?#\s]+(?=@)"  # user name and password in a URL
)
_SECRET_PARAMETER = re.compile(rf"([?&](?:{_SECRET_NAME.pattern})=)[^&#\s]+", re.IGNORECASE)


def redact_text(text: str) -> str:
    """Mask tokens inside a text, and user name, password and secret parameters inside a URL."""
    text = _SECRET_TEXT.sub(MASK, text)
    return _SECRET_PARAMETER.sub(rf"\1{MASK}", text) if "://" in text else text


def redact_headers(raw: Iterable[tuple[bytes, bytes]]) -> tuple[Mapping[str, str], str | None]:
    """Return request headers by lower-case name, with credentials masked, and the request id.

    Clients send the same headers each time, but for the id, so they are read once and records share them.
    """
    request_id, same = None, []
    for name, value in raw:
        if name == b"x-request-id":
            request_id = redact_text(value.decode("latin-1"))
        else:
            same.append((name, value))
    return _redact_same(tuple(same)), request_id


@lru_cache(maxsize=64)
def _redact_same(raw: tuple[tuple[bytes, bytes], ...]) -> Mapping[str, str]:
    headers: dict[str, str] = {}
    for name_bytes, value in raw:
        name = name_bytes.decode("latin-1").lower()
        headers[name] = MASK if name in _SECRET_HEADERS else redact_text(value.decode("latin-1"))
    return MappingProxyType(headers)


@lru_cache(maxsize=256)
def redact_response_headers(headers: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    """Return response headers with credentials masked.

    Most responses have the same headers, so the records of the journal share them.
    """
    return MappingProxyType(
        {name: MASK if name.lower() in _SECRET_HEADERS else redact_text(value) for name, value in headers}
    )


def redact_query(query: str) -> str:
    """Return a raw query with the values of secret parameters masked; unchanged if there are none."""
    if not query:
        return query
    pairs = parse_qsl(query, keep_blank_values=True)
    masked = [(name, MASK if _SECRET_NAME.fullmatch(name) else redact_text(value)) for name, value in pairs]
    return query if masked == pairs else urlencode(masked, safe="*,:|")


def redact_body(body: bytes) -> bytes:
    """Return a body with the values of secret members masked; empty if it cannot be decoded."""
    if not body:
        return body
    lowered = body.lower()
    words = (*_WORDS, *_PARAMETERS) if b"?" in body else _WORDS
    with_user = b"://" in body and _URL_WITH_USER.search(body)
    if not with_user and not any(word in lowered for word in words):
        return body
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return b""
    try:
        return msgspec.json.encode(_redacted(value))
    except RecursionError:
        return b""


def _redacted(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _redacted_member(name, member) for name, member in value.items()}
    if isinstance(value, list):
        return [_redacted(item) for item in value]
    return redact_text(value) if isinstance(value, str) else value


def _redacted_member(name: str, member: Any) -> Any:
    if _holds_secret(name, member):
        return MASK
    if name == "headers" and isinstance(member, list):  # headers of a webhook, as texts "name:value"
        return [
            f"{each.partition(':')[0]}:{MASK}" if isinstance(each, str) and ":" in each else MASK
            for each in member
        ]
    return _redacted(member)


def _holds_secret(name: str, member: Any) -> bool:
    # Texts only: "token": {"id": 4} refers to an object.
    if not isinstance(member, str) or not member:
        return False
    return bool(_SECRET_NAME.fullmatch(name)) or (name == "code" and bool(_MFA_CODE.fullmatch(member)))
