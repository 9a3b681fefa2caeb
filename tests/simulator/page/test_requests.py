"""The list of requests: live, searched in the whole journal, and one of them opened."""

from __future__ import annotations

import json
import shlex

import pytest

from aioemnify.simulator import Answer, Delay
from aioemnify.simulator.recording.journal import RequestRecord
from tests.simulator.page.browsing import record, until

pytestmark = pytest.mark.browser
ROWS = "document.querySelectorAll('#rows tr[data-number]').length"


def test_requests_limits_and_organisations_appear(page, client, simulator):
    client.get("/api/v1/sim?per_page=2")
    client.get("/api/v1/sim/1")
    hostile = client.get("/api/v1/<img src=x onerror=alert(1)>")
    assert hostile.status_code == 404
    simulator.faults.add(Answer(503), times=1)
    client.get("/api/v1/sim/2")
    until(page, f"{ROWS} === 5")
    shown = page.inner_text("#rows")
    assert "/api/v1/sim?per_page=2" in shown and "sims.list" in shown
    assert "<img" in shown and page.query_selector("#rows img") is None
    assert page.inner_text("#rows tr:first-child .tag.fault") == "answer"
    until(page, "document.querySelector('#limits').textContent.includes('get_sim_id')")
    assert page.get_attribute("[role=meter][aria-label='ip_authenticate used']", "aria-valuemax") == "100"
    limits = page.inner_text("#limits")
    assert "Simulated Fleet 1001" in limits and "Address 127.0.0.1" in limits
    assert "5,000 SIMs" in page.inner_text("#organisations")
    assert "Second Workspace" in page.inner_text("#organisations")
    until(page, "document.querySelector('#n-all').textContent === '5'")
    for secret in (simulator.application_token, client.headers["Authorization"][7:]):
        assert secret not in page.content()


def test_a_search_reads_the_whole_journal_and_stays_live(open_page, client, simulator):
    record(simulator, 1, path="/api/v1/endpoint/77", operation="endpoints.get", limit=None)
    record(simulator, 3000)
    page = open_page()
    until(page, f"{ROWS} === 100")
    assert "/api/v1/endpoint/77" not in page.inner_text("#rows")
    page.focus("#search")
    page.keyboard.type("ENDPOINT/77")
    until(page, f"{ROWS} === 1")
    assert page.inner_text("#found") == "1 request of the journal matches"
    record(simulator, 50)
    record(simulator, 1, path="/api/v1/endpoint/77", operation="endpoints.get", limit=None, status=503)
    until(page, f"{ROWS} === 2")
    assert page.inner_text("#found") == "2 requests of the journal match"
    page.click("#outcomes >> text=Failed")
    until(page, f"{ROWS} === 1")
    assert page.input_value("#search") == "ENDPOINT/77 is:failed"
    page.fill("#search", "is:unheard")
    until(page, "document.querySelector('#note').textContent.includes('accepted: waiting, cut')")
    page.fill("#search", "")
    until(page, f"{ROWS} === 100")
    page.click("#older")
    until(page, "!document.querySelector('#newest').hidden")
    assert page.get_attribute("#rows tr:first-child", "data-number") == "2953"
    page.click("#newest")
    until(page, "document.querySelector('#newest').hidden")


def test_a_request_opens_by_keyboard_and_shows_everything(page, client, simulator):
    simulator.faults.add(Delay(0.02), name="slow <b>gateway</b>", operation="endpoints.create", times=1)
    body = {"name": "it's <script>alert(1)</script>", "password": "hunter2"}
    client.post("/api/v1/endpoint?note=[a]", json=body)
    until(page, f"{ROWS} === 2")
    page.focus("#rows button.open[tabindex='0']")
    page.keyboard.press("ArrowUp")  # the newest stands first
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail[open]")
    shown = page.inner_text("#detail")
    assert "POST /api/v1/endpoint?note=[a]" in shown and "endpoints.create" in shown
    assert "slow <b>gateway</b>" in shown and page.query_selector("#detail b") is None
    # A delay is not an error, and does not look like one.
    assert page.inner_text("#detail .tag.delay") == "delay"
    assert page.query_selector("#detail .tag.fault") is None
    assert "<script>alert(1)</script>" in shown and page.query_selector("#detail script") is None
    assert "hunter2" not in page.content()
    page.click("#detail summary:has-text('Request headers')")
    assert "authorization\n***" in page.inner_text("#detail")
    page.click("text=Copy as curl")
    until(page, "document.querySelector('#detail-body').textContent.includes('Copied')")
    curl = page.evaluate("navigator.clipboard.readText()")
    words = shlex.split(curl)
    assert words[:5] == ["curl", "-s", "--globoff", "--path-as-is", "--compressed"]
    assert words[words.index("-X") + 1] == "POST"
    assert f"{simulator.url}/api/v1/endpoint?note=[a]" in words
    assert '-H "Authorization: Bearer $AUTH_TOKEN"' in curl  # in quotes that let the shell read it
    assert json.loads(words[words.index("--data-raw") + 1]) == {**body, "password": "***"}
    page.keyboard.press("Tab")
    page.click("#detail-older")
    until(page, "document.querySelector('#detail-title').textContent.includes('authenticate')")
    assert simulator.application_token not in page.content()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.className") == "open"


def test_rows_stand_still_while_they_are_read(page, client, simulator):
    record(simulator, 3)
    until(page, f"{ROWS} === 4")
    page.focus("#rows button.open[tabindex='0']")
    record(simulator, 70)
    until(page, "document.querySelector('#held').textContent === '70 new'")
    assert page.evaluate(ROWS) == 4
    page.click("#held")
    until(page, f"{ROWS} === 74")


def test_a_request_in_flight_ends_in_its_row(open_page, client, simulator):
    journal = simulator.installation.journal
    entry = RequestRecord(
        method="GET", path="/api/v1/sim", query="", operation="sims.list", address="::1", arrived=0, wall=0
    )
    journal.add(entry)
    page = open_page()
    until(page, "document.querySelector('#rows tr.waiting')?.textContent.includes('in flight')")
    entry.status = 200
    journal.end(entry, 0.5)
    until(page, "document.querySelector('#rows tr:first-child .tag.ok')?.textContent === '200'")
    assert page.evaluate(ROWS) == 2


def test_what_comes_too_fast_is_counted(page, client, simulator):
    until(page, f"{ROWS} === 1")
    record(simulator, 500)
    until(page, "document.querySelector('#n-all').textContent === '501'")
    until(page, "document.querySelector('#rows .skipped')")
    assert "more not shown; the journal has them" in page.inner_text("#rows .skipped >> nth=0")
    assert page.evaluate(ROWS) <= 120


def test_what_the_journal_has_dropped_is_said(page, client, simulator):
    until(page, f"{ROWS} === 1")
    simulator.clear_requests()
    page.click("#rows button.open")
    until(page, "document.querySelector('#note').textContent.includes('the journal has no request 1')")
