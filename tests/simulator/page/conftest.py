"""A browser, a simulator, and the page open in it."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from aioemnify.simulator import Simulator

CHROMIUM = next(
    filter(
        None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"])
    ),
    None,
)


@pytest.fixture(scope="package")
def browser() -> Iterator[Any]:
    """Run Chromium; without it, tests are skipped."""
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


@pytest.fixture(scope="package")
def tab(browser: Any) -> Any:
    """Open one tab for all tests: a new one each would cost a process each."""
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    tab = context.new_page()
    tab.set_default_timeout(15_000)
    return tab


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    """Serve a simulator of 5,000 SIMs."""
    with Simulator(sims=5000, seed=7, tls=False) as running:
        yield running


@pytest.fixture
def client(simulator: Simulator) -> Iterator[httpx.Client]:
    """Log in."""
    with httpx.Client(base_url=simulator.url) as client:
        body = {"application_token": simulator.application_token}
        token = client.post("/api/v1/authenticate", json=body).json()["auth_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


@pytest.fixture
def open_page(tab: Any, simulator: Simulator) -> Iterator[Callable[..., Any]]:
    """Return an opener of the page; nothing may complain in it but refused input."""
    complaints: list[str] = []

    def hear(message: Any) -> None:
        if message.type == "error":
            complaints.append(message.text)

    def catch(error: Any) -> None:
        complaints.append(str(error))

    def refuse(dialog: Any) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    def open_it(width: int = 1280, scheme: str = "light") -> Any:
        tab.set_viewport_size({"width": width, "height": 900})
        tab.emulate_media(color_scheme=scheme)
        tab.goto(f"{simulator.url}/_sim/")
        tab.wait_for_selector("#link.on")
        return tab

    heard = {"console": hear, "pageerror": catch, "dialog": refuse}
    for event, listener in heard.items():
        tab.on(event, listener)
    yield open_it
    for event, listener in heard.items():
        tab.remove_listener(event, listener)
    tab.goto("about:blank")
    # The browser itself logs each response that refuses something.
    assert [text for text in complaints if not re.search("status of 4(04|22)", text)] == []


@pytest.fixture
def page(client: httpx.Client, open_page: Callable[..., Any]) -> Any:
    """Open the page after a client has logged in."""
    return open_page()
