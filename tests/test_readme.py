"""Every Python and shell block of README.md, CONTRIBUTING.md and docs/ runs, or a mark says why it does not.

``tests/documented.py`` finds them. The first of README.md is a program.
"""

from __future__ import annotations

import ast
import inspect
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aioemnify import LIMITS, OPERATIONS, Emnify
from aioemnify.simulator import Simulator
from tests.documented import Block, blocks, blocks_of, listing

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
BLOCKS = {block.name: block for block in blocks()}
RUN = {name: block for name, block in BLOCKS.items() if block.reason is None}
PROGRAM = BLOCKS["README-1"].text


def imports_before(name: str) -> str:
    """Return what earlier blocks of the same page import from the library: a sample has no other classes."""
    block = RUN[name]
    earlier = [one for one in BLOCKS.values() if one.page == block.page and one.language == block.language]
    nodes = [node for one in earlier[: earlier.index(block)] for node in ast.parse(one.text).body]
    imports = [node for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    return "\n".join(ast.unparse(node) for node in imports if str(node.module).startswith("aioemnify"))


def running_as(*kinds: str) -> dict[str, str]:
    """Return the blocks that run in this way, by name."""
    return {name: block.text for name, block in RUN.items() if block.runs_as in kinds}


SAMPLES = running_as("part")
PROGRAMS = {name: text for name, text in running_as("program").items() if name != "README-1"}
TESTS = running_as("tests")
SERVERS = running_as("server")
SCRIPTS = running_as("script")
COMMAND = "python3 -m pip install -qq --upgrade --target .tools nox && PYTHONPATH=.tools python3 -m nox -s "


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=300, seed=7, tls=False) as running:
        yield running


def test_the_first_sample_is_a_program_that_prints_what_stands_below_it(tmp_path: Path) -> None:
    (tmp_path / "first.py").write_text(PROGRAM, encoding="utf-8")
    environment = without_emnify()
    command = [sys.executable, "first.py"]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    _, _, below = README.partition(PROGRAM)
    shown = re.search(r"^```text\n(.*?)^```$", below, re.MULTILINE | re.DOTALL)
    assert shown is not None and done.stdout == shown[1]
    assert len(done.stdout.splitlines()) == 6


def test_every_relative_link_and_picture_of_the_readme_is_there() -> None:
    found = re.findall(r"(!?)\[([^\]]*)\]\(([^)]+)\)", README.replace("\n", " "))
    local = [(picture, text, path) for picture, text, path in found if not path.startswith("https:")]
    assert [path for _, _, path in local if not (PROJECT / path).is_file()] == []
    pictures = [(text, path) for picture, text, path in local if picture]
    assert len(pictures) >= 8 and all(text for text, _ in pictures)
    assert {path for picture, _, path in found if picture} == {path for _, path in pictures}, (
        "on this host only"
    )


def without_emnify() -> dict[str, str]:
    """Return the environment without settings of a client."""
    return {name: value for name, value in os.environ.items() if not name.startswith("EMNIFY_")}


def connected(simulator: Simulator) -> dict[str, str]:
    """Return an environment in which clients find the simulator, and programs this interpreter."""
    return without_emnify() | {
        "EMNIFY_APPLICATION_TOKEN": simulator.application_token,
        "EMNIFY_BASE_URL": simulator.url,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS.keys())
def test_every_program_runs(program: str, simulator: Simulator, tmp_path: Path) -> None:
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "program.py"],
        cwd=tmp_path,
        env=connected(simulator),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Warning" not in done.stderr
    assert done.stdout.strip()


