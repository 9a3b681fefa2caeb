"""What the library costs and what it gets out of the limits, measured and set beside its goals.

``python -m benchmarks`` runs everything, ``python -m benchmarks SUITE`` one suite, and ``nox -s bench``
does the former in an environment of its own and writes ``docs/performance.md`` from what it found.
"""

from __future__ import annotations

from pathlib import Path

RESULTS = Path(__file__).with_name("results")
"""What the last full run found, a file for each suite: ``docs/performance.md`` is made of these."""
