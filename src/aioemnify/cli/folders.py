"""The folders of a user, by the XDG rules."""

from __future__ import annotations

import os
from pathlib import Path


def config_folder() -> Path:
    """Return the folder of the configuration."""
    return _folder("XDG_CONFIG_HOME", ".config")


def make_config_folder() -> Path:
    """Create the folder of the configuration, for its owner only."""
    return _made(config_folder())


def jobs_folder() -> Path:
    """Return the folder of the jobs that were given no file."""
    return _folder("XDG_STATE_HOME", ".local/state") / "jobs"


def make_jobs_folder() -> Path:
    """Create the folder of the jobs that were given no file, for its owner only."""
    return _made(jobs_folder())


def _folder(variable: str, default: str) -> Path:
    base = os.environ.get(variable, "")
    return (Path(base) if Path(base).is_absolute() else Path.home() / default) / "emnify"


def _made(place: Path) -> Path:
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place