def test_every_test_passes(tmp_path: Path) -> None:
    for number, (name, text) in enumerate(TESTS.items()):
        head = "" if "import pytest" in text else "import pytest\n"
        page, _, _ = name.replace("/", "_").replace("-", "_").rpartition("_")
        (tmp_path / f"test_{page}_{number}.py").write_text(head + text, encoding="utf-8")
    options = [
        "-q",
        "-p",
        "no:cacheprovider",
        "-W",
        "error",
        "-o",
        "asyncio_default_fixture_loop_scope=function",
    ]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options],
        cwd=tmp_path,
        env=without_emnify(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    defined = sum(len(re.findall(r"^(?:async )?def test_", text, re.MULTILINE)) for text in TESTS.values())
    passed = re.search(r"^(\d+) passed", done.stdout, re.MULTILINE)
    assert passed is not None, done.stdout
    assert int(passed[1]) >= defined


@pytest.mark.parametrize("script", SERVERS.values(), ids=SERVERS.keys())
def test_every_server_starts(script: str, tmp_path: Path, simulator: Simulator) -> None:
    """A server that is ready prints one line of JSON, and ends with status 0."""
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", f"exec {script}" if "\n" not in script.strip() else script],
        cwd=tmp_path,
        env=connected(simulator),
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        try:
            assert json.loads(server.stdout.readline())["url"].startswith("http")
        finally:
            server.terminate()
        assert server.wait(timeout=60) == 0


@pytest.mark.parametrize("page", sorted({BLOCKS[name].page for name in SCRIPTS}))
def test_every_script_runs(page: str, tmp_path: Path, simulator: Simulator) -> None:
    """The scripts of a page run one after the other in one shell, on a port that is free."""
    parts = [text for name, text in SCRIPTS.items() if BLOCKS[name].page == page]
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    ended = "trap 'kill $(jobs -p) 2>/dev/null; wait' EXIT\n"  # the servers that it started
    script = ended + "\n".join(parts).replace("8080", str(port))
    with subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env=connected(simulator) | {"HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as shell:
        try:
            output, errors = shell.communicate(timeout=100)
        except subprocess.TimeoutExpired:
            os.killpg(shell.pid, signal.SIGKILL)  # with the servers that it started
            raise
    assert shell.returncode == 0, errors
    assert "rror" not in output, output


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.asyncio
async def test_every_sample_runs(
    name: str,
    simulator: Simulator,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    sample = SAMPLES[name]
    if "fastapi" in sample:
        pytest.importorskip("fastapi", reason="needs fastapi, which the dependency group tests installs")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sims.csv").write_text("sim_id,place\n1,here\n2,there\n")
    monkeypatch.setenv("EMNIFY_BASE_URL", simulator.url)
    monkeypatch.setenv("STREAM_TOKEN", "what-only-you-know")
    monkeypatch.setenv("CALLBACK_SECRET", "at-least-32-random-characters-of-yours")
    async with Emnify(simulator.application_token) as emnify:
        service_profile_id = (await emnify.service_profiles.list())[0].id
        tariff_profile_id = (await emnify.tariff_profiles.list())[0].id
        pump = next(one for one in await emnify.endpoints.list(sort="-id") if one.sim is not None)
        await emnify.endpoints.update(pump.id, {"name": tmp_path.name})  # others may share its first name
        assert pump.sim is not None
        (tmp_path / "fleet.csv").write_text(f"id,tags\n{pump.id},{tmp_path.name}\n")
        (tmp_path / "suspend.csv").write_text(f"iccid;sim.status\n{pump.sim.iccid};Suspended\n")
        if "simulator.requests." in sample:
            simulator.reset()
            new = {"name": "pump-17", "status": 0, "service_profile": service_profile_id}
            await emnify.endpoints.create(new | {"tariff_profile": tariff_profile_id})
        if "follow(" in sample:
            await emnify.endpoints.update(pump.id, {"status": 1 - pump.status.id})  # makes an event
        # The values that the text around the samples, or an earlier sample, introduces.
        names: dict[str, Any] = {
            "__name__": __name__,
            "ask_for_the_code": lambda: "123456",
            "auth_token": "header.claims.signature",
            "body": {"status": 1, "service_profile": 10**9, "tariff_profile": 10**9},
            "emnify": emnify,
            "endpoint_id": pump.id,
            "endpoint_name": tmp_path.name,
            "iccid": (await emnify.sims.list(per_page=1)).items[0].iccid,
            "made": {"meter-7": (await emnify.endpoints.list(sort="-id", per_page=1)).items[0].id},
            "password": "secret",
            "rows": [(1, {"name": "pump-1"}), (999_999, {"name": "pump-2"})],
            "save": list,
            "service_profile_id": service_profile_id,
            "simulator": simulator,
            "sim_id": (await emnify.sims.list(per_page=1)).items[0].id,
            "tag_id": (await emnify.tags.create({"name": tmp_path.name})).id,
            "tariff_profile_id": tariff_profile_id,
            "token": simulator.application_token,
            "tokens": {"acme": simulator.application_token},
        }
        exec(imports_before(name), names)
        code = compile(sample, "README.md", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        running = eval(code, names)
        if inspect.isawaitable(running):
            await running
    if (
        "print(" in sample and "file=" not in sample and "receivers" not in sample
    ):  # those print what is pushed: tests/receivers
        assert capsys.readouterr().out.strip()


def test_the_table_of_features_leads_to_pages_and_tests() -> None:
    page = PROJECT / "docs" / "features.md"
    text = page.read_text(encoding="utf-8")
    for name, _, anchor in re.findall(r"\]\(([^)#]+)(#([^)]*))?\)", text):
        target = (page.parent / name).read_text(encoding="utf-8")
        headings = [line.lstrip("# ").lower() for line in target.splitlines() if line.startswith("#")]
        slugs = {re.sub(r"[^\w -]", "", heading).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, f"{name}#{anchor}"
    paths = re.findall(r"`(tests/[^`]+)`", text)
    assert len(paths) >= 13 and all((PROJECT / path).exists() for path in paths)


def test_there_are_blocks_of_every_kind_to_run() -> None:
    assert len(SAMPLES) >= 60
    for kind in (PROGRAMS, TESTS, SERVERS, SCRIPTS):
        assert kind


def test_every_block_is_listed_as_run_or_with_its_reason() -> None:
    text = listing()
    for name, block in RUN.items():
        assert f"\n{name}: {block.runs_as}\n" in text
    for block in BLOCKS.values():
        assert block.reason is None or f"{block.page}: " in text
        assert block.reason is None or len(block.reason) > 10, block.name


def test_blocks_and_marks_are_found() -> None:
    text = (
        "# Title\n\n```python\na\n```\n\n<!-- not run: it needs a card -->\n```sh\nb\n```\n\n"
        "- item\n\n  ```py\n  c\n  ```\n\n```text\nd\n```\n"
    )
    assert list(blocks_of("page", text)) == [
        Block("page", 1, "python", "a\n", None),
        Block("page", 1, "sh", "b\n", "it needs a card"),
        Block("page", 2, "py", "  c\n", None),
    ]
    whole = "<!-- not run: it is generated -->\n# Title\n\n```python\na\n```\n"
    assert [block.reason for block in blocks_of("page", whole)] == ["it is generated"]


def test_the_readme_names_the_limits_of_the_table() -> None:
    assert sorted({row.rate for row in LIMITS.rows}) == [10, 100]
    windows = {(window.count, window.seconds) for window in LIMITS.windows}
    assert windows == {(2000, 300), (100, 300)} and LIMITS.month.count == 10_000_000
    for text in (
        "10 or 100 calls a second",
        "2,000 calls in five minutes",
        "100 logins",
        "10,000,000 calls a month",
    ):
        assert text in README.replace("\n ", "")
    assert (
        f"all {len(OPERATIONS)} operations in {len({one.partition('.')[0] for one in OPERATIONS})} groups"
        in README
    )


def test_the_two_commands_are_one_line_each() -> None:
    lines = README.splitlines()
    assert lines.count(f"{COMMAND}demo") == 1
    assert lines.count(f"{COMMAND}tests") == 1
