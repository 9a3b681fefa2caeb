"""The chart of requests per second: bars, limit lines, bands, and one second read by keyboard."""

from __future__ import annotations

import pytest

from tests.simulator.page.browsing import record, until

pytestmark = pytest.mark.browser


def test_bars_lines_and_bands(page, client, simulator):
    simulator.play({"name": "night", "step": [{"note": "it begins"}, {"requests": 99}]})
    record(simulator, 8)
    record(simulator, 2, status=404, fault=("Delay",))
    record(simulator, 3, status=429, refused_by="get_sim_id")
    record(simulator, 1, status=503, limit="get_endpoint")
    record(simulator, 1, status=None, limit=None)
    until(page, "document.querySelector('.bars.refused')?.getAttribute('d')")
    for outcome in ("ok", "client_error", "server_error", "cut"):
        assert page.get_attribute(f".bars.{outcome}", "d")
    assert page.text_content("#chart svg").count("ip_general 6.7/s on average") == 1
    assert [page.locator(f"rect.band.{name}").count() > 0 for name in ("refused", "faults", "scenario")] == [
        True,
        True,
        True,
    ]
    page.focus("#chart svg")
    page.keyboard.press("ArrowLeft")
    for _ in range(40):
        text = page.get_attribute("#chart svg", "aria-valuetext")
        if "refused" in text:
            break
        page.keyboard.press("ArrowLeft")
    assert "3 refused by a limit (get_sim_id)" in text and "2 with a fault" in text
    assert "step 1 “it begins”" in text
    assert page.inner_text("#readout") == text
    page.keyboard.press("Escape")
    # The gauge of a limit chooses it for the chart: one name for both.
    client.get("/api/v1/sim/1")
    page.click("#limits button.name:text-is('get_sim_id')")
    assert page.input_value("#chart-limit") == "get_sim_id"
    drawn = page.text_content("#chart svg")
    assert "get_sim_id 100/s" in drawn and "with its burst 150" in drawn
    assert page.get_attribute(".bars.server_error", "d") == ""
    simulator.clock.scale(10)
    until(page, "document.querySelector('#chart svg').textContent.includes('get_sim_id 1,000/s')")
    simulator.clock.freeze()
    until(page, "document.querySelector('#readout').textContent.includes('no limit refills')")
