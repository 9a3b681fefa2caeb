"""Screenshots of the simulator's page while clients work: 90 seconds, with Chromium."""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import Sequence
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, async_playwright

from aioemnify import Emnify
from aioemnify.errors import EmnifyError
from aioemnify.simulator import Simulator

SECONDS = 90
SCENARIO = {
    "name": "a bad night",
    "step": [
        {
            "after": 25,
            "note": "the gateway goes down",
            "faults": [
                {
                    "name": "gateway",
                    "operation": "endpoints.*",
                    "probability": 0.4,
                    "effect": {"kind": "answer", "status": 503},
                }
            ],
        },
        {
            "after": 20,
            "note": "back, but slow",
            "remove_faults": ["gateway"],
            "faults": [
                {
                    "name": "slow reads",
                    "operation": "sims.get",
                    "probability": 0.3,
                    "effect": {"kind": "lognormal-delay", "median": 0.3},
                },
                {
                    "name": "gateway, at times",
                    "operation": "endpoints.*",
                    "probability": 0.1,
                    "effect": {"kind": "answer", "status": 503},
                },
                {"name": "lost responses", "probability": 0.02, "effect": {"kind": "drop-after"}},
            ],
        },
        {"after": 600, "note": "morning", "clear_faults": True},
    ],
}
ARGUMENTS = ("--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
SCALE = 1.5
"""Pixels of a picture for each of the page."""


def take(folder: Path, seconds: float = SECONDS) -> Sequence[Path]:
    """Let two clients work for some seconds, and take the pictures; return the files.

    Raises:
        RuntimeError: There is no Chromium on this machine.
    """
    return asyncio.run(_take(folder, seconds))


async def _take(folder: Path, seconds: float) -> Sequence[Path]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise RuntimeError("screenshots need chromium: install it, and put it on the PATH")
    # Chromium refuses its sandbox to root, which containers often are.
    arguments = [*ARGUMENTS, *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        with Simulator(sims=5000, seed=7, tls=False) as simulator:
            page = await opened(browser, simulator.url)
            simulator.play(SCENARIO)
            work = [asyncio.create_task(one) for one in (operator(simulator), greedy_script(simulator))]
            await asyncio.sleep(seconds)
            files = [await the_page(page, folder), await a_request(page, folder)]
            for task in work:
                task.cancel()
            ended = await asyncio.gather(*work, return_exceptions=True)
        await browser.close()
    if failed := [one for one in ended if not isinstance(one, asyncio.CancelledError)]:
        raise RuntimeError(f"a client ended early: {failed[0]!r}")
    return files


async def opened(browser: Browser, url: str) -> Page:
    """Open the page as it is in light mode."""
    context = await browser.new_context(
        viewport={"width": 1120, "height": 720}, device_scale_factor=SCALE, color_scheme="light"
    )
    page = await context.new_page()
    await page.goto(f"{url}/_sim/")
    await page.wait_for_selector("#link.on")
    return page


async def operator(simulator: Simulator) -> None:
    """Read and change the fleet with aioemnify, which waits for the limits and repeats what it may."""
    chance = random.Random(7)
    async with Emnify(simulator.application_token, base_url=simulator.url) as emnify:
        while True:
            number = chance.randrange(1, 3000)
            calls = [
                emnify.endpoints.update(number, {"name": f"pump-{number}", "tags": "field"}),
                emnify.endpoints.get(number),
                *(emnify.sims.get(chance.randrange(1, 5000)) for _ in range(chance.randrange(2, 7))),
            ]
            if chance.random() < 0.2:
                calls.append(emnify.endpoints.get(999_999))
            for outcome in await asyncio.gather(*calls, return_exceptions=True):
                if isinstance(outcome, BaseException) and not isinstance(outcome, EmnifyError):
                    raise outcome
            await asyncio.sleep(chance.uniform(0.3, 0.9))


async def greedy_script(simulator: Simulator) -> None:
    """List SIMs with httpx alone, more at once than the limit of the path allows."""
    async with httpx.AsyncClient(base_url=simulator.url) as client:
        body = {"application_token": simulator.application_token}
        token = (await client.post("/api/v1/authenticate", json=body)).json()["auth_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        while True:
            lists = (client.get("/api/v1/sim", params={"per_page": 5, "page": page}) for page in range(1, 15))
            await asyncio.gather(*lists, return_exceptions=True)
            await asyncio.sleep(7)


async def the_page(page: Page, folder: Path) -> Path:
    """Take the top of the page."""
    path = folder / "page.png"
    await page.screenshot(path=path)
    return path


async def a_request(page: Page, folder: Path) -> Path:
    """Find a request that the gateway refused, open it, and take the drawer."""
    path = folder / "request.png"
    await page.fill("#search", "is:fault method:PATCH status:503")
    await page.wait_for_selector(
        "#found:has-text('match')"
    )  # the page's policy forbids to poll with a script
    await page.click("#rows button.open")
    await page.wait_for_selector("#detail[open]")
    drawer = await page.locator("#detail").bounding_box()
    last = await page.locator("#detail-body > :last-child").bounding_box()
    if drawer is None or last is None:
        raise RuntimeError("the page shows no request")
    bottom = min(last["y"] + last["height"] + 16, drawer["y"] + drawer["height"])
    await page.screenshot(path=path, clip={**drawer, "height": bottom - drawer["y"]})
    return path
