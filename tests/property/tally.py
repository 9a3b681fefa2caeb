"""What the properties have gone through: cases, calls replayed by the server's model, refusals found."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from typing import Any

TIMES = float(os.environ.get("AIOEMNIFY_EXAMPLES", "1"))
"""Multiplies the number of examples; beyond 1 they are drawn anew in each run."""

BACKENDS = ["asyncio", "trio"]

Counts = dict[tuple[str, str], Counter[str]]
COUNTS: Counts = {}


def examples(count: int) -> Callable[[Any], Any]:
    """Return the settings of a property that is tried on so many examples."""
    # Not before pytest has prepared it for its own use.
    from hypothesis import HealthCheck, Phase, settings

    return settings(
        max_examples=max(1, int(count * TIMES)),
        derandomize=TIMES == 1,
        database=None,
        deadline=None,
        print_blob=False,
        phases=[Phase.explicit, Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )


def tell(claim: str, backend: str, *, calls: int, refusals: int) -> None:
    """Count one case of a claim."""
    COUNTS.setdefault((claim, backend), Counter()).update(cases=1, calls=calls, refusals=refusals)


def table(counts: Counts) -> str:
    """Return the counts as a table."""
    lines = [f"{'property':<34} {'backend':<8} {'cases':>8} {'calls':>10} {'refusals':>9}"]
    total: Counter[str] = Counter()
    for (claim, backend), found in sorted(counts.items()):
        total.update(found)
        numbers = f"{found['cases']:>8,} {found['calls']:>10,} {found['refusals']:>9,}"
        lines.append(f"{claim:<34} {backend:<8} {numbers}")
    lines.append(f"{'':<43} {total['cases']:>8,} {total['calls']:>10,} {total['refusals']:>9,}")
    return "\n".join(lines)
