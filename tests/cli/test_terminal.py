"""Commands in a real terminal: tables, width, colour, questions, the bar, and Ctrl-C."""

from __future__ import annotations

import re
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest

from aioemnify.cli.profiles import Configuration
from aioemnify.simulator import Delay, Simulator
from tests.cli.conftest import Run, ended

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(sys.platform == "win32", reason="pexpect needs a pseudo-terminal"),
]

Terminal = Callable[..., "pexpect.spawn[str]"]


def test_a_list_is_a_table_that_fits_the_width(simulator: Simulator, terminal: Terminal) -> None:
    status, text = ended(terminal("sims", "list", columns=60))
    lines = text.splitlines()
    assert status == 0
    assert lines[0].split()[:3] == ["id", "iccid", "status"]
    assert len(lines) == 52
    assert max(map(len, lines)) <= 60
    assert "…" in lines[1]
    assert lines[-1] == "50 of 120; --all for the rest"


def test_wide_cuts_nothing(simulator: Simulator, terminal: Terminal) -> None:
    _, text = ended(terminal("sims", "list", "--limit", "2", "-o", "wide", columns=60))
    assert "8900101003000000001" in text
    assert "endpoint.ip_address" in text
    assert "…" not in text


def test_times_are_relative_and_statuses_have_colours(
    simulator: Simulator, emnify: Run, terminal: Terminal
) -> None:
    emnify("sim", "suspend", "1")
    _, text = ended(terminal("events", "list", columns=140))
    assert re.search(r"\b(now|\d+ (s|min) ago)\b", text)
    terminal("sims", "list", "--limit", "1", columns=140, colour=True).expect_exact("\x1b[33mSuspended")
    child = terminal("sims", "list", "--limit", "1", columns=140)
    child.expect(pexpect.EOF)
    assert "\x1b[33m" not in (child.before or "")  # NO_COLOR


def test_one_object_is_a_list_of_its_members(simulator: Simulator, terminal: Terminal) -> None:
    _, text = ended(terminal("sim", "show", "1"))
    assert re.search(r"^iccid +8900101003000000001 *\r?$", text, re.MULTILINE)
    assert "None" not in text


def test_control_characters_of_the_server_do_not_reach_the_terminal(
    simulator: Simulator, emnify: Run, terminal: Terminal
) -> None:
    emnify("endpoints", "update", "1", "-F", 'name="a\\u001b[31mb"')
    terminal("endpoint", "show", "1").expect_exact("a\N{REPLACEMENT CHARACTER}[31mb")


@pytest.mark.parametrize(("answer", "status", "suspended"), [("y", 0, True), ("n", 2, False), ("", 2, False)])
def test_a_job_asks_first(
    simulator: Simulator, emnify: Run, terminal: Terminal, answer: str, status: int, suspended: bool
) -> None:
    child = terminal("sim", "suspend", "1", "2")
    child.expect(r"2 SIMs in 1 call, 0 s, 0\.00% of the month's calls\. Continue\? \[y/N\]: ")
    child.sendline(answer)
    found, text = ended(child)
    assert found == status
    assert ("2 ok" in text) == suspended
    assert (emnify("sims", "get", "1", "--columns", "status").out == "Suspended\n") == suspended


def test_ctrl_c_at_a_question(simulator: Simulator, terminal: Terminal) -> None:
    child = terminal("sim", "suspend", "1", "2")
    child.expect("Continue")
    child.sendintr()  # also where the system hands the signal to a thread of the store
    assert ended(child)[0] == 130


def test_ctrl_c_ends_a_job_in_order_and_it_can_be_continued(
    simulator: Simulator, emnify: Run, terminal: Terminal
) -> None:
    rows = ["endpoint_id,payload", *(f"{number},hello" for number in range(1, 60))]
    Path("sms.csv").write_text("\n".join(rows))
    simulator.faults.add(Delay(0.3), operation="endpoints.send_sms")
    child = terminal("jobs", "run", "endpoints.send_sms", "sms.csv", "--job", "sms.job", "-y", columns=100)
    child.expect(r"[1-9]\d*/59")  # the bar moves
    child.sendintr()
    status, text = ended(child)
    assert status == 130
    assert "continue with: emnify jobs resume sms.job" in text
    simulator.faults.reset()
    done = emnify("jobs", "resume", "sms.job", "-y")
    assert done.status == 0, done.err
    sent = [request for request in simulator.requests if request.operation == "endpoints.send_sms"]
    assert len(sent) == 59  # each once


def test_ctrl_c_ends_a_watch(simulator: Simulator, terminal: Terminal) -> None:
    child = terminal("limits", "--watch", "--every", "0.2")
    child.expect("of the month's calls")
    child.expect("of the month's calls")
    child.sendintr()
    assert ended(child)[0] == 130


def test_the_token_is_not_echoed(server: Simulator, terminal: Terminal) -> None:
    child = terminal("login", "--base-url", server.url)
    child.expect("Application token: ")
    child.sendline(server.application_token)
    status, text = ended(child)
    assert status == 0
    assert server.application_token not in text
    assert Configuration.load().default == "default"


def test_verbose_tells_each_call(simulator: Simulator, terminal: Terminal) -> None:
    _, text = ended(terminal("-v", "sims", "get", "1"))
    assert re.search(r"emnify: sims\.get: 200 in \d", text)


def test_an_sms_says_what_its_number_is(simulator: Simulator, terminal: Terminal) -> None:
    assert ended(terminal("sms", "send", "1", "reboot"))[1].split("\r\n")[:2] == [
        "1",
        "accepted; --wait waits until it is delivered",
    ]


def test_a_killed_job_is_listed_and_continues(
    simulator: Simulator, emnify: Run, terminal: Terminal, home: Path
) -> None:
    simulator.faults.add(Delay(600), operation="endpoints.update_bulk")
    child = terminal("sim", "suspend", "1", "2", "-y")
    child.expect("2 SIMs in 1 call")
    child.kill(signal.SIGKILL)
    child.wait()
    simulator.faults.reset()
    (left,) = emnify("jobs", "list", "-o", "json").json()
    assert left["waiting"] + left["sent"] == 2
    assert emnify("jobs", "resume", left["file"]).status == 2  # nobody can be asked, and the job stays
    assert emnify("jobs", "resume", left["file"], "-y").status == 0
    assert emnify("sims", "get", "2", "--columns", "status").out == "Suspended\n"
    assert emnify("jobs", "list") == (0, "", "no job is left, all are ok\n")
