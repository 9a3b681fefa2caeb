"""Where the client may be sent."""

from __future__ import annotations

import pytest

from aioemnify import Emnify
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
        ("https://cdn.emnify.net.", "https://cdn.emnify.net"),
        ("https://cdn.emnify.net.:8443", "https://cdn.emnify.net:8443"),
        ("http://localhost.:8080", "http://localhost:8080"),
        ("http://127.0.0.1.", "http://127.0.0.1"),
        ("https://my_service:8443", "https://my_service:8443"),
        ("https://_emnify.internal", "https://_emnify.internal"),
        ("https://xn--mller-kva.example", "https://xn--mller-kva.example"),
        ("https://api.example:", "https://api.example"),
        ("https://[2001:DB8:0:0:0:0:0:1]", "https://[2001:db8::1]"),
        ("http://[0:0:0:0:0:0:0:1]:80", "http://[::1]"),
        ("https://" + "a" * 63 + ".example", "https://" + "a" * 63 + ".example"),
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
        "https://cdn.emnify.net:0",
        "https://[::1]:0",
        "https://[::1]evil.example",
        "https://[::1]evil.example:443",
        "https://[::1].",
        "https://evil.example[::1]",
        "https://[127.0.0.1]",
        "https://[]",
        "https://::1",
        "https://[fe80::1%25eth0]",
        "https://.",
        "https://..",
        "https://cdn..emnify.net",
        "https://.emnify.net",
        "https://cdn.emnify.net..",
        "https://-cdn.emnify.net",
        "https://cdn-.emnify.net",
        "https://" + "a" * 64 + ".example",
        "https://" + ".".join(["a" * 60] * 5),
        "https://999.1.1.1",
        "https://1.2.3",
        "https://1.2.3.4.5",
        "https://host.1",
        "https://m\u00fcller.example",
        "https://cdn\u3002emnify.net",
        "https://cdn.emnify.net:\u0664\u0664",
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


SHAPE = "takes https://host[:port], with an international name in its xn-- form, not"


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        (5, "takes text such as https://cdn.emnify.net, not 5"),
        ("https://me@a.example", "contains a user name or password; pass credentials as auth="),
        ("https://[::1", f"{SHAPE} 'https://[::1'"),
        ("ftp://a.example", f"{SHAPE} 'ftp://a.example'"),
        ("https://a b", f"{SHAPE} 'https://a b'"),
        ("https://-a", f"{SHAPE} 'https://-a'"),
        ("https://[v1.x]", f"{SHAPE} 'https://[v1.x]'"),
        ("https://[1.2.3.4]", f"{SHAPE} 'https://[1.2.3.4]'"),
        ("https://a.example/x", "takes scheme and host only, without a path, not 'https://a.example/x'"),
        ("https://a.example?x", "takes scheme and host only, without a path, not 'https://a.example?x'"),
        ("https://a.example#x", "takes scheme and host only, without a path, not 'https://a.example#x'"),
        ("https://a.example:99999", "has no valid port in 'https://a.example:99999'"),
        (
            "http://a.example",
            "is plain http to 'a.example'; tokens are sent over https only (plain http is accepted for this "
            "machine, and with allow_plain_http=True for a simulator in a container network)",
        ),
    ],
)
def test_a_refusal_says_what_is_accepted(given: object, problem: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        check_base_url(given)
    assert str(caught.value) == f"base_url {problem}"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://a.example:443", "https://a.example"),
        ("https://a.example:80", "https://a.example:80"),
        ("http://localhost:80", "http://localhost"),
        ("http://localhost:443", "http://localhost:443"),
        ("https://a.example:", "https://a.example"),
    ],
)
def test_the_usual_port_is_left_out_so_that_one_server_has_one_spelling(given: str, kept: str) -> None:
    assert check_base_url(given) == kept


def test_the_argument_is_named() -> None:
    with pytest.raises(ArgumentError, match="^EMNIFY_BASE_URL "):
        check_base_url("nowhere", "EMNIFY_BASE_URL")


@pytest.mark.parametrize(
    ("host", "mine"),
    [("localhost", True), ("127.0.0.1", True), ("::1", True), ("::", False), ("0.0.0.0", False), ("", False)],
)
def test_loopback(host: str, mine: bool) -> None:
    assert is_loopback(host) is mine


@pytest.mark.parametrize("given", ["https://m\u00fcller.example", "https://cdn\uff0eemnify.net"])
def test_an_international_name_is_asked_for_in_ascii(given: str) -> None:
    with pytest.raises(ArgumentError, match="xn-- form"):
        check_base_url(given)


@pytest.mark.parametrize("given", ["nowhere", "https://cdn.emnify.net:0"])
def test_a_url_of_the_environment_is_named_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("EMNIFY_BASE_URL", given)
    with pytest.raises(ArgumentError) as caught:
        Emnify("token")
    assert caught.value.argument == "EMNIFY_BASE_URL"
    with pytest.raises(ArgumentError) as caught:
        Emnify("token", base_url="nowhere")
    assert caught.value.argument == "base_url"


def test_plain_http_to_another_machine_can_be_allowed(caplog: pytest.LogCaptureFixture) -> None:
    assert check_base_url("http://emnify-sim:8080", allow_plain_http=True) == "http://emnify-sim:8080"
    (record,) = caplog.records
    assert (record.levelname, record.name) == ("WARNING", "aioemnify")
    assert record.getMessage() == (
        "base_url is plain http to emnify-sim: anyone in between can read tokens and data"
    )
    for needs_no_leave in ("http://127.0.0.1:8080", "https://emnify-sim"):
        check_base_url(needs_no_leave, allow_plain_http=True)
    assert len(caplog.records) == 1
    with pytest.raises(ArgumentError):
        check_base_url("ftp://emnify-sim", allow_plain_http=True)
