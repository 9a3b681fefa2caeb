"""Virtual environments for contestants, so that each is measured as its users have it installed.

Other installed packages change the figures: httpx imports click, rich and pygments where it finds them, its
connections import trio, and PyJWT imports cryptography. The environment of the benchmarks has all of these.

Environments are created on first use; ``python -m benchmarks.environments [--recreate]`` creates all of them.
"""

from __future__ import annotations

import fcntl
import importlib
import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distributions, version
from pathlib import Path
from typing import Any

import aioemnify
from benchmarks import ROOT
from benchmarks.cases import Missing, Report

CACHE = ROOT / ".bench"
"""Where the environments are kept between runs; not under version control."""

EMNIFY_SDK = ["emnify-sdk==0.5.3"]
GENERATOR = ["openapi-python-client==0.29.1"]
GENERATED_PACKAGE = "emnify_generated"
GENERATE = ["-m", "openapi_python_client", "generate", "--meta", "none"]
DOCUMENT = Path(aioemnify.__file__).parent / "openapi.json"

LISTED = (
    *("httpx", "httpcore", "h11", "httpx2", "httpcore2", "anyio", "msgspec", "attrs", "cattrs", "pyjwt"),
    *("pydantic", "aiolimiter", "pyrate-limiter", "throttled-py", "redis", "uvicorn", "starlette"),
    *("emnify-sdk", "requests", "urllib3", "openapi-python-client", "python-dateutil"),
)
"""The packages whose versions are stored with the results: those that affect the figures."""


def own() -> Path:
    """Return the interpreter of an environment with only aioemnify, its dependencies and httpx2.

    The dependencies have the versions installed here, and aioemnify is the one imported here.
    """
    with _lock("own"):
        python = _create("own", own_requirements())
        library, link = Path(aioemnify.__file__).parent, _packages(python) / "aioemnify"
        if link.resolve() != library.resolve():
            link.unlink(missing_ok=True)
            link.symlink_to(library, target_is_directory=True)
    return python


def own_or_this(report: Report) -> Path:
    """Return the interpreter of ``own``, or this one, with a note in the report, if it cannot be created."""
    try:
        return own()
    except Missing as missing:
        report.leave_out("a separate environment for aioemnify; it shares this one", str(missing))
        return Path(sys.executable)


def own_requirements() -> list[str]:
    """Return the dependencies of aioemnify, and httpx2 if installed, pinned to the installed versions."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = []
    for one in [*project["dependencies"], *project["optional-dependencies"]["httpx2"]]:
        if name := re.match(r"[\w.-]+", one):
            try:
                pinned.append(f"{name[0]}=={version(name[0])}")
            except PackageNotFoundError:
                continue
    return pinned


def environment(name: str, requirements: list[str]) -> Path:
    """Return the interpreter of an environment with these packages.

    Raises:
        Missing: It cannot be created, for example without a network.
    """
    with _lock(name):
        return _create(name, requirements)


def emnify_sdk() -> Path:
    """Return the interpreter of an environment with emnify's own SDK."""
    return environment("vendor", EMNIFY_SDK)


def generated_client() -> Path:
    """Return the interpreter of an environment with a client generated from our OpenAPI document."""
    with _lock("generated"):
        python = _create("generated", GENERATOR)
        package = _packages(python) / GENERATED_PACKAGE
        source = package / DOCUMENT.name
        if not (source.is_file() and source.read_bytes() == DOCUMENT.read_bytes()):
            shutil.rmtree(package, ignore_errors=True)
            _run([str(python), *GENERATE, "--path", str(DOCUMENT), "--output-path", str(package)])
            shutil.copy(DOCUMENT, source)
    return python


def generated_decoder() -> Callable[[bytes], Any]:
    """Return the function with which the generated client decodes a page, loaded into this process.

    It needs attrs, httpx and python-dateutil, which the benchmarks have too.
    """
    packages = str(_packages(generated_client()))
    sys.path.append(packages)
    try:
        model = importlib.import_module(f"{GENERATED_PACKAGE}.models.sim").Sim
    except ImportError as error:
        raise Missing(f"the generated client cannot be imported here: {error}") from None
    finally:
        sys.path.remove(packages)
    return lambda content: [model.from_dict(one) for one in json.loads(content)]


def versions() -> dict[str, dict[str, str]]:
    """Return the versions of the ``LISTED`` packages in this environment and in those created so far."""
    folders = {name: CACHE / name for name in ("own", "vendor", "generated")}
    made = {name: _packages(_python(folder)) for name, folder in folders.items() if folder.is_dir()}
    return {"benchmarks": _versions(), **{name: _versions(folder) for name, folder in made.items()}}


def _versions(folder: Path | None = None) -> dict[str, str]:
    found = distributions() if folder is None else distributions(path=[str(folder)])
    by_name = {one.name.lower().replace("_", "-"): one.version for one in found}
    return {name: by_name[name] for name in LISTED if name in by_name}


@contextmanager
def _lock(name: str) -> Iterator[None]:
    """Keep other processes from creating the same environment."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _create(name: str, requirements: list[str]) -> Path:
    folder, wanted = CACHE / name, "\n".join(requirements)
    installed = folder / "requirements.txt"
    if not installed.is_file() or installed.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "virtualenv", "--quiet", str(folder)])
        _run([str(_python(folder)), "-m", "pip", "install", "--quiet", *requirements])
        installed.write_text(wanted)
    return _python(folder)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        lines = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise Missing(f"its environment cannot be created: {lines[-1] if lines else error}") from None


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _packages(python: Path) -> Path:
    name = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return python.parents[1] / "lib" / name / "site-packages"


if __name__ == "__main__":
    if "--recreate" in sys.argv:
        shutil.rmtree(CACHE, ignore_errors=True)
    own()
    emnify_sdk()
    generated_client()
