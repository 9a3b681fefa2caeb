"""How many operations of the API each client has a method for."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

from aioemnify import OPERATIONS
from benchmarks import environments
from benchmarks.cases import Effort, Missing, Report

IN_THE_SDK = """
from emnify.api_manager import BaseApiManager
from emnify import EMnify

def below(kind):
    for one in kind.__subclasses__():
        yield one
        yield from below(one)

print(len({(one.request_method_name, one.request_url_prefix) for one in below(BaseApiManager)}))
"""
"""Its classes of calls, each with a method and a path; two of them may make the same call."""

IN_THE_GENERATED_CLIENT = """
from pathlib import Path
import emnify_generated

files = Path(emnify_generated.__file__).parent.glob("api/*/*.py")
print(sum(file.name != "__init__.py" for file in files))
"""
"""It has a module for each operation."""


def operations(report: Report, effort: Effort) -> None:
    """Count them."""
    report.add("aioemnify: operations", len(OPERATIONS))
    others: dict[str, tuple[Callable[[], Path], str]] = {
        "emnify-sdk": (environments.emnify_sdk, IN_THE_SDK),
        "openapi-python-client": (environments.generated_client, IN_THE_GENERATED_CLIENT),
    }
    for name, (create, program) in others.items():
        try:
            done = subprocess.run([create(), "-c", program], check=True, capture_output=True, text=True)
        except Missing as missing:
            report.leave_out(name, str(missing))
        else:
            report.add(f"{name}: operations", int(done.stdout))
