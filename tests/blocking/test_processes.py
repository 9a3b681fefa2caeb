"""The blocking client in processes of their own: at import, at exit, after a fork, and in a notebook."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from aioemnify.simulator import Simulator

HANGS = 60.0
"""Seconds after which a program hangs."""


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=20, seed=5, tls=False) as running:
        yield running


def run(program: str, simulator: Simulator, *flags: str) -> subprocess.CompletedProcess[str]:
    """Run a program that finds the simulator in its environment; warnings are written, and threads too."""
    found = os.pathsep.join(sys.path)
    given = {"EMNIFY_APPLICATION_TOKEN": simulator.application_token, "EMNIFY_BASE_URL": simulator.url}
    return subprocess.run(
        [sys.executable, "-X", "dev", *flags, "-c", textwrap.dedent(program)],
        env={**os.environ, **given, "PYTHONPATH": found},
        capture_output=True,
        text=True,
        timeout=HANGS,
        check=False,
    )


def outcome(done: subprocess.CompletedProcess[str]) -> tuple[int, str, str]:
    errors = [line for line in done.stderr.splitlines() if not line.startswith("Executing <")]
    return done.returncode, done.stdout, "\n".join(errors)


def test_the_thread_starts_with_the_first_call_and_ends_at_exit(simulator: Simulator) -> None:
    done = run(
        """
        import sys, threading
        from aioemnify.blocking import Emnify
        assert not {"sqlite3", "trio"} & sys.modules.keys()
        emnify = Emnify()
        assert threading.active_count() == 1
        with emnify:
            assert emnify.sims.list().page()
        print([one.name for one in threading.enumerate()])
        """,
        simulator,
    )
    assert outcome(done) == (0, "['MainThread', 'aioemnify.blocking']\n", "")


def test_a_program_that_closes_nothing_ends(simulator: Simulator) -> None:
    done = run(
        """
        from aioemnify.blocking import Emnify
        emnify = Emnify()
        pages = emnify.sims.list(per_page=5).pages()
        print(len(next(pages)))
        """,
        simulator,
    )
    status, out, errors = outcome(done)
    assert (status, out) == (0, "5\n")
    assert f"ResourceWarning: unclosed <blocking <Emnify client of {simulator.url}>>" in errors
    assert "Traceback" not in errors


def test_a_call_under_way_in_a_daemon_thread_does_not_hold_the_exit(simulator: Simulator) -> None:
    done = run(
        """
        import threading
        from aioemnify import LIMITS
        from aioemnify.blocking import Emnify
        waits = threading.Event()
        emnify = Emnify(on_wait=lambda wait: waits.set())
        def work():
            while True:
                emnify.sims.list().page()
        threading.Thread(target=work, daemon=True).start()
        waits.wait()
        print("ends")
        """,
        simulator,
    )
    assert outcome(done)[:2] == (0, "ends\n")


def test_a_callback_that_never_returns_does_not_hold_the_exit(simulator: Simulator) -> None:
    done = run(
        """
        import threading
        from aioemnify.blocking import Emnify
        waits = threading.Event()
        def on_wait(wait):
            waits.set()
            threading.Event().wait()
        emnify = Emnify(on_wait=on_wait)
        def work():
            while True:
                emnify.sims.list().page()
        threading.Thread(target=work, daemon=True).start()
        waits.wait()
        print("ends")
        """,
        simulator,
    )
    assert outcome(done)[:2] == (0, "ends\n")


def test_a_call_in_an_exit_handler_is_made(simulator: Simulator) -> None:
    done = run(
        """
        import atexit
        from aioemnify.blocking import Emnify
        emnify = Emnify()
        @atexit.register
        def last():
            print(len(emnify.sims.list(per_page=3).page()))
            emnify.close()
        """,
        simulator,
    )
    assert outcome(done) == (0, "3\n", "")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_forked_child_has_a_thread_of_its_own(simulator: Simulator) -> None:
    done = run(
        """
        import os, sys
        from aioemnify.blocking import Emnify
        with Emnify() as emnify:
            pages = emnify.sims.list(per_page=5).pages()
            first = next(pages)
            child = os.fork()
            if child:
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
            assert len(emnify.sims.list(per_page=4).page()) == 4
            assert next(pages)[0].id != first[0].id
            print("child" if not child else "parent", flush=True)
        """,
        simulator,
    )
    status, out, errors = outcome(done)
    assert (status, out) == (0, "child\nparent\n")
    # The connection of the parent is in the child, too, where nobody closes it.
    assert {line for line in errors.splitlines() if "ResourceWarning: unclosed transport" not in line} <= {
        '  _warn(f"unclosed transport {self!r}", ResourceWarning, source=self)',
        "ResourceWarning: Enable tracemalloc to get the object allocation traceback",
    }


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_job_belongs_to_the_process_that_opened_it(simulator: Simulator) -> None:
    done = run(
        """
        import os
        from aioemnify.blocking import Emnify, Job
        from aioemnify.errors import ClientStateError
        with Emnify() as emnify:
            block = Job(emnify, None)
            block.__enter__()
            child = os.fork()
            try:
                block.__exit__(None, None, None)
            except ClientStateError as error:
                print("child:", error, flush=True)
            else:
                assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        """,
        simulator,
    )
    status, out, errors = outcome(done)
    assert (status, errors) == (0, "")
    assert out == "child: this block was entered in the parent process, which leaves it\n"


def test_a_notebook(simulator: Simulator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat = pytest.importorskip(
        "nbformat", reason="needs nbclient, which the dependency group tests installs"
    )
    from nbclient import NotebookClient

    monkeypatch.setenv("EMNIFY_APPLICATION_TOKEN", simulator.application_token)
    monkeypatch.setenv("EMNIFY_BASE_URL", simulator.url)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    cells = [
        "from aioemnify.blocking import Emnify\nemnify = Emnify()",
        "import asyncio\nasyncio.get_running_loop()\n[sim.id for sim in emnify.sims.list()]",
        "emnify.sims",
        "emnify.close()",
    ]
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    NotebookClient(
        book, timeout=HANGS, kernel_name="python3", resources={"metadata": {"path": tmp_path}}
    ).execute()
    outputs = [cell.outputs[0].data["text/plain"] for cell in book.cells[1:3]]
    assert outputs[0].startswith("[") and outputs[0].count(",") == 19
    assert outputs[1].startswith("<blocking <aioemnify.resources.sims.Sims")
