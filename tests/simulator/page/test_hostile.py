"""Whatever clients send and users name stays text, wherever the page shows it."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from aioemnify.simulator import Answer
from tests.simulator.page.browsing import until

pytestmark = pytest.mark.browser
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u202egnp.exe\u2028",
    "\x01\x1b[31m",
    "'\"`;$(id)${7*7}",
    "__proto__",
    "\U0001f9e8" * 60,
]
FOREIGN = "document.querySelectorAll('img:not(h1 img), script:not(head script), iframe').length"


def test_hostile_bytes_stay_text(open_page, client, simulator):
    for text in HOSTILE:
        simulator.add_organisation(text, sims=1)
        header = text.encode().translate(None, bytes(range(32)))
        client.get(f"/api/v1/{quote(text)}", params={"q": text}, headers=[(b"X-Text", header)])
        client.post("/api/v1/endpoint", json={"name": text, text: text})
        simulator.faults.add(Answer(503, text), name=text, operation="tags.create", times=1)
        client.post("/api/v1/tag", content=text.encode())
    simulator.faults.add(Answer(503, HOSTILE[1]), name=HOSTILE[1], operation="tags.*")
    simulator.play({"name": HOSTILE[0], "step": [{"note": HOSTILE[1]}, {"requests": 9, "note": HOSTILE[2]}]})
    page = open_page()
    until(page, f"document.querySelectorAll('#rows button.open').length === {1 + 3 * len(HOSTILE)}")
    page.locator("#rows button.open").first.click()
    for _ in range(3 * len(HOSTILE)):
        page.wait_for_selector("#detail[open]")
        page.eval_on_selector_all("#detail details", "all => all.forEach((each) => { each.open = true; })")
        assert page.evaluate(FOREIGN) == 0
        before = page.inner_text("#detail-body .none >> nth=0")
        page.click("#detail-older")
        until(page, f"document.querySelector('#detail-body .none').textContent !== {before!r}")
    assert "onerror=alert(1)" in page.inner_text("#scenario")
    assert "onerror=alert(1)" in page.inner_text("#rules")
    assert "onerror=alert(1)" in page.inner_text("#organisations")
