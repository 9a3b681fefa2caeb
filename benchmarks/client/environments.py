"""Environments of their own for contestants, made when they are first needed: as their users have them.

What else is installed matters: httpx imports click, rich and pygments where it finds them, its connections
import trio, and PyJWT imports cryptography. The environment of the benchmarks has all of these, and whoever
has but one client has none.

``python -m benchmarks.client`` makes them all beforehand, and anew with ``--anew``.
"""

from __future__ import annotations

import fcntl
import importlib
import importlib.metadata
import json
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aioemnify
from benchmarks.cases import Missing, Report

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".bench"
"""Kept between runs, and no part of the project."""

VENDOR = ["emnify-sdk==0.5.3"]
GENERATOR = ["openapi-python-client==0.29.1"]
PACKAGE = "emnify_generated"


def own() -> Path:
    """Return the interpreter that has this library with what it needs, httpx2, and nothing else.

    Its packages are of the versions that this process has, and the library is the very one that it has.
    """
    with _alone("own"):
        python = _made("own", own_requirements())
        library, place = Path(aioemnify.__file__).parent, _packages(python) / "aioemnify"
        if place.resolve() != library.resolve():
            place.unlink(missing_ok=True)
            place.symlink_to(library, target_is_directory=True)
    return python


def own_or_this(report: Report) -> Path:
    """Return the interpreter of ``own``, or this one where there is none; it is told."""
    try:
        return own()
    except Missing as missing:
        report.leave_out("an environment of the library's own; it shares this one", str(missing))
        return Path(sys.executable)


def own_requirements() -> list[str]:
    """Return what the library needs, and httpx2 if it is here, each pinned to the version that is here."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["httpx2"]]
    pinned = []
    for one in wanted:
        if name := re.match(r"[\w.-]+", one):
            try:
                pinned.append(f"{name[0]}=={importlib.metadata.version(name[0])}")
            except importlib.metadata.PackageNotFoundError:
                continue
    return pinned


def vendor() -> Path:
    """Return the interpreter that has the vendor's SDK."""
    with _alone("vendor"):
        return _made("vendor", VENDOR)


def generated() -> Path:
    """Return the interpreter that has a client generated from our schema, with what it needs."""
    with _alone("generated"):
        python = _made("generated", GENERATOR)
        if not (_packages(python) / PACKAGE).is_dir():
            _generate(python)
    return python


def folders() -> dict[str, Path]:
    """Return where the packages of the environments are that have been made, by their names."""
    made = {name: CACHE / name for name in ("own", "vendor", "generated")}
    return {name: _packages(_python(folder)) for name, folder in made.items() if folder.is_dir()}


def generated_from_dict() -> Callable[[bytes], Any]:
    """Return how the generated client reads a page, in this process.

    It needs attrs and httpx, which are here too, and python-dateutil, which is taken from its environment.
    """
    packages = str(_packages(generated()))
    sys.path.append(packages)
    try:
        model = importlib.import_module(f"{PACKAGE}.models.sim").Sim
    except ImportError as error:
        raise Missing(f"the generated client does not load here: {error}") from None
    finally:
        sys.path.remove(packages)
    return lambda content: [model.from_dict(one) for one in json.loads(content)]


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """Keep other processes from making the same environment."""
    CACHE.mkdir(exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _made(name: str, requirements: list[str]) -> Path:
    folder, wanted = CACHE / name, "\n".join(requirements)
    mark = folder / "requirements.txt"
    if not mark.is_file() or mark.read_text() != wanted:
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "virtualenv", "--quiet", str(folder)])
        _run([str(_python(folder)), "-m", "pip", "install", "--quiet", *requirements])
        mark.write_text(wanted)
    return _python(folder)


def _generate(python: Path) -> None:
    from benchmarks.client.one_document import one_document

    with tempfile.TemporaryDirectory() as directory:
        document = Path(directory) / "openapi.json"
        document.write_text(json.dumps(one_document()))
        made = Path(directory) / PACKAGE
        command = [str(python), "-m", "openapi_python_client", "generate", "--meta", "none"]
        _run([*command, "--path", str(document), "--output-path", str(made)])
        shutil.move(made, _packages(python) / PACKAGE)


def _run(command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError) as error:
        said = (getattr(error, "stderr", "") or str(error)).strip().splitlines()
        raise Missing(f"no environment for it could be made: {said[-1] if said else error}") from None


def _python(folder: Path) -> Path:
    return folder / "bin" / "python"


def _packages(python: Path) -> Path:
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return python.parents[1] / "lib" / version / "site-packages"
