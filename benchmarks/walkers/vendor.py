"""The vendor's own SDK walks the fleet, in its environment.

``python -m benchmarks.walkers.vendor URL APPLICATION_TOKEN``
"""

from __future__ import annotations

import os
import sys
from typing import Any

from benchmarks.walkers.rounds import Growth, distinct, orders, tell, timed


def main(url: str, application_token: str) -> None:
    """Walk as often as asked."""
    os.environ["EMNIFY_SDK_API_ENDPOINT_URL"] = f"{url}/api"
    from emnify import EMnify

    sdk: Any = EMnify(application_token)
    sdk.sim.retrieve_sim(1)  # a server that checks tokens refuses this, and only then it gets one
    for order in orders():
        tell(_walk(sdk, order))


def _walk(sdk: Any, order: dict[str, Any]) -> dict[str, float]:
    # The SDK asks for no page size: it takes that of the server.
    answer: dict[str, float] = {}
    kept: list[Any] = []
    growth, count = Growth(), 0
    with timed(answer):
        if order["keep"]:
            kept = list(sdk.sim.get_sim_list())
            count = len(kept)
        else:
            for _ in sdk.sim.get_sim_list():
                count += 1
                if count % 1000 == 0:
                    growth.look(1000)
    return answer | {"count": count, "growth": growth.most, "distinct": distinct(kept)}


if __name__ == "__main__":
    main(*sys.argv[1:])
