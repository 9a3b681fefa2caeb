"""The page, in a real browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import httpx
import pytest

from aioemnify.simulator import Answer, Simulator

CHROMIUM = next(
    filter(
        None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
    ),
    None,
)


def test_the_policy_allows_the_page_and_nothing_else():
    with Simulator(sims=1, tls=False) as simulator:
        found = httpx.get(f"{simulator.url}/_sim/")
        moved = httpx.get(f"{simulator.url}/_sim")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/_sim/")
    policy = found.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy and "http" not in policy
    assert found.headers["X-Frame-Options"] == "DENY"
    # One file: nothing is loaded from elsewhere.
    assert "src=" not in found.text and "@import" not in found.text and "url(" not in found.text
    assert 'rel="stylesheet"' not in found.text


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as playwright:
        # Chromium refuses its sandbox to root, which containers often are.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        try:
            running = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        except api.Error as error:
            pytest.skip(f"chromium does not start here: {str(error).splitlines()[0]}")
        yield running
        running.close()


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(sims=5000, seed=7, tls=False) as running:
        yield running


@pytest.fixture
def client(simulator) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=simulator.url) as client:
        body = {"application_token": simulator.application_token}
        token = client.post("/api/v1/authenticate", json=body).json()["auth_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


@pytest.fixture
def page(browser, simulator, client):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(15_000)
    complaints = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{simulator.url}/_sim/")
    page.wait_for_selector("#link.on")
    yield page
    page.close()
    assert [text for text in complaints if "422" not in text] == []


def until(page, expression):
    """Wait for something on the page; its policy forbids the browser's own way of polling."""
    for _ in range(300):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never came true: {expression}")


@pytest.mark.browser
def test_requests_limits_and_tenants_appear(page, client, simulator):
    client.get("/api/v1/sim?per_page=2")
    client.get("/api/v1/sim/1")
    hostile = client.get("/api/v1/<img src=x onerror=alert(1)>")
    assert hostile.status_code == 404
    simulator.faults.add(Answer(503), times=1)
    client.get("/api/v1/sim/2")
    until(page, "document.querySelectorAll('#rows tr').length >= 5")
    shown = page.inner_text("#rows")
    assert "/api/v1/sim?per_page=2" in shown and "sims.list" in shown
    assert "<img" in shown and page.query_selector("#rows img") is None
    assert page.inner_text("#rows tr:first-child .tag.fault") == "Answer"
    until(page, "document.querySelector('#limits').textContent.includes('get_sim_id')")
    assert page.get_attribute("[role=meter][aria-label='ip_authenticate used']", "aria-valuemax") == "100"
    assert "Simulated Fleet 1001" in page.inner_text("#limits") and "Address 127.0.0.1" in page.inner_text(
        "#limits"
    )
    assert "5,000 SIMs" in page.inner_text("#tenants") and "Second Workspace" in page.inner_text("#tenants")
    until(page, "document.querySelector('#n-all').textContent === '5'")
    page.fill("#search", "sims.list")
    assert page.eval_on_selector_all("#rows tr", "rows => rows.filter(row => !row.hidden).length") == 1
    for secret in (simulator.application_token, client.headers["Authorization"][7:]):
        assert secret not in page.content()


@pytest.mark.browser
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


@pytest.mark.browser
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
    # Everything that can be pressed is reached with the tab key, and says what it is.
    nameless = "e => !(e.innerText || e.ariaLabel || e.labels?.length || e.title)"
    assert page.eval_on_selector_all("button, input, select, a", f"all => all.filter({nameless}).length") == 0
    page.reload()
    page.wait_for_selector("#link.on")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"


@pytest.mark.browser
def test_reset_asks_once_and_forgets(page, client, simulator):
    client.get("/api/v1/sim/1")
    until(page, "document.querySelectorAll('#rows tr').length >= 2")
    page.click("#reset")
    assert len(simulator.requests) == 2
    page.click("#reset")
    until(page, "document.querySelectorAll('#rows tr').length === 0")
    assert simulator.requests == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 720, 1000, 1280])
def test_it_fits_and_can_be_read(browser, simulator, client, scheme, width):
    client.get("/api/v1/sim?q=status:1,endpoint:null&per_page=100&sort=-id,production_date")
    client.get(f"/nothing/{'x' * 900}")
    for name in ("Fern\u00fcberwachungsgesellschaft " * 4, "x" * 200):
        other = {"application_token": simulator.add_organisation(name, sims=1)}
        token = client.post("/api/v1/authenticate", json=other).json()["auth_token"]
        client.get("/api/v1/sim", headers={"Authorization": f"Bearer {token}"})
    simulator.faults.add(Answer(503, "word " * 90, {"Retry-After": "9"}), name="y" * 90, operation="tags.*")
    simulator.clock.freeze()
    page = browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme)
    try:
        page.goto(f"{simulator.url}/_sim/")
        page.wait_for_selector("#rows tr")
        page.wait_for_selector("#limits h3:nth-of-type(3)")
        page.eval_on_selector_all("details", "all => all.forEach((each) => { each.open = true; })")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(OVERFLOW) == []
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
            "rgb(243, 245, 247)" if scheme == "light" else "rgb(16, 22, 27)"
        )
        thin = page.evaluate(CONTRAST)
        assert thin == []
    finally:
        page.close()


# What is wider than the card it is in.
OVERFLOW = """() => [...document.querySelectorAll("section *")]
  .filter((e) => e.getClientRects().length && !e.closest("thead"))
  .filter((e) => e.getBoundingClientRect().right > e.closest("section").getBoundingClientRect().right + 1)
  .map((e) => e.outerHTML.slice(0, 90))"""

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
  return [...document.querySelectorAll("body *:not(script)")]
    .filter((e) => e.offsetParent && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
    .filter((e) => {
      const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))].sort((x, y) => y - x);
      return (a + 0.05) / (b + 0.05) < 4.5;
    }).map((e) => e.outerHTML.slice(0, 90));
}"""
