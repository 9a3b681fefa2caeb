"""Clock, faults, limits, scenario and reset, worked from the page."""

from __future__ import annotations

import pytest

from tests.simulator.page.browsing import until

pytestmark = pytest.mark.browser


def test_the_clock_and_the_switches_work(page, client, simulator):
    page.click("#freeze")
    until(page, "document.querySelector('#day').textContent.includes('frozen')")
    assert simulator.clock.frozen
    before = simulator.clock.monotonic()
    page.click("text=+241 min")
    until(page, "document.querySelector('#time').textContent !== '--:--:--'")
    page.wait_for_timeout(100)
    assert simulator.clock.monotonic() - before == 14460
    assert client.get("/api/v1/sim/1").status_code == 401
    page.click("#freeze")
    page.select_option("#scale", "60")
    until(page, "document.querySelector('#day').textContent.includes('60x')")
    assert (simulator.clock.frozen, simulator.clock.factor) == (False, 60.0)
    page.click("#quick >> text=503")
    until(page, "document.querySelectorAll('.rule').length === 1")
    assert client.get("/api/v1/sim/1").status_code == 503
    page.uncheck(".rule input")
    until(page, "document.querySelector('#quick button').getAttribute('aria-pressed') === 'false'")
    assert client.get("/api/v1/sim/1").status_code == 401
    page.click("#quick >> text=503")
    until(page, "document.querySelectorAll('.rule').length === 0")
    page.click("#enforce")
    until(page, "document.querySelector('#enforce').textContent === 'Off'")
    assert not simulator.installation.limits.enforced


def test_a_rule_by_keyboard_and_a_mistake_in_it(page, client, simulator):
    page.focus("#more summary")
    page.keyboard.press("Enter")
    page.focus("#f-operation")
    page.keyboard.type("sims.get")
    page.fill("#f-times", "x")
    page.press("#f-times", "Enter")
    assert "times is not a number" in page.inner_text("#note")
    page.fill("#f-times", "1")
    page.fill("#f-details", '{"status": 7}')
    page.press("#f-details", "Enter")
    until(page, "document.querySelector('#note').textContent.includes('200 to 599')")
    page.fill("#f-details", '{"status": 418}')
    page.press("#f-details", "Enter")
    until(page, "document.querySelectorAll('.rule').length === 1")
    assert [client.get("/api/v1/sim/1").status_code for _ in range(2)] == [418, 200]
    page.reload()
    page.wait_for_selector("#link.on")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


def test_a_scenario_is_seen_and_can_be_stopped(page, client, simulator):
    steps = [{"note": "the <i>gateway</i> goes down", "limits": False}, {"requests": 5, "note": "back"}]
    simulator.play({"name": "a bad night", "step": steps})
    until(page, "!document.querySelector('#scenario').hidden")
    shown = page.inner_text("#scenario")
    assert "step 1 of 2: “the <i>gateway</i> goes down”" in shown
    assert "next “back” after 5 requests" in shown and page.query_selector("#scenario i") is None
    page.click("#scenario-stop")
    until(page, "document.querySelector('#scenario').hidden")
    assert simulator.timeline.progress() is None
    simulator.play({"step": [{"limits": True}]})
    until(page, "document.querySelector('#scenario-stop').textContent === 'Close'")
    assert "all steps are done" in page.inner_text("#scenario")


def test_reset_asks_once_and_forgets(page, client, simulator):
    client.get("/api/v1/sim/1")
    until(page, "document.querySelectorAll('#rows tr').length === 2")
    page.click("#reset")
    assert len(simulator.requests) == 2
    page.click("#reset")
    until(page, "document.querySelectorAll('#rows tr').length === 0")
    assert simulator.requests == []


def test_a_first_visit_shows_how_to_begin(open_page, simulator):
    page = open_page()
    until(page, "document.querySelector('#welcome').textContent.includes('sim-1-')")
    shown = page.inner_text("#welcome")
    assert simulator.url in shown and simulator.application_token in shown
    assert f"curl -s {simulator.url}/api/v1/authenticate" in shown
    page.click("#welcome .copied:nth-of-type(2) button")
    until(page, "navigator.clipboard.readText().then((text) => text.startsWith('sim-1-'))")
    simulator.installation.journal.arrived = 1
    until(page, "document.querySelector('#welcome').hidden")
    assert simulator.application_token not in page.content()
    page.click("#connect")
    until(page, "document.querySelector('#detail').textContent.includes('sim-1-')")
