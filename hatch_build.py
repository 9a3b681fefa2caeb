"""Metadata that follows from the one address of the repository in ``pyproject.toml``."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class Urls(MetadataHookInterface):
    """Sets the project's URLs; none while the address is empty."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the URLs to the metadata."""
        pyproject = tomllib.loads(Path(self.root, "pyproject.toml").read_text(encoding="utf-8"))
        address = pyproject["tool"]["aioemnify"]["repository"].rstrip("/")
        if address:
            metadata["urls"] = {"Repository": address, "Changelog": f"{address}/blob/main/CHANGELOG.md"}
