"""The simulator in a container: names, certificates, control from other machines, and the examples."""

from __future__ import annotations

import json
import logging
import shlex
import socket
import ssl
import stat
from pathlib import Path

import httpx
import pytest
import yaml

from aioemnify import Emnify
from aioemnify.simulator import Simulator
from aioemnify.simulator.__main__ import parser
from aioemnify.simulator.platform import loopback
from aioemnify.simulator.platform.loopback import own_names

EXAMPLE = Path(__file__).parents[2] / "examples" / "container"
SERVED = {"sims": 3, "limits": None}
ALWAYS = {"localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"}
NO_NAMES = ["", "a b", "emnify_sim", "*.example", "10.0.0.0/8", "a@b.example", "-a", "a" * 64]
EVERYWHERE = {"host": "0.0.0.0", "allow_remote": True}


def names_in_certificate(simulator):
    context = ssl.create_default_context(cadata=simulator.ca_pem.decode())
    port = int(simulator.url.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port)) as connection,
        context.wrap_socket(connection, server_hostname="localhost") as secured,
    ):
        return {name for _, name in secured.getpeercert()["subjectAltName"]}


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["emnify-sim", "Sim.Internal", "192.0.2.7"], {"emnify-sim", "sim.internal", "192.0.2.7"}),
        ([], {"my-machine"}),
    ],
)
def test_the_certificate_has_the_names(names, expected, monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "My-Machine")
    with Simulator(names=names, **SERVED, **EVERYWHERE) as simulator:
        assert (
            names_in_certificate(simulator)
            == {"localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "0.0.0.0"} | expected
        )
        assert simulator.url.startswith(f"https://{names[0] if names else 'my-machine'}:")
    with Simulator(names=names, **SERVED) as simulator:
        assert expected <= names_in_certificate(simulator)
        assert simulator.url.startswith("https://127.0.0.1:")


def test_a_host_name_that_fits_no_certificate_is_left_out(monkeypatch):
    monkeypatch.setattr(socket, "gethostname", lambda: "my_machine")
    assert own_names([]) == ()
    with Simulator(**SERVED, **EVERYWHERE) as simulator:
        assert simulator.url.startswith("https://0.0.0.0:")


@pytest.mark.parametrize(
    "name", ["", "a b", "emnify_sim", "*.example", "10.0.0.0/8", "a@b.example", "-a", "a" * 64]
)
def test_what_is_no_name(name):
    with pytest.raises(ValueError, match="is not a name for a certificate: pass"):
        Simulator(names=["fine", name])


def test_one_text_is_not_a_list_of_names():
    with pytest.raises(TypeError, match=r"names must be a list of names, such as \['emnify-sim'\]"):
        Simulator(names="emnify-sim")


def test_a_certificate_file_needs_https(tmp_path):
    with pytest.raises(ValueError, match=r"pass either ca_file or tls=False \(--http\), not both"):
        Simulator(tls=False, ca_file=tmp_path / "ca.pem")


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("host", "status"), [("fleet:80", 200), ("FLEET", 200), ("fleet:81", 403), ("fleet.evil.example", 403)]
)
async def test_this_machine_may_use_the_given_names(make_sim, host, status):
    sim = make_sim(names=["fleet"])
    transport = httpx.ASGITransport(app=sim.app, client=("127.0.0.1", 5))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        answer = await client.get("/_sim/state", headers={"Host": host})
    assert answer.status_code == status
    if status == 403:
        assert answer.json()["error"].endswith(
            "loopback addresses, fleet, with the simulator's port; add others with --name"
        )


def test_an_address_stands_in_brackets_in_the_url():
    with Simulator(host="::", allow_remote=True, names=["::1"], tls=False, **SERVED) as simulator:
        assert simulator.url.startswith("http://[::1]:")
        assert httpx.get(f"{simulator.url}/api/v1/sim").status_code == 401


@pytest.mark.anyio
@pytest.mark.parametrize("tls", [True, False])
async def test_the_printed_url_works_with_the_client(tls, caplog):
    async with Simulator(names=["localhost"], tls=tls, **SERVED, **EVERYWHERE) as simulator:
        options = {"ca_file": simulator.ca_file} if tls else {"allow_plain_http": True}
        async with Emnify(simulator.application_token, base_url=simulator.url, **options) as emnify:
            assert (await emnify.sims.list()).total_count == 3
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []  # this machine


