"""Jobs in Redis from the command line: made from a table, worked on by several, looked at and removed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aioemnify.cli import shared_jobs
from aioemnify.simulator import Delay, DropAfter, Simulator
from tests.cli.conftest import Run, ended, write_config
from tests.stores.redis_server import RedisServer

if TYPE_CHECKING:
    import pexpect

pytestmark = pytest.mark.redis

SMS = "endpoints.send_sms"
Terminal = Callable[..., "pexpect.spawn[str]"]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("redis"), extra=("--appendonly", "yes"))
    server.start()
    yield server
    server.kill()


@pytest.fixture
def redis_url(servers: RedisServer, simulator: Simulator, monkeypatch: pytest.MonkeyPatch) -> str:
    """A Redis without jobs, which the environment names."""
    import redis

    with redis.Redis.from_url(servers.url) as client:
        client.flushall()
    monkeypatch.setenv("EMNIFY_REDIS", servers.url)
    return servers.url


@pytest.fixture
def at(redis_url: str) -> str:
    """How messages name the Redis."""
    return f"in Redis at {redis_url.removeprefix('redis://').removesuffix('/0')}"


def write_sms(count: int) -> str:
    rows = ["endpoint_id,payload", *(f"{number},hello" for number in range(1, count + 1))]
    Path("sms.csv").write_text("\n".join(rows))
    return "sms.csv"


def sent(simulator: Simulator) -> Counter[str]:
    """Return how many SMS the simulator has taken, by endpoint."""
    return Counter(one.path for one in simulator.requests.of(SMS))


def start(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "aioemnify.cli", *arguments]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_a_job_from_the_table_to_its_removal(
    simulator: Simulator, emnify: Run, at: str, redis_url: str
) -> None:
    simulator.faults.add(DropAfter(), operation=SMS, times=1)
    done = emnify("jobs", "run", SMS, write_sms(8), "--job", "redis:sms", "--address", "ams-1", "-y")
    assert done.status == 7
    assert done.err.splitlines() == [
        "8 rows in 8 calls, 0 s, 0.00% of the month's calls.",
        "start further workers with: emnify jobs work sms",
        f"working on sms {at}, as address ams-1",
        "7 ok, 1 unknown",
        "  1 x OutcomeUnknownError",
        "look again with: emnify jobs settle redis:sms",
        "send them again, perhaps twice, with: emnify jobs resume --retry unknown redis:sms",
        "see all outcomes with: emnify jobs export redis:sms --to FILE.csv",
    ]
    assert not list(Path().glob("*sms*.job*"))
    shown = emnify("jobs", "show", "redis:sms")
    assert shown.status == 7
    assert shown.lines[:2] == ["7 of 8 done, 1 unknown", f"job sms {at}: 8 items: 7 ok, 1 unknown; 8 calls"]
    by_option = emnify("jobs", "show", "sms", "--redis", redis_url)
    assert by_option.out == shown.out
    assert emnify("jobs", "settle", "redis:sms").err.startswith("1 are still unknown\n7 ok, 1 unknown\n")
    again = emnify("jobs", "resume", "redis:sms", "--retry", "unknown", "-y", "--report", "out.jsonl")
    assert again.status == 0
    assert again.err.splitlines()[0] == "1 are tried again"
    assert again.err.endswith("8 ok → out.jsonl\n")
    assert emnify("jobs", "export", "redis:sms", "--to", "out.csv").status == 0
    rows = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [row["state"] for row in rows] == ["ok"] * 8
    assert len(Path("out.csv").read_text().splitlines()) == 9
    refused = emnify("jobs", "remove", "sms")
    assert (refused.status, refused.err) == (
        2,
        f"emnify: This removes sms {at}, with its items and their outcomes. There is no terminal to ask on: "
        "-y goes on without a question\n",
    )
    assert emnify("jobs", "remove", "sms", "-y") == (
        0,
        "",
        f"removed sms {at}, with its items and their outcomes\n",
    )
    assert emnify("jobs", "show", "redis:sms").status == 10


def test_a_second_worker_joins_by_name_from_an_address_of_its_own(
    simulator: Simulator, emnify: Run, redis_url: str
) -> None:
    simulator.faults.add(Delay(0.2), operation=SMS)
    first = start("jobs", "run", SMS, write_sms(60), "--job", "redis:sms", "-y", "--address", "a")
    assert first.stderr is not None
    while not first.stderr.readline().startswith("working on"):
        pass
    second = emnify("jobs", "work", "sms", "--address", "b", "--local-address", "127.0.0.2")
    first.communicate(timeout=60)
    assert (first.returncode, second.status) == (0, 0)
    assert second.err.endswith("60 ok\n")
    assert sorted(sent(simulator).values()) == [1] * 60
    assert {one.address for one in simulator.requests.of(SMS)} == {"127.0.0.1", "127.0.0.2"}


def test_a_job_is_added_and_left_to_other_hosts(
    simulator: Simulator, emnify: Run, redis_url: str, at: str
) -> None:
    done = emnify("jobs", "run", SMS, write_sms(3), "--job", "redis:sms", "--add-only", "-y")
    assert (done.status, done.err) == (
        0,
        "3 rows in 3 calls, 0 s, 0.00% of the month's calls.\nstart workers with: emnify jobs work sms\n",
    )
    assert emnify("jobs", "show", "redis:sms").lines[1] == f"job sms {at}: 3 items: 3 waiting; 0 calls"
    assert sent(simulator) == {}
    assert emnify("jobs", "work", "sms").status == 0
    assert sorted(sent(simulator).values()) == [1] * 3


def test_the_limits_of_named_addresses_are_shared_in_redis(
    simulator: Simulator, emnify: Run, redis_url: str
) -> None:
    import redis

    emnify("jobs", "run", SMS, write_sms(2), "--job", "redis:sms", "--address", "ams-1", "-y")
    os.environ["EMNIFY_ADDRESS"] = "fra-1"
    try:
        emnify("jobs", "work", "sms")
    finally:
        del os.environ["EMNIFY_ADDRESS"]
    with redis.Redis.from_url(redis_url) as client:
        windows = [key.decode() for key in client.scan_iter("*:ip:*ip_general*")]
    assert len(windows) == 1 and ":ams-1:ip_general" in windows[0]


@pytest.mark.process
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_ends_in_order_and_another_one_goes_on(
    simulator: Simulator, emnify: Run, redis_url: str, number: signal.Signals, at: str
) -> None:
    simulator.faults.add(Delay(2.0), operation=SMS)
    worker = start("jobs", "run", SMS, write_sms(60), "--job", "redis:sms", "-y")
    assert worker.stderr is not None
    while not worker.stderr.readline().startswith("working on"):
        pass
    while not simulator.requests.of(SMS):
        assert worker.poll() is None
    worker.send_signal(number)
    _, told = worker.communicate(timeout=60)
    assert worker.returncode == 130, told
    assert told.splitlines()[-1] == "continue with: emnify jobs work sms"
    under_way = len(simulator.requests.of(SMS))
    assert under_way < 60
    simulator.faults.reset()
    shown = emnify("jobs", "show", "redis:sms")
    assert f"{under_way} of 60 done" in shown.lines[0]
    done = emnify("jobs", "work", "sms")
    assert (done.status, done.err.splitlines()[-1]) == (0, "60 ok")
    assert sorted(sent(simulator).values()) == [1] * 60


@pytest.mark.process
def test_a_worker_whose_last_calls_end_after_sigterm_has_nothing_to_continue(
    simulator: Simulator, emnify: Run, redis_url: str
) -> None:
    simulator.faults.add(Delay(2.0), operation=SMS)
    worker = start("jobs", "run", SMS, write_sms(3), "--job", "redis:sms", "-y")
    assert worker.stderr is not None
    while not worker.stderr.readline().startswith("working on"):
        pass
    while "sent" not in emnify("jobs", "show", "redis:sms").out:
        assert worker.poll() is None
    worker.terminate()
    _, told = worker.communicate(timeout=60)
    assert (worker.returncode, told.splitlines()[-1]) == (130, "3 ok")


def test_a_worker_without_a_terminal_tells_how_far_all_are(
    simulator: Simulator, emnify: Run, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_jobs, "EVERY", 0.0)
    done = emnify("jobs", "run", SMS, write_sms(8), "--job", "redis:sms", "-y")
    lines = [line for line in done.err.splitlines() if line.endswith(" of 8 done")]
    assert len(lines) >= 2
    numbers = [int(line.split()[0]) for line in lines]
    assert numbers == sorted(numbers)


@pytest.mark.process
@pytest.mark.skipif(sys.platform == "win32", reason="pexpect needs a pseudo-terminal")
def test_on_a_terminal_it_asks_and_draws_a_bar(
    simulator: Simulator, emnify: Run, redis_url: str, at: str, terminal: Terminal
) -> None:
    arguments = ("jobs", "run", SMS, write_sms(120), "--job", "redis:sms")
    child = terminal(*arguments)
    child.expect(r"Continue\? \[y/N\]: ")
    child.sendline("n")
    status, text = ended(child)
    assert (status, text.splitlines()[-1]) == (2, "emnify: nothing was sent")
    missing = emnify("jobs", "work", "sms")
    assert missing.err == f"emnify: there is no job 'sms' {at}; there is none yet\n"
    assert sent(simulator) == {}
    simulator.faults.add(Delay(2.0), operation=SMS)
    child = terminal(*arguments, "-y", columns=100)
    child.expect(r"[1-9]\d*/120")
    child.sendintr()
    status, text = ended(child)
    assert status == 130
    assert "continue with: emnify jobs work sms" in text
    child = terminal("jobs", "remove", "sms", columns=200)
    child.expect(r"This removes sms in Redis at .* outcomes\. Continue\? \[y/N\]: ")
    child.sendline("y")
    assert ended(child)[0] == 0


NONE = "there is no job '{}' {{at}}; there is read-sims"
RUN = "run sims.get sims.csv"


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        ("work sms", 10, f"{NONE.format('sms')}\n"),
        ("work redis:read-sim", 10, f"{NONE.format('read-sim')}; did you mean 'read-sims'?\n"),
        ("show redis:x", 10, NONE.format("x")),
        ("settle redis:x", 10, NONE.format("x")),
        ("resume redis:x -y", 10, NONE.format("x")),
        ("export redis:x --to x.csv", 10, NONE.format("x")),
        ("remove x -y", 10, NONE.format("x")),
        ("show read-sims", 10, "read-sims: there is no such file; a job in Redis is redis:read-sims"),
        ("work read-sims --address a:b", 2, "--address takes a name without blanks, colons and braces"),
        ("work read-sims --report x.pdf", 2, "x.pdf: a report ends with .csv or .jsonl"),
        ("work read-sims --local-address 1.2.3", 2, "--local-address takes an IP address of this machine"),
        ("work read-sims --redis host:6379", 2, "--redis takes an address such as redis://host:6379/0, "),
        ("work read-sims --redis redis://127.0.0.1:1", 9, "read-sims in Redis at 127.0.0.1:1 cannot be "),
        (f"{RUN} --redis redis://127.0.0.1", 2, "a job in Redis needs a name: --job NAME"),
        (f"{RUN} --job redis: -y", 2, "name takes a name without blanks, colons and braces, not ''"),
        (f"{RUN} --job x --lease 5", 2, "--lease, --add-only and --address are for a job in Redis"),
        (f"{RUN} --job x --add-only", 2, "--lease, --add-only and --address are for a job in Redis"),
        (f"{RUN} --job x --address a", 2, "--address is for workers that share their limits in Redis"),
        ("run sims.gett sims.csv --job redis:y", 2, "there is no operation 'sims.gett'; did you mean "),
        (
            "run endpoints.get_connectivity more.csv --job redis:read-sims -y",
            2,
            "operation endpoints.get_connectivity does not belong to this job (read-sims {at}), which is one "
            "of sims.get and has begun: use another name",
        ),
    ],
)
def test_bad_input(
    simulator: Simulator, emnify: Run, at: str, arguments: str, status: int, told: str
) -> None:
    Path("sims.csv").write_text("sim_id\n1\n")
    Path("more.csv").write_text("endpoint_id\n1\n")
    assert emnify("jobs", "run", "sims.get", "sims.csv", "--job", "redis:read-sims", "-y").status == 0
    done = emnify("jobs", *arguments.split())
    assert done.status == status, done.err
    assert told.format(at=at) in done.err
    assert done.err.startswith("emnify: ") and done.err.count("\n") <= 2
    assert len(simulator.requests.of("sims.get")) == 1
    assert emnify("jobs", "show", "redis:read-sims").status == 0


def test_no_redis_is_named(simulator: Simulator, emnify: Run) -> None:
    done = emnify("jobs", "work", "sms")
    assert (done.status, done.err) == (
        2,
        "emnify: a job in Redis needs the address of the Redis: set EMNIFY_REDIS, or pass --redis URL\n",
    )


@pytest.mark.parametrize(
    "command", ["sim suspend 1 2", "endpoint tag x 1 2", "sms send hi 1 2", "apply x.csv"]
)
def test_other_jobs_are_files(
    simulator: Simulator, emnify: Run, redis_url: str, home: Path, command: str
) -> None:
    done = emnify(*command.split(), "--job", "redis:x", "-y")
    assert (done.status, done.err) == (
        2,
        "emnify: --job redis:x: here a job is a file; 'emnify jobs run' makes a job in Redis from a table\n",
    )
    assert not list(home.glob("redis:*"))


def test_a_job_of_another_workspace_or_server_is_refused(
    simulator: Simulator, emnify: Run, redis_url: str, home: Path
) -> None:
    Path("sims.csv").write_text("sim_id\n1\n2\n")
    emnify("jobs", "run", "sims.get", "sims.csv", "--job", "redis:read-sims", "-y")
    with Simulator(sims=1, tls=False) as other:
        write_config(home, other)
        done = emnify("jobs", "work", "read-sims")
        assert done.status == 10
        assert f"is the journal of a job on {simulator.url}, and this client calls {other.url}" in done.err
        assert done.err.endswith(": use another name\n")
        assert not other.requests.of("sims.get")


def test_without_the_package_it_says_what_to_install(
    simulator: Simulator, emnify: Run, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one == "redis" or one.startswith("redis.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "redis", None)
    assert emnify("jobs", "work", "sms") == (
        2,
        "",
        "emnify: a job in Redis needs the package redis: pip install 'aioemnify[redis]'\n",
    )


def test_a_redis_that_drops_keys_is_refused_and_one_that_forgets_sends_no_sms(
    simulator: Simulator, emnify: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for extra, told in (
        (
            ("--maxmemory-policy", "allkeys-lru"),
            "has maxmemory-policy allkeys-lru, so it may drop the states",
        ),
        (
            (),
            "so a call of endpoints.send_sms, which must not be made twice, is not sent: set appendonly yes",
        ),
    ):
        server = RedisServer(tmp_path, extra=extra)
        server.start()
        try:
            monkeypatch.setenv("EMNIFY_REDIS", server.url)
            done = emnify("jobs", "run", SMS, write_sms(2), "--job", "redis:sms", "-y")
        finally:
            server.kill()
        assert done.status == 10
        assert told in done.err.splitlines()[-1]
        assert sent(simulator) == {}


PASSWORD = "canary-3b1f"


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[RedisServer]:
    """A Redis with a password."""
    server = RedisServer(tmp_path, extra=("--appendonly", "yes", "--requirepass", PASSWORD))
    server.start()
    yield server
    server.kill()


def test_a_password_stands_in_the_environment_and_nowhere_else(
    simulator: Simulator, emnify: Run, guarded: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = guarded.url.replace("//", f"//:{PASSWORD}@")
    for given in (url, f"{guarded.url}?password={PASSWORD}", f"redis://user:{PASSWORD}/x@host"):
        done = emnify("jobs", "work", "sms", "--redis", given)
        assert (done.status, done.err) == (
            2,
            "emnify: --redis has a password, and others can read arguments in the list of processes and in "
            "the shell's history: set EMNIFY_REDIS instead\n",
        )
    monkeypatch.setenv("EMNIFY_REDIS", url)
    shown = ""
    for arguments in (
        ("run", SMS, write_sms(2), "--job", "redis:sms", "-y", "-v"),
        ("show", "redis:sms", "-v"),
        ("work", "smms", "-v"),
        ("remove", "sms", "-y"),
    ):
        done = emnify("jobs", *arguments)
        shown += done.out + done.err
    assert "2 ok" in shown and "endpoints.send_sms: 201 in " in shown
    monkeypatch.setenv("EMNIFY_REDIS", guarded.url.replace("//", f"//:{PASSWORD}x@"))
    wrong = emnify("jobs", "work", "sms")
    assert wrong.status == 10
    assert " refuses this user: " in wrong.err
    monkeypatch.setenv("EMNIFY_REDIS", f"redis://:{PASSWORD}@host:port")
    bad = emnify("jobs", "work", "sms")
    assert (bad.status, bad.err[:33]) == (2, "emnify: EMNIFY_REDIS takes an add")
    assert PASSWORD not in shown + wrong.err + bad.err


def test_what_it_says_to_run_can_be_pasted_and_names_the_database(
    simulator: Simulator, emnify: Run, redis_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EMNIFY_REDIS", redis_url.removesuffix("/0") + "/4")
    simulator.faults.add(DropAfter(), operation=SMS, times=1)
    done = emnify("jobs", "run", SMS, write_sms(1), "--job", "redis:a;b$c", "-y")
    assert "start further workers with: emnify jobs work 'a;b$c'\n" in done.err
    assert "look again with: emnify jobs settle 'redis:a;b$c'\n" in done.err
    assert "working on a;b$c in Redis at 127.0.0.1:" in done.err and ", database 4, as address" in done.err
    monkeypatch.setenv("EMNIFY_REDIS", redis_url)
    assert "database" not in emnify("jobs", "show", "redis:a;b$c").err
