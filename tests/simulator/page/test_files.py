"""The files of the page: small, and from this server only."""

from __future__ import annotations

import re

import httpx

from aioemnify.simulator import Simulator
from aioemnify.simulator.control.static_files import static_files


def test_the_policy_allows_the_page_and_nothing_else():
    with Simulator(sims=1, tls=False) as simulator:
        found = httpx.get(f"{simulator.url}/_sim/")
        moved = httpx.get(f"{simulator.url}/_sim")
        script = httpx.get(f"{simulator.url}/_sim/static/main.js")
        unknown = httpx.get(f"{simulator.url}/_sim/static/..%2Froutes.py")
    assert (moved.status_code, moved.headers["Location"]) == (308, "/_sim/")
    assert unknown.status_code == 404
    policy = found.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy and "http" not in policy
    assert "require-trusted-types-for 'script'" in policy
    assert found.headers["X-Frame-Options"] == "DENY"
    assert script.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert script.headers["X-Content-Type-Options"] == "nosniff"


def test_every_file_is_small_and_names_no_other_host():
    for name, file in static_files().items():
        text = file.body.decode()
        assert len(text.splitlines()) <= 260, name
        hosts = set(re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)) - {"http://www.w3.org"}
        assert hosts == set(), name
        assert "innerHTML" not in text and "insertAdjacentHTML" not in text, name


def test_every_file_is_used():
    files = {name: file.body.decode() for name, file in static_files().items()}
    named = set(re.findall(r'/_sim/static/([\w.]+)"', files["index.html"]))
    for text in files.values():
        named |= set(re.findall(r'from "\./([\w.]+)"', text))
    assert named | {"index.html"} == set(files)
