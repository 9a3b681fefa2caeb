"""The library as it was before it was measured against others, taken out of the history."""

from __future__ import annotations

import io
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cases import Missing

REVISION = "ed4d336"
"""The last one that sent through the HTTP library's client, each call in a task group of its own."""

ROOT = Path(__file__).parents[2]


@contextmanager
def sources() -> Iterator[Path]:
    """Have the library's sources of back then in a folder for a while."""
    try:
        packed = subprocess.run(
            ["git", "archive", REVISION, "src"], cwd=ROOT, capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise Missing(f"there is no history here that holds {REVISION}") from error
    with tempfile.TemporaryDirectory() as folder, tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
        yield Path(folder, "src")
