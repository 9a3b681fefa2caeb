"""Ctrl-C in two steps, in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import anyio
import anyio.lowlevel
import pytest

from aioemnify import Emnify, Hooks
from aioemnify.fleet import Job
from aioemnify.simulator import DropAfter, Simulator
from aioemnify.simulator.faults.effects import Delay
from aioemnify.transport.http.sender import HttpSender
from tests.fleet import interrupted

pytestmark = pytest.mark.process


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=60, tls=False, limits=None) as simulator:
        simulator.faults.add(Delay(0.2), operation="sims.get")
        yield simulator


def start(backend: str, simulator: Simulator, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            interrupted.__file__,
            backend,
            simulator.url,
            simulator.application_token,
            str(file),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_first_ends_the_calls_under_way(backend: str, simulator: Simulator, tmp_path: Path) -> None:
    program = start(backend, simulator, tmp_path / "a.job")
    assert program.stdout is not None
    assert program.stdout.readline().endswith(" ok\n")
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=60)

    assert program.returncode == 0 and out.endswith("the end\n")
    assert "Ctrl-C: the calls under way end, and no further one is sent" in err and "a.job" in err
    found = re.search(r"40 items: \d+ waiting, (\d+) ok", out)
    assert found is not None and "interrupted: run it again with" in out
    done = int(found[1])
    assert 1 <= done < 40
    assert sum(1 for request in simulator.requests if request.operation == "sims.get") == done

    again = start(backend, simulator, tmp_path / "a.job")
    out, _ = again.communicate(timeout=120)
    assert out.count(" ok\n") == 40 - done and "40 items: 40 ok; 40 calls" in out


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_the_second_cancels(backend: str, simulator: Simulator, tmp_path: Path) -> None:
    simulator.faults.clear()
    simulator.faults.add(Delay(60.0), operation="sims.get", every=2)
    program = start(backend, simulator, tmp_path / "a.job")
    assert program.stdout is not None and program.stderr is not None
    program.stdout.readline()
    program.send_signal(signal.SIGINT)
    assert any("Ctrl-C" in line for line in iter(program.stderr.readline, ""))
    program.send_signal(signal.SIGINT)
    out, err = program.communicate(timeout=50)
    assert program.returncode != 0 and "KeyboardInterrupt" in err and "the end" not in out


class InterruptAfterAttempt(Hooks):
    """Interrupts a job when an attempt of a call has ended."""

    job: Job | None = None

    def attempt_ended(self, *_: object) -> None:
        if self.job is not None:
            self.job.interrupt()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_message_that_may_have_been_sent_is_unknown(
    backend: str, simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The interruption ends waits for another attempt, and there is none after a lost response.

    Until the error is raised, idle connections are closed, which takes a moment.
    """
    closing = HttpSender.drop_idle

    async def slowly(sender: HttpSender) -> None:
        await closing(sender)
        await anyio.lowlevel.checkpoint()

    monkeypatch.setattr(HttpSender, "drop_idle", slowly)

    async def main() -> None:
        hooks = InterruptAfterAttempt()
        async with Emnify(simulator.application_token, base_url=simulator.url, hooks=hooks) as emnify:
            await emnify.sims.get(1)  # logs in
            async with Job(emnify, tmp_path / "a.job") as job:
                hooks.job = job
                await job.add("endpoints.send_sms", [(1, {"payload": "hello"})])
                assert [outcome.state async for outcome in job.run()] == ["unknown"]

    simulator.faults.add(DropAfter(), operation="endpoints.send_sms")
    anyio.run(main, backend=backend)
    assert [one.operation for one in simulator.requests].count("endpoints.send_sms") == 1


EXAMPLE = Path(__file__).parents[2] / "examples" / "suspend.py"


def test_the_example_of_the_guide_is_interrupted_cancelled_and_resumed(tmp_path: Path) -> None:
    with Simulator(sims=400, tls=False) as simulator:
        first = next(iter(simulator.installation.world.organisations.values()))
        active = [one.id for one in first.sims.states(first.sims.select()) if one.status == 1]
        simulator.faults.add(Delay((0.05, 0.5)), operation="sims.update")
        environment = os.environ | {
            "EMNIFY_BASE_URL": simulator.url,
            "EMNIFY_APPLICATION_TOKEN": simulator.application_token,
        }

        def run(interrupts: int) -> tuple[int, str]:
            text = ""
            with subprocess.Popen(
                [sys.executable, EXAMPLE, *map(str, active)],
                cwd=tmp_path,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                # Programs in the background of a shell ignore Ctrl-C.
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
            ) as program:
                assert program.stdout is not None
                for line in program.stdout:
                    text += line
                    if interrupts and (" done" in line or "Ctrl-C again" in line):
                        program.send_signal(signal.SIGINT)
                        interrupts -= 1
            return program.returncode, text

        status, text = run(1)
        assert (status, "interrupted: run it again with suspend.job" in text) == (0, True)
        status, text = run(2)
        assert status == 1 and text.endswith("cancelled: run it again to continue with suspend.job\n")
        status, text = run(0)
        assert status == 0 and f"{len(active)} items: {len(active)} ok" in text
        assert all(first.sims.find(one).status == 2 for one in active)
