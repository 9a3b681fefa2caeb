"""``Emnify(local_address=...)``: the client's own connections come from one address of the machine."""

from __future__ import annotations

import httpx
import pytest

from aioemnify import Emnify
from aioemnify.errors import ArgumentError
from aioemnify.simulator import Simulator

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("library", ["httpx", "httpx2"])
async def test_connections_come_from_the_address(library: str) -> None:
    with Simulator(sims=3, tls=False) as simulator:
        for address in ("127.0.0.2", "127.0.0.3"):
            async with Emnify(
                simulator.application_token,
                base_url=simulator.url,
                local_address=address,
                http_library=library,  # type: ignore[arg-type]
            ) as emnify:
                await emnify.sims.list()
        assert {request.address for request in simulator.requests} == {"127.0.0.2", "127.0.0.3"}


@pytest.mark.parametrize(
    ("address", "problem"),
    [
        ("eth0", "takes an IP address of this machine, such as '192.0.2.7', not 'eth0'"),
        ("192.0.2.77", "192.0.2.77 cannot be used on this machine: "),
        (7, "takes an IP address of this machine, such as '192.0.2.7', not int"),
    ],
)
def test_another_address_is_refused(address: str, problem: str) -> None:
    with pytest.raises(ArgumentError) as caught:
        Emnify("token", local_address=address)
    assert caught.value.argument == "local_address" and problem in str(caught.value)


def test_it_is_for_own_connections() -> None:
    with pytest.raises(ArgumentError, match="bind the connections of your own one"):
        Emnify(
            "token", local_address="127.0.0.2", transport=httpx.MockTransport(lambda _: httpx.Response(200))
        )


async def test_it_does_not_go_with_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    async with Emnify("token", base_url="https://emnify.invalid", local_address="127.0.0.1") as emnify:
        with pytest.raises(ArgumentError, match="does not go with HTTPS_PROXY: the server sees the address"):
            await emnify.sims.list()
