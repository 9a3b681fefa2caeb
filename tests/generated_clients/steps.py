"""Twenty operations, as a program calls them with a client that a tool has generated.

This runs in the environment of the generated client, which has neither aioemnify nor the tests.
"""

from __future__ import annotations

from typing import Any, Protocol


class Call(Protocol):
    """Make one call with a generated client and return its result as plain values."""

    def __call__(self, operation: str, *path: Any, body: Any = None, **query: Any) -> Any: ...


def log_in(call: Call, application_token: str) -> str:
    """Return an auth token."""
    token: str = call("auth.authenticate", body={"application_token": application_token})["auth_token"]
    return token


def work(call: Call) -> None:
    """Read, page, create, change, clear and delete."""
    page = call("sims.list", page=1, per_page=5, q="status:1", sort="-id")
    ids = [sim["id"] for sim in page]
    assert len(ids) == 5 and ids == sorted(ids, reverse=True), ids
    assert {sim["status"]["id"] for sim in page} == {1}
    sim = call("sims.get", ids[0])
    assert sim["iccid"] == page[0]["iccid"]
    assert call("sims.update", ids[0], body={"status": {"id": 2}}) is None
    assert call("sims.get", ids[0])["status"]["description"] == "Suspended"
    assert call("sims.get_stats", ids[0])  # one object or an array of it
    assert call("sims.list_daily_stats", ids[0], start_date="2026-01-01", end_date="2026-01-05")

    name = "made by a generated client"
    assert call("service_profiles.create", body={"name": name}) is None  # 201 with Location alone
    profiles = {one["name"]: one["id"] for one in call("service_profiles.list")}
    cleared = {"description": "changed", "api_callback": {"id": None}}
    call("service_profiles.update", profiles[name], body=cleared)

    tariff = call("tariff_profiles.list")[0]["id"]
    given = {"service_profile": {"id": profiles[name]}, "tariff_profile": {"id": tariff}, "status": {"id": 0}}
    call("endpoints.create", body={"name": name, **given})
    (found,) = call("endpoints.list", q=f"name:{name}")
    call("endpoints.update", found["id"], body={"tags": "generated"})
    endpoint = call("endpoints.get", found["id"])
    assert (endpoint["tags"], endpoint["service_profile"]["name"]) == ("generated", name)
    call("endpoints.create_bulk", body={"endpoints": [{"name": "one"}, {"name": "two"}], **given})

    call("tags.create", body={"name": name})
    assert name in [one["name"] for one in call("tags.list")["data"]]
    credentials = {"url": "https://receiver.example/", "method": "POST", "size": 10}
    destination = {"connection_type": "RestAPI", "credentials": credentials}
    call(
        "data_streams.create", body={"name": name, "destination": destination, "data_stream_type": {"id": 1}}
    )
    assert call("operators.list")[0]["country"]["id"]
    assert call("organisations.get_monthly_stats", "my")
