"""``python -m benchmarks.client [--anew]``: make the environments of the contestants that have their own."""

from __future__ import annotations

import shutil
import sys

from benchmarks.client import environments

if __name__ == "__main__":
    if "--anew" in sys.argv:
        shutil.rmtree(environments.CACHE, ignore_errors=True)
    environments.own()
    environments.vendor()
    environments.generated()
