"""``Emnify.preload``: the first calls find everything loaded, and changed certificates are not missed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import certifi
import httpx
import pytest

import aioemnify.preloading
from aioemnify import Emnify
from aioemnify.errors import ArgumentError
from aioemnify.simulator import Simulator
from aioemnify.transport.http import tls
from aioemnify.transport.http.tls import tls_context

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=3, limits=None) as running:
        yield running


@pytest.fixture(autouse=True)
def no_context_is_built_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "CONTEXTS", {})
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE", "EMNIFY_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("loop", "library", "groups", "calls"),
    [
        ("asyncio", "httpx", [], 216),
        ("trio", "httpx2", [], 216),
        ("asyncio", "httpx2", ["endpoints", "sims"], 45),
    ],
)
@pytest.mark.process
def test_first_calls_import_and_compile_nothing(
    simulator: Simulator, loop: str, library: str, groups: list[str], calls: int
) -> None:
    assert simulator.ca_file is not None
    url = simulator.url.replace("127.0.0.1", "localhost")  # a name, to be looked up
    program = [sys.executable, "-m", "tests.client.preloaded_program", loop, library]
    arguments = [url, simulator.application_token, simulator.ca_file, *groups]
    done = subprocess.run([*program, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"calls": calls, "found": []}


def test_an_unknown_group_is_refused_with_the_closest_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aioemnify.preloading, "LATE", None)  # nothing is loaded before
    with pytest.raises(
        ArgumentError, match=r"^groups is one of api_callbacks, .*; did you mean 'endpoints'\?$"
    ):
        Emnify.preload("sims", "endpoint")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"base_url": "ftp://host"}, "base_url takes https"),
        ({"ca_file": "missing.pem"}, "ca_file cannot be used: 'missing.pem': No such file"),
        ({"http_library": "requests"}, "http_library is one of httpx, httpx2"),
    ],
)
def test_an_argument_that_cannot_work_is_refused(options: Any, text: str) -> None:
    with pytest.raises(ArgumentError, match=text):
        Emnify.preload("dns", **options)


# --- TLS contexts


@pytest.fixture
def ca_file(tmp_path: Path) -> Path:
    path = tmp_path / "ca.pem"
    path.write_bytes(Path(certifi.where()).read_bytes())
    return path


def context(ca_file: Path | None = None, *, environment: bool = True) -> Any:
    return tls_context(httpx, ca_file=ca_file, environment=environment)


def written_again(path: Path, content: bytes | None = None) -> None:
    state = path.stat()
    path.write_bytes(path.read_bytes() if content is None else content)
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns + 1))


def test_a_client_finds_the_context_that_was_preloaded(ca_file: Path) -> None:
    Emnify.preload("dns", ca_file=ca_file)
    (built,) = tls.CONTEXTS.values()
    assert context(ca_file) is built
    Emnify.preload("dns")
    assert len(tls.CONTEXTS) == 2 and context() is list(tls.CONTEXTS.values())[1]


def test_a_file_that_was_renewed_is_read_again(ca_file: Path) -> None:
    first = context(ca_file)
    assert context(ca_file) is first
    written_again(ca_file)
    second = context(ca_file)
    assert second is not first and context(ca_file) is second
    # Replaced, as by a program that renews it, or through a link, as in a volume of secrets.
    new = ca_file.with_name("new.pem")
    new.write_bytes(ca_file.read_bytes())
    link = ca_file.with_name("link.pem")
    link.symlink_to(ca_file)
    third = context(link)
    link.unlink()
    link.symlink_to(new)
    assert context(link) is not third
    new.replace(ca_file)
    assert context(ca_file) is not second


def test_a_file_that_became_unusable_is_not_hidden_by_the_cache(ca_file: Path) -> None:
    context(ca_file)
    written_again(ca_file, b"no certificate")
    for _ in range(2):
        with pytest.raises(ArgumentError, match="ca_file cannot be used"):
            context(ca_file)
    ca_file.unlink()
    with pytest.raises(ArgumentError, match="No such file"):
        context(ca_file)


@pytest.mark.parametrize("environment", [True, False])
def test_the_environment_is_part_of_what_decides(
    ca_file: Path, environment: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = [context(environment=environment)]
    monkeypatch.setenv("SSL_CERT_FILE", str(ca_file))
    seen.append(context(environment=environment))
    assert context(environment=environment) is seen[-1]
    written_again(ca_file)
    seen.append(context(environment=environment))
    monkeypatch.delenv("SSL_CERT_FILE")
    assert context(environment=environment) is seen[0]
    folder = ca_file.parent / "folder"
    folder.mkdir()
    (folder / "one.pem").write_bytes(ca_file.read_bytes())
    (folder / "dangling.pem").symlink_to(folder / "nothing")
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    seen.append(context(environment=environment))
    assert context(environment=environment) is seen[-1]
    written_again(folder / "one.pem")
    seen.append(context(environment=environment))
    monkeypatch.setenv("SSLKEYLOGFILE", str(ca_file.parent / "keys"))
    seen.append(context(environment=environment))
    assert len(set(map(id, seen))) == len(seen)


def test_a_bounded_number_of_contexts_is_kept(tmp_path: Path, ca_file: Path) -> None:
    first = context(ca_file)
    for number in range(tls.MOST_CONTEXTS):
        path = tmp_path / f"{number}.pem"
        path.symlink_to(ca_file)
        context(path)
    assert len(tls.CONTEXTS) == tls.MOST_CONTEXTS
    assert context(ca_file) is not first
