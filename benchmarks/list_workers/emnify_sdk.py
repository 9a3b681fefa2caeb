"""List the fleet with emnify's own SDK, in its environment.

``python -m benchmarks.list_workers.emnify_sdk URL APPLICATION_TOKEN``
"""

from __future__ import annotations

import os
import sys
from itertools import islice
from typing import Any

from benchmarks.list_workers.protocol import SIZE, Measurement, answer, requests


def main(url: str, application_token: str) -> None:
    """Serve requests. The SDK has no page size, so it takes the server's."""
    os.environ["EMNIFY_SDK_API_ENDPOINT_URL"] = f"{url}/api"
    from emnify import EMnify

    sdk: Any = EMnify(application_token)
    sdk.sim.retrieve_sim(1)  # logs in: the SDK does so only after a server has refused its first call
    for request in requests():
        measurement = Measurement(request)
        sims = iter(sdk.sim.get_sim_list())
        while batch := list(islice(sims, SIZE)):
            measurement.add(batch)
        answer(measurement.cost())


if __name__ == "__main__":
    main(*sys.argv[1:])
