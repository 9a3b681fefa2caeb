"""A service for the devices of several tenants: ``uvicorn examples.device_service:app``.

It suspends a device by its name, lists what the network has not seen for 30 days, and changes, tags and
texts thousands of devices. It reads ``TENANTS``, such as ``{"acme": "<application token>"}``; ``JOBS``,
a folder; and ``STREAM``, the ``Authorization`` that data streams send. The header ``X-Tenant`` says whose
devices; a real service knows that from the login of its caller.
"""

import csv
import io
import json
import logging
import math
import os
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from aioemnify import CallOptions, Emnify, EmnifyPool, errors, receivers, to_row
from aioemnify.fleet import Job, JournalError
from aioemnify.models import EndpointUpdate, Event, Sim, SmsSend

STATUSES = {
    404: (errors.NoResultError, errors.NotFoundError, errors.UnknownTenantError),
    409: (errors.MultipleResultsError, errors.ConflictError, JournalError),  # the job runs already
    422: (errors.ArgumentError, errors.ValidationError),
    503: (errors.ThrottleError, errors.RateLimitError),
}


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Open a client for each tenant, when it first needs one."""
    Emnify.preload("endpoints", "sims", "tags")
    tokens = json.loads(os.environ["TENANTS"])
    async with EmnifyPool(tokens, **app.state.options) as app.state.pool, receiver:
        yield


app = FastAPI(lifespan=lifespan)
app.state.options = {"deadline": 20}  # and "hooks": OpenTelemetry() for spans and metrics of all calls


@app.exception_handler(errors.EmnifyError)
async def explain(request: Request, error: errors.EmnifyError) -> JSONResponse:
    """Answer with an error of the library; what nobody here can help is a 502."""
    status = next((status for status, kinds in STATUSES.items() if isinstance(error, kinds)), 502)
    found = [one.to_dict() for one in getattr(error, "results", ())]
    wait = getattr(error, "retry_after", None)
    headers = None if wait is None else {"Retry-After": str(math.ceil(wait))}
    return JSONResponse({"detail": str(error), "found": found}, status, headers)


async def client_of(request: Request, x_tenant: Annotated[str, Header()]) -> AsyncIterator[Emnify]:
    """Give a route the client of its tenant."""
    async with request.app.state.pool.client(x_tenant) as emnify:
        yield emnify


async def journal_of(job: str, x_tenant: Annotated[str, Header()]) -> Path:
    """Return the file that a job of this name continues from."""
    return Path(os.environ["JOBS"], x_tenant, f"{job}.job")


Client = Annotated[Emnify, Depends(client_of)]
Journal = Annotated[Path, Depends(journal_of)]


class Changes(BaseModel):
    """What to change in endpoints, by their ids, and a tag for all of them."""

    endpoints: dict[int, EndpointUpdate]
    tag: int


class Texts(BaseModel):
    """An SMS to endpoints."""

    endpoints: list[int]
    sms: SmsSend


@app.post("/devices/{name}/suspend")
async def suspend(name: str, emnify: Client) -> Sim:
    """Suspend the SIM of a device."""
    sim = await emnify.sims.find(name=name)
    await emnify.sims.update(sim.id, {"status": "suspended"})
    return await emnify.sims.get(sim.id)


@app.get("/offline.csv")
async def list_offline(emnify: Client) -> Response:
    """List the devices that the network has not seen for 30 days, such as for a nightly ``curl``."""
    file = io.StringIO()
    table = csv.DictWriter(file, ("id", "name", "created", "sim.iccid", "sim.status"), extrasaction="ignore")
    table.writeheader()
    bulk = CallOptions(priority="bulk", deadline=None)  # it may take long, and delays nobody
    # The list says who is attached, for 1,000 devices in a call. The others take a call each, since events
    # are kept for 30 days: who has none of the network is away for longer, or was never there.
    async for device in emnify.endpoints.sweep(filter={"status": "enabled"}):
        seen = emnify.endpoints.list_events(device.id, filter={"source": "network"}, options=bulk)
        if device.runtime_data is None and await seen.first() is None:
            table.writerow(to_row(device))
    return Response(file.getvalue(), media_type="text/csv")


@app.put("/changes/{job}")
async def change(body: Changes, emnify: Client, journal: Journal) -> dict[str, Any]:
    """Change and tag endpoints, 2,000 in a call."""
    tags = [(endpoint, body.tag) for endpoint in body.endpoints]
    rows = {"endpoints.update": body.endpoints.items(), "endpoints.assign_tag": tags}
    return await run(emnify, journal, rows)


@app.put("/texts/{job}")
async def text(body: Texts, emnify: Client, journal: Journal) -> dict[str, Any]:
    """Send an SMS to endpoints; one that may have been sent is not sent again, but is in the answer."""
    rows = [(endpoint, body.sms) for endpoint in body.endpoints]
    return await run(emnify, journal, {"endpoints.send_sms": rows})


async def run(emnify: Emnify, journal: Path, rows: Mapping[str, Iterable[object]]) -> dict[str, Any]:
    """Run a job to its end; after a crash, the same request continues it."""
    journal.parent.mkdir(parents=True, exist_ok=True)
    async with Job(emnify, journal) as job:
        for operation, items in rows.items():
            await job.add(operation, items)
        async for _ in job.run():
            pass
        report = job.report()
    wrong = {str(one.key): f"{one.state}: {one.error}" for one in report.outcomes("failed", "unknown")}
    return {"items": report.counts, "calls": report.calls, "wrong": wrong}


async def on_event(event: Event) -> None:
    """Log an alert that the platform pushes."""
    if event.alert:
        logging.getLogger("devices").warning("%s: %s", event.endpoint, event.description)


receiver = receivers.app(on_event=on_event, stream_headers={"Authorization": os.environ["STREAM"]})
app.mount("/emnify", receiver)
