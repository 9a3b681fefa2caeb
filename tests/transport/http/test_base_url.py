"""Where the client may be sent."""

from __future__ import annotations

import pytest

from aioemnify.errors import ArgumentError, ArgumentTypeError
from aioemnify.transport.http.base_url import check_base_url, is_loopback


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://cdn.emnify.net", "https://cdn.emnify.net"),
        ("https://cdn.emnify.net/", "https://cdn.emnify.net"),
        (" https://cdn.emnify.net ", "https://cdn.emnify.net"),
        ("HTTPS://CDN.Emnify.NET", "https://cdn.emnify.net"),
        ("https://api.example.com:8443", "https://api.example.com:8443"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
        ("https://10.0.0.1", "https://10.0.0.1"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://127.8.9.10", "http://127.8.9.10"),
        ("http://[::1]:8080/", "http://[::1]:8080"),
        ("http://localhost", "http://localhost"),
        ("http://LocalHost:1", "http://localhost:1"),
        ("https://localhost:8443", "https://localhost:8443"),
    ],
)
def test_an_installation(given: str, kept: str) -> None:
    assert check_base_url(given) == kept


@pytest.mark.parametrize(
    "given",
    [
        "http://cdn.emnify.net",
        "http://10.0.0.1",
        "http://0.0.0.0",
        "http://127.0.0.1.evil.example",
        "http://localhost.evil.example",
        "http://127.1",
        "http://2130706433",
        "http://[2001:db8::1]",
        "http://evil.example?localhost",
    ],
)
def test_tokens_do_not_travel_in_clear(given: str) -> None:
    with pytest.raises(ArgumentError):
        check_base_url(given)


@pytest.mark.parametrize(
    "given",
    [
        "",
        "cdn.emnify.net",
        "//cdn.emnify.net",
        "ftp://cdn.emnify.net",
        "file:///etc/passwd",
        "https://",
        "https:///api",
        "https://user@cdn.emnify.net",
        "https://user:pass@cdn.emnify.net",
        "https://:@cdn.emnify.net",
        "http://localhost@evil.example",
        "https://cdn.emnify.net/api/v1",
        "https://cdn.emnify.net//x",
        "https://cdn.emnify.net?x=1",
        "https://cdn.emnify.net#x",
        "https://cdn.emnify.net:0x50",
        "https://cdn.emnify.net:99999",
        "https://cdn.emnify.net:-1",
        "https://cdn.emnify.net:abc",
        "https://[::1",
        "https://a b",
        "https://good\\.evil.example",
        "https://ho\nst",
        "https://ho%73t",
    ],
)
def test_what_is_no_installation_is_refused(given: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        check_base_url(given)
    assert caught.value.argument == "base_url"


@pytest.mark.parametrize("given", [None, 5, b"https://cdn.emnify.net"])
def test_it_is_text(given: object) -> None:
    with pytest.raises(ArgumentTypeError, match="base_url takes text"):
        check_base_url(given)


def test_the_argument_is_named() -> None:
    with pytest.raises(ArgumentError, match="^EMNIFY_BASE_URL "):
        check_base_url("nowhere", "EMNIFY_BASE_URL")


@pytest.mark.parametrize(
    ("host", "mine"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("::", False), ("0.0.0.0", False), ("", False)],
)
def test_loopback(host: str, mine: bool) -> None:
    assert is_loopback(host) is mine
