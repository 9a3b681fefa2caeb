"""The page stays small however busy the simulator is."""

from __future__ import annotations

import json
import threading

import pytest

from tests.simulator.page.browsing import record, until

pytestmark = pytest.mark.browser
PER_SECOND, SECONDS = 500, 3


def test_memory_and_tasks_are_bounded_at_500_requests_a_second(page, client, simulator, browser):
    stop = threading.Event()

    def work():
        for _ in range(SECONDS * 10):
            record(
                simulator,
                PER_SECOND // 10 - 5,
                query="per_page=50&q=status:1",
                response_body=b'{"id": 1}' * 20,
            )
            record(simulator, 5, status=429, refused_by="get_sim_id")
            if stop.wait(0.1):
                return

    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    browser.start_tracing(page=page, categories=["toplevel"])
    worker = threading.Thread(target=work)
    worker.start()
    heap = []
    while worker.is_alive():
        page.wait_for_timeout(250)
        heap.append(metrics(session)["JSHeapUsedSize"])
    until(page, f"document.querySelector('#n-all').textContent === '{PER_SECOND * SECONDS + 1:,}'")
    trace = json.loads(browser.stop_tracing())["traceEvents"]
    assert page.locator("#rows tr").count() == 120
    assert max(heap) < 60e6
    session.send("HeapProfiler.collectGarbage")
    assert metrics(session)["Nodes"] < 6000
    # In processor time: what else runs on the machine does not count.
    main = {
        (each["pid"], each["tid"]) for each in trace if each.get("args", {}).get("name") == "CrRendererMain"
    }
    tasks = [each["tdur"] / 1000 for each in trace if (each["pid"], each["tid"]) in main and "tdur" in each]
    assert len(tasks) > 100 and max(tasks) < 100


def metrics(session):
    return {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
