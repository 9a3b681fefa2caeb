"""Pytest fixtures for services that use the API; pytest finds them by itself.

``emnify_simulator`` gives every test a fresh simulator, ``emnify`` a client connected to it, for tests
that pytest-asyncio or anyio runs. ``emnify_arguments`` connects the clients of a service under test.
``emnify_clock`` and ``emnify_faults`` are the simulator's. The marker ``emnify`` and the fixture
``emnify_options`` set the options of the simulator.

The simulator is imported when a test first uses a fixture.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal, get_args

import pytest

if TYPE_CHECKING:
    from aioemnify.client import Emnify
    from aioemnify.pool import ClientOptions
    from aioemnify.simulator import Clock, Faults, Simulator

_Scope = Literal["function", "class", "module", "package", "session"]
_SHOWN = 20


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and, if pytest-asyncio is installed, the client's fixture for it."""
    config.addinivalue_line(
        "markers",
        "emnify(in_process=False, **options): options of aioemnify.simulator.Simulator for this test. "
        "in_process=True works without a socket and in virtual time.",
    )
    if config.pluginmanager.hasplugin("asyncio"):
        config.pluginmanager.register(_asyncio_fixtures(), "aioemnify-asyncio")


@pytest.fixture(scope="session")
def emnify_options() -> Mapping[str, Any]:
    """Return the options of every simulator in this session; override it in a ``conftest.py``."""
    return {}


@pytest.fixture(scope="session")
def _emnify_simulators() -> Iterator[dict[str, Simulator]]:
    """Return the simulators of this process, one for each set of options."""
    simulators: dict[str, Simulator] = {}
    yield simulators
    for simulator in simulators.values():
        simulator.stop()


@pytest.fixture
def emnify_simulator(
    request: pytest.FixtureRequest,
    emnify_options: Mapping[str, Any],
    _emnify_simulators: dict[str, Simulator],
) -> Simulator:
    """Return a fresh simulator; by default it serves plain HTTP on a port of its own."""
    options = dict(emnify_options)
    for marker in reversed(list(request.node.iter_markers("emnify"))):
        options |= marker.kwargs
    key = repr(sorted(options.items()))
    if key not in _emnify_simulators:
        _emnify_simulators[key] = _make(options)
    simulator = _emnify_simulators[key]
    simulator.reset()
    return simulator


@pytest.fixture
def emnify_clock(emnify_simulator: Simulator) -> Clock:
    """Return the clock of the simulator, which the client ``emnify`` uses too."""
    return emnify_simulator.clock


@pytest.fixture
def emnify_faults(emnify_simulator: Simulator) -> Faults:
    """Return the fault rules of the simulator; a test starts without any."""
    return emnify_simulator.faults


@pytest.fixture
def emnify_arguments(emnify_simulator: Simulator) -> ClientOptions:
    """Return what connects clients of your own: ``EmnifyPool(tokens, **emnify_arguments)``.

    They are ``base_url``, ``ca_file``, ``transport``, ``clock`` (the simulator's) and ``store``, which shares
    the limits with ``emnify``.
    """
    from aioemnify.clock import SimulatedClock
    from aioemnify.stores import MemoryStore
    from aioemnify.transport.http.adapters import in_process

    return {
        "base_url": emnify_simulator.url,
        "ca_file": emnify_simulator.ca_file,
        "transport": None if emnify_simulator.serving else in_process(emnify_simulator.app),
        "clock": SimulatedClock(emnify_simulator.clock),
        # The clients of a test share limits as those of a process do, and tests do not wait for each other.
        "store": MemoryStore(),
    }


@pytest.fixture
def emnify(
    request: pytest.FixtureRequest, emnify_simulator: Simulator, emnify_arguments: ClientOptions
) -> Emnify:
    """Return a client of the first organisation.

    pytest-asyncio and anyio close it in the test's event loop. A test that runs its own loop closes
    the client itself.
    """
    marker = request.node.get_closest_marker("asyncio")
    if marker is not None and request.config.pluginmanager.hasplugin("aioemnify-asyncio"):
        chosen = marker.kwargs.get("loop_scope") or marker.kwargs.get("scope")
        scope = chosen or request.config.getini("asyncio_default_test_loop_scope") or "function"
        client: Emnify = request.getfixturevalue(f"_emnify_asyncio_{scope}")
    elif "anyio_backend" in request.fixturenames:
        client = request.getfixturevalue("_emnify_anyio")
    else:
        client = _client(emnify_simulator, emnify_arguments)
    return client


@pytest.fixture
async def _emnify_anyio(
    anyio_backend: Any, emnify_simulator: Simulator, emnify_arguments: ClientOptions
) -> AsyncIterator[Emnify]:
    async with _client(emnify_simulator, emnify_arguments) as client:
        yield client


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Add the last requests to the report of a test that failed."""
    outcome = yield
    report: pytest.TestReport = outcome.get_result()
    simulator = getattr(item, "funcargs", {}).get("emnify_simulator")
    if simulator is not None and report.when == "call" and report.failed:
        from aioemnify.simulator.recording.request_log import describe

        lines = [describe(record) for record in simulator.requests[-_SHOWN:]]
        report.sections.append(("emnify requests", "\n".join(lines) or "none arrived"))


def _make(options: dict[str, Any]) -> Simulator:
    from aioemnify.simulator import Clock, Simulator

    if options.pop("in_process", False):
        return Simulator(**({"clock": Clock.manual()} | options))
    return Simulator(**({"tls": False} | options)).start()


def _client(simulator: Simulator, arguments: ClientOptions) -> Emnify:
    from aioemnify.client import Emnify

    return Emnify(simulator.application_token, **arguments)


def _asyncio_fixtures() -> object:
    """Return a plugin with the client's fixture for pytest-asyncio, one for each scope of its loop."""
    import pytest_asyncio

    class Fixtures:
        pass

    for scope in get_args(_Scope):
        name = f"_emnify_asyncio_{scope}"

        # One function for each scope, because pytest-asyncio writes the scope onto it.
        @pytest_asyncio.fixture(loop_scope=scope, name=name)
        async def make(
            self: Fixtures, emnify_simulator: Simulator, emnify_arguments: ClientOptions
        ) -> AsyncIterator[Emnify]:
            async with _client(emnify_simulator, emnify_arguments) as client:
                yield client

        setattr(Fixtures, name, make)
    return Fixtures()
