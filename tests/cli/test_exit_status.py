"""Each exit status, and the text that comes with it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from aioemnify.cli.exit_status import STATUSES, status_of
from aioemnify.errors import EmnifyError
from aioemnify.simulator import Answer, DropAfter, Simulator
from tests.cli.conftest import Run, write_config


def every_error(kind: type[BaseException]) -> list[type[BaseException]]:
    return [kind, *(one for inner in kind.__subclasses__() for one in every_error(inner))]


@pytest.mark.parametrize("kind", every_error(EmnifyError), ids=lambda kind: kind.__name__)
def test_every_error_of_the_library_has_a_status(kind: type[BaseException]) -> None:
    assert status_of(kind.__new__(kind)) in STATUSES


def test_a_fault_of_the_program_has_none() -> None:
    assert status_of(RuntimeError("a fault")) is None


def test_refused(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sims", "delete", "1")
    assert done.status == 1
    assert done.err.startswith("emnify: sims.delete answered 4")


def test_wrong_arguments(simulator: Simulator, emnify: Run) -> None:
    assert emnify("sims", "lst") == (
        2,
        "",
        "emnify: no such command: 'lst'; did you mean 'list'?\nTry 'emnify sims --help'.\n",
    )
    assert emnify("sims", "get").status == 2
    assert emnify("sims", "list", "-q", "sttus:1").err.endswith("did you mean 'status'?\n")
    assert emnify("sims", "list", "--nonsense").status == 2


def test_a_command_of_the_other_group_is_named(simulator: Simulator, emnify: Run) -> None:
    for wrong, right in (
        ("sim list", "emnify sims list"),
        ("endpoint update", "emnify endpoints update"),
        ("sims suspend", "emnify sim suspend"),
        ("endpoints rename", "emnify endpoint rename"),
    ):
        group, name = wrong.split()
        done = emnify(group, name)
        assert done.status == 2
        assert done.err.startswith(f"emnify: no such command: {name!r}; it is {right!r}\n")


def test_a_missing_choice_is_one_line(home: Path, emnify: Run) -> None:
    assert emnify("completion").err.splitlines()[0].endswith("Choose from: bash, zsh, fish")


def test_not_found(simulator: Simulator, emnify: Run) -> None:
    assert emnify("sims", "get", "987654").status == 3
    assert emnify("sim", "show", "pump-987").status == 3
    done = emnify("sim", "suspend", "1", "987654", "-y")
    assert (done.status, done.err) == (3, "emnify: there is no SIM 987654; nothing was changed\n")
    assert emnify("endpoint", "tag", "no such tag", "1").status == 3


def test_an_ambiguous_name(simulator: Simulator, emnify: Run) -> None:
    for endpoint in (1, 2):
        emnify("endpoints", "update", endpoint, "-f", "name=twin")
    done = emnify("endpoint", "show", "twin")
    assert (done.status, done.out) == (2, "")
    assert done.err.startswith("emnify: ")
    assert "2 items" in done.err
    assert "twin" in done.err


def test_no_credentials(home: Path, emnify: Run) -> None:
    assert emnify("whoami") == (
        4,
        "",
        "emnify: no credentials: run 'emnify login', or set EMNIFY_APPLICATION_TOKEN\n",
    )


def test_a_refused_token(simulator: Simulator, emnify: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMNIFY_APPLICATION_TOKEN", "sim-0-revoked")
    monkeypatch.setenv("EMNIFY_BASE_URL", simulator.url)
    done = emnify("whoami")
    assert done.status == 4
    assert "revoked" not in done.err


def test_an_expired_token(simulator: Simulator, emnify: Run, home: Path) -> None:
    answer = emnify("api", "auth.authenticate", "--body", "-", stdin=json.dumps(
        {"application_token": simulator.application_token}
    ))  # fmt: skip
    token = answer.json()["auth_token"]
    (home / "token").write_text(json.dumps({"auth_token": token}))
    write_config(home, simulator, credential_process=f"cat '{home}/token'")
    assert emnify("whoami").status == 0
    simulator.expire_tokens()
    done = emnify("whoami")
    assert (done.status, done.out) == (4, "")
    assert done.err.startswith("emnify: ")
    assert "expired" in done.err
    assert token not in done.err


def test_an_unknown_profile(simulator: Simulator, emnify: Run) -> None:
    assert emnify("whoami", "--profile", "flete") == (
        2,
        "",
        "emnify: there is no profile 'flete'; there is fleet; did you mean 'fleet'?\n",
    )


def test_a_used_up_month(simulator: Simulator, emnify: Run) -> None:
    simulator.spend_quota(10_000_000)
    done = emnify("sims", "get", "1")
    assert done.status == 5
    assert "it is reset on" in done.err


def test_an_unknown_outcome(simulator: Simulator, emnify: Run) -> None:
    emnify("whoami")
    simulator.faults.add(DropAfter(), operation="endpoints.send_sms", times=1)
    done = emnify("sms", "send", "name:pump-1", "hello")
    assert (done.status, done.out) == (6, "")


def test_a_job_with_items_that_are_not_ok(simulator: Simulator, emnify: Run, home: Path) -> None:
    Path("names.csv").write_text("endpoint_id,name\n1,one\n987654,two\n")
    done = emnify("jobs", "run", "endpoints.update", "names.csv", "--job", "names.job", "-y")
    assert done.status == 7
    assert "1 ok, 1 failed → names.job.csv\n  1 x 404 1201 NotFound\n" in done.err


def test_no_connection(simulator: Simulator, emnify: Run, home: Path) -> None:
    write_config(home, simulator, base_url="http://127.0.0.1:1")
    assert emnify("whoami").status == 9


@pytest.mark.parametrize("content", ["default = ", '[profiles.a]\ntoken = "x"', "profiles = 1"])
def test_a_broken_configuration(simulator: Simulator, emnify: Run, home: Path, content: str) -> None:
    (home / "config/emnify/config.toml").write_text(content)
    done = emnify("whoami")
    assert done.status == 10
    assert str(home / "config/emnify/config.toml") in done.err


def test_a_file_that_is_not_there(simulator: Simulator, emnify: Run) -> None:
    assert emnify("sims", "suspend").status == 2
    assert emnify("sim", "suspend", "--file", "ids.txt") == (
        10,
        "",
        "emnify: ids.txt: No such file or directory\n",
    )
    assert emnify("jobs", "show", "some.job") == (10, "", "emnify: some.job: there is no such file\n")


def test_errors_as_json(simulator: Simulator, emnify: Run) -> None:
    done = emnify("sims", "get", "987654", "--json-errors")
    assert done.status == 3
    error = json.loads(done.err)["error"]
    assert error["kind"] == "NotFoundError"
    assert (error["status"], error["exit_status"], error["operation"]) == (404, 3, "sims.get")
    usage = json.loads(emnify("sims", "get", "--json-errors").err)["error"]
    assert usage["exit_status"] == 2
    missing = json.loads(emnify("--json-errors", "whoami", "--profile", "x").err)["error"]
    assert missing == {
        "kind": "CommandError",
        "message": "there is no profile 'x'; there is fleet",
        "exit_status": 2,
    }


def test_a_gateway_that_fails(simulator: Simulator, emnify: Run) -> None:
    emnify("whoami")
    simulator.faults.add(Answer(502, "<html>\x1b[2Jbad gateway"), operation="sims.get")
    done = emnify("sims", "get", "1")
    assert done.status == 1
    assert "\x1b" not in done.err


def test_a_pipe_that_its_reader_closes(simulator: Simulator, home: Path) -> None:
    command = [sys.executable, "-m", "aioemnify.cli", "sims", "list", "--all", "-o", "csv"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait() == 141
    process.stderr.close()