def test_the_client_warns_once_of_plain_http(caplog):
    Emnify("token", base_url="http://emnify-sim:8080", allow_plain_http=True)
    (record,) = caplog.records
    assert record.getMessage().startswith("base_url is plain http to emnify-sim: ")
    with pytest.raises(TypeError, match="allow_plain_http"):
        Emnify("token", base_url="http://emnify-sim:8080", allow_plain_http="yes")


def test_plain_http_from_the_environment_needs_the_argument_too(monkeypatch):
    monkeypatch.setenv("EMNIFY_BASE_URL", "http://emnify-sim:8080")
    monkeypatch.setenv("EMNIFY_ALLOW_PLAIN_HTTP", "1")
    with pytest.raises(ValueError, match="EMNIFY_BASE_URL is plain http"):
        Emnify("token")
    Emnify("token", allow_plain_http=True)


def test_the_certificate_in_a_file_that_others_read(tmp_path):
    path = tmp_path / "ca.pem"
    simulator = Simulator(ca_file=path, **SERVED)
    assert not path.exists()
    for _ in range(2):  # the second one replaces nothing, the third what is left of an earlier run
        with simulator:
            assert simulator.ca_file == str(path)
            assert path.read_bytes() == simulator.ca_pem
            assert stat.S_IMODE(path.stat().st_mode) == 0o644
            assert [each.name for each in tmp_path.iterdir()] == ["ca.pem"]
            kept = path.read_bytes()
        assert not path.exists()
    path.write_bytes(kept)
    with simulator:
        assert path.read_bytes() == simulator.ca_pem != kept
        path.write_bytes(kept)  # another simulator has started meanwhile
    assert path.read_bytes() == kept


@pytest.mark.parametrize("content", [b"precious", b"-----BEGIN PRIVATE KEY-----\n", b"two"])
def test_no_other_file_is_replaced(tmp_path, content):
    path = tmp_path / "ca.pem"
    with Simulator(**SERVED) as simulator:
        path.write_bytes(simulator.ca_pem * 2 if content == b"two" else content)
    before = path.read_bytes()
    with pytest.raises(ValueError, match="is not a single certificate"):
        Simulator(ca_file=path, **SERVED).start()
    assert path.read_bytes() == before


def test_a_file_that_cannot_be_written(tmp_path):
    with pytest.raises(OSError, match="nowhere"):
        Simulator(ca_file=tmp_path / "nowhere" / "ca.pem", **SERVED).start()


@pytest.mark.anyio
async def test_the_certificate_is_open_to_all():
    with Simulator(**SERVED) as simulator:
        transport = httpx.ASGITransport(app=simulator.app, client=("203.0.113.5", 5))
        async with httpx.AsyncClient(transport=transport, base_url="https://evil.example") as client:
            found = await client.get("/_sim/ca.pem", headers={"Origin": "https://evil.example"})
            assert (found.status_code, found.content) == (200, simulator.ca_pem)
            assert "access-control-allow-origin" not in found.headers
            assert (await client.post("/_sim/ca.pem")).status_code == 403
            for path in ("health", "ca.pem/", "x/../state"):
                assert (await client.get(f"/_sim/{path}")).status_code == 403, path


