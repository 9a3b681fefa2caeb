"""Metadata that follows from the one address of the repository in ``pyproject.toml``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

RELATIVE = r"(?![a-z][a-z0-9+.-]*:|[/#])"
"""Comes before a target that is neither an address, nor a path from the root, nor an anchor."""

LINK = re.compile(
    rf"(?P<code>^```.*?^```$|`[^`\n]+`)"
    rf"|(?P<image>!\[[^\]]*\]\(|\b(?:src|srcset)=\"){RELATIVE}"
    rf"|(?P<link>\]\(|^\[[^\]]+\]: |\bhref=\"){RELATIVE}",
    flags=re.MULTILINE | re.DOTALL,
)


class Address(MetadataHookInterface):
    """Sets the description, and with an address the URLs and absolute links in the description."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Add the URLs and the description to the metadata."""
        root = Path(self.root)
        pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
        address = pyproject["tool"]["aioemnify"]["repository"].rstrip("/")
        text = (root / "README.md").read_text(encoding="utf-8")
        if address:
            metadata["urls"] = {"Repository": address, "Changelog": f"{address}/blob/main/CHANGELOG.md"}
            text = with_absolute_links(text, address, f"v{metadata['version']}")
        metadata["readme"] = {"content-type": "text/markdown", "text": text}


def with_absolute_links(text: str, address: str, tag: str) -> str:
    """Return Markdown whose relative links and images lead to the files of a tag; code stays as it is."""

    def completed(match: re.Match[str]) -> str:
        if match["code"]:
            return match[0]
        return f"{match[0]}{address}/{'raw' if match['image'] else 'blob'}/{tag}/"

    return LINK.sub(completed, text)
