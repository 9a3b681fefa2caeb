"""The differences between the schema and a published description, and the report of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, TypeAlias

from attrs import frozen

from codegen.load import Document, Place

Kind: TypeAlias = Literal["lacks", "differs", "only"]
HEADINGS: dict[Kind, str] = {
    "lacks": "The schema lacks",
    "differs": "They differ",
    "only": "Only the schema has",
}


@frozen
class Finding:
    """One difference, and the place in the schema to edit; no document if it belongs into a new file."""

    kind: Kind
    document: Document | None
    place: Place
    text: str

    @property
    def where(self) -> tuple[str, int]:
        """The file and the line."""
        if self.document is None:
            return "schema/resources", 0
        return self.document.shown, self.document.line(self.place) or 0


def report(findings: Iterable[Finding]) -> str:
    """Return the findings by kind, file and line, or an empty text if there are none."""
    listed = sorted({(*one.where, one.text, one.kind) for one in findings})
    parts: list[str] = []
    for kind, heading in HEADINGS.items():
        lines = [
            f"{file}:{line}: {text}" if line else f"{file}: {text}"
            for file, line, text, found in listed
            if found == kind
        ]
        if lines:
            parts.append("\n".join([f"{heading} ({len(lines)})", *lines, ""]))
    return "\n".join(parts)