def test_the_certificate_over_a_socket():
    with Simulator(**SERVED) as simulator:
        own = ssl.create_default_context(cafile=simulator.ca_file)
        assert httpx.get(f"{simulator.url}/_sim/ca.pem", verify=own).content == simulator.ca_pem
    with Simulator(tls=False, **SERVED) as simulator:
        refused = httpx.get(f"{simulator.url}/_sim/ca.pem")
        assert (refused.status_code, "HTTPS" in refused.json()["error"]) == (404, True)


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "fleet:8080"}, 200),
        ({"Host": "FLEET"}, 200),
        ({"Host": "other:8080"}, 200),
        ({"Host": "localhost:9999"}, 200),
        ({"Host": "172.17.0.2:9999"}, 200),
        ({"Host": "[2001:db8::1]:9999"}, 200),
        ({"Host": "fleet:8080", "Origin": "https://fleet:8080"}, 200),
        ({"Host": "evil.example"}, 403),
        ({"Host": "fleet.evil.example"}, 403),
        ({"Host": "fleet@evil.example"}, 403),
        ({"Host": "172.17.0.2.evil.example"}, 403),
        ({"Host": ""}, 403),
        ({"Host": "fleet:8080", "Origin": "https://evil.example"}, 403),
        ({"Host": "fleet:8080", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_control_from_other_machines_by_the_given_names_only(make_sim, headers, status):
    sim = make_sim(remote_control=True, names=["fleet", "other"])
    transport = httpx.ASGITransport(app=sim.app, client=("172.17.0.1", 5))
    async with httpx.AsyncClient(transport=transport, base_url=sim.url) as client:
        answer = await client.get("/_sim/state", headers=headers)
    assert answer.status_code == status
    if headers == {"Host": "evil.example"}:
        assert answer.json()["error"].endswith(
            "accepted: localhost, IP addresses, fleet, other; add others with --name"
        )


@pytest.mark.anyio
async def test_the_root_leads_browsers_to_the_page(sim, session):
    browser = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    async with session(sim, "") as client:
        led = await client.get("/", headers=browser)
        assert (led.status_code, led.headers["Location"]) == (307, "/_sim/")
        assert (await client.get(led.headers["Location"], headers=browser)).status_code == 200
        assert sim.requests == []
        for method, path, headers in (("GET", "/", {}), ("POST", "/", browser), ("GET", "/x", browser)):
            assert (await client.request(method, path, headers=headers)).status_code == 404


def test_the_version(capsys):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(["--version"])
    name, version = capsys.readouterr().out.split()
    assert (ended.value.code, name) == (0, "aioemnify-simulator")
    assert version[0].isdecimal()


def command_of(containerfile):
    """Return the arguments of the entry point; CMD, which compose replaces, follows them."""
    joined = containerfile.replace("\\\n", " ")
    steps = [
        line.split(maxsplit=1) for line in joined.splitlines() if line.strip() and not line.startswith("#")
    ]
    assert [name for name, _ in steps] == ["FROM", "COPY", "RUN", "USER", "EXPOSE", "ENTRYPOINT", "CMD"]
    found = dict(steps)
    program, *fixed = json.loads(found["ENTRYPOINT"])
    assert program == "aioemnify-simulator"
    return fixed, json.loads(found["CMD"]), found


def test_the_containerfile():
    fixed, default, steps = command_of(EXAMPLE.joinpath("Containerfile").read_text())
    options = parser().parse_args([*fixed, *default])
    assert (options.host, options.allow_remote, options.http) == ("0.0.0.0", True, False)
    assert str(options.port) == steps["EXPOSE"]
    installed = shlex.split(steps["RUN"])
    assert "/src[simulator]" in installed and steps["COPY"] == ". /src"
    assert str(Path(options.ca_file).parent) == installed[installed.index("mkdir") + 1]
    assert steps["USER"] == installed[installed.index("chown") + 1]


def test_the_compose_example():
    compose = yaml.safe_load(EXAMPLE.joinpath("compose.yaml").read_text())
    assert set(compose) == {"services", "volumes"}
    fixed, _, steps = command_of(EXAMPLE.joinpath("Containerfile").read_text())
    ((name, sim), (_, service)) = compose["services"].items()
    build = sim["build"]
    assert (EXAMPLE / build["context"]).resolve() == EXAMPLE.parents[1]
    assert (EXAMPLE / build["context"] / build["dockerfile"]).resolve() == EXAMPLE / "Containerfile"

    options = parser().parse_args([*fixed, *sim["command"]])
    assert (options.name, options.remote_control) == ([name], True)
    assert own_names(options.name) == (name,)
    (volume,) = compose["volumes"]
    assert (sim["volumes"], service["volumes"]) == ([f"{volume}:/ca"], [f"{volume}:/ca:ro"])
    assert sim["ports"] == [f"127.0.0.1:{options.port}:{steps['EXPOSE']}"]
    assert f"('127.0.0.1', {options.port})" in sim["healthcheck"]["test"][-1]
    assert service["depends_on"] == {name: {"condition": "service_healthy"}}

    token = Simulator(seed=options.seed, sims=options.sims).application_token
    assert service["environment"] == {
        "EMNIFY_BASE_URL": f"https://{name}:{options.port}",
        "EMNIFY_APPLICATION_TOKEN": token,
        "SSL_CERT_FILE": options.ca_file,
    }


@pytest.mark.parametrize("text", ["0.0.0.0", "::"])
def test_every_address(text):
    assert loopback.is_unspecified(text) and not loopback.is_unspecified("127.0.0.1")
    assert not loopback.is_unspecified("localhost")
