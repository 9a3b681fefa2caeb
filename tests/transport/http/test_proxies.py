"""Which proxy the environment names, and for which servers it names none."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aioemnify import Emnify, StaticToken
from aioemnify.errors import ArgumentError
from aioemnify.transport.http.adapters import HttpLibrary
from aioemnify.transport.http.proxies import proxy_for

SERVER = "https://cdn.emnify.net"
PROXY = "http://proxy.example:3128"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    return monkeypatch


@pytest.mark.parametrize(
    ("variables", "variable", "url"),
    [
        ({"HTTPS_PROXY": PROXY}, "HTTPS_PROXY", PROXY),
        ({"https_proxy": PROXY}, "https_proxy", PROXY),
        ({"https_proxy": PROXY, "HTTPS_PROXY": "http://other:1"}, "https_proxy", PROXY),
        ({"ALL_PROXY": PROXY}, "ALL_PROXY", PROXY),
        ({"ALL_PROXY": "http://other:1", "HTTPS_PROXY": PROXY}, "HTTPS_PROXY", PROXY),
        ({"HTTPS_PROXY": f" {PROXY} "}, "HTTPS_PROXY", PROXY),
        ({"HTTPS_PROXY": "proxy.example:3128"}, "HTTPS_PROXY", PROXY),
        ({"HTTPS_PROXY": "proxy_1"}, "HTTPS_PROXY", "http://proxy_1"),
        ({"HTTPS_PROXY": "http://u:p@[::1]:3128"}, "HTTPS_PROXY", "http://u:p@[::1]:3128"),
        ({"HTTPS_PROXY": "socks5h://10.0.0.1"}, "HTTPS_PROXY", "socks5h://10.0.0.1"),
    ],
)
def test_a_proxy_is_found(
    environment: pytest.MonkeyPatch, variables: dict[str, str], variable: str, url: str
) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    proxy = proxy_for(SERVER)
    assert proxy is not None and (proxy.variable, proxy.url) == (variable, url)
    assert url not in repr(proxy)


@pytest.mark.parametrize("variables", [{}, {"HTTP_PROXY": PROXY}, {"HTTPS_PROXY": ""}, {"NO_PROXY": "x"}])
def test_no_proxy_is_found(environment: pytest.MonkeyPatch, variables: dict[str, str]) -> None:
    for name, value in variables.items():
        environment.setenv(name, value)
    assert proxy_for(SERVER) is None


@pytest.mark.parametrize("server", ["http://127.0.0.1:8080", "https://localhost", "https://[::1]:8443"])
def test_this_machine_needs_no_proxy(environment: pytest.MonkeyPatch, server: str) -> None:
    environment.setenv("HTTPS_PROXY", "http://nonsense:port")
    environment.setenv("HTTP_PROXY", PROXY)
    assert proxy_for(server) is None


@pytest.mark.parametrize(
    ("server", "no_proxy"),
    [
        (SERVER, "*"),
        (SERVER, "localhost, * ,x"),
        (SERVER, "cdn.emnify.net"),
        (SERVER, "CDN.Emnify.NET"),
        (SERVER, "emnify.net"),
        (SERVER, ".emnify.net"),
        (SERVER, "*.emnify.net"),
        (SERVER, "emnify.net."),
        (SERVER, "net"),
        (SERVER, "localhost,127.0.0.1,emnify.net"),
        (SERVER, "  localhost ,\temnify.net  "),
        (SERVER, "localhost emnify.net"),
        (SERVER, "emnify.net:443"),
        (SERVER, "*:443"),
        (SERVER, "https://emnify.net"),
        (SERVER, "all://emnify.net:443"),
        (SERVER, ",,emnify.net,,"),
        (SERVER, "::1,[::1],fd00::/8,10.0.0.0/8,[::1]:8080,emnify.net"),
        ("https://emnify.net", ".emnify.net"),
        ("https://api.example:8443", "api.example:8443"),
        ("https://10.1.2.3", "10.1.2.3"),
        ("https://10.1.2.3", "10.0.0.0/8"),
        ("https://10.1.2.3", "10.1.2.99/24"),
        ("https://10.1.2.3:8443", "10.0.0.0/8:8443"),
        ("https://[fd00::1]", "fd00::1"),
        ("https://[fd00::1]", "[fd00::1]"),
        ("https://[fd00::1]", "[fd00::1]:443"),
        ("https://[fd00::1]:8443", "[fd00::1]:8443"),
        ("https://[fd00::1]", "FD00:0:0:0:0:0:0:1"),
        ("https://[fd00::1]", "fd00::/8"),
        ("https://[fd00::1]", "[fd00::]/8"),
        ("https://[fd00::1]", "[fd00::/8]"),
    ],
)
@pytest.mark.parametrize("variable", ["NO_PROXY", "no_proxy"])
def test_a_server_is_exempt(
    environment: pytest.MonkeyPatch, server: str, no_proxy: str, variable: str
) -> None:
    environment.setenv("HTTPS_PROXY", PROXY)
    assert proxy_for(server) is not None
    environment.setenv(variable, no_proxy)
    assert proxy_for(server) is None


@pytest.mark.parametrize(
    ("server", "no_proxy"),
    [
        (SERVER, ""),
        (SERVER, "localhost,127.0.0.1,::1,[::1]"),
        (SERVER, "10.0.0.0/8,fd00::/8,fe80::/10"),
        (SERVER, "mnify.net"),
        (SERVER, "dn.emnify.net"),
        (SERVER, "www.cdn.emnify.net"),
        (SERVER, "emnify.net:8443"),
        (SERVER, "emnify.net:port"),
        (SERVER, "http://emnify.net"),
        (SERVER, "cdn.emnify.net/api"),
        (SERVER, "., *., [], ], ::, :, /, 10.0.0.0/99, [fe80::1%eth0], emnify"),
        ("https://10.1.2.3", "2.3"),
        ("https://10.1.2.3", "10.2.0.0/16"),
        ("https://10.1.2.3", "fd00::/8"),
        ("https://[fd00::1]", "::1"),
        ("https://[fd00::1]", "[fd00::1]:8443"),
        ("https://[fd00::1]", "10.0.0.0/8"),
    ],
)
def test_a_server_is_not_exempt(environment: pytest.MonkeyPatch, server: str, no_proxy: str) -> None:
    environment.setenv("HTTPS_PROXY", PROXY)
    environment.setenv("NO_PROXY", no_proxy)
    assert proxy_for(server) is not None


@given(
    no_proxy=st.text(alphabet=st.sampled_from("*.,:/[]% 019afx@\\-é"), max_size=30),
    server=st.sampled_from([SERVER, "https://10.1.2.3:8443", "https://[fd00::1]"]),
)
def test_any_text_is_read_without_an_error(no_proxy: str, server: str) -> None:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("HTTPS_PROXY", PROXY)
        environment.setenv("NO_PROXY", no_proxy)
        proxy_for(server)


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
@pytest.mark.parametrize("variable", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
@pytest.mark.parametrize(
    "value",
    [
        "http://canary:port",
        "http://canary@proxy.example:port",
        "http://canary@proxy.example:0",
        "http://canary@proxy.example:99999",
        "http://canary@",
        "http://[canary",
        "http://canary@[::1]x:80",
        "http://can ary@proxy example",
        "http://canary\x01@proxy.example",
        "http://user:canary#@proxy.example:3128",
        "http://canary@proxy..example",
        "http://canary@999.1.1.1",
        "ftp://canary@proxy.example",
        "socks4://canary@proxy.example",
        "://canary",
        "socks5://canary@proxy.example:1080",  # the package for it is not installed
    ],
)
@pytest.mark.anyio
async def test_a_proxy_that_cannot_be_used_is_refused_without_showing_it(
    environment: pytest.MonkeyPatch, library: HttpLibrary, variable: str, value: str
) -> None:
    environment.setenv(variable, value)
    async with Emnify(auth=StaticToken("t"), http_library=library, throttling=None) as emnify:
        with pytest.raises(ArgumentError, match=f"^{variable} ") as caught:
            await emnify.sims.get(1)
    assert caught.value.argument == variable and "canary" not in str(caught.value)
    assert caught.value.__cause__ is None and caught.value.__context__ is None
