"""The fixtures for users' tests, each tried in a pytest of its own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path

import pytest

import aioemnify

pytest_plugins = ["pytester"]

# Installed, pytest finds the plugin by its entry point; in a bare source tree it is named.
INSTALLED = any(point.name == "aioemnify" for point in entry_points(group="pytest11"))
PLUGIN = ["-p", "aioemnify" if INSTALLED else "aioemnify.pytest_plugin"]
CONFIG = """
[pytest]
filterwarnings = error
asyncio_default_fixture_loop_scope = function
"""


@pytest.fixture
def run(pytester, monkeypatch):
    pytester.makeini(CONFIG)
    # It runs in a folder of its own, from where a relative PYTHONPATH leads nowhere.
    path = [str(Path(aioemnify.__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))

    def run(text, *arguments):
        pytester.makepyfile(text)
        return pytester.runpytest_subprocess(*PLUGIN, "-p", "no:cacheprovider", *arguments)

    return run


def test_a_connected_client_under_every_runner(run):
    result = run("""
        import asyncio
        import pytest
        import pytest_asyncio

        async def check(emnify, simulator):
            assert (await emnify.sims.list()).total_count == 100
            simulator.requests.assert_called("sims.list", times=1)
            assert len(simulator.requests) == 2

        @pytest.mark.asyncio
        @pytest.mark.parametrize("turn", [1, 2])
        async def test_asyncio(emnify, emnify_simulator, turn):
            await check(emnify, emnify_simulator)

        @pytest.mark.asyncio(loop_scope="module")
        async def test_asyncio_with_another_loop(emnify, emnify_simulator):
            await check(emnify, emnify_simulator)

        @pytest_asyncio.fixture
        async def fleet(emnify):
            yield await emnify.sims.list()
            await emnify.sims.list()

        @pytest.mark.asyncio
        async def test_asyncio_fixture(fleet):
            assert fleet.total_count == 100

        @pytest.mark.anyio
        async def test_anyio(emnify, emnify_simulator):
            await check(emnify, emnify_simulator)

        def test_own_loop(emnify, emnify_simulator):
            async def go():
                async with emnify:
                    await check(emnify, emnify_simulator)
            asyncio.run(go())
    """)
    result.assert_outcomes(passed=7)


def test_asyncio_auto_mode(run):
    result = run(
        """
        async def test_it(emnify):
            assert (await emnify.sims.list()).total_count == 100
        """,
        "-o",
        "asyncio_mode=auto",
    )
    result.assert_outcomes(passed=1)


def test_without_pytest_asyncio(run, pytester):
    pytester.makeini("[pytest]\nfilterwarnings = error")
    result = run(
        """
        import pytest, sys

        @pytest.mark.anyio
        async def test_it(emnify):
            assert (await emnify.sims.list()).total_count == 100
            assert "pytest_asyncio" not in sys.modules
        """,
        "-p",
        "no:asyncio",
    )
    result.assert_outcomes(passed=2)


def test_without_any_plugin_for_async_tests(run, pytester):
    pytester.makeini("[pytest]\nfilterwarnings = error")
    result = run(
        """
        import asyncio
        import pytest
        import trio

        @pytest.mark.parametrize("run", [lambda main: asyncio.run(main()), trio.run])
        def test_it(emnify, emnify_simulator, run):
            async def main():
                async with emnify:
                    assert (await emnify.sims.list()).total_count == 100

            run(main)
            emnify_simulator.requests.assert_called("sims.list")
        """,
        "-p",
        "no:asyncio",
        "-p",
        "no:anyio",
    )
    result.assert_outcomes(passed=2)


def test_each_test_finds_everything_as_new(run):
    result = run("""
        import pytest
        from aioemnify.simulator import Answer

        @pytest.fixture(params=[1, 2])
        def turn(request):
            return request.param

        @pytest.mark.asyncio
        async def test_it(emnify, emnify_simulator, emnify_clock, emnify_faults, turn):
            profile = {"name": "n", "description": "d", "tariff": {"id": 1}}
            assert len(await emnify.tariff_profiles.list()) == 2
            assert emnify_clock.monotonic() < 60 and emnify_faults.rules == []
            await emnify.tariff_profiles.create(profile)
            emnify_clock.freeze()
            emnify_clock.advance(minutes=241)
            emnify_faults.add(Answer(503))
            emnify_simulator.configure(malformed_id_status=400)
    """)
    result.assert_outcomes(passed=2)


def test_options_and_virtual_time(run, pytester):
    pytester.makeconftest("""
        import pytest

        @pytest.fixture(scope="session")
        def emnify_options():
            return {"sims": 7, "seed": 5}
    """)
    result = run("""
        import time
        import pytest
        from aioemnify.errors import ServerError
        from aioemnify.simulator import Answer, Delay

        pytestmark = [pytest.mark.anyio, pytest.mark.emnify(second_sims=3)]

        async def test_everywhere(emnify, emnify_simulator):
            assert (await emnify.sims.list()).total_count == 7
            assert emnify_simulator.url.startswith("http://127.0.0.1:")

        @pytest.mark.emnify(tls=True, sims=9)
        async def test_here(emnify, emnify_simulator):
            assert (await emnify.sims.list()).total_count == 9
            assert emnify_simulator.url.startswith("https://")

        @pytest.mark.emnify(in_process=True)
        async def test_a_day_in_no_time(emnify, emnify_simulator, emnify_clock, emnify_faults):
            assert not emnify_simulator.serving and emnify_clock.frozen
            emnify_faults.add(Delay(3600), times=3)
            emnify_faults.add(Answer(503), operation="sims.get", times=1)
            began, day = time.monotonic(), emnify_clock.monotonic()
            for _ in range(24):
                await emnify.sims.get(1)
                emnify_clock.advance(hours=1)
            for _ in range(30):
                await emnify.events.list()
            assert emnify_clock.monotonic() - day > 27 * 3600
            emnify_simulator.requests.assert_called("auth.authenticate", at_least=6)
            assert not emnify_simulator.refused
            assert time.monotonic() - began < 30
    """)
    result.assert_outcomes(passed=6)


def test_clients_of_a_service_under_test(run):
    result = run("""
        import pytest
        from aioemnify import Emnify, EmnifyPool

        pytestmark = pytest.mark.anyio

        async def check(emnify, simulator, arguments):
            tokens = {1: simulator.application_token, 2: simulator.second_application_token}
            async with EmnifyPool(tokens, **arguments) as pool, pool.client(2) as other:
                assert (await emnify.sims.list()).total_count == 100
                assert (await other.sims.list()).total_count == 10

        async def test_over_a_socket(emnify, emnify_simulator, emnify_arguments):
            await check(emnify, emnify_simulator, emnify_arguments)

        @pytest.mark.emnify(tls=True)
        async def test_over_tls(emnify, emnify_simulator, emnify_arguments):
            await check(emnify, emnify_simulator, emnify_arguments)

        @pytest.mark.emnify(in_process=True)
        async def test_in_process(emnify, emnify_simulator, emnify_arguments, emnify_clock):
            await check(emnify, emnify_simulator, emnify_arguments)
            began = emnify_clock.monotonic()
            async with Emnify(emnify_simulator.application_token, **emnify_arguments) as own:
                for client in (own, emnify) * 5:  # the list allows 5 at once
                    await client.sims.list()
            assert emnify_clock.monotonic() > began
            assert not emnify_simulator.refused
    """)
    result.assert_outcomes(passed=6)


def test_a_failure_shows_what_arrived(run):
    result = run("""
        import pytest

        @pytest.mark.asyncio
        async def test_it(emnify, emnify_simulator):
            await emnify.sims.get(1)
            emnify_simulator.requests.assert_called("endpoints.create", times=1)
    """)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "E*expected endpoints.create exactly once, but it never arrived",
            "*emnify requests*",
            "#2 GET /api/v1/sim/1 -> 200  sims.get",
        ]
    )


def test_each_worker_has_its_own(run):
    pytest.importorskip("xdist")
    result = run(
        """
        import pytest

        @pytest.mark.asyncio
        @pytest.mark.parametrize("turn", range(8))
        async def test_it(emnify, emnify_simulator, turn, worker_id):
            print("PLACE", worker_id, emnify_simulator.url)
            await emnify.tariff_profiles.create({"name": "n", "description": "d", "tariff": {"id": 1}})
            assert len(await emnify.tariff_profiles.list()) == 3
        """,
        "-n2",
        "-rP",
    )
    result.assert_outcomes(passed=8)
    places = {tuple(line.split()[1:]) for line in result.outlines if line.startswith("PLACE")}
    assert len({worker for worker, _ in places}) == len({url for _, url in places}) == len(places)


def test_it_costs_nothing_until_it_is_used(run):
    result = run("""
        import sys

        def test_it():
            loaded = [name for name in sys.modules if name.startswith("aioemnify.")]
            assert loaded == ["aioemnify.pytest_plugin"]
            assert "uvicorn" not in sys.modules
    """)
    result.assert_outcomes(passed=1)


def test_what_the_documentation_shows(run):
    text = Path(__file__).parents[1].joinpath("docs/simulator.md").read_text(encoding="utf-8")
    tests = [block for block in re.findall(r"```python\n(.*?)```", text, re.DOTALL) if "def test_" in block]
    run("\n\n".join(tests)).assert_outcomes(passed=3)


def test_importing_it_needs_pytest_alone():
    script = (
        "import sys, time; import pytest; before = set(sys.modules); began = time.perf_counter()\n"
        "import aioemnify.pytest_plugin\n"
        "print(*sorted(name for name in set(sys.modules) - before if not name.startswith('_')))"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert shown.stdout.split() == ["aioemnify", "aioemnify.pytest_plugin"]
