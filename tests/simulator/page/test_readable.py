"""The page fits every width and can be read in light and dark."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from aioemnify.simulator import Answer, Delay, Simulator
from tests.simulator.page.browsing import until

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """Serve a simulator in which everything that is shown is long."""
    with Simulator(sims=500, seed=7, tls=False) as simulator, httpx.Client(base_url=simulator.url) as client:
        for name in ("", "Fern\u00fcberwachungsgesellschaft " * 4, "x" * 200):
            token = simulator.add_organisation(name, sims=1) if name else simulator.application_token
            body = {"application_token": token}
            token = client.post("/api/v1/authenticate", json=body).json()["auth_token"]
            client.get("/api/v1/sim", headers={"Authorization": f"Bearer {token}"})
        client.get("/api/v1/sim?q=status:1,endpoint:null&per_page=100&sort=-id,production_date")
        client.get(f"/nothing/{'x' * 900}")
        simulator.faults.add(Delay(0.001), times=1)
        client.get("/api/v1/sim/1")
        simulator.faults.add(Answer(503, "word " * 90, {"X-Long": "y" * 300}), name="y" * 90, times=1)
        client.post("/api/v1/tag", json={"name": "z" * 300})
        simulator.play({"name": "n" * 120, "step": [{"note": "o" * 200}, {"requests": 9, "note": "p" * 200}]})
        simulator.clock.freeze()
        yield simulator


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(360, "light"), (360, "dark"), (820, "light"), (1060, "dark"), (1440, "light"), (1440, "dark")],
)
def test_it_fits_and_can_be_read(open_page, width, scheme):
    page = open_page(width, scheme)
    page.wait_for_selector("#rows tr")
    page.wait_for_selector("#limits h3:nth-of-type(3)")
    page.eval_on_selector_all("details", "all => all.forEach((each) => { each.open = true; })")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(243, 245, 247)" if scheme == "light" else "rgb(16, 22, 27)"
    )
    check(page, width)
    page.click("#tab-sims")
    until(page, "document.querySelectorAll('#sims tbody tr').length > 0")
    check(page, width)
    page.click("#tab-deliveries")
    check(page, width)
    page.click("#tab-requests")
    page.click("#rows tr:nth-child(1) button.open")
    page.wait_for_selector("#detail[open]")
    page.eval_on_selector_all("#detail details", "all => all.forEach((each) => { each.open = true; })")
    check(page, width)


def check(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(OVERFLOW) == []
    assert page.evaluate(CONTRAST) == []
    assert page.eval_on_selector_all("button, input, select, a", NAMELESS) == []


# What can be pressed and does not say what it is.
NAMELESS = """all => all.filter((e) => !(e.textContent.trim() || e.ariaLabel || e.labels?.length || e.title))
  .map((e) => e.outerHTML.slice(0, 90))"""

# What is wider than the card or the drawer it is in.
OVERFLOW = """() => {
  const right = (e) => e.getBoundingClientRect().right;
  return [...document.querySelectorAll("section *, dialog *")]
  .filter((e) => e.getClientRects().length && !e.closest("thead, .tabs"))
  .filter((e) => right(e) > right(e.closest("section, dialog")) + 1)
  .map((e) => e.outerHTML.slice(0, 90));
}"""

# Text whose contrast with what is behind it is below 4.5:1, as the accessibility guidelines count.
CONTRAST = """() => {
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const behind = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const colour = parse(getComputedStyle(e).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const ink = (e) => parse(getComputedStyle(e)[e instanceof SVGElement ? "fill" : "color"]);
  return [...document.querySelectorAll("body *:not(script)")]
    .filter((e) => e.getClientRects().length && !e.closest(":disabled"))
    .filter((e) => [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((e) => {
      const [a, b] = [light(ink(e)), light(behind(e))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05) < 4.5;
    }).map((e) => e.outerHTML.slice(0, 90));
}"""
