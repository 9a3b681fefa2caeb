"""Change a copy of a schema as data, independent of the layout of its files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from codegen.load import load


class SchemaEdit:
    """The files of a schema folder as data; ``save`` writes them back as JSON, which is valid YAML."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = {key: found.data for key, found in load(folder, folder.name).documents.items()}

    def __getitem__(self, key: str) -> dict[str, Any]:
        return self.files[key]

    def operation(self, name: str) -> dict[str, Any]:
        """Return the operation with that id."""
        for data in self.files.values():
            for item in (data.get("paths") or {}).values():
                for facts in item.values():
                    if isinstance(facts, dict) and facts.get("operationId") == name:
                        return facts
        raise LookupError(name)

    def model(self, name: str) -> dict[str, Any]:
        """Return the model with that name."""
        for data in self.files.values():
            schemas = (data.get("components") or {}).get("schemas") or {}
            if name in schemas:
                found: dict[str, Any] = schemas[name]
                return found
        raise LookupError(name)

    def save(self) -> None:
        for key, data in self.files.items():
            (self.folder / key).write_text(json.dumps(data), encoding="utf-8")
