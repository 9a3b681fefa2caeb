"""The versions of what is measured and of what it is measured with."""

from __future__ import annotations

from importlib.metadata import distributions
from pathlib import Path

from benchmarks.client import environments

NAMED = (
    *("httpx", "httpcore", "h11", "httpx2", "httpcore2", "anyio", "msgspec", "attrs", "cattrs", "pyjwt"),
    *("pydantic", "aiolimiter", "pyrate-limiter", "throttled-py", "redis", "uvicorn", "starlette"),
    *("emnify-sdk", "requests", "urllib3", "openapi-python-client", "python-dateutil"),
)
"""What takes part, or carries what does; the rest of an environment makes no difference."""


def versions() -> dict[str, dict[str, str]]:
    """Return the versions in each environment, that of the benchmarks first."""
    return {
        "benchmarks": _installed(),
        **{name: _installed(at) for name, at in environments.folders().items()},
    }


def _installed(folder: Path | None = None) -> dict[str, str]:
    found = distributions() if folder is None else distributions(path=[str(folder)])
    by_name = {one.name.lower().replace("_", "-"): one.version for one in found}
    return {name: by_name[name] for name in NAMED if name in by_name}
