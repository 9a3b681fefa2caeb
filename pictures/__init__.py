"""Pictures of README.md and the guides, made from what runs: ``python -m pictures``."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
