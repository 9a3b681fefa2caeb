"""SIMs, endpoints and deliveries."""

from __future__ import annotations

import pytest

from tests.simulator.page.browsing import until
from tests.simulator.receiver import Receiver

pytestmark = pytest.mark.browser


def test_sims_and_endpoints_by_keyboard(page, client, simulator):
    client.patch("/api/v1/endpoint/1", json={"name": "<b>pump</b>"})
    page.focus("#tab-requests")
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelectorAll('#sims tbody tr').length === 50")
    assert page.inner_text("#sims .status") == "5,000 SIMs, page 1 of 100"
    page.click("#sims >> text=Next page")
    until(page, "document.querySelector('#sims .status').textContent.includes('page 2')")
    page.select_option("#sims select", "1002")
    until(page, "document.querySelectorAll('#sims tbody tr').length === 10")
    page.fill("#sims input", "flavour:1")
    page.press("#sims input", "Enter")
    until(page, "document.querySelectorAll('#sims tbody tr').length === 0")
    assert "flavour" in page.inner_text("#sims .status")
    page.focus("#tab-sims")
    page.keyboard.press("ArrowRight")
    until(page, "document.querySelectorAll('#endpoints tbody tr').length === 50")
    page.fill("#endpoints input", "1")
    page.press("#endpoints input", "Enter")
    until(page, "document.querySelectorAll('#endpoints tbody tr').length === 1")
    assert "<b>pump</b>" in page.inner_text("#endpoints tbody")
    page.focus("#endpoints tbody button")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail[open]")
    assert page.inner_text("#detail-title") == "Endpoint 1: <b>pump</b>"
    assert "Connectivity" in page.inner_text("#detail") and "Events" in page.inner_text("#detail")
    # Looking costs no limit and leaves no trace.
    assert len(simulator.requests) == 2


def test_a_delivery_is_shown_and_sent_again(page, client, simulator):
    with Receiver() as receiver:
        receiver.body = b"<b>thanks</b>"
        destination = {
            "connection_type": "RestAPI",
            "credentials": {"url": f"{receiver.url}?token=hunter2", "headers": ["X-Key: hunter3"]},
        }
        body = {"data_stream_type": {"id": 2}, "destination": destination}
        assert client.post("/api/v2/data_stream", json=body).status_code == 201
        assert client.patch("/api/v1/sim/1", json={"status": {"id": 2}}).is_success
        simulator.clock.advance(seconds=5)
        page.click("#tab-deliveries")
        until(page, "document.querySelectorAll('#deliveries tbody tr').length === 1")
        page.click("#deliveries tbody button")
        page.wait_for_selector("#detail[open]")
        shown = page.inner_text("#detail")
        assert "200, delivered" in shown and "<b>thanks</b>" in shown and "SIM suspension" in shown
        page.click("text=Send again")
        until(page, "document.querySelector('#detail').textContent.includes('delivery 1')")
        until(page, "document.querySelectorAll('#deliveries tbody tr').length === 2")
        assert len(receiver.received) == 2
        page.click("#detail summary:has-text('Headers')")
        assert "hunter" not in page.content()
